"""The whole program as an operator runs it: both real platforms in one process, against loopback servers."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.content import small
from tests.ports import free_port
from tests.servers.discord import DiscordServer
from tests.servers.telegram import TOKEN, BotServer

BOOKS = "Kütüphanede kaç kitap var?"
START_S = 60.0


@dataclass
class Program:
    """The running process and where it listens."""

    process: asyncio.subprocess.Process
    port: int
    log: Path

    async def parts(self) -> dict[str, str]:
        """What /readyz says of each part; empty while nobody listens."""
        async with httpx.AsyncClient() as client:
            try:
                return dict((await client.get(f"http://127.0.0.1:{self.port}/readyz")).json()["parts"])
            except httpx.TransportError:
                return {}

    async def until(self, true: Callable[[dict[str, str]], bool]) -> None:
        """Wait until the parts are as wanted, or the process has ended."""
        async with asyncio.timeout(START_S):
            while self.process.returncode is None and not true(await self.parts()):  # noqa: ASYNC110
                await asyncio.sleep(0.1)

    async def ended(self) -> int:
        """The exit code."""
        return await asyncio.wait_for(self.process.wait(), START_S)

    @property
    def said(self) -> str:
        """The log until now."""
        return self.log.read_text(encoding="utf-8")


@pytest.fixture
async def telegram() -> AsyncIterator[BotServer]:
    async with BotServer() as server:
        yield server


@pytest.fixture
async def discord() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as server:
        yield server


@asynccontextmanager
async def program(tmp_path: Path, root: Path, **settings: str) -> AsyncIterator[Program]:
    """``python -m bot run`` on the small content; killed at the end if it still runs."""
    port = free_port()
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "KOPRU_CONTENT_DIR": str(small.lay_out(tmp_path / "content")),
        "KOPRU_DATABASE_URL": f"sqlite:///{tmp_path / 'whole.sqlite3'}",
        "KOPRU_LISTEN": f"127.0.0.1:{port}",
        **{f"KOPRU_{name}": value for name, value in settings.items()},
    }
    log = tmp_path / "log"
    with log.open("wb") as file:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", env=env, cwd=root, stderr=file
        )
    try:
        yield Program(process, port, log)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_both_platforms_in_one_process(
    telegram: BotServer, discord: DiscordServer, tmp_path: Path, root: Path
) -> None:
    """Ready when both are connected, the same answer on both, a clean end, and no token in the log."""
    both = {
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_API_URL": telegram.url,
        "DISCORD_TOKEN": discord.token,
        "DISCORD_API_URL": discord.api_url,
    }
    async with program(tmp_path, root, LOG_LEVEL="DEBUG", **both) as run:
        await run.until(lambda parts: set(parts.values()) == {"ok"})
        assert set(await run.parts()) == {"telegram", "discord", "journal", "content"}, run.said
        sent = await telegram.reply_to(telegram.say(BOOKS), 10)
        post = await discord.reply_to(await discord.say(BOOKS, channel=discord.direct("u1")))
        assert "3.250 kitap" in sent.text
        assert "3.250 kitap" in post["content"] + str(post["embeds"])
        run.process.send_signal(signal.SIGTERM)
        assert await run.ended() == 0, run.said
        assert not any(token in run.said for token in (TOKEN, discord.token))
        assert "Traceback" not in run.said
    assert telegram.violations == []
    assert discord.problems == []


async def test_a_refused_token_ends_the_whole_process(
    telegram: BotServer, discord: DiscordServer, tmp_path: Path, root: Path
) -> None:
    """One platform that is refused for good stops the other cleanly, is named, and the exit code is 1."""
    wrong = TOKEN[:-2] + "xx"
    settings = {
        "TELEGRAM_TOKEN": wrong,
        "TELEGRAM_API_URL": telegram.url,
        "DISCORD_TOKEN": discord.token,
        "DISCORD_API_URL": discord.api_url,
    }
    async with program(tmp_path, root, **settings) as run:
        assert await run.ended() == 1, run.said
        assert "telegram artık çalışamıyor:" in run.said
        assert wrong not in run.said
        assert "Traceback" not in run.said


async def test_a_refused_discord_token(discord: DiscordServer, tmp_path: Path, root: Path) -> None:
    """The same for Discord."""
    wrong = discord.token[:-2] + "xx"
    async with program(tmp_path, root, DISCORD_TOKEN=wrong, DISCORD_API_URL=discord.api_url) as run:
        assert await run.ended() == 1, run.said
        assert "discord artık çalışamıyor:" in run.said
        assert wrong not in run.said
