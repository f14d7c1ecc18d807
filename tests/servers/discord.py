"""A small stateful Discord on loopback: REST and gateway, strict about the documented limits, able to fail on purpose.

What a bot sends is checked against the limits (``discord_limits``); what breaks one is refused with Discord's
50035 and noted in ``problems``. People are acted by ``say``, ``edit``, ``slash``, ``menu``, ``press`` and
``complete``; ``Faults`` decides which calls fail and how.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any, Self

from aiohttp import web

from tests.servers.discord_limits import walk
from tests.servers.discord_rest import Rest
from tests.servers.discord_store import Act, Faults
from tests.servers.discord_values import Json, interaction, membership, public, stamp

__all__ = ["Act", "DiscordServer", "Faults"]


class DiscordServer(Rest):
    """See the module. ``api_url`` and ``gateway_url`` are what a bot is told; ids are real snowflakes."""

    # ── life ────────────────────────────────────────────────────────────────────────────────────

    async def start(self) -> Self:
        app = web.Application(middlewares=[self.middleware])
        app.router.add_get("/gateway", self.gateway.handle)
        app.router.add_get("/gateway/", self.gateway.handle)
        app.add_routes(self.routes())
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def stop(self) -> None:
        await self.gateway.drop(1001)
        if self._runner is not None:
            await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    # ── people ──────────────────────────────────────────────────────────────────────────────────

    def write(
        self, text: str, *, user: str = "ayşe", channel: str | None = None, reply_to: str | None = None, **more: Any
    ) -> Json:
        """A person's message as it is stored; nobody is told yet."""
        channel = channel or self.direct(user)
        mentions = [public(self.bot)] if f"<@{self.me}>" in text else []
        message = self._message(channel, public(self.person(user)), {"content": text, **more})
        if reply_to is not None:
            message["type"] = 19
            message["message_reference"] = {
                "message_id": reply_to,
                "channel_id": channel,
                "guild_id": self.channels[channel]["guild_id"],
            }
            message["referenced_message"] = self.messages[channel].get(reply_to)
        message["mentions"] = mentions
        self.messages[channel][message["id"]] = message
        return message

    async def say(self, text: str, **given: Any) -> Json:
        """A person writes, and the bot's gateway hears it as Discord would tell it."""
        message = self.write(text, **given)
        await self.tell("MESSAGE_CREATE", message)
        return message

    async def edit(self, message: Json, text: str) -> Json:
        """A person edits a message."""
        message = {**message, "content": text, "edited_timestamp": stamp()}
        self.messages[message["channel_id"]][message["id"]] = message
        await self.tell("MESSAGE_UPDATE", message)
        return message

    async def tell(self, event: str, message: Json) -> None:
        """Dispatch a message event, without its text where the bot has no right to read it."""
        guild = self.channels[message["channel_id"]]["guild_id"]
        data = {k: v for k, v in message.items() if k != "guild_id"}
        if guild:
            data |= {"guild_id": guild, "member": membership()}
            if not message["mentions"] and message["author"]["id"] != self.me:
                data["content"] = ""
        await self.gateway.dispatch(event, data)

    async def slash(self, name: str, options: list[Json] | None = None, **given: Any) -> Act:
        """A slash command; ``options`` as Discord sends them."""
        return await self._act(2, {"id": "1", "name": name, "type": 1, "options": options or []}, **given)

    async def complete(self, name: str, option: str, typed: str, **given: Any) -> Act:
        """Typing into an option with autocomplete."""
        focused = [{"name": option, "type": 3, "value": typed, "focused": True}]
        return await self._act(4, {"id": "1", "name": name, "type": 1, "options": focused}, **given)

    async def menu(self, name: str, message: Json, **given: Any) -> Act:
        """A command of a message's context menu."""
        data = {
            "id": "2",
            "name": name,
            "type": 3,
            "target_id": message["id"],
            "resolved": {"messages": {message["id"]: message}},
        }
        return await self._act(2, data, channel=message["channel_id"], **given)

    async def press(self, message: Json, label: str, **given: Any) -> Act:
        """A press of the button with this label or emoji."""
        button = next(
            b for b in walk(message["components"]) if label in (b.get("label"), (b.get("emoji") or {}).get("name"))
        )
        data = {"custom_id": button["custom_id"], "component_type": 2}
        return await self._act(3, data, channel=message["channel_id"], message=message, **given)

    async def _act(
        self,
        kind: int,
        data: Json,
        *,
        user: str = "ayşe",
        channel: str | None = None,
        message: Json | None = None,
        times: int = 1,
        age_s: float = 0.0,
        sparsely: Json | None = None,
    ) -> Act:
        """``sparsely`` replaces fields of the event, for hosts that tell less."""
        channel = channel or self.channel
        number, above = self.snowflake(), message["id"] if message else None
        act = Act(number, f"token-{number}", channel, time.monotonic() - age_s, kind, above)
        self.acts[act.id] = act
        person = public(self.person(user))
        event = interaction(kind, data, act.id, act.token, me=self.me, person=person, channel=self.channels[channel])
        if message is not None:
            event["message"] = message
        event.update(sparsely or {})
        for _ in range(times):
            await self.gateway.dispatch("INTERACTION_CREATE", event)
        return act

    # ── what the bot did ────────────────────────────────────────────────────────────────────────

    def replies_to(self, message: Json) -> list[Json]:
        """The bot's messages that reply to a message, oldest first."""
        everything = self.messages[message["channel_id"]].values()
        return [
            m
            for m in everything
            if (m.get("message_reference") or {}).get("message_id") == message["id"] and m["author"]["id"] == self.me
        ]

    async def reply_to(self, message: Json, timeout_s: float = 10.0) -> Json:
        """The bot's first reply to a message."""
        found: list[Json] = await self.until(lambda: self.replies_to(message), timeout_s)
        return found[0]

    async def response_to(self, act: Act, timeout_s: float = 10.0) -> Json:
        """The message that answers an interaction, once it holds anything."""
        found: Json = await self.until(lambda: act.original and self.messages[act.channel].get(act.original), timeout_s)
        return found

    def posts(self, author: str | None = None) -> list[Json]:
        """All messages of the bot."""
        return [m for c in self.messages.values() for m in c.values() if m["author"]["id"] == (author or self.me)]

    async def settle(self, quiet_s: float = 0.3) -> None:
        """Wait until no request came for a while."""
        seen = -1
        while seen != len(self.requests):
            seen = len(self.requests)
            await asyncio.sleep(quiet_s)
