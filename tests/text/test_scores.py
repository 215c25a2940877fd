"""The reader against the annotated sentences, held to the published bars."""

from __future__ import annotations

from pathlib import Path

import pytest

from text.score import FIELDS, Score, compare, expected_of, score

HERE = Path(__file__).parent
BARS = {
    "value": 0.98,
    "comparator": 0.97,
    "unit": 0.97,
    "cadence": 0.97,
    "each": 0.90,
    "deadline": 0.95,
}


@pytest.fixture(
    scope="module",
    params=[
        "annotated.toml",
        "second_look.toml",
        "third_look.toml",
        "fourth_look.toml",
        "fifth_look.toml",
        "sixth_look.toml",
        "seventh_look.toml",
        "eighth_look.toml",
        "ninth_look.toml",
        "tenth_look.toml",
        "eleventh_look.toml",
        "twelfth_look.toml",
        "thirteenth_look.toml",
        "fourteenth_look.toml",
    ],
)
def scored(request: pytest.FixtureRequest) -> Score:
    return score(HERE / request.param)


def test_enough_sentences_of_both_sorts() -> None:
    total = score(HERE / "annotated.toml")
    assert total.expected >= 200
    assert total.negatives >= 100


def test_promises_are_found_and_little_else(scored: Score) -> None:
    assert scored.recall >= 0.95, scored.faults
    assert scored.precision >= 0.95, scored.faults
    assert scored.negatives_with_proposals <= 0.03 * scored.negatives, scored.faults


@pytest.mark.parametrize("field", FIELDS)
def test_fields_are_right(scored: Score, field: str) -> None:
    assert scored.share(field) >= BARS[field], scored.faults


def test_a_wrong_value_is_doubted(scored: Score) -> None:
    assert scored.silent_values <= 0.005 * scored.matched
    assert scored.all_right >= 0.88 * scored.matched


def test_the_score_notices_what_is_wrong() -> None:
    total = Score()
    compare(
        {"text": "全年开展督查不少于4次。", "targets": [">= 5 天 /month each 人 @2021-06-30"]},
        total,
    )
    assert total.matched == 1
    assert +total.right == {"comparator": 1}
    compare({"text": "全年开展督查不少于4次。"}, total)
    assert total.negatives_with_proposals == 1
    compare({"text": "加强党员教育。", "targets": [">= 4 次"]}, total)
    assert total.recall == 0.5


def test_a_misspelt_annotation_is_refused() -> None:
    with pytest.raises(ValueError, match="what is"):
        expected_of(">= 5 次 monthly")
