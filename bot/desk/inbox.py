"""The editor's inbox: unanswered questions, alike ones together, and what an editor decides about them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from hashlib import blake2b

from bot.content.shelf import Shelf
from bot.desk.handwriting import written
from bot.desk.likeness import groups_of
from bot.desk.memory import Memory
from bot.desk.renewal import Renewal
from bot.desk.values import Asker, How, InboxGroup, InboxPage, Suggestion
from bot.engine.answer import Engine
from bot.engine.model import Intent, Kind
from bot.engine.text import fold
from bot.errors import ContentError
from bot.journal.base import Journal, Unanswered

PAGE = 5
MOST_ROWS = 1_000
"""Rows that are grouped; older ones wait until newer ones are settled."""
MOST_TEXTS = 8
_KINDS = {How.INTENT: Kind.FACT, How.GAP: Kind.GAP, How.OUT_OF_SCOPE: Kind.OUT_OF_SCOPE}
GONE = "Bu grup artık kutuda değil; başka bir yönetici karar vermiş olabilir."
AWAY = "Kayıtlara şu anda ulaşılamıyor; lütfen birazdan yeniden deneyin."


class Inbox:
    """Pages of groups, and the decision on one."""

    def __init__(
        self, shelf: Shelf, renewal: Renewal, memory: Memory, journal: Journal, clock: Callable[[], float]
    ) -> None:
        self._shelf = shelf
        self._renewal = renewal
        self._memory = memory
        self._journal = journal
        self._clock = clock
        self._writing = asyncio.Lock()

    async def page(self, number: int) -> InboxPage:
        """The ``number``-th page, from 0; one past the end is the last one."""
        grouped = await self._grouped() or []
        pages = max(1, -(-len(grouped) // PAGE))
        number = min(max(0, number), pages - 1)
        engine = self._shelf.current.engine
        shown = tuple(_group(rows, engine) for rows in grouped[number * PAGE : (number + 1) * PAGE])
        return InboxPage(shown, number, pages, len(grouped))

    async def settle(self, asker: Asker, group_id: str, how: str, intent: str | None) -> str:
        """Write the group's utterances where they belong and take them out of the inbox; says what was done."""
        if how not in list(How):
            return "Bu karar anlaşılmadı."
        async with self._writing:
            grouped = await self._grouped()
            if grouped is None:
                return AWAY
            rows = next((rows for rows in grouped if any(_slug(r) == group_id for r in rows)), None)
            if rows is None:
                return GONE
            rows = rows[:MOST_TEXTS]  # what the editor saw, and nothing else
            text = "Yok sayıldı."
            if how != How.IGNORE:
                goal = self._goal(How(how), intent, rows)
                if goal is None:
                    return "Hangi konuya yazılacağı bulunamadı; konuyu adıyla seçin."
                try:
                    text = await asyncio.to_thread(written, self._renewal.folder, goal.id, [r.text for r in rows])
                except (ContentError, OSError) as problem:
                    return f"Yazılmadı, soru kutuda kaldı: {problem}"
            return await self._resolved(asker, rows, how, intent, text)

    async def _resolved(self, asker: Asker, rows: Sequence[Unanswered], how: str, intent: str | None, text: str) -> str:
        async def resolve() -> int:
            return await self._journal.resolve([r.id for r in rows], f"{how}:{intent or ''}", self._clock())

        settled = await self._memory.attempt(resolve, None)
        await self._memory.admin(asker, "settle", f"{how} {intent or ''} {len(rows)}")
        return text if settled is not None else f"{text} {AWAY}"

    def _goal(self, how: How, intent: str | None, rows: Sequence[Unanswered]) -> Intent | None:
        """The named intent, which for a gap or another subject must be one; without a name, the likeliest."""
        intents = self._shelf.current.engine.catalog.intents
        if intent:
            named = next((i for i in intents if i.id == intent), None)
            return named if named and (how is How.INTENT or named.kind is _KINDS[how]) else None
        near = likeliest(rows[0].text, self._shelf.current.engine, _KINDS[how], 1)
        return near[0] if near else None

    async def _grouped(self) -> list[list[Unanswered]] | None:
        """All groups, the one with the newest question first; ``None`` when the journal is away."""

        async def fetch() -> list[Unanswered]:
            return await self._journal.inbox(self._clock(), MOST_ROWS)

        rows = await self._memory.attempt(fetch, None)
        if rows is None:
            return None
        groups = await asyncio.to_thread(groups_of, [r.text for r in rows])
        return [[rows[i] for i in group] for group in groups]


def likeliest(text: str, engine: Engine, kind: Kind | None, most: int) -> list[Intent]:
    """The intents that ``text`` may belong to, likeliest first; of one kind, or of any."""
    questions = engine.read(text).questions
    ranked = engine.proposer.propose(questions[0], len(engine.catalog.intents)) if questions else []
    found = [engine.catalog.intents[number] for number, _ in ranked]
    return [i for i in found if kind is None or i.kind is kind][:most]


def _group(rows: Sequence[Unanswered], engine: Engine) -> InboxGroup:
    near = [i for i in likeliest(rows[0].text, engine, None, 8) if i.kind is not Kind.SMALLTALK][:3]
    return InboxGroup(
        id=_slug(rows[-1]),
        texts=tuple(r.text for r in rows[:MOST_TEXTS]),
        count=sum(r.count for r in rows),
        kind=rows[0].kind,
        at=max(r.at for r in rows),
        suggestions=tuple(Suggestion(i.id, i.title or i.missing or i.utterances[0], i.kind) for i in near),
    )


def _slug(row: Unanswered) -> str:
    """A name that stays when the question is asked again: the journal's id is its newest row's."""
    return "g" + blake2b(f"{row.kind}\0{fold(row.text)}".encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
