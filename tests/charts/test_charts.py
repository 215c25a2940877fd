"""Charts: the figures they show, fonts, colours, and pictures that are the same each time."""

from __future__ import annotations

import datetime as dt
import io
import pickle
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from itertools import combinations
from pathlib import Path

import attrs
import numpy as np
import pandas as pd
import pytest

import partybuild as pb

pytest.importorskip("matplotlib")

from partybuild.charts import (
    chart_burndown,
    chart_calendar,
    chart_cumulative,
    chart_heat,
    chart_progress,
    figure_png,
    figure_svg,
    fonts,
)
from partybuild.charts.burndown import plan_left, target_left
from partybuild.charts.canvas import Sheet
from partybuild.charts.heat import heat_lights
from partybuild.charts.palette import LIGHT_COLOURS, LIGHT_INKS
from partybuild.charts.progress import progress_bars
from partybuild.charts.timeline import timeline
from partybuild.charts.words import ChartWords
from partybuild.charts.year import event_days

PNG = b"\x89PNG\r\n\x1a\n"
D = dt.date


def has_chinese_font() -> bool:
    return fonts.chinese_family(fonts.matplotlib_parts()) is not None


needs_font = pytest.mark.skipif(not has_chinese_font(), reason="no Chinese font on this machine")


def plan_of(*targets: dict, **more: object) -> pb.Plan:
    return pb.Plan(
        id="2021", title="Plan", start="2021-01-01", end="2021-12-31", lang="en",
        commitment=[{"id": "1", "target": list(targets)}], **more,
    )  # fmt: skip


def events_of(*rows: tuple[str, str], **columns: list) -> pd.DataFrame:
    kinds, dates = zip(*rows, strict=True) if rows else ((), ())
    ids = [str(number) for number in range(len(rows))]
    return pd.DataFrame({"id": ids, "kind": kinds, "date": dates, **columns})


VISITS = {"id": "v", "name": "visits", "measure": "count", "kind": "visit", "at_least": 4}
EVENTS = events_of(("visit", "2021-02-01"), ("visit", "2021-05-01"), ("visit", "2021-11-01"))


@pytest.fixture(scope="module")
def year() -> pb.Assessment:
    return pb.assess(plan_of(VISITS), EVENTS, as_of="2021-06-30")


@pytest.fixture(scope="module")
def example(examples: Path) -> pb.Assessment:
    plan = pb.read_plan(examples / "data" / "plan.toml")
    events = pb.read_events(examples / "data" / "events.csv")
    return pb.assess(plan, events, as_of="2021-09-30")


@pytest.fixture(scope="module")
def villages(examples: Path) -> pb.Assessment:
    plan = pb.read_plan(examples / "data" / "plan-villages.toml")
    events = pb.read_events(examples / "data" / "events.csv")
    return pb.assess(plan, events, as_of="2021-09-30", by="organisation")


# --- what they show ---------------------------------------------------------------


def test_a_timeline_by_hand(year: pb.Assessment) -> None:
    course = timeline(year, year.plan.targets[0], place=None)
    told = {point.day: point for point in course.points}
    assert course.points[0].day == D(2020, 12, 31)
    assert [told[day].actual for day in (D(2021, 1, 1), D(2021, 2, 1), D(2021, 5, 1))] == [0, 1, 2]
    assert told[D(2021, 6, 30)].actual == 2  # as_of
    assert told[D(2021, 12, 31)].actual is None  # nothing of what comes after it
    assert told[D(2021, 6, 30)].expected == pytest.approx(4 * 181 / 365)
    assert told[D(2021, 12, 31)].expected == 4
    assert (course.limits, course.is_sum, course.is_upper) == ((D(2021, 12, 31),), True, False)


def test_a_timeline_agrees_with_the_tables(example: pb.Assessment) -> None:
    rows = example.targets.set_index("target")
    for name in (
        "problems-solved",
        "field-days",
        "collective-income",
        "theme-day",
        "training-hours",
    ):
        course = timeline(example, example.plan.target(name), place=None)
        at = next(point for point in course.points if point.day == example.as_of)
        assert at.actual == pytest.approx(rows.loc[name, "actual"])
        assert at.required == pytest.approx(rows.loc[name, "required"])


def test_windows_add_up_and_levels_do_not(example: pb.Assessment) -> None:
    meetings = timeline(example, example.plan.target("coordination-meeting"), place=None)
    assert len(meetings.limits) == 4
    assert [point.expected for point in meetings.points if point.day == D(2021, 6, 30)] == [2]
    score = timeline(example, example.plan.target("satisfaction"), place=None)
    told = {point.day: point.actual for point in score.points}
    assert told[D(2021, 6, 30)] == pytest.approx(93)
    assert told[D(2021, 7, 1)] is None  # a new window, of which nothing is known yet


def test_what_is_left_by_hand(year: pb.Assessment) -> None:
    left = target_left(year, year.plan.targets[0], None)
    assert left.actual[0] == (D(2020, 12, 31), 4)
    assert left.actual[-1] == (D(2021, 6, 30), 2)
    assert left.planned[-1] == (D(2021, 12, 31), 0)


def test_what_is_left_of_a_plan_is_counted_in_standings(example: pb.Assessment) -> None:
    left = plan_left(example, None)
    status = example.standings["status"].astype(str)
    judged = status[~status.isin(["waived", "unquantified"])]
    assert left.actual[-1] == (example.as_of, (~judged.isin(["met", "late"])).sum())
    ends = example.standings.loc[judged.index, "end"]
    planned = dict(left.planned)
    assert planned[D(2021, 9, 30)] == (ends > "2021-09-30").sum()
    assert planned[D(2021, 12, 31)] == 0


def test_bars_show_completion_and_schedule(example: pb.Assessment) -> None:
    bars = {bar.name: bar for bar in progress_bars(example, ChartWords("zh"), None)}
    assert bars["办结难题"].share == pytest.approx(31 / 40)
    standing = example.standings.set_index("target").loc["problems-solved"]
    assert bars["办结难题"].expected == pytest.approx(standing["expected"] / 40)
    assert bars["全镇性会议"].share == pytest.approx(17 / 20)  # of an allowance, what is used
    assert bars["党建重点任务调度会"].expected == pytest.approx(0.75)
    assert bars["红色电影放映"].share is None  # no goal
    assert bars["采茶文化节"].share is None  # waived
    assert bars["村班子民主测评最低分"].share is None  # to come
    assert bars["媒体刊稿增长"].expected is None  # a level without a base has no schedule
    assert bars["党员中心户"].label == "进度滞后  17户 / 30±3户"
    assert bars["主题党日"].label.endswith("个对象达标")


def test_lights_of_organisations_the_lowest_completion_first(villages: pb.Assessment) -> None:
    heat = heat_lights(villages, most=3)
    summary = villages.summary.sort_values("completion", kind="stable")
    assert heat.organisations == tuple(summary["organisation"].head(3))
    assert (heat.first, heat.total) == (1, 7)
    frame = villages.targets
    for name, lights in zip(heat.organisations, heat.lights, strict=True):
        own = frame[frame["organisation"] == name]
        assert tuple(own["light"].astype(str)) == lights


@needs_font
def test_pages_of_a_heat_map_show_each_organisation_once(villages: pb.Assessment) -> None:
    pages = [heat_lights(villages, most=3, page=page) for page in (1, 2, 3)]
    assert [page.first for page in pages] == [1, 4, 7]
    shown = [name for page in pages for name in page.organisations]
    assert sorted(shown) == sorted(villages.organisations)
    completion = villages.summary.set_index("organisation")["completion"]
    assert completion[shown].is_monotonic_increasing
    assert "第4至6个组织，共7个" in said(chart_heat(villages, most=3, page=2))
    assert "共7个" not in said(chart_heat(villages))
    with pytest.raises(pb.UsageError, match="page: got 4; expected 1 to 3"):
        heat_lights(villages, most=3, page=4)
    with pytest.raises(pb.UsageError, match="most: got 501"):
        heat_lights(villages, most=501)


@needs_font
def test_long_names_go_on_two_lines_before_they_are_cut() -> None:
    page = Sheet(ChartWords("zh"), "推进基层")
    page.open(4.0, 4.0)
    name = "推进基层党组织标准化规范化建设达标验收工作情况"
    label = page.label(name, 2.2)
    assert label.text.replace("\n", "") == name
    assert label.text.count("\n") == 1
    assert label.width <= 2.2
    assert page.label("主题党日", 2.2).text == "主题党日"
    cut = page.label(name * 5, 2.2)
    assert cut.text.endswith("…")
    assert cut.width <= 2.2
    assert page.label("Meetings of the leading group", 1.5).text.split("\n")[0].endswith("of the")


def test_limits_of_daily_windows_are_no_wall() -> None:
    daily = {**VISITS, "per": "day", "at_least": 1}
    weekly = {**VISITS, "per": "week", "at_least": 1}
    told = {
        name: said(chart_cumulative(pb.assess(plan_of(goal), EVENTS, as_of="2021-06-30"), "v"))
        for name, goal in (("daily", daily), ("weekly", weekly))
    }
    assert "limit of a window" in told["weekly"]
    assert "limit of a window" not in told["daily"]


def test_a_picture_too_large_to_draw_is_refused(villages: pb.Assessment) -> None:
    figure = chart_heat(villages)
    figure.set_size_inches(5, 400)
    with pytest.raises(pb.UsageError, match="expected at most 163 for 400 inches"):
        figure_png(figure, dpi=200)


def test_days_of_events(year: pb.Assessment) -> None:
    days = event_days(year)
    assert (days.counts, days.events) == ({D(2021, 2, 1): 1, D(2021, 5, 1): 1}, 2)
    assert len(days.months) == 12


def test_an_event_of_several_days_stands_on_each_and_void_ones_on_none() -> None:
    events = events_of(
        ("visit", "2020-12-30"), ("visit", "2021-03-01"), ("other", "2021-03-02"),
        end=["2021-01-02", None, None], void=[False, True, False],
    )  # fmt: skip
    days = event_days(pb.assess(plan_of(VISITS), events, as_of="2021-06-30"))
    assert days.counts == {D(2021, 1, 1): 1, D(2021, 1, 2): 1}


# --- what they refuse -------------------------------------------------------------


@pytest.mark.parametrize(
    ("goal", "told"),
    [
        ({"at_most": 4}, "burn down"),
        ({"measure": "latest", "at_least": 4}, "burn down"),
        ({"measure": "milestone", "at_least": None, "deadline": "2021-06-30"}, "burn down"),
    ],
)
def test_what_cannot_be_burnt_down(goal: dict, told: str) -> None:
    base = {**VISITS, **goal}
    if "at_most" in goal:
        base.pop("at_least")
    base = {key: value for key, value in base.items() if value is not None}
    year = pb.assess(plan_of(base), EVENTS, as_of="2021-06-30")
    with pytest.raises(pb.UsageError, match=told):
        chart_burndown(year, "v")


def test_wrong_names_are_told_with_the_nearest(
    year: pb.Assessment, villages: pb.Assessment
) -> None:
    with pytest.raises(pb.UnknownNameError):
        chart_cumulative(year, "w")
    with pytest.raises(pb.UsageError, match="by organisation"):
        chart_heat(year)
    with pytest.raises(pb.UsageError, match="one of the 7 assessed"):
        chart_progress(villages)
    with pytest.raises(pb.UnknownNameError, match="柳坞村"):
        chart_progress(villages, organisation="柳坞")
    with pytest.raises(pb.UsageError, match="'fr'"):
        chart_progress(year, lang="fr")
    with pytest.raises(pb.UsageError, match="dpi"):
        figure_png(chart_progress(year), dpi=0)
    with pytest.raises(pb.UsageError, match="Figure"):
        figure_svg("no figure")  # type: ignore[arg-type]


def test_a_level_for_each_member_needs_one_of_them() -> None:
    roster = {"villages": ["a", "b"]}
    each = {**VISITS, "measure": "latest", "each": "villages"}
    events = events_of(("visit", "2021-02-01"), subject=["a"], quantity=[5])
    year = pb.assess(plan_of(each, rosters=roster), events, as_of="2021-06-30")
    with pytest.raises(pb.UsageError, match="name one of them"):
        chart_cumulative(year, "v")
    assert chart_cumulative(year, "v", subject="a")
    with pytest.raises(pb.UsageError, match="'c'"):
        chart_cumulative(year, "v", subject="c")


# --- pictures ---------------------------------------------------------------------


def all_charts(year: pb.Assessment) -> list:
    return [
        chart_progress(year), chart_cumulative(year, "v"), chart_burndown(year, "v"),
        chart_burndown(year), chart_calendar(year), chart_calendar(year, target="v"),
    ]  # fmt: skip


def test_pictures_are_the_same_each_time_and_have_no_date(year: pb.Assessment) -> None:
    for one, again in zip(all_charts(year), all_charts(year), strict=True):
        assert figure_svg(one) == figure_svg(again)
        assert figure_png(one, dpi=40) == figure_png(again, dpi=40)
        assert "dc:date" not in figure_svg(one)


def test_svg_stands_in_html_without_fonts_or_links_outside(year: pb.Assessment) -> None:
    text = figure_svg(chart_progress(year))
    assert text.startswith("<svg ")
    root = ET.fromstring(text)
    assert not [one for one in root.iter() if one.tag.endswith(("}text", "}image", "}script"))]
    links = re.findall(r'href="([^"]*)"', text)
    assert all(link.startswith("#") for link in links)


def test_charts_on_one_page_share_no_id_and_use_only_their_own(year: pb.Assessment) -> None:
    texts = [figure_svg(chart_progress(year)), figure_svg(chart_cumulative(year, "v"))]
    ids = [set(re.findall(r' id="([^"]+)"', text)) for text in texts]
    assert ids[0]
    assert not ids[0] & ids[1]
    for text, own in zip(texts, ids, strict=True):
        used = set(re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', text))
        assert {one or other for one, other in used} <= own
        assert re.match(r'<svg role="img" aria-label="[^"]*(Plan|visits)', text)


def test_png_has_the_dots_asked_for(year: pb.Assessment) -> None:
    figure = chart_cumulative(year, "v")
    for dpi in (100, 200):
        data = figure_png(figure, dpi=dpi)
        assert data.startswith(PNG)
        assert int.from_bytes(data[16:20], "big") == round(8.6 * dpi)
    assert figure.dpi == 100


def test_a_notebook_shows_a_chart_without_pyplot(year: pb.Assessment) -> None:
    figure = chart_cumulative(year, "v")
    data, size = figure._repr_png_()
    assert data.startswith(PNG)
    assert size == {"width": 860, "height": 460}
    again = pickle.loads(pickle.dumps(figure))
    assert type(again) is type(figure)
    assert again._repr_png_()[1] == size


def test_the_callers_settings_neither_count_nor_change(year: pb.Assessment) -> None:
    import matplotlib

    plain = figure_svg(chart_progress(year))
    with matplotlib.rc_context({"axes.facecolor": "black", "font.size": 30}):
        assert figure_svg(chart_progress(year)) == plain
        assert matplotlib.rcParams["font.size"] == 30


def test_pyplot_is_not_loaded() -> None:
    code = (
        "import sys, partybuild as pb, pandas as pd\n"
        "from partybuild.charts import chart_calendar, figure_svg\n"
        "plan = pb.Plan(id='p', start='2021-01-01', end='2021-12-31', lang='en')\n"
        "nothing = pd.DataFrame({'id': [], 'kind': [], 'date': []})\n"
        "figure_svg(chart_calendar(pb.assess(plan, nothing, as_of='2021-06-30')))\n"
        "print('matplotlib.pyplot' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "False"


def texts_of(figure: object) -> list:
    from matplotlib.text import Text

    return [one for one in figure.findobj(Text) if one.get_visible() and one.get_text()]


def said(figure: object) -> str:
    return " ".join(one.get_text() for one in texts_of(figure))


def boxes_of(figure: object) -> list:
    renderer = figure.canvas.get_renderer()
    return [(one.get_text(), one.get_window_extent(renderer)) for one in texts_of(figure)]


@pytest.fixture(scope="module", params=["zh", "en"])
def example_charts(
    request: pytest.FixtureRequest, example: pb.Assessment, villages: pb.Assessment
) -> list:
    lang = request.param
    return [
        chart_progress(example, lang=lang),
        chart_progress(villages, organisation="槐荫村", lang=lang),
        chart_cumulative(example, "collective-income", lang=lang),
        chart_cumulative(example, "coordination-meeting", lang=lang),
        chart_cumulative(example, "satisfaction", lang=lang),
        chart_cumulative(example, "online-sales", lang=lang),
        chart_burndown(example, "reserve", lang=lang),
        chart_burndown(villages, organisation="石梁村", lang=lang),
        chart_heat(villages, lang=lang),
        chart_calendar(example, lang=lang),
    ]


@needs_font
def test_no_text_is_cut_or_written_over_another(example_charts: list) -> None:
    for figure in example_charts:
        page = figure.bbox
        boxes = boxes_of(figure)
        assert len(boxes) > 5
        assert "…" not in "".join(text for text, _ in boxes)
        for text, box in boxes:
            assert min(box.x0, box.y0) >= -1, text
            assert box.x1 <= page.x1 + 1, text
            assert box.y1 <= page.y1 + 1, text
        for (one, first), (other, second) in combinations(boxes, 2):
            wide = min(first.x1, second.x1) - max(first.x0, second.x0)
            high = min(first.y1, second.y1) - max(first.y0, second.y0)
            assert wide < 1 or high < 2, (one, other, wide, high)


@needs_font
def test_crowded_charts_neither_cut_nor_overlap() -> None:
    names = [
        f"第{n}村党支部委员会" + "（含流动党员支部和三个自然村）" * (n % 5 == 0) for n in range(60)
    ]
    goals = [
        {
            **VISITS,
            "id": f"t{n}",
            "name": f"指标{n}" + "标准化规范化建设验收达标情况" * (n % 3 == 0),
        }
        for n in range(32)
    ]
    plan = attrs.evolve(plan_of(*goals), rosters={"organisations": names})
    places = pb.assess(plan, EVENTS, as_of="2021-06-30", by="organisation")
    windows = [{**VISITS, "at_least": 9, "per": per} for per in ("day", "week", "ten_days")]
    whole = [pb.assess(plan_of(goal), EVENTS, as_of="2021-06-30") for goal in windows]
    figures = [
        chart_heat(places),
        chart_heat(places, most=60, lang="en"),
        chart_progress(places, organisation=names[0]),
        *(chart_cumulative(one, "v", lang="en") for one in whole),
    ]
    test_no_text_is_cut_or_written_over_another(figures)


@needs_font
def test_every_character_has_a_glyph(example_charts: list) -> None:
    parts = fonts.matplotlib_parts()
    for figure in example_charts:
        for one in texts_of(figure):
            known = frozenset().union(
                *(fonts.letters_of(fonts._path_of(name, parts), parts) for name in one.get_family())
            )
            assert {ord(letter) for letter in one.get_text()} <= known


@needs_font
def test_hostile_names_are_drawn_as_text(tmp_path: Path) -> None:
    names = [
        "$\\frac{1}{2}$", "<script>alert(1)</script>", "名" * 300, "\u202eabc\x07", "🙂🙃", "عربي",
        "a\nb", "\ud800", "&amp;",
    ]  # fmt: skip
    targets = [
        {**VISITS, "id": f"t{number}", "name": name.replace("\ud800", "x")}
        for number, name in enumerate(names)
    ]
    plan = attrs.evolve(plan_of(*targets), title="题$x^2$" * 50)
    figure = chart_progress(pb.assess(plan, EVENTS, as_of="2021-06-30"))
    shown = [one.get_text() for one in texts_of(figure)]
    assert "$\\frac{1}{2}$" in shown
    assert "〓〓" in shown
    assert not any("\u202e" in text or "\x07" in text for text in shown)
    assert max(box.x1 for _, box in boxes_of(figure)) <= figure.bbox.x1 + 1
    ET.fromstring(figure_svg(figure))


# --- fonts ------------------------------------------------------------------------


class Bare:
    """A machine whose list of fonts has no Chinese one."""

    def __init__(self, parts: object, found: list[str]) -> None:
        self.read_font = parts.read_font
        self.fonts = self
        self._fonts = parts.fonts
        self.found = found
        self.ttflist = [
            entry for entry in parts.fonts.fontManager.ttflist if entry.name == "DejaVu Sans"
        ]

    @property
    def fontManager(self) -> Bare:  # noqa: N802 -- matplotlib's name
        return self

    def FontProperties(self, **given: object) -> object:  # noqa: N802
        return self._fonts.FontProperties(**given)

    def findSystemFonts(self) -> list[str]:  # noqa: N802
        return self.found

    def addfont(self, path: str) -> None:
        entry = attrs.make_class("Entry", ["name", "fname"])
        self.ttflist.append(entry(self._fonts.FontProperties(fname=path).get_name(), path))


def test_without_any_chinese_font_the_cure_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_packaged_font", lambda: None)
    bare = Bare(fonts.matplotlib_parts(), [])
    with pytest.raises(pb.MissingExtraError, match=r"partybuild\[fonts\]"):
        fonts.families_for("指标", bare)
    assert fonts.families_for("target", bare) == ["DejaVu Sans"]


@needs_font
def test_a_font_with_an_unknown_name_is_found_by_its_letters(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parts = fonts.matplotlib_parts()
    monkeypatch.setattr(fonts, "_packaged_font", lambda: None)
    path = str(fonts._path_of(fonts.chinese_family(parts), parts))
    bare = Bare(parts, [path])
    name = fonts.chinese_family(bare)
    assert name == parts.fonts.FontProperties(fname=path).get_name()
    assert [entry.fname for entry in bare.ttflist if entry.name == name] == [path]


def test_the_package_of_fonts_is_enough() -> None:
    package = pytest.importorskip("pylopdf_fonts_zh_cn")
    bare = Bare(fonts.matplotlib_parts(), [])
    family = fonts.chinese_family(bare)
    assert family == "Noto Sans SC"
    assert str(package.sans_path()) in [str(entry.fname) for entry in bare.ttflist]


# --- colours ----------------------------------------------------------------------

#: Machado, Oliveira and Fernandes (2009), severity 1, for linear RGB.
SEEN = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                   [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                     [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                   [0.004733, 0.691367, 0.303900]],
    "none": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
}  # fmt: skip


def linear(colour: str) -> np.ndarray:
    values = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    t = (xyz @ np.clip(rgb, 0, 1)) / np.array([0.95047, 1.0, 1.08883])
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("sight", SEEN)
def test_lights_can_be_told_apart_by_every_eye(sight: str) -> None:
    seen = {name: lab(np.array(SEEN[sight]) @ linear(c)) for name, c in LIGHT_COLOURS.items()}
    for one, other in combinations(seen, 2):
        assert np.linalg.norm(seen[one] - seen[other]) > 20, (one, other)


def test_signs_can_be_read_on_their_lights() -> None:
    def brightness(colour: str) -> float:
        return float(np.dot([0.2126, 0.7152, 0.0722], linear(colour)))

    for light, ink in LIGHT_INKS.items():
        low, high = sorted([brightness(ink), brightness(LIGHT_COLOURS[light])])
        assert (high + 0.05) / (low + 0.05) >= 3  # WCAG 2, graphical objects


def test_a_text_is_cut_to_its_room() -> None:
    page = Sheet(ChartWords("en"), "")
    page.open(4, 4)
    short = page.fit("a rather long name of a target", 1.0)
    assert short.endswith("…")
    assert page.width(short) <= 1.0
    assert page.fit("abc", 1.0) == "abc"


@needs_font
def test_a_picture_is_not_blank(year: pb.Assessment) -> None:
    pillow = pytest.importorskip("PIL.Image")
    for figure in all_charts(year):
        image = pillow.open(io.BytesIO(figure_png(figure, dpi=60))).convert("RGB")
        assert len(image.getcolors(100_000) or []) > 20


@pytest.mark.parametrize(
    ("target", "value", "told"),
    [
        ({"between": [0.3, 0.35]}, 0.25, "25% / 30%–35%"),
        ({"about": 0.3, "tolerance": 0.02}, 0.25, "25% / 30%±2个百分点"),
        ({"at_least": 0.95}, 0.94995, "94.995% / ≥95%"),
        ({"at_least": 0.0065, "unit": "吨"}, 0.001, "0.001吨 / ≥0.0065吨"),
    ],
)
def test_a_chart_rounds_nothing_onto_its_goal(target: dict, value: float, told: str) -> None:
    options = {"id": "t", "measure": "latest", "kind": "k", "unit": "%", **target}
    events = pd.DataFrame({"id": ["a"], "kind": ["k"], "date": ["2021-03-01"], "quantity": [value]})
    year = pb.assess(plan_of(options), events, as_of="2021-12-01")
    assert progress_bars(year, ChartWords("zh"), None)[0].label.endswith(told)


def test_a_limit_used_too_fast_is_not_behind_in_a_chart(example: pb.Assessment) -> None:
    bars = {bar.name: bar for bar in progress_bars(example, ChartWords("zh"), None)}
    assert bars["全镇性会议"].label == "用量偏快  17次 / ≤20次"
