"""What a question says, read: its mentions, parties, asks and features as one Frame; a message as a Reading."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.engine.model import Intent
from bot.engine.roles import Party, resolve_roles
from bot.engine.text import Token

LEANING = 3
"""A clause with so many content words at most may lean on the message's background."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A condition that the question states: ``slot`` holds one of ``values``; ``focus``: asked by *mi*."""

    slot: str
    values: frozenset[str]
    word: str
    focus: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """One clause, read. ``features`` are its content words in order, ``light`` its neutral ones.

    ``inherited`` are those features that a follow-up takes over from the question before; ``joints`` the
    numbers of features before each *ve*; ``here``: the question is about the asker's own town;
    ``focus``: the content word that *mi* asks about; ``strict``: nothing unknown may be passed over;
    ``doer``: the one person who acts in a question with *mi* or *kimi*, ``undergoer`` to whom *kim* does it;
    ``claims``: the quantifiers as typed (*hepsi, yalnızca*);
    ``double``: all its tokens, where it asks twice and so may be two questions.
    """

    words: tuple[str, ...]
    features: tuple[str, ...]
    light: tuple[str, ...] = ()
    asks: frozenset[str] = frozenset()
    mentions: tuple[Mention, ...] = ()
    parties: tuple[Party, ...] = ()
    yesno: bool = False
    negated: bool = False
    reverse: bool = False
    speaker: str = ""
    inherited: frozenset[str] = frozenset()
    joints: tuple[int, ...] = ()
    here: bool = False
    focus: str = ""
    strict: bool = False
    claims: tuple[str, ...] = ()
    doer: frozenset[str] = frozenset()
    undergoer: frozenset[str] = frozenset()
    double: tuple[Token, ...] = ()

    def get(self, slot: str) -> frozenset[str]:
        """All values that the mentions of ``slot`` leave open; empty when the slot is not mentioned."""
        return frozenset().union(*(m.values for m in self.mentions if m.slot == slot))

    @property
    def is_long(self) -> bool:
        """Whether the clause has more content than a question that leans on what was said before."""
        return sum(f[0] not in "?#" and ":" not in f for f in self.features) > LEANING

    @property
    def is_question(self) -> bool:
        """Whether the clause itself asks (a question word, *mi*, *doğru mu*)."""
        return bool(self.asks) or self.yesno


@dataclass(frozen=True, slots=True)
class Reading:
    """All questions of a message in order, and its background folded into one frame."""

    questions: tuple[Frame, ...]
    background: Frame | None = None
    speaker: str = ""


def merge(a: Frame, b: Frame) -> Frame:
    """Two clauses as one frame, in order."""
    return Frame(
        words=a.words + b.words,
        features=a.features + tuple(f for f in b.features if f not in a.features),
        light=a.light + b.light,
        asks=a.asks | b.asks,
        mentions=a.mentions + b.mentions,
        parties=a.parties + b.parties,
        yesno=a.yesno or b.yesno,
        negated=a.negated or b.negated,
        reverse=a.reverse or b.reverse,
        speaker=a.speaker or b.speaker,
        joints=a.joints + tuple(len(a.features) + j for j in b.joints),
        here=a.here or b.here,
        focus=b.focus or a.focus,
        claims=a.claims + b.claims,
        doer=b.doer or a.doer,
        undergoer=b.undergoer or a.undergoer,
    )


def with_roles(frame: Frame, intent: Intent, speaker: str) -> Frame:
    """The frame with its parties resolved to ``agent`` and ``target`` mentions (see ``roles``)."""
    return replace(
        frame,
        mentions=frame.mentions
        + tuple(Mention(s, v, w, f) for s, v, w, f in resolve_roles(frame.parties, intent, speaker)),
    )
