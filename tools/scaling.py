"""Measures what a question costs a replica and the database: 1, 2 and 3 replicas on one PostgreSQL on this machine.

usage: python -m tools.scaling [--questions 6000]

Each replica is a process that does for a question what the Telegram webhook does between the wire and the wire: take, claim,
rate limit, context, answer, keep the context, done. HTTP and the platform's library are left out; benchmarks/ has them.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path

from bot.content.cache import cached_edition, default_folder
from bot.content.shelf import Shelf
from bot.curate.labelled import read_questions
from bot.desk import Asker, Desk
from bot.journal import open_journal
from bot.settings import Limits, Secret, Settings
from tests.postgres import Postgres
from tools.docs.regions import filled

TOGETHER = 32
"""Questions under way in one replica."""
PEOPLE = 500
PLENTY = Limits(600_000, 600_000, 100_000)
ROOT = Path(__file__).resolve().parent.parent
DEV, PAGE = ROOT / "tests" / "questions" / "dev.jsonl", ROOT / "docs" / "scaling.md"


@dataclass(frozen=True, slots=True)
class Spent:
    """One replica's part: when it began and ended (epoch seconds), and its CPU seconds in between."""

    began: float
    ended: float
    cpu_s: float


@dataclass(frozen=True, slots=True)
class Run:
    """What so many replicas did: wall seconds, and CPU seconds of all replicas and of the database."""

    replicas: int
    questions: int
    wall_s: float
    replica_cpu_s: float
    database_cpu_s: float

    def __str__(self) -> str:
        per = 1e6 / self.questions
        rate, cpu, base = self.questions / self.wall_s, self.replica_cpu_s * per, self.database_cpu_s * per
        return f"| {self.replicas} | {rate:.0f} | {cpu:.0f} | {base:.0f} |"


async def work(name: str, url: str, questions: Sequence[str], together: Barrier) -> Spent:
    """Answer ``questions`` as soon as all replicas are ready."""
    journal = await open_journal(url, b"scaling")
    settings = Settings(database_url=url, limits=PLENTY, pepper=Secret("scaling"))
    desk = Desk(Shelf(cached_edition(default_folder())), settings, journal)
    numbers = iter(enumerate(questions))
    await asyncio.to_thread(together.wait)
    spent, began = cpu_s(), time.time()

    async def one_by_one() -> None:
        for number, question in numbers:
            person = str(number % PEOPLE)
            update, asker, now = f"{name}-{number}", Asker("telegram", person, person), time.time()
            await journal.take("telegram", update, json.dumps({"text": question}), now, f"{name}-c{person}-{number}")
            await journal.claim_one("telegram", update, name, now, 20.0)
            await desk.allowed(asker)
            await desk.ask(asker, question)
            await journal.done("telegram", update, name, now)

    try:
        await asyncio.gather(*(one_by_one() for _ in range(TOGETHER)))
    finally:
        await journal.close()
    return Spent(began, time.time(), cpu_s() - spent)


def cpu_s() -> float:
    """CPU seconds of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def replica(name: str, url: str, questions: Sequence[str], together: Barrier, told: Queue[Spent]) -> None:
    """A process of its own."""
    told.put(asyncio.run(work(name, url, questions, together)))


def server_pid(port: int) -> int:
    """The PostgreSQL process that listens on ``port``; the others are its children."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if f"\0-p\0{port}\0" in path.read_text(errors="replace"):
                return int(path.parent.name)
        except OSError:
            continue
    raise RuntimeError(f"no server on port {port}")


def tree_cpu_s(pid: int) -> float:
    """CPU seconds of a process, its children that run and those that ended."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            number, rest = int(stat.parent.name), stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if number == pid:
            total += sum(map(int, rest[11:15]))
        elif int(rest[1]) == pid:
            total += sum(map(int, rest[11:13]))
    return total / 100


def measured(server: Postgres, replicas: int, questions: Sequence[str]) -> Run:
    """One run of so many replicas, each with its share of ``questions``."""
    url = server.new_database()
    context = multiprocessing.get_context("spawn")
    told: Queue[Spent] = context.Queue()
    together, pid = context.Barrier(replicas), server_pid(server.port)
    shares = [questions[i::replicas] for i in range(replicas)]
    processes = [
        context.Process(target=replica, args=(f"r{i}", url, share, together, told)) for i, share in enumerate(shares)
    ]
    asyncio.run(prepared(url))
    before = tree_cpu_s(pid)
    for process in processes:
        process.start()
    spent = [told.get() for _ in processes]
    for process in processes:
        process.join()
    wall_s = max(s.ended for s in spent) - min(s.began for s in spent)
    return Run(replicas, len(questions), wall_s, sum(s.cpu_s for s in spent), tree_cpu_s(pid) - before)


async def prepared(url: str) -> None:
    """Make the tables before anybody is timed."""
    await (await open_journal(url, b"scaling")).close()


def main() -> int:
    """Print the table and write it into docs/scaling.md."""
    parser = argparse.ArgumentParser(prog="python -m tools.scaling", description=__doc__)
    parser.add_argument("--questions", type=int, default=6_000, help="questions of each run")
    most = parser.parse_args().questions
    asked = [q.turns[-1] for q in read_questions([DEV])]
    questions = (asked * (most // len(asked) + 1))[:most]
    cached_edition(default_folder())  # compiled once, before anybody is timed
    server = Postgres(on_disk=True)
    try:
        server.start()
        rows = ["| replicas | questions a second | replica CPU, µs a question | database CPU, µs a question |"]
        rows += ["|---:|---:|---:|---:|", *(str(measured(server, replicas, questions)) for replicas in (1, 2, 3))]
    finally:
        server.remove()
    print("\n".join(rows))
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), {"replicas": "\n".join(rows)}), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
