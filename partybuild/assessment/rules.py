"""The status of a standing: one table of rules, the first that fits holds.

The concepts page prints this very table.
"""

from __future__ import annotations

from collections.abc import Callable

import attrs
import numpy as np

from partybuild.grid import Bools, Codes

#: Every status of a standing, target and commitment; the worst first.
STATUSES = (
    "breached",
    "missed",
    "no_data",
    "behind",
    "in_progress",
    "on_track",
    "late",
    "met",
    "upcoming",
    "unquantified",
    "waived",
    "qualitative",
)
LIGHTS = ("red", "yellow", "green", "grey")

#: The position of each status in `STATUSES`.
CODE = {status: code for code, status in enumerate(STATUSES)}


@attrs.frozen(kw_only=True, eq=False)
class Signs:
    """What the rules look at: boolean arrays, one entry a standing, or one for all of them."""

    is_waived: Bools
    is_upcoming: Bools
    is_closed: Bools
    is_quantified: Bools
    is_known: Bools
    is_milestone: Bools
    is_done: Bools
    is_done_late: Bools
    is_upper: Bools
    is_additive: Bools
    is_below: Bools
    is_above: Bools
    is_filled: Bools
    has_pace: Bools
    is_slow: Bools
    is_fast: Bools


@attrs.frozen(kw_only=True)
class Rule:
    """One row of the table: the status, when it holds in words, and as a condition."""

    status: str
    when: str
    holds: Callable[[Signs], Bools]


RULES: tuple[Rule, ...] = (
    Rule(status="waived", when="a waiving revision holds", holds=lambda s: s.is_waived),
    Rule(
        status="upcoming",
        when="the window has not begun on as_of",
        holds=lambda s: s.is_upcoming,
    ),
    Rule(
        status="unquantified",
        when="there is no goal, or only its placeholder",
        holds=lambda s: ~s.is_quantified,
    ),
    Rule(status="no_data", when="the actual is None", holds=lambda s: ~s.is_known),
    Rule(
        status="met",
        when="milestone: done by the deadline",
        holds=lambda s: s.is_milestone & s.is_done,
    ),
    Rule(
        status="late",
        when="milestone: done after the deadline, inside the plan",
        holds=lambda s: s.is_milestone & s.is_done_late,
    ),
    Rule(
        status="missed",
        when="milestone: the deadline has passed",
        holds=lambda s: s.is_milestone & s.is_closed,
    ),
    Rule(
        status="on_track",
        when="milestone: not done, the deadline still to come",
        holds=lambda s: s.is_milestone,
    ),
    Rule(
        status="met",
        when="lower goal or band: reached, and not exceeded",
        holds=lambda s: ~s.is_upper & ~s.is_below & ~s.is_above,
    ),
    Rule(
        status="late",
        when="below the goal, made up in a later window",
        holds=lambda s: s.is_below & s.is_filled,
    ),
    Rule(
        status="missed",
        when="below the goal, the window is closed",
        holds=lambda s: s.is_below & s.is_closed,
    ),
    Rule(
        status="behind",
        when="below the goal, the window is open, and slower than the schedule less slack",
        holds=lambda s: s.is_below & s.is_slow,
    ),
    Rule(
        status="in_progress",
        when="below the goal, the window is open, and a level without a baseline has no pace",
        holds=lambda s: s.is_below & ~s.has_pace,
    ),
    Rule(
        status="on_track",
        when="below the goal, the window is open, and the pace is kept",
        holds=lambda s: s.is_below,
    ),
    Rule(
        status="breached",
        when="an additive allowance is exceeded",
        holds=lambda s: s.is_above & s.is_additive,
    ),
    Rule(
        status="missed",
        when="a level is above its bound, and the window is closed",
        holds=lambda s: s.is_above & s.is_closed,
    ),
    Rule(
        status="behind",
        when="a level is above its bound, the window is open, and worse than its path",
        holds=lambda s: s.is_above & s.is_fast,
    ),
    Rule(
        status="in_progress",
        when="a level is above its bound, the window is open, and it has no baseline",
        holds=lambda s: s.is_above & ~s.has_pace,
    ),
    Rule(
        status="on_track",
        when="a level is above its bound, the window is open, and its path is kept",
        holds=lambda s: s.is_above,
    ),
    Rule(
        status="met",
        when="upper goal: kept, and the window is closed",
        holds=lambda s: s.is_closed,
    ),
    Rule(
        status="behind",
        when="upper goal: kept so far, but the allowance is used faster than time passes",
        holds=lambda s: s.is_additive & s.is_fast,
    ),
    Rule(
        status="on_track",
        when="upper goal: kept so far",
        holds=lambda s: np.ones_like(s.is_upper),
    ),
)


_LIGHT_NAMES = {
    "met": "green", "on_track": "green",
    "behind": "yellow", "late": "yellow", "in_progress": "yellow", "no_data": "yellow",
    "missed": "red", "breached": "red",
}  # fmt: skip
_LIGHT_OF = np.array(
    [LIGHTS.index(_LIGHT_NAMES.get(status, "grey")) for status in STATUSES], dtype=np.int8
)


def statuses(signs: Signs) -> Codes:
    """Return the code (a position in `STATUSES`) of each standing's status."""
    shapes = (getattr(signs, name).shape for name in _SIGNS)
    result: Codes = np.full(np.broadcast_shapes(*shapes), -1, dtype=np.int8)
    open_rows = np.ones(len(result), dtype=bool)
    for rule in RULES:
        fits = rule.holds(signs)
        if not fits.any():
            continue
        fits = fits & open_rows
        np.putmask(result, fits, CODE[rule.status])
        open_rows ^= fits
        if not open_rows.any():
            break
    return result


_SIGNS = tuple(attribute.name for attribute in attrs.fields(Signs))


def status_lights(status: Codes, is_closed: Bools) -> Codes:
    """Return the light of each status; `is_closed` decides between red and yellow for no_data."""
    lights: Codes = _LIGHT_OF[status]
    if is_closed.any():
        lights[(status == CODE["no_data"]) & is_closed] = LIGHTS.index("red")
    return lights
