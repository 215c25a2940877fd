"""Statuses and lights in words: one word each, the same wherever people read them."""

from __future__ import annotations

from typing import Any

from partybuild.errors import UsageError, nearest

STATUS_WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "breached": "突破上限",
        "missed": "未完成",
        "no_data": "无数据",
        "behind": "进度滞后",
        "in_progress": "推进中",
        "on_track": "正常推进",
        "late": "逾期完成",
        "met": "已完成",
        "upcoming": "未到期",
        "unquantified": "未量化",
        "waived": "已免除",
        "qualitative": "定性",
    },
    "en": {
        "breached": "breached",
        "missed": "missed",
        "no_data": "no data",
        "behind": "behind",
        "in_progress": "in progress",
        "on_track": "on track",
        "late": "done late",
        "met": "met",
        "upcoming": "not yet due",
        "unquantified": "unquantified",
        "waived": "waived",
        "qualitative": "qualitative",
    },
}
#: What an allowance used faster than time passes shows instead of "behind".
USED_FAST = "used_fast"
_USED_FAST = {"zh": "用量偏快", "en": "used too fast"}
#: The statuses as reports show them: those of `STATUS_WORDS`, and `USED_FAST` after "behind".
SHOWN_WORDS: dict[str, dict[str, str]] = {
    lang: {
        key: text
        for status, word in words.items()
        for key, text in (
            ((status, word), (USED_FAST, _USED_FAST[lang]))
            if status == "behind"
            else ((status, word),)
        )
    }
    for lang, words in STATUS_WORDS.items()
}
LIGHT_WORDS: dict[str, dict[str, str]] = {
    "zh": {"red": "红灯", "yellow": "黄灯", "green": "绿灯", "grey": "灰灯"},
    "en": {"red": "red", "yellow": "yellow", "green": "green", "grey": "grey"},
}
#: A shape beside each colour, so that nobody needs to see the colour.
LIGHT_SIGNS = {"red": "■", "yellow": "▲", "green": "●", "grey": "○"}


def status_word(status: str, lang: str = "zh", *, is_allowance: bool = False) -> str:
    """Say a status as reports do.

    `is_allowance`: the target is a limit that is used up (an upper goal on what adds
    up). It cannot lag; it is used faster than time passes.

    Raises `UsageError` for a status or a language that is not known.

    >>> status_word("behind"), status_word("behind", "en")
    ('进度滞后', 'behind')
    >>> status_word("behind", is_allowance=True)
    '用量偏快'
    """
    given: tuple[Any, Any] = (lang, status)
    if not isinstance(given[0], str) or lang not in STATUS_WORDS:
        raise UsageError(f"lang: got {lang!r}; expected one of {', '.join(STATUS_WORDS)}")
    if not isinstance(given[1], str) or status not in STATUS_WORDS[lang]:
        hint = nearest(status, STATUS_WORDS[lang])
        raise UsageError(f"status: got {status!r}" + (f"; {hint}" if hint else ""))
    shown = USED_FAST if is_allowance and status == "behind" else status
    return SHOWN_WORDS[lang][shown]
