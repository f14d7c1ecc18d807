"""Prepares editions in a process of its own, so that compiling never holds this one's interpreter lock.

A thread would do the same work, and was measured with the shipped 18,000 utterances: the event loop was held
for 70 to 170 ms at a time, and questions took 14 to 29 ms at the 99th percentile instead of 5, however often
threads were told to take turns (``sys.setswitchinterval`` of 5, 0.5 and 0.1 ms): sorting, counting, hashing
and YAML's scanner are single steps in C that nothing interrupts. Also, what an edit is learned on from would
be another 100 MB here for good. So a child does it, and stays warm with what it learned (see ``oven``).

It gets the files through a pipe and sends the engine back through another; a thread reads it piece by piece.
The child sees none of our settings, so no token reaches it.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import gc
import io
import os
import pickle
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import IO

from bot.content.files import Files
from bot.content.shelf import Edition
from bot.desk.oven import BAKE, LEARN, Memory, code_mark, read_parts, write_parts
from bot.engine.answer import Engine
from bot.errors import ContentError, KopruError

PATIENCE_S = 120.0
"""A preparation that takes longer is given up, and learning ahead, which nobody waits for, after ten times as long."""

_CHILD = "from bot.desk.oven import main; main()"
_BOT = Path(__file__).resolve().parent.parent
_STARTED_WITH = code_mark()
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
        engine = await self._asked(BAKE, files, PATIENCE_S)
        if not isinstance(engine, Engine):
            raise BakeError("beklenmeyen çıktı")
        return Edition(engine, files, engine.catalog.version, time.time())

    async def warm(self, files: Files) -> None:
        """Let the child learn ``files`` (or read from disk what it learned before), so that an edit is quick."""
        await self._asked(LEARN, files, PATIENCE_S * 10)

    def close(self) -> None:
        """End the child; whoever waits for it gets a BakeError."""
        self._endings += 1
        child = self._child
        if child is not None:
            child.end()

    async def _asked(self, verb: str, files: Files, patience_s: float) -> object:
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

    def _exchanged(self, verb: str, files: Files, endings: int) -> object:
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


def _looked_at(work: asyncio.Future[object]) -> None:
    if not work.cancelled():
        work.exception()


class _Dead(Exception):
    """The child is gone; its last words."""


class _Child:
    """One process and its three files; ends with this object at the latest."""

    def __init__(self) -> None:
        self._words: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by ``_ended``
        self.process = subprocess.Popen(  # noqa: S603 - this very program
            [sys.executable, "-P", "-c", _CHILD], env=_environment(), bufsize=0,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._words,
        )  # fmt: skip
        self.end = weakref.finalize(self, _ended, self.process, self._words)

    def exchange(self, verb: str, files: Files) -> list[Memory]:
        """Send one request and wait for its reply's parts; raises _Dead."""
        assert self.process.stdin
        assert self.process.stdout
        try:
            body = pickle.dumps((verb, dict(files)), protocol=pickle.HIGHEST_PROTOCOL)
            write_parts(self.process.stdin, [body])
            return read_parts(self.process.stdout)
        except (OSError, EOFError, ValueError):
            raise _Dead(self._last_words()) from None

    def _last_words(self) -> str:
        try:
            size = self._words.seek(0, io.SEEK_END)
            self._words.seek(max(0, size - _LAST_WORDS))
            lines = self._words.read().decode("utf-8", "replace").strip().splitlines()
        except ValueError:  # closed meanwhile
            lines = []
        return lines[-1] if lines else "çıktı yok"


def _ended(process: subprocess.Popen[bytes], words: IO[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout, words):
        if pipe:
            pipe.close()


def _environment() -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("KOPRU_")}
    return kept | {"PYTHONPATH": str(_BOT.parent), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def _taken(parts: list[Memory]) -> object:
    """What the child sent; raises the ContentError that it may be."""
    found, code = _read(parts)
    if code != _STARTED_WITH:
        raise BakeError("programın kendisi güncellenmiş; yeni içerik için botu yeniden başlatın")
    if isinstance(found, ContentError):
        try:
            raise found
        finally:
            del found  # else error → traceback → this frame → error, and what that holds outlives the freeze below
    return found


class _Frames:
    """A pickle's file that lets other threads run before each frame of 64 KB.

    Reading 4 MB at once held the interpreter lock, and so the event loop, for 28 ms; a frame takes 0.4 ms.
    """

    def __init__(self, body: Memory) -> None:
        self._body = body
        self._at = 0

    def read(self, size: int, /) -> bytes:
        """The next ``size`` bytes."""
        time.sleep(0)
        begin, self._at = self._at, self._at + size
        return bytes(self._body[begin : self._at])

    def readline(self) -> bytes:
        """The next line; only old protocols ask for it."""
        end = self._body.find(b"\n", self._at) + 1
        return self.read((end or len(self._body)) - self._at)


def _read(parts: list[Memory]) -> tuple[object, str]:
    """The unpickled parts: what was made, and the mark of the code that made it; set apart from garbage collection.

    Collections during the reading tripled its time, and later ones walked through the engine's hundred
    thousand objects: both held the event loop for up to 50 ms. An edition has no cycles, so counting
    references frees it all the same. What is garbage already goes first: frozen, it would stay for ever.
    """
    gc.collect()
    gc.disable()
    try:
        found, code = pickle.load(_Frames(parts[0]), buffers=parts[1:])  # noqa: S301 - written by our own child a moment ago
        gc.freeze()
    except (pickle.UnpicklingError, IndexError, TypeError, ValueError) as problem:
        raise BakeError("beklenmeyen çıktı") from problem
    finally:
        gc.enable()
    return found, str(code)


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
            time.sleep(0)
    _trim()


def _trim() -> None:
    """Give freed memory back to the system: glibc alone keeps 30 MB after a few reloads. The interpreter lock is free."""
    with contextlib.suppress(OSError, AttributeError):  # another C library
        ctypes.CDLL(None).malloc_trim(0)


def _fields(value: object) -> list[object]:
    return [getattr(value, f.name) for f in fields(value)] if is_dataclass(value) else [value]
