"""The licence: what an intent's utterances have, what all share, what is the intent's own."""

from __future__ import annotations

from bot.engine.answer import Engine
from bot.engine.frame import Frame
from bot.engine.licence import COMMON, foci, license_of, signature
from bot.engine.model import Intent, Kind
from tests.engine.conftest import Reader
from tests.engine.island import INTENTS

NUMBER = {intent.id: i for i, intent in enumerate(INTENTS)}


def test_an_intent_allows_what_its_utterances_have(island: Engine) -> None:
    """Words of other intents and question words that it never had are not allowed; conditions are."""
    when = NUMBER["bridge_when"]
    assert island.licence.allows(when, "bridge")
    assert island.licence.allows(when, "?when")
    assert not island.licence.allows(when, "passenger")
    assert not island.licence.allows(when, "?who")
    assert island.licence.allows(when, "#time")
    assert island.licence.allows(when, "city:koy")
    assert not island.licence.lists(when, "city:koy")


def test_a_repeated_utterance_is_recognised_whatever_its_neutral_words(island: Engine, read_one: Reader) -> None:
    """The same content words of one intent only; an unknown set, or one of two intents, repeats nothing."""
    assert island.licence.repeats(read_one("lütfen köprü ne zaman açıldı")) == NUMBER["bridge_when"]
    assert island.licence.repeats(read_one("köprü neden açıldı")) is None


def test_subjects_and_question_words(island: Engine, read_one: Reader) -> None:
    """*nerede* alone has no subject; *köprü* has."""
    assert island.licence.is_topical(read_one("köprü"))
    assert not island.licence.is_topical(read_one("Koy'da nerede?"))


def test_own_words_anchor(island: Engine, read_one: Reader) -> None:
    """An intent is anchored by a word that belongs to it."""
    assert island.licence.anchors(NUMBER["invested"], read_one("yatırım ne kadar"))
    assert not island.licence.anchors(NUMBER["invested"], read_one("köprü nerede"))


def test_what_is_asked_about(island: Engine, read_one: Reader) -> None:
    """*kaç yolcu* asks for passengers; an intent that never counted them, and does not own them, is not asked."""
    frame = read_one("kaç yolcu gitti")
    assert foci(frame) == ["?count+passenger"]
    assert island.licence.asks(NUMBER["passengers"], frame) == []
    assert island.licence.asks(NUMBER["missions"], frame) == ["?count+passenger"]
    assert foci(read_one("köprü açıldı mı")) == ["mi+open"]


def test_signatures_leave_out_values_and_order(read_one: Reader) -> None:
    """Two places named are one signature; a yes/no question is another."""
    assert signature(read_one("Koy'da köprü nerede")) == signature(read_one("nerede Burun'da köprü"))
    assert signature(read_one("köprü açıldı")) != signature(read_one("köprü açıldı mı"))


def test_widely_shared_words_are_everybodys() -> None:
    """A word that many fact intents have, none of them often, is allowed to all; not so a gap's, or a rare question word."""
    intents = [Intent(f"i{n}", Kind.FACT, ("x",)) for n in range(COMMON + 1)] + [Intent("gap", Kind.GAP, ("x",))]
    examples = [(n, Frame((), (f"own{n}",))) for n in range(COMMON + 1) for _ in range(10)]
    examples += [(n, Frame((), (f"own{n}", "shared"))) for n in range(COMMON)]
    examples += [(COMMON + 1, Frame((), ("gaps",), negated=True))]
    examples += [(0, Frame((), ("own0",))) for _ in range(200)] + [(0, Frame((), ("own0", "?why")))]
    licence = license_of(examples, intents)
    assert "shared" in licence.common
    assert licence.allows(COMMON, "shared")
    assert not licence.allows(COMMON, "gaps")
    assert licence.lists(COMMON + 1, "#not")
    assert not licence.allows(0, "?why")


def test_a_fact_licenses_its_own_words_and_the_questions_that_its_values_answer(island: Engine) -> None:
    """*2,5 milyar lira yatırım* answers how much and what; it says nothing of who; an utterance is not needed for that."""
    invested, who = NUMBER["invested"], NUMBER["bridge_who"]
    assert island.licence.allows(invested, "?what")
    assert island.licence.allows(invested, "lira")
    assert not island.licence.allows(invested, "?who")
    assert island.licence.allows(who, "?who")
    assert not island.licence.allows(NUMBER["gap_fare"], "passenger")


def test_what_an_intent_is_usually_asked_with() -> None:
    """One of ten utterances is usual, one of a hundred is not; conditions always are."""
    intents = [Intent("few", Kind.FACT, ("x",)), Intent("many", Kind.FACT, ("x",))]
    rare = Frame((), ("bridge", "old"))
    plain = Frame((), ("bridge",))
    licence = license_of([*[(0, plain)] * 9, (0, rare), *[(1, plain)] * 99, (1, rare)], intents)
    assert licence.is_usual(0, rare)
    assert not licence.is_usual(1, rare)
    assert licence.is_usual(1, Frame((), ("bridge", "#time", "city:koy")))
