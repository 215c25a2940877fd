"""Score the reader against annotated sentences: recall, precision and each field.

Run ``python tests/text/score.py`` for a table and the list of what went wrong; the
tests call `score` and hold it to the published bars.

An annotation is a list of lines such as ``">= 60 天 /quarter @2021-06-30 each 镇干部"``:
comparator (``>= > <= < = ~ ..``, ``plan`` or ``plan<=`` for a plain number, ``done`` for a
milestone), value (``X`` when masked, ``?`` when the text has none, ``lo..hi`` for a
range; percentages as written), unit (``-`` for none), then ``/`` cadence, ``@`` deadline,
``each`` noun, ``!`` strength, in any order. An empty list is a hard negative.
"""

from __future__ import annotations

import sys
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import attrs

from partybuild.sources.text.reader import read_text

HERE = Path(__file__).parent
FIELDS = ("value", "comparator", "unit", "cadence", "each", "deadline")
_GOALS = {
    ">=": "at_least",
    "plan": "at_least",
    "plan<=": "at_most",
    ">": "more_than",
    "<=": "at_most",
    "<": "less_than",
    "=": "exactly",
    "~": "about",
    "..": "between",
    "done": None,
}


@attrs.frozen(kw_only=True)
class Expected:
    """One annotated target."""

    goal: str | None
    value: Any
    unit: str | None
    per: str | None
    each: str | None
    deadline: str | None
    explicit: bool
    is_milestone: bool


def expected_of(line: str) -> Expected:
    """Parse one annotation."""
    words = line.split()
    sign = words.pop(0)
    is_milestone = sign == "done"
    value, unit = (None, None) if is_milestone else (words.pop(0), words.pop(0))
    unit = None if unit == "-" else unit
    more: dict[str, str] = {}
    while words:
        word = words.pop(0)
        if word == "each":
            more["each"] = words.pop(0)
        elif word[0] in "/@!":
            more[word[0]] = word[1:]
        else:
            raise ValueError(f"{line!r}: what is {word!r}?")
    return Expected(
        goal=_GOALS[sign],
        value=None if is_milestone else _value(value, unit),
        unit=unit,
        per=more.get("/"),
        each=more.get("each"),
        deadline=more.get("@"),
        explicit=not sign.startswith("plan"),
        is_milestone=is_milestone,
    )


def _value(text: str | None, unit: str | None) -> Any:
    if text is None or text in ("X", "?"):
        return None
    factor = 100 if unit == "%" else 1
    if ".." in text:
        low, high = text.split("..")
        return (float(low) / factor, float(high) / factor)
    return float(text) / factor


@attrs.define
class Score:
    """Counts over a set of annotated sentences, with a line for everything wrong."""

    expected: int = 0
    proposed: int = 0
    matched: int = 0
    negatives: int = 0
    negatives_with_proposals: int = 0
    silent_values: int = 0
    right: Counter[str] = attrs.field(factory=Counter)
    all_right: int = 0
    faults: list[str] = attrs.field(factory=list)

    @property
    def recall(self) -> float:
        return self.matched / max(1, self.expected)

    @property
    def precision(self) -> float:
        return self.matched / max(1, self.proposed)

    def share(self, field: str) -> float:
        return self.right[field] / max(1, self.matched)

    def table(self) -> str:
        rows = [
            ("targets expected", self.expected),
            ("recall", f"{self.recall:.1%}"),
            ("precision", f"{self.precision:.1%}"),
            ("hard negatives", self.negatives),
            (
                "negatives with a proposal",
                f"{self.negatives_with_proposals / max(1, self.negatives):.1%}",
            ),
            *((field, f"{self.share(field):.1%}") for field in FIELDS),
            ("all fields at once", f"{self.all_right / max(1, self.matched):.1%}"),
            ("wrong value, not doubted", f"{self.silent_values / max(1, self.matched):.2%}"),
        ]
        return "\n".join(f"{name:28}{value:>8}" for name, value in rows)


def score(path: Path) -> Score:
    """Read every sentence of an annotation file and compare."""
    total = Score()
    for entry in tomllib.loads(path.read_text(encoding="utf-8"))["sentence"]:
        compare(entry, total)
    return total


def compare(entry: dict[str, Any], total: Score) -> None:
    """Compare one sentence; proposals and annotations are matched in order of the text."""
    text = entry["text"]
    wanted = [expected_of(line) for line in entry.get("targets", [])]
    draft = read_text(text, year=entry.get("year", 2021), scope=entry.get("scope", "next"))
    found = list(draft.targets)
    total.expected += len(wanted)
    total.proposed += len(found)
    if not wanted:
        total.negatives += 1
        total.negatives_with_proposals += bool(found)
        for one in found:
            total.faults.append(f"FALSE   {text}\n        {shown(one)}")
        return
    for one, target in _matched(wanted, found):
        if one is None:
            total.faults.append(f"FALSE   {text}\n        {shown(target)}")
        elif target is None:
            total.faults.append(f"MISSED  {text}\n        {one}")
        else:
            total.matched += 1
            _judge(one, target, text, total)


def _matched(wanted: list[Expected], found: list[Any]) -> list[tuple[Any, Any]]:
    """Pair in order, the longest common run of fitting pairs first."""
    size = [[0.0] * (len(found) + 1) for _ in range(len(wanted) + 1)]
    for i in range(len(wanted) - 1, -1, -1):
        for j in range(len(found) - 1, -1, -1):
            size[i][j] = max(
                size[i + 1][j], size[i][j + 1], size[i + 1][j + 1] + _fit(wanted[i], found[j])
            )
    pairs: list[tuple[Any, Any]] = []
    i = j = 0
    while i < len(wanted) or j < len(found):
        if i < len(wanted) and j < len(found):
            fit = _fit(wanted[i], found[j])
            if fit > 0 and size[i][j] == size[i + 1][j + 1] + fit:
                pairs.append((wanted[i], found[j]))
                i, j = i + 1, j + 1
                continue
        if j < len(found) and (i == len(wanted) or size[i][j] == size[i][j + 1]):
            pairs.append((None, found[j]))
            j += 1
        else:
            pairs.append((wanted[i], None))
            i += 1
    return pairs


def _fit(one: Expected, target: Any) -> float:
    if one.is_milestone != (target.measure == "milestone"):
        return 0.0
    same = _same_value(one, target) + (one.unit == target.unit) + (one.goal == target.goal)
    return 0.5 + 0.1 * same


def _same_value(one: Expected, target: Any) -> bool:
    if one.value is None or target.value is None:
        return one.value is None and target.value is None
    if isinstance(one.value, tuple) or isinstance(target.value, tuple):
        return (
            isinstance(one.value, tuple)
            and isinstance(target.value, tuple)
            and all(abs(a - b) < 1e-9 for a, b in zip(one.value, target.value, strict=True))
        )
    return abs(one.value - target.value) < 1e-9 * max(1, abs(one.value))


def _judge(one: Expected, target: Any, text: str, total: Score) -> None:
    per = target.per["rrule"] if isinstance(target.per, dict) else target.per
    deadline = None if target.deadline is None else str(target.deadline)
    checks = {
        "value": _same_value(one, target),
        "comparator": one.is_milestone
        or (one.goal == target.goal and (one.explicit == target.explicit or one.goal == "between")),
        "unit": one.unit == target.unit,
        "cadence": one.per == per,
        "each": one.each == target.each,
        "deadline": one.deadline == deadline,
    }
    for field, right in checks.items():
        total.right[field] += right
    total.all_right += all(checks.values())
    total.silent_values += not checks["value"] and target.confidence >= 0.7
    if not all(checks.values()):
        wrong = ", ".join(field for field, right in checks.items() if not right)
        total.faults.append(
            f"FIELDS  {text}\n        {wrong}: {shown(target)}\n        wanted {one}"
        )


def shown(target: Any) -> str:
    """One proposal on one line."""
    return (
        f"{target.name} | {target.goal} {target.value} {target.unit} per={target.per} "
        f"each={target.each} @{target.deadline} conf={target.confidence}"
    )


if __name__ == "__main__":
    paths = [Path(name) for name in sys.argv[1:]] or sorted(HERE.glob("*.toml"))
    for path in paths:
        result = score(path)
        sys.stdout.write(f"{path.name}\n{result.table()}\n")
        sys.stdout.write("\n".join(result.faults) + "\n\n")
