"""Calls to Discord: to another host when so set, repeated when that is safe, patient with limits.

discord.py 2.7 retries 500/502/504 and 429 with a ``Via`` header; it raises on 503, on a 429 of a proxy
without ``Via``, and on a dropped connection (errno 104). Those are handled here. A call is repeated only
when a second arrival does no harm: reads, edits, deletions, and messages that carry an enforced nonce.
Nothing global is changed: two clients of one process may talk to two hosts.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import aiohttp
import discord
from discord.http import HTTPClient, Route, json_or_text
from discord.utils import _to_json
from discord.webhook.async_ import AsyncWebhookAdapter
from yarl import URL

from bot.platforms.discord import lenient

TRIES = 5
CALL_S = 20.0
CALLBACK_S = 2.6
"""An interaction must be answered within three seconds of its creation."""
LONGEST_WAIT_S = 60.0
ALREADY_ACKNOWLEDGED = 40060
_DISCORD_HOSTS = re.compile(r"(^|\.)discord(app)?\.(com|gg)$")
_REPEATABLE = frozenset({"GET", "PUT", "PATCH", "DELETE"})


class Address:
    """Where REST and the gateway are. The CDN stays where it is."""

    def __init__(self, api_url: str, gateway_url: str | None) -> None:
        api_url = api_url.rstrip("/")
        self.api = api_url if re.search(r"/v\d+$", api_url) else api_url + "/v10"
        self.moved = self.api != Route.BASE
        self._gateway = URL(gateway_url) if gateway_url else None
        self._told: URL | None = None

    def rest(self, url: str) -> str:
        """The URL that a call to Discord's own ``url`` goes to."""
        return self.api + url[len(Route.BASE) :] if url.startswith(Route.BASE) else url

    def told(self, url: str) -> None:
        """Remember the gateway that ``/gateway/bot`` named."""
        self._told = URL(url)

    def gateway(self, url: str) -> str:
        """The URL to connect to: the set one; else, behind another API host, never Discord's own gateway."""
        wanted = URL(url)
        other = self._gateway
        if other is None and self._told is not None and self.moved and _DISCORD_HOSTS.search(wanted.host or ""):
            other = self._told
        return str(other.update_query(wanted.query)) if other is not None else url


class Rest(HTTPClient):
    """discord.py's HTTP client with the repairs of this module; ``note`` counts errors by a short word."""

    def __init__(self, loop: asyncio.AbstractEventLoop, address: Address, note: Callable[[str], None]) -> None:
        super().__init__(loop, http_trace=_trace(note))
        self.address = address
        self.attempts = 0
        """Gateway connections tried since the last one that worked."""

    @property
    def session(self) -> aiohttp.ClientSession:
        """The open session; discord.py keeps it to itself."""
        session: aiohttp.ClientSession = getattr(self, "_HTTPClient__session")  # noqa: B009 - a mangled name
        return session

    async def request(self, route: Route, **kwargs: Any) -> Any:
        """As discord.py's, with more patience. Raises what discord.py or aiohttp raise when it runs out."""
        route.url = self.address.rest(route.url)
        kwargs.setdefault("timeout", _patience(CALL_S))
        body = kwargs.get("json")
        safe = route.method in _REPEATABLE or (isinstance(body, Mapping) and body.get("enforce_nonce") is True)
        for attempt in range(TRIES):
            try:
                return _told(_decoded(await super().request(route, **kwargs)), once=safe and route.method == "POST")
            except discord.HTTPException as problem:
                problem.code = problem.code or _code(problem.text)
                wait = _pause(problem.response, None, attempt)
                if wait is None or attempt == TRIES - 1:
                    raise
            except (OSError, aiohttp.ClientError) as problem:
                if attempt == TRIES - 1 or not (safe or _unsent(problem)):
                    raise
                wait = _backoff(attempt)
            await asyncio.sleep(wait)
        raise RuntimeError("unreachable")

    async def ws_connect(self, url: str, *, compress: int = 0) -> aiohttp.ClientWebSocketResponse:
        """Open the gateway, after a pause that doubles with each attempt in vain."""
        self.attempts += 1
        if self.attempts > 1:
            await asyncio.sleep(min(LONGEST_WAIT_S, 0.25 * 2.0 ** min(self.attempts - 2, 10)) * jitter())
        return await super().ws_connect(self.address.gateway(url), compress=compress)

    async def gateway(self) -> tuple[int, dict[str, int]]:
        """How many shards Discord recommends, and the session start limit."""
        data = await self.request(Route("GET", "/gateway/bot"))
        self.address.told(data["url"])
        return max(1, int(data.get("shards", 1))), data.get("session_start_limit") or {}

    async def logs_from(
        self,
        channel_id: str | int,
        limit: int,
        before: str | int | None = None,
        after: str | int | None = None,
        around: str | int | None = None,
    ) -> Any:
        """A channel's history, with what discord.py insists on in each message."""
        found: Any = await super().logs_from(channel_id, limit, before, after, around)
        return [lenient.message(m) for m in found if isinstance(m, dict)]

    async def get_message(self, channel_id: str | int, message_id: str | int) -> Any:
        """One message, likewise."""
        found: Any = await super().get_message(channel_id, message_id)
        return lenient.message(found)

    async def bulk_upsert_global_commands(self, application_id: str | int, payload: Any) -> Any:
        """Register the commands; permissions as text, which is their documented type."""
        for command in payload:
            permissions = command.get("default_member_permissions")
            command["default_member_permissions"] = None if permissions is None else str(permissions)
        return [{"description": "", **c} for c in await super().bulk_upsert_global_commands(application_id, payload)]

    async def application_info(self) -> Any:
        """The application by its documented route; what a proxy leaves out is filled in."""
        try:
            data = await self.request(Route("GET", "/applications/@me"))
        except discord.NotFound:
            data = {}
        if "id" not in data or not isinstance(data.get("owner"), dict):
            me = await self.request(Route("GET", "/users/@me"))
            data = {"id": me["id"], "owner": me, **{k: v for k, v in data.items() if v is not None}}
        plain = {
            "name": "",
            "description": "",
            "icon": None,
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "",
        }
        return {**plain, **data}


class Webhooks(AsyncWebhookAdapter):
    """Answers to interactions; discord.py takes this from a context variable, so it is set per task."""

    def __init__(self, address: Address, note: Callable[[str], None]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._address = address
        self._note = note

    async def request(self, route: Route, session: aiohttp.ClientSession, **kwargs: Any) -> Any:
        """One call, repeated where safe. A repeated first response that is "already acknowledged" had arrived."""
        if kwargs.get("multipart"):
            route.url = self._address.rest(route.url)
            return await super().request(route, session, **kwargs)
        callback = route.path.endswith("/callback")
        until = asyncio.get_running_loop().time() + (CALLBACK_S if callback else LONGEST_WAIT_S)
        for attempt in range(TRIES):
            try:
                return await self._once(route, session, kwargs, attempt)
            except discord.HTTPException as problem:
                wait = _in_time(_pause(problem.response, problem, attempt), until, attempt)
                if wait is None:
                    raise
            except (OSError, aiohttp.ClientError) as problem:
                self._note("timeout" if isinstance(problem, TimeoutError) else "drop")
                safe = callback or route.method in _REPEATABLE or _unsent(problem)
                wait = _in_time(_backoff(attempt) if safe else None, until, attempt)
                if wait is None:
                    raise
            await asyncio.sleep(wait)
        raise RuntimeError("unreachable")

    async def _once(self, route: Route, session: aiohttp.ClientSession, given: dict[str, Any], attempt: int) -> Any:
        headers = {"Content-Type": "application/json"} if given.get("payload") is not None else {}
        body = _to_json(given["payload"]) if given.get("payload") is not None else None
        callback = route.path.endswith("/callback")
        timeout = aiohttp.ClientTimeout(total=1.2 if callback else CALL_S)
        url = self._address.rest(route.url)
        call = session.request(
            route.method, url, data=body, headers=headers, params=given.get("params"), timeout=timeout
        )
        async with call as response:
            data = _decoded(await json_or_text(response))
            if response.ok:
                return data if not callback or isinstance(data, dict) else _callback_result(route)
            self._note("5xx" if response.status >= 500 else str(response.status))
            if callback and attempt and isinstance(data, dict) and data.get("code") == ALREADY_ACKNOWLEDGED:
                return _callback_result(route)
            raise (discord.NotFound if response.status == 404 else discord.HTTPException)(response, data)


def _decoded(data: Any) -> Any:
    """discord.py reads JSON only from the bare media type; proxies say ``application/json; charset=utf-8``."""
    if isinstance(data, str) and data[:1] in "{[":
        try:
            return json.loads(data)
        except ValueError:
            return data
    return data


def _told(data: Any, *, once: bool) -> Any:
    """``data``. Raises ClientPayloadError when a message that may be sent ``once`` only was answered with no object."""
    if once and not isinstance(data, dict):
        raise aiohttp.ClientPayloadError(
            "the answer is no JSON object"
        )  # cut off on the way; the nonce lets us ask again
    return data


@cache
def _patience(seconds: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=seconds)


def _code(text: str) -> int:
    """Discord's error code in an undecoded body; 0 when there is none."""
    body = _decoded(text)
    return int(body.get("code") or 0) if isinstance(body, dict) else 0


def _callback_result(route: Route) -> dict[str, Any]:
    """What discord.py reads of a first response, for hosts that answer 204 without a body."""
    return {"interaction": {"id": str(route.webhook_id), "type": 2}}


def _pause(response: Any, problem: discord.HTTPException | None, attempt: int) -> float | None:
    """Seconds until a refused call may be repeated; None when repeating does not help."""
    if response.status == 429:
        told = response.headers.get("Retry-After") or response.headers.get("X-RateLimit-Reset-After") or "1"
        wait = float(told) if re.fullmatch(r"\d+(\.\d+)?", told) else 1.0
        return wait + 0.05 if wait <= LONGEST_WAIT_S else None
    if response.status == 503 or (problem is not None and response.status >= 500):
        return _backoff(attempt)
    return None


def _in_time(wait: float | None, until: float, attempt: int) -> float | None:
    """``wait``, if there is a try left and it ends before ``until`` (loop time)."""
    if wait is None or attempt == TRIES - 1 or asyncio.get_running_loop().time() + wait > until:
        return None
    return wait


def jitter() -> float:
    """A factor from 0.5 to 1, so that many waiters do not come back at once."""
    return random.uniform(0.5, 1.0)  # noqa: S311 - no secret


def _backoff(attempt: int) -> float:
    return 0.1 * 2.0**attempt * jitter()


def _unsent(problem: BaseException) -> bool:
    """Whether nothing had gone out when it failed."""
    return isinstance(problem, aiohttp.ClientConnectorError)


def _trace(note: Callable[[str], None]) -> aiohttp.TraceConfig:
    trace = aiohttp.TraceConfig()

    async def ended(_: object, __: object, params: aiohttp.TraceRequestEndParams) -> None:
        if params.response.status == 429 or params.response.status >= 500:
            note("429" if params.response.status == 429 else "5xx")

    async def failed(_: object, __: object, params: aiohttp.TraceRequestExceptionParams) -> None:
        note("timeout" if isinstance(params.exception, TimeoutError) else "drop")

    trace.on_request_end.append(ended)
    trace.on_request_exception.append(failed)
    return trace
