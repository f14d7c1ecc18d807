"""Broken content of every kind: each is refused, and the editor is told file, line, field and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from bot.content.load import parse
from bot.errors import ContentError, Problem
from tests.content.small import edited

FACTS, INTENTS, LEXICON, ARTICLE = (
    "facts/library.yaml",
    "intents/library.yaml",
    "intents/lexicon.yaml",
    "facts/article.yaml",
)


def problems(files: Mapping[str, bytes]) -> tuple[Problem, ...]:
    with pytest.raises(ContentError) as caught:
        parse(files)
    return caught.value.problems


@dataclass(frozen=True)
class Case:
    """One edit: ``old`` becomes ``new``; the problem is at ``marker``'s line (in the edited file), in ``field``."""

    name: str
    file: str
    old: str
    new: str
    marker: str
    field: str
    says: str


CASES = (
    # ── YAML itself
    Case("colon in plain text", FACTS, "id: books", "id: books: x", "id: books: x", "id", "Beklenmeyen “:”"),
    Case("unclosed quote", FACTS, '"3250 kitap"', '"3250 kitap', 'number: "3250', "says", "ayraçlı"),
    Case(
        "unclosed brace",
        FACTS,
        'says: {number: "3250 kitap"}',
        'says: {number: "3250 kitap"',
        "number: ",
        "says",
        "ayraçlı",
    ),
    Case(
        "bad indentation",
        FACTS,
        "    statement: Kütüphanede",
        "   statement: Kütüphanede",
        "   statement: Kütüphanede",
        "statement",
        "girinti",
    ),
    Case("tab", FACTS, "    statement: Kütüphanede", "\tstatement: Kütüphanede", "\tstatement", "statement", "Tab"),
    Case("alias", FACTS, "id: books", "id: *books", "id: *books", "id", "“*books”"),
    Case("anchor", FACTS, "id: books", "id: &b books", "id: &b books", "id", "“&b”"),
    Case("tag", FACTS, "id: books", "id: !!python/name:os.system books", "id: !!python", "id", "Etiket"),
    Case("second document", FACTS, "  - id: books", "---\nfacts:\n  - id: books", "---", "", "ikinci bir YAML"),
    Case("deep nesting", FACTS, "as_of: 14 Mart 2025", "as_of: " + "[" * 40 + "]" * 40, "[[[[", "as_of", "İç içe"),
    Case(
        "repeated key",
        FACTS,
        "    as_of: 14 Mart 2025",
        "    as_of: 2025\n    as_of: 2026",
        "as_of: 2026",
        "as_of",
        "zaten var",
    ),
    Case("list as key", FACTS, "    as_of: 14 Mart 2025", "    ? [a]\n    : b", "? [a]", "", "Alan adı düz"),
    Case("NUL", FACTS, "Kütüphanede 3.250", "Kütüphanede\0 3.250", "\0", "statement", "U+0000"),
    Case("line separator", INTENTS, "Maliyeti ne kadar?", "Maliyeti\u2028ne kadar?", "\u2028", "utterances", "U+2028"),
    Case("BOM", FACTS, "# Açılış", "\ufeff# Açılış", "# Açılış", "", "BOM"),
    # ── fields and shapes
    Case(
        "unknown field",
        INTENTS,
        "    title: Maliyet",
        "    titel: Maliyet",
        "titel:",
        "intents.building_cost.titel",
        "“title” mi demek",
    ),
    Case(
        "plural forgotten",
        INTENTS,
        "utterances: |\n      Kütüphane ne",
        "utterence: |\n      Kütüphane ne",
        "utterence:",
        "intents.opening.utterence",
        "“utterances” mi demek",
    ),
    Case(
        "missing field",
        FACTS,
        "    quote: Kütüphanede 3 bin 250 kitap bulunuyor.\n",
        "",
        "- id: books",
        "facts.books.quote",
        "eksik",
    ),
    Case(
        "empty field",
        FACTS,
        "quote: Kütüphanede 3 bin 250 kitap bulunuyor.",
        "quote: # yok",
        "# yok",
        "facts.books.quote",
        "Boş",
    ),
    Case(
        "wrong type: list for text",
        FACTS,
        "as_of: 14 Mart 2025",
        "as_of: [14 Mart 2025]",
        "as_of: [",
        "facts.opened.as_of",
        "metin bekleniyordu, liste",
    ),
    Case(
        "wrong type: text for slots",
        FACTS,
        "keys: {agent: cinar, city: izmir}",
        "keys: cinar",
        "keys: cinar",
        "facts.opened.keys",
        "metin var",
    ),
    Case(
        "wrong type: mapping in list",
        FACTS,
        "      - Yapımına geçen yıl",
        "      - a: Yapımına geçen yıl",
        "- a: Yapımına",
        "facts.cost.quote",
        "alan kümesi",
    ),
    Case("text for facts", FACTS, "facts:\n", "facts: yok\nfact:\n", "facts: yok", "facts", "liste bekleniyordu"),
    Case(
        "misplaced list",
        INTENTS,
        "    utterances: |\n      merhaba\n      selam\n",
        "    utterances:\n      - merhaba\n",
        "- merhaba",
        "smalltalk.greeting.utterances",
        "Liste değil",
    ),
    Case(
        "bar forgotten",
        INTENTS,
        "    utterances: |\n      merhaba",
        "    utterances:\n      merhaba",
        "      merhaba",
        "smalltalk.greeting.utterances",
        "“|”",
    ),
    Case(
        "no utterances",
        INTENTS,
        "    utterances: |\n      merhaba\n      selam\n",
        "    utterances: | # yok\n",
        "# yok",
        "smalltalk.greeting.utterances",
        "Boş",
    ),
    Case(
        "question too long",
        INTENTS,
        "      selam\n",
        "      " + "uzun " * 250 + "\n",
        "uzun uzun",
        "smalltalk.greeting.utterances",
        "çok uzun",
    ),
    Case("empty list", INTENTS, "facts: [books]", "facts: []", "facts: []", "intents.book_count.facts", "Liste boş"),
    Case("bad id", FACTS, "id: books", "id: Kitap Sayısı", "id: Kitap", "facts.Kitap Sayısı.id", "“kitap_sayisi”"),
    Case("long id", FACTS, "id: books", "id: " + "b" * 49, "bbbb", "", "48"),
    Case(
        "no such day",
        FACTS,
        "valid_until: 2030-01-01",
        "valid_until: 2030-02-30",
        "2030-02-30",
        "facts.cost.valid_until",
        "geçerli bir tarih değil",
    ),
    Case("date in another form", ARTICLE, "date: 2025-03-15", "date: 15.03.2025", "15.03.2025", "date", "yıl-ay-gün"),
    Case(
        "bad role",
        INTENTS,
        "    title: Maliyet",
        "    title: Maliyet\n    bare: owner",
        "bare:",
        "intents.building_cost.bare",
        "agent ya da target",
    ),
    Case(
        "words glued by a comma", LEXICON, "[kitap, eser]", '["kitap, eser"]', "kitap, eser", "concepts.book", "virgül"
    ),
    Case("= in the middle", LEXICON, "tl=", "t=l", "t=l", "concepts.lira", "“=”"),
    Case(
        "empty item",
        FACTS,
        "      - Yapımına geçen",
        "      -\n      - Yapımına geçen",
        "      -\n",
        "facts.cost.quote",
        "Boş",
    ),
    Case(
        "text for derivations",
        FACTS,
        "derived: {",
        "derived: yok\n    deriven: {",
        "derived: yok",
        "facts.cost.derived",
        "metin var",
    ),
    Case(
        "text for parties", LEXICON, "parties:\n", "parties: cinar\nparty:\n", "parties: cinar", "parties", "metin var"
    ),
    Case(
        "list for a party",
        LEXICON,
        "concepts:\n",
        "concepts: [a]\nconcept:\n",
        "concepts: [a]",
        "concepts",
        "liste var",
    ),
    Case(
        "text in place of a fact",
        FACTS,
        "  - id: books",
        "  - books\n  - id: books",
        "- books",
        "facts[2]",
        "metin var",
    ),
    Case("a path for a file name", ARTICLE, "file: article.txt", "file: ../a.txt", "../a.txt", "file", "dosya adı"),
    Case(
        "no file of that name", ARTICLE, "file: article.txt", "file: haber.txt", "haber.txt", "file", "facts/haber.txt"
    ),
    # ── ids and references
    Case("duplicate fact", FACTS, "id: partner", "id: books # iki", "# iki", "facts.books.id", "zaten kullanılmış"),
    Case(
        "duplicate intent",
        INTENTS,
        "id: gap_hours",
        "id: opening",
        "- id: opening\n    near",
        "gaps.opening.id",
        "zaten kullanılmış",
    ),
    Case(
        "unknown fact",
        INTENTS,
        "facts: [books]",
        "facts: [boks]",
        "[boks]",
        "intents.book_count.facts",
        "“books” mi demek",
    ),
    Case(
        "unknown near",
        INTENTS,
        "near: [opened]",
        "near: [xyz]",
        "[xyz]",
        "gaps.gap_hours.near",
        "“xyz” diye bir bilgi yok",
    ),
    Case("unknown city", FACTS, "city: izmir", "city: izmit", "izmit", "facts.opened.keys.city", "“izmir” mi demek"),
    Case("unknown party", FACTS, "agent: cinar", "agent: mese", "mese", "facts.opened.keys.agent", "taraf değil"),
    Case("slip in a slot", FACTS, "keys: {agent", "keys: {agnt", "agnt", "facts.opened.keys.agnt", "“agent” mi demek"),
    Case(
        "slot value of another form",
        FACTS,
        "date: 2025-03-14",
        "date: 14 Mart",
        "date: 14 Mart",
        "facts.opened.says.date",
        "beklenen",
    ),
    Case("unknown home", LEXICON, "home: cinar", "home: meşe", "home:", "home", ""),
    Case(
        "unknown party of a city",
        LEXICON,
        "in: cinar, words: [bornova]",
        "in: cina, words: [bornova]",
        "bornova",
        "entities.city.bornova.in",
        "“cinar” mi demek",
    ),
    Case("nameless entity", LEXICON, "name: Bornova, ", "", "[bornova]", "entities.city.bornova.name", "eksik"),
    Case(
        "word in two places",
        LEXICON,
        "[açıl, açılış]",
        "[açıl, Kitap]",
        "[açıl, Kitap]",
        "concepts.open",
        "concepts.book",
    ),
    Case("placeholder", INTENTS, "{subject}", "{konu}", "{konu}", "smalltalk.greeting.reply", "{subject}"),
    # ── the article as the judge
    Case(
        "quote not in the article",
        FACTS,
        "quote: Kütüphanede 3 bin 250 kitap",
        "quote: Kütüphanede 3 bin 250 eser",
        "250 eser",
        "facts.books.quote",
        "En yakın tümce: Kütüphanede 3 bin 250 kitap bulunuyor.",
    ),
    Case(
        "another apostrophe",
        FACTS,
        "quote: Kütüphane, Bornova’daki",
        "quote: Kütüphane, Bornova'daki",
        "quote: Kütüphane, Bornova'",
        "facts.partner.quote",
        "Haberdeki yazılış: Kütüphane, Bornova’daki “Okuma Evi” ile birlikte",
    ),
    Case(
        "quote less a word",
        FACTS,
        "ile birlikte çalışıyor.\n",
        "ile çalışıyor. # eksik\n",
        "# eksik",
        "facts.partner.quote",
        "En yakın tümce: Kütüphane, Bornova’daki",
    ),
    Case(
        "number not in quote",
        FACTS,
        "Kütüphanede 3.250 kitap",
        "Kütüphanede 3.520 kitap",
        "3.520",
        "facts.books.statement",
        "“3.520” alıntılarda geçmiyor",
    ),
    Case(
        "number in words",
        FACTS,
        "Kütüphanede 3.250 kitap",
        "Kütüphanede üç bin kitap",
        "üç bin",
        "facts.books.statement",
        "“üç bin”",
    ),
    Case(
        "date not in quote",
        FACTS,
        "Kütüphanesi 14 Mart 2025'te İzmir'de",
        "Kütüphanesi 15 Mart 2025'te İzmir'de",
        "15 Mart",
        "facts.opened.statement",
        "“15 Mart 2025”",
    ),
    Case(
        "more exact than the quote",
        FACTS,
        "bina 1,5 milyon liraya mal oldu.\n    quote",
        "bina 5 Mayıs 2024'te 1,5 milyon liraya mal oldu.\n    quote",
        "5 Mayıs",
        "facts.cost.statement",
        "“5 Mayıs”",
    ),
    Case(
        "name not in quote",
        FACTS,
        "statement: Kütüphanede 3.250 kitap var.",
        "statement: Bornova'da 3.250 kitap var.",
        "statement: Bornova'da 3",
        "facts.books.statement",
        "“Bornova”",
    ),
    Case(
        "derived but not said",
        FACTS,
        'derived: {"2024"',
        'derived: {"2023"',
        '"2023"',
        "facts.cost.derived",
        "tümcede geçmiyor",
    ),
    Case(
        "derivation without how",
        FACTS,
        "“geçen yıl”; haberin tarihi 15 Mart 2025",
        "",
        '{"2024"',
        "facts.cost.derived.2024",
        "Boş",
    ),
    Case("article changed", ARTICLE, "sha256: ", "sha256: 0", "sha256", "sha256", ""),
)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_each_kind_of_break_is_named_at_its_place(case: Case) -> None:
    """One broken passage: refused, with the file, the line, the field and a sentence that helps."""
    files = edited(case.file, case.old, case.new)
    at = next(i for i in range(len(files[case.file])) if files[case.file][i:].startswith(case.marker.encode()))
    line = files[case.file].count(b"\n", 0, at) + 1
    found = problems(files)
    fitting = [p for p in found if case.field in p.field and case.says in p.message and p.file == case.file]
    assert line in [p.line for p in fitting], [str(p) for p in found]
