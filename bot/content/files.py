"""Reads a content folder's files as one consistent set of bytes, even while an editor is saving them."""

from __future__ import annotations

import errno
import hashlib
import re
import stat
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

from bot.content.tree import MOST_BYTES
from bot.errors import ContentError, Problem

Files: TypeAlias = Mapping[str, bytes]
"""Relative path (``facts/article.yaml``) → body; all that a version of the content is."""

FOLDERS = ("facts", "intents", "questions")
MOST_FILES = 1_000
TRIES = 8
PAUSE_S = 0.05
_NAME = re.compile(r"[\w-][\w.-]*\.(?:yaml|txt|jsonl)")
_Stamp: TypeAlias = tuple[int, int, int]


class _Unsteady(Exception):
    """A file vanished or changed between two looks at it."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.file = file


def read_files(folder: Path) -> Files:
    """The bytes of every content file below ``folder``; raises ContentError when they cannot be read.

    Every file is listed, stamped and read twice; where the two differ somebody is saving, and all is read
    again after a moment (at most ``TRIES`` times, together well under a second for content at rest).
    """
    _look_at(folder)
    unsteady = ""
    for attempt in range(TRIES):
        if attempt:
            time.sleep(PAUSE_S * attempt)
        try:
            return _steady(folder)
        except _Unsteady as change:
            unsteady = change.file
    raise ContentError(
        (Problem(unsteady, 1, "", "Dosya okunurken değişip duruyor; kaydetme bitince yeniden deneyin."),)
    )


def _look_at(folder: Path) -> None:
    """Raises ContentError where ``folder`` cannot be what was meant."""
    if not folder.exists():
        told = f"“{folder}” diye bir klasör yok; --content ya da KOPRU_CONTENT_DIR ile içeriğin klasörünü gösterin."
    elif not folder.is_dir():
        told = f"“{folder}” bir klasör değil; facts/ ve intents/ klasörlerini içeren klasörü gösterin."
    elif not any((folder / part).exists() for part in FOLDERS[:2]):
        told = (
            f"“{folder}” içinde içerik yok: facts/article.yaml, intents/lexicon.yaml ve öteki dosyalar beklenir; "
            "facts/ ve intents/ klasörlerini içeren klasörü gösterin."
        )
    else:
        return
    raise ContentError((Problem("", 0, "", told),))


def version_of(files: Files) -> str:
    """A short name for exactly these files: the first 16 hex digits of a hash over names and bodies."""
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name}\0{len(files[name])}\0".encode("utf-8", "surrogateescape"))
        digest.update(files[name])
    return digest.hexdigest()[:16]


def _steady(folder: Path) -> Files:
    before = _stamps(folder)
    first = {name: _body(folder, name) for name in before}
    for name, body in first.items():
        if _body(folder, name) != body:
            raise _Unsteady(name)
    after = _stamps(folder)
    for name in before.keys() | after.keys():
        if before.get(name) != after.get(name):
            raise _Unsteady(name)
    return first


def _stamps(folder: Path) -> dict[str, _Stamp]:
    """Time, size and inode of every content file; hidden, backup and foreign files are none."""
    stamps: dict[str, _Stamp] = {}
    for part in FOLDERS:
        for name in _listed(folder / part):
            if _NAME.fullmatch(name):
                stamps[f"{part}/{name}"] = _stamp(folder, f"{part}/{name}")
    if len(stamps) > MOST_FILES:
        raise ContentError((Problem("", 0, "", f"Klasörde çok fazla dosya var (en çok {MOST_FILES})."),))
    return stamps


def _listed(folder: Path) -> list[str]:
    try:
        return sorted(path.name for path in folder.iterdir())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise ContentError((Problem(folder.name, 0, "", f"Klasör okunamıyor ({_why(error)})."),)) from error


def _stamp(folder: Path, name: str) -> _Stamp:
    try:
        info = (folder / name).stat()
    except FileNotFoundError as error:
        if (folder / name).is_symlink():
            raise ContentError((Problem(name, 0, "", "Bağlantının gösterdiği dosya yok."),)) from error
        raise _Unsteady(name) from error
    except OSError as error:
        raise ContentError((Problem(name, 0, "", f"Dosya okunamıyor ({_why(error)})."),)) from error
    if not stat.S_ISREG(info.st_mode):
        raise ContentError((Problem(name, 0, "", "Düz bir dosya değil; taşıyın ya da adını değiştirin."),))
    if info.st_size > MOST_BYTES:
        raise ContentError((Problem(name, 1, "", f"Dosya çok büyük (en çok {MOST_BYTES // 1_000_000} MB); bölün."),))
    return info.st_mtime_ns, info.st_size, info.st_ino


def _body(folder: Path, name: str) -> bytes:
    try:
        return (folder / name).read_bytes()
    except FileNotFoundError as error:
        raise _Unsteady(name) from error
    except OSError as error:
        raise ContentError((Problem(name, 0, "", f"Dosya okunamıyor ({_why(error)})."),)) from error


_WHY = {
    errno.ENOTDIR: "klasör değil",
    errno.EISDIR: "dosya değil, klasör",
    errno.ELOOP: "bağlantı kendini gösteriyor",
    errno.ENAMETOOLONG: "adı çok uzun",
    errno.EMFILE: "çok fazla dosya açık",
    errno.EIO: "disk okuma hatası",
}


def _why(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return "izin yok"
    return _WHY.get(error.errno or 0, f"sistem hatası {error.errno}")
