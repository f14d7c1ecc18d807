"""The values that the engine passes along: what the content says, what a question asks, what is replied.

Everything here is frozen. A slot is a named condition of a frame (``agent``, ``target``, ``year``,
``city``…); its value is always a set of canonical strings, since a word may leave several open
(*konsolosluk* is either kind) and a fact may hold for several (its list of cities).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

Slots: TypeAlias = Mapping[str, frozenset[str]]
NO_SLOTS: Slots = MappingProxyType({})


class Status(StrEnum):
    """The five verdicts, one honest sentence each (see docs/architecture.md)."""

    ANSWER = "answer"
    NOT_IN_ARTICLE = "not_in_article"
    CLARIFY = "clarify"
    UNKNOWN = "unknown"
    SMALLTALK = "smalltalk"


class Kind(StrEnum):
    """What an intent leads to."""

    FACT = "fact"
    GAP = "gap"
    OUT_OF_SCOPE = "out_of_scope"
    SMALLTALK = "smalltalk"


# ── content ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Article:
    """The one source. ``date`` is ISO 8601; relative time in a question is counted from it."""

    title: str
    date: str
    subject: str
    text: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement of the article.

    ``keys`` are the conditions under which it holds: a question that states another is not answered by
    it. ``says`` is what it tells: a question that supposes another is corrected by it.
    ``derived`` maps each part of the statement that no quote holds verbatim to how it was derived.
    """

    id: str
    statement: str
    quotes: tuple[str, ...]
    keys: Slots = field(default_factory=lambda: NO_SLOTS)
    says: Slots = field(default_factory=lambda: NO_SLOTS)
    as_of: str = ""
    derived: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    valid_until: str | None = None


@dataclass(frozen=True, slots=True)
class Intent:
    """One thing that people ask, with the utterances that show how.

    A FACT intent leads to ``facts`` (frames pick among them); a GAP names what is ``missing`` and has
    the nearest facts in ``facts``; SMALLTALK has a ``reply``. ``bare`` is the role of a party that
    stands in the question without a case suffix (*Kazakistan vizesi*: target), ``owner`` that of one in
    the genitive (*Kazakistan'ın bağımsızlığını tanımak*: target), ``recipient`` that of people in the
    dative (*Kazaklara yatırım*: target), ``object`` that of one in the accusative (*Kazakistan'ı temsil eden
    konsolosluk*: agent); each may be empty. ``needs`` are concepts or question words
    (``when``) of which a question must have one.
    """

    id: str
    kind: Kind
    utterances: tuple[str, ...]
    facts: tuple[str, ...] = ()
    title: str = ""
    missing: str = ""
    reply: str = ""
    bare: str = ""
    owner: str = ""
    recipient: str = ""
    object: str = ""
    needs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Entry:
    """One lexicon entry: a word stem or phrase and what it stands for.

    ``slot`` and ``values`` for an entity (``("city", {"izmir"})``), an empty slot and the concept's name
    for a concept. ``role`` tells a party's land from its people. ``words`` are folded stems.
    """

    words: tuple[str, ...]
    slot: str
    values: frozenset[str]
    role: str = ""
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The content's own words, and the names to show for its entities (``names["city"]["izmir"]``)."""

    home: str
    entries: tuple[Entry, ...]
    names: Mapping[str, Mapping[str, str]]
    inside: Mapping[str, str]
    """Which party a city lies in, a person or body belongs to: entity id → party id."""
    seats: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """The city by which a party's government is called (*Ankara'nın kararı*): entity id → party id."""


@dataclass(frozen=True, slots=True)
class Language:
    """General Turkish, the same for every article: neutral and background words, geography, names.

    ``words`` are stems of everyday words: no misspelling of anything else, whatever they look like.
    """

    neutral: tuple[str, ...]
    background: tuple[str, ...]
    places: tuple[Entry, ...]
    persons: tuple[Entry, ...]
    words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Catalog:
    """All content, validated, as one value; ``version`` is a hash of the files it came from."""

    version: str
    article: Article
    facts: Mapping[str, Fact]
    intents: tuple[Intent, ...]
    lexicon: Lexicon
    language: Language


# ── replies ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Source:
    """A verbatim quote of the article behind a reply."""

    fact: str
    quote: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A button of a clarifying reply: ``key`` is an ASCII slug of at most 48 characters."""

    key: str
    question: str
    text: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot says: plain paragraphs, their sources, and choices; platforms add the markup.

    ``score`` is the proposer's, about 0 to 1. ``trace`` holds the lines that ``/neden`` shows.
    """

    status: Status
    paragraphs: tuple[str, ...]
    intent: str = ""
    facts: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    choices: tuple[Choice, ...] = ()
    score: float = 0.0
    trace: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All paragraphs as one plain text."""
        return "\n\n".join(self.paragraphs)
