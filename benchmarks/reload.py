"""A reload from the admin's request to the report, on this content: how long, and for how long the event loop is held.

    python -m benchmarks.reload                 # prints JSON: seconds and held milliseconds of each kind of reload

Runs in a process of its own, with the child that compiles beside it as in the running bot, on all cores.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from benchmarks.endurance.process import child_of, cpu_s
from benchmarks.growth import utterances
from bot.content.cache import cached_edition
from bot.content.shelf import Shelf
from bot.desk import Desk
from bot.journal import open_journal
from bot.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 10
MANY = 10_000
TICK_S = 0.001
PARTS = ("facts", "intents", "questions")
ADDED = "intents/added.yaml"
"""A file of the measurement's own, so that it need not know the content's."""


class Row(NamedTuple):
    """One reload: seconds by the clock, the longest ms for which the event loop was held, CPU seconds of both processes."""

    seconds: float
    held_ms: float
    cpu_s: float


def section(content: Path, rounds: int = ROUNDS) -> list[str]:
    """The section's lines of Markdown; wall time, since two processes share the work."""
    found = measured(content, rounds)
    table = []
    for name, rows in found.items():
        took, cpu = [r.seconds for r in rows], statistics.median(r.cpu_s for r in rows)
        held = max(r.held_ms for r in rows)
        table.append(f"| {name} | {statistics.median(took):.2f} | {max(took):.2f} | {cpu:.2f} | {held:.0f} |")
    head = [
        "| what changed | median s | slowest s | CPU s, both processes | event loop held, longest ms |",
        "|---|---:|---:|---:|---:|",
    ]
    return ["## Reload from request to report", "", *head, *table, ""]


def measured(content: Path, rounds: int) -> dict[str, list[Row]]:
    """What changed → the figures of every such reload, measured in a process of its own."""
    command = (sys.executable, "-m", "benchmarks.reload", "--content", str(content), "--rounds", str(rounds))
    said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return {name: [Row(*r) for r in rows] for name, rows in json.loads(said).items()}


def with_utterances(folder: Path, texts: list[str]) -> None:
    """Write the measurement's own file: an intent outside of the scope that is asked by ``texts``."""
    lines = "".join(f"      {text}\n" for text in texts)
    (folder / ADDED).write_text(f"out_of_scope:\n  - id: added\n    utterances: |\n{lines}", encoding="utf-8")


async def timed(desk: Desk) -> Row:
    """One reload; the event loop counts as held while it comes too late to a tick."""
    longest, child = 0.0, child_of(os.getpid())
    cpu = time.process_time() + cpu_s(child)
    began = last = time.perf_counter()
    task = asyncio.create_task(desk.renewal.reload(None))
    while not task.done():
        await asyncio.sleep(TICK_S)
        now = time.perf_counter()
        longest, last = max(longest, now - last - TICK_S), now
    report = await task
    if not report.ok:
        raise RuntimeError(report.text)
    took = time.perf_counter() - began
    return Row(took, 1e3 * longest, time.process_time() + cpu_s(child) - cpu)


async def reloads(content: Path, rounds: int, home: Path) -> Mapping[str, list[Row]]:
    """One utterance added, ten times; one statement changed; ten thousand utterances added."""
    for part in PARTS:
        if (content / part).is_dir():
            shutil.copytree(content / part, home / part)
    texts = [text for text, _ in utterances(MANY + rounds)]
    with_utterances(home, texts[:5])
    journal = await open_journal(f"sqlite:///{home / 'journal.sqlite3'}", b"pepper")
    desk = Desk(Shelf(cached_edition(home)), Settings(content_dir=home), journal)
    found: dict[str, list[Row]] = {}
    try:
        await desk.renewal.introduce()
        await desk.renewal.warm()
        gc.collect()
        gc.freeze()
        for number in range(rounds):
            with_utterances(home, texts[: 6 + number])
            found.setdefault("one utterance added", []).append(await timed(desk))
        shutil.rmtree(home / "questions", ignore_errors=True)  # invented words may change what they ask for
        for number in range(2):
            with_utterances(home, texts[: 5 + rounds + (number == 0) * MANY])
            name = f"{MANY:,} utterances {'taken away' if number else 'added'}"
            found.setdefault(name, []).append(await timed(desk))
    finally:
        desk.renewal.close()
        await journal.close()
    return found


def main() -> None:
    """See the module's docstring."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--content", type=Path, default=ROOT)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    given = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, range(os.cpu_count() or 1))
    with tempfile.TemporaryDirectory() as home:
        sys.stdout.write(json.dumps(asyncio.run(reloads(given.content, given.rounds, Path(home)))))


if __name__ == "__main__":
    main()
