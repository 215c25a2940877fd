"""Arguments of a wrong kind are told by name, with what was got and what is expected."""

from __future__ import annotations

import inspect
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import partybuild as pb
from partybuild.errors import MissingExtraError, PartybuildError, SourceError, UsageError

PLAN = pb.Plan(
    id="2021",
    start="2021-01-01",
    end="2021-12-31",
    rosters={"organisations": ["甲镇", "乙镇"]},
    commitment=[
        {
            "id": "1",
            "target": [
                {"id": "t", "measure": "count", "kind": "督查", "at_least": 2, "unit": "次"}
            ],
        }
    ],
)
EVENTS = pb.read_events(
    pd.DataFrame({"id": ["a"], "kind": ["督查"], "date": ["2021-03-05"], "organisation": ["甲镇"]})
)
WHOLE = pb.assess(PLAN, EVENTS, as_of="2021-06-30")
BY = pb.assess(PLAN, EVENTS, as_of="2021-06-30", by="organisation")

OF_AN_ASSESSMENT: dict[Callable[..., Any], dict[str, Any]] = {
    pb.render_markdown: {},
    pb.render_report: {},
    pb.render_html: {},
    pb.render_docx: {},
    pb.render_xlsx: {},
    pb.render_digest: {},
    pb.render_ical: {"until": "2021-12-31"},
    pb.fill_docx_template: {"template": "a.docx"},
    pb.forecast: {},
    pb.agenda: {"until": "2021-12-31"},
    pb.score: {},
    pb.roll_up: {},
    pb.league_table: {},
    pb.carry_forward: {"start": "2022-01-01", "end": "2022-12-31"},
    pb.chart_burndown: {},
    pb.chart_calendar: {},
    pb.chart_cumulative: {"target": "t"},
    pb.chart_heat: {},
    pb.chart_progress: {},
}


@pytest.mark.parametrize("function", OF_AN_ASSESSMENT)
@pytest.mark.parametrize("value", [None, 3, "2021", PLAN, EVENTS, pb.compare(WHOLE, WHOLE)])
def test_what_is_no_assessment(function: Callable[..., Any], value: Any) -> None:
    with pytest.raises(UsageError, match=r"assessment: got .+; expected an Assessment"):
        function(value, **OF_AN_ASSESSMENT[function])


@pytest.mark.parametrize(
    "function", [f for f in OF_AN_ASSESSMENT if "lang" in inspect.signature(f).parameters]
)
@pytest.mark.parametrize("lang", ["", "fr", 3, ["zh"], {"zh": 1}])
def test_what_is_no_language(function: Callable[..., Any], lang: Any, tmp_path: Path) -> None:
    found = BY if function is pb.chart_heat else WHOLE
    asked = OF_AN_ASSESSMENT[function]
    if function is pb.fill_docx_template:
        asked = {"template": word_file(tmp_path)}
    with pytest.raises(UsageError, match=r"lang: got .+; expected 'zh' or 'en'"):
        function(found, **asked, lang=lang)


@pytest.mark.parametrize("plan", [None, "plan.toml", {"plan": {}}, EVENTS])
def test_what_is_no_plan(plan: Any) -> None:
    for call in (
        lambda: pb.assess(plan, EVENTS, as_of="2021-06-30"),
        lambda: pb.Assessor(plan, as_of="2021-06-30"),
        lambda: pb.tailor(plan, pd.DataFrame({"organisation": [], "target": [], "value": []})),
    ):
        with pytest.raises(UsageError, match=r"plan: got .+; expected a Plan, as read_plan"):
            call()


DRAFT = pb.read_text("下一步，每季度召开工作推进会不少于1次。", year=2021)

WRONG: dict[str, tuple[Callable[[], Any], str]] = {
    "before": (lambda: pb.compare(None, WHOLE), "before: got None"),
    "after": (lambda: pb.compare(WHOLE, "x"), "after: got 'x'"),
    "by": (lambda: pb.assess(PLAN, EVENTS, as_of="2021-06-30", by=["organisation"]), "by: got"),
    "goals": (lambda: pb.tailor(PLAN, {"target": []}), "goals: got dict"),
    "level": (lambda: pb.forecast(WHOLE, level="90%"), "level: got '90%'"),
    "history": (lambda: pb.forecast(WHOLE, history_days="30"), "history_days: got '30'"),
    "past": (lambda: pb.forecast(WHOLE, history_days=-1), "history_days: got -1"),
    "marks": (lambda: pb.score(WHOLE, marks=10), "marks: got 10"),
    "mark": (lambda: pb.score(WHOLE, marks={"t": 10}), "marks: got 10"),
    "parameter": (lambda: pb.score(WHOLE, marks={"t": {"point": 1}}), "did you mean 'points'"),
    "grades": (lambda: pb.score(WHOLE, grades=["好"]), "grades: got"),
    "points": (lambda: pb.Marks(points="10"), "points: got '10'"),
    "nan": (lambda: pb.Marks(points=float("nan")), "points: got nan"),
    "most": (lambda: pb.Marks(most_penalty=-1), "most_penalty: got -1"),
    "steps": (lambda: pb.Marks(method="stepped", steps=[1, 2]), "steps: got"),
    "method": (lambda: pb.Marks(method=["linear"]), "method: got"),
    "end": (
        lambda: pb.carry_forward(WHOLE, start="2022-12-31", end="2022-01-01"),
        "end: got 2022-01-01; expected a day from start on",
    ),
    "policy": (
        lambda: pb.carry_forward(WHOLE, start="2022-01-01", end="2022-12-31", policy=3),
        "policy: got int",
    ),
    "plan_id": (
        lambda: pb.carry_forward(WHOLE, start="2022-01-01", end="2022-12-31", plan_id=3),
        "plan_id: got 3",
    ),
    "sections": (lambda: pb.render_report(WHOLE, sections="duties"), "sections: got 'duties'"),
    "no sections": (lambda: pb.render_docx(WHOLE, sections=None), "sections: got None"),
    "section": (lambda: pb.render_docx(WHOLE, sections=["duty"]), "sections: got 'duty'"),
    "template": (lambda: pb.render_report(WHOLE, template=3), "template: got 3"),
    "word": (lambda: pb.fill_docx_template(WHOLE, 3), "template: got int"),
    "pictures": (lambda: pb.render_html(WHOLE, pictures=[b"x"]), "pictures: got list"),
    "picture": (lambda: pb.render_html(WHOLE, pictures={"x": 3}), "pictures: got int"),
    "docx": (lambda: pb.render_docx(WHOLE, pictures=[b"x"]), "pictures: got list"),
    "page": (lambda: pb.chart_heat(BY, page="1"), "page: got '1'"),
    "dpi": (lambda: pb.figure_png(None, dpi="200"), "dpi: got '200'"),
    "status": (lambda: pb.status_word(["met"]), "status: got"),
    "status lang": (lambda: pb.status_word("met", ["zh"]), "lang: got"),
    "target": (lambda: WHOLE.explain(3), "no target 3"),
    "subject": (lambda: WHOLE.explain("t", subject=3), "not judged by member"),
    "window": (lambda: WHOLE.explain("t", window=3), "window: there is no 3"),
    "organisation": (lambda: BY.explain("t", organisation=3), "organisation: there is no 3"),
    "period": (lambda: pb.Period("2021-01-01", "2021-12-31"), "start: got '2021-01-01'"),
    "cadence": (lambda: pb.Cadence("monthly"), "per: got 'monthly'"),
    "cadences": (lambda: pb.Cadence(["month"]), "per: got"),
    "rule": (lambda: pb.Cadence(None, 3), "rule: "),
    "draft": (lambda: pb.write_draft(PLAN, "a.toml"), "draft: got Plan"),
    "draft path": (lambda: pb.write_draft(DRAFT, None), "path: got NoneType"),
    "draft start": (lambda: DRAFT.to_plan(start="2022-02-30"), "start: got '2022-02-30'"),
    "year": (lambda: pb.read_text("下一步，督查12次。", year="2021"), "year: got '2021'"),
    "no year": (lambda: pb.read_text("下一步，督查12次。", year=20210), "year: got 20210"),
    "fill": (lambda: DRAFT.fill([1]), "values: got list"),
    "rosters": (lambda: DRAFT.to_plan(rosters=["甲"]), "rosters: got list"),
    "kinds": (lambda: WHOLE.events_of(3), "kinds: got int"),
    "book lang": (lambda: pb.write_workbook(PLAN, "a.xlsx", lang=["zh"]), "lang is"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_was_got_is_told(name: str) -> None:
    call, told = WRONG[name]
    with pytest.raises(PartybuildError) as found:
        call()
    if isinstance(found.value, MissingExtraError):
        raise found.value
    assert told in str(found.value)


def test_one_kind_is_a_kind() -> None:
    assert WHOLE.events_of("督查")["id"].tolist() == ["a"]


def test_a_workbook_is_judged_by_a_plan(tmp_path: Path) -> None:
    pb.write_workbook(PLAN, tmp_path / "a.xlsx")
    plan: Any = "plan.toml"
    with pytest.raises(UsageError, match="plan: got str; expected a Plan"):
        pb.refresh_workbook(tmp_path / "a.xlsx", as_of="2021-06-30", plan=plan)


def test_a_word_file_is_the_same_whenever_it_is_written(tmp_path: Path) -> None:
    with zipfile.ZipFile(word_file(tmp_path)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    filled = pb.fill_docx_template(WHOLE, word_file(tmp_path))
    with zipfile.ZipFile(io.BytesIO(filled)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("value", [pd.NaT, pd.NA, object(), float("nan"), 10**400])
def test_a_plan_names_what_is_no_date(value: Any) -> None:
    with pytest.raises(pb.PlanError, match="start is not a calendar date"):
        pb.Plan(id="p", start=value, end="2021-12-31", commitment=[])


def word_file(folder: Path) -> Path:
    path = folder / "稿子.docx"
    path.write_bytes(pb.render_docx(WHOLE))
    return path


def test_a_word_template_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_text("a text")
    for name in ("nowhere.docx", "a.docx", "", "no\0name"):
        with pytest.raises(SourceError):
            pb.fill_docx_template(WHOLE, str(tmp_path / name))
    assert pb.fill_docx_template(WHOLE, word_file(tmp_path)).startswith(b"PK")
