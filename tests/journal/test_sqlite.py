"""The SQLite file: killed, full, read-only, damaged, locked, replaced, and back again."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import pytest

from bot.errors import JournalError
from bot.journal import Journal, open_journal
from bot.journal.sqlite import SqliteDriver
from bot.journal.store import SqlJournal

from .conftest import NOW

KILLS = 200


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the file is or will be."""
    return tmp_path / "journal.sqlite3"


@pytest.fixture
async def journal(path: Path) -> AsyncIterator[Journal]:
    """A journal in a new file."""
    opened = await open_journal(f"sqlite:///{path}")
    yield opened
    await opened.close()


def _connection(journal: Journal) -> sqlite3.Connection:
    connection = cast("SqliteDriver", cast("SqlJournal", journal)._driver)._connection
    assert connection is not None
    return connection


@pytest.mark.slow
def test_no_acknowledged_row_is_lost_when_the_process_is_killed(path: Path, root: Path) -> None:
    """200 kills at random moments, a tenth of them while the tables are made: it opens, and all is there."""
    program = Path(__file__).with_name("killer.py")
    done = subprocess.run(
        [sys.executable, program, path, str(KILLS), "1"],
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
        timeout=170,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert found["lost"] == []
    assert found["acknowledged"] > KILLS, "the writers must have got to work"
    assert found["before_the_first"] < KILLS * 0.8, "most must have died while writing"


async def test_every_commit_reaches_the_disk(journal: Journal) -> None:
    """WAL, and a sync at each commit: an acknowledged update outlasts a power cut."""
    await journal.ping()
    assert _connection(journal).execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert _connection(journal).execute("PRAGMA synchronous").fetchone() == (2,)


async def test_calls_that_wait_share_one_commit(journal: Journal) -> None:
    """A hundred calls at once are a few transactions, not a hundred; that is what makes syncing cheap."""
    statements: list[str] = []
    await journal.ping()
    _connection(journal).set_trace_callback(statements.append)
    await asyncio.gather(*(journal.take("telegram", str(number), "", NOW) for number in range(100)))
    assert 1 <= statements.count("COMMIT") <= 10


async def test_one_call_that_is_refused_does_not_take_its_neighbours_with_it(journal: Journal) -> None:
    """Calls that share a commit fail each for itself."""
    driver = cast("SqlJournal", journal)._driver
    mistake = driver.fetch("INSERT INTO leases (name, owner, expires_at) VALUES ($1, $2, $3)", "x", None, NOW)
    takes = [journal.take("telegram", str(number), "", NOW) for number in range(4)]
    results = await asyncio.gather(*takes[:2], mistake, *takes[2:], return_exceptions=True)
    assert [results[0], results[1], results[3], results[4]] == [True] * 4
    assert isinstance(results[2], JournalError)
    assert len(await journal.claim("telegram", "me", NOW, 30, 9)) == 4


async def test_the_file_is_for_its_owner_only(path: Path, journal: Journal) -> None:
    """It holds what people asked."""
    await journal.count("telegram", "answer", NOW)
    assert [oct(file.stat().st_mode & 0o777) for file in path.parent.glob("journal.sqlite3*")] == ["0o600"] * 3


async def test_what_was_written_is_there_after_reopening(path: Path, journal: Journal) -> None:
    """Rows and the person key."""
    key = journal.person_key("telegram", "1")
    await journal.keep_context(key, "c", "{}", NOW, 60)
    await journal.close()
    again = await open_journal(f"sqlite:///{path}")
    assert again.person_key("telegram", "1") == key
    assert await again.context(key, "c", NOW) == "{}"
    await again.close()


async def test_a_folder_that_is_not_there_yet_is_made(tmp_path: Path) -> None:
    """The default file lies in a data folder that a first start does not have."""
    journal = await open_journal(f"sqlite:///{tmp_path}/a/b/journal.sqlite3")
    await journal.close()
    assert (tmp_path / "a" / "b" / "journal.sqlite3").exists()


# ── trouble at the start ────────────────────────────────────────────────────────────────────────


def _overwritten(path: Path, at: int = 0, with_: bytes = b"") -> bytes:
    """What the file holds once ``with_`` was written into it."""
    path.touch()
    with path.open("r+b") as file:
        file.seek(at)
        file.write(with_)
    return path.read_bytes()


async def test_a_file_that_is_no_database_is_refused_and_left_alone(path: Path) -> None:
    """The message names the file; not a byte of it changes."""
    before = _overwritten(path, 0, b"merhaba, ben bir metin dosyasiyim\n" * 200)
    with pytest.raises(JournalError, match="değil") as error:
        await open_journal(f"sqlite:///{path}")
    assert str(path) in str(error.value)
    assert _overwritten(path) == before


async def test_a_damaged_file_is_refused_and_left_alone(path: Path, journal: Journal) -> None:
    """A page overwritten in the middle is found at the start, not when a person asks."""
    await asyncio.gather(*(journal.take("telegram", str(number), "x" * 500, NOW) for number in range(500)))
    await journal.close()
    before = _overwritten(path, 4096 * 20, b"\xff" * 4096 * 5)
    with pytest.raises(JournalError, match="bozuk") as error:
        await open_journal(f"sqlite:///{path}")
    assert str(path) in str(error.value)
    assert _overwritten(path) == before


@contextmanager
def _unprivileged() -> Iterator[Path]:
    """As a user whom file modes bind, in a folder of its own: root may write anywhere."""
    with tempfile.TemporaryDirectory(prefix="kopru-journal-") as folder:
        Path(folder).chmod(0o777)
        user = os.geteuid()
        if user == 0:
            os.seteuid(65534)
        try:
            yield Path(folder)
        finally:
            os.seteuid(user)


async def _refuses_for_now(journal: Journal, what: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Every call raises and names ``what``; the log says it once."""
    with pytest.raises(JournalError, match="henüz açılamadı"):
        journal.person_key("telegram", "1")
    for _ in range(3):
        with pytest.raises(JournalError, match="izin yok") as error:
            await journal.ping()
        assert str(what) in str(error.value)
    assert [r.message for r in caplog.records] == ["journal_trouble"]


async def test_a_folder_that_cannot_be_written_is_said_and_got_over(caplog: pytest.LogCaptureFixture) -> None:
    """A read-only file system, or the wrong owner: the bot starts, and remembers from when it may."""
    with _unprivileged() as folder:
        inner = folder / "data"
        inner.mkdir(mode=0o500)
        journal = await open_journal(f"sqlite:///{inner}/journal.sqlite3")
        await _refuses_for_now(journal, inner, caplog)
        inner.chmod(0o700)
        assert await journal.take("telegram", "7", "", NOW)
        assert journal.person_key("telegram", "1")
        await journal.close()


async def test_a_read_only_file_is_said_and_got_over(caplog: pytest.LogCaptureFixture) -> None:
    """Somebody copied a backup into place and forgot its mode."""
    with _unprivileged() as folder:
        first = await open_journal(f"sqlite:///{folder}/journal.sqlite3")
        await first.close()
        (folder / "journal.sqlite3").chmod(0o400)
        journal = await open_journal(f"sqlite:///{folder}/journal.sqlite3")
        await _refuses_for_now(journal, folder / "journal.sqlite3", caplog)
        (folder / "journal.sqlite3").chmod(0o600)
        assert await journal.take("telegram", "7", "", NOW)
        await journal.close()


async def test_a_folder_that_cannot_be_is_refused_with_its_name() -> None:
    """A misspelt path is no surroundings that may pass: no bot starts on it and forgets everything."""
    with pytest.raises(JournalError, match="/proc/none"):
        await open_journal("sqlite:////proc/none/journal.sqlite3")


# ── trouble on the way ──────────────────────────────────────────────────────────────────────────


async def test_a_full_disk_is_said_and_got_over(journal: Journal) -> None:
    """Writes fail with a reason, reads go on, and once there is room everything works again."""
    await journal.keep_context("p", "c", "{}", NOW, 60)
    (pages,) = _connection(journal).execute("PRAGMA page_count").fetchone()
    _connection(journal).execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(JournalError, match="diskte yer kalmadı"):
        await journal.put_version("v1", b"x" * 500_000, "me", NOW)
    assert await journal.context("p", "c", NOW) == "{}"
    assert await journal.latest_version() is None
    _connection(journal).execute("PRAGMA max_page_count = 1000000")
    assert await journal.put_version("v1", b"x" * 500_000, "me", NOW)


async def test_writes_that_the_system_refuses_are_said_and_got_over(path: Path, journal: Journal) -> None:
    """The kernel itself refuses to let the file grow; what was acknowledged before is still there."""
    await journal.take("telegram", "before", "", NOW)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    wal = path.with_name(path.name + "-wal").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (wal + 100_000, hard))
    try:
        with pytest.raises(JournalError, match=r"disk hatası|yer kalmadı"):
            await journal.put_version("v1", os.urandom(500_000), "me", NOW)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert await journal.put_version("v1", os.urandom(500_000), "me", NOW)
    assert not await journal.take("telegram", "before", "", NOW)


async def test_a_file_system_that_became_read_only_is_said_and_got_over(journal: Journal) -> None:
    """The connection is opened anew for the next call."""
    await journal.ping()
    _connection(journal).execute("PRAGMA query_only = ON")
    with pytest.raises(JournalError, match="salt okunur"):
        await journal.count("telegram", "answer", NOW)
    await journal.count("telegram", "answer", NOW)
    assert len(await journal.usage(0)) == 1


async def test_another_process_that_keeps_the_file_locked_is_said_and_got_over(path: Path, journal: Journal) -> None:
    """A tool that holds the write lock for longer than we wait."""
    await journal.ping()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(JournalError, match="kilitli"):
        await journal.count("telegram", "answer", NOW)
    assert await journal.usage(0) == [], "reading goes on"
    other.execute("ROLLBACK")
    other.close()
    await journal.count("telegram", "answer", NOW)
    assert len(await journal.usage(0)) == 1


async def test_a_file_that_was_deleted_under_us_is_made_anew(path: Path, journal: Journal) -> None:
    """Rows written into a deleted file would be acknowledged and gone: so a new one is made at once."""
    await journal.count("telegram", "answer", NOW)
    for file in path.parent.glob("journal.sqlite3*"):
        file.unlink()
    await journal.take("telegram", "7", "", NOW)
    await journal.close()
    again = await open_journal(f"sqlite:///{path}")
    assert not await again.take("telegram", "7", "", NOW)
    await again.close()


async def test_a_call_that_waited_too_long_fails_and_is_not_run_later(
    path: Path, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The caller was told that it failed; doing it after all would be a lie."""
    await journal.ping()
    monkeypatch.setattr("bot.journal.sqlite.SqliteDriver._submit.__defaults__", (0.2,))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    first = asyncio.create_task(journal.count("telegram", "first", NOW))
    await asyncio.sleep(0.05)
    with pytest.raises(JournalError, match="yanıt vermedi"):
        await journal.count("telegram", "second", NOW)
    with pytest.raises(JournalError):
        await first
    other.execute("ROLLBACK")
    other.close()
    await asyncio.sleep(0.1)
    assert "second" not in [row.status for row in await journal.usage(0)]
