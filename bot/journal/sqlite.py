"""The journal's SQLite driver: one thread owns the connection and commits what has queued up at once.

A thread of our own rather than aiosqlite: there every statement is a hop of its own and each call
commits for itself, here all calls that wait share one transaction and so one fsync. ``synchronous=FULL``
makes a commit outlast a power cut, not only SIGKILL; the shared commit pays for it.

A damaged file is refused with its name, never moved aside or replaced: it may be the only copy, and
``sqlite3 file .recover`` still reads most of it.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import os
import queue
import re
import sqlite3
import threading
from collections.abc import AsyncGenerator, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.errors import JournalError
from bot.journal import migrate
from bot.journal.driver import Row, Step, Value

TIMEOUT_S = 5.0
"""Longest wait of a caller; a call that was not begun by then is not run at all."""
BUSY_MS = 2_000
"""Longest wait for another process that writes the same file."""
MOST_WAITING = 10_000
MOST_TOGETHER = 256
CHECK_UP_TO_BYTES = 64 * 2**20
"""A larger file is not checked as a whole at the start: that would take seconds."""

_log = logging.getLogger(__name__)
_PARAMETER = re.compile(r"\$(\d+)")


@cache
def _sql(statement: str) -> str:
    return _PARAMETER.sub(r"?\1", migrate.in_dialect(statement, migrate.SQLITE))


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    steps: Sequence[Step]
    answer: asyncio.Future[list[list[Row]]]

    @property
    def reads_only(self) -> bool:
        return all(sql.lstrip().startswith("SELECT") for sql, _ in self.steps)


_Outcome = tuple[_Job, list[list[Row]] | JournalError]


class _SurroundingsError(JournalError):
    """The file is sound as far as we know, but the disk, its rights or another process are in the way."""


class SqliteDriver:
    """A `Driver` on one SQLite file; open it with `SqliteDriver.open`."""

    def __init__(self, path: Path, loop: asyncio.AbstractEventLoop) -> None:
        """Opens nothing yet."""
        self._path = path
        self._loop = loop
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._connection: sqlite3.Connection | None = None
        self._identity: tuple[int, int] = (0, 0)
        self._secret = ""
        self._said = ""
        self._closed = False
        self._finished = asyncio.Event()
        self._thread = threading.Thread(target=self._work, name="journal", daemon=True)

    @classmethod
    async def open(cls, path: Path) -> SqliteDriver:
        """Make or open the file and bring its tables up to date; what may pass is tried again at each call.

        Raises JournalError, naming the file, when its place makes no sense or the file is damaged.
        """
        driver = cls(path, asyncio.get_running_loop())
        driver._thread.start()
        try:
            await driver._submit((("SELECT 1", ()),), timeout_s=60.0)
        except _SurroundingsError:
            return driver
        except JournalError:
            await driver.close()
            raise
        return driver

    # ── the callers' side ───────────────────────────────────────────────────────────────────────

    async def fetch(self, sql: str, *args: Value, again: bool = False) -> list[Row]:
        """See `Driver.fetch`; ``again`` means nothing here, as no connection can be lost."""
        del again
        return (await self._submit(((sql, args),)))[0]

    async def batch(self, steps: Sequence[Step], guard: str = "") -> list[list[Row]]:
        """See `Driver.batch`; SQLite has one writer anyway."""
        del guard
        return await self._submit(tuple(steps))

    async def _submit(self, steps: Sequence[Step], timeout_s: float = TIMEOUT_S) -> list[list[Row]]:
        if self._closed:
            raise JournalError(f"{self._path}: günlük kapatıldı")
        if self._jobs.qsize() >= MOST_WAITING:
            raise JournalError(f"{self._path}: günlüğe yazılmayı bekleyen çok fazla iş var")
        answer: asyncio.Future[list[list[Row]]] = self._loop.create_future()
        self._jobs.put(_Job(steps, answer))
        try:
            return await asyncio.wait_for(answer, timeout_s)
        except TimeoutError:
            raise JournalError(f"{self._path}: günlük {timeout_s:g} saniyede yanıt vermedi") from None

    def secret(self) -> str:
        """See `Driver.secret`."""
        if not self._secret:
            raise JournalError(f"{self._path}: günlük henüz açılamadı")
        return self._secret

    async def notices(self, poll_s: float) -> AsyncGenerator[None, None]:
        """See `Driver.notices`: SQLite tells nobody, so this is a clock."""
        while not self._closed:
            yield
            await asyncio.sleep(poll_s)

    async def close(self) -> None:
        """See `Driver.close`."""
        if not self._closed:
            self._closed = True
            self._jobs.put(None)
        await self._finished.wait()

    # ── the thread's side ───────────────────────────────────────────────────────────────────────

    def _work(self) -> None:
        last = False
        while not last:
            waiting = [self._jobs.get()]
            with contextlib.suppress(queue.Empty):
                while len(waiting) < MOST_TOGETHER:
                    waiting.append(self._jobs.get_nowait())
            last = None in waiting
            jobs = [job for job in waiting if job is not None and not job.answer.cancelled()]
            outcomes = self._run(jobs)
            with contextlib.suppress(RuntimeError):  # the loop was closed while we worked
                self._loop.call_soon_threadsafe(_tell, outcomes)
        self._drop()
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._finished.set)

    def _run(self, jobs: Sequence[_Job]) -> list[_Outcome]:
        """Run all jobs in one transaction; each fails for itself, a failed commit fails them all."""
        try:
            connection = self._ready()
            if all(job.reads_only for job in jobs):
                return [_attempt(connection, job) for job in jobs]
            connection.execute("BEGIN IMMEDIATE")
            outcomes = [_attempt(connection, job) for job in jobs]
            connection.execute("COMMIT")
            self._said = ""
        except Exception as error:  # noqa: BLE001  whatever it is, the thread must live and the callers must hear
            failure = error if isinstance(error, JournalError) else self._trouble(error)
            self._roll_back()
            return [(job, failure) for job in jobs]
        return outcomes

    def _ready(self) -> sqlite3.Connection:
        """The connection; a new one when the file has been replaced or deleted under us."""
        if self._connection is not None:
            with contextlib.suppress(OSError):
                if _identity(self._path) == self._identity:
                    return self._connection
            _log.warning("journal_file_replaced")
            self._drop()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        # made here and not by SQLite, so that only its owner may read it
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
        connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
        try:
            _prepare(connection, self._path)
            self._secret = _migrate(connection)
        except BaseException:
            connection.close()
            raise
        self._identity, self._connection = _identity(self._path), connection
        return connection

    def _trouble(self, error: Exception) -> JournalError:
        """``error`` as ours, said once; after an error of the file itself the next job opens it anew."""
        name = getattr(error, "sqlite_errorname", None) or type(error).__name__
        if name != self._said:
            self._said = name
            _log.warning("journal_trouble", extra={"fields": {"error": name}})
        if name.startswith(("SQLITE_IOERR", "SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_READONLY", "SQLITE_CANTOPEN")):
            self._drop()
        why = next((text for start, text in _REASONS if name.startswith(start)), str(error))
        passing = name.startswith(_PASSING) or getattr(error, "errno", None) in _PASSING_NUMBERS
        return (_SurroundingsError if passing else JournalError)(f"{self._path}: {why}")

    def _roll_back(self) -> None:
        if self._connection is not None and self._connection.in_transaction:
            try:
                self._connection.execute("ROLLBACK")
            except sqlite3.Error:
                self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None


_PASSING = ("SQLITE_FULL", "SQLITE_READONLY", "SQLITE_BUSY", "SQLITE_CANTOPEN", "SQLITE_IOERR")
_PASSING_NUMBERS = frozenset(
    {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EMFILE}
)
_REASONS = (
    ("SQLITE_FULL", "diskte yer kalmadı"),
    ("SQLITE_READONLY", "günlük dosyasına yazılamıyor (salt okunur)"),
    ("SQLITE_CORRUPT", "günlük dosyası bozuk; dosyaya dokunulmadı, yedeğini geri koyun ya da başka bir dosya gösterin"),
    ("SQLITE_NOTADB", "bu dosya bir SQLite veritabanı değil; dosyaya dokunulmadı, başka bir dosya gösterin"),
    ("SQLITE_BUSY", "günlük dosyası başka bir süreç tarafından kilitli"),
    ("SQLITE_CANTOPEN", "günlük dosyası açılamıyor"),
    ("SQLITE_IOERR", "günlük dosyası okunamıyor ya da yazılamıyor (disk hatası)"),
    ("PermissionError", "günlük dosyası için izin yok; klasörün sahibini ve haklarını denetleyin"),
)


def _identity(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
    if mode != "wal":
        _log.warning("journal_without_wal", extra={"mode": mode})
    connection.execute("PRAGMA synchronous = FULL")
    if path.stat().st_size <= CHECK_UP_TO_BYTES:
        (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise JournalError(f"{path}: {dict(_REASONS)['SQLITE_CORRUPT']}")


def _migrate(connection: sqlite3.Connection) -> str:
    """Bring the tables up to date while holding the write lock; returns the store's secret."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statement in migrate.BOOTSTRAP:
            connection.execute(statement)
        applied = {number for (number,) in connection.execute(migrate.APPLIED)}
        for migration in migrate.missing(applied):
            for statement in migration.statements:
                connection.execute(_sql(statement))
            connection.execute(_sql(migrate.RECORD), (migration.number, migration.name))
        connection.execute(_sql(migrate.KEEP_SECRET), (migrate.new_secret(),))
        (secret,) = connection.execute(migrate.READ_SECRET).fetchone()
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
    return str(secret)


def _attempt(connection: sqlite3.Connection, job: _Job) -> _Outcome:
    """Run one job; its own mistake is undone, trouble that ended the whole transaction is raised."""
    inside = connection.in_transaction
    guarded = inside and len(job.steps) > 1  # one statement that fails undoes itself
    if guarded:
        connection.execute("SAVEPOINT job")
    try:
        rows = [connection.execute(_sql(sql), tuple(args)).fetchall() for sql, args in job.steps]
    except (sqlite3.Error, ValueError, OverflowError) as error:
        if isinstance(error, sqlite3.OperationalError) or (inside and not connection.in_transaction):
            raise
        if guarded:
            connection.execute("ROLLBACK TO job")
        return job, JournalError(f"günlük bu kaydı kabul etmedi: {error}")
    if guarded:
        connection.execute("RELEASE job")
    return job, rows


def _tell(outcomes: Iterable[_Outcome]) -> None:
    for job, outcome in outcomes:
        if job.answer.done():
            continue
        if isinstance(outcome, JournalError):
            job.answer.set_exception(outcome)
        else:
            job.answer.set_result(outcome)
