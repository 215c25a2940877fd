"""From the figures of one target to its verdicts, in plain pandas and numpy."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.peers.case import Case

_LIGHTS = {
    "met": "green", "on_track": "green", "behind": "yellow", "in_progress": "yellow",
    "missed": "red", "upcoming": "grey",
}  # fmt: skip


def judged_target(
    case: Case, windows: pd.DataFrame, found: pd.DataFrame, so_far: pd.Series[int] | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return standings and targets of one target.

    `found` has the cells with events, by organisation and window; `so_far` the
    different subjects of each organisation over the span.
    """
    index = pd.MultiIndex.from_product([case.organisations, range(len(windows))])
    standings = _standings(case, windows, found.reindex(index).reset_index(drop=True))
    return standings, _targets(case, windows, standings, so_far)


def _standings(case: Case, windows: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    each = {
        name: np.tile(windows[name].to_numpy(), len(case.organisations))
        for name in ("is_due", "is_closed", "expected", "least", "days_left")
    }
    is_due, is_closed = each["is_due"], each["is_closed"]
    required, is_additive = windows["required"].iloc[0], windows["is_additive"].iloc[0]
    actual = cells["actual"].to_numpy(dtype=float)
    actual = np.where(is_due, np.nan_to_num(actual) if is_additive else actual, np.nan)
    is_reached = actual >= required - 1e-9 * max(1.0, required)
    least = each["least"]
    is_slow = actual < least - 1e-9 * np.maximum(1, least)
    open_status = np.where(is_slow, "behind", "on_track") if is_additive else "in_progress"
    is_known = ~np.isnan(actual)
    status = np.select(
        [~is_due, ~is_known, is_reached, is_closed],
        ["upcoming", "no_data", "met", "missed"],
        open_status,
    )
    shortfall = np.where(is_reached, 0.0, np.maximum(0, required - actual))
    is_open = is_due & ~is_closed
    is_last_call = is_open & (shortfall > 0) & (each["days_left"] <= case.plan.warn_days)
    light = pd.Series(status).map(_LIGHTS).to_numpy()
    light = np.where(status == "no_data", np.where(is_closed, "red", "yellow"), light)
    frame = pd.DataFrame(
        {
            "required": required,
            "actual": actual,
            "completion": actual / required,
            "expected": each["expected"],
            "status": status,
            "light": np.where(is_last_call, "yellow", light),
            "shortfall": shortfall,
            "surplus": np.maximum(0, actual - required),
            "recoverable": is_open & (shortfall > 0),
            "days_left": each["days_left"],
            "events": np.where(is_due, cells["events"].fillna(0), 0).astype(int),
            "last_event": cells["last_event"].where(is_due),
        }
    )
    return frame.astype({"status": "category", "light": "category"})


def _targets(
    case: Case, windows: pd.DataFrame, standings: pd.DataFrame, so_far: pd.Series[int] | None
) -> pd.DataFrame:
    number = len(windows)
    place = np.repeat(np.arange(len(case.organisations)), number)
    is_due, is_closed = windows["is_due"].to_numpy(), windows["is_closed"].to_numpy()
    measure, status = windows["measure"].iloc[0], standings["status"]
    is_over = np.tile(is_closed, len(case.organisations))
    marks = pd.DataFrame(
        {
            "met": status == "met",
            "lost": is_over & (status != "met"),
            "missed": status == "missed",
            "behind": status == "behind",
            "in_progress": status == "in_progress",
            "open_no_data": (status == "no_data") & ~is_over,
            "warned": (status == "on_track") & (standings["light"] == "yellow"),
        }
    )
    counts = marks.groupby(place).sum()
    sums = (
        standings[["shortfall"]]
        .assign(
            overdue=standings["shortfall"].where(is_over),
            actual=standings["actual"],
            completion=standings["completion"].clip(0, 1).fillna(0),
        )
        .groupby(place)
        .sum(min_count=1)
    )
    actual = sums["actual"].to_numpy()
    if so_far is not None:
        actual = so_far.reindex(list(case.organisations)).fillna(0).to_numpy()
    elif measure not in ("count", "total"):
        last = int(is_due.sum()) - 1
        actual = standings["actual"].to_numpy()[last::number]
    required = windows["required"].iloc[0]
    is_lost = counts["lost"] > 0
    verdict = np.select(
        [
            counts["met"] == number, is_lost & (counts["missed"] > 0), is_lost,
            counts["behind"] > 0, counts["in_progress"] > 0, counts["open_no_data"] > 0,
        ],
        ["met", "missed", "no_data", "behind", "in_progress", "no_data"],
        "on_track",
    )  # fmt: skip
    light = pd.Series(verdict).map(_LIGHTS).to_numpy()
    light = np.where(verdict == "no_data", np.where(is_lost, "red", "yellow"), light)
    light = np.where((verdict == "on_track") & (counts["warned"] > 0), "yellow", light)
    return pd.DataFrame(
        {
            "required": required * number if windows["is_additive"].iloc[0] else required,
            "actual": actual,
            "completion": sums["completion"].to_numpy() / number,
            "status": pd.Categorical(verdict),
            "light": pd.Categorical(light),
            "shortfall": sums["shortfall"].to_numpy(),
            "overdue": sums["overdue"].to_numpy() if is_closed.any() else 0.0,
            "windows": number,
            "windows_due": int(is_due.sum()),
            "windows_met": counts["met"].to_numpy(),
            "windows_missed": counts["lost"].to_numpy(),
        }
    )
