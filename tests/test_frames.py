"""Any table of events into the canonical frame: headings, defaults, faults by row."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partybuild._frames import Table, draft_events, is_canonical, match_headings, normalise_events
from partybuild._frames.attributes import read_attribute
from partybuild._frames.headings import ALIASES
from partybuild.errors import EventError, UsageError
from partybuild.events import COLUMNS, DTYPES, empty_events


def frame_of(**columns: object) -> pd.DataFrame:
    return pd.DataFrame({"id": ["a"], "kind": ["党课"], "date": ["2021-03-05"]} | columns)


def faults_of(frame: pd.DataFrame, **options: object) -> list[tuple[str, int | None, str | None]]:
    problems = draft_events(Table(frame=frame, has_heading_row=False), **options).problems
    return [(problem.code, problem.row, problem.column) for problem in problems]


def test_the_three_required_columns_suffice() -> None:
    event = normalise_events(frame_of()).iloc[0]
    day = pd.Timestamp("2021-03-05")
    assert (event["end"], event["recorded_at"], event["quantity"]) == (day, day, 1.0)
    assert not event["void"]
    assert event[["unit", "subject", "organisation", "evidence", "note"]].isna().all()


def test_the_result_is_canonical_and_normalising_it_again_does_nothing() -> None:
    frame = normalise_events(frame_of(级别=["县"]))
    assert tuple(frame.columns) == (*COLUMNS, "级别")
    assert {name: str(frame[name].dtype) for name in COLUMNS} == DTYPES
    assert is_canonical(frame)
    assert normalise_events(frame) is frame


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("date", pd.to_datetime(["2021-03-05 09:00"])),
        ("date", pd.to_datetime([None])),
        ("end", pd.to_datetime(["2021-03-04"])),
        ("quantity", [math.nan]),
        ("quantity", [math.inf]),
        ("quantity", [1]),
        ("id", [None]),
        ("void", [1]),
        ("recorded_at", ["2021-03-05"]),
    ],
)
def test_a_frame_with_a_wrong_cell_or_type_is_not_taken_for_canonical(
    column: str, values: object
) -> None:
    frame = normalise_events(frame_of())
    frame[column] = values
    if str(frame[column].dtype).startswith("datetime64"):
        frame[column] = frame[column].astype("datetime64[us]")
    assert not is_canonical(frame)


def test_a_filtered_frame_gets_a_fresh_index() -> None:
    frame = normalise_events(pd.DataFrame({"id": ["a", "b"], "kind": "党课", "date": "2021-03-05"}))
    assert normalise_events(frame.iloc[1:]).index.tolist() == [0]


def test_the_index_of_a_frame_means_nothing() -> None:
    frame = pd.DataFrame(
        {
            "id": list("abc"),
            "kind": "率",
            "date": "2021-03-05",
            "quantity": ["95%", "4.5‰", "3"],
            "unit": pd.Series([None] * 3, dtype="str"),
            "级别": ["县", "镇", "村"],
        }
    )
    expected = normalise_events(frame)
    assert expected["unit"].tolist()[:2] == ["%", "‰"]
    for index in ([7, 7, 7], ["x", "y", "z"], [2, 1, 0]):
        pd.testing.assert_frame_equal(normalise_events(frame.set_axis(index)), expected)


def test_the_argument_is_not_changed() -> None:
    frame = frame_of(quantity=["3"], subject=[" 甲 "])
    before = frame.copy(deep=True)
    normalise_events(frame)
    pd.testing.assert_frame_equal(frame, before)


def test_every_fault_of_a_frame_comes_in_one_go_in_its_order() -> None:
    frame = pd.DataFrame(
        {
            "id": ["1", None, "3", "4", "5", "6"],
            "kind": ["党课", "党课", " ", "党课", "党课", "党课"],
            "date": ["2021-02-31", "x", "2021-03-01", "2021-03-05", "2021-03-05", "2021-03-05"],
            "end": [None, None, None, "2021-03-04", None, None],
            "quantity": ["1", "1", "1", "若干", "inf", "1"],
            "void": ["", "", "", "", "也许", ""],
        }
    )
    expected = [
        ("bad-date", 1, "date"),
        ("missing-value", 2, "id"),
        ("bad-date", 2, "date"),
        ("missing-value", 3, "kind"),
        ("end-before-date", 4, "end"),
        ("bad-number", 4, "quantity"),
        ("bad-number", 5, "quantity"),
        ("bad-flag", 5, "void"),
    ]
    assert faults_of(frame) == expected
    with pytest.raises(EventError) as caught:
        normalise_events(frame)
    assert len(caught.value.problems) == len(expected)
    draft = draft_events(Table(frame=frame))
    assert draft.events["id"].tolist() == ["6"]
    assert draft.rows.tolist() == [6]
    assert draft.rows_in == len(frame)


def test_a_missing_column_does_not_hide_the_faults_of_the_cells() -> None:
    frame = pd.DataFrame({"kind": ["党课"], "date": ["2021-02-31"]})
    assert faults_of(frame) == [("missing-column", None, None), ("bad-date", 1, "date")]


def test_a_percentage_brings_its_unit_where_none_is_said() -> None:
    frame = pd.DataFrame(
        {
            "id": ["a", "b", "c", "d"],
            "kind": "率",
            "date": "2021-03-05",
            "quantity": ["95%", "95%", "0.95", "4.5‰"],
            "unit": [None, "个", "%", ""],
        }
    )
    events = normalise_events(frame)
    assert events["quantity"].tolist() == [0.95, 0.95, 0.95, 4.5]
    assert events["unit"].tolist() == ["%", "个", "%", "‰"]


def test_unknown_and_zero_quantities_stay_apart() -> None:
    events = normalise_events(
        pd.DataFrame({"id": list("ab"), "kind": "k", "date": "2021-03-05", "quantity": ["", "0"]})
    )
    assert events["quantity"].tolist() == [1.0, 0.0]


def test_chinese_headings_of_the_issue() -> None:
    headings = "编号 日期 结束日期 事项 数量 单位 对象 单位/组织 佐证 备注 登记时间 作废"
    assert match_headings(headings.split()).names == (
        "id", "date", "end", "kind", "quantity", "unit", "subject", "organisation", "evidence",
        "note", "recorded_at", "void",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("序号", "id"), ("组织", "organisation"), ("单位名称", "organisation"),
        ("所属单位", "organisation"), ("村（社区）", "organisation"), ("佐证材料", "evidence"),
        ("记录时间", "recorded_at"), (" 单 位 ", "unit"), ("数量（次）", "quantity"),
        ("备注：", "note"),
        ("Recorded At", "recorded_at"), ("ORGANIZATION", "organisation"), ("＊事项", "kind"),
        ("级别", "级别"), ("单位（村）", "单位（村）"),
    ],
)  # fmt: skip
def test_spelling_variants_of_headings(heading: str, name: str) -> None:
    assert match_headings([heading]).names == (name,)


def test_no_heading_means_two_columns() -> None:
    words = [word for part in ALIASES.values() for word in part.replace("|", " ").split()]
    assert len(words) == len(set(words))
    assert set(ALIASES) == set(COLUMNS)


def test_canonical_names_go_before_other_headings() -> None:
    found = match_headings(["id", "编号", "kind", "date", "日期"])
    assert found.names == ("id", "编号", "kind", "date", "日期")
    assert found.problems == ()


def test_strong_headings_go_before_weak_ones() -> None:
    found = match_headings(["序号", "编号", "日期", "时间", "事项"])
    assert found.names == ("序号", "id", "date", "时间", "kind")
    assert found.problems == ()


def test_unit_and_organisation_side_by_side() -> None:
    assert match_headings(["单位", "组织"]).names == ("unit", "organisation")
    assert match_headings(["单位", "计量单位"]).names == ("organisation", "unit")
    assert match_headings(["单位", "计量单位", "组织"]).names == ("单位", "unit", "organisation")


def test_the_unit_in_the_heading_of_the_quantity() -> None:
    frame = pd.DataFrame(
        {
            "编号": ["1", "2", "3"],
            "事项": "拨付",
            "日期": "2021-03-05",
            "金额（万元）": ["3", "4", ""],
            "单位": [None, "元", None],
        }
    )
    events = normalise_events(frame)
    assert events["unit"].tolist()[:2] == ["万元", "元"]
    assert events["unit"].isna().tolist() == [False, False, True]


@pytest.mark.parametrize(
    ("headings", "code"),
    [
        (["编号", "日期", "日期", "事项"], "duplicate-column"),
        (["id", "id", "date", "kind"], "duplicate-column"),
        (["编号", "组织", "单位名称", "日期", "事项"], "duplicate-column"),
        (["编号", "日期", "事项", "级别", "级别"], "duplicate-column"),
        (["日期", "事项"], "missing-column"),
        (["id", "date", "kind", "quantiy"], "unclear-column"),
        ([], "missing-column"),
    ],
)
def test_headings_that_cannot_be_told_are_problems(headings: list[str], code: str) -> None:
    assert {problem.code for problem in match_headings(headings).problems} == {code}


def test_a_misspelt_heading_gets_a_hint_that_can_be_copied() -> None:
    problem = match_headings(["编号", "日起", "事项"]).problems[0]
    assert problem.message == "the column date is missing"
    assert problem.hint == "did you mean '日起'? then columns={'日起': 'date'}"


def test_columns_go_before_everything_else() -> None:
    frame = pd.DataFrame(
        {"编号": [1], "日期": ["2021-03-05"], "单位": ["东山村"], "what": ["党课"]}
    )
    columns = {"单位": "organisation", "what": "kind", "日期": "date"}
    events = normalise_events(frame, columns=columns)
    assert events[["kind", "organisation"]].values.tolist() == [["党课", "东山村"]]
    assert events["unit"].isna().all()


def test_columns_may_keep_or_rename_an_attribute() -> None:
    frame = frame_of(数量=["3"], 级别=["县"])
    events = normalise_events(frame, columns={"数量": "数量", "级别": "level"})
    assert events[["quantity", "数量", "level"]].values.tolist() == [[1.0, "3", "县"]]


def test_columns_that_names_no_heading_is_one_problem() -> None:
    frame = pd.DataFrame({"编号": [1], "时期": ["2021-03-05"], "事项": ["党课"]})
    problems = draft_events(Table(frame=frame), columns={"日期": "date"}).problems
    assert [problem.code for problem in problems] == ["missing-column"]
    assert "日期" in problems[0].message


def test_columns_that_would_make_a_second_column_is_a_problem() -> None:
    frame = frame_of(quantity=["3"], 实际=["4"])
    problems = draft_events(Table(frame=frame), columns={"实际": "quantity"}).problems
    assert [problem.code for problem in problems] == ["duplicate-column"]


@pytest.mark.parametrize("columns", [["kind"], {"a": 1}, {"a": ""}, {"a": "id", "b": "id"}, "id"])
def test_columns_of_a_wrong_kind_is_misuse(columns: object) -> None:
    with pytest.raises(UsageError, match="columns"):
        normalise_events(frame_of(), columns=columns)


@pytest.mark.parametrize("timezone", ["Mars/Olympus", "", "../etc/passwd", None, 8])
def test_a_timezone_that_is_none_is_misuse(timezone: object) -> None:
    with pytest.raises(UsageError, match="timezone"):
        normalise_events(frame_of(), timezone=timezone)


@pytest.mark.parametrize("frame", [None, [], {"id": []}, "events.csv"])
def test_what_is_no_frame_is_misuse(frame: object) -> None:
    with pytest.raises(UsageError, match="expected a pandas DataFrame"):
        normalise_events(frame)


def test_several_rows_of_headings_are_misuse() -> None:
    frame = pd.DataFrame([[1]], columns=pd.MultiIndex.from_tuples([("a", "b")]))
    with pytest.raises(UsageError, match="rows of headings"):
        normalise_events(frame)


def test_a_column_without_heading_is_named_only_if_it_has_cells() -> None:
    blank = frame_of(x=[None]).rename(columns={"x": ""})
    assert faults_of(blank) == []
    assert faults_of(frame_of(x=["3"]).rename(columns={"x": ""})) == [
        ("missing-heading", None, None)
    ]


def test_attributes_get_one_type_each() -> None:
    def typed(*values: object) -> tuple[str, list]:
        column, faults = read_attribute(pd.Series(values, dtype=object))
        assert faults == {}
        return str(column.dtype), column.tolist()

    assert typed("a", " b ") == ("str", ["a", "b"])
    assert typed(1, 2) == ("int64", [1, 2])
    assert typed(1, 2.5) == ("float64", [1.0, 2.5])
    assert typed(True, False) == ("bool", [True, False])
    assert typed(1, "县") == ("str", ["1", "县"])
    assert typed(dt.datetime(2021, 3, 5), dt.datetime(2021, 3, 6))[0] == "datetime64[us]"
    assert typed(1, None)[0] == "Int64"
    assert typed(True, None)[0] == "boolean"


def test_an_error_value_in_an_attribute_is_a_fault_and_leaves_its_type() -> None:
    column, faults = read_attribute(pd.Series([1, "#N/A", 3], dtype=object))
    assert str(column.dtype) == "Int64"
    assert list(faults) == [1]


def test_attributes_of_a_frame_stay_as_they_came() -> None:
    objects = [{"a": 1}]
    frame = frame_of(x=objects, y=[7], z=pd.to_datetime(["2021-03-05"]))
    events = normalise_events(frame)
    assert events["x"].tolist() == objects
    assert events[["y", "z"]].dtypes.tolist() == frame[["y", "z"]].dtypes.tolist()


def test_a_nullable_and_a_categorical_frame_become_canonical() -> None:
    frame = pd.DataFrame(
        {
            "id": pd.array([1, 2], dtype="Int64"),
            "kind": pd.Categorical(["党课", "党课"]),
            "date": pd.array([dt.date(2021, 3, 5)] * 2, dtype=object),
            "quantity": pd.array([1.5, None], dtype="Float64"),
            "void": pd.array([None, True], dtype="boolean"),
        }
    )
    events = normalise_events(frame)
    assert is_canonical(events)
    assert events["id"].tolist() == ["1", "2"]
    assert events["quantity"].tolist() == [1.5, 1.0]
    assert events["void"].tolist() == [False, True]


def test_an_empty_frame_with_headings_is_an_empty_year() -> None:
    events = normalise_events(pd.DataFrame({"id": [], "kind": [], "date": []}))
    pd.testing.assert_frame_equal(events, empty_events())


CELL = st.one_of(
    st.none(), st.text(max_size=6), st.integers(-5, 50_000), st.floats(width=16), st.booleans(),
    st.dates(), st.datetimes(), st.sampled_from(["2021-3-5", "95%", "是", "#REF!", "1,000"]),
)  # fmt: skip
HEADING = st.sampled_from([*COLUMNS, *COLUMNS, "编号", "日期", "事项", "级别", "", None, 7])


@st.composite
def tables(draw: st.DrawFn) -> pd.DataFrame:
    headings = ["id", "kind", "date", *draw(st.lists(HEADING, max_size=6))]
    rows = draw(st.lists(st.tuples(*[CELL] * len(headings)), max_size=6))
    columns = [pd.Series([row[i] for row in rows], dtype=object) for i in range(len(headings))]
    frame = pd.DataFrame(dict(enumerate(columns)))
    frame.columns = pd.Index(headings, dtype=object)
    return frame


@given(frame=tables())
def test_each_row_is_read_or_named(frame: pd.DataFrame) -> None:
    draft = draft_events(Table(frame=frame, file="x"))
    assert is_canonical(draft.events)
    named = {problem.row for problem in draft.errors if problem.column is not None}
    if not any(problem.column is None for problem in draft.errors) and len(draft.events):
        assert set(draft.rows.tolist()) | named == set(range(1, len(frame) + 1))
        assert not set(draft.rows.tolist()) & named


@given(frame=tables(), seed=st.integers(0, 1000))
def test_the_order_of_rows_only_orders_the_result(frame: pd.DataFrame, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(frame))
    first = draft_events(Table(frame=frame, file="x"))
    shuffled = frame.iloc[order].reset_index(drop=True)
    second = draft_events(Table(frame=shuffled, file="x"))
    back = np.argsort(order[second.rows - 1]) if len(second.rows) else []
    pd.testing.assert_frame_equal(second.events.iloc[back].reset_index(drop=True), first.events)
    assert len(first.problems) == len(second.problems)


def test_a_unit_in_the_cell_fills_the_unit_and_may_not_contradict_it() -> None:
    table = {"id": ["a", "b", "c"], "kind": "督查", "date": "2021-03-05"}
    frame = pd.DataFrame(table | {"quantity": ["3次", "5户", "2次"], "unit": ["次", "次", None]})
    draft = draft_events(Table(frame=frame))
    assert draft.events[["quantity", "unit"]].values.tolist() == [[3.0, "次"], [2.0, "次"]]
    assert [(one.code, one.row, one.read) for one in draft.problems] == [("two-units", 2, "5户")]
