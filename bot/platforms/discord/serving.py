"""Keeps the bot on Discord until it is told to stop: connects, waits with backoff, gives up only for good reasons."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Coroutine
from typing import Any

import aiohttp
import discord
from discord.gateway import DiscordWebSocket, ReconnectWebSocket
from discord.webhook.async_ import async_context

from bot.desk import Desk
from bot.errors import PlatformError
from bot.platforms.discord.client import IDENTIFY_EVERY_S, Client
from bot.platforms.discord.flight import Flight
from bot.platforms.discord.incoming import PLATFORM
from bot.platforms.discord.rest import Address, Webhooks, jitter
from bot.platforms.discord.shards import RENEW_S, Shards
from bot.settings import Settings

log = logging.getLogger(__name__)
LANDING_S = 15.0
"""How long replies in flight may take when the bot stops."""
MOST_CANCELS = 10
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0
REJECTED = (
    "Discord belirteci (KOPRU_DISCORD_TOKEN) kabul edilmedi; geliştirici sayfasındaki Bot sekmesinden yenisini alıp eksiksiz yapıştırın. "
    "/ Discord rejected the token; reset it on the developer page's Bot tab and paste all of it."
)
FATAL_CODES = {
    4004: REJECTED,
    4012: "Discord bu geçit sürümünü artık kabul etmiyor; discord.py'yi güncelleyin. / Discord no longer accepts this gateway version; update discord.py.",
    4013: "Discord istenen olay türlerini (intents) kabul etmedi. / Discord rejected the intents.",
    4014: "Discord istenen olay türlerine (intents) izin vermiyor. / Discord disallows the intents.",
}


_NETWORK = (OSError, aiohttp.ClientError, discord.DiscordException, ReconnectWebSocket)
_LIBRARY_LOGS = tuple(
    f"discord.{part}"
    for part in ("http", "gateway", "client", "shard", "state", "webhook.async_", "app_commands.tree", "ui.view")
)


class Lost(Exception):
    """A shard's lease went to another process: a signal within this module."""


_EXPECTED = (*_NETWORK, Lost)


async def serve(desk: Desk, settings: Settings, stop: asyncio.Event) -> None:
    """Answer on Discord until ``stop`` is set; then send what is under way, close and return.

    Raises PlatformError when Discord refuses the bot for good. Everything else is waited out.
    """
    if settings.discord_token is None:
        raise PlatformError("KOPRU_DISCORD_TOKEN yok. / KOPRU_DISCORD_TOKEN is not set.")
    _quieten()
    desk.health.set(PLATFORM, False, "Discord'a bağlanılıyor")
    address = Address(settings.discord_api_url, settings.discord_gateway_url)
    async_context.set(Webhooks(address, lambda kind: desk.tally.api_error(PLATFORM, kind)))
    owner = secrets.token_hex(8)
    flight = Flight()
    pause, first, failed = FIRST_PAUSE_S, True, 0
    while not stop.is_set():
        session = Session(
            desk, flight, owner, address, settings.discord_token.reveal(), alone=first and not settings.shared
        )
        first = False
        try:
            await session.run(stop)
        except Exception as problem:  # noqa: BLE001 - said by _note, and waited out
            _raise_if_fatal(problem, desk)
            pause = FIRST_PAUSE_S if session.lasted else min(LONGEST_PAUSE_S, pause * 2)
            failed = 1 if session.lasted else failed + 1
            _note(problem, failed, pause)
            desk.health.set(PLATFORM, False, "Discord'a ulaşılamıyor, yeniden deneniyor")
            await _wait(stop, pause * jitter())
    desk.health.set(PLATFORM, False, "durduruldu")


class Session:
    """One life of a client, from login to close."""

    def __init__(self, desk: Desk, flight: Flight, owner: str, address: Address, token: str, *, alone: bool) -> None:
        self._desk = desk
        self._flight = flight
        self._token = token
        self._shards = Shards(desk, owner)
        self._client = Client(desk, flight, owner, address)
        self._count = 1
        self._alone = alone
        self.lasted = False
        """Whether the connection ever worked."""

    async def run(self, stop: asyncio.Event) -> None:
        """Connect and stay until ``stop``, or raise what ended it."""
        try:
            async with self._client as client:
                if not await _unless(stop, client.login(self._token)) or not await self._begin(stop):
                    return
                await _unless(stop, _first_end(client.connect(), self._tend(), client.recovery(alone=self._alone)))
                await self._land(stop)
        finally:
            self.lasted = self._client.worked
            await self._shards.give_up()

    async def _begin(self, stop: asyncio.Event) -> bool:
        """Get a shard to run, standing by as long as others run them all; False when told to stop."""
        self._count, limit = await self._client.http.gateway()
        if limit.get("remaining", 1) < 1:
            wait_s = min(limit.get("reset_after", 0) / 1000.0, 86_400.0)
            log.error("identify_limit", extra={"fields": {"platform": PLATFORM, "wait_s": wait_s}})
            await _wait(stop, wait_s)
        while not stop.is_set():
            first = await self._shards.take_one(self._count)
            if first is not None:
                self._client.shard_count, self._client.shard_ids = self._count, [first]
                return True
            self._desk.health.set(PLATFORM, True, "yedekte: bütün parçalar başka kopyalarda")
            await _wait(stop, RENEW_S)
        return False

    async def _tend(self) -> None:
        """Renew the leases, and take on further shards while there are free ones."""
        elapsed = 0.0
        while True:
            await asyncio.sleep(IDENTIFY_EVERY_S)
            elapsed += IDENTIFY_EVERY_S
            if elapsed >= RENEW_S:
                elapsed = 0.0
                if not await self._shards.keep():
                    raise Lost
            more = await self._shards.take_one(self._count) if len(self._shards.held) < self._count else None
            if more is not None and self._client.shard_ids is not None:
                self._client.shard_ids.append(more)
                await self._client.launch_shard(DiscordWebSocket.DEFAULT_GATEWAY, more)

    async def _land(self, stop: asyncio.Event) -> None:
        if stop.is_set():
            landed = await self._flight.landed(LANDING_S)
            log.info("stopping", extra={"fields": {"platform": PLATFORM, "all_sent": landed}})
        await self._client.catch_up.keep()


async def _first_end(*jobs: Coroutine[Any, Any, Any]) -> None:
    """Run until the first of ``jobs`` ends or fails; a client that just ends was closed by Discord."""
    tasks = [asyncio.ensure_future(job) for job in jobs]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
        raise ConnectionError("the connection ended")
    finally:
        await _cancelled(*tasks)


async def _unless(stop: asyncio.Event, job: Coroutine[Any, Any, Any]) -> bool:
    """Run ``job`` until ``stop``: True when it ended by itself. It goes on while replies in flight are sent."""
    task, told = asyncio.ensure_future(job), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({task, told}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            task.result()
            return True
        return False
    finally:
        await _cancelled(task, told)


async def _cancelled(*tasks: asyncio.Future[Any]) -> None:
    """Cancel until all have ended: discord.py swallows a cancellation while it reconnects."""
    for _ in range(MOST_CANCELS):
        for task in tasks:
            task.cancel()
        _, pending = await asyncio.wait(tasks, timeout=1.0)
        if not pending:
            break
    await asyncio.gather(*(t for t in tasks if t.done()), return_exceptions=True)


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return


def _note(problem: Exception, failed: int, pause: float) -> None:
    """Say the first failure of a row and every twentieth; whatever nobody expects each time, with its traceback."""
    expected = isinstance(problem, _EXPECTED)
    if not expected or failed == 1 or failed % 20 == 0:
        fields = {"platform": PLATFORM, "error": type(problem).__name__, "times": failed, "again_in_s": round(pause, 1)}
        log.error("connection_failed", extra={"fields": fields}, exc_info=None if expected else problem)


def _raise_if_fatal(problem: Exception, desk: Desk) -> None:
    """Turn what waiting does not mend into a PlatformError of one line."""
    why = ""
    if isinstance(problem, discord.LoginFailure):
        why = REJECTED
    elif isinstance(problem, discord.PrivilegedIntentsRequired):
        why = FATAL_CODES[4014]
    elif isinstance(problem, discord.ConnectionClosed):
        why = FATAL_CODES.get(problem.code, "")
    if why:
        desk.health.set(PLATFORM, False, why)
        raise PlatformError(why) from None


class _NoTraceback(logging.Filter):
    """Network trouble is one line: which error, not where in the library."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(record.exc_info[1], _NETWORK):
            record.msg = f"{record.getMessage()} ({type(record.exc_info[1]).__name__})"
            record.args, record.exc_info, record.exc_text = (), None, None
        return True


def _quieten() -> None:
    """discord.py at DEBUG logs message texts and interaction tokens, and tracebacks for every lost connection."""
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # no voice, so nothing to warn of
    for name in _LIBRARY_LOGS:
        logger = logging.getLogger(name)
        logger.setLevel(logging.ERROR if name == "discord.http" else logging.WARNING)
        if not any(isinstance(f, _NoTraceback) for f in logger.filters):
            logger.addFilter(_NoTraceback())
