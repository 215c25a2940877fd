"""Facts, kept: a ledger that is only ever added to, in memory or in one file."""

from partybuild.ledger.entries import Entry
from partybuild.ledger.memory import memory_ledger
from partybuild.ledger.protocol import Ledger, Verification
from partybuild.ledger.sqlite import open_ledger

__all__ = ["Entry", "Ledger", "Verification", "memory_ledger", "open_ledger"]
