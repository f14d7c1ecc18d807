"""Starts the real bot on a test server: real discord.py over real HTTP and WebSocket, the product's own content."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from bot.content.shelf import Edition, Shelf
from bot.desk import Desk, NullJournal
from bot.engine.answer import Engine
from bot.journal.base import Journal
from bot.platforms.discord import serve
from bot.settings import Limits, Secret, Settings
from tests.servers.discord import DiscordServer

VISA = "Türk vatandaşları Kazakistan'da kaç gün vizesiz kalabilir?"
TRADE = "2024'te ticaret hacmi ne kadardı?"
UNKNOWN = "En iyi pizza nerede yenir?"
VAGUE = "konsolosluklar"


def settings_for(server: DiscordServer, **changes: Any) -> Settings:
    """Settings that lead to ``server``; ``ayla`` is the admin, and nobody asks too fast."""
    fast = Limits(person_per_minute=1e6, chat_per_minute=1e6, burst=1_000_000, running=64, waiting=5_000)
    plain = Settings(
        discord_token=Secret(server.token),
        discord_api_url=server.api_url,
        admins=frozenset({("discord", str(server.person("ayla")["id"]))}),
        limits=fast,
    )
    return replace(plain, **changes)


def desk_for(engine: Engine, settings: Settings, journal: Journal | None = None) -> Desk:
    """A desk over the product's content; without a journal, nothing is kept."""
    edition = Edition(engine, {}, engine.catalog.version, time.time())
    return Desk(Shelf(edition), settings, journal or NullJournal())


@asynccontextmanager
async def bot_on(
    server: DiscordServer, engine: Engine, journal: Journal | None = None, **changes: Any
) -> AsyncIterator[Desk]:
    """The bot, connected to ``server``; stopped as SIGTERM stops it, which must take no longer than a few seconds."""
    settings = settings_for(server, **changes)
    desk = desk_for(engine, settings, journal)
    stop = asyncio.Event()
    task = asyncio.create_task(serve(desk, settings, stop))
    try:
        await connected(desk, task)
        yield desk
    finally:
        stop.set()
        async with asyncio.timeout(20):
            await task


async def until(true: Callable[[], bool], timeout_s: float = 20.0) -> None:
    """Look every so often until ``true()``: for what no event tells."""
    async with asyncio.timeout(timeout_s):
        while not true():  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.02)


async def connected(desk: Desk, task: asyncio.Task[None], timeout_s: float = 20.0) -> None:
    """Wait until the desk's health says that Discord is connected."""
    await until(lambda: task.done() or is_up(desk), timeout_s)
    if task.done():
        task.result()
        raise AssertionError("the bot ended")


def is_up(desk: Desk) -> bool:
    """Whether the desk's health says that Discord is connected."""
    part = desk.health.parts.get("discord")
    return part is not None and part.ok
