# ruff: noqa: E501 -- patterns and word lists read best unbroken
"""Cadences, windows and deadlines: the time words of a sentence, with their places."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Literal

import attrs

Per = str | dict[str, str] | None
Span = tuple[dt.date | str, dt.date | str]
#: The note of 每学期 and 每届, which the calendar does not know.
NAMED_PERIOD = "a named period"


@attrs.define(kw_only=True)
class TimeCue:
    """A time word at `start`:`end` of a sentence.

    `role` is ``"cadence"`` (每季度: `per`), ``"window"`` (全年, 上半年: `first` to
    `deadline`, both None for the whole year), ``"deadline"`` (年底前: `deadline`),
    ``"due"`` (每月25日前: a cadence with a day inside it), ``"within"`` (三年内: named, not
    dated) or ``"date"`` (a year or date that says nothing about a goal). A deadline
    whose year is not known is text, ``"--06-30"``. `is_doubtful` asks for a look.
    `parts` are the windows of 一、三季度, each for itself.
    """

    role: Literal["cadence", "window", "deadline", "due", "within", "date"]
    start: int
    end: int
    text: str
    per: Per = None
    first: dt.date | str | None = None
    deadline: dt.date | str | None = None
    is_doubtful: bool = False
    note: str | None = None
    parts: tuple[Span, ...] = ()


_N = r"[\d一二两三四五六七八九十]{1,3}"
#: 2021-2022年秋冬季 is one winter, not two years.
_SEASON = "(?:秋冬|冬春|冬季|采暖|供暖|学年|雪季|赛季|榨季)"
_YEAR = r"(?:(?:20\d\d|20[Xx×]{2}|[Xx×]{2,4}|二[〇零][〇零一二三四五六七八九]{2})[ ]?年[ ]?)"
_MONTH = r"(?:(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]|[Xx×]{1,2})[ ]?月份?[ ]?)"
_DAY = r"(?:(?:3[01]|[12]\d|0?[1-9]|[Xx×]{1,2}|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[ ]?[日号])"
_BEFORE = r"(?:之?前|以前|内|之内|止)"

_CADENCES: tuple[tuple[str, Per], ...] = (
    ("半个?月", {"rrule": "FREQ=MONTHLY;BYMONTHDAY=1,16"}),
    ("半年度?", "half_year"),
    ("(?:天|日)", "day"),
    ("(?:周|星期)", "week"),
    ("旬", "ten_days"),
    ("月", "month"),
    ("季度?", "quarter"),
    ("年度?", "year"),
)
_STEPS: dict[str, dict[int, Per]] = {
    "月": {1: "month", 3: "quarter", 6: "half_year", 12: "year"},
    "周": {1: "week"},
    "星期": {1: "week"},
    "季": {1: "quarter", 2: "half_year", 4: "year"},
    "年": {1: "year"},
    "天": {1: "day", 7: "week"},
    "日": {1: "day"},
    "旬": {1: "ten_days"},
}
_FREQ = {
    "月": "MONTHLY",
    "周": "WEEKLY",
    "星期": "WEEKLY",
    "年": "YEARLY",
    "天": "DAILY",
    "日": "DAILY",
}
_SMALL = {char: value for value, char in enumerate("零一二三四五六七八九十")} | {"两": 2}

_VERBAL = r"(?:调度|研判|通报|督查|督办|例会|汇报|小结|总结|碰头|会商|分析|检查|考核|评比|评议|公示|推进|巡查|走访|讲评|复盘|清零|主题|排查|活动|学习|研讨|测试|培训|计划|安排|课|会)"

#: What time words begin with: one of these characters, and what it begins there. They only
#: save time, the more so since a search for the character itself skips all others.
_FIRST = r"每一1两二2三3四五六七八九十4-90半月周天季年日按逐隔双单“”\"上下第前未今力用利本任届换春元国汛雨冬入供开节到至截于在明当来岁全新中Xx×"
_BEGINNING = r"""
      每 | [\dXx×〇零一二两三四五六七八九十]{1,5}[ ]?(?:[年月季周至到-]|个[月季周年]|[天日旬]一)
      | 十[三四五六]五 | [五七]一 | [“”"][十春元国七五中汛雨冬入供开节] | [隔单双][月周]
      | 月月 | 周周 | 天天 | 季季 | 年[年上下底末终度以之内] | 日日 | 半年 | [按逐][季月旬周年]
      | 上[半、和与及] | 下半 | 第[一二三四1-4]季 | 前[一二三两]个?季 | 岁末 | 新的 | 全年
      | 未来 | 今[后年] | 力争 | [用利] | 本[届年底末终] | 任期 | 届内 | 换届 | [明当来]年
      | 春节 | 元旦 | 国庆 | 汛期 | [雨冬]季 | 入冬 | 供暖 | 开学 | 节之?前 | 中秋
      | [一二三四1-4][、和与及]第?[一二三四1-4] | 第[一二三四1-4][、和与及]
      | 截[至止] | [到至于在][ ]?(?:[今明当本来年]|[\dXx×〇零一二三四五六七八九十]{1,4}[ ]?[年月])"""
_BEGINS = re.compile(rf"[{_FIRST}](?<=(?={_BEGINNING}).)", re.VERBOSE)
_PATTERN = re.compile(
    rf"""
    (?=[{_FIRST}])
    (?={_BEGINNING})
    (?: (?P<due>每个?月(?:的)?(?:第[一二三四]个?(?:(?:周|星期)的?)?|最后一?个?(?:(?:周|星期)的?)?)(?:周|星期)[一二三四五六日天]|每周(?:[二三四五六日天]|一(?![次场期轮遍天个篇份]|{_VERBAL}))(?![次场期])(?:前|之前)?|每(?:个?季度?末?(?:月|后)?|个?月|年|半年|周)(?:末月|首月|第[一二三]个?月|次月)?
        (?:{_MONTH})?(?:{_DAY}|底|末|初|月底|星期[一二三四五六日天])(?:{_BEFORE})?)
    | (?=[每一1]) (?P<oneone>(?:每(?P<oo0>日|天|周|旬|月|季度?|半年|年)|[一1](?P<oo1>日|天|周|旬|月|季度?|半年|年))一{_VERBAL})
    | (?P<doubled>月月|周周|天天|季季|年年|日日)
    | 每(?:隔)?(?P<every>个?(?:学期|学年|届|班次|轮))
    | 每(?:隔)?(?:[ ]?(?P<n>{_N})[ ]?)?个?(?P<unit>半个?月|半年度?|星期|季度?|年度?|周|旬|月|天|日)(?![均经])(?:度)?
    | (?=[123一两二三半]) (?P<ones>(?<![第\d一二三四五六七八九十十])(?P<on>[一1两二2三3])个?(?P<ou>月|季度?|周|年)|半年)
      (?=(?:至少|最少|不少于|不低于|召开|开展|组织|举办|进行|提交|听取|撰写|完成)?(?:[\d一二两三四五六]|[Xx×]{{1,2}})(?:次|场|期|轮|遍|报|份|篇))
    | (?P<by>[按逐](?P<byunit>季度?|月|旬|周|年)|隔月|双月|单月|隔周)
    | (?=["“”十]) (?P<plan5>["“”]?十(?P<p5>[三四五六])五["“”]?(?:规划)?(?P<p5tail>末|期末|时期末|期间|时期|规划期内)?(?:，?到?\d{{4}}年)?)
    | (?P<halves>上[、和与及]下半年(?:度)?(?P<shared>(?=[^，。；]{{0,24}}[均各都])(?![^，。；]{{0,24}}[共计]))?)
    | (?=[2Xx×二今明年上下]) (?P<half>(?:{_YEAR}|今年|明年|年)?(?:(?P<h>[上下])半年(?:度)?)(?:{_BEFORE})?)
    | (?=[第一二三四1-4]) (?P<choice>第?[一二三四1-4](?:[、和与及]第?[一二三四1-4]){{1,2}}季度)
    | (?=[2Xx×二今明第一三四1-4]) (?P<season>(?:{_YEAR}|今年|明年)?(?:第)?(?P<q>[一二三四1-4])季度(?P<qtail>末|底)?(?:{_BEFORE})?(?!一))
    | (?=[2Xx×二今前]) (?P<quarters>(?:{_YEAR}|今年)?前(?P<fq>[一二三两])(?:个)?季度)
    | (?=[\dXx×一两二三四五六七八九十未今力用利]) (?P<within>(?:未来|今后|力争|用|利用)?(?P<wn>{_N}|[Xx×]{{1,2}})(?:至[\d一二三四五]{{1,2}})?(?:个月|年|周)(?:时间|左右)*(?:之内|以内|内))
    | (?P<named>本届(?:任期)?(?:内|末)?|任期内|届内|换届前)
    | (?=[1一今本上]) (?P<sofar>(?:今年|本年|上半年)?[1一][ ]?月?(?:-|至|到)[ ]?\d{{1,2}}[ ]?月份?(?=[，,全我]|共|累计))
    | (?=["“春元国七五中汛雨冬入供开节]) (?P<feast>["“]?(?:春节|元旦|国庆节?|七一|五一|中秋|汛期|雨季|冬季|入冬|供暖季|开学|节)["”]?之?前(?!后))
    | (?=[\dXx×一二三四五六七八九十]) (?P<span>(?:{_YEAR})?(?:{_MONTH}(?:{_DAY})?|(?:1[0-2]|[1-9]))(?:-|至|到)(?:{_YEAR})?(?:{_MONTH}(?:{_DAY})?|\d{{1,2}}日))
    | (?P<winter>20\d\d年?(?:-|至|到)20\d\d年?(?=度?[ ]?{_SEASON}))
    | (?P<yearspan>(?:20\d\d年?)(?:-|至|到)(?:20\d\d)年?)
    | (?=[\dXx×一二三四五六七八九十到截于在今明当本]) (?P<day>(?:到|截至|截止|于|在)?(?P<dy>{_YEAR}|今年|明年|当年|本年)?(?P<dm>{_MONTH})(?P<dd>{_DAY}|底|末|初|中旬|上旬|下旬|中)?(?P<db>{_BEFORE})?)
    | (?=[2Xx×二到至截于在今明当本来年 ]) (?P<yearend>(?:到|至|截至|于|在)?[ ]?(?P<ey>{_YEAR}|今年|明年|当年|本年|来年|本|(?<![\d半每一两三五十])年)(?:年)?(?:底|末|终)(?:{_BEFORE})?)
    | (?P<innear>(?<![\d一二两三四五六七八九十半每])年(?:度)?(?:以内|之内|内)|岁末|年终)
    | (?=[到至截2]) (?P<yearby>(?:(?<!达)到|至|截至)[ ]?(?P<by_y>20\d\d|二[〇零][〇零一二三四五六七八九]{{2}})[ ]?年(?!级|代|度|以来|的)(?:{_BEFORE})?
        | (?P<by_y2>20\d\d)[ ]?年(?:之?前|以前))
    | (?P<whole>全年(?:度)?(?!任务|目标|计划|指标|预算)|本年度|今年(?!以来|底|初|上|下|末)|年度内|当年|明年|来年|新的一年)
    | (?=[\dXx×二]) (?P<bare>(?<![\d.])(?:{_YEAR})(?:度|间|以来|底)?|\d{{4}}[ ]?年) )
    """,
    re.VERBOSE,
)


_TIME_WORD = re.compile(r"[年月季周旬天日期届节前内每五]")


def time_cues(normal: str, *, year: int | None) -> Iterator[TimeCue]:
    """Yield the time words of a normalised sentence from left to right.

    `year` is the year the plan is for; without it, dates that name no year stay
    partial.

    >>> [(c.role, c.per, c.deadline) for c in time_cues("每季度1次，6月底前建成", year=2021)]
    [('cadence', 'quarter', None), ('deadline', None, datetime.date(2021, 6, 30))]
    """
    if not _TIME_WORD.search(normal):
        return
    for match in _matches(normal):
        kind = match.lastgroup
        assert kind is not None
        if kind == "bare":  # what stands around a year decides
            yield _Reader(match, year).bare()
            continue
        words = match[0]
        key = (kind, words, year, kind == "halves" and match["shared"] is not None)
        known = _known.get(key)
        if known is None:
            known = _READERS[kind](_Reader(match, year))
            if len(_known) >= _MOST_KNOWN:
                _known.clear()
            _known[key] = known
        # every field by hand: half of what ten keywords cost
        cue = TimeCue.__new__(TimeCue)
        cue.role, cue.per, cue.first, cue.deadline = (
            known.role,
            known.per,
            known.first,
            known.deadline,
        )
        cue.is_doubtful, cue.note, cue.parts = known.is_doubtful, known.note, known.parts
        cue.text = words
        cue.start, cue.end = match.span()
        yield cue


def _matches(normal: str) -> Iterator[re.Match[str]]:
    begins = _BEGINS.search(normal)
    while begins is not None:
        match = _PATTERN.match(normal, begins.start())
        if match is not None:
            yield match
        begins = _BEGINS.search(normal, (match or begins).end())


#: The same words mean the same wherever they stand.
_known: dict[tuple[str, str, int | None, bool], TimeCue] = {}
_MOST_KNOWN = 1_024


class _Reader:
    """One match of the time pattern, being read."""

    def __init__(self, match: re.Match[str], year: int | None) -> None:
        self.match = match
        self.year = year

    def cue(
        self,
        role: Literal["cadence", "window", "deadline", "due", "within", "date"],
        **more: object,
    ) -> TimeCue:
        match = self.match
        return TimeCue(
            role=role,
            start=match.start(),
            end=match.end(),
            text=match[0],
            **more,  # type: ignore[arg-type]
        )

    def due(self) -> TimeCue:
        per = next(
            (per for words, per in _CADENCES if re.match(f"每个?{words}", self.match[0])), None
        )
        return self.cue("due", per=per)

    def one_one(self) -> TimeCue:
        return self.cue("cadence", per=_per_of(self.match["oo0"] or self.match["oo1"]), note="once")

    def doubled(self) -> TimeCue:
        return self.cue("cadence", per=_per_of(self.match[0][0]), is_doubtful=True)

    def every(self) -> TimeCue:
        return self.cue("within", is_doubtful=True, note=NAMED_PERIOD)

    def cadence(self) -> TimeCue:
        number, unit = self.match["n"], self.match["unit"]
        if number is None or unit.startswith("半"):
            return self.cue("cadence", per=_per_of(unit))
        return self.cue("cadence", per=_stepped(_small(number), unit))

    def ones(self) -> TimeCue:
        if self.match["on"] is None:
            return self.cue("cadence", per="half_year")
        return self.cue("cadence", per=_stepped(_small(self.match["on"]), self.match["ou"]))

    def by(self) -> TimeCue:
        word = self.match[0]
        per: Per
        if word == "双月":
            per = {"rrule": "FREQ=MONTHLY;BYMONTH=2,4,6,8,10,12;BYMONTHDAY=1"}
        elif word == "单月":
            per = {"rrule": "FREQ=MONTHLY;BYMONTH=1,3,5,7,9,11;BYMONTHDAY=1"}
        elif word == "隔月":
            per = {"rrule": "FREQ=MONTHLY;INTERVAL=2"}
        elif word == "隔周":
            per = {"rrule": "FREQ=WEEKLY;INTERVAL=2"}
        else:
            per = _per_of(self.match["byunit"])
        return self.cue("cadence", per=per)

    def plan5(self) -> TimeCue:
        end = {"三": 2020, "四": 2025, "五": 2030, "六": 2035}[self.match["p5"]]
        if self.year is not None and end < self.year:
            return self.cue("date", note="earlier")
        if self.match["p5tail"] in ("末", "期末", "时期末"):
            return self.cue("deadline", deadline=dt.date(end, 12, 31))
        if self.match["p5tail"] in ("期间", "时期", "规划期内"):
            return self.cue("window", first=dt.date(end - 4, 1, 1), deadline=dt.date(end, 12, 31))
        return self.cue("date")

    def half(self) -> TimeCue:
        year = self._named_year(self.match["half"])
        if self.match["h"] == "上":
            return self.cue("window", first=_date(year, 1, 1), deadline=_date(year, 6, 30))
        return self.cue("window", first=_date(year, 7, 1), deadline=_date(year, 12, 31))

    def halves(self) -> TimeCue:
        # 上、下半年各1次 recurs; 上、下半年共4次 is a sum over the year
        if self.match["shared"] is not None:
            return self.cue("cadence", per="half_year")
        return self.cue("window")

    def season(self) -> TimeCue:
        year = self._named_year(self.match["season"])
        last = 3 * _small(self.match["q"])
        first = None if self.match["qtail"] else _date(year, last - 2, 1)
        end = _date(year, last, _month_days(year, last))
        return self.cue("deadline" if first is None else "window", first=first, deadline=end)

    def choice(self) -> TimeCue:
        year = self._named_year(self.match["choice"])
        ends = [
            3 * _small(one) for one in re.findall(r"[一二三四1-4](?=[、和与及季])", self.match[0])
        ]
        parts = tuple(
            (_date(year, last - 2, 1), _date(year, last, _month_days(year, last))) for last in ends
        )
        return self.cue("window", first=parts[0][0], deadline=parts[-1][1], parts=parts)

    def quarters(self) -> TimeCue:
        year = self._named_year(self.match["quarters"])
        last = 3 * _small(self.match["fq"])
        end = _date(year, last, _month_days(year, last))
        return self.cue("window", first=_date(year, 1, 1), deadline=end)

    def within(self) -> TimeCue:
        return self.cue("within", is_doubtful=True, note=f"{self.match[0]} has no starting date")

    def feast(self) -> TimeCue:
        known = {"国庆": (9, 30), "七一": (6, 30), "五一": (4, 30), "元旦": (12, 31)}
        found = known.get(self.match[0].strip('“”"')[:2])
        if found is None:
            return self.cue("within", is_doubtful=True, note=f"{self.match[0]} has no fixed date")
        return self.cue("deadline", deadline=_date(self.year, *found))

    def so_far(self) -> TimeCue:
        return self.cue("date", note="earlier")

    def span(self) -> TimeCue:
        months = [_small(m) for m in re.findall(rf"({_N})[ ]?(?:月|(?=[-至到]))", self.match[0])]
        if not months or any(not 1 <= month <= 12 for month in months):
            return self.cue("date")
        year, last = self._named_year(self.match[0]), months[-1]
        named = re.findall(r"20\d\d(?=[ ]?年)", self.match[0])
        until = int(named[1]) if len(named) > 1 else year
        if until is not None and until == year and last < months[0]:
            until += 1  # 11月至3月: over the turn of the year
        begin = re.match(r"(?:20\d\d年)?\d{1,2}月(\d{1,2})日", self.match[0])
        day = re.search(r"(\d{1,2})日\Z", self.match[0])
        days = _month_days(until, last)
        opening = int(begin[1]) if begin else 1
        closing = int(day[1]) if day else days
        if not 1 <= opening <= _month_days(year, months[0]) or not 1 <= closing <= days:
            return self._no_such_day()
        end = _date(until, last, closing)
        return self.cue("window", first=_date(year, months[0], opening), deadline=end)

    def _no_such_day(self) -> TimeCue:
        note = f"{self.match[0]} is no day of the calendar"
        return self.cue("within", is_doubtful=True, note=note)

    def winter(self) -> TimeCue:
        return self.cue("date")

    def year_span(self) -> TimeCue:
        years = re.findall(r"20\d\d", self.match[0])
        if self.year is not None and int(years[1]) < self.year:
            return self.cue("date", note="earlier")
        return self.cue(
            "window", first=dt.date(int(years[0]), 1, 1), deadline=dt.date(int(years[1]), 12, 31)
        )

    def day(self) -> TimeCue:
        match = self.match
        month = _small(match["dm"].strip().rstrip("份").removesuffix("月").strip())
        if not 1 <= month <= 12:
            return self.cue("date" if match["db"] is None else "within", note="masked date")
        year = self._named_year(match["dy"] or "")
        if match[0].startswith(("截至", "截止")) and (year is None or year <= (self.year or year)):
            return self.cue("date", note="earlier")
        tail, before = match["dd"] or "", match["db"] or ""
        last = _month_days(year, month)
        number = re.match(rf"({_N})[ ]?[日号]", tail)
        day = _small(number[1]) if number else _TAILS.get(tail, last)
        if number and not 1 <= day <= last:
            return self._no_such_day()
        role: Literal["deadline", "date"] = "deadline"
        if day < 0:
            day = last
        is_doubtful = False
        if tail == "" and before in ("前", "之前", "以前"):
            # 6月前 ends with May; many a writer means June
            month, is_doubtful = (month - 1, True) if month > 1 else (month, True)
            day = _month_days(year, month)
        if not before and number is not None:
            is_doubtful = True
        return self.cue(
            role,
            deadline=_date(year, month, day),
            is_doubtful=is_doubtful,
            note=None if before or tail in ("底", "末") else "plain month",
        )

    def year_end(self) -> TimeCue:
        year = self._named_year(self.match["ey"])
        return self.cue("deadline", deadline=_date(year, 12, 31))

    def in_year(self) -> TimeCue:
        return self.cue("deadline", deadline=_date(self.year, 12, 31))

    def year_by(self) -> TimeCue:
        text = self.match["by_y"] or self.match["by_y2"]
        year = _year_number(text)
        assert year is not None
        is_before = self.match["by_y2"] is not None
        end = dt.date(year - 1 if is_before else year, 12, 31)
        if self.year is not None and end.year < self.year:
            return self.cue("date")  # 2000年以前建成的老旧小区
        return self.cue("deadline", deadline=end, is_doubtful=is_before)

    def whole(self) -> TimeCue:
        return self.cue("window")

    def bare(self) -> TimeCue:
        text = self.match[0]
        year = _year_number(text[: text.index("年")].strip())
        if text.endswith("以来"):
            return self.cue("date", note="earlier")
        if year is None or self.year is None:
            return self.cue("date")
        before = self.match.string[max(0, self.match.start() - 2) : self.match.start()]
        after = self.match.string[self.match.end() : self.match.end() + 2]
        if re.search(r"[比较在以自从据是达对]\Z|达到\Z|相比\Z", before) or after.startswith("的"):
            return self.cue("date")
        if year > self.year:
            return self.cue("deadline", deadline=dt.date(year, 12, 31))
        opens = before[-1:] in ("", *"，。；\n") and after[:1] not in "的前底"
        if year < self.year:
            return self.cue("date", note="earlier" if opens else None)
        return self.cue("window")

    def _named_year(self, text: str) -> int | None:
        found = re.search(r"(20\d\d|二[〇零]..)[ ]?年", text)
        if found:
            return _year_number(found[1])
        return None if re.search(r"[Xx×]+[ ]?年", text) else self.year


_READERS: dict[str, Callable[[_Reader], TimeCue]] = {
    "due": _Reader.due,
    "oneone": _Reader.one_one,
    "doubled": _Reader.doubled,
    "every": _Reader.every,
    "unit": _Reader.cadence,
    "ones": _Reader.ones,
    "by": _Reader.by,
    "plan5": _Reader.plan5,
    "halves": _Reader.halves,
    "half": _Reader.half,
    "choice": _Reader.choice,
    "season": _Reader.season,
    "quarters": _Reader.quarters,
    "within": _Reader.within,
    "named": _Reader.within,
    "sofar": _Reader.so_far,
    "feast": _Reader.feast,
    "span": _Reader.span,
    "winter": _Reader.winter,
    "yearspan": _Reader.year_span,
    "day": _Reader.day,
    "yearend": _Reader.year_end,
    "innear": _Reader.in_year,
    "yearby": _Reader.year_by,
    "whole": _Reader.whole,
    "bare": _Reader.bare,
}
#: Last day of the parts of a month; -1 is the last of the month.
_TAILS = {"底": -1, "末": -1, "初": 10, "上旬": 10, "中旬": 20, "中": 20, "下旬": -1, "": -1}


def _small(text: str) -> int:
    """Read a number below 100: 12, 十二, 两; 0 when it is none."""
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if ten:
        return _SMALL.get(tens, 1 if not tens else 0) * 10 + (_SMALL.get(ones, 0) if ones else 0)
    return _SMALL.get(text, 0)


@lru_cache(maxsize=64)
def _per_of(unit: str) -> Per:
    return next((per for words, per in _CADENCES if re.fullmatch(words, unit)), None)


def _stepped(number: int, unit: str) -> Per:
    base = "季" if unit.startswith("季") else "年" if unit.startswith("年") else unit
    known = _STEPS.get(base, {}).get(number)
    if known is not None:
        return known
    if base == "季":
        return {"rrule": f"FREQ=MONTHLY;INTERVAL={3 * number}"}
    if base in _FREQ and number > 0:
        return {"rrule": f"FREQ={_FREQ[base]};INTERVAL={number}"}
    return None


def _year_number(text: str) -> int | None:
    digits = text.translate(str.maketrans("〇零一二三四五六七八九", "00123456789"))
    return int(digits) if digits.isdigit() else None


def _month_days(year: int | None, month: int) -> int:
    # without a year, February ends on the 28th
    return calendar.monthrange(year or 2001, month)[1]


def _date(year: int | None, month: int, day: int) -> dt.date | str:
    return f"--{month:02d}-{day:02d}" if year is None else dt.date(year, month, day)
