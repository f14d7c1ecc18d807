"""Long polling: asks for updates, writes them down, and only then acknowledges them by asking for the next.

The library's Updater acknowledges before anything is handled, so that a killed process loses up to a hundred updates,
and one update that it cannot parse stops it for good; hence a loop of our own on the library's calls.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from typing import Any

from telegram.error import BadRequest, Conflict, InvalidToken, TelegramError

from bot.desk.health import Health
from bot.errors import PlatformError
from bot.platforms.telegram import phrases
from bot.platforms.telegram.api import Api
from bot.platforms.telegram.incoming import KINDS, PLATFORM
from bot.platforms.telegram.intake import Intake
from bot.platforms.telegram.wire import Flooded

log = logging.getLogger(__name__)
WAIT_S = 25
"""How long the server may hold a poll open."""
GRACE_S = 10.0
"""How much longer a poll is waited for before its connection counts as dead."""
IDLE_S = 0.2
"""The pause after an empty answer that came at once, from a server that does not hold polls open."""
LONGEST_PAUSE_S = 30.0
REFUSALS_FOR_GOOD = 4
"""Refusals of the token in a row that are believed; a single one has been seen while Telegram restarts."""


class Polling:
    """The polling loop; ``run`` ends only by being cancelled, or with PlatformError when the token is refused for good."""

    def __init__(self, api: Api, intake: Intake, health: Health, wait_s: int = WAIT_S) -> None:
        self._api = api
        self._intake = intake
        self._health = health
        self._wait_s = wait_s
        self._kinds: Sequence[str] | None = KINDS
        self._offset = 0
        self._connected = False
        self._failed = 0
        self._refused = 0

    async def run(self) -> None:
        """Poll until cancelled. Whatever goes wrong is said once, waited out, and tried again."""
        while True:
            await self._intake.room()
            began = time.monotonic()
            # The first poll, and the first after a failure, come back at once: they tell whether we are connected.
            wait_s = 0 if self._failed or not self._connected else self._wait_s
            try:
                # The watchdog: a poll whose connection died without a word is given up and made anew.
                async with asyncio.timeout(wait_s + 2 * GRACE_S):
                    got = await self._api.poll(self._offset, wait_s, self._kinds, wait_s + GRACE_S)
            except (TelegramError, TimeoutError) as error:
                await self._after(error)
                continue
            if not isinstance(got, list):
                await self._after(TelegramError("no list of updates"))
                continue
            self._well()
            await self._intake.take(got)
            self._offset = max([self._offset, *(_next(raw) for raw in got)])
            if not got and wait_s and time.monotonic() - began < 1.0:
                await asyncio.sleep(IDLE_S)

    async def acknowledge(self) -> None:
        """Tell the server what was taken, so that the next start is not handed it again; at the end."""
        if self._offset:
            try:
                async with asyncio.timeout(3.0):
                    got = await self._api.poll(self._offset, 0, self._kinds, 2.0)
                await self._intake.take(got if isinstance(got, list) else [])
            except (TelegramError, TimeoutError):
                log.debug("not_acknowledged")  # they come again and are recognised

    def _well(self) -> None:
        if self._failed:
            log.info("polling_again", extra={"fields": {"platform": PLATFORM, "failed": self._failed}})
        self._failed = self._refused = 0
        self._connected = True
        self._health.set(PLATFORM, True)

    async def _after(self, error: Exception) -> None:
        """Wait as the failure asks for; raises PlatformError when waiting will not mend it."""
        self._failed += 1
        self._offset = 0  # the server may have begun anew, with smaller numbers; what it repeats is known here
        self._refused = self._refused + 1 if isinstance(error, InvalidToken) else 0
        if self._refused >= REFUSALS_FOR_GOOD:
            raise PlatformError(phrases.TOKEN_REFUSED)
        if isinstance(error, BadRequest) and self._kinds:
            self._kinds = None  # a server that does not know one of the types
        why = phrases.CONFLICT if isinstance(error, Conflict) else phrases.UNREACHABLE
        if self._failed >= 2 or isinstance(error, Conflict):
            self._health.set(PLATFORM, False, why)
        if self._failed == 1 or self._failed % 20 == 0:
            fields = {"platform": PLATFORM, "why": type(error).__name__, "say": why, "times": self._failed}
            log.warning("polling_failed", extra={"fields": fields})
        if isinstance(error, Conflict):
            await self._drop_webhook()
        await asyncio.sleep(_pause(error, self._failed))

    async def _drop_webhook(self) -> None:
        """A webhook left from another set-up refuses polling with the same Conflict; ours is polling."""
        try:
            await self._api.raw("deleteWebhook")
        except TelegramError:
            log.debug("webhook_not_deleted")


def _next(raw: Any) -> int:
    """The offset that acknowledges ``raw``, whatever else is wrong with it; 0 when it has no id."""
    number = raw.get("update_id") if isinstance(raw, dict) else None
    return number + 1 if isinstance(number, int) else 0


def _pause(error: Exception, failed: int) -> float:
    if isinstance(error, Flooded):
        return error.retry_after.total_seconds()
    if isinstance(error, Conflict):
        return min(LONGEST_PAUSE_S, 2.0 * failed)
    return min(LONGEST_PAUSE_S, 0.25 * 2.0 ** min(failed, 10))
