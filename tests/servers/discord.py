"""A small stateful Discord on loopback: REST and gateway, strict about the documented limits, able to fail on purpose.

What a bot sends is checked against the limits (``discord_limits``); what breaks one is refused with Discord's
50035 and noted in ``problems``. People are acted by ``say``, ``edit``, ``slash``, ``menu``, ``press`` and
``complete``; ``Faults`` decides which calls fail and how.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

from tests.servers.discord_gateway import Gateway
from tests.servers.discord_limits import choice_problems, command_problems, message_problems, number_problems, walk

EPOCH_MS = 1_420_070_400_000
MESSAGE_CONTENT = 1 << 15
PERMISSIONS = str((1 << 50) - 1)
Json = dict[str, Any]


@dataclass
class Faults:
    """Which calls fail: ``script`` entries first, each once; then ``rate`` of all, evenly among the kinds.

    Kinds: ``429`` (with Via, as Discord), ``429-proxy`` (without), ``500``, ``503``, ``drop`` (before anything
    is done), ``drop-after`` (done, answer lost), ``hang`` (no answer).
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


class DiscordServer:
    """See the module. ``api_url`` and ``gateway_url`` are what a bot is told; ids are real snowflakes."""

    def __init__(self, token: str = "a.test.token") -> None:
        self.token = token
        self._number = itertools.count(1)
        self.bot: Json = {**self._user(self.snowflake(), "Köprü"), "bot": True}
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

    # ── life ────────────────────────────────────────────────────────────────────────────────────

    async def start(self) -> Self:
        app = web.Application(middlewares=[self._middleware])
        r = app.router
        r.add_get("/gateway", self.gateway.handle)
        r.add_get("/gateway/", self.gateway.handle)
        r.add_get("/api/v10/gateway/bot", self._gateway_bot)
        r.add_get("/api/v10/users/@me", self._me)
        r.add_get("/api/v10/applications/@me", self._application)
        r.add_get("/api/v10/oauth2/applications/@me", self._application)
        r.add_get("/api/v10/applications/{app}/commands", self._list_commands)
        r.add_put("/api/v10/applications/{app}/commands", self._put_commands)
        r.add_get("/api/v10/channels/{channel}/messages", self._history)
        r.add_post("/api/v10/channels/{channel}/messages", self._post)
        r.add_get("/api/v10/channels/{channel}/messages/{message}", self._get_message)
        r.add_patch("/api/v10/channels/{channel}/messages/{message}", self._patch)
        r.add_delete("/api/v10/channels/{channel}/messages/{message}", self._delete)
        r.add_post("/api/v10/interactions/{id}/{token}/callback", self._callback)
        r.add_post("/api/v10/webhooks/{app}/{token}", self._followup)
        r.add_patch("/api/v10/webhooks/{app}/{token}/messages/{message}", self._patch_response)
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

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/v10"

    @property
    def gateway_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/gateway"

    # ── people ──────────────────────────────────────────────────────────────────────────────────

    def snowflake(self) -> str:
        return str((int(time.time() * 1000) - EPOCH_MS) << 22 | next(self._number) & 0x3FFFFF)

    def add_guild(self) -> str:
        guild = self.snowflake()
        everyone = {
            "id": guild,
            "name": "@everyone",
            "color": 0,
            "hoist": False,
            "position": 0,
            "permissions": PERMISSIONS,
            "managed": False,
            "mentionable": False,
            "flags": 0,
        }
        me = {"user": self.bot, "roles": [], "joined_at": _stamp(), "deaf": False, "mute": False, "flags": 0}
        plain = {
            "afk_timeout": 300,
            "verification_level": 0,
            "default_message_notifications": 0,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "nsfw_level": 0,
            "premium_tier": 0,
            "system_channel_flags": 0,
            "preferred_locale": "tr",
        }
        lists: Json = {
            k: []
            for k in (
                "emojis",
                "features",
                "stickers",
                "threads",
                "voice_states",
                "presences",
                "stage_instances",
                "guild_scheduled_events",
            )
        }
        self.guilds[guild] = {
            "id": guild,
            "name": "Deneme",
            "owner_id": guild,
            "roles": [everyone],
            "members": [me],
            "member_count": 2,
            "channels": [],
            "large": False,
            "unavailable": False,
            "joined_at": _stamp(),
            **plain,
            **lists,
        }
        return guild

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
            self.users[name] = self._user(self.snowflake(), name)
        return self.users[name]

    def direct(self, name: str) -> str:
        """The person's direct channel with the bot."""
        person = self.person(name)
        if "dm" not in person:
            person["dm"] = self.add_channel(None)
            self.channels[person["dm"]]["recipients"] = [_public(person)]
        return str(person["dm"])

    def write(
        self, text: str, *, user: str = "ayşe", channel: str | None = None, reply_to: str | None = None, **more: Any
    ) -> Json:
        """A person's message as it is stored; nobody is told yet."""
        channel = channel or self.direct(user)
        mentions = [_public(self.bot)] if f"<@{self.me}>" in text else []
        message = self._message(channel, _public(self.person(user)), {"content": text, **more})
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
        message = {**message, "content": text, "edited_timestamp": _stamp()}
        self.messages[message["channel_id"]][message["id"]] = message
        await self.tell("MESSAGE_UPDATE", message)
        return message

    async def tell(self, event: str, message: Json) -> None:
        """Dispatch a message event, without its text where the bot has no right to read it."""
        guild = self.channels[message["channel_id"]]["guild_id"]
        data = {k: v for k, v in message.items() if k != "guild_id"}
        if guild:
            data |= {
                "guild_id": guild,
                "member": {"roles": [], "joined_at": _stamp(), "deaf": False, "mute": False, "flags": 0},
            }
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
    ) -> Act:
        channel = channel or self.channel
        number = self.snowflake()
        act = Act(
            number, f"token-{number}", channel, time.monotonic() - age_s, kind, message["id"] if message else None
        )
        self.acts[act.id] = act
        guild = self.channels[channel]["guild_id"]
        person = _public(self.person(user))
        who = (
            {
                "member": {
                    "user": person,
                    "roles": [],
                    "joined_at": _stamp(),
                    "deaf": False,
                    "mute": False,
                    "flags": 0,
                    "permissions": PERMISSIONS,
                }
            }
            if guild
            else {"user": person}
        )
        where = {
            "channel_id": channel,
            "channel": {k: v for k, v in self.channels[channel].items() if v is not None},
        } | ({"guild_id": guild, "guild_locale": "tr"} if guild else {})
        event = {
            "id": act.id,
            "application_id": self.me,
            "type": kind,
            "token": act.token,
            "version": 1,
            "data": data,
            **where,
            **who,
            "locale": "tr",
            "app_permissions": PERMISSIONS,
            "entitlements": [],
            "authorizing_integration_owners": {},
            "context": 0 if guild else 1,
            "attachment_size_limit": 10_485_760,
        }
        if message is not None:
            event["message"] = message
        for _ in range(times):
            await self.gateway.dispatch("INTERACTION_CREATE", event)
        return act

    # ── what the bot did ────────────────────────────────────────────────────────────────────────

    async def until(self, found: Callable[[], Any], timeout_s: float = 10.0) -> Any:
        """Wait until ``found()`` is true, looked at after every change; returns it."""
        async with asyncio.timeout(timeout_s), self._changed:
            while not (result := found()):
                await self._changed.wait()
            return result

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

    async def _note(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    # ── REST ────────────────────────────────────────────────────────────────────────────────────

    @web.middleware
    async def _middleware(self, request: web.Request, handler: Callable[[web.Request], Any]) -> web.StreamResponse:
        path = request.path
        if path.startswith("/gateway"):
            response: web.StreamResponse = await handler(request)
            return response
        self.requests.append((request.method, path))
        needs_token = not path.startswith(("/api/v10/interactions", "/api/v10/webhooks"))
        if needs_token and request.headers.get("Authorization") != f"Bot {self.token}":
            return _error(401, 0, "401: Unauthorized")
        if self.delay_s:
            await asyncio.sleep(self.delay_s)
        kind = self.faults.next(request.method, path)
        if kind is not None and kind != "drop-after":
            return await self._fail(request, kind)
        response = await handler(request)
        await self._note()
        return await self._fail(request, "drop") if kind == "drop-after" else response

    async def _fail(self, request: web.Request, kind: str) -> web.StreamResponse:
        if kind in ("429", "429-proxy"):
            headers = {"Retry-After": "0.05", **({"Via": "1.1 google"} if kind == "429" else {})}
            return _json(
                {"message": "You are being rate limited.", "retry_after": 0.05, "global": False},
                status=429,
                headers=headers,
            )
        if kind == "hang":
            await asyncio.sleep(30)
        if kind in ("drop", "hang"):
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=500)
        return web.Response(status=int(kind), text="upstream trouble")

    async def _gateway_bot(self, _: web.Request) -> web.Response:
        limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
        return _json({"url": self.gateway_url, "shards": self.shards, "session_start_limit": limit})

    async def _me(self, _: web.Request) -> web.Response:
        return _json(self.bot)

    async def _application(self, _: web.Request) -> web.Response:
        if self.lenient:
            return web.json_response({"id": self.me, "name": "Köprü"})
        return _json(
            {
                "id": self.me,
                "name": "Köprü",
                "description": "",
                "icon": None,
                "bot_public": True,
                "bot_require_code_grant": False,
                "verify_key": "",
                "owner": self._user(self.me, "sahip"),
                "flags": 0,
            }
        )

    async def _list_commands(self, _: web.Request) -> web.Response:
        return _json(self.commands)

    async def _put_commands(self, request: web.Request) -> web.Response:
        commands = await request.json()
        if refused := self._refused(command_problems(commands)):
            return refused
        self.syncs += 1
        self.commands = [
            {
                **c,
                "id": self.snowflake(),
                "application_id": self.me,
                "version": "1",
                "description": c.get("description") or "",
            }
            for c in commands
        ]
        return _json(self.commands)

    async def _history(self, request: web.Request) -> web.Response:
        channel = request.match_info["channel"]
        if channel not in self.messages:
            return _error(404, 10003, "Unknown Channel")
        after, before = int(request.query.get("after", 0)), int(request.query.get("before", 1 << 63))
        found = sorted(
            (m for m in self.messages[channel].values() if after < int(m["id"]) < before), key=lambda m: int(m["id"])
        )
        most = int(request.query.get("limit", 50))
        return _json((found[:most] if after else found[-most:])[::-1])

    async def _get_message(self, request: web.Request) -> web.Response:
        message = self.messages.get(request.match_info["channel"], {}).get(request.match_info["message"])
        return _json(message) if message else _error(404, 10008, "Unknown Message")

    async def _post(self, request: web.Request) -> web.Response:
        channel, body = request.match_info["channel"], await request.json()
        if channel not in self.channels:
            return _error(404, 10003, "Unknown Channel")
        if self.channels[channel].get("closed"):
            return _error(403, 50013, "Missing Permissions")
        if refused := self._refused(message_problems(body) + (number_problems(body) if self.text_ids else [])):
            return refused
        nonce = str(body.get("nonce") or "")
        if nonce and body.get("enforce_nonce") and nonce in self.nonces:
            return _json(self.messages[channel][self.nonces[nonce]])
        message = self._message(channel, _public(self.bot), body)
        self.messages[channel][message["id"]] = message
        self.nonces[nonce] = message["id"]
        if self.on_post is not None:
            self.on_post(message)
        return _json(message)

    async def _patch(self, request: web.Request) -> web.Response:
        channel, body = request.match_info["channel"], await request.json()
        return self._edited(channel, request.match_info["message"], body)

    def _edited(self, channel: str, number: str, body: Json) -> web.Response:
        message = self.messages[channel].get(number)
        if message is None:
            return _error(404, 10008, "Unknown Message")
        if message["author"]["id"] != self.me:
            return _error(403, 50005, "Cannot edit a message authored by another user")
        if refused := self._refused(message_problems(body, edit=True)):
            return refused
        message.update(
            {k: v for k, v in body.items() if k in {"content", "embeds", "components", "flags"}},
            edited_timestamp=_stamp(),
        )
        return _json(message)

    async def _delete(self, request: web.Request) -> web.Response:
        self.messages[request.match_info["channel"]].pop(request.match_info["message"], None)
        return web.Response(status=204)

    async def _callback(self, request: web.Request) -> web.Response:
        act, body = self.acts.get(request.match_info["id"]), await request.json()
        if act is None or (act.acknowledged is None and time.monotonic() - act.born > 3.0):
            return _error(404, 10062, "Unknown interaction")
        if act.acknowledged is not None:
            return _error(400, 40060, "Interaction has already been acknowledged.")
        kind, data = body["type"], body.get("data") or {}
        if kind in (4, 7) and (refused := self._refused(message_problems(data))):
            return refused
        if kind == 8 and (refused := self._refused(choice_problems(data["choices"]))):
            return refused
        act.acknowledged, act.ephemeral = kind, bool((data.get("flags") or 0) & 64)
        if kind == 4:
            act.original = self._put(act, data)
        elif kind == 7 and act.message:
            act.original = act.message
            return self._updated(act, data)
        elif kind == 8:
            act.choices = data["choices"]
        if self.lenient:
            return web.Response(status=204)
        return _json(
            {"interaction": {"id": act.id, "type": act.kind, "response_message_id": act.original}}
            if kind != 4
            else self._resource(act)
        )

    def _resource(self, act: Act) -> Json:
        message = self.messages[act.channel][act.original or ""]
        return {
            "interaction": {"id": act.id, "type": act.kind, "response_message_id": act.original},
            "resource": {"type": 4, "message": message},
        }

    def _updated(self, act: Act, data: Json) -> web.Response:
        self.messages[act.channel][act.message or ""].update(
            {k: v for k, v in data.items() if k in {"content", "embeds", "components"}}
        )
        return _json({"interaction": {"id": act.id, "type": act.kind}})

    async def _followup(self, request: web.Request) -> web.Response:
        act = self._by_token(request)
        if act is None or act.acknowledged is None:
            return _error(404, 10015, "Unknown Webhook")
        body = await request.json()
        if refused := self._refused(message_problems(body)):
            return refused
        number = self._put(act, body)
        act.followups.append(number)
        return _json(self.messages[act.channel][number])

    async def _patch_response(self, request: web.Request) -> web.Response:
        act, body = self._by_token(request), await request.json()
        if act is None or act.acknowledged is None:
            return _error(404, 10015, "Unknown Webhook")
        if refused := self._refused(message_problems(body, edit=True)):
            return refused
        if act.original is None:
            act.original = self._put(act, body)
            return _json(self.messages[act.channel][act.original])
        return self._edited(act.channel, act.original, body)

    def _by_token(self, request: web.Request) -> Act | None:
        return next((a for a in self.acts.values() if a.token == request.match_info["token"]), None)

    def _put(self, act: Act, body: Json) -> str:
        message = self._message(act.channel, _public(self.bot), body) | {
            "webhook_id": self.me,
            "application_id": self.me,
        }
        self.messages[act.channel][message["id"]] = message
        return str(message["id"])

    def _refused(self, problems: list[str]) -> web.Response | None:
        self.problems += problems
        return _error(400, 50035, "Invalid Form Body", {"_errors": problems}) if problems else None

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
            "timestamp": _stamp(),
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

    @staticmethod
    def _user(number: str, name: str) -> Json:
        return {
            "id": number,
            "username": name,
            "discriminator": "0",
            "global_name": name,
            "avatar": None,
            "bot": False,
            "flags": 0,
            "mfa_enabled": False,
        }


def _public(user: Json) -> Json:
    return {k: v for k, v in user.items() if k != "dm"}


def _stamp() -> str:
    now = time.time()
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f".{int(now % 1 * 1e6):06d}+00:00"


def _json(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(body=json.dumps(data).encode(), status=status, headers=headers, content_type="application/json")


def _error(status: int, code: int, message: str, errors: Json | None = None) -> web.Response:
    body = {"code": code, "message": message, **({"errors": errors} if errors else {})}
    return _json(body, status)
