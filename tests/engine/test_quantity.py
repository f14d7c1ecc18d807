"""Times: dates, months, years, spans and what *geçen yıl* is, in canonical form; and which time takes in which."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.quantity import covers, quantity_at
from bot.engine.text import mark, tokenize

TODAY = "2026-02-02"
TIMES = st.sampled_from(
    ["2024", "2024-05", "2024-05-03", "*-05", "*-05-03", "2005/2024", "2024-01/2024-05", "1992-03-02"]
)


def first(text: str) -> tuple[str, str, int] | None:
    """What quantity begins in ``text`` at its first word with one: slot, value, words taken."""
    tokens = tokenize(mark(text))
    found = (quantity_at(tokens, i, TODAY) for i in range(len(tokens)))
    hit = next((f for f in found if f), None)
    return (hit.slot, hit.value, hit.span) if hit else None


@pytest.mark.parametrize(
    ("text", "value", "span"),
    [
        ("2024", "2024", 1),
        ("2024 yılında", "2024", 2),
        ("2023'te", "2023", 1),
        ("16.12.1991", "1991-12-16", 1),
        ("1991-12-16", "1991-12-16", 1),
        ("2 Mart 1992'de", "1992-03-02", 3),
        ("16 Aralık", "*-12-16", 2),
        ("Temmuz 2025", "2025-07", 2),
        ("temmuzda", "*-07", 1),
        ("марта 2020", "2020-03", 2),
        ("2005-2024 arası", "2005/2024", 3),
        ("2005 ile 2024 arasında", "2005/2024", 3),
        ("2005-24", "2005/2024", 3),
        ("2005 2024", "2005/2024", 2),
        ("2005'ten 2024'e", "2005/2024", 2),
        ("2005 yılından 2024 yılına", "2005/2024", 3),
        ("24-25 sezonu", "2024/2025", 3),
        ("24/25", "2024/2025", 1),
        ("2005'ten beri", "2005/*", 2),
        ("2005'ten bu yana", "2005/*", 3),
        ("since 2005", "2005/*", 1),
        ("since 2005 year", "2005/*", 2),
        ("2024'e kadar", "*/2024", 2),
        ("24 yılında", "2024", 2),
        ("mayıs 2024'e kadar", "2024-01/2024-05", 3),
        ("24'te", "2024", 1),
        ("ocak mayıs", "*-01/*-05", 2),
        ("2024 yılı ocak-mayıs", "2024", 2),
        ("ilk beş ayda", "*-01/*-05", 3),
        ("2024 ilk 5 ay", "2024", 1),
        ("5 aylık", "*-01/*-05", 2),
        ("mayıs sonuna kadar", "*-01/*-05", 3),
        ("mayıs ayı sonuna dek", "*-01/*-05", 4),
        ("mayısa kadar", "*-01/*-05", 2),
        ("mayıs sonunda", "*-01/*-05", 2),
        ("geçen yıl", "2025", 2),
        ("bu yıl", "2026", 2),
        ("gelecek sene", "2027", 2),
        ("seneye", "2027", 1),
        ("geçen yaz", "2025-06/2025-08", 2),
        ("geçen kışın", "2025-12/2026-02", 2),
        ("2024 yazında", "2024-06/2024-08", 2),
        ("2024 yılının sonbaharında", "2024-09/2024-11", 3),
        ("yaz aylarında", "*-06/*-08", 2),
        ("baharda", "*-03/*-05", 1),
        ("bir önceki yıl", "-1", 3),
        ("ertesi sene", "+1", 2),
        ("geçen temmuz", "2025-07", 2),
        ("geçen yıl mayıs ayında", "2025-05", 4),
        ("geçen yıl mayısta", "2025-05", 3),
        ("geçen 2019", "2019", 2),
    ],
)
def test_times(text: str, value: str, span: int) -> None:
    """Each way of saying it, and how many words it took."""
    assert first(text) == ("time", value, span)


@pytest.mark.parametrize(
    "text",
    [
        "kişi sayısı",
        "nişanı atsam",
        "yazıda",
        "yazın bana",
        "kış turizmi",
        "bir önceki yıla göre",
        "ertesi gün",
        "20 yıl vadeli",
        "10 yılda",
        "akşam 10'da",
    ],
)
def test_no_times(text: str) -> None:
    """A person, an article, an order to write, a noun, a comparison."""
    found = first(text)
    assert found is None or found[0] != "time"


@pytest.mark.parametrize(
    ("asked", "held", "expected"),
    [
        ("2025-06/2025-08", "2025-07", True),
        ("2025-12/2026-02", "2026-01-15", True),
        ("*-12/*-02", "2026-01-15", True),
        ("2025-06/2025-08", "2024-07", False),
        ("2025-06/2025-08", "2025-09", False),
        ("2024-06/2024-08", "2024", False),
        ("2024-06/2024-08", "2024-01/2024-12", False),
    ],
)
def test_an_event_falls_into_a_season_and_a_years_figure_does_not(asked: str, held: str, expected: bool) -> None:
    """A year's figure says nothing of its summer."""
    assert covers(asked, held) is expected


@pytest.mark.parametrize(
    ("text", "slot", "value"),
    [
        ("2024 kişi", "number", "2024"),
        ("3. ziyaret", "ordinal", "3"),
        ("son 5 ayda", "number", "5"),
        ("31 kişi", "number", "31"),
        ("2024xyz", "number", "2024"),
    ],
)
def test_other_quantities(text: str, slot: str, value: str) -> None:
    """Counted things are no years, and a day needs its month."""
    found = first(text)
    assert found is not None
    assert found[:2] == (slot, value)


@pytest.mark.parametrize("text", ["geçen", "bu kitap", "mayonez", "፩ nisanlı", "2024 ve"])
def test_what_is_no_time_or_only_its_own(text: str) -> None:
    """Words that begin like a month, and digits that no calendar uses, are no time; a joint joins nothing."""
    found = first(text)
    assert found is None or found == ("time", "2024", 1)


@pytest.mark.parametrize(
    ("asked", "held", "yes"),
    [
        ("2025", "2025-07", True),
        ("2025-07", "2025", False),
        ("*-07", "2025-07", True),
        ("*-07", "2025-08", False),
        ("2005/2024", "2005/2024", True),
        ("2005/*", "2005/2024", True),
        ("2005/*", "2005", True),
        ("2006/*", "2005/2024", False),
        ("*/2024", "2024", True),
        ("*/2024", "2005/2024", True),
        ("2024", "2024-01/2024-05", True),
        ("2024-01", "2024-01/2024-05", False),
        ("2005/2024", "2010", False),
        ("2024", "2005/2024", False),
    ],
)
def test_covering(asked: str, held: str, yes: bool) -> None:
    """A year takes in its months, a month without a year any such month, a year a span within it; never the reverse."""
    assert covers(asked, held) is yes


@given(TIMES)
def test_every_time_covers_itself(time: str) -> None:
    """What is asked in the fact's own words agrees."""
    assert covers(time, time)


@given(
    st.integers(min_value=1900, max_value=2099),
    st.integers(min_value=1, max_value=12),
    st.integers(min_value=1, max_value=28),
)
def test_dates_are_read_as_written(year: int, month: int, day: int) -> None:
    """Day, month, year in figures give the ISO date, with points or as ISO itself."""
    iso = f"{year}-{month:02}-{day:02}"
    assert first(f"{day:02}.{month:02}.{year}") == first(iso) == ("time", iso, 1)
