"""Members and rosters."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from partybuild.errors import PlanError
from partybuild.roster import Member, Roster


def faults(make: Any, *args: Any, **kwargs: Any) -> dict[str | None, str]:
    with pytest.raises(PlanError) as caught:
        make(*args, **kwargs)
    return {problem.path: problem.message for problem in caught.value.problems}


def test_a_member_from_an_id_a_table_or_a_member() -> None:
    assert Member.of("甲") == Member(id="甲")
    table = {"id": "丙", "name": "丙村", "from": "2021-04-01", "to": dt.date(2021, 6, 30)}
    member = Member.of(table)
    assert member == Member(id="丙", name="丙村", from_="2021-04-01", to="2021-06-30")
    assert (member.from_, member.to) == (dt.date(2021, 4, 1), dt.date(2021, 6, 30))
    assert Member.of(member) is member


def test_a_member_is_shown_by_name_or_id() -> None:
    assert Member(id="v1", name="石梁村").label == "石梁村"
    assert Member(id="v1").label == "v1"


def test_the_repr_of_a_member_is_one_line() -> None:
    member = Member(
        id="甲", name="甲村", from_="2021-04-01", to="2021-06-30", organisation="镇", parent="县"
    )
    assert repr(member) == (
        "Member('甲', name 甲村, from 2021-04-01, to 2021-06-30, in 镇, under 县)"
    )


def test_all_faults_of_a_member_in_one_go() -> None:
    table = {"id": " ", "nam": "x", "from": "2021-02-31", "organisation": 3}
    assert faults(Member.of, table) == {
        "nam": "unknown key 'nam'",
        "id": "id is missing or blank",
        "from": "from is not a calendar date",
        "organisation": "organisation is not text",
    }


def test_a_member_who_leaves_before_joining() -> None:
    found = faults(Member, id="甲", from_="2021-04-01", to="2021-03-31")
    assert found == {"to": "to is before from"}


def test_a_member_for_a_single_day() -> None:
    assert Member(id="甲", from_="2021-04-01", to="2021-04-01").from_ == dt.date(2021, 4, 1)


@pytest.mark.parametrize("value", [3, None, ["甲"], True])
def test_what_is_no_member(value: Any) -> None:
    assert faults(Member.of, value) == {"": "not a member"}


def test_an_unknown_key_suggests_the_nearest() -> None:
    with pytest.raises(PlanError, match="did you mean 'organisation'"):
        Member.of({"id": "甲", "organization": "镇"})


def test_a_roster_keeps_its_order() -> None:
    roster = Roster(name="cadres", members=["乙", {"id": "甲"}, Member(id="丙")])
    assert roster.ids == ("乙", "甲", "丙")
    assert [member.id for member in roster] == ["乙", "甲", "丙"]
    assert len(roster) == 3
    assert repr(roster) == "Roster('cadres', 3 members)"
    assert repr(Roster(name="c", members=["甲"])) == "Roster('c', 1 member)"
    assert len(Roster(name="nobody")) == 0


def test_all_faults_of_a_roster_in_one_go() -> None:
    members = ["甲", {"id": "乙", "from": "soon"}, "甲", 3]
    assert faults(Roster, name="", members=members) == {
        "name": "name is missing or blank",
        "[1].from": "from is not a calendar date",
        "[2].id": "member id stands twice",
        "[3]": "not a member",
    }


@pytest.mark.parametrize("members", ["甲乙", {"甲": 1}, 7])
def test_members_are_a_list(members: Any) -> None:
    assert faults(Roster, name="cadres", members=members) == {"": "not a list"}


def test_organisations_may_have_parents_that_are_not_on_the_roster() -> None:
    roster = Roster(name="organisations", members=[{"id": "村", "parent": "镇"}])
    assert roster.members[0].parent == "镇"


@pytest.mark.parametrize(
    "members",
    [
        [{"id": "甲", "parent": "甲"}],
        [{"id": "甲", "parent": "乙"}, {"id": "乙", "parent": "甲"}],
        [{"id": "甲", "parent": "乙"}, {"id": "乙", "parent": "丙"}, {"id": "丙", "parent": "甲"}],
    ],
)
def test_a_parent_never_leads_back(members: list[dict[str, str]]) -> None:
    found = faults(Roster, name="organisations", members=members)
    assert found == {f"[{i}].parent": "parent leads back to itself" for i in range(len(members))}


def test_a_chain_below_a_circle_is_not_part_of_it() -> None:
    members = [{"id": "甲", "parent": "乙"}, {"id": "乙", "parent": "乙"}]
    assert list(faults(Roster, name="organisations", members=members)) == ["[1].parent"]


def test_blanks_around_names_are_taken_off_as_in_events() -> None:
    given = {"id": " 张三\u200b", "name": "张三　", "organisation": " 东山村", "parent": "镇 "}
    member = Member.of(given)
    assert (member.id, member.name, member.organisation) == ("张三", "张三", "东山村")
    assert member.parent == "镇"
    with pytest.raises(PlanError, match="stands twice"):
        Roster(name="r", members=["张三", "张三　"])
    with pytest.raises(PlanError, match="missing or blank"):
        Member(id="　")
