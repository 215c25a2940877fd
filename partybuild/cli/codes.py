"""Exit codes. Scripts read them, so each means one thing only."""

from __future__ import annotations

#: All met or on course; something short; something not known; bad input.
GOOD, SHORT, UNKNOWN, BAD_INPUT = 0, 1, 2, 3
#: A fault of the program itself, and a run that was stopped from the keyboard.
BROKEN, STOPPED = 70, 130
