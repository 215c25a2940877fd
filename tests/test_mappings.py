"""Plans as plain mappings, and the schema of their files."""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from partybuild.errors import PlanError
from partybuild.goals import Revision
from partybuild.mappings import FILE_KEYS, keys_of, plan_from_mapping, plan_to_mapping
from partybuild.plan import Commitment, Plan
from partybuild.roster import Member, Roster
from partybuild.schema import plan_json_schema
from partybuild.target import Part, SchedulePoint, Target

PROJECT = Path(__file__).resolve().parent.parent
HEAD = {"id": "2021", "start": "2021-01-01", "end": "2021-12-31"}
TARGET = {"id": "t", "measure": "count", "kind": "会", "at_least": 1}


def paths(data: Any) -> list[str | None]:
    with pytest.raises(PlanError) as caught:
        plan_from_mapping(data)
    return [problem.path for problem in caught.value.problems]


def with_target(**more: Any) -> dict[str, Any]:
    return {"plan": HEAD, "commitment": [{"id": "1", "target": [{**TARGET, **more}]}]}


# --- reading


@pytest.mark.parametrize("data", [None, [], "plan", 3])
def test_what_is_no_mapping(data: Any) -> None:
    assert paths(data) == [""]


def test_paths_are_those_of_the_file() -> None:
    data = {
        "plan": {**HEAD, "slack": 7, "rosters": {}, "titel": "x", "units": {"a b": 1}},
        "rosters": {"a.b": [3]},
        "comitment": [],
        "commitment": [{"id": "1", "target": [{**TARGET, "where": {"x y": {}}}]}],
    }
    assert paths(data) == [
        "comitment",
        "plan.rosters",
        "plan.titel",
        "plan.slack",
        'plan.units."a b"',
        'rosters."a.b"[0]',
        'commitment[0].target[0].where."x y"',
    ]


def test_without_the_table_plan_its_keys_are_not_listed() -> None:
    assert paths({}) == ["plan"]
    assert paths({"plan": [HEAD], "commitment": [{"id": ""}]}) == ["plan", "commitment[0].id"]


def test_keys_that_are_not_text() -> None:
    assert paths({"plan": {**HEAD, 3: 4}}) == ["plan.3"]
    assert paths({"plan": HEAD, "rosters": {3: ["甲"]}}) == ["rosters.3.name"]


@pytest.mark.parametrize("key", ["rosters", "commitment"])
def test_null_is_no_table(key: str) -> None:
    data = {"plan": HEAD, key: None}
    if key == "rosters":
        assert paths(data) == ["rosters"]
    else:
        assert plan_from_mapping(data).commitments == ()


# --- writing


def test_defaults_are_left_out_and_keys_stand_in_a_readable_order() -> None:
    plan = Plan(
        **HEAD,
        title="承诺",
        warn_days=14,
        rosters={"v": Roster(name="v", members=["甲", {"id": "乙", "from": "2021-04-01"}])},
        commitment=[
            Commitment(id="1", text="开会。", target=[Target(**TARGET, per="month", weight=1)])
        ],
    )
    assert plan_to_mapping(plan) == {
        "plan": {
            "id": "2021",
            "title": "承诺",
            "start": dt.date(2021, 1, 1),
            "end": dt.date(2021, 12, 31),
        },
        "rosters": {"v": ["甲", {"id": "乙", "from": dt.date(2021, 4, 1)}]},
        "commitment": [{"id": "1", "text": "开会。", "target": [{**TARGET, "per": "month"}]}],
    }
    (target,) = plan_to_mapping(plan)["commitment"][0]["target"]
    assert list(target) == ["id", "measure", "kind", "at_least", "per"]


def test_a_plan_and_the_mapping_of_it_are_the_same() -> None:
    plan = plan_from_mapping(
        with_target(
            kind=["会", "课"],
            where={"级别": ["镇", "村"]},
            per={"rrule": "FREQ=MONTHLY"},
            revisions=[{"from": "2021-07-01", "waived": True}],
        )
    )
    assert plan_from_mapping(plan_to_mapping(plan)) == plan


# --- the schema says the same as the classes


def definitions() -> dict[str, Any]:
    return dict(plan_json_schema()["$defs"])


@pytest.mark.parametrize(
    ("name", "cls"), [("plan", Plan), ("commitment", Commitment), ("target", Target)]
)
def test_the_schema_has_the_keys_of_the_classes(name: str, cls: type) -> None:
    table = definitions()[name]
    assert tuple(table["properties"]) == keys_of(cls)
    assert table["additionalProperties"] is False


def test_the_schema_has_the_keys_of_members_and_describes_every_key() -> None:
    member = definitions()["member"]["anyOf"][1]
    assert tuple(member["properties"]) == keys_of(Member)
    assert tuple(plan_json_schema()["properties"]) == FILE_KEYS
    tables = [one for one in definitions().values() if "properties" in one]
    for table in [*tables, *(one["anyOf"][1] for one in definitions().values() if "anyOf" in one)]:
        for key, shape in table["properties"].items():
            assert shape["description"].strip(), key


def test_required_keys_and_defaults_are_those_of_the_classes() -> None:
    tables = definitions()
    assert tables["plan"]["required"] == ["id", "start", "end"]
    assert tables["commitment"]["required"] == ["id"]
    assert tables["target"]["required"] == ["id", "measure"]
    defaults = {key: one["default"] for key, one in tables["plan"]["properties"].items()
                if "default" in one}  # fmt: skip
    assert defaults == {"timezone": "Asia/Shanghai", "lang": "zh", "warn_days": 14, "slack": 0.05}


def test_the_schema_is_plain_json() -> None:
    assert json.loads(json.dumps(plan_json_schema())) == plan_json_schema()


@pytest.fixture(scope="module")
def validator() -> Any:
    jsonschema = pytest.importorskip("jsonschema")
    schema = plan_json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())


def test_the_schema_accepts_the_example_plans(validator: Any, examples: Path) -> None:
    files = sorted(examples.glob("**/plan*.toml"))
    assert files
    for file in files:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
        plain = json.loads(json.dumps(data, default=lambda day: day.isoformat()))
        assert [error.message for error in validator.iter_errors(plain)] == []


PART = {"measure": "total", "kind": "x"}


@pytest.mark.parametrize(
    "more",
    [
        {"at_least": "X"},
        {"at_least": None, "between": [3, 5]},
        {"at_least": None, "about": 3, "tolerance": 1},
        {"kind": ["a", "b"], "where": {"x": [1, "y", True]}},
        {"per": {"rrule": "FREQ=MONTHLY"}, "makeup": True},
        {"measure": "ratio", "numerator": PART, "denominator": "count"},
        {"measure": "growth", "of": PART, "baseline": "previous"},
        {"measure": "milestone", "at_least": 1, "deadline": "2021-09-30"},
        {"measure": "total", "entries": "running"},
        {"measure": "latest", "baseline": 3},
        {"revisions": [{"from": "2021-07-01", "waived": True}]},
        {"revisions": [{"from": "2021-08-01", "at_most": 2, "reason": "防汛"}]},
        {"schedule": [{"by": "2021-06-30", "share": 0.5}]},
    ],
)  # fmt: skip
def test_what_can_be_read_fits_the_schema(validator: Any, more: dict[str, Any]) -> None:
    data = with_target(**more)
    table = data["commitment"][0]["target"][0]
    data["commitment"][0]["target"][0] = {k: v for k, v in table.items() if v is not None}
    assert plan_from_mapping(data)
    assert [error.message for error in validator.iter_errors(data)] == []


@pytest.mark.parametrize(
    "more",
    [
        {"at_leest": 3},
        {"at_most": 3},
        {"at_least": "60"},
        {"measure": "cuont"},
        {"kind": []},
        {"per": "monthly"},
        {"per": {"rule": "FREQ=MONTHLY"}},
        {"deadline": "2021-02-31"},
        {"require": 0},
        {"share": 0},
        {"weight": -1},
        {"measure": "mean", "makeup": True},
        {"measure": "ratio"},
        {"measure": "growth", "of": PART},
        {"numerator": PART},
        {"of": PART},
        {"entries": "running"},
        {"baseline": 3},
        {"partial": "half"},
        {"revisions": [{"from": "2021-07-01"}]},
        {"revisions": [{"from": "2021-07-01", "waived": True, "at_least": 1}]},
        {"revisions": [{"at_least": 1}]},
        {"schedule": [{"by": "2021-06-30", "share": 2}]},
        {"where": {"x": {}}},
    ],
)
def test_what_the_schema_refuses_is_refused_by_the_reader(
    validator: Any, more: dict[str, Any]
) -> None:
    data = with_target(**more)
    assert list(validator.iter_errors(data))
    assert paths(data)


# --- the reference page says the same as the classes


@pytest.mark.parametrize(
    ("heading", "cls"),
    [
        ("[plan]", Plan),
        ("[rosters]", Member),
        ("[[commitment]]", Commitment),
        ("[[commitment.target]]", Target),
        ("numerator, denominator, of", Part),
        ("revisions", Revision),
        ("schedule", SchedulePoint),
    ],
)
def test_every_key_is_on_the_reference_page(heading: str, cls: type) -> None:
    page = (PROJECT / "docs" / "reference" / "plan-file.md").read_text(encoding="utf-8")
    (section,) = re.findall(rf"^## `{re.escape(heading)}`\n(.*?)(?=^## |\Z)", page, re.M | re.S)
    first_cells = re.findall(r"^\| (`[^|]+) \|", section, re.M)
    keys = [key for cell in first_cells for key in re.findall(r"`([a-z_]+)`", cell)]
    assert sorted(keys) == sorted({*keys_of(cls)} - {"target"})
