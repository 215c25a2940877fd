"""Events in a Parquet file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import pandas as pd

from partybuild._frames import Table
from partybuild.errors import MissingExtraError, PartybuildError, SourceError
from partybuild.sources.files import (
    MAX_PARQUET_BYTES,
    MAX_PARQUET_ROWS,
    MAX_PARQUET_UNPACKED_BYTES,
    check_size,
    replacing,
)

_INDEX: Final = re.compile(r"__index_level_\d+__")


def arrow(what: str, extra: str = "parquet") -> Any:
    """Return the module pyarrow, its readers of files and its functions loaded.

    Raises `MissingExtraError`, which says that `what` needs it, without `extra`.
    """
    try:
        import pyarrow.compute
        import pyarrow.csv
        import pyarrow.json
        import pyarrow.parquet
    except ImportError:
        raise MissingExtraError(what, extra) from None
    return pyarrow


def read_table(path: Path) -> Table:
    """Read a Parquet file; rows count from 1, as it has no heading row.

    Raises
    ------
    SourceError
        When the file is missing, no Parquet, damaged, or larger than
        `MAX_PARQUET_BYTES`, `MAX_PARQUET_UNPACKED_BYTES` or `MAX_PARQUET_ROWS`.
    """
    check_size(path, MAX_PARQUET_BYTES)
    pyarrow = arrow("Reading .parquet")
    try:
        with pyarrow.parquet.ParquetFile(path) as file:
            _check_promise(file.metadata, path)
            table = file.read()
        table.validate(full=True)
        frame = table.to_pandas(date_as_object=False, ignore_metadata=True)
    except PartybuildError:
        raise
    except Exception as error:
        reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise SourceError(f"{path}: not a Parquet file, or damaged ({reason})") from error
    kept = [not _INDEX.fullmatch(str(name)) for name in frame.columns]
    return Table(frame=frame.loc[:, kept], file=str(path), has_heading_row=False)


def _check_promise(metadata: Any, path: Path) -> None:
    """Compare what the file says it holds with the limits, before unpacking it."""
    groups = (metadata.row_group(i) for i in range(metadata.num_row_groups))
    unpacked = sum(group.total_byte_size for group in groups)
    if metadata.num_rows > MAX_PARQUET_ROWS or unpacked > MAX_PARQUET_UNPACKED_BYTES:
        raise SourceError(
            f"{path}: {metadata.num_rows:,} rows, {unpacked:,} bytes unpacked; "
            f"at most {MAX_PARQUET_ROWS:,} and {MAX_PARQUET_UNPACKED_BYTES:,} are read"
        )


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write a canonical frame with its dtypes, without an index."""
    pyarrow = arrow("Writing .parquet")
    try:
        table = pyarrow.Table.from_pandas(frame, preserve_index=False)
    except (pyarrow.ArrowException, TypeError, ValueError) as error:
        raise SourceError(f"{path}: an attribute column mixes types ({error})") from error
    with replacing(path) as part:
        pyarrow.parquet.write_table(table, part)
