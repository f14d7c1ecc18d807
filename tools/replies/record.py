"""Talks to the real bot on both platforms over loopback and notes what came over the wire, as scenes.

The platform code, its libraries and the desk are the product's own; Telegram and Discord are the test servers,
which refuse what the platforms' documentation forbids.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from discord import Locale

from bot.content.cache import cached_edition, default_folder
from bot.content.shelf import Edition, Shelf
from bot.desk import Desk
from bot.engine.answer import Engine, answer
from bot.engine.context import NO_CONTEXT
from bot.engine.model import Status
from bot.journal import open_journal
from bot.platforms.discord.commands import name_in
from bot.settings import Limits, Settings
from tests.behaviour import discord as discord_driver
from tests.behaviour import telegram as telegram_driver
from tests.behaviour.client import Command, User
from tests.behaviour.discord import ADMIN, SLASH, DiscordClient
from tests.behaviour.telegram import NAMES, USERS, TelegramClient
from tests.servers.telegram import Sent
from tools.replies.scenes import Bubble, Menu, Post, Pressed, Results, Seen, Toast, Typing, Wrote

ROOMY = Limits(person_per_minute=6000, chat_per_minute=6000, burst=1000)
STRICT = Limits(person_per_minute=1, chat_per_minute=1, burst=1)
TODAY, LATER = "2026-02-03T10:24", "2031-03-01T10:24"
SHIPPED = default_folder()
SECOND = SHIPPED / "examples" / "kutuphane"
ASKED: Mapping[str, tuple[Status, tuple[str, ...]]] = {
    "absent": (Status.NOT_IN_ARTICLE, ("2023'te kaç Türk Kazakistan'a gitti?",)),
    "correction": (Status.ANSWER, ("Türkiye'nin Kazakistan'daki büyükelçiliği Almatı'da mıdır?",)),
    "unknown": (Status.UNKNOWN, ("Bugün hava nasıl olacak?", "En yakın eczane nerede?")),
    "smalltalk": (Status.SMALLTALK, ("Merhaba, sen kimsin?", "Merhaba!")),
    "clarify": (Status.CLARIFY, ("Toplam?", "Türkiye Kazakistan", "ticaret oldu", "milyar buldu")),
}
"""What a scene is asked for, and with which words: the first that are understood so, by whatever content is shipped."""
COMMANDS: Mapping[str, Command] = {"help": "yardim", "topics": "konular", "privacy": "gizlilik", "delete": "sil"}


class Person(Protocol):
    """Somebody in front of a chat; each act returns what was then seen, their own part first."""

    async def say(self, text: str) -> list[Seen]:
        """Write in the private chat."""
        ...

    async def command(self, name: Command, args: str = "", *, user: User = "u1") -> list[Seen]:
        """Use a command as the platform offers it."""
        ...

    async def press(self, label: str, *, user: User = "u1") -> list[Seen]:
        """Press a button of what was seen last."""
        ...


class OnTelegram:
    """A person on Telegram."""

    def __init__(self, client: TelegramClient) -> None:
        """See the chat through the behaviour suite's client."""
        self.client = client

    async def say(self, text: str) -> list[Seen]:
        """See ``Person.say``."""
        await self.client.say(text)
        return [Wrote(text), *map(self._bubble, self.client.last)]

    async def command(self, name: Command, args: str = "", *, user: User = "u1") -> list[Seen]:
        """See ``Person.command``."""
        await self.client.command(name, args, user=user)
        typed = f"/{NAMES.get(name, name)} {args}".strip()
        return [Wrote(typed), *map(self._bubble, self.client.last)]

    async def press(self, label: str, *, user: User = "u1") -> list[Seen]:
        """See ``Person.press``: a message of its own, a changed one, or a toast."""
        before = [(sent.id, sent.text, tuple(map(str, sent.buttons))) for sent in self.client.server.sent]
        found = next(b["text"] for sent in self.client.last for b in sent.buttons if label in b["text"])
        await self.client.press(label, user=user)
        await asyncio.sleep(0.2)  # buttons that change after the toast
        toast = list(self.client.server.callbacks.values())[-1]
        new = [s for s in self.client.server.sent if (s.id, s.text, tuple(map(str, s.buttons))) not in before]
        return [Pressed(found), *map(self._bubble, new), *([Toast(toast)] if toast else [])]

    async def inline(self, typed: str, most: int = 3) -> list[Seen]:
        """Type after the bot's name in another chat, and send the first result."""
        server = self.client.server
        query = server.ask_inline(typed, USERS["u1"])
        await server.until(lambda: query in server.inline)
        found = server.inline[query]
        name = f"@{server.bot['username']}"
        sent = found[0]["input_message_content"]["message_text"]
        return [
            Results(f"{name} {typed}", tuple(found[:most])),
            Pressed(found[0]["title"]),
            Bubble(sent, via=f"via {name}"),
        ]

    def _bubble(self, sent: Sent) -> Bubble:
        markup = sent.raw.get("reply_markup") or {}
        rows = tuple(tuple(b["text"] for b in row) for row in markup.get("inline_keyboard", ()))
        ours = next((s for s in self.client.server.sent if s.id == sent.reply_to), None)
        theirs = next((m for m in self.client.server.people() if m["message_id"] == sent.reply_to), None)
        if ours:
            return Bubble(sent.text, rows, ("Köprü", ours.shown))
        return Bubble(sent.text, rows, ("Ayşe", theirs["text"]) if theirs else ("", ""))


class OnDiscord:
    """A person on Discord: direct messages, and a server's channel for admins."""

    def __init__(self, client: DiscordClient) -> None:
        """See the channel through the behaviour suite's client."""
        self.client = client

    async def say(self, text: str) -> list[Seen]:
        """See ``Person.say``."""
        await self.client.say(text)
        return [Wrote(text), *(Post(dict(m), f"@Ayşe {text}") for m in self.client.last)]

    async def command(self, name: Command, args: str = "", *, user: User = "u1") -> list[Seen]:
        """See ``Person.command``; a bare mention greets."""
        if name == "basla":
            await self.client.command(name)
            return [Wrote("@Köprü"), *(Post(dict(m), "@Ayşe @Köprü") for m in self.client.last)]
        await self.client.command(name, args, user=user)
        shown = name_in(Locale.turkish, SLASH.get(name, name))
        called = f"yönetim {shown}" if name in ADMIN else shown
        return self._acted(f"Ayşe kullandı: /{called}" + (f" soru: {args}" if args else ""))

    async def press(self, label: str, *, user: User = "u1") -> list[Seen]:
        """See ``Person.press``."""
        await self.client.press(label, user=user)
        return [Pressed(label), *self._acted("")]

    async def complete(self, typed: str) -> list[Seen]:
        """Type into /sor and look at what is offered."""
        server = self.client.server
        act = await server.complete("sor", "soru", typed, user="u1", channel=server.direct("u1"))
        await server.until(lambda: act.choices is not None)
        return [Typing("sor", "soru", typed, tuple(str(c["name"]) for c in (act.choices or [])[:5]))]

    async def menu(self, text: str) -> list[Seen]:
        """Use the bot's entry in the context menu of somebody's message in a server."""
        server = self.client.server
        entry = next(c for c in server.commands if c.get("type") == 3)
        message = server.write(text, user="u2", channel=server.channel)
        act = await server.menu(entry["name"], message, user="u1")
        answer_ = await server.response_to(act)
        shown = str((entry.get("name_localizations") or {}).get("tr", entry["name"]))
        return [Menu(text, shown), Post(dict(answer_), f"Ayşe kullandı: {shown}", act.ephemeral)]

    def _acted(self, above: str) -> list[Seen]:
        act = list(self.client.server.acts.values())[-1]
        return [Post(dict(m), above if not n else "", act.ephemeral) for n, m in enumerate(self.client.last)]


# ── the bot that they talk to ───────────────────────────────────────────────────────────────────


@asynccontextmanager
async def bot(
    platform: str, edition: Edition, folder: Path, *, day: str = TODAY, limits: Limits = ROOMY
) -> AsyncIterator[tuple[Any, Desk]]:
    """A running bot on ``platform`` and a person; its clock begins at ``day`` and hardly moves."""
    began, start = time.time(), time.mktime(time.strptime(day, "%Y-%m-%dT%H:%M"))
    driver = telegram_driver if platform == "telegram" else discord_driver
    desks: list[Desk] = []
    with tempfile.TemporaryDirectory() as scratch:
        base = Settings(content_dir=folder, database_url=f"sqlite:///{scratch}/journal.sqlite3", limits=limits)
        journal = await open_journal(base.database_url, b"documentation")

        def make(settings: Settings) -> Desk:
            loaded = replace(edition, loaded_at=start - 3 * 3600)
            desks.append(Desk(Shelf(loaded), settings, journal, lambda: start + (time.time() - began) / 100))
            return desks[0]

        try:
            async with driver.connected(make, base) as client:
                person = OnTelegram(client) if isinstance(client, TelegramClient) else OnDiscord(client)
                yield person, desks[0]
        finally:
            await journal.close()


def asked_for(status: Status, questions: Sequence[str], engine: Engine) -> str:
    """The first of the questions that gets the verdict."""
    return next(q for q in questions if answer(q, NO_CONTEXT, engine)[0].status is status)


async def people(person: Any, desk: Desk) -> dict[str, list[Seen]]:
    """What everybody sees, on the product's own content."""
    seen: dict[str, list[Seen]] = {"welcome": await person.command("basla")}
    seen["answer"] = await person.say("Türkiye'den Kazakistan'a kaç turist gitti?")
    seen["source"] = await person.press("Kaynak")
    await person.say("2024'te kaç Kazak turist Türkiye'ye geldi?")
    seen["rated"] = await person.press("👍")
    for key, (status, questions) in ASKED.items():
        await person.command("sil")  # each question is somebody's first
        seen[key] = await person.say(asked_for(status, questions, desk.shelf.current.engine))
    seen["chosen"] = await person.press(_first_label(seen["clarify"]))
    await person.say("Bugün hava nasıl?")
    for key, name in COMMANDS.items():
        seen[key] = await person.command(name)
    if isinstance(person, OnTelegram):
        seen["inline"] = await person.inline("ticaret")
    else:
        seen["autocomplete"] = await person.complete("ticaret")
        seen["menu"] = await person.menu("Kazakistan'la ticaretimiz ne kadar acaba?")
    return seen


def _first_label(seen: Sequence[Seen]) -> str:
    last = seen[-1]
    if isinstance(last, Bubble):
        return last.rows[0][0]
    assert isinstance(last, Post)
    return str(last.message["components"][0]["components"][0]["label"])


async def admins(person: Any, folder: Path) -> dict[str, list[Seen]]:
    """What admins see, on a copy of the second article's content, which is edited as an editor would."""
    seen: dict[str, list[Seen]] = {"refusal": await person.command("yenile", user="u1")}
    for text in ("Kütüphanede kahve var mı?", "Kütüphanenin telefonu kaç?", "Bugün maç kaç kaç bitti?"):
        await person.say(text)
    seen["status"] = await person.command("durum", user="admin")
    seen["why"] = await person.command("neden", "Kütüphanede kaç kitap var?", user="admin")
    seen["inbox"] = await person.command("cevapsiz", user="admin")
    seen["group"] = await person.press("1", user="admin")
    seen["settled"] = await person.press("Konu dışı", user="admin")
    facts = folder / "facts" / "bina.yaml"
    text = facts.read_text(encoding="utf-8")
    statement = text.index("statement: ") + len("statement: ")
    facts.write_text(text[:statement] + "Bugün itibarıyla " + text[statement:], encoding="utf-8")
    seen["reload"] = await person.command("yenile", user="admin")
    facts.write_text(text.replace("statement:", "stetement:", 1).replace("quote:", "qoute:", 1), encoding="utf-8")
    seen["broken"] = await person.command("yenile", user="admin")
    return seen


async def _recorded(platform: str) -> dict[str, list[Seen]]:
    product, second = cached_edition(SHIPPED), cached_edition(SECOND)
    seen: dict[str, list[Seen]] = {}
    async with bot(platform, product, SHIPPED) as (person, desk):
        seen |= await people(person, desk)
    async with bot(platform, product, SHIPPED, limits=STRICT) as (person, _):
        await person.say("Kazakistan'ın başkenti neresi?")
        seen["slow"] = await person.say("Peki Türkiye'nin?")
    async with bot(platform, second, SECOND, day=LATER) as (person, _):
        seen["past"] = await person.say("Hafta sonu kaça kadar açık?")
    with tempfile.TemporaryDirectory() as scratch:
        folder = _copied(second, Path(scratch))
        async with bot(platform, second, folder) as (person, _):
            seen |= await admins(person, folder)
    return seen


def _copied(edition: Edition, folder: Path) -> Path:
    for name, body in edition.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    return folder


def recorded(platforms: Sequence[str] = ("telegram", "discord")) -> dict[str, dict[str, tuple[Seen, ...]]]:
    """Platform → scene → what was seen."""
    return {p: {key: tuple(seen) for key, seen in asyncio.run(_recorded(p)).items()} for p in platforms}


__all__ = ["recorded"]
