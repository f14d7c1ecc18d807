"""Drives the scenarios on Discord: the real platform code on a loopback REST and gateway server that checks every request."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from bot.desk.health import Part
from bot.platforms.discord import serve
from bot.settings import Secret, Settings
from tests.behaviour.client import Command, MakeDesk, Shown, User, Where
from tests.servers.discord import DiscordServer
from tests.servers.discord_limits import walk

SLASH: Mapping[Command, str] = {"soru": "sor"}
ADMIN: frozenset[Command] = frozenset({"yenile", "geri", "durum", "cevapsiz", "neden"})
QUIET_S = 0.15
"""A reply is whole when nothing has changed for so long."""
PATIENCE_S = 10.0
SURE_S = 0.6
"""How long nothing must come for "nothing was shown"; an answer over loopback takes a hundredth of that."""
READY = Part(ok=True)
_State = dict[str, tuple[str, str]]


class DiscordClient:
    """A person in a direct channel or a server's channel, who sees messages, edits and ephemeral notes.

    ``basla`` is a bare mention, since Discord has no start command; admins' commands are offered in servers only,
    so they are used there whatever ``where`` says.
    """

    platform = "discord"
    lacks: Mapping[str, str] = {}

    def __init__(self, server: DiscordServer) -> None:
        self._server = server
        self._mine: dict[str, Any] | None = None
        self._last: list[dict[str, Any]] = []

    @property
    def server(self) -> DiscordServer:
        """What the bot talks to: everything that was sent, as it was sent."""
        return self._server

    @property
    def last(self) -> list[dict[str, Any]]:
        """The messages that the last thing done has brought or changed."""
        return self._last

    async def say(
        self, text: str, *, where: Where = "private", user: User = "u1", addressed: bool = True, forwarded: bool = False
    ) -> Shown | None:
        """See ``Client.say``; in the server the bot is mentioned."""
        if where == "group" and addressed:
            text = f"<@{self._server.me}> {text}"
        before = self._state()
        more = {"message_snapshots": [{"message": _snapshot(text)}]} if forwarded else {}
        self._mine = await self._server.say(
            "" if forwarded else text, user=user, channel=self._place(where, user), **more
        )
        return await self._shown(before, PATIENCE_S if where == "private" or addressed else SURE_S)

    async def command(
        self, name: Command, args: str = "", *, where: Where = "private", user: User = "u1"
    ) -> Shown | None:
        """See ``Client.command``."""
        if name == "basla":
            return await self.say(f"<@{self._server.me}>", where=where, user=user)
        before = self._state()
        options = [{"name": "soru", "type": 3, "value": args}] if args else []
        place = self._server.channel if name in ADMIN else self._place(where, user)
        if name in ADMIN:
            sub = [{"name": name, "type": 1, "options": options}]
            act = await self._server.slash("yonetim", sub, user=user, channel=place)
        else:
            act = await self._server.slash(SLASH.get(name, name), options, user=user, channel=place)
        return await self._shown(before, PATIENCE_S, act.id)

    async def edit(self, text: str, *, user: User = "u1") -> Shown | None:
        """See ``Client.edit``."""
        assert self._mine is not None
        assert self._mine["author"]["id"] == self._server.person(user)["id"]
        before = self._state()
        self._mine = await self._server.edit(self._mine, text)
        return await self._shown(before, SURE_S if text.startswith("/") else PATIENCE_S)

    async def press(self, label: str, *, user: User = "u1") -> Shown | None:
        """See ``Client.press``."""
        for message in self._last:
            found = next((shown for shown in _labels(message) if label in shown), None)
            if found is not None:
                before = self._state()
                act = await self._server.press(message, found, user=user)
                return await self._shown(before, PATIENCE_S, act.id)
        raise LookupError(label)

    def _place(self, where: Where, user: User) -> str:
        return self._server.channel if where == "group" else self._server.direct(user)

    def _state(self) -> _State:
        return {m["id"]: (m["content"], str(m["embeds"])) for m in self._server.posts()}

    async def _shown(self, before: _State, sure_s: float, act: str = "") -> Shown | None:
        """What is new or says something else since ``before``; None when nothing changed for ``sure_s``."""
        changed, seen = time.monotonic(), before
        while True:
            await asyncio.sleep(0.01)
            now = self._state()
            if now != seen:
                seen, changed = now, time.monotonic()
            idle = time.monotonic() - changed
            if (seen != before and idle > QUIET_S) or idle > sure_s:
                break
        fresh = {key for key, said in seen.items() if before.get(key) != said}
        if not fresh:
            return None
        self._last = sorted((m for m in self._server.posts() if m["id"] in fresh), key=lambda m: int(m["id"]))
        ephemeral = bool(act) and self._server.acts[act].ephemeral
        return _shown_of(self._last, ephemeral=ephemeral, edited=bool(fresh & set(before)))


def _snapshot(text: str) -> dict[str, Any]:
    stamp = "2026-02-02T10:00:00+00:00"
    plain: dict[str, Any] = {key: [] for key in ("mentions", "mention_roles", "attachments", "embeds")}
    return {"type": 0, "content": text, "timestamp": stamp, "edited_timestamp": None, "flags": 0, **plain}


def _labels(message: dict[str, Any]) -> list[str]:
    return [b.get("label") or b["emoji"]["name"] for b in walk(message["components"]) if b["type"] == 2]


def _read(markdown: str) -> str:
    """The text as Discord shows it: quote and small-print marks, escapes and invisible letters taken off."""
    text = re.sub(r"^(> |-# )", "", markdown, flags=re.MULTILINE)
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", text).replace("\u200b", "").replace("**", "")


def _shown_of(messages: list[dict[str, Any]], *, ephemeral: bool, edited: bool) -> Shown:
    parts = tuple(_read(m["content"]) for m in messages)
    source = "\n".join(_read(e.get("description") or "") for m in messages for e in m["embeds"])
    buttons = tuple(label for m in messages for label in _labels(m))
    return Shown("\n\n".join(parts), buttons, source, parts, ephemeral=ephemeral, edited=edited)


@asynccontextmanager
async def connected(make: MakeDesk, base: Settings) -> AsyncIterator[DiscordClient]:
    """A client of a bot on its own server; at the end, no request may have broken a documented limit."""
    async with DiscordServer() as server:
        settings = replace(
            base,
            discord_token=Secret(server.token),
            discord_api_url=server.api_url,
            admins=base.admins | {("discord", str(server.person("admin")["id"]))},
        )
        desk, stop = make(settings), asyncio.Event()
        task = asyncio.create_task(serve(desk, settings, stop))
        try:
            while not task.done() and desk.health.parts.get("discord") != READY:  # noqa: ASYNC110 - health has no event
                await asyncio.sleep(0.01)
            yield DiscordClient(server)
        finally:
            stop.set()
            await asyncio.wait_for(task, 20)
        assert server.problems == []
