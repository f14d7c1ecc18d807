"""Closed phrases: the longest wins, a last word may be inflected, a copula may follow."""

from __future__ import annotations

import pytest

from bot.engine.phrases import phrase_at
from bot.engine.text import mark, tokenize


@pytest.mark.parametrize(
    ("text", "name", "length"),
    [
        ("ne", "what", 1),
        ("ne zaman", "when", 2),
        ("ne zamandan beri", "when", 2),
        ("kaç kişi", "count", 2),
        ("hangi yılda", "when", 2),
        ("hangi ada", "which", 1),
        ("kimmiş", "who", 1),
        ("kimdi", "who", 1),
        ("neredeydi", "where", 1),
        ("doğru mu", "confirm", 2),
        ("tam tersi", "reverse", 2),
        ("iki ülkenin", "both", 2),
        ("what year", "when", 2),
        ("köprü", "", 0),
        ("yüzde", "", 0),
        ("iki", "", 0),
    ],
)
def test_phrases(text: str, name: str, length: int) -> None:
    """What a phrase means and how many words it has; nothing where none begins."""
    assert phrase_at(tokenize(mark(text)), 0) == (name, length)
