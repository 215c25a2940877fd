"""Text as people wrote it, made fit for every kind of document."""

from __future__ import annotations

import re

# Line breaks and tabs become spaces; other control characters, the marks that turn the
# reading direction round for the rest of the line, and what XML cannot hold are left out.
_SPACES = re.compile("[\t\n\v\f\r\x85\u2028\u2029]+")
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_BROKEN = re.compile("[\ud800-\udfff]")


def one_line(text: str) -> str:
    r"""Return `text` on one line, without control characters and direction overrides.

    Letters of every script, emoji and markup characters stay as they are; renderers
    write them as text. A half of a surrogate pair becomes U+FFFD.

    >>> one_line("第一行\n第二行\x07")
    '第一行 第二行'
    """
    return _BROKEN.sub("\ufffd", _UNSEEN.sub("", _SPACES.sub(" ", text))).strip()


def one_line_or_none(text: object) -> str | None:
    """Clean a text that may be missing."""
    return one_line(text) if isinstance(text, str) else None
