"""The conversation of ``python -m bot chat``: a line in, text out; the person at the keyboard is an admin.

``Chat.says`` is the whole of it and touches no stream, so that tests and other fronts can hold the
conversation; ``talk`` connects it to a keyboard or a pipe.
"""

from __future__ import annotations

import asyncio
import logging
import re
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import IO, ClassVar, TypeAlias

from bot.desk import Asker, Desk, How, InboxGroup, Topic
from bot.desk.phrases import ADMIN_COMMANDS, DECISIONS, INBOX_EMPTY, WHERE_TO, inbox_head, suggested, told, why_noted
from bot.engine.compose import dates_of
from bot.engine.model import Reply, Status
from bot.engine.text import fold
from bot.platforms.terminal.text import (
    BOLD,
    CYAN,
    FAINT,
    GREEN,
    YELLOW,
    Look,
    look_of,
    numbered,
    paragraph,
    plain,
    to_text,
)

PLATFORM = "terminal"
ME = Asker(PLATFORM, "ben", "terminal")
"""Whoever types; the journal of a chat lives in memory, so there is only ever one."""
GOODBYE = "Hoşça kalın!"
NONE_OF_THESE = "Hiçbiri değil"
_MARK = {
    Status.ANSWER: ("●", GREEN),
    Status.NOT_IN_ARTICLE: ("○", YELLOW),
    Status.CLARIFY: ("?", CYAN),
    Status.UNKNOWN: ("○", FAINT),
    Status.SMALLTALK: ("●", CYAN),
}
_MARGIN = "  "
_ESCAPES = re.compile(r"(\x1b\[[\d;]*m)")
"""Marked as taking no room in a prompt, else the line editor counts them as columns."""


Act: TypeAlias = Callable[["Chat", str, Look], Awaitable[str]]
Pick: TypeAlias = Callable[[Look], Awaitable[str]]
"""What a number of the last list does."""


@dataclass
class Chat:
    """One conversation at one keyboard: what was asked and shown last, and what a typed number stands for."""

    desk: Desk
    over: bool = False
    _question: str = ""
    _reply: Reply | None = None
    _offers: Mapping[int, Pick] = field(default_factory=dict)
    """What each number of the last list leads to; 0 is none of them."""

    def greeting(self, look: Look) -> str:
        """What this is, what it can talk about, three examples, and how to get on."""
        titles = ", ".join(t.title for t in _spread(self.desk.topics(), 6))
        hint = "Sorunuzu yazın. /konular bütün konuları, /yardim komutları gösterir; /cikis bitirir."
        inside = _within(look)
        subjects = paragraph(f"Konulardan bazıları: {titles}…", inside)
        return _framed([paragraph(self.desk.welcome(), inside), subjects, inside.paint(paragraph(hint, inside), FAINT)])

    async def says(self, line: str, look: Look) -> str:
        """What the bot shows after ``line`` was typed; empty for an empty line."""
        text = plain(line).strip()
        if not text:
            return ""
        inside = _within(look)
        if text.startswith("/"):
            return _framed([await self._command(text, inside)])
        if self._offers and text.rstrip(".)").isdecimal():
            return await self._picked(int(text.rstrip(".)")), look)
        self._question = text
        return self._shown(await self.desk.ask(ME, text), look)

    async def _picked(self, number: int, look: Look) -> str:
        pick = self._offers.get(number)
        if pick is None:
            told = f"Listeden bir sayı yazın: {min(self._offers)}–{max(self._offers)}."
            return _framed([paragraph(told, _within(look))])
        return await pick(look)

    async def _chosen(self, key: str, look: Look) -> str:
        """The reply behind a choice or topic; the offers stay: another may be picked."""
        self._reply = await self.desk.choose(ME, key)
        return _marked(self._reply, self._text(self._reply, _within(look)), look)

    async def _none(self, look: Look) -> str:
        self._offers = {}
        return _framed([paragraph(await self.desk.none_of_these(ME, self._question), _within(look))])

    def _shown(self, reply: Reply, look: Look) -> str:
        self._reply = reply
        self._offers = {n: partial(self._chosen, c.key) for n, c in enumerate(reply.choices, 1)}
        text = self._text(reply, _within(look))
        if self._offers:
            self._offers = {**self._offers, 0: self._none}
            text += "\n" + numbered({0: NONE_OF_THESE}, _within(look))
        return _marked(reply, text, look)

    def _text(self, reply: Reply, look: Look) -> str:
        catalog = self.desk.shelf.current.engine.catalog
        return to_text(reply, catalog.article, look, dates_of(reply, catalog))

    # ── commands ────────────────────────────────────────────────────────────────────────────────

    async def _command(self, text: str, look: Look) -> str:
        word, _, rest = text[1:].partition(" ")
        name = fold(word)
        act = next((act for names, _, act in self.ACTS if name in names.split()), None)
        if act is None:
            return paragraph("Böyle bir komut yok. Komutların listesi: /yardim", look)
        return await act(self, rest.strip(), look)

    async def _help(self, _: str, look: Look) -> str:
        own = [(names.split()[0], what) for names, what, _ in self.ACTS]
        asking = [(f"/{name}", what) for name, what in own if name == "neden" or name not in ADMIN_COMMANDS]
        managing = [(f"/{name}", what) for name, what in own if name != "neden" and name in ADMIN_COMMANDS]
        more = "Bir listeden seçmek için sayısını yazın."
        return paragraph(f"{self.desk.help(asking, managing)}\n\n{more}", look)

    async def _topics(self, _: str, look: Look) -> str:
        topics = self.desk.topics()
        self._offers = {n: partial(self._chosen, t.key) for n, t in enumerate(topics, 1)}
        listed = numbered({n: t.title for n, t in enumerate(topics, 1)}, look)
        return f"{listed}\n\n{look.paint(paragraph('Bir konunun sayısını yazın ya da sorunuzu sorun.', look), FAINT)}"

    async def _source(self, _: str, look: Look) -> str:
        return self._text(self.desk.source(self._reply.facts if self._reply else ()), look)

    async def _why(self, question: str, look: Look) -> str:
        if question:
            return paragraph(await self.desk.why(question, ME), look)
        if self._reply is None:
            return paragraph("Önce bir soru sorun; sonra /neden o yanıtın nasıl bulunduğunu gösterir.", look)
        return paragraph("\n".join(self._reply.trace) or "Bu yanıt bir sorudan değil, bir seçimden geldi.", look)

    async def _good(self, _: str, look: Look) -> str:
        return await self._rate(good=True, look=look)

    async def _bad(self, _: str, look: Look) -> str:
        return await self._rate(good=False, look=look)

    async def _rate(self, *, good: bool, look: Look) -> str:
        if self._reply is None or self._reply.status is not Status.ANSWER:
            return paragraph("Değerlendirilecek bir yanıt yok; önce bir soru sorun.", look)
        return paragraph(await self.desk.rate(ME, self._reply.intent, good, self._question), look)

    async def _privacy(self, _: str, look: Look) -> str:
        here = "Bu terminal sohbetinde kayıtlar yalnızca bellektedir; sohbet bitince hiçbiri kalmaz."
        return paragraph(f"{here}\n\n{self.desk.privacy()}", look)

    async def _forget(self, _: str, look: Look) -> str:
        self._question, self._reply, self._offers = "", None, {}
        return paragraph(await self.desk.forget(ME), look)

    async def _reload(self, _: str, look: Look) -> str:
        return paragraph(told(await self.desk.reload(ME)), look)

    async def _back(self, _: str, look: Look) -> str:
        return paragraph(told(await self.desk.back(ME)), look)

    async def _status(self, _: str, look: Look) -> str:
        return paragraph(await self.desk.status(), look)

    async def _unanswered(self, number: str, look: Look) -> str:
        """A page of the inbox; a group's number opens it."""
        page = await self.desk.inbox(int(number) - 1 if number.isdecimal() else 0)
        if not page.groups:
            return paragraph(INBOX_EMPTY, look)
        self._offers = {n: partial(self._opened, group) for n, group in enumerate(page.groups, 1)}
        listed = numbered({n: f"{g.texts[0]} ({why_noted(g)})" for n, g in enumerate(page.groups, 1)}, look)
        more = f" Sonraki sayfa: /cevapsiz {page.page + 2}" if page.page + 1 < page.pages else ""
        hint = look.paint(paragraph(f"Karar vermek için sayısını yazın.{more}", look), FAINT)
        return f"{paragraph(inbox_head(page), look)}\n\n{listed}\n\n{hint}"

    async def _opened(self, group: InboxGroup, look: Look) -> str:
        """One group with its wordings; a number decides on it."""
        offered: list[tuple[How, str | None, str]] = [(s.how, s.intent, f"→ {suggested(s)}") for s in group.suggestions]
        offered += [(how, None, label) for how, label in DECISIONS.items()]
        self._offers = {n: partial(self._settled, group.id, how, i) for n, (how, i, _) in enumerate(offered, 1)}
        inside = _within(look)
        texts = "\n".join(f"• {text}" for text in group.texts)
        listed = numbered({n: label for n, (_, _, label) in enumerate(offered, 1)}, inside)
        return _framed([paragraph(f"{texts}\n({why_noted(group)})\n\n{WHERE_TO}", inside), listed])

    async def _settled(self, group: str, how: How, intent: str | None, look: Look) -> str:
        self._offers = {}
        return _framed([paragraph(await self.desk.settle(ME, group, how, intent), _within(look))])

    async def _leave(self, _: str, look: Look) -> str:
        self.over = True
        return paragraph(GOODBYE, look)

    ACTS: ClassVar[tuple[tuple[str, str, Act], ...]] = (
        ("konular", "Sorabileceğiniz konular", _topics),
        ("kaynak", "Son yanıtın dayandığı tümceler", _source),
        ("neden", "Son yanıtın ya da yazılan bir sorunun nasıl okunduğu", _why),
        ("iyi", "Son yanıt yararlı oldu", _good),
        ("kotu", "Son yanıt yararlı olmadı", _bad),
        ("gizlilik privacy", "Hangi bilgilerin neden tutulduğu", _privacy),
        ("sil", "Size ait kayıtları siler", _forget),
        ("yardim help start", "Bu açıklama", _help),
        ("cikis cik quit exit", "Sohbeti bitirir", _leave),
        ("yenile reload", ADMIN_COMMANDS["yenile"], _reload),
        ("geri", ADMIN_COMMANDS["geri"], _back),
        ("durum", ADMIN_COMMANDS["durum"], _status),
        ("cevapsiz", ADMIN_COMMANDS["cevapsiz"], _unanswered),
    )
    """Folded names, so that ``/çıkış`` and ``/CIKIS`` are one; the first of each row is the one that is shown, with what it does."""


def _spread(topics: Sequence[Topic], most: int) -> Sequence[Topic]:
    """Topics from all over the list: neighbours are alike."""
    return topics[:: max(1, len(topics) // most)][:most]


def _within(look: Look) -> Look:
    return Look(min(look.columns, 90) - len(_MARGIN), look.colour)


def _marked(reply: Reply, text: str, look: Look) -> str:
    sign, style = _MARK[reply.status]
    return look.paint(sign, style) + _framed([text]).removeprefix(_MARGIN[:1])


def _framed(parts: list[str]) -> str:
    lines = "\n\n".join(parts).split("\n")
    return "\n".join(_MARGIN + line if line else "" for line in lines)


# ── the streams ─────────────────────────────────────────────────────────────────────────────────


def talk(desk: Desk, out: IO[str] = sys.stdout) -> None:
    """Hold a conversation over standard input and ``out`` until it ends, politely also on Ctrl-C and Ctrl-D."""
    logging.getLogger("bot").addHandler(logging.NullHandler())  # what the log would say, the replies say
    chat = Chat(desk)
    print("\n" + chat.greeting(look_of(out)) + "\n", file=out)
    try:
        with asyncio.Runner() as runner:
            for line in _lines(out):
                shown = runner.run(chat.says(line, look_of(out)))
                if shown:
                    print(f"\n{shown}\n", file=out, flush=True)
                if chat.over:
                    return
    except KeyboardInterrupt:
        print(file=out)
    print(_framed([GOODBYE]), file=out)


def _lines(out: IO[str]) -> Iterator[str]:
    """Typed or piped lines; bytes that are not UTF-8 arrive as �, and piped ones are shown as if typed."""
    sys.stdin.reconfigure(errors="replace")  # type: ignore[union-attr]  # our own text stream
    keyboard = sys.stdin.isatty() and out.isatty()
    prompt = look_of(out).paint("siz ›", f"{BOLD};{CYAN}") + " "
    typed = _ESCAPES.sub("\x01\\1\x02", prompt) if keyboard and _line_editor_ready() else prompt
    while True:
        try:
            line = input(typed if keyboard else "")
        except EOFError:
            if keyboard:
                print(file=out)
            return
        if not keyboard:
            print(f"{prompt}{plain(line)}", file=out)
        yield line


def _line_editor_ready() -> bool:
    """Arrow keys, history of this conversation, and Tab for commands, where the system has an editor."""
    try:
        import readline
    except ImportError:
        return False
    names = [f"/{row.split()[0]} " for row, _, _ in Chat.ACTS]

    def completed(text: str, state: int) -> str | None:
        return dict(enumerate(n for n in names if text and n.startswith(text))).get(state)

    readline.set_completer_delims("")
    readline.set_completer(completed)
    readline.parse_and_bind("tab: complete")
    return True
