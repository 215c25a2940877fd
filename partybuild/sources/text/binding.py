"""From a number and the words around it to a goal: comparators, changes, ranges."""

from __future__ import annotations

import re
from fractions import Fraction

import attrs

from partybuild.quantities import Amount
from partybuild.sources.text import cues
from partybuild.sources.text.proposal import GoalNumber

_LOOK_BACK = 20
#: How many characters may stand between a rate of change and its comparator.
_NAME_GAP = 6
_GAP_BLANKS = "\x01\x02\x03 "
_LEFT_GOALS = {
    f"c{index}": (name, gap) for index, (name, _, gap) in enumerate(cues.LEFT_COMPARATORS)
}
#: What a comparator after the number begins with.
_RIGHT_STARTS = frozenset(" （(或及和以之起为封左上内")
_JOINS = re.compile(r"[、和及]")
_IN_NUMBER = {"超": "more_than", "过": "more_than", "破": "more_than", "达": "at_least"}


@attrs.define
class Side:
    """A comparator at `start`:`end` of the blanked sentence."""

    goal: str
    start: int
    end: int
    text: str


@attrs.define
class Binding:
    """What stands around a number: comparators on both sides and a verb of change."""

    left: Side | None
    right: Side | None
    change: str | None = None
    change_start: int | None = None
    is_about: bool = False

    @property
    def is_explicit(self) -> bool:
        """Whether a comparator stands there at all."""
        return self.left is not None or self.right is not None or self.is_about

    def spans(self, amount: Amount) -> list[str | int]:
        """Return what was read: a role, its start and its end, one after the other."""
        spans: list[str | int] = ["number", amount.number.start, amount.number.end]
        left, right = self.left, self.right
        if left is not None:
            spans += ("comparator", left.start, left.end)
        if right is not None:
            spans += ("comparator", right.start, right.end)
        if self.change_start is not None:
            spans += ("change", self.change_start, left.start if left else amount.start)
        return spans


def bind(blanked: str, amount: Amount, *, low: int, high: int, may_change: bool = True) -> Binding:
    """Find the comparators and the change that go with `amount`, between `low` and `high`.

    `may_change` false says that the sentence holds no word of change (see `cues.CHANGING`).
    """
    left = _left(blanked, amount.start, low)
    right = _right(blanked, amount, high)
    stop = left.start if left else amount.start
    kind, start = _change(blanked, amount, low, stop) if may_change else (None, None)
    is_about = False
    if left is None and stop > low and blanked[stop - 1] in "约概致为":
        is_about = bool(cues.ABOUT_LEFT.search(blanked[max(low, stop - _LOOK_BACK) : stop]))
    return Binding(left, right, kind, start, is_about)


def _change(blanked: str, amount: Amount, low: int, stop: int) -> tuple[str | None, int | None]:
    """Return ``"up"`` or ``"down"`` and where its verb begins, if one says so before `stop`."""
    before = blanked[max(low, stop - _LOOK_BACK) : stop]
    change = cues.CHANGE.search(before)
    if change is not None:
        start = stop - len(before) + change.start()
        return ("down" if change["down"] else "up"), start
    field = blanked[low:stop]
    if amount.unit == "%" and cues.FALL_OF.search(field):
        return "down", None
    # 涨幅控制在3%以内: the name itself is a rate of change
    named = None
    for match in cues.CHANGE_NAME.finditer(field):
        named = match
    if named is not None and len(field) - named.end() <= _NAME_GAP:
        return ("down" if named["down"] else "up"), None
    return None, None


def _left(blanked: str, start: int, low: int) -> Side | None:
    floor = start - _LOOK_BACK
    floor = low if low > floor else floor
    best = None
    # one character more, so that patterns may look at the number
    for match in cues.LEFT.finditer(blanked, floor, start + 1):
        begin, end = match.span()
        if end > start:
            break
        assert match.lastgroup is not None
        name, gap = _LEFT_GOALS[match.lastgroup]
        between = blanked[end:start].strip(_GAP_BLANKS) if end < start else ""
        if not between or (len(between) <= gap and not _JOINS.search(between)):
            best = Side(name, begin, end, match[0])
    if best is not None:
        return best
    goal = _IN_NUMBER.get(blanked[start : start + 1])
    if goal is None or blanked.startswith("半", start + 1):
        return None
    # 过亿元: the comparator is part of the number
    return Side(goal, start, start, blanked[start])


def _right(blanked: str, amount: Amount, high: int) -> Side | None:
    if blanked[amount.end : amount.end + 1] not in _RIGHT_STARTS:
        return None
    match = cues.RIGHT.match(blanked, amount.end, high)
    if match is None:
        if amount.unit in cues.TIME_UNITS:
            within = cues.WITHIN.match(blanked, amount.end, high)
            if within is not None:
                return Side("at_most", *within.span(), within[0])
        return None
    start, end = match.span()
    if match["between"]:
        if amount.number.nature != "range":
            return None
        return Side("between", start, end, match[0])
    goal = "about" if match["about"] else "at_least" if match["ge"] else "at_most"
    if "不含" in match[0]:
        goal = {"at_least": "more_than", "at_most": "less_than"}.get(goal, goal)
    return Side(goal, start, end, match[0])


@attrs.define
class Aim:
    """A goal with its number, ready for a target."""

    goal: str
    value: GoalNumber
    is_doubtful: bool = False


_FLIPPED = {
    "at_least": "at_most",
    "at_most": "at_least",
    "more_than": "less_than",
    "less_than": "more_than",
}


def aim_of(amount: Amount, binding: Binding, *, is_fall: bool, unit: str | None) -> Aim:
    """Resolve comparators and the number's own nature; a fall is negative, flipped once."""
    number = amount.number
    goal = binding.right.goal if binding.right else binding.left.goal if binding.left else None
    is_doubtful = number.is_doubtful
    if number.nature == "masked" and number.text[-1] in "余多" and goal is None:
        goal = "more_than"
    if number.nature == "over" and goal is None:
        goal, is_doubtful = "more_than", True
    if number.nature == "near" and goal is None:
        goal, is_doubtful = "about", True
    if goal is None:
        goal = "about" if binding.is_about else "at_least"
        if number.nature == "range":
            goal = "between"
    elif number.nature == "range" and (goal == "about" or _holds(binding)):
        goal = "between"
    low, high = number.low, number.high
    if is_fall:
        low, high = _negative(high), _negative(low)
        if number.nature in ("over", "near"):
            low, high = high, low
        goal = _FLIPPED.get(goal, goal)
    value = _value(goal, low, high)
    if unit == "倍" and binding.change == "up" and isinstance(value, int | float):
        # 增长两倍 is three times as much; many a writer means twice
        value, is_doubtful = value + 1, True
    return Aim(goal, value, is_doubtful)


def _holds(binding: Binding) -> bool:
    """Whether the only comparator is 保持 or a word like it, which sets no bound of its own."""
    holds = ("保持", "稳定", "维持", "控制在")
    is_hold = binding.left is not None and binding.left.text.startswith(holds)
    return is_hold and binding.right is None


def _negative(number: Fraction | None) -> Fraction | None:
    return None if number is None else -number


def _value(goal: str, low: Fraction | None, high: Fraction | None) -> GoalNumber:
    if goal == "between" and low is not None and high is not None:
        return (float(_plain(low)), float(_plain(high)))
    first, second = (high, low) if goal in ("at_most", "less_than") else (low, high)
    one = first if first is not None else second
    return None if one is None else _plain(one)


def _plain(number: Fraction) -> int | float:
    over, under = number.numerator, number.denominator
    return over if under == 1 else over / under
