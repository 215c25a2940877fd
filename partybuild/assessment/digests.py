"""Digests: short proofs that two reports rest on the same plan and the same events."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

import numpy as np
import pandas as pd

from partybuild.events import COLUMNS
from partybuild.mappings import plan_to_mapping
from partybuild.plan import Plan


def plan_digest(plan: Plan) -> str:
    """Return the SHA-256 of a plan's mapping as canonical JSON, in hexadecimal.

    >>> plan = Plan(id="a", start="2021-01-01", end="2021-12-31")
    >>> len(plan_digest(plan)), plan_digest(plan) == plan_digest(plan)
    (64, True)
    """
    text = json.dumps(
        plan_to_mapping(plan),
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
        default=str,
    )
    return hashlib.sha256(text.encode()).hexdigest()


def events_digest(events: pd.DataFrame, known_at: dt.date | None = None) -> str:
    """Return the SHA-256 of the records known on `known_at`, in their order.

    Each column counts by name and values, text length by length, so that no two
    different tables can be written as the same bytes.
    """
    if known_at is not None:
        day = pd.Timestamp(known_at) + pd.Timedelta(days=1)
        events = events[events["recorded_at"] < day]
    digest = hashlib.sha256()
    attributes = [str(name) for name in events.columns if name not in COLUMNS]
    for name in (*COLUMNS, *sorted(attributes)):
        digest.update(_prefixed(name.encode()))
        digest.update(_prefixed(_column_bytes(events[name])))
    return digest.hexdigest()


def _prefixed(content: bytes) -> bytes:
    return len(content).to_bytes(8, "little") + content


def _column_bytes(column: pd.Series[Any]) -> bytes:
    if pd.api.types.is_datetime64_any_dtype(column):
        return column.to_numpy().astype("datetime64[us]").astype("<i8").tobytes()
    if pd.api.types.is_bool_dtype(column):
        return column.to_numpy(dtype=np.bool_).tobytes()
    if pd.api.types.is_numeric_dtype(column):
        return column.to_numpy(dtype="<f8", na_value=np.nan).tobytes()
    missing = column.isna().to_numpy()
    texts = ["" if gone else str(value) for value, gone in zip(column, missing, strict=True)]
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    lengths = np.array([len(one) for one in encoded], dtype="<i8")
    lengths[missing] = -1
    return lengths.tobytes() + b"".join(encoded)
