"""What surrounds the process fails: full disk, closed folder, database gone for long, unknown name, jumping clock.

Smaller parts of the same stand elsewhere: a read-only file system and a full disk under the journal in
``tests/journal/test_sqlite.py``, clocks that jump in ``tests/journal/test_clock.py``, ``tests/desk/test_pace.py`` and
``tests/platforms/telegram/test_intake.py``, a platform that goes away and comes back in ``tests/platforms/``.
"""

from __future__ import annotations

import asyncio
import re
import resource
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from benchmarks.endurance.process import UNLIMITED, Bot
from tests.content import small
from tests.postgres import Postgres
from tests.servers.discord import DiscordServer
from tests.servers.telegram import TOKEN, BotServer

BOOKS, FOLLOW_UP = "Kütüphanede kaç kitap var?", "emin misin?"
ANSWER = "3.250 kitap"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
async def telegram() -> AsyncIterator[BotServer]:
    async with BotServer() as server:
        yield server
    assert server.violations == []


def bot_on(tmp_path: Path, api: str, database: str, more: Mapping[str, str] | None = None) -> Bot:
    """The bot, in surroundings that can be changed by files in ``tmp_path``."""
    settings = {
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_API_URL": api,
        "DATABASE_URL": database,
        "CONTENT_DIR": str(small.lay_out(tmp_path / "content")),
        **UNLIMITED,
        **(more or {}),
    }
    command = ("-m", "tests.system.surroundings", str(tmp_path))
    return Bot("bot", tmp_path / "log", settings, command=command)


@asynccontextmanager
async def running(bot: Bot) -> AsyncIterator[Bot]:
    await bot.start()
    try:
        yield bot
        assert await bot.stop() == 0, bot.said()
        assert "Traceback" not in bot.said()
    finally:
        await bot.kill()


async def shown(server: BotServer, text: str) -> str:
    return (await server.reply_to(server.say(text), 20)).shown


async def answered(server: BotServer, text: str, wanted: bool) -> None:
    """Ask until the answer has, or has not, what the context gives."""
    async with asyncio.timeout(40):
        await shown(server, BOOKS)
        while (ANSWER in await shown(server, text)) != wanted:
            await asyncio.sleep(0.3)
            await shown(server, BOOKS)


async def test_a_full_disk(telegram: BotServer, tmp_path: Path) -> None:
    """No byte can be written any more: questions are answered without follow-ups, it is said once, and got over."""
    database = tmp_path / "full.sqlite3"
    async with running(bot_on(tmp_path, telegram.url, f"sqlite:///{database}")) as bot:
        await answered(telegram, FOLLOW_UP, wanted=True)
        full = Path(f"{database}-wal").stat().st_size  # noqa: ASYNC240
        resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (full, resource.RLIM_INFINITY))
        await answered(telegram, FOLLOW_UP, wanted=False)
        resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        await answered(telegram, FOLLOW_UP, wanted=True)
        assert bot.said().count("journal_down") == 1, bot.said()
        assert "disk" in next(line for line in bot.said().splitlines() if "journal_down" in line)
        assert bot.said().count("desk.memory journal_back") == 1, bot.said()


async def test_a_folder_that_cannot_be_written(telegram: BotServer, tmp_path: Path) -> None:
    """From the start on: questions are answered without follow-ups, it is said once, and got over when it is opened."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o500)
    bot = bot_on(tmp_path, telegram.url, f"sqlite:///{folder / 'k.sqlite3'}")
    try:
        await bot.spawn()
        await until(lambda: " connected" in bot.said())
        await answered(telegram, FOLLOW_UP, wanted=False)
        assert not await bot.ready()
        folder.chmod(0o700)
        await answered(telegram, FOLLOW_UP, wanted=True)
        await until_ready(bot)
        assert await bot.stop() == 0, bot.said()
    finally:
        folder.chmod(0o700)
        await bot.kill()
    assert bot.said().count("journal_down") == bot.said().count("journal_trouble") == 1, bot.said()
    assert "izin yok" in next(line for line in bot.said().splitlines() if "journal_down" in line)
    assert bot.said().count("desk.memory journal_back") == 1, bot.said()
    assert "Traceback" not in bot.said()


async def test_a_database_that_is_gone_for_long(telegram: BotServer, tmp_path: Path) -> None:
    """PostgreSQL is away: no question waits in vain, no follow-up is guessed, and all is well when it is back."""
    postgres = Postgres()
    postgres.start()
    try:
        async with running(bot_on(tmp_path, telegram.url, postgres.new_database())) as bot:
            await answered(telegram, FOLLOW_UP, wanted=True)
            await asyncio.to_thread(postgres.stop)
            await answered(telegram, FOLLOW_UP, wanted=False)
            asked = [telegram.say(BOOKS, chat=n, user=n) for n in range(100, 120)]
            for message in asked:
                assert ANSWER in (await telegram.reply_to(message, 10)).shown
            await asyncio.to_thread(postgres.start)
            await answered(telegram, FOLLOW_UP, wanted=True)
            assert bot.said().count("journal_down") == 1, bot.said()
            assert bot.said().count("desk.memory journal_back") == 1, bot.said()
        assert all(telegram.replies[message["message_id"]] == 1 for message in asked)
    finally:
        await asyncio.to_thread(postgres.remove)


async def test_a_name_that_does_not_resolve(tmp_path: Path) -> None:
    """Neither platform's host is known: the process stays, says so without a traceback, and stops cleanly."""
    async with DiscordServer() as discord:
        nowhere = {"DISCORD_TOKEN": discord.token, "DISCORD_API_URL": "http://discord.kopru.invalid/api/v10"}
    bot = bot_on(tmp_path, "http://telegram.kopru.invalid", f"sqlite:///{tmp_path / 'dns.sqlite3'}", nowhere)
    process = await bot.spawn()
    try:
        async with asyncio.timeout(60):
            while not ("server_away" in bot.said() and bot.said().count("platform=discord")):
                assert process.returncode is None, bot.said()
                await asyncio.sleep(0.1)
        await asyncio.sleep(2.0)
        assert process.returncode is None, bot.said()
        assert await bot.stop() == 0, bot.said()
    finally:
        await bot.kill()
    assert "Traceback" not in bot.said()
    assert not any(secret in bot.said() for secret in (TOKEN, discord.token))


async def test_names_that_resolve_later(tmp_path: Path, telegram: BotServer) -> None:
    """Both hosts become known only after a while: one line each, not one a try, and then the bot is there by itself."""
    async with DiscordServer() as discord:
        hosts = {"telegram.kopru.test": telegram.url, "discord.kopru.test": discord.api_url}
        apis = [url.replace("127.0.0.1", host) for host, url in hosts.items()]
        settings = {"DISCORD_TOKEN": discord.token, "DISCORD_API_URL": apis[1]}
        bot = bot_on(tmp_path, apis[0], f"sqlite:///{tmp_path / 'dns.sqlite3'}", settings)
        try:
            await bot.spawn()
            for word, host in zip(("server_away", "connection_failed"), hosts, strict=True):
                await until(lambda word=word: word in bot.said())  # type: ignore[misc]
                tries = asked(tmp_path, host)
                await until(lambda host=host, tries=tries: asked(tmp_path, host) > tries)  # type: ignore[misc]
            (tmp_path / "names").write_text("".join(f"{host} 127.0.0.1\n" for host in hosts))
            assert ANSWER in await shown(telegram, BOOKS)
            await until(lambda: discord.gateway.connected)
            post = await discord.reply_to(await discord.say(BOOKS, channel=discord.direct("u1")))
            assert ANSWER in post["content"] + str(post["embeds"])
            assert await bot.stop() == 0
        finally:
            await bot.kill()
    said = bot.said()
    assert (said.count("server_away"), said.count("connection_failed")) == (1, 1), said
    assert "Traceback" not in said
    assert discord.problems == []


def asked(tmp_path: Path, host: str) -> int:
    """How often the bot has looked ``host`` up."""
    path = tmp_path / "asked"
    return path.read_text("ascii").split().count(host) if path.exists() else 0


async def until(true: Callable[[], object], seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - another process does it
            await asyncio.sleep(0.05)


async def test_a_wall_clock_that_jumps(telegram: BotServer, tmp_path: Path) -> None:
    """Back and forth by hours: every question is answered, contexts are kept on the new clock, nothing is said twice."""
    messages = []
    async with running(bot_on(tmp_path, telegram.url, f"sqlite:///{tmp_path / 'jumps.sqlite3'}")) as bot:
        for hours in (0, -5, 5, 0):
            messages += [telegram.say(BOOKS, chat=n, user=n) for n in range(100, 110)]
            (tmp_path / "clock").write_text(str(hours * 3_600))
            assert abs(await age_s(bot) / 3_600 - hours) < 1, "the clock has jumped"
            messages += [telegram.say(BOOKS, chat=n, user=n) for n in range(100, 110)]
            await answered(telegram, FOLLOW_UP, wanted=True)
            for message in messages:
                assert ANSWER in (await telegram.reply_to(message, 20)).shown
        assert await bot.ready()
    assert {telegram.replies[message["message_id"]] for message in messages} == {1}
    assert "journal_down" not in bot.said()


async def until_ready(bot: Bot) -> None:
    async with asyncio.timeout(30):
        while not await bot.ready():  # noqa: ASYNC110 - another process does it
            await asyncio.sleep(0.1)


async def age_s(bot: Bot) -> float:
    """How old the content is by the bot's own clock."""
    async with aiohttp.ClientSession() as session, session.get(f"{bot.url}/metrics") as answer:
        found = re.search(r"^kopru_catalog_age_seconds (\S+)", await answer.text(), re.MULTILINE)
    assert found
    return float(found[1])
