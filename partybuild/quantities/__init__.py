"""Numbers as people write them, units, and the one rounding rule.

Numbers are read exactly, as fractions; what cannot be read without guessing is
said to be so. Nothing here knows a plan or a frame.
"""

from partybuild.quantities.amounts import Amount, amount_of, find_amounts, parse_amount
from partybuild.quantities.display import format_number, plain_number
from partybuild.quantities.scan import Number, find_numbers, parse_number
from partybuild.quantities.units import UnitSpan, read_unit, unit_factor

__all__ = [
    "Amount",
    "Number",
    "UnitSpan",
    "amount_of",
    "find_amounts",
    "find_numbers",
    "format_number",
    "parse_amount",
    "parse_number",
    "plain_number",
    "read_unit",
    "unit_factor",
]
