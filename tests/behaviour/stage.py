"""Where a scenario plays: a desk on real content with a journal, and two replies staged on demand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.content.shelf import Edition, Shelf
from bot.desk import Asker, Desk
from bot.engine.model import Choice, Reply, Source, Status
from bot.journal import Journal, open_journal
from bot.settings import Limits, Settings
from tests.behaviour.client import Client, Connected

WHICH = "Ne kadar peki?"
"""A question for which the staged desk offers two readings, whatever the content gives."""
AT_LENGTH = "Her şeyi uzun uzun anlatır mısınız?"
"""A question with a reply that fits no platform's single message."""
PARAGRAPHS = tuple(f"{n}. bölüm: " + "İki ülke arasındaki ilişkiler sürüyor. " * 4 + f"({n})" for n in range(1, 61))
HURRIED = Limits(person_per_minute=6, chat_per_minute=6000, burst=3)
ROOMY = Limits(person_per_minute=6000, chat_per_minute=6000, burst=1000)


class StagedDesk(Desk):
    """A desk that gives the two replies which everyday content seldom does; all else is the real thing."""

    async def ask(self, asker: Asker, question: str) -> Reply:
        """As ``Desk.ask``, but for the two staged questions."""
        if question == WHICH:
            return self._two_readings()
        if question == AT_LENGTH:
            fact = next(iter(self.shelf.current.engine.catalog.facts.values()))
            topic = self.topics()[0].key
            return Reply(Status.ANSWER, PARAGRAPHS, topic, (fact.id,), (Source(fact.id, fact.quotes[0]),))
        return await super().ask(asker, question)

    def _two_readings(self) -> Reply:
        facts = self.shelf.current.engine.catalog.facts
        by_id = {i.id: i for i in self.shelf.current.engine.catalog.intents}
        choices = tuple(Choice(t.key, t.title, facts[by_id[t.key].facts[0]].statement) for t in self.topics()[:2])
        return Reply(Status.CLARIFY, ("Hangisini öğrenmek istersiniz?",), choices=choices)


@dataclass(frozen=True)
class Stage:
    """One platform with a bot on it: the person's client, and what a test may look at behind it."""

    client: Client
    desk: Desk
    journal: Journal
    folder: Path


@asynccontextmanager
async def staged(
    connected: Connected, edition: Edition, folder: Path, scratch: Path, limits: Limits = ROOMY
) -> AsyncIterator[Stage]:
    """A running platform with ``edition`` on its desk; ``folder`` is what a reload reads."""
    base = Settings(content_dir=folder, database_url=f"sqlite:///{scratch / 'journal.sqlite3'}", limits=limits)
    journal = await open_journal(base.database_url, b"pepper")
    desks: list[Desk] = []

    def make(settings: Settings) -> Desk:
        desks.append(StagedDesk(Shelf(edition), settings, journal))
        return desks[-1]

    try:
        async with connected(make, base) as client:
            yield Stage(client, desks[-1], journal, folder)
    finally:
        await journal.close()
