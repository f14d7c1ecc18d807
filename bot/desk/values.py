"""What passes over the desk: who asks, and what is told besides a Reply."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from bot.engine.model import Kind
from bot.errors import KopruError
from bot.journal.base import NoteKind


@dataclass(frozen=True, slots=True)
class Asker:
    """A person in a chat: raw platform ids as text. They stay in memory; the journal sees keyed hashes.

    ``message`` names the message within the chat, where there is one: answered again after a crash, it is
    answered from the context that it had, not from the one that it left.
    """

    platform: str
    user: str
    chat: str
    message: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing that can be asked; ``key`` works with ``Desk.choose``."""

    key: str
    title: str
    example: str


@dataclass(frozen=True, slots=True)
class Report:
    """How an admin's command went: ``text`` is Turkish paragraphs, parted by empty lines."""

    ok: bool
    text: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Somebody asked too fast: show ``text``, or nothing when it is empty (they were told already)."""

    text: str


class How(StrEnum):
    """What an editor decides about a group of unanswered questions."""

    INTENT = "intent"
    GAP = "gap"
    OUT_OF_SCOPE = "oos"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An intent that a group of unanswered questions may belong to."""

    intent: str
    title: str
    kind: Kind

    @property
    def how(self) -> How:
        """The decision that writes a group there."""
        return {Kind.GAP: How.GAP, Kind.OUT_OF_SCOPE: How.OUT_OF_SCOPE}.get(self.kind, How.INTENT)


@dataclass(frozen=True, slots=True)
class InboxGroup:
    """Unanswered questions that are alike.

    ``id`` is an ASCII slug of at most 20 characters and stays the same as the group grows; ``texts``
    are the newest first and scrubbed; ``kind`` is why they are here;
    ``at`` is the newest one's epoch second.
    """

    id: str
    texts: tuple[str, ...]
    count: int
    kind: NoteKind
    at: float
    suggestions: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True)
class InboxPage:
    """One page of the inbox; ``page`` counts from 0, ``total`` counts groups."""

    groups: tuple[InboxGroup, ...]
    page: int
    pages: int
    total: int


class NotAdmin(KopruError):
    """An admin's command from somebody else; ``str()`` is Turkish and shows the person's id."""

    def __init__(self, asker: Asker) -> None:
        self.asker = asker
        super().__init__(
            f"Bu komut yalnızca yöneticiler içindir. Kimliğiniz: {asker.user}. "
            f"Yönetici olmanız gerekiyorsa bot sahibinden KOPRU_ADMINS ayarına {asker.platform}:{asker.user} eklemesini isteyin."
        )
