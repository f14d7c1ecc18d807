"""Questions a second on one core: through the engine, through the desk with its journal, and through each platform.

All are counted by the CPU time of the process that answers, since stand-in servers and whoever asks share the core.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks import discord_load, telegram_load
from benchmarks.endurance.process import cpu_s
from benchmarks.stages import questions_of
from bot.content.cache import cached_edition
from bot.content.shelf import Edition, Shelf
from bot.desk import Asker, Desk
from bot.engine.answer import answer
from bot.engine.context import NO_CONTEXT
from bot.journal import open_journal
from bot.settings import Limits, Settings
from tests.servers.telegram import BotServer

ASKED = 2_000
PEOPLE = 100
UNLIMITED = Limits(person_per_minute=1e9, chat_per_minute=1e9, burst=1_000_000, running=64, waiting=10_000)


def section(content: Path, asked: int = ASKED) -> list[str]:
    """The section's lines of Markdown; platforms always serve the product's own content."""
    rates = measured(content, asked)
    whole = rates["engine"]
    return [
        "## Questions a second on one core",
        "",
        "| through | questions a second | CPU ms a question | ratio to the engine |",
        "|---|---:|---:|---:|",
        *(f"| {name} | {rate:.0f} | {1e3 / rate:.2f} | {rate / whole:.2f} |" for name, rate in rates.items()),
        "",
    ]


def measured(content: Path, asked: int) -> Mapping[str, float]:
    """Through what → questions a second of the answering process's CPU time."""
    edition = cached_edition(content)
    some = questions_of(edition.engine.catalog)
    questions = [some[n % len(some)] for n in range(asked)]
    with tempfile.TemporaryDirectory() as home:
        return {
            "engine": _engine(edition, questions),
            "desk, its journal in SQLite": asyncio.run(_desk(edition, questions, Path(home))),
            "Telegram, polling": asyncio.run(_telegram(asked, Path(home))),
            "Discord, gateway": asyncio.run(_discord(asked, Path(home))),
        }


def _engine(edition: Edition, questions: Sequence[str]) -> float:
    for question in questions[: len(questions) // 4]:
        answer(question, NO_CONTEXT, edition.engine)
    began = time.process_time()
    for question in questions:
        answer(question, NO_CONTEXT, edition.engine)
    return len(questions) / (time.process_time() - began)


async def _desk(edition: Edition, questions: Sequence[str], home: Path) -> float:
    """``PEOPLE`` ask at a time, each the next question when the one before was answered."""
    journal = await open_journal(f"sqlite:///{home / 'desk.sqlite3'}", b"pepper")
    desk = Desk(Shelf(edition), Settings(limits=UNLIMITED), journal)

    async def person(number: int) -> None:
        asker = Asker("telegram", str(number), str(number))
        for question in questions[number::PEOPLE]:
            await desk.ask(asker, question)

    try:
        began = time.process_time()
        await asyncio.gather(*map(person, range(PEOPLE)))
        return len(questions) / (time.process_time() - began)
    finally:
        await journal.close()


async def _telegram(asked: int, home: Path) -> float:
    async with BotServer(keep_calls=False) as server, telegram_load.process("kopru", server, home) as child:
        await telegram_load.flooded(server, asked // 10, PEOPLE)
        began = cpu_s(child.pid)
        await telegram_load.flooded(server, asked, PEOPLE)
        return asked / (cpu_s(child.pid) - began)


async def _discord(asked: int, home: Path) -> float:
    load = discord_load.Load("as fast as they go", window=32)
    return 1e3 / (await discord_load.measure("bot", asked, load, str(home))).cpu_ms
