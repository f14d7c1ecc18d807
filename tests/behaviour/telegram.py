"""Drives the scenarios on Telegram: the real platform code, polling a loopback Bot API server that checks every request."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from bot.desk.health import Part
from bot.platforms.telegram import serve
from bot.settings import Secret, Settings
from tests.behaviour.client import Command, MakeDesk, Shown, User, Where
from tests.servers.telegram import BOT, TOKEN, BotServer, Sent
from tests.servers.telegram_rules import html_of

USERS: Mapping[User, int] = {"u1": 501, "u2": 502, "admin": 1001}
GROUP = -100_500
NAMES: Mapping[Command, str] = {"basla": "start"}
QUIET_S = 0.12
"""A reply is whole when nothing has changed for so long."""
PATIENCE_S = 10.0
"""What speaks to the bot is waited for so long: a reload takes seconds on a busy machine."""
SURE_S = 0.6
"""How long nothing must come for "nothing was shown"; an answer over loopback takes a hundredth of that."""
READY = Part(ok=True)
_QUOTE = re.compile(r"<blockquote expandable>(.*?)</blockquote>", re.DOTALL)


class TelegramClient:
    """A person in a private chat or the group, who sees messages, edits and toasts."""

    platform = "telegram"
    lacks: Mapping[str, str] = {}

    def __init__(self, server: BotServer) -> None:
        self._server = server
        self._mine: dict[str, Any] | None = None
        self._last: list[Sent] = []

    @property
    def server(self) -> BotServer:
        """What the bot talks to: everything that was sent, as it was sent."""
        return self._server

    @property
    def last(self) -> list[Sent]:
        """The messages that the last thing done has brought or changed."""
        return self._last

    async def say(
        self, text: str, *, where: Where = "private", user: User = "u1", addressed: bool = True, forwarded: bool = False
    ) -> Shown | None:
        """See ``Client.say``; in the group the bot is mentioned by name."""
        if where == "group" and addressed and not text.startswith("/"):
            text = f"@{BOT['username']} {text}"
        origin = {"type": "user", "date": 1, "sender_user": {"id": USERS["admin"], "is_bot": False, "first_name": "Y"}}
        spoken_to = where == "private" or addressed
        fields = {"forward_origin": origin} if forwarded else {}
        return await self._typed(text, where, user, PATIENCE_S if spoken_to else SURE_S, **fields)

    async def command(
        self, name: Command, args: str = "", *, where: Where = "private", user: User = "u1"
    ) -> Shown | None:
        """See ``Client.command``; in the group the command names the bot."""
        slash = f"/{NAMES.get(name, name)}" + (f"@{BOT['username']}" if where == "group" else "")
        return await self._typed(f"{slash} {args}".strip(), where, user, PATIENCE_S)

    async def edit(self, text: str, *, user: User = "u1") -> Shown | None:
        """See ``Client.edit``."""
        assert self._mine is not None
        assert self._mine["from"]["id"] == USERS[user]
        before = self._state()
        self._server.edit(self._mine, text)
        return await self._shown(before, SURE_S if text.startswith("/") else PATIENCE_S)

    async def press(self, label: str, *, user: User = "u1") -> Shown | None:
        """See ``Client.press``."""
        found = [(sent, b) for sent in self._last for b in sent.buttons if label in b["text"]]
        if not found:
            raise LookupError(label)
        sent, button = found[0]
        before = self._state()
        query = self._server.press(sent, button["callback_data"], USERS[user])
        await self._server.until(lambda: self._server.callbacks[query] is not None, PATIENCE_S)
        shown = await self._shown(before, QUIET_S)
        toast = self._server.callbacks[query]
        return shown or (Shown(toast, parts=(toast,), ephemeral=True) if toast else None)

    async def _typed(self, text: str, where: Where, user: User, sure_s: float, **fields: Any) -> Shown | None:
        chat = GROUP if where == "group" else USERS[user]
        before = self._state()
        self._mine = self._server.say(text, chat=chat, user=USERS[user], **fields)
        return await self._shown(before, sure_s)

    def _state(self) -> tuple[int, dict[int, str]]:
        return len(self._server.sent), {sent.id: sent.text for sent in self._server.sent}

    async def _shown(self, before: tuple[int, dict[int, str]], sure_s: float) -> Shown | None:
        """What is new or says something else since ``before``; None when nothing changed for ``sure_s``."""
        began = changed = time.monotonic()
        seen = before
        while True:
            await asyncio.sleep(0.01)
            now = self._state()
            if now != seen:
                seen, changed = now, time.monotonic()
            idle = time.monotonic() - changed
            if (seen != before and idle > QUIET_S) or idle > sure_s or time.monotonic() - began > 2 * PATIENCE_S:
                break
        new = self._server.sent[before[0] :]
        edited = [s for s in self._server.sent[: before[0]] if s.text != before[1][s.id]]
        if not new and not edited:
            return None
        self._last = edited + new
        return _shown_of(self._last, edited=bool(edited))


def _shown_of(messages: list[Sent], *, edited: bool) -> Shown:
    quotes = [html_of(quote)[0] for sent in messages for quote in _QUOTE.findall(sent.text)]
    parts = tuple(sent.shown for sent in messages)
    source = "\n".join(quotes) or next((part for part in parts if "📰" in part), "")
    buttons = tuple(button["text"] for sent in messages for button in sent.buttons)
    return Shown("\n\n".join(parts), buttons, source, parts, edited=edited)


@asynccontextmanager
async def connected(make: MakeDesk, base: Settings) -> AsyncIterator[TelegramClient]:
    """A client of a bot that polls its own server; at the end, no request may have broken a documented limit."""
    async with BotServer() as server:
        settings = replace(
            base,
            telegram_token=Secret(TOKEN),
            telegram_api_url=server.url,
            admins=base.admins | {("telegram", str(USERS["admin"]))},
        )
        desk, stop = make(settings), asyncio.Event()
        task = asyncio.create_task(serve(desk, settings, stop))
        try:
            await server.until(lambda: task.done() or desk.health.parts.get("telegram") == READY, PATIENCE_S)
            yield TelegramClient(server)
        finally:
            stop.set()
            await asyncio.wait_for(task, 20)
        assert server.violations == []
