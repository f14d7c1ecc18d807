"""What each intent's utterances license: its words, how widely each is shared, and which are its own."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import is_

from bot.engine.frame import Frame
from bot.engine.model import Intent, Kind
from bot.engine.quantity import covers

FRAME_WORDS = frozenset({"#time", "#number", "foreign"})
"""Conditions of the frame: the facts' slots answer for them, not the licence."""
ALTERING = frozenset({"#future", "#except", "#derived", "#share", "#least", "#not", "#if"})
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
USUALLY = 0.1
"""A word in this share of an intent's utterances (one of ten, thirty of three hundred) is what it is usually asked with."""
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
    usual: tuple[frozenset[str], ...]
    """Per intent number, the features that it is usually asked with."""
    dated: tuple[Mapping[str, frozenset[str]], ...]
    """Per intent number, the signatures that it has with a time only, and with which times."""
    counts: Mapping[str, Count] | None = field(default=None, repr=False, compare=False)
    """What was gathered of each intent, by its id, for the next licence."""

    def __getstate__(self) -> dict[str, object]:
        """Without what only a reload asks for."""
        return {**self.__dict__, "counts": None}

    def is_usual(self, number: int, frame: Frame) -> bool:
        """Whether the frame has only what intent ``number`` is usually asked with."""
        return all(f in self.usual[number] or f in FRAME_WORDS or ":" in f for f in frame.features)

    def repeats(self, frame: Frame) -> int | None:
        """The one intent that has an utterance of the frame's very signature, if just one has."""
        return self.told.get(signature(frame))

    def is_of_another_time(self, number: int, frame: Frame) -> bool:
        """Whether intent ``number`` has the frame's very words, but only of times that are not the frame's."""
        if not (stated := frame.get("time")):
            return False
        times = self.dated[number].get(signature(frame), frozenset())
        return bool(times) and not any(covers(a, t) or covers(t, a) for a in stated for t in times)

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


def license_of(
    examples: Sequence[tuple[int, Frame]],
    intents: Sequence[Intent],
    previous: Licence | None = None,
    said: Sequence[frozenset[str]] = (),
) -> Licence:
    """Gather the licence from ``(intent number, frame)`` examples, and per intent from what its facts have ``said``.

    ``previous``: the licence of much the same frames (the same objects); intents that have just these are not counted again.
    """
    frames: list[list[Frame]] = [[] for _ in intents]
    for number, frame in examples:
        frames[number].append(frame)
    then = (previous and previous.counts) or {}
    counts = [_counted(rows, then.get(intent.id)) for intent, rows in zip(intents, frames, strict=True)]
    uses, sizes = [c.uses for c in counts], [len(c.frames) for c in counts]
    words = [_words(c, i.kind) for i, c in zip(intents, counts, strict=True)]
    spread = Counter(f for i, row in zip(intents, words, strict=True) if i.kind is Kind.FACT for f in row)
    often = {
        f
        for n, row in enumerate(uses)
        if intents[n].kind is Kind.FACT
        for f, count in row.items()
        if count >= OFTEN * sizes[n]
    }
    common = frozenset(f for f, n in spread.items() if n >= COMMON and f[0] not in "?#" and f not in often)
    return Licence(
        tuple(row.union(*said[n : n + 1]) for n, row in enumerate(words)),
        _summed(uses),
        dict(spread),
        _own(uses, sizes, intents),
        common,
        tuple(c.asked for c in counts),
        _told_by_one(counts),
        tuple(c.usual for c in counts),
        tuple(c.dated for c in counts),
        {intent.id: c for intent, c in zip(intents, counts, strict=True)},
    )


@dataclass(frozen=True, slots=True)
class Count:
    """One intent's utterances, gathered: in how many a feature stands, how many deny, what they ask about, their signatures."""

    frames: Sequence[Frame]
    uses: Counter[str]
    denied: int
    ordinals: frozenset[str]
    asked: frozenset[str]
    told: frozenset[str]
    usual: frozenset[str]
    dated: Mapping[str, frozenset[str]]


def _counted(frames: Sequence[Frame], known: Count | None) -> Count:
    if known and len(known.frames) == len(frames) and all(map(is_, known.frames, frames)):
        return known
    uses = Counter(f for frame in frames for f in set(frame.features))
    signed = [(signature(frame), frame) for frame in frames]
    return Count(
        frames,
        uses,
        sum(frame.negated and not frame.yesno for frame in frames),
        frozenset(f"#n{v}" for frame in frames for m in frame.mentions if m.slot == "ordinal" for v in m.values),
        frozenset(focus for frame in frames for focus in foci(frame)),
        frozenset(key for key, frame in signed if frame.features),
        frozenset(f for f, n in uses.items() if n >= USUALLY * len(frames)),
        _dated(signed),
    )


def _dated(signed: Sequence[tuple[str, Frame]]) -> dict[str, frozenset[str]]:
    """The times of every signature that no frame has without one."""
    times: dict[str, frozenset[str]] = {}
    timeless = {key for key, frame in signed if not frame.get("time")}
    for key, frame in signed:
        if key not in timeless:
            times[key] = times.get(key, frozenset()) | frame.get("time")
    return times


def _summed(uses: Sequence[Counter[str]]) -> dict[str, int]:
    every: Counter[str] = Counter()
    for row in uses:
        every.update(row)
    return dict(every)


def _told_by_one(counts: Sequence[Count]) -> dict[str, int]:
    """Each signature that just one intent has, with that intent's number."""
    told: dict[str, int] = {}
    for number, one in enumerate(counts):
        for key in one.told:
            told[key] = number if key not in told else -1
    return {key: number for key, number in told.items() if number >= 0}


def _words(count: Count, kind: Kind) -> frozenset[str]:
    """The features that an intent licenses: those of its utterances, but for altering ones that next to none has."""
    altering = ALTERING | ORDINALS if kind is Kind.FACT else ALTERING
    uses = count.uses + Counter({"#not": count.denied})
    least = RARELY * len(count.frames)
    rare = {f for f, n in uses.items() if (f[0] in "?!" or f in altering) and n < least}
    return frozenset((uses.keys() | count.ordinals) - rare)


def _own(uses: Sequence[Counter[str]], sizes: Sequence[int], intents: Sequence[Intent]) -> tuple[frozenset[str], ...]:
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
