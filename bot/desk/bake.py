"""Prepares an edition in a process of its own, so that compiling never holds this one's interpreter lock.

A thread would do the same work, but every step of the event loop would then wait for the lock. The child
gets the files on its standard input and writes the pickled result into a nameless file; it sees none of
our settings, so no token reaches it.
"""

from __future__ import annotations

import asyncio
import copyreg
import gc
import os
import pickle
import sys
import tempfile
import time
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any

from bot.content.files import Files
from bot.content.shelf import Edition, prepare
from bot.errors import ContentError, KopruError

PATIENCE_S = 120.0
"""A preparation that takes longer is given up: 10,000 utterances take about five seconds."""


_CHILD = "from bot.desk.bake import child; child()"
_BOT = Path(__file__).resolve().parent.parent


def _code() -> str:
    """A mark of the program's files, by size and time: an engine made by other code must not be taken in."""
    paths = sorted(
        p
        for part in ("engine", "content", "language")
        for p in (_BOT / part).rglob("*")
        if p.suffix in {".py", ".yaml"}
    )
    return repr([(str(p.relative_to(_BOT)), (info := p.stat()).st_size, info.st_mtime_ns) for p in paths])


_STARTED_WITH = _code()


class BakeError(KopruError):
    """The preparing process died or gave nonsense; its last words are in the text."""


async def baked(files: Files) -> Edition:
    """The edition of ``files``; raises ContentError with all problems, BakeError, or OSError."""
    body = await asyncio.to_thread(pickle.dumps, dict(files))
    with _scratch() as made:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-c", _CHILD, env=_environment(),
            stdin=asyncio.subprocess.PIPE, stdout=made, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            async with asyncio.timeout(PATIENCE_S):
                _, err = await child.communicate(body)
        except TimeoutError:
            raise BakeError(f"{PATIENCE_S:.0f} saniyede bitmedi") from None
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
        if child.returncode != 0:
            raise BakeError((err.decode("utf-8", "replace").strip().splitlines() or ["çıktı yok"])[-1])
        return await asyncio.to_thread(_unpacked, made)


def _scratch() -> IO[bytes]:
    """A nameless file for the child's 5 MB: joining them from a pipe would take 20 ms of the event loop."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("edition"), "w+b")
    return tempfile.TemporaryFile()


def _environment() -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("KOPRU_")}
    return kept | {"PYTHONPATH": str(_BOT.parent), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def _unpacked(made: IO[bytes]) -> Edition:
    made.seek(0)
    found, code = _read(made)
    if code != _STARTED_WITH:
        raise BakeError("programın kendisi güncellenmiş; yeni içerik için botu yeniden başlatın")
    if isinstance(found, ContentError):
        try:
            raise found
        finally:
            del found  # else error → traceback → this frame → error, and what that holds outlives the freeze below
    if not isinstance(found, Edition):
        raise BakeError("beklenmeyen çıktı")
    return found


class _Frames:
    """A pickle's file that lets other threads run before each frame of 64 KB.

    Reading 5 MB at once held the interpreter lock, and so the event loop, for 28 ms; a frame takes 0.4 ms.
    """

    def __init__(self, made: IO[bytes]) -> None:
        self._made = made

    def read(self, size: int, /) -> bytes:
        """The next ``size`` bytes."""
        time.sleep(0)
        return self._made.read(size)

    def readline(self) -> bytes:
        """The next line; only old protocols ask for it."""
        return self._made.readline()


def _read(made: IO[bytes]) -> tuple[object, str]:
    """The unpickled file: what was made, and the mark of the code that made it; set apart from garbage collection.

    Collections during the reading tripled its time, and later ones walked through the engine's hundred
    thousand objects: both held the event loop for up to 50 ms. An edition has no cycles, so counting
    references frees it all the same. What is garbage already goes first: frozen, it would stay for ever.
    """
    gc.collect()
    gc.disable()
    try:
        found, code = pickle.load(_Frames(made))  # noqa: S301 - written by our own child a moment ago
        gc.freeze()
    finally:
        gc.enable()
    return found, str(code)


def _frozen(items: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(items)


def _reduced(mapping: MappingProxyType[Any, Any]) -> tuple[Any, ...]:
    return _frozen, (dict(mapping),)


def _packed(result: object) -> bytes:
    copyreg.pickle(MappingProxyType, _reduced)
    return pickle.dumps((result, _STARTED_WITH), protocol=pickle.HIGHEST_PROTOCOL)


def child() -> None:
    """The child: files in, edition or ContentError out."""
    gc.disable()
    if hasattr(os, "nice"):
        os.nice(5)  # questions go first where cores are few
    files = pickle.load(sys.stdin.buffer)  # noqa: S301 - our own parent
    try:
        result: object = prepare(files)
    except ContentError as problem:
        result = problem
    sys.stdout.buffer.write(_packed(result))
