"""What each intent's utterances license: its words, how widely each is shared, and which are its own."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.engine.frame import Frame
from bot.engine.model import Intent, Kind

FRAME_WORDS = frozenset({"#time", "#number", "foreign"})
"""Conditions of the frame: the facts' slots answer for them, not the licence."""
ALTERING = frozenset({"#future", "#except", "#derived", "#not", "#if"})
ORDINALS = frozenset({"#1", "#n"})
COMMON = 9
"""A word that this many fact intents use, none of them often, tells nothing about any one of them."""
OFTEN = 0.15
"""A word that this share of an intent's utterances have belongs to its subject."""
OWN_SHARE = 0.2
"""A word is an intent's own where this share of its uses (per utterance, all fact intents alike) is there."""
TOPIC_RATE = 0.15
"""A word is also an intent's own where this share of the intent's utterances has it, however many intents share it."""
RARELY = 0.01
"""A question word, or one that alters a question, in less than this share of an intent's utterances is not what the intent answers."""
_PLACES = frozenset({"city", "foreign", "country"})


def signature(frame: Frame) -> str:
    """What two questions share that differ in neutral words, order and named values only."""
    return "\n".join([*sorted({f for f in frame.features if ":" not in f}), "mi" if frame.yesno else ""])


def foci(frame: Frame) -> list[str]:
    """What a question is after: *mi* with its predicate, *kaç* and *hangi* with their noun, as ``ask+feature``."""
    pairs = ["mi+" + frame.focus] if frame.focus and frame.yesno else []
    for ask, noun in zip(frame.features, frame.features[1:], strict=False):
        if ask in {"?count", "?which", "?part", "?nth"} and noun[0] not in "?#=" and ":" not in noun:
            pairs.append(ask + "+" + noun)
    return pairs


@dataclass(frozen=True)
class Licence:
    """Per intent number, the features of its utterances; over all, how many utterances use one and how many fact intents."""

    words: tuple[frozenset[str], ...]
    uses: Mapping[str, int]
    spread: Mapping[str, int]
    own: tuple[frozenset[str], ...]
    common: frozenset[str]
    asked: tuple[frozenset[str], ...]
    told: Mapping[str, int]
    """The one intent that has utterances of a signature, for every signature that just one has."""

    def repeats(self, frame: Frame) -> int | None:
        """The one intent that has an utterance of the frame's very signature, if just one has."""
        return self.told.get(signature(frame))

    def allows(self, number: int, feature: str) -> bool:
        """Whether intent ``number`` licenses ``feature``: by an utterance, or as a word that all share."""
        if feature in self.words[number] or feature in FRAME_WORDS or ":" in feature:
            return True
        return feature[0] not in "#?" and self.spread.get(feature, 0) >= COMMON

    def asks(self, number: int, frame: Frame) -> list[str]:
        """What the frame asks about that no utterance of intent ``number`` asks about."""
        return [
            pair
            for pair in foci(frame)
            if pair not in self.asked[number] and pair.split("+")[1] not in self.own[number]
        ]

    def lists(self, number: int, feature: str) -> bool:
        """Whether an utterance of intent ``number`` has ``feature`` itself."""
        return feature in self.words[number]

    def anchors(self, number: int, frame: Frame) -> bool:
        """Whether the frame has a word of the intent's own."""
        return not self.own[number].isdisjoint(frame.features)

    def is_topical(self, frame: Frame) -> bool:
        """Whether the frame names a subject at all: more than question words, places and common verbs."""
        return any(f[0] not in "?#" and f.split(":")[0] not in _PLACES and f not in self.common for f in frame.features)


def license_of(examples: Sequence[tuple[int, Frame]], intents: Sequence[Intent]) -> Licence:
    """Gather the licence from ``(intent number, frame)`` examples."""
    words: list[set[str]] = [set() for _ in intents]
    uses: list[Counter[str]] = [Counter() for _ in intents]
    sizes = Counter(number for number, _ in examples)
    for number, frame in examples:
        words[number].update(frame.features)
        words[number].update(f"#n{v}" for m in frame.mentions if m.slot == "ordinal" for v in m.values)
        uses[number].update(set(frame.features))
        if frame.negated and not frame.yesno:
            words[number].add("#not")
            uses[number]["#not"] += 1
    for number, row in enumerate(uses):
        altering = ALTERING | ORDINALS if intents[number].kind is Kind.FACT else ALTERING
        words[number] -= {
            f for f, count in row.items() if (f[0] in "?!" or f in altering) and count < RARELY * sizes[number]
        }
    spread = Counter(f for i, row in zip(intents, words, strict=True) if i.kind is Kind.FACT for f in row)
    often = {
        f
        for n, row in enumerate(uses)
        if intents[n].kind is Kind.FACT
        for f, count in row.items()
        if count >= OFTEN * sizes[n]
    }
    common = frozenset(f for f, n in spread.items() if n >= COMMON and f[0] not in "?#" and f not in often)
    asked: list[set[str]] = [set() for _ in intents]
    for number, frame in examples:
        asked[number].update(foci(frame))
    told: dict[str, int] = {}
    for number, frame in examples:
        if frame.features:
            key = signature(frame)
            told[key] = number if told.get(key, number) == number else -1
    return Licence(
        tuple(frozenset(w) for w in words),
        dict(Counter(f for _, frame in examples for f in set(frame.features))),
        dict(spread),
        _own(uses, sizes, intents),
        common,
        tuple(frozenset(a) for a in asked),
        {key: number for key, number in told.items() if number >= 0},
    )


def _own(
    uses: Sequence[Counter[str]], sizes: Mapping[int, int], intents: Sequence[Intent]
) -> tuple[frozenset[str], ...]:
    rates: dict[str, float] = defaultdict(float)
    facts = [n for n, intent in enumerate(intents) if intent.kind is Kind.FACT]
    for number in facts:
        for feature, count in uses[number].items():
            rates[feature] += count / sizes[number]
    return tuple(
        frozenset(
            f
            for f, count in row.items()
            if f[0] not in "?#"
            and f.split(":")[0] not in _PLACES
            and count / sizes[number] >= min(OWN_SHARE * rates.get(f, 1.0), TOPIC_RATE)
        )
        for number, row in enumerate(uses)
    )
