"""How many updates a second one, two and three replicas answer on this machine, and which process is the bound.

    python -m benchmarks.endurance.throughput                    # 1, 2 and 3 replicas by webhook on one PostgreSQL

A closed loop keeps ``--window`` updates under way. What matters more than the rate, which the machine's cores and
whoever else uses them decide, is the processor time that one update costs in each process.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.endurance.fleet import Fleet, fleet
from benchmarks.endurance.process import cpu_s, load_average, percentile
from benchmarks.endurance.talk import PRODUCT, SMALL, Oracle, Script, conversation
from tests.postgres import Postgres

WARM_UP = 300


@dataclass(frozen=True, slots=True)
class Figures:
    """Updates a second; milliseconds of processor time an update costs in replicas, database and measurer."""

    replicas: int
    per_s: float
    p50_ms: float
    p99_ms: float
    replica_ms: float
    database_ms: float
    measurer_ms: float
    load: str


async def measured(replicas: int, updates: int, window: int, script: Script, home: Path, database: Postgres) -> Figures:
    """One closed loop on ``replicas`` replicas; raises AssertionError when an answer is not the right one."""
    oracle = Oracle.of(script.lay_out(home / "oracle"))
    async with fleet(home, script, database.new_database(), replicas) as found:
        await _flood(found, oracle, script, WARM_UP, window)
        postgres = [child.pid for child in psutil.Process(database.pid).children(recursive=True)]
        pids = [bot.pid for bot in found.bots]
        before = [_used(pids), _used(postgres), time.process_time()]
        began = time.monotonic()
        waits = sorted(await _flood(found, oracle, script, updates, window))
        took = time.monotonic() - began
        each = 1e3 / updates
        cpu = _used(pids) - before[0], _used(postgres) - before[1], time.process_time() - before[2]
    return Figures(
        replicas,
        updates / took,
        1e3 * percentile(waits, 0.5),
        1e3 * percentile(waits, 0.99),
        cpu[0] * each,
        cpu[1] * each,
        cpu[2] * each,
        load_average(),
    )


async def _flood(to: Fleet, oracle: Oracle, script: Script, updates: int, window: int) -> list[float]:
    """``window`` people who ask without a pause; the seconds from each update's delivery to its reply."""
    waits: list[float] = []
    base = 10_000 + len(to.server.sent)

    async def person(number: int, share: int) -> None:
        lines = conversation(script, oracle, random.Random(number))
        for _ in range(share):
            line = next(lines)
            message = to.server.message(line.text, chat=base + number, user=base + number)
            began = time.monotonic()
            await to.sender.deliver({"update_id": message["message_id"], "message": message})
            while not to.server.replies[message["message_id"]]:  # noqa: ASYNC110
                await asyncio.sleep(0.002)
            waits.append(time.monotonic() - began)

    await asyncio.gather(*(person(n, updates // window) for n in range(window)))
    return waits


def _used(pids: list[int]) -> float:
    return sum(cpu_s(pid) for pid in pids if psutil.pid_exists(pid))


def table(rows: list[Figures]) -> str:
    """The figures as a table."""
    head = f"{'replicas':>8}{'updates/s':>11}{'p50 ms':>9}{'p99 ms':>9}{'CPU ms an update: replicas':>28}{'PostgreSQL':>12}{'measurer':>10}  load average"
    lines = [
        f"{r.replicas:8}{r.per_s:11.0f}{r.p50_ms:9.1f}{r.p99_ms:9.1f}{r.replica_ms:28.2f}{r.database_ms:12.2f}{r.measurer_ms:10.2f}  {r.load}"
        for r in rows
    ]
    return "\n".join([head, *lines])


def main() -> int:
    """See the module's docstring."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--updates", type=int, default=6_000)
    parser.add_argument("--window", type=int, default=48)
    parser.add_argument("--replicas", default="1,2,3")
    parser.add_argument("--small", action="store_true", help="the tests' small content instead of the product's")
    given = parser.parse_args()
    database = Postgres(on_disk=True)
    rows = []
    try:
        database.start()
        for replicas in map(int, given.replicas.split(",")):
            with tempfile.TemporaryDirectory() as home:
                script = SMALL if given.small else PRODUCT
                work = measured(replicas, given.updates, given.window, script, Path(home), database)
                rows.append(asyncio.run(work))
                print(table(rows[-1:]), file=sys.stderr, flush=True)
    finally:
        database.remove()
    print(table(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
