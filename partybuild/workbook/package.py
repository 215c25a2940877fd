"""The workbook as a package of parts: one sheet is rewritten, all else stays byte for byte.

Charts, pictures, notes, filters, macros and whatever else people put into their
workbook is not even looked at, so none of it can be lost.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET
from xml.sax.saxutils import quoteattr, unescape

import attrs

from partybuild.errors import SourceError

_MAIN: Final = "xl/workbook.xml"
_TYPES: Final = "[Content_Types].xml"
_SHEET_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CALC_CHAIN: Final = re.compile(r"<(?:\w+:)?(?:Relationship|Override)\b[^>]*calcChain[^>]*?/>")
_SHEET: Final = re.compile(r"<(?:\w+:)?sheet\b[^>]*?\bname=\"([^\"]*)\"")
_COMMENT: Final = re.compile(r"<(?:\w+:)?comment\b[^>]*?\bref=\"([A-Z]{1,3}\d{1,7})\"")
_MOST_TEXT: Final = 1 << 20
_NAME: Final = re.compile(r"<((?:\w+:)?)workbook\b")


def _tag(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _attribute(element: ET.Element, name: str) -> str | None:
    """An attribute by its name alone, whatever its namespace."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return value
    return None


def _main_part(package: zipfile.ZipFile) -> str:
    for one in ET.fromstring(package.read("_rels/.rels")):  # noqa: S314 -- no entities, checked
        if (one.get("Type") or "").endswith("/officeDocument"):
            return (one.get("Target") or _MAIN).lstrip("/")
    return _MAIN


def _rels_part(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _targets(package: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Each relation of a part by its id: its type and the part it leads to."""
    folder = posixpath.dirname(part)
    found = {}
    for one in ET.fromstring(package.read(_rels_part(part))):  # noqa: S314 -- as above
        target = one.get("Target") or ""
        target = target[1:] if target.startswith("/") else posixpath.join(folder, target)
        found[one.get("Id") or ""] = (one.get("Type") or "", posixpath.normpath(target))
    return found


def sheet_parts(package: zipfile.ZipFile) -> dict[str, str]:
    """Return the part of each sheet, by its title, in the order of the workbook."""
    main = _main_part(package)
    relations = _targets(package, main)
    names = set(package.namelist())
    parts = {}
    for one in ET.fromstring(package.read(main)).iter():  # noqa: S314 -- as above
        if _tag(one) == "sheet":
            _, part = relations.get(_attribute(one, "id") or "", ("", ""))
            if part in names:
                parts[one.get("name") or ""] = part
    return parts


def commented_cells(package: zipfile.ZipFile, part: str) -> list[str]:
    """Return the names of the cells of a sheet's part that carry a comment."""
    names = set(package.namelist())
    if _rels_part(part) not in names:
        return []
    parts = [to for kind, to in _targets(package, part).values() if kind.endswith("/comments")]
    texts = [package.read(one).decode("utf-8", "replace") for one in parts if one in names]
    return [cell for text in texts for cell in _COMMENT.findall(text)]


def sheet_titles(path: Path) -> list[str]:
    """Return the titles of a workbook's sheets; none for a file that is no workbook.

    Whoever reads the file afterwards says what is wrong with it, so this looks at
    no more than a little text, and parses nothing.
    """
    try:
        with zipfile.ZipFile(path) as package, package.open(_MAIN) as stream:
            text = stream.read(_MOST_TEXT).decode("utf-8", "replace")
    except (OSError, ValueError, KeyError, RuntimeError, EOFError, NotImplementedError,
            zipfile.BadZipFile, zlib.error):  # fmt: skip
        return []
    return [unescape(name, {"&quot;": '"', "&apos;": "'"}) for name in _SHEET.findall(text)]


@attrs.frozen(kw_only=True)
class OldSheet:
    """What of a sheet survives its rewriting: widths, drawings, whether it is the one shown."""

    columns: str = ""
    relations: tuple[tuple[str, str], ...] = ()
    is_selected: bool = False

    @classmethod
    def of(cls, xml: str) -> OldSheet:
        """Take it out of the sheet's text."""
        columns = re.search(r"<cols>.*?</cols>", xml, re.DOTALL)
        relations = re.findall(
            r"<(?:\w+:)?(drawing|legacyDrawing)\s[^>]*?\w+:id=\"([^\"]+)\"[^>]*>", xml
        )
        return cls(
            columns=columns[0] if columns else "",
            relations=tuple(relations),
            is_selected=re.search(r"tabSelected=\"(?:1|true)\"", xml) is not None,
        )


#: Writes a sheet's text from the styles part, which it may extend, and the sheet as it was.
SheetWriter = Callable[[str, OldSheet], tuple[str, str]]


def replace_sheets(source: Path, pages: Mapping[str, SheetWriter], *, target: Path) -> None:
    """Copy the workbook `source` to `target` with the sheets of `pages` rewritten, or added.

    `source` has been checked before.

    Raises
    ------
    SourceError
        When the workbook lacks the parts that every workbook has.
    """
    with zipfile.ZipFile(source) as package:
        parts = sheet_parts(package)
        main = _main_part(package)
        relations = _targets(package, main).values()
        styles = next((part for kind, part in relations if kind.endswith("/styles")), None)
        if styles is None or not parts:
            raise SourceError(f"{source}: not a workbook with sheets and styles")
        changed: dict[str, str] = {}
        for title, write in pages.items():
            old = OldSheet()
            if title in parts:
                part = parts[title]
                text = _text(package, part)
                old = OldSheet.of(text)
                if re.search(r"<(?:\w+:)?f[ >/]", text):
                    _drop_calc_chain(package, main, changed)
            else:
                part = _add_sheet(package, main, title, changed)
            looks = changed.get(styles) or _text(package, styles)
            changed[part], changed[styles] = write(looks, old)
        _recalculate(package, main, changed)
        _copy(package, changed, target)


def _text(package: zipfile.ZipFile, part: str) -> str:
    return package.read(part).decode("utf-8-sig")


def _copy(package: zipfile.ZipFile, changed: dict[str, str], target: Path) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        dropped = {name for name, text in changed.items() if not text}
        for info in package.infolist():
            if info.filename in dropped or info.is_dir():
                continue
            content = changed.get(info.filename)
            data = package.read(info) if content is None else content.encode()
            fresh = zipfile.ZipInfo(info.filename, info.date_time)
            fresh.compress_type = zipfile.ZIP_DEFLATED
            copy.writestr(fresh, data)
        for name in sorted(changed.keys() - set(package.namelist()) - dropped):
            copy.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), changed[name])


def _drop_calc_chain(package: zipfile.ZipFile, main: str, changed: dict[str, str]) -> None:
    """Have the order of calculation rebuilt: it may name formulas that are gone."""
    chain = posixpath.join(posixpath.dirname(main), "calcChain.xml")
    if chain in package.namelist():
        changed[chain] = ""
        for part in (_TYPES, _rels_part(main)):
            changed[part] = _CALC_CHAIN.sub("", changed.get(part) or _text(package, part))


def _recalculate(package: zipfile.ZipFile, main: str, changed: dict[str, str]) -> None:
    """Have formulas that look at the sheet calculated when the workbook is opened."""
    text = changed.get(main) or _text(package, main)
    found = re.search(r"<(?:\w+:)?calcPr\b[^>]*?/?>", text)
    if found is not None and "fullCalcOnLoad" not in found[0]:
        fresh = found[0].replace("calcPr", 'calcPr fullCalcOnLoad="1"', 1)
        changed[main] = text.replace(found[0], fresh, 1)


def _add_sheet(package: zipfile.ZipFile, main: str, title: str, changed: dict[str, str]) -> str:
    """Make room for a new sheet: its entry, its relation, its content type."""
    names = {*package.namelist(), *changed}
    folder = posixpath.dirname(main)
    number = next(n for n in range(1, 100_000) if f"{folder}/worksheets/sheet{n}.xml" not in names)
    part = f"{folder}/worksheets/sheet{number}.xml"
    text = changed.get(main) or _text(package, main)
    rels = changed.get(_rels_part(main)) or _text(package, _rels_part(main))
    ids = [int(n) for n in re.findall(r"sheetId=\"(\d+)\"", text)]
    mark = f"rIdSheet{number}"
    while mark in rels:
        mark += "x"
    prefix = found[1] if (found := _NAME.search(text)) else ""
    entry = (
        f"<{prefix}sheet name={quoteattr(title)} sheetId={quoteattr(str(max(ids, default=0) + 1))}"
        f' xmlns:r="{_OFFICE}" r:id="{mark}"/>'
    )
    changed[main] = text.replace(f"</{prefix}sheets>", f"{entry}</{prefix}sheets>", 1)
    relation = (
        f'<Relationship xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
        f' Id="{mark}" Type="{_OFFICE}/worksheet" Target="/{part}"/>'
    )
    changed[_rels_part(main)] = re.sub(r"(</(?:\w+:)?Relationships>)", relation + r"\1", rels)
    override = (
        f'<Override xmlns="http://schemas.openxmlformats.org/package/2006/content-types"'
        f' PartName="/{part}" ContentType="{_SHEET_TYPE}"/>'
    )
    types = changed.get(_TYPES) or _text(package, _TYPES)
    changed[_TYPES] = re.sub(r"(</(?:\w+:)?Types>)", override + r"\1", types)
    changed[part] = " "
    return part
