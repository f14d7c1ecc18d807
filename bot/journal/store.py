"""The journal's methods, written once; a `Driver` runs their statements on SQLite or PostgreSQL."""

from __future__ import annotations

import hmac
import json
from collections.abc import AsyncGenerator, Collection, Hashable, Sequence
from contextlib import aclosing
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from typing import TypeVar

from bot.engine.text import fold
from bot.errors import JournalError
from bot.journal import statements as sql
from bot.journal.base import AdminRow, NoteKind, Taken, Unanswered, Update, UsageRow, VersionRow
from bot.journal.driver import Driver, Row, Step, Value
from bot.journal.scrub import scrub
from bot.journal.together import Together

K = TypeVar("K", bound=Hashable)

MOST_HASHES = 4_096
"""Hashes that are remembered: a question needs those of its person and chat again and again."""
MAX_TEXT = 1_000
"""Characters of a question that are kept: as many as the engine reads."""
UPDATE_DAYS = 2
"""Days for which update ids are kept: Telegram offers an update again for one day."""
CLOCK_SLACK_S = 60.0
"""A bucket that is full this much later than it can be was written before the clock was set back."""
DAY_S = 86_400.0


class SqlJournal:
    """`bot.journal.base.Journal` on top of a `Driver`."""

    def __init__(self, driver: Driver, pepper: bytes | None) -> None:
        """``pepper`` keys the person hashes; None: the random key that the store keeps."""
        self._driver = driver
        self._pepper = pepper
        self._hash = lru_cache(maxsize=MOST_HASHES)(self._hashed)
        self._contexts = Together(self._get_contexts)
        self._keeps = Together(self._keep_all)
        self._takes = Together(self._take_all)
        self._begins = Together(self._begin_all)
        self._claims = Together(self._claim_all)
        self._finishes = Together(self._finish_all)

    # ── persons ─────────────────────────────────────────────────────────────────────────────────

    def person_key(self, platform: str, user: str) -> str:
        """See `Journal.person_key`."""
        return self._hash("person", platform, user)

    def _hashed(self, *parts: str) -> str:
        if self._pepper is None:
            self._pepper = bytes.fromhex(self._driver.secret())
        message = "\0".join(parts).encode("utf-8", "replace")
        return hmac.digest(self._pepper, message, "sha256").hex()[:32]

    # ── contexts ────────────────────────────────────────────────────────────────────────────────

    async def context(self, person: str, chat: str, now: float) -> str | None:
        """See `Journal.context`."""
        return await self._contexts((person, self._hash("chat", chat), now))

    async def _get_contexts(self, asked: Sequence[tuple[str, str, float]]) -> list[str | None]:
        now = max(at for _, _, at in asked)
        keys = [[person, chat] for person, chat, _ in asked]
        rows = await self._driver.fetch(sql.GET_CONTEXTS, now, json.dumps(keys), again=True)
        found = {(person, chat): _text(body) for person, chat, body in rows}
        return [found.get((person, chat)) for person, chat, _ in asked]

    async def keep_context(self, person: str, chat: str, body: str, now: float, ttl_s: float) -> None:
        """See `Journal.keep_context`. The chat's id is hashed: in a private chat it is the person's."""
        await self._keeps((person, self._hash("chat", chat), _clean(body), now, ttl_s))

    async def _keep_all(self, given: Sequence[tuple[str, str, str, float, float]]) -> list[None]:
        last = {(person, chat): (body, ttl_s) for person, chat, body, _, ttl_s in given}
        now = max(at for *_, at, _ in given)
        for ttl_s in {ttl_s for _, ttl_s in last.values()}:
            # Sorted, so that two replicas never wait for each other's rows crosswise.
            rows = [[person, chat, body] for (person, chat), (body, ttl) in sorted(last.items()) if ttl == ttl_s]
            await self._driver.fetch(sql.KEEP_CONTEXTS, now + ttl_s, json.dumps(rows), again=True)
        return [None] * len(given)

    # ── questions and ratings ───────────────────────────────────────────────────────────────────

    async def note_refused(self, person: str, platform: str, status: str, intent: str, text: str, now: float) -> None:
        """See `Journal.note_refused`."""
        note = _note(person, platform, NoteKind.REFUSED, status, intent, "", text, now)
        await self._driver.fetch(sql.NOTE, *note, again=True)  # twice over a broken connection does no harm

    async def none_of_these(self, person: str, platform: str, text: str, now: float) -> None:
        """See `Journal.none_of_these`."""
        note = _note(person, platform, NoteKind.NONE_OF_THESE, "clarify", "", "", text, now)
        await self._driver.fetch(sql.NOTE, *note)

    async def rate(
        self, person: str, platform: str, intent: str, facts: Sequence[str], good: bool, text: str | None, now: float
    ) -> None:
        """See `Journal.rate`."""
        kind = NoteKind.GOOD if good else NoteKind.BAD
        note = _note(person, platform, kind, "answer", intent, ",".join(facts), text or "", now)
        await self._driver.fetch(sql.RATE, *note, again=True)

    async def inbox(self, now: float, limit: int, offset: int = 0) -> list[Unanswered]:
        """See `Journal.inbox`; as it stood at ``now``, so that its pages do not shift while one reads."""
        rows = await self._driver.fetch(sql.INBOX, now, limit, offset, again=True)
        return [
            Unanswered(_int(i), _text(t), NoteKind(_text(k)), _text(s), _text(n), _real(at), _int(times))
            for i, t, k, s, n, at, times in rows
        ]

    async def inbox_size(self) -> int:
        """See `Journal.inbox_size`."""
        return _int((await self._driver.fetch(sql.INBOX_SIZE, again=True))[0][0])

    async def resolve(self, ids: Sequence[int], how: str, now: float) -> int:
        """See `Journal.resolve`."""
        steps: list[Step] = [(sql.RESOLVE, (id_, how, now)) for id_ in sorted(ids)]
        return sum(map(len, await self._driver.batch(steps)))

    # ── updates ─────────────────────────────────────────────────────────────────────────────────

    async def take(self, platform: str, update_id: str, payload: str, now: float, lane: str = "") -> bool:
        """See `Journal.take`."""
        hashed = self._hash("lane", platform, lane) if lane else ""
        return await self._takes((platform, _sound(update_id), _clean(payload), hashed, now))

    async def _take_all(self, given: Sequence[tuple[str, str, str, str, float]]) -> list[bool]:
        new: set[tuple[str, str]] = set()
        now = max(at for *_, at in given)
        for platform in {platform for platform, *_ in given}:
            rows = [[id_, payload, lane] for p, id_, payload, lane, _ in given if p == platform]
            taken = await self._driver.fetch(sql.TAKE, platform, json.dumps(rows), now, again=True)
            new.update((platform, _text(id_)) for (id_,) in taken)
        return _firsts([(platform, id_) for platform, id_, *_ in given], new)

    async def take_and_claim(
        self, platform: str, update_id: str, payload: str, owner: str, now: float, lease_s: float, lane: str = ""
    ) -> Taken:
        """See `Journal.take_and_claim`."""
        hashed = self._hash("lane", platform, lane) if lane else ""
        return await self._begins(((platform, owner, lease_s), _sound(update_id), _clean(payload), hashed, now))

    async def _begin_all(self, given: Sequence[tuple[tuple[str, str, float], str, str, str, float]]) -> list[Taken]:
        became: dict[tuple[str, str], Taken] = {}
        now = max(at for *_, at in given)
        for platform, owner, lease_s in {by for by, *_ in given}:
            rows = [[id_, payload, lane] for by, id_, payload, lane, _ in given if by == (platform, owner, lease_s)]
            # Not run again over a broken connection: it would not know its own rows from another's.
            args = (platform, json.dumps(rows), now, owner, now + lease_s)
            for id_, state in await self._driver.fetch(sql.TAKE_AND_CLAIM, *args):
                became[platform, _text(id_)] = Taken.CLAIMED if state == "claimed" else Taken.WAITING
        return [became.pop((by[0], id_), Taken.KNOWN) for by, id_, *_ in given]

    async def claim(self, platform: str, owner: str, now: float, lease_s: float, limit: int) -> list[Update]:
        """See `Journal.claim`."""
        rows = await self._driver.fetch(sql.CLAIM, platform, now, limit, owner, now + lease_s)
        rows.sort(key=lambda row: _int(row[0]))
        return [Update(platform, _text(id_), _text(body), _int(tries)) for _, id_, body, tries in rows]

    async def claim_one(self, platform: str, update_id: str, owner: str, now: float, lease_s: float) -> bool:
        """See `Journal.claim_one`."""
        return await self._claims((platform, _sound(update_id), owner, now, lease_s))

    async def _claim_all(self, given: Sequence[tuple[str, str, str, float, float]]) -> list[bool]:
        got: set[tuple[str, str, str]] = set()
        now = max(at for *_, at, _ in given)
        for platform, owner, lease_s in {(platform, owner, lease_s) for platform, _, owner, _, lease_s in given}:
            ids = json.dumps([id_ for p, id_, o, _, lease in given if (p, o, lease) == (platform, owner, lease_s)])
            # Run twice over a broken connection, it may be refused its own first claim: then the lease ends in its time.
            args = (platform, ids, now, owner, now + lease_s)
            claimed = await self._driver.fetch(sql.CLAIM_THESE, *args, again=True)
            got.update((platform, owner, _text(id_)) for (id_,) in claimed)
        return _firsts([(platform, owner, id_) for platform, id_, owner, *_ in given], got)

    async def prolong(self, platform: str, update_id: str, owner: str, now: float, lease_s: float) -> bool:
        """See `Journal.prolong`."""
        args = (platform, update_id, owner, now + lease_s)
        return bool(await self._driver.fetch(sql.PROLONG, *args, again=True))

    async def done(self, platform: str, update_id: str, owner: str, now: float) -> bool:
        """See `Journal.done`."""
        return await self._finish(platform, update_id, owner, "done", now)

    async def unsure(self, platform: str, update_id: str, owner: str, now: float) -> bool:
        """See `Journal.unsure`."""
        return await self._finish(platform, update_id, owner, "unsure", now)

    async def _finish(self, platform: str, update_id: str, owner: str, state: str, now: float) -> bool:
        return await self._finishes((platform, _sound(update_id), owner, state, now))

    async def _finish_all(self, given: Sequence[tuple[str, str, str, str, float]]) -> list[bool]:
        mine: set[tuple[str, ...]] = set()
        now = max(at for *_, at in given)
        for platform, owner, state in {(platform, owner, state) for platform, _, owner, state, _ in given}:
            ids = json.dumps([id_ for p, id_, o, s, _ in given if (p, o, s) == (platform, owner, state)])
            finished = await self._driver.fetch(sql.FINISH, platform, ids, owner, state, now, again=True)
            mine.update((platform, _text(id_), owner, state) for (id_,) in finished)
        return [tuple(call[:4]) in mine for call in given]

    # ── versions ────────────────────────────────────────────────────────────────────────────────

    async def put_version(self, version: str, files_body: bytes, by: str, now: float) -> bool:
        """See `Journal.put_version`."""
        put: Step = (sql.PUT_VERSION, (version, files_body, by, now))
        placed, *_ = await self._driver.batch([put, (sql.PRUNE_VERSIONS, ()), (sql.NOTIFY, ())], guard="versions")
        return bool(placed)

    async def latest_version(self) -> VersionRow | None:
        """See `Journal.latest_version`."""
        rows = await self.versions(1)
        return rows[0] if rows else None

    async def versions(self, limit: int = 10) -> list[VersionRow]:
        """See `Journal.versions`."""
        rows = await self._driver.fetch(sql.VERSIONS, limit, again=True)
        return [VersionRow(_text(v), _bytes(body), _text(by), _real(at)) for v, body, by, at in rows]

    async def watch_versions(self, poll_s: float = 2.0) -> AsyncGenerator[str, None]:
        """See `Journal.watch_versions`."""
        seen: str | None = None
        async with aclosing(self._driver.notices(poll_s)) as notices:
            async for _ in notices:
                try:
                    rows = await self._driver.fetch(sql.LATEST_NAME, again=True)
                except JournalError:
                    continue  # the next look may find the store again
                if rows and (name := _text(rows[0][0])) != seen:
                    seen = name
                    yield name

    # ── admins, figures, limits, leases ─────────────────────────────────────────────────────────

    async def note_admin(self, person: str, action: str, detail: str, now: float) -> None:
        """See `Journal.note_admin`."""
        await self._driver.fetch(sql.NOTE_ADMIN, person, action, _clean(detail)[:MAX_TEXT], now)

    async def admin_actions(self, limit: int = 20) -> list[AdminRow]:
        """See `Journal.admin_actions`."""
        rows = await self._driver.fetch(sql.ADMIN_ACTIONS, limit, again=True)
        return [AdminRow(_text(person), _text(action), _text(detail), _real(at)) for person, action, detail, at in rows]

    async def count(self, platform: str, status: str, now: float, questions: int = 1) -> None:
        """See `Journal.count`."""
        await self._driver.fetch(sql.COUNT, _day(now), platform, status, questions)

    async def usage(self, since: float) -> list[UsageRow]:
        """See `Journal.usage`."""
        rows = await self._driver.fetch(sql.USAGE, _day(since), again=True)
        return [UsageRow(_text(day), _text(p), _text(status), _int(n)) for day, p, status, n in rows]

    async def allow(self, bucket: str, rate_per_s: float, burst: float, now: float) -> bool:
        """See `Journal.allow`. Raises ValueError unless the rate is above 0 and the burst at least 1."""
        if rate_per_s <= 0 or burst < 1:
            raise ValueError(f"rate {rate_per_s} must be > 0, burst {burst} >= 1")
        step, span = 1 / rate_per_s, burst / rate_per_s
        # a double holds seconds since 1970 to about 2e-7
        latest, impossible = now + span + 1e-6, now + span + CLOCK_SLACK_S
        args = (self._hash("bucket", bucket), now + step, now, latest, step, impossible)
        return bool(await self._driver.fetch(sql.ALLOW, *args, again=True))

    async def lease(self, name: str, owner: str, now: float, ttl_s: float) -> bool:
        """See `Journal.lease`."""
        return bool(await self._driver.fetch(sql.LEASE, name, owner, now + ttl_s, now, again=True))

    async def release(self, name: str, owner: str) -> None:
        """See `Journal.release`."""
        await self._driver.fetch(sql.RELEASE, name, owner, again=True)

    # ── forgetting ──────────────────────────────────────────────────────────────────────────────

    async def forget(self, person: str) -> int:
        """See `Journal.forget`."""
        return sum(map(len, await self._driver.batch([(step, (person,)) for step in sql.FORGET])))

    async def retain(self, now: float, days: float) -> int:
        """See `Journal.retain`. Updates go after two days whatever became of them."""
        old = now - days * DAY_S
        deleted = 0
        for statement, before in (
            (sql.OLD_CONTEXTS, now),
            (sql.OLD_NOTES, old),
            (sql.OLD_ADMIN_ACTIONS, old),
            (sql.OLD_UPDATES, max(old, now - UPDATE_DAYS * DAY_S)),
            (sql.OLD_BUCKETS, now),  # a full bucket is as good as none
            (sql.OLD_LEASES, now - DAY_S),
        ):
            while rows := await self._driver.fetch(statement, before):
                deleted += len(rows)
        return deleted

    async def ping(self) -> None:
        """See `Journal.ping`."""
        await self._driver.fetch(sql.PING, again=True)

    async def close(self) -> None:
        """See `Journal.close`."""
        await self._driver.close()


def _note(
    person: str, platform: str, kind: NoteKind, status: str, intent: str, facts: str, text: str, now: float
) -> Row:
    """A row of notes; equal questions get one ``folded``, a rating without its question the intent's."""
    kept = scrub(_clean(text))[:MAX_TEXT]
    folded = sha256((fold(kept).strip() or f"\0{intent}").encode()).hexdigest()[:32]
    return person, platform, kind.value, status, intent, facts, kept, folded, now


def _sound(update_id: str) -> str:
    """``update_id``, which must be text that stores take: else it would spoil what goes there with it."""
    if _clean(update_id) != update_id:
        raise JournalError("günlük bu kaydı kabul etmedi: kimliği metin değil")
    return update_id


def _firsts(keys: Sequence[K], found: Collection[K]) -> list[bool]:
    """For each key whether it was found; only the first of equal ones counts."""
    left, firsts = set(found), []
    for key in keys:
        firsts.append(key in left)
        left.discard(key)
    return firsts


def _clean(text: str) -> str:
    """``text`` without what no store takes: NUL and halves of surrogate pairs."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")


def _day(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).date().isoformat()


def _text(value: Value) -> str:
    return value if isinstance(value, str) else str(value)


def _int(value: Value) -> int:
    return value if isinstance(value, int) else int(value or 0)


def _real(value: Value) -> float:
    return value if isinstance(value, float) else float(value or 0)


def _bytes(value: Value) -> bytes:
    return value if isinstance(value, bytes) else bytes(str(value), "utf-8")
