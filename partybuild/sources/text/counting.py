"""Which numbers of a segment are promises, and which only name or describe something."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

import attrs

from partybuild.quantities import Amount
from partybuild.sources.text import cues
from partybuild.sources.text.binding import Binding, Side
from partybuild.sources.text.context import OCCASIONS
from partybuild.sources.text.masks import BLANKS, SCOPE, TIME

_MONEY = re.compile(r"(?:万|亿|百万|千万|万亿)?(?:美)?元\Z")
_NEVER_COUNTS = frozenset("号 级 层 类 点 里 方 字 单 站 街 巷 门 课".split())
_PERIODS = frozenset("个月 周 年级".split())
_PAPERS = frozenset("份 篇 期 个 项 件 条 户 名 家 天".split())
#: 为62户家庭实施改造: the number is who the work is done for.
_FOR = re.compile(
    r"(?:为|对|向|给)(?:全?[\u4e00-\u9fff]{0,6}(?:镇|乡|县|市|区|村|街道|社区|辖区))?\Z"
)
#: 补助全市158家: the place between a verb and its number.
_ACROSS = re.compile(r"全(?:镇|乡|县|市|区|村|街道|校|局|州|旗|省)\Z")
_REACHING = re.compile(r"(?:覆盖|服务|惠及|辐射|涉及|带动|支持)\Z")
#: 推动甲、乙等55个项目开工建设: who drives it stands before, how far it gets after.
_DRIVEN = re.compile(r"推[动进]|促[进成]|确保|力争|争取|加快|实现|保证")
_STAGE = re.compile(
    r"[^，。；、\d]{0,20}?(?:开工|竣工|投产|投用|建成|落地(?!见效|落实|生根)|通车|投入[使运]|达产|入库|签约|完工|上市|投运|转化|销号|整顿|换届|验收|提质|扩优|提档|扩容|升级)"
)
_DOING = re.compile(
    r"[^，。；]{0,20}?(?:实施|进行|开展|提供|发放|安装|办理|给予|予以|完成|提档|升级|改造|整治|维修|更新|筛查|体检|检[查测]|接种|义诊|诊[疗治]|治疗|救治|手术|康复|培训|授课|宣讲|送|缴纳|代缴|投保|参保|购买|建档|建立|配[备发送]|适配|解决|化解|追[回讨]|挽回|修缮|申[请报领]|代办|协调|争取|募集|减[免负]|拨付|贷款|授信|融资)"
)
#: 从3平方公里向5.5平方公里迈进
_TOWARDS = re.compile(r"(?:的目标)?(?:迈进|冲刺|跨越|进军|挺进|靠拢|奋进)")
_AGE_NAMES = re.compile(r"寿命|年龄|年限")
_SCORE_NAMES = re.compile(r"满意度|测评|得分|评分|成绩|分数|评价|指数|均分|考核分|总分|优良")
#: Nouns that a number after them describes, whatever verb stands before: 总投资, 辖.
_DESCRIBED = re.compile(
    r"(?:总人口|海拔|距离|总投资|占地|辖|现有|估算投资|概算|注册资本|户籍|编制|市值|净资产|预算|金额|预算金额|工期|造价|报价|为期|历时|长达)"
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
#: 补助500元标准; not 10家标准化食堂.
_STANDARD = re.compile("标准(?![化厂地])|为单位|的标准|规模(?![化较大小适])")
#: Words that find fault; nobody promises to stay below so.
_SHORT_OF = frozenset("不足 不到 不满".split())
#: 补助低于11万元的村: who it is about, no goal.
_WHICH = re.compile(r"的(?!目标|水平|标准|要求|控制)")
_OF_A_WORK = re.compile(r"的[^，。；\d]{0,14}?(?:项目|工程|企业)")
_PHRASE = re.compile(r"[^、，。；（(,;]*")
#: 满意率低于80%的，……; 缺课三分之一以上的不予结业; 2万元以上的村可以提取30%.
_RULED = re.compile(
    r"(?:以上|以下|以内)?(?:[\u4e00-\u9fff]{0,10}的(?:，|,|\Z)"
    r"|[\u4e00-\u9fff]{0,4}的[\u4e00-\u9fff]{0,4}(?:不予|不得|给予|予以|责令|取消|评为|评定|可(?!持续)|视为|列为|认定|实行|须经|应经))"
)
#: 在交办的42件信访件中
_OF_WHICH = re.compile(r"[^，。；、\d]{0,12}[之当]?中(?:，|,|\Z|有)")
_HOLDING = re.compile(r"包[含括]|涵盖|涉及")
_RECKONED = re.compile(r"[\u4e00-\u9fff]{0,4}(?:计算|折算|计入|核算)")
_THERE = re.compile(r"(?:并|且|，|\A)有\Z|由\Z")
_TRAILING = re.compile(rf"(?:[{TIME}{SCOPE}\s、和]|(?<![涉普以])及)+\Z")
_TRAILS = frozenset(f"{TIME}{SCOPE} 、和及")
#: What describes a number stands right before it: no further back than this.
_TAIL = 24
_NOT_MORE = re.compile(r"不(?:再)?(?:新增|增加)")
_EFFECT = re.compile(r"惠及|受益|受众|辐射|带动(?!.{0,6}(?:增收|就业))")
_NUMBER = re.compile(r"[\dXx×]|过?半数?|[一二两三四五六七八九十][\u4e00-\u9fff]")
_CONTINUES = re.compile(
    r"[\u4e00-\u9fff]{1,10}?(?:不少于|不低于|至少|不得少于|达到|超过)?[\dXx×一二两三四五六七八九十]"
)


_SIZES = frozenset("人 年 岁 平方米 吨 千瓦 万吨 公里 亩 万人 户 分 蒸吨".split())
#: Sizes that a verb makes goals all the same: 走访50户以上.
_COUNTED_SIZES = frozenset("户 亩 公里 人".split())
_NAMED_BY = frozenset("个 项 条 种 套 支 张 把 件".split())
_CASUALTIES = ("死亡", "伤亡", "重伤", "受伤")
_STAYING = re.compile(
    r"调研|驻村|蹲点|培训|学习|住村|下沉|入户|服务|走访|下基层|教育|志愿|在岗|值班|坐班|[下到入]村|授课|指导|党日|接[访待]|轮[流值]|体育|锻炼|巡|劳动"
)
_TASK_SHARE = re.compile(r"完成[^，。；]{0,16}的?\Z")
#: How far a verb may stand before its number.
_VERB_REACH = 24
_LONGEST_ITEM = 16


#: The last characters of `cues.NO_COUNT_LEFT`: they only save time.
_NO_COUNT_ENDS = frozenset(
    "在对从向于镇县市区乡村校局道州旗统国省部辖有及括含按照以绕焦分托过助占第这那该述下前后他外余仅只同"
    "与设盖由把将使让给为是除每任距约比据至到自跨经沿批期中街逢的"
)
#: Whether a number stands among next steps: a heading says so, words do, or nothing does.
Stand = Literal["heading", "words", "unknown"]
_MADE = frozenset(
    (
        "个 处 座 所 家 户 名 人 场 期 次 项 件 条 套 亩 公里 万亩 万元 亿元 人次 台 盏 棵 株 万株"
        " 篇 吨 斤 株 辆 头 只 羽 块 间 张 份 米 平方米 立方米 公顷 元"
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
    if _counts_below(amount, before, after):
        return True
    if amount.number.nature == "some" or _is_ruled(before, after) or _is_worth(amount, after):
        return True
    end = binding.right.end if binding.right else amount.end
    if blanked[end : end + 1] in _STANDARD_STARTS:
        if _STANDARD.match(blanked, end) and not binding.left:
            return True
        if blanked.startswith(("级", "要求", "的要求", "的规定"), end):
            return True
    if binding.left is not None and _finds_fault(binding.left, after):
        return True
    if amount.unit is None:
        return _is_bare_noise(amount, binding, before, after)
    rarely = _RARE_UNITS.get(amount.unit)
    if rarely is not None:
        return not rarely(amount, binding, field)
    return is_qualifier(blanked, amount, binding, field)


def _counts_below(amount: Amount, before: str, after: str) -> bool:
    """Whether a number in brackets only counts what stands below: 提升环境方面（3项）."""
    is_closed = after[:1] in ("）", ")") and not after[1:].strip("）) ")
    return is_closed and amount.unit in _LISTED_AS and bool(_HEADED.search(before))


_LISTED_AS = frozenset("项 条 个 件 类".split())
_HEADED = re.compile(
    r"(?:方面|任务|事项|工作|指标|清单|举措|措施|目标|内容|类)[（(](?:共|合计)?[ ]?\Z"
)


def _finds_fault(left: Side, after: str) -> bool:
    """Whether the comparator tells what is too little: 不足3人, 补助低于11万元的村."""
    return left.text in _SHORT_OF or (left.goal == "less_than" and bool(_WHICH.match(after)))


def _is_age(_amount: Amount, binding: Binding, field: Field) -> bool:
    is_bound = binding.left is not None or binding.change is not None
    return is_bound and bool(_AGE_NAMES.search(field.before))


def _is_score(_amount: Amount, binding: Binding, field: Field) -> bool:
    return binding.is_explicit and bool(_SCORE_NAMES.search(field.before))


def _is_length(_amount: Amount, binding: Binding, field: Field) -> bool:
    # 不超过5000字, but 不少于1000字的征文 is about the 征文
    return binding.left is not None and not field.after.startswith("的")


def _is_at_least(_amount: Amount, binding: Binding, _field: Field) -> bool:
    return binding.left is not None and binding.left.goal == "at_least"


#: Units that seldom count a promise, and when they do.
_RARE_UNITS: dict[str, Callable[[Amount, Binding, Field], bool]] = {
    **dict.fromkeys(_NEVER_COUNTS, _is_at_least),
    **dict.fromkeys(_PERIODS, lambda _amount, _binding, _field: False),
    "岁": _is_age,
    "年": _is_age,
    "分": _is_score,
    "字": _is_length,
}
#: What is held from beginning to end, or not at all.
_SITTINGS = frozenset("场 堂 场次 节".split())
_CHINESE_DIGITS = frozenset("一二两三四五六七八九十")
_PLACED = tuple("年月日号时点楼室路街")


def _is_ruled(before: str, after: str) -> bool:
    """Whether the number belongs to a rule: 低于80%的，责令整改; 按每天8学时计算."""
    if "基础上" in after and cues.ON_TOP_OF.match(after):
        return True
    if "在" in before and "中" in after and _OF_WHICH.match(after):
        return True
    if "的" in after and _RULED.match(after):
        return True
    if "按" in before and _RECKONED.match(after):
        return True
    # 并有两名以上党员作介绍人: who is there already, unless somebody sees to it
    is_there = before.endswith(("有", "由")) and after.startswith(("以上", "以下"))
    return is_there and bool(_THERE.search(before))


def _is_worth(amount: Amount, after: str) -> bool:
    """Whether the number says how much something is worth that has its own: 百万元强村4个."""
    text = amount.number.text
    others = _WORTHS.match(after) if _is_money(amount.unit or "") else None
    if others is not None and cues.QUALIFIER_NOUN.match(after, others.end()):
        return True  # 过50亿元、过100亿元项目
    if text[0] not in "百千万亿过超" or text.lstrip("过超").strip("百千万亿"):
        return False
    # 收入过百万元 is a goal, 过百万元强村5个 a name
    is_name = text[0] not in "过超" or bool(_NUMBER.search(_phrase_of(after)))
    return is_name and _is_money(amount.unit or "") and not _ENDS.match(after)


def _phrase_of(after: str) -> str:
    match = _PHRASE.match(after)
    return match[0] if match else ""


def _is_bare_noise(amount: Amount, binding: Binding, before: str, after: str) -> bool:
    """Whether a number without a unit is nothing: X镇, 2021年."""
    is_bound = bool(binding.left or binding.change or binding.right)
    if not (binding.left or binding.right) and amount.number.text in _CHINESE_DIGITS:
        return True  # 提升二中北路
    if after[:1] == ":" and after[1:2].isdigit():
        return True  # 5:4:1
    if amount.number.nature == "masked":
        return not is_bound and not _is_rate(before)
    if _is_half(amount) and _is_rate(before):
        return False
    return after.startswith(_PLACED) or not is_bound


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
    if is_money and binding.right is None and _OF_A_WORK.match(words):
        return True  # 投资逾2亿元的市场项目
    if binding.right is None:
        is_named = is_money and bool(cues.QUALIFIER_NOUN.match(words))
        is_apart = binding.left is not None and binding.left.start < amount.start
        if is_named and is_apart and _NUMBER.search(words):
            return True  # 产值超10亿元企业3家
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


#: The sums behind the first: 、过100亿元.
_WORTHS = re.compile(r"(?:以上)?(?:[、和及][超过]{1,2}[\d.]{1,8}[百千万亿]{0,3}元(?:以上)?){1,4}")


def _is_measured(amount: Amount) -> bool:
    """Whether a rate has decimals that nobody sets himself, such as 76.6%."""
    value = amount.number.value
    return amount.unit == "%" and value is not None and (value * 200).denominator != 1


def _is_half(amount: Amount) -> bool:
    """Whether the number is a share in words: 占比过半."""
    return amount.unit is None and amount.number.text.startswith("过半")


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
    words = _without_tail(field.before)
    after = field.after.lstrip(" ")
    unit = amount.unit or ""
    if unit in ("%", "‰", "个百分点") or _is_half(amount):
        if stand == "unknown" and _is_measured(amount):
            return False
        verb = _last(cues.STRONG_VERB, words)
        if verb is not None and (amount.number.value == 1 or verb.end() == len(words)):
            return True  # 走访独居老人100%, 消化60%超职数干部
        return _is_rate(words) or bool(_TASK_SHARE.search(words[-_VERB_REACH:]))
    known = _all_have(field, stand) or _by_neighbours(
        amount, words, after, has_time=has_time, goes_on=goes_on
    )
    if known is not None:
        return known
    if has_time and unit in cues.TIME_UNITS:
        return True
    if unit in OCCASIONS and field.before.endswith(TIME):
        return True  # 半年一次、每周一次
    verb, weak = _last(cues.STRONG_VERB, words), _last(cues.WEAK_VERB, words)
    if verb is not None:
        if _HOLDING.search(words, verb.end()):
            return False  # 建成包含六个服务站的体系
        # 改造完善 is a work, 完善 alone is none
        is_weak = weak is not None and weak.end() >= verb.end() and weak.start() != verb.end()
        return not is_weak and len(words) - verb.end() <= _VERB_REACH
    if has_time and (words or not _ENDS.match(after)) and unit in OCCASIONS | _PAPERS:
        return True
    # 新建公路20公里、桥梁3座: the list goes on without its verb
    end = words[-_TAIL:]
    if _LEVELS.search(end) and _is_money(unit) and stand != "unknown":
        return True
    is_item = 0 < len(words) <= _LONGEST_ITEM and not _DESCRIBED_ALONE.search(end)
    if not is_item or not _ENDS.match(after):
        return False
    # among next steps, and after 计划 or 力争, a verb that no list knows still promises
    is_figure = amount.number.text[:1].isascii() and unit.lstrip("万亿") in _MADE
    return goes_on or (stand != "unknown" and is_figure and weak is None)


def _by_neighbours(
    amount: Amount, words: str, after: str, *, has_time: bool, goes_on: bool
) -> bool | None:
    """Whether the words right before and after the number decide alone; None when not."""
    end = words[-_TAIL:]
    if _only_names(amount, words, after, has_time=has_time):
        return False
    if _PLEDGED.search(end):
        return True
    if _only_counts_list(amount, words):
        return False
    if _FOR.search(words) and _DOING.match(after):
        return True
    if _DRIVEN.search(words) and (_STAGE.match(after) or _is_held(amount, after)):
        return True
    if cues.LIST_TAIL.search(words):
        if cues.STRONG_VERB.search(words):
            return not cues.WEAK_VERB.search(words)
        return None if goes_on else False
    if words[-1:] == "向" and _TOWARDS.match(after):
        return True
    is_none = end[-1:] in _NO_COUNT_ENDS and cues.NO_COUNT_LEFT.search(end)
    if is_none and _governs_across(end):
        return True
    is_none = is_none or _NOT_MORE.search(words) or _EFFECT.search(words)
    return False if is_none or _DESCRIBED.search(end) else None


def _all_have(field: Field, stand: Stand) -> bool:
    """Whether it is promised that each has so many: 每个村都有1个合作社."""
    return stand != "unknown" and bool(_ALL_HAVE.search(field.before))


def _is_held(amount: Amount, after: str) -> bool:
    """Whether lectures or shows are counted, which nobody drives half way: 推进300堂巡讲."""
    is_figure = amount.number.text[:1].isascii()
    return amount.unit in _SITTINGS and is_figure and not _ENDS.match(after)


def _governs_across(words: str) -> bool:
    """Whether a verb stands right before the place that the number counts in: 走访全镇."""
    place = _ACROSS.search(words)
    head = words[: place.start()] if place else ""
    if not head or _REACHING.search(head):
        return False
    verb = _last(cues.STRONG_VERB, head + "1")
    return verb is not None and verb.end() == len(head)


def continues(amount: Amount, field: Field, between: str, unit: str | None) -> bool:
    """Whether the number opens the next item of a list: 建设100个口袋公园、10座体育公园.

    `between` stands between the number before, of `unit`, and this one.
    """
    if not field.before:
        return bool(unit) and between == unit  # 培训40期2000人次
    if field.before.endswith("其中") and amount.unit == unit:
        return True  # 医院12家，其中10家在城外
    # 一次支委会、一次支部大会: the same unit again, and a noun behind it
    is_again = amount.unit == unit and amount.unit in OCCASIONS and not _ENDS.match(field.after)
    return (is_again or amount.unit in _ITEMS) and bool(_ITEM.fullmatch(field.before))


#: What stands between the numbers of such a list: the noun of the number before.
_ITEM = re.compile(r"[^，。；：、\d\x01]{1,16}?(?:、|和|与|(?<![惠涉普以])及|以及)(?:约|近)?[ ]?")
_ITEMS = frozenset("个 处 座 所 家 户 名 条 项 件 场 期 套 台 盏 支 栋 片 公里 亩".split())


def _only_names(amount: Amount, words: str, after: str, *, has_time: bool) -> bool:
    """Whether the number names something (三个方面, 一套机制) or only describes it."""
    unit = amount.unit or ""
    if unit in cues.TIME_UNITS and not _STAYING.search(words + after[:8]):
        return True
    if after.startswith("的") and (_is_money(unit) or _DESCRIBED_ALONE.search(words)):
        return True
    if unit in _NAMED_BY and cues.ABSTRACT.match(after):
        return True
    text = amount.number.text
    if unit == "期" and (text == "二" or (text in "一三四五" and _PHASE.match(after))):
        return True  # 融媒体中心二期
    if unit in OCCASIONS and _OF_A_RATE.match(after):
        return True  # 年巡查2次完成率
    if text != "一":
        return False
    if unit == "批" and not has_time:
        return True  # 培育一批企业: nobody says how many
    if has_time and words[-1:] == "上" and words[-2:-1] in ("", TIME, SCOPE):
        return False  # 每半年上一次党课
    return words.endswith(("新", "上", "下", "这", "那", "同", "某", "首", "本")) or not (
        unit in OCCASIONS or has_time
    )


_OF_A_RATE = re.compile(r"[\u4e00-\u9fff]{0,4}率(?=[≥>]|达|不|为|[\d ])")
_PHASE = re.compile("工程|项目|建设|改造|厂房")
#: 力争有两个支部: no verb but 有.
_PLEDGED = re.compile(r"(?:力争|确保|争取|努力|保证|做到)[^，。；、\d]{0,8}?有\Z")
_ALL_HAVE = re.compile(rf"{SCOPE}[^，。；、\d]{{0,4}}[都均要应须](?:要|应|须)?有\Z")
_LISTED = re.compile(r"[、和与]|及(?!时)")


def _only_counts_list(amount: Amount, words: str) -> bool:
    """Whether the number counts what is listed before it: 用好村广播、院坝会两个阵地.

    A verb that governs the whole list (建成甲、乙两个广场) makes it a promise all the same.
    """
    parts = _LISTED.split(words.lstrip(f"{BLANKS}、 "))
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
