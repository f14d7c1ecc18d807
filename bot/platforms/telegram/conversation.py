"""What the bot does when somebody writes to it: questions, commands and edits, in private chats, groups and topics."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping

from telegram import InlineKeyboardMarkup, Message
from telegram.constants import ChatID

from bot.desk.desk import Desk
from bot.desk.phrases import ADMIN_COMMANDS
from bot.desk.values import Asker
from bot.engine.model import Catalog, Reply
from bot.platforms.telegram import phrases
from bot.platforms.telegram.admin import Admin
from bot.platforms.telegram.buttons import topic_buttons, under_reply
from bot.platforms.telegram.incoming import (
    PLATFORM,
    Asked,
    Me,
    asked_with,
    command_in,
    is_addressed,
    is_from_bot,
    is_others_command,
    is_private,
    question_in,
)
from bot.platforms.telegram.markup import plain_html, sources_html, told
from bot.platforms.telegram.sending import Place, Sender, place_of

EDIT_AFTER_RESTART_S = 300.0
"""An edit of a question that this process does not know of is answered anew only when it came so soon."""

Handler = Callable[[Message, str], Awaitable[None]]


class Conversation:
    """Answers messages. One instance serves all chats; what it remembers of them is the Sender's."""

    def __init__(self, desk: Desk, sender: Sender, me: Me) -> None:
        self._desk = desk
        self._out = sender
        self._me = me
        self._admin = Admin(desk, sender)
        self._commands: Mapping[str, Handler] = {
            "start": self._start,
            "yardim": self._help,
            "help": self._help,
            "soru": self._question,
            "konular": self._topics,
            "kaynak": self._source,
            "gizlilik": self._privacy,
            "privacy": self._privacy,
            "sil": self._forget,
            **self._admin.commands,
        }

    async def on_message(self, message: Message) -> None:
        """Answer ``message`` if it is for us; a group's other talk is passed over in silence."""
        if is_from_bot(message) or _is_own_inline(message, self._me) or is_others_command(message, self._me):
            return
        if self._out.answers_to(message.chat.id, message.message_id) is not None:
            return  # its edit overtook it and was answered
        command = command_in(message, self._me)
        handler = self._commands.get(command.name) if command else None
        if command and handler:
            await handler(message, command.rest)
        elif command and (is_private(message) or is_addressed(message, self._me)):
            await self._say(message, phrases.UNKNOWN_COMMAND)
        elif not command:
            await self._plain(message)

    async def on_edit(self, message: Message) -> None:
        """An edited question edits its answer. An edited command does nothing, ``/soru`` apart."""
        command = command_in(message, self._me)
        if is_from_bot(message) or is_others_command(message, self._me) or (command and command.name != "soru"):
            return
        known = self._out.answers_to(message.chat.id, message.message_id)
        if known is None and _edited_after_s(message) > EDIT_AFTER_RESTART_S:
            return
        asked = asked_with(command.rest, message) if command else question_in(message, self._me)
        if asked and asked.text and await self._may_ask(message):
            await self._answer(message, asked, known)

    async def answer_with(self, place: Place, reply: Reply) -> list[int]:
        """Send ``reply`` with its source and buttons."""
        return await self._out.send(place, told(reply, self._catalog), under_reply(reply))

    # ── messages that are no command ────────────────────────────────────────────────────────────

    async def _plain(self, message: Message) -> None:
        asked = question_in(message, self._me)
        if asked and asked.text:
            if await self._may_ask(message):
                await self._answer(message, asked, None)
        elif asked:
            await self._say(message, phrases.HOW_TO_ASK)
        elif is_private(message) and message.effective_attachment:
            await self._say(message, phrases.ONLY_TEXT)

    async def _answer(self, message: Message, asked: Asked, known: list[int] | None) -> None:
        reply = await self._desk.ask(asker_of(message), asked.text)
        texts, buttons = told(reply, self._catalog), under_reply(reply)
        place = place_of(message, asked.reply_to)
        sent = (
            await self._revise(place, known, texts, buttons) if known else await self._out.send(place, texts, buttons)
        )
        self._out.remember(message.chat.id, message.message_id, sent)

    async def _revise(
        self, place: Place, known: list[int], texts: list[str], buttons: InlineKeyboardMarkup | None
    ) -> list[int]:
        """Make the messages ``known`` say ``texts``: the last changes, what is too many goes, what is missing comes."""
        kept: list[int] = []
        for message, text in zip(known, texts, strict=False):
            last = len(kept) + 1 == len(texts)
            if not await self._out.edit(place, message, text, buttons if last else None):
                return await self._out.send(place, texts, buttons)
            kept.append(message)
        await self._out.delete(place, known[len(texts) :])
        missing = texts[len(known) :]
        return kept + (await self._out.send(place, missing, buttons) if missing else [])

    async def _may_ask(self, message: Message) -> bool:
        notice = await self._desk.allowed(asker_of(message))
        if notice and notice.text:
            await self._say(message, notice.text)
        return notice is None

    # ── commands ────────────────────────────────────────────────────────────────────────────────

    async def _start(self, message: Message, payload: str) -> None:
        """The greeting; a deep link's payload is a topic's key and leads straight to its answer."""
        topics = self._desk.topics()
        if payload in {topic.key for topic in topics}:
            await self.answer_with(
                place_of(message, message.message_id), await self._desk.choose(asker_of(message), payload)
            )
        else:
            await self._say(message, self._desk.welcome(), topic_buttons(topics[:6]))

    async def _help(self, message: Message, _: str) -> None:
        admin = self._desk.is_admin(asker_of(message)) and is_private(message)
        await self._say(
            message, self._desk.help(slashed(phrases.COMMANDS), slashed(ADMIN_COMMANDS.items()) if admin else ())
        )

    async def _question(self, message: Message, rest: str) -> None:
        asked = asked_with(rest, message)
        if not asked.text:
            await self._say(message, phrases.HOW_TO_ASK)
        elif await self._may_ask(message):
            await self._answer(message, asked, None)

    async def _topics(self, message: Message, _: str) -> None:
        await self._say(message, phrases.TOPICS, topic_buttons(self._desk.topics()))

    async def _source(self, message: Message, _: str) -> None:
        await self._out.send(
            place_of(message, message.message_id), sources_html(self._desk.source(()), self._catalog.article)
        )

    async def _privacy(self, message: Message, _: str) -> None:
        await self._say(message, self._desk.privacy())

    async def _forget(self, message: Message, _: str) -> None:
        await self._say(message, await self._desk.forget(asker_of(message)))

    async def _say(self, message: Message, text: str, buttons: InlineKeyboardMarkup | None = None) -> None:
        await self._out.send(place_of(message, message.message_id), plain_html(text), buttons)

    @property
    def _catalog(self) -> Catalog:
        return self._desk.shelf.current.engine.catalog


def slashed(commands: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Commands as they are typed."""
    return [(f"/{name}", what) for name, what in commands]


def asker_of(message: Message) -> Asker:
    """Who wrote ``message``: anonymous admins and channels count as the chat that they write for."""
    author = message.sender_chat or message.from_user or message.chat
    return Asker(PLATFORM, str(author.id), place_of(message).name, str(message.message_id))


def _is_own_inline(message: Message, me: Me) -> bool:
    """Whether it is our own inline answer, sent by a person, or a channel's post copied into its discussion group."""
    if message.is_automatic_forward or (message.from_user and message.from_user.id == ChatID.SERVICE_CHAT):
        return True
    return bool(message.via_bot and message.via_bot.id == me.id)


def _edited_after_s(message: Message) -> float:
    return (message.edit_date - message.date).total_seconds() if message.edit_date else 0.0
