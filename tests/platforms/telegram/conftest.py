"""A server and a bot for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.engine.answer import Engine
from tests.platforms.telegram.running import Running, running
from tests.servers.telegram import BotServer


@pytest.fixture
async def server() -> AsyncIterator[BotServer]:
    """A Bot API server; whatever test uses it, no request may break a documented limit."""
    async with BotServer() as started:
        yield started
    assert started.violations == []


@pytest.fixture
async def bot(server: BotServer, engine: Engine, tmp_path: Path) -> AsyncIterator[Running]:
    """The bot, polling that server."""
    async with running(server, engine, tmp_path) as started:
        yield started
