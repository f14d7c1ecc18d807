"""A content folder → one Catalog: read the files, check them, build the engine's values."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TypeAlias

from bot.content.tree import NOTHING, Fields, Items, Text, Tree, text_of, tree_of
from bot.engine.model import Article, Catalog, Entry, Fact, Intent, Kind, Language, Lexicon, Slots
from bot.engine.text import fold, mark
from bot.errors import ContentError, Problem

Files: TypeAlias = Mapping[str, bytes]


def load(folder: Path) -> Catalog:
    """The catalog of ``folder``, which holds ``facts/`` and ``intents/``; raises ContentError."""
    return parse(read_files(folder))


def read_files(folder: Path) -> Files:
    """The bytes of every content file below ``folder``, by relative path."""
    names = [p for part in ("facts", "intents", "questions") for p in sorted((folder / part).glob("*")) if p.is_file()]
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in names}


def version_of(files: Files) -> str:
    """A short name for exactly these files: the first 16 hex digits of a hash over names and bodies."""
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name}\0{len(files[name])}\0".encode())
        digest.update(files[name])
    return digest.hexdigest()[:16]


def parse(files: Files) -> Catalog:
    """The catalog that ``files`` describe; raises ContentError with everything that is wrong."""
    problems: list[Problem] = []
    trees = {name: tree_of(name, body, problems) for name, body in sorted(files.items()) if name.endswith(".yaml")}
    if problems:
        raise ContentError(tuple(problems))
    article = _article(trees.get("facts/article.yaml", NOTHING), files, problems)
    facts = {
        f.id: f for name, tree in trees.items() if name.startswith("facts/") for f in map(_fact, _rows(tree, "facts"))
    }
    intents = tuple(i for name, tree in trees.items() if name.startswith("intents/") for i in _intents(tree))
    places, names, persons = _gazetteer(trees.get("intents/lexicon.yaml", NOTHING))
    lexicon = _lexicon(trees.get("intents/lexicon.yaml", NOTHING), names)
    neutral, background = (_words(name) for name in ("neutral", "background"))
    return Catalog(version_of(files), article, facts, intents, lexicon, Language(neutral, background, places, persons))


def _text(node: Tree | None) -> str:
    return node.text if isinstance(node, Text) else ""


def _texts(node: Tree | None) -> tuple[str, ...]:
    return tuple(map(_text, node.items)) if isinstance(node, Items) else (node.text,) if isinstance(node, Text) else ()


def _fields(node: Tree | None) -> Mapping[str, Tree]:
    return node.fields if isinstance(node, Fields) else {}


def _rows(tree: Tree | None, name: str) -> Iterator[Mapping[str, Tree]]:
    node = _fields(tree).get(name)
    return map(_fields, node.items) if isinstance(node, Items) else iter(())


def _article(tree: Fields, files: Files, problems: list[Problem]) -> Article:
    f = tree.fields
    file = "facts/" + _text(f.get("file"))
    text = text_of(file, files.get(file, b""), problems) or ""
    return Article(*(_text(f.get(k)) for k in ("title", "date", "subject")), text, _text(f.get("sha256")))


def _fact(f: Mapping[str, Tree]) -> Fact:
    return Fact(
        id=_text(f.get("id")),
        statement=_text(f.get("statement")),
        quotes=_texts(f.get("quote")),
        keys=_slots(f.get("keys")),
        says=_slots(f.get("says")),
        as_of=_text(f.get("as_of")),
        derived={k: _text(v) for k, v in _fields(f.get("derived")).items()},
        valid_until=_text(f.get("valid_until")) or None,
    )


def _slots(node: Tree | None) -> Slots:
    return {slot: frozenset(_texts(values)) for slot, values in _fields(node).items()}


_KINDS = {"intents": Kind.FACT, "gaps": Kind.GAP, "out_of_scope": Kind.OUT_OF_SCOPE, "smalltalk": Kind.SMALLTALK}


def _intents(tree: Fields) -> Iterator[Intent]:
    for section, kind in _KINDS.items():
        for f in _rows(tree, section):
            utterances = tuple(line.strip() for line in _text(f.get("utterances")).splitlines() if line.strip())
            texts = {k: _text(f.get(k)) for k in ("id", "title", "missing", "reply", "bare")}
            facts = _texts(f.get("near" if kind is Kind.GAP else "facts"))
            yield Intent(
                kind=kind, utterances=utterances, facts=facts, needs=frozenset(_texts(f.get("needs"))), **texts
            )


def folded(words: Iterable[str]) -> tuple[str, ...]:
    """Words as the engine keeps them (lower-cased, Turkish letters kept); a ``=`` at the end stays."""
    return tuple(dict.fromkeys(mark(w.removesuffix("=")).strip() + ("=" if w.endswith("=") else "") for w in words))


def entries_of(words: Iterable[str], slot: str, values: frozenset[str], role: str = "") -> Iterator[Entry]:
    """The stems of ``words`` as one entry and those marked ``=`` as another, exact one."""
    every = folded(words)
    stems = tuple(w for w in every if not w.endswith("="))
    exact = tuple(w.removesuffix("=") for w in every if w.endswith("="))
    if stems:
        yield Entry(stems, slot, values, role)
    if exact:
        yield Entry(exact, slot, values, role, exact=True)


def _lexicon(tree: Fields, general: Mapping[str, Mapping[str, str]]) -> Lexicon:
    entries: list[Entry] = []
    names: dict[str, dict[str, str]] = {"party": {}} | {slot: dict(rows) for slot, rows in general.items()}
    inside: dict[str, str] = {}
    for party, node in _fields(tree.fields.get("parties")).items():
        names["party"][party] = _text(_fields(node).get("name"))
        for role in ("land", "people"):
            entries += entries_of(_texts(_fields(node).get(role)), "party", frozenset({party}), role)
    for slot, entities in _fields(tree.fields.get("entities")).items():
        for entity, node in _fields(entities).items():
            f = _fields(node)
            values = frozenset(_texts(f.get("is"))) or frozenset({entity})
            entries += entries_of(_texts(f.get("words")), slot, values)
            if "name" in f:
                names.setdefault(slot, {})[entity] = _text(f["name"])
            if where := _text(f.get("in")) or _text(f.get("of")):
                inside[entity] = where
    for concept, node in _fields(tree.fields.get("concepts")).items():
        entries += entries_of(_texts(node), "", frozenset({concept}))
    return Lexicon(_text(tree.fields.get("home")), tuple(entries), names, inside)


@cache
def _pack(name: str) -> Fields:
    """One file of the language pack; it comes with the program, so a problem in it is a defect."""
    problems: list[Problem] = []
    body = (resources.files("bot") / "language" / "tr" / f"{name}.yaml").read_bytes()
    tree = tree_of(f"language/tr/{name}.yaml", body, problems)
    if problems:
        raise ContentError(tuple(problems))
    return tree


@cache
def _words(name: str) -> tuple[str, ...]:
    return folded(w for node in _pack(name).fields.values() for w in _texts(node))


def slug_of(name: str) -> str:
    """An id for a name: folded, other signs as ``_``."""
    return "_".join("".join(c if c.isascii() and c.isalnum() else " " for c in fold(name)).split())[:48]


_SLOTS = {"countries": "country", "regions": "region", "cities": "city", "persons": "person"}


def _gazetteer(lexicon: Fields) -> tuple[tuple[Entry, ...], dict[str, dict[str, str]], tuple[Entry, ...]]:
    """Places, names and persons of the language pack; those that the content names itself take its ids."""
    own = {
        "party": {slug_of(_text(_fields(n).get("name"))): p for p, n in _fields(lexicon.fields.get("parties")).items()}
    }
    for slot, entities in _fields(lexicon.fields.get("entities")).items():
        own[slot] = {slug_of(_text(_fields(n).get("name")) or e): e for e, n in _fields(entities).items()}
    found: dict[str, list[Entry]] = {"place": [], "person": []}
    names: dict[str, dict[str, str]] = {}
    for section, slot in _SLOTS.items():
        for f in _rows(_pack("gazetteer"), section):
            name = _text(f.get("name"))
            key = slug_of(name)
            words = _texts(f.get("words"))
            kind = "person" if slot == "person" else "place"
            if section == "countries" and key in own["party"]:
                found[kind] += entries_of(words, "party", frozenset({own["party"][key]}), "land")
                continue
            key = own.get(slot, {}).get(key, key)
            names.setdefault(slot, {}).setdefault(key, name)
            found[kind] += entries_of(words, slot, frozenset({key}))
    return tuple(found["place"]), names, tuple(found["person"])
