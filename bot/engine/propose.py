"""A frame → intents that it may be, best first: a linear scorer over words and letters, learned from the utterances.

Deciding per intent beats deciding per utterance (nearest .48, centroid .57, linear .59 on MASSIVE tr-TR
with ten utterances an intent), and a hundred thousand utterances are proposed from as fast as a hundred.
A frame is seen as two bags: what the reader understood (content words and neighbouring pairs, neutral
words lightly), and how it is spelt: the head of every word, and letters in twos to fours, which overlap even
where a word is misspelt or unknown. Letters are taken by the word and by the seam between two words, so what a
word adds to every intent's score is worked out once. Scores only propose; the licence and the frame decide.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import hypot, log
from typing import Any

import numpy as np

from bot.engine.calibrate import sharpened, sharpness_of
from bot.engine.frame import Frame
from bot.engine.model import Intent
from bot.engine.propose_fit import Floats, Row, Rows, forget, settle, stacked

LIGHT_WEIGHT = 0.35
PAIR_WEIGHT = 0.6
PARTY_WEIGHT = 0.5
HEAD_LETTERS, HEAD_WEIGHT = 4, 3.0
HEAD_CONSONANTS, CONSONANTS_WEIGHT = 3, 1.5
"""What a word begins with counts as much as three of its letter groups; its first consonants outlast a wrong vowel."""
_NO_VOWELS = str.maketrans("", "", "aeiou")
LETTERS = (2, 3, 4)
UNDERSTOOD_SHARE, SPELLED_SHARE = 0.5, 0.86
"""How long the vectors of understood words and of letters are; together about 1."""
_REMEMBERED = 4_000
"""So many words and seams are kept with what they add to the scores: 3 MB at a hundred intents."""
MANY = 4_000
"""A feature in few utterances is left out; for each so many utterances, in one more: a third of the weights, nothing lost."""
MOST_CHANGED = 0.2
"""Learning on from before pays while this share of the examples is new."""

Bag = list[tuple[str, float]]


@dataclass(frozen=True)
class Lessons:
    """What was learned from, to learn on after a change: examples as (intent id, frame), and where their rows are.

    ``rows`` and ``multipliers`` only grow while learning on: those of forgotten examples stay unused.
    """

    intents: tuple[str, ...]
    examples: tuple[tuple[str, Frame], ...]
    places: Sequence[int]
    rows: Rows
    multipliers: Floats


@dataclass(frozen=True)
class Proposer:
    """Weights of every feature for every intent. ``rarity`` is each feature's inverse document frequency.

    ``sharpness`` makes up for few examples (see ``calibrate``). ``spelled`` remembers words: what each adds to every
    intent's score, and the length of its features.
    """

    index: Mapping[str, int]
    rarity: Sequence[float]
    weights: Floats
    lessons: Lessons | None = field(default=None, repr=False)
    sharpness: float = 1.0
    spelled: dict[str, tuple[Floats, float]] = field(default_factory=dict, repr=False, compare=False)

    def __getstate__(self) -> dict[str, object]:
        """Without what was remembered, and without the lessons: they are three times the rest, and an engine read from disk can be trained anew.

        Features as one text, in their numbers' order: read in a quarter of the time of so many strings.
        """
        names = "\n".join(sorted(self.index, key=self.index.__getitem__))
        state = {"weights": self.weights, "lessons": None, "index": names, "rarity": np.array(self.rarity)}
        return {**state, "sharpness": self.sharpness}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        """Take in what ``__getstate__`` gave."""
        names = state["index"].split("\n") if state["index"] else ()
        index = {name: i for i, name in enumerate(names)}
        self.__dict__.update(state, index=index, rarity=state["rarity"].tolist(), spelled={})

    def propose(self, frame: Frame, most: int = 8) -> list[tuple[int, float]]:
        """Up to ``most`` (intent number, score), best first; a score is about 0 (nothing) to 1 (an utterance)."""
        at, values = _known(understood(frame), self.index, self.rarity)
        spelled = [self._spelled(piece) for piece in pieces_of(frame.words)]
        length = hypot(*(length for _, length in spelled))
        if not at and not length:
            return []
        scores = np.zeros(self.weights.shape[1], dtype=np.float32)
        if at:
            share = UNDERSTOOD_SHARE if length else 1.0  # *ya tersi?* says what is asked in no word of its own
            scores += np.array(values, dtype=np.float32) @ self.weights[at] * (share / hypot(*values))
        if length:
            scores += sum(score for score, _ in spelled) * (SPELLED_SHARE / length)
        scores = sharpened(scores, self.sharpness)
        best = (-scores).argsort(kind="stable")[:most]
        return list(zip(best.tolist(), scores[best].tolist(), strict=True))

    def _spelled(self, piece: str) -> tuple[Floats, float]:
        """What the letters of ``piece`` add to every intent's score, and their length; remembered, since words recur."""
        found = self.spelled.get(piece)
        if found is None:
            if len(self.spelled) >= _REMEMBERED:
                self.spelled.clear()
            at, values = _known(spelling(piece), self.index, self.rarity)
            found = np.array(values, dtype=np.float32) @ self.weights[np.array(at, dtype=np.int32)], hypot(*values)
            self.spelled[piece] = found
        return found


def understood(frame: Frame) -> Bag:
    """Content words, neighbours as pairs (the frame's ends count as neighbours), and neutral words lightly."""
    content = dict.fromkeys((*frame.features, "?yesno") if frame.yesno else frame.features)
    pairs = dict.fromkeys(zip(("<", *frame.features), (*frame.features, ">"), strict=True))
    light = LIGHT_WEIGHT if content else 1.0
    bag = [(f, 1.0) for f in content]
    bag += [(a + "+" + b, PAIR_WEIGHT) for a, b in pairs]
    bag += [("~" + f, light) for f in dict.fromkeys(frame.light)]
    if any(m.slot == "about" for m in frame.mentions) or any(p.party for p in frame.parties):
        bag.append(("@party", PARTY_WEIGHT))
    return bag


def pieces_of(words: Sequence[str]) -> Iterable[str]:
    """The words, and the seams between neighbours: the last two letters of one and the first two of the next."""
    return dict.fromkeys((*words, *(a[-2:] + " " + b[:2] for a, b in pairwise(words))))


def spelling(piece: str) -> Bag:
    """The letters of a word, its ends among them, its first letters and its first consonants; or those across a seam."""
    if " " in piece:
        before, after = piece.split(" ")
        across = (before[-1:] + " " + after[:1], before + " " + after[:1], before[-1:] + " " + after)
        return [("_" + g, 1.0) for g in dict.fromkeys(across)]
    text = " " + piece + " "
    letters = dict.fromkeys(text[i : i + n] for n in LETTERS for i in range(len(text) - n + 1))
    consonants = piece.translate(_NO_VOWELS)[:HEAD_CONSONANTS]
    return [
        ("^" + piece[:HEAD_LETTERS], HEAD_WEIGHT),
        ("^:" + consonants, CONSONANTS_WEIGHT),
        *(("_" + g, 1.0) for g in letters),
    ]


def _known(bag: Bag, index: Mapping[str, int], rarity: Sequence[float]) -> tuple[list[int], list[float]]:
    """The known features of ``bag`` by their numbers, with their weights times their rarity."""
    known = [(i, weight * rarity[i]) for feature, weight in bag if (i := index.get(feature)) is not None]
    return [i for i, _ in known], [value for _, value in known]


def rows_of(frames: Iterable[Frame], index: Mapping[str, int], rarity: Sequence[float]) -> Rows:
    """The known features of each frame as a sparse row: what ``propose`` takes the scores of, written out."""
    known: dict[str, tuple[list[int], list[float]]] = {}
    rows: list[Row] = []
    for frame in frames:
        at, values = _known(understood(frame), index, rarity)
        share = UNDERSTOOD_SHARE / hypot(*values) if at else 0.0
        row = {i: value * share for i, value in zip(at, values, strict=True)}
        pieces = pieces_of(frame.words)
        for piece in pieces:
            if piece not in known:
                known[piece] = _known(spelling(piece), index, rarity)
        spelled = [known[piece] for piece in pieces]
        length = hypot(*(value for _, values in spelled for value in values))
        for at, values in spelled:
            for i, value in zip(at, values, strict=True):
                row[i] = row.get(i, 0.0) + value * (SPELLED_SHARE / length)
        rows.append((np.array(list(row), dtype=np.int32), np.array(list(row.values()), dtype=np.float32)))
    return stacked(rows)


def train(
    examples: Sequence[tuple[int, Frame]], intents: Sequence[Intent], previous: Proposer | None = None
) -> Proposer:
    """Fit the scorer to ``(intent number, frame)`` examples.

    ``previous``: a proposer trained on much the same frames (the same objects); only what changed is learned.
    """
    names = tuple(intent.id for intent in intents)
    named = tuple((names[number], frame) for number, frame in examples)
    if previous and previous.lessons:
        places = _places(previous.lessons, named)
        if places.count(-1) + len(previous.lessons.rows) - len(named) <= MOST_CHANGED * len(named):
            return _learn_on(previous, previous.lessons, places, named, names)
    frames = [frame for _, frame in examples]
    index, rarity = _index(frames, {}, [], len(examples))
    rows = rows_of(frames, index, rarity)
    weights = np.zeros((len(index), len(names)), dtype=np.float32)
    multipliers = np.zeros((len(rows), len(names)), dtype=np.float32)
    settle(rows, [number for number, _ in examples], weights, multipliers, range(len(rows)))
    return _calibrated(index, rarity, weights, Lessons(names, named, range(len(rows)), rows, multipliers))


def _index(
    frames: Sequence[Frame], known: Mapping[str, int], rarity: Sequence[float], among: int
) -> tuple[dict[str, int], list[float]]:
    """``known`` features and the new ones of ``frames``, numbered, with their rarity ``among`` so many examples."""
    counts = Counter(f for frame in frames for f, _ in understood(frame))
    for piece, n in Counter(piece for frame in frames for piece in pieces_of(frame.words)).items():
        for f, _ in spelling(piece):
            counts[f] += n
    spare = len(frames) // MANY
    fresh = sorted(f for f, n in counts.items() if n > _least(f, spare) and f not in known)
    index = {**known, **{f: i for i, f in enumerate(fresh, start=len(known))}}
    return index, [*rarity, *(log((1 + among) / (1 + counts[f])) + 1 for f in fresh)]


def _least(feature: str, spare: int) -> int:
    """``feature`` is kept when it stands in more utterances than this; pairs and letters in a single one tell nothing."""
    return 1 + spare if "+" in feature or feature[0] == "_" else spare if feature[0] == "^" else 0


def _places(lessons: Lessons, named: Sequence[tuple[str, Frame]]) -> list[int]:
    """Where each example's row is, -1 when it was not learned before."""
    then = {(name, id(frame)): place for (name, frame), place in zip(lessons.examples, lessons.places, strict=True)}
    return [then.get((name, id(frame)), -1) for name, frame in named]


def _learn_on(
    before: Proposer, lessons: Lessons, places: list[int], named: tuple[tuple[str, Frame], ...], names: tuple[str, ...]
) -> Proposer:
    """Forget what is gone, learn what is new, and settle the intents that either touches; the rest stays as it is."""
    new = [i for i, place in enumerate(places) if place < 0]
    frames = [named[i][1] for i in new]
    index, rarity = _index(frames, before.index, before.rarity, len(named))
    rows = lessons.rows + rows_of(frames, index, rarity)
    weights = _widened(before.weights, lessons.intents, names, len(index))
    multipliers = _widened(lessons.multipliers, lessons.intents, names, len(rows))
    for row, i in enumerate(new, start=len(lessons.rows)):
        places[i] = row
    stay = set(places)
    gone = [
        (name, place) for (name, _), place in zip(lessons.examples, lessons.places, strict=True) if place not in stay
    ]
    for _, place in gone:
        forget(rows[place], weights, multipliers[place])
    touched = {named[i][0] for i in new} | {name for name, _ in gone}
    number = {name: i for i, name in enumerate(names)}
    classes = {place: number[name] for (name, _), place in zip(named, places, strict=True) if name in touched}
    settle(rows, classes, weights, multipliers, list(classes))
    return _calibrated(index, rarity, weights, Lessons(names, named, places, rows, multipliers))


def _calibrated(index: Mapping[str, int], rarity: Sequence[float], weights: Floats, lessons: Lessons) -> Proposer:
    number = {name: i for i, name in enumerate(lessons.intents)}
    classes = [number[name] for name, _ in lessons.examples]
    sharpness = sharpness_of(lessons.rows, lessons.places, classes, weights, lessons.multipliers)
    return Proposer(index, rarity, weights, lessons, sharpness)


def _widened(matrix: Floats, then: tuple[str, ...], now: tuple[str, ...], rows: int) -> Floats:
    """A copy of ``matrix`` with so many rows, and its columns, named ``then``, where they are ``now``."""
    wide = np.zeros((rows, len(now)), dtype=np.float32)
    if then == now:
        wide[: len(matrix)] = matrix
    else:
        both = [(then.index(name), i) for i, name in enumerate(now) if name in then]
        wide[: len(matrix), [i for _, i in both]] = matrix[:, [i for i, _ in both]]
    return wide
