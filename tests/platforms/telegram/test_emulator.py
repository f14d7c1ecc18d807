"""Against a Bot API server that we did not write: PyPI's lo-bot-api-emulator.

It knows a subset of the API and refuses the rest: ``link_preview_options``, guest messages, profile texts. The bot
lives with its refusals.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.engine.answer import Engine
from bot.settings import Address, Secret
from tests.platforms.telegram.running import QUESTION, running
from tests.servers.telegram import TOKEN

emulator = pytest.importorskip("lo_bot_api_emulator")


class Elsewhere:
    """What ``running`` asks of a server: where it is, and patience."""

    def __init__(self, url: str) -> None:
        self.url = url

    async def until(self, true: Any, seconds: float = 10.0) -> None:
        async with asyncio.timeout(seconds):
            while not true():  # noqa: ASYNC110 - another's state
                await asyncio.sleep(0.01)


@pytest.fixture
async def strange() -> AsyncIterator[tuple[Any, Elsewhere]]:
    """The emulator on a free port."""
    bot_api = emulator.LoBotApiEmulator(allow_insecure_loopback_webhooks=True)
    runner = web.AppRunner(bot_api.app(), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server = site._server
    assert isinstance(server, asyncio.Server)
    yield bot_api, Elsewhere(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    await runner.cleanup()


async def test_it_is_polled_and_answered(strange: tuple[Any, Elsewhere], engine: Engine, tmp_path: Path) -> None:
    """A question put into its queue is answered with sendMessage."""
    bot_api, server = strange
    chat = {"id": 42, "type": "private", "first_name": "A"}
    who = {"id": 42, "is_bot": False, "first_name": "A"}
    message = {"message_id": 1, "date": 1, "chat": chat, "from": who, "text": QUESTION}
    await bot_api.enqueue_update({"message": message}, token=TOKEN)
    async with running(server, engine, tmp_path):  # type: ignore[arg-type]
        await server.until(lambda: any(r["method"] == "sendMessage" and r["status"] == 200 for r in bot_api.requests))


async def test_a_webhook_is_registered(strange: tuple[Any, Elsewhere], engine: Engine, tmp_path: Path) -> None:
    """With address, secret and the types that we answer."""
    bot_api, server = strange
    hook = {
        "telegram_webhook_url": "http://127.0.0.1:9/telegram",
        "telegram_webhook_secret": Secret("abc"),
        "listen": Address("127.0.0.1", 0),
    }
    async with running(server, engine, tmp_path, **hook):  # type: ignore[arg-type]
        pass
    assert any(r["method"] == "setWebhook" and r["status"] == 200 for r in bot_api.requests)
