"""A question's journey: written down, answered by the desk, sent once, ticked off.

A question is put into the journal before anything is sent and ticked off afterwards; whoever finds it
there unanswered after its lease (another process after a crash) answers it. Messages carry a nonce made
of the question's id, which Discord enforces for some minutes, and before a late second try the channel is
searched for a reply of ours, so that a person who saw one answer never gets another.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
from discord.http import MultipartParameters

from bot.desk import Desk
from bot.desk.pace import Turns
from bot.engine.compose import dates_of
from bot.engine.model import Reply
from bot.journal.base import Taken, Update
from bot.platforms.discord.buttons import body_of, edit_fields_of, fields_of
from bot.platforms.discord.flight import Flight, Recent
from bot.platforms.discord.incoming import PLATFORM, Question, question_of
from bot.platforms.discord.markup import TOPICS, Page, text_pages, to_view

if TYPE_CHECKING:
    from bot.platforms.discord.client import Client

log = logging.getLogger(__name__)
LEASE_S = 60.0
MOST_ATTEMPTS = 3
MOST_RECOVERED = 100
MOST_REMEMBERED = 5_000
SEARCHED = 50
"""Messages after a question that are searched for our answer."""
BAD_REQUEST = 400
UNKNOWN_INTERACTION = 10062
_REFUSED = (discord.Forbidden, discord.NotFound)
_WIRE = (OSError, aiohttp.ClientError, discord.DiscordException)
_UNREADABLE = (*_WIRE, KeyError, TypeError, ValueError)


class Answering:
    """Answers messages: in direct messages, to mentions and replies, live, edited, caught up or recovered."""

    def __init__(self, client: Client, desk: Desk, flight: Flight, owner: str) -> None:
        self._client = client
        self._desk = desk
        self._flight = flight
        self._owner = owner
        self._turns = Turns()
        self._working: set[str] = set()
        self._seen: Recent[str, bool] = Recent(MOST_REMEMBERED)
        self._answers: Recent[int, tuple[str, tuple[int, ...]]] = Recent(MOST_REMEMBERED)
        self._asked: Recent[int, str] = Recent(MOST_REMEMBERED)
        self._newer: Recent[int, str] = Recent(MOST_REMEMBERED)
        self._closed_channels: Recent[int, None] = Recent(MOST_REMEMBERED)

    # ── messages ────────────────────────────────────────────────────────────────────────────────

    async def on_message(self, message: discord.Message) -> None:
        """Answer ``message`` if it asks the bot something and was not answered before."""
        question = question_of(message, self._client.me)
        if question is None:
            return
        async with self._flight.boarding() as aboard:
            if aboard:
                self._client.catch_up.saw(question.channel, question.id)
                async with self._turns.of(question.asker):
                    await self.once(question)

    async def missed(self, message: discord.Message) -> None:
        """Answer a message found in a channel's history; without a journal, unless our reply is there as well."""
        question = question_of(message, self._client.me)
        if question is None or self._seen.get(question.update_id) is not None:
            return
        if self._desk.memory.up or not await self._answer_ids(question):
            await self.on_message(message)

    def first_time(self, name: str) -> bool:
        """Whether this process sees ``name`` for the first time."""
        return self._seen.first_time(name, True)

    async def once(self, question: Question) -> None:
        """Answer a message's question unless that was done, or is being done, by anybody."""
        newer = self._newer.pop(question.id)
        if newer is not None:
            question = Question(question.id, question.channel, question.guild, question.user, newer)
        if await self.taken(question):
            await self.settle(question, self._answer(question))

    async def taken(self, question: Question) -> bool:
        """Write the question down and claim it; False when it is a repetition or another's."""
        name = question.update_id
        if not self._seen.first_time(name, True):
            return False
        body, now = question.to_json(), time.time()
        take = partial(self._desk.journal.take_and_claim, PLATFORM, name, body, self._owner, now, LEASE_S)
        return await self._desk.memory.attempt(take, Taken.CLAIMED) is Taken.CLAIMED

    async def settle(self, question: Question, work: Awaitable[None]) -> None:
        """Await ``work`` (an answer being sent) and tick the question off; trouble on the wire leaves it to a retry."""
        journal, attempt, name = self._desk.journal, self._desk.memory.attempt, question.update_id
        self._working.add(name)
        try:
            await work
        except _REFUSED as problem:
            self._refused(question.channel, problem)
        except _WIRE as problem:
            self._desk.tally.api_error(PLATFORM, "unsent")
            log.warning("reply_not_sent", extra={"fields": {"platform": PLATFORM, "error": type(problem).__name__}})
            return
        finally:
            self._working.discard(name)
        await attempt(lambda: journal.done(PLATFORM, name, self._owner, time.time()), False)

    async def _answer(self, question: Question) -> None:
        pages = await self.pages_for(question)
        if pages:
            await self._post(question, pages)

    async def pages_for(self, question: Question) -> tuple[Page, ...]:
        """What to say: the answer, a welcome to a bare call, a notice to somebody in a hurry, or nothing."""
        notice = await self._desk.allowed(question.asker)
        if notice is not None:
            return text_pages(notice.text) if notice.text else ()
        if not question.text:
            return text_pages(self._desk.welcome(), (TOPICS,))
        reply = await self._desk.ask(question.asker, question.text)
        return self.reply_pages(reply, self._client.may_embed(question.guild, question.channel))

    def reply_pages(self, reply: Reply, embeds: bool) -> tuple[Page, ...]:
        """A Reply as messages, with what its facts are as of."""
        catalog = self._desk.shelf.current.engine.catalog
        return to_view(reply, catalog.article, dates_of(reply, catalog), embeds=embeds)

    async def _post(self, question: Question, pages: Sequence[Page]) -> None:
        """Send the pages as replies; a repetition within Discord's nonce window returns the first message."""
        sent: list[int] = []
        for number, page in enumerate(pages):
            # discord.py's own View and Message around it, of which only the id is used, cost as much as the call.
            message = await self._sent(question.channel, body_of(page, question, number))
            sent.append(int(message["id"]))
            self._asked.put(sent[-1], question.text)
        self._answers.put(question.id, (question.text, tuple(sent)))

    async def _sent(self, channel: int, body: dict[str, Any]) -> Any:
        """Discord's own JSON of the new message; without the reference when a host takes none to what was deleted."""
        send = self._client.http.send_message
        try:
            return await send(channel, params=MultipartParameters(body, None, None))
        except discord.HTTPException as problem:
            if problem.status != BAD_REQUEST or "message_reference" not in body:
                raise
        plain = {name: value for name, value in body.items() if name != "message_reference"}
        return await send(channel, params=MultipartParameters(plain, None, None))

    # ── edits ───────────────────────────────────────────────────────────────────────────────────

    async def on_edit(self, message: discord.Message) -> None:
        """The answer to an edited question is edited; an edit that comes before its message replaces its text."""
        question = question_of(message, self._client.me)
        if question is None or message.edited_at is None:
            return
        async with self._flight.boarding() as aboard:
            if not aboard:
                return
            async with self._turns.of(question.asker):
                known = self._answers.get(question.id)
                if known is not None and known[0] == question.text:
                    return
                ids = known[1] if known is not None else await self._answer_ids(question)
                if not ids:
                    self._newer.put(question.id, question.text)
                elif question.text and await self._first_edit(question, message.edited_at.isoformat()):
                    await self._rewrite(question, ids)

    async def _first_edit(self, question: Question, edited_at: str) -> bool:
        name = f"e{question.id}:{edited_at}"
        if not self._seen.first_time(name, True):
            return False
        journal, now = self._desk.journal, time.time()
        return await self._desk.memory.attempt(lambda: journal.take(PLATFORM + "-once", name, "", now), True)

    async def _rewrite(self, question: Question, ids: Sequence[int]) -> None:
        pages = await self.pages_for(question)
        channel = self._client.get_partial_messageable(question.channel, guild_id=question.guild)
        kept = list(ids[: len(pages)])
        try:
            for page, message_id in zip(pages, ids, strict=False):
                await channel.get_partial_message(message_id).edit(**edit_fields_of(page))
                self._asked.put(message_id, question.text)
            for number, page in enumerate(pages[len(ids) :], len(ids)):
                kept.append((await channel.send(nonce=f"{question.id}+{number}", **fields_of(page))).id)
            for surplus in ids[len(pages) :] if pages else ():
                await channel.get_partial_message(surplus).delete()
        except _WIRE as problem:
            log.warning("edit_not_sent", extra={"fields": {"platform": PLATFORM, "error": type(problem).__name__}})
        if pages:
            self._answers.put(question.id, (question.text, tuple(kept)))

    async def _answer_ids(self, question: Question) -> tuple[int, ...]:
        """Our replies to a message, as the channel's history shows them: for answers of an earlier process."""
        channel = self._client.get_partial_messageable(question.channel, guild_id=question.guild)
        after = channel.history(limit=SEARCHED, after=discord.Object(question.id), oldest_first=True)
        try:
            later = [m async for m in after if m.author.id == self._client.me and m.reference is not None]
        except _UNREADABLE:
            return ()
        return tuple(m.id for m in later if m.reference is not None and m.reference.message_id == question.id)

    # ── recovery ────────────────────────────────────────────────────────────────────────────────

    async def recover(self, ahead_s: float = 0.0) -> None:
        """Answer what somebody wrote down and did not tick off before the lease ended.

        ``ahead_s``: leases that end so soon count as ended. A process that has its database to itself and just
        began knows that their owner is dead, and need not let people wait for the end.
        """
        journal, attempt = self._desk.journal, self._desk.memory.attempt
        none: list[Update] = []
        claim = partial(journal.claim, PLATFORM, self._owner, time.time() + ahead_s, LEASE_S, MOST_RECOVERED)
        for update in await attempt(claim, none):
            async with self._flight.boarding() as aboard:
                if aboard and update.update_id not in self._working:
                    await self._recovered(update)

    async def _recovered(self, update: Update) -> None:
        self._seen.put(update.update_id, True)
        question = Question.from_json(update.payload)
        if question is None or update.attempts > MOST_ATTEMPTS:
            unsure = partial(self._desk.journal.unsure, PLATFORM, update.update_id, self._owner, time.time())
            await self._desk.memory.attempt(unsure, False)
        elif question.token:
            await self.settle(question, self._client.late(question))
        else:
            async with self._turns.of(question.asker):
                await self.settle(question, self._answer_unless_there(question))

    async def _answer_unless_there(self, question: Question) -> None:
        if not await self._answer_ids(question):
            await self._answer(question)

    # ── memory ──────────────────────────────────────────────────────────────────────────────────

    def remember(self, answer_id: int | None, text: str) -> None:
        """Which question a message of ours answers, for ratings; in memory only."""
        if answer_id is not None:
            self._asked.put(answer_id, text)

    async def asked_in(self, message: discord.Message | None) -> str | None:
        """The question that a message of ours answers, as far as it is known or can be read."""
        if message is None:
            return None
        known = self._asked.get(message.id)
        reference = message.reference
        if known is not None or reference is None or reference.message_id is None:
            return known
        try:
            async with asyncio.timeout(1.0):
                channel = self._client.get_partial_messageable(message.channel.id)
                asked = question_of(await channel.fetch_message(reference.message_id), self._client.me)
        except _UNREADABLE:
            return None
        return asked.text if asked is not None else None

    def _refused(self, channel: int, problem: discord.HTTPException) -> None:
        """Blocked, kicked, no right to write, channel gone: noted once a channel, no retry."""
        self._desk.tally.api_error(PLATFORM, "refused")
        if problem.code == UNKNOWN_INTERACTION:
            log.info("answered_too_late", extra={"fields": {"platform": PLATFORM}})
            return
        if self._closed_channels.first_time(channel, None):
            log.warning("channel_closed", extra={"fields": {"platform": PLATFORM, "code": problem.code}})
