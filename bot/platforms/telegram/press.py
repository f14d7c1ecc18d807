"""What the bot does when a button is pressed; every press is answered, or the person's button would spin on."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping

from telegram import CallbackQuery, MaybeInaccessibleMessage, Message
from telegram.error import TelegramError

from bot.desk.desk import Desk
from bot.desk.values import Asker
from bot.engine.model import Catalog
from bot.platforms.telegram import phrases
from bot.platforms.telegram.admin import Admin
from bot.platforms.telegram.api import Api
from bot.platforms.telegram.buttons import topic_buttons, under_rated, under_reply
from bot.platforms.telegram.incoming import PLATFORM
from bot.platforms.telegram.markup import plain_html, sources_html, told
from bot.platforms.telegram.sending import Place, Sender, Unsure, place_of
from bot.platforms.units import cut

log = logging.getLogger(__name__)
MOST_TOAST = 200

Act = Callable[[CallbackQuery, str, Place, int], Awaitable[str]]


class Presses:
    """Answers callback queries by the first letter of their data; see ``buttons``."""

    def __init__(self, desk: Desk, api: Api, sender: Sender) -> None:
        self._desk = desk
        self._api = api
        self._out = sender
        self._acts: Mapping[str, Act] = {
            "r": self._rate,
            "s": self._source,
            "c": self._choose,
            "n": self._none,
            "t": self._topic,
            "a": Admin(desk, sender).on_press,
        }

    async def on_press(self, query: CallbackQuery) -> None:
        """Do what the button says and answer the query, even when doing failed."""
        toast = phrases.FAILED
        try:
            toast = await self._acted(query)
        except Unsure:
            toast = ""
            raise
        except TelegramError:
            toast = phrases.LATE  # nothing was sent, and it is tried again
            raise
        finally:
            await self._answer(query, toast)

    async def _acted(self, query: CallbackQuery) -> str:
        verb, _, rest = (query.data or "").partition(":")
        act = self._acts.get(verb)
        message = query.message
        if act is None or message is None:
            return phrases.OLD_BUTTON
        notice = await self._desk.allowed(_presser(query, _place(message))) if verb in "ct" else None
        if notice:
            return notice.text or phrases.SLOW_DOWN
        return await act(query, rest, _place(message), message.message_id)

    async def _answer(self, query: CallbackQuery, toast: str) -> None:
        try:
            await self._api.answer_callback_query(query.id, text=cut(toast, MOST_TOAST) or None)
        except TelegramError:
            # Too old, as a rule: the person has long seen the button stop. Raised, it would have the act done again.
            log.debug("press_not_answered")

    # ── one act a letter; each returns the short text to show over the chat ─────────────────────

    async def _rate(self, query: CallbackQuery, rest: str, place: Place, message: int) -> str:
        sign, _, intent = rest.partition(":")
        if sign not in {"+", "-"}:
            return phrases.OLD_BUTTON
        thanks = await self._desk.rate(_presser(query, place), intent, sign == "+", _question(query))
        if place.chat > 0:  # in a group others may still want to rate
            await self._out.show_buttons(place, message, under_rated(_source_data(query)))
        return thanks

    async def _source(self, _: CallbackQuery, rest: str, place: Place, message: int) -> str:
        reply = self._desk.source([fact for fact in rest.split(",") if fact])
        await self._out.send(_replying(place, message), sources_html(reply, self._catalog.article))
        return ""

    async def _choose(self, query: CallbackQuery, key: str, place: Place, message: int) -> str:
        reply = await self._desk.choose(_presser(query, place), key)
        texts = told(reply, self._catalog)
        if len(texts) > 1 or not await self._out.edit(place, message, texts[0], under_reply(reply)):
            await self._out.send(_replying(place, message), texts, under_reply(reply))
        return ""

    async def _none(self, query: CallbackQuery, _: str, place: Place, message: int) -> str:
        said = await self._desk.none_of_these(_presser(query, place), _question(query))
        await self._out.edit(place, message, plain_html(said)[0], None)
        return ""

    async def _topic(self, query: CallbackQuery, key: str, place: Place, message: int) -> str:
        if not key:
            await self._out.send(
                _replying(place, message), plain_html(phrases.TOPICS), topic_buttons(self._desk.topics())
            )
        else:
            reply = await self._desk.choose(_presser(query, place), key)
            await self._out.send(_replying(place, message), told(reply, self._catalog), under_reply(reply))
        return ""

    @property
    def _catalog(self) -> Catalog:
        return self._desk.shelf.current.engine.catalog


def _place(message: MaybeInaccessibleMessage) -> Place:
    return place_of(message) if isinstance(message, Message) else Place(message.chat.id)


def _replying(place: Place, message: int) -> Place:
    return Place(place.chat, place.topic, place.direct_topic, message)


def _presser(query: CallbackQuery, place: Place) -> Asker:
    return Asker(PLATFORM, str(query.from_user.id), place.name)


def _question(query: CallbackQuery) -> str | None:
    """The text of the question that the pressed message answers, as far as Telegram shows it."""
    message = query.message
    asked = message.reply_to_message if isinstance(message, Message) else None
    return (asked.text or asked.caption) if asked else None


def _source_data(query: CallbackQuery) -> str:
    """The source button's data, from under the message itself."""
    markup = query.message.reply_markup if isinstance(query.message, Message) else None
    for row in markup.inline_keyboard if markup else ():
        for one in row:
            if isinstance(one.callback_data, str) and one.callback_data.startswith("s:"):
                return one.callback_data
    return "s:"
