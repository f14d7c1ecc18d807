"""Which shards this process runs: each is held by a lease, so that replicas share them and replace each other.

A replica takes one shard at a time, five seconds apart (Discord allows no faster identify): replicas that
start together share the shards, and a lone one gets them all. A replica without a shard stands by; when
another dies its leases end and are taken over. Discord sends direct messages to shard 0 only.
"""

from __future__ import annotations

import time
from functools import partial

from bot.desk import Desk

TTL_S = 30.0
RENEW_S = 10.0


class Shards:
    """The leases of one process. A journal in trouble changes nothing: nobody else can take them either."""

    def __init__(self, desk: Desk, owner: str) -> None:
        self._desk = desk
        self._owner = owner
        self.held: list[int] = []

    async def take_one(self, count: int) -> int | None:
        """One more free shard of ``count``, or None."""
        for shard in range(count):
            if shard not in self.held and await self._lease(shard, otherwise=not self._desk.settings.shared):
                self.held.append(shard)
                return shard
        return None

    async def keep(self) -> bool:
        """Renew all; False when one was lost (this process was stuck for longer than a lease)."""
        return all([await self._lease(shard, otherwise=True) for shard in self.held])

    async def give_up(self) -> None:
        """Let others have them at once."""
        for shard in self.held:
            await self._desk.memory.attempt(partial(self._desk.journal.release, _name(shard), self._owner), None)
        self.held = []

    async def _lease(self, shard: int, *, otherwise: bool) -> bool:
        lease = partial(self._desk.journal.lease, _name(shard), self._owner, time.time(), TTL_S)
        return await self._desk.memory.attempt(lease, otherwise)


def _name(shard: int) -> str:
    return f"discord-shard-{shard}"
