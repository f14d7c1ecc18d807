"""Checked trees → the engine's values; nothing here looks for problems."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TypeAlias

from bot.content import pack
from bot.content.pack import entries_of, slug_of
from bot.content.tree import NOTHING, Fields, Row, Tree, fields_in, lines_in, rows_in, text_in, words_in
from bot.engine.model import Article, Catalog, Entry, Fact, Intent, Kind, Language, Lexicon, Slots

Trees: TypeAlias = Mapping[str, Fields]

ARTICLE = "facts/article.yaml"
LEXICON = "intents/lexicon.yaml"
KINDS: Mapping[str, Kind] = {
    "intents": Kind.FACT,
    "gaps": Kind.GAP,
    "out_of_scope": Kind.OUT_OF_SCOPE,
    "smalltalk": Kind.SMALLTALK,
}


def fact_rows(trees: Trees) -> Iterator[Row]:
    """Every fact of every file, in order."""
    return (row for file, tree in trees.items() if file.startswith("facts/") for row in rows_in(file, tree, "facts"))


def intent_rows(trees: Trees) -> Iterator[tuple[Kind, Row]]:
    """Every intent of every kind of every file, in order."""
    for file, tree in trees.items():
        if file.startswith("intents/") and file != LEXICON:
            for section, kind in KINDS.items():
                yield from ((kind, row) for row in rows_in(file, tree, section))


def article_of(trees: Trees, text: str) -> Article:
    """The article's record with its text."""
    row = Row(ARTICLE, "", trees.get(ARTICLE, NOTHING))
    return Article(row.text("title"), row.text("date"), row.text("subject"), text, row.text("sha256"))


def catalog_of(version: str, trees: Trees, text: str) -> Catalog:
    """The whole catalog of trees that have been checked; ``text`` is the article's."""
    tree = trees.get(LEXICON, NOTHING)
    geography = pack.geography(_own_names(tree))
    return Catalog(
        version=version,
        article=article_of(trees, text),
        facts=MappingProxyType({fact.id: fact for fact in map(_fact, fact_rows(trees))}),
        intents=tuple(_intent(kind, row) for kind, row in intent_rows(trees)),
        lexicon=_lexicon(tree, geography.names),
        language=Language(
            pack.neutral_words(), pack.background_words(), geography.places, geography.persons, pack.everyday_words()
        ),
    )


def _fact(row: Row) -> Fact:
    return Fact(
        id=row.text("id"),
        statement=row.text("statement"),
        quotes=words_in(row.get("quote")),
        keys=_slots(row.get("keys")),
        says=_slots(row.get("says")),
        as_of=row.text("as_of"),
        derived=MappingProxyType({part: text_in(how) for part, how in fields_in(row.get("derived")).items()}),
        valid_until=row.text("valid_until") or None,
    )


def _slots(node: Tree | None) -> Slots:
    return MappingProxyType({slot: frozenset(words_in(values)) for slot, values in fields_in(node).items()})


def _intent(kind: Kind, row: Row) -> Intent:
    return Intent(
        id=row.text("id"),
        kind=kind,
        utterances=tuple(line for line, _ in lines_in(row.get("utterances"))),
        facts=words_in(row.get("near" if kind is Kind.GAP else "facts")),
        title=row.text("title"),
        missing=row.text("missing"),
        reply=row.text("reply"),
        bare=row.text("bare"),
        owner=row.text("owner"),
        recipient=row.text("recipient"),
        object=row.text("object"),
        needs=frozenset(words_in(row.get("needs"))),
    )


def _own_names(lexicon: Fields) -> dict[str, dict[str, str]]:
    """Slot → slug of the name that the content shows → its id there."""
    own = {
        "party": {
            slug_of(text_in(fields_in(n).get("name"))): p for p, n in fields_in(lexicon.fields.get("parties")).items()
        }
    }
    for slot, entities in fields_in(lexicon.fields.get("entities")).items():
        own[slot] = {slug_of(text_in(fields_in(n).get("name")) or key): key for key, n in fields_in(entities).items()}
    return own


def _lexicon(tree: Fields, general: Mapping[str, Mapping[str, str]]) -> Lexicon:
    entries: list[Entry] = []
    names: dict[str, dict[str, str]] = {"party": {}}
    inside: dict[str, str] = {}
    seats: dict[str, str] = {}
    for party, node in fields_in(tree.fields.get("parties")).items():
        names["party"][party] = text_in(fields_in(node).get("name"))
        if seat := text_in(fields_in(node).get("seat")):
            seats[seat] = party
        for role in ("land", "people"):
            entries += entries_of(words_in(fields_in(node).get(role)), "party", frozenset({party}), role)
    for slot, entities in fields_in(tree.fields.get("entities")).items():
        for key, node in fields_in(entities).items():
            entries += _entity(key, slot, fields_in(node), names, inside)
    for concept, node in fields_in(tree.fields.get("concepts")).items():
        entries += entries_of(words_in(node), "", frozenset({concept}))
    shown = {slot: {**general.get(slot, {}), **names.get(slot, {})} for slot in (*names, *general)}
    frozen = {slot: MappingProxyType(rows) for slot, rows in shown.items()}
    home = text_in(tree.fields.get("home"))
    return Lexicon(home, tuple(entries), MappingProxyType(frozen), MappingProxyType(inside), MappingProxyType(seats))


def _entity(
    key: str, slot: str, fields: Mapping[str, Tree], names: dict[str, dict[str, str]], inside: dict[str, str]
) -> Iterator[Entry]:
    """The entries of one entity; its name and the party that it belongs to are noted on the way."""
    if name := text_in(fields.get("name")):
        names.setdefault(slot, {})[key] = name
    if party := text_in(fields.get("in")) or text_in(fields.get("of")):
        inside[key] = party
    values = frozenset(words_in(fields.get("is"))) or frozenset({key})
    return entries_of(words_in(fields.get("words")), slot, values)
