"""How a reply gets into a chat: every way in which Telegram may refuse it, each with what is done about it."""

from __future__ import annotations

import html
import logging
import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from telegram import InlineKeyboardMarkup, Message
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, TelegramError

from bot.platforms.telegram.api import Api
from bot.platforms.telegram.incoming import PLATFORM
from bot.platforms.telegram.wire import Dropped, Silent, Unread

log = logging.getLogger(__name__)
MOST_REMEMBERED = 5_000
_NO_PARSE = re.compile(r"<[^>]*>")


class Unsure(Exception):
    """A reply may or may not have arrived; it must not be sent again."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reply goes: the chat, its forum topic if any, and the message that it quotes."""

    chat: int
    topic: int | None = None
    direct_topic: int | None = None
    reply_to: int | None = None

    @property
    def name(self) -> str:
        """The chat as the desk knows it; a forum's topics are conversations of their own."""
        return f"{self.chat}/{self.topic}" if self.topic else str(self.chat)


@dataclass(frozen=True, slots=True)
class Form:
    """How a message is sent: ``plain`` without markup, not ``whole`` without what smaller servers do not know."""

    place: Place
    plain: bool = False
    whole: bool = True


def place_of(message: Message, reply_to: int | None = None) -> Place:
    """Where to answer ``message``. Only a topic's thread id is kept: a reply chain's is refused by the server."""
    direct = message.direct_messages_topic
    return Place(
        chat=message.chat.id,
        topic=message.message_thread_id if message.is_topic_message else None,
        direct_topic=direct.topic_id if direct else None,
        reply_to=reply_to,
    )


class Sender:
    """Sends and edits messages; remembers which of ours answer which of theirs."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._answers: OrderedDict[tuple[int, int], list[int]] = OrderedDict()
        self._told: set[tuple[int, str]] = set()

    async def send(
        self, place: Place, messages: Sequence[str], buttons: InlineKeyboardMarkup | None = None
    ) -> list[int]:
        """Send ``messages`` in order, ``buttons`` under the last; the ids of what was sent, 0 where not told.

        Raises Unsure, or another of the library's errors when nothing at all was sent.
        """
        sent: list[int] = []
        for number, text in enumerate(messages, 1):
            here = place if number == 1 else replace(place, reply_to=None)
            try:
                got = await self._send_one(here, text, buttons if number == len(messages) else None)
            except (Dropped, Silent, Unread) as error:
                raise Unsure(type(error).__name__) from None
            except TelegramError as error:
                if sent:  # sending all again would repeat what was seen
                    raise Unsure(type(error).__name__) from None
                raise
            if got is None:
                break
            sent.append(got)
        return sent

    async def edit(self, place: Place, message: int, text: str, buttons: InlineKeyboardMarkup | None) -> bool:
        """Make our ``message`` say ``text``; False when it cannot be edited any more and must be sent anew."""
        try:
            await self._api.edit_message_text(text, chat_id=place.chat, message_id=message, reply_markup=buttons)
        except _NO_EDIT as error:
            if "not modified" not in error.message.lower():
                self._note_once(place.chat, "cannot_edit", error)
                return False
        except Forbidden as error:
            self._note_once(place.chat, "cannot_write", error)
        except _UNPARSED:
            pass
        return True

    async def show_buttons(self, place: Place, message: int, buttons: InlineKeyboardMarkup | None) -> None:
        """Change the buttons under our ``message``; it is no trouble if that cannot be done."""
        try:
            await self._api.edit_message_reply_markup(place.chat, message, reply_markup=buttons)
        except (*_NO_EDIT, Forbidden) as error:
            if "not modified" not in error.message.lower():
                self._note_once(place.chat, "cannot_edit", error)
        except _UNPARSED:
            pass

    async def delete(self, place: Place, messages: Sequence[int]) -> None:
        """Take back messages of ours, as far as the chat lets us."""
        for message in messages:
            try:
                await self._api.delete_message(place.chat, message)
            except (*_NO_EDIT, Forbidden) as error:
                self._note_once(place.chat, "cannot_delete", error)

    def remember(self, chat: int, question: int, answers: Sequence[int]) -> None:
        """Keep which messages answer ``question``, so that its edit edits them; the oldest are forgotten."""
        self._answers[chat, question] = [a for a in answers if a]
        self._answers.move_to_end((chat, question))
        while len(self._answers) > MOST_REMEMBERED:
            self._answers.popitem(last=False)

    def answers_to(self, chat: int, question: int) -> list[int] | None:
        """The messages that answer ``question``; None when that is not known here."""
        return self._answers.get((chat, question))

    async def _send_one(self, place: Place, text: str, buttons: InlineKeyboardMarkup | None) -> int | None:
        """The id of the message; None when the chat does not let us write, which is noted once."""
        form = Form(place)
        for _ in range(5):
            try:
                return await self._call(form, text, buttons)
            except ChatMigrated as moved:
                form = replace(form, place=replace(form.place, chat=moved.new_chat_id, reply_to=None))
            except Forbidden as error:
                self._note_once(place.chat, "cannot_write", error)
                return None
            except BadRequest as error:
                mended = _mended(form, error.message.lower())
                if mended is None:
                    self._note_once(place.chat, "cannot_write", error)
                    return None
                form = mended
        return None

    async def _call(self, form: Form, text: str, buttons: InlineKeyboardMarkup | None) -> int:
        place = form.place
        fields: dict[str, str | int | None] = {
            "parse_mode": ParseMode.HTML,
            "reply_markup": _json_of(buttons) if buttons else None,
            "message_thread_id": place.topic,
            "direct_messages_topic_id": place.direct_topic,
        }
        if place.reply_to:
            fields["reply_parameters"] = f'{{"message_id":{place.reply_to},"allow_sending_without_reply":true}}'
        if form.plain:
            text, fields["parse_mode"] = html.unescape(_NO_PARSE.sub("", text)), None
        if not form.whole:
            fields["link_preview_options"] = None
        return await self._api.send(place.chat, text, **fields)

    def _note_once(self, chat: int, what: str, error: TelegramError) -> None:
        """One line for a chat and a reason; a person who blocked the bot must not fill the log."""
        if (chat, what) in self._told:
            log.debug(what)
            return
        if len(self._told) >= MOST_REMEMBERED:
            self._told.clear()
        self._told.add((chat, what))
        log.info(what, extra={"fields": {"platform": PLATFORM, "why": _reason(error)}})

    def may_write_again(self, chat: int) -> None:
        """The chat let us in again: the next refusal is news."""
        self._told -= {(chat, "cannot_write"), (chat, "cannot_edit"), (chat, "cannot_delete")}


@lru_cache(maxsize=512)
def _json_of(buttons: InlineKeyboardMarkup) -> str:
    """The buttons as they are sent; answers to one question have the same ones."""
    return str(buttons.to_json())


_UNPARSED = (TypeError, KeyError, AttributeError, ValueError)
"""What the library raises on an answer that lacks a field; the call itself was done."""

_NO_EDIT = (BadRequest, ChatMigrated, InvalidToken)
"""A message that cannot be changed, a group that moved, a server without the method (404, which the library calls so)."""

_REASONS = (
    "blocked",
    "kicked",
    "deactivated",
    "not a member",
    "not enough rights",
    "no rights",
    "not found",
    "closed",
    "restricted",
)


def _reason(error: TelegramError) -> str:
    """The refusal in a word or two; the server's own sentence may name people, so it is not repeated."""
    said = error.message.lower()
    return next((reason for reason in _REASONS if reason in said), type(error).__name__)


def _mended(form: Form, refusal: str) -> Form | None:
    """The same message in a form that this refusal does not hit; None when there is none."""
    place = form.place
    if "thread not found" in refusal and place.topic:
        return replace(form, place=replace(place, topic=None))
    if "repl" in refusal and "not found" in refusal and place.reply_to:
        return replace(form, place=replace(place, reply_to=None))
    if any(reason in refusal for reason in _REASONS):
        return None
    if ("parse" in refusal or "tag" in refusal or "entit" in refusal) and not form.plain:
        return replace(form, plain=True)
    return replace(form, whole=False) if form.whole else None
