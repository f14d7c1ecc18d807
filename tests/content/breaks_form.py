"""Ways to break content in its form: YAML itself, fields and shapes; ``breaks_sense`` has the others."""

from __future__ import annotations

from dataclasses import dataclass

FACTS, INTENTS, LEXICON, ARTICLE = (
    "facts/library.yaml",
    "intents/library.yaml",
    "intents/lexicon.yaml",
    "facts/article.yaml",
)


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


YAML = (
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
    Case(
        "quote left open, found far below",
        FACTS,
        "as_of: 14 Mart 2025",
        'as_of: "14 Mart 2025',
        "as_of: ",
        "as_of",
        "Bu satırda açılan tırnak kapanmıyor",
    ),
    Case(
        "apostrophe left open in a list",
        FACTS,
        "      - Yapımına geçen",
        "      - 'Yapımına geçen",
        "      - 'Yap",
        "quote",
        "kapanmıyor",
    ),
    Case(
        "unmerged versions", FACTS, "  - id: books", "<<<<<<< HEAD\n  - id: books", "<<<<<<<", "", "Git birleştirmesi"
    ),
    Case("end of a merge", INTENTS, "      selam\n", "      selam\n>>>>>>> dal\n", ">>>>>>>", "", "Git birleştirmesi"),
    Case("percent", FACTS, "# Açılış ve bina.", "%100 doğru", "%100", "", "“%”"),
    Case(
        "text after a bar",
        INTENTS,
        "utterances: |\n      merhaba",
        "utterances: | merhaba",
        "| merhaba",
        "",
        "alt satırdan",
    ),
    Case("BOM", FACTS, "# Açılış", "\ufeff# Açılış", "# Açılış", "", "BOM"),
)
SHAPES = (
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
)
