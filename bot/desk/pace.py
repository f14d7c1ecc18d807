"""How fast one may ask, and how many at once: token buckets, a gate that sheds load, turns for one person."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Hashable, Iterator
from contextlib import asynccontextmanager, contextmanager

MOST_BUCKETS = 20_000
"""Buckets kept in memory; about 200 bytes each."""


class Buckets:
    """Token buckets by name, in this process. Names that were not used for long are dropped."""

    def __init__(self) -> None:
        self._level: dict[str, tuple[float, float]] = {}

    def allow(self, bucket: str, rate_per_s: float, burst: float, now: float) -> bool:
        """Take one token of ``bucket``, if there is one. A clock that jumps back refills nothing."""
        level, at = self._level.pop(bucket, (float(burst), now))
        level = min(float(burst), level + max(0.0, now - at) * rate_per_s)
        allowed = level >= 1.0
        self._level[bucket] = (level - 1.0 if allowed else level, now)
        if len(self._level) > MOST_BUCKETS:
            self._drop_oldest()
        return allowed

    def __len__(self) -> int:
        return len(self._level)

    def _drop_oldest(self) -> None:
        for name in list(self._level)[: MOST_BUCKETS // 10]:
            del self._level[name]


class Crowded(Exception):
    """Too many wait already."""


class Gate:
    """A door before a room: at most ``running`` in the room, ``waiting`` more before it; the next is turned away."""

    def __init__(self, running: int, waiting: int) -> None:
        self.room = asyncio.Semaphore(running)
        """Held while working; who waits for anything else waits outside."""
        self._most = running + waiting
        self.here = 0
        """How many are in the room or wait."""

    @contextmanager
    def admitted(self) -> Iterator[None]:
        """Raises Crowded at once when there are too many already."""
        if self.here >= self._most:
            raise Crowded
        self.here += 1
        try:
            yield
        finally:
            self.here -= 1


class Turns:
    """One at a time for each key, in the order of arrival: a follow-up never overtakes its question."""

    def __init__(self) -> None:
        self._locks: dict[Hashable, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def of(self, key: Hashable) -> AsyncIterator[None]:
        """Hold ``key``'s turn."""
        lock, users = self._locks.get(key, (asyncio.Lock(), 0))
        self._locks[key] = (lock, users + 1)
        try:
            async with lock:
                yield
        finally:
            lock, users = self._locks[key]
            if users == 1:
                del self._locks[key]
            else:
                self._locks[key] = (lock, users - 1)
