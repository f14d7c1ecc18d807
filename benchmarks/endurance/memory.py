"""One replica for a long time: whether its memory stays flat, and how long a reply takes at half of the maximal load.

    python -m benchmarks.endurance.memory                        # 100,000 questions from 20,000 people
    python -m benchmarks.endurance.memory --questions 10000 --people 2000 --small

Everybody has asked once after the first fifth; from there the memory is compared with the end. The growth from the
first thousand questions on, when caches and tables are still empty, is told beside it.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.endurance.fleet import Fleet, fleet
from benchmarks.endurance.process import load_average, percentile, resident_mb
from benchmarks.endurance.talk import PRODUCT, SMALL, Script

WINDOW = 48
SAMPLES = 200


@dataclass(slots=True)
class Found:
    """``memory_mb`` is sampled evenly over the questions; latencies are seconds at half of the maximal load."""

    questions: int
    people: int
    memory_mb: list[float] = field(default_factory=list)
    per_s: float = 0.0
    calm_per_s: float = 0.0
    calm: list[float] = field(default_factory=list)
    load: str = ""

    @property
    def growth(self) -> float:
        """From when everybody has asked once to the end: the last tenth's median over that of the fifth's end."""
        return statistics.median(self._part(0.9, 1.0)) / statistics.median(self._part(0.2, 0.3)) - 1

    @property
    def growth_from_the_start(self) -> float:
        """The same from the first hundredth."""
        return statistics.median(self._part(0.9, 1.0)) / statistics.median(self._part(0.0, 0.015)) - 1

    def _part(self, start: float, end: float) -> list[float]:
        n = len(self.memory_mb)
        return self.memory_mb[int(n * start) : max(int(n * start) + 1, int(n * end))]


async def watched(questions: int, people: int, script: Script, home: Path) -> Found:
    """``questions`` as fast as one replica answers, then a tenth of them at half of that rate."""
    found = Found(questions, people)
    async with fleet(home, script, f"sqlite:///{home / 'memory.sqlite3'}", 1) as one:
        await _flood(one, script, questions, people, found)
        await _paced(one, script, min(questions // 10, 5_000), people, found)
        found.load = load_average()
        assert one.server.violations == [], one.server.violations[:3]
    return found


async def _flood(to: Fleet, script: Script, questions: int, people: int, found: Found) -> None:
    """A closed loop of WINDOW; each round of it goes through all the people."""
    began = time.monotonic()
    every = max(1, questions // SAMPLES)
    asked = iter(range(questions))

    async def lane() -> None:
        for number in asked:
            await _ask(to, script, number, people)
            if number % every == 0:
                found.memory_mb.append(resident_mb(to.bots[0].pid))

    await asyncio.gather(*(lane() for _ in range(WINDOW)))
    found.per_s = questions / (time.monotonic() - began)


async def _paced(to: Fleet, script: Script, questions: int, people: int, found: Found) -> None:
    """An open loop at half of the rate that was reached: nobody waits for anybody's answer."""
    found.calm_per_s = found.per_s / 2
    began = time.monotonic()

    async def one(number: int) -> None:
        await asyncio.sleep(max(0.0, began + number / found.calm_per_s - time.monotonic()))
        found.calm.append(await _ask(to, script, number, people))

    await asyncio.gather(*map(one, range(questions)))
    found.calm.sort()


async def _ask(to: Fleet, script: Script, number: int, people: int) -> float:
    """Seconds from the update's delivery to its reply; every third question is a follow-up."""
    text = random.Random(number).choice(script.follow_ups if number // people % 3 else script.openers)
    user = 1_000 + number % people
    message = to.server.message(text, chat=user, user=user)
    began = time.monotonic()
    await to.sender.deliver({"update_id": message["message_id"], "message": message})
    while not to.server.replies[message["message_id"]]:  # noqa: ASYNC110
        await asyncio.sleep(0.002)
    took = time.monotonic() - began
    to.server._texts.pop((user, message["message_id"]))  # noqa: SLF001 - the measurer must not fill up instead
    if len(to.server.sent) > 2_000:
        to.server.sent.clear()
    return took


def table(found: Found) -> str:
    """The figures as lines of text."""
    first, last = found.memory_mb[0], found.memory_mb[-1]
    half = percentile(found.calm, 0.5), percentile(found.calm, 0.99)
    return "\n".join(
        (
            f"{found.questions} questions from {found.people} people, one replica: {found.per_s:.0f} a second",
            f"memory {first:.0f} MB at first, {max(found.memory_mb):.0f} at most, {last:.0f} at the end",
            f"growth since everybody asked once {found.growth:+.1%}, since the first hundredth {found.growth_from_the_start:+.1%}",
            f"at half of that load ({found.calm_per_s:.0f}/s): p50 {1e3 * half[0]:.1f} ms, p99 {1e3 * half[1]:.1f} ms",
            f"load average {found.load}",
        )
    )


def main() -> int:
    """See the module's docstring; 1 when the memory grew by more than 5 %."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--questions", type=int, default=100_000)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--small", action="store_true", help="the tests' small content instead of the product's")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        work = watched(given.questions, given.people, SMALL if given.small else PRODUCT, Path(home))
        found = asyncio.run(work)
    print(table(found))
    return int(found.growth > 0.05)


if __name__ == "__main__":
    sys.exit(main())
