"""From the wire into the journal and to the answer: nothing lost, nothing twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from telegram.error import Conflict, InvalidToken

from bot.errors import JournalError
from bot.journal import Journal, open_journal
from bot.journal.base import Update
from bot.platforms.telegram import intake as subject
from bot.platforms.telegram.intake import Intake
from bot.platforms.telegram.sending import Unsure
from bot.platforms.telegram.wire import Flooded, NotSent

KEY = "telegram:1"


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


class Handler:
    """Remembers what it answered; ``fail`` holds what to raise next, ``gate`` holds it up."""

    def __init__(self) -> None:
        self.done: list[int] = []
        self.fail: list[Exception] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.running = 0
        self.most = 0

    async def __call__(self, raw: dict[str, Any]) -> None:
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            await self.gate.wait()
            await asyncio.sleep(0)
            if self.fail:
                raise self.fail.pop(0)
            self.done.append(raw["update_id"])
        finally:
            self.running -= 1


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[Journal]:
    opened = await open_journal(f"sqlite:///{tmp_path / 'j.sqlite3'}")
    yield opened
    await opened.close()


def update(number: int, chat: int = 1) -> dict[str, Any]:
    return {"update_id": number, "message": {"message_id": number, "chat": {"id": chat}, "text": "?"}}


async def until(true: Callable[[], Any], seconds: float = 30) -> None:
    """Return when ``true()``: for states that have no event."""
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - it has no event, on purpose
            await asyncio.sleep(0.002)


async def settled(intake: Intake) -> None:
    await until(lambda: not intake.waiting)


async def swept(intake: Intake) -> None:
    """Let the sweep run until it found nothing more, twice, and all that it had found is answered."""
    journal, idle = intake._journal, 0
    claim = journal.claim

    async def watched(*args: Any) -> list[Update]:
        nonlocal idle
        idle = 0 if intake.waiting else idle + 1
        found = await claim(*args)
        idle = 0 if found else idle
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(journal, "claim", watched)
        sweep = asyncio.create_task(intake.sweep())
        await until(lambda: idle > 2 and not intake.waiting)
        sweep.cancel()
    await settled(intake)


@pytest.fixture(autouse=True)
def _quick_sweeps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "SWEEP_S", 0.02)


async def test_one_chats_updates_are_answered_in_order_and_chats_side_by_side(journal: Journal) -> None:
    """Twenty chats, five updates each: the order holds in each, and they overlap."""
    handler = Handler()
    intake = Intake(journal, KEY, handler)
    await intake.take([update(10 * n + chat // 100, chat) for n in range(5) for chat in range(100, 1_000, 100)])
    await settled(intake)
    per_chat = {chat: [i for i in handler.done if i % 10 == chat] for chat in range(1, 10)}
    assert all(ids == sorted(ids) for ids in per_chat.values())
    assert (len(handler.done), handler.most > 3) == (45, True)


async def test_the_same_update_three_times_is_handled_once(journal: Journal) -> None:
    """In one batch, in the next, and by another process (claude-plugins-official#3938)."""
    handler = Handler()
    intake = Intake(journal, KEY, handler)
    await intake.take([update(1), update(1)])
    await intake.take([update(1)])
    await settled(intake)
    other = Intake(journal, KEY, handler)
    await other.take([update(1)])
    await settled(other)
    assert handler.done == [1]


async def test_a_number_that_comes_again_for_another_message_is_another_update(journal: Journal) -> None:
    """Numbers begin anew, at random after a quiet week or on a server that was set up anew: nobody is passed over."""

    def said(message: int, date: int) -> dict[str, object]:
        return {"update_id": 7, "message": {"message_id": message, "date": date, "chat": {"id": 1}}}

    seen: list[tuple[object, object]] = []

    async def handle(raw: dict[str, Any]) -> None:
        seen.append((raw["message"]["message_id"], raw["message"]["date"]))

    for updates in ([said(1, 1_000), said(1, 1_000)], [said(1, 1_000)], [said(1, 2_000), said(2, 2_000)]):
        intake = Intake(journal, KEY, handle, Clock())
        await intake.take(updates)
        await settled(intake)
    assert seen == [(1, 1_000), (1, 2_000), (2, 2_000)]


async def test_another_process_answers_what_a_dead_one_had_claimed(journal: Journal) -> None:
    """The lease runs out and the claim passes on; not before."""
    clock, dead, alive = Clock(), Handler(), Handler()
    dead.gate.clear()
    first = Intake(journal, KEY, dead, clock)
    await first.take([update(1), update(2)])
    await until(lambda: dead.running)
    second = Intake(journal, KEY, alive, clock)
    await swept(second)
    assert alive.done == []
    clock.now += subject.LEASE_S + 1
    await swept(second)
    assert alive.done == [1, 2]


async def test_a_clock_that_is_set_back_passes_no_claim_on(journal: Journal) -> None:
    """What is just being answered is prolonged on the new clock, so that no other process takes it for a dead one's."""
    clock, slow, other = Clock(), Handler(), Handler()
    slow.gate.clear()
    first = Intake(journal, KEY, slow, clock)
    await first.take([update(1)])
    await until(lambda: slow.running)
    clock.now -= 2 * 3_600
    await first._renew()
    await swept(Intake(journal, KEY, other, clock))
    assert other.done == []
    slow.gate.set()
    await until(lambda: slow.done)
    assert slow.done == [1]


async def test_an_unsure_answer_is_never_given_again(journal: Journal) -> None:
    """Lost on the wire: written down, and no sweep brings it back."""
    clock, handler = Clock(), Handler()
    handler.fail = [Unsure("Silent")]
    intake = Intake(journal, KEY, handler, clock)
    await intake.take([update(1)])
    await settled(intake)
    clock.now += 1_000
    await swept(intake)
    assert handler.done == []


@pytest.mark.parametrize("error", [NotSent("refused"), Flooded(5), InvalidToken(), Conflict("x")])
async def test_what_surely_was_not_sent_is_tried_again_when_its_lease_ends(journal: Journal, error: Exception) -> None:
    """And what comes after it in the same chat waits for it."""
    clock, handler = Clock(), Handler()
    handler.fail = [error]
    intake = Intake(journal, KEY, handler, clock)
    await intake.take([update(1), update(2)])
    await settled(intake)
    assert handler.done == []
    clock.now += subject.LEASE_S + 1
    await swept(intake)
    assert handler.done == [1, 2]


async def test_an_update_that_breaks_its_handler_does_not_come_back(
    journal: Journal, caplog: pytest.LogCaptureFixture
) -> None:
    """An error of ours is logged once with its trace; the chat goes on."""
    clock, handler = Clock(), Handler()
    handler.fail = [RuntimeError("ours")]
    intake = Intake(journal, KEY, handler, clock)
    await intake.take([update(1), update(2)])
    await settled(intake)
    clock.now += 1_000
    await swept(intake)
    assert handler.done == [2]
    assert [r.message for r in caplog.records if r.levelname == "ERROR"] == ["update_failed"]


async def test_without_a_journal_updates_are_answered_once_all_the_same(
    journal: Journal, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Database down: answered, double deliveries recognised in memory, one line in the log."""

    async def down(*_: object, **__: object) -> bool:
        raise JournalError("down")

    for method in ("take", "take_and_claim", "claim", "claim_one", "done", "unsure"):
        monkeypatch.setattr(journal, method, down)
    handler = Handler()
    intake = Intake(journal, KEY, handler)
    await intake.take([update(n, chat=n) for n in range(50)])
    await intake.take([update(n, chat=n) for n in range(50)])
    await settled(intake)
    assert sorted(handler.done) == list(range(50))
    assert [r.message for r in caplog.records if r.levelname == "WARNING"] == ["journal_away"]


async def test_an_answer_that_could_not_be_marked_is_marked_later(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The journal fails between the answer and its mark: no second answer, and the mark follows."""
    clock, handler, real = Clock(), Handler(), journal.done

    async def down(*_: object) -> bool:
        raise JournalError("down")

    monkeypatch.setattr(journal, "done", down)
    intake = Intake(journal, KEY, handler, clock)
    await intake.take([update(1)])
    await settled(intake)
    monkeypatch.setattr(journal, "done", real)
    await swept(intake)
    clock.now += subject.LEASE_S + 1
    other = Intake(journal, KEY, handler, clock)
    await swept(other)
    assert handler.done == [1]


async def test_memory_is_bounded(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the limit updates wait in the journal; all are answered in the end."""
    monkeypatch.setattr(subject, "MOST_WAITING", 20)
    monkeypatch.setattr(subject, "MOST_AT_ONCE", 10)
    handler = Handler()
    handler.gate.clear()
    intake = Intake(journal, KEY, handler)
    await intake.take([update(n, chat=n) for n in range(100)])
    assert intake.waiting <= 20
    room = asyncio.create_task(intake.room())
    await until(lambda: handler.running == 20)
    assert not room.done()
    handler.gate.set()
    await room
    await swept(intake)
    assert sorted(handler.done) == list(range(100))


@pytest.mark.parametrize("raw", [None, 5, "x", {}, {"update_id": "1"}, []])
async def test_what_is_no_update_is_noted_and_dropped(
    journal: Journal, raw: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """Its neighbours are answered."""
    handler = Handler()
    intake = Intake(journal, KEY, handler)
    await intake.take([raw, update(2)])
    await settled(intake)
    assert handler.done == [2]
    assert [r.message for r in caplog.records] == ["update_unreadable"]


async def test_an_update_that_kills_its_process_each_time_is_given_up(journal: Journal) -> None:
    """After a dozen claims it is put aside, so that its chat can go on."""
    clock, handler = Clock(), Handler()
    await journal.take(KEY, "1", '{"update_id": 1, "message": {"chat": {"id": 1}}}', clock.now, "c1")
    for n in range(subject.MOST_ATTEMPTS):
        await journal.claim(KEY, f"dead{n}", clock.now, subject.LEASE_S, 5)
        clock.now += subject.LEASE_S + 1
    intake = Intake(journal, KEY, handler, clock)
    await swept(intake)
    await intake.take([update(2)])
    await settled(intake)
    assert handler.done == [2]


async def test_a_long_wait_keeps_its_claim(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    """A chat halted by a 429 for longer than a lease: the claim is prolonged, nobody else answers."""
    clock, slow, other = Clock(), Handler(), Handler()
    slow.gate.clear()
    first, second = Intake(journal, KEY, slow, clock), Intake(journal, KEY, other, clock)
    await first.take([update(1)])
    await until(lambda: slow.running)
    prolong, written = journal.prolong, asyncio.Queue[None]()

    async def watched(*args: Any) -> None:
        await prolong(*args)
        written.put_nowait(None)

    monkeypatch.setattr(journal, "prolong", watched)
    sweep = asyncio.create_task(first.sweep())
    for _ in range(6):
        clock.now += subject.LEASE_S / 2
        await asyncio.wait_for(written.get(), 30)
    await swept(second)
    slow.gate.set()
    await settled(first)
    sweep.cancel()
    assert (slow.done, other.done) == ([1], [])


async def test_a_sweep_beside_the_lanes_drops_nothing(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sweep and a lane claim the same update at once: it is answered now, not when its lease has run out."""
    monkeypatch.setattr(subject, "SWEEP_S", 0.0)
    handler = Handler()
    intake = Intake(journal, KEY, handler)
    sweep = asyncio.create_task(intake.sweep())
    for start in range(0, 300, 100):
        await intake.take([update(n, chat=n % 60) for n in range(start, start + 100)])
    await until(lambda: len(handler.done) == 300, subject.LEASE_S / 2)
    sweep.cancel()
    assert sorted(handler.done) == list(range(300))
