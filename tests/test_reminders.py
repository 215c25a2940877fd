"""Calendars that phones import, and the digest of a week."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import partybuild as pb
from partybuild.reminders import render_digest, render_ical
from partybuild.reminders.ical import folded

YEAR = {"id": "2021", "title": "2021年计划", "start": "2021-01-01", "end": "2021-12-31"}


def plan_of(*targets: dict, **more: object) -> pb.Plan:
    commitment = {
        "id": "1", "text": "多督查，少开会；讲实效\\", "owner": "党建办", "target": list(targets),
    }  # fmt: skip
    return pb.Plan(**YEAR, commitment=[commitment], **more)


def events_of(*rows: tuple[str, str], **columns: list) -> pd.DataFrame:
    kinds, dates = zip(*rows, strict=True) if rows else ((), ())
    ids = [str(number) for number in range(len(rows))]
    return pd.DataFrame({"id": ids, "kind": kinds, "date": dates, **columns})


MEETING = {
    "id": "m", "name": "调度会", "measure": "count", "kind": "调度会", "at_least": 1,
    "per": "quarter", "unit": "次",
}  # fmt: skip


@pytest.fixture(scope="module")
def example(examples: Path) -> pb.Assessment:
    plan = pb.read_plan(examples / "data" / "plan.toml")
    events = pb.read_events(examples / "data" / "events.csv")
    return pb.assess(plan, events, as_of="2021-09-30")


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def entries(text: str) -> list[dict[str, str]]:
    """Each VEVENT as property -> value, alarms left out."""
    found: list[dict[str, str]] = []
    current: dict[str, str] = {}
    is_alarm = False
    for line in unfolded(text):
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            current = {}
        elif line == "END:VEVENT":
            found.append(current)
        elif line and not is_alarm and name not in ("BEGIN", "END"):
            current[name] = value
        is_alarm = line == "BEGIN:VALARM" or (is_alarm and line != "END:VALARM")
    return found


def test_an_entry_by_hand() -> None:
    year = pb.assess(plan_of(MEETING), events_of(("调度会", "2021-04-05")), as_of="2021-06-30")
    text = render_ical(year, until="2021-09-30")
    (entry,) = entries(text)
    uid = entry.pop("UID")
    assert re.fullmatch(r"[0-9a-f]{32}@partybuild", uid)
    assert entry == {
        "DTSTAMP": "20210630T000000Z",
        "LAST-MODIFIED": "20210630T000000Z",
        "SEQUENCE": "180",
        "DTSTART;VALUE=DATE": "20210930",
        "DTEND;VALUE=DATE": "20211001",
        "SUMMARY": "调度会（三季度）：须完成1次",
        "DESCRIPTION": "承诺：多督查，少开会；讲实效\\\\\\n要求：每季度不少于1次\\n状态：未到期"
        "\\n责任单位：党建办",
        "TRANSP": "TRANSPARENT",
    }
    assert text.count("BEGIN:VALARM") == 2


def test_a_later_calendar_replaces_the_entries_of_an_earlier_one() -> None:
    plan, events = plan_of(MEETING), events_of(("调度会", "2021-04-05"))
    early, late = (
        entries(render_ical(pb.assess(plan, events, as_of=day), until="2021-12-31"))
        for day in ("2021-06-30", "2021-08-01")
    )
    assert [one["UID"] for one in early] == [one["UID"] for one in late]
    assert len({one["UID"] for one in early}) == len(early) == 2
    assert int(late[0]["SEQUENCE"]) > int(early[0]["SEQUENCE"])


def test_what_can_be_made_up_is_due_at_the_end_of_the_plan() -> None:
    plan = plan_of({**MEETING, "makeup": True})
    year = pb.assess(plan, events_of(("调度会", "2021-04-05")), as_of="2021-06-30")
    summaries = {
        (one["DTSTART;VALUE=DATE"], one["SUMMARY"])
        for one in entries(render_ical(year, until="2021-12-31"))
    }
    assert ("20211231", "调度会（一季度）：还差1次（补齐）") in summaries


def test_members_stand_in_one_entry() -> None:
    roster = {"villages": [{"id": "a", "name": "甲村"}, "乙村", "丙村"]}
    each = {**MEETING, "each": "villages"}
    events = events_of(("调度会", "2021-05-01"), subject=["乙村"])
    year = pb.assess(plan_of(each, rosters=roster), events, as_of="2021-05-10")
    (entry,) = entries(render_ical(year, until="2021-06-30"))
    assert entry["SUMMARY"] == "调度会（二季度）：还差2次"
    assert "2个村未完成：甲村、丙村" in entry["DESCRIPTION"]


@pytest.mark.parametrize(
    ("target", "as_of", "told"),
    [
        ({"measure": "milestone", "kind": "投用", "deadline": "2021-09-30"}, "2021-06-01",
         "须办结"),
        ({"measure": "total", "kind": "报", "at_most": 0, "nil_return": True}, "2021-06-01",
         "须报送（零报告）"),
        ({"measure": "latest", "kind": "测评", "at_least": 90, "unit": "分"}, "2021-06-01",
         "尚无数据，须报送"),
        ({"measure": "latest", "kind": "测评", "at_least": 90, "unit": "分",
          "start": "2021-07-01"}, "2021-06-01", "须达到不低于90分"),
        ({"measure": "ratio", "kind": "会", "numerator": {"measure": "count",
          "where": {"note": "x"}}, "denominator": {"measure": "count"}, "at_least": 0.5,
          "unit": "%"}, "2021-06-01", "还差50个百分点"),
    ],
)  # fmt: skip
def test_what_is_to_be_done_is_said_by_measure(target: dict, as_of: str, told: str) -> None:
    year = pb.assess(plan_of({"id": "t", "name": "事", **target}),
                     events_of(("会", "2021-03-01"), note=["y"]), as_of=as_of)  # fmt: skip
    summaries = [one["SUMMARY"] for one in entries(render_ical(year, until="2021-12-31"))]
    assert summaries
    assert all(one.endswith(f"：{told}") for one in summaries)


def test_the_calendar_parses_back(example: pb.Assessment) -> None:
    icalendar = pytest.importorskip("icalendar")
    text = render_ical(example, until="2021-12-31")
    calendar = icalendar.Calendar.from_ical(text)
    found = calendar.walk("VEVENT")
    rows = pb.agenda(example, until="2021-12-31")
    keys = ["due", "commitment", "target", "window"]
    wanted = rows[keys].drop_duplicates()
    assert [one.decoded("dtstart") for one in found] == [day.date() for day in wanted["due"]]
    assert not [one.errors for one in calendar.walk() if one.errors]
    assert len({str(one["uid"]) for one in found}) == len(found)
    first = next(one for one in found if "办结难题" in str(one["summary"]))
    assert str(first["summary"]) == "办结难题：还差9件"
    assert str(first["description"]).splitlines() == [
        "承诺：全年到村（社区）蹲点调研不少于60天，办结基层和群众难题不少于40件，上半年完成过半。",
        "要求：不少于40件",
        "目前：31件",
        "状态：正常推进",
        "责任单位：党建办",
    ]
    alarms = [one.decoded("trigger") for one in first.walk("VALARM")]
    assert alarms == [dt.timedelta(days=-6, hours=-15), dt.timedelta(hours=-15)]
    assert all(len(line) <= 75 for line in text.encode().split(b"\r\n"))
    assert render_ical(example, until="2021-12-31") == text


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs"]), max_size=300))
def test_folded_lines_are_short_and_come_together_again(text: str) -> None:
    line = "X:" + text.replace("\r", "").replace("\n", "")
    parts = folded(line).split("\r\n")
    assert all(len(part.encode()) <= 75 for part in parts)
    assert parts[0] + "".join(part[1:] for part in parts[1:]) == line
    assert all(part.startswith(" ") for part in parts[1:])


def test_hostile_names_stay_in_their_property() -> None:
    icalendar = pytest.importorskip("icalendar")
    name = "会\r\nATTACH:file:///etc/passwd;x,\u202e\x07<script>🙂"
    plan = plan_of({**MEETING, "name": name})
    text = render_ical(pb.assess(plan, events_of(), as_of="2021-08-01"), until="2021-09-30")
    (entry,) = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert "ATTACH" not in entry
    assert "会 ATTACH:file:///etc/passwd;x,<script>🙂（三季度）" in str(entry["summary"])


def test_by_organisation_the_place_stands_first() -> None:
    plan = plan_of(MEETING, rosters={"organisations": ["甲村", "乙村"]})
    year = pb.assess(plan, events_of(), as_of="2021-08-01", by="organisation")
    found = entries(render_ical(year, until="2021-09-30", lang="en"))
    told = [re.sub(r"\(.*\)", "(Q3)", one["SUMMARY"]) for one in found]
    assert told == ["甲村: 调度会 (Q3): 1 次 short", "乙村: 调度会 (Q3): 1 次 short"]
    assert found[0]["UID"] != found[1]["UID"]


def test_digest_by_hand() -> None:
    visits = {"id": "v", "name": "督查", "measure": "count", "kind": "督查", "at_least": 4,
              "unit": "次"}  # fmt: skip
    score = {"id": "s", "name": "满意度", "measure": "latest", "kind": "测评", "at_least": 90,
             "unit": "分"}  # fmt: skip
    centre = {"id": "c", "name": "中心投用", "measure": "milestone", "kind": "投用",
              "deadline": "2021-04-03"}  # fmt: skip
    events = events_of(
        ("调度会", "2021-03-31"), ("督查", "2021-01-05"), ("督查", "2021-04-02"),
        ("测评", "2021-02-01"), ("测评", "2021-04-01"), ("督查", "2021-06-01"),
        quantity=[1, 1, 1, 85, 92, 1],
    )  # fmt: skip
    plan = plan_of(MEETING, visits, score, centre)
    text = render_digest(pb.assess(plan, events, as_of="2021-04-04"), until="2021-06-30")
    assert text.splitlines() == [
        "2021年计划一周动态（3月29日至4月4日）",
        "综合完成率43.75%（上期29.86%）；绿灯3个，黄灯0个，红灯1个，灰灯0个。",
        "【新进展】",
        "1. 调度会：本期新增1次，累计1次（要求每季度不少于1次）",
        "2. 督查：本期新增1次，累计2次（要求不少于4次）",
        "3. 满意度：92分，此前85分（要求不低于90分）",
        "【新完成】",
        "1. 调度会（一季度）：已完成",
        "2. 满意度：已完成",
        "【未完成和逾期】",
        "1. 【新】中心投用未能在4月3日前完成，应抓紧办结",
        "【进度预警】",
        "无。",
        "【6月30日前到期】",
        "1. 6月30日前调度会（二季度）：还差1次",
    ]


def test_digest_of_the_example_year_in_both_languages(example: pb.Assessment) -> None:
    chinese, english = (render_digest(example, lang=lang) for lang in ("zh", "en"))
    assert "8. " not in chinese.split("【新完成】")[0]
    assert "1. 重大突发事件（每日零报告）（10月1日至10月7日，共7期）：各须报送（零报告）" in chinese
    assert "【新】镇党群服务中心投用未能在9月30日前完成" in chinese
    assert "[new] 镇党群服务中心投用: not done by 30 September" in english
    heads = ("New", "Done", "Missed and overdue", "Off pace", "Due by 7 October")
    assert [line for line in english.splitlines() if line in heads] == list(heads)


def test_a_quiet_week_says_so() -> None:
    text = render_digest(pb.assess(plan_of(), events_of(), as_of="2021-04-04"))
    assert text.count("无。") == 5


def test_a_figure_that_moved_by_rounding_alone_is_not_told() -> None:
    plan = plan_of({"id": "a", "measure": "total", "kind": "投入", "at_least": 5, "unit": "万元"})
    events = events_of(
        ("投入", "2021-03-01"), ("投入", "2021-05-05"), quantity=[13.4, 1e-14], unit=["万元"] * 2
    )
    told = render_digest(pb.assess(plan, events, as_of="2021-05-07"), since="2021-04-30")
    assert "【新进展】\n无。" in told


def test_long_digests_are_cut_and_say_so() -> None:
    places = [f"村{number}" for number in range(50)]
    plan = plan_of(MEETING, rosters={"organisations": places})
    year = pb.assess(plan, events_of(), as_of="2021-04-04", by="organisation")
    assert "另有10条。" in render_digest(year)


@pytest.mark.parametrize(
    "days", [{"since": "2021-04-05"}, {"until": "2021-04-04"}, {"since": "2021-02-31"}]
)
def test_days_in_the_wrong_order_are_refused(days: dict) -> None:
    year = pb.assess(plan_of(MEETING), events_of(), as_of="2021-04-04")
    with pytest.raises(pb.UsageError):
        render_digest(year, **days)
    with pytest.raises(pb.UsageError):
        render_ical(year, until="2021-04-04")
    with pytest.raises(pb.UsageError, match="'fr'"):
        render_ical(year, until="2021-05-04", lang="fr")


def test_the_digest_of_an_earlier_knowledge() -> None:
    events = events_of(
        ("调度会", "2021-04-01"), recorded_at=["2021-04-20"]
    )  # fmt: skip
    known = pb.assess(plan_of(MEETING), events, as_of="2021-04-04", known_at="2021-04-04")
    assert "【新进展】\n无。" in render_digest(known)


@pytest.mark.parametrize(
    ("target", "value", "told"),
    [
        ({"at_least": 0.95}, 0.94995, ("还差0.005个百分点", "目前：94.995%")),
        ({"between": [0.3, 0.35]}, 0.37, ("须压降2个百分点", "目前：37%")),
        ({"between": [0.3, 0.35]}, 0.25, ("还差5个百分点", "目前：25%")),
        (
            {"at_least": 0.1, "measure": "growth", "of": {"measure": "total"}, "baseline": 1},
            0.8,
            ("还差30个百分点", "目前：下降20%"),
        ),
    ],
)
def test_a_reminder_says_what_the_report_says(
    target: dict, value: float, told: tuple[str, str]
) -> None:
    options = {"id": "t", "name": "参保率", "measure": "latest", "kind": "k", "unit": "%", **target}
    events = events_of(("k", "2021-03-01"), quantity=[value])
    text = render_ical(pb.assess(plan_of(options), events, as_of="2021-12-01"), until="2021-12-31")
    lines = text.replace("\r\n ", "")
    assert all(one in lines for one in told)
