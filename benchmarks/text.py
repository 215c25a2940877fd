"""How fast reports are read: megabytes a second, ratios when the text doubles, peak memory.

Run ``python -m benchmarks.text``. The texts are made up: dense ones promise something in
every sentence and say no sentence twice; ordinary ones tell, between promises, of the past
year and of good intentions; the long runs of one piece are what rules that go back and forth
would not survive.
"""

from __future__ import annotations

import gc
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from partybuild.sources.text.reader import read_text

SUBJECTS = (
    "镇党委 党工委 各党支部 机关党委 每名班子成员 班子成员 每个村党支部 组织办 各村 每名镇干部 "
    "党政办 纪工委 每名网格员 每户党员 社区党委 驻村工作队 各部门 每名党员 党群中心 青年干部"
).split()
PLACES = (
    "城东 城西 河口 石桥 青山 柳林 白马 双河 大坪 东湖 北关 南岭 龙泉 沙溪 云台 黄土 金星 红旗 "
    "新街 古城 三合 太平 永安 长乐 和平"
).split()
DEEDS = (
    ("召开{p}推进会", "次"),
    ("到{p}村调研指导", "天"),
    ("走访慰问{p}困难群众", "户"),
    ("培训{p}党务工作者", "人次"),
    ("新建{p}便民服务站", "个"),
    ("硬化{p}通组公路", "公里"),
    ("解决{p}群众急难愁盼问题", "件"),
    ("发展{p}村级产业", "亩"),
    ("争取{p}项目资金", "万元"),
    ("开展{p}专题党课", "场"),
    ("撰写{p}调研报告", "篇"),
    ("结对帮扶{p}低收入家庭", "户"),
    ("排查{p}安全隐患", "处"),
    ("改造{p}老旧小区", "栋"),
    ("组织{p}志愿服务", "次"),
    ("引进{p}企业", "家"),
)
RATES = (
    "{p}群众满意度 {p}党费收缴率 {p}参保率 {p}垃圾分类覆盖率 {p}森林覆盖率 {p}问题整改率 {p}就业率 "
    "{p}案件办结率 {p}饮水安全达标率 {p}农机化率"
).split()
GROWTHS = (
    "{p}地区生产总值 {p}固定资产投资 {p}社会消费品零售总额 {p}农村居民人均可支配收入 {p}电商销售额 "
    "{p}村集体经济收入 {p}规上工业增加值"
).split()
CADENCES = "每季度 每月 全年 每半年 每年 每周 上半年 年内 每两个月 每旬".split()
DEADLINES = "年底前 6月底前 9月30日前 11月底前 到2025年底 3月15日前 上半年 年内".split()
FIRM = ("", "", "", "确保", "力争", "务必", "争取")
TOLD = (
    "今年共召开{p}专题会议{n}次，走访群众{m}户，解决了一批难题",
    "一年来，坚持以党建引领{p}基层治理，群众获得感不断增强",
    "深入学习贯彻会议精神，{p}干部队伍作风明显好转",
    "进一步加强{p}阵地建设，着力提升服务水平，持续深化“三会一课”制度",
    "{p}片区个别党员学习不够主动，联系群众还不够紧密",
    "坚持问题导向，围绕{p}产业发展，统筹推进乡村振兴各项工作",
    "始终把纪律挺在前面，{p}村务公开更加规范，干群关系更加融洽",
)


def number(chance: random.Random) -> str:
    """A number as people write it: mostly figures, now and then numerals or a masked one."""
    kind, value = chance.random(), chance.randint(1, 400)
    if kind < 0.8:
        return str(value)
    if kind < 0.88:
        return f"{value * 7:,}"
    if kind < 0.96:
        return chance.choice(("三十二", "一百二十", "两百三", "十五", "六", "四十八", "两"))
    return "X"


def promise(chance: random.Random) -> str:
    """One clause with one measurable promise."""
    place = chance.choice(PLACES) + chance.choice(PLACES)
    kind, n = chance.random(), number(chance)
    when, firm = chance.choice(CADENCES), chance.choice(FIRM)
    if kind < 0.55:
        deed, unit = chance.choice(DEEDS)
        words = deed.format(p=place)
        who = chance.choice(SUBJECTS) if chance.random() < 0.6 else ""
        shape = chance.choice(
            (
                "{w}{f}{t}不少于{n}{u}",
                "{w}{t}{f}至少{d}{n}{u}",
                "{w}{t}{d}{n}{u}以上",
                "{t}{w}{f}{d}{n}{u}",
            )
        )
        text = shape.format(w=who, f=firm, t=when, d=words, n=n, u=unit)
        return text if words in text else text.replace("不少于", f"{words}不少于", 1)
    share = f"{chance.randint(10, 999) / 10:g}%"
    if kind < 0.75:
        shape = chance.choice(
            ("{r}达到{s}以上", "{f}{r}不低于{s}", "{r}稳定在{s}左右", "{r}由{o}提高到{s}")
        )
        low = f"{chance.randint(10, 60)}%"
        name = chance.choice(RATES).format(p=place)
        return shape.format(r=name, f=firm, s=share, o=low)
    if kind < 0.88:
        shape = chance.choice(("{f}{g}增长{s}以上", "{g}同比增长{s}左右", "{g}增速{f}不低于{s}"))
        return shape.format(f=firm, g=chance.choice(GROWTHS).format(p=place), s=share)
    deed, unit = chance.choice(DEEDS)
    due, least = chance.choice(DEADLINES), chance.randint(2, 90)
    done = deed.format(p=place)
    return f"{due}{firm}完成{place}{n}{unit}，{done}不少于{least}{unit}"


def dense(megabytes: float, seed: int = 1) -> str:
    """Text that promises something in every sentence and repeats none."""
    chance = random.Random(seed)
    lines, size, line = ["2020年工作总结\n二、下一步打算\n"], 0, ""
    while size < megabytes * 1e6:
        line = "，".join(promise(chance) for _ in range(chance.choice((1, 1, 2, 2, 3)))) + "。"
        line += chance.choice(("", "", "", "\n"))
        lines.append(line)
        size += len(line.encode())
    return "".join(lines)


def ordinary(megabytes: float, seed: int = 2) -> str:
    """Text of which every fifth sentence promises something, the rest tells and intends."""
    chance = random.Random(seed)
    lines, size = ["2020年工作总结\n二、下一步打算\n"], 0
    while size < megabytes * 1e6:
        if chance.random() < 0.2:
            line = promise(chance) + "。"
        else:
            place = chance.choice(PLACES) + chance.choice(PLACES)
            told = chance.choice(TOLD)
            line = told.format(p=place, n=number(chance), m=number(chance)) + "。"
        line += chance.choice(("", "", "", "\n"))
        lines.append(line)
        size += len(line.encode())
    return "".join(lines)


PIECES = (
    *"1 X （ “ 一 每 3次 3次， 12月 分别1、 不少于 由1提高到 每名 每季度".split(),
    *"全覆盖 召开 增长 百分之".split(),
    *"2021年 以上 | 超过 第 〔2021〕 、 等 零 1+ 5% A X次".split(),
    "\t",
)


def run_of(piece: str, megabytes: float) -> str:
    """One piece over and over, in one line, then one promise."""
    times = int(megabytes * 1e6 / len(piece.encode()))
    return piece * times + "\n召开推进会不少于3次。"


def seconds(text: str, rounds: int = 3) -> float:
    """The median processor time of reading `text`."""
    times = []
    for _ in range(rounds):
        gc.collect()
        start = time.process_time()
        read_text(text, year=2021)
        times.append(time.process_time() - start)
    return statistics.median(times)


def speed(name: str, text: str, twice: str, rounds: int = 3) -> None:
    """Print megabytes a second, and how much longer twice the text takes."""
    size = len(text.encode()) / 1e6
    one, two = seconds(text, rounds), seconds(twice, rounds)
    print(f"{name:<24} {size:>6.1f} {one:>8.2f} {size / one:>7.2f} {two / one:>7.2f}", flush=True)


_MEASURED = """
import resource, sys
from pathlib import Path
from partybuild.sources.text.reader import read_text
most = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
before = most()
draft = read_text(Path(sys.argv[1]), year=2021)
read = most()
frame = draft.frame if sys.argv[2] == "frame" else ()
print(f"{before:.0f} {read:.0f} {most():.0f} {len(draft.commitments)}")
"""


def memory(name: str, text: str) -> None:
    """Print the peak of a fresh process that reads `text` from a file, and makes its frame."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.txt"
        path.write_text(text, encoding="utf-8")
        command = [sys.executable, "-c", _MEASURED, str(path), "frame"]
        # our own command line, nothing from outside
        done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
        size = path.stat().st_size / 1e6
    said = done.stdout.split()
    before, read, framed = (int(one) for one in said[:3])
    print(
        f"{name:<24} {size:>6.1f} {read - before:>8,} {framed - before:>9,} {int(said[3]):>11,}",
        flush=True,
    )


def main(megabytes: float, largest: float) -> None:
    """Print the speed of each kind of text of so many megabytes, then the memory of a large one."""
    print(f"{'text':<24} {'MB':>6} {'seconds':>8} {'MB/s':>7} {'twice':>7}")
    for made in (dense, ordinary):
        speed(made.__name__, made(megabytes), made(2 * megabytes))
    for piece in PIECES:
        text, twice = run_of(piece, megabytes / 16), run_of(piece, megabytes / 8)
        speed(f"{piece!r} over and over", text, twice, 1)
    print(f"\n{'text':<24} {'MB':>6} {'read MB':>8} {'frame MB':>9} {'sentences':>11}")
    for made in (dense, ordinary):
        memory(made.__name__, made(largest))


if __name__ == "__main__":
    given = [float(one) for one in sys.argv[1:]]
    main(*given, *(2.0, 50.0)[len(given) :])
