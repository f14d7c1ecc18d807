"""Prepares editions in a process of its own, so that compiling never holds this one's interpreter lock.

A thread would do the same work, and was measured with the shipped 18,000 utterances: the event loop was held
for 70 to 170 ms at a time, and questions took 14 to 29 ms at the 99th percentile instead of 5, however often
threads were told to take turns (``sys.setswitchinterval`` of 5, 0.5 and 0.1 ms): sorting, counting, hashing
and YAML's scanner are single steps in C that nothing interrupts. Also, what an edit is learned on from would
be another 100 MB here for good. So a child does it, and stays warm with what it learned (see ``oven``).

It gets the files through a pipe and puts the engine into a file, which is mapped; a thread reads it piece by piece.
The child sees none of our settings, so no token reaches it.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import gc
import io
import pickle
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from dataclasses import fields, is_dataclass
from typing import IO

from bot.content import freeze
from bot.content.apart import environment
from bot.content.files import Files, version_of
from bot.content.shelf import Earlier, Edition
from bot.desk.oven import BAKE, LEARN, Reply, read_message, write_message
from bot.engine.answer import Engine
from bot.errors import KopruError

PATIENCE_S = 120.0
"""A preparation that takes longer is given up, and learning ahead, which nobody waits for, after ten times as long."""

_CHILD = "from bot.desk.oven import main; main()"
_STARTED_WITH = freeze.code_mark()
_LAST_WORDS = 4_000


class BakeError(KopruError):
    """The preparing process died or gave nonsense; its last words are in the text."""


class Baker:
    """Hands files to the child, which is started when first needed and again whenever it is gone; one at a time."""

    def __init__(self) -> None:
        """Nothing runs yet."""
        self._turn = threading.Lock()
        self._child: _Child | None = None
        self._endings = 0
        """How often ``close`` was called: work that was asked for before the last time is given up."""

    async def baked(self, files: Files) -> Edition:
        """The edition of ``files``; raises ContentError with all problems, BakeError, or OSError."""
        frozen = await self._asked(BAKE, files, PATIENCE_S)
        if frozen is None:
            raise BakeError("beklenmeyen çıktı")
        return await asyncio.to_thread(_thawed, Earlier(version_of(files), files, frozen))

    async def warm(self, files: Files) -> None:
        """Let the child learn ``files`` (or read from disk what it learned before), so that an edit is quick."""
        await self._asked(LEARN, files, PATIENCE_S * 10)

    def close(self) -> None:
        """End the child; whoever waits for it gets a BakeError."""
        self._endings += 1
        child = self._child
        if child is not None:
            child.end()

    async def _asked(self, verb: str, files: Files, patience_s: float) -> freeze.Parts | None:
        work = asyncio.ensure_future(asyncio.to_thread(self._exchanged, verb, files, self._endings))
        work.add_done_callback(_looked_at)
        try:
            async with asyncio.timeout(patience_s):
                return await asyncio.shield(work)
        except TimeoutError:
            self.close()
            await asyncio.wait([work])
            raise BakeError(f"{patience_s:.0f} saniyede bitmedi") from None
        except asyncio.CancelledError:
            self.close()
            raise
        finally:
            del work  # else error → traceback → this frame → work → error

    def _exchanged(self, verb: str, files: Files, endings: int) -> freeze.Parts | None:
        with self._turn:
            for last in (False, True):
                if self._endings != endings:
                    raise BakeError("durduruldu")
                fresh = self._child is None or self._child.process.poll() is not None
                if self._child is None or fresh:
                    self._child = _Child()
                try:
                    return _taken(self._child.exchange(verb, files))
                except _Dead as death:  # one that stood ready may have ended in this very moment: a new one will do
                    self._child.end()
                    if fresh or last:
                        raise BakeError(str(death)) from None
        raise AssertionError


def _looked_at(work: asyncio.Future[freeze.Parts | None]) -> None:
    if not work.cancelled():
        work.exception()


class _Dead(Exception):
    """The child is gone; its last words."""


class _Child:
    """One process, its three files and the folder of its engines; ends with this object at the latest."""

    def __init__(self) -> None:
        self._words: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by ``_ended``
        engines = tempfile.mkdtemp(prefix="kopru-")
        self.process = subprocess.Popen(  # noqa: S603 - this very program
            [sys.executable, "-P", "-c", _CHILD, engines], env={**environment(), "TMPDIR": engines}, bufsize=0,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._words,
        )  # fmt: skip
        self.end = weakref.finalize(self, _ended, self.process, self._words, engines)

    def exchange(self, verb: str, files: Files) -> Reply:
        """Send one request and wait for its reply; raises _Dead."""
        assert self.process.stdin
        assert self.process.stdout
        try:
            write_message(self.process.stdin, (verb, dict(files)))
            reply = read_message(self.process.stdout)
        except (OSError, EOFError, ValueError, pickle.UnpicklingError):
            raise _Dead(self._last_words()) from None
        if not isinstance(reply, Reply):
            raise _Dead(self._last_words())
        return reply

    def _last_words(self) -> str:
        try:
            size = self._words.seek(0, io.SEEK_END)
            self._words.seek(max(0, size - _LAST_WORDS))
            lines = self._words.read().decode("utf-8", "replace").strip().splitlines()
        except ValueError:  # closed meanwhile
            lines = []
        return lines[-1] if lines else "çıktı yok"


def _ended(process: subprocess.Popen[bytes], words: IO[bytes], engines: str) -> None:
    process.kill()
    process.wait()
    shutil.rmtree(engines, ignore_errors=True)  # what it had not finished
    for pipe in (process.stdin, process.stdout, words):
        if pipe:
            pipe.close()


def _taken(reply: Reply) -> freeze.Parts | None:
    """The engine that the child made, if it was asked for one, still frozen; raises the problem that it had instead."""
    try:
        frozen = None if reply.file is None else freeze.mapped(reply.file)
    except ValueError as problem:
        raise BakeError("beklenmeyen çıktı") from problem
    finally:
        if reply.file is not None:
            reply.file.unlink(missing_ok=True)
    if reply.code != _STARTED_WITH:
        raise BakeError("programın kendisi güncellenmiş; yeni içerik için botu yeniden başlatın")
    if reply.problem is not None:
        try:
            raise reply.problem
        finally:
            del reply  # else error → traceback → this frame → error, and what that holds outlives the freeze below
    return frozen


async def thawed(earlier: Earlier) -> Edition | None:
    """The edition as it was, if its engine is kept."""
    return None if earlier.frozen is None else await asyncio.to_thread(_thawed, earlier)


def _thawed(earlier: Earlier) -> Edition:
    """The edition of a frozen engine; set apart from garbage collection.

    Collections during the reading tripled its time, and later ones walked through the engine's hundred
    thousand objects: both held the event loop for up to 50 ms. An edition has no cycles, so counting
    references frees it all the same. What is garbage already goes first: frozen, it would stay for ever.
    """
    gc.collect()
    gc.disable()
    try:
        edition = earlier.thawed(_give_way)
        gc.freeze()
    except (pickle.UnpicklingError, EOFError, IndexError, TypeError, ValueError) as problem:
        raise BakeError("beklenmeyen çıktı") from problem
    finally:
        gc.enable()
    if edition is None or not isinstance(edition.engine, Engine):
        raise BakeError("beklenmeyen çıktı")
    return edition


def let_go(editions: list[Edition]) -> None:
    """Empty the list of editions; those that nothing else holds go part by part, and other threads run in between.

    At once it would hold the interpreter lock for ten milliseconds or more, on whatever thread.
    """
    while editions:
        engine = editions.pop().engine
        parts = [value for part in vars(engine).values() for value in _fields(part)]
        del engine
        while parts:
            parts.pop()
            _give_way()
    _trim()


def _give_way() -> None:
    """Let the event loop run if it has something to do.

    A sleep of nothing was measured to hold it for 5 ms: this thread had the lock again before the loop woke up.
    """
    time.sleep(0.0001)


def _trim() -> None:
    """Give freed memory back to the system: glibc alone keeps 30 MB after a few reloads. The interpreter lock is free."""
    with contextlib.suppress(OSError, AttributeError):  # another C library
        ctypes.CDLL(None).malloc_trim(0)


def _fields(value: object) -> list[object]:
    return [getattr(value, f.name) for f in fields(value)] if is_dataclass(value) else [value]
