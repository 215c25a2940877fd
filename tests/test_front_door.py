"""`import partybuild`: what it loads, what it offers, and that its errors travel."""

from __future__ import annotations

import inspect
import pickle
import subprocess
import sys

import pytest

import partybuild
from partybuild import errors

HEAVY = ("numpy", "pandas", "pyarrow", "polars", "duckdb", "narwhals", "openpyxl", "matplotlib")

PROBLEMS = (
    errors.Problem(code="bad-date", message="not a calendar date", file="a.csv", row=7),
    errors.Problem(code="blank", message="no kind given", severity="warning", line=3),
)
EXAMPLES: dict[type[errors.PartybuildError], errors.PartybuildError] = {
    errors.PartybuildError: errors.PartybuildError("something"),
    errors.ProblemsError: errors.ProblemsError(PROBLEMS, "a.csv"),
    errors.PlanError: errors.PlanError(PROBLEMS, "plan.toml"),
    errors.EventError: errors.EventError(PROBLEMS[:1]),
    errors.DraftError: errors.DraftError(PROBLEMS, "draft.toml"),
    errors.SourceError: errors.SourceError("no such file: a.csv"),
    errors.UsageError: errors.UsageError("lang 'fr'; allowed: zh, en"),
    errors.UnknownNameError: errors.UnknownNameError("no target 'x'; did you mean 'y'?"),
    errors.LedgerError: errors.LedgerError("the file is not a ledger"),
    errors.EngineError: errors.EngineError("truncate by week"),
    errors.MissingExtraError: errors.MissingExtraError("Reading .xlsx", "excel"),
}
EXCEPTIONS = [
    value
    for value in vars(errors).values()
    if isinstance(value, type) and issubclass(value, errors.PartybuildError)
]


def run_python(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_importing_loads_no_dataframe_library() -> None:
    code = f"import sys, partybuild; print(*[name for name in {HEAVY!r} if name in sys.modules])"
    assert run_python(code) == ""


def test_building_a_plan_loads_no_dataframe_library() -> None:
    code = (
        "import sys, datetime as dt, partybuild as pb\n"
        "pb.Plan(id='2021', title='t', start=dt.date(2021, 1, 1), end=dt.date(2021, 12, 31))\n"
        "print('pandas' in sys.modules)"
    )
    assert run_python(code) == "False"


def test_all_is_sorted_and_without_twins() -> None:
    assert list(partybuild.__all__) == sorted(set(partybuild.__all__))


def test_dir_offers_every_exported_name() -> None:
    assert set(partybuild.__all__) <= set(dir(partybuild))


@pytest.mark.parametrize("name", partybuild.__all__)
def test_every_exported_name_resolves_and_is_documented(name: str) -> None:
    value = getattr(partybuild, name)
    if callable(value):
        doc = inspect.getdoc(value)
        assert doc, f"{name} has no docstring"
        # attrs and functools write signatures as docstrings; those say nothing.
        assert not doc.startswith(f"{name}("), f"{name} has no docstring of its own"


@pytest.mark.parametrize("name", partybuild.__all__)
def test_what_a_notebook_offers_after_the_dot_is_documented(name: str) -> None:
    value = getattr(partybuild, name)
    if not inspect.isclass(value) or issubclass(value, Exception):
        return
    told = {field.name for field in getattr(value, "__attrs_attrs__", ())}  # by the class
    for own in dir(value):
        if not own.startswith("_") and own not in told:
            assert inspect.getdoc(inspect.getattr_static(value, own)), f"{name}.{own}"


def test_an_unknown_name_is_an_attribute_error_that_names_it() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        partybuild.no_such_name  # noqa: B018 - reading the attribute is the test


def test_every_exception_has_an_example_here() -> None:
    assert set(EXCEPTIONS) == set(EXAMPLES)


@pytest.mark.parametrize("kind", EXCEPTIONS, ids=lambda kind: kind.__name__)
def test_every_exception_survives_pickling(kind: type[errors.PartybuildError]) -> None:
    before = EXAMPLES[kind]
    after = pickle.loads(pickle.dumps(before))
    assert type(after) is kind
    assert str(after) == str(before)
    assert str(after)
    assert vars(after) == vars(before)


@pytest.mark.parametrize("kind", EXCEPTIONS[1:], ids=lambda kind: kind.__name__)
def test_every_exception_is_also_a_builtin_and_says_what_it_is(
    kind: type[errors.PartybuildError],
) -> None:
    builtins = set(kind.__mro__) - {Exception, BaseException, object}
    assert any(base.__module__ == "builtins" for base in builtins)
    assert kind.__doc__
