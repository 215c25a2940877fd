"""Spark: the same verdicts, one shuffle, nothing but condensed rows brought back."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import partybuild as pb
from engines.comparing import KINDS, PLANS, check, made_events, made_plan, told
from partybuild.engines import condensing

pa = pytest.importorskip("pyarrow")
pytest.importorskip("narwhals")
# PySpark warns of pandas 3 and of sockets that it leaves to the collector
pytestmark = [pytest.mark.spark, pytest.mark.filterwarnings("ignore")]

AS_OF = "2021-09-30"


def made_frame(spark: Any, events: pd.DataFrame) -> Any:
    return spark.createDataFrame(pa.Table.from_pandas(events, preserve_index=False))


@pytest.fixture(scope="module")
def country() -> tuple[pb.Plan, pd.DataFrame]:
    return made_plan(20, "count", "total", "max", "count"), made_events(5_000, 20)


def queries(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Gather the Spark frames whose results are brought here."""
    seen: list[Any] = []
    fetched = condensing._fetched

    def spy(frame: Any) -> pd.DataFrame:
        result = fetched(frame)
        seen.append((frame.to_native(), len(result)))
        return result

    monkeypatch.setattr(condensing, "_fetched", spy)
    return seen


def plan_of(frame: Any) -> str:
    text: str = frame._jdf.queryExecution().executedPlan().toString()
    return text


def test_generated_plans_agree(spark: Any) -> None:
    number = min(PLANS, 40)
    assert check(lambda events: made_frame(spark, events), range(number)) > number // 2


@pytest.mark.slow
def test_many_generated_plans_agree(spark: Any) -> None:
    check(lambda events: made_frame(spark, events), range(40, PLANS))


def test_one_shuffle_draws_the_events_together(
    spark: Any, country: tuple[pb.Plan, pd.DataFrame], monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, events = country
    frame = made_frame(spark, events).repartition(4)
    seen = queries(monkeypatch)
    got = pb.assess(plan, frame, as_of=AS_OF, by="organisation")
    want = pb.assess(plan, events, as_of=AS_OF, by="organisation")
    pd.testing.assert_frame_equal(got.targets, want.targets)
    own = plan_of(frame).count("Exchange")  # of the caller's own repartition
    aggregates = [plan_of(native) for native, _ in seen if "key organisation" in plan_of(native)]
    assert [text.count("Exchange") - own for text in aggregates] == [1]
    assert not any("Join" in plan_of(native) for native, _ in seen), "the plan is in the query"


def test_only_condensed_rows_come_back(
    spark: Any, country: tuple[pb.Plan, pd.DataFrame], monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, events = country
    frame = made_frame(spark, events)
    seen = queries(monkeypatch)
    frame_type = type(frame)
    for name in ("collect", "toPandas", "toLocalIterator"):
        monkeypatch.setattr(frame_type, name, None)  # calling it would fail
    pb.assess(plan, frame, as_of=AS_OF)
    assert seen
    assert max(rows for _, rows in seen) < len(KINDS) * 8, "kinds x stretches, not events"


def test_corrections_and_withdrawals(spark: Any) -> None:
    plan = made_plan(3, "count", "total", "latest", "distinct")
    events = made_events(400, 3)
    again = events[:100].assign(
        quantity=events["quantity"][:100] + 5,
        recorded_at=events["recorded_at"][:100] + pd.Timedelta(days=3),
    )
    gone = events[50:80].assign(
        void=True, recorded_at=events["recorded_at"][50:80] + pd.Timedelta(days=9)
    )
    history = pd.concat([again, events, gone], ignore_index=True)
    got = pb.assess(plan, made_frame(spark, history), as_of=AS_OF, by="organisation")
    want = pb.assess(plan, history, as_of=AS_OF, by="organisation")
    pd.testing.assert_frame_equal(got.standings, want.standings)
    assert told(got) == told(want)


def test_timestamps_are_the_wall_time_that_spark_shows(spark: Any) -> None:
    moments = spark.sql(
        "SELECT '1' AS id, '事项0' AS kind, TIMESTAMP '2021-06-30 23:59:00' AS date "
        "UNION ALL SELECT '2', '事项0', TIMESTAMP '2021-07-01 00:00:00'"
    )
    plan = made_plan(1, "count", per="year")
    got = pb.assess(plan, moments, as_of="2021-06-30")
    assert got.targets["actual"].tolist() == [1.0]
