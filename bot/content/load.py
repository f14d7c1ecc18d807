"""A content folder → one Catalog, or every problem that stands in its way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.content import evidence, links, questions, shape
from bot.content.build import Trees, catalog_of, fact_rows
from bot.content.files import Files, read_files, version_of
from bot.content.schema import table_of
from bot.content.tree import NOTHING, Fields, tree_of
from bot.content.unreadable import CUT_OFF, cut_off_at
from bot.engine.model import Catalog
from bot.errors import ContentError, Problem

__all__ = ["Examined", "Files", "examine", "load", "parse", "read_files", "trees_of", "version_of"]


def load(folder: Path) -> Catalog:
    """The catalog of ``folder``, which holds ``facts/`` and ``intents/``; raises ContentError."""
    return parse(read_files(folder))


def parse(files: Files) -> Catalog:
    """The catalog that ``files`` describe; raises ContentError with everything that is wrong."""
    examined = examine(files)
    grave = tuple(p for p in examined.problems if not p.warning)
    if grave:
        raise ContentError(grave)
    return catalog_of(version_of(files), examined.trees, examined.text)


@dataclass(frozen=True, slots=True)
class Examined:
    """Files as trees, the article's text, and everything that is wrong, warnings included, in file order."""

    trees: Trees
    text: str
    problems: tuple[Problem, ...]


def examine(files: Files) -> Examined:
    """Look at everything in ``files`` without building; never raises."""
    problems: list[Problem] = []
    trees = trees_of(files, problems)
    whole = not problems
    for file in trees:
        problems += _sheet(file, files[file]).ill_shaped
    text = evidence.article_text(trees, dict(files), problems)
    for file in trees if text else ():
        problems += _unproved(file, files[file], text)
    cut_off = list(_cut_off(trees, files, problems))
    whole = whole and not cut_off
    if whole:  # a file that cannot be read to its end would make all that refers to it look wrong
        problems += links.problems_of(trees)
    problems += questions.problems_of(files, {r.text("id") for r in fact_rows(trees)} if whole else None)
    asked = (name for name in files if name.startswith("questions/"))
    problems += [*cut_off, *_cut_off(asked, files, problems)]
    return Examined(trees, text, tuple(sorted(set(problems))))


def _cut_off(names: Iterable[str], files: Files, problems: Sequence[Problem]) -> Iterator[Problem]:
    """Files that were saved by half: what is missing at their end is told by its cause too."""
    for file in names:
        lines = (p.line for p in problems if p.file == file and not p.warning)
        if last := cut_off_at(files[file].decode("utf-8", "replace"), lines):
            yield Problem(file, last, "", CUT_OFF)


def trees_of(files: Files, problems: list[Problem]) -> Trees:
    """The trees of all YAML files that are content, by path; what cannot be read is added to ``problems``."""
    sheets = {name: _sheet(name, files[name]) for name in sorted(files) if table_of(name) is not None}
    for sheet in sheets.values():
        problems += sheet.unreadable
    return {name: sheet.tree for name, sheet in sheets.items()}


# ── what hangs on one file alone ────────────────────────────────────────────────────────────────

_REMEMBERED = 48
"""Files of which a reload finds again what it found before, if they did not change: those of two or three versions."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A file as a tree that nobody changes, and what is wrong with it by itself."""

    tree: Fields
    unreadable: tuple[Problem, ...]
    ill_shaped: tuple[Problem, ...]


@lru_cache(maxsize=_REMEMBERED)
def _sheet(file: str, body: bytes) -> _Sheet:
    problems: list[Problem] = []
    tree, table = tree_of(file, body, problems), table_of(file)
    ill_shaped = shape.problems_of(file, tree, table) if table is not None and tree is not NOTHING else ()
    return _Sheet(tree, tuple(problems), tuple(ill_shaped))


@lru_cache(maxsize=_REMEMBERED)
def _unproved(file: str, body: bytes, text: str) -> tuple[Problem, ...]:
    """What a file's facts state beyond the article's ``text``."""
    return tuple(evidence.problems_of({file: _sheet(file, body).tree}, text))
