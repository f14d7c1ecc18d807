"""Every test that takes `journal` or `store` runs on SQLite and on a real PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from bot.journal import Journal, open_journal
from tests.postgres import fresh_postgres_url, postgres

__all__ = ["fresh_postgres_url", "postgres"]

NOW = 1_760_000_000.0
Opener = Callable[[], Awaitable[Journal]]


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty store."""
    if request.param == "postgres":
        address: str = request.getfixturevalue("fresh_postgres_url")
        return address
    return f"sqlite:///{tmp_path / 'journal.sqlite3'}"


@pytest.fixture
async def replica(url: str) -> AsyncIterator[Opener]:
    """Opens one more journal on the same store, as another replica would; all are closed at the end."""
    opened: list[Journal] = []

    async def open_one() -> Journal:
        opened.append(await open_journal(url))
        return opened[-1]

    yield open_one
    for journal in opened:
        await journal.close()


@pytest.fixture
async def journal(replica: Opener) -> Journal:
    """A journal on an empty store."""
    return await replica()
