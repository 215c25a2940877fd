"""A target said as a sentence and read back is the same target."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partybuild.errors import DraftError, PlanError, UsageError
from partybuild.plan import Plan
from partybuild.sources.text.spoken import describe, target_from_text
from partybuild.target import Target


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        (
            {"name": "调研", "measure": "days", "at_least": 60, "unit": "天"},
            "调研不少于60天。",
        ),
        (
            {
                "name": "召开推进会",
                "measure": "count",
                "at_least": 1,
                "unit": "次",
                "per": "quarter",
            },
            "每季度召开推进会不少于1次。",
        ),
        (
            {"name": "医保参保率", "measure": "latest", "at_least": 0.97, "unit": "%"},
            "医保参保率不低于97%。",
        ),
        (
            {"name": "建成服务中心", "measure": "milestone", "deadline": "2021-06-30"},
            "2021年6月30日前建成服务中心。",
        ),
        (
            {
                "name": "结对帮扶群众",
                "measure": "distinct",
                "at_least": "X",
                "unit": "名",
                "each": "镇干部",
            },
            "每个镇干部结对帮扶群众不少于X名。",
        ),
    ],
)
def test_plain_targets_need_no_note(keys: dict[str, object], sentence: str) -> None:
    target = Target(id="t", kind=keys["name"], **keys)
    assert describe(target) == sentence
    assert target_from_text(sentence, id="t") == target


def test_a_fall_is_said_without_a_minus() -> None:
    target = Target(
        id="t",
        name="能耗下降",
        measure="growth",
        of={"measure": "latest", "kind": "能耗下降"},
        baseline="previous",
        at_most=-0.03,
        unit="%",
    )
    assert describe(target).startswith("能耗下降不低于3%。")
    assert target_from_text(describe(target), id="t") == target


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("全年安全生产事故零发生", "安全生产事故"),
        ("安全生产零事故", "安全生产事故"),
        ("实现零违规", "违规"),
        ("杜绝重大安全事故", "重大安全事故"),
    ],
)
def test_what_is_not_to_happen_is_named_without_the_nought(said: str, kind: str) -> None:
    target = Target.from_text(said)
    assert (target.name, target.kinds, target.goal, target.value) == (kind, (kind,), "at_most", 0)
    assert describe(target) == f"{kind}零发生。"
    assert Target.from_text(describe(target)) == target


def test_the_growth_of_a_mean_is_growth() -> None:
    target = Target.from_text("农民人均收入增长8%以上")
    assert (target.measure, target.value) == ("growth", 0.08)
    assert Target.from_text("村均集体经济收入达到20万元").measure == "mean"


def test_english() -> None:
    target = Target(
        id="t", name="推进会", measure="count", kind="会", at_least=1200, unit="次", per="month",
        each="支部", deadline="2021-06-30",
    )  # fmt: skip
    assert (
        describe(target, "en")
        == "Every month, by 2021-06-30: 推进会, at least 1,200 次, for each of 支部."
    )


def test_from_text() -> None:
    target = target_from_text(
        "每季度召开工作推进会不少于1次", id="meeting", kind="推进会", weight=2
    )
    assert (target.id, target.kind, target.weight) == ("meeting", ("推进会",), 2)
    assert target_from_text("6月底前培训20人以上", year=2021).deadline == dt.date(2021, 6, 30)


@pytest.mark.parametrize(
    ("text", "code"),
    [("加强学习。", "no-target"), ("走访4户，培训5人。", "several-targets"), ("", "no-target")],
)
def test_not_exactly_one_target(text: str, code: str) -> None:
    with pytest.raises(DraftError) as caught:
        target_from_text(text)
    assert caught.value.problems[0].code == code


def test_faults_of_notes_and_arguments() -> None:
    with pytest.raises(DraftError, match="note"):
        target_from_text("走访4户。注：{nonsense")
    with pytest.raises(PlanError):
        target_from_text("走访4户。", measure="sum")
    with pytest.raises(UsageError, match="lang"):
        describe(target_from_text("走访4户以上"), "fr")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="text"):
        target_from_text(4)  # type: ignore[arg-type]
    plan = Plan(id="p", start=dt.date(2021, 1, 1), end=dt.date(2021, 12, 31))
    with pytest.raises(UsageError, match=r"target is Plan.*plan\.commitments"):
        describe(plan)  # type: ignore[arg-type]


NAMES = st.sampled_from(
    [
        "召开推进会",
        "走访困难群众",
        "医保参保率",
        "新建公路",
        "地区生产总值增长",
        "能耗下降",
        "X",
        "第3次会",
        "已完成的事",
        "12",
    ]
) | st.text(st.characters(categories=["L", "N", "P", "Zs"]), min_size=1, max_size=12).filter(
    str.strip
)
NUMBERS = st.integers(0, 10**6) | st.floats(-1e6, 1e6, allow_nan=False).map(lambda x: round(x, 4))
DATES = st.dates(dt.date(2021, 1, 1), dt.date(2021, 12, 31))
GOALS = st.one_of(
    st.tuples(
        st.sampled_from(["at_least", "more_than", "at_most", "less_than", "exactly"]), NUMBERS
    ),
    st.just(("at_least", "X")),
    st.tuples(st.just("between"), st.tuples(NUMBERS, NUMBERS).map(sorted).map(tuple)),
)


@st.composite
def targets(draw: st.DrawFn) -> Target:
    measure = draw(
        st.sampled_from(["count", "total", "distinct", "days", "latest", "mean", "milestone"])
    )
    name = draw(NAMES)
    keys: dict[str, object] = {
        "name": name,
        "measure": measure,
        "kind": draw(st.sampled_from([name, "别的事"])),
        "deadline": draw(st.none() | DATES),
        "weight": draw(st.sampled_from([1.0, 2.0])),
    }
    if measure != "milestone":
        goal, value = draw(GOALS)
        keys[goal] = value
        keys["unit"] = draw(
            st.sampled_from(["次", "天", "名", "户", "%", "万元", "个", "公里", None])
        )
        keys["per"] = draw(st.sampled_from([None, "month", "quarter", "half_year", "year", "week"]))
        keys["each"] = draw(st.sampled_from([None, "镇干部", "支部", "村"]))
        if keys["each"] is not None:
            keys["share"] = draw(st.sampled_from([1.0, 0.9]))
    return Target(id="t", **keys)


@given(targets())
def test_said_and_read_back_is_the_same_target(target: Target) -> None:
    assert target_from_text(describe(target), id="t") == target
