"""The outline of a report: headings, sections and sentences, with exact places.

Every place is a pair of character offsets into the text as it was read; nothing
is stripped or rewritten.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

import attrs

Part = Literal["next", "past", "other", "unknown"]


@attrs.define(kw_only=True)
class Heading:
    """A heading of the report: its `level` (1 the highest), its words and its place.

    `part` says what stands below it: the ``"next"`` steps, the ``"past"`` year
    (achievements and problems), something ``"other"`` that promises nothing
    (scoring tables, appendices), or ``"unknown"``.
    """

    level: int
    title: str
    start: int
    end: int
    part: Part


@attrs.define(kw_only=True)
class Sentence:
    """One sentence at `start`:`end` of the text, with the headings above it.

    `is_item`: it opens a numbered item or a line of its own. `is_row`: it is a row
    of a table, its cells apart by tabs or strokes.
    """

    start: int
    end: int
    headings: tuple[Heading, ...]
    part: Part
    is_item: bool = False
    is_row: bool = False

    @property
    def section(self) -> str | None:
        """The title of the innermost heading above it."""
        return self.headings[-1].title if self.headings else None


_CN = "一二三四五六七八九十百"
_MARKS: tuple[tuple[int, str], ...] = (
    (1, rf"第[{_CN}\d]{{1,3}}(?:部分|章|篇|编)[ \u3000、：:]*"),
    (1, rf"[{_CN}]{{1,3}}[、.．，](?![{_CN}])[ \u3000]*"),
    (2, rf"[（(][{_CN}]{{1,3}}[)）][、.．]?[ \u3000]*"),
    (3, r"\d{1,2}(?:[、．]|\.(?!\d))[ \u3000]*"),
    (4, r"[（(]\d{1,2}[)）][、.．]?[ \u3000]*"),
    (5, r"[①-⑳][、.．]?[ \u3000]*"),
)
_MARK = re.compile("|".join(f"(?P<m{i}>{pattern})" for i, (_, pattern) in enumerate(_MARKS)))
_MARKDOWN = re.compile(r"(#{1,6})[ \t]+")
_BULLET = re.compile(r"[-*+•●■◆▪·—][ \t\u3000]+|——")
#: 一是, 二要, 第三, in the middle of a paragraph.
_INLINE_MARK = re.compile(
    rf"(?:[{_CN}]{{1,2}}(?:是(?:要)?|要)|第[{_CN}]{{1,2}}(?=[，,、])(?![、和及]第?[一二三四]季度))[，,、：:]?"
)

# what a heading announces; the first pattern that fits decides
_NEXT_HEAD = re.compile(
    r"下一步|下步|下一阶段|下阶段|下一年|打算|展望|今后|明年|来年|新一年|新的一年|努力方向|奋斗目标|预期目标|发展目标"
    r"|目标任务|工作目标|工作重点|重点工作|重点任务|主要任务|工作任务|总体要求|工作要求|工作计划|工作安排|工作部署"
    r"|整改措施|改进措施|工作举措|工作措施|主要措施|具体措施|任务分工|任务清单|责任清单|工作思路|工作内容|工作要点"
    r"|(?:民生|为民|政府|惠民|利民|重点|年)[^，。；]{0,4}?实事(?:项目|清单|工程){1,2}(?:任务|安排|(?:和重点工程)?的通知)?\Z"
    r"|(?:重点|主要|预期|目标|考核)指标(?!.{0,4}(?:完成|情况|增长|实现|快报|分析))"
)
#: Those that only a report has, after what it tells of the past year.
_AHEAD_HEAD = re.compile(
    r"下一?步|下一?阶段|下一年|打算|展望|今后|明年|来年|新的?一年|努力方向|奋斗目标|计划|安排|思路|整改措施|改进措施"
)
_PAST_HEAD = re.compile(
    r"存在|问题|不足|短板|差距|困难|原因分析|教训|履行|履职|回顾|总结|(?:完成|落实|开展|进展|执行|运行|实施|推进|办理|贯彻)情况"
    r"|成效|成绩|亮点|特色做法|主要做法|经验做法|工作情况|基本情况|过去[一五三]年|[一五]年来|成就|经验|体会|概况|现状|述责|自评"
)
#: 解决突出问题, 帮扶困难群众: what is to be mended is no report on what is wrong.
_MENDED = re.compile(
    r"(?:解决|整治|治理|化解|聚焦|围绕|坚持|破解|克服|补齐|补足|补强|缩小|帮扶|救助|关爱|慰问|推广|打造|提升|增强|巩固|扩大)"
    r"[^，。、]{0,8}?(?:问题|困难|短板|差距|不足|经验|亮点|成效)"
    r"|困难(?:群众|群体|党员|职工|家庭|学生|人员|老人|户|企业|残疾)|问题(?:导向|整改|整治)|履职(?:能力|尽责|水平|本领)"
    r"|(?:认真|切实|全面|严格)履行(?!.{0,16}情况)"
)
_OTHER_HEAD = re.compile(
    r"附件(?!.{0,40}(?:清单|任务|目标|计划|要点|实事|指标|安排|分工|方案))|附则|评分|计分|考核结果|结果运用|考核等次|奖惩|适用范围|指导思想|基本原则"
)
_YEAR = re.compile(r"(20\d\d|二[〇○零]..)年")
_NEXT_OPENER = re.compile(
    r"(?:下一步|下步|下一阶段|下阶段|明年|来年|今后|接下来|新的一年|新一年|[下明]年)"
    r"[^。\n]{0,18}?(?:[，,：:]|将|要|我)"
    # 2020年， may open what was done
    r"|20\d\d年(?!度?以来)[^。\n]{0,18}?(?:将(?!\d)|(?<![主重需])要(?![素求])|计划(?!总?投资|[的、])|力争|拟|确保)"
)

_TITLE = re.compile(
    r"报告|总结|汇报|要点|计划|方案|清单|责任书|打算|办法|思路|安排|规划|承诺|意见|通知|目标|任务$|指标$|实事项目$"
)
#: A promise alone on its line is no title: 完成目标任务12个.
_NO_TITLE = re.compile(
    r"[，；;\t|]|,(?!\d)|\d[ ]?(?:[%‰个名次户家亩万亿场人]|公里)|不少于|不低于|至少"
)
_END = re.compile(r"[。！？!?\n]")
_LONGEST_HEADING = 50
#: A first sentence longer than this names no part of a report.
_LONGEST_PART = 24
#: A sentence longer than this is cut at the next comma, so that no step grows with its square.
LONGEST_SENTENCE = 2_000


def headings_and_sentences(text: str) -> Iterator[Sentence]:
    r"""Yield the sentences of `text` in order, each with the headings above it.

    A numbered line without a full stop is a heading, and so is the first
    sentence of a numbered paragraph when more follows: （一）坚持问题导向。坚持……

    >>> sentences = list(headings_and_sentences("二、下一步打算\n（一）抓学习。每月集中学习1次。"))
    >>> [(s.start, s.section, s.part) for s in sentences]
    [(15, '（一）抓学习', 'next')]
    """
    stack: list[Heading] = []
    opened: Part = "unknown"
    is_title = True
    for start, end in _lines(text):
        if is_table_row(text, start, end):
            part = _part_here(tuple(stack), opened)
            headings = tuple(stack)
            yield Sentence(start=start, end=end, headings=headings, part=part, is_row=True)
            is_title = False
            continue
        mark = _mark_at(text, start, end)
        if mark is None:
            heading = _bare_heading(text, start, end, is_title=is_title)
            body = start
        else:
            level, body = mark
            heading = _numbered_heading(text, start, body, end, level)
        if heading is not None:
            while stack and stack[-1].level >= heading.level:
                stack.pop()
            stack.append(heading)
            if heading.part != "unknown" or heading.level <= 1:
                opened = "unknown"
            body = _after_heading(text, heading.end, end)
        is_title = False
        yield from _sentences(text, body, end, tuple(stack), opened)
        if _opens_next(text, body, end):
            opened = "next"


def is_table_row(text: str, start: int, end: int) -> bool:
    """Whether a line is a row of a table: cells apart by tabs, or between strokes."""
    if text[start] == "|" and text[end - 1] == "|":
        return True
    return "\t" in text[start:end].strip("\t")


def take_until_apart(sentences: Iterator[Sentence]) -> tuple[list[Sentence], bool]:
    """Take sentences until the text has set its next steps apart from what came before.

    下一步打算 does so wherever it stands, and so do words such as 下一步，; 工作要求 only
    beside a part of the past: a scheme or a rule promises under every heading. Returns all
    the sentences, and false, where the text sets nothing apart.
    """
    taken = []
    has_past = has_next = is_apart = False
    for sentence in sentences:
        taken.append(sentence)
        if sentence.part == "past":
            has_past = True
        elif sentence.part == "next":
            has_next = True
            is_apart = is_apart or _is_set_apart(sentence.headings)
        if has_next and (has_past or is_apart):
            return taken, True
    return taken, False


def _is_set_apart(headings: tuple[Heading, ...]) -> bool:
    titles = [heading.title for heading in headings if heading.part == "next"]
    return not titles or any(_AHEAD_HEAD.search(title) for title in titles)


#: What a title of results announces: a summary, an account, how far things have come.
_RESULTS_TITLE = re.compile(
    r"总结|回顾|述职|述责|汇报|通报|进展|完成情况|落实情况|开展情况|成效|公报|快报|简报|纪实|综述"
)


def tells_of_past(headings: tuple[Heading, ...]) -> bool:
    """Whether the title above a text says that it tells of results, and of no plan."""
    title = headings[0] if headings and headings[0].level == 0 else None
    if title is None or _NEXT_HEAD.search(title.title):
        return False
    return _RESULTS_TITLE.search(title.title) is not None


def _lines(text: str) -> Iterator[tuple[int, int]]:
    for match in re.finditer(r"[^\n\r\f\v\u2028\u2029]+", text):
        piece = match[0]
        left = len(piece) - len(piece.lstrip())
        right = len(piece.rstrip())
        if right > left:
            yield match.start() + left, match.start() + right


def _mark_at(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the level of the numbering at `start` and where its words begin."""
    sharp = _MARKDOWN.match(text, start, end)
    if sharp is not None:
        inner = _MARK.match(text, sharp.end(), end)
        if inner is None or inner.lastgroup is None:
            return len(sharp[1]) - 1, sharp.end()
        return _MARKS[int(inner.lastgroup[1:])][0], inner.end()
    bold = 2 if text.startswith("**", start) else 0
    match = _MARK.match(text, start + bold, end)
    if match is None or match.lastgroup is None:
        bullet = _BULLET.match(text, start, end)
        return (6, bullet.end()) if bullet else None
    return _MARKS[int(match.lastgroup[1:])][0], match.end()


def _part_of(title: str) -> Part:
    if _OTHER_HEAD.search(title):
        return "other"
    ahead, behind = (
        _NEXT_HEAD.search(title),
        _PAST_HEAD.search(_MENDED.sub(lambda match: "□" * len(match[0]), title)),
    )
    if ahead and behind:
        # 存在的问题及下一步打算 holds both; the sentences must tell
        return "next" if behind.start() > ahead.start() or "打算" in title else "unknown"
    return "next" if ahead else "past" if behind else "unknown"


def _heading(text: str, start: int, end: int, level: int, *, is_sentence: bool = False) -> Heading:
    title = text[start:end].strip("*# \u3000。：:")
    # a long first sentence with a comma says what is done, not what stands below it
    is_plain = is_sentence and (len(title) > _LONGEST_PART or "，" in title or "," in title)
    part: Part = "unknown" if is_plain else _part_of(title)
    return Heading(level=level, title=title, start=start, end=end, part=part)


def _numbered_heading(text: str, start: int, body: int, end: int, level: int) -> Heading | None:
    """Return the heading that the numbered line holds, or None when it is a plain item."""
    stop = _END.search(text, body, end)
    first = end if stop is None else stop.start()
    if stop is None or stop.end() >= end:
        # one sentence alone: a heading when it is short and ends without a full stop
        is_heading = stop is None and level <= 4 and end - body <= _LONGEST_HEADING
        if is_heading and not _is_measurable(text[body:end]):
            return _heading(text, start, end, level)
        return None
    if level <= 4 and first - body <= _LONGEST_HEADING and not _is_measurable(text[body:first]):
        return _heading(text, start, first, level, is_sentence=True)
    return None


_MEASURABLE = re.compile(
    # 20XX年 and 20__年 name a year, XX镇 a place
    r"(?<![0-9０-９])(?!20[0-9_＿*＊×XxＸ]{1,6}年)[0-9０-９]+[^年月日号、.0-9]"
    r"|[Xx×＿_]{1,4}[ ]?[余多]?(?:[%‰个次名户家亩万亿场人天件条期篇处项座米吨所份轮节支]|公里)"
    r"|不少于|不低于|不超过|以上|以内|每[月季年周半]"
)


def _is_measurable(title: str) -> bool:
    return bool(_MEASURABLE.search(title))


def _bare_heading(text: str, start: int, end: int, *, is_title: bool) -> Heading | None:
    """Return the title of the report, or an unnumbered line that names a part of it."""
    line = text[start:end].strip("* \u3000：:")
    if len(line) > _LONGEST_HEADING or _END.search(line) or _NO_TITLE.search(line):
        return None
    if is_title:
        part = _part_of(line)
        if not _TITLE.search(line) and not line.endswith("回顾"):
            return None
        if part == "past" or _PAST_HEAD.search(line):
            # a summary of the year may end with plans, a 工作回顾 is a part of a report
            part = "past" if line.endswith("回顾") else "unknown"
        return Heading(level=0, title=line, start=start, end=end, part=part)
    part = _part_of(line)
    if part in ("next", "past") and len(line) <= 25 and not _is_measurable(line):
        return Heading(level=1, title=line, start=start, end=end, part=part)
    return None


def _after_heading(text: str, start: int, end: int) -> int:
    while start < end and text[start] in "。．.：: \u3000*！":
        start += 1
    return start


def _part_here(stack: tuple[Heading, ...], opened: Part) -> Part:
    known = [heading for heading in stack if heading.part != "unknown"]
    if any(heading.part == "other" for heading in known):
        return "other"
    if opened == "next" or not known:
        return opened
    # 坚持问题导向 below 下一步打算 does not make a section of problems
    return min(known, key=lambda heading: (heading.level != 1, heading.level)).part


def _opens_next(text: str, start: int, end: int) -> bool:
    """Whether a sentence of the line opens the next steps: the lines below belong to them."""
    if _NEXT_OPENER.match(text, start, end):
        return True
    stop = _END.search(text, start, end)
    while stop is not None:
        if _NEXT_OPENER.match(text, stop.end(), end):
            return True
        stop = _END.search(text, stop.end(), end)
    return False


def _sentences(
    text: str, start: int, end: int, stack: tuple[Heading, ...], opened: Part
) -> Iterator[Sentence]:
    is_item = True
    part = _part_here(stack, opened)
    while start < end:
        stop = _END.search(text, start, min(end, start + LONGEST_SENTENCE))
        finish = _cut(text, start, end) if stop is None else stop.end()
        while finish < end and text[finish] in "”’」』）)":
            finish += 1
        inner = _INLINE_MARK.match(text, start, finish)
        body = inner.end() if inner else start
        if part != "next" and _NEXT_OPENER.match(text, body, finish):
            part = "next"
        left, right = _stripped(text, body, finish)
        if right > left:
            yield Sentence(start=left, end=right, headings=stack, part=part, is_item=is_item)
        is_item = False
        start = finish


def _cut(text: str, start: int, end: int) -> int:
    """Cut a sentence without end: at its last comma within the longest length, or there."""
    limit = start + LONGEST_SENTENCE
    if end <= limit:
        return end
    comma = max(text.rfind(mark, start, limit) for mark in "；;，,")
    return comma + 1 if comma > start else limit


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in " \u3000\t*":
        start += 1
    while end > start and text[end - 1] in " \u3000\t*":
        end -= 1
    return start, end


# -- the year ----------------------------------------------------------------------------------

_PLAN_YEAR = re.compile(
    r"(20\d\d|二[〇○零][〇○零一二三四五六七八九]{2})年(?:度)?[^。\n，,年]{0,16}?"
    r"(?:打算|计划|安排|目标|任务|要点|思路|清单|责任书|方案|考核办法|承诺|重点|展望|政府工作报告)"
)
_REPORT_YEAR = re.compile(
    r"(20\d\d|二[〇○零][〇○零一二三四五六七八九]{2})年(?:度)?[^。\n，,年]{0,24}?"
    r"(?:述职|总结|回顾|情况(?:的)?(?:报告|汇报)|汇报|履职|工作报告)"
)
_ENOUGH = 3_000


def plan_year(text: str) -> int | None:
    """Return the year that the next steps of `text` are for, or None when it does not say.

    A report on a year is followed by the next one; a plan says its own year.

    >>> plan_year("2020年述职报告"), plan_year("2022年工作要点"), plan_year("工作总结")
    (2021, 2022, None)
    """
    head = text[:_ENOUGH]
    title = next((line.strip() for line in head.splitlines() if line.strip()), "")
    report = _REPORT_YEAR.search(title)
    planned = [_year(match[1]) for match in _PLAN_YEAR.finditer(title)]
    if planned and not (report and max(planned) == _year(report[1]) and "政府" not in title):
        return max(planned)
    ahead = [
        _year(match[1])
        for line in text.splitlines()
        if len(line) <= 60 and (match := _PLAN_YEAR.search(line)) and _NEXT_HEAD.search(line)
    ]
    if ahead:
        return max(ahead)
    if report:
        return _year(report[1]) + 1
    report = _REPORT_YEAR.search(head)
    return _year(report[1]) + 1 if report else None


def _year(text: str) -> int:
    table = str.maketrans("〇○零一二三四五六七八九", "000123456789")
    return int(text.translate(table))
