"""Facts, kept: a ledger that is only ever added to, in memory or in one file."""

from partybuild.ledger.entries import Entry
from partybuild.ledger.keeping import KeptLedger
from partybuild.ledger.memory import memory_ledger
from partybuild.ledger.protocol import Ledger, Store
from partybuild.ledger.reports import ImportReport, MergeReport, Verification
from partybuild.ledger.sqlite import open_ledger

__all__ = [
    "Entry",
    "ImportReport",
    "KeptLedger",
    "Ledger",
    "MergeReport",
    "Store",
    "Verification",
    "memory_ledger",
    "open_ledger",
]
