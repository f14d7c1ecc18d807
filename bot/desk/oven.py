"""The child process that compiles: stays with what it learned, so that an edit costs a quarter of a second, not seven.

Requests come on standard input, replies go out on standard output, each a pickle behind its size. An engine is put
into a file that the reply names and that whoever reads it removes. End of input is the end.
"""

from __future__ import annotations

import gc
import os
import pickle
import queue
import shutil
import struct
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeAlias

from bot.content import cache, freeze
from bot.content.files import Files
from bot.content.shelf import Edition, prepare
from bot.engine.answer import Engine
from bot.errors import ContentError

MAGIC = b"kopru\0\2\n"
BAKE, LEARN = "bake", "learn"
QUIET_S = 3.0
"""After so long without a request, what was made is written to disk, for the next start of bot or oven."""
IDLE_S = 900.0
"""After so long the process ends and gives back its 200 MB, if what it knows is on disk: reading it takes 0.3 s."""

Request: TypeAlias = tuple[str, Files]


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of a request: nothing to tell, a problem, or an engine in ``file``; and the mark of the code at work."""

    code: str
    problem: ContentError | OSError | None = None
    file: Path | None = None


def write_message(pipe: IO[bytes], message: object) -> None:
    """Send ``message`` whole; raises OSError when the other end is gone."""
    body = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    for part in (MAGIC + struct.pack("<Q", len(body)), body):
        view = memoryview(part)
        while view:  # an unbuffered pipe takes what fits
            view = view[pipe.write(view) :]
    pipe.flush()


def read_message(pipe: IO[bytes]) -> Any:
    """The next message; raises EOFError when there is none, or none of ours."""
    head = _exactly(pipe, len(MAGIC) + 8)
    if not head.startswith(MAGIC):
        raise EOFError("not from the oven")
    return pickle.loads(_exactly(pipe, *struct.unpack("<Q", head[len(MAGIC) :])))  # noqa: S301 - our own parent or child


def _exactly(pipe: IO[bytes], size: int) -> bytearray:
    body = bytearray()
    while len(body) < size:
        got = pipe.read(min(size - len(body), 1 << 20))
        if not got:
            raise EOFError("the other end is gone")
        body += got
    return body


class Oven:
    """Compiles request after request, each on from the one before."""

    def __init__(self, mark: str) -> None:
        self._mark = mark
        self._known: Engine | None = None
        self._unwritten: Edition | None = None
        self._learned_anew = False

    def reply(self, verb: str, files: Files) -> Reply:
        """What is to be sent for a request; never raises for content or disk."""
        try:
            edition = self._made(files, learn=verb == LEARN)
            return Reply(self._mark, file=None if verb == LEARN else _laid_out(cache.light(edition.engine)))
        except (ContentError, OSError) as problem:
            return Reply(self._mark, problem)

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


def _laid_out(engine: Engine) -> Path:
    """A new file that holds ``engine`` and is for this user alone."""
    handle, name = tempfile.mkstemp(prefix="kopru-", suffix=".engine")
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(freeze.in_file(freeze.pack(engine)))
    except BaseException:
        Path(name).unlink()
        raise
    return Path(name)


def main() -> None:
    """Serve requests until the input ends, or for ``IDLE_S`` without one."""
    mark = freeze.code_mark()
    gc.disable()
    if hasattr(os, "nice"):
        os.nice(10)  # questions go first where cores are few, and a reload still gets a tenth of a busy one
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a stray print must not garble a reply
    serve(_requests(sys.stdin.buffer), lambda reply: write_message(out, reply), Oven(mark))
    for folder in sys.argv[1:]:  # the engines' own, which a parent that was killed could not remove
        shutil.rmtree(folder, ignore_errors=True)


def serve(requests: queue.SimpleQueue[Request | None], send: Callable[[Reply], None], oven: Oven) -> None:
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
        reply = oven.reply(*request)
        try:
            send(reply)
        except OSError:  # nobody is there to take it
            if reply.file is not None:
                reply.file.unlink(missing_ok=True)
            return


def _requests(pipe: IO[bytes]) -> queue.SimpleQueue[Request | None]:
    found: queue.SimpleQueue[Request | None] = queue.SimpleQueue()

    def listen() -> None:
        try:
            while True:
                found.put(read_message(pipe))
        except (EOFError, OSError):
            found.put(None)

    threading.Thread(target=listen, daemon=True).start()
    return found
