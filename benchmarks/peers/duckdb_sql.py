"""DuckDB: one aggregation over the events joined with a small table of kinds and windows."""

from __future__ import annotations

from typing import Any

import duckdb
import pandas as pd

from benchmarks.peers.case import Case

_WINDOWED = """
  SELECT w.target, w.slot, e.organisation, {columns}
  FROM events e JOIN windows w
    ON e.kind = w.kind AND e.date BETWEEN w.start AND w.finish
  WHERE w.measure {measures} AND e.date <= $as_of
"""
_REDUCED = f"""
  SELECT target, slot, organisation,
    CASE measure WHEN 'count' THEN n WHEN 'total' THEN total WHEN 'max' THEN largest
    END::DOUBLE AS actual
  FROM (SELECT target, slot, organisation, any_value(measure) AS measure,
          count(*) AS n, sum(quantity) AS total, max(quantity) AS largest
        FROM ({
    _WINDOWED.format(columns="w.measure, e.quantity", measures="IN ('count', 'total', 'max')")
})
        GROUP BY target, slot, organisation)
  UNION ALL
  SELECT target, slot, organisation, count(DISTINCT subject)::DOUBLE
  FROM ({_WINDOWED.format(columns="e.subject", measures="= 'distinct'")})
  GROUP BY target, slot, organisation
  UNION ALL
  SELECT target, slot, organisation, arg_max(quantity, (date, recorded_at, id))::DOUBLE
  FROM ({
    _WINDOWED.format(columns="e.quantity, e.date, e.recorded_at, e.id", measures="= 'latest'")
})
  GROUP BY target, slot, organisation
"""
_JUDGED = f"""
  WITH reduced AS ({_REDUCED}),
  cells AS (
    SELECT w.*, o.place, CASE WHEN $as_of < w.start THEN NULL
      WHEN w.is_additive THEN coalesce(r.actual, 0) ELSE r.actual END AS actual
    FROM windows w CROSS JOIN organisations o
    LEFT JOIN reduced r ON r.target = w.target AND r.slot = w.slot AND r.organisation = o.name),
  paced AS (
    SELECT *, greatest(0, least(1, (date_diff('day', start, $as_of) + 1)
        / (date_diff('day', start, finish) + 1)) - 0.05) * required AS raw,
      actual >= required - 1e-9 * greatest(1, required) AS reached
    FROM cells)
  SELECT actual,
    CASE WHEN $as_of < start THEN 'upcoming' WHEN actual IS NULL THEN 'no_data'
      WHEN reached THEN 'met' WHEN $as_of >= finish THEN 'missed'
      WHEN NOT is_additive THEN 'in_progress'
      WHEN actual < (CASE WHEN is_integer THEN floor(raw + 1e-9) ELSE raw END)
        - 1e-9 * greatest(1, raw) THEN 'behind'
      ELSE 'on_track' END AS status,
    actual / required AS completion,
    CASE WHEN actual IS NULL THEN NULL WHEN reached THEN 0
      ELSE greatest(0, required - actual) END AS shortfall
  FROM paced ORDER BY target, place, slot
"""


def _tables(case: Case) -> dict[str, pd.DataFrame]:
    rows: list[dict[str, Any]] = []
    for spec in case.specs:
        for slot, (start, end) in enumerate(spec.windows):
            rows.append(
                {
                    "target": spec.number, "slot": slot, "kind": spec.kind,
                    "measure": spec.measure, "required": spec.required,
                    "start": pd.Timestamp(start), "finish": pd.Timestamp(end),
                    "is_additive": spec.is_additive, "is_integer": spec.is_integer,
                }
            )  # fmt: skip
    names = list(case.organisations)
    return {
        "windows": pd.DataFrame(rows),
        "organisations": pd.DataFrame({"name": names, "place": range(len(names))}),
    }


def _asked(case: Case, query: str) -> pd.DataFrame:
    """Run a query; `events` is a pandas frame, an Arrow table or a pattern of Parquet files."""
    connection = duckdb.connect()
    for name, table in _tables(case).items():
        connection.register(name, table)
    if isinstance(case.events, str):
        connection.execute(f"CREATE VIEW events AS SELECT * FROM '{case.events}'")
    else:
        connection.register("events", case.events)
    return connection.execute(query, {"as_of": pd.Timestamp(case.as_of)}).df()


def reduced(case: Case) -> pd.DataFrame:
    """Return the actuals of the cells that have events."""
    return _asked(case, _REDUCED)


def judged(case: Case) -> pd.DataFrame:
    """Return the verdict of every target, organisation and window."""
    return _asked(case, _JUDGED)
