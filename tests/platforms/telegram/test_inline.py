"""Inline queries and guest messages."""

from __future__ import annotations

from typing import Any

import pytest

from bot.platforms.units import units
from tests.platforms.telegram.running import ANSWER, QUESTION, Running
from tests.servers.telegram import BOT, BotServer

pytestmark = pytest.mark.usefixtures("bot")


async def asked(server: BotServer, query: str) -> list[dict[str, Any]]:
    query_id = server.ask_inline(query)
    await server.until(lambda: query_id in server.inline)
    return server.inline[query_id]


async def test_a_result_is_the_whole_answer_with_its_source(server: BotServer) -> None:
    """What is sent to the chat holds the fact, the quote and the article."""
    text = (await asked(server, QUESTION))[0]["input_message_content"]["message_text"]
    assert ANSWER in text
    assert "<blockquote expandable>“" in text
    assert "2 Şubat 2026" in text


async def test_an_empty_query_offers_topics(server: BotServer) -> None:
    """At most fifty, each with its answer."""
    results = await asked(server, "")
    assert 10 <= len(results) <= 50
    assert len({r["title"] for r in results}) >= 10


@pytest.mark.parametrize(
    "query", ["v", "<b>", "&", "..." * 80, "x" * 256, "😀" * 128, "ticaret " * 32, "İ" * 256, "\u202e\u0000"]
)
async def test_hostile_queries_get_well_formed_results(server: BotServer, query: str) -> None:
    """The server refuses bad markup, doubled ids and more than fifty; nothing of that happens."""
    results = await asked(server, query)
    assert all(units(r["input_message_content"]["message_text"]) <= 4096 for r in results)


async def test_half_typed_queries_leave_no_trace(server: BotServer, bot: Running) -> None:
    """A keystroke is no question: the editor's inbox stays empty."""
    for query in ("d", "do", "dol", "dolar kuru"):
        await asked(server, query)
    assert (await bot.desk.inbox(0)).total == 0


async def test_the_next_one_who_types_the_same_costs_nothing(server: BotServer, bot: Running) -> None:
    """Same query, same edition: the same results, in Telegram's cache for all."""
    assert await asked(server, QUESTION) == await asked(server, QUESTION)
    call = next(c for c in server.calls if c.method == "answerInlineQuery")
    assert int(call.params["cache_time"]) > 0


@pytest.mark.parametrize("text", [f"@{BOT['username']} {QUESTION}", QUESTION])
async def test_a_guest_message_is_answered_in_a_chat_that_the_bot_has_not_joined(server: BotServer, text: str) -> None:
    """AnswerGuestQuery with the whole answer."""
    server.push({"guest_message": server.message(text, chat=-99, guest_query_id="g7")})
    await server.until(lambda: "g7" in server.guests)
    assert ANSWER in server.guests["g7"]["input_message_content"]["message_text"]


async def test_a_bare_guest_mention_answers_what_it_replies_to(server: BotServer) -> None:
    """'@bot' under somebody's question."""
    question = server.message(QUESTION, chat=-99)
    mention = server.message(f"@{BOT['username']}", chat=-99, guest_query_id="g8", reply_to_message=question)
    server.push({"guest_message": mention})
    await server.until(lambda: "g8" in server.guests)
    assert ANSWER in server.guests["g8"]["input_message_content"]["message_text"]
