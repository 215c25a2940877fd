"""Sentences that tell of results without a word of the past: weighed, withheld, and said so."""

from __future__ import annotations

import pytest

from partybuild.sources.text import results
from partybuild.sources.text.masks import work_on
from partybuild.sources.text.reader import read_text

TOLD = {
    "a rank": "培育家庭农场47家，总量居全县第一。",
    "against the same time of the year before": "引进企业20家，同比增加5家。",
    "rates as they are measured": "改造户厕300户，普及率达到87.64%。",
    "figures nobody plans": "发放补贴1284.6万元。",
    "a rough number": "走访困难群众230余户。",
    "done by themselves": "12个项目竣工，新建厂房3万平方米。",
    "so many did it": "15名干部联系60户。",
    "what came of it": "新建广场5处，取得明显成效。",
    "said with 了": "新建广场5处，丰富了群众生活。",
    "said to be over": "新建广场5处，已投入使用。",
    "planned and done side by side": "年度计划投资8亿元，完成投资9亿元。",
    "planned and by now done": "计划种植树木2000亩，目前已全部完成。",
    "a sum that is planned": "2018年，引进亿元以上项目40个，计划投资额300亿元。",
    "more than anybody plans to hold": "举办文化活动482场。",
    "what is talked of": "重点涉及生态项目6个，造林项目2个。",
    "what it came to be": "建成3个露营地，西山成为网红打卡地。",
    "how much is done": "完成投资9亿元，占年度计划的64%。",
    "months that are over": "1-10月完成投资9亿元。",
    "an estimate": "预计全年完成投资9亿元。",
    "what a place is like": "该村海拔1300米，种植茶叶500亩。",
    "a year that is over": "2018年，新建广场5处。",
}


@pytest.mark.parametrize("sentence", TOLD.values(), ids=TOLD)
def test_a_result_alone_proposes_nothing_and_is_named(sentence: str) -> None:
    draft = read_text(sentence, year=2021)
    assert draft.targets == ()
    assert [one.text for one in draft.commitments] == [sentence]


PROMISED = {
    "ahead": "力争培育家庭农场47家，总量居全县第一。",
    "bound": "引进企业20家以上，改造户厕不少于300户。",
    "date": "6月底前发放补贴1284.6万元。",
    "cadence": "每季度走访困难群众230余户。",
    "driven": "推动12个项目竣工。",
    "works to the metre": "新建公路11.86公里，铺设管网3147米。",
    "round": "新建广场5处，种植茶叶500亩。",
    "each": "15名干部每人联系4户。",
    "indicators": "约束性指标是：生产总值能耗下降3.2%，用水量下降3%。",
    "as reckoned": "根据测算，全年能耗下降4.0%以上。",
    "with a bound beside it": "获批高新技术企业80家，税收占比82%以上。",
}


@pytest.mark.parametrize("sentence", PROMISED.values(), ids=PROMISED)
def test_a_promise_alone_is_proposed(sentence: str) -> None:
    assert read_text(sentence, year=2021).targets


def test_a_heading_outweighs_every_sign() -> None:
    told = "发放补贴1284.6万元，同比增加5%。"
    assert read_text(told, year=2021).targets == ()
    assert read_text(f"二、下一步打算\n{told}", year=2021).targets


def test_the_signs_are_named_with_their_weight() -> None:
    work = work_on("力争完成投资12.83亿元，同比增长8.3%。", year=2021)
    signs = dict(results.signs_of(work))
    assert signs["against the same time of the year before"] > 0
    assert signs["what lies ahead"] < 0
    assert results.weigh(work).lean == sum(signs.values())


def test_what_is_withheld_is_noted_with_its_line() -> None:
    draft = read_text("工作情况\n\n新建广场5处，取得明显成效。\n每月走访10户。", year=2021)
    notes = [(one.code, one.severity, one.line, one.read) for one in draft.problems]
    assert ("result", "note", 3, "新建广场5处，取得明显成效。") in notes
    assert "(what came of it)" in draft.problems[0].message
    assert [target.value for target in draft.targets] == [10]


def test_a_sentence_without_anything_to_withhold_is_no_problem() -> None:
    assert read_text("各项工作取得明显成效。", year=2021).problems == ()


AMBIGUOUS = "新建广场5处。"


def test_neighbours_decide_what_a_sentence_leaves_open() -> None:
    assert read_text(AMBIGUOUS, year=2021).targets
    told = "城乡面貌焕然一新，成效显著。"
    assert read_text(told + AMBIGUOUS, year=2021).targets == ()
    assert read_text(AMBIGUOUS + told, year=2021).targets == ()
    assert read_text(f"今年要补齐短板。{AMBIGUOUS}", year=2021).targets
    assert read_text(f"今年要补齐短板。{AMBIGUOUS}{told}", year=2021).targets
    # another line is another paragraph
    assert read_text(f"{told}\n{AMBIGUOUS}", year=2021).targets


def test_a_paragraph_that_promises_bears_a_sign_of_results() -> None:
    sentence = "投入资金1284.6万元。"
    assert read_text(sentence, year=2021).targets == ()
    assert read_text(f"将加大扶持力度。{sentence}", year=2021).targets


def test_a_title_of_results_tips_the_scales() -> None:
    open_ = "新建广场5处，惠及群众3000人。"
    assert read_text(open_, year=2021).targets
    assert read_text(f"2020年工作总结\n{open_}", year=2021).targets == ()
    assert read_text(f"2021年工作要点\n{open_}", year=2021).targets


def test_half_a_day_is_a_number() -> None:
    (target,) = read_text("每次活动不少于半天。", year=2021).targets
    assert (target.value, target.unit, target.each) == (0.5, "天", "次")
    assert read_text("下一步，上半天开会，大半天走访。", year=2021).targets == ()


def test_stars_are_places_to_fill_in_and_bold_type_is_not() -> None:
    (target,) = read_text("力争引资*亿元以上。", year=2021).targets
    assert (target.value, target.unit, target.placeholder) == (None, "亿元", "X")
    assert read_text("下一步，**突出重点**个别指导。", year=2021).targets == ()


@pytest.mark.parametrize(
    ("heading", "promises"),
    [
        ("二、20XX年工作计划", True),
        ("二、20____年下一步打算", True),
        ("二、202X年主要成效", False),
    ],
)
def test_masked_years_stand_in_headings(heading: str, promises: bool) -> None:
    draft = read_text(f"一、基本情况\n该镇辖14个村。\n{heading}\n{AMBIGUOUS}")
    assert bool(draft.targets) is promises


def test_a_year_and_a_comma_alone_open_no_plan() -> None:
    assert read_text("2020年，新建广场5处。今年，新建广场8处。", year=2021).targets[0].value == 8
    draft = read_text("主要做法。\n2021年，全镇将新建广场5处。", year=2021)
    assert [target.value for target in draft.targets] == [5]


@pytest.mark.parametrize(
    "sentence",
    [
        "计划缔造和美乡村3个、精品线路2条。",
        "力争擦亮文旅品牌5个，淬炼青年干部60名。",
        "今年要落成养老驿站8处，拓展服务网点25个。",
        "全年目标：税收5亿元，投资20亿元。",
    ],
)
def test_after_a_word_of_a_plan_any_verb_promises(sentence: str) -> None:
    assert len(read_text(sentence, year=2021).targets) == 2


@pytest.mark.parametrize(
    ("heading", "is_read"),
    [
        ("一、着力解决突出问题", True),
        ("一、帮扶困难群众", True),
        ("一、补齐民生短板", True),
        ("附件：2021年重点任务清单", True),
        ("一、存在问题", False),
        ("一、困难和不足", False),
        ("一、附件：评分标准", False),
    ],
)
def test_what_is_to_be_mended_is_no_part_of_the_past(heading: str, is_read: bool) -> None:
    assert bool(read_text(f"{heading}\n{AMBIGUOUS}", year=2021).targets) is is_read


def test_a_scheme_promises_under_every_heading() -> None:
    scheme = f"一、工作要求\n每月走访10户。\n二、建设广场\n{AMBIGUOUS}"
    assert len(read_text(scheme, year=2021).targets) == 2
    report = f"一、主要成效\n稳步推进。\n{scheme}"
    assert [target.value for target in read_text(report, year=2021).targets] == [10]
