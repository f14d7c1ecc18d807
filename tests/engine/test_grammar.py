"""The tables of closed words are folded, single where they must be, and free of words that stand for two things."""

from __future__ import annotations

import pytest

from bot.engine import grammar
from bot.engine.text import fold

SINGLE = {
    name: table
    for name, table in vars(grammar).items()
    if name.isupper()
    and isinstance(table, frozenset | dict | tuple)
    and name not in {"CONFIRM", "REVERSE", "BOTH", "ASKS"}
}
PHRASES = {**grammar.ASKS, "confirm": grammar.CONFIRM, "reverse": grammar.REVERSE, "both": grammar.BOTH}


@pytest.mark.parametrize("name", SINGLE)
def test_words_are_single_and_folded(name: str) -> None:
    """A table that words are looked up in holds no phrase and no letter that folding changes."""
    words = list(SINGLE[name])
    assert words
    assert [w for w in words if w != fold(w) or " " in w] == []


@pytest.mark.parametrize("name", PHRASES)
def test_phrases_are_folded_and_not_empty(name: str) -> None:
    """Each pattern has a word, and no letter that folding changes."""
    assert PHRASES[name]
    assert all(pattern for pattern in PHRASES[name])
    assert [w for pattern in PHRASES[name] for w in pattern if w != fold(w)] == []


def test_no_pattern_asks_for_two_things() -> None:
    """A question word has one meaning, whatever table it is written in."""
    seen: dict[tuple[str, ...], str] = {}
    for name, patterns in PHRASES.items():
        for pattern in patterns:
            assert seen.setdefault(pattern, name) == name, pattern


def test_particles_are_tried_longest_first() -> None:
    """*-miydi* is cut off before *-mi* could be."""
    lengths = [len(p) for p in grammar.YESNO_GLUED]
    assert lengths[-1] == min(lengths)
    assert all(
        p not in longer or grammar.YESNO_GLUED.index(longer) < i
        for i, p in enumerate(grammar.YESNO_GLUED)
        for longer in grammar.YESNO_GLUED
        if longer != p and longer.endswith(p)
    )


def test_numbers_are_what_they_say() -> None:
    """A few of each table, so that a row put in the wrong place is noticed."""
    assert (grammar.UNITS["yedi"], grammar.UNITS["doksan"], grammar.SCALES["milyar"]) == (7, 90, 10**9)
    assert (grammar.MONTHS["ocak"], grammar.MONTHS["aralik"], grammar.ORDINALS["ucuncu"]) == (1, 12, 3)
