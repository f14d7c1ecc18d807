"""Servers in trouble and servers that do less: down, gone, silent, limiting, repeating, incomplete."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.engine.answer import Engine
from bot.platforms.telegram import phrases, polling
from tests.platforms.telegram.running import ANSWER, QUESTION, running, warnings
from tests.servers.telegram import BotServer


@pytest.mark.usefixtures("bot")
async def test_a_server_that_tells_little_is_understood(server: BotServer) -> None:
    """Messages without is_bot, first_name, chat type or date are answered as well."""
    server.push({"message": {"message_id": 5000, "text": QUESTION, "chat": {"id": 9}, "from": {"id": 9}}})
    await server.until(lambda: bool(server.sent))
    assert ANSWER in server.sent[0].shown


async def test_a_poll_that_hangs_is_given_up(
    server: BotServer, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection that died without a word: the watchdog makes a new one (PTB#3087)."""
    monkeypatch.setattr(polling, "GRACE_S", 0.2)
    monkeypatch.setattr(polling, "WAIT_S", 0)
    hang = iter([True])
    server.faults = lambda method, _: "silent" if method == "getUpdates" and next(hang, False) else None
    async with running(server, engine, tmp_path, connected=False):
        assert ANSWER in (await server.reply_to(server.say(QUESTION), 10)).shown


async def test_a_server_that_is_down_at_start_is_waited_for(
    engine: Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Not exit 1: it says so, waits, and serves when the server comes."""
    server = BotServer()
    await server.start()
    await server.stop()
    async with running(server, engine, tmp_path, connected=False) as bot:
        await server.until(lambda: "server_away" in warnings(caplog))
        assert bot.desk.health.parts["telegram"].why == phrases.UNREACHABLE
        await server.start()
        assert ANSWER in (await server.reply_to(server.say(QUESTION), 10)).shown
        assert bot.desk.health.parts["telegram"].ok
    await server.stop()


@pytest.mark.usefixtures("bot")
async def test_a_server_that_goes_away_and_comes_back(server: BotServer) -> None:
    """Updates that were queued meanwhile are answered."""
    await server.reply_to(server.say(QUESTION))
    await server.stop()
    await asyncio.sleep(0.3)
    late = server.say(QUESTION)
    await server.start()
    assert ANSWER in (await server.reply_to(late, 10)).shown


async def test_an_answer_lost_in_silence_is_unsure_and_not_repeated(
    server: BotServer, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The server took the message and never answered: written down as unsure, one message in the chat."""
    monkeypatch.setattr("bot.platforms.telegram.wire.READ_S", 0.3)
    once = iter([True])
    server.faults = lambda method, _: "silent" if method == "sendMessage" and next(once, False) else None
    asked = server.say(QUESTION)
    async with running(server, engine, tmp_path):
        await server.until(lambda: "answer_unsure" in warnings(caplog))
        await server.reply_to(server.say(QUESTION, chat=43, user=43))
    async with running(server, engine, tmp_path):
        await server.reply_to(server.say(QUESTION, chat=43, user=43))
    assert server.replies[asked["message_id"]] == 1


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("fault", ["dropped", "500", "502", "429", "401"])
async def test_a_dropped_send_is_repeated(server: BotServer, fault: Any) -> None:
    """Errno 104, 5xx, 429, a single 401 on the first send: the answer arrives, once."""
    once = iter([True])
    server.faults = lambda method, _: fault if method == "sendMessage" and next(once, False) else None
    asked = server.say(QUESTION)
    await server.reply_to(asked)
    assert server.replies[asked["message_id"]] == 1


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("fault", ["cut", "half"])
async def test_a_success_that_is_cut_off_is_not_repeated(
    server: BotServer, fault: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """The message is in the chat, only its id is not known: unsure, and no second one."""
    once = iter([True])
    server.faults = lambda method, _: fault if method == "sendMessage" and next(once, False) else None
    asked = server.say(QUESTION)
    await server.until(lambda: "answer_unsure" in warnings(caplog))
    assert server.replies[asked["message_id"]] == 1


@pytest.mark.usefixtures("bot")
async def test_a_server_that_begins_anew_with_smaller_numbers(server: BotServer) -> None:
    """Its first update would lie below the offset that was asked for last, and be discarded unseen."""
    await server.reply_to(server.say(QUESTION))
    await server.stop()
    server.order, server.updates, server._update_id = [], {}, 10
    await server.start()
    assert ANSWER in (await server.reply_to(server.say(QUESTION, chat=43, user=43), 15)).shown


@pytest.mark.usefixtures("bot")
async def test_a_429_storm(server: BotServer) -> None:
    """Every first send to each of 30 chats is refused for a second; all 30 get their answer, once."""
    seen: set[int] = set()

    def storm(method: str, params: Any) -> Any:
        if method != "sendMessage" or params["chat_id"] in seen:
            return None
        seen.add(params["chat_id"])
        return "429"

    server.faults = storm
    asked = [server.say(QUESTION, chat=n, user=n) for n in range(1, 31)]
    await server.until(lambda: all(server.replies[m["message_id"]] for m in asked), 20)
    assert set(server.replies.values()) == {1}


async def test_replies_in_flight_are_sent_before_the_end(server: BotServer, engine: Engine, tmp_path: Path) -> None:
    """Stop while ten answers are under way: all ten arrive, and the next start repeats none."""
    asked = [server.message(QUESTION, chat=n, user=n) for n in range(1, 11)]
    async with running(server, engine, tmp_path):
        for message in asked:
            server.push({"message": message})
        await server.until(lambda: len(server.sent) >= 1)
    assert [server.replies[m["message_id"]] for m in asked] == [1] * 10
    async with running(server, engine, tmp_path):
        await server.reply_to(server.say(QUESTION, chat=99, user=99))
    assert [server.replies[m["message_id"]] for m in asked] == [1] * 10


@pytest.mark.usefixtures("bot")
async def test_updates_twice_and_out_of_order(server: BotServer) -> None:
    """Each question is answered once, however the server delivers."""
    asked = [server.message(QUESTION, chat=n, user=n) for n in range(1, 21)]
    numbers = [server.push({"message": m}, at=0) for m in asked]
    for number in numbers[::3]:
        server.repeat(number, 2)
    await server.until(lambda: all(server.replies[m["message_id"]] for m in asked))
    await asyncio.sleep(0.3)
    assert set(server.replies.values()) == {1}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda server: setattr(server, "holds_polls", False), "ignores the long-poll timeout"),
        (lambda server: server.missing.update({"deleteWebhook", "answerInlineQuery", "deleteMessage"}), "404"),
        (lambda server: server.bot.pop("username"), "getMe without a user name"),
        (lambda server: [server.bot.pop(name) for name in ("is_bot", "first_name", "id")], "getMe with nothing"),
    ],
)
async def test_a_lenient_server_is_served(
    server: BotServer, engine: Engine, tmp_path: Path, change: Callable[[BotServer], Any], why: str
) -> None:
    """Servers that lack optional methods and fields, or answer polls at once."""
    del why
    change(server)
    async with running(server, engine, tmp_path):
        assert ANSWER in (await server.reply_to(server.say(QUESTION))).shown
        await asyncio.sleep(0.3)
    assert server.count("getUpdates") < 20
