"""One meaning, many engines."""
