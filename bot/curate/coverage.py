"""Which sentences of the article the facts quote, and what of each fact the utterances and labelled questions reach."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.curate.evaluate import Outcome
from bot.curate.findings import is_heading, sentences_of
from bot.curate.grader import Grade
from bot.engine.model import Catalog, Fact, Kind

_SPACES = re.compile(r"\s+")
_SHARED = 12
"""A quote covers a sentence with which it shares at least this many letters, or all of it."""


@dataclass(frozen=True, slots=True)
class Covered:
    """One line of the article: a heading, or a sentence with the facts that quote it.

    ``quoted`` are the parts ``(from, to)`` of ``text`` that some quote holds.
    """

    text: str
    heading: bool
    facts: tuple[str, ...]
    quoted: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Reached:
    """How a fact is reached: its intents, how many utterances they have, how many labelled questions got it right."""

    fact: Fact
    intents: tuple[str, ...]
    utterances: int
    asked: int
    right: int


def covered(catalog: Catalog) -> list[Covered]:
    """The article from top to bottom."""
    flat = _flat(catalog.article.text)
    quotes = [
        (fact.id, at, at + len(q))
        for fact in catalog.facts.values()
        for q in map(_flat, fact.quotes)
        for at in _places(q, flat)
    ]
    found: list[Covered] = []
    at = 0
    for line in (line.strip() for line in catalog.article.text.splitlines()):
        for text in [_flat(line)] if line and is_heading(line) else map(_flat, sentences_of(line)):
            at = flat.index(text, at)
            found.append(Covered(text, True, (), ()) if is_heading(line) else _covered(text, at, quotes))
            at += len(text)
    return found


def _places(quote: str, flat: str) -> list[int]:
    at = flat.find(quote)
    return [at] if at >= 0 else []


def share(lines: Sequence[Covered]) -> float:
    """The share of sentences (0 to 1) that at least one fact quotes."""
    sentences = [line for line in lines if not line.heading]
    return sum(bool(line.facts) for line in sentences) / len(sentences) if sentences else 0.0


def _covered(sentence: str, at: int, quotes: Sequence[tuple[str, int, int]]) -> Covered:
    """The sentence that stands at ``at``, with the quotes ``(fact, from, to)`` that share enough of it."""
    end = at + len(sentence)
    shared = [(fact, max(start, at), min(stop, end)) for fact, start, stop in quotes]
    parts = [(fact, a - at, b - at) for fact, a, b in shared if b - a >= min(_SHARED, len(sentence))]
    return Covered(
        sentence, False, tuple(dict.fromkeys(f for f, _, _ in parts)), _merged([(a, b) for _, a, b in parts])
    )


def _merged(parts: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(parts):
        if joined and start <= joined[-1][1] + 1:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return tuple(joined)


def _flat(text: str) -> str:
    return _SPACES.sub(" ", text).strip()


def reached(catalog: Catalog, outcomes: Sequence[Outcome]) -> list[Reached]:
    """Every fact in the content's order."""
    found = []
    for fact in catalog.facts.values():
        intents = [i for i in catalog.intents if i.kind is Kind.FACT and fact.id in i.facts]
        asked = [o for o in outcomes if fact.id in o.question.facts]
        right = sum(o.grade is Grade.RIGHT for o in asked)
        utterances = sum(len(i.utterances) for i in intents)
        found.append(Reached(fact, tuple(i.id for i in intents), utterances, len(asked), right))
    return found
