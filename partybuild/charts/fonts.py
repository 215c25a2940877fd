"""Fonts that have the characters of a chart: found on the machine, or in a package."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

from partybuild.charts.backend import Matplotlib
from partybuild.errors import MissingExtraError

#: Sans-serif faces for simplified Chinese: of Linux, Windows, macOS, of offices.
CHINESE_FAMILIES = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "Heiti SC",
    "STHeiti",
    "SimHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Sarasa Gothic SC",
    "HarmonyOS Sans SC",
    "LXGW WenKai",
    "Droid Sans Fallback",
    "Arial Unicode MS",
    "Noto Sans CJK JP",
    "Noto Sans CJK TC",
    "SimSun",
    "FangSong",
    "KaiTi",
    "Noto Serif CJK SC",
    "Songti SC",
    "STSong",
    "AR PL UMing CN",
    "AR PL UKai CN",
)
#: Comes with matplotlib and has the letters that a Chinese face may lack.
_LATIN = "DejaVu Sans"
_PROBE = "承诺完成情况"
#: Printers set this mark where they have no type for a character.
GETA, QUESTION = "〓", "?"


def is_chinese(text: str) -> bool:
    """Whether a text needs a Chinese font.

    >>> is_chinese("3次"), is_chinese("3 times ≥ 2")
    (True, False)
    """
    return any(
        "\u2e80" <= letter <= "\u9fff" or "\uff00" <= letter <= "\uffef" or letter >= "\U00020000"
        for letter in text
    )


def families_for(text: str, parts: Matplotlib) -> list[str]:
    """Font families for a text, the first choice first.

    Raises `MissingExtraError` when the text is Chinese and no font is found.
    """
    if not is_chinese(text):
        return [_LATIN]
    family = chinese_family(parts)
    if family is None:
        raise MissingExtraError(
            "No font on this machine has Chinese characters, and drawing them", "fonts"
        )
    return [family, _LATIN]


def chinese_family(parts: Matplotlib) -> str | None:
    """The family name of a Chinese font that can be read here, or None."""
    for family, path in _candidates(parts):
        if letters_of(str(path), parts) >= _PROBE_SET:
            return family
    return None


_PROBE_SET = {ord(letter) for letter in _PROBE}


def _candidates(parts: Matplotlib) -> Iterator[tuple[str, Path]]:
    known = {entry.name: entry.fname for entry in parts.fonts.fontManager.ttflist}
    for family in CHINESE_FAMILIES:
        if family in known and Path(known[family]).exists():
            yield family, Path(known[family])
    packaged = _packaged_font()
    if packaged is not None:
        yield _registered(packaged, parts), packaged
    yield from _newcomers(parts)


def _packaged_font() -> Path | None:
    """Noto Sans SC (OFL) from a package, for machines without any Chinese font."""
    try:
        path = Path(import_module("pylopdf_fonts_zh_cn").sans_path())
    except ImportError:
        return None
    return path if path.exists() else None


def _newcomers(parts: Matplotlib) -> Iterator[tuple[str, Path]]:
    """Fonts that came to the machine after matplotlib made its list, or have other names."""
    for name in sorted(parts.fonts.findSystemFonts()):
        path = Path(name)
        is_font = path.suffix.lower() in (".ttf", ".otf", ".ttc") and path.exists()
        if is_font and letters_of(name, parts) >= _PROBE_SET:
            yield _registered(path, parts), path


def _registered(path: Path, parts: Matplotlib) -> str:
    """Make a font file known to matplotlib, and return its family name."""
    name: str = parts.fonts.FontProperties(fname=str(path)).get_name()
    if name not in {entry.name for entry in parts.fonts.fontManager.ttflist}:
        parts.fonts.fontManager.addfont(str(path))
    return name


_LETTERS: dict[str, frozenset[int]] = {}


def letters_of(path: str, parts: Matplotlib) -> frozenset[int]:
    """The code points that a font file has; none where it cannot be read."""
    if path not in _LETTERS:
        try:
            _LETTERS[path] = frozenset(parts.read_font(path).get_charmap())
        except (OSError, RuntimeError, ValueError):
            _LETTERS[path] = frozenset()
    return _LETTERS[path]


def drawable(text: str, families: list[str], parts: Matplotlib) -> str:
    """Put a mark where no font has a character, so that no empty box is ever drawn."""
    known: frozenset[int] = frozenset()
    for family in families:
        known |= letters_of(_path_of(family, parts), parts)
    mark = GETA if ord(GETA) in known else QUESTION
    return "".join(one if ord(one) in known or one == "\n" else mark for one in text)


def _path_of(family: str, parts: Matplotlib) -> str:
    return str(parts.fonts.findfont(family, fallback_to_default=True))


@cache
def matplotlib_parts() -> Matplotlib:
    """Return matplotlib, imported once."""
    return Matplotlib()
