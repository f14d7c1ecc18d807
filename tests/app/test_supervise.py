"""Supervision: passing faults are outlived, lasting ones end the process, a stop is a stop."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot import supervise
from bot.desk import Health
from bot.errors import PlatformError
from bot.supervise import Gone, supervised


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses asked for, without waiting for them."""
    asked: list[float] = []

    async def rest(pause: float, stop: asyncio.Event) -> None:
        asked.append(pause)
        await asyncio.sleep(0)

    monkeypatch.setattr(supervise, "_rest", rest)
    return asked


async def test_a_fault_is_tried_again_ever_more_slowly(pauses: list[float], caplog: pytest.LogCaptureFixture) -> None:
    """1, 2, 4 … 60 seconds; only the first of a row of faults has a traceback."""
    stop, health, runs = asyncio.Event(), Health(), 0

    async def work() -> None:
        nonlocal runs
        runs += 1
        if runs == 10:
            stop.set()
            return
        raise ConnectionError("reset")

    await supervised("telegram", work, health, stop)
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert [bool(r.exc_info) for r in caplog.records if r.levelno == logging.ERROR] == [True] + [False] * 8
    assert health.parts["telegram"].why == "ConnectionError; yeniden denenecek"


async def test_returning_early_is_a_fault(pauses: list[float]) -> None:
    """A platform that just ends, with nobody having asked for it, is started again."""
    stop, health, runs = asyncio.Event(), Health(), 0

    async def work() -> None:
        nonlocal runs
        runs += 1
        if runs == 2:
            stop.set()

    await supervised("discord", work, health, stop)
    assert (runs, pauses) == (2, [1])
    assert not health.ready


async def test_gone_for_good() -> None:
    """A revoked token is not retried: the caller is told, and health says why."""
    health = Health()

    async def work() -> None:
        raise PlatformError("belirteç geçersiz")

    with pytest.raises(Gone, match="belirteç geçersiz"):
        await supervised("telegram", work, health, asyncio.Event())
    assert health.parts["telegram"].why == "belirteç geçersiz"


async def test_a_long_steady_run_starts_afresh(pauses: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    """After minutes without a fault the next one waits a second, not a minute."""
    now = [0.0]
    monkeypatch.setattr(supervise, "monotonic", lambda: now[0])
    stop, runs = asyncio.Event(), 0

    async def work() -> None:
        nonlocal runs
        runs += 1
        now[0] += supervise.STEADY_S + 1 if runs == 4 else 0.1
        if runs == 6:
            stop.set()
            return
        raise OSError

    await supervised("x", work, Health(), stop)
    assert pauses == [1, 2, 4, 1, 2]


async def test_cancelling_goes_through() -> None:
    """A stop that has run out of patience is obeyed."""

    async def work() -> None:
        await asyncio.sleep(3600)

    task = asyncio.create_task(supervised("x", work, Health(), asyncio.Event()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_the_pause_ends_with_a_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits a minute for a process that only waits itself."""
    monkeypatch.undo()
    stop = asyncio.Event()
    asyncio.get_running_loop().call_later(0.05, stop.set)
    async with asyncio.timeout(2):
        await supervise._rest(60, stop)
