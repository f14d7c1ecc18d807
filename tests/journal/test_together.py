"""Several replicas and many tasks at once on one store."""

from __future__ import annotations

import asyncio
import random
from collections import Counter

import pytest

from bot.journal import Journal

from .conftest import NOW, Opener

UPDATES = 800
TASKS = 8


async def test_no_update_is_ever_handed_out_twice(replica: Opener) -> None:
    """Eight tasks in three replicas claim in bulk and one by one while updates still arrive, some twice."""
    replicas = [await replica() for _ in range(3)]
    claimed: Counter[str] = Counter()
    finished = asyncio.Event()

    async def feed(journal: Journal) -> None:
        for number in range(UPDATES):
            await journal.take("telegram", str(number), "soru", NOW)

    async def work(journal: Journal, owner: str, seed: int) -> None:
        chance = random.Random(seed)
        while not (finished.is_set() and sum(claimed.values()) >= UPDATES):
            if chance.random() < 0.5:
                ids = [update.update_id for update in await journal.claim("telegram", owner, NOW, 60, 7)]
            else:
                one = str(chance.randrange(UPDATES))
                ids = [one] if await journal.claim_one("telegram", one, owner, NOW, 60) else []
            claimed.update(ids)
            for id_ in ids:
                assert await journal.done("telegram", id_, owner, NOW)
            await asyncio.sleep(0)

    async def feed_both() -> None:
        await asyncio.gather(feed(replicas[0]), feed(replicas[1]))
        finished.set()

    workers = (work(replicas[task % 3], f"w{task}", task) for task in range(TASKS))
    await asyncio.wait_for(asyncio.gather(feed_both(), *workers), 50)
    assert claimed == {str(number): 1 for number in range(UPDATES)}


async def test_no_lane_is_worked_on_twice_at_a_time_or_out_of_order(replica: Opener) -> None:
    """Ten chats with twenty messages each, eight workers: each chat is answered in order, one at a time."""
    replicas = [await replica() for _ in range(2)]
    for number in range(200):
        await replicas[0].take("telegram", str(number), "", NOW, lane=f"chat {number % 10}")
    busy: set[int] = set()
    answered: dict[int, list[int]] = {lane: [] for lane in range(10)}

    async def work(journal: Journal, owner: str) -> None:
        while sum(map(len, answered.values())) < 200:
            for update in await journal.claim("telegram", owner, NOW, 60, 2):
                number = int(update.update_id)
                assert number % 10 not in busy
                busy.add(number % 10)
                await asyncio.sleep(0.001)
                answered[number % 10].append(number)
                busy.remove(number % 10)
                await journal.done("telegram", update.update_id, owner, NOW)

    await asyncio.wait_for(asyncio.gather(*(work(replicas[task % 2], f"w{task}") for task in range(TASKS))), 50)
    assert answered == {lane: list(range(lane, 200, 10)) for lane in range(10)}


async def test_a_bucket_never_gives_more_than_it_may(replica: Opener) -> None:
    """Eight tasks in three replicas, clocks a little apart, ten seconds of the bucket's time: burst + rate."""
    replicas = [await replica() for _ in range(3)]
    given = 0

    async def draw(journal: Journal, skew: float) -> None:
        nonlocal given
        for tick in range(100):
            if await journal.allow("p", 2, 5, NOW + tick / 10 + skew):
                given += 1

    await asyncio.gather(*(draw(replicas[task % 3], task % 3 * 0.01) for task in range(TASKS)))
    most = 5 + 2 * (9.9 + 0.02)
    assert most - 2 <= given <= most


async def test_a_lease_has_one_holder(replica: Opener) -> None:
    """Of twenty that ask at once one gets it."""
    replicas = [await replica() for _ in range(3)]
    asked = (replicas[task % 3].lease("retention", f"w{task}", NOW, 60) for task in range(20))
    assert sum(await asyncio.gather(*asked)) == 1


async def test_versions_put_at_once_end_in_one_order(replica: Opener) -> None:
    """Every replica sees the same version as the latest, and none is lost."""
    replicas = [await replica() for _ in range(3)]
    await asyncio.gather(*(replicas[n % 3].put_version(f"v{n}", b"", "me", NOW) for n in range(9)))
    seen = [[row.version for row in await journal.versions()] for journal in replicas]
    assert seen[0] == seen[1] == seen[2]
    assert sorted(seen[0]) == [f"v{n}" for n in range(9)]


async def test_ratings_pressed_at_once_are_one(replica: Opener) -> None:
    """A person who hammers the button has one rating."""
    replicas = [await replica() for _ in range(3)]
    await asyncio.gather(*(replicas[n % 3].rate("p", "telegram", "visa", [], False, "soru", NOW) for n in range(12)))
    assert [group.count for group in await replicas[0].inbox(NOW, 9)] == [1]


@pytest.mark.parametrize("days", [90])
async def test_retention_may_run_while_people_ask(replica: Opener, days: int) -> None:
    """Old rows go, and no call fails because of it."""
    one, two = await replica(), await replica()
    await asyncio.gather(*(one.take("telegram", f"old {n}", "", NOW - 9 * 86_400) for n in range(3_000)))
    takes = (two.take("telegram", f"new {n}", "", NOW) for n in range(500))
    deleted, *taken = await asyncio.gather(one.retain(NOW, days), *takes)
    assert (deleted, all(taken)) == (3_000, True)


async def test_replicas_that_read_and_write_at_once_do_not_get_into_each_others_way(replica: Opener) -> None:
    """A reader that goes on to write in the same transaction is where SQLite would refuse."""
    replicas = [await replica() for _ in range(3)]

    async def ask(journal: Journal, person: str) -> None:
        for number in range(150):
            read, _ = await asyncio.gather(
                journal.context(person, "c", NOW), journal.keep_context(person, "c", str(number), NOW, 60)
            )
            assert read in {None, str(number - 1), str(number)}

    await asyncio.gather(*(ask(replicas[n % 3], f"p{n}") for n in range(6)))
