"""What can be asked: topics, and completions while a question is being typed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from bot.desk.values import Topic
from bot.engine.answer import Engine
from bot.engine.model import Intent, Kind
from bot.engine.text import fold

LONGEST = 100
"""Characters of a completion; Discord's limit for a choice."""
AN_INTENT = 10
"""Utterances of an intent that are offered: editors begin with the plainest, and folding all takes 60 ms."""
_TURKISH = frozenset("abcçdefgğhıijklmnoöprsştuüvyzâîû")


def topics(engine: Engine) -> list[Topic]:
    """Every titled intent that leads to facts, in the content's order, with its first utterance."""
    return [Topic(i.id, i.title, i.utterances[0]) for i in _told(engine) if i.title and i.utterances]


def example_of(key: str, engine: Engine) -> str:
    """The question that stands for a topic or choice; empty when there is none."""
    return next((i.utterances[0] for i in _told(engine) if key in (i.id, *i.facts) and i.utterances), "")


class Completions:
    """Questions of the content by what they begin with or hold, made once for an edition."""

    def __init__(self, engine: Engine) -> None:
        self._examples = [t.example for t in topics(engine)]
        seen: dict[str, str] = {}
        for intent in _told(engine):
            for utterance in islice(filter(_is_question, intent.utterances), AN_INTENT):
                seen.setdefault(fold(utterance), utterance)
        self._questions = tuple(seen.items())

    def of(self, prefix: str, most: int) -> list[str]:
        """Up to ``most`` whole questions: those that begin with ``prefix`` first, then those with all its words."""
        start = " ".join(fold(prefix).split())
        if not start:
            return self._examples[:most]
        words = start.split()
        first = [text for folded, text in self._questions if folded.startswith(start)]
        then = [t for folded, t in self._questions if not folded.startswith(start) and all(w in folded for w in words)]
        return (first + then)[:most]


def _told(engine: Engine) -> Iterator[Intent]:
    return (i for i in engine.catalog.intents if i.kind is Kind.FACT)


def _is_question(utterance: str) -> bool:
    """A whole Turkish question that fits: keywords, slang and other languages are for matching, not for showing."""
    letters = {c for c in utterance.replace("İ", "i").replace("I", "ı").lower() if c.isalpha()}
    whole = utterance.endswith("?") and utterance[:1].isupper() and utterance.isprintable()
    return whole and len(utterance) <= LONGEST and letters <= _TURKISH
