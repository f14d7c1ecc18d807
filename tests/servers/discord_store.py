"""What the test server knows: people, servers, channels, messages, interactions; and which calls are to fail."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.servers.discord_gateway import Gateway
from tests.servers.discord_values import Json, new_guild, new_user, public, stamp

EPOCH_MS = 1_420_070_400_000


@dataclass
class Faults:
    """Which calls fail: ``script`` entries first, each once; then ``rate`` of all, evenly among the kinds.

    Kinds: ``429`` (with Via, as Discord), ``429-proxy`` (without), ``500``, ``503``, ``drop`` (before anything
    is done), ``drop-after`` (done, answer lost), ``garbled`` (done, answer spoilt), ``hang`` (no answer).
    """

    rate: float = 0.0
    kinds: tuple[str, ...] = ("429", "429-proxy", "500", "503", "drop", "drop-after")
    only: Callable[[str, str], bool] = lambda _method, _path: True
    script: deque[str] = field(default_factory=deque)
    injected: int = 0
    chance: random.Random = field(default_factory=lambda: random.Random(7))

    def next(self, method: str, path: str) -> str | None:
        if not self.only(method, path):
            return None
        kind = None
        if self.script:
            kind = self.script.popleft() or None
        elif self.rate and self.chance.random() < self.rate:
            kind = self.chance.choice(self.kinds)
        self.injected += kind is not None
        return kind


@dataclass
class Act:
    """One interaction: its first response, its messages, its autocomplete choices."""

    id: str
    token: str
    channel: str
    born: float
    kind: int
    message: str | None = None
    acknowledged: int | None = None
    original: str | None = None
    ephemeral: bool = False
    followups: list[str] = field(default_factory=list)
    choices: list[Json] | None = None


class Store:
    """The state, and how it is made; ids are real snowflakes."""

    def __init__(self, token: str = "a.test.token") -> None:
        self.token = token
        self._number = itertools.count(1)
        self.bot: Json = {**new_user(self.snowflake(), "Köprü"), "bot": True}
        self.me = str(self.bot["id"])
        self.guilds: dict[str, Json] = {}
        self.channels: dict[str, Json] = {}
        self.messages: dict[str, dict[str, Json]] = {}
        self.users: dict[str, Json] = {}
        self.acts: dict[str, Act] = {}
        self.commands: list[Json] = []
        self.problems: list[str] = []
        self.requests: list[tuple[str, str]] = []
        self.faults = Faults()
        self.shards = 1
        self.delay_s = 0.0
        """How long each REST call takes."""
        self.text_ids = True
        """Refuse snowflakes that are numbers, which Discord itself takes."""
        self.lenient = False
        """Answer like a proxy that leaves things out: no body after a callback, no application, no charset rules."""
        self.syncs = 0
        self.nonces: dict[str, str] = {}
        self.gateway = Gateway(self)
        self.on_post: Callable[[Json], None] | None = None
        self._changed = asyncio.Condition()
        self._runner: web.AppRunner | None = None
        self.port = 0
        self.guild = self.add_guild()
        self.channel = self.add_channel(self.guild)

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/v10"

    @property
    def gateway_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/gateway"

    def snowflake(self) -> str:
        return str((int(time.time() * 1000) - EPOCH_MS) << 22 | next(self._number) & 0x3FFFFF)

    def add_guild(self) -> str:
        guild = self.snowflake()
        self.guilds[guild] = new_guild(guild, self.bot)
        return guild

    def add_role(self, bot: str | None = None) -> str:
        """A role; Discord makes one for each ``bot``, which its tags name."""
        plain = self.guilds[self.guild]["roles"][0]
        role = {**plain, "id": self.snowflake(), "name": "rol", "managed": bot is not None}
        self.guilds[self.guild]["roles"].append({**role, **({"tags": {"bot_id": bot}} if bot else {})})
        return str(role["id"])

    def add_channel(self, guild: str | None, kind: int = 0) -> str:
        channel = self.snowflake()
        self.channels[channel] = {
            "id": channel,
            "type": kind if guild else 1,
            "guild_id": guild,
            "name": "genel",
            "position": 0,
            "permission_overwrites": [],
            "rate_limit_per_user": 0,
            "nsfw": False,
        }
        self.messages[channel] = {}
        if guild:
            self.guilds[guild]["channels"].append(self.channels[channel])
        return channel

    def person(self, name: str) -> Json:
        if name not in self.users:
            self.users[name] = new_user(self.snowflake(), name)
        return self.users[name]

    def direct(self, name: str) -> str:
        """The person's direct channel with the bot."""
        person = self.person(name)
        if "dm" not in person:
            person["dm"] = self.add_channel(None)
            self.channels[person["dm"]]["recipients"] = [public(person)]
        return str(person["dm"])

    async def until(self, found: Callable[[], Any], timeout_s: float = 10.0) -> Any:
        """Wait until ``found()`` is true, looked at after every change; returns it."""
        async with asyncio.timeout(timeout_s), self._changed:
            while not (result := found()):
                await self._changed.wait()
            return result

    async def _note(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    def _message(self, channel: str, author: Json, body: Json) -> Json:
        kept = {
            k: body[k] for k in ("message_reference", "nonce", "flags", "message_snapshots") if body.get(k) is not None
        }
        if "message_reference" in kept:
            kept["message_reference"] = {k: str(v) for k, v in kept["message_reference"].items() if k.endswith("_id")}
        return {
            "id": self.snowflake(),
            "channel_id": channel,
            "author": author,
            "content": body.get("content") or "",
            "timestamp": stamp(),
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "attachments": [],
            "embeds": body.get("embeds") or [],
            "components": body.get("components") or [],
            "pinned": False,
            "type": 0,
            **kept,
        }


def as_json(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """A JSON answer with the bare media type, as Discord sends it."""
    return web.Response(body=json.dumps(data).encode(), status=status, headers=headers, content_type="application/json")


def error(status: int, code: int, message: str, errors: Json | None = None) -> web.Response:
    """An error as Discord words it."""
    body = {"code": code, "message": message, **({"errors": errors} if errors else {})}
    return as_json(body, status)
