"""When a call may go out and when it is made again: the library's AIORateLimiter, with its halt mended and safe repeats added.

Stock AIORateLimiter lets the first call that ends release everybody's halt (python-telegram-bot#5338), and halts the whole
bot for hours when ``setMyName`` is flooded. Here a 429 halts its own chat until the time has really passed, and the
whole bot once most of the last calls were refused, which is what a flood of the bot looks like.

What is repeated: 429 and 5xx (the server says that it did nothing), and a connection that was refused or dropped. What is
not: a message that the server took without answering in time (``Silent``), or whose answer began and was cut off
(``Unread``); the Bot API has no idempotency key and no way to ask whether a message exists, so a repeat might be a second
reply; the caller writes it down as unsure instead. Calls that may be made twice without harm (edits, answers to queries,
settings) are repeated then as well. A message that is refused with the token (401, 404) is tried again a few times:
single refusals come while a server restarts.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any

from telegram.error import InvalidToken, TelegramError
from telegram.ext import AIORateLimiter

from bot.platforms.telegram.wire import Dropped, Flooded, NotSent, ServerTrouble, Silent, Unread

MOST_REPEATS = 6
MOST_RESENDS = 3
"""Repeats of a message whose connection broke: nearly always a connection that was dead before the message."""
MOST_HALTS = 512
MOST_SENDING = 8
"""Messages on the wire at a time: 40 a second at 200 ms each, above Telegram's 30. What is on the wire when the process is
killed is sent again by its successor, so there should not be more than it takes."""
LONGEST_WAIT_S = 90.0
"""A longer ``retry_after`` is not waited for by settings calls; a message waits whatever it takes."""
FLOOD_OF = 20
"""How many of the last calls are looked at to tell a flooded chat from a flooded bot."""
_ONCE = frozenset({"sendMessage"})
_NAMES: dict[type[TelegramError], str] = {
    ServerTrouble: "5xx",
    Dropped: "dropped",
    Unread: "dropped",
    NotSent: "unsent",
    Silent: "timeout",
    InvalidToken: "token",
}

Call = Callable[..., Coroutine[Any, Any, Any]]


class Pace(AIORateLimiter):
    """The pacing of AIORateLimiter, halts that last, and repeats that cannot show a person two replies."""

    __slots__ = ("_ends", "_last", "_on_error", "_paced", "_sending")

    def __init__(self, *, paced: bool, on_error: Callable[[str], None]) -> None:
        """``paced``: keep Telegram's own limits (30 a second, 20 a minute and group); other servers say 429 themselves."""
        if paced:
            super().__init__(max_retries=MOST_REPEATS)
        else:
            super().__init__(overall_max_rate=0, group_max_rate=0, max_retries=MOST_REPEATS)
        self._paced = paced
        self._ends: dict[object, float] = {}
        self._last: deque[bool] = deque(maxlen=FLOOD_OF)
        self._on_error = on_error
        self._sending = asyncio.Semaphore(MOST_SENDING)

    async def process_request(
        self,
        callback: Call,
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Any:
        """The call's result, however often it had to be made; its last error when it was made too often."""
        chat = data.get("chat_id")
        key = endpoint if chat is None else chat
        most = MOST_REPEATS if rate_limit_args is None else rate_limit_args
        call = self._one_of_few(callback) if endpoint in _ONCE else callback
        tries = 0
        while True:
            await self._halt_over(key)
            try:
                if self._paced:
                    result = await self._run_request(chat is not None, _group(chat), False, call, args, kwargs)
                else:
                    result = await call(*args, **kwargs)
            except Flooded as refused:
                self._on_error("429")
                if tries >= 2 * most or not self._halts(key, refused, chat is None):
                    raise
            except (ServerTrouble, Dropped, Unread, NotSent, Silent, InvalidToken) as error:
                self._on_error(_NAMES[type(error)])
                if tries >= min(most, _repeats(error, endpoint)):
                    raise
                await asyncio.sleep(min(5.0, 0.05 * 2.0**tries) * random.uniform(0.8, 1.2))  # noqa: S311 - jitter
            else:
                self._last.append(False)
                return result
            tries += 1

    def _one_of_few(self, callback: Call) -> Call:
        """``callback`` when few others are on the wire; inside the limiter, so that who waits for a group blocks nobody."""

        async def call(*args: Any, **kwargs: Any) -> Any:
            async with self._sending:
                return await callback(*args, **kwargs)

        return call

    def _halts(self, key: object, refused: Flooded, optional: bool) -> bool:
        """Note until when nothing goes out; False when the call is not worth the wait."""
        wait = refused.retry_after.total_seconds()
        if optional and wait > LONGEST_WAIT_S:
            return False
        self._last.append(True)
        flooded = len(self._last) == FLOOD_OF and sum(self._last) * 2 > FLOOD_OF
        self._ends[None if flooded else key] = time.monotonic() + wait + 0.1
        return True

    async def _halt_over(self, key: object) -> None:
        """Wait until neither this chat nor the whole bot is halted; a halt may be prolonged meanwhile."""
        while self._ends:
            now = time.monotonic()
            end = max(self._ends.get(None, 0.0), self._ends.get(key, 0.0))
            if end <= now:
                break
            await asyncio.sleep(end - now)
        if len(self._ends) > MOST_HALTS:
            now = time.monotonic()
            self._ends = {key: end for key, end in self._ends.items() if end > now}


def _repeats(error: TelegramError, endpoint: str) -> int:
    if endpoint not in _ONCE:
        return 0 if isinstance(error, InvalidToken) else MOST_REPEATS
    return {Silent: 0, Unread: 0, Dropped: MOST_RESENDS, InvalidToken: MOST_RESENDS}.get(type(error), MOST_REPEATS)


def _group(chat: object) -> int | str | bool:
    """The chat when Telegram's limit of 20 a minute holds for it: groups and channels have ids below zero."""
    if isinstance(chat, str) and not chat.lstrip("-").isdigit():
        return chat
    return int(chat) if isinstance(chat, int | str) and int(chat) < 0 else False
