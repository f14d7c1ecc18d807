"""Clauses: where a message is cut, and where a mark or joint does not cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.clauses import asks, clauses_of
from bot.engine.text import mark, tokenize


def cut(text: str) -> list[str]:
    return [" ".join(t.text for t in clause if t.is_word) for clause in clauses_of(tokenize(mark(text)))]


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("merhaba. kaç yolcu gitti?", ["merhaba", "kac yolcu gitti"]),
        ("kaç yolcu gitti ve köprüyü kim açtı", ["kac yolcu gitti", "kopruyu kim acti"]),
        ("kaç yolcu gitti bir de köprüyü kim açtı", ["kac yolcu gitti", "de kopruyu kim acti"]),
        ("yolcu ve yük kaç", ["yolcu ve yuk kac"]),
        ("yarın oraya gidiyorum orada kaç gün kalabilirim", ["yarin oraya gidiyorum", "orada kac gun kalabilirim"]),
        ("kuzenim evlendi köprüyü kim açtı", ["kuzenim evlendi", "kopruyu kim acti"]),
        ("kuzenim oraya gitti mi acaba", ["kuzenim oraya gitti mi acaba"]),
        ("adada üretim arttı mı", ["adada uretim artti mi"]),
        ("adada kredi yüzde kaç düştü", ["adada kredi yuzde kac dustu"]),
        ("oraya gittim köprü nerede", ["oraya gittim", "kopru nerede"]),
        ("3. köprü nerede", ["3 kopru nerede"]),
        ("peki, köprü nerede", ["peki kopru nerede"]),
        ("dün adada uzun uzun gezip durduk, köprü nerede", ["dun adada uzun uzun gezip durduk", "kopru nerede"]),
        ("nerede?!...", ["nerede"]),
        ("?!", []),
    ],
)
def test_where_it_is_cut(text: str, clauses: list[str]) -> None:
    """At stops, at joints between two questions, after remarks; not at an ordinal's point or after a word in front."""
    assert cut(text) == clauses


def test_what_asks() -> None:
    """Question words, particles and inflected *kaç*."""
    for text in ("kim açtı", "açıldı mı", "kaçıncı kaçında".split()[1] + " oldu", "сколько"):
        assert asks(tokenize(mark(text))), text
    assert not asks(tokenize(mark("köprü açıldı")))


@given(st.text(st.sampled_from("abkçmı ?.,;\n3ve"), max_size=60))
def test_no_word_is_lost_or_repeated(text: str) -> None:
    """All words stand in the clauses, in order, and each clause has one."""
    tokens = tokenize(mark(text))
    words = [t for t in tokens if t.is_word]
    clauses = clauses_of(tokens)
    inside = [t for clause in clauses for t in clause if t.is_word]
    joints = {"ve"}
    assert [t for t in inside if t.head not in joints] == [t for t in words if t.head not in joints]
    assert all(any(t.is_word for t in clause) for clause in clauses)
