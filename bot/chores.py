"""What runs beside the platforms: writing figures, retention, following other replicas, watching the files."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from secrets import token_hex
from typing import TypeAlias

from bot.desk import Desk

log = logging.getLogger(__name__)
Chore: TypeAlias = Callable[[], Awaitable[None]]
FLUSH_S = 5.0
RETAIN_S = 3600.0
LEASE_S = 300.0
WARM_AFTER_S = 10.0
"""Connecting comes first, and a process that ends at once (a wrong token) learns nothing in vain."""
DEBOUNCE_MS = 800
"""An editor that saves several files is waited for so long after the last one."""


def chores(desk: Desk, stop: asyncio.Event) -> dict[str, Chore]:
    """Every chore by name; each runs until ``stop`` or for ever, and may raise: its supervisor restarts it."""
    found: dict[str, Chore] = {
        "flush": lambda: _flush(desk, stop),
        "retain": lambda: _retain(desk, stop),
        "follow": desk.renewal.follow,
        "warm": lambda: _warm(desk, stop),
    }
    if desk.settings.watch:
        found["watch"] = lambda: _watch(desk, stop)
    return found


async def _flush(desk: Desk, stop: asyncio.Event) -> None:
    while not await _stopped(stop, FLUSH_S):
        await desk.flush()


async def _warm(desk: Desk, stop: asyncio.Event) -> None:
    """Get ready for the first reload while nobody waits for it."""
    if not await _stopped(stop, WARM_AFTER_S):
        await desk.renewal.warm()
        await stop.wait()


async def _retain(desk: Desk, stop: asyncio.Event) -> None:
    """Delete what is too old, once an hour, on one replica at a time."""
    owner = token_hex(8)

    async def once() -> int | None:
        now = desk.now()
        if not await desk.journal.lease("retain", owner, now, LEASE_S):
            return None
        return await desk.journal.retain(now, desk.settings.retention_days)

    while True:
        deleted = await desk.memory.attempt(once, None)
        if deleted:
            log.info("retained", extra={"fields": {"deleted": deleted}})
        if await _stopped(stop, RETAIN_S):
            return


async def _watch(desk: Desk, stop: asyncio.Event) -> None:
    from watchfiles import awatch  # only for those who ask for it

    folder = desk.renewal.folder
    parts = [path for name in ("facts", "intents", "questions") if (path := folder / name).is_dir()]
    async for _ in awatch(*parts, stop_event=stop, debounce=DEBOUNCE_MS):
        await reload(desk)


async def reload(desk: Desk) -> None:
    """Reload without an admin to tell: the report goes to the log."""
    report = await desk.renewal.reload(None)
    log.log(
        logging.INFO if report.ok else logging.ERROR,
        "reload_report",
        extra={"fields": {"ok": report.ok, "text": report.text}},
    )


async def _stopped(stop: asyncio.Event, seconds: float) -> bool:
    """Wait so long, or until ``stop``; says whether it was that."""
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return False
    return True
