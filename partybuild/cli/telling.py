"""In which language the commands speak: that of `--lang`, the plan's, or the terminal's."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence

from partybuild.cli.problems_zh import chinese_problem, chinese_text
from partybuild.errors import MissingExtraError, Problem, UsageError

_LANGS = ("zh", "en")
#: Arguments of the API that are options here.
_OPTIONS = ("as_of", "known_at", "by", "until", "lang", "year")
_COLUMNS = re.compile(r"columns=\{'(.+?)': '(.+?)'\}")


def terminal_lang() -> str:
    """The language of the terminal: Chinese where its locale is, else English."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next((os.environ[name] for name in names if os.environ.get(name)), "")
    return "zh" if locale.lower().startswith("zh") else "en"


def asked_lang(arguments: Sequence[str]) -> str:
    """The language of messages before anything is read: that of ``--lang``, else the terminal's.

    >>> asked_lang(["check", "plan.toml", "--lang", "zh"]), asked_lang(["check", "--lang=zh"])
    ('zh', 'zh')
    """
    found = re.search(r"(?:^|\s)--lang[ =](\w+)", " ".join(arguments))
    return found[1] if found and found[1] in _LANGS else terminal_lang()


def known_lang(lang: str | None) -> str | None:
    """Refuse a language that there is not. Raises `UsageError`."""
    if lang is not None and lang not in _LANGS:
        raise UsageError(f"--lang: got {lang!r}; expected 'zh' or 'en'")
    return lang


def told_problem(problem: Problem, lang: str) -> str:
    """A problem on one line, its remedies as the command line knows them."""
    text = chinese_problem(problem) if lang == "zh" else str(problem)
    return _COLUMNS.sub(r"--column \1=\2", text)


def told_error(error: BaseException, lang: str) -> str:
    """What an error that is not of the input's cells says: a file, an option, a missing extra."""
    text = str(error)
    if isinstance(error, UsageError):
        for name in _OPTIONS:
            if text.startswith(f"{name}: "):
                text = f"--{name.replace('_', '-')}{text[len(name) :]}"
    if lang != "zh":
        return text
    if isinstance(error, MissingExtraError):
        return f"缺少附加组件，请先安装：pip install 'partybuild[{error.extra}]'"
    head, joint, rest = text.partition(": ")
    return f"{head}：{chinese_text(rest)}" if joint else chinese_text(text)


def counted(number: int, lang: str, words: tuple[str, str]) -> str:
    """A number of things: the Chinese with its measure word, the English with its plural.

    >>> counted(1, "en", ("处错误", "error")), counted(2, "zh", ("处错误", "error"))
    ('1 error', '2处错误')
    """
    if lang == "zh":
        return f"{number}{words[0]}"
    return f"{number} {words[1]}{'' if number == 1 else 's'}"


def lines(texts: Iterable[str]) -> str:
    """Texts as lines."""
    return "".join(f"{one}\n" for one in texts)
