"""The import table of CONTRIBUTING.md, kept true by machine.

Every `import` statement of the package is read from its source, those inside
functions and under `TYPE_CHECKING` included, as are `import_module` calls with
a literal name. A new room goes into `STEPS`, a new optional dependency into
`OPTIONAL`.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import attrs
import pytest

import partybuild

ROOT = Path(partybuild.__file__).parent

#: Rooms in the order of a year's work. A room imports only rooms of earlier
#: steps: never a later one, never one of its own step.
STEPS: tuple[tuple[str, ...], ...] = (
    ("errors", "origin", "texts"),
    ("quantities", "faults"),
    ("cells", "periods"),
    ("measures",),
    ("goals", "roster"),
    ("target",),
    ("plan_page",),
    ("plan", "events"),
    ("mappings", "grid", "_frames"),
    ("sources", "schema", "reduce"),
    ("ledger", "engines"),
    ("assessment",),
    ("carry", "coming", "scoring", "hierarchy"),
    ("charts",),
    ("report",),
    ("workbook", "reminders"),
    ("__init__",),
    ("testing", "cli"),
    ("__main__",),
)
STEP_OF = {room: number for number, step in enumerate(STEPS) for room in step}

#: Pairs that the steps would allow, and the house does not.
FORBIDDEN = {
    ("assessment", "sources"): "verdicts never see a file",
}

#: Imports that run up, inside one function, and why.
UPWARDS = {
    ("partybuild.target", "partybuild.sources.text.spoken"): (
        "Target.from_text hands a sentence to the reader and is nothing but that door"
    ),
    ("partybuild.sources.workbooks", "partybuild.workbook.reading"): (
        "read_events hands a workbook of ours to the room that wrote it"
    ),
    ("partybuild.sources.workbooks", "partybuild.workbook.plan_reading"): (
        "read_plan hands a workbook to the room that knows its sheets"
    ),
    ("partybuild.sources.workbooks", "partybuild.workbook.plan_sheet"): (
        "write_plan does so as well"
    ),
}

#: Rooms without file, clock, network, environment or log.
DRY = frozenset(
    {
        "errors", "origin", "texts", "quantities", "faults", "cells", "periods", "measures",
        "goals", "roster", "target", "plan_page", "plan", "events", "mappings", "schema", "grid",
        "reduce", "assessment", "carry", "coming", "scoring", "hierarchy",
    }
)  # fmt: skip
WET_MODULES = frozenset(
    {
        "logging", "pathlib", "os", "io", "urllib", "socket", "time", "http", "shutil",
        "tempfile", "glob", "subprocess", "sqlite3", "getpass", "platform",
    }
)  # fmt: skip
WET_CALLS = frozenset(
    {"open", "print", "input", "date.today", "datetime.now", "datetime.utcnow", "datetime.today"}
)

#: Rooms that `import partybuild` may load, which therefore load no frames.
LIGHT = DRY - {
    "cells", "events", "grid", "reduce", "assessment", "carry", "coming", "scoring", "hierarchy",
}  # fmt: skip
CORE = frozenset({"attr", "attrs", "dateutil", "numpy", "pandas"})

PROJECT = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text("utf-8"))
EXTRAS: dict[str, list[str]] = PROJECT["project"]["optional-dependencies"]

#: Import name of an optional dependency -> the extra that installs it.
OPTIONAL = {
    "docx": "docx",
    "docxtpl": "report",
    "duckdb": "engines",
    "jinja2": "report",
    "matplotlib": "charts",
    "narwhals": "engines",
    "openpyxl": "excel",
    "polars": "engines",
    "pyarrow": "parquet",
    "pylopdf_fonts_zh_cn": "fonts",
    "pyspark": "spark",
    "rich": "cli",
    "typer": "cli",
    "xlsxwriter": "excel",
}


@attrs.frozen
class Import:
    """One import: the dotted name, where it stands, and how."""

    name: str
    line: int
    in_function: bool
    for_types: bool

    @property
    def top(self) -> str:
        return self.name.partition(".")[0]


def module_name(path: Path) -> str:
    parts = ("partybuild", *path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module: str) -> str:
    """The room a dotted name belongs to; the package itself is `__init__`."""
    return [*module.split("."), "__init__"][1]


MODULES = {module_name(path): path for path in sorted(ROOT.rglob("*.py"))}


def dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def absolute(node: ast.ImportFrom, module: str) -> str:
    """The dotted name that `from ... import` means, relative dots resolved."""
    if not node.level:
        return node.module or ""
    is_package = MODULES[module].name == "__init__.py"
    parts = module.split(".")
    parts = parts[: len(parts) - node.level + is_package]
    return ".".join([*parts, node.module] if node.module else parts)


def names_of(node: ast.AST, module: str) -> list[str]:
    """The dotted names that one node imports, modules as exactly as can be told."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        base = absolute(node, module)
        longer = [f"{base}.{alias.name}" for alias in node.names]
        return [name if name in MODULES else base for name in longer]
    if isinstance(node, ast.Call) and dotted(node.func).endswith("import_module"):
        first = node.args[0] if node.args else None
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            return [first.value]
    return []


def walk(node: ast.AST, module: str, inside: bool, types: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        for name in names_of(child, module):
            yield Import(name, child.lineno, inside, types)
        is_function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        is_types = isinstance(child, ast.If) and dotted(child.test).endswith("TYPE_CHECKING")
        yield from walk(child, module, inside or is_function, types or is_types)


def imports_of(module: str) -> list[Import]:
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    return list(walk(tree, module, inside=False, types=False))


IMPORTS = {module: imports_of(module) for module in MODULES}


def place(module: str, line: int) -> str:
    return f"{MODULES[module].relative_to(ROOT.parent)}:{line}"


@pytest.mark.parametrize("module", MODULES)
def test_every_module_belongs_to_a_room_of_the_table(module: str) -> None:
    assert room_of(module) in STEP_OF, (
        f"{module} is not in the import table: add its room to STEPS in {Path(__file__).name}, "
        "at the step that says what it may import, and to CONTRIBUTING.md"
    )


def test_contributing_shows_the_same_table() -> None:
    page = (Path(__file__).parent.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \d+ \| (.*?) \|", page, re.MULTILINE)
    shown = [set(re.findall(r"`(\w+)`", row)) for row in rows]
    assert shown == [set(step) for step in STEPS]


@pytest.mark.parametrize("module", MODULES)
def test_imports_run_down_the_corridor(module: str) -> None:
    room = room_of(module)
    if room not in STEP_OF:
        return  # told by the test above
    faults = []
    for found in IMPORTS[module]:
        other = room_of(found.name)
        if found.top != "partybuild" or other == room:
            continue
        if (module, found.name) in UPWARDS and found.in_function:
            continue
        if STEP_OF.get(other, 0) >= STEP_OF[room]:
            faults.append(f"{place(module, found.line)}: {room} may not import {other}")
        if (room, other) in FORBIDDEN:
            reason = FORBIDDEN[room, other]
            faults.append(f"{place(module, found.line)}: {room} imports {other}, but {reason}")
    assert not faults, "\n".join(dict.fromkeys(faults))


def test_no_module_imports_itself_round_a_corner() -> None:
    graph = {
        module: {
            found.name
            for found in found_imports
            if found.name in MODULES
            and found.name != module
            and not found.for_types
            and (module, found.name) not in UPWARDS
        }
        for module, found_imports in IMPORTS.items()
    }
    order = list(TopologicalSorter(graph).static_order())  # raises CycleError, naming the cycle
    assert set(order) == set(MODULES)


@pytest.mark.parametrize("module", [name for name in MODULES if room_of(name) == "report"])
def test_renderers_see_only_the_view(module: str) -> None:
    if module.startswith("partybuild.report.view"):
        return
    allowed = {"errors", "origin", "texts", "quantities", "report"}
    words = "partybuild.assessment.telling"  # which notebooks share
    seen = {
        room_of(found.name)
        for found in IMPORTS[module]
        if found.top == "partybuild" and not found.name.startswith(words)
    }
    assert seen <= allowed, f"{module} sees {sorted(seen - allowed)}; let report/view.py compute it"


@pytest.mark.parametrize("module", [name for name in MODULES if room_of(name) in DRY])
def test_dry_rooms_touch_nothing_outside(module: str) -> None:
    faults = [
        f"{place(module, found.line)}: imports {found.name}"
        for found in IMPORTS[module]
        if found.top in WET_MODULES
    ]
    for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = dotted(node.func)
            if ".".join(called.split(".")[-2:]) in WET_CALLS:
                faults.append(f"{place(module, node.lineno)}: calls {called}")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("module", [name for name in MODULES if room_of(name) in LIGHT])
def test_the_model_needs_no_frames(module: str) -> None:
    faults = [
        f"{place(module, found.line)}: imports {found.name} when it is imported"
        for found in IMPORTS[module]
        if found.top in {"numpy", "pandas"} and not (found.in_function or found.for_types)
    ]
    assert not faults, "\n".join(faults)


def test_dateutil_lives_in_periods() -> None:
    users = {
        room_of(module)
        for module, imports in IMPORTS.items()
        if any(found.top == "dateutil" for found in imports)
    }
    assert users <= {"periods"}


def test_third_party_packages_are_declared() -> None:
    known = CORE | OPTIONAL.keys() | sys.stdlib_module_names | {"partybuild"}
    faults = [
        f"{place(module, found.line)}: {found.top} is neither a dependency nor in OPTIONAL"
        for module, imports in IMPORTS.items()
        for found in imports
        if found.top not in known
    ]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("package", OPTIONAL)
def test_an_optional_dependency_is_imported_in_one_file_inside_a_function(package: str) -> None:
    found = [
        (module, one)
        for module, imports in IMPORTS.items()
        for one in imports
        if one.top == package and not one.for_types
    ]
    files = sorted({str(MODULES[module].relative_to(ROOT)) for module, _ in found})
    assert len(files) <= 1, f"{package} is imported in {', '.join(files)}; one file is enough"
    at_top = [place(module, one.line) for module, one in found if not one.in_function]
    assert not at_top, f"{package} is imported outside a function: {', '.join(at_top)}"


@pytest.mark.parametrize(("package", "extra"), OPTIONAL.items())
def test_every_optional_dependency_is_in_its_extra(package: str, extra: str) -> None:
    names = {"docx": "python-docx", "pylopdf_fonts_zh_cn": "pylopdf-fonts-zh-cn"}
    distribution = names.get(package, package)
    assert any(re.match(rf"{distribution}\b(?!-)", wanted) for wanted in EXTRAS[extra])


def test_the_pip_lines_of_missing_extras_name_extras_that_there_are() -> None:
    faults = []
    for module, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and dotted(node.func) == "MissingExtraError"):
                continue
            last = node.args[-1] if node.args else None
            if isinstance(last, ast.Constant) and last.value not in EXTRAS:
                faults.append(f"{place(module, node.lineno)}: no extra {last.value!r}")
    assert not faults, "\n".join(faults)


def test_no_exported_function_shares_its_name_with_a_room() -> None:
    # `import partybuild.plan` would put the module where the function was.
    assert not set(partybuild.__all__) & STEP_OF.keys()
