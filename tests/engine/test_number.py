"""Numbers and ordinals: digits, words and both mixed, as Turks, English, Russians and Kazakhs write them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.number import Quantity, decimal_of, number_at, ordinal_at
from bot.engine.text import Token, mark, tokenize


def words(text: str) -> tuple[Token, ...]:
    return tokenize(mark(text))


@pytest.mark.parametrize(
    ("text", "value"),
    [("5,2", "5.2"), ("3.538", "3538"), ("12000", "12000"), ("1.234.567", "1234567"), ("x", None), ("1.2.3", None)],
)
def test_digits(text: str, value: str | None) -> None:
    """Three digits after a point are thousands; after a comma or fewer, a fraction."""
    assert decimal_of(text) == (None if value is None else Decimal(value))


@pytest.mark.parametrize(
    ("text", "value", "span"),
    [
        ("120 bin yolcu", "120000", 2),
        ("5,2 milyar dolar", "5200000000", 2),
        ("2 buçuk", "2", 1),
        ("yüz otuz bin kişi", "130000", 3),
        ("bin iki yüz kişi", "1200", 3),
        ("iki virgül beş milyon", "2500000", 4),
        ("3 virgül 25 milyon", "3250000", 4),
        ("yirmi üçten fazla", "23", 2),
        ("20'yi aştı", "20", 1),
        ("863 binden", "863000", 2),
        ("üç", "3", 1),
        ("otuz birde", "31", 2),
        ("5 milyon 300 bin", "5300000", 4),
        ("two million", "2000000", 2),
        ("yarım milyon kişi", "500000", 2),
        ("bir buçuk milyon", "1500000", 3),
        ("2 buçuk milyar", "2500000000", 3),
        ("bir aylık", "1", 1),
        ("сто 5 миллиардов".removeprefix("сто "), "5000000000", 2),
    ],
)
def test_numbers(text: str, value: str, span: int) -> None:
    """The value and how many words it took; an ending closes the number."""
    found = number_at(words(text), 0)
    assert found is not None
    assert (found.slot, found.value, found.span) == ("number", value, span)


@pytest.mark.parametrize(
    "text",
    [
        "bir soru",
        "on",
        "yüz",
        "altı",
        "biri",
        "ondan",
        "milyon",
        "yarım saat",
        "bir ay",
        "2 kat",
        "üç katı",
        "virgül beş",
        "kaç",
        "1.2.3",
    ],
)
def test_what_only_looks_like_a_number(text: str) -> None:
    """*bir* is *a*, *yüz* a face, *ondan* from it; and *iki kat* is a ratio."""
    assert number_at(words(text), 0) is None


@pytest.mark.parametrize(("text", "value"), [("iki virgül kaç", "2"), ("5 6", "5"), ("iki bin 1500", "2000")])
def test_where_a_number_ends(text: str, value: str) -> None:
    """A fraction needs its digits; figures after figures, or too great after a scale, are another number."""
    found = number_at(words(text), 0)
    assert found is not None
    assert found.value == value


def test_a_year_in_words_is_a_time() -> None:
    """*bin dokuz yüz doksan bir*: said like a number, meant as a year; with digits it stays a number."""
    spoken = number_at(words("bin dokuz yüz doksan bir"), 0)
    assert spoken is not None
    assert (spoken.slot, spoken.value) == ("time", "1991")
    counted = number_at(words("2 bin 10 kişi"), 0)
    assert counted is not None
    assert (counted.slot, counted.value) == ("number", "2010")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ilk ziyaret", Quantity("ordinal", "1", 1, "")),
        ("üçüncüsü", Quantity("ordinal", "3", 1, "")),
        ("3'üncü", Quantity("ordinal", "3", 1, "")),
        ("2nd visit", Quantity("ordinal", "2", 1, "")),
        ("3. kez", Quantity("ordinal", "3", 2, "")),
        ("первый визит", Quantity("ordinal", "1", 1, "")),
        ("3. 4", None),
        ("3 kez", None),
        ("1000'inci", None),
        ("ilke", None),
    ],
)
def test_ordinals(text: str, found: Quantity | None) -> None:
    """In words, as figure with ending, or with a point before a word."""
    assert ordinal_at(words(text), 0) == found


@given(st.integers(min_value=1, max_value=10**15))
def test_any_whole_number_is_read_as_written(value: int) -> None:
    """Plain and in groups of three: the very number."""
    for text in (str(value), f"{value:,}".replace(",", ".")):
        found = number_at(words(text + " kişi"), 0)
        assert found is not None
        assert found.value == str(value)
