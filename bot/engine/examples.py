"""Utterances → the frames that the proposer and the licence learn from; a reload reads again only what it must.

An utterance's own words are never repaired, since they are what is known. So its frame hangs on the lexicon
alone, and there only on the entries whose first word one of its words begins with.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import reduce

from bot.engine.frame import Frame, merge
from bot.engine.model import Catalog
from bot.engine.read import read
from bot.engine.text import mark, unmark
from bot.engine.vocabulary import Vocabulary

Frames = Mapping[str, Frame | None]
"""The frame of each utterance; ``None`` where it asks nothing that can be read."""


def frames_of(catalog: Catalog, vocabulary: Vocabulary) -> Frames:
    """Read every utterance of ``catalog``."""
    return {u: _frame(u, catalog, vocabulary) for intent in catalog.intents for u in intent.utterances}


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
    utterances = dict.fromkeys(u for intent in catalog.intents for u in intent.utterances)
    return {
        u: frames[u]
        if u in frames and not (changed and touches.search(unmark(mark(u))))
        else _frame(u, catalog, vocabulary)
        for u in utterances
    }


def numbered(catalog: Catalog, frames: Frames) -> list[tuple[int, Frame]]:
    """``(intent number, frame)`` of every utterance that could be read, in the catalog's order."""
    rows = ((number, frames[u]) for number, intent in enumerate(catalog.intents) for u in intent.utterances)
    return [(number, frame) for number, frame in rows if frame is not None]


def _frame(utterance: str, catalog: Catalog, vocabulary: Vocabulary) -> Frame | None:
    questions = read(utterance, vocabulary, catalog.lexicon.home, catalog.article.date).questions
    return reduce(merge, questions) if questions else None
