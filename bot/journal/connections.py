"""A few PostgreSQL connections that calls share.

Not asyncpg's own pool: its tasks and timers around each use cost as much again as the statement itself
(47 against 25 µs of processor time a read, measured here), and a question is several statements.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import asyncpg

from bot.errors import JournalError

CONNECTIONS = 8
CONNECT_S = 3.0
CLOSE_S = 5.0
IDLE_S = 300.0
"""A connection unused for this long may have been cut by a firewall that told nobody."""

Connection: TypeAlias = Any  # an asyncpg.Connection; its annotations do not fit its own methods everywhere


class Connections:
    """At most CONNECTIONS connections, opened as they are needed, the one used last given out first."""

    def __init__(self, url: str) -> None:
        """Opens nothing yet."""
        self._url = url
        self._free: list[tuple[Connection, float]] = []
        self._slots = asyncio.Semaphore(CONNECTIONS)
        self._closed = False

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Wait until fewer than CONNECTIONS calls are at work; hold this around `take` and `give_back`."""
        async with self._slots:
            if self._closed:
                raise JournalError("günlük kapatıldı")
            yield

    async def take(self) -> Connection:
        """A connection that looks alive; raises what asyncpg raises when none can be opened."""
        now = asyncio.get_running_loop().time()
        while self._free:
            connection, since = self._free.pop()
            if not connection.is_closed() and now - since < IDLE_S:
                return connection
            connection.terminate()
        return await connect(self._url)

    def give_back(self, connection: Connection) -> None:
        """Keep a connection for the next call; one that is closed is let go."""
        if not connection.is_closed():
            self._free.append((connection, asyncio.get_running_loop().time()))

    async def close(self) -> None:
        """Wait for the calls at work, a few seconds at most, and close all connections."""
        self._closed = True
        try:
            async with asyncio.timeout(CLOSE_S):
                for _ in range(CONNECTIONS):
                    await self._slots.acquire()
        except TimeoutError:
            pass
        for _ in range(CONNECTIONS):
            self._slots.release()  # whoever waits for one is told that it is closed
        while self._free:
            connection, _ = self._free.pop()
            try:
                await connection.close(timeout=1.0)
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
                connection.terminate()


async def connect(url: str) -> Connection:
    """One new connection."""
    return await asyncpg.connect(url, timeout=CONNECT_S, server_settings={"application_name": "kopru"})
