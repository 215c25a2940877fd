"""Text outputs of the example year, as people will read them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import partybuild as pb
from partybuild.report.markdown import render_markdown
from partybuild.report.prose import render_report

Check = Callable[[str, str], None]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("when", ["september", "december", "villages"])
def test_markdown(
    when: str, lang: str, request: pytest.FixtureRequest, matches_snapshot: Check
) -> None:
    text = render_markdown(request.getfixturevalue(when), lang=lang)
    matches_snapshot(f"{when}.{lang}.md", text)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_work_report_of_september(
    lang: str, september: pb.Assessment, matches_snapshot: Check
) -> None:
    matches_snapshot(f"report-september.{lang}.md", render_report(september, lang=lang))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_work_report_of_the_year_with_the_next_plan(
    lang: str, december: pb.Assessment, matches_snapshot: Check
) -> None:
    draft = pb.carry_forward(december, start="2022-01-01", end="2022-12-31")
    text = render_report(december, lang=lang, next_plan=draft)
    matches_snapshot(f"report-december.{lang}.md", text)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_reports_say_no_none(lang: str, december: pb.Assessment, september: pb.Assessment) -> None:
    for assessment in (december, september):
        text = render_markdown(assessment, lang=lang) + render_report(assessment, lang=lang)
        for word in ("None", "nan", "NaT", "，，", "。。", "（）", "；。", "，。", "  "):
            assert word not in text, word
