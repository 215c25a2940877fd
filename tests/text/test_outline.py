"""Headings, sections and sentences keep their places; the year is the report's next."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partybuild.sources.text.outline import Sentence, headings_and_sentences, plan_year

REPORT = """2020年度党支部书记述职报告
各位领导：现将有关情况报告如下。
一、履职情况
（一）抓学习。今年共学习12次。
二、存在的问题
学习不够深入。
三、下一步工作打算
（一）坚持问题导向，抓好整改。每季度督查1次；年底前全部销号。
1. 新建活动室2处。
2. 开展培训
一是请进来。二是走出去。
"""


def read(text: str) -> list[Sentence]:
    return list(headings_and_sentences(text))


def words(text: str, part: str) -> list[str]:
    return [text[s.start : s.end] for s in read(text) if s.part == part]


def test_sections_tell_the_past_from_the_next_steps() -> None:
    assert words(REPORT, "past") == ["今年共学习12次。", "学习不够深入。"]
    assert words(REPORT, "next") == [
        "每季度督查1次；年底前全部销号。",
        "新建活动室2处。",
        "请进来。",
        "走出去。",
    ]


def test_a_subheading_about_problems_stays_among_the_next_steps() -> None:
    sentence = next(s for s in read(REPORT) if s.part == "next")
    assert sentence.section == "（一）坚持问题导向，抓好整改"
    assert [heading.level for heading in sentence.headings] == [0, 1, 2]


def test_a_plan_needs_no_heading_for_its_next_steps() -> None:
    text = "2022年党建工作要点\n一、强化学习\n每月1次。\n二、考核评分\n少一次扣1分。\n"
    assert words(text, "next") == ["每月1次。"]
    assert words(text, "other") == ["少一次扣1分。"]


def test_words_open_the_next_steps_within_a_paragraph() -> None:
    text = "今年共召开会议12次。下一步，我们将每月召开1次。再开展2次。"
    assert words(text, "next") == ["下一步，我们将每月召开1次。", "再开展2次。"]


def test_markdown_headings() -> None:
    text = "# 工作总结\n## 一、工作情况\n完成3件。\n## 明年计划\n- 新建2处。\n"
    assert words(text, "past") == ["完成3件。"]
    assert words(text, "next") == ["新建2处。"]


def test_rows_of_tables_are_kept_whole() -> None:
    text = "任务\t时限\n建成3个\t6月底前\n| 甲 | 乙 |\n"
    rows = [text[s.start : s.end] for s in read(text) if s.is_row]
    assert rows == ["任务\t时限", "建成3个\t6月底前", "| 甲 | 乙 |"]


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2020年乡镇党委书记述职报告", 2021),
        ("关于2021年度工作情况的汇报", 2022),
        ("2022年党建工作要点", 2022),
        ("2020年工作总结和2021年工作计划", 2021),
        ("2021年政府工作报告", 2021),
        ("二〇二〇年述职报告", 2021),
        ("述职报告\n二、2023年工作打算\n", 2023),
        ("工作总结", None),
        ("", None),
    ],
)
def test_the_planned_year(text: str, year: int | None) -> None:
    assert plan_year(text) == year


@given(
    st.text(
        alphabet="一二三四、（）.1239 \t\n。；，是要下一步打算问题abc|#-*召开次每月不少于",
        max_size=200,
    )
)
def test_places_lie_in_the_text_and_in_order(text: str) -> None:
    sentences = read(text)
    assert all(0 <= s.start < s.end <= len(text) for s in sentences)
    assert all(a.end <= b.start for a, b in itertools.pairwise(sentences))
    assert all(text[s.start : s.end].strip() for s in sentences)


def test_lines_without_numbers_are_headings_too() -> None:
    text = "政府工作报告\n上半年工作回顾\n完成投资3亿元。\n2024年重点指标\n工业投资35亿元。"
    assert [sentence.part for sentence in read(text)] == ["past", "next"]
    assert [sentence.part for sentence in read("工作回顾\n完成投资3亿元。")] == ["past"]
