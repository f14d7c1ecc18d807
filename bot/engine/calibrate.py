"""How far a scorer's shares may be trusted: few examples leave them flat, so they are sharpened as much as that.

A score from 20 utterances an intent is lower than one from 300, though the best intent is as surely the best. How
much lower is learned from the examples themselves: each is scored as if it had not been learned (its own part of
the weights taken out, which the dual form gives exactly), and the sharpening is the one under which those scores
are most likely. On the product's 20,000 utterances it is none; with 10 to 40 an intent 1.1 to 1.5.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.engine.propose_fit import Floats, Rows, shares

SAMPLE = 800
"""So many examples tell it to within a twentieth."""
STEPS = np.arange(1.0, 1.7, 0.05)
"""What is tried; no pack needs more, and one whose utterances repeat each other would seem to."""
USUAL = 1.1
"""The sharpening that is likeliest where utterances abound: every threshold of the decision was set there."""
FEW = 2
"""An intent with fewer examples than this would be unknown without the one left out."""


def sharpness_of(
    rows: Rows, places: Sequence[int], classes: Sequence[int], weights: Floats, multipliers: Floats
) -> float:
    """By which power to raise shares: 1 for many examples, more for few. ``places`` are the rows of the examples."""
    counts = np.bincount(np.array(classes, dtype=np.int64)) if len(classes) else np.zeros(0)
    known = [i for i, number in enumerate(classes) if counts[number] >= FEW]
    chosen = np.random.default_rng(0).permutation(len(known))[:SAMPLE]
    scores = [_without_itself(rows, places[known[i]], weights, multipliers) for i in chosen]
    if not scores:
        return 1.0
    actual = np.array([classes[known[i]] for i in chosen])
    stacked = np.stack(scores)
    stacked -= stacked.max(axis=1, keepdims=True)
    mine = stacked[np.arange(len(actual)), actual]
    loss = [float(np.mean(np.log(np.exp(by * stacked).sum(axis=1)) - by * mine)) for by in STEPS]
    return max(1.0, float(STEPS[int(np.argmin(loss))]) / USUAL)


def _without_itself(rows: Rows, place: int, weights: Floats, multipliers: Floats) -> Floats:
    at, values = rows[place]
    found: Floats = values @ weights[at] - float(values @ values) * multipliers[place]
    return found


def sharpened(scores: Floats, by: float) -> Floats:
    """Scores of classes → shares of one, raised to the power ``by`` and again shares of one."""
    return shares(scores if by == 1.0 else scores * np.float32(by))
