"""What was written while the bot was away: after a new session, recent channels are read from where it left.

Discord replays nothing to a new session and lists no direct messages to a bot. So the last message seen in
each channel that asked something is remembered (in the journal, as an entry that expires), and after READY
those channels are read on: at most ``MOST_CHANNELS`` channels, ``MOST_MESSAGES`` messages each, nothing older
than ``OLDEST_S``. What was answered already is known from the journal, or from our reply beneath it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from typing import TYPE_CHECKING

import aiohttp
import discord

from bot.desk import Desk
from bot.platforms.discord.flight import Recent

if TYPE_CHECKING:
    from bot.platforms.discord.client import Client

log = logging.getLogger(__name__)
MOST_CHANNELS = 200
MOST_MESSAGES = 50
OLDEST_S = 6 * 3600.0
KEPT_S = 7 * 86_400.0
AT_ONCE = 4
MARGIN_MS = 30_000
"""Events may overtake each other: what came shortly before the last question is looked at again."""
_PERSON, _CHAT = "discord:channels", "last"


class CatchUp:
    """Remembers where each channel was left, and reads on from there."""

    def __init__(self, client: Client, desk: Desk) -> None:
        self._client = client
        self._desk = desk
        self._last: Recent[int, int] = Recent(MOST_CHANNELS)
        self._changed = False

    def saw(self, channel: int, message: int) -> None:
        """A question of this channel was seen."""
        self._last.put(channel, max(message, self._last.get(channel) or 0))
        self._changed = True

    async def load(self) -> None:
        """Read what an earlier process kept."""
        journal, now = self._desk.journal, time.time()
        none: str | None = None
        body = await self._desk.memory.attempt(lambda: journal.context(_PERSON, _CHAT, now), none)
        try:
            kept = [(int(channel), int(message)) for channel, message in json.loads(body or "[]")]
        except (ValueError, TypeError):
            kept = []
        for channel, message in kept:
            self._last.put(channel, max(message, self._last.get(channel) or 0))

    async def keep(self) -> None:
        """Write down where each channel is, if anything changed."""
        if not self._changed:
            return
        self._changed = False
        body, journal = json.dumps(self._last.items()), self._desk.journal
        await self._desk.memory.attempt(lambda: journal.keep_context(_PERSON, _CHAT, body, time.time(), KEPT_S), None)

    async def run(self, shard_id: int) -> None:
        """Answer what the remembered channels of this shard's connection asked meanwhile."""
        limit = asyncio.Semaphore(AT_ONCE)
        oldest = discord.utils.time_snowflake(discord.utils.utcnow()) - (int(OLDEST_S * 1000) << 22)

        async def read(channel: int, last: int) -> int:
            async with limit:
                return await self._read(channel, max(last - (MARGIN_MS << 22), oldest))

        counts = await asyncio.gather(*(read(c, m) for c, m in self._last.items()))
        if any(counts):
            log.info("caught_up", extra={"fields": {"shard": shard_id, "messages": sum(counts)}})

    async def _read(self, channel: int, last: int) -> int:
        place = self._client.get_channel(channel) or self._client.get_partial_messageable(channel)
        count = 0
        try:
            history = place.history(limit=MOST_MESSAGES, after=discord.Object(last), oldest_first=True)  # type: ignore[union-attr]
            async for message in history:
                await self._client.answering.missed(message)
                count += 1
        except (discord.DiscordException, aiohttp.ClientError, OSError, KeyError, TypeError, ValueError):
            return count
        return count
