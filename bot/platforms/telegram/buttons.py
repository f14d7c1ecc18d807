"""The buttons under replies and what a press on one means; all of it is in the callback data, so buttons outlive a restart.

Data is at most 64 bytes: ``r:+:intent`` and ``r:-:intent`` rate, ``s:fact,fact`` shows sources, ``c:key`` chooses a reading,
``n:`` is none of them, ``t:key`` is a topic (``t:`` all of them), ``a:…`` belongs to an admin's inbox.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.desk.values import Topic
from bot.engine.model import Reply, Status
from bot.platforms.units import cut

MOST_BYTES = 64
MOST_LABEL = 60
MOST_BUTTONS = 90
"""Telegram takes 100."""
NONE_OF_THESE = "Hiçbiri değil"
SOURCE = "📄 Kaynak"
TOPICS = "Konular"


def under_reply(reply: Reply) -> InlineKeyboardMarkup | None:
    """The buttons of ``reply``: its choices, or rating and source, or topics where it could not help."""
    if reply.choices:
        rows = [[button(choice.question or choice.text, f"c:{choice.key}")] for choice in reply.choices[:MOST_BUTTONS]]
        return InlineKeyboardMarkup([*rows, [button(NONE_OF_THESE, "n:")]])
    if reply.status in {Status.ANSWER, Status.NOT_IN_ARTICLE}:
        return _under_answer(reply.intent, reply.facts)
    if reply.status is Status.UNKNOWN:
        return _to_topics()
    return None


@lru_cache(maxsize=512)
def _under_answer(intent: str, facts: tuple[str, ...]) -> InlineKeyboardMarkup:
    rating = [button("👍", f"r:+:{intent}"), button("👎", f"r:-:{intent}")]
    return InlineKeyboardMarkup([[*rating, button(SOURCE, source_data(facts))]])


@cache
def _to_topics() -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[button(TOPICS, "t:")]])


def under_rated(facts_data: str) -> InlineKeyboardMarkup:
    """What stays when an answer was rated: its source."""
    return InlineKeyboardMarkup([[button(SOURCE, facts_data)]])


def topic_buttons(topics: Sequence[Topic]) -> InlineKeyboardMarkup | None:
    """A button for each topic, two a row when both titles are short."""
    rows: list[list[InlineKeyboardButton]] = []
    for topic in topics[:MOST_BUTTONS]:
        fits = rows and len(rows[-1]) == 1 and max(len(topic.title), len(rows[-1][0].text)) <= 20
        one = button(topic.title, f"t:{topic.key}")
        if fits:
            rows[-1].append(one)
        else:
            rows.append([one])
    return InlineKeyboardMarkup(rows) if rows else None


def source_data(facts: Iterable[str]) -> str:
    """``s:`` and as many of the facts' ids as 64 bytes hold; without any, the article as a whole."""
    data = "s:"
    for fact in facts:
        longer = f"{data}{'' if data == 's:' else ','}{fact}"
        if len(longer.encode()) > MOST_BYTES:
            break
        data = longer
    return data


def button(label: str, data: str) -> InlineKeyboardButton:
    """One button; ``data`` of more than 64 bytes is an error of ours and raises ValueError."""
    if len(data.encode()) > MOST_BYTES:
        raise ValueError(f"callback data of more than {MOST_BYTES} bytes: {data[:20]}…")
    return InlineKeyboardButton(cut(label, MOST_LABEL), callback_data=data)
