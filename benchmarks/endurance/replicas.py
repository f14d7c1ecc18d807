"""Three replicas on one PostgreSQL, killed one by one: whether every update is answered once and rightly.

    python -m benchmarks.endurance.replicas                      # 30,000 updates from 500 people
    python -m benchmarks.endurance.replicas --updates 1500 --small

On the way: follow-ups whose answer depends on the context, 5 % of the updates delivered twice, two reloads on one
replica, one restart of the database. Telegram cannot be asked whether a message was sent, so a reply that was on its
way when its replica was killed may come twice; these are counted apart, and nothing else is let pass.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg

from benchmarks.endurance.fleet import ADMIN, Fleet, fleet
from benchmarks.endurance.process import load_average, percentile
from benchmarks.endurance.talk import FIRST, PRODUCT, SMALL, Line, Oracle, Script, conversation, sign_of
from tests.postgres import Postgres
from tests.servers.telegram import BotServer, Sent

MARKS = (FIRST, sign_of(1), sign_of(2))
TWICE = 0.05
IMPATIENT = 0.3
"""So many of the questions do not wait for the answer before."""
WIRE_S = 0.5
"""What a replica had sent when it was killed arrives so long afterwards."""
SETTLE_S = 90.0
RELOAD_S = 400.0
"""A reload is begun anew by another replica, lease after lease, until none is killed under it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The size of a run; ``kill_every_s`` counts from one kill to the next."""

    updates: int = 30_000
    people: int = 500
    rate: float = 100.0
    kill_every_s: float = 5.0
    seed: int = 1


@dataclass(slots=True)
class Found:
    """What came of it. ``wrong`` and ``missing`` must be empty, ``twice`` all on their way at a kill."""

    asked: dict[int, Line] = field(default_factory=dict)
    sent_at: dict[int, float] = field(default_factory=dict)
    kills: list[float] = field(default_factory=list)
    restarts_s: list[float] = field(default_factory=list)
    repeated: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    versions: set[str] = field(default_factory=set)
    reports: list[str] = field(default_factory=list)
    database_away: tuple[float, float] = (0.0, 0.0)
    took_s: float = 0.0
    replies: dict[int, list[Sent]] = field(default_factory=dict)
    marked_at: dict[int, float] = field(default_factory=dict)
    """When each update was marked as answered, on the same clock as the replies."""

    @property
    def missing(self) -> list[Line]:
        """Questions without a reply."""
        return [line for number, line in self.asked.items() if not self.replies.get(number)]

    @property
    def wrong(self) -> list[tuple[Line, str]]:
        """Questions with a reply that no version gives in that context."""
        return [
            (line, sent.shown)
            for number, line in self.asked.items()
            for sent in self.replies.get(number, ())
            if not any(line.fits(sent.shown, mark) for mark in MARKS)
        ]

    @property
    def twice(self) -> list[int]:
        """Questions with more than one reply."""
        return [number for number in self.asked if len(self.replies.get(number, ())) > 1]

    @property
    def twice_without_a_kill(self) -> list[int]:
        """Those of them whose first reply was not on its way at any kill."""
        longest = self.on_its_way_s
        return [
            n for n in self.twice if not any(-WIRE_S <= kill - self.replies[n][0].at <= longest for kill in self.kills)
        ]

    @property
    def on_its_way_s(self) -> float:
        """The longest time from a reply to its mark, of the updates that were answered once: what a kill can hit."""
        gaps = [at - self.replies[n][0].at for n, at in self.marked_at.items() if len(self.replies.get(n, ())) == 1]
        return max(gaps, default=0.0)


async def endured(plan: Plan, script: Script, home: Path, database: Postgres) -> Found:
    """The run; ``database`` is started and is restarted on the way."""
    found = Found()
    oracle = Oracle.of(script.lay_out(home / "oracle"))
    url = database.new_database()
    async with fleet(home, script, url, 3) as replicas:
        began = time.monotonic()
        over = asyncio.Event()
        killing = asyncio.create_task(_kill_now_and_then(replicas, plan, found, over))
        beside = asyncio.create_task(_reload_and_restart(replicas, script, plan, found, database))
        lines = [conversation(script, oracle, random.Random(f"{plan.seed}/{n}")) for n in range(plan.people)]
        await asyncio.gather(*(_person(n, lines[n], replicas, plan, found) for n in range(plan.people)))
        over.set()
        await asyncio.gather(killing, beside)
        await _quiet(replicas.server, found)
        found.marked_at = await _marks(url, found)
        found.took_s = time.monotonic() - began
        await _agreed(replicas, found)
        found.refused = replicas.sender.refused
        assert replicas.server.violations == [], replicas.server.violations[:3]
    return found


async def _person(number: int, lines: Iterator[Line], to: Fleet, plan: Plan, found: Found) -> None:
    """One person's share of the updates, in order; most of them wait for the answer before they go on."""
    chance = random.Random(f"{plan.seed}:{number}")
    chat = 1_000 + number
    pause = plan.people / plan.rate
    await asyncio.sleep(pause * number / plan.people)
    share = plan.updates // plan.people + (number < plan.updates % plan.people)
    for _ in range(share):
        due = time.monotonic() + pause * chance.uniform(0.5, 1.5)
        line = next(lines)
        message = to.server.message(line.text, chat=chat, user=chat)
        found.asked[message["message_id"]] = line
        found.sent_at[message["message_id"]] = time.monotonic()
        await _delivered({"update_id": message["message_id"], "message": message}, to, chance, found)
        if chance.random() > IMPATIENT:
            await _answered(message["message_id"], to.server)
        await asyncio.sleep(max(0.0, due - time.monotonic()))


async def _answered(number: int, server: BotServer) -> None:
    """Wait for the reply, but not for ever: what is missing is found at the end."""
    end = time.monotonic() + SETTLE_S
    while not server.replies[number] and time.monotonic() < end:  # noqa: ASYNC110
        await asyncio.sleep(0.02)


async def _delivered(update: dict[str, Any], to: Fleet, chance: random.Random, found: Found) -> None:
    """Deliver once, or at the same time twice, or a moment later again."""
    again = chance.random()
    if again > TWICE:
        await to.sender.deliver(update)
        return
    found.repeated += 1
    if again > TWICE / 2:
        await asyncio.gather(to.sender.deliver(update), to.sender.deliver(update))
    else:
        await to.sender.deliver(update)
        await asyncio.sleep(chance.random())
        await to.sender.deliver(update)


async def _kill_now_and_then(to: Fleet, plan: Plan, found: Found, over: asyncio.Event) -> None:
    chance = random.Random(plan.seed)
    while True:
        try:
            async with asyncio.timeout(plan.kill_every_s * chance.uniform(0.7, 1.3)):
                await over.wait()
        except TimeoutError:
            bot = chance.choice(to.bots)
            found.kills.append(time.monotonic())
            await bot.kill()
            await bot.start()
            found.restarts_s.append(bot.starts_s[-1])
        else:
            return


async def _reload_and_restart(to: Fleet, script: Script, plan: Plan, found: Found, database: Postgres) -> None:
    """At a quarter and at three quarters a reload on one replica; in the middle the database is restarted."""
    length = plan.updates / plan.rate
    await asyncio.sleep(length / 4)
    await _reloaded(to, script, MARKS[1], 0, found)
    await asyncio.sleep(length / 4)
    began = time.monotonic()
    await asyncio.to_thread(database.stop)
    await asyncio.to_thread(database.start)
    found.database_away = began, time.monotonic()
    await asyncio.sleep(length / 4)
    await _reloaded(to, script, MARKS[2], 1, found)


async def _reloaded(to: Fleet, script: Script, mark: str, number: int, found: Found) -> None:
    """An editor saves and says /yenile to the ``number``-th replica, until one says that it was done."""
    script.lay_out(to.folder, mark)
    while True:
        message = to.server.message("/yenile", chat=ADMIN, user=ADMIN)
        await to.sender.deliver({"update_id": message["message_id"], "message": message}, to.bots[number].url)
        sent = await to.server.reply_to(message, RELOAD_S)
        found.reports.append(sent.shown)
        if "yenilendi" in sent.shown or "içerikle aynı" in sent.shown:  # the teller may have been killed
            return
        await asyncio.sleep(0.2)


async def _quiet(server: BotServer, found: Found) -> None:
    """Wait until all is answered, leases of killed replicas included; gather the replies."""
    end = time.monotonic() + SETTLE_S
    while time.monotonic() < end and not all(server.replies[number] for number in found.asked):  # noqa: ASYNC110
        await asyncio.sleep(0.2)
    await asyncio.sleep(2.0)
    for sent in server.sent:
        if sent.reply_to in found.asked:
            found.replies.setdefault(sent.reply_to, []).append(sent)


async def _marks(url: str, found: Found) -> dict[int, float]:
    """When the journal says that each update was answered (its clock is the wall's)."""
    ahead = time.time() - time.monotonic()
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch("SELECT update_id, taken_at FROM updates WHERE state = 'done'")
    finally:
        await connection.close()
    return {number: at - ahead for name, at in rows if (number := int(name.partition("-")[0])) in found.asked}


async def _agreed(to: Fleet, found: Found) -> None:
    """All replicas serve one version, within the time that a compilation takes."""
    end = time.monotonic() + SETTLE_S
    while time.monotonic() < end:
        found.versions = await to.versions()
        if len(found.versions) == 1 and "" not in found.versions:
            return
        await asyncio.sleep(0.2)


def table(found: Found) -> str:
    """The figures as lines of text."""
    waits = sorted(1e3 * (r[0].at - found.sent_at[n]) for n, r in found.replies.items())
    leaning = sum(line.leans for line in found.asked.values())
    counts = Counter(len(found.replies.get(number, ())) for number in found.asked)
    return "\n".join(
        (
            f"updates {len(found.asked)}, of them {leaning} whose answer depends on the context; {found.repeated} delivered twice",
            f"{len(found.kills)} SIGKILLs, restarts took {_range(found.restarts_s)} s; {found.took_s:.0f} s in all",
            f"database away {found.database_away[1] - found.database_away[0]:.1f} s; deliveries not taken at once {dict(found.refused)}",
            f"replies per update {dict(counts)}; wrong or mixed {len(found.wrong)}, missing {len(found.missing)}",
            f"answered twice {len(found.twice)}, of them not on their way at a kill {len(found.twice_without_a_kill)}",
            f"from a reply to its mark: {found.on_its_way_s:.2f} s at most",
            f"versions at the end {sorted(found.versions)}, reports {[r.split(':')[0] for r in found.reports]}",
            f"latency p50 {percentile(waits, 0.5):.0f} ms, p99 {percentile(waits, 0.99):.0f} ms, longest {waits[-1]:.0f} ms",
            f"load average {load_average()}",
        )
    )


def _range(values: list[float]) -> str:
    return f"{min(values):.1f} to {max(values):.1f}" if values else "–"


def main() -> int:
    """See the module's docstring; 1 when an update was lost, answered wrongly, or twice without a kill."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--updates", type=int, default=30_000)
    parser.add_argument("--people", type=int, default=500)
    parser.add_argument("--rate", type=float, default=100.0, help="updates a second, over all people")
    parser.add_argument("--kill-every", type=float, default=5.0, help="seconds")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--small", action="store_true", help="the tests' small content instead of the product's")
    parser.add_argument("--keep", type=Path, help="a folder for logs and content instead of a temporary one")
    given = parser.parse_args()
    plan = Plan(given.updates, given.people, given.rate, given.kill_every, given.seed)
    with tempfile.TemporaryDirectory() as scratch:
        home = given.keep or Path(scratch)
        home.mkdir(parents=True, exist_ok=True)
        database = Postgres(on_disk=True)
        try:
            database.start()
            found = asyncio.run(endured(plan, SMALL if given.small else PRODUCT, home, database))
        finally:
            database.remove()
    print(table(found))
    for line, shown in found.wrong[:5]:
        print(f"WRONG {line.text!r}\n  expected {line.expected!r}\n  shown    {shown!r}")
    for number in found.twice_without_a_kill[:5]:
        first = found.replies[number][0].at
        again = [round(s.at - first, 3) for s in found.replies[number][1:]]
        away, back = (round(at - first, 2) for at in found.database_away)
        kills = [round(kill - first, 2) for kill in found.kills if -1 < kill - first < 25]
        print(f"TWICE again after {again} s; killed at {kills}, database away from {away} to {back}")
    return int(bool(found.wrong or found.missing or found.twice_without_a_kill or len(found.versions) != 1))


if __name__ == "__main__":
    sys.exit(main())
