"""Calibration: scores lower than they deserve are raised, others taken as they are; the order stays."""

from __future__ import annotations

import pickle

import numpy as np

from bot.engine.calibrate import sharpened, sharpness_of
from bot.engine.frame import Frame
from bot.engine.model import Intent, Kind
from bot.engine.propose import train
from bot.engine.propose_fit import shares, stacked

THINGS = [f"thing{n}" for n in range(12)]
INTENTS = [Intent(name, Kind.FACT, (name,)) for name in THINGS]


def examples(each: int, own: float = 1.0) -> list[tuple[int, Frame]]:
    """``each`` frames an intent: three of twenty words that all share and, in this share of them, its own word."""
    dice = np.random.default_rng(1)
    rows = []
    for number, thing in enumerate(THINGS):
        for _ in range(each):
            first = (thing,) if dice.random() < own else ()
            words = (*first, *(f"word{n}" for n in dice.choice(20, size=3, replace=False)))
            rows.append((number, Frame(words, words)))
    return rows


def test_scores_that_are_too_low_are_raised_and_no_others() -> None:
    """Where one left out is recognised all the same, scores may be higher; where nothing tells intents apart, not."""
    assert train(examples(12), INTENTS).sharpness > 1.2
    assert train(examples(12, own=0.0), INTENTS).sharpness == 1


def test_sharpening_changes_no_order_and_gives_shares() -> None:
    """The best stays the best, further ahead; all shares are one together."""
    scores = np.array([0.2, 1.0, 0.5], dtype=np.float32)
    plain, sharp = shares(scores), sharpened(scores, 1.5)
    assert np.allclose(sharpened(scores, 1.0), plain)
    assert list(np.argsort(sharp)) == list(np.argsort(plain))
    assert sharp[1] > plain[1]
    assert np.isclose(sharp.sum(), 1)


def test_nothing_to_learn_from_is_no_reason_to_sharpen() -> None:
    """No example, or one an intent, says nothing of the rest."""
    empty = np.zeros((0, 0), dtype=np.float32)
    assert sharpness_of(stacked([]), [], [], empty, empty) == 1
    assert train(examples(1), INTENTS).sharpness == 1


def test_it_is_kept_on_disk() -> None:
    """A scorer read from disk scores as the one that was written."""
    proposer = train(examples(3), INTENTS)
    again = pickle.loads(pickle.dumps(proposer))
    frame = Frame(("thing3",), ("thing3",))
    assert again.sharpness == proposer.sharpness
    assert again.propose(frame) == proposer.propose(frame)
