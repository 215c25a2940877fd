"""A plan as sheets: written, read back, and typed in by somebody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

openpyxl = pytest.importorskip("openpyxl")

from partybuild.errors import PlanError, SourceError  # noqa: E402
from partybuild.plan import Plan  # noqa: E402
from partybuild.sources.plans import read_plan  # noqa: E402
from partybuild.workbook import read_plan_sheet, write_plan_sheet  # noqa: E402

HEAD = ["计划编号", "2021", "开始", "2021-01-01", "结束", "2021年12月31日"]
HEADINGS = ["承诺编号", "承诺内容", "责任单位", "指标编号", "指标名称", "计量方式", "事项", "目标",
            "目标值", "单位", "频次", "对谁", "期限", "其他参数"]  # fmt: skip


def typed(path: Path, rows: list[list[Any]], rosters: list[list[Any]] | None = None) -> Path:
    book = openpyxl.Workbook()
    page = book.active
    page.title = "指标"
    for row in [["某镇2021年承诺"], HEAD, [], HEADINGS, *rows]:
        page.append(row)
    if rosters:
        other = book.create_sheet("名单")
        for row in [["名单", "成员", "起", "止"], *rosters]:
            other.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize("name", ["plan.toml", "plan-villages.toml"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_example_plans_come_back_equal(
    examples: Path, tmp_path: Path, name: str, lang: str
) -> None:
    plan = read_plan(examples / "data" / name)
    write_plan_sheet(plan, tmp_path / "plan.xlsx", lang=lang)
    assert read_plan_sheet(tmp_path / "plan.xlsx") == plan


def test_a_plan_that_somebody_typed(tmp_path: Path) -> None:
    found = read_plan_sheet(typed(
        tmp_path / "a.xlsx",
        [["1.1", "全年督查", "纪检办", "t1", "督查", "次数", "督查、暗访", "≥", 12, "次", "每季度"],
         [None, None, None, "t2", "满意度", "latest", "测评", "不少于", "95%", "%"],
         ["1.2", "加强领导。", "党建办"],
         [2, "结对", None, "t3", "结对", "合计", "结对", "介于", "３～5", "户", None, "cadres"],
         [None, None, None, "t4", "办结", "办结", "办结", *[None] * 5, "2021/6/30"],
         [None, None, None, "t5", "待定", "次数", "会议", "不少于", "x"]],
        [["cadres", "甲"], [None, "乙", "2021-04-01"]],
    ))  # fmt: skip
    assert found == Plan(
        id="2021", title="某镇2021年承诺", start="2021-01-01", end="2021-12-31",
        rosters={"cadres": ["甲", {"id": "乙", "from": "2021-04-01"}]},
        commitment=[
            {"id": "1.1", "text": "全年督查", "owner": "纪检办", "target": [
                {"id": "t1", "name": "督查", "measure": "count", "kind": ["督查", "暗访"],
                 "at_least": 12, "unit": "次", "per": "quarter"},
                {"id": "t2", "name": "满意度", "measure": "latest", "kind": "测评",
                 "at_least": 0.95, "unit": "%"}]},
            {"id": "1.2", "text": "加强领导。", "owner": "党建办"},
            {"id": "2", "text": "结对", "target": [
                {"id": "t3", "name": "结对", "measure": "total", "kind": "结对",
                 "between": [3, 5], "unit": "户", "each": "cadres"},
                {"id": "t4", "name": "办结", "measure": "milestone", "kind": "办结",
                 "deadline": "2021-06-30"},
                {"id": "t5", "name": "待定", "measure": "count", "kind": "会议",
                 "at_least": "X"}]},
        ],
    )  # fmt: skip
    assert (found.target("t4").origin.sheet, found.target("t4").origin.row) == ("指标", 9)


@pytest.mark.parametrize(
    ("row", "cell", "words"),
    [
        (["1", "", "", "t", "", "次书", "督查", "不少于", 12], "F5", "measure"),
        (["1", "", "", "t", "", "次数", "督查", "起码", 12], "H5", "not a goal"),
        (["1", "", "", "t", "", "次数", "督查", "不少于", "十来次"], "I5", "not a number"),
        (["1", "", "", "t", "", "次数", "督查", "不少于", None], "I5", "not a number"),
        (["1", "", "", "t", "", "次数", "督查", None, 12], "H5", "without what is asked"),
        (["1", "", "", "t", "", "次数", "督查", "不少于", 12, "", "每两月"], "K5", "per"),
        (["1", "", "", "t", "", "次数", "督查", "不少于", 12, "", "", "谁"], "L5", "roster"),
        (
            ["1", "", "", "t", "", "次数", "督查", "不少于", 12, "", "", "", "2021-02-31"],
            "M5",
            "date",
        ),
        (
            ["1", "", "", "t", "", "次数", "督查", "不少于", 12, "", "", "", "", "{"],
            "N5",
            "further",
        ),
        (["1", "", "", "t", "", "次数", "督查", "不少于", "=1+1"], "I5", "formula"),
        ([None, "没有编号", "", "t", "", "次数", "督查", "不少于", 12], "A5", "id"),
    ],
)
def test_each_fault_names_its_cell(tmp_path: Path, row: list[Any], cell: str, words: str) -> None:
    with pytest.raises(PlanError) as caught:
        read_plan_sheet(typed(tmp_path / "a.xlsx", [row]))
    places = {getattr(one, "cell", None): str(one) for one in caught.value.problems}
    assert cell in places, caught.value
    assert words in places[cell]
    assert f"sheet 指标, cell {cell}" in places[cell]


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    rows = [["1", "", "", "t", "", "次数", "督查", "起码", 12],
            ["2", "", "", "u", "", "没有", "督查", "不少于", 12],
            ["2", "", "", "u", "", "次数", "督查", "不少于", 12]]  # fmt: skip
    with pytest.raises(PlanError) as caught:
        read_plan_sheet(typed(tmp_path / "a.xlsx", rows))
    assert {"H5", "F6"} <= {getattr(one, "cell", None) for one in caught.value.problems}


def test_a_workbook_without_a_plan_says_so(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "a.xlsx")
    with pytest.raises(SourceError, match="no sheet 指标 or Targets"):
        read_plan_sheet(tmp_path / "a.xlsx")


TEXTS = st.text(
    st.sampled_from("甲乙 =+-@'\"{}、；;#_x0041年\n\t　12.5%全年"), min_size=1, max_size=12
).filter(lambda text: text.strip() != "")


@settings(max_examples=40)
@given(
    texts=st.lists(TEXTS, min_size=6, max_size=6),
    value=st.one_of(st.integers(0, 10**9), st.floats(0.001, 1e6), st.just("X")),
    kinds=st.lists(TEXTS, min_size=1, max_size=3, unique=True),
)
def test_whatever_a_plan_says_comes_back(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], value: Any, kinds: list[str]
) -> None:
    title, section, text, owner, name, unit = texts
    try:
        plan = Plan(
            id="p", title=title, start="2021-01-01", end="2021-12-31",
            rosters={"r": [{"id": "m", "name": name}, "n"]},
            commitment=[{"id": "1", "section": section, "text": text, "owner": owner, "weight": 2,
                         "target": [{"id": "t", "name": name, "measure": "total", "kind": kinds,
                                     "unit": unit, "at_least": value, "each": "r"},
                                    {"id": "u", "measure": "count", "kind": "会"}]}],
        )  # fmt: skip
    except PlanError:
        return
    path = tmp_path_factory.mktemp("plan") / "plan.xlsx"
    write_plan_sheet(plan, path)
    assert read_plan_sheet(path) == plan
