"""Paths under which a platform wants to be knocked on over HTTP (Telegram's webhook); ``bot.server`` serves them.

A platform opens its door before or while the server runs, and needs no server of its own:

    desk.doors.open("/telegram", on_webhook)   # async def on_webhook(knock: Knock) -> int
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

LARGEST_BODY = 1_048_576
"""Bytes of a body; larger ones are turned away with 413 before they are read."""


@dataclass(frozen=True, slots=True)
class Knock:
    """One POST: header names are lower-case, ``remote`` is the peer's address or empty."""

    headers: Mapping[str, str]
    body: bytes
    remote: str = ""


Answered: TypeAlias = Callable[[Knock], Awaitable[int]]
"""Handles a POST and returns the HTTP status; what it raises becomes 500 and is logged without the body."""


class Doors:
    """The open paths, each with its handler."""

    def __init__(self) -> None:
        self._open: dict[str, Answered] = {}

    def open(self, path: str, handler: Answered) -> None:
        """Have ``handler`` answer every POST on ``path`` (begins with ``/``); a second one replaces the first."""
        self._open[path] = handler

    def close(self, path: str) -> None:
        """Answer 404 on ``path`` again."""
        self._open.pop(path, None)

    def behind(self, path: str) -> Answered | None:
        """The handler of ``path``, if it is open."""
        return self._open.get(path)
