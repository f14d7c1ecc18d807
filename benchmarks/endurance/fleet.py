"""Replicas behind one address: processes on one PostgreSQL, and a sender that posts updates to them as Telegram does."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks.endurance.process import UNLIMITED, Bot
from benchmarks.endurance.talk import Script
from tests.servers.telegram import TOKEN, BotServer

SECRET = "endurance_1"
PATH = "/telegram"
PATIENCE_S = 60.0
"""Telegram itself waits about so long for a webhook's answer."""
AGAIN_S = 0.1
ADMIN = 42


@dataclass(slots=True)
class Sender:
    """A balancer and Telegram in one: each update goes to the next replica, and to another one until it is taken."""

    targets: Sequence[str]
    session: aiohttp.ClientSession
    refused: Counter[str] = field(default_factory=Counter)
    """Deliveries that were not answered by 200, by why."""
    _turn: itertools.count[int] = field(default_factory=itertools.count)

    async def deliver(self, update: Mapping[str, Any], only: str = "") -> None:
        """Return when a replica (or the ``only`` one) has taken the update."""
        body = json.dumps(update).encode()
        for tried in itertools.count(1):
            target = only or self.targets[next(self._turn) % len(self.targets)]
            outcome = await self._post(target, body)
            if outcome == "200":
                return
            self.refused[outcome] += 1
            if tried % len(self.targets) == 0:
                await asyncio.sleep(AGAIN_S)

    async def _post(self, target: str, body: bytes) -> str:
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": "application/json"}
        try:
            async with self.session.post(target + PATH, data=body, headers=headers) as answer:
                return str(answer.status)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return type(error).__name__


@dataclass(slots=True)
class Fleet:
    """The replicas, the folder that holds their content, and what sends to them."""

    bots: list[Bot]
    folder: Path
    sender: Sender
    server: BotServer

    async def versions(self) -> set[str]:
        """The versions that the replicas serve just now."""
        return set(await asyncio.gather(*(bot.version() for bot in self.bots)))


@asynccontextmanager
async def fleet(home: Path, script: Script, database: str, replicas: int, **settings: str) -> AsyncIterator[Fleet]:
    """``replicas`` processes by webhook, ready; killed at the end if they still run."""
    async with BotServer(keep_calls=False) as server:
        bots, folder = [], script.lay_out(home / "content")
        for number in range(replicas):
            given = {
                "TELEGRAM_TOKEN": TOKEN,
                "TELEGRAM_API_URL": server.url,
                "TELEGRAM_WEBHOOK_URL": f"https://bot.example{PATH}",
                "TELEGRAM_WEBHOOK_SECRET": SECRET,
                "DATABASE_URL": database,
                "CONTENT_DIR": str(folder),
                "ADMINS": f"telegram:{ADMIN}",
                "LOG_LEVEL": "WARNING",
                **UNLIMITED,
            }
            bots.append(Bot(f"replica {number}", home / f"log{number}", {**given, **settings}))
        timeout = aiohttp.ClientTimeout(total=PATIENCE_S)
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(timeout=timeout, connector=connector) as session:
            try:
                await bots[0].start()  # the first one fills the cache for all
                await asyncio.gather(*(bot.start() for bot in bots[1:]))
                yield Fleet(bots, folder, Sender([bot.url for bot in bots], session), server)
            finally:
                for bot in bots:
                    await bot.kill()
