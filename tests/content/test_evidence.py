"""The article is the judge: quotes word for word, numbers and times by value, names by their stem."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.evidence import names_in, problems_of, source_of, values_in
from bot.content.load import load
from bot.content.tree import Fields, tree_of
from bot.errors import Problem
from tests.content.small import TEXT


def judged(statement: str, *quotes: str, text: str = TEXT, more: str = "") -> list[str]:
    """The messages about one fact."""
    lines = ["facts:", "  - id: a", f"    statement: {quoted(statement)}", "    quote:"]
    lines += [f"      - {quoted(q)}" for q in quotes]
    problems: list[Problem] = []
    tree: Fields = tree_of("facts/a.yaml", "\n".join([*lines, more]).encode(), problems)
    assert problems == []
    return [p.message for p in problems_of({"facts/a.yaml": tree}, text)]


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def test_a_quote_may_run_over_a_line_end() -> None:
    """Only runs of spaces and line ends are forgiven."""
    assert judged("Kütüphane birlikte çalışıyor.", "“Okuma Evi” ile birlikte  çalışıyor.") == []
    assert judged("Kütüphane birlikte çalışıyor.", "“Okuma Evi”ile birlikte çalışıyor.") != []


@pytest.mark.parametrize("quote", ["Okuma evi", "Okuma  Evı", "çalişiyor", "Çınar Kütüphanesi, 14 Mart"])
def test_letters_case_and_marks_must_be_the_articles(quote: str) -> None:
    """A quote that is nearly there is not there."""
    assert ["harfi harfine" in m for m in judged("Bir şey.", quote)] == [True]


def test_without_anything_near_no_sentence_is_made_up() -> None:
    """A quote from elsewhere is told plainly."""
    assert judged("Bir şey.", "Zürafalar uyur.") == ["Bu alıntı haberde harfi harfine yok."]


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("Nüfus 3.538 oldu.", "nüfus 3 bin 538 oldu"),
        ("Nüfus 3538 oldu.", "nüfus 3 bin 538 oldu"),
        ("Tutar 5.200.000.000 lira.", "tutar 5,2 milyar lira"),
        ("Açılış 2.3.1992'de.", "açılış 2 Mart 1992’de"),
        ("Açılış 1992'de.", "açılış 2 Mart 1992’de"),
        ("Açılış Mart 1992'de.", "açılış 2 Mart 1992’de"),
        ("20'den fazla ziyaret.", "20’den fazla ziyaret"),
        ("On iki bin kişi.", "12 bin kişi"),
        ("2005-2024 arasında.", "2005 ila 2024 arasında"),
        ("2005'te başladı.", "2005 ila 2024 arasında"),
        ("Beşinci toplantı.", "5. toplantı"),
        ("Oran %12,5 oldu.", "oran yüzde 12,5 oldu"),
    ],
)
def test_the_same_value_in_other_words_is_quoted(statement: str, quote: str) -> None:
    """Digits, words, grouping and forms of dates do not matter; less exact is fine."""
    assert judged(statement, quote, text=quote) == []


@pytest.mark.parametrize(
    ("statement", "quote", "said"),
    [
        ("Nüfus 3.583 oldu.", "nüfus 3 bin 538 oldu", "“3.583”"),
        ("Tutar 5,2 milyon.", "tutar 5,2 milyar", "“5,2 milyon”"),
        ("Açılış 2 Mart 1992'de.", "açılış Mart 1992’de", "“2 Mart 1992”"),
        ("Açılış 1993'te.", "açılış 2 Mart 1992’de", "“1993”"),
        ("2025'te başladı.", "geçen yıl başladı", "“2025”"),
        ("Altıncı toplantı yapıldı.", "5. toplantı yapıldı", "“Altıncı”"),
        ("Üç bin kişi geldi.", "iki bin kişi geldi", "“Üç bin”"),
    ],
)
def test_another_value_is_told_as_it_was_written(statement: str, quote: str, said: str) -> None:
    """Another number, a more exact date, a year that was only meant: each is named in the editor's spelling."""
    assert [m.split(" alıntılarda")[0] for m in judged(statement, quote, text=quote)] == [said]


def test_what_is_derived_needs_no_quote_but_only_that() -> None:
    """A named part is excused; the rest of the statement is not."""
    more = "    derived: {'2024': haberin tarihinden}"
    quote = "Yapımına geçen yıl başlanan bina 1,5 milyon liraya mal oldu."
    assert judged("2024'te başlanan bina 1,5 milyon liraya mal oldu.", quote, more=more) == []
    assert ["2 milyon" in m for m in judged("2024'te başlanan bina 2 milyon liraya mal oldu.", quote, more=more)] == [
        True
    ]


@pytest.mark.parametrize(
    ("statement", "missing"),
    [
        ("Açılışta Deniz Aksoy'un konuşması vardı.", []),
        ("Açılışta Aksoyların konuşması vardı.", []),
        ("Açılışta Derya Aksoy konuştu.", ["Derya"]),
        ("Deniz Aksoy konuştu.", []),
        ("Yine Deniz Aksoy konuştu.", []),
        ("Bornova'da Deniz Aksoy konuştu.", ["Bornova"]),
        ("BAŞKAN konuştu.", []),
    ],
)
def test_names_must_be_quoted(statement: str, missing: list[str]) -> None:
    """Suffixes do not matter; the first word of a sentence counts when the article knows it as a name."""
    quote = "Açılış töreninde Belediye Başkanı Deniz Aksoy konuştu."
    assert list(names_in(statement, source_of(TEXT), [quote])) == missing


def test_headlines_make_no_names() -> None:
    """A line in capitals would make a name of each of its words."""
    assert source_of("YENİ BİR GÜN DOĞDU\n\nDün gece Ayşe geldi.").names == {"ayse"}


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("says: {number: 3250 kitap}", False),
        ("says: {number: 3520 kitap}", True),
        ("says: {date: 2025-03-14}", False),
        ("says: {date: 2025-03-15}", True),
        ("keys: {year: 2025}", False),
        ("keys: {year: 2024}", True),
        ("keys: {years: 1990/2024}", False),
        ("says: {years: 1990/2024}", True),
    ],
)
def test_typed_values_that_nothing_states_are_told(typed: str, told: bool) -> None:
    """A slip in a typed value would correct people wrongly."""
    quotes = ("Kütüphanede 3 bin 250 kitap bulunuyor.", "Çınar Kütüphanesi 14 Mart 2025'te açıldı.")
    found = judged("Kütüphanede kitap var.", *quotes, more="    " + typed)
    assert ["değeri denetleyin" in m for m in found] == [True] * told


@pytest.mark.parametrize(
    ("sentence", "typed", "told"),
    [
        ("Her gün altı sefer var.", "says: {number: 6 sefer}", False),
        ("Her gün altı sefer var.", "says: {number: 7 sefer}", True),
        ("Kredi 15 yıl vadeli.", "says: {number: 15 yıl}", False),
        ("Sayı 410 bindi.", "says: {number: 410000 kişi}", False),
        ("Kapı 18.30'da açılıyor.", "says: {number: 18.30 saat}", False),
        ("Oran ağustosta yüzde 18'di.", "keys: {month: 2025-08}", False),
        ("Oran ağustosta yüzde 18'di.", "keys: {month: 2025-09}", True),
        ("Gelecek yıla umutluyuz.", "says: {year: 2026}", False),
        ("Gelecek yıla umutluyuz.", "says: {year: 2027}", True),
    ],
)
def test_what_words_state_in_passing_counts_for_typed_values(sentence: str, typed: str, told: bool) -> None:
    """A small number that is also another word, and a year that the fact's own time makes exact, need no warning."""
    more = f"    {typed}\n    as_of: 13 Kasım 2025"
    assert ["değeri denetleyin" in m for m in judged(sentence, sentence, text=sentence, more=more)] == [True] * told


def test_every_sentence_of_the_article_proves_itself(root: Path) -> None:
    """A statement that is its own quote has nothing unproven, whatever numbers, times and names it has."""
    text = load(root).article.text
    sentences = [s.strip() for line in text.split("\n") for s in line.split(". ") if s.strip()]
    assert len(sentences) > 20
    assert [m for s in sentences for m in judged(s, s, text=text)] == []


def test_values_are_read_in_order() -> None:
    """Numbers, times and ordinals of a text, each with its canonical value."""
    found = [(v.slot, v.value) for v in values_in("2 Mart 1992’de 5. toplantıda 3 bin 538 kişi")]
    assert found == [("time", "1992-03-02"), ("ordinal", "5"), ("number", "3538")]
