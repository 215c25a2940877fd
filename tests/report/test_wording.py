"""Words and figures: units, points, limits, windows, and every status in both languages."""

from __future__ import annotations

import datetime as dt
import re
import sys

import attrs
import pandas as pd
import pytest
from reference.generator import random_case
from report.reading import markdown_tables

import partybuild as pb
from partybuild.assessment.rules import LIGHTS, STATUSES
from partybuild.assessment.words import LIGHT_SIGNS, LIGHT_WORDS, STATUS_WORDS
from partybuild.mappings import plan_from_mapping
from partybuild.report.docx import render_docx
from partybuild.report.html import render_html
from partybuild.report.lang import wording
from partybuild.report.lang.zh import chinese_number
from partybuild.report.markdown import render_markdown
from partybuild.report.prose import render_report
from partybuild.report.view import STATUS_ORDER
from partybuild.report.xlsx import render_xlsx


def assessed(
    *rows: tuple[str, float], as_of: str = "2021-12-31", lang: str = "zh", **target: object
) -> pb.Assessment:
    """Assess one target of kind k by (date, quantity) rows."""
    options = {"id": "t", "name": "指标", "measure": "count", "kind": "k", **target}
    plan = pb.Plan(
        id="p", start="2021-01-01", end="2021-12-31", lang=lang,
        rosters={"cadres": ["甲", "乙"]}, commitment=[{"id": "1", "target": [options]}],
    )  # fmt: skip
    events = pd.DataFrame(
        {
            "id": [str(number) for number in range(len(rows))],
            "kind": ["k"] * len(rows),
            "date": [day for day, _ in rows],
            "quantity": [float(quantity) for _, quantity in rows],
        }
    )
    return pb.assess(plan, events, as_of=as_of)


def line(assessment: pb.Assessment) -> dict[str, str]:
    return markdown_tables(render_markdown(assessment))[0]


def paragraph(assessment: pb.Assessment) -> str:
    lines = render_markdown(assessment).splitlines()
    return next(one for one in lines if one.startswith("**"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_status_and_light_has_its_own_word(lang: str) -> None:
    assert tuple(STATUS_WORDS[lang]) == STATUSES == STATUS_ORDER
    assert len(set(STATUS_WORDS[lang].values())) == len(STATUSES)
    assert set(LIGHT_WORDS[lang]) == set(LIGHTS) == set(LIGHT_SIGNS)
    assert len(set(LIGHT_SIGNS.values())) == len(LIGHTS)


def test_both_languages_have_the_same_words() -> None:
    assert set(wording("zh").words) == set(wording("en").words)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (62, "天", "62天"),
        (0.94995, "%", "94.995%"),
        (0.95, "%", "95%"),
        (136.4, "万元", "136.4万元"),
        (0, "起", "0起"),
        (2.675, None, "2.68"),
    ],
)
def test_amounts_in_chinese(value: float, unit: str | None, text: str) -> None:
    assert wording("zh").amount(value, unit, limit=0.95) == text


def test_amounts_in_english() -> None:
    words = wording("en")
    assert words.amount(12345.5, "元") == "12,345.5 元"
    assert words.amount(0.125, "%") == "12.5%"
    assert words.gap(0.02125, "%") == "2.13 percentage points"


def test_percentages_lack_points_and_never_nothing() -> None:
    words = wording("zh")
    assert words.gap(0.02125, "%") == "2.13个百分点"
    assert words.gap(0.3, "%") == "30个百分点"
    assert words.gap(0.0000001, "%") == "0.00001个百分点"
    assert words.gap(0.001, "万元") == "0.001万元"


def test_nearly_done_never_shows_as_done() -> None:
    assessment = assessed(("2021-03-01", 999_999), measure="total", at_least=1_000_000, unit="元")
    row = line(assessment)
    assert row["完成率"] == "99.9999%"
    assert row["缺口"] == "1元"
    close = assessed(("2021-03-01", 0.94995), measure="latest", at_least=0.95, unit="%")
    assert line(close)["实际"] == "94.995%"
    assert line(close)["缺口"] == "0.005个百分点"
    assert "94.995%" in paragraph(close)


@pytest.mark.parametrize(
    ("target", "cell", "told"),
    [
        ({"at_least": 3, "unit": "次"}, "≥3次", "不少于3次"),
        ({"more_than": 3, "unit": "件"}, "＞3件", "超过3件"),
        ({"at_most": 3, "unit": "起"}, "≤3起", "控制在3起以内"),
        ({"less_than": 3, "unit": "天"}, "＜3天", "控制在3天以下"),
        ({"exactly": 3, "unit": "名"}, "=3名", "3名"),
        ({"about": 30, "tolerance": 3, "unit": "户"}, "30户左右（±3户）", "上下浮动不超过3户"),
        ({"between": [2, 4], "unit": "个"}, "2个至4个", "2个至4个"),
        ({"at_least": 0.9, "measure": "latest", "unit": "%"}, "≥90%", "不低于90%"),
        ({"at_least": 1, "per": "quarter", "unit": "次"}, "每季度≥1次", "每季度不少于1次"),
        ({"at_least": "X", "unit": "场"}, "未量化", "未设量化目标"),
    ],
)
def test_goals_in_words(target: dict[str, object], cell: str, told: str) -> None:
    assessment = assessed(("2021-03-01", 0.5), as_of="2021-06-30", **target)
    assert line(assessment)["应完成"] == cell
    assert told in paragraph(assessment)


@pytest.mark.parametrize(
    ("per", "named"),
    [
        ("month", "1月至8月各差1次"),
        ("quarter", "一季度至三季度各差1次"),
        ("half_year", "上半年、下半年各差1次"),
        ("ten_days", "1月上旬至8月下旬各差1次"),
        ("week", "1月1日至8月31日共36周各差1次"),
        ("day", "1月1日至8月31日共243天各差1次"),
    ],
)
def test_lost_windows_are_named(per: str, named: str) -> None:
    assessment = assessed(at_least=1, per=per, unit="次", end="2021-08-31")
    assert named in paragraph(assessment)


def test_a_revision_shows_what_was_asked_before_and_why() -> None:
    revision = {"from": "2021-07-01", "at_least": 2, "reason": "防汛"}
    assessment = assessed(("2021-03-01", 1), at_least=4, unit="次", revisions=[revision])
    assert line(assessment)["应完成"] == "≥2次（原定≥4次）"
    assert "（原定不少于4次，自7月1日起调整，原因：防汛）" in paragraph(assessment)


def test_a_waiver_shows_what_was_asked_before_and_why() -> None:
    revision = {"from": "2021-07-01", "waived": True, "reason": "停办"}
    assessment = assessed(at_least=1, unit="届", revisions=[revision])
    assert line(assessment)["应完成"] == "免除（原定≥1届）"
    assert line(assessment)["实际"] == "—"
    assert "原定不少于1届，自7月1日起已免除（停办）" in paragraph(assessment)


def test_a_waiver_in_the_middle_keeps_the_windows_before_it() -> None:
    revision = {"from": "2021-07-01", "waived": True, "reason": "停办"}
    assessment = assessed(
        ("2021-01-05", 1), at_least=1, per="quarter", unit="届", revisions=[revision]
    )
    assert assessment.targets["status"].tolist() == ["missed"]
    assert line(assessment)["应完成"] == "每季度≥1届（7月1日起免除）"
    assert "（自7月1日起免除，原因：停办）" in paragraph(assessment)


def test_revisions_hold_by_date_in_whatever_order_they_stand() -> None:
    later, earlier = {"from": "2021-08-01", "at_least": 5}, {"from": "2021-03-01", "at_least": 9}
    assessment = assessed(("2021-01-05", 1), at_least=1, unit="次", revisions=[later, earlier])
    assert line(assessment)["应完成"] == "≥5次（原定≥1次）"
    assert line(assessment)["缺口"] == "4次"


def test_a_target_without_any_window_says_so() -> None:
    assessment = assessed(at_least=1, per="year", end="2021-06-30", partial="skip", unit="次")
    assert line(assessment)["应完成"] == "每年≥1次（无考核期）"
    assert "没有可考核的时段或对象，不予考核" in paragraph(assessment)


def test_an_excess_is_never_called_a_lack() -> None:
    rows = [(f"2021-0{month}-01", 1.0) for month in range(1, 10)]
    band = assessed(*rows, between=[2, 4], unit="个")
    assert "超过4个的上限，多出5个，已无法挽回" in paragraph(band)
    assert "下限" not in paragraph(band)
    quarters = assessed(*rows, at_most=1, per="quarter", unit="起")
    assert "一季度至三季度各超2起" in paragraph(quarters)


def test_a_breach_cannot_be_undone_and_an_allowance_has_a_rest() -> None:
    days = [(f"2021-0{month}-01", 1.0) for month in (1, 2, 3, 4)]
    over = assessed(*days, as_of="2021-06-30", at_most=3, unit="次")
    assert "突破3次的上限，超出1次，已无法挽回" in paragraph(over)
    fast = assessed(*days, as_of="2021-04-30", at_most=5, unit="次")
    assert "快于时间进度，余量只有1次" in paragraph(fast)


def test_what_is_short_says_how_much_until_when_and_how_fast() -> None:
    assessment = assessed(("2021-03-01", 1), as_of="2021-06-30", at_least=12, unit="次")
    text = paragraph(assessment)
    assert "落后于时间进度，还须在12月31日前再完成11次（剩184天）" in text
    assert "平均每月需1.82次（目前每月0.17次）" in text


def test_growth_rises_and_falls_in_words() -> None:
    base = {"measure": "growth", "of": {"measure": "total"}, "baseline": 100, "unit": "%"}
    rise = assessed(("2021-03-01", 112), name="产值增长", at_least=0.1, **base)
    assert "产值增长12%，达到增长不低于10%的目标" in paragraph(rise)
    fall = assessed(("2021-03-01", 88), name="产值增长", at_least=0.1, **base)
    assert "产值下降12%" in paragraph(fall)
    assert "差22个百分点" in paragraph(fall)


def test_members_and_windows_that_fall_short_are_named() -> None:
    assessment = assessed(at_least=2, each="cadres", per="half_year", unit="户")
    text = paragraph(assessment)
    assert "甲、乙（上半年、下半年）各差2户" in text


def test_long_lists_are_cut() -> None:
    held = [(f"2021-{month:02d}-01", 1.0) for month in (2, 4, 6, 8, 10, 12)]
    held += [(f"2021-01-{day:02d}", 1.0) for day in range(1, 32, 2)]
    text = paragraph(assessed(*held, at_least=1, per="day", unit="次", end="2021-02-20"))
    assert "1月2日、1月4日、1月6日、1月8日、1月10日、1月12日、1月14日、1月16日等34天各差1次" in text


def test_numbers_of_problems() -> None:
    assert [chinese_number(number) for number in (1, 10, 11, 20, 99, 100)] == [
        "一", "十", "十一", "二十", "九十九", "100",
    ]  # fmt: skip


def test_known_at_stands_in_the_first_paragraph() -> None:
    plan, events = assessed(at_least=1).plan, assessed(at_least=1).events
    assessment = pb.assess(plan, events, as_of="2021-12-31", known_at="2022-01-05")
    assert "按2022年1月5日前登记的记录" in render_markdown(assessment)
    assert "5 January 2022" in render_markdown(assessment, lang="en")


def test_the_plan_s_own_language_is_the_default() -> None:
    assert "Achieved" in render_markdown(assessed(("2021-03-01", 1), at_least=1, lang="en"))
    assert "完成情况" in render_markdown(assessed(("2021-03-01", 1), at_least=1))


@pytest.mark.parametrize("render", [render_markdown, render_html, render_report, render_docx])
def test_a_language_without_words_is_refused(render: object) -> None:
    with pytest.raises(pb.UsageError, match="expected 'zh' or 'en'"):
        render(assessed(at_least=1), lang="fr")  # type: ignore[operator]


def test_organisations_have_a_league_table_and_their_own_shortfalls(
    villages: pb.Assessment,
) -> None:
    text = render_markdown(villages)
    league, *_ = [table for table in markdown_tables(text) if "名次" in table]
    assert league["组织"] == "槐荫村"
    rows = [row for row in markdown_tables(text) if "指标" in row]
    assert len(rows) == len(villages.targets)
    assert {row["组织"] for row in rows} == set(villages.organisations)
    assert "**槐荫村：** 主题党日" in text


def test_equal_organisations_share_a_rank() -> None:
    plan = pb.Plan(
        id="p", start="2021-01-01", end="2021-12-31", rosters={"organisations": ["甲", "乙", "丙"]},
        commitment=[{"id": "1", "target": [
            {"id": "t", "measure": "count", "kind": "k", "at_least": 2}]}],
    )  # fmt: skip
    rows = {
        "id": ["1", "2", "3"],
        "kind": "k",
        "date": "2021-03-01",
        "organisation": list("甲乙丙"),
    }
    events = pd.DataFrame(rows | {"organisation": ["甲", "乙", "甲"]})
    text = render_markdown(pb.assess(plan, events, as_of="2021-12-31", by="organisation"))
    league = [row for row in markdown_tables(text) if "名次" in row]
    assert [(row["组织"], row["名次"]) for row in league] == [("丙", "3"), ("乙", "2"), ("甲", "1")]
    even = pd.DataFrame(rows)
    text = render_markdown(pb.assess(plan, even, as_of="2021-12-31", by="organisation"))
    league = [row for row in markdown_tables(text) if "名次" in row]
    assert [row["名次"] for row in league] == ["1", "1", "1"]


def test_no_organisation_and_no_event_still_make_a_report() -> None:
    silent = assessed(at_least=1)
    nobody = pb.assess(
        silent.plan, silent.events, as_of="2021-12-31", by="organisation", organisations=[]
    )
    for assessment in (silent, nobody):
        for lang in ("zh", "en"):
            assert render_markdown(assessment, lang=lang).startswith("# ")
            assert render_report(assessment, lang=lang).startswith("# ")
            assert "</html>" in render_html(assessment, lang=lang)


@pytest.mark.parametrize(
    ("render", "package"), [(render_docx, "docx"), (render_xlsx, "xlsxwriter")]
)
def test_a_missing_extra_names_its_pip_line(
    render: object, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(pb.MissingExtraError, match="pip install"):
        render(assessed(at_least=1))  # type: ignore[operator]


def test_every_kind_of_plan_makes_sentences() -> None:
    odd = re.compile("None|nan|NaT|，，|。。|；。|，。|（）|，；|、、| ,|,,|差差")
    for seed in range(40):
        data, rows, as_of, known_at, by, organisations = random_case(seed)
        try:
            plan = plan_from_mapping(data)
        except pb.PlanError:
            continue
        if not plan.targets:
            continue
        events = pd.DataFrame(rows or {"id": [], "kind": [], "date": []})
        assessment = pb.assess(
            plan, events, as_of=as_of, known_at=known_at, by=by, organisations=organisations
        )
        for lang in ("zh", "en"):
            for render in (render_markdown, render_report, render_html):
                text = render(assessment, lang=lang)
                assert render is render_html or odd.search(text) is None


def test_views_are_frozen() -> None:
    from partybuild.report.view_build import report_view

    view = report_view(assessed(at_least=1))
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        view.title = "x"  # type: ignore[misc]
    assert view.as_of == dt.date(2021, 12, 31)
