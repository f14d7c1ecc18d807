"""The process that prepares an edition: same result, no secrets, no hanging, no held event loop."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import weakref
from collections.abc import Iterator
from pathlib import Path
from time import process_time

import pytest

from bot.content.shelf import prepare
from bot.desk import bake
from bot.desk.bake import BakeError, Baker
from bot.errors import ContentError
from tests.content import small


@pytest.fixture
def baker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Baker]:
    """A baker with nothing on disk; its process ends with the test."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    made = Baker()
    yield made
    made.close()


async def test_baking_gives_what_preparing_gives(baker: Baker) -> None:
    """The edition from the child process is the one that this process would have made."""
    here, there = prepare(small.FILES), await baker.baked(small.FILES)
    assert there.version == here.version
    assert there.engine.catalog == here.engine.catalog
    assert dict(there.files) == dict(small.FILES)


async def test_problems_come_back_whole(baker: Baker) -> None:
    """What is wrong with the files is told as in this process: file, line, field, message."""
    broken = small.edited("facts/library.yaml", "id: books", "id: opened")
    with pytest.raises(ContentError) as here:
        prepare(broken)
    with pytest.raises(ContentError) as there:
        await baker.baked(broken)
    assert there.value.problems == here.value.problems


async def test_refused_content_is_let_go(baker: Baker) -> None:
    """A refused edition leaves no cycle that holds the error: frozen by the next reload it would stay for ever."""
    broken = small.edited("facts/library.yaml", "id: books", "id: opened")
    with pytest.raises(ContentError):
        await baker.baked(broken)
    gc.collect()
    gc.disable()
    try:
        with contextlib.suppress(ContentError):
            await baker.baked(broken)
        await asyncio.sleep(0.1)  # the thread that told of the error lets go of it a moment later
        left = [o for o in gc.get_objects() if isinstance(o, ContentError)]
    finally:
        gc.enable()
    assert left == []


async def test_a_dying_child_is_an_error(baker: Baker, monkeypatch: pytest.MonkeyPatch) -> None:
    """A child that ends badly, talks nonsense, or never ends raises; it does not hang or half-answer."""
    monkeypatch.setattr(bake, "_CHILD", "import sys; sys.exit('bellek yetmedi')")
    with pytest.raises(BakeError, match="bellek yetmedi"):
        await baker.baked(small.FILES)
    monkeypatch.setattr(bake, "_CHILD", "import pickle, sys; sys.stdout.buffer.write(pickle.dumps((42, '')))")
    with pytest.raises(BakeError):
        await baker.baked(small.FILES)
    monkeypatch.setattr(bake, "_CHILD", "import time; time.sleep(60)")
    monkeypatch.setattr(bake, "PATIENCE_S", 0.3)
    with pytest.raises(BakeError):
        await baker.baked(small.FILES)


async def test_code_that_changed_meanwhile_is_not_mixed_in(baker: Baker, monkeypatch: pytest.MonkeyPatch) -> None:
    """After an update of the program's files, an engine made by the new code is refused: restart is the word."""
    monkeypatch.setattr(bake, "_STARTED_WITH", "yesterday's files")
    with pytest.raises(BakeError, match="yeniden başlatın"):
        await baker.baked(small.FILES)


async def test_baking_does_not_hold_the_event_loop(baker: Baker) -> None:
    """Meanwhile the loop is never held for more than 20 ms of processor time (the best of three)."""
    longest = 1.0
    for _ in range(3):
        longest = min(longest, await _longest_block(baker))
        if longest <= 0.02:
            break
    assert longest <= 0.02


async def _longest_block(baker: Baker) -> float:
    gc.collect()
    task = asyncio.create_task(baker.baked(small.FILES))
    longest = 0.0
    while not task.done():
        began = process_time()  # not on the wall: then another program that gets the core would count
        await asyncio.sleep(0)
        longest = max(longest, process_time() - began)
        await asyncio.sleep(0.001)
    await task
    return longest


def reworded(number: int) -> dict[str, bytes]:
    """The small content with another statement each time."""
    return small.edited("facts/library.yaml", "Kütüphanede 3.250 kitap", f"Kütüphanede{' tam' * number} 3.250 kitap")


async def test_the_child_stays_and_learns_on(baker: Baker) -> None:
    """One process serves reload after reload; what it hands over answers like an engine made anew, and is light."""
    await baker.warm(small.FILES)
    assert baker._child
    process = baker._child.process
    for number in range(3):
        edition = await baker.baked(reworded(number))
        assert edition.engine.catalog == prepare(reworded(number)).engine.catalog
        assert edition.engine.frames is None
        assert edition.engine.proposer.lessons is None
    assert baker._child.process is process


async def test_a_child_that_was_killed_is_replaced(baker: Baker) -> None:
    """Killed between two reloads, or by the machine for its memory, it is started again without anybody noticing."""
    await baker.baked(small.FILES)
    assert baker._child
    gone = baker._child.process
    gone.kill()
    assert (await baker.baked(reworded(1))).version == prepare(reworded(1)).version
    assert baker._child.process is not gone


async def test_closing_ends_the_child_and_whoever_waits(baker: Baker, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the end of the program no process stays, no second one is started, and no task hangs."""
    monkeypatch.setattr(bake, "_CHILD", "import time; time.sleep(60)")
    waiting = asyncio.create_task(baker.baked(small.FILES))
    while baker._child is None:  # noqa: ASYNC110 - a thread starts it
        await asyncio.sleep(0.01)
    process = baker._child.process
    baker.close()
    with pytest.raises(BakeError):
        await waiting
    assert process.poll() is not None
    assert baker._child.process is process


async def test_an_edition_that_is_let_go_is_gone(baker: Baker) -> None:
    """Nothing holds on to an engine that no longer serves: neither the baker nor the frozen objects."""
    edition = await baker.baked(small.FILES)
    watched = weakref.ref(edition.engine)
    shed = [edition]
    del edition
    bake.let_go(shed)
    await baker.baked(reworded(1))
    assert watched() is None
