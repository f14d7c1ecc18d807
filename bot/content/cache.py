"""Keeps the compiled engine on disk, so that a question from the command line does not train it anew.

The key is a hash of everything that the engine is made from: the content's files, the language pack, the
source of the engine and of the loader, and the Python that runs. Whatever is wrong with the cache (read-only
disk, another version's pickle, a file that somebody else could have written) means "no cache", never an error.

A pickle runs code when it is read. So only a file that this user owns and that nobody else may write is read,
from a folder for which the same holds, and no symbolic link is followed.
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
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from itertools import accumulate
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.content.files import Files
    from bot.content.shelf import Edition
    from bot.engine.answer import Engine
    from bot.engine.examples import Frames
    from bot.engine.propose import Lessons

KEPT = 4
"""Compiled engines kept at most; an editor who edits all day would otherwise fill the disk (about 20 MB each)."""

_BOT = Path(__file__).resolve().parent.parent
_PARTS = ("facts", "intents", "questions")
_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH


def default_folder() -> Path:
    """Where the product's own content lies: inside the installed wheel, or at the top of the repository."""
    packaged = _BOT / "_content"
    return packaged if packaged.is_dir() else _BOT.parent


def cached_engine(folder: Path, before_making: Callable[[], None] | None = None) -> Engine:
    """The compiled engine of the content in ``folder``, from the cache or made and kept; raises ContentError.

    ``before_making`` is called when it has to be made, which takes seconds.
    """
    key = _key_of(folder)
    engine = _fetch(key)
    if engine is None:
        if before_making:
            before_making()
        engine = _made(folder)
        if _key_of(folder) == key:  # an edit between hashing and loading must not be kept under the old key
            _keep(key, engine)
    return light(engine)


def cached_edition(folder: Path, before_making: Callable[[], None] | None = None) -> Edition:
    """What ``prepare`` makes of ``folder``, with the engine from the cache; raises ContentError."""
    from bot.content.files import read_files, version_of
    from bot.content.shelf import Edition as Whole
    from bot.content.shelf import prepare

    engine, files = cached_engine(folder, before_making), read_files(folder)
    if engine.catalog.version != version_of(files):  # an edit between the two: the files are the newer ones
        return prepare(files)
    return Whole(engine, files, engine.catalog.version, time.time())


def stored_edition(files: Files) -> Edition | None:
    """The edition of ``files`` that lie in no folder, if its engine is kept.

    A replica that restarts with an old folder gets the newest version from the journal, again and again.
    """
    from bot.content.files import version_of
    from bot.content.shelf import Edition as Whole

    engine = _fetch(_key_of_files(files))
    if engine is None or engine.catalog.version != version_of(files):
        return None
    return Whole(engine, files, engine.catalog.version, time.time())


def store_edition(edition: Edition) -> None:
    """Keep an edition's engine for ``stored_edition``, and for ``cached_engine`` of a folder with its files."""
    _keep(_key_of_files(edition.files), edition.engine)


@dataclass(frozen=True, slots=True)
class _Learned:
    """An engine beside what its own pickle leaves out."""

    engine: Engine
    frames: Frames | None
    lessons: Lessons | None


def stored_lessons() -> Engine | None:
    """The last engine that ``store_lessons`` kept: of other content perhaps, but made by this very code."""
    found = _loaded(_lessons_file())
    if not isinstance(found, _Learned):
        return None
    return replace(found.engine, frames=found.frames, proposer=replace(found.engine.proposer, lessons=found.lessons))


def store_lessons(engine: Engine) -> None:
    """Keep ``engine`` with what it learned from, so that another process compiles an edit in half a second."""
    _store(_lessons_file(), _Learned(engine, engine.frames, engine.proposer.lessons), 1)


def has_lessons() -> bool:
    """Whether ``stored_lessons`` would find something."""
    return _lessons_file().is_file()


def _lessons_file() -> Path:
    return cache_folder() / "lessons" / f"{_key(_code())}.pickle"


def light(engine: Engine) -> Engine:
    """``engine`` as it answers: without what only a reload's compiling needs, which is most of its memory."""
    return replace(engine, frames=None, proposer=replace(engine.proposer, lessons=None))


def _made(folder: Path) -> Engine:
    from bot.content.load import load  # yaml and the schema cost 40 ms that a hit does not need
    from bot.engine.answer import compile_catalog

    return compile_catalog(load(folder))


# ── the key ─────────────────────────────────────────────────────────────────────────────────────


def _key_of(folder: Path) -> str:
    return _key(_code(), _bodies(folder, [path for part in _PARTS for path in _under(folder / part)]))


def _key_of_files(files: Files) -> str:
    own = ((name, body) for part in _PARTS for name, body in sorted(files.items()) if name.startswith(part + "/"))
    return _key(_code(), dict(own))


def _key(*parts: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256(f"{sys.version}\0{sys.byteorder}".encode())
    for part in parts:
        for name, body in part.items():
            digest.update(f"{name}\0{len(body)}\0".encode("utf-8", "surrogateescape"))
            digest.update(body)
    return digest.hexdigest()


def _code() -> Mapping[str, bytes]:
    paths = [*_under(_BOT / "engine", ".py"), *_under(_BOT / "content", ".py"), *_under(_BOT / "language")]
    return _bodies(_BOT, paths)


def _bodies(root: Path, paths: Iterable[Path]) -> Mapping[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() if path.is_file() else b"" for path in paths}


def _under(folder: Path, suffix: str = "") -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.name.endswith(suffix) and p.suffix != ".pyc" and not p.is_dir())


# ── the store ───────────────────────────────────────────────────────────────────────────────────


def cache_folder(env: Mapping[str, str] = os.environ) -> Path:
    """``$XDG_CACHE_HOME/kopru`` (an absolute path, as the XDG specification asks), else ``~/.cache/kopru``."""
    base = Path(env.get("XDG_CACHE_HOME", ""))
    if not base.is_absolute():
        try:
            base = Path.home() / ".cache"
        except RuntimeError:  # no home: a folder that cannot be made
            base = Path(os.devnull)
    return base / "kopru"


def _fetch(key: str) -> Engine | None:
    from bot.engine.answer import Engine as Compiled

    found = _loaded(cache_folder() / f"{key}.pickle")
    return found if isinstance(found, Compiled) else None


def _loaded(path: Path) -> object:
    """What was stored at ``path``; ``None`` when there is nothing that may be read."""
    try:
        if not _ours(path.parent.stat()):
            return None
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        with os.fdopen(handle, "rb") as file:
            if not _ours(os.fstat(file.fileno())):
                return None
            body, *arrays = _parts(memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)))
        with _no_collection():
            found: object = pickle.loads(body, buffers=arrays)  # noqa: S301 - ours alone to write, see above
        os.utime(path)
    except Exception:  # noqa: BLE001 - a damaged or foreign pickle may raise anything; then it is made anew
        return None
    return found


def _ours(info: os.stat_result) -> bool:
    owner = getattr(os, "geteuid", lambda: info.st_uid)()
    return info.st_uid == owner and not info.st_mode & _OTHERS_MAY_WRITE


def _keep(key: str, engine: Engine) -> None:
    _store(cache_folder() / f"{key}.pickle", engine, KEPT)


def _store(path: Path, what: object, kept: int) -> None:
    """Put ``what`` at ``path`` in one step and leave the newest ``kept`` files beside it; no place to write is no error."""
    with contextlib.suppress(OSError, pickle.PicklingError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        import pickletools  # ten milliseconds, with the next, that only a miss pays
        import tempfile

        body, *arrays = dumped(what)
        parts = [pickletools.optimize(bytes(body)), *arrays]
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")  # mkstemp opens with mode 0600
        try:
            with os.fdopen(handle, "wb") as file:
                file.writelines(_packed(parts))
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink()
            raise
        _prune(path.parent.glob("*.pickle"), kept)


def dumped(what: object) -> list[bytes | memoryview]:
    """``what`` as a pickle, followed by its arrays' memory, which ``pickle.load`` takes as ``buffers``."""
    body, arrays = io.BytesIO(), list[pickle.PickleBuffer]()
    _Pickler(body, protocol=pickle.HIGHEST_PROTOCOL, buffer_callback=arrays.append).dump(what)
    return [body.getvalue(), *(array.raw() for array in arrays)]


def _packed(parts: Sequence[bytes | memoryview]) -> Iterator[bytes | memoryview]:
    """One file of a pickle and its arrays: how many, each one's size, then each on a 64-byte boundary.

    Arrays outside of the pickle are mapped, not copied: 18 MB of weights of which a question touches few.
    """
    head = struct.pack(f"<{len(parts) + 1}Q", len(parts), *(len(part) for part in parts))
    for part in (head, *parts):
        yield part
        yield bytes(-len(part) % 64)


def _parts(file: memoryview) -> list[memoryview]:
    (count,) = struct.unpack_from("<Q", file)
    sizes = struct.unpack_from(f"<{count}Q", file, 8)
    starts = accumulate((8 * (count + 1), *sizes), lambda at, size: at + size + -(at + size) % 64, initial=0)
    return [file[start : start + size] for start, size in zip(list(starts)[1:], sizes, strict=False)]


def _prune(paths: Iterable[Path], kept: int) -> None:
    newest_first = sorted(paths, key=lambda p: p.stat().st_mtime, reverse=True)
    for path in newest_first[kept:]:
        path.unlink(missing_ok=True)


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
        if is_dataclass(kind) and "__slots__" in kind.__dict__ and all(f.init for f in fields(kind)):
            return kind, tuple(getattr(obj, f.name) for f in fields(kind))
        return NotImplemented


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
