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
from dataclasses import fields, is_dataclass
from itertools import accumulate
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.content.shelf import Edition
    from bot.engine.answer import Engine

KEPT = 4
"""Compiled engines kept at most; an editor who edits all day would otherwise fill the disk (about 20 MB each)."""

_BOT = Path(__file__).resolve().parent.parent
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
    return engine


def cached_edition(folder: Path, before_making: Callable[[], None] | None = None) -> Edition:
    """What ``prepare`` makes of ``folder``, with the engine from the cache; raises ContentError."""
    from bot.content.files import read_files, version_of
    from bot.content.shelf import Edition as Whole
    from bot.content.shelf import prepare

    engine, files = cached_engine(folder, before_making), read_files(folder)
    if engine.catalog.version != version_of(files):  # an edit between the two: the files are the newer ones
        return prepare(files)
    return Whole(engine, files, engine.catalog.version, time.time())


def _made(folder: Path) -> Engine:
    from bot.content.load import load  # yaml and the schema cost 40 ms that a hit does not need
    from bot.engine.answer import compile_catalog

    return compile_catalog(load(folder))


# ── the key ─────────────────────────────────────────────────────────────────────────────────────


def _key_of(folder: Path) -> str:
    digest = hashlib.sha256(f"{sys.version}\0{sys.byteorder}".encode())
    code = [*_under(_BOT / "engine", ".py"), *_under(_BOT / "content", ".py"), *_under(_BOT / "language")]
    content = [path for part in ("facts", "intents", "questions") for path in _under(folder / part)]
    for root, paths in ((_BOT, code), (folder, content)):
        for path in paths:
            body = path.read_bytes() if path.is_file() else b""
            digest.update(f"{path.relative_to(root)}\0{len(body)}\0".encode("utf-8", "surrogateescape"))
            digest.update(body)
    return digest.hexdigest()


def _under(folder: Path, suffix: str = "") -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.name.endswith(suffix) and p.suffix != ".pyc" and not p.is_dir())


# ── the store ───────────────────────────────────────────────────────────────────────────────────


def cache_folder(env: Mapping[str, str] = os.environ) -> Path:
    """``$XDG_CACHE_HOME/kopru`` (an absolute path, as the XDG specification asks), else ``~/.cache/kopru``."""
    base = Path(env.get("XDG_CACHE_HOME", ""))
    return (base if base.is_absolute() else Path.home() / ".cache") / "kopru"


def _fetch(key: str) -> Engine | None:
    from bot.engine.answer import Engine as Compiled

    try:
        folder = cache_folder()
        if not _ours(folder.stat()):
            return None
        path = folder / f"{key}.pickle"
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        with os.fdopen(handle, "rb") as file:
            if not _ours(os.fstat(file.fileno())):
                return None
            body, *arrays = _parts(memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)))
        with _no_collection():
            found = pickle.loads(body, buffers=arrays)  # noqa: S301 - ours alone to write, see the module's docstring
        os.utime(path)
    except Exception:  # noqa: BLE001 - a damaged or foreign pickle may raise anything; then it is made anew
        return None
    return found if isinstance(found, Compiled) else None


def _ours(info: os.stat_result) -> bool:
    owner = getattr(os, "geteuid", lambda: info.st_uid)()
    return info.st_uid == owner and not info.st_mode & _OTHERS_MAY_WRITE


def _keep(key: str, engine: Engine) -> None:
    with contextlib.suppress(OSError, RuntimeError, pickle.PicklingError):  # RuntimeError: no home folder
        folder = cache_folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        import pickletools  # ten milliseconds, with the next, that only a miss pays
        import tempfile

        body, arrays = io.BytesIO(), list[pickle.PickleBuffer]()
        _Pickler(body, protocol=pickle.HIGHEST_PROTOCOL, buffer_callback=arrays.append).dump(engine)
        parts: list[bytes | memoryview] = [pickletools.optimize(body.getvalue()), *(array.raw() for array in arrays)]
        handle, name = tempfile.mkstemp(dir=folder, suffix=".part")  # mkstemp opens with mode 0600
        try:
            with os.fdopen(handle, "wb") as file:
                file.writelines(_packed(parts))
            Path(name).replace(folder / f"{key}.pickle")
        except BaseException:
            Path(name).unlink()
            raise
        _prune(folder.glob("*.pickle"))


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


def _prune(paths: Iterable[Path]) -> None:
    newest_first = sorted(paths, key=lambda p: p.stat().st_mtime, reverse=True)
    for path in newest_first[KEPT:]:
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
