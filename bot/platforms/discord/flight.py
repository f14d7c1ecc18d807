"""What is under way: counted so that a stop can wait for it, remembered so that nothing is done twice."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Flight:
    """Counts replies under way; once closed, nothing new takes off."""

    def __init__(self) -> None:
        self._count = 0
        self._closed = False
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def closed(self) -> bool:
        """Whether the bot is stopping."""
        return self._closed

    @asynccontextmanager
    async def boarding(self) -> AsyncIterator[bool]:
        """Be counted while inside; yields False when it is too late to begin."""
        if self._closed:
            yield False
            return
        self._count += 1
        self._idle.clear()
        try:
            yield True
        finally:
            self._count -= 1
            if self._count == 0:
                self._idle.set()

    async def landed(self, patience_s: float) -> bool:
        """Let nothing new begin and wait for the rest; False when it took longer than ``patience_s``."""
        self._closed = True
        try:
            async with asyncio.timeout(patience_s):
                await self._idle.wait()
        except TimeoutError:
            return False
        return True


class Recent(Generic[K, V]):
    """The last ``most`` things by key; older ones are forgotten, so memory stays flat."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K) -> V | None:
        """What was put under ``key``, unless it is forgotten."""
        return self._kept.get(key)

    def put(self, key: K, value: V) -> None:
        """Remember ``value``, as the newest."""
        self._kept.pop(key, None)
        self._kept[key] = value
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def pop(self, key: K) -> V | None:
        """Forget ``key`` and return what was there."""
        return self._kept.pop(key, None)

    def first_time(self, key: K, value: V) -> bool:
        """Whether ``key`` was not there; it is afterwards."""
        if key in self._kept:
            return False
        self.put(key, value)
        return True

    def items(self) -> list[tuple[K, V]]:
        """Everything kept, oldest first."""
        return list(self._kept.items())
