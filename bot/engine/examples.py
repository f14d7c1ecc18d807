"""Utterances → the frames that the proposer and the licence learn from; a reload reads again only what it must.

An utterance's own words are never repaired, since they are what is known. So its frame hangs on the lexicon
alone, and there only on the entries whose first word one of its words begins with.

Few utterances leave out much that the content says elsewhere. So an intent's title, what a gap is missing and the
statements of an intent's facts are read too: the proposer learns from them as from utterances, and the licence
takes from the statements their words, and from the facts' typed values the question words that these answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import reduce

from bot.engine.frame import Frame, merge
from bot.engine.model import Catalog, Fact, Intent, Kind
from bot.engine.read import read
from bot.engine.text import mark, unmark
from bot.engine.vocabulary import Vocabulary

Frames = Mapping[str, Frame | None]
"""The frame of each utterance, title and statement; ``None`` where it asks nothing that can be read."""

_ANSWERED = {
    "?count": ("number", "count"),
    "?when": ("date", "year", "years", "month", "months"),
    "?who": ("person",),
    "?where": ("city", "venue"),
}
"""A question word → the slots whose values answer it."""
_ANSWERED_BY_ANY = frozenset({"?what", "?which"})


def frames_of(catalog: Catalog, vocabulary: Vocabulary) -> Frames:
    """Read every utterance of ``catalog``, and whatever else tells of its intents."""
    return {text: _frame(text, catalog, vocabulary) for text in _texts(catalog)}


def _texts(catalog: Catalog) -> dict[str, None]:
    """All texts that are read, in order, each once."""
    return dict.fromkeys(
        text for intent in catalog.intents for text in (*intent.utterances, *_telling_of(intent, catalog))
    )


def _telling_of(intent: Intent, catalog: Catalog) -> Iterator[str]:
    """What tells of an intent besides its utterances."""
    if intent.kind is Kind.FACT:
        yield from (catalog.facts[f].statement for f in intent.facts)
    yield from (text for text in (intent.title, intent.missing) if text)


def frames_after(before: tuple[Catalog, Vocabulary, Frames], catalog: Catalog, vocabulary: Vocabulary) -> Frames:
    """What ``frames_of`` gives, with the frames of ``before`` wherever they still hold (then the same objects)."""
    then, known, frames = before
    if (then.lexicon.home, then.article.date, known.inside) != (
        catalog.lexicon.home,
        catalog.article.date,
        vocabulary.inside,
    ):
        return frames_of(catalog, vocabulary)
    heads = {*known.heads, *vocabulary.heads} if known.heads is not vocabulary.heads else set()
    changed = sorted(h for h in heads if known.heads.get(h) != vocabulary.heads.get(h))
    touches = re.compile("|".join(map(re.escape, changed)) or r"(?!)")
    texts = _texts(catalog)
    gone = {frame: frame for text, frame in frames.items() if text not in texts and frame is not None}

    def again(text: str) -> Frame | None:
        if text in frames and not (changed and touches.search(unmark(mark(text)))):
            return frames[text]
        frame = _frame(text, catalog, vocabulary)
        # the very frame of a text that is gone: an edit that changes nothing that is read changes nothing learned
        return gone.get(frame, frame) if frame is not None else None

    return {text: again(text) for text in texts}


def numbered(catalog: Catalog, frames: Frames) -> list[tuple[int, Frame]]:
    """``(intent number, frame)`` of every utterance that could be read, in the catalog's order."""
    rows = ((number, frames[u]) for number, intent in enumerate(catalog.intents) for u in intent.utterances)
    return [(number, frame) for number, frame in rows if frame is not None]


def described(catalog: Catalog, frames: Frames) -> list[tuple[int, Frame]]:
    """``(intent number, frame)`` of what else tells of the intents: to be learned from, but nobody's utterance."""
    rows = ((n, frames[text]) for n, intent in enumerate(catalog.intents) for text in _telling_of(intent, catalog))
    return [(number, frame) for number, frame in rows if frame is not None]


def said(catalog: Catalog, frames: Frames) -> list[frozenset[str]]:
    """Per intent, what its facts license by themselves: the words of their statements, the questions their values answer."""
    return [
        frozenset(f for fact in intent.facts for f in _said_by(catalog.facts[fact], frames))
        if intent.kind is Kind.FACT
        else frozenset()
        for intent in catalog.intents
    ]


def _said_by(fact: Fact, frames: Frames) -> Iterator[str]:
    frame = frames[fact.statement]
    yield from (f for f in (frame.features if frame else ()) if f[0] not in "?!#")
    yield from (ask for ask, slots in _ANSWERED.items() if not fact.says.keys().isdisjoint(slots))
    if fact.says:
        yield from _ANSWERED_BY_ANY


def _frame(utterance: str, catalog: Catalog, vocabulary: Vocabulary) -> Frame | None:
    questions = read(utterance, vocabulary, catalog.lexicon.home, catalog.article.date).questions
    return reduce(merge, questions) if questions else None
