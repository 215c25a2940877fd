"""One column of cells, as people and programs write them, to dates, numbers, flags or text.

Each ``read_…`` function takes a column and returns its values and a dict from
position to `Fault`: why that cell could not be read. Text is parsed once per
different text, so a long column costs little more than finding those.
"""

from partybuild.cells.amounts import Percent, read_flags, read_numbers
from partybuild.cells.columns import EXCEL_ERRORS, Fault, Faults
from partybuild.cells.dates import EXCEL_EPOCH, read_dates
from partybuild.cells.texts import as_text_column, clean_text, read_texts

__all__ = [
    "EXCEL_EPOCH",
    "EXCEL_ERRORS",
    "Fault",
    "Faults",
    "Percent",
    "as_text_column",
    "clean_text",
    "read_dates",
    "read_flags",
    "read_numbers",
    "read_texts",
]
