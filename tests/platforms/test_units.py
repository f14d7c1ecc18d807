"""Counting and cutting text in UTF-16 units."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.units import cut, pieces, units

TEXT = st.text(st.characters(codec="utf-16"), max_size=200)


@given(TEXT, st.integers(2, 60))
def test_pieces_lose_nothing_but_spaces_and_fit(text: str, most: int) -> None:
    """Whatever the text: no piece is too long, and put together they are the text, spaces apart."""
    parts = list(pieces(text, most))
    assert all(units(part) <= most for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@given(TEXT)
def test_units_are_what_utf_16_takes(text: str) -> None:
    """A letter is one, an emoji two."""
    assert units(text) == sum(2 if ch > "\uffff" else 1 for ch in text)


def test_a_cut_falls_after_a_line_a_sentence_or_a_word() -> None:
    """In this order, if there is one in the second half."""
    assert list(pieces("bir iki\nüç dört beş", 12)) == ["bir iki", "üç dört beş"]
    assert list(pieces("bir iki! üç dört", 12)) == ["bir iki!", "üç dört"]
    assert list(pieces("bir iki üç dört", 12)) == ["bir iki üç", "dört"]
    assert list(pieces("birikiüçdört", 5)) == ["birik", "iüçdö", "rt"]


def test_cut_counts_utf16() -> None:
    """Emojis are two units, and none is cut in half."""
    assert [cut("😀😀😀", 6), cut("😀😀😀", 5), cut("abc", 3)] == ["😀😀😀", "😀😀…", "abc"]


def test_a_long_text_of_emojis_takes_no_time() -> None:
    """Sixteen times the text takes far less than 256 times the time."""

    def seconds(length: int) -> float:
        began = time.process_time()
        assert sum(map(units, pieces("😀" * length, 2_000))) == 2 * length
        return time.process_time() - began

    small = min(seconds(4_000) for _ in range(5))
    assert seconds(64_000) < 100 * max(small, 1e-4)
