"""Answers for chats that the bot is not in: inline queries (``@bot vize``) and guest messages.

Each result is a whole answer with its source. Half-typed queries are asked of the engine itself and leave no trace:
otherwise every keystroke would stand in the editor's inbox.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterator

from telegram import InlineQuery, InlineQueryResultArticle, InputTextMessageContent, Message
from telegram.error import BadRequest, InvalidToken

from bot.desk.desk import Desk
from bot.engine.answer import Engine, answer, choose
from bot.engine.compose import dates_of
from bot.engine.context import NO_CONTEXT
from bot.engine.model import Reply, Status
from bot.engine.text import has_word
from bot.platforms.telegram import phrases
from bot.platforms.telegram.api import Api
from bot.platforms.telegram.conversation import asker_of
from bot.platforms.telegram.incoming import Me, asked_with, question_in
from bot.platforms.telegram.markup import MOST_UNITS, escape, pack, quoted_sources
from bot.platforms.units import cut, units

MOST_RESULTS = 50
MOST_SUGGESTED = 8
"""Completions answered for one query, 0.5 ms each."""
CACHE_S = 60
"""How long Telegram may show the same results to others; a reload is seen after so long."""
MOST_TITLE = 100
MOST_DESCRIPTION = 200
MOST_CACHED = 512

Found = tuple[str, Reply]
"""A title and the reply behind it."""


class Inline:
    """Answers inline queries and guest messages."""

    def __init__(self, desk: Desk, api: Api, me: Me) -> None:
        self._desk = desk
        self._api = api
        self._me = me
        self._cache: OrderedDict[tuple[str, str], list[InlineQueryResultArticle]] = OrderedDict()

    async def on_query(self, query: InlineQuery) -> None:
        """Offer at most 50 whole answers to what was typed after the bot's name so far."""
        try:
            await self._api.answer_inline_query(
                query.id, self.results(query.query), cache_time=CACHE_S, is_personal=False
            )
        except InvalidToken:
            return  # a server without inline queries; and nobody waits for one that comes after a new token
        except BadRequest as error:
            if "too old" not in error.message.lower() and "invalid" not in error.message.lower():
                raise  # else the person typed on: a newer query is under way

    async def on_guest(self, message: Message) -> None:
        """Answer a message that mentions the bot in a chat that it has not joined; the platform allows one message."""
        query_id = message.guest_query_id
        asked = question_in(message, self._me) or asked_with(message.text or "", message)
        if not query_id or await self._desk.allowed(asker_of(message)):
            return
        if asked.text:
            reply = await self._desk.ask(asker_of(message), asked.text)
        else:
            reply = Reply(Status.UNKNOWN, (phrases.HOW_TO_ASK,))
        await self._api.answer_guest_query(query_id, self._article_of("Köprü", reply))

    def results(self, typed: str) -> list[InlineQueryResultArticle]:
        """The results for ``typed``; kept for the next keystroke of somebody else until the content changes."""
        edition = self._desk.shelf.current
        key = (edition.version, typed.strip())
        if key not in self._cache:
            found = _topics(self._desk) if not has_word(typed) else _answers(typed, self._desk)
            articles = {a.id: a for a in (self._article_of(title, reply) for title, reply in found)}
            self._cache[key] = list(articles.values())[:MOST_RESULTS]
            if len(self._cache) > MOST_CACHED:
                self._cache.popitem(last=False)
        return self._cache[key]

    def _article_of(self, title: str, reply: Reply) -> InlineQueryResultArticle:
        text = self._one_message(reply)
        return InlineQueryResultArticle(
            id=hashlib.sha256(text.encode()).hexdigest()[:32],
            title=cut(title, MOST_TITLE) or "Köprü",
            description=cut(" ".join(reply.text.split()), MOST_DESCRIPTION),
            input_message_content=InputTextMessageContent(text),
        )

    def _one_message(self, reply: Reply) -> str:
        """The reply with its source as one message; what the answer leaves no room for is left off the quotation."""
        catalog = self._desk.shelf.current.engine.catalog
        said = pack([escape(p) for p in reply.paragraphs], "")[0]
        quotation = quoted_sources(reply.sources, catalog.article, dates_of(reply, catalog))
        whole = pack([said], quotation)
        return whole[0] if units(whole[0]) <= MOST_UNITS else said


def _topics(desk: Desk) -> Iterator[Found]:
    engine = desk.shelf.current.engine
    return ((topic.title, choose(topic.key, engine)) for topic in desk.topics()[:MOST_RESULTS])


def _answers(typed: str, desk: Desk) -> Iterator[Found]:
    """The answer to what stands there, then the readings that it leaves open, then questions that begin like it."""
    engine = desk.shelf.current.engine
    reply = _asked(typed, engine)
    if reply.status is not Status.UNKNOWN and not reply.choices:
        yield typed, reply
    for choice in reply.choices:
        yield choice.question or choice.text, choose(choice.key, engine)
    for question in desk.complete(typed, MOST_SUGGESTED):
        fuller = _asked(question, engine)
        if fuller.status is Status.ANSWER:
            yield question, fuller
    if reply.status is Status.UNKNOWN:
        yield typed, reply


def _asked(question: str, engine: Engine) -> Reply:
    return answer(question, NO_CONTEXT, engine)[0]
