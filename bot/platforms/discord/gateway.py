"""The gateway made sturdy: one bad event, one bad frame or one silent resume never ends the process.

Seen with discord.py 2.7: a dispatch that a parser cannot read, a frame that is no JSON, and a close before
HELLO all end ``Client.connect``; a server that ignores RESUME leaves a connection that hears nothing, for
ever. Every connection gets a guard (on that object only, nothing global is patched).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

import aiohttp
from discord.errors import ConnectionClosed
from discord.gateway import DiscordWebSocket, ReconnectWebSocket
from discord.state import AutoShardedConnectionState

from bot.platforms.discord import lenient

if TYPE_CHECKING:
    from bot.platforms.discord.client import Client  # noqa: F401 - only names the state's client

log = logging.getLogger(__name__)
RESUME_S = 5.0
"""How long a resumed session may stay silent before a new one is begun."""
MOST_BAD_FRAMES = 20
PRIVATE_KINDS = frozenset({1, 3})


class Guard:
    """Watches one gateway connection: what is malformed is stepped over, what is dead is replaced."""

    def __init__(self, ws: DiscordWebSocket, state: State) -> None:
        self.ws = ws
        self._state = state
        self._poll, self._received, self._resume = ws.poll_event, ws.received_message, ws.resume
        self._heard = asyncio.Event()
        self._watch: asyncio.Task[None] | None = None
        self._resumable = True
        self._bad_frames = 0
        self._partial = False
        for name in ("poll_event", "received_message", "resume"):
            setattr(ws, name, getattr(self, name))

    def _abandoned(self) -> None:
        """The connection failed: discord.py abandons it, and may leave its heartbeat thread behind."""
        if self.ws._keep_alive is not None:  # noqa: SLF001
            self.ws._keep_alive.stop()  # noqa: SLF001
        if self._watch is not None:
            self._watch.cancel()

    @property
    def _greeted(self) -> bool:
        return self.ws._keep_alive is not None  # noqa: SLF001 - discord.py tells of HELLO in no other way

    def heard(self) -> None:
        """An event arrived: the session lives."""
        self._heard.set()
        self._bad_frames = 0

    async def poll_event(self) -> None:
        """Wait for one frame and handle it; trouble becomes a reconnect, which discord.py can handle."""
        greeted = self._greeted
        try:
            await self._whole()
        except ReconnectWebSocket as change:
            self._abandoned()
            raise ReconnectWebSocket(
                self.ws.shard_id, resume=change.resume and self._resumable and self.ws.session_id is not None
            ) from None
        except (ConnectionClosed, OSError, aiohttp.ClientError):
            self._abandoned()
            raise
        except Exception as problem:  # noqa: BLE001 - whatever a bad frame raises, the process lives
            await self._step_over(problem, greeted)
        if not greeted and not self._greeted:
            await self._begin_anew("no_hello")

    async def _whole(self) -> None:
        """Read until a frame is complete: of a compressed one the greeting, too, may come in parts."""
        self._partial = True
        while self._partial:
            self._partial = False
            await self._poll()

    async def received_message(self, msg: Any, /) -> None:
        """Hand one whole frame to discord.py, legible; the state learns which shard speaks (READY need not say it)."""
        self._state.speaking = self
        text = self.ws._decompressor.decompress(msg) if isinstance(msg, bytes) else msg  # noqa: SLF001
        self._partial = text is None
        if text is not None:
            await self._received(lenient.ready(text, str(self.ws.gateway)))

    async def resume(self) -> None:
        """Send RESUME, and begin anew if nothing comes of it."""
        await self._resume()
        self._watch = asyncio.get_running_loop().create_task(self._resumed_in_time())

    async def _resumed_in_time(self) -> None:
        try:
            async with asyncio.timeout(RESUME_S):
                await self._heard.wait()
        except TimeoutError:
            log.warning("resume_ignored", extra={"fields": {"shard": self.ws.shard_id}})
            self._resumable = False
            await self.ws.close(4000)

    async def _step_over(self, problem: Exception, greeted: bool) -> None:
        self._state.note("malformed")
        self._bad_frames += 1
        log.warning("bad_frame", extra={"fields": {"shard": self.ws.shard_id, "error": type(problem).__name__}})
        # A broken compression stream cannot be read on; a frame that is no JSON can be left out.
        if (
            not greeted
            or self._bad_frames > MOST_BAD_FRAMES
            or isinstance(problem, NewSession)
            or "zlib" in type(problem).__module__
        ):
            await self._begin_anew("bad_stream")

    async def _begin_anew(self, why: str) -> None:
        log.warning("gateway_restarted", extra={"fields": {"shard": self.ws.shard_id, "why": why}})
        await self.ws.close(4000)
        raise ReconnectWebSocket(self.ws.shard_id, resume=False)


class NewSession(Exception):
    """READY could not be read, so only a new session helps: a signal to the guard, never seen by a user."""


class State(AutoShardedConnectionState["Client"]):
    """discord.py's state with parsers that step over what they cannot read; ``note`` counts such events."""

    def __init__(self, *, note: Callable[[str], None], on_session: Callable[[], None], **options: Any) -> None:
        super().__init__(**options)
        self.note = note
        self.speaking: Guard | None = None
        self._private: set[str] = set()
        """Direct channels that a host lists within a server."""
        self._lines: WeakSet[DiscordWebSocket] = WeakSet()
        self._on_session = on_session
        self.parsers = {name: self._guarded(name, parse) for name, parse in self.parsers.items()}

    def _update_references(self, ws: DiscordWebSocket) -> None:
        super()._update_references(ws)
        Guard(ws, self)
        self._lines.add(ws)

    async def close(self) -> None:
        """Close every connection that was ever opened: one that was still greeting has a heartbeat thread too."""
        await super().close()
        for ws in list(self._lines):
            await ws.close(code=1000)

    def _guarded(self, name: str, parse: Callable[[Any], None]) -> Callable[[Any], None]:
        def guarded(data: Any) -> None:
            if self.speaking is not None:
                self.speaking.heard()
            if name == "MESSAGE_UPDATE" and isinstance(data, dict) and not data.get("author"):
                return  # a part of a message, such as a preview that Discord added: nobody asks anything
            try:
                parse(self._lenient(name, data))
            except Exception as problem:
                if name == "READY":
                    raise NewSession from problem
                self.note("malformed")
                log.warning("bad_event", extra={"fields": {"event": name, "error": type(problem).__name__}})
            else:
                if name in {"READY", "RESUMED"}:
                    self._on_session()

        return guarded

    def _lenient(self, name: str, data: Any) -> Any:
        """Fill in what proxies leave out and discord.py insists on."""
        if not isinstance(data, dict):
            return data
        channels = [*data.get("channels", ()), data] if name in {"GUILD_CREATE", "CHANNEL_CREATE"} else ()
        self._private.update(str(c.get("id")) for c in channels if c.get("type") in PRIVATE_KINDS)
        if data.get("guild_id", 0) in ("", None) or str(data.get("channel_id")) in self._private:
            data.pop("guild_id", None)
        if name == "READY":
            shard = self.speaking.ws.shard_id if self.speaking is not None else 0
            data.setdefault("shard", [shard or 0, self.shard_count or 1])
            data.setdefault("guilds", [])
        elif name == "INTERACTION_CREATE":
            lenient.interaction(data)
        elif name in {"MESSAGE_CREATE", "MESSAGE_UPDATE"} and "author" in data:
            lenient.message(data)
        return data
