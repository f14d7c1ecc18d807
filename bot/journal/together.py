"""Calls of one kind that come at once go to the store as one statement.

A busy bot writes down, claims and ticks off many updates in one turn of the loop. Each as a statement of its own costs
a transaction (or a savepoint), and for SQLite a dozen hand-overs of the interpreter's lock between two threads; one
statement for all of them costs hardly more than for one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from bot.errors import JournalError

C = TypeVar("C")
R = TypeVar("R")

MOST = 256
"""Calls that one statement carries."""
MANY = 4
PAUSE_S = 0.003
"""After a statement for MANY calls the next one waits so long for company: a commit costs more than its rows. Who is
alone waits for nobody."""


class Together(Generic[C, R]):
    """Gathers calls while the ones before are under way; ``run`` answers a list of calls, in their order."""

    def __init__(self, run: Callable[[Sequence[C]], Awaitable[Sequence[R]]]) -> None:
        self._run = run
        self._waiting: list[tuple[C, asyncio.Future[R]]] = []
        self._runner: asyncio.Task[None] | None = None

    async def __call__(self, call: C) -> R:
        """What ``run`` answers to ``call``; a call that is cancelled before it went out is not made."""
        answer: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((call, answer))
        if self._runner is None:
            self._runner = asyncio.create_task(self._run_all())
        return await answer

    async def _run_all(self) -> None:
        try:
            while self._waiting:
                now, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                await self._run_some([(call, answer) for call, answer in now if not answer.done()])
                if len(now) >= MANY:
                    await asyncio.sleep(PAUSE_S)
        finally:
            self._runner = None

    async def _run_some(self, calls: Sequence[tuple[C, asyncio.Future[R]]]) -> None:
        try:
            found = await self._run([call for call, _ in calls]) if calls else ()
        except JournalError as error:
            for _, answer in calls:
                if not answer.done():
                    answer.set_exception(JournalError(str(error)))
            return
        for (_, answer), result in zip(calls, found, strict=True):
            if not answer.done():
                answer.set_result(result)
