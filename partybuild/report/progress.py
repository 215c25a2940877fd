"""A bar on the error stream for long work, or a function of the caller's own."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import attrs

_WIDTH = 30


@attrs.define
class Progress:
    """Counts steps and tells somebody after every hundredth of them."""

    total: int
    tell: Callable[[int, int], None] | None
    done: int = 0

    def step(self) -> None:
        """Count one step."""
        self.done += 1
        if self.tell is not None and self.done % max(1, self.total // 100) == 0:
            self.tell(self.done, self.total)


def _draw(done: int, total: int) -> None:
    filled = _WIDTH * done // max(1, total)
    bar = "#" * filled + "." * (_WIDTH - filled)
    sys.stderr.write(f"\r[{bar}] {100 * done // max(1, total)}%")
    sys.stderr.flush()


@contextmanager
def progress_of(wanted: bool | Callable[[int, int], None], total: int) -> Iterator[Progress]:
    """Begin counting; True draws a bar, a function is called, False does neither."""
    tell = wanted if callable(wanted) else _draw if wanted else None
    bar = Progress(total, tell)
    yield bar
    if tell is not None:
        tell(total, total)
    if wanted is True:
        sys.stderr.write("\n")
