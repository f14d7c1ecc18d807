"""Measures the bot on Discord against a plain echo bot on the same library, in one run, over loopback.

    python benchmarks/discord_load.py                 # echo, bot, echo, bot…: updates a second, p50, p99, CPU
    python benchmarks/discord_load.py --faults        # 2,000 questions, 10 % of calls failing, three gateway drops

The server runs in this process, the bot in one of its own (two cores). A closed loop keeps ``--window``
questions under way; the bot answers with its real desk, engine and SQLite journal, the echo bot sends the
text back. Three tables: a wire without delay, where the process's CPU and disk are the bound; one on which each
call takes ``--delay-ms`` as Discord's REST does; and the pace that Discord itself allows, 50 calls a second.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

QUESTIONS = (
    "Türk vatandaşları Kazakistan'da kaç gün vizesiz kalabilir?",
    "2024'te ticaret hacmi ne kadardı?",
    "Kazakistan'dan Türkiye'ye kaç turist geldi?",
    "Bugün hava nasıl olacak?",
    "Merhaba",
    "Diplomatik ilişkiler ne zaman kuruldu?",
)
PEOPLE = 200


@dataclass(frozen=True)
class Figures:
    """One run: updates a second, latencies in milliseconds, the bot's CPU per update in milliseconds."""

    per_s: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float


# ── the bots, each in a process of its own ──────────────────────────────────────────────────────


async def run_bot(api: str, token: str, database: str) -> None:
    """The product, until its standard input closes."""
    from bot.content.cache import cached_engine
    from bot.content.shelf import Edition, Shelf
    from bot.desk import Desk
    from bot.journal import open_journal
    from bot.platforms.discord import serve
    from bot.settings import Limits, Secret, Settings

    engine = cached_engine(ROOT)
    limits = Limits(person_per_minute=1e9, chat_per_minute=1e9, burst=1_000_000, running=64, waiting=10_000)
    settings = Settings(discord_token=Secret(token), discord_api_url=api, limits=limits)
    journal = await open_journal(database)
    desk = Desk(Shelf(Edition(engine, {}, engine.catalog.version, time.time())), settings, journal)
    stop = asyncio.Event()
    stdin = asyncio.create_task(_closed(stop))
    await serve(desk, settings, stop)
    await stdin
    await journal.close()


async def run_echo(api: str, token: str) -> None:
    """discord.py and nothing else: every message comes back as it is."""
    import discord
    from discord.http import Route

    Route.BASE = api
    client = discord.AutoShardedClient(intents=discord.Intents(guilds=True, messages=True), max_messages=None)

    @client.event
    async def on_message(message: discord.Message) -> None:
        if not message.author.bot:
            await message.reply(message.content, allowed_mentions=discord.AllowedMentions.none())

    stop = asyncio.Event()
    stdin = asyncio.create_task(_closed(stop))
    running = asyncio.create_task(client.start(token))
    await stop.wait()
    await client.close()
    await asyncio.wait({running, stdin})


async def _closed(stop: asyncio.Event) -> None:
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    stop.set()


# ── the measurement ─────────────────────────────────────────────────────────────────────────────


@asynccontextmanager
async def child(kind: str, server: Any, database: str) -> AsyncIterator[int]:
    """A bot's process, connected; yields its id."""
    command = (
        sys.executable,
        __file__,
        "--child",
        kind,
        "--api",
        server.api_url,
        "--token",
        server.token,
        "--database",
        database,
    )
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *command, stdin=pipe, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL, env={**os.environ}
    )
    assert process.stdin is not None
    try:
        async with asyncio.timeout(90):
            while not server.gateway.connected:  # noqa: ASYNC110 - another process connects
                await asyncio.sleep(0.1)
        await asyncio.sleep(1.5)
        yield process.pid
    finally:
        process.stdin.close()
        await asyncio.wait_for(process.wait(), 30)


def cpu_seconds(pid: int) -> float:
    """What a process has used so far, user and system."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Load:
    """How it is asked: at most ``window`` under way, ``per_s`` at most (0: no bound), ``delay_ms`` for each REST call."""

    name: str
    window: int
    per_s: float = 0.0
    delay_ms: float = 0.0


async def flood(server: Any, count: int, load: Load) -> list[float]:
    """Ask ``count`` questions; returns each one's seconds to its reply."""
    chance, gate = random.Random(5), asyncio.Semaphore(load.window)
    waiting: dict[str, float] = {}
    took: list[float] = []
    done = asyncio.Event()

    def answered(message: dict[str, Any]) -> None:
        began = waiting.pop((message.get("message_reference") or {}).get("message_id", ""), None)
        if began is not None:
            took.append(time.perf_counter() - began)
            gate.release()
            if len(took) == count:
                done.set()

    server.on_post = answered
    start = time.perf_counter()
    for number in range(count):
        await gate.acquire()
        if load.per_s:
            await asyncio.sleep(max(0.0, start + number / load.per_s - time.perf_counter()))
        message = server.write(chance.choice(QUESTIONS), user=f"kişi {chance.randrange(PEOPLE)}")
        waiting[message["id"]] = time.perf_counter()
        await server.tell("MESSAGE_CREATE", message)
    async with asyncio.timeout(120):
        await done.wait()
    server.on_post = None
    return took


async def measure(kind: str, count: int, load: Load, folder: str) -> Figures:
    """One bot on a fresh server: warmed up, then flooded."""
    from tests.servers.discord import DiscordServer

    async with DiscordServer() as server:
        server.text_ids = kind == "bot"
        database = f"sqlite:///{folder}/{kind}-{time.time_ns()}.sqlite3"
        async with child(kind, server, database) as pid:
            await flood(server, max(200, count // 10), replace(load, per_s=0.0))
            server.delay_s = load.delay_ms / 1e3
            began, cpu = time.perf_counter(), cpu_seconds(pid)
            took = sorted(await flood(server, count, load))
            seconds, cpu = time.perf_counter() - began, cpu_seconds(pid) - cpu
        assert server.problems == [] or kind == "echo", server.problems[:3]
    return Figures(count / seconds, took[len(took) // 2] * 1e3, took[int(len(took) * 0.99)] * 1e3, cpu / count * 1e3)


async def compare(count: int, load: Load, rounds: int) -> None:
    """Echo and bot by turns, so that a busy machine is unfair to both alike."""
    print(f"\n{load.name}: {count} updates, at most {load.window} under way, {PEOPLE} people, {rounds} rounds")
    print(f"{'':8}{'updates/s':>12}{'p50 ms':>10}{'p99 ms':>10}{'CPU ms/update':>16}")
    rates: dict[str, list[float]] = {"echo": [], "bot": []}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds):
            for kind in ("echo", "bot"):
                f = await measure(kind, count, load, folder)
                rates[kind].append(f.per_s)
                print(f"{kind:8}{f.per_s:12.0f}{f.p50_ms:10.1f}{f.p99_ms:10.1f}{f.cpu_ms:16.2f}", flush=True)
    print(f"ratio bot/echo, medians: {median(rates['bot']) / median(rates['echo']):.2f}")


async def faults(count: int) -> None:
    """Every question must get exactly one reply."""
    from tests.servers.discord import DiscordServer

    async with DiscordServer() as server:
        with tempfile.TemporaryDirectory() as folder:
            async with child("bot", server, f"sqlite:///{folder}/faults.sqlite3"):
                server.faults.rate = 0.10
                began, asked = time.perf_counter(), []
                for number in range(count):
                    if number in (count // 4, count // 2, 3 * count // 4):
                        await server.gateway.drop((1006, 4000, 1001)[number * 4 // count - 1])
                    asked.append(await server.say(QUESTIONS[number % len(QUESTIONS)], user=f"kişi {number % PEOPLE}"))
                    if number % 20 == 0:
                        await server.tell("MESSAGE_CREATE", asked[-1])
                    await asyncio.sleep(0.004)
                await server.until(lambda: all(server.replies_to(m) for m in asked[-PEOPLE:]), 240)
                await server.until(lambda: all(server.replies_to(m) for m in asked), 240)
                seconds = time.perf_counter() - began
                await server.settle(1.0)
        replies = Counter(len(server.replies_to(m)) for m in asked)
        print(
            f"{count} questions, {server.faults.injected} calls failed on purpose, 3 gateway drops, {count // 20} events twice"
        )
        print(f"resumed {server.gateway.resumes}, identified {server.gateway.identifies}, {seconds:.1f} s")
        print(f"replies per question: {dict(replies)}; limits broken: {len(server.problems)}")
        if set(replies) != {1}:
            raise SystemExit(1)


def main() -> None:
    """Read the arguments and run what they ask for."""
    parse = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parse.add_argument("--questions", type=int, default=2_000)
    parse.add_argument("--window", type=int, default=32)
    parse.add_argument("--rounds", type=int, default=3)
    parse.add_argument("--delay-ms", type=float, default=100.0, help="how long a REST call takes in the second table")
    parse.add_argument("--faults", action="store_true")
    for name in ("--child", "--api", "--token", "--database"):
        parse.add_argument(name, help=argparse.SUPPRESS)
    given = parse.parse_args()
    if given.child == "bot":
        asyncio.run(run_bot(given.api, given.token, given.database))
    elif given.child == "echo":
        asyncio.run(run_echo(given.api, given.token))
    elif given.faults:
        asyncio.run(faults(given.questions))
    else:
        for load in (
            Load("as fast as they go, a wire without delay", given.window),
            Load(f"each REST call takes {given.delay_ms:.0f} ms", given.window, 0.0, given.delay_ms),
            Load("50 updates a second, Discord's own limit for all calls of a bot", given.window, 50.0, given.delay_ms),
        ):
            asyncio.run(compare(given.questions if not load.per_s else 500, load, given.rounds))


if __name__ == "__main__":
    main()
