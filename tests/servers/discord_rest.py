"""The REST half of the test server: it checks every body, does what Discord would, and fails when it is told to."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from aiohttp import web

from tests.servers.discord_limits import choice_problems, command_problems, message_problems, number_problems
from tests.servers.discord_store import Act, Store, as_json, error
from tests.servers.discord_values import Json, new_user, public, stamp


class Rest(Store):
    """The routes that a bot uses; what breaks a documented limit is refused with 50035 and noted in ``problems``."""

    @web.middleware
    async def middleware(self, request: web.Request, handler: Callable[[web.Request], Any]) -> web.StreamResponse:
        path = request.path
        if path.startswith("/gateway"):
            response: web.StreamResponse = await handler(request)
            return response
        self.requests.append((request.method, path))
        needs_token = not path.startswith(("/api/v10/interactions", "/api/v10/webhooks"))
        if needs_token and request.headers.get("Authorization") != f"Bot {self.token}":
            return error(401, 0, "401: Unauthorized")
        if self.delay_s:
            await asyncio.sleep(self.delay_s)
        kind = self.faults.next(request.method, path)
        if kind is not None and kind not in ("drop-after", "garbled"):
            return await self._fail(request, kind)
        response = await handler(request)
        await self._note()
        if kind == "garbled":
            return web.Response(text="<<<", content_type="application/json")
        return await self._fail(request, "drop") if kind == "drop-after" else response

    async def _fail(self, request: web.Request, kind: str) -> web.StreamResponse:
        if kind in ("429", "429-proxy"):
            headers = {"Retry-After": "0.05", **({"Via": "1.1 google"} if kind == "429" else {})}
            return as_json(
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
        return as_json({"url": self.gateway_url, "shards": self.shards, "session_start_limit": limit})

    async def _me(self, _: web.Request) -> web.Response:
        return as_json(self.bot)

    async def _application(self, _: web.Request) -> web.Response:
        if self.lenient:
            return web.json_response({"id": self.me, "name": "Köprü"})
        return as_json(
            {
                "id": self.me,
                "name": "Köprü",
                "description": "",
                "icon": None,
                "bot_public": True,
                "bot_require_code_grant": False,
                "verify_key": "",
                "owner": new_user(self.me, "sahip"),
                "flags": 0,
            }
        )

    async def _list_commands(self, _: web.Request) -> web.Response:
        return as_json(self.commands)

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
        return as_json(self.commands)

    async def _history(self, request: web.Request) -> web.Response:
        channel = request.match_info["channel"]
        if channel not in self.messages:
            return error(404, 10003, "Unknown Channel")
        after, before = int(request.query.get("after", 0)), int(request.query.get("before", 1 << 63))
        found = sorted(
            (m for m in self.messages[channel].values() if after < int(m["id"]) < before), key=lambda m: int(m["id"])
        )
        most = int(request.query.get("limit", 50))
        return as_json((found[:most] if after else found[-most:])[::-1])

    async def _get_message(self, request: web.Request) -> web.Response:
        message = self.messages.get(request.match_info["channel"], {}).get(request.match_info["message"])
        return as_json(message) if message else error(404, 10008, "Unknown Message")

    async def _post(self, request: web.Request) -> web.Response:
        channel, body = request.match_info["channel"], await request.json()
        if channel not in self.channels:
            return error(404, 10003, "Unknown Channel")
        if self.channels[channel].get("closed"):
            return error(403, 50013, "Missing Permissions")
        if refused := self._refused(message_problems(body) + (number_problems(body) if self.text_ids else [])):
            return refused
        nonce = str(body.get("nonce") or "")
        if nonce and body.get("enforce_nonce") and nonce in self.nonces:
            return as_json(self.messages[channel][self.nonces[nonce]])
        message = self._message(channel, public(self.bot), body)
        self.messages[channel][message["id"]] = message
        self.nonces[nonce] = message["id"]
        if self.on_post is not None:
            self.on_post(message)
        return as_json(message)

    async def _patch(self, request: web.Request) -> web.Response:
        channel, body = request.match_info["channel"], await request.json()
        return self._edited(channel, request.match_info["message"], body)

    def _edited(self, channel: str, number: str, body: Json) -> web.Response:
        message = self.messages[channel].get(number)
        if message is None:
            return error(404, 10008, "Unknown Message")
        if message["author"]["id"] != self.me:
            return error(403, 50005, "Cannot edit a message authored by another user")
        if refused := self._refused(message_problems(body, edit=True)):
            return refused
        message.update(
            {k: v for k, v in body.items() if k in {"content", "embeds", "components", "flags"}},
            edited_timestamp=stamp(),
        )
        return as_json(message)

    async def _delete(self, request: web.Request) -> web.Response:
        self.messages[request.match_info["channel"]].pop(request.match_info["message"], None)
        return web.Response(status=204)

    async def _callback(self, request: web.Request) -> web.Response:
        act, body = self.acts.get(request.match_info["id"]), await request.json()
        if act is None or (act.acknowledged is None and time.monotonic() - act.born > 3.0):
            return error(404, 10062, "Unknown interaction")
        if act.acknowledged is not None:
            return error(400, 40060, "Interaction has already been acknowledged.")
        kind, data = body["type"], body.get("data") or {}
        checked = message_problems(data) if kind in (4, 7) else choice_problems(data["choices"]) if kind == 8 else []
        return self._refused(checked) or self._acknowledged(act, kind, data)

    def _acknowledged(self, act: Act, kind: int, data: Json) -> web.Response:
        act.acknowledged, act.ephemeral = kind, bool((data.get("flags") or 0) & 64)
        if kind == 4:
            act.original = self._put(act, data)
        elif kind == 7 and act.message:
            act.original = act.message
            kept = {k: v for k, v in data.items() if k in {"content", "embeds", "components"}}
            self.messages[act.channel][act.message].update(kept)
        elif kind == 8:
            act.choices = data["choices"]
        if self.lenient:
            return web.Response(status=204)
        told: Json = {"interaction": {"id": act.id, "type": act.kind, "response_message_id": act.original}}
        if kind == 4:
            told["resource"] = {"type": 4, "message": self.messages[act.channel][act.original or ""]}
        return as_json(told)

    async def _followup(self, request: web.Request) -> web.Response:
        act = self._by_token(request)
        if act is None or act.acknowledged is None:
            return error(404, 10015, "Unknown Webhook")
        body = await request.json()
        if refused := self._refused(message_problems(body)):
            return refused
        number = self._put(act, body)
        act.followups.append(number)
        return as_json(self.messages[act.channel][number])

    async def _patch_response(self, request: web.Request) -> web.Response:
        act, body = self._by_token(request), await request.json()
        if act is None or act.acknowledged is None:
            return error(404, 10015, "Unknown Webhook")
        if refused := self._refused(message_problems(body, edit=True)):
            return refused
        if act.original is None:
            act.original = self._put(act, body)
            return as_json(self.messages[act.channel][act.original])
        return self._edited(act.channel, act.original, body)

    def _by_token(self, request: web.Request) -> Act | None:
        return next((a for a in self.acts.values() if a.token == request.match_info["token"]), None)

    def _put(self, act: Act, body: Json) -> str:
        message = self._message(act.channel, public(self.bot), body) | {
            "webhook_id": self.me,
            "application_id": self.me,
        }
        self.messages[act.channel][message["id"]] = message
        return str(message["id"])

    def _refused(self, problems: list[str]) -> web.Response | None:
        self.problems += problems
        return error(400, 50035, "Invalid Form Body", {"_errors": problems}) if problems else None

    def routes(self) -> list[web.RouteDef]:
        """Every route with its handler."""
        api = "/api/v10"
        return [
            web.get(api + "/gateway/bot", self._gateway_bot),
            web.get(api + "/users/@me", self._me),
            web.get(api + "/applications/@me", self._application),
            web.get(api + "/oauth2/applications/@me", self._application),
            web.get(api + "/applications/{app}/commands", self._list_commands),
            web.put(api + "/applications/{app}/commands", self._put_commands),
            web.get(api + "/channels/{channel}/messages", self._history),
            web.post(api + "/channels/{channel}/messages", self._post),
            web.get(api + "/channels/{channel}/messages/{message}", self._get_message),
            web.patch(api + "/channels/{channel}/messages/{message}", self._patch),
            web.delete(api + "/channels/{channel}/messages/{message}", self._delete),
            web.post(api + "/interactions/{id}/{token}/callback", self._callback),
            web.post(api + "/webhooks/{app}/{token}", self._followup),
            web.patch(api + "/webhooks/{app}/{token}/messages/{message}", self._patch_response),
        ]
