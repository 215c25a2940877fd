"""Plans and commitments: what they say, their contradictions, and how a notebook shows them."""

from __future__ import annotations

import datetime as dt
import html.parser
import pickle
from typing import Any

import attrs
import pytest

from partybuild.errors import PlanError, Problem, UnknownNameError, UsageError
from partybuild.measures import MEASURES
from partybuild.periods import Period
from partybuild.plan import Commitment, Plan
from partybuild.roster import Roster
from partybuild.target import Target

TARGET = {"id": "meetings", "measure": "count", "kind": "会", "at_least": 4}


def plan(*targets: dict[str, Any], **given: Any) -> Plan:
    commitments = [{"id": "1", "text": "开会。", "target": list(targets)}]
    base = {"id": "2021", "start": "2021-01-01", "end": "2021-12-31", "commitment": commitments}
    return Plan(**{**base, **given})


def problems(*targets: dict[str, Any], **given: Any) -> dict[str | None, Problem]:
    with pytest.raises(PlanError) as caught:
        plan(*targets, **given)
    return {problem.path: problem for problem in caught.value.problems}


# --- what a plan says


def test_a_plan_says_what_it_is() -> None:
    one = plan(TARGET, {**TARGET, "id": "visits", "kind": ["调研", "会"]})
    assert one.period == Period(dt.date(2021, 1, 1), dt.date(2021, 12, 31))
    assert [target.id for target in one.targets] == ["meetings", "visits"]
    assert one.kinds == ("会", "调研")
    assert repr(one) == "Plan('2021', 2021-01-01..2021-12-31, 1 commitments, 2 targets)"
    assert repr(one.commitments[0]) == "Commitment('1', 2 targets)"
    assert repr(Commitment(id="1", target=[TARGET])) == "Commitment('1', 1 target)"
    assert repr(Commitment(id="1")) == "Commitment('1', qualitative)"


def test_defaults_are_the_contract_s() -> None:
    one = plan()
    assert (one.timezone, one.lang, one.warn_days, one.slack) == ("Asia/Shanghai", "zh", 14, 0.05)
    assert (one.title, one.rosters, one.units) == ("", {}, {})


def test_parts_may_be_given_built() -> None:
    built = Commitment(id="1", text="开会。", target=[Target(**TARGET)])
    rosters = {"villages": Roster(name="villages", members=["甲"])}
    assert plan(commitment=[built], rosters=rosters) == plan(TARGET, rosters={"villages": ["甲"]})


def test_a_plan_travels() -> None:
    one = plan(TARGET, rosters={"villages": ["甲"]}, units={"小时": {"天": 0.125}})
    assert pickle.loads(pickle.dumps(one)) == one
    assert attrs.evolve(one, title="别的").title == "别的"
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        one.title = "x"  # type: ignore[misc]


def test_targets_are_found_by_name() -> None:
    one = plan(
        commitment=[
            {"id": "1", "target": [TARGET]},
            {"id": "2", "target": [TARGET, {**TARGET, "id": "visits"}]},
        ]
    )
    assert one.target("visits").id == "visits"
    assert one.target("2/meetings") is one.commitments[1].targets[0]
    with pytest.raises(UsageError, match="stands 2 times"):
        one.target("meetings")
    with pytest.raises(UnknownNameError, match="did you mean 'visits'"):
        one.target("visit")


# --- wrong values


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"id": " "}, "id"),
        ({"title": None}, "title"),
        ({"start": None}, "start"),
        ({"end": "2021-02-31"}, "end"),
        ({"start": "2022-01-01"}, "end"),
        ({"start": "0021-01-01"}, "start"),
        ({"end": "9999-12-31"}, "end"),
        ({"timezone": "Asia/Shangai"}, "timezone"),
        ({"timezone": None}, "timezone"),
        ({"timezone": ""}, "timezone"),
        ({"lang": "fr"}, "lang"),
        ({"warn_days": -1}, "warn_days"),
        ({"warn_days": 2.5}, "warn_days"),
        ({"slack": 1}, "slack"),
        ({"slack": "5%"}, "slack"),
        ({"units": ["小时"]}, "units"),
        ({"units": {"小时": 8}}, "units.小时"),
        ({"units": {"小时": {"天": 0}}}, "units.小时.天"),
        ({"units": {"小时": {"天": "8"}}}, "units.小时.天"),
        ({"rosters": ["甲"]}, "rosters"),
        ({"rosters": {"v": "甲"}}, "rosters.v"),
        ({"rosters": {"v": ["甲", "甲"]}}, "rosters.v[1].id"),
        ({"rosters": {"a.b": [3]}}, 'rosters."a.b"[0]'),
        ({"rosters": {"v": Roster(name="w")}}, "rosters.v"),
        ({"rosters": {"": []}}, 'rosters."".name'),
        ({"commitment": {"id": "1"}}, "commitment"),
        ({"commitment": ["开会"]}, "commitment[0]"),
        ({"commitment": [{"id": "1"}, {"id": "1"}]}, "commitment[1].id"),
        ({"commitment": [{"text": "开会"}]}, "commitment[0].id"),
        ({"commitment": [{"id": "1", "text": None}]}, "commitment[0].text"),
        ({"commitment": [{"id": "1", "weight": -1}]}, "commitment[0].weight"),
        ({"commitment": [{"id": "1", "section": 3}]}, "commitment[0].section"),
        ({"commitment": [{"id": "1", "owner": 3}]}, "commitment[0].owner"),
        ({"commitment": [{"id": "1", "targets": []}]}, "commitment[0].targets"),
        ({"commitment": [{"id": "1", "target": TARGET}]}, "commitment[0].target"),
        ({"commitment": [{"id": "1", "target": ["会"]}]}, "commitment[0].target[0]"),
        ({"commitment": [{"id": "1", "target": [TARGET] * 2}]}, "commitment[0].target[1].id"),
    ],
)
def test_a_wrong_value_is_named(given: dict[str, Any], path: str) -> None:
    assert list(problems(**given)) == [path]


def test_the_nearest_word_is_suggested() -> None:
    assert problems(timezone="Asia/Shangai")["timezone"].hint == "did you mean 'Asia/Shanghai'?"
    found = problems({**TARGET, "each": "vilages"}, rosters={"villages": []})
    assert found["commitment[0].target[0].each"].hint == "did you mean 'villages'?"


# --- contradictions between the parts


@pytest.mark.parametrize(
    ("given", "key", "message"),
    [
        ({"each": "villages"}, "each", "no such roster"),
        ({"start": "2020-12-31"}, "start", "start lies outside the plan"),
        ({"end": "2022-01-01"}, "end", "end lies outside the plan"),
        ({"deadline": "2022-01-01"}, "deadline", "deadline lies outside the plan"),
        (
            {"start": "2021-07-01", "end": "2021-06-30"},
            "end",
            "end is before the target's start",
        ),
        (
            {"start": "2021-07-01", "deadline": "2021-06-30"},
            "deadline",
            "deadline is before the target's start",
        ),
        (
            {"end": "2021-06-30", "schedule": [{"by": "2021-07-01", "share": 0.5}]},
            "schedule[0].by",
            "by lies outside the target's span",
        ),
        ({"per": "quarter", "require": 5}, "require", "more windows required than there are"),
        (
            {"per": "quarter", "require": 3, "end": "2021-06-30"},
            "require",
            "more windows required than there are",
        ),
    ],
)
def test_a_target_that_contradicts_the_plan(given: dict[str, Any], key: str, message: str) -> None:
    (problem,) = problems({**TARGET, **given}).values()
    assert problem.path == f"commitment[0].target[0].{key}"
    assert problem.message == message


def test_a_rule_that_dateutil_cannot_follow_is_a_fault() -> None:
    (problem,) = problems({**TARGET, "per": {"rrule": "FREQ=MONTHLY;BYDAY=9MO"}}).values()
    assert problem.path == "commitment[0].target[0].per.rrule"


def test_faults_of_some_parts_do_not_hide_those_of_others() -> None:
    bad = {**TARGET, "id": "a", "at_most": 3, "each": "town"}
    late = {**TARGET, "id": "b", "deadline": "2022-03-01"}
    found = problems(
        bad,
        late,
        {**TARGET, "id": "a", "schedule": [{"by": "2022-01-01", "share": 0.5}]},
        {**TARGET, "id": "c", "measure": "cuont", "start": "2020-01-01"},
        slack=2,
        rosters={"villages": ["甲", 3], "towns": ["乙"]},
    )
    assert set(found) == {
        "slack",
        "rosters.villages[1]",
        "commitment[0].target[0].at_most",
        "commitment[0].target[0].each",
        "commitment[0].target[1].deadline",
        "commitment[0].target[2].id",
        "commitment[0].target[2].schedule[0].by",
        "commitment[0].target[3].measure",
        "commitment[0].target[3].start",
    }


def test_a_faulty_roster_still_has_its_name() -> None:
    found = problems({**TARGET, "each": "villages"}, rosters={"villages": [3]})
    assert list(found) == ["rosters.villages[0]"]


def test_the_same_target_id_may_stand_in_two_commitments() -> None:
    commitments = [{"id": str(i), "target": [TARGET]} for i in range(2)]
    assert len(plan(commitment=commitments).targets) == 2


# --- how a notebook shows it


class Page(html.parser.HTMLParser):
    """Collects the text, and checks that every tag is closed in its turn."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.open: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.add(tag)
        assert {name for name, _ in attrs} <= {"style", "width", "colspan"}
        if tag not in ("br", "wbr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def page(one: Plan) -> Page:
    parser = Page()
    parser.feed(one._repr_html_())
    parser.close()
    assert not parser.open
    return parser


def test_a_plan_shows_sections_sentences_and_targets() -> None:
    one = plan(
        title="承诺",
        rosters={"villages": ["甲"]},
        commitment=[
            {"id": "1", "section": "（一）组织", "text": "开会。", "owner": "党办",
             "target": [TARGET]},
            {"id": "2", "section": "（一）组织", "text": "提高认识。"},
            {"id": "3", "section": "（二）作风", "text": "调研。", "target": [
                {"id": "v", "name": "走访", "measure": "total", "kind": "户", "at_least": 3,
                 "unit": "户", "per": "quarter", "require": 3, "makeup": True, "each": "villages",
                 "share": 0.9, "start": "2021-02-01",
                 "revisions": [{"from": "2021-07-01", "at_least": 2}]},
                {"id": "r", "measure": "latest", "kind": "率", "at_least": 0.07, "unit": "%",
                 "baseline": 0.05, "schedule": [{"by": "2021-06-30", "share": 0.5}]},
            ]},
        ],
    )  # fmt: skip
    text = "|".join(page(one).text)
    for word in (
        "承诺", "2021-01-01 至 2021-12-31", "3 项承诺，3 个指标", "（一）组织", "（二）作风",
        "开会。", "责任：党办", "定性事项", "次数 · 会", "≥ 4", "走访", "≥ 3 户",
        "每季度，至少 3 个，可补齐", "2021-02-01 起", "每个 villages", "达标面 ≥ 90%",
        "2021-07-01 起：≥ 2 户", "≥ 7%", "基数 5%",
        "2021-06-30 前 50%", "整体",
    ):  # fmt: skip
        assert word in text, word
    assert text.count("（一）组织") == 1
    assert text.count("指标|计量|目标|考核期|范围") == 1


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"at_least": "X"}, "not stated"),
        ({"at_least": None}, "not stated"),
        ({"at_least": None, "between": [3, 5], "unit": "t"}, "3 t to 5 t"),
        ({"at_least": None, "about": 1234.5, "tolerance": 10}, "about 1,234.5 (±10)"),
        ({"at_least": None, "exactly": 12}, "= 12"),
        ({"per": {"rrule": "FREQ=MONTHLY;INTERVAL=2"}}, "FREQ=MONTHLY;|INTERVAL=2"),
        ({"deadline": "2021-09-30"}, "by 2021-09-30"),
        ({"per": "month", "deadline": "2021-09-30"}, "every month|by 2021-09-30"),
        ({"measure": "milestone", "at_least": None}, "done"),
        ({"revisions": [{"from": "2021-07-01", "waived": True}]}, "from 2021-07-01: waived"),
        (
            {"measure": "growth", "of": "count", "baseline": "previous", "unit": "%"},
            "growth · 会|baseline the window before",
        ),
    ],
)
def test_goals_in_english(given: dict[str, Any], words: str) -> None:
    assert words in "|".join(page(plan({**TARGET, **given}, lang="en")).text)


def test_what_people_write_never_becomes_markup() -> None:
    odd = "<script>alert('x')</script> & \"q\"\n第二行"
    target = {**TARGET, "id": odd, "kind": odd, "unit": odd, "name": odd, "each": odd}
    commitments = [{"id": odd, "section": odd, "text": odd, "owner": odd, "target": [target]}]
    one = plan(id=odd, title=odd, rosters={odd: ["甲"]}, commitment=commitments)
    shown = page(one)
    assert "script" not in shown.tags
    assert "".join(shown.text).count("alert('x')") == 9


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_empty_plan_and_every_measure_can_be_shown(lang: str) -> None:
    assert "table" not in page(plan(commitment=[], lang=lang)).tags
    part = {"measure": "total", "kind": "x"}
    parts = {
        "ratio": {"numerator": part, "denominator": part},
        "growth": {"of": part, "baseline": 320},
        "milestone": {"at_least": None},
    }
    targets = [{**TARGET, "id": name, "measure": name, **parts.get(name, {})} for name in MEASURES]
    assert page(plan(*targets, lang=lang)).text


def test_a_member_whom_no_event_can_name() -> None:
    def faults(**rosters: Any) -> list[tuple[str | None, str | None]]:
        target = {"id": "t", "measure": "count", "kind": "k", "at_least": 1, "each": "r"}
        commitment = [{"id": "1", "target": [target]}]
        try:
            Plan(
                id="p",
                start="2021-01-01",
                end="2021-12-31",
                rosters=rosters,
                commitment=commitment,
            )
        except PlanError as error:
            return [(problem.path, problem.read) for problem in error.problems]
        return []

    assert faults(r=["甲、乙、丙", "丁"]) == [("rosters.r[0]", "甲、乙、丙")]
    assert faults(r=["丁", {"id": "a;b", "name": "甲；乙"}]) == [("rosters.r[1]", "a;b")]
    assert faults(r=[{"id": "1", "name": "甲；乙"}, {"id": "a;b", "name": "丙"}]) == []
    # organisations are found by a column of their own, and a roster nobody asks for does no harm
    assert faults(r=["甲"], organisations=["甲、乙"], s=["甲、乙"]) == []
