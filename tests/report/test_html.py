"""The HTML page: complete in itself, accessible, quick and small with many organisations."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from work import calls_of

import partybuild as pb
from partybuild.assessment.notebook import assessment_html
from partybuild.report.html import render_html
from partybuild.report.xlsx import render_xlsx

VOID = {"meta", "col", "br", "img", "input", "link"}


class _Page(HTMLParser):
    """Checks that every tag is closed in order; cells of long tables may stay open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes.append((tag, dict(attrs)))
        if self.open and self.open[-1] == "td" and tag == "td":
            self.open.pop()
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open[-1] == "td" and tag == "tr":
            self.open.pop()
        assert self.open.pop() == tag


def page_of(text: str) -> _Page:
    page = _Page()
    page.feed(text)
    page.close()
    assert page.open == []
    return page


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("when", ["september", "villages"])
def test_the_page_is_whole_and_fetches_nothing(
    when: str, lang: str, request: pytest.FixtureRequest
) -> None:
    text = render_html(request.getfixturevalue(when), lang=lang)
    page = page_of(text)
    assert not {"src", "href"} & {key for _, given in page.attributes for key in given}
    assert "url(" not in text
    assert "@import" not in text
    assert re.search("https?://", text) is None
    assert "default-src 'none'" in text


def test_charts_stand_inside_the_page(september: pb.Assessment) -> None:
    pictures = {'<b>图1"</b>': "<svg xmlns='http://www.w3.org/2000/svg'/>", "图2": b"\x89PNG"}
    text = render_html(september, pictures=pictures)
    images = [given for tag, given in page_of(text).attributes if tag == "img"]
    assert [given["alt"] for given in images] == ['<b>图1"</b>', "图2"]
    heads = [str(given["src"]).partition(",")[0] for given in images]
    assert heads == ["data:image/svg+xml;base64", "data:image/png;base64"]
    assert "<h2>图表</h2>" in text
    assert "<h2>图表</h2>" not in render_html(september)


def test_the_page_is_accessible(september: pb.Assessment) -> None:
    text = render_html(september)
    page = page_of(text)
    assert ("html", {"lang": "zh-CN"}) in page.attributes
    names = [tag for tag, _ in page.attributes]
    assert names.count("h1") == names.count("main") == 1
    tables = names.count("table")
    assert tables == names.count("caption") > 0
    heads = [given for tag, given in page.attributes if tag == "th"]
    assert all(given.get("scope") in ("col", "row") for given in heads)
    assert names.count("button") == len([one for one in heads if one["scope"] == "col"])
    for light in re.findall(r'<td class="([rygn])"[^>]*><span>(.)', text):
        assert light in {("r", "■"), ("y", "▲"), ("g", "●"), ("n", "○")}


def test_every_light_is_shown_with_its_sign(september: pb.Assessment) -> None:
    cells = re.findall(r'<td class="[rygn]"[^>]*><span>(.)', render_html(september))
    signs = {"red": "■", "yellow": "▲", "green": "●", "grey": "○"}
    assert cells == [signs[light] for light in september.targets["light"]]


def test_the_notebook_fragment_is_whole(september: pb.Assessment, villages: pb.Assessment) -> None:
    for assessment in (september, villages):
        text = assessment_html(assessment)
        page = page_of(text)
        assert not {"src", "href", "class", "id"} & {key for _, at in page.attributes for key in at}
        rows = [tag for tag, _ in page.attributes].count("tr")
        assert rows == len(assessment.targets) + 1
        for sign in ("■", "▲", "●"):
            assert sign in text


def many(organisations: int) -> pb.Assessment:
    names = [f"乡镇{number:04d}" for number in range(organisations)]
    targets = [
        {
            "id": f"t{number}",
            "name": f"指标{number}",
            "measure": "count",
            "kind": f"k{number}",
            "at_least": 1 if number % 5 == 0 else 3,
            "unit": "次",
            **({"per": "quarter"} if number % 5 == 0 else {}),
        }
        for number in range(25)
    ]
    plan = pb.Plan(
        id="big",
        start="2021-01-01",
        end="2021-12-31",
        rosters={"organisations": names},
        commitment=[
            {"id": str(at), "section": f"（{at}）", "target": targets[at * 5 : at * 5 + 5]}
            for at in range(5)
        ],
    )
    chance, number = np.random.default_rng(1), organisations * 50
    days = pd.to_timedelta(chance.integers(0, 365, number), unit="D")
    events = pd.DataFrame(
        {
            "id": np.arange(number).astype(str),
            "kind": [f"k{at}" for at in chance.integers(0, 25, number)],
            "date": pd.Timestamp("2021-01-01") + days,
            "organisation": np.array(names)[chance.integers(0, organisations, number)],
        }
    )
    return pb.assess(plan, events, as_of="2021-09-30", by="organisation")


def test_many_organisations_are_a_league_table_and_a_matrix() -> None:
    assessment = many(80)
    text = render_html(assessment)
    page_of(text)
    cells = re.findall(r'<td class="([rygn])"', text)
    lights = assessment.targets["light"].value_counts()
    for letter, light in zip("rygn", ("red", "yellow", "green", "grey"), strict=True):
        assert cells.count(letter) == lights.get(light, 0)


def test_work_grows_with_the_organisations_only() -> None:
    few, more = many(20), many(80)
    work = calls_of(lambda: render_html(few))
    assert calls_of(lambda: render_html(more)) < 6 * work


@pytest.mark.slow
def test_two_thousand_organisations_make_small_files_and_progress() -> None:
    pytest.importorskip("xlsxwriter")
    assessment = many(2000)
    assert len(assessment.targets) == 50_000
    text = render_html(assessment)
    assert len(text.encode()) < 10_000_000
    told: list[tuple[int, int]] = []
    content = render_xlsx(assessment, progress=lambda done, total: told.append((done, total)))
    assert len(content) > 1_000_000
    done, total = told[-1]
    assert done == total
    assert [one for one, _ in told] == sorted(one for one, _ in told)
    assert len(told) > 50
