"""What holds across fields and files: ids are unique, references lead somewhere, slots have their values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from bot.content.build import ARTICLE, LEXICON, Trees, fact_rows, intent_rows
from bot.content.pack import fold_word
from bot.content.schema import DAY, MONTH
from bot.content.shape import is_day, nearest
from bot.content.tree import Fields, Row, Text, Tree, fields_in, texts_in
from bot.engine.grammar import ASKS
from bot.engine.model import Kind
from bot.errors import Problem

_YEAR = r"\d{4}"
_FORMS: Mapping[str, tuple[re.Pattern[str], str]] = {
    "year": (re.compile(_YEAR), "dört basamaklı bir yıl: 2021"),
    "years": (re.compile(f"{_YEAR}/{_YEAR}"), "iki yıl arası: 2010/2020"),
    "month": (re.compile(MONTH), "yıl-ay: 2021-06"),
    "months": (re.compile(f"{MONTH}/{MONTH}"), "iki ay arası: 2021-03/2021-06"),
    "date": (re.compile(DAY), "yıl-ay-gün: 1999-05-17"),
    "number": (re.compile(r"-?\d+(?:\.\d+)?(?: \S.*)?"), "noktasız bir sayı ve birimi: 1250 kitap"),
    "count": (re.compile(r"\d+"), "bir tam sayı: 4"),
    "ordinal": (re.compile(r"\d+"), "bir tam sayı: 5"),
}
"""Slots whose values the engine compares as numbers and times; all others hold ids of the lexicon."""

_NAME_END = re.compile(r"s?[iu](?:n[aiu]|n[dt][ae]n?)?|y[iu]|n?[iu]n|y?[ae]|[dt][ae]n?")
_LEAST = 3
"""Letters of a name that a longer word of a concept may hold."""
_TYPO = 0.75
"""Slots may be free tags that no question can state (*event*), so only a near miss of a known one is a slip."""
_PARTY_SLOTS = frozenset({"agent", "target"})
_MEASURES = ("time", "number", "ordinal", "yesno", "percent", "foreign")
_PLACEHOLDER = re.compile(r"\{[^{}]*\}?|\}")
_KNOWN_PLACEHOLDERS = ("{subject}", "{title}", "{date}", "{topics}")


def problems_of(trees: Trees) -> Iterator[Problem]:
    """Every problem between fields and files; ``trees`` may be incomplete, but each fits its table."""
    facts = _Names("Bilgi")
    intents = _Names("Konu")
    for row in fact_rows(trees):
        yield from facts.take(row)
        if LEXICON in trees:  # without it every name would look wrong
            yield from _slot_problems(row, trees[LEXICON])
    for kind, row in intent_rows(trees):
        yield from intents.take(row)
        if facts.first:
            yield from _references(row, "near" if kind is Kind.GAP else "facts", facts.first)
        yield from _placeholders(row)
        if LEXICON in trees:
            yield from _needs(row, trees[LEXICON])
    yield from _missing(trees, facts)
    if LEXICON in trees:
        yield from _lexicon_problems(trees[LEXICON])


class _Names:
    """The ids of one kind and where each was first used."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.first: dict[str, Row] = {}

    def take(self, row: Row) -> Iterator[Problem]:
        name = row.text("id")
        if not name:
            return
        if name in self.first:
            earlier = self.first[name]
            where = f"{earlier.file}:{earlier.line('id')}"
            yield row.problem("id", f"{self.what} kimliği “{name}” zaten kullanılmış ({where}); başka bir ad verin.")
        else:
            self.first[name] = row


def _missing(trees: Trees, facts: _Names) -> Iterator[Problem]:
    """Files and sections without which there is no bot."""
    if ARTICLE not in trees:
        yield Problem(ARTICLE, 0, "", "Dosya yok; haberin künyesi (title, date, file, subject, sha256) burada durur.")
    if LEXICON not in trees:
        yield Problem(LEXICON, 0, "", "Dosya yok; haberin sözcükleri (home, parties, entities, concepts) burada durur.")
    if not facts.first:
        yield Problem("facts/", 0, "facts", "Hiç bilgi yok; facts/ içinde en az bir dosyada “facts:” listesi olmalı.")
    if not any(kind is Kind.FACT for kind, _ in intent_rows(trees)):
        yield Problem(
            "intents/", 0, "intents", "Hiç konu yok; intents/ içinde en az bir dosyada “intents:” listesi olmalı."
        )


def _references(row: Row, field: str, known: Mapping[str, Row]) -> Iterator[Problem]:
    for item in texts_in(row.get(field)):
        if item.text.strip() not in known:
            yield row.problem(field, f"“{item.text.strip()}” diye bir bilgi yok.{_meant(item.text, known)}", item.line)


def _meant(word: str, known: Iterable[str]) -> str:
    close = nearest(word, known)
    return f" “{close}” mi demek istediniz?" if close else ""


def _placeholders(row: Row) -> Iterator[Problem]:
    for found in _PLACEHOLDER.findall(row.text("reply")):
        if found not in _KNOWN_PLACEHOLDERS:
            yield row.problem("reply", f"“{found}” bilinmiyor; kullanılabilenler: {', '.join(_KNOWN_PLACEHOLDERS)}.")


def _needs(row: Row, lexicon: Fields) -> Iterator[Problem]:
    """Needs that no question can meet: neither a concept, nor a slot, nor a question word of the engine."""
    known = {*fields_in(lexicon.fields.get("concepts")), *fields_in(lexicon.fields.get("entities")), *ASKS, *_MEASURES}
    for item in texts_in(row.get("needs")):
        if item.text.strip() not in known:
            message = f"“{item.text.strip()}” bir kavram ya da soru sözcüğü değil.{_meant(item.text, known)}"
            yield row.problem("needs", message, item.line).as_warning()


# ── slots of facts ──────────────────────────────────────────────────────────────────────────────


def _slot_problems(row: Row, lexicon: Fields) -> Iterator[Problem]:
    parties = fields_in(lexicon.fields.get("parties"))
    entities = fields_in(lexicon.fields.get("entities"))
    for part in ("keys", "says"):
        node = row.get(part)
        for slot, values in fields_in(node).items():
            for item in texts_in(values):
                if message := _slot_fault(slot, item.text.strip(), parties, entities):
                    yield row.problem(f"{part}.{slot}", message, item.line)


def _slot_fault(slot: str, value: str, parties: Mapping[str, Tree], entities: Mapping[str, Tree]) -> str:
    """What is wrong with one value of a slot; empty when nothing is."""
    if slot in _FORMS:
        form, example = _FORMS[slot]
        fits = form.fullmatch(value) and (slot != "date" or is_day(value))
        return "" if fits else f"“{value}” bu alana uymuyor; beklenen: {example}."
    if slot in _PARTY_SLOTS or slot in entities:
        known = parties if slot in _PARTY_SLOTS else fields_in(entities[slot])
        kind = "taraf" if slot in _PARTY_SLOTS else slot
        return "" if value in known else f"“{value}” sözlükte ({LEXICON}) bir {kind} değil.{_meant(value, known)}"
    close = nearest(slot, (*_FORMS, *_PARTY_SLOTS, *entities), _TYPO)
    return f"“{slot}” diye bir koşul yok; “{close}” mi demek istediniz?" if close else ""


# ── the lexicon ─────────────────────────────────────────────────────────────────────────────────


def _lexicon_problems(tree: Fields) -> Iterator[Problem]:
    root = Row(LEXICON, "", tree)
    parties = fields_in(tree.fields.get("parties"))
    home = root.text("home")
    if home and parties and home not in parties:
        yield Problem(LEXICON, root.line("home"), "home", f"“{home}” bir taraf değil.{_meant(home, parties)}")
    for slot, entities in fields_in(tree.fields.get("entities")).items():
        for name, node in fields_in(entities).items():
            if isinstance(node, Fields):
                yield from _entity_problems(Row(LEXICON, f"entities.{slot}.{name}", node), parties, fields_in(entities))
    yield from _shared_words(tree)


def _entity_problems(row: Row, parties: Mapping[str, Tree], group: Mapping[str, Tree]) -> Iterator[Problem]:
    if not row.text("name") and row.get("is") is None:
        yield row.problem("name", "“name” alanı eksik: gösterilecek adı yazın (ya da genel bir adsa “is”).")
    for field, known in (("in", parties), ("of", parties), ("is", group)):
        for item in texts_in(row.get(field)):
            if item.text.strip() not in known:
                yield row.problem(field, f"“{item.text}” tanımlı değil.{_meant(item.text, known)}", item.line)


def _shared_words(tree: Fields) -> Iterator[Problem]:
    """A word may stand in one place only: the engine could not tell which is meant."""
    seen: dict[tuple[str, bool], tuple[str, int]] = {}
    for where, item in _all_words(tree):
        exact = item.text.endswith("=")
        key = (fold_word(item.text.removesuffix("=")), exact)
        first = seen.setdefault(key, (where, item.line))
        if first[0] != where:
            message = f"“{item.text}” {first[0]} altında da var (satır {first[1]}); birini silin."
            yield Problem(LEXICON, item.line, where, message)
        other = seen.get((key[0], not exact))
        if other and other[0] != where:
            whole, stem = (where, other[0]) if exact else (other[0], where)
            message = f"“{item.text}” {other[0]} altında da var (satır {other[1]}): yalın hâli {whole}, ekli hâlleri {stem} sayılıyor."
            yield Problem(LEXICON, item.line, where, message, warning=True)
    yield from _names_within(tree)


def _names_within(tree: Fields) -> Iterator[Problem]:
    """A concept's word that may as well be a name with an ending: *ordusu* beside the city of Ordu."""
    words = [(where, item) for where, item in _all_words(tree) if " " not in item.text]
    names = {
        fold_word(item.text): (where, item)
        for where, item in words
        if not where.startswith("concepts.") and not item.text.endswith("=")
    }
    for where, item in words:
        word = fold_word(item.text.removesuffix("="))
        heads = (word[:n] for n in range(_LEAST, len(word))) if where.startswith("concepts.") else ()
        for head in (h for h in heads if h in names and _NAME_END.fullmatch(word[len(h) :])):
            place, name = names[head]
            message = f"“{item.text}”, {place} altındaki “{name.text}” (satır {name.line}) adının ekli hâli de olabilir; gerekmiyorsa silin."
            yield Problem(LEXICON, item.line, where, message, warning=True)


def _all_words(tree: Fields) -> Iterator[tuple[str, Text]]:
    for party, node in fields_in(tree.fields.get("parties")).items():
        for role in ("land", "people"):
            yield from ((f"parties.{party}.{role}", item) for item in texts_in(fields_in(node).get(role)))
    for slot, entities in fields_in(tree.fields.get("entities")).items():
        for name, node in fields_in(entities).items():
            words = texts_in(fields_in(node).get("words"))
            yield from ((f"entities.{slot}.{name}.words", item) for item in words)
    for concept, node in fields_in(tree.fields.get("concepts")).items():
        yield from ((f"concepts.{concept}", item) for item in texts_in(node))
