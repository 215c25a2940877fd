"""The plan file as a JSON Schema, for editors and other tools."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import attrs

from partybuild.faults import parameters
from partybuild.goals import Revision
from partybuild.mappings import keys_of
from partybuild.measures import GOALS, MEASURES, PLACEHOLDER, SIMPLE_MEASURES
from partybuild.periods import CADENCES
from partybuild.plan import LANGUAGES, Commitment, Plan
from partybuild.roster import Member
from partybuild.target import PARTIALS, Part, SchedulePoint, Target

Schema = dict[str, Any]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"

_TEXT: Schema = {"type": "string"}
_NAME: Schema = {"type": "string", "pattern": r"\S"}
_DATE: Schema = {"type": "string", "format": "date"}
_FLAG: Schema = {"type": "boolean"}
_NUMBER: Schema = {"type": "number"}
_POSITIVE: Schema = {"type": "number", "exclusiveMinimum": 0}
_FROM_ZERO: Schema = {"type": "number", "minimum": 0}
_FRACTION: Schema = {"type": "number", "minimum": 0, "maximum": 1}
_MASKED: Schema = {"const": PLACEHOLDER}
_GOAL: Schema = {"anyOf": [_NUMBER, _MASKED]}
_PAIR: Schema = {"type": "array", "items": _NUMBER, "minItems": 2, "maxItems": 2}
_NAMES: Schema = {"anyOf": [_NAME, {"type": "array", "items": _NAME, "minItems": 1}]}
_VALUE: Schema = {"type": ["string", "number", "boolean"]}
_VALUES: Schema = {"anyOf": [_VALUE, {"type": "array", "items": _VALUE, "minItems": 1}]}
_WHERE: Schema = {"type": "object", "additionalProperties": _VALUES}
_RULE: Schema = {
    "type": "object",
    "properties": {"rrule": _NAME},
    "required": ["rrule"],
    "additionalProperties": False,
}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _list_of(name: str) -> Schema:
    return {"type": "array", "items": _ref(name)}


_GOAL_KEYS: dict[str, tuple[Schema, str]] = {
    "at_least": (_GOAL, "Goal: this or more."),
    "more_than": (_GOAL, "Goal: more than this; on whole-number measures the next number up."),
    "at_most": (_GOAL, "Goal: this or less."),
    "less_than": (_GOAL, "Goal: less than this; on whole-number measures the next number down."),
    "exactly": (_GOAL, "Goal: this and nothing else."),
    "about": (_GOAL, "Goal: this, give or take `tolerance`."),
    "between": ({"anyOf": [_PAIR, _MASKED]}, "Goal: from the first number to the second."),
    "tolerance": (_FROM_ZERO, "How far from `about` still counts, in the target's unit."),
}

_PART_KEYS: dict[str, tuple[Schema, str]] = {
    "measure": ({"enum": list(SIMPLE_MEASURES)}, "How the events become one number."),
    "kind": (_NAMES, "The kind of events that count, or several; the target's own if absent."),
    "where": (_WHERE, "Only events whose columns have these values."),
    "entries": ({"enum": ["running"]}, "`running`: quantities are running totals (累计数)."),
}

_TARGET_KEYS: dict[str, tuple[Schema, str]] = {
    "id": (_NAME, "Short name, once in its commitment."),
    "name": (_TEXT, "What reports call it; the id if absent."),
    "measure": ({"enum": list(MEASURES)}, "How the events of a window become one number."),
    "kind": (_NAMES, "The kind of events that count, or several."),
    "where": (_WHERE, "Only events whose columns have these values."),
    **_GOAL_KEYS,
    "unit": (_TEXT, "Unit of goal and measure; percentages are fractions with the unit `%`."),
    "numerator": (_ref("part"), "`ratio`: what is divided."),
    "denominator": (_ref("part"), "`ratio`: what it is divided by."),
    "of": (_ref("part"), "`growth`: what grows."),
    "entries": ({"enum": ["running"]}, "`total`: quantities are running totals (累计数)."),
    "nil_return": (_FLAG, "Zero must be reported (零报告): a window without events is unknown."),
    "baseline": (
        {"anyOf": [_NUMBER, {"const": "previous"}]},
        "Levels: progress is measured from here. `growth`: base of the rate, or `previous`.",
    ),
    "per": (
        {"anyOf": [{"enum": list(CADENCES)}, _RULE]},
        "Cadence: the goal holds in every such window; absent, once for the whole span.",
    ),
    "start": (_DATE, "First day that counts, if later than the plan's."),
    "end": (_DATE, "Last day that counts, if earlier than the plan's."),
    "deadline": (_DATE, "Last day by which it must be done."),
    "partial": ({"enum": list(PARTIALS)}, "What a clipped window asks for: all, a part, nothing."),
    "require": ({"type": "integer", "minimum": 1}, "How many of the windows suffice."),
    "makeup": (_FLAG, "Later surplus fills earlier windows that fell short (补齐)."),
    "each": (_NAME, "Roster whose every member must reach the goal."),
    "share": (
        {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
        "With `each`: the fraction of the members that suffices.",
    ),
    "revisions": (_list_of("revision"), "Changes of the goal during the year."),
    "schedule": (_list_of("schedule_point"), "How much should stand by when (时序进度)."),
    "weight": (_FROM_ZERO, "Weight in the completion of the commitment."),
}

_REVISION_KEYS: dict[str, tuple[Schema, str]] = {
    "from": (_DATE, "First day from which it holds."),
    **_GOAL_KEYS,
    "waived": (_FLAG, "Nothing is asked for from then on."),
    "reason": (_TEXT, "Why."),
}

_SCHEDULE_KEYS: dict[str, tuple[Schema, str]] = {
    "by": (_DATE, "By the end of this day"),
    "share": (_FRACTION, "this fraction of the requirement should stand."),
}

_COMMITMENT_KEYS: dict[str, tuple[Schema, str]] = {
    "id": (_NAME, "Short name, once in the plan."),
    "section": (_TEXT, "Heading of the report under which it stands."),
    "text": (_TEXT, "The sentence as it was promised."),
    "owner": (_TEXT, "Who answers for it."),
    "weight": (_FROM_ZERO, "Weight in the completion of the plan."),
    "target": (_list_of("target"), "What can be measured; none: qualitative."),
}

_MEMBER_KEYS: dict[str, tuple[Schema, str]] = {
    "id": (_NAME, "What events carry as `subject` or `organisation`."),
    "name": (_TEXT, "Shown, and accepted in events, instead of the id."),
    "from": (_DATE, "First day of membership; absent: from the beginning."),
    "to": (_DATE, "Last day of membership; absent: to the end."),
    "organisation": (_TEXT, "The organisation in which alone the member counts."),
    "parent": (_TEXT, "Of an organisation: the one above it."),
}

_PLAN_KEYS: dict[str, tuple[Schema, str]] = {
    "id": (_NAME, "Short name of the plan, such as the year."),
    "title": (_TEXT, "Title of the plan."),
    "start": (_DATE, "First day of the reporting year."),
    "end": (_DATE, "Last day of the reporting year, inclusive."),
    "timezone": (_NAME, "Zone in which a moment becomes a date."),
    "lang": ({"enum": list(LANGUAGES)}, "Language of reports."),
    "warn_days": (
        {"type": "integer", "minimum": 0},
        "In a window's last so many days anything short turns yellow.",
    ),
    "slack": (
        {"type": "number", "minimum": 0, "exclusiveMaximum": 1},
        "Fraction of a window by which a figure may lag before it is behind.",
    ),
    "units": (
        {
            "type": "object",
            "additionalProperties": {"type": "object", "additionalProperties": _POSITIVE},
        },
        "How many of another unit one unit is, such as `{ 小时 = { 天 = 0.125 } }` in quotes.",
    ),
}

_TABLES: dict[str, tuple[type, dict[str, tuple[Schema, str]], str]] = {
    "plan": (Plan, _PLAN_KEYS, "The reporting year."),
    "commitment": (Commitment, _COMMITMENT_KEYS, "One sentence of the report's next steps."),
    "target": (Target, _TARGET_KEYS, "Something measurable: measure, goal, cadence and who."),
    "part": (Part, _PART_KEYS, "One side of a `ratio`, or what a `growth` grows."),
    "revision": (Revision, _REVISION_KEYS, "A change of the goal, or its waiving."),
    "schedule_point": (SchedulePoint, _SCHEDULE_KEYS, "A point of the schedule."),
    "member": (Member, _MEMBER_KEYS, "Somebody, or some place, on a roster."),
}


def plan_json_schema() -> Schema:
    """Describe the plan file as JSON Schema (draft 2020-12), with what every key means.

    Dates are strings of the format ``date``, as tools that read TOML see them.
    What the schema accepts may still contradict itself (a deadline outside the
    plan, an unknown roster): `read_plan` has the last word.

    >>> schema = plan_json_schema()
    >>> schema["required"], schema["$defs"]["target"]["properties"]["partial"]["default"]
    (['plan'], 'full')
    """
    definitions = {name: _table(name) for name in _TABLES}
    for name in ("part", "member"):
        shorthand = {"part": {"enum": list(SIMPLE_MEASURES)}, "member": _NAME}[name]
        definitions[name] = {"anyOf": [shorthand, definitions[name]]}
    definitions["target"]["allOf"] = [_at_most_one_goal(), *_combinations()]
    definitions["revision"]["oneOf"] = [
        *({"required": [goal]} for goal in GOALS),
        {"required": ["waived"], "properties": {"waived": {"const": True}}},
    ]
    return {
        "$schema": _DIALECT,
        "title": "partybuild plan",
        "description": "One reporting year of commitments and the targets in them.",
        "type": "object",
        "properties": {
            "plan": _ref("plan"),
            "rosters": {
                "type": "object",
                "description": "Who a goal with `each` must hold for, by name.",
                "additionalProperties": _list_of("member"),
            },
            "commitment": _list_of("commitment"),
        },
        "required": ["plan"],
        "additionalProperties": False,
        "$defs": definitions,
    }


def _table(name: str) -> Schema:
    cls, described, meaning = _TABLES[name]
    properties = {}
    for key in keys_of(cls):
        shape, text = described[key]
        properties[key] = {**shape, "description": text, **_default(cls, key)}
    return {
        "description": meaning,
        "type": "object",
        "properties": properties,
        "required": _required(cls),
        "additionalProperties": False,
    }


def _default(cls: type, key: str) -> Schema:
    field = {str(one.alias): one for one in attrs.fields(cls)}[parameters(cls)[key]]
    is_plain = isinstance(field.default, str | int | float) and field.default != ""
    return {"default": field.default} if is_plain else {}


def _required(cls: type) -> list[str]:
    fields = {str(field.alias): field for field in attrs.fields(cls)}
    aliases = parameters(cls)
    return [key for key in keys_of(cls) if fields[aliases[key]].default is attrs.NOTHING]


def _at_most_one_goal() -> Schema:
    return {"not": {"anyOf": [{"required": list(pair)} for pair in combinations(GOALS, 2)]}}


def _combinations() -> list[Schema]:
    """What a measure needs and what it does not take, as far as a schema can say it."""
    levels = [name for name, measure in MEASURES.items() if measure.is_level]
    simple = list(SIMPLE_MEASURES)
    not_ratio = [name for name in MEASURES if name != "ratio"]
    not_growth = [name for name in MEASURES if name != "growth"]
    never_based = [name for name in MEASURES if name not in levels or name == "milestone"]
    return [
        _when(["ratio"], needs=["numerator", "denominator"]),
        _when(["growth"], needs=["of", "baseline"]),
        _when([*simple, "milestone"], needs=["kind"]),
        _when(not_ratio, refuses=["numerator", "denominator"]),
        _when(not_growth, refuses=["of"]),
        _when([name for name in MEASURES if name != "total"], refuses=["entries"]),
        _when(never_based, refuses=["baseline"]),
        {**_when(levels), "then": {"properties": {"makeup": {"const": False}}}},
    ]


def _when(
    measures: list[str], *, needs: list[str] | None = None, refuses: list[str] | None = None
) -> Schema:
    then: Schema = {"required": needs} if needs else {}
    if refuses:
        then = {"not": {"anyOf": [{"required": [key]} for key in refuses]}}
    condition = {"properties": {"measure": {"enum": measures}}, "required": ["measure"]}
    return {"if": condition, "then": then}
