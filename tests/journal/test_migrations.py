"""An old store is brought up to date with its rows; a newer one is left alone."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import asyncpg
import pytest

from bot.errors import JournalError
from bot.journal import migrate, open_journal
from bot.journal.base import Update, UsageRow

from .conftest import NOW

# What a store held before lanes came (migration 2), written out by hand: the code of today must not help.
_OLD_ROWS = (
    "INSERT INTO contexts VALUES ('p', 'c', '{\"old\": 1}', 1760000060)",
    """INSERT INTO notes (person, platform, kind, status, intent, facts, text, folded, at)
    VALUES ('p', 'telegram', 'refused', 'unknown', '', '', 'eski soru', 'f', 1760000000)""",
    "INSERT INTO updates (platform, update_id, payload, taken_at) VALUES ('telegram', '7', 'eski', 1760000000)",
    """INSERT INTO updates (platform, update_id, payload, state, taken_at)
    VALUES ('telegram', '8', '', 'done', 1760000000)""",
    "INSERT INTO versions VALUES ('v1', 1, '', 'ali', 1760000000)",
    "INSERT INTO usage VALUES ('2025-10-09', 'telegram', 'answer', 41)",
    "INSERT INTO meta VALUES ('person_key', '00ff')",
)


def _first_schema(words: dict[str, str]) -> list[str]:
    """The statements that made a store when there was one migration."""
    first = migrate.migrations()[0]
    tables = [migrate.in_dialect(statement, words) for statement in first.statements]
    return [*migrate.BOOTSTRAP, *tables, f"INSERT INTO migrations VALUES (1, '{first.name}')"]


async def _run(url: str, statements: Sequence[str]) -> None:
    """Run statements past the journal."""
    if url.startswith("sqlite"):
        connection = sqlite3.connect(Path(url.removeprefix("sqlite:///")))
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        connection.close()
        return
    server = await asyncpg.connect(url)
    for statement in statements:
        await server.execute(statement)
    await server.close()


@pytest.fixture
async def old_url(url: str) -> str:
    """A store of the first schema, with rows."""
    words = migrate.SQLITE if url.startswith("sqlite") else migrate.POSTGRES
    await _run(url, [*_first_schema(dict(words)), *_OLD_ROWS])
    return url


def test_migrations_are_numbered_without_a_gap() -> None:
    """A forgotten or doubled number would be applied in the wrong order."""
    assert [migration.number for migration in migrate.migrations()] == [1, 2]
    assert all(migration.statements for migration in migrate.migrations())


async def test_an_old_store_is_brought_up_to_date_with_its_rows(old_url: str) -> None:
    """Nothing that was in it is lost, and what came new works on old rows."""
    journal = await open_journal(old_url)
    assert await journal.context("p", "c", NOW) is None, "chats are hashed with the store's key"
    assert [(group.text, group.count) for group in await journal.inbox(NOW, 9)] == [("eski soru", 1)]
    assert await journal.usage(0) == [UsageRow("2025-10-09", "telegram", "answer", 41)]
    assert [row.version for row in await journal.versions()] == ["v1"]
    assert not await journal.take("telegram", "8", "", NOW), "a finished update is still known"
    assert await journal.claim("telegram", "me", NOW, 30, 9) == [Update("telegram", "7", "eski", 1)]
    assert await journal.take("telegram", "9", "yeni", NOW, lane="ali")
    assert await journal.claim_one("telegram", "9", "me", NOW, 30)
    assert await journal.forget("p") == 2
    await journal.close()


async def test_the_stored_key_survives(old_url: str) -> None:
    """Else everybody would become somebody else at an upgrade."""
    journal, keyed = await open_journal(old_url), await open_journal(old_url, bytes.fromhex("00ff"))
    assert journal.person_key("telegram", "1") == keyed.person_key("telegram", "1")
    await journal.close()
    await keyed.close()


async def test_replicas_that_start_at_once_migrate_once(old_url: str) -> None:
    """Six at the same moment on an old store: all work, and they agree on the key."""
    journals = await asyncio.gather(*(open_journal(old_url) for _ in range(6)))
    assert len({journal.person_key("telegram", "1") for journal in journals}) == 1
    assert [await journal.inbox_size() for journal in journals] == [1] * 6
    for journal in journals:
        await journal.close()


async def test_replicas_that_start_at_once_on_an_empty_store_agree(url: str) -> None:
    """The tables are made once, and everybody gets the same random key."""
    journals = await asyncio.gather(*(open_journal(url) for _ in range(6)))
    assert len({journal.person_key("telegram", "1") for journal in journals}) == 1
    for journal in journals:
        await journal.close()


async def test_a_store_of_a_newer_program_is_refused(url: str) -> None:
    """Going on would write rows that the newer program cannot read."""
    await (await open_journal(url)).close()
    await _run(url, ["INSERT INTO migrations VALUES (99, 'from_the_future')"])
    with pytest.raises(JournalError, match=r"99.*yükseltin"):
        await open_journal(url)
    await _run(url, ["DELETE FROM migrations WHERE number = 99"])
    await (await open_journal(url)).close()


async def test_a_migration_that_fails_leaves_the_store_as_it_was(old_url: str) -> None:
    """All or nothing: the column is in the way, so neither it nor the record is added."""
    await _run(old_url, ["ALTER TABLE updates ADD COLUMN lane INTEGER"])
    with pytest.raises(JournalError):
        await open_journal(old_url)
    await _run(old_url, ["ALTER TABLE updates DROP COLUMN lane"])
    journal = await open_journal(old_url)
    assert await journal.inbox_size() == 1
    await journal.close()
