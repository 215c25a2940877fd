"""Plan files: what is read, what is refused and where, and what is written."""

from __future__ import annotations

import datetime as dt
import json
import os
import stat
import string
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partybuild.errors import PlanError, Problem, SourceError, UsageError
from partybuild.faults import as_name
from partybuild.mappings import plan_from_mapping, plan_to_mapping
from partybuild.measures import GOALS, MEASURES
from partybuild.periods import CADENCES
from partybuild.plan import Plan
from partybuild.sources.json_lines import json_lines
from partybuild.sources.plans import plan_to_json, plan_to_toml, read_plan, write_plan
from partybuild.sources.syntax import MOST_FAULTS, read_toml
from partybuild.sources.toml_lines import toml_lines
from partybuild.sources.toml_text import toml_text

GOOD = """\
[plan]
id = "2021"
title = "2021年抓党建工作承诺"
start = 2021-01-01
end = 2021-12-31

[rosters]
cadres = ["甲", "乙", { id = "丙", from = 2021-04-01 }]

[[commitment]]
id = "3.1"
section = "（一）…"
text = "…"
owner = "党建办"

  [[commitment.target]]
  id = "field-days"
  name = "深入党组织调研指导"
  measure = "days"
  kind = "调研"            # or a list
  at_least = 60
  unit = "天"

  [[commitment.target]]
  id = "promotion-meeting"
  name = "工作推进会"
  measure = "count"
  kind = "推进会"
  at_least = 1
  per = "quarter"
  unit = "次"
"""

Save = Callable[..., Path]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    def save(text: str | bytes, name: str = "plan.toml") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return save


def problems(path: Path) -> list[Problem]:
    with pytest.raises(PlanError) as caught:
        read_plan(path)
    assert all(problem.file == str(path) for problem in caught.value.problems)
    return list(caught.value.problems)


def places(path: Path) -> list[tuple[int | None, str | None]]:
    return [(problem.line, problem.path) for problem in problems(path)]


def as_json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1, default=lambda day: day.isoformat())


# --- reading


def test_the_contract_s_own_example(save: Save) -> None:
    path = save(GOOD)
    plan = read_plan(path)
    assert repr(plan) == "Plan('2021', 2021-01-01..2021-12-31, 1 commitments, 2 targets)"
    assert plan.rosters["cadres"].members[2].from_ == dt.date(2021, 4, 1)
    assert [target.id for target in plan.targets] == ["field-days", "promotion-meeting"]


def test_json_and_a_mapping_are_read_alike(save: Save) -> None:
    data = tomllib.loads(GOOD)
    plan = read_plan(save(GOOD))
    assert read_plan(save(as_json(data), "plan.json")) == plan
    assert read_plan(data) == plan


def test_everything_knows_the_line_it_came_from(save: Save) -> None:
    path = save(GOOD)
    plan = read_plan(path)
    origins = [plan.origin, plan.commitments[0].origin, *(t.origin for t in plan.targets)]
    assert [(one.file, one.line) for one in origins if one] == [
        (str(path), 1), (str(path), 10), (str(path), 16), (str(path), 24),
    ]  # fmt: skip
    text = as_json(tomllib.loads(GOOD))
    in_json = read_plan(save(text, "plan.JSON"))
    lines = [target.origin.line for target in in_json.targets if target.origin]
    assert [text.split("\n")[line].strip() for line in lines if line] == [
        '"id": "field-days",', '"id": "promotion-meeting",',
    ]  # fmt: skip


@pytest.mark.parametrize(
    "change", [lambda text: "\ufeff" + text, lambda t: t.replace("\n", "\r\n")]
)
def test_a_byte_order_mark_and_windows_line_ends(save: Save, change: Callable[[str], str]) -> None:
    assert read_plan(save(change(GOOD))) == read_plan(tomllib.loads(GOOD))
    text = change(GOOD).replace('id = "3.1"', "id = 3")
    assert places(save(text)) == [(11, "commitment[0].id")]


def test_a_path_may_be_text_or_a_path(save: Save) -> None:
    path = save(GOOD)
    assert read_plan(str(path)) == read_plan(path)


# --- files that cannot be read at all


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("nowhere.toml", "there is no such file"),
        ("plan.yaml", "expected .toml, .json, .xlsx, .xlsm"),
        ("plan", "expected .toml, .json, .xlsx, .xlsm"),
        ("folder.toml", "is a folder"),
        ("a\0b.toml", "cannot be read"),
    ],
)
def test_no_such_file(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "folder.toml").mkdir()
    with pytest.raises(SourceError, match=words):
        read_plan(str(tmp_path / name))


@pytest.mark.parametrize("source", [7, None, b"x", ["plan.toml"]])
def test_what_is_neither_path_nor_mapping(source: Any) -> None:
    with pytest.raises(UsageError, match="expected a path or a mapping"):
        read_plan(source)


@pytest.mark.parametrize("name", ["plan.toml", "plan.json"])
@pytest.mark.parametrize("text", ["", "  \n\t\n", "\ufeff"])
def test_an_empty_file(save: Save, text: str, name: str) -> None:
    (problem,) = problems(save(text, name))
    assert (problem.line, problem.message) == (1, "the file is empty")


@pytest.mark.parametrize(
    ("content", "line", "hint"),
    [
        ('[plan]\nid = "2021"\ntitle = "承诺"\n'.encode("gb18030"), 3, "GB18030"),
        ('[plan]\nid = "2021"\n'.encode("utf-16"), 1, "UTF-16"),
        (b'[plan]\nid = "2021"\n\n# \xff\xff', 4, None),
    ],
)
def test_the_wrong_encoding(save: Save, content: bytes, line: int, hint: str | None) -> None:
    (problem,) = problems(save(content))
    assert (problem.code, problem.line) == ("bad-encoding", line)
    assert (hint is None) == (problem.hint is None)
    assert (hint or "") in (problem.hint or "")


# --- faults of syntax


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("at_least = 六十", "Invalid value"),
        ('name = "a', "Illegal character"),
        ("at_least = ", "Invalid value"),
        ("deadline = 2021-02-31", "Invalid date"),
        ("name = 调研", "text stands in quotes"),
        ("name = field days", "text stands in quotes"),
        ("名称 = 3", "not plain ASCII"),
        ("at_least ＝ 3", "＝ is full-width"),
        ("name = “a”", "“ is full-width"),
        ('measure = "days"', "stands twice"),
        ("kind = [调研, 走访]", "Invalid value"),
        ("only words", "Expected '='"),
        ("at_least = " + "9" * 5000, "4300"),
    ],
)
def test_a_faulty_line_is_named_and_the_rest_is_still_read(
    save: Save, wrong: str, words: str
) -> None:
    lines = GOOD.split("\n")
    lines[20] = wrong
    text = "\n".join(lines).replace('unit = "次"', 'unti = "次"')
    found = problems(save(text))
    assert [problem.line for problem in found] == [21, text.split("\n").index('  unti = "次"') + 1]
    assert words in str(found[0])
    assert found[1].path == "commitment[0].target[1].unti"


def test_what_a_line_left_out_may_have_said_is_not_called_missing(save: Save) -> None:
    text = GOOD.replace('measure = "days"', "measure = days").replace('measure = "count"', "")
    assert places(save(text)) == [(19, None), (24, "commitment[0].target[1].measure")]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[plan\nid = 3", 1),
        ("[plan]\nid = 'x'\n[plan]\n", 3),
        ("[plan]\n\nid = [1,\n2\n", 4),
        ('[plan]\ntitle = """\nopen\n', 3),
        ("[plan]\nid = { a = 1\n}\n", 2),
        ("[plan]\n\x00", 2),
        ("[plan]\n[[plan]]\n", 2),
        ("x = \n" + "[" * 4000, 1),
        ("\n\nx = " + "[" * 40 + "]" * 40, 3),
        ("x = " + "[" * 4000, 1),
    ],
)
def test_the_line_of_a_fault_of_syntax(save: Save, text: str, line: int) -> None:
    found = problems(save(text))
    assert found[0].line == line
    assert found[0].code == "bad-syntax"


def test_not_more_faults_of_syntax_than_anybody_reads() -> None:
    assert len(read_toml("a = x\n" * (MOST_FAULTS + 9)).problems) == MOST_FAULTS


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("{\n'id': 1}", 2, "double quotes"),
        ('{"plan": {},\n}', 2, "double quotes"),
        ('{"plan":\n', 2, "Expecting value"),
        ("[1, 2]", 1, "not a plan"),
        ("null", 1, "not a plan"),
        ('"plan"', 1, "not a plan"),
        ("[" * 100_000, 1, "nested too deeply"),
        ("\n" + "[" * 400 + "]" * 400, 2, "nested too deeply"),
        ('{"plan": {\n"slack": ' + "9" * 5000 + "}}", 2, "4300"),
    ],
)
def test_faults_of_json_syntax(save: Save, text: str, line: int, words: str) -> None:
    (problem,) = problems(save(text, "plan.json"))
    assert problem.line == line
    assert words in str(problem)


def test_a_json_key_that_stands_twice_and_half_a_character(save: Save) -> None:
    head = '{"plan": {"id": "a",\n"start": "2021-01-01", "end": "2021-12-31",\n"id": "b",\n'
    found = problems(save(head + '"title": "\\ud83d"}}', "plan.json"))
    assert [(one.line, one.path, one.message) for one in found] == [
        (3, "plan.id", "the key stands twice"),
        (4, "plan.title", "half a character"),
    ]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_json_numbers_that_are_none(save: Save, number: str) -> None:
    data = as_json(tomllib.loads(GOOD)).replace('"at_least": 60', f'"at_least": {number}')
    ((_, path),) = places(save(data, "plan.json"))
    assert path == "commitment[0].target[0].at_least"


@pytest.mark.parametrize("number", ["nan", "inf", "-inf", "1e999"])
def test_toml_numbers_that_are_none(save: Save, number: str) -> None:
    text = GOOD.replace("at_least = 60", f"at_least = {number}")
    assert places(save(text)) == [(21, "commitment[0].target[0].at_least")]


# --- faults of what is said: all at once, each with its line


def test_all_faults_in_one_go_in_the_order_of_the_file(save: Save) -> None:
    text = """\
[plan]
id = "2021"
start = 2021-01-01
end = 2021-12-31
slak = 0.05

[roster]
x = []

[rosters]
cadres = [
  "甲",
  { id = "丙", from = 2021-04-01, too = 3 },  # [not a list]
  "甲",
]

[[commitment]]
id = "1"
text = '''
[[commitment]]
id = "2"  \"\"\" '''
  [[commitment.target]]
  id = "a"
  measure = "cuont"
  kind = "调研"
  at_leest = 60
  where."级 别" = {}

  [[commitment.target]]
  id = "b"
  measure = "mean"
  kind = "调研"
  at_least = 60
  at_most = 70
  makeup = true
  each = "cadre"
  deadline = 2022-01-01
  per = { rrule = "FREQ=HOURLY" }

  [[commitment.target]]
  id = "b"
  measure = "ratio"
  numerator = { measure = "total", kind = "x # y", were = {} }
  revisions = [
    { from = 2021-07-01, waived = true }, { from = 2021-08-01,
      waived = 1 },
  ]
[[commitment]]
id = "1"
[commitment.target]
id = "x"
""".replace("from = 2021-08-01,\n      waived = 1", "from = 2021-08-01, waived = 1")
    target = "commitment[0].target"
    assert places(save(text)) == [
        (5, "plan.slak"),
        (7, "roster"),
        (13, "rosters.cadres[1].too"),
        (14, "rosters.cadres[2].id"),
        (24, f"{target}[0].measure"),
        (26, f"{target}[0].at_leest"),
        (27, f'{target}[0].where."级 别"'),
        (34, f"{target}[1].at_most"),
        (35, f"{target}[1].makeup"),
        (36, f"{target}[1].each"),
        (37, f"{target}[1].deadline"),
        (38, f"{target}[1].per.rrule"),
        (40, f"{target}[2].denominator"),
        (41, f"{target}[2].id"),
        (43, f"{target}[2].numerator.were"),
        (45, f"{target}[2].revisions[1].waived"),
        (48, "commitment[1].id"),
        (49, "commitment[1].target"),
    ]


def test_the_text_of_an_error_reads_like_a_compiler_s(save: Save) -> None:
    path = save(GOOD.replace("at_least = 60", "at_leest = 60"))
    with pytest.raises(PlanError) as caught:
        read_plan(path)
    text = str(caught.value)
    assert text.startswith(f"{path}, line 21, commitment[0].target[0].at_leest: unknown key")
    assert text.endswith("did you mean 'at_least'?")
    assert caught.value.source == str(path)


def test_without_the_table_plan_nothing_else_is_said_about_it(save: Save) -> None:
    text = GOOD[GOOD.index("[rosters]") :].replace("at_least = 60", "at_least = true")
    assert places(save(text)) == [(1, "plan"), (15, "commitment[0].target[0].at_least")]


def test_what_is_missing_is_named_at_its_table(save: Save) -> None:
    text = GOOD.replace('id = "2021"\n', "").replace('  id = "field-days"\n', "")
    assert places(save(text)) == [(1, "plan.id"), (15, "commitment[0].target[0].id")]


def test_faults_in_json_have_lines_too(save: Save) -> None:
    data = tomllib.loads(GOOD)
    data["commitment"][0]["target"][1]["per"] = "monthly"
    data["rosters"]["cadres"][2]["from"] = "soon"
    text = as_json(data)
    found = problems(save(text, "plan.json"))
    lines = text.split("\n")
    assert [lines[one.line - 1].strip() for one in found if one.line] == [
        '"from": "soon"',
        '"per": "monthly",',
    ]


# --- the lines of keys


def test_every_way_to_write_a_key_in_toml() -> None:
    text = """\
# [not.a.table]
top = 1
[a."b.c".'d']   # header
x.y . z = 1
"quoted \\u4e2d" = "]"
long = \"\"\"
[no]
key = 1 \\\"\"\" ""\"\"\"
lit = '''
'[no]' '''
list = [ # one
  1, [2,
  3], { k = "}", l = [ '#', "\\"" ] },
]
empty = []
none = {}
[[a.list]]
k = 2021-01-01 10:00:00
  [a.list.sub]
  k = 1
[[a.list]]
  [[a.list.deep]]
  [[a.list.deep]]
  k = +1.0e5
"""
    tomllib.loads(text)
    table = 'a."b.c".d'
    assert toml_lines(text) == {
        "top": 2, "a": 3, 'a."b.c"': 3, table: 3,
        f"{table}.x": 4, f"{table}.x.y": 4, f"{table}.x.y.z": 4, f'{table}."quoted 中"': 5,
        f"{table}.long": 6, f"{table}.lit": 9, f"{table}.list": 11, f"{table}.list[0]": 12,
        f"{table}.list[1]": 12, f"{table}.list[1][0]": 12, f"{table}.list[1][1]": 13,
        f"{table}.list[2]": 13, f"{table}.list[2].k": 13, f"{table}.list[2].l": 13,
        f"{table}.list[2].l[0]": 13, f"{table}.list[2].l[1]": 13,
        f"{table}.empty": 15, f"{table}.none": 16,
        "a.list": 17, "a.list[0]": 17, "a.list[0].k": 18, "a.list[0].sub": 19,
        "a.list[0].sub.k": 20, "a.list[1]": 21, "a.list[1].deep": 22, "a.list[1].deep[0]": 22,
        "a.list[1].deep[1]": 23, "a.list[1].deep[1].k": 24,
    }  # fmt: skip


def paths_of(data: Any, path: str = "") -> set[str]:
    """Every path of plain data whose keys are plain words."""
    found = {path} - {""}
    if isinstance(data, dict):
        for key, value in data.items():
            found |= paths_of(value, f"{path}.{key}" if path else key)
    elif isinstance(data, list):
        for index, value in enumerate(data):
            found |= paths_of(value, f"{path}[{index}]")
    return found


def test_every_path_of_a_file_has_a_line() -> None:
    data = tomllib.loads(GOOD)
    assert toml_lines(GOOD).keys() == paths_of(data)
    text = as_json(data)
    found, again = json_lines(text)
    assert found.keys() == paths_of(data)
    assert not again
    keyed = {path: line for path, line in found.items() if not path.endswith("]")}
    for path, line in keyed.items():
        assert f'"{path.split(".")[-1]}"' in text.split("\n")[line - 1]


# --- writing


def test_the_layout_is_the_contract_s(save: Save) -> None:
    plan = read_plan(save(GOOD))
    assert plan_to_toml(plan) == GOOD.replace("            # or a list", "").replace(
        '  at_least = 1\n  per = "quarter"\n  unit = "次"\n',
        '  at_least = 1\n  unit = "次"\n  per = "quarter"\n',
    )


def test_inline_tables_long_lists_and_several_lines(save: Save) -> None:
    plan = plan_from_mapping(
        {
            "plan": {
                "id": "a",
                "start": "2021-01-01",
                "end": "2021-12-31",
                "units": {"h": {"d": 2}},
            },
            "rosters": {"很多": [f"第{i}村" for i in range(1, 21)]},
            "commitment": [
                {
                    "id": "1",
                    "text": '第一行\n"""第二行"""\t\\ \x07',
                    "target": [
                        {
                            "id": "t",
                            "measure": "ratio",
                            "numerator": {
                                "measure": "count",
                                "kind": ["a", "b"],
                                "where": {"x": 1},
                            },
                            "denominator": {"measure": "count", "kind": "c"},
                            "at_least": 0.9,
                            "revisions": [
                                {
                                    "from": "2021-07-01",
                                    "at_least": 0.8,
                                    "reason": "防汛任务重，" * 3,
                                },
                                {"from": "2021-09-01", "waived": True},
                            ],
                        }
                    ],
                }
            ],
        }
    )
    text = plan_to_toml(plan)
    assert text == (
        '''\
[plan]
id = "a"
start = 2021-01-01
end = 2021-12-31
units = { h = { d = 2 } }

[rosters]
"很多" = [
  "第1村", "第2村", "第3村", "第4村", "第5村", "第6村", "第7村", "第8村", "第9村", "第10村",
  "第11村", "第12村", "第13村", "第14村", "第15村", "第16村", "第17村", "第18村", "第19村",
  "第20村",
]

[[commitment]]
id = "1"
text = """
第一行
\\"""第二行\\"""\t\\\\ \\u0007"""

  [[commitment.target]]
  id = "t"
  measure = "ratio"
  numerator = { measure = "count", kind = ["a", "b"], where = { x = 1 } }
  denominator = { measure = "count", kind = "c" }
  at_least = 0.9
  revisions = [
    { from = 2021-07-01, at_least = 0.8, reason = "防汛任务重，防汛任务重，防汛任务重，" },
    { from = 2021-09-01, waived = true },
  ]
'''
    )
    assert read_plan(save(text)) == plan


def test_comments_stand_above_what_they_speak_of(save: Save) -> None:
    plan = read_plan(save(GOOD))
    comments = {
        "": "Draft\n\nof \x07 2021",
        "plan": "the year",
        "commitment[0]": "line 12: 工作",
        "commitment[0].target[1]": "check",
        "commitment[0].target[1].at_least": "assumed",
    }
    text = plan_to_toml(plan, comments=comments)
    assert text.startswith("# Draft\n#\n# of   2021\n\n# the year\n[plan]\n")
    assert "\n\n# line 12: 工作\n[[commitment]]\n" in text
    assert "\n\n  # check\n  [[commitment.target]]\n" in text
    assert "\n  # assumed\n  at_least = 1\n" in text
    assert read_plan(save(text)) == plan


def test_what_is_not_a_plan_yet_can_be_written_as_text() -> None:
    text = toml_text(
        {"plan": {"id": "a", "start": None}, "commitment": [{"id": "1", "target": []}]}
    )
    assert text == '[plan]\nid = "a"\n\n[[commitment]]\nid = "1"\ntarget = []\n'
    with pytest.raises(ValueError, match="TOML has no place"):
        toml_text({"plan": {"id": object()}})


@pytest.mark.parametrize("name", ["plan.toml", "plan.json", "计划.TOML"])
def test_what_is_written_is_read_back(tmp_path: Path, save: Save, name: str) -> None:
    plan = read_plan(save(GOOD))
    write_plan(plan, tmp_path / name)
    assert read_plan(tmp_path / name) == plan
    assert b"\r" not in (tmp_path / name).read_bytes()
    assert {path.name for path in tmp_path.iterdir()} == {"plan.toml", name}


def test_json_is_readable(save: Save) -> None:
    text = plan_to_json(read_plan(save(GOOD)))
    assert '"kind": "调研"' in text
    assert '"from": "2021-04-01"' in text


def test_an_existing_file_keeps_its_rights_and_a_link_its_target(
    tmp_path: Path, save: Save
) -> None:
    path = save("old")
    path.chmod(0o640)
    link = tmp_path / "link.toml"
    link.symlink_to(path)
    write_plan(Plan(id="a", start="2021-01-01", end="2021-12-31"), link)
    assert link.is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert read_plan(path).id == "a"


def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    save: Save, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save(GOOD)

    def fail(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(SourceError, match="No space left"):
        write_plan(Plan(id="a", start="2021-01-01", end="2021-12-31"), path)
    assert path.read_text(encoding="utf-8") == GOOD
    assert [one.name for one in path.parent.iterdir()] == ["plan.toml"]


def test_where_a_plan_cannot_be_written(tmp_path: Path) -> None:
    plan = Plan(id="a", start="2021-01-01", end="2021-12-31")
    for path in (tmp_path / "no" / "plan.toml", tmp_path / "plan.yaml", f"{tmp_path}/a\0.toml"):
        with pytest.raises(SourceError):
            write_plan(plan, path)
    with pytest.raises(UsageError, match="expected a Plan"):
        write_plan({"plan": {}}, tmp_path / "plan.toml")  # type: ignore[arg-type]
    half = Plan(id="a", title="\ud83d", start="2021-01-01", end="2021-12-31")
    with pytest.raises(UsageError, match="no text file can hold"):
        write_plan(half, tmp_path / "plan.toml")


# --- laws


TEXTS = st.text(max_size=12) | st.text(alphabet='"\\\n\r\t\x00\x7f\x85\u2028#[]{}=,中 ', max_size=8)
NAMES = TEXTS.filter(str.strip)
#: Names by which an event can call a member.
CALLED = NAMES.map(as_name).filter(lambda text: text and not set(text) & set(";；、"))
NUMBERS = st.integers(-(10**9), 10**9) | st.floats(allow_nan=False, allow_infinity=False)
DAYS = st.dates(dt.date(2021, 1, 1), dt.date(2021, 12, 31))
VALUES = TEXTS | NUMBERS | st.booleans()
WHERES = st.dictionaries(TEXTS, VALUES | st.lists(VALUES, min_size=1, max_size=3), max_size=2)
KINDS = NAMES | st.lists(NAMES, min_size=1, max_size=3)


def some(**shapes: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Tables in which each key may be absent."""
    return st.fixed_dictionaries({}, optional=shapes)


@st.composite
def goals(draw: st.DrawFn) -> dict[str, Any]:
    name = draw(st.sampled_from([None, *GOALS]))
    if name is None:
        return {}
    if name == "between":
        return {"between": draw(st.lists(NUMBERS, min_size=2, max_size=2).map(sorted))}
    goal = {name: draw(NUMBERS | st.just("X"))}
    return goal | ({"tolerance": draw(st.floats(0, 9))} if name == "about" else {})


@st.composite
def revisions(draw: st.DrawFn) -> dict[str, Any]:
    goal = draw(goals().filter(bool) | st.just({"waived": True}))
    return {"from": draw(DAYS), **goal, **draw(some(reason=TEXTS))}


def parts() -> st.SearchStrategy[dict[str, Any]]:
    simple = st.sampled_from(["count", "total", "distinct", "days", "latest", "mean"])
    needed = {"measure": simple, "kind": KINDS}
    return st.fixed_dictionaries(needed, optional={"where": WHERES})


@st.composite
def targets(draw: st.DrawFn, number: int) -> dict[str, Any]:
    measure = draw(st.sampled_from(list(MEASURES)))
    table = {"id": f"{draw(TEXTS)}{number}", "measure": measure, "kind": draw(KINDS)}
    if measure == "ratio":
        table |= {"numerator": draw(parts()), "denominator": draw(parts())}
    if measure == "growth":
        table |= {"of": draw(parts()), "baseline": draw(NUMBERS | st.just("previous"))}
    if measure != "milestone":
        table |= draw(goals())
        table |= draw(some(revisions=st.lists(revisions(), max_size=2), nil_return=st.booleans()))
        rules = st.sampled_from([{"rrule": "FREQ=MONTHLY;INTERVAL=2"}, *CADENCES])
        table |= draw(some(per=rules))
    if measure == "total":
        table |= draw(some(entries=st.just("running")))
    if draw(st.booleans()):
        table |= {"each": "r", "share": draw(st.floats(0.01, 1))}
    if "per" not in table and measure != "milestone" and draw(st.booleans()):
        table["schedule"] = [{"by": dt.date(2021, 6, 30), "share": draw(st.floats(0, 1))}]
    optional = some(
        name=TEXTS, unit=TEXTS, where=WHERES, weight=st.floats(0, 100),
        partial=st.sampled_from(["full", "prorate", "skip"]),
        deadline=st.dates(dt.date(2021, 7, 1), dt.date(2021, 12, 31)),
    )  # fmt: skip
    return table | draw(optional)


MEMBERS = st.builds(
    lambda name, more: {"id": name, **more},
    CALLED,
    some(name=TEXTS, to=DAYS, organisation=TEXTS, parent=st.just("above")),
)


@st.composite
def plan_files(draw: st.DrawFn) -> dict[str, Any]:
    """The mapping of a plan that holds, with odd text wherever text may stand."""
    head = {"id": draw(NAMES), "start": dt.date(2021, 1, 1), "end": dt.date(2021, 12, 31)}
    head |= draw(
        some(
            title=TEXTS, lang=st.sampled_from(["zh", "en"]), warn_days=st.integers(0, 99),
            slack=st.floats(0, 0.99), timezone=st.sampled_from(["UTC", "Asia/Shanghai"]),
            units=st.dictionaries(TEXTS, st.dictionaries(TEXTS, st.floats(0.1, 9)), max_size=2),
        )
    )  # fmt: skip
    members = st.lists(
        CALLED | MEMBERS, max_size=4, unique_by=lambda m: m if isinstance(m, str) else m["id"]
    )
    commitments = [
        {
            "id": f"{draw(TEXTS)}{i}",
            **draw(some(section=TEXTS, text=TEXTS, owner=TEXTS, weight=st.floats(0, 9))),
            "target": [draw(targets(j)) for j in range(draw(st.integers(0, 2)))],
        }
        for i in range(draw(st.integers(0, 3)))
    ]
    return {"plan": head, "rosters": {"r": draw(members)}, "commitment": commitments}


@given(plan_files())
@settings(max_examples=150)
def test_a_round_trip_loses_nothing(data: dict[str, Any]) -> None:
    plan = plan_from_mapping(data)
    mapping = plan_to_mapping(plan)
    assert plan_from_mapping(mapping) == plan
    text = plan_to_toml(plan)
    assert tomllib.loads(text) == tomllib.loads(toml_text(mapping))
    assert plan_from_mapping(tomllib.loads(text)) == plan
    assert plan_from_mapping(json.loads(plan_to_json(plan))) == plan
    lines = toml_lines(text)
    assert all(1 <= line <= text.count("\n") for line in lines.values())
    found, again = json_lines(plan_to_json(plan))
    assert not again
    assert {"commitment"} & mapping.keys() <= found.keys() & lines.keys()


@given(st.text(max_size=200) | st.text(alphabet=string.printable, max_size=200))
def test_no_text_at_all_is_more_than_a_plan_error(text: str) -> None:
    reading = read_toml(text)
    assert all(problem.line for problem in reading.problems)


# --- a hundred malformed files


SNIPPETS = [
    "at_least = ", "at_least = 'x'", "[[", "]]", '"', "'''", '"""', "{", "}", "[x]", "id = 3",
    "per = 'monthly'", "id = ''", "revisions = 3", "each = 'nobody'", "measure = 'x'", "x.y.z = 1",
    "[plan]", "[[commitment.target]]", "start = 2021-02-30", "start = 1999-01-01", "\x00", "＝",
    "kind = []", "weight = -1", "share = 7", "per = { rrule = 'FREQ=DAILY;INTERVAL=0' }",
    "at_most = 3", "[commitment]", "[[plan]]", "[rosters.x]", "rosters = 3", "[[commitment]]",
]  # fmt: skip


def outcome(path: Path) -> tuple[Plan | None, tuple[Problem, ...]]:
    """The plan, or its faults; any other exception is a failure of the test."""
    try:
        return read_plan(path), ()
    except PlanError as error:
        return None, error.problems


@pytest.mark.parametrize("seed", range(100))
def test_a_hundred_malformed_plan_files(save: Save, seed: int) -> None:
    """One snippet in one place, and one line lost: a fault with its place, or a plan, no more."""
    lines = GOOD.split("\n")
    lines.insert(seed * 7 % len(lines), SNIPPETS[seed % len(SNIPPETS)])
    del lines[seed * 13 % len(lines)]
    for name, text in (
        ("plan.toml", "\n".join(lines)),
        ("plan.json", as_json(tomllib.loads(GOOD))[: seed * 8] + SNIPPETS[seed % len(SNIPPETS)]),
    ):
        plan, found = outcome(save(text, name))
        for problem in found:
            assert problem.file is not None
            assert problem.line is not None
            assert 1 <= problem.line <= text.count("\n") + 1
            assert problem.message
        assert found or (plan is not None and plan.targets and name == "plan.toml")


def spoiled(data: Any, seed: int) -> Any:
    """The same data with one value somewhere replaced by something odd."""
    odd = [None, True, -1, 1e400, "", "x", [], {}, [[]], {"x": {}}, "2021-13-01", 10**400, [3]]
    places: list[tuple[Any, Any]] = []

    def visit(node: Any) -> None:
        for key in range(len(node)) if isinstance(node, list) else list(node):
            places.append((node, key))
            if isinstance(node[key], dict | list):
                visit(node[key])

    copy = json.loads(as_json(data))
    visit(copy)
    node, key = places[seed % len(places)]
    node[key] = odd[seed * 5 % len(odd)]
    return copy


@pytest.mark.parametrize("seed", range(150))
def test_one_odd_value_anywhere(save: Save, seed: int) -> None:
    data = spoiled(tomllib.loads(GOOD), seed)
    _, found = outcome(save(as_json(data), "plan.json"))
    assert all(problem.line and problem.path is not None for problem in found)
