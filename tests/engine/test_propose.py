"""The proposer: utterances propose their own intent, slips of the finger too, and learning on equals learning anew."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from bot.engine.calibrate import sharpened
from bot.engine.frame import Frame
from bot.engine.model import Intent, Kind
from bot.engine.morph import stem
from bot.engine.propose import Proposer, rows_of, spelling, train
from bot.engine.propose_fit import ROUNDS, SETTLED, SLACK, settle, shares, stacked
from bot.engine.text import fold

UTTERANCES = {
    "visa": ["vize gerekiyor mu", "vizesiz kaç gün kalabilirim", "vize istiyorlar mı", "pasaportuma vize almalı mıyım"],
    "trade": [
        "ticaret hacmi ne kadar",
        "dış ticaret kaç dolar",
        "ticaretimiz kaç milyar",
        "ihracat ve ithalat toplamı",
    ],
    "tourism": ["kaç turist geldi", "turist sayısı nedir", "geçen yıl kaç kişi gezmeye gitti", "turizm rakamları"],
    "students": [
        "kaç öğrenci okuyor",
        "burslu öğrenci sayısı",
        "üniversitelerde kaç genç var",
        "öğrencilere burs veriliyor mu",
    ],
}
INTENTS = [Intent(name, Kind.FACT, tuple(rows)) for name, rows in UTTERANCES.items()]


def frame(text: str) -> Frame:
    words = tuple(fold(text).split())
    return Frame(words, tuple("=" + stem(word) for word in words))


EXAMPLES = [(number, frame(u)) for number, intent in enumerate(INTENTS) for u in intent.utterances]


@pytest.fixture(scope="module")
def proposer() -> Proposer:
    return train(EXAMPLES, INTENTS)


def scores(proposer: Proposer, text: str) -> dict[int, float]:
    return dict(proposer.propose(frame(text), most=99))


def test_an_utterance_proposes_its_own_intent_clearly(proposer: Proposer) -> None:
    """Every stored utterance scores its intent above a half and above all others."""
    for number, example in EXAMPLES:
        best = proposer.propose(example)[0]
        assert best[0] == number
        assert best[1] > 0.5


def test_scores_are_shares_best_first(proposer: Proposer) -> None:
    """All intents' scores add up to one, and as many as asked for are given, the best first."""
    everything = proposer.propose(frame("kaç öğrenci geldi"), most=4)
    assert sum(score for _, score in everything) == pytest.approx(1.0, abs=1e-5)
    assert everything == sorted(everything, key=lambda row: -row[1])
    assert proposer.propose(frame("kaç öğrenci geldi"), most=2) == everything[:2]


@pytest.mark.parametrize(
    ("typed", "meant"), [("tciaret hacmi", 1), ("ogrnciler", 3), ("turst sayisi", 2), ("vizzesiz", 0)]
)
def test_letters_carry_a_slip_of_the_finger(proposer: Proposer, typed: str, meant: int) -> None:
    """A word that stands in no utterance is recognised by the letters that it shares with one."""
    assert proposer.propose(frame(typed))[0][0] == meant


def test_nothing_in_common_proposes_nothing(proposer: Proposer) -> None:
    """A frame without a known feature, or without words, has no candidates."""
    assert proposer.propose(Frame(("xqw",), ("=xqw",))) == []
    assert proposer.propose(Frame((), ())) == []


def test_a_frame_without_words_is_proposed_by_its_features(proposer: Proposer) -> None:
    """A context read back from a store holds no words; its features are enough."""
    assert proposer.propose(Frame((), ("=vize", "=gerek")))[0][0] == 0


def test_training_is_repeatable(proposer: Proposer) -> None:
    """The same examples give the same weights to the last bit."""
    again = train(EXAMPLES, INTENTS)
    np.testing.assert_array_equal(again.weights, proposer.weights)
    assert list(again.index) == list(proposer.index)


def test_what_is_added_is_learned_on(proposer: Proposer) -> None:
    """After learning on, a new utterance is proposed, and old ones keep nearly the scores of learning anew."""
    added = [*EXAMPLES, (0, frame("sınırda damga lazım mı"))]
    onward, anew = train(added, INTENTS, proposer), train(added, INTENTS)
    assert onward.weights.shape != anew.weights.shape  # it did learn on, rather than anew
    assert scores(onward, "sınırda damga lazım mı")[0] > 0.75 > scores(proposer, "sınırda damga lazım mı")[0]
    for _, example in EXAMPLES:
        assert dict(onward.propose(example))[0] == pytest.approx(dict(anew.propose(example))[0], abs=0.1)


def test_what_is_removed_is_forgotten(proposer: Proposer) -> None:
    """An utterance taken out of one intent and put into another answers for the new one only."""
    moved = next(i for i, (_, f) in enumerate(EXAMPLES) if "turizm" in f.words)
    examples = [*EXAMPLES[:moved], *EXAMPLES[moved + 1 :], (1, EXAMPLES[moved][1])]
    onward = train(examples, INTENTS, proposer)
    assert onward.propose(EXAMPLES[moved][1])[0][0] == 1
    assert scores(onward, "turizm rakamları")[2] < 0.2 < scores(proposer, "turizm rakamları")[2]


def test_intents_may_come_go_and_change_places(proposer: Proposer) -> None:
    """Learning on follows intents by their ids, whatever number they have now."""
    intents = [INTENTS[2], INTENTS[0], Intent("sport", Kind.FACT, ("futbol maçı kaçta",)), INTENTS[1], INTENTS[3]]
    number = {intent.id: i for i, intent in enumerate(intents)}
    examples = [(number[INTENTS[n].id], f) for n, f in EXAMPLES] + [(number["sport"], frame("futbol maçı kaçta"))]
    onward = train(examples, intents, proposer)
    assert onward.weights.shape[1] == len(intents)
    for expected, example in examples:
        assert onward.propose(example)[0][0] == expected
    back = train(EXAMPLES, INTENTS, onward)
    assert [back.propose(f)[0][0] for _, f in EXAMPLES] == [n for n, _ in EXAMPLES]


def test_when_much_has_changed_it_learns_anew(proposer: Proposer) -> None:
    """Equal frames that are other objects count as new; with all of them new, nothing of before is left."""
    copies = [(n, Frame(f.words, f.features)) for n, f in EXAMPLES]
    np.testing.assert_array_equal(train(copies, INTENTS, proposer).weights, proposer.weights)


def test_lessons_are_not_pickled(proposer: Proposer) -> None:
    """A pickled proposer proposes the same without its lessons, and may still be passed as the previous one."""
    read_back: Proposer = pickle.loads(pickle.dumps(proposer))
    assert read_back.lessons is None
    assert read_back.propose(frame("kaç turist")) == proposer.propose(frame("kaç turist"))
    np.testing.assert_array_equal(train(EXAMPLES, INTENTS, read_back).weights, proposer.weights)


def test_a_question_is_scored_as_it_would_have_been_learned(proposer: Proposer) -> None:
    """What is put together from remembered words is the product of the frame's whole row with the weights."""
    for text in ("kaç turist geldi", "vize vize vizesiz", "burslu ogrenciler sayisi"):
        at, values = rows_of([frame(text)], proposer.index, proposer.rarity)[0]
        assert len(set(at.tolist())) == len(at)  # a feature twice in a row would be learned once
        expected = sharpened(values @ proposer.weights[at], proposer.sharpness)
        for number, score in proposer.propose(frame(text), most=99):
            assert score == pytest.approx(float(expected[number]), abs=1e-5)


def test_words_are_remembered_up_to_a_bound(proposer: Proposer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any number of different words keeps the memory bounded, changes no score, and is not pickled."""
    monkeypatch.setattr("bot.engine.propose._REMEMBERED", 10)
    before = proposer.propose(frame("kaç turist geldi"))
    for number in range(100):
        proposer.propose(frame(f"söz{number} kelime{number}"))
        assert len(proposer.spelled) <= 10
    assert proposer.propose(frame("kaç turist geldi")) == before
    assert not pickle.loads(pickle.dumps(proposer)).spelled


@pytest.mark.parametrize(("one", "other"), [("bana", "baana"), ("ticaret", "tacaret")])
def test_a_wrong_vowel_leaves_the_first_consonants(one: str, other: str) -> None:
    """Words that differ in vowels alone share more than letters."""
    shared = {f for f, _ in spelling(one)} & {f for f, _ in spelling(other)}
    assert any(f.startswith("^:") for f in shared)


def test_the_optimum_is_reached() -> None:
    """At the end each example's multipliers are SLACK · (what it is − what the weights say), as theory has it."""
    random = np.random.default_rng(1)
    rows = stacked(
        [
            (np.sort(random.choice(30, 4, replace=False)).astype(np.int32), np.full(4, 0.5, np.float32))
            for _ in range(40)
        ]
    )
    classes = random.integers(0, 3, 40).tolist()
    weights, multipliers = np.zeros((30, 3), np.float32), np.zeros((40, 3), np.float32)
    for _ in range(ROUNDS):
        settle(rows, classes, weights, multipliers, range(40))
    rebuilt = np.zeros_like(weights)
    for i in range(40):
        at, values = rows[i]
        rebuilt[at] += values[:, None] * multipliers[i]
        says = shares(values @ weights[at])
        wanted = SLACK * (np.eye(3, dtype=np.float32)[classes[i]] - says)
        assert np.abs(wanted - multipliers[i]).max() < SETTLED * (1 + 2 * SLACK / 4) + 0.05
    np.testing.assert_allclose(rebuilt, weights, atol=1e-3)
