"""What the bot remembers, as one Protocol and the frozen rows that it hands out.

Times are seconds since 1970 (UTC) and come from the caller: the journal has no clock of its own. Every
method raises `bot.errors.JournalError` when the store cannot be reached, read or written just now; a
later call may work again without anything being reopened.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class NoteKind(StrEnum):
    """Why a question is in the journal: the only reasons for which message text is kept."""

    REFUSED = "refused"
    NONE_OF_THESE = "none_of_these"
    GOOD = "good"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Equal questions of one kind that nobody has settled yet; equal means equal once folded.

    ``id`` stands for all of them (see `Journal.resolve`), ``text`` is the newest wording, scrubbed.
    """

    id: int
    text: str
    kind: NoteKind
    status: str
    intent: str
    at: float
    count: int


@dataclass(frozen=True, slots=True)
class Update:
    """One platform update that its claimer must answer before the lease ends; ``attempts`` counts from 1."""

    platform: str
    update_id: str
    payload: str
    attempts: int


class Taken(StrEnum):
    """What became of an update that was to be taken and claimed in one step."""

    KNOWN = "known"
    """It was there already."""
    WAITING = "waiting"
    """Written down; its lane is busy, `claim` will hand it out in its turn."""
    CLAIMED = "claimed"
    """Written down, and the taker's to answer."""


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One catalog version with the content that it was made of."""

    version: str
    body: bytes
    by: str
    at: float


@dataclass(frozen=True, slots=True)
class UsageRow:
    """How many questions of one platform got one status on one day (ISO date, UTC)."""

    day: str
    platform: str
    status: str
    count: int


@dataclass(frozen=True, slots=True)
class AdminRow:
    """One thing that an admin did; ``person`` is a person key."""

    person: str
    action: str
    detail: str
    at: float


class Journal(Protocol):
    """The store behind the desk; `bot.journal.open_journal` makes one."""

    def person_key(self, platform: str, user: str) -> str:
        """A keyed hash that stands for this user in every row; raises JournalError until the key is known."""
        ...

    async def context(self, person: str, chat: str, now: float) -> str | None:
        """What `keep_context` kept for this person in this chat, unless it has expired."""
        ...

    async def keep_context(self, person: str, chat: str, body: str, now: float, ttl_s: float) -> None:
        """Replace the person's context in this chat; it expires ``ttl_s`` seconds after ``now``."""
        ...

    async def note_refused(self, person: str, platform: str, status: str, intent: str, text: str, now: float) -> None:
        """Remember a question that was not answered; ``text`` is scrubbed of personal data first."""
        ...

    async def rate(
        self, person: str, platform: str, intent: str, facts: Sequence[str], good: bool, text: str | None, now: float
    ) -> None:
        """Remember a 👍 or 👎; a person's later rating of the same answer replaces the earlier one."""
        ...

    async def none_of_these(self, person: str, platform: str, text: str, now: float) -> None:
        """Remember that none of the offered readings was meant."""
        ...

    async def inbox(self, now: float, limit: int, offset: int = 0) -> list[Unanswered]:
        """Unsettled questions that were refused, rated 👎 or got "none of these", newest first."""
        ...

    async def inbox_size(self) -> int:
        """How many groups `inbox` has in all."""
        ...

    async def resolve(self, ids: Sequence[int], how: str, now: float) -> int:
        """Settle the groups that these ids stand for; returns how many questions that were."""
        ...

    async def take(self, platform: str, update_id: str, payload: str, now: float, lane: str = "") -> bool:
        """Write an update down before it is acknowledged; False when it is there already.

        It is then `claim` that hands it out: an earlier try may have written it without being told so.
        Updates of one non-empty ``lane`` (a chat, say; it is stored hashed) are handed out one at a
        time and in the order in which they were taken.
        """
        ...

    async def take_and_claim(
        self, platform: str, update_id: str, payload: str, owner: str, now: float, lease_s: float, lane: str = ""
    ) -> Taken:
        """`take` and `claim_one` in one step, for who answers at once."""
        ...

    async def claim(self, platform: str, owner: str, now: float, lease_s: float, limit: int) -> list[Update]:
        """Take the oldest updates that are free or whose lease has run out; nobody else gets them meanwhile."""
        ...

    async def claim_one(self, platform: str, update_id: str, owner: str, now: float, lease_s: float) -> bool:
        """Claim this one update; False when it is claimed, done, unknown, or not first in its lane.

        Claimed by the same owner is claimed, too: two tasks of one process must not both get it.
        """
        ...

    async def prolong(self, platform: str, update_id: str, owner: str, now: float, lease_s: float) -> bool:
        """Let the owner's claim run ``lease_s`` seconds from ``now``; False when it is no longer this owner's."""
        ...

    async def done(self, platform: str, update_id: str, owner: str, now: float) -> bool:
        """The update was answered: its payload is emptied. False when the claim is no longer this owner's.

        Calling it again is harmless and says the same; do so until it does not raise.
        """
        ...

    async def unsure(self, platform: str, update_id: str, owner: str, now: float) -> bool:
        """It is not known whether the answer arrived: never handed out again, payload emptied. As `done` else."""
        ...

    async def put_version(self, version: str, files_body: bytes, by: str, now: float) -> bool:
        """Make this the latest version and tell all watchers; the last ten are kept. False: it was already."""
        ...

    async def latest_version(self) -> VersionRow | None:
        """The version that every replica should serve."""
        ...

    async def versions(self, limit: int = 10) -> list[VersionRow]:
        """The kept versions, latest first."""
        ...

    def watch_versions(self, poll_s: float = 2.0) -> AsyncGenerator[str, None]:
        """The latest version's name at once (if there is one) and after each change, without end.

        Raises nothing while the store is away: it looks again every ``poll_s`` seconds. Two changes
        between two looks count as one.
        """
        ...

    async def note_admin(self, person: str, action: str, detail: str, now: float) -> None:
        """Remember what an admin did."""
        ...

    async def admin_actions(self, limit: int = 20) -> list[AdminRow]:
        """What admins did, newest first."""
        ...

    async def count(self, platform: str, status: str, now: float, questions: int = 1) -> None:
        """Add so many questions to the day's figures.

        All replicas write one row a day, platform and status: add up and call now and then, not per question.
        """
        ...

    async def usage(self, since: float) -> list[UsageRow]:
        """The figures of each day from the one that holds ``since``, oldest first."""
        ...

    async def allow(self, bucket: str, rate_per_s: float, burst: float, now: float) -> bool:
        """Take one token from a bucket shared by all replicas: ``burst`` at once, then ``rate_per_s``."""
        ...

    async def forget(self, person: str) -> int:
        """Delete every row of this person; returns how many rows that were."""
        ...

    async def retain(self, now: float, days: float) -> int:
        """Delete what is older than ``days``, expired, or finished; returns how many rows that were.

        Usage figures hold nothing personal and stay.
        """
        ...

    async def lease(self, name: str, owner: str, now: float, ttl_s: float) -> bool:
        """Get or renew the right to do a job that one replica at a time does; False: another has it."""
        ...

    async def release(self, name: str, owner: str) -> None:
        """Give up a lease before it ends, if it is this owner's."""
        ...

    async def ping(self) -> None:
        """Return when the store answers."""
        ...

    async def close(self) -> None:
        """Finish what was begun and close; calls after this raise JournalError."""
        ...
