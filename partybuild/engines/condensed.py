"""What comes back of events that stay where they are, and who gives it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Protocol

import attrs
import pandas as pd

from partybuild.reduce.condense import Scheme


@attrs.frozen(kw_only=True)
class Outside:
    """Events on one side of the plan: the ids of the first rows, the first and the last day."""

    ids: tuple[str, ...]
    first: dt.date
    last: dt.date


@attrs.frozen(kw_only=True, eq=False)
class Condensed:
    """Events drawn together: `frame` as the reduction reads it.

    `names` are the columns that the events came with; `outside` tells of events
    "before" and "after" the plan, where there are any.
    """

    frame: pd.DataFrame
    names: tuple[str, ...]
    outside: Mapping[str, Outside]


class ForeignEvents(Protocol):
    """Events of another engine or in files, ready to be asked; nothing is read until they are."""

    def rows_of(self, kinds: Iterable[str]) -> pd.DataFrame:
        """Fetch every record of some kinds, as they came: the only whole rows ever fetched."""

    def condensed(self, scheme: Scheme, *, plan: tuple[dt.date, dt.date]) -> Condensed:
        """Draw the events together as `scheme` allows; `plan` is the plan's first and last day.

        Raises `EventError` where rows are blank or ill-dated.
        """
