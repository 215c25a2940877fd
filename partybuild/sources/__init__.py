"""Words in: plan files, event files, and the text of reports."""
