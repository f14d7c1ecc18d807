"""Keeps a part of the process going: restarts it after a passing fault, ever more slowly; gives up what is gone for good."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from time import monotonic

from bot.desk import Health
from bot.errors import KopruError, PlatformError

log = logging.getLogger(__name__)
FIRST_PAUSE_S = 1.0
MOST_PAUSE_S = 60.0
STEADY_S = 300.0
"""A part that ran for so long starts again with the first pause."""


class Gone(KopruError):
    """A part that no restart brings back."""


async def supervised(name: str, work: Callable[[], Awaitable[None]], health: Health, stop: asyncio.Event) -> None:
    """Run ``work`` until ``stop``; raises Gone when it raises PlatformError.

    Any other error, and returning before ``stop``, is a passing fault: noted in ``health`` and the log
    (the first of a row with its traceback), then tried again after 1, 2, 4 … 60 seconds.
    """
    pause, told = FIRST_PAUSE_S, False
    while not stop.is_set():
        began = monotonic()
        try:
            await work()
            if stop.is_set():
                return
            fault: Exception | None = None
        except PlatformError as end:
            health.set(name, False, str(end))
            raise Gone(str(end)) from end
        except Exception as error:  # noqa: BLE001 - a part's bug or outage must not end the others
            fault = error
        if monotonic() - began > STEADY_S:
            pause, told = FIRST_PAUSE_S, False
        _note(name, fault, pause, health, trace=not told)
        told = True
        await _rest(pause, stop)
        pause = min(pause * 2, MOST_PAUSE_S)


def _note(name: str, fault: Exception | None, pause: float, health: Health, *, trace: bool) -> None:
    why = type(fault).__name__ if fault else "beklenmedik biçimde durdu"
    health.set(name, False, f"{why}; yeniden denenecek")
    log.error(
        "fault", extra={"fields": {"part": name, "error": why, "again_s": pause}}, exc_info=fault if trace else None
    )


async def _rest(pause: float, stop: asyncio.Event) -> None:
    """Wait about ``pause`` seconds (spread, so that replicas do not return together), or until ``stop``."""
    try:
        async with asyncio.timeout(pause * random.uniform(0.75, 1.25)):  # noqa: S311 - no secret depends on it
            await stop.wait()
    except TimeoutError:
        return
