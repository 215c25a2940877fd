"""Every word that stands in a workbook, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

LANGUAGES: Final = ("zh", "en")

#: The sheets of a workbook, by what they are for.
SHEETS: Final = {
    "zh": {
        "events": "进展登记",
        "progress": "完成情况",
        "short": "缺口明细",
        "targets": "指标",
        "rosters": "名单",
        "help": "说明",
        "lists": "选项",
    },
    "en": {
        "events": "Events",
        "progress": "Progress",
        "short": "Shortfalls",
        "targets": "Targets",
        "rosters": "Rosters",
        "help": "How to",
        "lists": "Lists",
    },
}

#: Heading, width and note of each event column, in the order of the sheet.
EVENT_COLUMNS: Final = {
    "zh": {
        "date": ("日期", 12, "必填。事情发生的那一天，如 2021-3-5。"),
        "kind": ("事项", 19, "必填。从下拉列表里选，计划里的指标按它来找。列表里没有的也可以填。"),
        "quantity": ("数量", 9, "几次、几户、多少万元。空着算 1。百分比写成 95%。"),
        "unit": ("单位", 7, "次、户、万元……与指标的单位一致，或者能换算。"),
        "subject": ("对象", 18, "人名、村名，可以几个，用顿号分开：甲、乙。"),
        "organisation": ("组织", 15, "哪个村、哪个支部做的。"),
        "end": ("结束日期", 12, "一连几天的事，填最后一天。当天结束的空着。"),
        "evidence": ("佐证材料", 20, "材料的名称或存放的地方。"),
        "note": ("备注", 18, "还要说明什么。"),
        "recorded_at": ("登记日期", 12, "哪一天记下来的。空着算日期那一天。"),
        "void": ("作废", 6, "填“是”，这件事就不算了；不要删掉整行。"),
        "id": ("编号", 11, "可以不填。同一编号的几行，是同一件事的先后记录，以后登记的为准。"),
    },
    "en": {
        "date": ("date", 13, "Required. The day it happened, such as 2021-03-05."),
        "kind": ("kind", 22, "Required. Pick it from the list; targets look for it."),
        "quantity": ("quantity", 10, "How many or how much. Blank: 1. Write 95% for a share."),
        "unit": ("unit", 9, "The target's unit, or one that can be converted into it."),
        "subject": ("subject", 22, "Who or what; several names are separated by ;"),
        "organisation": ("organisation", 18, "Whose it is."),
        "end": ("end", 13, "The last day, when it took several."),
        "evidence": ("evidence", 26, "What proves it, or where that is kept."),
        "note": ("note", 22, "Anything else."),
        "recorded_at": ("recorded_at", 13, "The day it was written down. Blank: the date."),
        "void": ("void", 8, "yes takes the event out; do not delete the row."),
        "id": ("id", 14, "May stay blank. Rows of one id are one event's history."),
    },
}  # fmt: skip

#: Heading and width of each column of the sheet of targets, in its order.
TARGET_COLUMNS: Final = {
    "zh": {
        "commitment": ("承诺编号", 10),
        "section": ("章节", 19),
        "text": ("承诺内容", 34),
        "owner": ("责任单位", 12),
        "target": ("指标编号", 16),
        "name": ("指标名称", 20),
        "measure": ("计量方式", 12),
        "kind": ("事项", 18),
        "goal": ("目标", 9),
        "value": ("目标值", 10),
        "unit": ("单位", 8),
        "per": ("频次", 9),
        "each": ("对谁", 12),
        "deadline": ("期限", 12),
        "more": ("其他参数", 24),
    },
    "en": {
        "commitment": ("commitment", 12),
        "section": ("section", 22),
        "text": ("text", 40),
        "owner": ("owner", 12),
        "target": ("target", 16),
        "name": ("name", 20),
        "measure": ("measure", 11),
        "kind": ("kind", 18),
        "goal": ("goal", 11),
        "value": ("value", 10),
        "unit": ("unit", 8),
        "per": ("per", 11),
        "each": ("each", 12),
        "deadline": ("deadline", 12),
        "more": ("more", 24),
    },
}

ROSTER_COLUMNS: Final = {
    "zh": {
        "roster": ("名单", 18),
        "id": ("成员", 22),
        "name": ("全称", 24),
        "from": ("起", 13),
        "to": ("止", 13),
        "organisation": ("所在组织", 20),
        "parent": ("上级", 20),
    },
    "en": {
        "roster": ("roster", 18),
        "id": ("member", 22),
        "name": ("name", 24),
        "from": ("from", 13),
        "to": ("to", 13),
        "organisation": ("organisation", 20),
        "parent": ("parent", 20),
    },
}

#: The lines above the targets: what holds for the whole plan.
PLAN_LABELS: Final = {
    "zh": {"id": "计划编号", "start": "开始", "end": "结束", "more": "其他设置"},
    "en": {"id": "plan", "start": "start", "end": "end", "more": "settings"},
}

MEASURE_WORDS: Final = {
    "count": "次数",
    "total": "合计",
    "distinct": "不同对象数",
    "days": "天数",
    "latest": "最近数值",
    "mean": "平均",
    "max": "最大",
    "min": "最小",
    "ratio": "比率",
    "growth": "增长率",
    "milestone": "办结",
}
GOAL_WORDS: Final = {
    "at_least": "不少于",
    "more_than": "超过",
    "at_most": "不超过",
    "less_than": "少于",
    "exactly": "等于",
    "about": "左右",
    "between": "介于",
}

WORDS: Final = {
    "zh": {
        "yes": "是",
        "ledger": "{title}工作台账",
        "events_hint": "一行记一件事；带＊的必填。鼠标停在表头上有填写说明。",
        "targets_hint": "改目标、改期限就在这张表上改；“其他参数”一列没有把握不要动。",
        "rosters": "名单",
        "rosters_hint": "每一行一个成员；“起”“止”是任职、在册的日期，没有就空着。",
        "help": "台账使用说明",
        "page": "第 &P 页，共 &N 页",
        "progress": "{title}完成情况",
        "until": "截至{day}",
        "never": "还没有算过。记完进展，运行 partybuild 的 refresh_workbook，这张表就会填好。",
        "no_year": "（计划）",
        "short": "{title}缺口明细",
        "never_short": "还没有算过。算过以后，欠着的一条一条列在这里，可以按责任单位、对象筛选。",
        "number_short": "欠着的共{number}条；点表头上的箭头，可以按责任单位、对象、指标筛选。",
        "overview": "各组织总览（{number}个）",
        "unread": "要改的单元格（改好以后重新计算）",
        "all_read": "登记的每一行都读进来了，没有疑问。",
        "no_short": "目前没有缺口。",
        "whole": "全年",
        "lost": "不能再补",
        "by": "{day}前可补",
    },
    "en": {
        "yes": "yes",
        "ledger": "{title} events",
        "events_hint": "One row for each event; columns with * are required. Hover over a heading.",
        "targets_hint": "Change goals and deadlines here; leave 'more' alone unless you are sure.",
        "rosters": "Rosters",
        "rosters_hint": "One row for each member; from and to may stay blank.",
        "help": "How to use this workbook",
        "page": "Page &P of &N",
        "progress": "{title} progress",
        "until": "as of {day}",
        "never": "Not calculated yet. Run refresh_workbook of partybuild to fill this sheet.",
        "no_year": "(plan)",
        "short": "{title}: what is short",
        "never_short": "Not calculated yet. Afterwards each shortfall has a row here.",
        "number_short": "{number} shortfalls; filter them with the arrows on the headings.",
        "overview": "All {number} organisations",
        "unread": "Cells to look at (mend them and refresh)",
        "all_read": "Every row was read.",
        "no_short": "Nothing is short.",
        "whole": "the whole year",
        "lost": "no more",
        "by": "by {day}",
    },
}

#: Heading and width of each column of the progress sheet.
PROGRESS_COLUMNS: Final = {
    "zh": {
        "commitment": ("承诺事项", 34),
        "name": ("指标", 22),
        "goal": ("要求", 20),
        "required": ("应完成", 11),
        "actual": ("实际", 11),
        "unit": ("单位", 7),
        "completion": ("完成率", 10),
        "shortfall": ("缺口", 10),
        "status": ("状态", 14),
        "owner": ("责任单位", 13),
    },
    "en": {
        "commitment": ("commitment", 34),
        "name": ("target", 22),
        "goal": ("goal", 20),
        "required": ("required", 11),
        "actual": ("actual", 11),
        "unit": ("unit", 7),
        "completion": ("completion", 11),
        "shortfall": ("shortfall", 10),
        "status": ("status", 14),
        "owner": ("owner", 13),
    },
}
#: Heading and width of each column of the sheet of shortfalls.
SHORT_COLUMNS: Final = {
    "zh": {
        "name": ("指标", 24),
        "who": ("对象", 20),
        "window": ("考核期", 15),
        "required": ("应完成", 11),
        "actual": ("实际", 11),
        "unit": ("单位", 7),
        "completion": ("完成率", 10),
        "shortfall": ("缺口", 10),
        "status": ("状态", 14),
        "mend": ("还能不能补", 18),
        "owner": ("责任单位", 13),
    },
    "en": {
        "name": ("target", 26),
        "who": ("whose", 20),
        "window": ("window", 17),
        "required": ("required", 11),
        "actual": ("actual", 11),
        "unit": ("unit", 7),
        "completion": ("completion", 12),
        "shortfall": ("shortfall", 11),
        "status": ("status", 14),
        "mend": ("can it be mended", 18),
        "owner": ("owner", 13),
    },
}
UNREAD_COLUMNS: Final = {
    "zh": ("工作表", "单元格", "读到的内容", "问题"),
    "en": ("sheet", "cell", "read", "problem"),
}

#: What is wrong with a cell, for the people who fill the sheet.
FAULT_WORDS: Final = {
    "bad-date": "不是一个日期，写成 2021-3-5 的样子",
    "bad-number": "不是一个确切的数，写成数字",
    "bad-flag": "只能填“是”，或者空着",
    "bad-text": "不是文字",
    "missing-value": "必填，不能空着",
    "end-before-date": "结束日期早于日期",
    "error-value": "显示的是错误值，改好公式或者直接填",
    "formula-without-value": "公式没有结果，用 Excel 打开保存一次，或者直接填",
    "digits-lost": "数字超过 15 位，把单元格改成文本再填",
    "merged-value": "几行合并成一格，分不清各行是多少，拆开再填",
    "control-character": "含有看不见的控制字符，重新填一遍",
    "missing-column": "缺少这一列",
    "duplicate-column": "有两列是一个意思，改掉一列的表头",
    "unclear-column": "表头像是写错了字",
    "rows-not-read": "表头有错，这些行都没有读进来",
    "no-table": "没有找到表头",
    "unknown-kind": "计划里没有这个事项，是不是写错了",
    "unknown-member": "名单里没有这个对象，是不是写错了",
    "same-id": "编号相同而日期或事项不同，只算成一件事",
    "doubtful-percent": "百分比写成 95% 的样子",
    "dates-above": "表头上面的行里有日期，没有读；是事件就移到表头下面",
    "doubtful-total": "名称像合计，有日期就算成一件事了；是合计就去掉日期",
    "missing-heading": "有内容，没有表头",
    "duplicate-heading": "有两列的表头一样，后一列当作另外的列",
    "two-units": "这一格写的单位和“单位”一列不一样",
    "doubtful-unit": "单位一列像是填了组织",
}

HELP: Final = {
    "zh": (
        ("一、每天怎么记", (
            "在“进展登记”里一行记一件事，日期和事项必填，其余有就填。",
            "事项、单位、对象、组织有下拉列表；几个对象用顿号隔开。列表里没有的可以直接填。",
            "一连几天的事，“日期”填第一天，“结束日期”填最后一天。",
            "变成浅黄色的格子再看一眼：必填的没有填，或者日期不在计划的年度里。",
            "空行可以随便插、随便留；要加列就加在右边，表头写清楚。")),
        ("二、记错了怎么改", (
            "当时就改：直接改那一行。已经上报过的：另记一行，填上同一个编号，以后登记的为准。",
            "不算了的：在“作废”一列填“是”，不要删掉整行。")),
        ("三、怎么看进度", (
            "运行 refresh_workbook，“完成情况”“缺口明细”就按截止日重新算好；别的表一格也不动。",
            "欠着哪些、谁欠的、还能不能补，看“缺口明细”，可以按责任单位、对象筛选。",
            "没有读进来的单元格列在“完成情况”的最下面，照着改好再算一次。")),
        ("四、改计划", (
            "目标、期限、责任单位在“指标”里改；人员和村（社区）的增减在“名单”里改。",
            "目标值写 X 表示还没有定，只统计、不评判。")),
    ),
    "en": (
        ("Recording", (
            "One row for each event on the sheet Events; date and kind are required.",
            "Kinds, units, subjects and organisations have lists; other entries are allowed.",
            "Cells that turn yellow are required and blank, or dates outside the plan.")),
        ("Correcting", (
            "Add a row with the same id: the one recorded last holds. Void with yes.",)),
        ("Progress", (
            "refresh_workbook fills the sheets Progress and Shortfalls and touches nothing else.",
            "Cells that could not be read are listed at its end.")),
        ("The plan", (
            "Goals and deadlines stand on Targets, members on Rosters.",)),
    ),
}  # fmt: skip


def is_own(titles: Iterable[str]) -> bool:
    """Whether sheets of these titles are those of a workbook of ours.

    >>> is_own(["进展登记", "指标", "选项"]), is_own(["进展登记", "一月"])
    (True, False)
    """
    found = set(titles)
    return any({names["events"], names["lists"]} <= found for names in SHEETS.values())


def is_ours(title: str, titles: Iterable[str] | None = None) -> bool:
    """Whether a sheet's title is one of ours; with `titles`, all sheets of a workbook of ours.

    >>> is_ours("指标", ["进展登记", "指标", "选项"]), is_ours("指标", ["指标", "一月"])
    (True, False)
    """
    is_known = any(title in names.values() for names in SHEETS.values())
    return is_known and (titles is None or is_own(titles))
