"""The compiling process from within: parts arrive whole, it learns on, and what it knows outlives it on disk."""

from __future__ import annotations

import io
import queue
import tempfile
from pathlib import Path

import pytest

from bot.content import cache, freeze, shelf
from bot.content.files import Files
from bot.desk import oven
from bot.desk.oven import BAKE, LEARN, Oven, Reply, Request, read_message, write_message
from bot.engine.answer import Engine
from tests.content import small

EDITED = small.edited("facts/library.yaml", "Kütüphanede 3.250 kitap", "Kütüphanede tam 3.250 kitap")


@pytest.fixture
def compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """For every compilation, whether it learned on from something; nothing is on disk yet."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    seen: list[bool] = []

    def prepare(files: Files, previous: Engine | None = None) -> shelf.Edition:
        seen.append(previous is not None)
        return shelf.prepare(files, previous)

    monkeypatch.setattr(oven, "prepare", prepare)
    return seen


@pytest.mark.parametrize("size", [0, 1, 3_000_000])
def test_messages_arrive_whole(size: int) -> None:
    """Small, empty and large ones come out as they went in; half a message, or another's, is the end."""
    pipe = io.BytesIO()
    write_message(pipe, ("verb", b"x" * size))
    whole = pipe.getvalue()
    assert read_message(io.BytesIO(whole)) == ("verb", b"x" * size)
    for broken in (b"", whole[:-1], b"kopru?" + whole, whole[:8] + b"\xff" * 8 + whole[16:]):
        with pytest.raises(EOFError):
            read_message(io.BytesIO(broken))


def engine_in(reply: Reply) -> Engine:
    """The engine that a reply names; its file is removed."""
    assert reply.file is not None
    parts = freeze.mapped(reply.file)
    reply.file.unlink()
    engine = freeze.unpack(parts)
    assert isinstance(engine, Engine)
    return engine


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
    reply = Oven("mark").reply(BAKE, EDITED)
    engine = engine_in(reply)
    assert engine.catalog == shelf.prepare(EDITED).engine.catalog
    assert reply.code == "mark"
    assert compiled == [False, True]


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


def test_an_engine_that_nobody_takes_is_removed(
    compiled: list[bool], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who asked is gone when the engine is ready: the process ends, and its file with it."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    requests: queue.SimpleQueue[Request | None] = queue.SimpleQueue()
    requests.put((BAKE, small.FILES))

    def send(reply: Reply) -> None:
        assert list(tmp_path.glob("*.engine")) == [reply.file]
        raise BrokenPipeError

    oven.serve(requests, send, Oven("mark"))
    assert list(tmp_path.glob("*.engine")) == []


def test_a_full_disk_is_told(compiled: list[bool], monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that cannot be written down is a problem with a name, and the process goes on."""

    def full(**_: object) -> tuple[int, str]:
        raise OSError(28, "No space left on device")

    made = Oven("mark")
    with monkeypatch.context() as patch:
        patch.setattr(tempfile, "mkstemp", full)
        assert isinstance(made.reply(BAKE, small.FILES).problem, OSError)
    assert engine_in(made.reply(BAKE, small.FILES)).catalog == shelf.prepare(small.FILES).engine.catalog
