"""Code in the documentation runs.

On each page the Python blocks run in order, in one namespace and in a folder of
their own. A block with `>>>` must print what the page shows; any other must
run. A block with a `:caption:` that is a file's name is that file, and is there
for the code below it. `<!-- not run -->` on the line before leaves a block out.
"""

from __future__ import annotations

import doctest
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import attrs
import pandas as pd
import pytest

import partybuild as pb
from partybuild.assessment.words import STATUS_WORDS

PROJECT = Path(__file__).resolve().parent.parent
PAGES = sorted(
    path
    for path in [*PROJECT.glob("README*.md"), *PROJECT.glob("docs/**/*.md")]
    if not {"_build", "_generated"} & set(path.parts)
)
FENCE = re.compile(
    r"^(?P<mark>`{3,}|:{3,})(?P<info>[^\n`]*)\n(?P<body>.*?)^(?P=mark)[ ]*$",
    re.MULTILINE | re.DOTALL,
)
OPTION = re.compile(r"^:(\w[\w-]*):[ ]*(.*)\n", re.MULTILINE)
PYTHON = ("python", "py", "pycon")
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


@attrs.frozen
class Block:
    """One fenced block of a page."""

    language: str
    caption: str | None
    body: str
    line: int
    is_run: bool


def blocks(text: str) -> Iterator[Block]:
    for found in FENCE.finditer(text):
        info, body = found["info"].strip(), found["body"]
        language = re.sub(r"^\{(code-block|code|sourcecode)\}\s*", "", info)
        options = {}
        if language != info:
            while option := OPTION.match(body):
                options[option[1]] = option[2]
                body = body[option.end() :]
        before = text[: found.start()].rstrip().splitlines()
        yield Block(
            language=language.strip().lower(),
            caption=options.get("caption"),
            body=body.lstrip("\n"),
            line=text.count("\n", 0, found.start()) + 2,
            is_run=not before or before[-1].strip() != "<!-- not run -->",
        )


def run_block(block: Block, page: str, names: dict[str, object]) -> None:
    if ">>>" not in block.body:
        exec(compile("\n" * (block.line - 1) + block.body, page, "exec"), names)
        return
    test = doctest.DocTestParser().get_doctest(block.body, names, page, page, block.line - 1)
    report: list[str] = []
    runner = doctest.DocTestRunner(optionflags=FLAGS)
    runner.run(test, out=report.append, clear_globs=False)
    names.update(test.globs)
    if runner.failures:
        pytest.fail("".join(report), pytrace=False)


def code_of(path: Path) -> list[Block]:
    return [block for block in blocks(path.read_text(encoding="utf-8")) if block.is_run]


def has_code(path: Path) -> bool:
    return any(block.language in PYTHON for block in code_of(path))


#: What a page's code says when it needs an extra, and the package the extra brings.
EXTRAS = {
    ".xlsx": "openpyxl",
    "figure": "matplotlib",
    "chart_": "matplotlib",
    "polars": "polars",
    "parquet": "pyarrow",
    "pyspark": "pyspark",
}


def page_cases() -> Iterator[object]:
    """The pages with code; PySpark warns of pandas 3 and leaves sockets open."""
    for path in PAGES:
        if has_code(path):
            is_spark = "pyspark" in "".join(block.body for block in code_of(path))
            marks = [pytest.mark.spark, pytest.mark.filterwarnings("ignore")] if is_spark else []
            yield pytest.param(path.relative_to(PROJECT).as_posix(), marks=marks)


@pytest.mark.parametrize("page", list(page_cases()))
def test_code_of_page_runs(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = "".join(block.body for block in code_of(PROJECT / page) if block.language in PYTHON)
    for word, package in EXTRAS.items():
        if word in code:
            pytest.importorskip(package)
    if "pyspark" in code and shutil.which("java") is None:
        pytest.skip("Spark needs a Java runtime")
    if (PROJECT / "examples").exists():
        shutil.copytree(PROJECT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "__page__"}
    for block in code_of(PROJECT / page):
        if block.caption and re.fullmatch(r"[\w.-]+\.\w+", block.caption):
            Path(block.caption).write_text(block.body, encoding="utf-8")
        elif block.language in PYTHON:
            run_block(block, page, names)


def named_in_tables(page: str, heading: str) -> list[str]:
    """The names in the first column of the tables below one heading, in order."""
    text = (PROJECT / "docs" / "reference" / page).read_text(encoding="utf-8")
    after = text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    cells = re.findall(r"^\| (.*?) \|", after, re.MULTILINE)
    return [name for cell in cells for name in re.findall(r"`(\w+)`", cell)]


@pytest.fixture(scope="module")
def assessment() -> pb.Assessment:
    target = {"id": "t", "measure": "count", "kind": "督查", "at_least": 2}
    plan = pb.Plan(
        id="2021",
        start="2021-01-01",
        end="2021-12-31",
        commitment=[{"id": "1", "target": [target]}],
    )
    events = [{"id": "a", "kind": "督查", "date": "2021-03-05"}]
    return pb.assess(plan, pd.DataFrame(events), as_of="2021-06-30")


@pytest.mark.parametrize(
    "frame", ["standings", "targets", "commitments", "shortfalls", "outlook", "problems"]
)
def test_the_columns_of_a_frame_are_documented_in_order(
    frame: str, assessment: pb.Assessment
) -> None:
    columns = list(getattr(assessment, frame).columns)
    assert named_in_tables("frames.md", f"`{frame}`") == columns


def test_the_columns_of_an_explanation_are_documented(assessment: pb.Assessment) -> None:
    documented = named_in_tables("frames.md", "`explain(target)`")
    assert set(documented) == set(assessment.explain("t").columns)


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("`[plan]`", pb.Plan),
        ("`[rosters]`", pb.Member),
        ("`[[commitment]]`", pb.Commitment),
        ("`[[commitment.target]]`", pb.Target),
    ],
)
def test_every_key_of_the_plan_file_is_documented(heading: str, kind: type) -> None:
    keys = {field.alias.rstrip("_") for field in attrs.fields(kind)}
    inner = {"rosters", "commitment", "target", "origin"}
    assert set(named_in_tables("plan-file.md", heading)) == keys - inner


def test_statuses_are_called_as_in_reports() -> None:
    page = (PROJECT / "docs/concepts/status.md").read_text(encoding="utf-8")
    shown = dict(re.findall(r"^\| `(\w+)` \| ([^|`]+) \|", page, re.MULTILINE))
    words = {status: word for status, word in STATUS_WORDS["zh"].items() if status != "qualitative"}
    assert shown == words


def test_a_block_knows_its_language_caption_and_line() -> None:
    page = (
        "# t\n\n```{code-block} toml\n:caption: plan.toml\n\n[plan]\n```\n\n"
        "<!-- not run -->\n```python\nfail()\n```\n"
    )
    first, second = blocks(page)
    assert (first.language, first.caption, first.body) == ("toml", "plan.toml", "[plan]\n")
    assert (second.line, second.is_run) == (11, False)


def test_a_wrong_output_fails() -> None:
    block = Block(language="python", caption=None, body=">>> 1 + 1\n3\n", line=1, is_run=True)
    with pytest.raises(pytest.fail.Exception, match="Expected"):
        run_block(block, "page", {})
