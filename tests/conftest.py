"""Settings that every test shares."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from partybuild.errors import MissingExtraError

PROJECT = Path(__file__).resolve().parent.parent

# The machine decides how fast an example runs, so no example has a deadline;
# CI draws the same examples every time, so that a red run can be repeated.
settings.register_profile(
    "local", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.register_profile("ci", parent=settings.get_profile("local"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")

#: What a test of one format needs; without it, it is skipped and says so.
NEEDED = {".xlsx": "openpyxl", ".xlsm": "openpyxl", ".parquet": "pyarrow"}
ABSENT = {suffix: package for suffix, package in NEEDED.items() if find_spec(package) is None}

#: Modules that are about those formats as a whole.
collect_ignore = ["sources/test_event_files.py"] if ABSENT else []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the parameters of a test that need a package which is not there."""
    for item in items:
        given = getattr(item, "callspec", None)
        values = [one for one in given.params.values() if isinstance(one, str)] if given else []
        for suffix in ABSENT.keys() & set(values):
            item.add_marker(pytest.mark.skip(reason=f"{suffix} needs {ABSENT[suffix]}"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Skip a test whose extra is not installed; where extras are installed, it fails."""
    try:
        return (yield)
    except MissingExtraError as error:
        if not ABSENT:
            raise
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def examples() -> Path:
    """Return the folder of the example year."""
    return PROJECT / "examples"
