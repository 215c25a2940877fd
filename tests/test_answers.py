"""Every row of the contract against answers worked by hand, page by page.

The pages stand in `tests/answers/`; `answers/pages.py` says how they read.
"""

from __future__ import annotations

import attrs
import numpy as np
import pytest
from answers.pages import PAGES, Case, differences, read_cases

from partybuild.assessment import judge as judging
from partybuild.assessment.rules import RULES, STATUSES, Signs, statuses
from partybuild.grid import Ints
from partybuild.measures import GOALS, MEASURES
from partybuild.periods import CADENCES
from partybuild.target import PARTIALS

CASES = [case for page in PAGES for case in read_cases(page)]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_answers_worked_by_hand(case: Case) -> None:
    found = [line for check in case.checks() for line in differences(*check)]
    assert not found, "\n".join([case.name, case.why, *found])


def test_every_case_says_how_its_figures_come_about() -> None:
    assert len({(case.page, case.name) for case in CASES}) == len(CASES)
    assert [case.name for case in CASES if len(case.why) < 10] == []
    assert [case.name for case in CASES if not any(rows for _, _, rows in case.checks())] == []


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.rule], ids=lambda case: str(case.rule)
)
def test_the_rule_named_is_the_one_that_decides(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided: set[str] = set()

    def recording(signs: Signs) -> Ints:
        left = np.ones(len(signs.is_upper), dtype=bool)
        for rule in RULES:
            fits = left & rule.holds(signs)
            decided.update([rule.when] if fits.any() else [])
            left &= ~fits
        return statuses(signs)

    monkeypatch.setattr(judging, "statuses", recording)
    fresh = attrs.evolve(case)  # nothing kept from the test above
    for _, assessment, _ in fresh.checks():
        assert len(assessment.standings) == 1, "one standing, so that one rule decides"
    assert decided == {case.rule}


def test_every_rule_of_the_table_has_a_case_of_its_own() -> None:
    named = [case.rule for case in CASES if case.rule]
    assert sorted(set(named)) == sorted(rule.when for rule in RULES)


def test_the_pages_cover_the_vocabulary() -> None:
    targets = [
        target
        for case in CASES
        for commitment in case.plan["commitment"]
        for target in commitment.get("target", [])
    ]
    assert {target["measure"] for target in targets} == set(MEASURES)
    assert {goal for target in targets for goal in GOALS if goal in target} == set(GOALS)
    assert {target["per"] for target in targets if isinstance(target.get("per"), str)} == set(
        CADENCES
    )
    assert {target["partial"] for target in targets if "partial" in target} == set(PARTIALS)
    assert any(isinstance(target.get("per"), dict) for target in targets)
    seen = {
        str(status)
        for case in CASES
        for name, assessment, _ in case.checks()
        for status in getattr(assessment, name).get("status", [])
    }
    assert seen == set(STATUSES)
