"""The one door that platforms knock on; it knows no platform's types and holds no markup."""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Awaitable, Callable, Iterable, Sequence

from bot.content.shelf import Shelf
from bot.desk import phrases
from bot.desk.asking import Completions, example_of, topics
from bot.desk.doors import Doors
from bot.desk.health import Health
from bot.desk.inbox import Inbox
from bot.desk.memory import Memory
from bot.desk.pace import Buckets, Crowded, Gate, Turns
from bot.desk.renewal import Renewal
from bot.desk.state import status_text, why_text
from bot.desk.tally import Tally
from bot.desk.values import Asker, InboxPage, NotAdmin, Notice, Report, Topic
from bot.engine.answer import answer, choose
from bot.engine.context import NO_CONTEXT, Context
from bot.engine.model import Reply, Source, Status
from bot.errors import JournalError
from bot.journal.base import Journal
from bot.settings import Settings

log = logging.getLogger(__name__)
_UNANSWERED = frozenset({Status.NOT_IN_ARTICLE, Status.UNKNOWN})
NOTICE_EVERY_S = 60.0


class Desk:
    """Everything that a person or an admin can ask of the bot, on any platform.

    ``clock`` gives epoch seconds. ``shelf``, ``journal``, ``settings``, ``health`` and ``tally`` are
    open to platforms: they report their connection through ``health`` and API errors through ``tally``,
    and open an HTTP path (a webhook) through ``doors``.
    """

    def __init__(
        self, shelf: Shelf, settings: Settings, journal: Journal, clock: Callable[[], float] = time.time
    ) -> None:
        self.shelf = shelf
        self.settings = settings
        self.journal = journal
        self.health = Health()
        self.tally = Tally()
        self.doors = Doors()
        self.started_at = clock()
        self._clock = clock
        self.memory = Memory(journal, clock, settings.context_minutes * 60.0, self.health, self.tally)
        self.renewal = Renewal(shelf, settings, journal, self.memory, self.tally, clock)
        self._inbox = Inbox(shelf, self.renewal, self.memory, journal, clock)
        self._buckets = Buckets()
        self._gate = Gate(settings.limits.running, settings.limits.waiting)
        self._turns = Turns()
        self._completions: tuple[str, Completions] | None = None

    # ── people ──────────────────────────────────────────────────────────────────────────────────

    async def ask(self, asker: Asker, question: str) -> Reply:
        """Answer ``question`` after what ``asker`` asked before in this chat.

        Never raises for what people type, and not for a journal in trouble: then there are no follow-ups.
        Too many at once get an honest "come back soon".
        """

        async def answered() -> Reply:
            before = await self.memory.context(asker)
            reply, after = self._answered(question, before)
            if after != before:
                await self.memory.keep(asker, after, before)
            if reply.status in _UNANSWERED:
                await self.memory.refused(asker, reply.status, reply.intent, question)
            return reply

        return await self._served(asker, answered)

    async def choose(self, asker: Asker, key: str) -> Reply:
        """The reply behind a choice's or topic's button; follow-ups refer to it. An old key is told kindly."""

        async def chosen() -> Reply:
            engine = self.shelf.current.engine
            reply = choose(key, engine, self.today())
            example = example_of(key, engine)
            if example:
                await self.memory.keep(asker, answer(example, NO_CONTEXT, engine)[1])
            return reply

        return await self._served(asker, chosen)

    async def none_of_these(self, asker: Asker, question: str | None) -> str:
        """None of the offered readings was meant: noted for the editor; returns Turkish thanks."""
        if question and question.strip():
            await self.memory.none_of_these(asker, question)
        return phrases.THANKS_NONE

    async def rate(self, asker: Asker, intent: str, good: bool, question: str | None) -> str:
        """Note a rating of the answer that ``intent`` gave; returns Turkish thanks."""
        facts = next((i.facts for i in self.shelf.current.engine.catalog.intents if i.id == intent), ())
        await self.memory.rated(asker, intent, facts, good, question)
        return phrases.THANKS_GOOD if good else phrases.THANKS_BAD

    def source(self, facts: Sequence[str]) -> Reply:
        """The verbatim sentences behind ``facts``; of the article as a whole when there are none."""
        catalog = self.shelf.current.engine.catalog
        found = [catalog.facts[f] for f in facts if f in catalog.facts]
        sources = tuple(Source(f.id, quote) for f in found for quote in f.quotes)
        return Reply(
            Status.ANSWER, (phrases.article_line(catalog.article),), facts=tuple(f.id for f in found), sources=sources
        )

    def topics(self) -> list[Topic]:
        """What can be asked about, in the editor's order."""
        return topics(self.shelf.current.engine)

    def complete(self, prefix: str, most: int = 25) -> list[str]:
        """Up to ``most`` whole questions of at most 100 characters for what was typed so far."""
        edition = self.shelf.current
        if self._completions is None or self._completions[0] != edition.version:
            self._completions = (edition.version, Completions(edition.engine))
        return self._completions[1].of(prefix, most)

    def help(self, commands: Iterable[tuple[str, str]], admin: Iterable[tuple[str, str]] = ()) -> str:
        """How to use the bot: a platform's commands as it writes them, and those of admins where one asks."""
        return phrases.help_text(commands, admin, self.shelf.current.engine.catalog.article)

    def welcome(self) -> str:
        """The greeting of ``/start``, with three examples from all over the topics: neighbours are alike."""
        topics = self.topics()
        examples = [t.example for t in topics[:: max(1, len(topics) // 3)][:3]]
        return phrases.welcome_text(self.shelf.current.engine.catalog.article, examples)

    def privacy(self) -> str:
        """What is kept and why, in plain Turkish (KVKK)."""
        return phrases.privacy_text(self.settings.retention_days, self.settings.context_minutes)

    async def forget(self, asker: Asker) -> str:
        """Delete the person's rows; says how many, or that it could not be done now."""
        try:
            return phrases.forgotten_text(await self.memory.forget(asker))
        except (JournalError, TimeoutError):
            return phrases.FORGET_FAILED

    async def allowed(self, asker: Asker) -> Notice | None:
        """``None`` when ``asker`` may ask now; else a Notice: friendly once a minute, empty (stay silent) after."""
        limits = self.settings.limits
        now = self._clock()
        names = [(f"p:{asker.platform}:{asker.user}", limits.person_per_minute)]
        if asker.chat != asker.user:  # a private chat is its person
            names.append((f"c:{asker.platform}:{asker.chat}", limits.chat_per_minute))
        for name, per_minute in names:
            if not await self._token(name, per_minute / 60.0, float(limits.burst), now):
                self.tally.slowed += 1
                told = not await self._token("n" + name, 1.0 / NOTICE_EVERY_S, 1.0, now)
                return Notice("" if told else phrases.TOO_FAST)
        return None

    # ── admins ──────────────────────────────────────────────────────────────────────────────────

    def is_admin(self, asker: Asker) -> bool:
        """Whether the settings name this person as an admin."""
        return (asker.platform, asker.user) in self.settings.admins

    def require_admin(self, asker: Asker) -> None:
        """Raises NotAdmin for everybody else; call it before ``status``, ``why`` and ``inbox``."""
        if not self.is_admin(asker):
            log.warning("not_admin", extra={"fields": {"platform": asker.platform}})
            raise NotAdmin(asker)

    async def reload(self, asker: Asker) -> Report:
        """Read the content anew and serve it if all is well, else keep the old. Raises NotAdmin."""
        self.require_admin(asker)
        return await self.renewal.reload(asker)

    async def back(self, asker: Asker) -> Report:
        """Serve the version before again. Raises NotAdmin."""
        self.require_admin(asker)
        return await self.renewal.back(asker)

    async def status(self) -> str:
        """Version, counts, connections: for ``/durum``."""
        return await status_text(self)

    async def why(self, question: str, asker: Asker | None = None) -> str:
        """How ``question`` is read and decided, after what ``asker`` asked before if one is named: for ``/neden``."""
        before = await self.memory.context(asker) if asker else NO_CONTEXT
        return why_text(question, self.shelf.current.engine, before)

    async def inbox(self, page: int) -> InboxPage:
        """A page of unanswered questions, alike ones together; a page past the end is the last one."""
        return await self._inbox.page(page)

    async def settle(self, asker: Asker, group_id: str, how: str, intent: str | None) -> str:
        """Decide on a group (``how`` is a value of ``How``): writes the utterances into the intent's file.

        Returns Turkish: what was done, or why not. Raises NotAdmin.
        """
        self.require_admin(asker)
        return await self._inbox.settle(asker, group_id, how, intent)

    @property
    def waiting(self) -> int:
        """Questions that are being worked on or wait for it."""
        return self._gate.here

    def now(self) -> float:
        """Epoch seconds, by the desk's clock."""
        return self._clock()

    def today(self) -> str:
        """The local day by the desk's clock, in ISO 8601: facts may have been valid until a day only."""
        return time.strftime("%Y-%m-%d", time.localtime(self._clock()))

    async def flush(self) -> None:
        """Write down what was only counted in memory: every few seconds, and at the end."""
        await self.memory.flush()
        await self.renewal.catch_up()

    # ── within ──────────────────────────────────────────────────────────────────────────────────

    def _answered(self, question: str, before: Context) -> tuple[Reply, Context]:
        """The engine's answer. It never raises; should it do so all the same, the person hears of it calmly.

        Without this, one question would be handed out again and again, and never be replied to.
        """
        try:
            return answer(question, before, self.shelf.current.engine, self.today())
        except Exception as fault:  # noqa: BLE001 - a bug in reading one question must not silence the bot
            self.tally.faults += 1
            where = traceback.extract_tb(fault.__traceback__)[-1]
            fields = {"error": type(fault).__name__, "file": where.filename, "line": where.lineno}
            log.error("engine_failed", extra={"fields": fields})  # noqa: TRY400 - a traceback may hold the text
            return phrases.faulty_reply(), NO_CONTEXT

    async def _served(self, asker: Asker, work: Callable[[], Awaitable[Reply]]) -> Reply:
        """``work`` behind the gate and in the person's turn, counted and logged without its text."""
        began = time.perf_counter()
        try:
            with self._gate.admitted():
                async with self._turns.of(asker), self._gate.room:
                    reply = await work()
        except Crowded:
            self.tally.shed += 1
            return phrases.crowded_reply()
        seconds = time.perf_counter() - began
        self.tally.asked(asker.platform, reply.status, seconds)
        fields = {
            "platform": asker.platform,
            "status": str(reply.status),
            "intent": reply.intent,
            "ms": round(seconds * 1000, 1),
        }
        log.info("question", extra={"fields": fields})
        return reply

    async def _token(self, name: str, rate_per_s: float, burst: float, now: float) -> bool:
        if not self._buckets.allow(name, rate_per_s, burst, now):
            return False
        if not self.settings.shared:
            return True

        async def shared() -> bool:
            # The bucket's name holds an id, so it goes out as a keyed hash.
            return await self.journal.allow(self.journal.person_key("bucket", name), rate_per_s, burst, now)

        return await self.memory.attempt(shared, True)
