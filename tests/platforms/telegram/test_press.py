"""Buttons: choices, none of these, topics, sources, ratings; every press is answered."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.desk.values import Topic
from bot.engine.model import Choice, Reply, Status
from bot.platforms.telegram import phrases
from bot.platforms.telegram.buttons import MOST_BYTES, source_data, topic_buttons, under_reply
from tests.platforms.telegram.running import ANSWER, QUESTION, Running
from tests.servers.telegram import BotServer, Sent

pytestmark = pytest.mark.usefixtures("bot")

CLARIFY = Reply(
    Status.CLARIFY,
    ("Hangisini sordunuz?",),
    choices=(Choice("visa_days", "Vizesiz kalış", "90 gün."), Choice("trade_volume", "Ticaret hacmi", "5 milyar.")),
)


@pytest.fixture
def unclear(bot: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every question has two readings."""

    async def ask(*_: object) -> Reply:
        return CLARIFY

    monkeypatch.setattr(bot.desk, "ask", ask)


def data_of(sent: Sent, label: str) -> str:
    return next(b["callback_data"] for b in sent.buttons if label in b["text"])


async def pressed(server: BotServer, sent: Sent, data: str, user: int = 42) -> str:
    """Press and wait for the query's answer; the toast."""
    query = server.press(sent, data, user)
    await server.until(lambda: server.callbacks[query] is not None)
    return server.callbacks[query] or ""


@pytest.mark.usefixtures("unclear")
async def test_a_choice_turns_the_question_into_its_answer(server: BotServer) -> None:
    """The clarifying message itself becomes the answer, with an answer's buttons."""
    reply = await server.reply_to(server.say("hangisi"))
    assert [b["text"] for b in reply.buttons] == ["Vizesiz kalış", "Ticaret hacmi", "Hiçbiri değil"]
    assert await pressed(server, reply, data_of(reply, "Ticaret")) == ""
    assert ANSWER in reply.shown
    assert [b["text"] for b in reply.buttons] == ["👍", "👎", "📄 Kaynak"]


@pytest.mark.usefixtures("unclear")
async def test_two_quick_presses_are_no_error(server: BotServer, caplog: pytest.LogCaptureFixture) -> None:
    """The second press changes nothing, is answered all the same, and logs nothing."""
    reply = await server.reply_to(server.say("hangisi"))
    data = data_of(reply, "Ticaret")
    assert [await pressed(server, reply, data), await pressed(server, reply, data)] == ["", ""]
    assert (len(server.sent), [r for r in caplog.records if r.levelname in {"WARNING", "ERROR"}]) == (1, [])


@pytest.mark.usefixtures("unclear")
async def test_none_of_these_reaches_the_editor(server: BotServer, bot: Running) -> None:
    """The question lands in the inbox; the choices go."""
    reply = await server.reply_to(server.say("ikisi de değil, eğitimi sordum"))
    await pressed(server, reply, data_of(reply, "Hiçbiri"))
    page = await bot.desk.inbox(0)
    assert [group.texts[0] for group in page.groups] == ["ikisi de değil, eğitimi sordum"]
    assert reply.buttons == []


@pytest.mark.usefixtures("unclear")
async def test_a_choice_under_a_deleted_message_is_answered_anew(server: BotServer) -> None:
    """When the message cannot be edited any more, the answer comes as a new one."""
    reply = await server.reply_to(server.say("hangisi"))
    server.deleted.append((reply.chat, reply.id))
    await pressed(server, reply, data_of(reply, "Ticaret"))
    assert ANSWER in server.sent[-1].shown


async def test_a_rating_is_thanked_and_kept(server: BotServer, bot: Running) -> None:
    """👎 puts the question before the editor; the rating buttons make room, the source stays."""
    reply = await server.reply_to(server.say(QUESTION))
    assert "Teşekkürler" in await pressed(server, reply, data_of(reply, "👎"))
    assert [b["text"] for b in reply.buttons] == ["📄 Kaynak"]
    page = await bot.desk.inbox(0)
    assert [group.texts[0] for group in page.groups] == [QUESTION]


async def test_in_a_group_everybody_may_rate(server: BotServer) -> None:
    """One person's 👍 does not take the buttons from the others."""
    reply = await server.reply_to(server.say(f"/soru {QUESTION}", chat=-5))
    await pressed(server, reply, data_of(reply, "👍"), user=1)
    assert [b["text"] for b in reply.buttons] == ["👍", "👎", "📄 Kaynak"]


async def test_the_source_button_shows_the_articles_words(server: BotServer) -> None:
    """As a reply to the answer: verbatim quote, title and date."""
    reply = await server.reply_to(server.say(QUESTION))
    await pressed(server, reply, data_of(reply, "Kaynak"))
    source = server.sent[-1]
    assert (source.reply_to, "“" in source.shown, "2 Şubat 2026" in source.shown) == (reply.id, True, True)


async def test_topics_lead_to_answers_and_stay(server: BotServer) -> None:
    """Each topic's button answers; the list remains for the next."""
    topics = await server.reply_to(server.say("/konular"))
    await pressed(server, topics, "t:visa_days")
    assert (server.sent[-1].reply_to, topics.edits) == (topics.id, 0)
    assert "90" in server.sent[-1].shown


@pytest.mark.parametrize(
    "data", ["x:1", "", "r:", "r:*:visa", "c:", "c:yok_artik", "s:yok", "a:p:0", "a:g:9:yok", "t:yok", "🙂"]
)
async def test_every_press_is_answered(server: BotServer, data: str) -> None:
    """Old, foreign or broken data: the spinner stops, nothing breaks."""
    reply = await server.reply_to(server.say(QUESTION))
    await pressed(server, reply, data)


async def test_a_press_on_a_message_that_telegram_no_longer_shows(server: BotServer) -> None:
    """An inaccessible message and an inline message are answered too."""
    for message in (
        {"message": {"message_id": 3, "date": 0, "chat": {"id": 42, "type": "private"}}},
        {"inline_message_id": "x"},
    ):
        server.callbacks["old"] = None
        who = {"id": 42, "is_bot": False, "first_name": "A"}
        server.push({"callback_query": {"id": "old", "from": who, "chat_instance": "1", "data": "s:visa", **message}})
        await server.until(lambda: server.callbacks["old"] is not None)


async def test_an_expired_query_passes_calmly(server: BotServer, caplog: pytest.LogCaptureFixture) -> None:
    """'query is too old' is neither raised nor logged; the source is sent all the same."""
    reply = await server.reply_to(server.say(QUESTION))
    query = server.press(reply, "s:")
    del server.callbacks[query]
    await server.until(lambda: any(c.method == "answerCallbackQuery" and c.status == 400 for c in server.calls))
    assert server.sent[-1].reply_to == reply.id
    await asyncio.sleep(0.05)
    assert [r for r in caplog.records if r.levelname in {"WARNING", "ERROR"}] == []


async def test_a_press_that_is_answered_late_is_not_called_old(server: BotServer) -> None:
    """While the server is in trouble the person reads that the answer will come, not that the button is dead."""
    reply = await server.reply_to(server.say(QUESTION))
    server.faults = lambda method, _: "500" if method == "sendMessage" else None
    query = server.press(reply, "s:")
    await server.until(lambda: server.callbacks[query] is not None, 15)
    assert server.callbacks[query] == phrases.LATE


async def test_a_failing_act_still_answers_its_query(
    server: BotServer, bot: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even an error of ours stops the spinner."""

    async def broken(*_: object, **__: Any) -> str:
        raise RuntimeError("broken")

    monkeypatch.setattr(bot.desk, "rate", broken)
    reply = await server.reply_to(server.say(QUESTION))
    await pressed(server, reply, "r:+:visa_days")


def test_callback_data_fits_64_bytes() -> None:
    """As many facts as fit; the longest ids of intents and facts never overflow (PTB#528)."""
    longest = "a" * 48
    data = source_data([longest, "b" * 48, "c"])
    assert data == f"s:{longest}"
    reply = Reply(Status.ANSWER, ("x",), intent=longest, facts=(longest, longest))
    markup = under_reply(reply)
    assert markup is not None
    assert max(len(str(b.callback_data).encode()) for row in markup.inline_keyboard for b in row) <= MOST_BYTES
    assert source_data(["çok_uzun_türkçe_" * 5]) == "s:"


def test_topic_buttons_stay_below_telegrams_hundred() -> None:
    """More topics than buttons: the first ones are shown."""
    markup = topic_buttons([Topic(f"k{n}", "Başlık", "?") for n in range(300)])
    assert markup is not None
    assert sum(len(row) for row in markup.inline_keyboard) == 90
