"""Compiled engines as bytes and back: for the disk, for the process that compiles, and to keep one for later.

A frozen value is a pickle and the arrays that it refers to. In a file, which is how it travels, both are mapped and
not copied: 13 MB of weights of which a question touches few.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import io
import mmap
import os
import pickle
import stat
import struct
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache, partial
from itertools import accumulate
from operator import attrgetter
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias

Parts: TypeAlias = Sequence[bytes | memoryview]
"""A pickle, then its arrays."""

_BOT = Path(__file__).resolve().parent.parent
_ALIGNED = 64


def pack(what: object) -> Parts:
    """``what`` as a pickle and its arrays, whose memory is shared with it."""
    body, arrays = io.BytesIO(), list[pickle.PickleBuffer]()
    _Pickler(body, protocol=pickle.HIGHEST_PROTOCOL, buffer_callback=arrays.append).dump(what)
    return [body.getbuffer(), *(array.raw() for array in arrays)]


def unpack(parts: Parts, pause: Callable[[], None] | None = None) -> Any:
    """What was packed; its arrays stay where they are. Runs code: only for what this very user's program has packed.

    ``pause`` is called before each 64 KB: reading 3 MB at once holds the interpreter lock for 30 ms, a step 0.4 ms.
    """
    body, *arrays = parts
    with _no_collection():
        read = partial(pickle.loads, body) if pause is None else partial(pickle.load, _Steps(body, pause))
        found = read(buffers=arrays)  # see above
    _put_away(body)
    return found


def _put_away(body: bytes | memoryview) -> None:
    """Let the system take back the 3 MB of a mapped pickle, which stands at the file's beginning, now that it was read."""
    file = body.obj if isinstance(body, memoryview) else None
    whole_pages = len(body) // mmap.PAGESIZE * mmap.PAGESIZE
    if isinstance(file, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED") and whole_pages:
        file.madvise(mmap.MADV_DONTNEED, 0, whole_pages)


def in_file(parts: Parts) -> Iterator[bytes | memoryview]:
    """One file of ``parts``: how many, each one's size, then each on a boundary that arrays may begin at."""
    head = struct.pack(f"<{len(parts) + 1}Q", len(parts), *(len(part) for part in parts))
    for part in (head, *parts):
        yield part
        yield bytes(-len(part) % _ALIGNED)


def mapped(path: Path) -> Parts:
    """The parts in the file at ``path``, which stay readable when it is gone; raises OSError or ValueError.

    A pickle runs code when it is read: so no symbolic link is followed, and a file that somebody else could have
    written is refused.
    """
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    try:
        if not is_ours(os.fstat(handle)):
            raise PermissionError(path)
        file = memoryview(mmap.mmap(handle, 0, access=mmap.ACCESS_COPY))
    finally:
        os.close(handle)
    try:
        (count,) = struct.unpack_from("<Q", file)
        sizes = struct.unpack_from(f"<{count}Q", file, 8)
    except struct.error as problem:
        raise ValueError(path) from problem
    starts = accumulate((8 * (count + 1), *sizes), lambda at, size: at + size + -(at + size) % _ALIGNED, initial=0)
    return [file[start : start + size] for start, size in zip(list(starts)[1:], sizes, strict=False)]


def is_ours(info: os.stat_result) -> bool:
    """Whether a file or folder is this user's, and nobody else may write it."""
    owner = getattr(os, "geteuid", lambda: info.st_uid)()
    return info.st_uid == owner and not info.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


@cache
def code_mark() -> str:
    """A hash of what an engine is made by, as it was when first asked for: Python, engine, loader and language pack.

    Whoever makes an engine asks before anything can have changed; so one that runs on after an update does not pass
    what it makes for the new program's.
    """
    suffixes = (("engine", ".py"), ("content", ".py"), ("language", ""))
    paths = [path for part, suffix in suffixes for path in _under(_BOT / part, suffix)]
    return digest(f"{sys.version}\0{sys.byteorder}", bodies(_BOT, paths))


def digest(mark: str, named: Mapping[str, bytes]) -> str:
    """A hash over ``mark`` and names with their bodies."""
    found = hashlib.sha256(mark.encode())
    for name, body in named.items():
        found.update(f"{name}\0{len(body)}\0".encode("utf-8", "surrogateescape"))
        found.update(body)
    return found.hexdigest()


def bodies(root: Path, paths: Iterable[Path]) -> Mapping[str, bytes]:
    """Each file's body by its path below ``root``."""
    return {str(path.relative_to(root)): path.read_bytes() if path.is_file() else b"" for path in paths}


def files_under(folder: Path) -> list[Path]:
    """Everything below ``folder`` that is no folder, in order."""
    return _under(folder, "")


def _under(folder: Path, suffix: str) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.name.endswith(suffix) and p.suffix != ".pyc" and not p.is_dir())


class _Steps:
    """A pickle's file that pauses before each read."""

    def __init__(self, body: bytes | memoryview, pause: Callable[[], None]) -> None:
        self._body, self._pause, self._at = body, pause, 0

    def read(self, size: int, /) -> bytes:
        """The next ``size`` bytes."""
        self._pause()
        begin, self._at = self._at, self._at + size
        return bytes(self._body[begin : self._at])

    def readline(self) -> bytes:
        """The next line; only old protocols ask for it."""
        end = bytes(self._body[self._at :]).find(b"\n") + 1
        return self.read(end or len(self._body) - self._at)


class _Pickler(pickle.Pickler):
    """Pickles the model's values so that they are read quickly.

    Read-only mappings are refused by the standard pickler, and a frozen dataclass with slots is restored
    field by field in Python; calling its constructor takes a third of that, and there are 12,000.
    """

    def reducer_override(self, obj: Any) -> Any:
        """How to make ``obj`` again, or NotImplemented for the standard way."""
        kind = type(obj)
        if kind is MappingProxyType:
            return _read_only, (dict(obj),)
        values = _values_of(kind)  # type: ignore[arg-type]  # a class is hashable
        return NotImplemented if values is None else (kind, values(obj))


@cache
def _values_of(kind: type) -> Callable[[Any], tuple[Any, ...]] | None:
    """How to take a dataclass with slots apart into its constructor's arguments; ``None`` for any other class."""
    if not (is_dataclass(kind) and "__slots__" in kind.__dict__ and all(f.init for f in fields(kind))):
        return None
    names = [f.name for f in fields(kind)]
    if len(names) > 1:
        return attrgetter(*names)
    return lambda obj: tuple(getattr(obj, name) for name in names)


def _read_only(items: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(items)


@contextlib.contextmanager
def _no_collection() -> Iterator[None]:
    """Reading a hundred thousand objects triggers dozens of collections that free nothing: 40 % of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
