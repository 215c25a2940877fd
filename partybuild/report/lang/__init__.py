"""Every word that reports say, one file a language."""

from __future__ import annotations

from partybuild.errors import UsageError
from partybuild.report.lang.en import English
from partybuild.report.lang.wording import Wording
from partybuild.report.lang.zh import Chinese

__all__ = ["Wording", "wording"]

_LANGUAGES: dict[str | None, type[Wording]] = {"zh": Chinese, "en": English}


def wording(lang: str | None) -> Wording:
    """Return the words of a language.

    Raises `UsageError` for one that there are no words for.
    """
    if not isinstance(lang, str) or lang not in _LANGUAGES:
        raise UsageError(f"lang: got {lang!r}; expected 'zh' or 'en'")
    return _LANGUAGES[lang]()
