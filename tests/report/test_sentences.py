"""What the office reads: true, said once, in the words of the goal, in both languages."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import pytest
from report.reading import markdown_tables

import partybuild as pb
from partybuild.assessment.notebook import assessment_html
from partybuild.report.lang import wording
from partybuild.report.tables import target_row
from partybuild.report.view import SHORT
from partybuild.report.view_build import report_view

ROSTERS = {
    "cadres": [{"id": "a", "name": "张三"}, {"id": "b", "name": "李四"}],
    "village": ["东村", "西村", "南村", "北村"],
    "镇干部": ["甲", "乙"],
}
GROWTH = {"measure": "growth", "of": {"measure": "total"}, "baseline": 100, "unit": "%"}


def assessed(
    *rows: tuple[Any, ...], as_of: str = "2021-12-31", plan: Any = None, **target: Any
) -> pb.Assessment:
    """Assess one target of kind k by rows of (date, quantity, subject)."""
    options = {"id": "t", "name": "指标", "measure": "count", "kind": "k", "unit": "次", **target}
    made = pb.Plan(
        id="p", start="2021-01-01", end="2021-12-31", rosters=ROSTERS,
        commitment=[{"id": "1", "target": [options]}], **(plan or {}),
    )  # fmt: skip
    events = pd.DataFrame(
        [
            {"date": day, "quantity": float(more[0]) if more else 1.0,
             "subject": more[1] if len(more) > 1 else None}
            for day, *more in rows
        ],
        columns=["date", "quantity", "subject"],
    ).assign(kind="k")  # fmt: skip
    events.insert(0, "id", [str(number) for number in range(len(events))])
    return pb.assess(made, events, as_of=as_of)


def told(assessment: pb.Assessment, lang: str = "zh") -> str:
    """The sentence a report says of the only target."""
    target, words = report_view(assessment).places[0].targets[0], wording(lang)
    return words.shortage(target) if target.status in SHORT else words.sentence(target)


def days(*months: int) -> list[tuple[str]]:
    return [(f"2021-{month:02d}-15",) for month in months]


@pytest.mark.parametrize(
    ("goal", "value", "chinese", "english"),
    [
        ({"at_least": 0.2}, 80, "指标下降20%，未达到增长不低于20%的目标，差40个百分点",
         "指标: down 20%, 40 percentage points short (goal: growth of at least 20%)"),
        ({"at_most": -0.03}, 98, "指标下降2%，未达到下降不少于3%的要求，差1个百分点",
         "指标: down 2%, 1 percentage point short (goal: a fall of at least 3%)"),
        ({"at_most": -0.03}, 95, "指标下降5%，达到下降不少于3%的要求",
         "指标: down 5%, meeting the goal: a fall of at least 3%"),
        ({"at_least": -0.05}, 97, "指标下降3%，达到降幅不超过5%的目标",
         "指标: down 3%, meeting the goal: a fall of at most 5%"),
        ({"at_most": 0.03}, 105, "指标增长5%，未达到增长不超过3%的要求，超出2个百分点",
         "指标: up 5%, 2 percentage points over (goal: growth of at most 3%)"),
        ({"at_most": 0}, 90, "指标下降10%，达到不增长的要求",
         "指标: down 10%, meeting the goal: no growth"),
        ({"at_least": 0}, 100, "指标与基数持平，达到不下降的目标",
         "指标: unchanged, meeting the goal: no fall"),
        ({"between": [0.05, 0.1]}, 112,
         "指标增长12%，未达到增长5%至10%的要求，高出10%的上限2个百分点",
         "指标: up 12%, 2 percentage points above the upper end of 10% "
         "(goal: growth of 5% to 10%)"),
        ({"between": [-0.1, -0.05]}, 92, "指标下降8%，符合下降5%至10%的要求",
         "指标: down 8%, within the range planned"),
    ],
)  # fmt: skip
def test_growth_is_told_as_a_rise_or_a_fall(
    goal: dict[str, Any], value: float, chinese: str, english: str
) -> None:
    year = assessed(("2021-05-10", value), **GROWTH, **goal)
    assert told(year) == chinese
    assert told(year, "en") == english


@pytest.mark.parametrize("word", ["增长", "增长率", "增幅", "增速", "下降", "降幅", "减少"])
def test_a_name_does_not_say_twice_that_it_moves(word: str) -> None:
    year = assessed(("2021-05-10", 85), **GROWTH, at_most=-0.1, name=f"投诉量{word}")
    assert told(year) == "投诉量下降15%，达到下降不少于10%的要求"


@pytest.mark.parametrize(
    ("goal", "rows", "chinese", "english"),
    [
        ({"exactly": 4}, days(1, 2, 3, 4, 5), "指标5次，比要求的4次多1次，已无法挽回",
         "指标: 5 次, 1 次 more than the 4 次 asked for, which cannot be undone"),
        ({"exactly": 4}, days(1, 2, 3, 4), "指标4次，如数完成目标", "指标: 4 次, just as planned"),
        ({"exactly": 4}, days(1), "指标1次，未完成4次的目标，完成率25%，差3次",
         "指标: 1 次, 3 次 short (goal: exactly 4 次)"),
        ({"between": [1, 2]}, days(1, 2, 3), "指标3次，超过2次的上限，多出1次，已无法挽回",
         "指标: 3 次, above the upper end of 2 次 by 1 次, which cannot be undone"),
        ({"more_than": 2}, days(1, 2, 3, 4), "指标4次，完成超过2次的目标",
         "指标: 4 次, meeting the goal of more than 2 次"),
        ({"at_least": 3}, days(1, 2, 3, 4), "指标4次，完成不少于3次的目标，超出1次",
         "指标: 4 次, exceeding the goal of at least 3 次 by 1 次"),
        ({"at_most": 0}, [], "指标为零，兑现了零发生的承诺", "指标: none, as promised"),
        ({"at_most": 0}, days(2), "指标1次，未能做到零发生，已无法挽回",
         "指标: 1 次 where none was allowed, which cannot be undone"),
        ({"at_most": 0, "per": "month"}, days(2),
         "指标1次，12个月中11个达标、1个未达标，未能做到每月零发生，2月发生1次，已无法挽回",
         "指标: 1 次, 11 of 12 months met, 1 not met (goal: none in any month), "
         "missed: February (1 次), which cannot be undone"),
        ({"less_than": 0.5, "measure": "total"}, [("2021-03-01", 0.5)],
         "指标0.5次，未能控制在0.5次以下，已无法挽回",
         "指标: 0.5 次, not below the limit of 0.5 次, which cannot be undone"),
        ({"at_least": 0.0065, "measure": "latest", "unit": "吨"}, [("2021-03-01", 0.006)],
         "指标0.006吨，未达到不低于0.0065吨的目标，差0.0005吨", None),
    ],
)  # fmt: skip
def test_a_goal_is_told_once_and_truly(
    goal: dict[str, Any], rows: list[Any], chinese: str, english: str | None
) -> None:
    year = assessed(*rows, **goal)
    assert told(year) == chinese.replace("不低于0.0065吨", "不少于0.0065吨")
    assert english is None or told(year, "en") == english


def test_a_limit_used_too_fast_is_not_behind() -> None:
    year = assessed(*days(1, 1, 2, 2, 3), as_of="2021-03-31", at_most=8)
    assert year.targets["status"].tolist() == ["behind"]
    assert told(year) == "指标5次（要求不超过8次），用量快于时间进度，余量只有3次，须从严控制"
    for text in (pb.render_markdown(year), pb.render_html(year), assessment_html(year)):
        assert "用量偏快" in text
        assert "滞后1个" not in text
        assert not re.search("[▲] ?(?:</span>)? ?进度滞后", text)
    assert "1 used too fast" in pb.render_markdown(year, lang="en")
    slow = assessed(*days(1), as_of="2021-08-31", at_least=8)
    assert "▲ 进度滞后" in pb.render_markdown(slow)


def test_the_windows_still_missing_are_counted_where_some_suffice() -> None:
    held = days(1, 2, 3, 4, 5, 9, 10, 11)
    lost = assessed(*held, as_of="2021-12-15", at_least=1, per="month", require=10)
    assert told(lost).endswith(
        "6月至8月各差1次，距10个月达标还差2个月，而未结束的只有1个月，已无法达到，余下的仍须如期达标"
    )
    assert "差3次" not in told(lost)
    assert told(lost, "en").endswith(
        "missed: June to August (1 次 short each), 2 months too few with only 1 month to come"
    )
    over = assessed(*held, at_least=1, per="month", require=10)
    assert told(over).endswith("6月至8月、12月各差1次，距10个月达标差2个月")
    open_yet = assessed(*held[:5], as_of="2021-08-15", at_least=1, per="month", require=10)
    assert "12月31日前，指标再有5个月达标（每月不少于1次）。" in pb.render_report(open_yet)


@pytest.mark.parametrize("month", [6, 12])
def test_a_band_is_told_by_the_window_it_is_left_in(month: int) -> None:
    rows = [("2021-01-01",)] * 6
    year = assessed(*rows, as_of=f"2021-{month}-30", between=[3, 5], per="half_year")
    assert "未达到每半年3次至5次的要求，上半年超1次，已无法挽回" in told(year)
    assert "下半年" not in told(year)


def test_none_of_the_windows_met_is_said_in_words() -> None:
    year = assessed(at_least=1, per="half_year")
    assert (
        told(year) == "指标0次，2个半年均未达标，未达到每半年不少于1次的要求，上半年、下半年各差1次"
    )
    assert "0个达标" not in pb.render_markdown(year)


def test_a_revision_stands_in_the_bracket_of_the_goal() -> None:
    change = {"from": "2021-07-01", "at_least": 2, "reason": "疫情"}
    year = assessed(*days(1, 8), as_of="2021-09-30", at_least=4, revisions=[change])
    assert told(year) == "指标2次，完成不少于2次的目标（原定不少于4次，自7月1日起调整，原因：疫情）"
    open_yet = assessed(*days(8), as_of="2021-08-31", at_least=4, revisions=[change])
    assert "（目标不少于2次；原定不少于4次，自7月1日起调整，原因：疫情），" in told(open_yet)
    assert "）（" not in told(open_yet)
    because = {"from": "2021-07-01", "at_least": 1, "reason": "因受灾调减"}
    assert "自7月1日起调整，因受灾调减" in told(assessed(*days(8), at_least=4, revisions=[because]))


@pytest.mark.parametrize(
    ("roster", "cell", "text"),
    [
        ("cadres", "每名干部≥2次", "张三、李四各差2次"),
        ("镇干部", "每名镇干部≥2次", "甲、乙各差2次"),
        ("village", "每个村≥2次", "东村、西村、南村、北村各差2次"),
    ],
)
def test_members_are_called_what_they_are(roster: str, cell: str, text: str) -> None:
    year = assessed(at_least=2, each=roster)
    assert markdown_tables(pb.render_markdown(year))[0]["应完成"] == cell
    assert told(year).endswith(text)


def test_levels_of_members_have_no_common_figure_and_are_not_unknown() -> None:
    rows = [("2021-02-01", 85, "a"), ("2021-02-01", 70, "b")]
    year = assessed(*rows, measure="latest", at_least=80, each="cadres", unit="分")
    assert markdown_tables(pb.render_markdown(year))[0]["实际"] == "2名干部中1名达标"
    assert told(year).endswith("未达到每名干部不低于80分的要求，李四为70分（差10分）")
    assert "无数据" not in pb.render_markdown(year).split("●绿灯")[0]


def test_members_spared_by_the_share_are_not_to_blame() -> None:
    places = ("东村", "西村", "南村")
    rows = [(f"2021-{month:02d}-05", 1, place) for month in range(1, 12) for place in places]
    year = assessed(*rows, at_least=1, per="month", each="village", share=0.75)
    assert told(year).endswith("东村、西村、南村、北村（12月）各差1次")


def test_what_is_lost_is_not_called_mendable() -> None:
    def plan(*targets: dict[str, Any]) -> pb.Assessment:
        made = pb.Plan(
            id="p", start="2021-01-01", end="2021-12-31",
            commitment=[{"id": "1", "target": [
                {"id": str(at), "measure": "count", "kind": str(at), "unit": "次", **one}
                for at, one in enumerate(targets)]}],
        )  # fmt: skip
        nothing = pd.DataFrame({"id": [], "kind": [], "date": []})
        return pb.assess(made, nothing, as_of="2021-08-31")

    behind, lost = {"at_least": 12}, {"at_least": 1, "per": "month"}
    both = pb.render_report(plan(behind, lost))
    assert "以上2项中，1项还可以补救，须逐项明确责任和时限；1项已无法补回" in both
    assert "以上2项都还可以补救" in pb.render_report(plan(behind, behind))
    assert "以上2项均已无法补回" in pb.render_report(plan(lost, lost))
    made_up = pb.render_report(plan(behind, lost | {"makeup": True}))
    assert "以上2项都还可以补救" in made_up


def test_a_plan_without_a_title_or_promises_has_its_words() -> None:
    nothing = pd.DataFrame({"id": [], "kind": [], "date": []})
    empty = pb.assess(
        pb.Plan(id="0", start="2021-01-01", end="2021-12-31"), nothing, as_of="2021-06-30"
    )
    chinese, english = pb.render_markdown(empty), pb.render_markdown(empty, lang="en")
    assert chinese.startswith("# 计划“0”完成情况\n\n截至2021年6月30日，计划中没有承诺事项。")
    assert english.startswith(
        "# Plan 0: how it stands\n\nAs of 30 June 2021, the plan holds no commi"
    )
    assert pb.render_report(empty).startswith("# 计划“0”述职报告")
    words = pb.Plan(
        id="0", start="2021-01-01", end="2021-12-31", commitment=[{"id": "1", "text": "实干。"}]
    )
    told = pb.render_markdown(pb.assess(words, nothing, as_of="2021-06-30"))
    assert "1项承诺均为定性事项，未设指标" in told


def outside(**target: Any) -> str:
    options = {"id": "t", "measure": "count", "kind": "k", "at_least": 1, **target}
    plan = pb.Plan(
        id="p", start="2021-01-01", end="2021-12-31",
        commitment=[{"id": "1", "target": [options]}],
    )  # fmt: skip
    events = pd.DataFrame(
        {
            "id": ["a", "b", "c", "d", "e", "f", "g"],
            "kind": ["k"] * 5 + ["x", "y"],
            "date": ["2020-12-30"] * 3 + ["2022-01-01", "2021-02-01", "2021-02-01", "2021-02-01"],
            "end": ["2021-01-02"] + ["2020-12-30"] * 2 + ["2022-01-01"] + ["2021-02-01"] * 3,
        }
    )
    return pb.render_markdown(pb.assess(plan, events, as_of="2021-12-31"))


def test_records_outside_the_plan_are_said_not_to_count_only_where_that_is_true() -> None:
    plain = outside()
    assert "- 计划期开始以前的记录3条（a、b、c），不计入。" in plain
    assert "- 计划期结束以后的记录1条（d），不计入。" in plain
    assert "- 以下事项没有对应的指标，记录未计入：“x”1条、“y”1条。" in plain
    lasting = outside(measure="days")
    assert "记录3条（a、b、c），除延续到计划期内的以外，不计入。" in lasting
    grown = {"measure": "growth", "of": {"measure": "count"}, "baseline": "previous"}
    assert "记录3条（a、b、c），除用作增长基数的以外，不计入。" in outside(**grown)


def test_english_counts_one_as_one() -> None:
    plan = pb.Plan(
        id="p", start="2021-01-01", end="2021-12-31",
        commitment=[{"id": "1", "target": [
            {"id": "t", "measure": "count", "kind": "k", "at_least": 9, "per": "year"}]}],
    )  # fmt: skip
    events = pd.DataFrame(
        {"id": ["a", "b"], "kind": ["k", "z"], "date": ["2020-01-01", "2021-01-01"]}
    )
    text = pb.render_markdown(pb.assess(plan, events, as_of="2021-12-30"), lang="en")
    assert "- 1 record (a) before the plan's start: not counted." in text
    assert "- No target looks at the kind “z”: 1 record not counted." in text
    assert "1 commitment with 1 target" in text
    assert "(1 day left)" in text
    assert not re.search(r"\b1 (?:records|events|windows|days|commitments|targets|years)\b", text)


def test_a_notebook_shows_the_cells_of_the_report(
    september: pb.Assessment, december: pb.Assessment, villages: pb.Assessment
) -> None:
    odd = assessed(*days(1, 2), as_of="2021-05-31", less_than=30, measure="max", unit="天")
    for year in (september, december, villages, odd):
        rows = re.findall("<tr>(.*?)</tr>", assessment_html(year))[1:]
        shown = [
            [re.sub("<[^>]+>", "", cell) for cell in re.findall("<td[^>]*>(.*?)</td>", row)]
            for row in rows
        ]
        view, words = report_view(year), wording("zh")
        columns = [place.targets for place in view.places]
        targets = [one for row in zip(*columns, strict=True) for one in row]
        has_places = view.is_by_organisation
        cells = [target_row(one, words, with_place=has_places)[:-1] for one in targets]
        assert shown == [[cell.text for cell in row] for row in cells]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("抓好节能。", "抓好节能（能耗下降不少于3%）。"),
        ("能耗下降3%以上。", "能耗下降3%以上。"),
    ],
)
def test_a_promise_of_the_next_year_says_its_figure_once(text: str, told: str) -> None:
    options = {"id": "t", "name": "能耗下降", "kind": "k", **GROWTH, "at_most": -0.03}
    following = pb.Plan(
        id="n", start="2022-01-01", end="2022-12-31",
        commitment=[{"id": "1", "text": text, "target": [options]}],
    )  # fmt: skip
    year = assessed(("2021-05-10", 98), at_least=1)
    assert told in pb.render_report(year, next_plan=following, sections=["next"]).splitlines()


def test_a_plan_of_two_calendar_years_names_the_year() -> None:
    plan = pb.Plan(
        id="p", start="2021-04-01", end="2022-03-31",
        commitment=[{"id": "1", "target": [
            {"id": "t", "name": "督查", "measure": "count", "kind": "k", "at_least": 9,
             "unit": "次"}]}],
    )  # fmt: skip
    nothing = pd.DataFrame({"id": [], "kind": [], "date": []})
    year = pb.assess(plan, nothing, as_of="2021-10-31")
    assert "还须在2022年3月31日前完成9次（剩151天）" in told(year)
    assert "needed by 31 March 2022 (151 days left)" in told(year, "en")
