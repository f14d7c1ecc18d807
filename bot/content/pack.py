"""The language pack that comes with the program: neutral words, background words, places and persons.

It is read once a process. Where the content names a place or person itself, the pack's words take the
content's id, so that both are the same thing to the engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from bot.content.schema import BACKGROUND, GAZETTEER, NEUTRAL, Table
from bot.content.shape import problems_of
from bot.content.tree import Fields, Row, rows_in, tree_of, words_in
from bot.engine.model import Entry
from bot.engine.text import fold, mark
from bot.errors import ContentError, Problem

FILES: Mapping[str, Table] = {"gazetteer": GAZETTEER, "neutral": NEUTRAL, "background": BACKGROUND, "words": NEUTRAL}
_SLOTS = {"countries": "country", "regions": "region", "cities": "city", "persons": "person"}


@dataclass(frozen=True, slots=True)
class Geography:
    """Places and persons as lexicon entries, and the names to show for them (``names["city"]["adana"]``)."""

    places: tuple[Entry, ...]
    persons: tuple[Entry, ...]
    names: Mapping[str, Mapping[str, str]]


def pack_problems() -> list[Problem]:
    """What is wrong in the pack's files; a test of the program holds it empty."""
    problems: list[Problem] = []
    for name, table in FILES.items():
        tree = tree_of(_path(name), _bytes(name), problems)
        problems += problems_of(_path(name), tree, table)
    return problems


def _path(name: str) -> str:
    return f"language/tr/{name}.yaml"


def _bytes(name: str) -> bytes:
    return (resources.files("bot") / "language" / "tr" / f"{name}.yaml").read_bytes()


@cache
def _tree(name: str) -> Fields:
    problems: list[Problem] = []
    tree = tree_of(_path(name), _bytes(name), problems)
    if problems:
        raise ContentError(tuple(problems))
    return tree


@cache
def neutral_words() -> tuple[str, ...]:
    """Words that carry no content whatever the subject; ``=`` marks exact ones."""
    return marked(words_in(_tree("neutral").fields.get("words")))


@cache
def background_words() -> tuple[str, ...]:
    """Words of what people say about themselves first; ``=`` marks exact ones."""
    return marked(words_in(_tree("background").fields.get("first_person")))


@cache
def everyday_words() -> frozenset[str]:
    """Stems of everyday words, which are no misspelling of the content's."""
    return frozenset(marked(words_in(_tree("words").fields.get("words"))))


def geography(own: Mapping[str, Mapping[str, str]]) -> Geography:
    """The gazetteer under the content's ids; ``own`` maps slot → slug of a shown name → id."""
    found: dict[str, list[Entry]] = {"place": [], "person": []}
    names: dict[str, dict[str, str]] = {}
    for row in _gazetteer():
        kind = "person" if row.slot == "person" else "place"
        party = own.get("party", {}).get(row.slug) if row.slot == "country" else None
        if party is not None:
            found[kind] += (_as(e, "party", party, "land") for e in row.entries)
            continue
        key = own.get(row.slot, {}).get(row.slug, row.slug)
        names.setdefault(row.slot, {}).setdefault(key, row.name)
        found[kind] += row.entries if key == row.slug else (_as(e, row.slot, key) for e in row.entries)
    return Geography(tuple(found["place"]), tuple(found["person"]), names)


def _as(entry: Entry, slot: str, value: str, role: str = "") -> Entry:
    return Entry(entry.words, slot, frozenset({value}), role, entry.exact)


@dataclass(frozen=True, slots=True)
class _Name:
    slot: str
    slug: str
    name: str
    entries: tuple[Entry, ...]


@cache
def _gazetteer() -> tuple[_Name, ...]:
    return tuple(
        _name(row, slot) for section, slot in _SLOTS.items() for row in rows_in("", _tree("gazetteer"), section)
    )


def _name(row: Row, slot: str) -> _Name:
    name = row.text("name")
    slug = slug_of(name)
    return _Name(slot, slug, name, tuple(entries_of(words_in(row.get("words")), slot, frozenset({slug}))))


# ── words as the engine wants them ──────────────────────────────────────────────────────────────


def slug_of(name: str) -> str:
    """An id for a name: folded, other signs as ``_``, at most 48 characters."""
    return "_".join("".join(c if c.isascii() and c.isalnum() else " " for c in fold(name)).split())[:48]


@lru_cache(maxsize=50_000)
def fold_word(word: str) -> str:
    """``fold`` of a lexicon word; a reload meets the same thousands of words again."""
    return fold(word).strip()


@lru_cache(maxsize=50_000)
def mark_word(word: str) -> str:
    """``mark`` of a lexicon word; a reload meets the same thousands of words again."""
    return mark(word).strip()


def marked(words: Iterable[str]) -> tuple[str, ...]:
    """Words as the engine keeps them, lower-cased with their Turkish letters, each once; a ``=`` at the end stays."""
    return tuple(dict.fromkeys(mark_word(w.removesuffix("=")) + ("=" if w.endswith("=") else "") for w in words))


def entries_of(words: Iterable[str], slot: str, values: frozenset[str], role: str = "") -> Iterator[Entry]:
    """The stems of ``words`` as one entry and those marked ``=`` as another, exact one."""
    every = marked(words)
    stems = tuple(w for w in every if not w.endswith("="))
    exact = tuple(w.removesuffix("=") for w in every if w.endswith("="))
    if stems:
        yield Entry(stems, slot, values, role)
    if exact:
        yield Entry(exact, slot, values, role, exact=True)
