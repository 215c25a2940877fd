"""`Draft`: what the reader proposes, to be looked at, corrected and made a plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from partybuild.errors import DraftError, PlanError, Problem, SourceError, UsageError, nearest
from partybuild.faults import checked
from partybuild.mappings import plan_from_mapping
from partybuild.periods import as_day
from partybuild.plan import Plan
from partybuild.sources.draft_html import draft_html
from partybuild.sources.text.proposal import Finds, Found, GoalNumber, ProposedTarget, VaguePhrase
from partybuild.sources.toml_text import toml_text

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "commitment section name measure goal value unit per each deadline strength explicit "
    "confidence start end quote"
).split()
#: Below this confidence a person should look.
DOUBTFUL = 0.7
_PLACEHOLDER = "X"
_FILLABLE = frozenset(
    (
        "name measure goal value unit per each first deadline strength tolerance baseline require"
    ).split()
)


def _made(targets: tuple[ProposedTarget, ...] | Finds) -> tuple[ProposedTarget, ...]:
    return targets.targets() if isinstance(targets, Finds) else targets


def _cells(one: ProposedTarget | Found) -> tuple[Any, ...]:
    per = one.per["rrule"] if isinstance(one.per, Mapping) else one.per
    return (
        one.name,
        one.measure,
        one.goal,
        one.value,
        one.unit,
        per,
        one.each,
        one.deadline,
        one.strength,
        one.explicit,
        one.confidence,
    )


@attrs.frozen(kw_only=True, repr=False)
class ProposedCommitment:
    """One sentence of the report at `start`:`end`, with 0..n proposed targets."""

    id: str
    section: str | None
    text: str
    owner: str | None = None
    start: int
    end: int
    _targets: tuple[ProposedTarget, ...] | Finds = attrs.field(default=(), eq=_made)

    @property
    def targets(self) -> tuple[ProposedTarget, ...]:
        """The proposed targets, in the order of the text."""
        return _made(self._targets)

    def __repr__(self) -> str:
        return (
            f"ProposedCommitment(id={self.id!r}, section={self.section!r}, text={self.text!r}, "
            f"owner={self.owner!r}, start={self.start}, end={self.end}, targets={self.targets!r})"
        )

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Yield the cells of `Draft.frame` for each target, its id first."""
        if isinstance(self._targets, Finds):
            base, text = self._targets.base, self._targets.text
            for name, one, start, end in self._targets.placed():
                place = (one.start + base, one.end + base, text[start:end])
                yield (name, self.id, self.section, *_cells(one), *place)
        else:
            for target in self._targets:
                place = (target.start, target.end, target.quote)
                yield (target.id, self.id, self.section, *_cells(target), *place)


@attrs.frozen(kw_only=True, repr=False)
class Draft:
    """What a report promises, as far as the reader understood it.

    `text` is the report as it was read; every `start`:`end` is a place in it.
    `year` is the planned year, None when nobody said it. `commitments` holds every
    sentence that was read, also those without a measurable promise; `vague` the
    phrases that promise without measuring; `remarks` what concerns the whole text.
    """

    text: str
    year: int | None = None
    file: str | None = None
    commitments: tuple[ProposedCommitment, ...] = ()
    vague: tuple[VaguePhrase, ...] = ()
    remarks: tuple[Problem, ...] = ()

    @property
    def targets(self) -> tuple[ProposedTarget, ...]:
        """Every proposed target, in the order of the text."""
        return tuple(target for one in self.commitments for target in one.targets)

    @property
    def frame(self) -> pd.DataFrame:
        """One row per proposed target.

        Columns: commitment, section, name, measure, goal, value, unit, per, each,
        deadline, strength, explicit, confidence, start, end, quote. `value` is a
        number, a pair (``between``), or None when masked or not said; percentages
        are fractions with unit ``"%"``. `deadline` is a date, or text such as
        ``"--06-30"`` where the year is not known. The index is the target's id.
        """
        import pandas as pd

        rows = [row for commitment in self.commitments for row in commitment.rows()]
        ids = [row[0] for row in rows]
        columns = {name: [row[i] for row in rows] for i, name in enumerate(COLUMNS, 1)}
        frame = pd.DataFrame(
            {
                name: pd.Series(values, dtype=_DTYPES.get(name, object))
                for name, values in columns.items()
            }
        )
        frame.index = pd.Index(ids, name="target", dtype=object)
        return frame

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What a person should look at: missing values, doubts, notes, all of them."""
        own = (problem for target in self.targets for problem in _problems(target, self))
        return (*self.remarks, *own)

    @property
    def missing(self) -> tuple[str, ...]:
        """Ids of the targets of which a number, or the tolerance of a 左右, is to be filled in."""
        return tuple(
            target.id for target in self.targets if _lacks_value(target) or _lacks_tolerance(target)
        )

    def fill(self, values: Mapping[str, Any]) -> Draft:
        """Return the draft with values filled in, by target id.

        A value is a number, a pair, or a mapping of what to change (`value`, `goal`,
        `name`, `unit`, `per`, `each`, `deadline`, `tolerance`, ...). None drops the
        target. Percentages are fractions.

        Raises
        ------
        DraftError
            For ids that the draft does not have and keys that a target does not take.

        >>> from partybuild.sources.text.reader import read_text
        >>> draft = read_text("下一步，每季度召开X次推进会。", year=2021)
        >>> draft.fill({draft.missing[0]: 1}).targets[0].value
        1
        """
        _checked_mapping(values, "values", "a mapping from ids of targets to their values")
        known = [target.id for target in self.targets]
        problems = [
            Problem(
                code="unknown-target",
                message="the draft has no such target",
                read=str(name),
                hint=nearest(str(name), known),
            )
            for name in values
            if name not in known
        ]
        changed: dict[str, ProposedTarget | None] = {}
        for target in self.targets:
            if target.id in values:
                changed[target.id] = _filled(target, values[target.id], problems)
        if problems:
            raise DraftError(problems, self.file)
        return attrs.evolve(
            self,
            commitments=tuple(
                attrs.evolve(
                    one,
                    targets=tuple(
                        kept
                        for target in one.targets
                        if (kept := changed.get(target.id, target)) is not None
                    ),
                )
                for one in self.commitments
            ),
        )

    def to_mapping(
        self,
        *,
        start: dt.date | str | None = None,
        end: dt.date | str | None = None,
        id: str | None = None,  # noqa: A002 -- the word of the plan file
        title: str = "",
        rosters: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Return the draft with the keys of a plan file, ready for a person to correct.

        Raises
        ------
        DraftError
            When the report does not say which year is planned, and `start`, `end` do not.
        UsageError
            When `start` or `end` is no date, or `rosters` no mapping.
        """
        first, last = self._span(start, end)
        if rosters is not None:
            _checked_mapping(rosters, "rosters", "a mapping from names of rosters to members")
        lists = dict(rosters or {})
        for target in self.targets:
            if target.each is not None:
                lists.setdefault(target.each, [])
        plan = {"id": id or f"{first.year}", "title": title, "start": first, "end": last}
        mapping: dict[str, Any] = {"plan": plan}
        if lists:
            mapping["rosters"] = lists
        mapping["commitment"] = [_commitment_mapping(one, first, last) for one in self.commitments]
        return mapping

    def to_plan(
        self,
        *,
        start: dt.date | str | None = None,
        end: dt.date | str | None = None,
        id: str | None = None,  # noqa: A002 -- the word of the plan file
        title: str = "",
        rosters: Mapping[str, Any] | None = None,
    ) -> Plan:
        """Make the plan. Numbers still missing become the placeholder ``"X"``.

        Such targets are measured, never judged; `missing` names them. `start` and
        `end` default to the planned year. `rosters` gives members to the names
        that stand in `each`; a roster not given is empty.

        Raises
        ------
        DraftError
            When the year is not known, or something filled in makes no plan.
        """
        mapping = self.to_mapping(start=start, end=end, id=id, title=title, rosters=rosters)
        try:
            return plan_from_mapping(mapping)
        except PlanError as error:
            raise DraftError(error.problems, self.file) from error

    def _span(
        self, start: dt.date | str | None, end: dt.date | str | None
    ) -> tuple[dt.date, dt.date]:
        first, last = _day(start, "start"), _day(end, "end")
        year = self.year or (first.year if first else last.year if last else None)
        if year is None:
            problem = Problem(
                code="no-year",
                message="the report does not say which year it plans",
                hint="give year= to read_text, or start= and end= here",
            )
            raise DraftError([problem], self.file)
        return first or dt.date(year, 1, 1), last or dt.date(year, 12, 31)

    def __repr__(self) -> str:
        missing = f", {len(self.missing)} missing" if self.missing else ""
        return (
            f"Draft({self.year}, {len(self.commitments)} commitments, "
            f"{len(self.targets)} targets{missing})"
        )

    def _repr_html_(self) -> str:
        return draft_html(self)


_DTYPES: dict[str, Any] = {"explicit": bool, "confidence": float, "start": int, "end": int}


def write_draft(
    draft: Draft,
    path: str | PathLike[str],
    *,
    start: dt.date | str | None = None,
    end: dt.date | str | None = None,
    title: str = "",
) -> None:
    """Write the draft as a TOML plan file, the sentence it was read from above each target.

    What a person should look at stands in the comments too. `read_plan` reads the
    file; numbers still missing are ``"X"``.

    Raises
    ------
    DraftError
        When the planned year is not known.
    SourceError
        When the file cannot be written.
    UsageError
        When an argument is not understood.
    """
    checked(draft, Draft, name="draft", expected="a Draft, as read_text returns it")
    checked(title, str, name="title", expected="text")
    if not isinstance(path, str | PathLike):
        raise UsageError(f"path: got {type(path).__name__}; expected a path")
    mapping = draft.to_mapping(start=start, end=end, title=title)
    text = toml_text(mapping, comments=_comments(draft))
    try:
        Path(path).write_text(text, encoding="utf-8")
    except OSError as error:
        raise SourceError(f"{path}: {error.strerror or error}") from error
    except ValueError as error:
        raise SourceError(f"{path!r}: no file can have this name") from error


def _comments(draft: Draft) -> dict[str, str]:
    comments = {}
    for i, commitment in enumerate(draft.commitments):
        for j, target in enumerate(commitment.targets):
            lines = [target.quote.replace("\n", " ")]
            lines += [f"! {problem.message}" for problem in _problems(target, draft)]
            comments[f"commitment[{i}].target[{j}]"] = "\n".join(lines)
    return comments


def _lacks_value(target: ProposedTarget) -> bool:
    return target.measure != "milestone" and target.value is None and target.benchmark is None


def _lacks_tolerance(target: ProposedTarget) -> bool:
    return target.goal == "about" and target.tolerance is None


def _problems(target: ProposedTarget, draft: Draft) -> Iterator[Problem]:
    def problem(code: str, message: str, hint: str | None = None) -> Problem:
        line = draft.text.count("\n", 0, target.start) + 1
        return Problem(
            code=code,
            message=f"{target.id} {target.name}: {message}",
            severity="note",
            read=target.quote[:80],
            hint=hint,
            file=draft.file,
            line=line,
        )

    if _lacks_value(target):
        yield problem("no-value", "the number is missing", f'fill({{"{target.id}": ...}})')
    if _lacks_tolerance(target):
        hint = f'fill({{"{target.id}": {{"tolerance": ...}}}})'
        yield problem("no-tolerance", "how far off it may be is not said", hint)
    if target.benchmark is not None:
        yield problem("benchmark", f"compared with {target.benchmark}, which is not in the text")
    if target.each is not None:
        yield problem("each", f"holds for each of {target.each}: name the members in a roster")
    if isinstance(target.deadline, dt.date) and draft.year not in (None, target.deadline.year):
        yield problem("beyond", f"due on {target.deadline}, outside the planned year {draft.year}")
    if target.is_part:
        yield problem("part", "part of the number before it: its weight is 0, to count it once")
    for note in target.notes:
        if note != "about needs a tolerance":
            yield problem("look", note)
    if target.confidence < DOUBTFUL:
        yield problem("doubtful", "read with doubt: compare it with the sentence")


def _filled(target: ProposedTarget, value: Any, problems: list[Problem]) -> ProposedTarget | None:
    if value is None:
        return None
    if not isinstance(value, Mapping):
        value = {"value": value}
    for key in value:
        if key not in _FILLABLE:
            problems.append(
                Problem(
                    code="unknown-key",
                    message=f"{target.id} takes no such key",
                    read=str(key),
                    hint=nearest(str(key), _FILLABLE),
                )
            )
    number = value.get("value", target.value)
    if not _is_number(number):
        problems.append(
            Problem(
                code="bad-value",
                message=f"{target.id}: not a number",
                read=repr(number),
                expected="a number, or a pair of numbers",
            )
        )
    if problems:
        return target
    changes = dict(value)
    if isinstance(number, list | tuple):
        changes["value"] = (float(number[0]), float(number[1]))
        changes.setdefault("goal", "between")
    for key in ("first", "deadline"):
        if isinstance(changes.get(key), str) and not changes[key].startswith("--"):
            changes[key] = dt.date.fromisoformat(changes[key])
    return attrs.evolve(target, **changes, confidence=1.0, notes=())


def _is_number(value: Any) -> bool:
    if value is None:
        return True
    if isinstance(value, list | tuple):
        return len(value) == 2 and all(_is_number(one) and one is not None for one in value)
    return isinstance(value, int | float) and not isinstance(value, bool)


def _checked_mapping(value: Any, name: str, expected: str) -> None:
    if not isinstance(value, Mapping):
        raise UsageError(f"{name}: got {type(value).__name__}; expected {expected}")


def _day(value: dt.date | str | None, name: str) -> dt.date | None:
    return None if value is None else as_day(value, name)


# -- the keys of the plan file -------------------------------------------------------------------


def _commitment_mapping(
    commitment: ProposedCommitment, first: dt.date, last: dt.date
) -> dict[str, Any]:
    mapping: dict[str, Any] = {"id": commitment.id}
    if commitment.section:
        mapping["section"] = commitment.section
    mapping["text"] = commitment.text
    if commitment.owner:
        mapping["owner"] = commitment.owner
    if commitment.targets:
        mapping["target"] = [target_mapping(one, first, last) for one in commitment.targets]
    return mapping


def target_mapping(target: ProposedTarget, first: dt.date, last: dt.date) -> dict[str, Any]:
    """Return one proposed target with the keys of a plan file, for a plan from `first` to `last`.

    A deadline beyond the plan cannot be judged in it: the goal becomes the
    placeholder, a milestone a count without a goal. A multiple of a baseline (翻一番)
    becomes a rate of growth. What is part of another number weighs nothing.
    """
    mapping: dict[str, Any] = {"id": target.id, "name": target.name, "measure": target.measure}
    mapping.update(_events(target))
    start, deadline = dated(target.first, first.year), dated(target.deadline, first.year)
    is_beyond = deadline is not None and not first <= deadline <= last
    if target.measure == "milestone" and is_beyond:
        mapping.update(measure="count", at_least=_PLACEHOLDER)
    if target.measure != "milestone":
        mapping.update(_goal(target, is_beyond=is_beyond))
        unit = "%" if target.measure == "growth" and target.unit == "倍" else target.unit
        if unit is not None:
            mapping["unit"] = unit
        if target.per is not None:
            mapping["per"] = target.per
            if target.require is not None:
                mapping["require"] = target.require
    if target.is_part:
        mapping["weight"] = 0
    if target.each is not None and target.measure != "mean":
        mapping["each"] = target.each
    if start is not None and first < start <= last and not (deadline and start > deadline):
        mapping["start"] = start
    if deadline is not None and not is_beyond and deadline != last:
        mapping["deadline"] = deadline
    return mapping


def _events(target: ProposedTarget) -> dict[str, Any]:
    if target.measure == "growth":
        return {
            "of": {"measure": "latest", "kind": target.name},
            "baseline": "previous",
        }
    if target.measure == "ratio":
        return {
            "numerator": {"measure": "total", "kind": target.name},
            "denominator": {"measure": "total", "kind": f"{target.name}（总数）"},
        }
    if target.baseline is not None and target.measure in ("latest", "mean", "max", "min"):
        return {"kind": target.name, "baseline": target.baseline}
    return {"kind": target.name}


def _goal(target: ProposedTarget, *, is_beyond: bool) -> dict[str, Any]:
    if target.goal is None or target.benchmark is not None:
        return {}
    value: GoalNumber | str = target.value
    if target.unit == "倍" and target.measure == "growth" and isinstance(value, int | float):
        value = value - 1
    if value is None or is_beyond or _lacks_tolerance(target):
        return {target.goal: _PLACEHOLDER}
    if target.goal == "about":
        return {"about": value, "tolerance": target.tolerance}
    return {target.goal: list(value) if isinstance(value, tuple) else value}


def dated(value: dt.date | str | None, year: int) -> dt.date | None:
    """Give a date without a year (``"--06-30"``) the year `year`."""
    if isinstance(value, str):
        return dt.date.fromisoformat(f"{year}{value[1:]}")
    return value
