"""Pages made from the code: the names of the front door by room, and the status rules."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
from pathlib import Path
from typing import Any

import attrs

from partybuild.assessment.rules import RULES

PACKAGE = "partybuild"

#: Rooms in the order of a year's work, with what is found there. Other rooms come last.
ROOMS = {
    "plan": "Plans and commitments",
    "target": "Targets",
    "goals": "Goals and revisions",
    "roster": "Rosters",
    "measures": "Measures and goals, as tables",
    "periods": "Periods, cadences and windows",
    "quantities": "Numbers and units",
    "events": "Events",
    "mappings": "Plans as plain mappings",
    "schema": "The plan file for editors",
    "sources": "Reading and writing files",
    "ledger": "The ledger",
    "assessment": "Verdicts",
    "engines": "Events of other engines",
    "coming": "What is due",
    "scoring": "Points and grades",
    "hierarchy": "Organisations above organisations",
    "carry": "Next year's plan",
    "report": "Reports",
    "charts": "Charts",
    "reminders": "Reminders",
    "workbook": "The workbook",
    "testing": "For tests",
    "errors": "Errors and problems",
    "origin": "Where a fact was said",
}


OPTIONS = {
    "autoclass": "   :members:\n",
    "autoexception": "   :members:\n   :show-inheritance:\n",
}


@attrs.frozen
class Name:
    """One public name: how it is imported, and what it is."""

    path: str
    value: Any

    @property
    def room(self) -> str:
        """The room it lives in; empty where that cannot be told."""
        home = getattr(self.value, "__module__", None) or self.path
        return str(home).removeprefix("partybuild.").partition(".")[0]

    @property
    def summary(self) -> str:
        """The first paragraph of its docstring, on one line."""
        doc = inspect.getdoc(self.value) or ""
        return " ".join(doc.split("\n\n")[0].split()).replace("|", r"\|")

    @property
    def directive(self) -> str:
        """What autodoc calls this sort of thing."""
        if isinstance(self.value, type):
            return "autoexception" if issubclass(self.value, BaseException) else "autoclass"
        return "autofunction" if callable(self.value) else "autodata"


def write_pages(folder: Path) -> None:
    """Write every generated page into `folder`, untouched where nothing changed."""
    made = pages()
    for path in folder.rglob("*.md"):
        if path.relative_to(folder).as_posix() not in made:
            path.unlink()
    for name, text in made.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def pages() -> dict[str, str]:
    """Return the pages: path in the folder of generated pages -> text."""
    rooms = names_by_room()
    made = {f"rooms/{room}.md": room_page(room, names) for room, names in rooms.items()}
    return made | {"exports.md": exports_page(rooms), "status-rules.md": status_rules()}


def names_by_room() -> dict[str, list[Name]]:
    """Return the public names of each room, rooms in reading order."""
    found: dict[str, list[Name]] = {}
    for module in ("partybuild", "partybuild.testing"):
        if importlib.util.find_spec(module) is None:
            continue
        loaded = importlib.import_module(module)
        for name in loaded.__all__:
            one = Name(f"{module}.{name}", getattr(loaded, name))
            found.setdefault(one.room, []).append(one)
    for base in bases([one.value for names in found.values() for one in names]):
        one = Name(f"{base.__module__}.{base.__name__}", base)
        found[one.room].insert(0, one)
    order = [*ROOMS, *sorted(found.keys() - ROOMS.keys())]
    return {room: found[room] for room in order if room in found}


def bases(values: list[Any]) -> list[type]:
    """Return the exceptions that public ones are made from, and that are not public themselves."""
    kinds = [one for one in values if isinstance(one, type) and issubclass(one, Exception)]
    found = {base for kind in kinds for base in kind.__mro__ if base.__module__.startswith(PACKAGE)}
    return sorted(found - set(kinds), key=lambda base: base.__name__)


def room_page(room: str, names: list[Name]) -> str:
    """Return the reference page of one room: its public names, from their docstrings."""
    lines = [f"# {ROOMS.get(room, room)}", ""]
    for name in names:
        members = OPTIONS.get(name.directive, "")
        lines += [f"```{{eval-rst}}\n.. {name.directive}:: {name.path}\n{members}```", ""]
    return "\n".join(lines)


def exports_page(rooms: dict[str, list[Name]]) -> str:
    """Return the list of room pages, and a table for each room of its names and what they are."""
    lines = ["```{toctree}", ":hidden:", ""]
    lines += [f"../_generated/rooms/{room}" for room in rooms]
    lines += ["```", ""]
    for room, names in rooms.items():
        lines += [f"## {ROOMS.get(room, room)}", "", "| name | what it is |", "|---|---|"]
        lines += [f"| {{py:obj}}`~{name.path}` | {name.summary} |" for name in names]
        lines += [""]
    return "\n".join(lines)


def status_rules() -> str:
    """Return the rules of a standing's status as the code itself holds them, in order."""
    lines = ["| | when | status |", "|---|---|---|"]
    lines += [f"| {n} | {rule.when} | `{rule.status}` |" for n, rule in enumerate(RULES, start=1)]
    return "\n".join(lines) + "\n"
