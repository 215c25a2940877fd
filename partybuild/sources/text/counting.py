"""Which numbers of a segment are promises, and which only name or describe something."""

from __future__ import annotations

import re

from partybuild.quantities import Amount
from partybuild.sources.text import cues
from partybuild.sources.text.binding import Binding
from partybuild.sources.text.masks import BLANKS, SCOPE, TIME

_MONEY = re.compile(r"(?:万|亿|百万|千万|万亿)?(?:美)?元\Z")
_NEVER_COUNTS = frozenset("号 级 层 类 点 里 方 把 眼 口 字 单 站 街 巷 门 课".split())
_PERIODS = frozenset("年 周 个月".split())
_OCCASIONS = frozenset("次 场 期 届 节 堂 轮 批 回 遍 趟 场次 班次 批次 人次 户次 课".split())
_PAPERS = frozenset("份 篇 期 个 项 件 条 户 名 家 天".split())
#: 为62户家庭实施改造: the number is who the work is done for.
_FOR = re.compile(r"(?:为|对|向|给)\Z")
_DOING = re.compile(r"[^，。；]{1,20}?(?:实施|进行|开展|提供|发放|安装|办理|给予|予以|完成)")
_AGE_NAMES = re.compile(r"寿命|年龄|年限")
_SCORE_NAMES = re.compile(r"满意度|测评|得分|评分|成绩|分数|评价|指数|均分|考核分|总分|优良")
#: Nouns that a number after them describes, whatever verb stands before: 总投资, 辖.
_DESCRIBED = re.compile(
    r"(?:总人口|海拔|距离|总投资|占地|辖|现有|估算投资|概算|注册资本|户籍|编制|市值|净资产)(?:约|为|达|共)?\Z"
)
#: The same, unless a verb governs them: 面积 alone, but 新增绿化面积.
_DESCRIBED_ALONE = re.compile(
    r"(?:人口|全长|总长|长|宽|高|投资|面积|规模|总额|总数)(?:约|为|共)?\Z"
)
_ENDS = re.compile(r"[，。；、,;（(和及]|以上|以下|左右|\Z")
_LEVELS = re.compile(
    r"(?:收入|产量|产值|增加值|总量|总额|投资|税收|利润|销售额|成交额|余额|支出|客流|吞吐量|用电量|出口|外贸|进出口)\Z"
)
#: Words that find fault; nobody promises to stay below so.
_SHORT_OF = frozenset("不足 不到 不满".split())
_ONE = re.compile(r"\A[一1]\Z")
_TRAILING = re.compile(rf"[{TIME}{SCOPE}\s、和及与以]+\Z")
_EFFECT = re.compile(r"惠及|受益|辐射|带动(?!.{0,6}增收)")
_NUMBER = re.compile(r"[\dXx×]|[一二两三四五六七八九十][\u4e00-\u9fff]")
_CONTINUES = re.compile(
    r"[\u4e00-\u9fff]{1,10}?(?:不少于|不低于|至少|不得少于|达到|超过)?[\dXx×一二两三四五六七八九十]"
)


def is_noise(blanked: str, amount: Amount, binding: Binding, *, low: int, high: int) -> bool:
    """Whether the number cannot be a promise whatever stands around it."""
    if amount.number.nature == "some":
        return True
    after = blanked[amount.end : high]
    if re.match(r"[^，]{0,16}基础上", after):
        return True
    if binding.left is not None and binding.left.text in _SHORT_OF:
        return True
    before = blanked[low : amount.start]
    if amount.unit is None:
        if amount.number.nature == "masked":
            # X镇, X光: a mask without unit needs a rate or a comparator before it
            return not (binding.left or binding.change or binding.right) and not _is_rate(before)
        if after.startswith(("年", "月", "日", "号", "时", "点")):
            return True
        return binding.left is None and binding.change is None and binding.right is None
    if amount.unit in ("岁", "年", "个月", "周", "年级"):
        if amount.unit == "岁" or amount.unit == "年":
            return not (_AGE_NAMES.search(before) and (binding.left or binding.change))
        return True
    if amount.unit == "分":
        return not (_SCORE_NAMES.search(before) and binding.is_explicit)
    if amount.unit in _NEVER_COUNTS and not (binding.left and binding.left.goal == "at_least"):
        return True
    return is_qualifier(blanked, amount, binding, low=low, high=high)


def is_qualifier(blanked: str, amount: Amount, binding: Binding, *, low: int, high: int) -> bool:
    """Whether the number describes a noun that has a number of its own: 亿元以上项目3个."""
    before = blanked[low : amount.start]
    if re.search(r"(?:死亡|伤亡|重伤|受伤)\Z", before):
        return True
    end = binding.right.end if binding.right else amount.end
    after = blanked[end:high]
    stop = re.search(r"[、，。；（(]", after)
    phrase = after[: stop.start()] if stop else after
    is_bare = binding.left is None and binding.change is None
    if binding.right is not None and is_bare and phrase.startswith("的") and amount.unit != "%":
        return bool(_NUMBER.search(phrase)) or not cues.STRONG_VERB.search(before)
    if binding.right is not None:
        noun = cues.QUALIFIER_NOUN.match(phrase)
        is_size = bool(_MONEY.search(amount.unit or "")) or amount.unit in (
            "人",
            "年",
            "岁",
            "平方米",
            "吨",
            "千瓦",
            "万吨",
            "公里",
            "亩",
            "万人",
            "户",
            "分",
            "蒸吨",
            "%",
        )
        follows = bool(_CONTINUES.match(phrase)) and phrase[:1] not in "的，"
        if binding.left is None and binding.change is None:
            if (
                noun
                and (is_size and amount.unit != "%" or follows)
                and not _verb_governs(before, amount)
            ):
                return True
            if noun and is_size and amount.unit not in ("%", "亩", "公里", "户"):
                return True
            if follows and not cues.STRONG_VERB.search(before):
                return True
        return False
    if phrase.startswith("的") and _MONEY.search(amount.unit or "") and not binding.is_explicit:
        return True
    return False


def _verb_governs(before: str, amount: Amount) -> bool:
    return amount.unit in ("户", "亩", "公里", "人") and bool(cues.STRONG_VERB.search(before))


def _is_rate(before: str) -> bool:
    return bool(cues.RATE_NAME.search(before.rstrip(BLANKS + " ")))


def counts_without_comparator(
    blanked: str,
    amount: Amount,
    *,
    low: int,
    high: int,
    goes_on: bool,
    has_time: bool,
    is_plan: bool,
) -> bool:
    """Whether a plain number is a plan (召开4次): a verb or a rate governs it."""
    field = _TRAILING.sub("", blanked[low : amount.start])
    after = blanked[amount.end : high].lstrip(" ")
    unit = amount.unit or ""
    if unit in ("%", "‰", "个百分点"):
        return _is_rate(field) or bool(re.search(r"完成[^，。；]{0,16}的?\Z", field))
    if unit in cues.TIME_UNITS and not re.search(
        r"调研|驻村|蹲点|培训|学习|住村|下沉|入户|服务|走访|下基层|教育|志愿|在岗|授课|指导",
        field + after[:8],
    ):
        return False
    if after.startswith("的") and (_MONEY.search(unit) or _DESCRIBED_ALONE.search(field)):
        return False
    is_abstract = unit in ("个", "项", "条", "种", "套", "支", "张", "把", "件") and bool(
        cues.ABSTRACT.match(after)
    )
    if is_abstract:
        return False
    if _ONE.match(amount.number.text) and not (unit in _OCCASIONS or has_time):
        return False
    if cues.LIST_TAIL.search(field):
        return bool(cues.STRONG_VERB.search(field)) and not cues.WEAK_VERB.search(field)
    if _FOR.search(field) and _DOING.search(after[:24]):
        return True
    if cues.NO_COUNT_LEFT.search(field) or _EFFECT.search(field) or _DESCRIBED.search(field):
        return False
    verb = _last(cues.STRONG_VERB, field)
    weak = _last(cues.WEAK_VERB, field)
    if verb is not None:
        if weak is not None and weak.end() >= verb.end():
            return False
        return len(field) - verb.end() <= 24
    if has_time and field and unit in _OCCASIONS | _PAPERS:
        return True
    if _LEVELS.search(field) and _MONEY.search(unit) and is_plan:
        return True
    if _DESCRIBED_ALONE.search(field):
        return False
    # 新建公路20公里、桥梁3座: the list goes on without its verb
    return goes_on and 0 < len(field) <= 16 and bool(_ENDS.match(after))


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    found = None
    for found in pattern.finditer(text):
        pass
    return found
