"""Writes the example year's events: examples/data/events.csv and the office files behind it.

Everything is fictional. The script is seeded, so running it again gives the same
files; what each target is meant to show stands in examples/data/README.md.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import random
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
Row = dict[str, Any]

HEADINGS = {
    "id": "编号",
    "kind": "事项",
    "date": "日期",
    "end": "结束日期",
    "quantity": "数量",
    "unit": "单位",
    "subject": "对象",
    "organisation": "组织",
    "evidence": "佐证",
    "note": "备注",
    "recorded_at": "登记时间",
    "void": "作废",
    "登记人": "登记人",
    "办理结果": "办理结果",
    "年龄段": "年龄段",
}
# 石梁 … 南桥 all year; 竹屿 until September; 澄东 from July; 槐荫 never reports anything
VILLAGES = ("石梁村", "柳坞村", "望禾村", "竹屿村", "鹿鸣村", "南桥社区", "澄东社区")
CADRES = "沈可帆 陆一禾 贺知远 江令仪 傅南星 卓青 纪安澜 闻予安 秦以宁 顾怀瑾 尹牧之 白书言".split()
OFFICES = {
    "ZH": "general-office.csv",
    "NY": "rural-affairs.jsonl",
    "DJ": "party-office.csv",
}
GENERAL = (
    "难题 全镇性会议 矛盾化解 来信来访办结 火源排查 山塘巡查 值班报告 党群服务中心投用".split()
)
RURAL = "集体收入累计 薄弱村数 电商销售额".split()


class Ledger:
    """Rows as two clerks wrote them down; a correction repeats the event's key."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.rows: list[Row] = []
        self.events = 0

    def add(self, kind: str, date: str, **fields: Any) -> Row:
        """Write an event down, by default up to three days after it happened."""
        day = dt.date.fromisoformat(date)
        if "recorded" not in fields:
            lag = self.random.choice((0, 0, 1, 1, 2, 3))
            fields["recorded"] = str(day + dt.timedelta(days=lag))
        prefix = "ZH" if kind in GENERAL else "NY" if kind in RURAL else "DJ"
        self.events += 1
        row = {"key": self.events, "prefix": prefix, "kind": kind, "date": date, **fields}
        row["登记人"] = "周岚" if prefix == "DJ" else "何川"
        row["hour"] = self.random.choice(("09:10", "10:45", "14:30", "16:50"))
        self.rows.append(row)
        return row

    def correct(self, row: Row, recorded: str, **changes: Any) -> None:
        """Write the same event down again, later and by the other clerk."""
        clerk = "何川" if row["登记人"] == "周岚" else "周岚"
        self.rows.append({**row, "recorded": recorded, "登记人": clerk, **changes})

    def workdays(self, start: str, end: str, number: int) -> list[str]:
        """Pick dates from Monday to Friday, in order, all different as long as there are enough."""
        first, last = dt.date.fromisoformat(start), dt.date.fromisoformat(end)
        days = [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
        days = [day for day in days if day.weekday() < 5]
        rounds = -(-number // len(days))
        return sorted(str(day) for day in self.random.sample(days * rounds, number))

    def village(self, date: str) -> str:
        """Pick a village that exists on that day, or its successor."""
        name = self.random.choice(VILLAGES)
        if name == "竹屿村" and date > "2021-09-30":
            return "望禾村"
        return "石梁村" if name == "澄东社区" and date < "2021-07-01" else name


def responsibility(book: Ledger) -> None:
    """Section one: field days, problems, meetings, inspections."""
    spans = """2020-12-30/2021-01-02 2021-01-12 2021-01-26/2021-01-27 2021-02-23/2021-02-25
    2021-03-09/2021-03-10 2021-03-10/2021-03-11 2021-03-30 2021-04-13/2021-04-15 2021-04-27
    2021-05-11/2021-05-12 2021-05-25 2021-06-08/2021-06-10 2021-06-29/2021-07-02
    2021-07-13/2021-07-15 2021-07-27/2021-07-30 2021-08-10/2021-08-12 2021-08-24/2021-08-25
    2021-09-07/2021-09-09 2021-09-22/2021-09-23 2021-10-12/2021-10-14 2021-10-26/2021-10-27
    2021-11-09/2021-11-11 2021-11-17 2021-11-23/2021-11-25 2021-12-01/2021-12-02 2021-12-08
    2021-12-14/2021-12-15 2021-12-30/2022-01-02"""
    for number, span in enumerate(spans.split()):
        start, _, end = span.partition("/")
        kind = "走访督导" if number % 3 == 2 else "蹲点调研"
        village = book.village(start)
        recorded = {"recorded": end} if end else {}
        book.add(kind, start, end=end, organisation=village, evidence="调研记录", **recorded)
    for start, end, number in (
        ("2021-01-04", "2021-06-30", 15),
        ("2021-07-01", "2021-09-30", 16),
        ("2021-10-08", "2021-12-17", 8),
    ):
        for place, date in enumerate(book.workdays(start, end, number)):
            row = book.add("难题", date, organisation=book.village(date), 办理结果="办结")
            if place % 6 == 0:  # first noted as pending, later as solved
                row["办理结果"] = "在办"
                later = dt.date.fromisoformat(date) + dt.timedelta(days=12)
                book.correct(row, str(later), 办理结果="办结", evidence="销号单")
    for date in ("2021-12-20", "2021-12-22", "2021-12-23", "2021-12-27"):
        fields = {"organisation": book.village(date), "办理结果": "办结", "note": "年后补录"}
        book.add("难题", date, recorded="2022-01-07", **fields)
    for date in book.workdays("2021-03-01", "2021-12-10", 6):
        book.add("难题", date, organisation=book.village(date), 办理结果="在办")
    for date in ("2021-03-16", "2021-07-09", "2021-09-17", "2021-11-26"):
        note = "补开二季度调度会" if date == "2021-09-17" else ""
        book.add("调度会", date, evidence="会议纪要", note=note)
    for date in ("2021-03-24", "2021-05-12", "2021-08-25", "2021-11-03"):
        book.add("专项督查", date, evidence="督查通报")
    dates = book.workdays("2021-01-05", "2021-06-28", 9)
    dates += book.workdays("2021-07-02", "2021-09-28", 8)
    dates += ["2021-10-11", "2021-10-25", "2021-11-15", "2021-11-29", "2021-12-20"]
    for date in dates:
        book.add("全镇性会议", date, evidence="会议通知")


def learning(book: Ledger) -> None:
    """Section two: study, training, theme days, press, films."""
    for date in """2021-01-15 2021-02-19 2021-03-12 2021-04-16 2021-05-14 2021-06-11 2021-07-05
    2021-07-23 2021-09-10 2021-10-22 2021-11-19 2021-12-17""".split():
        book.add("中心组学习", date, quantity=1, unit="次", evidence="学习记录")
    planned = book.add("中心组学习", "2021-08-20", recorded="2021-08-16", note="按计划预登记")
    book.correct(planned, "2021-09-03", void="是", note="因防汛未开，撤销")
    training(book)
    for month in range(1, 13):
        for village in VILLAGES:
            gone = village == "竹屿村" and month > 9
            if gone or (village == "澄东社区" and month < 7) or (village, month) == ("柳坞村", 7):
                continue
            last = 28 if month == 2 else 30
            date = book.workdays(f"2021-{month:02}-05", f"2021-{month:02}-{last}", 1)[0]
            book.add("主题党日", date, subject=village, organisation=village, evidence="签到表")
    for start, end, number in (
        ("2020-02-03", "2020-12-18", 15),
        ("2021-01-05", "2021-06-29", 8),
        ("2021-07-01", "2021-09-29", 4),
        ("2021-10-08", "2021-12-24", 7),
    ):
        for date in book.workdays(start, end, number):
            paper = book.random.choice(("衡澜日报", "衡澜党建网", "乡村晚报"))
            book.add("媒体刊稿", date, evidence=paper)
    for date in "2021-02-12 2021-05-01 2021-07-01 2021-08-13 2021-10-02 2021-12-04".split():
        book.add("电影放映", date, organisation=book.village(date))


def training(book: Ledger) -> None:
    """Sessions for everybody, some without somebody; one typing slip, one guest lecturer."""

    def session(date: str, quantity: float, *, absent: str = "", unit: str = "学时") -> Row:
        staff = [name for name in CADRES if name not in absent]
        if date < "2021-04-01":
            staff.remove("尹牧之")
        if date > "2021-06-30":
            staff.remove("白书言")
        names = "、".join(staff)
        return book.add("集中培训", date, quantity=quantity, unit=unit, subject=names)

    session("2021-02-26", 1, unit="天")
    session("2021-04-22", 6)
    book.add("集中培训", "2021-04-22", quantity=6, unit="学时", subject="宋时雨", note="外聘讲师")
    session("2021-05-20", 6, absent="闻予安")
    book.add("集中培训", "2021-06-15", quantity=2, unit="学时", subject="闻予安、贺知远")
    session("2021-07-22", 6, absent="顾怀瑾")
    session("2021-09-16", 6)
    book.correct(session("2021-10-28", 60), "2021-11-02", quantity=6, note="更正：60应为6")
    session("2021-11-25", 4)
    book.add("集中培训", "2021-12-09", quantity=2, unit="学时", subject="顾怀瑾")


def people(book: Ledger) -> None:
    """Section three: reserve, new members, pairing, satisfaction."""
    for date, names in {
        "2021-02-25": "韦清荷、石敬之",
        "2021-03-18": "韦清荷、陶野、岑小满",
        "2021-04-20": "石敬之；骆青禾",
        "2021-05-27": "岑小满、乔远、费晴",
        "2021-06-24": "单若水、邬晓峰",
        "2021-07-28": "陶野、屈明、费晴",
        "2021-08-26": "柴安、苗可、乔远",
        "2021-09-24": "屈明、裴一鸣",
        "2021-10-21": "骆青禾、卞和、龙溪",
        "2021-11-18": "易欣、柴安",
        "2021-12-16": "邹晚晴、卞和、易欣",
    }.items():
        book.add("后备培养", date, subject=names, evidence="培养台账")
    for (
        member
    ) in """丁一鸥/2021-01-22/35岁以下 万重山/2021-03-05/36岁以上 尤可心/2021-04-09/36岁以上
    戈蓝/2021-05-21/35岁以下 毛云起/2021-06-18/36岁以上 牛小川/2021-07-16/35岁以下
    方知夏/2021-08-20/35岁以下 田禾/2021-09-17/36岁以上 艾青山/2021-10-15/35岁以下
    左岸/2021-11-12/35岁以下 甘霖/2021-11-12/35岁以下 史话/2021-12-10/36岁以上""".split():
        name, date, age = member.split("/")
        book.add("发展党员", date, subject=name, 年龄段=age, evidence="支部大会决议")
    for pair in """沈可帆/2021-02-03/2 沈可帆/2021-05-06/2 陆一禾/2021-01-20/3 贺知远/2021-03-04/2
    贺知远/2021-08-12/2 江令仪/2021-02-09/3 江令仪/2021-10-09/1 傅南星/2021-03-17/2
    傅南星/2021-09-08/1 卓青/2021-04-08/2 纪安澜/2021-03-23/4 闻予安/2021-05-18/1
    闻予安/2021-07-20/2 秦以宁/2021-04-14/2 秦以宁/2021-09-02/2 顾怀瑾/2021-03-30/3
    尹牧之/2021-05-27/2 尹牧之/2021-09-14/1 白书言/2021-02-24/3""".split():
        name, date, households = pair.split("/")
        book.add("结对联系", date, quantity=households, unit="户", subject=name)
    for date, score in zip(
        ["2021-06-16"] * 3 + ["2021-06-18"] * 3 + ["2021-09-26"] * 2 + ["2021-12-20"] * 4,
        (94, 92, 95, 91, 93, 93, 90, 92, 94, 93, 92, 92),
        strict=True,
    ):
        book.add("满意度测评", date, quantity=score, unit="分", evidence="测评汇总表")


def villages(book: Ledger) -> None:
    """Section four: what each village takes in so far this year; one reports in yuan."""
    dates = "2021-02-26 2021-04-28 2021-06-28 2021-08-27 2021-09-28 2021-10-28 2021-12-29".split()
    for line in """石梁村 4.2 9.8 15.6 24.0 - 31.5 36.8|柳坞村 3.6 8.2 13.9 19.8 - 25.5 30.2
    望禾村 5.0 10.6 16.3 22.5 26.1 33.0 42.0|竹屿村 1.8 3.9 6.4 8.7 9.8 - -
    鹿鸣村 3.3 7.4 12.0 20.1 - 25.7 29.4|南桥社区 4.6 10.9 17.4 26.2 - 31.0 34.1
    澄东社区 - - - 10.4 - 11.0 11.5""".replace("\n", "|").split("|"):
        village, *readings = line.split()
        for date, reading in zip(dates, readings, strict=True):
            if reading == "-":
                continue
            in_yuan = village == "柳坞村"
            quantity = round(float(reading) * 10_000) if in_yuan else reading
            fields = {"unit": "元" if in_yuan else "万元", "subject": village}
            is_slip = (village, date) == ("鹿鸣村", "2021-08-27")
            row = book.add(
                "集体收入累计",
                date,
                quantity=201 if is_slip else quantity,
                organisation=village,
                **fields,
            )
            if is_slip:
                book.correct(row, "2021-09-06", quantity=reading, note="更正：少点了小数点")
    book.add(
        "集体收入累计",
        "2020-12-30",
        quantity=28,
        unit="万元",
        subject="望禾村",
        organisation="望禾村",
        note="上年累计，备查",
    )


def foundations(book: Ledger) -> None:
    """The rest of section four: weak villages, sales, the centre, households, funds, ratings."""
    for date, number in zip(
        "2021-01-29 2021-04-30 2021-06-25 2021-09-24 2021-12-28".split(),
        (5, 5, 4, 2, 1),
        strict=True,
    ):
        book.add("薄弱村数", date, quantity=number, unit="个")
    sales = (18.5, 22, 24.5, 31, 28, 26, 30, 34, 38, 36, 38, 35.2)
    for month, amount in enumerate(sales, start=1):
        row = book.add("电商销售额", f"2021-{month:02}-28", quantity=amount)
        if month == 5:
            row["quantity"] = 82
            book.correct(row, "2021-06-10", quantity=amount, note="更正：82应为28")
    book.add("党群服务中心投用", "2021-10-22", organisation="南桥社区", evidence="验收单、照片")
    for start, end, number in (
        ("2021-01-11", "2021-06-25", 12),
        ("2021-07-05", "2021-09-24", 5),
        ("2021-10-11", "2021-12-17", 11),
    ):
        for date in book.workdays(start, end, number):
            book.add("党员中心户", date, organisation=book.village(date), evidence="挂牌照片")
    for (
        payment
    ) in """2021-02-05/3.0/万元 2021-04-02/1.2/万元 2021-06-25/20000/元 2021-07-01/36000/元
    2021-08-06/1.6/万元 2021-09-10/2/万元 2021-10-14/25000/元 2021-11-18/1.5/万元
    2021-12-24/3/万元""".split():
        date, quantity, unit = payment.split("/")
        book.add("关爱帮扶资金", date, quantity=quantity, unit=unit, evidence="发放花名册")
    names = [name for name in VILLAGES if name != "竹屿村"]
    for village, score in zip(names, (83, 88, 91, 86.5, 93, 89), strict=True):
        fields = {"quantity": score, "unit": "分", "organisation": village}
        book.add("民主测评", "2021-12-15", **fields)


def conduct(book: Ledger) -> None:
    """Section five: disputes, petitions, fire and flood patrols, holiday duty; and strays."""
    for start, end, number in (
        ("2021-01-04", "2021-06-30", 28),
        ("2021-07-01", "2021-09-30", 14),
        ("2021-10-08", "2021-12-28", 21),
    ):
        for date in book.workdays(start, end, number):
            book.add("矛盾化解", date, organisation=book.village(date), evidence="调解协议书")
    double = book.add("矛盾化解", "2021-11-08", recorded="2021-11-09", organisation="石梁村")
    book.correct(double, "2021-11-10", void="是", note="与前一件重复登记")
    book.add("矛盾化解", "2022-01-06", organisation="鹿鸣村", note="属下一年度")
    for (
        case
    ) in """2021-01-19/18 2021-02-22/12 2021-03-15/24 2021-04-07/9 2021-05-10/21 2021-05-31/15
    2021-06-22/17 2021-07-14/20 2021-08-09/28 2021-08-30/11 2021-09-23/16 2021-10-19/14
    2021-11-16/26 2021-12-13/19""".split():
        date, days = case.split("/")
        book.add("来信来访办结", date, quantity=days, unit="天", evidence="答复意见书")
    for date in """2021-02-04 2021-02-18 2021-02-26 2021-03-03 2021-03-15 2021-03-25 2021-04-07
    2021-04-19 2021-04-28""".split():
        late = {"recorded": "2021-04-06", "note": "漏报补录"} if date == "2021-03-15" else {}
        book.add("火源排查", date, **late)
    for date in """2021-06-03 2021-06-09 2021-06-16 2021-06-23 2021-07-02 2021-07-08 2021-07-14
    2021-07-21 2021-07-28 2021-08-05 2021-08-11 2021-08-19 2021-08-25 2021-08-30""".split():
        book.add("山塘巡查", date, organisation=book.village(date))
    for offset in range(14):
        date = str(dt.date(2021, 9, 25) + dt.timedelta(days=offset))
        if date != "2021-10-04":  # one day nobody reported
            book.add("值班报告", date, quantity=0, unit="起", recorded=date)
    for date in ("2021-03-05", "2021-08-01", "2021-12-05"):
        book.add("志愿服务", date, organisation=book.village(date), note="计划内没有对应指标")


def numbered(rows: list[Row]) -> list[Row]:
    """Sort by the time of recording and give each event an id of its office."""
    rows = sorted(rows, key=lambda row: (row["recorded"], row["hour"], row["key"]))
    ids: dict[int, str] = {}
    counts = dict.fromkeys(OFFICES, 0)
    for row in rows:
        if row["key"] not in ids:
            counts[row["prefix"]] += 1
            ids[row["key"]] = f"{row['prefix']}-{counts[row['prefix']]:03}"
        row["id"] = ids[row["key"]]
        row["recorded_at"] = f"{row['recorded']} {row['hour']}"
    return [{name: row.get(name) or ("0" if row.get(name) == 0 else "") for name in HEADINGS}
            | {"prefix": row["prefix"]} for row in rows]  # fmt: skip


def as_written(text: str, clerk: str, place: int) -> str:
    """A date as this clerk writes it: 周岚 in ISO form, 何川 as it comes."""
    if not text or clerk == "周岚":
        return text
    day = dt.date.fromisoformat(text)
    forms = (text, f"{day.year}/{day.month}/{day.day}", f"{day.year}年{day.month}月{day.day}日")
    return (*forms, f"{day.year}.{day.month}.{day.day}")[place % 4]


def write_csv(path: Path, rows: list[Row], headings: dict[str, str], encoding: str) -> None:
    """Write rows under these headings; `headings` maps a column to what the file calls it."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(headings.values())
        writer.writerows([row[name] for name in headings] for row in rows)


def main() -> None:
    """Write the year's ledger, and the three office files it was put together from."""
    book = Ledger(2021)
    for section in (responsibility, learning, people, villages, foundations, conduct):
        section(book)
    rows = numbered(book.rows)
    english = {name: name for name in HEADINGS}
    by_office = {office: [row for row in rows if row["prefix"] == office] for office in OFFICES}
    write_csv(DATA / "offices" / OFFICES["DJ"], by_office["DJ"], HEADINGS, "gb18030")
    write_csv(DATA / "offices" / OFFICES["ZH"], by_office["ZH"], english, "utf-8")
    with (DATA / "offices" / OFFICES["NY"]).open("w", encoding="utf-8") as file:
        for row in by_office["NY"]:
            entry = {name: row[name] for name in HEADINGS if row[name] != ""}
            entry["quantity"] = float(entry["quantity"])
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")
    for place, row in enumerate(rows):
        for name in ("date", "end"):
            row[name] = as_written(row[name], row["登记人"], place)
    write_csv(DATA / "events.csv", rows, HEADINGS, "utf-8-sig")
    print(f"{len(rows)} rows, {book.events} events")


if __name__ == "__main__":
    main()
