"""Keeps the compiled engine on disk, so that a question from the command line does not train it anew.

The key is a hash of everything that the engine is made from: the content's files, the language pack, the
source of the engine and of the loader, and the Python that runs. Whatever is wrong with the cache (read-only
disk, another version's pickle, a file that somebody else could have written) means "no cache", never an error.

A pickle runs code when it is read. So only a file that this user owns and that nobody else may write is read,
from a folder for which the same holds, and no symbolic link is followed.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bot.content import freeze

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


def default_folder() -> Path:
    """Where the product's own content lies: inside the installed wheel, or at the top of the repository."""
    packaged = _BOT / "_content"
    return packaged if packaged.is_dir() else _BOT.parent


def cached_engine(folder: Path, before_making: Callable[[], None] | None = None) -> Engine:
    """The compiled engine of the content in ``folder``, from the cache or made and kept; raises ContentError.

    ``before_making`` is called when it has to be made, which takes seconds.
    """
    key = _key_of(folder)
    engine = _engine_in(_file_of(key))
    if engine is None:
        if before_making:
            before_making()
        engine = _made(folder)
        if _key_of(folder) == key:  # an edit between hashing and loading must not be kept under the old key
            _store(_file_of(key), engine, KEPT)
            engine = _engine_in(_file_of(key)) or engine  # as the next start has it: mapped, and without its making
    return light(engine)


def store_anew(folder: Path) -> None:
    """Compile ``folder`` and keep the engine, and what it learned from, for the first reload; raises ContentError."""
    key, engine = _key_of(folder), _made(folder)
    if _key_of(folder) == key:
        _store(_file_of(key), engine, KEPT)
        store_lessons(engine)


def cached_edition(folder: Path, before_making: Callable[[], None] | None = None) -> Edition:
    """What ``prepare`` makes of ``folder``, with the engine from the cache; raises ContentError.

    For a process that stays: where an engine has to be made, another process makes it.
    """
    from bot.content.apart import compile_apart
    from bot.content.files import read_files, version_of
    from bot.content.shelf import Edition as Whole
    from bot.content.shelf import prepare

    if not _file_of(_key_of(folder)).exists() and _may_write():
        if before_making:
            before_making()
        before_making = None
        compile_apart(folder)
    engine, files = cached_engine(folder, before_making), read_files(folder)
    if engine.catalog.version != version_of(files):  # an edit between the two: the files are the newer ones
        return prepare(files)
    return Whole(engine, files, engine.catalog.version, time.time(), _parts(_file_of(_key_of_files(files))))


def stored_edition(files: Files) -> Edition | None:
    """The edition of ``files`` that lie in no folder, if its engine is kept.

    A replica that restarts with an old folder gets the newest version from the journal, again and again.
    """
    from bot.content.files import version_of
    from bot.content.shelf import Edition as Whole

    path = _file_of(_key_of_files(files))
    engine = _engine_in(path)
    if engine is None or engine.catalog.version != version_of(files):
        return None
    return Whole(engine, files, engine.catalog.version, time.time(), _parts(path))


def store_edition(edition: Edition) -> None:
    """Keep an edition's engine for ``stored_edition``, and for ``cached_engine`` of a folder with its files."""
    _store(_file_of(_key_of_files(edition.files)), edition.engine, KEPT)


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
    """Keep ``engine`` with what it learned from, so that another process compiles an edit in a quarter of a second."""
    _store(_lessons_file(), _Learned(engine, engine.frames, engine.proposer.lessons), 1)


def has_lessons() -> bool:
    """Whether ``stored_lessons`` would find something."""
    return _lessons_file().is_file()


def _lessons_file() -> Path:
    return cache_folder() / "lessons" / f"{freeze.code_mark()}.pickle"


def light(engine: Engine) -> Engine:
    """``engine`` as it answers: without what only a reload's compiling needs, which is most of its memory."""
    return replace(
        engine,
        frames=None,
        proposer=replace(engine.proposer, lessons=None),
        licence=replace(engine.licence, counts=None),
    )


def _made(folder: Path) -> Engine:
    from bot.content.load import load  # yaml and the schema cost 40 ms that a hit does not need
    from bot.engine.answer import compile_catalog

    return compile_catalog(load(folder))


# ── the key ─────────────────────────────────────────────────────────────────────────────────────


def _key_of(folder: Path) -> str:
    paths = [path for part in _PARTS for path in freeze.files_under(folder / part)]
    return freeze.digest(freeze.code_mark(), freeze.bodies(folder, paths))


def _key_of_files(files: Files) -> str:
    own = ((name, body) for part in _PARTS for name, body in sorted(files.items()) if name.startswith(part + "/"))
    return freeze.digest(freeze.code_mark(), dict(own))


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


def _may_write() -> bool:
    """Whether what another process makes could be found in the cache."""
    try:
        cache_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(cache_folder(), os.W_OK) and freeze.is_ours(cache_folder().stat())


def _file_of(key: str) -> Path:
    return cache_folder() / f"{key}.pickle"


def _engine_in(path: Path) -> Engine | None:
    from bot.engine.answer import Engine as Compiled

    found = _loaded(path)
    return found if isinstance(found, Compiled) else None


def _loaded(path: Path) -> object:
    """What was stored at ``path``; ``None`` when there is nothing that may be read."""
    parts = _parts(path)
    if parts is None:
        return None
    try:
        found: object = freeze.unpack(parts)  # ours alone to write, see above
        os.utime(path)
    except Exception:  # noqa: BLE001 - a damaged or foreign pickle may raise anything; then it is made anew
        return None
    return found


def _parts(path: Path) -> freeze.Parts | None:
    """The file at ``path``, mapped; ``None`` when there is none, or none that only this user may have written."""
    try:
        return freeze.mapped(path) if freeze.is_ours(path.parent.stat()) else None
    except (OSError, ValueError):
        return None


def _store(path: Path, what: object, kept: int) -> None:
    """Put ``what`` at ``path`` in one step and leave the newest ``kept`` files beside it; no place to write is no error."""
    with contextlib.suppress(OSError, pickle.PicklingError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        import pickletools  # ten milliseconds, with the next, that only a miss pays
        import tempfile

        body, *arrays = freeze.pack(what)
        parts = [pickletools.optimize(bytes(body)), *arrays]
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")  # mkstemp opens with mode 0600
        try:
            with os.fdopen(handle, "wb") as file:
                file.writelines(freeze.in_file(parts))
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink()
            raise
        _prune(path.parent.glob("*.pickle"), kept)


def _prune(paths: Iterable[Path], kept: int) -> None:
    newest_first = sorted(paths, key=lambda p: p.stat().st_mtime, reverse=True)
    for path in newest_first[kept:]:
        path.unlink(missing_ok=True)
