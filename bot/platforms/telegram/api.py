"""The bot as the library knows it, made lenient about what a server leaves out and silent about the token."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any

from telegram import LinkPreviewOptions, User
from telegram.constants import ParseMode
from telegram.ext import Defaults, ExtBot
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.platforms.telegram.pace import Pace
from bot.platforms.telegram.wire import Wire
from bot.settings import TELEGRAM_API

NO_PREVIEW = '{"is_disabled":true}'


class Api(ExtBot[int]):
    """The Bot API's methods; ``raw`` calls give the server's own JSON, which is what the journal keeps."""

    __slots__ = ("_pace",)

    def __init__(self, *, pace: Pace, **options: Any) -> None:
        """``options`` are the library's; every call but polls goes through ``pace``."""
        super().__init__(rate_limiter=pace, **options)
        with self._unfrozen():
            self._pace = pace

    def __repr__(self) -> str:
        """The library's own would show the token."""
        return "Api(***)"

    async def get_me(self, **_: Any) -> User:
        """Who the bot is. Only ``id`` is needed, and even that is in the token; what is missing is filled in."""
        told = await self._post("getMe")
        fields = told if isinstance(told, dict) else {}
        known = {"id": _id_in(self.token), "is_bot": True, "first_name": "Köprü", **fields}
        with self._unfrozen():
            self._bot_user = User.de_json(known, self)
        return self._bot_user

    async def poll(self, offset: int, wait_s: int, kinds: Sequence[str] | None, read_s: float) -> Any:
        """The server's own list of updates from ``offset`` on; waits up to ``wait_s`` seconds for one."""
        asked = {
            "offset": offset or None,
            "timeout": wait_s,
            "limit": 100,
            "allowed_updates": list(kinds) if kinds else None,
        }
        return await self._post("getUpdates", asked, read_timeout=read_s)

    async def shutdown(self) -> None:
        """Close the connections; the library's own forgets those of a start that was broken off."""
        await asyncio.gather(*(wire.shutdown() for wire in self._request))

    async def send(self, chat: int, text: str, **fields: str | int | None) -> int:
        """Send a message; its id, or 0 when the server does not tell.

        ``sendMessage`` without what the library puts around it: a Message of which only the id is used, defaults, and
        a look at each parameter for what it is. A third of a millisecond less for each reply, and nothing to go wrong
        once the message is sent. Parameters that are no plain values are JSON already.
        """
        given = {"chat_id": chat, "text": text, "link_preview_options": NO_PREVIEW, **fields}
        data = RequestData([RequestParameter(name, value, None) for name, value in given.items() if value is not None])
        url = f"{self.base_url}/sendMessage"
        told = await self._pace.process_request(
            self.request.post, (url, data), {}, "sendMessage", {"chat_id": chat}, None
        )
        number = told.get("message_id") if isinstance(told, dict) else None
        return number if isinstance(number, int) else 0

    async def raw(self, method: str, **fields: Any) -> Any:
        """Call ``method``; for what needs nothing of the library's types."""
        return await self._post(method, fields)


def make_api(token: str, root: str, on_error: Callable[[str], None]) -> Api:
    """An Api for the server at ``root``; ``on_error`` is told the kind of each failed call (``429``, ``5xx``…)."""
    logging.getLogger("telegram").setLevel(logging.INFO)  # its DEBUG lines hold whole messages
    return Api(
        token=token,
        base_url=f"{root.rstrip('/')}/bot",
        base_file_url=f"{root.rstrip('/')}/file/bot",
        request=Wire(root),
        get_updates_request=Wire(root),
        defaults=Defaults(
            parse_mode=ParseMode.HTML,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
            allow_sending_without_reply=True,
        ),
        pace=Pace(paced=root.rstrip("/") == TELEGRAM_API, on_error=on_error),
    )


def _id_in(token: str) -> int:
    head = token.partition(":")[0]
    return int(head) if head.isascii() and head.isdigit() else 0
