"""How calls travel to the Bot API: python-telegram-bot's request interface over aiohttp, failures sorted by what they mean.

The library's own httpx transport costs 0.68 ms of CPU a call where aiohttp costs 0.16 (one core, loopback), and it
cannot tell a request that never left from one whose answer was lost. The difference decides whether a message may
be sent again. No error that leaves here names the URL, since the URL holds the token.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram._utils.defaultvalue import DefaultValue
from telegram._utils.types import ODVInput
from telegram.error import NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

CONNECT_S = 5.0
READ_S = 20.0
CONNECTIONS = 128


class NotSent(NetworkError):
    """The request did not leave: refused, no route, no name, no free connection. Sending again is safe."""


class ServerTrouble(NetworkError):
    """The server answered 5xx: it says itself that it did not do it."""


class Dropped(NetworkError):
    """The connection broke before a whole answer came; the server may have done it."""


class Unread(NetworkError):
    """The server began to answer 200 and its answer was cut off: it has done it, with what result is not known."""


class Silent(TimedOut):
    """The server took the request and did not answer in time; it may have done it, or do it later."""


class Flooded(RetryAfter):
    """The library's RetryAfter, without its warning that ``retry_after`` will change its type: here it has."""

    def __init__(self, seconds: float) -> None:
        """``seconds``: how long the server asks us to wait."""
        self._wait = timedelta(seconds=seconds)
        super().__init__(self._wait)

    @property
    def retry_after(self) -> timedelta:
        """How long to wait."""
        return self._wait


class Wire(BaseRequest):
    """One pool of connections to a Bot API server."""

    __slots__ = ("_proxy", "_session")

    def __init__(self, root: str) -> None:
        """``root`` is the server's address; whether it is reached through a proxy is read from the environment once.

        aiohttp's own ``trust_env`` asks a thread for it at each call, which doubles the cost of a call.
        """
        parts = urlsplit(root)
        self._proxy = None if proxy_bypass(parts.hostname or "") else getproxies().get(parts.scheme)
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """Seconds that a call waits for its answer, unless it says otherwise."""
        return READ_S

    async def initialize(self) -> None:
        """Open the pool; a closed one is opened anew."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS, ttl_dns_cache=60),
                headers={"User-Agent": "Kopru", "Content-Type": "application/x-www-form-urlencoded"},
                proxy=self._proxy,
            )

    async def shutdown(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
    ) -> tuple[int, bytes]:
        """The status and body of one call; raises NotSent, Dropped, Unread, Silent, ServerTrouble or Flooded."""
        if self._session is None or self._session.closed:
            raise NotSent("the connection pool is closed")
        body = encoded(request_data.json_parameters) if request_data else b""
        read = READ_S if isinstance(read_timeout, DefaultValue) or read_timeout is None else read_timeout
        timeout = _patience(read)
        try:
            async with self._session.request(method, url, data=body, timeout=timeout, allow_redirects=False) as answer:
                return _judged(answer.status, await _whole(answer))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSent(type(error).__name__) from None
        except TimeoutError as error:
            raise Silent(type(error).__name__) from None
        except (aiohttp.ClientError, OSError) as error:
            raise Dropped(type(error).__name__) from None

    @staticmethod
    def parse_json_payload(payload: bytes) -> Any:
        """The decoded answer; unlike the library's, a bad one is not written to the log."""
        try:
            return json.loads(payload.decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            if _says_ok(payload):
                raise Unread("the server's answer is cut off") from None
            raise TelegramError("the server's answer is no JSON") from None


_CODES = ["+" if code == ord(" ") else quote(bytes([code]), safe="") for code in range(256)]


def encoded(parameters: Mapping[str, str]) -> bytes:
    """A form's body, as ``urlencode`` makes it in twice the time; the names are plain words."""
    return "&".join(
        [f"{name}={''.join(map(_CODES.__getitem__, text.encode()))}" for name, text in parameters.items()]
    ).encode()


async def _whole(answer: aiohttp.ClientResponse) -> bytes:
    """The body. Raises Unread when a success is cut off; of a refusal the status is enough."""
    try:
        return await answer.read()
    except TimeoutError:
        raise
    except (aiohttp.ClientError, OSError) as error:
        if answer.status == HTTPStatus.OK:
            raise Unread(type(error).__name__) from None
        return b""


@cache
def _patience(read_s: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=read_s, connect=CONNECT_S)


def _judged(status: int, body: bytes) -> tuple[int, bytes]:
    """Leniently: a refusal that came with 200 counts by its ``error_code``; a 429 without a time means a second."""
    if status == HTTPStatus.OK and _says_ok(body):
        return status, body
    told = _object_in(body)
    if told is not None:
        if status == HTTPStatus.OK and told.get("ok") is not True:
            status = int(told.get("error_code") or HTTPStatus.BAD_REQUEST)
        elif status == HTTPStatus.OK and "result" not in told:
            return status, b'{"ok":true,"result":true}'
        parameters = told.get("parameters")
        wait = parameters.get("retry_after") if isinstance(parameters, dict) else None
        if isinstance(wait, int | float) and status >= HTTPStatus.BAD_REQUEST:
            raise Flooded(max(0.0, wait))
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        raise Flooded(1.0)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise ServerTrouble(f"the server answered {status}")
    if status == HTTPStatus.OK and told is None:
        raise _unusable(body)
    return status, body


def _says_ok(body: bytes) -> bool:
    """Whether an answer begins as that of a success; the rest need not be there."""
    return b'"ok":true' in body[:40].replace(b" ", b"")


def _object_in(body: bytes) -> dict[str, Any] | None:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def _unusable(body: bytes) -> NetworkError:
    """What a 200 without a JSON object means: an answer that was cut off, or a page of something that stands between."""
    if body.lstrip()[:1] == b"{":
        return Unread("the server's answer is cut off")
    return Dropped("the answer is no JSON object")
