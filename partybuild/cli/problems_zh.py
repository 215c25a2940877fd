"""Problems in Chinese, for those who fill in the files: what is wrong, what is expected, hints.

The library says its problems in English; here each of its sentences has a Chinese one,
with ``{}`` for what differs. A sentence that is not among them stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from partybuild.errors import Problem

_PLACES = {
    "file": "{}", "sheet": "工作表“{}”", "line": "第{}行", "row": "第{}行", "column": "“{}”列",
    "path": "{}",
}  # fmt: skip

_SENTENCES: Mapping[str, str] = {
    # cells of events
    "no such day in the calendar": "没有这一天",
    "no such month in the calendar": "没有这个月",
    "not a calendar date": "不是日期",
    "not a calendar date but {}": "不是日期，而是{}",
    "the day of the week is another": "星期与日期对不上",
    "a period of several days": "是几天，不是一天",
    "a number that is no date": "这个数不是日期",
    "the year is not between {} and {}": "年份不在{}至{}之间",
    "{} is blank": "{:h}必填，不能空着",
    "the last day is before the first": "结束日期早于日期",
    "not a number": "不是数",
    "no number": "没有数",
    "not a number that can be read": "读不懂这个数",
    "not a finite number": "不是有限的数",
    "not one exact number": "不是一个确切的数",
    "not a number but {}": "不是数，而是{}",
    "neither yes nor no": "既不是“是”，也不是“否”",
    "not text but {}": "不是文字，而是{}",
    "half a surrogate pair, which is no character": "含有半个字符",
    "a number of more than 15 digits, which a spreadsheet cannot keep exactly":
        "数字超过15位，电子表格存不准",
    "the spreadsheet shows an error instead of a value": "单元格显示的是错误值",
    "a formula whose result the file does not hold": "公式没有存下结果",
    "a number above 1 beside the unit %, taken as a fraction": "单位是%而数大于1，已按小数计",
    "the unit looks like an organisation": "单位一列像是填了组织",
    "holds a control character (U+0000, U+001E, U+001F)": "含有看不见的控制字符",
    # headings and tables
    "the column {} is missing": "缺少“{:h}”列",
    "two columns are called {}": "有两列都叫{}",
    "more than one column for {}: {}": "“{:h}”有不止一列：{}",
    "the heading {} looks like {} misspelt": "表头{}像是{:h}写错了",
    "column {} has cells but no heading": "第{}列有内容，没有表头",
    "no column has the heading {}, which columns= names": "没有表头为{}的列",
    "more cells than headings": "这一行的格子比表头多",
    "fewer cells than headings": "这一行的格子比表头少",
    "a cell in column {}, beyond the headings": "{}列超出了表头",
    "no sheet has a row of headings with a date": "没有一张工作表有带日期的表头",
    "no row of headings with a date was found; {} rows not read": "没有找到带日期的表头，{}行未读",
    "above the headings, not events: row {}": "第{}行在表头以上，不是记录",
    "rows {} stand above the headings; titles, not events": "第{}行在表头以上，是标题，不是记录",
    "rows {} are not read, for the faults of the headings": "表头有错，第{}行未读",
    "rows {} to {} hold nothing but a running number": "第{}至{}行只有序号",
    "the headings once more": "又是一行表头",
    "a row of totals; it is no event, and its figures are not read": "合计行，不是记录，未读",
    "a line of text, not an event": "一行文字，不是记录",
    "rows {} are the headings of a further table": "第{}行是又一张表的表头，不是记录",
    "a table of its own stands beside the first, in columns {} to {}": "{}至{}列另是一张表，分开读",
    "a row with a date that is called like a total; it was read as an event":
        "这一行有日期，名称像合计，按记录读了",
    "rows {} above the headings have dates; they were not read": "表头以上第{}行有日期，未读",
    "comments on cells were not read: {}": "批注未读：{}",
    "hidden rows were read: {}": "隐藏的行也读了：{}",
    "hidden columns were read: {}": "隐藏的列也读了：{}",
    "the sheet is hidden; it was read": "这张表是隐藏的，也读了",
    "{} cells hold formulas; what they showed when last saved was read":
        "{}格是公式，读的是上次保存时显示的结果",
    "merged cells {}: the value is taken for each row": "合并单元格{}：每一行都取这个值",
    "one value merged over rows {} to {}: each row's is not known":
        "第{}至{}行合并成一格，分不清各行是多少",
    "a second column with the heading {}; kept as {}": "又有一列叫{}，改名{}",
    "column {} has cells but no heading; kept as {}": "{}列有内容，没有表头，记作{}",
    "the unit of {} is {}, as the line above the table says": "按表格上方所写，{}的单位是{}",
    "the organisation of every row is {}, as the line above says":
        "按表格上方所写，各行的组织都是{}",
    "one id, several dates or kinds ({}): they count as one event":
        "编号相同而日期或事项不同（{}），只算一件事",
    "the plan has no target for this kind of event": "计划里没有这个事项的指标",
    "the roster has no member of this name": "名单里没有这个对象",
    "bytes that are not {}, from byte offset {}": "第{1}个字节起不是{0}编码",
    "the file is not UTF-8": "文件不是UTF-8编码",
    # plans
    "unknown key {}": "没有{}这一项",
    "{} is missing": "缺少{}",
    "{} is missing or blank": "缺少{}，或者是空的",
    "{} is not known": "{}不在可选之列",
    "{} is not text": "{}不是文字",
    "{} is not a number": "{}不是数",
    "{} is not a number from 0 up": "{}不是0以上的数",
    "{} is not a calendar date": "{}不是日期",
    "{} is not true or false": "{}不是true或false",
    "{} is not a table": "{}不是一张表",
    "{} is not a fraction": "{}不是0到1之间的小数",
    "{} id stands twice": "{}的编号重复",
    "{} goals at once": "同时有{}个目标",
    "not a list": "不是列表",
    "not a plan": "不是计划",
    "not a target": "不是指标",
    "not a commitment": "不是承诺事项",
    "not a member": "不是名册成员",
    "the table [plan] is missing": "缺少[plan]一节",
    "end is before start": "结束日期早于开始日期",
    "to is before from": "离开日期早于加入日期",
    "{} lies outside the plan": "{}在计划期以外",
    "{} is before the target's start": "{}早于指标的开始日期",
    "kind is not a name or a list of names": "kind不是一个名称或一组名称",
    "no such roster": "没有这份名册",
    "parent leads back to itself": "上级绕回了自己",
    "between is not a pair of numbers": "between不是一对数",
    "the low end is above the high end": "下限高于上限",
    "about needs a tolerance": "about须写明允许的出入（tolerance）",
    "tolerance goes with about": "tolerance只与about同用",
    "makeup goes with at_least only": "makeup只与at_least同用",
    "entries go with the measure total only": "entries只与total同用",
    "growth needs a baseline": "growth须有基数（baseline）",
    "{} needs {}": "{}须有{}",
    "{} does not go with {}": "{}不能与{}同用",
    "{} does not go with a milestone": "{}不能用于milestone",
    "a milestone is done or not": "milestone只有完成与未完成，没有目标值",
    "share needs each": "share须与each同用",
    "share is not a fraction above 0": "share不是大于0的小数",
    "require is not a whole number from 1 up": "require不是1以上的整数",
    "more windows required than there are": "要求达标的期数多于考核期数",
    "per is not a cadence": "per不是周期",
    "schedule goes with a single window": "schedule只用于一个考核期的指标",
    "the points do not rise": "各时间点不是逐步上升",
    "a revision without a goal": "调整没有写目标",
    "Expected ']' at the end of a table declaration": "表头的方括号没有写完",
    # drafts of a report
    "the number is missing": "没有写明数字",
    "read with doubt: compare it with the sentence": "读得没有把握，请与原文核对",
    "holds for each annual target": "对每个年度指标都有效，请核对",
    "holds for each of {}: name the members in a roster": "对{}逐个考核，请把名单写进名册",
    "how far off it may be is not said": "“左右”没有写明允许的出入",
    "compared with {}, which is not in the text": "与{}相比，而文中没有写明",
    "{} of {} periods are enough: set require": "{1}期中有{0}期即可，请填require",
    "the cadence is a way of speaking": "周期像是泛指，请核对",
    "percent or percentage points?": "是百分比还是百分点，请核对",
    "{}: check the date": "{}：请核对日期",
    # an assessment
    "no target selects this kind: {} events count nowhere": "没有指标用到这个事项，{}条记录未计入",
    "no target selects this kind: {} event counts nowhere": "没有指标用到这个事项，{}条记录未计入",
    "{} events lie before the plan's start": "{}条记录在计划开始以前",
    "{} events lie after the plan's end": "{}条记录在计划结束以后",
    "{} event lies before the plan's start": "{}条记录在计划开始以前",
    "{} event lies after the plan's end": "{}条记录在计划结束以后",
    "{} events are of no organisation assessed": "{}条记录不属于被考核的组织",
    "{} event is of no organisation assessed": "{}条记录不属于被考核的组织",
    "a percentage far beyond 100%": "百分比远远超过100%",
    "members of roster {} belong to an organisation that is not on the roster 'organisations': "
    "they are judged nowhere": "名册{}的成员所属的组织不在组织名册上，未作评判",
    "the id, or the name, of an organisation": "组织的编号或名称",
    "there is nothing to judge: no window, or no member on the roster":
        "没有考核期，或名册上没有对象，无从评判",
    "kept without a single event: nobody has attested it": "没有任何记录佐证",
    "where of target {} names a column that the events lack": "指标{}的where用到记录里没有的列",
    "{} events count for no member of target {}": "{}条记录的对象不在指标{}的名册上",
    "{} event counts for no member of target {}": "{}条记录的对象不在指标{}的名册上",
    "{} events do not count for target {}: unit not known": "{}条记录的单位不能换算，未计入指标{}",
    "{} event does not count for target {}: unit not known": "{}条记录的单位不能换算，未计入指标{}",
    "events of target {} have several units, and it does not say which it means: figures are "
    "taken as they are written": "指标{}的记录单位不一，又没有写明以哪个为准，按原数计",
    # files
    "no such file or directory": "没有这个文件",
    "there is no such file": "没有这个文件",
    "no such file": "没有这个文件",
    "is a folder, expected a file": "是文件夹，不是文件",
    "not a file": "不是文件",
    "unknown kind of file": "不认识这种文件",
    "unknown kind of plan file": "不认识这种计划文件",
    "cannot read reports of this kind": "不能读这种报告",
    "not a workbook, or damaged ({})": "不是工作簿，或者已损坏（{}）",
    "protected by a password; save it without one": "有密码，请去掉密码再存",
    "got {}": "写的是{}",
    "expected {}": "应为{}",
    "there is no folder {}": "没有文件夹{}",
    "{} is there already": "{}已经存在",
    "--overwrite writes over it": "要覆盖请加--overwrite",
    # expected
    "a calendar date such as {} or {}": "日期，如{}、{}",
    "a calendar date such as {}": "日期，如{}",
    "a date such as {}": "日期，如{}",
    "a date, or text such as {}": "日期，如{}",
    "a name that ends in {}": "以{}结尾的文件名",
    "a number such as {} or {}": "数，如{}或{}",
    "what happened, as the plan's targets call it": "计划指标里的事项名称",
    "a text or number of its own for each event": "每条记录各有一个编号",
    "a day on or after date": "不早于日期的一天",
    "true, false, 是, 否, 1, 0, 作废 or nothing": "是、否，或者空着",
    "a heading such as {}": "表头，如{}",
    "a heading of its own for each column": "各列表头不同",
    "headings such as 日期 and 事项 in one row": "同一行里有日期、事项等表头",
    "{}, or a heading that is not so close to it": "{}，或者不与它相近的表头",
    "one of {}": "以下之一：{}",
    "exactly one goal": "只有一个目标",
    "{} or later": "{}或以后",
    "a finite number": "有限的数",
    "0 or more": "0以上",
    "1 or more": "1以上",
    "text": "文字",
    "a short text": "简短的文字",
    "a number": "数",
    "a fraction: 95% is 0.95": "小数，95%写作0.95",
    "an organisation of the plan or of the list": "计划或名单里的组织",
    "a member of the roster as subject": "名册上的成员",
    "an event of its kinds, or nil_return = true": "有关事项的记录，或写nil_return = true",
    "the kind of events that count": "计入的事项",
    "{}, a known multiple of it, or a conversion in [plan.units]":
        "{}、可换算的单位，或在[plan.units]写明换算",
    "{} cells": "{}格",
    "95% or 0.95 for ninety-five per cent": "百分之九十五写作95%或0.95",
    "say which one with {}": "请写明是哪一列：{}",
    "say what it is: {}, or {} to keep it as an attribute": "请写明它是什么：{}；只作附加列则写{}",
    "the unit here is {}, beside it stands {}": "数里的单位是{}，旁边写的是{}",
    "one unit, or a number without one": "一个单位，或者只写数",
    "20000 to 80000 are read as Excel's day numbers": "20000至80000的数按Excel日期读",
    "{} is 星期{}": "{}是星期{}",
    "no such time of day": "没有这个时刻",
    "write hours 0 to 23, minutes and seconds 0 to 59": "时写0至23，分、秒写0至59",
    "valid Unicode": "正确的文字",
    "text or a number": "文字或数",
    "text or numbers": "文字或数",
    "text saved as UTF-8": "用UTF-8保存的文字",
    "another id": "另一个编号",
    "the first date it holds": "开始生效的日期",
    "true or false": "true或false",
    'a number, or "X" if masked': "数；没有定的写X",
    'a number, or "previous"': '数，或写"previous"',
    "a number, or a pair of numbers": "数，或一对数",
    "a number from 0 to 1": "0到1之间的数",
    "a revision both waives and sets a goal": "调整不能既免除又写目标",
    "not a revision": "不是调整",
    "not a part": "不是分子或分母",
    "not a point": "不是时间点",
    "not a value or a list of values": "不是一个值或一组值",
    "one goal, or waived = true": "一个目标，或写waived = true",
    "id, start and end": "编号（id）、开始（start）和结束（end）日期",
    "a table with {}": "一张表，写明{}",
    "an id, or a table with an id": "编号，或写明编号的表",
    "a title": "标题",
    "a sentence": "一句话",
    "a date": "日期",
    "a level": "水平值指标",
    "an additive measure": "可累加的指标",
    "a deadline": "截止日（deadline）",
    "no goal, a deadline": "不写目标，写截止日（deadline）",
    "no per": "不写per",
    "no entries": "不写entries",
    "each = a roster": "each写名册的名称",
    "a column's name": "列名",
    "0 or more, below 1": "0以上、不到1的数",
    "above 0, at most 1": "大于0、不超过1的数",
    "the kind of events it reads": "所用的事项",
    "warn_days is not a number of days": "warn_days不是天数",
    "the roster has another name of its own": "名册自己另有名称",
    "{} is not a year of this calendar": "{}的年份不对",
    "by lies outside the target's span": "时间点在指标的期限以外",
    "the rule cannot be followed: {}": "规则读不懂：{}",
    "not a number above 0": "不是大于0的数",
    "not a table of other units": "不是换算表",
    "how many {} one is": "一个单位等于多少{}",
    "such as {}": "如{}",
    "not one number with a unit": "不是一个带单位的数",
    "a number and perhaps a unit, such as {}": "数，可带单位，如{}",
    "digits or Chinese numerals, such as {}": "数字或中文数字，如{}",
    'cells in quotes only as a whole, and "" for a quote inside':
        "引号要括住整格，格内的引号写两个",
    "the report does not say which year it plans": "报告没有写明是哪一年的计划",
    "give year= to read_text, or start= and end= here": "请用--year写明年份",
    "no row of headings of a plan": "没有找到计划的表头",
    "a target without a commitment": "指标没有写属于哪项承诺",
    "a commitment without id": "承诺没有编号",
    "a cell of its own for each row": "每行各填一格",
    "a text that no cell can hold": "单元格放不下的文字",
    "{} columns": "{}列",
    # hints
    "did you mean {}?": "是不是{}？",
    "did you mean {}? Only blanks, width or case differ": "是不是{}？只差空格、全半角或大小写",
    "the day is missing: no day is guessed": "缺少日，不能猜测",
    "the year is missing: no year is guessed": "缺少年，不能猜测",
    "year and day are missing: neither is guessed": "缺少年和日，不能猜测",
    "write the year first: day and month cannot be told apart": "请把年写在前面，否则月日分不清",
    "write the year with four digits": "年份请写四位",
    "put the last day into the column 'end'": "最后一天填在“结束日期”列",
    "no day of it is guessed": "不能猜测是哪一天",
    "write the number counted, in digits": "请用数字写出数量",
    "mend the formula that gives {}, or type the value": "改好得出{}的公式，或者直接填数",
    "open the workbook in Excel and save it, or type the value":
        "用Excel打开保存一次，或者直接填数",
    "format the column as text and type the number again": "把这一列设为文本再填",
    "unmerge {} and fill in each row": "把{}拆开，逐行填写",
    "put cells that hold the delimiter into quotes": "含有分隔符的格子请加引号",
    "give each event an id of its own, or none": "每件事各用一个编号，或者都不填",
    "fill({": "在生成的计划文件里填写",
    "if it is one: {}": "如果确实是组织：{}",
    "is {} the date? then {}": "{}是日期吗？是就写{}",
    "read_workbook gives rows without an id one from their content":
        "没有编号的表用read_workbook读，按内容编号",
    "put headings such as 日期 and 事项 above them": "在这些行上面加表头，如“日期”“事项”",
    "if it is a total, take out its date": "是合计就去掉日期",
    "the date stands in several columns (年, 月, 日): put it into one, such as 2021-3-5":
        "年、月、日分在几列，合成一列，如2021-3-5",
    "beside {} no heading says what happened, such as 事项":
        "{}以外没有说明做了什么的表头，如“事项”",
    "did you mean {}? then {}": "是不是{}？是就写{}",
    "{} {} has {} days": "{1}年{0}有{2}天",
    "February": "2月", "April": "4月", "June": "6月", "September": "9月", "November": "11月",
}  # fmt: skip
_SLOT = re.compile(r"\\\{\\\}")
#: Problems of a draft: the target stands before what there is to say of it.
_OF_DRAFTS = ("no-value", "no-tolerance", "benchmark", "each", "look", "doubtful")
#: Problems whose message is that of an error, which names the file first.
_OF_FILES = ("unreadable",)
#: What the columns of events are called.
_COLUMNS = {
    "id": "编号", "kind": "事项", "date": "日期", "end": "结束日期", "quantity": "数量",
    "unit": "单位", "subject": "对象", "organisation": "组织", "evidence": "佐证", "note": "备注",
    "recorded_at": "登记时间", "void": "作废",
}  # fmt: skip


class _Part(str):
    """What fills a slot; ``{:h}`` asks for the heading of a column."""

    def __format__(self, spec: str) -> str:
        return _COLUMNS.get(self, str(self)) if spec == "h" else str(self)


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The sentences as patterns, those with the most fixed words first."""
    by_words = sorted(_SENTENCES, key=lambda one: (one.count("{}") > 0, -len(one)))
    return tuple(
        (re.compile(_SLOT.sub("(.+?)", re.escape(one))), _SENTENCES[one]) for one in by_words
    )


def chinese_sentence(text: str) -> str:
    """A sentence of the library in Chinese; one that is not known stays as it is.

    >>> chinese_sentence("no such day in the calendar"), chinese_sentence("unknown key 'at_leats'")
    ('没有这一天', '没有“at_leats”这一项')
    """
    for pattern, chinese in _patterns():
        if found := pattern.fullmatch(text):
            return chinese.format(*(_Part(_slot(one)) for one in found.groups()))
    return _SENTENCES["fill({"] if text.startswith("fill({") else text


def chinese_text(text: str) -> str:
    """Sentences that a semicolon parts, in Chinese.

    >>> chinese_text("got 'x'; expected a date such as 2021-06-30")
    '写的是“x”；应为日期，如2021-06-30'
    """
    if "; " in text:
        for pattern, chinese in _patterns():
            if ";" in pattern.pattern and (found := pattern.fullmatch(text)):
                return chinese.format(*(_Part(_slot(one)) for one in found.groups()))
    return "；".join(chinese_sentence(part) for part in text.split("; "))


def _slot(text: str) -> str:
    """What fills a slot: quoted as Chinese quotes it, and in Chinese where it is a sentence."""
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        return f"“{text[1:-1]}”"
    return chinese_sentence(text)


def chinese_problem(problem: Problem) -> str:
    """A problem in Chinese: where, what is wrong, what was read and what was expected.

    >>> print(chinese_problem(Problem(code="bad-date", message="no such day in the calendar",
    ...     file="a.csv", row=7, column="日期", read="2021-02-31",
    ...     hint="February 2021 has 28 days")))
    a.csv，第7行，“日期”列：没有这一天；读到“2021-02-31”；2021年2月有28天
    """
    places = {name: getattr(problem, name) for name in _PLACES}
    forms = {**_PLACES, "column": "第{}列"} if (problem.column or "").isdigit() else _PLACES
    where = [forms[name].format(place) for name, place in places.items() if place is not None]
    head, joint, rest = problem.message.partition(": ")
    if joint and problem.code in (*_OF_DRAFTS, *_OF_FILES):
        where.append(head)
    else:
        rest = problem.message
    text = "：".join(filter(None, ("，".join(where), chinese_text(rest))))
    if problem.read is not None:
        text += f"；读到“{problem.read}”"
    if problem.expected is not None:
        text += f"；应为{chinese_sentence(problem.expected)}"
    if problem.hint is not None:
        text += f"；{chinese_text(problem.hint)}"
    return text
