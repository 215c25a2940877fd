"""How docstrings and signatures are shown: names as links, keyword arguments as written."""

from __future__ import annotations

import re
from typing import Any

import attrs
from docutils.nodes import Element
from sphinx.addnodes import desc_signature, pending_xref
from sphinx.ext.napoleon import Config, NumpyDocstring

import partybuild

SECTIONS = Config(napoleon_use_rtype=False)
MARKED = re.compile(r"(?<![`:\\])`([^`]+)`(?!`)")


def as_rest(_app: Any, what: str, name: str, _value: Any, _options: Any, lines: list[str]) -> None:
    """Turn the `names` of a docstring, written as in Markdown, into links or literals.

    Sections (Raises, Returns) are set as numpydoc has them; of attributes the
    words before a colon are no type, so they are left alone.
    """
    if what not in {"attribute", "data", "property"}:
        lines[:] = NumpyDocstring("\n".join(with_examples(lines)), SECTIONS).lines()
    own = name.split(".")[1:2]
    example = False
    for index, line in enumerate(lines):
        example = line.lstrip().startswith(">>>") or (example and bool(line.strip()))
        if not example:
            lines[index] = MARKED.sub(lambda found: marked(found[1], own), line)


def with_examples(lines: list[str]) -> list[str]:
    """Put a heading before the examples that follow a section, which would swallow them."""
    for index, line in enumerate(lines):
        if line.startswith("Examples"):
            break
        if line.startswith(">>>") and any(one.startswith("---") for one in lines[:index]):
            return [*lines[:index], "Examples", "--------", *lines[index:]]
    return lines


def marked(text: str, own: list[str]) -> str:
    """Return one name as reStructuredText: a link where the front door has it."""
    if text in partybuild.__all__ and text not in own:
        return rf"\ :py:obj:`~partybuild.{text}`\ "
    return rf"\ ``{text}``\ "


def keywords_of_attrs(
    _app: Any, _what: str, _name: str, value: Any, _options: Any, _signature: str, returns: str
) -> tuple[str, str] | None:
    """Show the keyword arguments of an attrs class with the types of its fields."""
    if not (isinstance(value, type) and attrs.has(value)):
        return None
    fields = [one for one in attrs.fields(value) if one.init]
    written = [argument(one) for one in fields]
    marks = ["*"] if fields and fields[0].kw_only else []
    return f"({', '.join(marks + written)})", returns


def argument(field: attrs.Attribute[Any]) -> str:
    """Write one keyword argument with its type and its default."""
    kind = field.type if isinstance(field.type, str) else getattr(field.type, "__name__", "Any")
    if field.default is attrs.NOTHING:
        return f"{field.alias}: {kind}"
    made = isinstance(field.default, attrs.Factory)  # type: ignore[arg-type]
    default = repr(field.default.factory()) if made else repr(field.default)
    return f"{field.alias}: {kind} = {default}"


def leave_types_of_signatures(
    _app: Any, _env: Any, node: pending_xref, shown: Element
) -> Element | None:
    """Show a type in a signature as it is when it has no page: other packages', and inner ones.

    References in prose stay strict.
    """
    parent = node.parent
    while parent is not None:
        if isinstance(parent, desc_signature):
            return shown
        parent = parent.parent
    return None
