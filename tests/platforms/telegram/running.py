"""The real bot against a loopback server: real desk, real engine, real SQLite journal."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from bot.content.shelf import Edition, Shelf
from bot.desk import Desk
from bot.engine.answer import Engine
from bot.journal import Journal, open_journal
from bot.platforms.telegram import serve
from bot.settings import Limits, Secret, Settings
from tests.servers.telegram import TOKEN, BotServer

ADMIN = 7
QUESTION = "İki ülke arasındaki ticaret hacmi 2024'te ne kadardı?"
ANSWER = "5 milyar dolar"
UNHURRIED = Limits(person_per_minute=1e6, chat_per_minute=1e6, burst=100_000, running=64, waiting=5_000)


@dataclass
class Running:
    """A bot that serves; ``task`` ends when ``stop`` was set."""

    desk: Desk
    stop: asyncio.Event
    task: asyncio.Task[None]


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The names of what was logged at warning or above."""
    return [record.message for record in caplog.records if record.levelno >= logging.WARNING]


def desk_on(engine: Engine, journal: Journal, settings: Settings) -> Desk:
    return Desk(Shelf(Edition(engine, {}, engine.catalog.version, 0.0)), settings, journal)


def settings_for(server: BotServer, **changes: Any) -> Settings:
    plain = Settings(
        telegram_token=Secret(TOKEN),
        telegram_api_url=server.url,
        admins=frozenset({("telegram", str(ADMIN))}),
        limits=UNHURRIED,
    )
    return replace(plain, **changes)


@asynccontextmanager
async def running(
    server: BotServer, engine: Engine, folder: Path, *, connected: bool = True, **changes: Any
) -> AsyncIterator[Running]:
    """The bot, serving until the block is left; what it raised then is raised here."""
    settings = settings_for(server, **changes)
    journal = await open_journal(f"sqlite:///{folder / 'kopru.sqlite3'}")
    desk, stop = desk_on(engine, journal, settings), asyncio.Event()
    task = asyncio.create_task(serve(desk, settings, stop))
    try:
        if connected:
            await server.until(
                lambda: task.done() or ("telegram" in desk.health.parts and desk.health.parts["telegram"].ok)
            )
        yield Running(desk, stop, task)
    finally:
        stop.set()
        await asyncio.wait({task}, timeout=20)
        await journal.close()
    if not task.cancelled():
        task.result()
