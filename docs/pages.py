"""Pages made from the code: names by room, one reference page a room, the status rules."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from pathlib import Path
from types import ModuleType
from typing import Any

import partybuild

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
    "sources": "Reading and writing files",
    "ledger": "The ledger",
    "reduce": "From events to actuals",
    "assessment": "Verdicts",
    "carry": "Next year's plan",
    "report": "Reports",
    "testing": "For tests",
    "errors": "Errors and problems",
    "origin": "Where a fact was said",
}
INTERNAL = frozenset({"__main__", "cli"})


def write_pages(folder: Path) -> None:
    """Write every generated page into `folder`, untouched where nothing changed."""
    for name, text in pages().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def pages() -> dict[str, str]:
    """Return the pages: path in the folder of generated pages -> text."""
    rooms = modules_by_room()
    made = {f"rooms/{room}.md": room_page(room, modules) for room, modules in rooms.items()}
    return made | {"exports.md": exports_page(), "status-rules.md": status_rules()}


def modules_by_room() -> dict[str, list[ModuleType]]:
    """Return the public modules of each room, rooms in reading order."""
    found: dict[str, list[ModuleType]] = {}
    for info in pkgutil.walk_packages(partybuild.__path__, "partybuild."):
        room, *inner = info.name.split(".")[1:]
        if room in INTERNAL or any(part.startswith("_") for part in (room, *inner)):
            continue
        found.setdefault(room, []).append(importlib.import_module(info.name))
    order = [*ROOMS, *sorted(found.keys() - ROOMS.keys())]
    return {room: found[room] for room in order if room in found}


def title_of(room: str) -> str:
    """Return the heading of a room: what is found there."""
    return ROOMS.get(room, room)


def room_page(room: str, modules: list[ModuleType]) -> str:
    """Return the reference page of one room: its modules, documented from their source."""
    lines = [f"# {title_of(room)}", ""]
    for module in modules:
        lines += ["```{eval-rst}", f".. automodule:: {module.__name__}", "```", ""]
    return "\n".join(lines)


def exports_page() -> str:
    """Return the names of the front door by room, each with the first line of its docstring."""
    groups: dict[str, list[str]] = {}
    for name in partybuild.__all__:
        value: Any = getattr(partybuild, name)
        module = getattr(value, "__module__", None) or ""
        room = module.removeprefix("partybuild.").partition(".")[0]
        doc = (inspect.getdoc(value) or "").split("\n\n")[0].replace("\n", " ")
        link = f"{{py:obj}}`~{module}.{name}`" if room else f"`{name}`"
        groups.setdefault(room, []).append(f"| {link} | {doc} |")
    lines: list[str] = []
    for room in sorted(groups, key=lambda room: [*ROOMS, room].index(room)):
        lines += [f"**{title_of(room) or 'Further'}**", "", "| name | what it is |", "|---|---|"]
        lines += [*groups[room], ""]
    return "\n".join(lines)


def status_rules() -> str:
    """Return the rules of a standing's status as the code itself holds them, in order."""
    return ""
