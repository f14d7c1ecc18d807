"""The client: which events are taken from Discord, and to whom they go."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from typing import Any

import discord

from bot.desk import Desk
from bot.platforms.discord import commands
from bot.platforms.discord.answering import LEASE_S, Answering
from bot.platforms.discord.buttons import Press, is_ours
from bot.platforms.discord.catchup import CatchUp
from bot.platforms.discord.flight import Flight
from bot.platforms.discord.gateway import State
from bot.platforms.discord.incoming import PLATFORM
from bot.platforms.discord.markup import Page
from bot.platforms.discord.presses import HANDLERS, outdated
from bot.platforms.discord.responding import late, respond
from bot.platforms.discord.rest import Address, Rest
from bot.platforms.discord.sync import sync

log = logging.getLogger(__name__)
TICK_S, RECOVER_S = 1.0, 10.0
"""How often it is written down where each channel is, and how often the journal is searched."""
IDENTIFY_EVERY_S = 5.0
"""Discord lets a bot identify once in five seconds."""


def intents() -> discord.Intents:
    """Servers, their messages, direct messages. No privileged intent: text comes with mentions and DMs."""
    wanted = discord.Intents.none()
    wanted.guilds = wanted.guild_messages = wanted.dm_messages = True
    return wanted


class Client(discord.AutoShardedClient):
    """One connection of the bot to Discord, for some or all of its shards; made anew after each failure."""

    def __init__(self, desk: Desk, flight: Flight, owner: str, address: Address) -> None:
        self.address = address
        self.desk = desk
        self.flight = flight
        self._connected: set[int] = set()
        self._identified_at = float("-inf")
        self.worked = False
        """Whether a session was ever begun."""
        super().__init__(
            intents=intents(),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            guild_ready_timeout=1.0,
        )
        self.answering = Answering(self, desk, flight, owner)
        self.catch_up = CatchUp(self, desk)
        self.tree = commands.Tree(self)
        commands.add_commands(self.tree, self)
        self.add_dynamic_items(Press)
        self._owner = owner

    def _get_state(self, **options: Any) -> State:
        # discord.py has made its own HTTP client by now; ours takes its place before anybody keeps the other.
        self.http: Rest = Rest(self.loop, self.address, self._note)
        return State(
            note=self._note,
            on_session=self._session_began,
            dispatch=self.dispatch,
            handlers=self._handlers,
            hooks=self._hooks,
            http=self.http,
            **options,
        )

    @property
    def me(self) -> int:
        """The bot's own user id; 0 before it is known."""
        return self.user.id if self.user is not None else 0

    def may_embed(self, guild: int | None, channel: int) -> bool:
        """Whether the bot may embed links there, as far as it is known."""
        known = self.get_guild(guild) if guild is not None else None
        place = known.get_channel_or_thread(channel) if known is not None else None
        if known is None or place is None or known.me is None:
            return True
        return place.permissions_for(known.me).embed_links

    # ── connection ──────────────────────────────────────────────────────────────────────────────

    async def setup_hook(self) -> None:
        """Put the command tree into place; registered only when it changed."""
        await self.tree.set_translator(commands.Names())
        await sync(self.tree, self.desk, self._owner)
        await self.catch_up.load()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:  # noqa: ARG002 - discord.py's signature
        """Keep five seconds between identifies, and no longer than that."""
        now = asyncio.get_running_loop().time()
        wait = self._identified_at + IDENTIFY_EVERY_S - now
        if wait > 0:
            await asyncio.sleep(wait)
        self._identified_at = asyncio.get_running_loop().time()

    async def on_shard_ready(self, shard_id: int) -> None:
        """Connected with a new session: look for what was missed meanwhile."""
        self._up(shard_id)
        async with self.flight.boarding() as aboard:
            if aboard:
                await self.catch_up.run(shard_id)

    async def on_shard_connect(self, shard_id: int) -> None:
        """READY arrived."""
        self._up(shard_id)

    async def on_shard_resumed(self, shard_id: int) -> None:
        """Connected again; Discord replays what was missed."""
        self._up(shard_id)

    async def on_shard_disconnect(self, shard_id: int) -> None:
        """The connection is gone; discord.py is at work on it."""
        self._connected.discard(shard_id)
        log.warning("gateway_lost", extra={"fields": {"shard": shard_id}})
        self.desk.health.set(PLATFORM, False, "Discord bağlantısı koptu, yeniden bağlanılıyor")

    def _up(self, shard_id: int) -> None:
        self._connected.add(shard_id)
        wanted = set(self.shard_ids or range(self.shard_count or 1))
        if wanted <= self._connected:
            log.info("connected", extra={"fields": {"platform": PLATFORM, "shards": len(wanted)}})
            self.desk.health.set(PLATFORM, True)

    def _session_began(self) -> None:
        self.http.attempts = 0
        self.worked = True

    def _note(self, kind: str) -> None:
        self.desk.tally.api_error(PLATFORM, kind)

    # ── events ──────────────────────────────────────────────────────────────────────────────────

    async def on_message(self, message: discord.Message) -> None:
        """A new message."""
        await self.answering.on_message(message)

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """A changed message."""
        await self.answering.on_edit(payload.message)

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:  # noqa: ARG002 - discord.py's signature
        """One line, without the message's text."""
        fields = {"platform": PLATFORM, "event": event_method}
        log.exception("event_failed", extra={"fields": fields})  # noqa: LOG004 - discord.py calls it while handling one

    async def asked(self, interaction: discord.Interaction[Any], text: str) -> None:
        """A question by slash command or menu: written down, answered in time, ticked off."""
        question = commands.question_from(interaction, text)
        async with self.flight.boarding() as aboard:
            if aboard and await self.answering.taken(question):
                await self.answering.settle(question, self._answer(interaction, question))

    async def _answer(self, interaction: discord.Interaction[Any], question: Any) -> None:
        async def work() -> Sequence[Page]:
            return await self._pages(question)

        self.answering.remember(await respond(interaction, work()), question.text)

    async def _pages(self, question: Any) -> Sequence[Page]:
        pages = await self.answering.pages_for(question)
        return pages or (Page("Lütfen biraz bekleyip yeniden sorun."),)

    async def late(self, question: Any) -> None:
        """A command's question that another process left unanswered."""
        await late(self, question, await self._pages(question))

    async def first_time(self, interaction: discord.Interaction[Any]) -> bool:
        """Whether this interaction is new and the bot is not stopping. Questions are written down by ``asked``."""
        if self.flight.closed:
            return False
        name = str(interaction.id)
        journal, now = self.desk.journal, time.time()
        if not self.answering.first_time(name):
            return False
        return await self.desk.memory.attempt(lambda: journal.take(PLATFORM + "-once", name, "", now), True)

    async def pressed(self, interaction: discord.Interaction[Any], kind: str, rest: str) -> None:
        """A press of one of our buttons."""
        handler = HANDLERS.get(kind, outdated)
        async with self.flight.boarding() as aboard:
            if not aboard or not await self.first_time(interaction):
                return
            try:
                await handler(self, interaction, rest)
            except Exception as problem:  # noqa: BLE001 - whatever it is, the person is told
                await commands.tell(interaction, problem)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """A press or a form that none of our buttons answers, left from another version or another bot of that name."""
        kinds = (discord.InteractionType.component, discord.InteractionType.modal_submit)
        if interaction.type in kinds and not is_ours(dict(interaction.data or {})):
            await self.pressed(interaction, "", "")

    async def recovery(self, *, alone: bool = False) -> None:
        """Every so often, answer what was left unanswered; runs until cancelled.

        ``alone``: this process just began and nobody shares its database, so what lies there is a dead one's.
        """
        ahead_s, waited_s = (LEASE_S, RECOVER_S) if alone else (0.0, 0.0)
        while True:
            await asyncio.sleep(TICK_S)
            waited_s += TICK_S
            if not self._connected:
                continue
            try:
                await self.catch_up.keep()
                if waited_s >= RECOVER_S:
                    await self.answering.recover(ahead_s)
                    ahead_s = waited_s = 0.0
            except Exception:
                log.exception("recovery_failed", extra={"fields": {"platform": PLATFORM}})
