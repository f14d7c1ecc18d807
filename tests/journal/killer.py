"""Kills a journal's writer again and again and counts what it had acknowledged and what is left.

``python killer.py FILE ROUNDS SEED`` prints one JSON object. A process of its own, since it forks: the
writers then start in milliseconds. Every tenth round begins with no file, so that some die while the
tables are being made.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import select
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bot.errors import JournalError
from bot.journal import open_journal

NOW = 1_760_000_000.0
WRITERS = 4


async def write(path: Path, round_: int, told: int) -> None:
    """Write without end; a line goes to the pipe after each acknowledgement."""
    journal = await open_journal(f"sqlite:///{path}")

    async def one(writer: int) -> None:
        for number in range(1_000_000):
            id_ = f"{round_}-{writer}-{number}"
            assert await journal.take("telegram", id_, "soru", NOW)
            os.write(told, f"take {id_}\n".encode())
            assert await journal.claim_one("telegram", id_, "me", NOW, 30)
            await journal.keep_context(id_, "chat", id_, NOW, 60)
            os.write(told, f"keep {id_}\n".encode())
            assert await journal.done("telegram", id_, "me", NOW)
            os.write(told, f"done {id_}\n".encode())

    await asyncio.gather(*(one(writer) for writer in range(WRITERS)))


async def missing(path: Path, told: list[str]) -> list[str]:
    """What was acknowledged and is not there any more."""
    journal = await open_journal(f"sqlite:///{path}")
    lost = []
    for word, id_ in (line.split() for line in told):
        if word == "take" and await journal.take("telegram", id_, "", NOW):
            lost.append(f"take {id_}")
        if word == "keep" and await journal.context(id_, "chat", NOW) != id_:
            lost.append(f"keep {id_}")
        if word == "done" and await journal.claim_one("telegram", id_, "me", NOW + 99, 30):
            lost.append(f"done {id_}")
    await journal.close()
    return lost


def killed(path: Path, round_: int, after_s: float, *, begun: bool) -> list[str]:
    """Let a writer work for ``after_s`` seconds, kill it, and return what it had acknowledged.

    ``begun``: the time counts from its first acknowledgement, which comes late on a busy machine.
    """
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reads)
        try:
            asyncio.run(write(path, round_, writes))
        finally:
            os._exit(3)
    os.close(writes)
    if begun:
        select.select([reads], [], [], 30)
    time.sleep(after_s)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"the writer ended by itself in round {round_}: {status}"
    with os.fdopen(reads) as pipe:
        return [line for line in pipe.read().split("\n")[:-1] if line]


def rounds(path: Path, count: int, seed: int) -> Iterator[tuple[int, list[str]]]:
    """Each round's number of acknowledgements, and what of all since the file was made is lost."""
    chance = random.Random(seed)
    told: list[str] = []
    for round_ in range(count):
        if round_ % 10 == 0:
            told = []
            for end in ("", "-wal", "-shm"):
                path.with_name(path.name + end).unlink(missing_ok=True)
        fresh = killed(path, round_, chance.uniform(0, 0.06), begun=chance.random() < 0.5)
        told += fresh
        try:
            yield len(fresh), asyncio.run(missing(path, told if round_ % 10 == 9 else fresh))
        except JournalError as error:
            yield len(fresh), [f"does not open: {error}"]


def main() -> None:
    """Run the rounds and print what came of them."""
    found = list(rounds(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
    lost = [line for _, lines in found for line in lines]
    silent = sum(acknowledged == 0 for acknowledged, _ in found)
    sys.stdout.write(json.dumps({"acknowledged": sum(n for n, _ in found), "before_the_first": silent, "lost": lost}))


if __name__ == "__main__":
    main()
