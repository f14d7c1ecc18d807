"""The compiling process from within: parts arrive whole, it learns on, and what it knows outlives it on disk."""

from __future__ import annotations

import io
import pickle
import queue
from pathlib import Path

import pytest

from bot.content import cache, shelf
from bot.content.files import Files
from bot.desk import oven
from bot.desk.oven import BAKE, LEARN, Oven, Request, read_parts, write_parts
from bot.engine.answer import Engine
from tests.content import small

EDITED = small.edited("facts/library.yaml", "Kütüphanede 3.250 kitap", "Kütüphanede tam 3.250 kitap")


@pytest.fixture
def compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """For every compilation, whether it learned on from something; nothing is on disk yet."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    seen: list[bool] = []

    def prepare(files: Files, previous: Engine | None = None) -> shelf.Edition:
        seen.append(previous is not None)
        return shelf.prepare(files, previous)

    monkeypatch.setattr(oven, "prepare", prepare)
    return seen


@pytest.mark.parametrize("size", [0, 1, 70_000])
def test_parts_arrive_whole(size: int) -> None:
    """Small, empty and mapped parts come out as they went in; half a message, or another's, is the end."""
    pipe = io.BytesIO()
    write_parts(pipe, [b"x" * size, b"tail"])
    whole = pipe.getvalue()
    assert [bytes(part) for part in read_parts(io.BytesIO(whole))] == [b"x" * size, b"tail"]
    for broken in (b"", whole[:-1], b"kopru?" + whole, whole[:8] + b"\xff" * 8 + whole[16:]):
        with pytest.raises(EOFError):
            read_parts(io.BytesIO(broken))


def test_an_edit_is_learned_on_from_the_last_content(compiled: list[bool]) -> None:
    """Only the first content is compiled from nothing; one that was refused costs nothing that is known."""
    made = Oven("mark")
    made.reply(LEARN, small.FILES)
    made.reply(BAKE, small.edited("facts/library.yaml", "id: books", "id: opened"))
    made.reply(BAKE, EDITED)
    assert compiled == [False, True, True]


def test_what_is_known_outlives_the_process(compiled: list[bool]) -> None:
    """After a quiet moment it is on disk: the next process learns on, a restarted bot finds the engine."""
    first = Oven("mark")
    first.reply(BAKE, small.FILES)
    assert not first.may_end()
    first.tidy()
    assert first.may_end()
    stored = cache.stored_edition(small.FILES)
    assert stored is not None
    assert stored.engine.frames is None
    engine, mark = pickle.loads(
        bytes(Oven("mark").reply(BAKE, EDITED)[0]), buffers=Oven("mark").reply(BAKE, EDITED)[1:]
    )
    assert engine.catalog == shelf.prepare(EDITED).engine.catalog
    assert mark == "mark"
    assert compiled == [False, True, True]


def test_it_leaves_when_nobody_asks_and_nothing_is_lost(compiled: list[bool], monkeypatch: pytest.MonkeyPatch) -> None:
    """Idle long enough, it writes down what it knows and ends."""
    monkeypatch.setattr(oven, "QUIET_S", 0.01)
    monkeypatch.setattr(oven, "IDLE_S", 0.03)
    requests: queue.SimpleQueue[Request | None] = queue.SimpleQueue()
    requests.put((BAKE, small.FILES))
    sent: list[object] = []
    oven.serve(requests, sent.append, Oven("mark"))
    assert len(sent) == 1
    assert cache.has_lessons()
