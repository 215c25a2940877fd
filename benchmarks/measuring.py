"""Medians of times in turns, and the peak memory of a fresh process."""

from __future__ import annotations

import gc
import statistics
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple


class Timing(NamedTuple):
    """Medians of the seconds that passed, and of those that processors worked."""

    seconds: float
    processor: float


def timings(tasks: dict[str, Callable[[], Any]], repeats: int) -> dict[str, Timing]:
    """Run the tasks in turns and return the medians of each."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in tasks}
    for _ in range(repeats):
        for name, task in tasks.items():
            gc.collect()
            passed, worked = time.perf_counter(), time.process_time()
            task()
            times[name].append((time.perf_counter() - passed, time.process_time() - worked))
    return {
        name: Timing(*(statistics.median(column) for column in zip(*values, strict=True)))
        for name, values in times.items()
    }


def medians(tasks: dict[str, Callable[[], Any]], repeats: int) -> dict[str, float]:
    """Run the tasks in turns and return the median seconds of each."""
    return {name: found.seconds for name, found in timings(tasks, repeats).items()}


def resident() -> float:
    """The memory this process holds now, in MB."""
    text = Path("/proc/self/status").read_text(encoding="ascii")
    return int(text.partition("VmRSS:")[2].split()[0]) / 1024


def peak(task: Callable[[], Any]) -> float:
    """The most memory held while `task` runs, in MB, beyond what was held before."""
    gc.collect()
    before, most, is_done = resident(), [0.0], threading.Event()

    def watch() -> None:
        while not is_done.wait(0.005):
            most[0] = max(most[0], resident())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        task()
    finally:
        is_done.set()
        watcher.join()
    return max(0.0, most[0] - before)
