"""Colours that colour-blind readers can tell apart, and hatches for those who see none."""

from __future__ import annotations

#: A light -> its colour, after Okabe and Ito; dark enough for marks on white.
LIGHT_COLOURS = {"red": "#d55e00", "yellow": "#e9b000", "green": "#00795a", "grey": "#b4b4b4"}
#: A light -> the hatch of its bars, told apart in a copy without colours.
LIGHT_HATCHES = {"red": "////", "yellow": "..", "green": "", "grey": ""}
#: A light -> the colour of signs and words on it.
LIGHT_INKS = {"red": "#ffffff", "yellow": "#222222", "green": "#ffffff", "grey": "#222222"}

BLUE = "#0072b2"
DARK = "#222222"
MID = "#777777"
PALE = "#e4e4e4"
#: From none to many.
BLUES = ("#f4f8fb", "#cfe3f1", "#9dc7e3", "#5fa3d0", "#2178b4", "#084a80")
