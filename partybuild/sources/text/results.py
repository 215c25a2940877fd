# ruff: noqa: E501 -- patterns and word lists read best unbroken
"""Whether a sentence that stands alone tells of results: signs for and against, weighed.

Chinese has no tense: 完成投资12.8亿元 is a result or a promise, and a heading says which.
Where none does, the sentence itself has to. Nobody plans 12.83亿元; a result knows its rank
(居全省第一), its share of the year's task (占年度计划的41%), how well it went (成效明显). A
promise says 将, 力争 and 不少于, recurs every quarter, or has a date to be kept. `SIGNS` is
the whole of it; `signs_of` says which of them a sentence shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import attrs

from partybuild.sources.text import cues
from partybuild.sources.text.masks import Work

#: By how much results must outweigh the plan for a sentence to propose nothing.
ENOUGH = 2


@attrs.frozen
class Sign:
    """Words that speak for a result (`weight` above 0) or for a plan (below 0).

    Every match of `pattern` holds one of the characters of `holds`.
    """

    says: str
    weight: int
    pattern: re.Pattern[str]
    holds: frozenset[str]
    most: int = 1


_DONE = (
    r"(?:开工|竣工|完工|投产|投用|投运|建成|落地(?!见效)|通车|签约|达产|入库|办结|销号|启动|投入[使运]用|开业|挂牌|上市|脱贫|摘帽|出列"
    r"|达标|完成|实现|获[得评批])"
)
_ENDS = r"(?=[ ]?[，。；,;]|[ ]?\Z)"
_UNIT = r"(?:个|家|项|件|条|座|所|户|名|位|处|批|台|人|村|支|幢)"
_HIGH = r"(?:全(?:国|省|市|县|区|州)|各(?:县|市|区|乡|镇))"


#: Characters, one of which every match of a sign holds: they only save time.
_HOLDS = {
    "how much of the year's task is done": "为占序率的超间",
    "planned and done side by side": "完已际",
    "what a place is like": "于全占口含处拔括毗涉涵积辖龄",
    "said with 了": "了",
    "said to be over": "上先共历去已截显来统耗解",
    "what happened at a meeting": "会依参当票者议评述",
    "first of all, or with a prize": "夺捧斩榜第膺荣获被选首",
    "among the first": "先前游连",
    "against the same time of the year before": "初同环",
    "against the year before": "比较",
    "a rough number of what is there": "余多近",
    "things that got done by themselves": "使列办号启完市帽库建开投牌现用竣约脱获落车达运",
    "so many did it": "位依值参名均对展投收润深税营行走部销",
    "what came of it": "丰为关再减创功取喜圆得挽显更焕相空突良节获评赢际顺首",
    "how it was received": "典前势卓受唯广扬无未流硕第纷肯荼见超首",
    "whom nobody plans to punish": "刑扣捕捣掉移罚获诉逮",
    "year after year": "历始直连",
    "an estimate of the year that ends": "预",
    "an indicator that moved": "升涨长降",
    "how it goes": "体使凸向回幅序强彻快恢愈扎攀效断显更有本正步用益稳纷继续良趋足跃跑跨踊迈运速陆面顶顺首",
    "what is counted afterwards": "为侦元兑兜共净减出击参受合惠拨接收放救浏累至获诊调达近阅",
    "what came out": "出占由看",
    "what lies ahead": "争促划努取后必打拟指接明来标步求诺预",
    "what will be": "将",
    "what has to be": "则应律得般要须",
    "who sees to it": "严再决努确绝证",
    "what it is for": "步继续让",
    "a bound that nobody puts to what is done": "上下于低内左控至超",
    "somebody drives it": "促取快推",
}


def _sign(says: str, weight: int, pattern: str, most: int = 1) -> Sign:
    return Sign(says, weight, re.compile(pattern), frozenset(_HOLDS[says]), most)


_WILL = "what will be"
_RESULTS = (
    _sign(
        "how much of the year's task is done",
        3,
        r"(?:占|为)(?:全年|年度|年|总|当年|既定|\x01)[^，。；]{0,8}(?:计划|任务|目标|指标)[^，。；\d]{0,4}的?[ ]?\d"
        r"|(?:计划|任务|目标|指标)(?:任务|目标|数|总量)?的[ ]?\d+\.\d+%|超(?:过|出|额)?(?:时序|时间|序时)?(?:进度|计划)|(?:时序|时间|序时)进度[ ]?\d|(?:投资|整体)完成率",
    ),
    _sign(
        "planned and done side by side",
        8,
        r"(?:计划|任务|指标|目标)[^，。；\d]{0,8}[\d.]++(?P<unit>[万亿]*(?:元|亩|座|户|公里|套|个|人|件|处))[^，。；]{0,2}，(?![^，。；]{0,6}(?:争取|力争|再|确保))[^，。；]{0,10}完成[^，。；\d]{0,6}[\d.]++(?P=unit)"
        r"|(?:计划|目标|任务)[^，。；]{0,10}\d[^，。；]{0,16}，[^，。；\d]{0,2}(?:目前|现)?(?:均|都|现)?已(?:经)?(?:基本|全部|全面|圆满|顺利|提前|超额|按期|如期){0,2}(?:完成|建成|完工|竣工|实现|到位|投用)"
        r"|计划[^，。；\d]{0,8}[\d.]++(?P<one>[个座户套件处项家])，[^，。；\d]{0,8}(?:已|实际)[^，。；\d]{0,10}[\d.]++(?P=one)"
        r"|\d[^，。；\d]{0,8}，[^，。；\d]{0,3}完成(?:全年|年度|年|\x01)[^，。；\d]{0,6}(?:任务|目标|计划)[^，。；\d]{0,4}的",
    ),
    _sign(
        "what a place is like",
        3,
        r"海拔|地处|位于|毗邻|下辖|辖区[内有]|(?:常住|户籍|总)人口(?=[约近达有为共]*[ ]?\d)|(?:国土|区域|村域|行政区划?|占地)(?:总)?面积|占地[\d约近]|平均年龄|(?:\A|[，；。])全[村乡镇县市区组]\d|(?:\A|[，；。])(?:重点|主要|分别|共|具体)?(?:涉及|包括|包含|涵盖)[^，。；\d]{0,20}\d",
        2,
    ),
    _sign("said with 了", 2, cues.PERFECT.pattern, 2),
    _sign(
        "said to be over",
        2,
        r"先后(?!次序|顺序)|(?<!业)已(?!知|有|[^，。；]{1,10}的)|业已|历时|耗时|截[至止](?!\x01)|[今一半]年(?:来|以来)|(?<![比较同与])(?:去年|上年)(?!同期|度?水平|基础)|(?:据|经)(?:初步)?统计|统计显示|据了解|(?:个|次|项|家|人|户|元|元|处|名|镇|县|市|区|村|乡|委|道|局)共(?!同|建(?!立|成|有)|享|识|管|治|产|青|富|赢|性|抓|商|有产|和)(?=[\u4e00-\u9fff\d])",
    ),
    _sign(
        "what happened at a meeting",
        2,
        r"票决|投票(?:表决|选出|产生|推选)|(?<![大议])会上|当场|现场(?:投票|述职|点评)|依次|记者|会议(?:由|听取|通报|审议)|参会",
    ),
    _sign(
        "first of all, or with a prize",
        2,
        rf"(?:[居列踞]|排[名位]?)(?:在|于|保持)?{_HIGH}[^，。；]{{0,8}}(?:第|首|榜)|{_HIGH}[^，。；]{{0,4}}(?:排名|位列)?第[一二三四五六七八九十\d]"
        r"|荣获|获评|斩获|夺得|获批|上榜|入选(?!数|率)|荣膺|捧回|被(?:评|授|认定|确定|命名|列)[为予入]|获(?:得)?(?:国家|省|市|全国|首批|[“\x03])",
    ),
    _sign(
        "among the first",
        1,
        rf"(?:[居列踞]|排[名位]?)(?:在|于|保持)?{_HIGH}[^，。；]{{0,6}}(?:前|先进|上游)|连续[\d一二三四五六七八九]|率先",
    ),
    _sign("against the same time of the year before", 2, r"同比|环比|同期|比(?:年初|月初)"),
    _sign("against the year before", 1, r"[比较](?:上年|去年)(?!同期)"),
    _sign(
        "a rough number of what is there",
        2,
        r"(?<=[\d一二三四五六七八九十百千万Xx×])[余多](?!种|元|样)|(?<![附最邻靠临])近(?=\d+(?![\d年月日天期]))",
    ),
    _sign(
        "things that got done by themselves",
        2,
        rf"(?:\A|[，；。、等\x01])[ ]?\d+(?:\.\d+)?{_UNIT}[^，。；、\d]{{0,18}}?{_DONE}",
    ),
    _sign(
        "so many did it",
        2,
        rf"(?:\A|[，；。])[ ]?\d+(?:\.\d+)?{_UNIT}[^，。；、\d对为向]{{1,16}}?(?:开展|进行|实行|依次|参加|走进|深入|全部|均(?!要|应|需|须)|(?:收入|产值|投资|利润|税收|销售额|营业额)[^，。；\d]{{0,4}}\d)"
        rf"|(?:\A|[，；。])[ ]?\d+[名位][^，。；、\d成\x01\x02]{{2,14}}\d"
        rf"|(?:\A|[，；。])[ ]?\d+{_UNIT}[^，。；、\d]{{1,12}}对(?![^，。；]{{0,20}}(?:应|要|须))",
    ),
    _sign(
        "what came of it",
        2,
        r"取得[^，。；]{0,10}(?:成效|成果|进展|突破|成绩|进步)|成效(?:明显|显著|突出)|进展(?:顺利|良好)|创(?:历史|下|造了)|大关|空前|首[次超]|焕然一新|[好赞]评|赢得|更加(?:稳固|巩固)|再创"
        r"|(?<!确保)(?<!推动)圆满|成功(?:举办|创建|承办|申报|入选|创成|破解|化解|获|争取|引进)|(?:得到|获得)(?:有效|明显|极大|根本|充分|彻底|较快|长足|快速|蓬勃)?(?:改善|解决|盘活|提升|保障|缓解|改变|治理|认可|处理|落实|发展)|喜[圆获]|丰收(?!节)"
        r"|(?<![造建设展升力让使动])成为[^，。；让使推]{0,8}(?:打卡地|亮点|名片|样板|典范|标杆|招牌|首选|热门|常态|新风尚|现实)|与[^，。；]{1,8}相比|实际(?:下降|增长|完成|提高)|为(?:企业|群众|农户|农民)[^，。；]{0,4}(?:节约|节省|减负|挽回)",
    ),
    _sign(
        "how it was received",
        2,
        rf"受到[^，。；]{{0,10}}(?:好评|欢迎|肯定|表彰|表扬|关注)|深受|(?:批示|高度)肯定|通报表扬|作(?:了)?(?:经验交流|典型发言)|经验做法[^，。；]{{0,12}}推广|成为{_HIGH}[^，。；]{{0,4}}(?:首|唯一|第)|{_HIGH}(?:首个|首家|唯一)"
        r"|未发生|无一例|硕果累累|成果丰硕|初见成效|卓有成效|亮点纷呈|势头(?:强劲|良好|迅猛)|如火如荼|超额完成|提前完成",
    ),
    _sign(
        "whom nobody plans to punish",
        2,
        r"(?:起诉|批捕|逮捕|刑拘|抓获|打掉|捣毁|移送|罚没|罚款|查扣|处罚)[^，。；\d]{0,16}\d",
    ),
    _sign("year after year", 2, r"连年|历年|始终|一直"),
    _sign("an estimate of the year that ends", 3, r"预计"),
    _sign(
        "an indicator that moved",
        1,
        r"(?:增加值|总产值|生产总值|GDP(?!能耗|二氧)|投资|零售总额|收入|价格|进出口|税收|出口|贷款余额|存款余额)[^，。；\d]{0,8}(?:增长|下降|上涨|上升)[ ]?\d",
    ),
    _sign(
        "how it goes",
        1,
        rf"(?<![推促确保实力])[^，。；推促确保力要将]{{4}}(?:顺利|正式|有序|稳步|加快|加速|全面|强力|扎实)(?:推进|开展|实施|启动|开工|建设|运行|运营|建成|投用|投产|通车){_ENDS}"
        rf"|(?:更|日益|愈发|不断|日趋)[^，。；]{{0,3}}(?:保障|健全|凸显|显现|完善|稳定|充实|浓厚|巩固|方便|便捷|便利|舒适|完备|顺畅|有序){_ENDS}|(?:充足|向好|良好|有力|回稳){_ENDS}"
        rf"|[^，。；推促确保力要将让使]{{3}}(?:进一步|不断|持续|显著|明显|稳步|大幅)(?:增强|提升|提高|改善|巩固|优化|壮大|好转|扩大){_ENDS}"
        rf"|(?<![推促确保实力新加])[^，。；推促确保力要将]{{5}}(?:建成投[用运]|投入[使运][用营]|完成主体工程|主体封顶|恢复运营|建成使用){_ENDS}"
        rf"|(?:基本|彻底)(?:消除|解决|完成|完工|办结){_ENDS}|有效(?:防止|缓解|解决|改善|遏制|盘活)|凸显|迈上|跨上|跃升|跃居|攀升|领跑|居首|陆续|相继|纷纷|踊跃|有力(?:推动|带动|支撑|保障)",
        2,
    ),
    _sign(
        "what is counted afterwards",
        1,
        r"惠及|受益|近[百千万亿]+[元名人户]|受理|收到|侦破|破获|抓获|查获|救助|兜底|支出(?=[^，。；]{0,8}\d)|兑现|减免|调处|出诊|参保(?!率)|发放|拨付|接报|累计(?!达到|达|不少于|超过|突破)|(?:总数|总量|总计|保有量)(?:达(?!到)|增至|为)|净增|点击量|浏览量|阅读量|合计|共计|(?:投入|投资|耗资)[^，。；]{0,4}?\d[\d.]*+[余多]?[万亿]?元(?:实施|完成|建成|新建|修建|改造|用于|推进|开展)",
    ),
    _sign(
        "what came out",
        1,
        r"[选排理查找评筛涌打走探闯摸总][^，。；]?出(?=[^，。；]{0,6}\d)|由[^，。；]{1,12}(?:增加|提高|提升|增长|扩大)到[^，。；、]{1,10}[，、][^，。；]{0,4}(?:增长|提高|下降|增加)|分[^，。；]{1,4}看|占(?!比|有率)[^，。；\d]{1,10}的?[ ]?\d+\.\d+%",
    ),
)
_PLANS = (
    _sign(
        "what lies ahead",
        -4,
        r"拟|打算|力争|争取(?!到|上级|项目|资金|政策|各类|专项|中央|省|市|了)|务必|务求|努力(?:实现|完成|达到|在)|必须|下一?步|接下来|明年|来年|今后|(?<![主首])(?<!好于)(?<!符合)(?<!高于)(?<!低于)(?<!超)(?<!超出)预期(?!性|寿命)|主要预期目标|(?<!超)(?<!超额)计划(?![的、，。；）”与和\x03]|任务|目标|指标|书|总|\Z|投资完成|投资额)|指标(?:是|为|：|:)"
        r"|力求|力促|承诺(?!事项|书|制|的|内容|完成|兑现)|目标(?:是|为|：|:)",
    ),
    _sign(_WILL, -4, r"将(?!\d)"),
    _sign(
        "what has to be",
        -3,
        r"(?<![主重需摘概扼紧首])要(?!求|点|素|闻|害|件|事|务|道|领|塞|义|旨)|(?<![供相对响适反效呼])应(?![急用邀届收对聘])|不得|须|一律|原则上|一般(?!性|公共|预算|债|纳税|工业)",
    ),
    _sign(
        "who sees to it",
        -2,
        r"确保(?!了)|保证(?!了)|坚决|努力|严格控制|杜绝|再(?=新|建|打|培|开|完|发|增|引|实|提|评|选|推)",
    ),
    _sign("what it is for", -1, r"(?:\A|[，；。、])(?:继续|进一步|持续)|让[^，。；]{2,20}成为"),
    _sign(
        "a bound that nobody puts to what is done",
        -2,
        r"不少于|不低于|至少|不超过|控制在(?:[^，。；]{0,8}以内)?|(?<!规模)(?<!限额)(?<![级类元岁])以上(?![学的])(?!项目|企业)|以内|左右|不高于|(?<!规模)以下(?![的学])",
        4,
    ),
    _sign(
        "somebody drives it",
        -2,
        rf"(?:\A|[，；。、])[^，。；、\d]{{0,4}}(?:推动|促进|促成|争取|力促|加快)[^。；]{{0,60}}{_DONE}",
    ),
)
SIGNS = (*_RESULTS, *_PLANS)
_MONTHS_SO_FAR = re.compile(r"(?<!\d)[1一元]月?份?(?:-|—|至|到)\d{1,2}月")
_FIRST_MONTHS = re.compile(r"前(?:\d{1,2}|[一二三四五六七八九十]{1,2})个?月(?!底|末|前)")
_TASK_OF = re.compile(r"(?:责任|牵头|配合|主办)(?:单位|部门|人|领导)[：:]|(?:完成|办结)时限")
_TASK = "whose task it is"
_EXACT = "figures nobody plans"
_RECURS = "it recurs"
_DUE = "a date to be kept"
_THIS_YEAR = re.compile(r"今年|明年|来年|新的?一年|20\d\d年\Z")
_OPENS = "the year that is planned"
_SO_FAR = "a time that is over"
_ODD = "rates as they are measured"


def signs_of(work: Work) -> Iterator[tuple[str, int]]:
    """Yield what speaks for a result (above 0) and for a plan (below 0), with its weight."""
    text = work.blanked
    # 将路面重铺，解决了难题: 将 leads an object there
    is_over = "了" in text and cues.PERFECT.search(text) is not None
    held = set(text)
    for sign in SIGNS:
        if sign.holds.isdisjoint(held) or (is_over and sign.says == _WILL):
            continue
        count = 0
        for _ in sign.pattern.finditer(text):
            count += 1
            if count == sign.most:
                break
        if count:
            yield sign.says, count * sign.weight
    if _TASK_OF.search(work.text):
        yield _TASK, -3
    yield from _signs_of_times(work)
    yield from _signs_of_figures(text)


def _signs_of_times(work: Work) -> Iterator[tuple[str, int]]:
    for cue in work.times:
        if cue.role in ("cadence", "due"):
            yield _RECURS, -3
            break
    for cue in work.times:
        if cue.role == "deadline" and cue.note is None:
            yield _DUE, -3
            break
    opens = work.times[0] if work.times and not work.times[0].start else None
    if opens is not None and _THIS_YEAR.match(opens.text) and opens.role == "window":
        yield _OPENS, -1
    if any(cue.note == "earlier" or _MONTHS_SO_FAR.match(cue.text) for cue in work.times):
        yield _SO_FAR, 3
    elif "前" in work.text and _FIRST_MONTHS.search(work.text):
        yield _SO_FAR, 2


_RATE = re.compile(r"(?<![\d.])(\d++)(?:\.(\d++))?(?:%|个百分点|‰)")
_FIGURE = re.compile(
    r"(?<![\d.])(\d++)(?:\.(\d++))?(?![\d.%‰年月日])(?!个百分点)(?=[ ]?[万亿]?[\u4e00-\u9fffA-Za-z㎡])"
)
_FLOWS = re.compile(r"[ ]?[万亿]?(?:元|美元|人|件|起|例|桩|份|吨|斤|千瓦|户|场|次|期)")
_CASES = re.compile("[件起例桩]|批次")
_HELD = re.compile("场次?")
#: What turns up by itself is not planned to the last one either.
_COME_IN = re.compile(
    r"(?:隐患|问题|线索|纠纷|案件|诉求|违法|违章|投诉|信访|举报|事故)[^，。；\d]{0,2}\Z"
)
_DESIGNED = re.compile(
    r"[ ]?万?(?:平方|立方)?(?:米|公里|千米)|[ ]?万?(?:平米|亩|公顷|套|盏|株|棵|台)"
)


def _signs_of_figures(text: str) -> Iterator[tuple[str, int]]:
    """Plans are made in round numbers; what is built is planned to the metre all the same."""
    rates = [match[2] or "" for match in _RATE.finditer(text)]
    odd = sum(bool(one.strip("05")) or len(one) > 1 for one in rates)
    if any(len(one) > 1 for one in rates):
        yield _ODD, 3
    elif odd and 2 * odd >= len(rates):
        yield _ODD, 1
    exact = close = flows = figures = 0
    for match in _FIGURE.finditer(text):
        if match[0].startswith("20") and text[match.end(1) : match.end(1) + 1] == "年":
            continue
        figures += 1
        end = match.end(2) if match[2] else match.end(1)
        whole = (match[1] + (match[2] or "")).lstrip("0")
        if not match[2]:
            whole = whole.rstrip("0")
        if _DESIGNED.match(text, end):
            continue
        is_flow = _FLOWS.match(text, end) or _COME_IN.search(
            text[max(0, match.start() - 8) : match.start()]
        )
        is_one_by_one = _CASES.match(text, end) or (len(whole) >= 3 and _HELD.match(text, end))
        if len(whole) >= 4 or (len(whole) >= 2 and is_one_by_one):
            exact += 1
            flows += is_flow is not None
        elif len(whole) >= 3 and is_flow:
            close += 1
    # one odd figure may be planned, several of them are counted
    if (exact and 2 * exact >= figures) or (close > 1 and 2 * close >= figures):
        yield _EXACT, 2
    elif exact or flows or (close and 2 * close >= figures):
        yield _EXACT, 1


@attrs.frozen
class Weighed:
    """By how much a sentence tells of results (`lean`), and what speaks for it (`because`)."""

    lean: int
    because: tuple[str, ...]


def weigh(work: Work) -> Weighed:
    """Weigh a sentence: results above 0, a plan below.

    >>> from partybuild.sources.text.masks import work_on
    >>> weigh(work_on("成效明显，同比增长8.5%。", year=2021)).because
    ('against the same time of the year before', 'what came of it')
    >>> weigh(work_on("力争完成投资12亿元以上。", year=2021)).lean < 0
    True
    """
    signs = tuple(signs_of(work))
    return Weighed(
        sum(weight for _, weight in signs), tuple(says for says, weight in signs if weight > 0)
    )
