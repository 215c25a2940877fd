"""A draft as frame, plan, file and page; filling in what is missing."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from partybuild.errors import DraftError, SourceError
from partybuild.sources.drafts import COLUMNS, Draft, write_draft
from partybuild.sources.plans import read_plan
from partybuild.sources.text.reader import read_text

TEXT = """三、下一步打算
（一）抓党建。每季度召开X次推进会，每名干部联系2户群众。
（二）促发展。地区生产总值增长6%左右，新建公路10—15公里；到2025年参保率达到97%。
（三）强保障。6月底前建成服务中心，居民收入翻一番，定期调度。
"""


@pytest.fixture
def draft() -> Draft:
    return read_text(TEXT, year=2021)


def test_the_frame(draft: Draft) -> None:
    frame = draft.frame
    assert tuple(frame.columns) == tuple(COLUMNS)
    assert frame.index.name == "target"
    assert list(frame["value"]) == [None, 2, 0.06, (10.0, 15.0), 0.97, None, 2]
    assert list(frame["unit"]) == ["次", "户", "%", "公里", "%", None, "倍"]
    assert frame["per"].iloc[0] == "quarter"
    assert list(frame["each"])[:2] == [None, "干部"]
    assert list(frame["deadline"])[4:6] == [dt.date(2025, 12, 31), dt.date(2021, 6, 30)]
    assert [TEXT[a:b] for a, b in zip(frame["start"], frame["end"], strict=True)][:3] == [
        "X",
        "2",
        "6%",
    ]
    assert frame["explicit"].dtype == bool
    assert frame["confidence"].between(0, 1).all()


def test_an_empty_draft_has_the_same_frame() -> None:
    frame = read_text("加强学习。").frame
    assert tuple(frame.columns) == tuple(COLUMNS)
    assert len(frame) == 0


def test_missing_values_are_named(draft: Draft) -> None:
    assert draft.missing == ("3.1.1-1", "3.2.1-1")  # 召开X次; 增长6%左右 without its tolerance
    codes = {problem.code for problem in draft.problems}
    assert {"no-value", "no-tolerance", "each"} <= codes
    missing = next(p for p in draft.problems if p.code == "no-value")
    assert missing.line == 2
    assert "3.1.1-1" in (missing.hint or "")


def test_fill(draft: Draft) -> None:
    filled = draft.fill(
        {
            "3.1.1-1": 1,
            "3.2.1-1": {"value": 0.06, "tolerance": 0.005},
            "3.2.1-2": [12, 15],
            "3.3.1-1": {"deadline": "2021-07-15"},
            "3.3.1-2": None,
        }
    )
    assert draft.missing
    assert filled.missing == ()
    assert len(filled.targets) == len(draft.targets) - 1
    plan = filled.to_plan(rosters={"干部": ["甲", "乙"]})
    assert plan.target("3.1.1-1").at_least == 1
    assert plan.target("3.2.1-1").tolerance == 0.005
    assert plan.target("3.2.1-2").between == (12.0, 15.0)
    assert plan.target("3.3.1-1").deadline == dt.date(2021, 7, 15)


def test_fill_names_every_fault(draft: Draft) -> None:
    with pytest.raises(DraftError) as caught:
        draft.fill({"3.1.1-9": 1, "3.1.1-1": {"goall": 2}, "3.1.1-2": "two"})
    assert [problem.code for problem in caught.value.problems] == [
        "unknown-target",
        "unknown-key",
        "bad-value",
    ]


def test_to_plan_keeps_what_is_missing_as_a_placeholder(draft: Draft) -> None:
    plan = draft.to_plan()
    assert (plan.start, plan.end) == (dt.date(2021, 1, 1), dt.date(2021, 12, 31))
    assert plan.target("3.1.1-1").at_least == "X"
    assert plan.target("3.1.1-2").each == "干部"
    assert len(plan.rosters["干部"]) == 0
    assert plan.target("3.2.1-1").about == "X"  # what lies around 6% is not said
    assert plan.target("3.2.1-3").at_least == "X"  # 2025 cannot be judged in 2021
    assert plan.target("3.3.1-1").measure == "milestone"
    doubled = plan.target("3.3.1-2")
    assert (doubled.measure, doubled.at_least, doubled.unit) == ("growth", 1, "%")


def test_without_a_year_there_is_no_plan() -> None:
    draft = read_text("每季度召开1次推进会，6月底前培训20人以上。")
    assert draft.targets[1].deadline == "--06-30"
    with pytest.raises(DraftError, match="year"):
        draft.to_plan()
    plan = draft.to_plan(start="2022-01-01", end="2022-12-31")
    assert plan.targets[1].deadline == dt.date(2022, 6, 30)


def test_a_written_draft_reads_as_a_plan(draft: Draft, tmp_path: Path) -> None:
    path = tmp_path / "draft.toml"
    write_draft(draft, path, title="草案")
    text = path.read_text(encoding="utf-8")
    assert "# 每季度召开X次推进会，每名干部联系2户群众\n" in text
    assert "# ! 3.1.1-1" in text
    plan = read_plan(path)
    assert plan.title == "草案"
    assert plan.targets == draft.to_plan(title="草案").targets
    assert [c.text for c in plan.commitments] == [c.text for c in draft.commitments]


def test_a_draft_that_cannot_be_written(draft: Draft, tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        write_draft(draft, tmp_path / "no" / "draft.toml")


def test_the_notebook_page_is_escaped_and_coloured() -> None:
    draft = read_text("召开<b>推进会</b>不少于4次。", year=2021)
    page = draft._repr_html_()
    assert "<b>" not in page
    assert "&lt;b&gt;" in page
    assert page.count("background:") > 6
    assert repr(draft) == "Draft(2021, 1 commitments, 1 targets)"


def test_a_deadline_outside_the_planned_year_is_named() -> None:
    draft = read_text("到2022年建成高标准农田3万亩；2022年6月底前建成文化广场。", year=2021)
    assert [problem.code for problem in draft.problems] == ["beyond", "beyond"]
    fields, square = draft.to_plan().commitments[0].targets
    assert (fields.measure, fields.value) == ("total", "X")
    # a milestone of next year is not missed in this one
    assert (square.measure, square.value, square.deadline) == ("count", "X", None)


def test_parts_weigh_nothing_and_enough_windows_are_required() -> None:
    text = "新发展党员10名，其中女党员4名；每月集中学习1次，12个月中至少10个月达标。"
    plan = read_text(text, year=2021).to_plan()
    weights = [target.weight for one in plan.commitments for target in one.targets]
    assert weights == [1, 0, 1]
    assert [target.require for one in plan.commitments for target in one.targets] == [
        None,
        None,
        10,
    ]


def test_require_can_be_filled_in() -> None:
    draft = read_text("每月集中学习1次。", year=2021)
    filled = draft.fill({draft.targets[0].id: {"require": 11}})
    assert filled.to_plan().commitments[0].targets[0].require == 11
