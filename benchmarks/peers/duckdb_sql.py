"""DuckDB: one aggregation over the events joined with a small table of kinds and windows."""

from __future__ import annotations

import duckdb
import pandas as pd

from benchmarks.peers.case import STANDINGS, TARGETS, Case

_WINDOWED = """
  SELECT w.target, w.slot, e.organisation, {columns}
  FROM events e JOIN windows w
    ON e.kind = w.kind AND e.date BETWEEN w.start AND w.finish
  WHERE w.measure {measures} AND e.date <= $as_of
"""
_REDUCED = f"""
  SELECT target, slot, organisation,
    CASE measure WHEN 'count' THEN events WHEN 'total' THEN total WHEN 'max' THEN largest
    END::DOUBLE AS actual, events, last_event
  FROM (SELECT target, slot, organisation, any_value(measure) AS measure,
          count(*) AS events, max(date) AS last_event,
          sum(quantity) AS total, max(quantity) AS largest
        FROM ({
    _WINDOWED.format(
        columns="w.measure, e.date, e.quantity", measures="IN ('count', 'total', 'max')"
    )
})
        GROUP BY target, slot, organisation)
  UNION ALL
  SELECT target, slot, organisation, count(DISTINCT subject)::DOUBLE, count(*), max(date)
  FROM ({_WINDOWED.format(columns="e.date, e.subject", measures="= 'distinct'")})
  GROUP BY target, slot, organisation
  UNION ALL
  SELECT target, slot, organisation, arg_max(quantity, (date, recorded_at, id))::DOUBLE,
    count(*), max(date)
  FROM ({
    _WINDOWED.format(columns="e.quantity, e.date, e.recorded_at, e.id", measures="= 'latest'")
})
  GROUP BY target, slot, organisation
"""
_STANDINGS = f"""
  CREATE TEMP TABLE standings AS
  WITH reduced AS ({_REDUCED}),
  cells AS (
    SELECT w.*, o.place, CASE WHEN NOT w.is_due THEN NULL
        WHEN w.is_additive THEN coalesce(r.actual, 0) ELSE r.actual END AS actual,
      CASE WHEN w.is_due THEN coalesce(r.events, 0) ELSE 0 END AS events, r.last_event
    FROM windows w CROSS JOIN organisations o
    LEFT JOIN reduced r ON r.target = w.target AND r.slot = w.slot AND r.organisation = o.name),
  compared AS (
    SELECT *, actual >= required - 1e-9 * greatest(1, required) AS is_reached,
      is_due AND NOT is_closed AS is_open
    FROM cells),
  judged AS (
    SELECT *, CASE WHEN NOT is_due THEN 'upcoming' WHEN actual IS NULL THEN 'no_data'
        WHEN is_reached THEN 'met' WHEN is_closed THEN 'missed'
        WHEN NOT is_additive THEN 'in_progress'
        WHEN actual < least - 1e-9 * greatest(1, least) THEN 'behind'
        ELSE 'on_track' END AS status,
      CASE WHEN is_reached THEN 0 ELSE greatest(0, required - actual) END AS shortfall
    FROM compared)
  SELECT * REPLACE (CASE WHEN actual IS NULL THEN NULL ELSE shortfall END AS shortfall),
    actual / required AS completion,
    CASE WHEN is_open AND shortfall > 0 AND days_left <= $warn_days THEN 'yellow'
      WHEN status IN ('met', 'on_track') THEN 'green' WHEN status = 'upcoming' THEN 'grey'
      WHEN status = 'missed' OR (status = 'no_data' AND is_closed) THEN 'red'
      ELSE 'yellow' END AS light,
    CASE WHEN actual IS NULL THEN NULL ELSE greatest(0, actual - required) END AS surplus,
    coalesce(is_open AND shortfall > 0, false) AS recoverable
  FROM judged
"""
_SO_FAR = """
  SELECT w.target, o.place, count(DISTINCT e.subject) AS subjects
  FROM events e JOIN (SELECT target, kind, min(start) AS start, max(finish) AS finish
      FROM windows WHERE measure = 'distinct' GROUP BY target, kind) w
    ON e.kind = w.kind AND e.date BETWEEN w.start AND w.finish AND e.date <= $as_of
  JOIN organisations o ON o.name = e.organisation
  GROUP BY w.target, o.place
"""
_TARGETS = f"""
  WITH so_far AS ({_SO_FAR}),
  counted AS (
    SELECT target, place, any_value(measure) AS measure, any_value(required) AS one,
      bool_or(is_additive) AS is_additive, bool_or(is_closed) AS some_closed,
      count(*) AS windows, count(*) FILTER (is_due) AS windows_due,
      count(*) FILTER (status = 'met') AS windows_met,
      count(*) FILTER (is_closed AND status <> 'met') AS windows_missed,
      count(*) FILTER (status = 'missed') AS missed,
      count(*) FILTER (status = 'behind') AS behind,
      count(*) FILTER (status = 'in_progress') AS in_progress,
      count(*) FILTER (status = 'no_data' AND NOT is_closed) AS open_no_data,
      count(*) FILTER (status = 'on_track' AND light = 'yellow') AS warned,
      sum(actual) AS actuals,
      sum(least(1, greatest(0, coalesce(completion, 0)))) / count(*) AS completion,
      sum(shortfall) AS shortfall, sum(shortfall) FILTER (is_closed) AS overdue,
      max(slot) FILTER (is_due) AS last_slot
    FROM standings GROUP BY target, place),
  verdicts AS (
    SELECT c.*, coalesce(s.subjects, 0) AS subjects, l.actual AS last_actual,
      CASE WHEN windows_met = windows THEN 'met'
        WHEN windows_missed > 0 AND missed > 0 THEN 'missed' WHEN windows_missed > 0 THEN 'no_data'
        WHEN behind > 0 THEN 'behind' WHEN c.in_progress > 0 THEN 'in_progress'
        WHEN open_no_data > 0 THEN 'no_data' ELSE 'on_track' END AS status
    FROM counted c LEFT JOIN so_far s ON s.target = c.target AND s.place = c.place
    LEFT JOIN standings l ON l.target = c.target AND l.place = c.place AND l.slot = c.last_slot)
  SELECT CASE WHEN is_additive THEN one * windows ELSE one END AS required,
    CASE measure WHEN 'distinct' THEN subjects WHEN 'count' THEN actuals WHEN 'total' THEN actuals
      ELSE last_actual END::DOUBLE AS actual,
    completion, status,
    CASE WHEN status = 'met' THEN 'green' WHEN status = 'missed' THEN 'red'
      WHEN status = 'no_data' AND windows_missed > 0 THEN 'red'
      WHEN status = 'on_track' AND warned = 0 THEN 'green' ELSE 'yellow' END AS light,
    shortfall, CASE WHEN some_closed THEN overdue ELSE 0 END AS overdue,
    windows, windows_due, windows_met, windows_missed
  FROM verdicts ORDER BY target, place
"""


def _connected(case: Case) -> duckdb.DuckDBPyConnection:
    """Open a database; `events` is a pandas frame, an Arrow table or a pattern of Parquet files."""
    connection = duckdb.connect()
    names = list(case.organisations)
    connection.register("windows", case.windows())
    connection.register("organisations", pd.DataFrame({"name": names, "place": range(len(names))}))
    if isinstance(case.events, str):
        connection.execute(f"CREATE VIEW events AS SELECT * FROM '{case.events}'")
    else:
        connection.register("events", case.events)
    return connection


def reduced(case: Case) -> pd.DataFrame:
    """Return actual, events and last_event of the cells that have events."""
    return _connected(case).execute(_REDUCED, {"as_of": pd.Timestamp(case.as_of)}).df()


def judged(case: Case) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the verdicts of every standing, and of every target."""
    connection = _connected(case)
    as_of = {"as_of": pd.Timestamp(case.as_of)}
    connection.execute(_STANDINGS, as_of | {"warn_days": case.plan.warn_days})
    names = ", ".join(STANDINGS)
    standings = connection.execute(f"SELECT {names} FROM standings ORDER BY target, place, slot")
    return standings.df(), connection.execute(_TARGETS, as_of).df()[list(TARGETS)]
