"""Folding and tokens: Turkish letters fold as Turks lower them, disguises come off, and doing it twice changes nothing."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine import text
from bot.engine.text import Token, fold, has_word, mark, same_marks, spoken, tokenize, unmark

COMMON = st.text(st.sampled_from([chr(c) for c in range(128)] + list("çÇğĞıİöÖşŞüÜâÂîÎûÛ’́̇")), max_size=60)
ANYTHING = st.text(max_size=80)


@given(COMMON)
def test_both_ways_agree(typed: str) -> None:
    """ASCII and Turkish letters in any order, with marks that force the long way now and then: both ways agree."""
    short = mark(typed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text, "_COMMON", re.compile(r"(?!)"))
        assert short == mark(typed)


@given(st.one_of(ANYTHING, COMMON))
def test_marking_and_folding_are_idempotent(typed: str) -> None:
    """What was marked or folded once stays as it is."""
    assert mark(mark(typed)) == mark(typed)
    assert fold(fold(typed)) == fold(typed)


@given(st.one_of(ANYTHING, COMMON))
def test_unmarking_keeps_every_letter_in_its_place(typed: str) -> None:
    """A token's folded head is as long as its marked one, so that letters can be compared one by one."""
    marked = mark(typed)
    assert len(unmark(marked)) == len(marked)
    assert all(len(t.head) == len(t.marked) for t in tokenize(marked) if t.marked)


@given(st.text(st.sampled_from("abcçğıiöşüz'’ 09"), max_size=40))
def test_composed_or_not_is_the_same_text(typed: str) -> None:
    """A letter typed as base and mark folds as the letter in one piece."""
    assert fold(unicodedata.normalize("NFD", typed)) == fold(typed)


@pytest.mark.parametrize(
    ("typed", "marked"),
    [
        ("IŞIK İLE ISPARTA", "ışık ile ısparta"),
        ("Kâğıt, Îmâ, sükûn", "kağıt, ima, sükun"),
        ("café Ångström", "cafe angström"),
        ("sooooru nedirrrr", "soru nedir"),
        ("t\u200bür\u00adkiye", "türkiye"),
        ("ｔｕｒｉｓｔ ①", "turist 1"),
        ("kаzаkistаn", "kazakistan"),
        ("Қанша адам?", "қанша адам?"),
        ("Türkiye’den", "türkiye'den"),
    ],
)
def test_marks_like_a_turk_and_takes_disguises_off(typed: str, marked: str) -> None:
    """*I* is *ı*, *İ* is *i*; stretched, invisible, wide and look-alike letters become plain ones; Cyrillic stays."""
    assert mark(typed) == marked


def test_folding_leaves_no_turkish_letter() -> None:
    """*çğıöşü* fold to ASCII, in capitals too."""
    assert fold("çğıöşü ÇĞIİÖŞÜ") == "cgiosu cgiiosu"


@pytest.mark.parametrize(
    ("typed", "stem", "same"),
    [("başında", "basın", False), ("basinda", "basın", True), ("başında", "baş", True), ("ısı", "isi", True)],
)
def test_a_typed_mark_must_stand_in_the_stem(typed: str, stem: str, same: bool) -> None:
    """*başında* is no form of *basın*; who types without marks may mean either, and *ı* is often *i*."""
    assert same_marks(typed, stem) is same


def test_an_apostrophe_parts_head_and_tail() -> None:
    """The suffix after an apostrophe is kept apart, since it tells the case for sure."""
    (token,) = tokenize(mark("Kazakistan'dan"))
    assert token == Token("kazakistandan", "kazakistan", "dan", "kazakistan")


@pytest.mark.parametrize(
    ("typed", "heads"),
    [
        ("5,2 milyar", ["5,2", "milyar"]),
        ("16.12.1991'de", ["16.12.1991"]),
        ("3b0rs@", ["3b0rs"]),
        ("A->B: (evet)!", ["a", "->", "b", ":", "(", "evet", ")", "!"]),
        ("😀 selam 🇹🇷", ["selam"]),
        ("k@z@k", ["k@z@k"]),
        ("", []),
    ],
)
def test_tokens_are_words_numbers_and_marks(typed: str, heads: list[str]) -> None:
    """Numbers keep their points, words their leet; marks stand alone; emoji are left out."""
    tokens = tokenize(mark(typed))
    assert [t.head for t in tokens] == heads
    assert [t.is_word for t in tokens] == [h[0].isalnum() for h in heads]


def test_emoji_that_greet_or_thank_are_said_in_words() -> None:
    """Each kind once, in order; other emoji say nothing."""
    assert spoken("👋👋🙏") == "selam teşekkürler"
    assert spoken("🍎") == ""


@pytest.mark.parametrize(("typed", "there"), [("?!", False), ("", False), ("a", True), ("…7", True), ("如何", True)])
def test_has_word(typed: str, there: bool) -> None:
    """One letter or digit of any script is something to read."""
    assert has_word(typed) is there


@pytest.mark.parametrize("digits", ["٢٠٢٤", "۲۰۲۴", "२०२४", "２０２４"])
def test_digits_of_every_script_are_read(digits: str) -> None:
    """Arabic, Persian, Indian and wide digits are numbers like any other."""
    assert fold(digits) == "2024"
