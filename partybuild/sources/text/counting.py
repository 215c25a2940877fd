"""Which numbers of a segment are promises, and which only name or describe something."""

from __future__ import annotations

import re
from typing import Literal

import attrs

from partybuild.quantities import Amount
from partybuild.sources.text import cues
from partybuild.sources.text.binding import Binding
from partybuild.sources.text.context import OCCASIONS
from partybuild.sources.text.masks import BLANKS, SCOPE, TIME

_MONEY = re.compile(r"(?:万|亿|百万|千万|万亿)?(?:美)?元\Z")
_NEVER_COUNTS = frozenset("号 级 层 类 点 里 方 把 字 单 站 街 巷 门 课".split())
_PERIODS = frozenset("个月 周 年级".split())
_PAPERS = frozenset("份 篇 期 个 项 件 条 户 名 家 天".split())
#: 为62户家庭实施改造: the number is who the work is done for.
_FOR = re.compile(r"(?:为|对|向|给)(?:全(?:镇|乡|县|市|区|村|街道))?\Z")
_DOING = re.compile(r"[^，。；]{1,20}?(?:实施|进行|开展|提供|发放|安装|办理|给予|予以|完成)")
_AGE_NAMES = re.compile(r"寿命|年龄|年限")
_SCORE_NAMES = re.compile(r"满意度|测评|得分|评分|成绩|分数|评价|指数|均分|考核分|总分|优良")
#: Nouns that a number after them describes, whatever verb stands before: 总投资, 辖.
_DESCRIBED = re.compile(
    r"(?:总人口|海拔|距离|总投资|占地|辖|现有|估算投资|概算|注册资本|户籍|编制|市值|净资产|预算|金额|预算金额|工期|造价|报价)"
    r"(?:约|为|达|共)?\Z"
)
#: The same, unless a verb governs them: 面积 alone, but 新增绿化面积.
_DESCRIBED_ALONE = re.compile(
    r"(?:人口|全长|总长|长|宽|高|投资|面积|规模|总额|总数)(?:约|为|共)?\Z"
)
_ENDS = re.compile(r"[，。；、,;（(和及]|以上|以下|左右|\Z")
_LEVELS = re.compile(
    r"(?:收入|产量|产值|增加值|总量|总额|投资|税收|利润|销售额|成交额|余额|支出|客流|吞吐量|用电量"
    r"|出口|外贸|进出口)\Z"
)
_STANDARD_STARTS = frozenset("标为的规级要")
#: Words that find fault; nobody promises to stay below so.
_SHORT_OF = frozenset("不足 不到 不满".split())
_PHRASE = re.compile(r"[^、，。；（(,;]*")
_TRAILING = re.compile(rf"(?:[{TIME}{SCOPE}\s、和]|(?<![涉普以])及)+\Z")
_TRAILS = frozenset(f"{TIME}{SCOPE} 、和及")
#: What describes a number stands right before it: no further back than this.
_TAIL = 24
_NOT_MORE = re.compile(r"不(?:再)?(?:新增|增加)")
_EFFECT = re.compile(r"惠及|受益|辐射|带动(?!.{0,6}增收)")
_NUMBER = re.compile(r"[\dXx×]|[一二两三四五六七八九十][\u4e00-\u9fff]")
_CONTINUES = re.compile(
    r"[\u4e00-\u9fff]{1,10}?(?:不少于|不低于|至少|不得少于|达到|超过)?[\dXx×一二两三四五六七八九十]"
)


_SIZES = frozenset("人 年 岁 平方米 吨 千瓦 万吨 公里 亩 万人 户 分 蒸吨".split())
#: Sizes that a verb makes goals all the same: 走访50户以上.
_COUNTED_SIZES = frozenset("户 亩 公里 人".split())
_NAMED_BY = frozenset("个 项 条 种 套 支 张 把 件".split())
_CASUALTIES = ("死亡", "伤亡", "重伤", "受伤")
_STAYING = re.compile(
    r"调研|驻村|蹲点|培训|学习|住村|下沉|入户|服务|走访|下基层|教育|志愿|在岗|值班|坐班|[下到入]村|授课|指导|党日"
)
_TASK_SHARE = re.compile(r"完成[^，。；]{0,16}的?\Z")
#: How far a verb may stand before its number.
_VERB_REACH = 24
_LONGEST_ITEM = 16


#: The last characters of `cues.NO_COUNT_LEFT`: they only save time.
_NO_COUNT_ENDS = frozenset(
    "在对从向于镇县市区乡村校局道州旗统国省部辖有及括含按照以绕焦分托过助占第这那该述下前后他外余仅只同"
    "与设盖由把将使让给为是除每任距约比据至到自跨经沿批期中街"
)
#: Whether a number stands among next steps: a heading says so, words do, or nothing does.
Stand = Literal["heading", "words", "unknown"]
_MADE = frozenset(
    (
        "个 处 座 所 家 户 名 人 场 期 次 项 件 条 套 亩 公里 万亩 万元 亿元 人次 台 盏 棵 株 万株"
        " 篇 吨 万吨"
    ).split()
)


@attrs.define
class Field:
    """Where the words of a number may stand: from `low` to `high`, comparators from `tight` on.

    `before` and `after` are those words, up to the number and behind its unit.
    """

    low: int
    tight: int
    high: int
    before: str
    after: str


def _is_money(unit: str) -> bool:
    return unit[-1:] == "元" and bool(_MONEY.search(unit))


def is_noise(blanked: str, amount: Amount, binding: Binding, field: Field) -> bool:
    """Whether the number cannot be a promise whatever stands around it."""
    before, after = field.before, field.after
    if amount.number.nature == "some":
        return True
    if "基础上" in after and cues.ON_TOP_OF.match(after):
        return True
    end = binding.right.end if binding.right else amount.end
    if blanked[end : end + 1] in _STANDARD_STARTS:
        if blanked.startswith(("标准", "为单位", "的标准", "规模"), end) and not binding.left:
            return True
        if blanked.startswith(("级", "要求", "的要求", "的规定"), end):
            return True
    if binding.left is not None and binding.left.text in _SHORT_OF:
        return True
    if amount.unit is None:
        return _is_bare_noise(amount, binding, before, after)
    if amount.unit in ("岁", "年"):
        return not (_AGE_NAMES.search(before) and (binding.left or binding.change))
    if amount.unit == "分":
        return not (_SCORE_NAMES.search(before) and binding.is_explicit)
    is_least = binding.left is not None and binding.left.goal == "at_least"
    if amount.unit in _PERIODS or (amount.unit in _NEVER_COUNTS and not is_least):
        return True
    return is_qualifier(blanked, amount, binding, field)


def _is_bare_noise(amount: Amount, binding: Binding, before: str, after: str) -> bool:
    """Whether a number without a unit is nothing: X镇, 2021年."""
    is_bound = bool(binding.left or binding.change or binding.right)
    if amount.number.nature == "masked":
        return not is_bound and not _is_rate(before)
    return after.startswith(("年", "月", "日", "号", "时", "点")) or not is_bound


def is_qualifier(blanked: str, amount: Amount, binding: Binding, field: Field) -> bool:
    """Whether the number describes a noun that has a number of its own: 亿元以上项目3个."""
    before = field.before
    if before.endswith(_CASUALTIES):
        return True
    end = binding.right.end if binding.right else amount.end
    unit = amount.unit or ""
    is_money = _is_money(unit)
    if binding.right is None and not is_money and not blanked.startswith("的", end):
        return False
    phrase = _PHRASE.match(blanked, end, field.high)
    words = phrase[0] if phrase else ""
    if unit != "%" and words.startswith("的") and _NUMBER.search(words):
        return True
    if binding.right is None:
        is_named = is_money and bool(cues.QUALIFIER_NOUN.match(words))
        is_apart = binding.left is not None and binding.left.start < amount.start
        return not is_apart and (is_named or (is_money and words.startswith("的")))
    if binding.left is not None or binding.change is not None:
        return False
    has_verb = bool(cues.STRONG_VERB.search(before))
    if words.startswith("的"):
        return unit != "%" and (is_money or not has_verb)
    if is_money and words and not has_verb:
        return True
    follows = bool(_CONTINUES.match(words))
    if cues.QUALIFIER_NOUN.match(words):
        is_size = unit in _SIZES or is_money
        if (is_size or follows) and not (unit in _COUNTED_SIZES and has_verb):
            return True
    return follows and not has_verb


def _is_rate(before: str) -> bool:
    return bool(cues.RATE_NAME.search(before.rstrip(BLANKS + " ")[-_TAIL:]))


def counts_without_comparator(
    amount: Amount, field: Field, *, goes_on: bool, has_time: bool, stand: Stand
) -> bool:
    """Whether a plain number is a plan (召开4次): a verb or a rate governs it.

    `goes_on`: a target stands before it in the sentence, so that a list may go on
    without its verb; `has_time`: a cadence or a scope holds; `stand`: how surely it
    stands among next steps.
    """
    is_plan, is_heading = stand != "unknown", stand == "heading"
    words = _without_tail(field.before)
    end = words[-_TAIL:]
    after = field.after.lstrip(" ")
    unit = amount.unit or ""
    if unit in ("%", "‰", "个百分点"):
        return _is_rate(words) or bool(_TASK_SHARE.search(words[-_VERB_REACH:]))
    if _only_names(amount, words, after, has_time=has_time):
        return False
    if _PLEDGED.search(end):
        return True
    if _only_counts_list(amount, words):
        return False
    if _FOR.search(words) and _DOING.match(after):
        return True
    if cues.LIST_TAIL.search(words):
        return bool(cues.STRONG_VERB.search(words)) and not cues.WEAK_VERB.search(words)
    if (
        (end[-1:] in _NO_COUNT_ENDS and cues.NO_COUNT_LEFT.search(end))
        or _NOT_MORE.search(words)
        or _EFFECT.search(words)
        or _DESCRIBED.search(end)
    ):
        return False
    verb, weak = _last(cues.STRONG_VERB, words), _last(cues.WEAK_VERB, words)
    if verb is not None:
        is_weak = weak is not None and weak.end() >= verb.end()
        return not is_weak and len(words) - verb.end() <= _VERB_REACH
    if has_time and (words or not _ENDS.match(after)) and unit in OCCASIONS | _PAPERS:
        return True
    if _LEVELS.search(end) and _is_money(unit) and is_plan:
        return True
    # 新建公路20公里、桥梁3座: the list goes on without its verb
    is_short = 0 < len(words) <= _LONGEST_ITEM and not _DESCRIBED_ALONE.search(end)
    if goes_on and is_short and _ENDS.match(after):
        return True
    # among next steps a verb that the list does not know still promises, in figures
    is_figure = amount.number.text[:1].isascii() and unit in _MADE
    return is_heading and is_short and is_figure and weak is None and bool(_ENDS.match(after))


def _only_names(amount: Amount, words: str, after: str, *, has_time: bool) -> bool:
    """Whether the number names something (三个方面, 一套机制) or only describes it."""
    unit = amount.unit or ""
    if unit in cues.TIME_UNITS and not _STAYING.search(words + after[:8]):
        return True
    if after.startswith("的") and (_is_money(unit) or _DESCRIBED_ALONE.search(words)):
        return True
    if unit in _NAMED_BY and cues.ABSTRACT.match(after):
        return True
    if amount.number.text != "一":
        return False
    return words.endswith(("新", "上", "下", "这", "那", "同", "某", "首", "本")) or not (
        unit in OCCASIONS or has_time
    )


#: 力争有两个支部: no verb but 有.
_PLEDGED = re.compile(r"(?:力争|确保|争取|努力|保证|做到)[^，。；、\d]{0,8}?有\Z")
_LISTED = re.compile(r"[、和与]|及(?!时)")


def _only_counts_list(amount: Amount, words: str) -> bool:
    """Whether the number counts what is listed before it: 用好村广播、院坝会两个阵地.

    A verb that governs the whole list (建成甲、乙两个广场) makes it a promise all the same.
    """
    parts = _LISTED.split(words)
    if len(parts) < 2 or amount.number.value != len(parts) or amount.number.text.isascii():
        return False
    return not cues.STRONG_VERB.search(parts[0])


def _without_tail(words: str) -> str:
    """Cut time, scope and conjunctions off the end of the words."""
    return _TRAILING.sub("", words) if words[-1:] in _TRAILS else words


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    found = None
    for match in pattern.finditer(text):
        found = match
    return found
