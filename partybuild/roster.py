"""Rosters: who a goal with `each` must hold for, and which organisations there are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from partybuild.errors import PlanError, Problem
from partybuild.faults import (
    Faulty,
    as_date,
    as_name,
    built_each,
    date_faults,
    fault,
    id_faults,
    is_date,
    made_from,
    raise_faults,
    text_faults,
    twice_faults,
)


@attrs.frozen(kw_only=True, repr=False)
class Member:
    """Somebody, or some place, on a roster.

    `id` is what events carry as `subject` (or as `organisation`, on the roster
    ``organisations``); `name` is shown, and accepted in events, instead. A member
    belongs from `from_` to `to`, both inclusive; None: no limit. `organisation`
    ties a member to one organisation, `parent` an organisation to the one above.

    In files and mappings `from_` is written ``from``. Blanks around a name are
    taken off, as they are in events.

    >>> Member.of({"id": "丙", "from": "2021-04-01"})
    Member('丙', from 2021-04-01)
    """

    id: str = attrs.field(converter=as_name)
    name: str | None = attrs.field(default=None, converter=as_name)
    from_: dt.date | None = attrs.field(default=None, converter=as_date, alias="from_")
    to: dt.date | None = attrs.field(default=None, converter=as_date)
    organisation: str | None = attrs.field(default=None, converter=as_name)
    parent: str | None = attrs.field(default=None, converter=as_name)

    def __attrs_post_init__(self) -> None:
        raise_faults(self._faults())

    def _faults(self) -> Iterator[Problem]:
        yield from id_faults(self.id)
        yield from text_faults(
            {"name": self.name, "organisation": self.organisation, "parent": self.parent}
        )
        dates = {"from": self.from_, "to": self.to}
        yield from date_faults(dates)
        if is_date(self.from_) and is_date(self.to) and self.to < self.from_:  # type: ignore[operator]
            yield fault("to", "to is before from", self.to, f"{self.from_} or later")

    @classmethod
    def of(cls, value: str | Mapping[str, Any] | Member) -> Member:
        """Make a member from its id, from a mapping with the TOML keys, or from a member.

        Raises `PlanError` for unknown keys and wrong values.
        """
        if isinstance(value, Member):
            return value
        if isinstance(value, str):
            return cls(id=value)
        if not isinstance(value, Mapping):
            raise PlanError([fault("", "not a member", value, "an id, or a table with an id")])
        member: Member = made_from(cls, value)
        return member

    @property
    def label(self) -> str:
        """The name, or the id where there is none."""
        return self.name or self.id

    def __repr__(self) -> str:
        parts = [repr(self.id)]
        parts += [f"name {self.name}"] if self.name else []
        parts += [f"from {self.from_}"] if self.from_ else []
        parts += [f"to {self.to}"] if self.to else []
        parts += [f"in {self.organisation}"] if self.organisation else []
        parts += [f"under {self.parent}"] if self.parent else []
        return f"Member({', '.join(parts)})"


def _members(values: Any) -> Any:
    return built_each(values, Member.of, expected='a list such as ["甲", "乙"]')


@attrs.frozen(kw_only=True, repr=False)
class Roster:
    """A named list of members, in the order in which reports list them.

    `members` takes ids, mappings with the TOML keys, or `Member` objects. Raises
    `PlanError` when an id stands twice.

    >>> Roster(name="cadres", members=["甲", {"id": "乙", "to": "2021-06-30"}])
    Roster('cadres', 2 members)
    """

    name: str
    members: tuple[Member, ...] = attrs.field(default=(), converter=_members)

    def __attrs_post_init__(self) -> None:
        raise_faults(self._faults())

    def _faults(self) -> Iterator[Problem]:
        yield from id_faults(self.name, key="name")
        members = self.members
        if isinstance(members, Faulty):
            yield from members.problems
            yield from twice_faults(members.values, prefix="", what="member")
            return
        yield from twice_faults(members, prefix="", what="member")
        parents = {member.id: member.parent for member in members}
        for index, member in enumerate(members):
            if _is_circular(member.id, parents):
                yield fault(f"[{index}].parent", "parent leads back to itself", member.parent)

    def __iter__(self) -> Iterator[Member]:
        return iter(self.members)

    def __len__(self) -> int:
        return len(self.members)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids, in roster order."""
        return tuple(member.id for member in self.members)

    def __repr__(self) -> str:
        number = len(self.members)
        return f"Roster({self.name!r}, {number} member{'' if number == 1 else 's'})"


def _is_circular(start: str, parents: Mapping[str, str | None]) -> bool:
    above, steps = parents.get(start), 0
    while above is not None and steps <= len(parents):
        if above == start:
            return True
        above, steps = parents.get(above), steps + 1
    return False
