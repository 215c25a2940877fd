"""The closed grammar of units, and which units are known multiples of which."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

import attrs

_COUNTS = """
人次 户次 批次 场次 班次 车次 架次 件次 家次 亩次 门次 期次 辆次 篇次 次 天 日 小时 学时 课时 分钟
个工作日 工作日 个月 周 年 人日 人天 工日 名 人 位 户 家 个 项 件 条 篇 份 册 本 部 套 台 辆 座 处
所 栋 幢 间 块 面 片 支 队 组 对 双 只 头 羽 尾 株 棵 粒 场 届 期 批 轮 回 遍 趟 起 宗 例 桩 封 幅
节 堂 门 集 张 层 级 类 种 班 村 镇 分 岁 倍 番 个百分点 百分点 个点 点 点位 单 盏 眼 口 孔 根 把 艘
架 课 讲 站 街 巷 桌 箱 袋 枚 晚 款 标段 字 床 个床位 张床位 学位 个学位 标箱 标准箱
公里 千米 里 米 厘米 毫米 微米 平方公里 平方千米 平方米 平方 平米 立方米 方 公顷 亩 升 毫升
斤 公斤 千克 克 毫克 微克 吨 吨标准煤 吨标煤 元 美元 欧元 港元 日元 千瓦 兆瓦 吉瓦 千瓦时 度 蒸吨
"""
# a unit that is also the head of an ordinary word: 场所, 天然气, 条件
_NOT_BEFORE = {
    "天": "然气",
    "人": "均民才员力大口居数行事社工",
    "部": "门分委署队",
    "家": "庭",
    "位": "置于居",
    "分": "之别类析级钟管工布",
    "所": "有属在需",
    "面": "积对向临",
    "组": "织建长",
    "处": "理置罚级于",
    "支": "部持书撑付出委",
    "条": "件例款线",
    "项": "目",
    "套": "餐",
    "起": "来步草点",
    "本": "地级年科市县镇区单",
    "对": "接口照于象外",
    "片": "区长",
    "类": "型似",
    "级": "以别党领",
    "例": "会行外",
    "场": "所地馆",
    "班": "子组长",
    "元": "旦",
    "度": "假过",
    "周": "年边期岁",
    "点": "位对击多",
    "年": "级轻",
    "村": "级民书干务集",
    "镇": "级长",
    "级别": "",
    "万": "众",
    "口": "袋岸号",
    "站": "所",
    "里": "程",
    "方": "面式案便法针",
    "门": "类槛",
    "单": "位独",
    "日": "常元",
    "课": "题程",
    "期": "间限工项建",
    "批": "评准复",
    "轮": "训换流",
    "节": "约能点",
    "层": "面级次",
    "种": "植养类",
    "名": "单录称列",
    "户": "籍型",
    "回": "头访",
    "集": "体中团",
    "把": "关握",
    "床": "位",
    "学位": "论",
    "街": "道",
    "字": "号",
    "晚": "会饭餐报年期",
}


def _pattern() -> str:
    words = sorted(set(_COUNTS.split()), key=len, reverse=True)
    parts = []
    for word in words:
        stop = _NOT_BEFORE.get(word)
        parts.append(f"{word}(?![{stop}])" if stop else word)
    return "|".join(parts)


_LATIN = r"(?:km²|km2|km|kWh|kW|MW|GW|kg|m³|m²|m3|m2|㎡|m(?![A-Za-z]))"
#: What may stand below the stroke of a rate: 微克/立方米, 件/万人, 元/年, 1/10万.
_BELOW = (
    r"(?:10万|百万|十万|万|千|百|亿)?"
    r"(?:立方米|平方公里|平方米|公里|人次|人|户|亩|年|月|天|日|次|元|吨|小时|公顷|名|件|村)?"
)
_UNIT = re.compile(
    rf"(?P<scale>百万|千万|十万|万亿|百亿|千亿|万|亿)?(?P<base>{_pattern()}|{_LATIN}|%|‰)"
    rf"(?P<below>/{_BELOW})?(?P<kind>标准煤|标煤|当量)?"
    rf"|(?P<rate>/(?:10万|十万|百万|万|千)人?)"
)


@attrs.frozen
class UnitSpan:
    """A unit found at `start`:`end`; `name` is the unit as the project writes it."""

    name: str
    start: int
    end: int


def read_unit(text: str, start: int = 0) -> UnitSpan | None:
    """Return the unit that begins at `start`, or None when none of the grammar does.

    The scale before a unit belongs to it (万元, 亿斤); heads of ordinary words
    (场所, 条件) are no units.

    >>> read_unit("万元以上").name, read_unit("微克/立方米").name, read_unit("场所")
    ('万元', '微克/立方米', None)
    """
    found = unit_at(text, start)
    return None if found is None else UnitSpan(found[0], start, found[1])


def unit_at(text: str, start: int) -> tuple[str, int] | None:
    """Return the name and the end of the unit that begins at `start`, or None."""
    match = _UNIT.match(text, start)
    if match is None:
        return None
    name = match[0]
    if name[-1] == "/":
        name = name[:-1]
    return name, start + len(name)


_SCALES = {
    "万亿": 10**12,
    "千亿": 10**11,
    "百亿": 10**10,
    "亿": 10**8,
    "千万": 10**7,
    "百万": 10**6,
    "十万": 10**5,
    "万": 10**4,
}
#: Units by what they measure: how many of the family's own step one of them is.
_FAMILY_LINES = """
元=1 角=1/10
人=1 名=1 位=1
克=1 毫克=1/1000 微克=1/1000000 千克=1000 公斤=1000 kg=1000 斤=500 吨=1000000
米=1 m=1 厘米=1/100 毫米=1/1000 公里=1000 千米=1000 km=1000 里=500
平方米=1 平米=1 ㎡=1 m²=1 m2=1 公顷=10000 亩=2000/3 平方公里=1000000 平方千米=1000000 km²=1000000
立方米=1 方=1 m³=1 m3=1 升=1/1000 毫升=1/1000000
小时=60 分钟=1
天=1 日=1 周=7
千瓦=1 kW=1 兆瓦=1000 MW=1000 吉瓦=1000000 GW=1000000
千瓦时=1 度=1 kWh=1
吨标准煤=1 吨标煤=1
张=1 张床位=1 个床位=1
个学位=1 学位=1
个工作日=1 工作日=1
个百分点=1 百分点=1 个点=1
"""
_FAMILIES = [
    {unit: Fraction(size) for unit, size in (pair.split("=") for pair in line.split())}
    for line in _FAMILY_LINES.strip().splitlines()
    # a percentage is kept as a fraction, a per-mille number as it is written
] + [{"%": Fraction(1), "‰": Fraction(1, 1000)}]
_FAMILY_OF = {unit: family for family in _FAMILIES for unit in family}


def _split(unit: str) -> tuple[Fraction, str]:
    """Split 万亿斤 into its scale and 斤."""
    if unit not in _FAMILY_OF:
        for scale, size in _SCALES.items():
            if unit.startswith(scale) and len(unit) > len(scale):
                return Fraction(size), unit[len(scale) :]
    return Fraction(1), unit


@lru_cache(maxsize=4096)
def unit_factor(unit: str, into: str) -> Fraction | None:
    """Return by what a number in `unit` is multiplied to stand in the unit `into`.

    None when the one is not a known multiple of the other: 小时 and 天 are not,
    because how long a working day is, only the plan can say.

    >>> unit_factor("万元", "元"), unit_factor("亿斤", "万吨"), unit_factor("小时", "天")
    (Fraction(10000, 1), Fraction(5, 1), None)
    """
    if unit == into:
        return Fraction(1)
    if "/" in unit or "/" in into:
        return _rate_factor(unit, into)
    (scale, base), (into_scale, into_base) = _split(unit), _split(into)
    if base == into_base:
        return scale / into_scale
    family = _FAMILY_OF.get(base)
    if family is None or into_base not in family:
        return None
    return scale * family[base] / (into_scale * family[into_base])


def _rate_factor(unit: str, into: str) -> Fraction | None:
    over, _, under = unit.partition("/")
    into_over, _, into_under = into.partition("/")
    if not (over and under and into_over and into_under):
        return None
    top, bottom = unit_factor(over, into_over), unit_factor(under, into_under)
    return None if top is None or bottom is None else top / bottom
