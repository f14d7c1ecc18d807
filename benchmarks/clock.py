"""Measuring one thing many times on one core: CPU time, so that what else the machine does counts less."""

from __future__ import annotations

import gc
import os
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

Asked = TypeVar("Asked")
STATM = Path("/proc/self/statm")


@dataclass(frozen=True, slots=True)
class Times:
    """Microseconds of CPU a call: the median, and what one call in a hundred takes or more."""

    p50: float
    p99: float


def pin() -> None:
    """Keep this process and its children on one core, and libraries to one thread."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"


def times(call: Callable[[Asked], object], inputs: Sequence[Asked], rounds: int = 3) -> Times:
    """``call`` on every input after a warm-up round; each input counts with its median over ``rounds``."""
    for one in inputs:
        call(one)
    gc.collect()
    gc.freeze()
    taken: list[list[int]] = [[] for _ in inputs]
    for _ in range(rounds):
        for row, one in zip(taken, inputs, strict=True):
            start = time.thread_time_ns()
            call(one)
            row.append(time.thread_time_ns() - start)
    gc.unfreeze()
    micro = sorted(statistics.median(row) / 1_000 for row in taken)
    return Times(statistics.median(micro), micro[min(len(micro) - 1, int(len(micro) * 0.99))])


def seconds(call: Callable[[], object]) -> float:
    """CPU seconds of one call."""
    start = time.process_time()
    call()
    return time.process_time() - start


def resident_mb() -> float:
    """MB that this process holds now; 0 where there is no /proc. Not getrusage's peak: a child begins with its parent's."""
    if not STATM.exists():
        return 0.0
    pages = int(STATM.read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
