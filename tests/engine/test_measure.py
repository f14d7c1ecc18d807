"""Measures: units are read in their endings, amounts convert in time, and money is never converted."""

from __future__ import annotations

import pytest

from bot.engine.measure import confirms, otherwise_measured, unit_of


@pytest.mark.parametrize(
    ("word", "unit"),
    [
        ("gun", "gün"),
        ("gunluk", "gün"),
        ("haftaya", "hafta"),
        ("ay", "ay"),
        ("aylik", "ay"),
        ("ayni", ""),
        ("yildir", ""),
        ("dolari", "dolar"),
        ("euro", "euro"),
        ("liradan", "lira"),
        ("tl", "lira"),
        ("yolcu", ""),
        ("dollars", "dolar"),
        ("долларов", "dolar"),
    ],
)
def test_words_of_units(word: str, unit: str) -> None:
    """A unit in any ending, in each language; words that only begin like one are none."""
    assert unit_of(word) == unit


@pytest.mark.parametrize(
    ("asked", "held", "same"),
    [
        ("90", "90 gün", True),
        ("90 gün", "90 gün", True),
        ("3 ay", "90 gün", True),
        ("90 ay", "90 gün", False),
        ("2 hafta", "14 gün", True),
        ("5 euro", "5 dolar", False),
        ("5", "5 dolar", True),
        ("5 dolar", "5", True),
        ("14 gün", "14 görüşme", False),
        (">100 yolcu", "120 yolcu", True),
        ("<100", "120 yolcu", False),
        ("<1 yıl", "90 gün", True),
        ("2500 metre", "2.5 kilometre", True),
    ],
)
def test_amounts(asked: str, held: str, same: bool) -> None:
    """The same number in another unit is another amount, unless the units convert."""
    assert confirms(asked, held) is same


def test_a_unit_in_which_nothing_is_told() -> None:
    """*kaç euro?* of an amount in dollars; of days in months there is no quarrel, of a mere count neither."""
    assert otherwise_measured("euro", {"5 dolar"})
    assert not otherwise_measured("dolar", {"5 dolar"})
    assert not otherwise_measured("ay", {"90 gün"})
    assert not otherwise_measured("euro", {"14 görüşme"})
