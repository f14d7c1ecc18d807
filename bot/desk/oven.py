"""The child process that compiles: stays with what it learned, so that an edit costs half a second, not seven.

Requests come on standard input, replies go out on standard output, each as parts behind their sizes:
a pickle, then the arrays that it refers to. End of input is the end.
"""

from __future__ import annotations

import gc
import mmap
import os
import pickle
import queue
import struct
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, TypeAlias

from bot.content import cache
from bot.content.files import Files
from bot.content.shelf import Edition, prepare
from bot.engine.answer import Engine
from bot.errors import ContentError

MAGIC = b"kopru\0\1\n"
BAKE, LEARN = "bake", "learn"
QUIET_S = 3.0
"""After so long without a request, what was made is written to disk, for the next start of bot or oven."""
IDLE_S = 900.0
"""After so long the process ends and gives back its 200 MB, if what it knows is on disk: reading it takes 0.3 s."""
_BOT = Path(__file__).resolve().parent.parent
_MOST_PARTS = 64

_LARGE = 1 << 16
"""From this size on, memory is mapped: it goes back at once, where the allocator kept 13 MB a reload for its threads."""

Request: TypeAlias = tuple[str, Files]
Memory: TypeAlias = bytearray | mmap.mmap


def code_mark() -> str:
    """A mark of the program's files, by size and time: an engine made by other code must not be taken in."""
    paths = sorted(
        p
        for part in ("engine", "content", "language")
        for p in (_BOT / part).rglob("*")
        if p.suffix in {".py", ".yaml"}
    )
    return repr([(str(p.relative_to(_BOT)), (info := p.stat()).st_size, info.st_mtime_ns) for p in paths])


def write_parts(pipe: IO[bytes], parts: Sequence[bytes | memoryview]) -> None:
    """Send ``parts`` whole; raises OSError when the other end is gone."""
    pipe.write(MAGIC + struct.pack(f"<{len(parts) + 1}Q", len(parts), *(memoryview(part).nbytes for part in parts)))
    for part in parts:
        view = memoryview(part).cast("B")
        while view:  # an unbuffered pipe takes what fits
            view = view[pipe.write(view) :]
    pipe.flush()


def read_parts(pipe: IO[bytes]) -> list[Memory]:
    """The next parts, each in memory of its own; raises EOFError when there are none, or none of ours."""
    if bytes(_exactly(pipe, len(MAGIC))) != MAGIC:
        raise EOFError("not from the oven")
    (count,) = struct.unpack("<Q", _exactly(pipe, 8))
    if count > _MOST_PARTS:
        raise EOFError("not from the oven")
    return [_exactly(pipe, size) for size in struct.unpack(f"<{count}Q", _exactly(pipe, 8 * count))]


def _exactly(pipe: IO[bytes], size: int) -> Memory:
    body: Memory = mmap.mmap(-1, size) if size >= _LARGE else bytearray(size)
    view, at = memoryview(body), 0
    while at < size:
        got = pipe.readinto(view[at:])  # type: ignore[attr-defined]  # every binary file has it; IO does not say so
        if not got:
            raise EOFError("the other end is gone")
        at += got
    return body


class Oven:
    """Compiles request after request, each on from the one before."""

    def __init__(self, mark: str) -> None:
        self._mark = mark
        self._known: Engine | None = None
        self._unwritten: Edition | None = None
        self._learned_anew = False

    def reply(self, verb: str, files: Files) -> list[bytes | memoryview]:
        """The parts of the reply: (engine, ContentError or None when it was only to learn; the mark of this code)."""
        try:
            edition = self._made(files, learn=verb == LEARN)
        except ContentError as problem:
            return cache.dumped((problem, self._mark))
        return cache.dumped((None if verb == LEARN else cache.light(edition.engine), self._mark))

    def _made(self, files: Files, *, learn: bool) -> Edition:
        if self._known is None:
            self._known = cache.stored_lessons()
        if self._known is None and not learn:
            stored = cache.stored_edition(files)
            if stored is not None:
                return stored
        if self._known is not None and learn:
            return Edition(self._known, files, "", 0.0)  # it need not be of these very files
        edition = prepare(files, self._known)
        self._learned_anew = self._learned_anew or self._known is None
        self._known, self._unwritten = edition.engine, edition
        return edition

    def tidy(self) -> None:
        """Write down what was made since the last time; for a quiet moment."""
        if self._unwritten is not None:
            cache.store_edition(Edition(cache.light(self._unwritten.engine), self._unwritten.files, "", 0.0))
            cache.store_lessons(self._unwritten.engine)
        self._unwritten = None
        gc.collect()

    def may_end(self) -> bool:
        """Whether nothing is lost when the process ends."""
        return cache.has_lessons()


def main() -> None:
    """Serve requests until the input ends, or for ``IDLE_S`` without one."""
    gc.disable()
    if hasattr(os, "nice"):
        os.nice(5)  # questions go first where cores are few
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a stray print must not garble a reply
    serve(_requests(sys.stdin.buffer), lambda parts: write_parts(out, parts), Oven(code_mark()))


def serve(
    requests: queue.SimpleQueue[Request | None], send: Callable[[list[bytes | memoryview]], None], oven: Oven
) -> None:
    """Answer ``requests`` until ``None`` comes, tidying up in between."""
    idle = 0.0
    while True:
        try:
            request = requests.get(timeout=QUIET_S)
        except queue.Empty:
            oven.tidy()
            idle += QUIET_S
            if idle >= IDLE_S and oven.may_end():
                return
            continue
        if request is None:
            return
        idle = 0.0
        send(oven.reply(*request))


def _requests(pipe: IO[bytes]) -> queue.SimpleQueue[Request | None]:
    found: queue.SimpleQueue[Request | None] = queue.SimpleQueue()

    def listen() -> None:
        try:
            while True:
                found.put(pickle.loads(read_parts(pipe)[0]))  # noqa: S301 - our own parent
        except (EOFError, OSError):
            found.put(None)

    threading.Thread(target=listen, daemon=True).start()
    return found
