"""The terminal as a Client: types lines into the chat and reads the screen."""

# ruff: noqa: ARG002 - a terminal has one person in one place

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from bot.platforms.terminal.chat import ME, Chat
from bot.platforms.terminal.text import Look
from bot.settings import Settings
from tests.behaviour.client import Client, Command, MakeDesk, Shown, User, Where

LOOK = Look(columns=80)
NO_GROUPS = "a terminal has one person and no groups"
NO_EDITS = "a line that was typed cannot be changed"
OWN_PACE = "nobody else waits for this terminal"
OWN_COPY = "whoever sits at the terminal is the admin of this copy"
TYPED: Mapping[str, str] = {"👍": "/iyi", "👎": "/kotu", "Kaynak": "/kaynak"}
"""What a terminal has in place of buttons under an answer."""
_ITEM = re.compile(r"\s*(\d+)\)\s+(.+)")


@asynccontextmanager
async def connected(make: MakeDesk, base: Settings) -> AsyncIterator[Client]:
    """A chat at the keyboard; its person is the admin."""
    yield Terminal(Chat(make(base.with_admin(ME.platform, ME.user))))


class Terminal:
    """See ``Client``; every user is whoever sits at the keyboard."""

    platform = "terminal"
    lacks: Mapping[str, str] = {
        "follow_up_is_personal": NO_GROUPS,
        "not_addressed": NO_GROUPS,
        "addressed": NO_GROUPS,
        "admin_in_group": NO_GROUPS,
        "edit": NO_EDITS,
        "passed_on_command": NO_EDITS,
        "non_admin_reload": OWN_COPY,
        "too_fast": OWN_PACE,
    }

    def __init__(self, chat: Chat) -> None:
        self._chat = chat
        self._last = Shown("")

    async def say(
        self, text: str, *, where: Where = "private", user: User = "u1", addressed: bool = True, forwarded: bool = False
    ) -> Shown | None:
        """Type a line."""
        screen = await self._chat.says(text, LOOK)
        self._last = read(screen)
        return self._last if screen else None

    async def press(self, label: str, *, user: User = "u1") -> Shown | None:
        """Type the number of a listed choice, or the command that stands for a button."""
        if label in TYPED:
            return await self.say(TYPED[label])
        number = next((b.partition(")")[0] for b in self._last.buttons if label in b), None)
        if number is None:
            raise LookupError(f"{label!r} is not among {self._last.buttons}")
        return await self.say(number)

    async def edit(self, text: str, *, user: User = "u1") -> Shown | None:
        """A terminal cannot."""
        raise NotImplementedError(NO_EDITS)

    async def command(
        self, name: Command, args: str = "", *, where: Where = "private", user: User = "u1"
    ) -> Shown | None:
        """Type a command; the greeting is what the chat begins with."""
        if name == "basla":
            return read(self._chat.greeting(LOOK))
        return await self.say(f"/{name} {args}".strip())


def read(screen: str) -> Shown:
    """What stands on the screen, lines joined to paragraphs; numbered lines are buttons, barred ones the source."""
    lines = screen.splitlines()
    barred = [line.strip().removeprefix("│").strip() for line in lines if line.strip().startswith("│")]
    items = tuple(f"{m[1]}) {m[2]}" for line in lines if (m := _ITEM.fullmatch(line)))
    paragraphs = "\n".join(line.strip() for line in lines if not line.strip().startswith("│")).split("\n\n")
    text = "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs if paragraph.strip())
    return Shown(text, items, " ".join(barred), (screen,))
