"""Token buckets, the gate, and turns."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.shelf import Edition
from bot.desk import Asker, Notice, phrases
from bot.desk.pace import MOST_BUCKETS, Buckets, Crowded, Gate, Turns
from bot.settings import Limits
from tests.desk.helpers import ANA, EMRE, NOON, Clock, Troubled, desk_on, settings_for

SLOW = Limits(person_per_minute=6, chat_per_minute=60, burst=3)


@given(st.lists(st.floats(min_value=0, max_value=1000), max_size=60))
def test_no_bucket_gives_more_than_it_holds(waits: list[float]) -> None:
    """In any stretch of time, at most the burst plus what was refilled is allowed."""
    buckets, now, allowed = Buckets(), 0.0, 0
    for wait in waits:
        now += wait
        allowed += buckets.allow("a", 0.1, 5, now)
    assert allowed <= 5 + now * 0.1 + 1e-6


def test_a_clock_that_jumps_back_refills_nothing() -> None:
    """Time that goes backwards neither raises nor gives tokens, and the bucket still refills afterwards."""
    buckets = Buckets()
    assert [buckets.allow("a", 1, 1, now) for now in (100.0, 50.0, 50.5, 51.5)] == [True, False, False, True]


def test_buckets_do_not_grow_without_end() -> None:
    """A flood of new names drops the longest unused ones."""
    buckets = Buckets()
    for n in range(MOST_BUCKETS * 2):
        buckets.allow(str(n), 1, 1, 0.0)
    assert len(buckets) <= MOST_BUCKETS


async def test_one_friendly_notice_then_silence(
    edition: Edition, folder: Path, troubled: Troubled, clock: Clock
) -> None:
    """The first question too many is told, the next ones are not; after a pause one may ask again."""
    desk = desk_on(edition, settings_for(folder, limits=SLOW), troubled, clock)
    told = [await desk.allowed(ANA) for _ in range(6)]
    assert told == [None, None, None, Notice(phrases.TOO_FAST), Notice(""), Notice("")]
    assert await desk.allowed(EMRE) is None
    clock.now += 10.1
    assert await desk.allowed(ANA) is None
    assert desk.tally.slowed == 3


async def test_a_chat_has_a_bucket_of_its_own(edition: Edition, folder: Path, troubled: Troubled, clock: Clock) -> None:
    """Many persons in one group share the group's bucket."""
    limits = Limits(person_per_minute=600, chat_per_minute=1, burst=3)
    desk = desk_on(edition, settings_for(folder, limits=limits), troubled, clock)
    told = [await desk.allowed(Asker("telegram", str(n), "group")) for n in range(5)]
    assert [t is None for t in told] == [True, True, True, False, False]


async def test_replicas_share_buckets(edition: Edition, folder: Path, troubled: Troubled, clock: Clock) -> None:
    """With a shared database, what was asked of one replica counts at the other; with it away, each counts alone."""
    settings = settings_for(folder, limits=SLOW, database_url="postgresql://somewhere/db")
    one, other = (desk_on(edition, settings, troubled, clock) for _ in range(2))
    told = [await desk.allowed(ANA) for desk in (one, one, other, other)]
    assert [t is None for t in told] == [True, True, True, False]
    troubled.down = True
    assert await other.allowed(ANA) is None
    assert clock.now == NOON


async def test_the_gate_turns_away_at_once() -> None:
    """Who finds the room and the waiting places full does not wait to learn it."""
    gate = Gate(1, 1)
    with gate.admitted(), gate.admitted():
        assert gate.here == 2
        with pytest.raises(Crowded), gate.admitted():
            pass
    assert gate.here == 0


async def test_turns_are_taken_in_order_and_forgotten() -> None:
    """One key's work never overlaps, keeps its order, and leaves nothing behind; an error passes the turn on."""
    turns, seen = Turns(), list[str]()

    async def work(name: str, *, fails: bool = False) -> None:
        async with turns.of("k"):
            seen.append(f"{name} begins")
            await asyncio.sleep(0)
            seen.append(f"{name} ends")
            if fails:
                raise ValueError(name)

    await asyncio.gather(work("a"), work("b", fails=True), work("c"), return_exceptions=True)
    assert seen == [f"{n} {what}" for n in "abc" for what in ("begins", "ends")]
    assert turns._locks == {}
