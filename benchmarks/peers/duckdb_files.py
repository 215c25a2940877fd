"""DuckDB over files: drawn together by kind, organisation and quarter before any join.

Only for plans whose windows are quarters or the whole year, judged as of the end
of a quarter, as those of the benchmarks are.
"""

from __future__ import annotations

from typing import Any

import duckdb
import pandas as pd

from benchmarks.peers.case import Case

_DRAWN = """
  SELECT kind, organisation, quarter(date) AS q, count(*) AS n, max(date) AS last,
    sum(quantity) AS total, max(quantity) AS largest
  FROM events
  WHERE date BETWEEN $start AND $as_of
    AND kind IN (SELECT kind FROM windows WHERE measure IN ('count', 'total', 'max'))
  GROUP BY ALL
"""
_PLAIN = f"""
  WITH drawn AS ({_DRAWN})
  SELECT w.target, w.slot, d.organisation,
    CASE any_value(w.measure) WHEN 'count' THEN sum(d.n) WHEN 'total' THEN sum(d.total)
      ELSE max(d.largest) END::DOUBLE AS actual, sum(d.n) AS events, max(d.last) AS last_event
  FROM drawn d JOIN windows w ON d.kind = w.kind AND d.q BETWEEN w.first AND w.final
  WHERE w.measure IN ('count', 'total', 'max')
  GROUP BY w.target, w.slot, d.organisation
"""
_DISTINCT = """
  WITH drawn AS (
    SELECT kind, organisation, quarter(date) AS q, subject, count(*) AS n, max(date) AS last
    FROM events
    WHERE date BETWEEN $start AND $as_of
      AND kind IN (SELECT kind FROM windows WHERE measure = 'distinct')
    GROUP BY ALL)
  SELECT w.target, w.slot, d.organisation, count(DISTINCT d.subject)::DOUBLE AS actual,
    sum(d.n) AS events, max(d.last) AS last_event
  FROM drawn d JOIN windows w ON d.kind = w.kind AND d.q BETWEEN w.first AND w.final
  WHERE w.measure = 'distinct'
  GROUP BY w.target, w.slot, d.organisation
"""
_LATEST = """
  WITH drawn AS (
    SELECT kind, organisation, quarter(date) AS q, count(*) AS n,
      arg_max({reading: quantity, moment: (date, recorded_at, id)}, (date, recorded_at, id)) AS last
    FROM events
    WHERE date BETWEEN $start AND $as_of
      AND kind IN (SELECT kind FROM windows WHERE measure = 'latest')
    GROUP BY ALL)
  SELECT w.target, w.slot, d.organisation,
    arg_max(d.last.reading, d.last.moment)::DOUBLE AS actual,
    sum(d.n) AS events, max(d.last.moment[1]) AS last_event
  FROM drawn d JOIN windows w ON d.kind = w.kind AND d.q BETWEEN w.first AND w.final
  WHERE w.measure = 'latest'
  GROUP BY w.target, w.slot, d.organisation
"""
_QUERIES = {
    ("count", "total", "max"): _PLAIN,
    ("distinct",): _DISTINCT,
    ("latest",): _LATEST,
}


def _opened(case: Case) -> Any:
    rows = [
        {
            "target": spec.number, "slot": slot, "kind": spec.kind, "measure": spec.measure,
            "first": (start.month + 2) // 3, "final": (end.month + 2) // 3,
        }
        for spec in case.specs
        for slot, (start, end) in enumerate(spec.windows)
        if start <= case.as_of
    ]  # fmt: skip
    connection = duckdb.connect()
    connection.register("windows", pd.DataFrame(rows))
    connection.execute(f"CREATE VIEW events AS SELECT * FROM '{case.events}'")
    return connection


def reduced(case: Case) -> pd.DataFrame:
    """Return actual, events and last day of the cells that have events.

    Asks only for what the plan measures.
    """
    connection = _opened(case)
    measures = {spec.measure for spec in case.specs}
    days = {"start": pd.Timestamp(case.plan.start), "as_of": pd.Timestamp(case.as_of)}
    frames = [
        connection.execute(query, days).df()
        for own, query in _QUERIES.items()
        if measures & set(own)
    ]
    return pd.concat(frames, ignore_index=True)


def different_ids(case: Case) -> bool:
    """Whether no id stands twice, so that nothing was corrected."""
    query = "SELECT count(*) = count(DISTINCT id) FROM events"
    return bool(_opened(case).execute(query).fetchone()[0])
