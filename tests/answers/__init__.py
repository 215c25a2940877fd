"""Answers worked by hand, as pages that people can check with pencil and paper."""
