"""How a scenario uses a platform: as a person who types, presses and edits, and as nobody's insider.

Each platform has a driver beside this module (``terminal.py``, ``telegram.py``, ``discord.py``) that
offers ``connected``:

    @asynccontextmanager
    async def connected(make: MakeDesk, base: Settings) -> AsyncIterator[Client]: ...

It starts its loopback server, puts the server's addresses, a token and the admin's id into ``base``
(``replace(base, telegram_api_url=…, admins=frozenset({("telegram", "1001")}))``), has ``make`` build
the desk from that, runs the platform's real ``serve`` on it, yields a client once the platform is
connected, and stops all of it afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from bot.desk import Desk
from bot.settings import Settings

Where: TypeAlias = Literal["private", "group"]
User: TypeAlias = Literal["u1", "u2", "admin"]
"""``u1`` and ``u2`` are ordinary persons; ``admin`` is the one that the driver put into the settings."""
Command: TypeAlias = Literal[
    "basla", "yardim", "soru", "konular", "kaynak", "gizlilik", "sil", "yenile", "geri", "durum", "cevapsiz", "neden"
]
"""What a command does; the driver turns it into the platform's own name (``soru``: ``/sor`` on Discord)."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One reply as a person sees it, markup taken off.

    A reply that the platform splits over several messages is one Shown: ``parts`` are their texts, and
    ``text`` all of them. ``source`` is the quote and article line under an answer, wherever the platform
    puts it (it may be part of ``text`` too); empty when none is shown. ``buttons`` are the labels in
    order. ``ephemeral``: only the person who asked can see it. ``edited``: an earlier reply was changed
    in place of sending a new one.
    """

    text: str
    buttons: tuple[str, ...] = ()
    source: str = ""
    parts: tuple[str, ...] = ()
    ephemeral: bool = False
    edited: bool = False


class Client(Protocol):
    """A person's hands and eyes. ``None`` means that nothing was shown, after waiting long enough to be sure."""

    platform: str
    lacks: Mapping[str, str]
    """Scenarios that this platform cannot play, by name, each with the reason in a sentence."""

    async def say(
        self, text: str, *, where: Where = "private", user: User = "u1", addressed: bool = True, forwarded: bool = False
    ) -> Shown | None:
        """Type ``text``; in a group, ``addressed`` mentions the bot, replies to it or uses the question command.

        ``forwarded``: the message is somebody else's, passed on (also when it is a command such as ``/yenile``).
        """
        ...

    async def press(self, label: str, *, user: User = "u1") -> Shown | None:
        """Press the first button of the last shown reply whose label contains ``label``; raises LookupError without one.

        A reply that is only a toast or an ephemeral note counts as shown.
        """
        ...

    async def edit(self, text: str, *, user: User = "u1") -> Shown | None:
        """Change the person's last message to ``text``; also when ``text`` is a command."""
        ...

    async def command(
        self, name: Command, args: str = "", *, where: Where = "private", user: User = "u1"
    ) -> Shown | None:
        """Use a command as the platform offers it."""
        ...


MakeDesk: TypeAlias = Callable[[Settings], Desk]
Connected: TypeAlias = Callable[[MakeDesk, Settings], AbstractAsyncContextManager[Client]]
