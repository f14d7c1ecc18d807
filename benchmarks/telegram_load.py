"""Telegram under load: updates a second against a plain echo bot on the same library, latency, and one reply each under faults.

    python -m benchmarks.telegram_load                      # ratio to the echo bots, p50 and p99 at half of the maximal load
    python -m benchmarks.telegram_load --faults 0.1         # 2,000 questions, a tenth of all calls 429, 5xx or dropped
    python -m benchmarks.telegram_load --kills 10           # a backlog with kill -9 again and again

The loopback server runs in this process, each bot in one of its own; the bots see the same updates in one run, in turn, three
times, and the best time of each counts. The echo bots are the library's Application with polling and one handler:
``echo`` as its documentation shows it, ``echo+`` with ``concurrent_updates`` (slower: httpx's pool).
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.servers.telegram import TOKEN, BotServer, some_faults  # noqa: E402 - the path comes first

QUESTIONS = (
    "İki ülke arasındaki ticaret hacmi 2024'te ne kadardı?",
    "Kazakistan'da kaç gün vizesiz kalınır?",
    "2024'te kaç Kazak turist Türkiye'ye geldi?",
    "peki tersi?",
    "Türkiye'nin Kazakistan'da hangi şehirlerde konsolosluğu var?",
    "Diplomatik ilişkiler ne zaman kuruldu?",
    "Kaç Türk şirketi faaliyet gösteriyor?",
    "Dolar kuru kaç?",
    "teşekkürler",
    "Kaç ortak proje var?",
)


# ── the bots, each a process of its own ─────────────────────────────────────────────────────────


def echo(api: str, *, concurrent: bool) -> None:
    """The library's echo bot, as plain as its documentation has it."""
    from telegram import Update
    from telegram.ext import Application, ContextTypes, MessageHandler, filters

    async def answer(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        message = update.effective_message
        if message and message.text:
            await message.reply_text(message.text, do_quote=True)

    builder = Application.builder().token(TOKEN).base_url(f"{api}/bot").concurrent_updates(concurrent)
    app = builder.connection_pool_size(256).pool_timeout(60).build()
    app.add_handler(MessageHandler(filters.TEXT, answer))
    app.run_polling()


async def kopru(api: str, database: str) -> None:
    """The real thing: desk, engine, SQLite journal, polling; without the limits for single persons."""
    from bot.content.cache import cached_engine
    from bot.content.shelf import Edition, Shelf
    from bot.desk import Desk
    from bot.journal import open_journal
    from bot.platforms.telegram import serve
    from bot.settings import Limits, Secret, Settings

    limits = Limits(person_per_minute=1e6, chat_per_minute=1e6, burst=1_000_000, running=64, waiting=5_000)
    settings = Settings(telegram_token=Secret(TOKEN), telegram_api_url=api, database_url=database, limits=limits)
    engine = cached_engine(ROOT)
    journal = await open_journal(database)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await serve(Desk(Shelf(Edition(engine, {}, engine.catalog.version, 0.0)), settings, journal), settings, stop)
    await journal.close()


@asynccontextmanager
async def process(role: str, server: BotServer, folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """A bot in a process of its own, connected."""
    before = server.polls
    arguments = (__file__, "--role", role, "--api", server.url, "--database", f"sqlite:///{folder}/{role}.sqlite3")
    child = await asyncio.create_subprocess_exec(sys.executable, *arguments)
    try:
        await server.until(lambda: server.polls > before + 1, 60)
        await asyncio.sleep(0.5)
        yield child
    finally:
        if child.returncode is None:
            child.send_signal(signal.SIGTERM)
            await asyncio.wait_for(child.wait(), 30)


# ── measuring ───────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Measured:
    """``rate`` in updates a second; latencies from the update's arrival to its reply, in milliseconds."""

    rate: float
    p50_ms: float
    p99_ms: float


async def flooded(server: BotServer, updates: int, people: int, rate: float | None = None) -> Measured:
    """Put ``updates`` before the bot, all at once or ``rate`` a second, and wait for a reply to each."""
    arrived: dict[int, float] = {}
    seen = len(server.sent)
    began = time.monotonic()
    for number in range(updates):
        if rate is not None:
            await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
        user = 1 + number % people
        message = server.say(QUESTIONS[number % len(QUESTIONS)], chat=user, user=user)
        arrived[message["message_id"]] = time.monotonic()
    await server.until(lambda: len(server.sent) - seen >= updates, 300)
    took = max(s.at for s in server.sent[seen:]) - began
    waits = sorted(1e3 * (s.at - arrived[s.reply_to]) for s in server.sent[seen:] if s.reply_to in arrived)
    assert len(waits) == updates
    return Measured(updates / took, statistics.median(waits), waits[int(0.99 * len(waits))])


async def load(updates: int, people: int, bots: list[str]) -> None:
    """The table: each bot's best of two floods, its ratio to the echo bots, and its latency at half load."""
    best: dict[str, float] = {}
    calm: dict[str, Measured] = {}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(3):
            for role in bots:
                async with BotServer(keep_calls=False) as server, process(role, server, Path(folder)):
                    await flooded(server, 200, people)
                    flood = await flooded(server, updates, people)
                    best[role] = max(best.get(role, 0.0), flood.rate)
                    print(f"{role}: {flood.rate:.0f}/s", file=sys.stderr, flush=True)
                    if role not in calm:
                        calm[role] = await flooded(server, updates // 2, people, flood.rate / 2)
                    assert server.violations == []
                (Path(folder) / "kopru.sqlite3").unlink(missing_ok=True)
    print(f"\n{updates} updates from {people} people, loopback; {os.cpu_count()} cores")
    print(f"{'bot':8}{'updates/s':>12}{'kopru ÷ it':>12}{'half load':>12}{'p50 ms':>10}{'p99 ms':>10}")
    for role, rate in best.items():
        at_half = calm[role]
        row = f"{role:8}{rate:12.0f}{best['kopru'] / rate:12.2f}{at_half.rate:12.0f}"
        print(f"{row}{at_half.p50_ms:10.1f}{at_half.p99_ms:10.1f}")


async def faulty(questions: int, people: int, share: float, seed: int) -> None:
    """Each question is to get exactly one reply though a share of all calls fails."""
    with tempfile.TemporaryDirectory() as folder:
        async with BotServer() as server:
            server.faults = some_faults(share, seed)
            async with process("kopru", server, Path(folder)):
                began = time.monotonic()
                asked = [
                    server.say(QUESTIONS[n % 10], chat=1 + n % people, user=1 + n % people) for n in range(questions)
                ]
                await server.until(lambda: all(server.replies[m["message_id"]] for m in asked), 300)
                took = time.monotonic() - began
                await asyncio.sleep(1.0)
            failed = sum(c.status != 200 for c in server.calls if c.method == "sendMessage")
            counts = sorted({n: list(server.replies.values()).count(n) for n in set(server.replies.values())}.items())
            print(
                f"{questions} questions, {share:.0%} of calls failed on purpose ({failed} sends): replies each {counts}, {took:.1f} s"
            )
            assert counts == [(1, questions)], "not exactly one reply each"


def _answered(server: BotServer, goal: int) -> bool:
    return sum(map(bool, server.replies.values())) >= goal


async def killed(questions: int, people: int, kills: int) -> None:
    """A backlog answered by a process that is killed again and again; how many questions got how many replies."""
    with tempfile.TemporaryDirectory() as folder:
        async with BotServer() as server:
            asked = [server.say(QUESTIONS[n % 10], chat=1 + n % people, user=1 + n % people) for n in range(questions)]
            for kill in range(1, kills + 1):
                async with process("kopru", server, Path(folder)) as child:
                    goal = kill * questions // (kills + 1)
                    await server.until(partial(_answered, server, goal), 120)
                    child.kill()
                    await child.wait()
            async with process("kopru", server, Path(folder)):
                await server.until(lambda: all(server.replies[m["message_id"]] for m in asked), 120)
            counts = sorted({n: list(server.replies.values()).count(n) for n in set(server.replies.values())}.items())
            print(f"{questions} questions, {kills} times kill -9: replies each {counts}")


def main() -> None:
    """See the module's docstring."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--updates", type=int, default=2_000)
    parser.add_argument("--bots", default="echo,kopru", help="any of echo, echo+, kopru")
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--faults", type=float, default=0.0)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--role", choices=("echo", "echo+", "kopru"))
    parser.add_argument("--api", default="")
    parser.add_argument("--database", default="")
    args = parser.parse_args()
    logging.basicConfig(level=logging.ERROR)
    if args.role == "kopru":
        asyncio.run(kopru(args.api, args.database))
    elif args.role:
        echo(args.api, concurrent=args.role == "echo+")
    elif args.faults:
        asyncio.run(faulty(args.updates, args.people, args.faults, args.seed))
    elif args.kills:
        asyncio.run(killed(args.updates, args.people, args.kills))
    else:
        asyncio.run(load(args.updates, args.people, args.bots.split(",")))


if __name__ == "__main__":
    main()
