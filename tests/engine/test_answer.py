"""The whole pipeline on the made-up article: contexts, two questions in one, background, and what must never happen."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.answer import Engine, answer
from bot.engine.context import NO_CONTEXT, Context, from_json, to_json
from bot.engine.frame import Frame, Mention
from bot.engine.roles import Party
from tests.engine.conftest import Asker

WORDS = st.text(st.sampled_from("abcçdefgğhıijklmnoöprsştuüvyz"), min_size=1, max_size=12)
NAMES = st.sampled_from(["city", "time", "number", "about", "x"])
MENTIONS = st.builds(Mention, NAMES, st.frozensets(WORDS, min_size=1, max_size=3), st.just(""), st.booleans())
PARTIES = st.builds(Party, WORDS, st.sampled_from(["abl", "dat", "nom"]), st.just(""), st.booleans(), st.booleans())
FRAMES = st.builds(
    Frame,
    st.just(()),
    st.lists(WORDS, max_size=5, unique=True).map(tuple),
    asks=st.frozensets(st.sampled_from(["who", "when", "count"])),
    mentions=st.lists(MENTIONS, max_size=3).map(tuple),
    parties=st.lists(PARTIES, max_size=3).map(tuple),
    yesno=st.booleans(),
    speaker=st.sampled_from(["", "mavi"]),
)
CONTEXTS = st.builds(Context, FRAMES, st.lists(WORDS, max_size=3).map(tuple), st.booleans())


@given(CONTEXTS)
def test_contexts_survive_the_store(context: Context) -> None:
    """Written and read back, a context is the same."""
    assert from_json(to_json(context)) == context


def test_no_context_survives_the_store() -> None:
    """Nothing asked is nothing remembered."""
    assert from_json(to_json(NO_CONTEXT)) == NO_CONTEXT


@given(
    st.one_of(st.text(max_size=40), st.from_type(type(None)) | st.booleans() | st.integers() | st.lists(st.integers()))
)
def test_an_unreadable_context_is_none(body: object) -> None:
    """Whatever stands in the store, reading it does not raise."""
    text = body if isinstance(body, str) else json.dumps(body)
    assert from_json(text) == NO_CONTEXT


@pytest.mark.parametrize("body", ['{"m": []}', '{"m": 1, "p": 2, "f": 3, "a": 4}', "[1, 2]", '"x"', '{"m": [["a"]]}'])
def test_a_context_of_another_shape_is_none(body: str) -> None:
    """An older or broken row costs the follow-up, nothing else."""
    assert from_json(body) == NO_CONTEXT


def test_a_stored_context_holds_no_message_text(island: Engine) -> None:
    """Names that the lexicon does not know leave at most a stem."""
    _, context = answer("Mehmetcan Yıldırımoğlu köprüyü kim açtı?", NO_CONTEXT, island)
    body = to_json(context)
    assert "Yıldırım" not in body
    assert "yildirimoglu" not in body


@pytest.mark.parametrize(
    ("question", "facts"),
    [
        ("köprü nerede ve ne zaman açıldı?", ("bridge_place", "bridge_date")),
        ("yolcu sayısı ve yatırım ne kadar?", ("ferry_out", "ferry_back", "investment")),
        ("Mavi Ada'dayım. Yeşil Ada'ya kaç yolcu gitti?", ("ferry_out",)),
        ("2024'te feribota bindim. Mavi Ada'dan Yeşil Ada'ya kaç yolcu gitti?", ("ferry_out",)),
        ("yeşilliyim, size kaç yolcu gönderdik?", ("ferry_back",)),
        ("onlara kaç yolcu gitti?", ("ferry_out",)),
        ("köprü nerede açıldı yatırım kaç lira", ("bridge_place", "investment")),
        ("Mavi Ada'dan giden ile Yeşil Ada'dan gelen yolcu sayısı?", ("ferry_out", "ferry_back")),
    ],
)
def test_one_message(ask: Asker, question: str, facts: tuple[str, ...]) -> None:
    """Two questions in one clause, a situation before the question, *biz* and *onlar*."""
    assert ask(question).facts == facts


def test_a_gap_that_has_all_of_it_is_not_cut(ask: Asker) -> None:
    """*bilet fiyatı nedir, ücreti ne kadar*: what the article does not say is not made two questions."""
    assert ask("bilet fiyatı nedir ücreti kaç para").status == "not_in_article"


def test_nobody_asks_the_same_twice_in_one_message(ask: Asker) -> None:
    """The second half is read by itself when leaning on the first would only repeat its fact."""
    reply = ask("Mavi Ada'dan Yeşil Ada'ya kaç yolcu gitti, karşıdan kaç yolcu geldi?")
    assert reply.facts == ("ferry_out", "ferry_back")


def test_what_is_said_before_may_be_doubted(ask: Asker) -> None:
    """*kaç?* after a number that somebody said: the number is the question, not its condition."""
    reply = ask("Mavi Ada'dan Yeşil Ada'ya 500 bin yolcu gitmiş. Kaç?")
    assert reply.facts == ("ferry_out",)


def test_nothing_to_read(ask: Asker) -> None:
    """Punctuation gets a plea, emoji that greet are greeted, an arrow alone is no question."""
    assert ask("?!").text.startswith("Sorunuzu yazıyla iletir misiniz?")
    assert ask("👋").status == "smalltalk"
    assert ask("").status == "unknown"
    assert ask("\uff9e").status == "unknown"  # a letter on its own, of which nothing is left


def test_no_more_than_three_questions_are_answered(ask: Asker) -> None:
    """Who asks everything at once gets the first three."""
    reply = ask("Köprüyü kim açtı? Yatırım ne kadar? Fahri konsolosluk nerede? Köprü ne zaman açıldı?")
    assert reply.facts == ("bridge_opener", "investment", "honorary")


def test_small_talk_keeps_the_context(island: Engine) -> None:
    """*teşekkürler* in between does not lose what was asked before."""
    _, asked = answer("köprüyü kim açtı?", NO_CONTEXT, island)
    _, after = answer("teşekkürler", asked, island)
    assert after == asked
    _, greeted = answer("merhaba", NO_CONTEXT, island)
    assert not greeted.answered


def test_answering_is_pure(island: Engine) -> None:
    """The same question after the same context: the same reply and context, also after others in between."""
    first = answer("kaç yolcu gitti?", NO_CONTEXT, island)
    answer("yolcxu nerdee gtti", NO_CONTEXT, island)
    assert answer("kaç yolcu gitti?", NO_CONTEXT, island) == first
