"""What is counted while the process runs, as plain numbers; the watch renders them for Prometheus."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field

BOUNDS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
"""Upper bounds of the latency histogram, in seconds."""


@dataclass(slots=True)
class Tally:
    """Counters since the start; changed only on the event loop."""

    questions: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By platform and status."""
    latency: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS_S) + 1))
    latency_sum_s: float = 0.0
    reloads: Counter[str] = field(default_factory=Counter)
    """By outcome: ``ok``, ``refused``, ``failed``, ``followed``, ``back``."""
    api_errors: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By platform and kind; platforms count their own through ``api_error``."""
    journal_errors: int = 0
    faults: int = 0
    """Questions on which the engine failed: each one is a bug."""
    shed: int = 0
    slowed: int = 0
    """Questions not taken because their person or chat asked too fast."""
    unwritten: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Questions not yet counted in the journal, by platform and status."""

    def asked(self, platform: str, status: str, seconds: float) -> None:
        """One question was answered in ``seconds``."""
        self.questions[platform, status] += 1
        self.unwritten[platform, status] += 1
        self.latency[bisect_left(BOUNDS_S, seconds)] += 1
        self.latency_sum_s += seconds

    def api_error(self, platform: str, kind: str) -> None:
        """A call to a platform failed; ``kind`` is a short ASCII word: ``429``, ``5xx`` or ``timeout``, for example."""
        self.api_errors[platform, kind] += 1
