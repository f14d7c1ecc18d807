"""Fixtures of the desk's tests: the small content on disk and compiled, a journal in a file, a desk on both."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.content.shelf import Edition, prepare
from bot.desk import Desk
from bot.journal import Journal, open_journal
from tests.content import small
from tests.desk.helpers import Clock, Troubled, desk_on, settings_for


@pytest.fixture(scope="session")
def edition() -> Edition:
    """The small content, compiled once."""
    return prepare(small.FILES)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The small content as an editor's files."""
    return small.lay_out(tmp_path / "content")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[Journal]:
    """A SQLite journal."""
    opened = await open_journal(f"sqlite:///{tmp_path / 'journal.sqlite3'}", b"pepper")
    yield opened
    await opened.close()


@pytest.fixture
def troubled(journal: Journal) -> Troubled:
    """The journal, with a switch to break it."""
    return Troubled(journal)


@pytest.fixture
def desk(edition: Edition, folder: Path, troubled: Troubled, clock: Clock) -> Iterator[Desk]:
    """A desk on the small content."""
    made = desk_on(edition, settings_for(folder), troubled, clock)
    yield made
    made.renewal.close()
