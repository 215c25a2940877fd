"""Random small plans and messy events, from a seed, for comparing two evaluators."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from typing import Any

from .windows import windows_of

Row = dict[str, Any]

KINDS = ("会议", "调研", "走访", "读数", "投入")
STRANGE_KINDS = ("杂项", "会 议")
CADRES = ("甲", "乙", "丙", "丁")
ORGANISATIONS = ("一支部", "二支部", "三支部")
CADENCES = ("week", "ten_days", "month", "quarter", "half_year", "year")
RULES = (
    "FREQ=MONTHLY;BYMONTHDAY=15",
    "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=1",
    "FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=1",
    "FREQ=MONTHLY;BYDAY=1MO",
    "FREQ=WEEKLY;INTERVAL=6;BYDAY=TU",
    "FREQ=MONTHLY;BYMONTHDAY=10;COUNT=3",
)
INTEGER = ("count", "distinct", "days")
READINGS = ("latest", "mean", "max", "min")
GOALS = ("at_least", "more_than", "at_most", "less_than", "exactly", "about", "between")


def day_between(rng: random.Random, first: date, last: date) -> date:
    return first + timedelta(days=rng.randint(0, max(0, (last - first).days)))


def chance(rng: random.Random, probability: float) -> bool:
    return rng.random() < probability


# -- plan --------------------------------------------------------------------------------


def random_plan(rng: random.Random) -> Row:
    """Return a valid plan, as TOML would parse it."""
    start, end = rng.choice(
        [
            (date(2021, 1, 1), date(2021, 12, 31)),
            (date(2021, 1, 1), date(2021, 12, 31)),
            (date(2020, 1, 1), date(2020, 12, 31)),
            (date(2021, 4, 1), date(2022, 3, 31)),
            (date(2021, 2, 10), date(2021, 8, 20)),
        ]
    )
    plan: Row = {"id": "p", "title": "承诺", "start": start, "end": end}
    kinds = rng.sample(KINDS, rng.choice((1, 2, 2, 3, 5)))
    if chance(rng, 0.3):
        plan["slack"] = rng.choice([0, 0.1, 0.02, 0.25])
    if chance(rng, 0.3):
        plan["warn_days"] = rng.choice([0, 7, 30])
    rosters: Row = {"cadres": random_roster(rng, start, end)}
    if chance(rng, 0.6):
        rosters["organisations"] = [
            name if chance(rng, 0.7) else {"id": name, "name": name + "委员会"}
            for name in ORGANISATIONS[: rng.randint(1, 3)]
        ]
        if len(rosters["organisations"]) == 3 and chance(rng, 0.5):
            rosters["organisations"][2] = {"id": "三支部", "parent": "一支部"}
    commitments: list[Row] = []
    left = rng.randint(1, 6)
    while left or not commitments:
        share = rng.randint(0, min(left, 3))
        commitments.append(random_commitment(rng, plan, kinds, f"c{len(commitments) + 1}", share))
        left -= share
    return {"plan": plan, "rosters": rosters, "commitment": commitments}


def random_roster(rng: random.Random, start: date, end: date) -> list[Any]:
    roster: list[Any] = []
    for name in CADRES[: rng.randint(1, 4)]:
        member: Row = {"id": name}
        if chance(rng, 0.25):
            member["from"] = day_between(rng, start - timedelta(days=20), end)
        if chance(rng, 0.2):
            member["to"] = day_between(rng, member.get("from", start), end + timedelta(days=20))
        if chance(rng, 0.2):
            member["organisation"] = rng.choice(ORGANISATIONS)
        if chance(rng, 0.1):
            member["name"] = name + "同志"
        roster.append(name if len(member) == 1 else member)
    return roster


def random_commitment(
    rng: random.Random, plan: Row, kinds: list[str], name: str, targets: int
) -> Row:
    commitment: Row = {"id": name, "section": "（一）", "text": f"承诺{name}"}
    if chance(rng, 0.5):
        commitment["owner"] = "党建办"
    if chance(rng, 0.2):
        commitment["weight"] = rng.choice([0.5, 2, 3])
    if targets:
        commitment["target"] = [
            random_target(rng, plan, kinds, f"{name}t{i + 1}") for i in range(targets)
        ]
    return commitment


def random_target(rng: random.Random, plan: Row, kinds: list[str], name: str) -> Row:
    measure = rng.choice(
        (
            *("count", "count", "count", "total", "total", "total", "distinct", "days", "days"),
            *READINGS,
            *("ratio", "ratio", "growth", "growth", "milestone", "milestone"),
        )
    )
    target: Row = {"id": name, "name": f"指标{name}", "measure": measure}
    if chance(rng, 0.2):
        target["weight"] = rng.choice([0.5, 2, 3])
    add_selection(rng, target, kinds)
    add_span(rng, target, plan)
    if measure == "milestone":
        if chance(rng, 0.25):
            target["each"] = "cadres"
            add_share(rng, target)
        if chance(rng, 0.15):
            target["revisions"] = [random_waiver(rng, plan)]
        return target
    add_cadence(rng, target)
    if chance(rng, 0.3) and measure != "distinct":
        target["each"] = "cadres"
        add_share(rng, target)
    add_partial(rng, target)
    if chance(rng, 0.94):
        add_goal(rng, target)
    elif chance(rng, 0.4):
        target[rng.choice(("at_least", "at_most"))] = "X"
    add_baseline(rng, target)
    add_total_keys(rng, target)
    add_judging_keys(rng, target, plan)
    return target


def add_selection(rng: random.Random, target: Row, kinds: list[str]) -> None:
    measure = target["measure"]
    if measure == "ratio":
        for side in ("numerator", "denominator"):
            target[side] = {"measure": rng.choice(("count", "total", "total", "days"))}
            target[side]["kind"] = rng.choice(kinds)
            if side == "numerator" and chance(rng, 0.4):
                target[side]["where"] = {"层级": rng.choice(("市", "县"))}
        return
    target["kind"] = (
        rng.choice(kinds) if chance(rng, 0.8) else rng.sample(kinds, rng.randint(1, len(kinds)))
    )
    if chance(rng, 0.12):
        target["where"] = {"层级": rng.choice(("市", "县"))}
    if measure == "growth":
        target["of"] = rng.choice(("total", "total", "count", "latest", "mean", "max", "days"))
        target["baseline"] = rng.choice(("previous", "previous", 10, 2.5, 0, -4))
    elif measure == "total" and target["kind"] == "投入":
        target["unit"] = "万元"
    elif measure in INTEGER:
        target["unit"] = "次"


def add_span(rng: random.Random, target: Row, plan: Row) -> None:
    start, end = plan["start"], plan["end"]
    if chance(rng, 0.15):
        target["start"] = day_between(rng, start, end - timedelta(days=90))
    first = target.get("start", start)
    if target["measure"] == "milestone":
        if chance(rng, 0.9):
            target["deadline"] = day_between(rng, first + timedelta(days=20), end)
    elif chance(rng, 0.2):
        key = rng.choice(("end", "deadline"))
        target[key] = day_between(rng, first + timedelta(days=40), end)


def add_cadence(rng: random.Random, target: Row) -> None:
    roll = rng.random()
    if roll < 0.45:
        return
    if roll < 0.53:
        target["per"] = {"rrule": rng.choice(RULES)}
        return
    if roll < 0.58 and "start" in target:  # a few days, cut day by day
        target["per"] = "day"
        target.pop("deadline", None)
        target["end"] = target["start"] + timedelta(days=rng.randint(1, 6))
        return
    coarse = CADENCES[2:] if target["measure"] not in (*INTEGER, "total") else CADENCES[1:]
    target["per"] = rng.choice((*coarse, "quarter", "quarter", "half_year", "month"))
    if "start" in target and "end" in target and chance(rng, 0.3):
        target["per"] = "week"


def add_share(rng: random.Random, target: Row) -> None:
    if chance(rng, 0.4):
        target["share"] = rng.choice((0.5, 0.75, 0.9, 0.6))


def add_partial(rng: random.Random, target: Row) -> None:
    if ("per" in target or "each" in target) and chance(rng, 0.5):
        ways = ["full", "skip"]
        if target["measure"] in (*INTEGER, "total"):
            ways += ["prorate", "prorate"]
        target["partial"] = rng.choice(ways)


def random_value(rng: random.Random, target: Row, word: str) -> Any:
    """Return a goal value that events have a chance to land on, or beside."""
    measure = target["measure"]
    small = "per" in target
    if measure in INTEGER:
        if word == "between":
            low = rng.randint(0, 3)
            return [low, low + rng.randint(0, 3)]
        if word in ("at_most", "exactly", "about"):
            return rng.randint(0 if word != "about" else 1, 3 if small else 6)
        if word == "less_than":
            return rng.choice((1, 2, 2.5, 4))
        if word == "more_than":
            return rng.choice((0, 1, 1.5, 2, 3))
        return rng.choice((1, 1, 2, 3)) if small else rng.randint(1, 8)
    if measure == "total":
        amount: float = rng.choice((1, 2, 2.5, 3, 5, 7.5, 10, 12, 20, 0.3))
        if word in ("at_most", "less_than"):
            amount = rng.choice((amount, amount, amount, 0 if word == "at_most" else amount))
    elif measure == "ratio":
        amount = rng.choice((0.25, 0.5, 0.6, 0.95, 1, 1.5, 1 / 3))
    elif measure == "growth":
        amount = rng.choice((0, 0.03, 0.1, 0.5, 1, -0.03, -0.5))
    else:
        amount = rng.choice((-3, -1.5, 0, 0.5, 1, 2, 3, 5, 10))
    if chance(rng, 0.1):
        amount = amount * (1 + rng.choice((1e-10, -1e-10, 1e-7, -1e-7)))
    if word == "between":
        return [amount, amount + rng.choice((0, 0.5, 2, 5))]
    return amount


def add_goal(rng: random.Random, target: Row) -> None:
    word = rng.choice(GOALS + ("at_least",) * 6 + ("at_most",) * 3)
    target[word] = random_value(rng, target, word)
    if word == "about":
        target["tolerance"] = 1 if target["measure"] in INTEGER else rng.choice((0.1, 0.5, 1))


def goal_word(target: Row) -> str | None:
    return next((word for word in GOALS if target.get(word, "X") != "X"), None)


def add_baseline(rng: random.Random, target: Row) -> None:
    if goal_word(target) and target["measure"] in (*READINGS, "ratio") and chance(rng, 0.5):
        if target["measure"] == "ratio":
            target["baseline"] = rng.choice((0, 0.2, 0.5, 1))
        else:
            target["baseline"] = rng.choice((0, -2, 1, 2, 3, 8))


def add_total_keys(rng: random.Random, target: Row) -> None:
    measure = target["measure"]
    if measure == "total" and chance(rng, 0.3):
        target["entries"] = "running"
    if measure in (*INTEGER, "total") and chance(rng, 0.2):
        target["nil_return"] = True
    additive = measure in (*INTEGER, "total")
    if additive and goal_word(target) == "at_least" and chance(rng, 0.6):
        target["makeup"] = True


def add_judging_keys(rng: random.Random, target: Row, plan: Row) -> None:
    windows = windows_of(plan, target)
    if len(windows) > 1 and chance(rng, 0.25) and goal_word(target):
        target["require"] = rng.randint(1, len(windows))
    paced = target["measure"] in (*INTEGER, "total") or (
        isinstance(target.get("baseline"), int | float) and target["measure"] != "growth"
    )
    single = not {"per", "each"} & set(target) and len(windows) == 1 and windows[0].days > 60
    if paced and goal_word(target) and single and chance(rng, 0.3):
        target["schedule"] = random_schedule(rng, windows[0].start, windows[0].end)
    if goal_word(target) and chance(rng, 0.25):
        target["revisions"] = random_revisions(rng, target, plan)


def random_schedule(rng: random.Random, start: date, end: date) -> list[Row]:
    days = sorted(rng.sample(range(5, (end - start).days - 5), rng.choice((1, 1, 2))))
    shares = sorted(rng.sample((0.1, 0.25, 0.3, 0.5, 0.6, 0.8, 0.9), len(days)))
    return [
        {"by": start + timedelta(days=day), "share": share}
        for day, share in zip(days, shares, strict=True)
    ]


def random_waiver(rng: random.Random, plan: Row) -> Row:
    return {
        "from": day_between(rng, plan["start"], plan["end"]),
        "waived": True,
        "reason": "上级调整",
    }


def random_revisions(rng: random.Random, target: Row, plan: Row) -> list[Row]:
    days: set[date] = set()
    while len(days) < rng.randint(1, 2):
        days.add(day_between(rng, plan["start"], plan["end"]))
    revisions = []
    for day in sorted(days):
        if chance(rng, 0.3):
            revisions.append({"from": day, "waived": True, "reason": "上级调整"})
            continue
        word = goal_word(target)
        assert word is not None
        if not target.get("makeup") and word != "about" and chance(rng, 0.3):
            word = rng.choice(("at_least", "at_most", "more_than", "between"))
        revisions.append({"from": day, word: random_value(rng, target, word), "reason": "调整"})
    return revisions


# -- events ------------------------------------------------------------------------------


def targets_of(plan: Row) -> list[Row]:
    return [t for commitment in plan["commitment"] for t in commitment.get("target", [])]


def kinds_of(target: Row) -> list[str]:
    parts = [target.get(key, {}) for key in ("numerator", "denominator")] + [target]
    kinds: list[str] = []
    for part in parts:
        kind = part.get("kind", [])
        kinds += [kind] if isinstance(kind, str) else kind
    return kinds


def edges_of(plan: Row) -> list[date]:
    """Return the days on which something begins or ends."""
    days = {plan["plan"]["start"], plan["plan"]["end"]}
    for target in targets_of(plan):
        for window in windows_of(plan["plan"], target):
            days |= {window.start, window.end}
        days |= {revision["from"] for revision in target.get("revisions", [])}
        days |= {point["by"] for point in target.get("schedule", [])}
    for member in plan["rosters"]["cadres"]:
        if isinstance(member, dict):
            days |= {member[key] for key in ("from", "to") if key in member}
    return sorted(days)


def random_events(rng: random.Random, plan: Row) -> list[Row]:
    """Return event rows for a plan: histories, voids, strays, ties, gaps."""
    used = sorted({kind for target in targets_of(plan) for kind in kinds_of(target)})
    running = {
        kind for t in targets_of(plan) if t.get("entries") == "running" for kind in kinds_of(t)
    }
    edges = edges_of(plan)
    counted = {k for t in targets_of(plan) if t.get("unit") != "万元" for k in kinds_of(t)}
    rows: list[Row] = []
    for number in range(rng.choice((0, 4, 10, 20, 30, 45, 60))):
        kind = rng.choice(used) if used and chance(rng, 0.93) else rng.choice(STRANGE_KINDS)
        row = random_event(rng, plan, edges, f"e{number}", kind)
        if kind in running and "、" in row.get("subject", ""):
            row["subject"] = row["subject"].split("、")[0]
        if kind == "投入" and "投入" not in counted and chance(rng, 0.5):
            row["unit"] = rng.choice(("万元", "元"))
            if row["unit"] == "元":
                row["quantity"] = rng.choice((5000, 20000, 35000.5))
        rows.append(row)
        while chance(rng, 0.12):
            rows.append(later_version(rng, row))
    if chance(rng, 0.5):
        rng.shuffle(rows)
    return rows


def random_event(rng: random.Random, plan: Row, edges: list[date], name: str, kind: str) -> Row:
    start, end = plan["plan"]["start"], plan["plan"]["end"]
    roll = rng.random()
    if roll < 0.3:
        day = rng.choice(edges) + timedelta(days=rng.choice((-1, 0, 0, 1)))
    elif roll < 0.4:
        day = day_between(rng, start - timedelta(days=100), end + timedelta(days=40))
    else:
        day = day_between(rng, start, end)
    row: Row = {"id": name, "kind": kind, "date": day}
    if chance(rng, 0.2):
        row["end"] = day + timedelta(days=rng.choice((0, 1, 2, 5, 20)))
    if chance(rng, 0.6):
        row["quantity"] = rng.choice((0, 1, 1, 2, 3, 5, 0.5, 2.5, 0.1, 0.2))
        if kind == "读数" and chance(rng, 0.3):
            row["quantity"] = rng.choice((-1, -3, -4.5))
    if chance(rng, 0.65):
        who = rng.sample(("甲", "乙", "丙", "丁", "戊"), rng.choice((1, 1, 1, 2, 3)))
        row["subject"] = rng.choice(("、", "；", ";", "； ")).join(who)
        if kind and "、" not in row["subject"] and len(who) > 1 and chance(rng, 0.5):
            row["subject"] = "、".join(who)
    if chance(rng, 0.7):
        row["organisation"] = rng.choice((*ORGANISATIONS, *ORGANISATIONS, "四支部"))
    if chance(rng, 0.5):
        row["层级"] = rng.choice(("市", "县"))
    if chance(rng, 0.4):
        row["recorded_at"] = recorded(rng, day)
    return row


def recorded(rng: random.Random, day: date) -> Any:
    when = day + timedelta(days=rng.choice((0, 0, 1, 3, 10, 60)))
    if chance(rng, 0.5):
        return when
    return datetime(when.year, when.month, when.day, rng.randint(0, 23), rng.choice((0, 30)))


def later_version(rng: random.Random, row: Row) -> Row:
    """Return a correction, a repetition or a withdrawal of a row."""
    version = dict(row)
    version["recorded_at"] = recorded(rng, row["date"])
    roll = rng.random()
    if roll < 0.4:
        version["void"] = True
    elif roll < 0.7:
        version["quantity"] = rng.choice((0, 1, 4, 1.5))
    elif roll < 0.9:
        version["date"] = row["date"] + timedelta(days=rng.choice((-3, 1, 15)))
        version.pop("end", None)
    return version


# -- a whole case ------------------------------------------------------------------------


def random_case(
    seed: int,
) -> tuple[Row, list[Row], date, date | None, str | None, list[str] | None]:
    """Return (plan, events, as_of, known_at, by, organisations) for a seed."""
    rng = random.Random(seed)
    plan = random_plan(rng)
    events = random_events(rng, plan)
    start, end = plan["plan"]["start"], plan["plan"]["end"]
    as_of = rng.choice(
        (
            *(day_between(rng, start, end) for _ in range(4)),
            *(rng.choice(edges_of(plan)[2:] or [end]) for _ in range(2)),
            rng.choice(edges_of(plan)) - timedelta(days=1),
            end - timedelta(days=1),
            end,
            end + timedelta(days=rng.randint(1, 60)),
            start - timedelta(days=1),
        )
    )
    known_at = day_between(rng, start, end) if chance(rng, 0.25) else None
    by, organisations = None, None
    if chance(rng, 0.35):
        by = "organisation"
        if "organisations" not in plan["rosters"] or chance(rng, 0.3):
            organisations = rng.sample((*ORGANISATIONS, "五支部"), rng.randint(1, 3))
    return plan, events, as_of, known_at, by, organisations
