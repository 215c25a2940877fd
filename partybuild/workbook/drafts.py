"""What the sheets of a workbook gave, put together: events, ids, and faults by cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import attrs
import numpy as np
import numpy.typing as npt
import pandas as pd

from partybuild.cells import read_texts
from partybuild.errors import Problem, nearest
from partybuild.events import EventDraft, empty_events
from partybuild.ledger.matching import content_id
from partybuild.plan import ORGANISATIONS, Plan
from partybuild.reduce.facts import split_names
from partybuild.workbook.grids import cell_name


@attrs.frozen(kw_only=True)
class CellProblem(Problem):
    """A `Problem` that knows its cell: the place reads ``sheet 进展登记, cell B14 (日期)``.

    `row` is 14 and `column` 日期, the heading, as in every Problem.
    """

    cell: str | None = None

    @property
    def place(self) -> str:
        """Where it stands, the cell in place of row and column."""
        if self.cell is None or self.row is None:
            return Problem.place.fget(self)  # type: ignore[attr-defined, no-any-return]
        heading = f" ({self.column})" if self.column else ""
        sheet = f"sheet {self.sheet}" if self.sheet else None
        return ", ".join(filter(None, (self.file, sheet, f"cell {self.cell}{heading}")))


@attrs.frozen(kw_only=True, eq=False, repr=False)
class WorkbookDraft(EventDraft):
    """An `EventDraft` of several sheets.

    `sheets` names the sheet of each event, `rows` its row there. `named` lists
    the rows, as (sheet, row), that are no events, each named by a problem:
    ``rows_in == len(events) + len(named)``. Where tables stand side by side, a row
    of the sheet is a row of each that has something in it. `rejected` lists those of
    `named` that should have been events. `made_up` tells which events got their id
    from their content, `dated` which say themselves when they were recorded.
    """

    sheets: tuple[str, ...] = ()
    named: tuple[tuple[str, int], ...] = ()
    rejected: tuple[tuple[str, int], ...] = ()
    made_up: tuple[bool, ...] = ()
    dated: tuple[bool, ...] = ()


@attrs.define(kw_only=True, eq=False)
class SheetDraft:
    """What one sheet gave, or one of several tables on it."""

    title: str
    events: pd.DataFrame
    rows: npt.NDArray[np.int64]
    contents: list[tuple[str, ...]]
    blank: npt.NDArray[np.bool_]
    problems: list[Problem]
    named: list[int]
    rejected: list[int]
    dated: npt.NDArray[np.bool_]
    places: dict[str, tuple[str, int]] = attrs.field(factory=dict)

    def blame(self, problem: Problem, name: str) -> Problem:
        """Give a problem the cell of the column called `name` in its row."""
        place = self.places.get(name)
        if place is None or problem.row is None:
            return problem
        values = attrs.asdict(problem, recurse=False) | {"column": place[0]}
        return CellProblem(**values, cell=cell_name(problem.row, place[1]))


def join_sheets(
    sheets: list[SheetDraft], notes: list[Problem], file: str, plan: Plan | None
) -> WorkbookDraft:
    """Put the sheets' events below each other; see `read_workbook` for their ids."""
    problems = [problem for one in sheets for problem in one.problems]
    events = _concatenated([one.events for one in sheets])
    events["id"] = pd.Series(_ids(sheets, events), dtype="str", index=events.index)
    names = [one.title for one in sheets for _ in one.rows]
    rows = np.concatenate([one.rows for one in sheets] or [np.empty(0, dtype=np.int64)])
    owners = [one for one in sheets for _ in one.rows]
    for at, one in _twice(events, names, rows, file):
        problems.append(owners[at].blame(one, "id"))
    if plan is not None:
        for at, one in _strange_kinds(plan, events, names, rows, file):
            problems.append(owners[at].blame(one, "kind"))
        for at, one in _strange_names(plan, events, names, rows, file):
            problems.append(owners[at].blame(one, "subject"))
    order = {title: place for place, title in enumerate(dict.fromkeys(t.title for t in sheets))}
    problems.sort(key=lambda each: (order.get(each.sheet or "", -1), each.row or 0))
    return WorkbookDraft(
        events=events,
        rows=rows,
        problems=(*notes, *problems),
        rows_in=len(events) + sum(len(one.named) for one in sheets),
        source=file,
        sheets=tuple(names),
        named=tuple((one.title, row) for one in sheets for row in one.named),
        rejected=tuple((one.title, row) for one in sheets for row in one.rejected),
        made_up=tuple(flag for one in sheets for flag in one.blank.tolist()),
        dated=tuple(flag for one in sheets for flag in one.dated.tolist()),
    )


def _concatenated(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Put frames below each other; an attribute of several types becomes text."""
    frames = [frame for frame in frames if len(frame)]
    if not frames:
        return empty_events()
    if len(frames) == 1:
        return frames[0].reset_index(drop=True)
    types: dict[str, set[str]] = {}
    for frame in frames:
        for name in frame.columns:
            types.setdefault(name, set()).add(str(frame[name].dtype))
    mixed = [name for name, kinds in types.items() if len(kinds) > 1]
    plain = [
        frame.assign(
            **{name: read_texts(frame[name].astype(object))[0] for name in mixed if name in frame}
        )
        for frame in frames
    ]
    return pd.concat(plain, ignore_index=True)


def _ids(sheets: list[SheetDraft], events: pd.DataFrame) -> list[str]:
    """Give rows without an id one from their content; twins are counted, given ids kept."""
    given = events["id"].tolist()
    blank = [flag for one in sheets for flag in one.blank.tolist()]
    contents = [content for one in sheets for content in one.contents]
    taken = {name for name, is_blank in zip(given, blank, strict=True) if not is_blank}
    twins: Counter[tuple[str, ...]] = Counter()
    ids = []
    for name, is_blank, content in zip(given, blank, contents, strict=True):
        while is_blank:
            twins[content] += 1
            name = content_id(content, twins[content])  # noqa: PLW2901
            if name not in taken:
                break
        ids.append(name)
    return ids


def _twice(
    events: pd.DataFrame, sheets: list[str], rows: npt.NDArray[np.int64], file: str
) -> Iterator[tuple[int, Problem]]:
    """Point at rows that share an id: they are one event, which may not be meant."""
    doubled = events.loc[events["id"].duplicated(keep=False)]
    for name, group in doubled.groupby("id", sort=False):
        if group[["kind", "date"]].drop_duplicates().shape[0] < 2:
            continue
        places = ", ".join(f"{sheets[i]} row {rows[i]}" for i in group.index)
        last = int(group.index[-1])
        yield (
            last,
            Problem(
                code="same-id",
                message=f"one id, several dates or kinds ({places}): they count as one event",
                severity="warning",
                read=str(name),
                hint="give each event an id of its own, or none",
                file=file,
                sheet=sheets[last],
                row=int(rows[last]),
            ),
        )


def _strange_kinds(
    plan: Plan, events: pd.DataFrame, sheets: list[str], rows: npt.NDArray[np.int64], file: str
) -> Iterator[tuple[int, Problem]]:
    known = set(plan.kinds)
    hints = {
        kind: nearest(kind, known) for kind in events["kind"].unique().tolist() if kind not in known
    }
    for at, kind in enumerate(events["kind"].tolist()):
        if hints.get(kind):
            yield (
                at,
                Problem(
                    code="unknown-kind",
                    message="the plan has no target for this kind of event",
                    severity="warning",
                    read=kind,
                    hint=hints[kind],
                    file=file,
                    sheet=sheets[at],
                    row=int(rows[at]),
                    column="kind",
                ),
            )


def _strange_names(
    plan: Plan, events: pd.DataFrame, sheets: list[str], rows: npt.NDArray[np.int64], file: str
) -> Iterator[tuple[int, Problem]]:
    """Point at subjects that look like a member misspelt, where something is asked of each."""
    asked = _asked_names(plan)
    hints: dict[tuple[str, str], str | None] = {}
    for at, (kind, subject) in enumerate(zip(events["kind"], events["subject"], strict=True)):
        known = asked.get(kind, {})
        strangers = [one for one in split_names(str(subject)) if known and one not in known]
        for name in strangers if isinstance(subject, str) else ():
            if (kind, name) not in hints:
                hints[kind, name] = nearest(name, known)
            if hints[kind, name]:
                yield (
                    at,
                    Problem(
                        code="unknown-member",
                        message="the roster has no member of this name",
                        severity="warning",
                        read=name,
                        hint=hints[kind, name],
                        file=file,
                        sheet=sheets[at],
                        row=int(rows[at]),
                        column="subject",
                    ),
                )


def _asked_names(plan: Plan) -> dict[str, dict[str, None]]:
    """By kind of event, who is on the rosters of which each member is asked for it."""
    asked: dict[str, dict[str, None]] = {}
    for target in plan.targets:
        if target.each is None or target.each == ORGANISATIONS:
            continue
        members = plan.rosters[target.each]
        names = [name for one in members for name in (one.id, one.name) if name]
        for kind in target.kinds:
            asked.setdefault(kind, {}).update(dict.fromkeys(names))
    return asked
