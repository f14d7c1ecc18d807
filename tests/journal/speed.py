"""Measures both stores, each call acknowledged and on disk: ``python -m tests.journal.speed``."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from bot.journal import Journal, open_journal
from tests.postgres import Postgres

NOW = 1_760_000_000.0
CALLS = 4_000
TOGETHER = (1, 8, 64)
BODY = '{"intent": "trade", "slots": {"year": ["2024"]}}' * 5


async def _rate(call: Callable[[int], Awaitable[object]], together: int, calls: int = CALLS) -> str:
    """Calls a second, and the 50th and 99th of a hundred waits, with ``together`` callers."""
    waits: list[float] = []
    numbers = iter(range(calls))

    async def caller() -> None:
        for number in numbers:
            start = time.perf_counter()
            await call(number)
            waits.append(time.perf_counter() - start)

    start, busy = time.perf_counter(), time.process_time()
    await asyncio.gather(*(caller() for _ in range(together)))
    took, busy = time.perf_counter() - start, time.process_time() - busy
    waits.sort()
    p50, p99 = (1_000 * waits[len(waits) * part // 100] for part in (50, 99))
    return f"{calls / took:7.0f}/s  p50 {p50:6.2f} ms  p99 {p99:6.2f} ms  {1e6 * busy / calls:4.0f} µs cpu"


async def _measure(name: str, journal: Journal) -> None:
    async def question(number: int) -> None:
        """All that one answered question costs the journal."""
        id_ = f"q{together}-{number}"
        person = journal.person_key("telegram", str(number % 500))
        await journal.take_and_claim("telegram", id_, BODY, "me", NOW, 30, lane=id_)
        await journal.allow(person, 1_000, 1_000, NOW)
        await journal.context(person, "chat", NOW)
        await journal.keep_context(person, "chat", BODY, NOW, 600)
        await journal.done("telegram", id_, "me", NOW)

    async def claim(number: int) -> None:
        for update in await journal.claim("telegram", "me", NOW, 30, 1):
            await journal.done("telegram", update.update_id, "me", NOW)

    calls: dict[str, Callable[[int], Awaitable[object]]] = {
        "take": lambda number: journal.take("telegram", f"t{together}-{number}", BODY, NOW),
        "claim (1) + done": claim,
        "keep_context": lambda number: journal.keep_context(f"p{number % 500}", "c", BODY, NOW, 600),
        "context": lambda number: journal.context(f"p{number % 500}", "c", NOW),
        "allow": lambda number: journal.allow(f"b{number % 500}", 1, 5, NOW + number),
        "note_refused": lambda number: journal.note_refused("p", "telegram", "unknown", "", f"soru {number}", NOW),
        "a whole question": question,
    }
    for together in TOGETHER:
        for what, call in calls.items():
            sys.stdout.write(f"{name:10} {what:17} ×{together:<3} {await _rate(call, together)}\n")
    await journal.close()


def main() -> None:
    """Measure SQLite in a file and PostgreSQL on loopback, both with their data on disk."""
    with tempfile.TemporaryDirectory() as folder:
        address = f"sqlite:///{Path(folder) / 'journal.sqlite3'}"
        asyncio.run(_open_and_measure("SQLite", address))
    server = Postgres(on_disk=True)
    try:
        server.start()
        asyncio.run(_open_and_measure("PostgreSQL", server.new_database()))
    finally:
        server.remove()


async def _open_and_measure(name: str, address: str) -> None:
    await _measure(name, await open_journal(address))


if __name__ == "__main__":
    main()
