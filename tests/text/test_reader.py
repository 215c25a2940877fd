"""`read_text` over whole reports: what is read, what is left, and where it stands."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from work import calls_of

from partybuild.errors import SourceError, UsageError
from partybuild.sources.text.reader import read_text

MASKED = """2020年街道党工委书记抓党建工作述职报告

一、履职情况
（一）强化引领。全年组织召开X次党工委会议研究党建工作，X余次深入社区调研。
（二）建强队伍。今年，共有X名干部走上领导岗位，X余名干部参加各类培训。
二、存在问题
（一）力量不足。X名社区干部中X岁以上占X，每月到社区调研X次以上的要求落实不好。
三、下一步打算
（一）压实责任。坚持全年到支部调研指导不少于X天，帮助解决难题不少于X个，每季度召开X次推进会，全年开展督查不少于X次。
（二）抓实教育。继续推行“三会一课”，结合“一社区一品牌”开展活动，每季度为党员上X次党课。
（三）优化作风。深化“1+N全覆盖”联系制度，“零容忍”正风肃纪，每名街道干部至少结对帮扶X名困难群众。
"""


def test_a_masked_report_gives_every_promise_and_no_achievement() -> None:
    draft = read_text(MASKED)
    assert draft.year == 2021
    read = [(t.goal, t.unit, t.per, t.each, t.placeholder) for t in draft.targets]
    assert read == [
        ("at_least", "天", None, None, "X"),
        ("at_least", "个", None, None, "X"),
        ("at_least", "次", "quarter", None, "X"),
        ("at_least", "次", None, None, "X"),
        ("at_least", "次", "quarter", None, "X"),
        ("at_least", "名", None, "街道干部", "X"),
    ]
    assert all(t.value is None and MASKED[t.start : t.end] == "X" for t in draft.targets)
    assert [t.explicit for t in draft.targets] == [True, True, False, True, False, True]


def test_every_sentence_of_the_next_steps_is_a_commitment_with_its_place() -> None:
    draft = read_text(MASKED)
    assert [c.id for c in draft.commitments] == ["3.1.1", "3.2.1", "3.3.1"]
    assert draft.commitments[0].section == "（一）压实责任"
    for commitment in draft.commitments:
        assert MASKED[commitment.start : commitment.end] == commitment.text
        for target in commitment.targets:
            assert commitment.start <= target.start < target.end <= commitment.end
            assert MASKED[target.quote_start : target.quote_end] == target.quote
            assert all(MASKED[cue.start : cue.end] == cue.text for cue in target.cues)


def test_cues_say_why() -> None:
    (target,) = read_text("确保每名党员每年参加活动不少于4次，年内。", year=2021).targets
    roles = {cue.role: cue.text for cue in target.cues}
    assert roles == {
        "number": "4",
        "comparator": "不少于",
        "cadence": "每年",
        "each": "每名党员",
        "strength": "确保",
    }


def test_scope_all_reads_every_part() -> None:
    text = (
        "一、存在问题\n制度不全。\n二、考核办法\n开展活动不少于4次。\n三、下一步打算\n新建2处。\n"
    )
    assert len(read_text(text).targets) == 1
    assert len(read_text(text, scope="all").targets) == 2


def test_a_paste_without_headings_is_read_past_its_past() -> None:
    text = "今年共召开会议12次，走访群众300户。下一步，每月召开会议1次。"
    assert [t.value for t in read_text(text).targets] == [1]


def test_the_sentence_of_a_government_report() -> None:
    text = (
        "今年发展主要预期目标是：地区生产总值增长6%以上；城镇新增就业5000人以上，"
        "城镇调查失业率5.5%左右；居民消费价格涨幅3%左右；粮食产量保持在1.3亿斤以上。"
    )
    read = [(t.goal, t.value, t.unit) for t in read_text(text, year=2021).targets]
    assert read == [
        ("at_least", 0.06, "%"),
        ("at_least", 5000, "人"),
        ("about", 0.055, "%"),
        ("about", 0.03, "%"),
        ("at_least", 1.3, "亿斤"),
    ]


def test_a_baseline_is_no_target() -> None:
    (target,) = read_text("森林覆盖率由38%提高到41%。", year=2021).targets
    assert (target.value, target.baseline) == (0.41, 0.38)


def test_two_tiers_of_one_measure() -> None:
    targets = read_text("确保完成8个，力争完成10个。", year=2021).targets
    assert [(t.value, t.strength) for t in targets] == [(8, "firm"), (10, "stretch")]


def test_shares_of_unequal_lists_are_refused() -> None:
    draft = read_text("投资、消费、出口分别增长7%和8%。", year=2021)
    assert draft.targets == ()


def test_a_table_by_its_header() -> None:
    text = (
        "序号\t工作任务\t完成时限\t责任单位\n"
        "1\t建成示范点3个，培训党员不少于200人次\t6月底前\t党建办\n"
        "2\t完成换届选举\t2021年9月30日前\t组织办\n"
        "3\t加强学习\t全年\t宣传办\n"
    )
    draft = read_text(text, year=2021)
    assert [c.owner for c in draft.commitments] == ["党建办", "组织办", "宣传办"]
    read = [(t.value, t.unit, t.deadline, t.measure) for t in draft.targets]
    assert read == [
        (3, "个", dt.date(2021, 6, 30), "total"),
        (200, "人次", dt.date(2021, 6, 30), "total"),
        (None, None, dt.date(2021, 9, 30), "milestone"),
    ]
    assert all(text[t.start : t.end] in ("3", "200", "完成") for t in draft.targets)


def test_a_markdown_table() -> None:
    text = "| 任务 | 时限 |\n|---|---|\n| 新建公路20公里 | 年底前 |\n"
    (target,) = read_text(text, year=2021).targets
    assert (target.value, target.unit, target.deadline) == (20, "公里", dt.date(2021, 12, 31))


def test_a_deadline_after_the_promise() -> None:
    (target,) = read_text("建成示范点5个。完成时限：2021年4月30日前。", year=2021).targets
    assert target.deadline == dt.date(2021, 4, 30)


def test_vague_phrases_are_named() -> None:
    draft = read_text("下一步，进一步加强学习，定期开展谈心。")
    assert draft.targets == ()
    assert [(v.text, v.quote) for v in draft.vague] == [
        ("进一步", "进一步加强学习"),
        ("定期", "定期开展谈心"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_files_in_both_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "report.txt"
    path.write_bytes(MASKED.encode(encoding))
    assert read_text(path).targets == read_text(MASKED).targets
    assert len(read_text(str(path)).targets) == 6


def test_faults_of_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="missing"):
        read_text(tmp_path / "missing.txt")
    with pytest.raises(SourceError, match="this kind"):
        read_text(tmp_path / "report.pdf")
    broken = tmp_path / "broken.txt"
    broken.write_bytes(b"\xff\xff\xff\x00\x00")
    with pytest.raises(SourceError, match="broken"):
        read_text(broken)


def test_wrong_arguments() -> None:
    with pytest.raises(UsageError, match="scope"):
        read_text("x", scope="past")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="source"):
        read_text(12)  # type: ignore[arg-type]


def told(text: str) -> list[tuple[object, ...]]:
    targets = read_text(text, year=2021).targets
    return [(t.name, t.goal, t.value, t.unit, t.per, t.each) for t in targets]


def test_the_words_of_success_are_nouns() -> None:
    assert told("达标面不低于90%，达标月份不少于11个。") == [
        ("达标面", "at_least", 0.9, "%", None, None),
        ("达标月份", "at_least", 11, "个", None, None),
    ]


def test_a_range_may_repeat_its_unit() -> None:
    assert told("帮扶资金发放控制在18万元至22万元之间。") == [
        ("帮扶资金发放", "between", (18.0, 22.0), "万元", None, None)
    ]


def test_a_share_of_the_periods_is_noted_and_doubted() -> None:
    (one,) = read_text("每两个月组织1轮专项督查，五轮中至少按期完成四轮。", year=2021).targets
    assert (one.value, one.unit, one.name) == (1, "轮", "组织专项督查")
    assert one.confidence < 0.7
    assert any("四 of 五" in note for note in one.notes)


def test_both_halves_of_the_year_are_a_cadence() -> None:
    assert told("每名镇干部上、下半年参加集中培训均不少于20学时。") == [
        ("参加集中培训", "at_least", 20, "学时", "half_year", "镇干部")
    ]


def test_a_margin_is_the_tolerance_of_the_goal_before_it() -> None:
    (one,) = read_text("培育党员中心户30户左右，上下浮动不超过3户。", year=2021).targets
    assert (one.goal, one.value, one.tolerance, one.notes) == ("about", 30, 3.0, ())


def test_a_number_that_counts_a_list_promises_nothing() -> None:
    assert told("用好院坝会、村广播、宣讲小分队三个阵地。") == []
    assert [row[2] for row in told("建成甲村、乙村两个示范点。")] == [2]


def test_empty_brackets_leave_the_name() -> None:
    assert told("春季防火期（2月至4月）每旬开展1次火源排查。")[0][0] == "春季防火期开展火源排查"


def test_half_of_it_by_summer_is_a_doubted_share() -> None:
    first, half = read_text("办结难题不少于40件，上半年完成过半。", year=2021).targets
    assert (half.measure, half.value, half.deadline) == ("ratio", 0.5, dt.date(2021, 6, 30))
    assert half.confidence < 0.7 < first.confidence


def test_holders_are_counted_and_their_number_describes_them() -> None:
    assert told("力争有3个村突破50万元。") == [("村突破50万元", "at_least", 3, "个", None, None)]


def test_all_of_a_noun_is_each_of_it() -> None:
    assert told("村集体经济收入均达到20万元以上。") == [
        ("村集体经济收入", "at_least", 20, "万元", None, "村")
    ]


def test_a_new_scope_begins_without_the_cadence() -> None:
    _, pairing = told("每月至少开展1次主题党日，每名班子成员联系帮扶困难党员不少于3户。")
    assert pairing == ("联系帮扶困难党员", "at_least", 3, "户", None, "班子成员")


def test_what_is_compared_with_stays_out_of_the_name() -> None:
    (one,) = read_text("群众满意度由88%提高到92%。", year=2021).targets
    assert (one.name, one.baseline, one.value) == ("群众满意度", 0.88, 0.92)
    assert told("电商销售额在320万元的基础上增长15%以上。")[0][0] == "电商销售额增长"


SOUP = (
    "每名年月季度全不少于至多以上下内左右确保力争召开次个%X一二三十百万亿.0123456789"
    "，、；。（）“”\n 已了共增长下降到由达分别各均"
)


@given(st.text(alphabet=SOUP, max_size=120))
def test_any_text_is_read_and_every_place_is_true(text: str) -> None:
    draft = read_text(text + "\n", year=2021)
    for target in draft.targets:
        assert 0 <= target.start < target.end <= len(draft.text)
        assert 0 < target.confidence <= 1
        assert target.name
        assert target.value is None or target.value == target.value  # no nan
    draft.to_plan()


PIECES = (
    "1 X （ “ 一 每 每名 不少于 12月 3次 3次， 、 以上 分别1、 全覆盖 由1提高到 召开 | 一、 2021年"
    " 百分之 超过 A 。 增长 每季度 （含） 〔2021〕 以下的 等"
).split()


@pytest.mark.parametrize("piece", [*PIECES, "\t", "\n"])
def test_long_runs_of_one_piece_are_read_to_the_end(piece: str) -> None:
    # a rule that goes back and forth would not come to an end here
    text = (piece * 20_000)[:20_000] + "\n召开推进会不少于3次。"
    draft = read_text(text, year=2021)
    assert draft.text.endswith("召开推进会不少于3次。")


@pytest.mark.parametrize("piece", [*PIECES, "\t", "\n"])
def test_work_doubles_when_the_text_doubles(piece: str) -> None:
    short, long = ((piece * length)[:length] + "\n" for length in (1_000, 4_000))
    read_text(short, year=2021)

    def work(text: str) -> int:
        return calls_of(lambda: read_text(text, year=2021))

    assert work(long) < 6 * max(work(short), 1_000)


@pytest.mark.parametrize(
    ("text", "tolerance"),
    [
        ("培训干部50人次左右，偏差不超过5%。", 2.5),
        ("增长6%左右，误差不超过0.5个百分点。", 0.005),
        ("培训干部50人次左右，偏差不超过5天。", None),
    ],
)
def test_a_margin_stands_in_the_unit_of_its_goal(text: str, tolerance: float | None) -> None:
    (one,) = read_text(text, year=2021).targets
    assert one.tolerance == pytest.approx(tolerance)


def test_a_margin_without_a_rough_goal_is_a_goal() -> None:
    assert told("数据偏差率不超过1%。")[0][1:4] == ("at_most", 0.01, "%")


def test_a_day_that_does_not_exist_is_named_and_never_moved() -> None:
    draft = read_text("2021年2月30日前建成2个示范点。")
    (row,) = draft.frame.itertuples()
    assert row.deadline is None
    assert row.confidence < 0.75
    assert "no day of the calendar" in str(draft.problems[0])


def test_quarters_to_choose_from_are_windows_of_their_own() -> None:
    text = "一、三季度每季度至少参加1次组织生活会，二、四季度各上1次党课。"
    found = read_text(text, year=2021).targets
    assert [(one.name, str(one.first), str(one.deadline), one.per) for one in found] == [
        ("参加组织生活会", "2021-01-01", "2021-03-31", None),
        ("参加组织生活会", "2021-07-01", "2021-09-30", None),
        ("上党课", "2021-04-01", "2021-06-30", None),
        ("上党课", "2021-10-01", "2021-12-31", None),
    ]
    assert min(one.confidence for one in found) >= 0.7
    doubted = read_text("第一、第三季度开展2次督查。", year=2021).targets
    assert [one.confidence for one in doubted] == [0.65, 0.65]


def test_what_recurs_needs_no_number() -> None:
    text = "半年一次、每周二开展学习；每季度召开党建例会，不少于2次；每月通报制度要落实。"
    found = read_text(text, year=2021).targets
    assert [(one.goal, one.value, one.per, one.explicit) for one in found] == [
        ("at_least", 1, "half_year", False),
        ("at_least", 1, "week", False),
        ("at_least", 2, "quarter", True),
    ]


def test_cadences_in_a_list_share_the_number_behind_them() -> None:
    found = read_text("县级河长每季度、乡级河长每月巡河不少于2次。", year=2021).targets
    assert [(one.name, one.value, one.per) for one in found] == [
        ("县级河长巡河", 2, "quarter"),
        ("乡级河长巡河", 2, "month"),
    ]


def test_parts_of_a_number_are_marked() -> None:
    text = "新发展党员10名，其中35岁以下6名、女党员5名；到会率达到95%，其中机关党员98%。"
    found = read_text(text, year=2021).targets
    assert [(one.value, one.is_part) for one in found] == [
        (10, False),
        (6, True),
        (5, True),
        (0.95, False),
    ]
    assert [one.notes for one in found] == [(), (), ("the parts come to more than the whole",), ()]


def test_enough_of_the_year_is_required() -> None:
    found = read_text("每月开展主题党日1次，全年12个月中至少10个月达标。", year=2021).targets
    assert [(one.per, one.require, one.notes) for one in found] == [("month", 10, ())]
    quarters = "每季度上党课1次，四个季度中至少3个季度由书记主讲。"
    assert [one.require for one in read_text(quarters, year=2021).targets] == [3]
    ahead = "全年12个月中至少10个月开展主题党日1次，每季度讲党课1次。"
    found = read_text(ahead, year=2021).targets
    assert [(one.name, one.value, one.per, one.require) for one in found] == [
        ("开展主题党日", 1, "month", 10),
        ("讲党课", 1, "quarter", None),
    ]


def test_a_list_of_occasions_gives_each_its_own_name() -> None:
    found = read_text("每季度一次支委会、一次党员大会。", year=2021).targets
    assert [one.name for one in found] == ["支委会", "党员大会"]


def test_a_promise_alone_on_its_line_is_no_title() -> None:
    found = read_text("完成年度目标任务12个", year=2021).targets
    assert [(one.value, one.unit) for one in found] == [(12, "个")]


def test_a_date_in_brackets_of_its_own_dates_what_stood_before() -> None:
    found = read_text("新建驿站3座。（9月底前完成）", year=2021).targets
    assert [(one.value, one.deadline) for one in found] == [(3, dt.date(2021, 9, 30))]


def test_the_year_of_the_report_is_not_the_planned_one() -> None:
    text = "2020年度述职报告\n三、下一步打算\n年底前培训党员200人以上。"
    draft = read_text(text, year=2020)
    assert (draft.year, str(draft.targets[0].deadline)) == (2021, "2021-12-31")
    assert [one.code for one in draft.problems] == ["next-year"]
    for year in (None, 2021):
        quiet = read_text(text, year=year)
        assert (quiet.year, quiet.problems) == (2021, ())
    assert read_text(text, year=2025).year == 2025


@pytest.mark.parametrize(
    "text",
    [
        "群众满意率低于80%的，责令整改。",
        "缺课三分之一以上的不予结业。",
        "培训按每半天4学时计算。",
        "截至10月底，完成投资4.6亿元。",
        "有下列情形之一的，取消资格：迟到三次以上、旷工一天以上。",
        "在交办的42件信访件中，属实36件。",
        "培育百万元强村，税收超亿元企业。",
        "这一年，我们争取资金2.3亿元，办成了一批大事。",
    ],
)
def test_rules_and_results_promise_nothing(text: str) -> None:
    assert read_text(text, year=2021).targets == ()


def test_lists_of_things_counted_before_their_nouns() -> None:
    found = read_text("建设12个村史馆、5座戏台和20个农家书屋。", year=2021).targets
    assert [(one.name, one.value, one.unit) for one in found] == [
        ("建设村史馆", 12, "个"),
        ("戏台", 5, "座"),
        ("农家书屋", 20, "个"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "召开大会必须有三分之二以上代表参加，否则不能召开。",
        "到会人数超过应到人数的五分之四，会议有效。",
        "二、提升环境品质方面（3项）",
    ],
)
def test_what_it_takes_and_what_stands_below_promise_nothing(text: str) -> None:
    assert read_text(text, year=2021).targets == ()


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("到会并参加培训不少于3次，确保学习有效。", [(3, "次")]),
        ("每个县（市、区）力争引进1-2个过50亿元、过100亿元项目。", [((1, 2), "个")]),
        ("*新增1家长者食堂、*3家乡村照护之家", [(1, "家"), (3, "家")]),
        ("推进300堂知识巡讲，为1000人筛查眼病。", [(300, "堂"), (1000, "人")]),
        ("推进62处隐患排查，推进18个托育点扩优提质。", [(18, "个")]),
        ("农村贫困人口脱贫66万人。", [(66, "万人")]),
        ("力争每个村都有1个合作社。", [(1, "个")]),
        ("策划实施1-2个规模较大的项目。", [((1, 2), "个")]),
    ],
)
def test_what_counts_and_what_only_describes(
    text: str, amounts: list[tuple[float | tuple[float, float], str]]
) -> None:
    found = read_text(text, year=2021).targets
    assert [(one.value, one.unit) for one in found] == amounts


def test_the_sum_that_projects_plan_opens_no_next_steps() -> None:
    text = "2020年，新引进亿元项目496个，计划投资额2529亿元。\n新开工项目460个，占比69.35%。"
    draft = read_text(text, year=2021)
    assert [one.section for one in draft.commitments] == [None, None]
    assert all(one.value not in (496, 2529) for one in draft.targets)


def test_the_title_of_a_list_of_works_opens_plans() -> None:
    told = "为老年人接种流感疫苗24723人。"
    assert read_text(told, year=2023).targets == ()
    assert read_text(f"2023年度重点民生实事项目\n{told}", year=2023).targets
    assert read_text(f"2023年民生实事项目完成情况\n{told}", year=2023).targets == ()


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("各类事故死亡人数要下降3%", "各类事故死亡人数下降"),
        ("●居民消费价格涨幅2%左右", "居民消费价格涨幅"),
        ("我国要再减少1000万以上贫困人口", "减少贫困人口"),
        ("幼儿园将新增2070个学位", "幼儿园新增"),
        ("目标是再改造5万个小区", "改造小区"),
        ("召开重要会议不少于2次", "召开重要会议"),
        ("培养将才不少于5名", "培养将才"),
    ],
)
def test_a_name_holds_no_mark_and_no_auxiliary(said: str, name: str) -> None:
    assert read_text(f"下一步打算\n{said}。").frame["name"].tolist() == [name]


def test_places_are_no_percentage_points() -> None:
    frame = read_text("下一步打算\n新建公共自行车10个点；参保率提高2个点。").frame
    assert frame["measure"].tolist() == ["total", "latest"]
