"""What runs beside the platforms: figures are written, old rows go, one replica at a time."""

from __future__ import annotations

import asyncio

import pytest

from bot import chores
from bot.desk import Desk
from bot.desk.bake import Baker
from bot.engine.model import Status
from bot.journal import Journal
from tests.desk.helpers import ANA, Clock, Troubled, desk_on

DAY_S = 86_400.0


async def test_figures_are_written_now_and_then(desk: Desk, journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without anybody flushing, the day's figures reach the journal; a stop ends the chore."""
    monkeypatch.setattr(chores, "FLUSH_S", 0.01)
    stop = asyncio.Event()
    task = asyncio.ensure_future(chores.chores(desk, stop)["flush"]())
    await desk.ask(ANA, "Kütüphanede kaç kitap var?")
    async with asyncio.timeout(5):
        while not await journal.usage(0.0):  # noqa: ASYNC110 - the journal tells nobody
            await asyncio.sleep(0.01)
    stop.set()
    await asyncio.wait_for(task, 5)


async def test_old_rows_go_by_themselves(
    desk: Desk, troubled: Troubled, journal: Journal, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the retention time a refused question is deleted; of two replicas one does it."""
    monkeypatch.setattr(chores, "RETAIN_S", 0.01)
    await desk.memory.refused(ANA, Status.UNKNOWN, "", "Çatısı ne renk?")
    clock.now += 91 * DAY_S
    stop = asyncio.Event()
    other = desk_on(desk.shelf.current, desk.settings, troubled, clock)
    tasks = [asyncio.ensure_future(chores.chores(d, stop)["retain"]()) for d in (desk, other)]
    await asyncio.sleep(0.2)
    stop.set()
    await asyncio.gather(*tasks)
    assert await journal.inbox_size() == 0
    assert troubled.called.count("lease") >= 2
    assert 1 <= troubled.called.count("retain") < troubled.called.count("lease")


def test_files_are_watched_only_when_asked(desk: Desk) -> None:
    """The watcher is there with KOPRU_WATCH and not without."""
    assert set(chores.chores(desk, asyncio.Event())) == {"flush", "retain", "follow", "warm"}


async def test_a_reload_is_learned_for_ahead(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A moment after the start the baker has learned what serves, so that the first reload is quick too."""
    learned: list[object] = []

    async def warm(baker: Baker, files: object) -> None:
        learned.append(files)

    monkeypatch.setattr(Baker, "warm", warm)
    monkeypatch.setattr(chores, "WARM_AFTER_S", 0.01)
    stop = asyncio.Event()
    task = asyncio.ensure_future(chores.chores(desk, stop)["warm"]())
    await asyncio.sleep(0.1)
    stop.set()
    await asyncio.wait_for(task, 5)
    assert learned == [desk.shelf.current.files]
