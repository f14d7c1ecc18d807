"""The journal as the desk uses it: what fails is done without, said once in the log, and tried again soon."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from time import monotonic
from typing import TypeVar

from bot.desk.health import Health
from bot.desk.tally import Tally
from bot.desk.values import Asker
from bot.engine.context import NO_CONTEXT, Context, from_json, to_json
from bot.errors import JournalError
from bot.journal.base import Journal

log = logging.getLogger(__name__)
T = TypeVar("T")
PATIENCE_S = 5.0
"""How long a reply waits for the journal before it goes out without: a database that restarts is back by then."""
PAUSE_S = 2.0
"""After a failure the journal is left alone for so long, so that an outage does not slow every reply."""


class Memory:
    """Contexts and notes of persons. No method raises for a journal in trouble, but for ``forget``."""

    def __init__(
        self, journal: Journal, clock: Callable[[], float], ttl_s: float, health: Health, tally: Tally
    ) -> None:
        self._journal = journal
        self._clock = clock
        self._ttl_s = ttl_s
        self._health = health
        self._tally = tally
        self._down_until: float | None = None
        health.set("journal", True)

    @property
    def up(self) -> bool:
        """Whether the journal worked when it was last needed."""
        return self._down_until is None

    async def context(self, asker: Asker) -> Context:
        """What ``asker`` asked about before, in this chat; before the asker's message if that was seen already.

        A process may die between keeping a context and sending the answer; who then answers the same message
        again must not take it for a follow-up of itself.
        """

        async def fetch() -> str | None:
            return await self._journal.context(self.person(asker), self._chat(asker), self._clock())

        body = await self.attempt(fetch, None)
        return _unwrapped(body, asker.message) if body else NO_CONTEXT

    async def keep(self, asker: Asker, context: Context, before: Context = NO_CONTEXT) -> None:
        """Remember ``context`` for the follow-up, and what it was ``before`` the asker's message."""
        body = _wrapped(context, before, asker.message) if asker.message else to_json(context)

        async def store() -> None:
            await self._journal.keep_context(self.person(asker), self._chat(asker), body, self._clock(), self._ttl_s)

        await self.attempt(store, None)

    async def refused(self, asker: Asker, status: str, intent: str, text: str) -> None:
        """Put a question that got no answer into the inbox."""

        async def store() -> None:
            await self._journal.note_refused(self.person(asker), asker.platform, status, intent, text, self._clock())

        await self.attempt(store, None)

    async def rated(self, asker: Asker, intent: str, facts: Sequence[str], good: bool, text: str | None) -> None:
        """Note a 👍 or 👎."""

        async def store() -> None:
            await self._journal.rate(self.person(asker), asker.platform, intent, facts, good, text, self._clock())

        await self.attempt(store, None)

    async def none_of_these(self, asker: Asker, text: str) -> None:
        """Note that no offered reading was meant."""

        async def store() -> None:
            await self._journal.none_of_these(self.person(asker), asker.platform, text, self._clock())

        await self.attempt(store, None)

    async def admin(self, asker: Asker | None, action: str, detail: str) -> None:
        """Note what an admin did; ``None`` stands for the process itself."""

        async def store() -> None:
            person = self.person(asker) if asker else ""
            await self._journal.note_admin(person, action, detail, self._clock())

        await self.attempt(store, None)

    async def forget(self, asker: Asker) -> int:
        """Delete all rows of the person; raises JournalError when that failed, since a promise must be kept."""
        async with asyncio.timeout(PATIENCE_S * 2):
            return await self._journal.forget(self.person(asker))

    async def flush(self) -> None:
        """Write the day's figures that were counted since the last time."""
        counted, self._tally.unwritten = self._tally.unwritten, type(self._tally.unwritten)()
        for (platform, status), number in counted.items():

            async def store(platform: str = platform, status: str = status, number: int = number) -> int:
                await self._journal.count(platform, status, self._clock(), number)
                return number

            counted[platform, status] -= await self.attempt(store, 0)
        self._tally.unwritten.update(+counted)

    def person(self, asker: Asker) -> str:
        """The keyed hash of the person; raises JournalError until the key is known."""
        return self._journal.person_key(asker.platform, asker.user)

    def _chat(self, asker: Asker) -> str:
        # A private chat's id is its person's id, so it is hashed as well.
        return self._journal.person_key(asker.platform, "chat:" + asker.chat)

    async def attempt(self, call: Callable[[], Awaitable[T]], otherwise: T) -> T:
        """What ``call`` returns, or ``otherwise`` while the journal is in trouble."""
        if self._down_until is not None:
            if monotonic() < self._down_until:
                return otherwise
            self._down_until = monotonic() + PATIENCE_S  # one tries it out, the others go on without
        try:
            async with asyncio.timeout(PATIENCE_S):
                found = await call()
        except (JournalError, TimeoutError) as problem:
            self._failed(problem)
            return otherwise
        self._worked()
        return found

    def _failed(self, problem: Exception) -> None:
        self._tally.journal_errors += 1
        if self._down_until is None:
            log.error(
                "journal_down",
                extra={"fields": {"error": str(problem) or type(problem).__name__, "effect": "no follow-ups"}},
            )
            self._health.set("journal", False, "veritabanına ulaşılamıyor")
        self._down_until = monotonic() + PAUSE_S

    def _worked(self) -> None:
        if self._down_until is not None:
            self._down_until = None
            log.warning("journal_back")
            self._health.set("journal", True)


def _wrapped(after: Context, before: Context, message: str) -> str:
    return json.dumps([message, to_json(before), to_json(after)], ensure_ascii=False)


def _unwrapped(body: str, message: str) -> Context:
    if not body.startswith("["):
        return from_json(body)
    of, before, after = json.loads(body)
    return from_json(before if message and of == message else after)
