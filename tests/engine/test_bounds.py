"""No text makes the engine raise, answer without a source, or think for longer than 50 ms of CPU time."""

from __future__ import annotations

import sys
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.engine.answer import Engine, answer
from bot.engine.context import NO_CONTEXT, Context, from_json, to_json
from bot.engine.model import Reply, Status
from bot.engine.text import MAX_CHARS

MOST_MS = 50.0
PIECES = [
    "kaç", "turist", "Kazakistan'dan", "Türkiye'ye", "2024'te", "863 bin", "mi", "ve", "ya tersi", "peki", "nerede", "kim",
    "büyükelçi", "Ahıska", "değil", "en", "ilk", "?", ".", ",", "\n", "ile", "->", "%", "5,2 milyar", "mayıs", "geçen yıl",
    "konsolosluğumuz", "bizim", "onlar", "hariç", "сколько", "қанша", "how many", "k@z@k", "trsit", "İSTANBUL", "👋", "\u200b",
    "የ", "፩ nisan", "²", "ﷺ", "1/0", "99/99", "31.31.2031", "2005-2024'ten", "on", "yüz", "virgül", "'", "''", "a'b'c",
]  # fmt: skip
ANY_TEXT = st.one_of(
    st.text(max_size=200),
    st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join),
    st.lists(st.sampled_from(PIECES), max_size=12).map("".join),
    st.lists(st.text(st.sampled_from("abceikmnrtuyzçğıöşü019'"), max_size=25), max_size=12).map(" ".join),
)
LONG = {
    "one letter": "a" * 5_000,
    "one long word": "kazakistandakibüyükelçiliklerimizden" * 300,
    "glued words": "kaçturistgeldinerede " * 100,
    "slips": "".join(f"kon{a}solo{b}luk " for a in "bcdefgh" for b in "xqzjvw"),
    "short slips": "".join(f"t{a}r{b}st " for a in "bcdefghijk" for b in "xqzjvwyu"),
    "clauses": "kaç? " * 400,
    "joints": "kaç ve " * 400,
    "particles": "mi " * 500,
    "question words": "kim nerede ne zaman neden kaç " * 40,
    "numbers": "999 " * 400,
    "number words": "bin yüz milyar " * 80,
    "digits": "9" * 5_000,
    "dates": "31.12.2024 " * 120,
    "months": "mayıs " * 200,
    "parties": "Kazakistan ile Türkiye " * 60,
    "cities": "Ankara Astana İstanbul " * 60,
    "joined questions": "kaç kişi ve kaç turist ve kaç şirket ve " * 25,
    "lists": "ticaret hacmi ve yatırım ve turist ve ne kadar " * 25,
    "stops": "." * 5_000,
    "emoji": "👋" * 100_000,
    "marks": "a" + "\u0301" * 5_000,
    "expanding": "ﷺ" * 1_000,
    "scripts": "漢字 кот العربية " * 100,
    "leet": "k4z4k1st4n " * 100,
    "megabyte": "köprü nerede? " * 75_000,
}


def cpu_ms(question: str, context: Context, engine: Engine) -> float:
    """CPU milliseconds of an answer: the least of three, since a garbage collection may fall into one."""
    spans = []
    watcher = sys.gettrace()  # coverage makes each line cost several times as much
    sys.settrace(None)
    for _ in range(3):
        engine.vocabulary.repairs.clear()
        engine.vocabulary.openings.clear()
        start = time.process_time()
        answer(question, context, engine)
        spans.append((time.process_time() - start) * 1e3)
    sys.settrace(watcher)
    return min(spans)


def check(reply: Reply, engine: Engine) -> None:
    """A reply says something; an answer has facts, each with verbatim sources; a choice has somewhere to lead."""
    assert reply.text.strip()
    if reply.status is Status.ANSWER:
        assert reply.facts
    assert {s.fact for s in reply.sources} == set(reply.facts)
    article = engine.catalog.article.text
    assert all(" ".join(s.quote.split()) in " ".join(article.split()) for s in reply.sources)
    assert bool(reply.choices) == (reply.status is Status.CLARIFY)


@given(st.lists(ANY_TEXT, min_size=1, max_size=3))
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_text_raises_or_is_answered_without_a_source(engine: Engine, turns: list[str]) -> None:
    """Any turns in one conversation, with the context stored in between, on the shipped article."""
    context = NO_CONTEXT
    for turn in turns:
        reply, context = answer(turn, from_json(to_json(context)), engine, "2030-01-01")
        check(reply, engine)


@given(st.lists(ANY_TEXT, min_size=1, max_size=3))
@settings(max_examples=150, deadline=None)
def test_nor_on_another_article(island: Engine, turns: list[str]) -> None:
    """The same of the made-up article."""
    context = NO_CONTEXT
    for turn in turns:
        reply, context = answer(turn, context, island)
        check(reply, island)


@pytest.mark.parametrize("name", LONG)
def test_long_texts_are_answered_in_bounded_time(engine: Engine, name: str) -> None:
    """The worst that we could think of, with nothing remembered, alone and after another question."""
    _, before = answer("Kazakistan'daki büyükelçimiz kim?", NO_CONTEXT, engine)
    assert cpu_ms(LONG[name], NO_CONTEXT, engine) < MOST_MS
    assert cpu_ms(LONG[name], before, engine) < MOST_MS


@given(st.lists(ANY_TEXT, min_size=1, max_size=12).map(" ".join))
@settings(max_examples=60, deadline=None)
def test_any_text_is_answered_in_bounded_time(engine: Engine, text: str) -> None:
    """Of any length: repeated until it is as long as what is read."""
    whole = (text + " ") * (MAX_CHARS // (len(text) + 1) + 1)
    assert cpu_ms(whole, NO_CONTEXT, engine) < MOST_MS


def test_what_lies_beyond_the_limit_is_not_read(engine: Engine) -> None:
    """A question after a thousand characters of noise is not found, nor does its length cost anything."""
    reply, _ = answer("😀" * MAX_CHARS + "Kazakistan'a kaç turist gitti?", NO_CONTEXT, engine)
    assert reply.status is Status.UNKNOWN
