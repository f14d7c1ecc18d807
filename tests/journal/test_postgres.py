"""PostgreSQL away at the start, restarted, crashed, frozen: errors come quickly and it mends itself."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import aclosing, suppress
from pathlib import Path
from typing import cast

import pytest

from bot.errors import JournalError
from bot.journal import Journal, open_journal
from bot.journal.postgres import LONGEST_BACKOFF_S, PostgresDriver
from bot.journal.store import SqlJournal
from tests.postgres import Postgres

from .conftest import NOW


@pytest.fixture(scope="module")
def sturdy() -> Iterator[Postgres]:
    """A server that no other module uses, since it is mistreated here."""
    own = Postgres()
    yield own
    own.remove()


@pytest.fixture
def server(sturdy: Postgres) -> Postgres:
    """That server, running."""
    if not sturdy.running:
        sturdy.start()
    return sturdy


@pytest.fixture
def url(server: Postgres) -> str:
    """The address of an empty database."""
    return server.new_database()


@pytest.fixture
async def journal(url: str) -> AsyncIterator[Journal]:
    """A journal on that database."""
    opened = await open_journal(url)
    yield opened
    await opened.close()


async def _until_it_works(journal: Journal, within_s: float = 60) -> None:
    """Wait until a call works again."""
    start = time.monotonic()
    while time.monotonic() - start < within_s:
        try:
            await journal.ping()
        except JournalError:
            await asyncio.sleep(0.02)
        else:
            return
    raise AssertionError("the journal did not recover")


async def _blocking(server: Postgres, *steps: str) -> None:
    """Stop or start the server without holding up the event loop."""
    for step in steps:
        await asyncio.to_thread(getattr(server, step))


async def test_a_restart_is_waited_out_where_that_is_safe(
    server: Postgres, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading and keeping a context go through a short restart as if nothing had happened."""
    monkeypatch.setattr("bot.journal.postgres.RIDE_OUT_S", 4.0)  # a busy machine restarts slowly
    await journal.keep_context("p", "c", "{}", NOW, 60)
    restart = asyncio.create_task(_blocking(server, "stop", "start"))
    while not restart.done():
        await journal.keep_context("p", "c", "{}", NOW, 60)
        assert await journal.context("p", "c", NOW) == "{}"
    await restart
    assert await journal.take("telegram", "7", "", NOW)


async def test_while_it_is_away_errors_come_quickly(
    server: Postgres, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the short absence nobody waits, not even for a try to connect; it is tried again within five seconds."""
    monkeypatch.setattr("bot.journal.postgres.RIDE_OUT_S", 0.5)
    await journal.ping()
    await _blocking(server, "stop")
    with pytest.raises(JournalError):
        await journal.count("telegram", "answer", NOW)
    driver = cast("PostgresDriver", cast("SqlJournal", journal)._driver)
    loop = asyncio.get_running_loop()
    while driver._backoff_s < LONGEST_BACKOFF_S:  # calls do not wait; here time is waited for
        with pytest.raises(JournalError, match="ulaşılamıyor"):
            await journal.context("p", "c", NOW)
        assert driver._next_try - loop.time() <= LONGEST_BACKOFF_S
        driver._next_try = 0.0
    driver._next_try = loop.time() + LONGEST_BACKOFF_S
    with monkeypatch.context() as patch:
        patch.setattr(driver._pool, "take", _never)
        for _ in range(20):
            with pytest.raises(JournalError, match="ulaşılamıyor"):
                await journal.context("p", "c", NOW)
    await _blocking(server, "start")
    await _until_it_works(journal)


async def _never() -> None:
    raise AssertionError("tried to connect")


async def test_a_crash_of_the_server_loses_no_acknowledged_row(server: Postgres, journal: Journal) -> None:
    """SIGQUIT in the middle of writing: all that was acknowledged is there after recovery."""
    taken: list[str] = []

    async def write(writer: int) -> None:
        for number in range(100_000):
            try:
                if await journal.take("telegram", f"{writer}-{number}", "", NOW):
                    taken.append(f"{writer}-{number}")
            except JournalError:
                return

    writers = asyncio.gather(*(write(writer) for writer in range(8)))
    await asyncio.sleep(0.3)
    await asyncio.to_thread(server.stop, signal.SIGQUIT)
    await writers
    await _blocking(server, "start")
    await _until_it_works(journal)
    assert len(taken) > 50
    assert not any([await journal.take("telegram", id_, "", NOW) for id_ in taken])


async def _insist(call: Callable[[], Awaitable[bool]]) -> bool:
    """Call until it does not raise, as the contract asks of who calls `done`."""
    while True:
        try:
            return await call()
        except JournalError:
            await asyncio.sleep(0.05)


async def _crash_twice(server: Postgres) -> None:
    for _ in range(2):
        await asyncio.sleep(0.4)
        await asyncio.to_thread(server.stop, signal.SIGQUIT)
        await _blocking(server, "start")


async def test_a_crash_of_the_server_neither_loses_nor_doubles_an_answer(server: Postgres, url: str) -> None:
    """Three replicas answer two hundred updates while the server crashes twice: each exactly once."""
    replicas = [await open_journal(url) for _ in range(3)]
    answers: Counter[str] = Counter()

    async def feed() -> None:
        for number in range(200):
            await _insist(lambda id_=str(number): replicas[0].take("telegram", id_, "", time.time()))  # type: ignore[misc]
            await asyncio.sleep(0.005)

    async def work(journal: Journal, owner: str) -> None:
        while len(answers) < 200:
            updates = []
            with suppress(JournalError):
                updates = await journal.claim("telegram", owner, time.time(), 3, 5)
            for update in updates:
                answers[update.update_id] += 1
                assert await _insist(lambda id_=update.update_id: journal.done("telegram", id_, owner, time.time()))  # type: ignore[misc]
            await asyncio.sleep(0.01)

    workers = (work(journal, f"replica {n}") for n, journal in enumerate(replicas))
    await asyncio.wait_for(asyncio.gather(feed(), _crash_twice(server), *workers), 40)
    assert answers == {str(number): 1 for number in range(200)}
    for journal in replicas:
        await journal.close()


async def test_a_server_that_is_away_at_the_start_is_waited_for(server: Postgres, url: str) -> None:
    """The bot starts, says that it cannot remember, and does so by itself once the server is there."""
    await _blocking(server, "stop")
    journal = await open_journal(url)
    with pytest.raises(JournalError):
        journal.person_key("telegram", "1")
    with pytest.raises(JournalError):
        await journal.ping()
    await _blocking(server, "start")
    await _until_it_works(journal)
    assert journal.person_key("telegram", "1")
    assert await journal.take("telegram", "7", "", NOW)
    await journal.close()


async def test_with_a_key_of_its_own_persons_are_known_before_the_server_is(server: Postgres, url: str) -> None:
    """KOPRU_PERSON_KEY needs no store."""
    await _blocking(server, "stop")
    journal = await open_journal(url, b"key")
    assert journal.person_key("telegram", "1")
    await journal.close()


async def test_a_frozen_server_is_given_up_on_in_time(
    server: Postgres, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It accepts connections and says nothing: an error once the time for a call is over, and it mends itself."""
    monkeypatch.setattr("bot.journal.postgres.TIMEOUT_S", 1.5)
    await journal.ping()
    assert server._process is not None
    group = os.getpgid(server._process.pid)
    os.killpg(group, signal.SIGSTOP)
    _stop_backends(server, signal.SIGSTOP)
    try:
        with pytest.raises(JournalError, match=r"yanıt vermedi|ulaşılamıyor"):
            await asyncio.wait_for(journal.context("p", "c", NOW), 60)
    finally:
        _stop_backends(server, signal.SIGCONT)
        os.killpg(group, signal.SIGCONT)
    await _until_it_works(journal)


def _stop_backends(server: Postgres, how: signal.Signals) -> None:
    """Each backend of PostgreSQL leads a process group of its own."""
    assert server._process is not None
    parent = server._process.pid
    for child in Path(f"/proc/{parent}/task/{parent}/children").read_text("ascii").split():
        os.kill(int(child), how)


async def test_a_hundred_calls_at_once_are_not_taken_for_an_absence(journal: Journal) -> None:
    """More calls than connections wait for each other."""
    await asyncio.gather(*(journal.take("telegram", str(number), "", NOW) for number in range(500)))
    assert len(await journal.claim("telegram", "me", NOW, 30, 1_000)) == 500


async def test_a_notice_arrives_at_once(url: str, journal: Journal) -> None:
    """Long before the next look, which is a minute away here."""
    other = await open_journal(url)
    async with aclosing(journal.watch_versions(60)) as watch:
        waiting = asyncio.ensure_future(anext(watch))
        await asyncio.sleep(0.3)
        await other.put_version("v1", b"", "me", NOW)
        assert await asyncio.wait_for(waiting, 30) == "v1"
    await other.close()


async def test_a_notice_that_was_missed_is_found(server: Postgres, url: str, journal: Journal) -> None:
    """The version changed while the listener was cut off; it listens again and looks at once."""
    other = await open_journal(url)
    async with aclosing(journal.watch_versions(60)) as watch:
        waiting = asyncio.ensure_future(anext(watch))
        await asyncio.sleep(0.1)
        await _blocking(server, "stop")
        await asyncio.sleep(0.5)
        await _blocking(server, "start")
        await _until_it_works(other)
        await other.put_version("v1", b"", "me", NOW)
        assert await asyncio.wait_for(waiting, 20) == "v1"
        again = asyncio.ensure_future(anext(watch))
        await asyncio.sleep(0.1)
        await other.put_version("v2", b"", "me", NOW)
        assert await asyncio.wait_for(again, 20) == "v2"
    await other.close()


async def test_without_a_listener_looking_is_enough(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pooler between us and the server lets no notice through."""

    async def deaf(*_: object) -> None:
        return None

    monkeypatch.setattr("bot.journal.postgres.PostgresDriver._listen", deaf)
    async with aclosing(journal.watch_versions(0.2)) as watch:
        for version in ("v1", "v2"):
            waiting = asyncio.ensure_future(anext(watch))
            await asyncio.sleep(0.1)
            await journal.put_version(version, b"", "me", NOW)
            assert await asyncio.wait_for(waiting, 20) == version


@pytest.mark.parametrize("database", ["no_such_database"])
async def test_what_waiting_does_not_mend_is_said_at_the_start(server: Postgres, database: str) -> None:
    """With its reason, and without the address's password."""
    url = server.url(database).replace("kopru@", "kopru:gizli-parola@")
    with pytest.raises(JournalError, match="böyle bir veritabanı yok") as error:
        await open_journal(url)
    assert "gizli" not in str(error.value)


async def test_an_unreadable_address_is_said_at_the_start() -> None:
    """A port that is no number."""
    with pytest.raises(JournalError, match="anlaşılamadı") as error:
        await open_journal("postgresql://kopru:gizli@127.0.0.1:port/db")
    assert "gizli" not in str(error.value)
