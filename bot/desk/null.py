"""Journals without a database: one keeps contexts in memory and nothing else, one unanswered questions too, for a terminal."""

# ruff: noqa: ARG002, D102 - names and docstrings are the protocol's

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace

from bot.engine.text import fold
from bot.journal.base import AdminRow, NoteKind, Taken, Unanswered, Update, UsageRow, VersionRow
from bot.journal.scrub import scrub

MOST_CONTEXTS = 10_000
MOST_NOTES = 500


class NullJournal:
    """Satisfies ``bot.journal.base.Journal``; never raises, writes nothing down."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(16)
        self._contexts: dict[tuple[str, str], tuple[str, float]] = {}

    def person_key(self, platform: str, user: str) -> str:
        return hashlib.blake2b(
            f"{platform}\0{user}".encode("utf-8", "surrogatepass"), key=self._key, digest_size=16
        ).hexdigest()

    async def context(self, person: str, chat: str, now: float) -> str | None:
        body, until = self._contexts.get((person, chat), ("", 0.0))
        return body if now < until else None

    async def keep_context(self, person: str, chat: str, body: str, now: float, ttl_s: float) -> None:
        self._contexts.pop((person, chat), None)
        self._contexts[person, chat] = (body, now + ttl_s)
        if len(self._contexts) > MOST_CONTEXTS:
            del self._contexts[next(iter(self._contexts))]

    async def note_refused(self, person: str, platform: str, status: str, intent: str, text: str, now: float) -> None:
        return None

    async def rate(
        self, person: str, platform: str, intent: str, facts: Sequence[str], good: bool, text: str | None, now: float
    ) -> None:
        return None

    async def none_of_these(self, person: str, platform: str, text: str, now: float) -> None:
        return None

    async def inbox(self, now: float, limit: int, offset: int = 0) -> list[Unanswered]:
        return []

    async def inbox_size(self) -> int:
        return 0

    async def resolve(self, ids: Sequence[int], how: str, now: float) -> int:
        return 0

    async def take(self, platform: str, update_id: str, payload: str, now: float, lane: str = "") -> bool:
        return True

    async def take_and_claim(
        self, platform: str, update_id: str, payload: str, owner: str, now: float, lease_s: float, lane: str = ""
    ) -> Taken:
        return Taken.CLAIMED

    async def prolong(self, platform: str, update_id: str, owner: str, now: float, lease_s: float) -> bool:
        return True

    async def claim(self, platform: str, owner: str, now: float, lease_s: float, limit: int) -> list[Update]:
        return []

    async def claim_one(self, platform: str, update_id: str, owner: str, now: float, lease_s: float) -> bool:
        return True

    async def done(self, platform: str, update_id: str, owner: str, now: float) -> bool:
        return True

    async def unsure(self, platform: str, update_id: str, owner: str, now: float) -> bool:
        return True

    async def put_version(self, version: str, files_body: bytes, by: str, now: float) -> bool:
        return True

    async def latest_version(self) -> VersionRow | None:
        return None

    async def versions(self, limit: int = 10) -> list[VersionRow]:
        return []

    async def watch_versions(self, poll_s: float = 2.0) -> AsyncGenerator[str, None]:
        await asyncio.Event().wait()
        yield ""

    async def note_admin(self, person: str, action: str, detail: str, now: float) -> None:
        return None

    async def admin_actions(self, limit: int = 20) -> list[AdminRow]:
        return []

    async def count(self, platform: str, status: str, now: float, questions: int = 1) -> None:
        return None

    async def usage(self, since: float) -> list[UsageRow]:
        return []

    async def allow(self, bucket: str, rate_per_s: float, burst: float, now: float) -> bool:
        return True

    async def forget(self, person: str) -> int:
        mine = [key for key in self._contexts if key[0] == person]
        for key in mine:
            del self._contexts[key]
        return len(mine)

    async def retain(self, now: float, days: float) -> int:
        return 0

    async def lease(self, name: str, owner: str, now: float, ttl_s: float) -> bool:
        return True

    async def release(self, name: str, owner: str) -> None:
        return None

    async def ping(self) -> None:
        return None

    async def close(self) -> None:
        return None


class MemoryJournal(NullJournal):
    """Beside contexts it keeps what could not be answered, for as long as the process lives: a terminal's inbox."""

    def __init__(self) -> None:
        super().__init__()
        self._notes: list[tuple[str, Unanswered]] = []
        self._number = 0

    async def note_refused(self, person: str, platform: str, status: str, intent: str, text: str, now: float) -> None:
        self._note(person, NoteKind.REFUSED, status, intent, text, now)

    async def rate(
        self, person: str, platform: str, intent: str, facts: Sequence[str], good: bool, text: str | None, now: float
    ) -> None:
        if text and not good:
            self._note(person, NoteKind.BAD, "", intent, text, now)

    async def none_of_these(self, person: str, platform: str, text: str, now: float) -> None:
        self._note(person, NoteKind.NONE_OF_THESE, "", "", text, now)

    async def inbox(self, now: float, limit: int, offset: int = 0) -> list[Unanswered]:
        rows: dict[tuple[str, NoteKind], Unanswered] = {}
        for _, note in self._notes:  # the newest wording stands for all that are equal
            earlier = rows.pop(_same(note), None)
            rows[_same(note)] = replace(note, count=note.count + (earlier.count if earlier else 0))
        return list(reversed(rows.values()))[offset : offset + limit]

    async def inbox_size(self) -> int:
        return len(await self.inbox(0.0, MOST_NOTES))

    async def resolve(self, ids: Sequence[int], how: str, now: float) -> int:
        settled = {_same(note) for _, note in self._notes if note.id in ids}
        before = len(self._notes)
        self._notes = [row for row in self._notes if _same(row[1]) not in settled]
        return before - len(self._notes)

    async def forget(self, person: str) -> int:
        before = len(self._notes)
        self._notes = [row for row in self._notes if row[0] != person]
        return before - len(self._notes) + await super().forget(person)

    def _note(self, person: str, kind: NoteKind, status: str, intent: str, text: str, now: float) -> None:
        self._number += 1
        note = Unanswered(self._number, scrub(text), kind, status, intent, now, 1)
        self._notes = [*self._notes, (person, note)][-MOST_NOTES:]


def _same(note: Unanswered) -> tuple[str, NoteKind]:
    return fold(note.text), note.kind
