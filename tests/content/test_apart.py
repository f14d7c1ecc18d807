"""The process that compiles for another one: it knows no secret, and ends with who waits for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.content import cache
from bot.content.apart import compile_apart, environment
from bot.errors import ContentError
from tests.content import small


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small content, and a cache that is empty."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return small.lay_out(tmp_path / "content")


def test_the_child_sees_no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment handed down holds none of our settings."""
    monkeypatch.setenv("KOPRU_TELEGRAM_TOKEN", "123:secret")
    assert not [name for name in environment() if name.startswith("KOPRU_")]


def test_an_edition_is_compiled_in_another_process(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This one only reads what the other made; it is told of the wait once."""
    told: list[str] = []
    monkeypatch.setattr(cache, "_made", None)  # calling it would raise
    edition = cache.cached_edition(folder, lambda: told.append("wait"))
    assert edition.version == edition.engine.catalog.version
    assert edition.frozen is not None
    assert told == ["wait"]
    assert cache.has_lessons()  # so that the first reload need not compile once more
    cache.cached_edition(folder, lambda: told.append("wait"))
    assert told == ["wait"]


def test_what_is_wrong_is_told_all_the_same(folder: Path) -> None:
    """The other process leaves nothing behind for broken content; this one says why."""
    (folder / "facts" / "library.yaml").write_text("facts: [")
    with pytest.raises(ContentError, match=r"facts/library\.yaml"):
        cache.cached_edition(folder)


def test_it_ends_with_who_waits(folder: Path) -> None:
    """Its input is closed when the other end dies, even by SIGKILL; then it does not go on compiling."""
    slow = """
import threading
from bot.content import apart, cache

def never(_):
    print("compiling", flush=True)
    threading.Event().wait()

cache.store_anew = never
apart.main()
"""
    pipe = subprocess.PIPE
    child = subprocess.Popen([sys.executable, "-c", slow, str(folder)], stdin=pipe, stdout=pipe, env=environment())
    with child:
        assert child.stdin
        assert child.stdout
        assert child.stdout.readline() == b"compiling\n"
        assert child.poll() is None
        child.stdin.close()
        assert child.wait(20) == 1


def test_no_process_to_be_had_is_no_error(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then this one compiles, as before."""
    monkeypatch.setattr(sys, "executable", "/nowhere")
    compile_apart(folder)
    assert cache.cached_edition(folder).engine.catalog.facts
