"""The one normalising step for dataframes: any table in, canonical events out."""

from partybuild._frames.canonical import is_canonical
from partybuild._frames.headings import match_headings
from partybuild._frames.normalise import draft_events, normalise_events
from partybuild._frames.table import Table
from partybuild._frames.tables import pandas_frame

__all__ = [
    "Table",
    "draft_events",
    "is_canonical",
    "match_headings",
    "normalise_events",
    "pandas_frame",
]
