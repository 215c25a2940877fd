"""Which heading of a table means which event column."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

import attrs

from partybuild.cells import clean_text
from partybuild.errors import Problem, UsageError, nearest
from partybuild.events import COLUMNS, REQUIRED

#: Other headings of each column. Those after a bar yield to the ones before it:
#: a table with 编号 and 序号 keeps its ids in 编号, and 序号 stays an attribute.
ALIASES: Final = {
    "id": "编号 事件编号 记录编号 台账编号 事项编号 流水号 event_id | 序号",
    "kind": "事项 事件 类别 类型 事项类别 事件类型 活动类型 工作事项 指标事项 event_kind"
    " | 活动 工作内容 | 活动内容 活动主题 活动名称 事项内容 事项名称 工作事由 事由 主要内容 内容",
    "date": "日期 发生日期 活动日期 开展日期 开始日期 起始日期 event_date start_date"
    " | 时间 发生时间 活动时间 开展时间 开始时间 时间开始 日期开始 起止时间开始 起止时间起"
    " 起止日期起",
    "end": "结束日期 终止日期 end_date | 结束时间 终止时间 时间结束 日期结束 起止时间结束"
    " 起止时间止 起止日期止",
    "quantity": "数量 数值 完成数 完成量 完成数量 qty amount | 金额 数额 次数 人数"
    " | 天数 户数 场次 期数 件数 份数 篇数",
    "unit": "单位 计量单位 数量单位",
    "subject": "对象 帮扶对象 服务对象 subjects | 人员 姓名 人员姓名 参加人员 参与人员 干部",
    "organisation": "组织 组织名称 单位名称 所属单位 所在单位 所属组织 党组织 党组织名称 所属党组织"
    " 单位/组织 组织/单位 单位(组织) 村(社区) 村/社区 村社区 organization"
    " | 部门 责任单位 填报单位 上报单位 党支部 支部 村 社区",
    "evidence": "佐证 佐证材料 证明材料 印证材料 支撑材料 凭证 | 附件 依据",
    "note": "备注 附注 notes remark remarks | 说明",
    "recorded_at": "记录时间 登记时间 记录日期 登记日期 录入时间 录入日期 填报时间 填报日期"
    " recorded recorded_on | 上报时间",
    "void": "作废 是否作废 已作废 作废标记 voided",
}

_CANONICAL: Final = frozenset(COLUMNS)
_CLOSE: Final = 0.85
_BRACKET: Final = re.compile(r"(.+?)\(([^()]*)\)")


def _ranks() -> dict[str, tuple[str, int]]:
    ranks = {name: (name, 0) for name in COLUMNS}
    for name, words in ALIASES.items():
        for rank, part in enumerate(words.split("|"), start=1):
            ranks.update((word, (name, rank)) for word in part.split())
    return ranks


_RANKS: Final = _ranks()


@attrs.frozen(kw_only=True)
class Headings:
    """What each column of a table is: a name, or None for one without heading and content.

    `places` gives the position of each canonical column that is there, `unit`
    the unit that the heading of `quantity` names itself, as in 金额（万元）.
    """

    texts: tuple[str, ...]
    names: tuple[str | None, ...]
    unit: str | None
    problems: tuple[Problem, ...]

    @property
    def places(self) -> dict[str, int]:
        """Position of each canonical column."""
        return {name: i for i, name in enumerate(self.names) if name in _CANONICAL}

    @property
    def attributes(self) -> dict[str, int]:
        """Position of each further column."""
        return {
            name: i
            for i, name in enumerate(self.names)
            if name is not None and name not in _CANONICAL
        }


def heading_key(heading: str) -> str:
    """Write a heading so that spelling variants meet.

    >>> heading_key(" 村（社区）* "), heading_key("Recorded At")
    ('村(社区)', 'recorded_at')
    """
    text = clean_text(unicodedata.normalize("NFKC", heading)).strip("*:").casefold()
    text = re.sub(r"(?<=[a-z])[\s_-]+(?=[a-z])", "_", text)
    return re.sub(r"\s+", "", text)


def count_known(headings: Sequence[str], further: Collection[str] = ()) -> int:
    """Count the headings that mean an event column, or are among `further`.

    >>> count_known(["日期", "事项", "级别"])
    2
    """
    keys = {heading_key(heading) for heading in further}
    return sum(key in _RANKS or key in keys for key in map(heading_key, headings))


def match_headings(headings: Sequence[Any], columns: Mapping[str, str] | None = None) -> Headings:
    """Tell which heading means which column; what cannot be told is a Problem.

    `columns` maps headings of the table to names, and goes before everything
    else. A canonical name goes before its other headings, which then stay
    attributes. 单位 is the unit; beside 计量单位 it is the organisation.

    >>> found = match_headings(["编号", "日期", "事项", "金额（万元）", "级别"])
    >>> found.names, found.unit
    (('id', 'date', 'kind', 'quantity', '级别'), '万元')
    """
    texts = tuple("" if heading is None else _text(str(heading)) for heading in headings)
    return _match(texts, _checked(columns))


@lru_cache(maxsize=64)
def _match(texts: tuple[str, ...], columns: tuple[tuple[str, str], ...]) -> Headings:
    given, problems = _given(texts, columns)
    claims, unit = _claims(texts, given)
    names: list[str | None] = [text or None for text in texts]
    for i, name in given.items():
        names[i] = name
    for name, rivals in claims.items():
        if name in given.values():
            continue
        if len(rivals) > 1:
            problems.append(_two_claim(name, [texts[i] for i in rivals]))
        names[rivals[0]] = name
    if "quantity" not in claims or names[claims["quantity"][0]] != "quantity":
        unit = None
    told = {name for name, rivals in claims.items() if len(rivals) > 1}
    problems += _repeated(texts, names, told - set(given.values()))
    problems += _missing(texts, names, set(given), {name for _, name in columns})
    return Headings(texts=texts, names=tuple(names), unit=unit, problems=tuple(problems))


def _text(heading: str) -> str:
    """Trim a heading; half a surrogate pair, which no frame can hold, is written out."""
    return clean_text(heading).encode("utf-8", "backslashreplace").decode()


def _checked(columns: Mapping[str, str] | None) -> tuple[tuple[str, str], ...]:
    if columns is None:
        return ()
    if not isinstance(columns, Mapping):
        raise UsageError(f"columns: got {columns!r}; expected a mapping of headings to names")
    names: list[Any] = list(columns.values())
    if not all(isinstance(name, str) and name.strip() for name in [*names, *list[Any](columns)]):
        raise UsageError(f"columns: got {columns!r}; expected texts on both sides")
    if doubles := sorted({name for name in names if names.count(name) > 1}):
        raise UsageError(f"columns: {', '.join(doubles)} is given to more than one heading")
    return tuple(columns.items())


def _given(
    texts: tuple[str, ...], columns: tuple[tuple[str, str], ...]
) -> tuple[dict[int, str], list[Problem]]:
    """Apply the caller's own mapping, from position to name."""
    keys = [heading_key(text) for text in texts]
    given: dict[int, str] = {}
    problems = []
    for heading, name in columns:
        place = next(
            (i for i, text in enumerate(texts) if text == heading.strip()),
            next((i for i, key in enumerate(keys) if key == heading_key(heading)), None),
        )
        if place is None:
            problems.append(_no_heading(heading, texts))
        else:
            given[place] = name
    return given, problems


def _claims(
    texts: tuple[str, ...], given: Mapping[int, str]
) -> tuple[dict[str, list[int]], str | None]:
    """Find for each column the headings that mean it, the strongest kind only."""
    ranked: dict[str, dict[int, list[int]]] = {}
    brackets: dict[int, str] = {}
    for i, text in enumerate(texts):
        if i in given:
            continue
        key = heading_key(text)
        match = _BRACKET.fullmatch(key)
        if key not in _RANKS and match is not None and match[1] != "单位":
            key, brackets[i] = match[1], match[2]
        if key in _RANKS:
            name, rank = _RANKS[key]
            ranked.setdefault(name, {}).setdefault(rank, []).append(i)
    claims = {name: ranks[min(ranks)] for name, ranks in ranked.items()}
    _settle_units(texts, claims)
    amount = claims.get("quantity", [])
    return claims, brackets.get(amount[0]) or None if amount else None


def _settle_units(texts: tuple[str, ...], claims: dict[str, list[int]]) -> None:
    """Beside 计量单位 or 数量单位, 单位 is the organisation, if nothing else is."""
    units = claims.get("unit", [])
    plain = [i for i in units if heading_key(texts[i]) == "单位"]
    if len(units) == 2 and len(plain) == 1:
        claims["unit"] = [i for i in units if i not in plain]
        claims.setdefault("organisation", plain)


def _two_claim(name: str, rivals: list[str]) -> Problem:
    listed = ", ".join(repr(rival) for rival in rivals)
    return Problem(
        code="duplicate-column",
        message=f"more than one column for {name}: {listed}",
        expected="one",
        hint=f"say which one with columns={{{rivals[0]!r}: {name!r}}}",
        row=1,
    )


def _repeated(texts: tuple[str, ...], names: Sequence[str | None], told: set[str]) -> list[Problem]:
    """Name second columns of one name, but for those that are `told` already."""
    seen: set[str] = set()
    problems = []
    for i, name in enumerate(names):
        if name is None:
            continue
        if name in seen and name not in told:
            problems.append(
                Problem(
                    code="duplicate-column",
                    message=f"two columns are called {name!r}",
                    expected="a heading of its own for each column",
                    column=texts[i],
                    row=1,
                )
            )
        seen.add(name)
    return problems


def _no_heading(heading: str, texts: Sequence[str]) -> Problem:
    return Problem(
        code="missing-column",
        message=f"no column has the heading {heading!r}, which columns= names",
        read=", ".join(text for text in texts if text) or None,
        hint=nearest(heading, [text for text in texts if text]),
        row=1,
    )


def _missing(
    texts: Sequence[str], names: Sequence[str | None], given: set[int], asked: set[str]
) -> list[Problem]:
    """Name required columns that are absent, and headings that look like a column misspelt."""
    free = {
        text: heading_key(text)
        for i, (text, name) in enumerate(zip(texts, names, strict=True))
        if text and i not in given and name not in _CANONICAL
    }
    problems = []
    for column in COLUMNS:
        if column in names or column in asked:
            continue
        words = [word for word, (name, _) in _RANKS.items() if name == column]
        like = _likeness(free, words, required=column in REQUIRED)
        if column in REQUIRED:
            problems.append(_missing_column(column, words, like, [text for text in texts if text]))
        elif like is not None:
            problems.append(_misspelt(column, like))
    return problems


def _likeness(free: Mapping[str, str], words: Sequence[str], *, required: bool) -> str | None:
    """Return the free heading most like one of `words`, if it is like enough.

    A hint for a required column may be far off: one of two Chinese characters.
    """
    best, result = _CLOSE, None
    if required:
        best = 0.5 if any(not key.isascii() for key in free.values()) else 0.6
    for text, key in free.items():
        for word in words:
            matcher = difflib.SequenceMatcher(a=key, b=word)
            if matcher.real_quick_ratio() < best or matcher.quick_ratio() < best:
                continue
            if (ratio := matcher.ratio()) >= best:
                best, result = ratio, text
    return result


def _missing_column(
    column: str, words: Sequence[str], like: str | None, texts: Sequence[str]
) -> Problem:
    said = f"did you mean {like!r}? then columns={{{like!r}: {column!r}}}" if like else None
    return Problem(
        code="missing-column",
        message=f"the column {column} is missing",
        read=", ".join(texts) or "no heading at all",
        expected="a heading such as " + ", ".join(words[:3]),
        hint=said,
        row=1,
    )


def _misspelt(column: str, like: str) -> Problem:
    return Problem(
        code="unclear-column",
        message=f"the heading {like!r} looks like {column} misspelt",
        expected=f"{column}, or a heading that is not so close to it",
        hint=f"say what it is: columns={{{like!r}: {column!r}}}, or {{{like!r}: {like!r}}} "
        "to keep it as an attribute",
        column=like,
        row=1,
    )
