"""Failures that other bots' users reported (see ROWS): each has a test by name, here or beside."""

from __future__ import annotations

import asyncio
import importlib
import json
import logging
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.engine.answer import Engine
from bot.errors import PlatformError
from bot.platforms.telegram import phrases, polling, service
from bot.platforms.telegram.wire import Wire
from bot.settings import Address, Secret
from tests.platforms.telegram.running import ANSWER, QUESTION, Running, running, warnings
from tests.platforms.telegram.test_press import data_of, pressed
from tests.servers.telegram import TOKEN, BotServer, Refused

ROWS = {
    "one <3 killed all replies": "test_markup.test_one_smaller_than_sign_kills_no_reply",
    "fuzzy help fired on '...'": "test_chats.test_hostile_text_gets_a_calm_reply",
    "token rejected, bare traceback": "test_reported.test_a_refused_token_is_one_line_in_two_languages",
    "not allowed; which id?": "test_admin.test_the_refusal_shows_the_persons_id",
    "two instances polling": "test_reported.test_a_second_instance_is_said_plainly",
    "buttons dead after a restart": "test_reported.test_buttons_outlive_a_restart",
    "unanswered questions went nowhere": "test_press.test_none_of_these_reaches_the_editor",
    "sources missing": "test_chats.test_a_private_question_is_answered_with_its_source_and_buttons",
    "reload meant restart": "test_admin.test_an_admin_reloads",
    "blocked, kicked, no right to write": "test_reported.test_a_chat_that_shuts_us_out_is_noted_once",
    "group became a supergroup": "test_reported.test_migration_to_a_supergroup",
    "not seen by the second replica": "test_reported.test_a_follow_up_at_another_replica",
    "backlog lost by kill -9": "test_reported.test_a_backlog_survives_kill_9",
    "unparseable update blocks all": "test_reported.test_an_unreadable_update_is_stepped_over",
    "polling dead forever, token revoked": "test_reported.test_a_revoked_token_ends_the_process_for_good",
    "polling dead forever, dead connection": "test_server.test_a_poll_that_hangs_is_given_up",
    "server down at start": "test_server.test_a_server_that_is_down_at_start_is_waited_for",
    "webhook without a secret": "test_webhook.test_without_a_secret_it_does_not_start",
    "same update_id three times": "test_intake.test_the_same_update_three_times_is_handled_once",
    "answer lost on the wire": "test_server.test_an_answer_lost_in_silence_is_unsure_and_not_repeated",
    "flood limits": "test_server.test_a_429_storm",
    "limiter's halt released early": "test_pace.test_a_halt_is_not_released_early",
    "pickle persistence corrupted": "test_reported.test_a_follow_up_after_a_restart",
    "split inside a tag; UTF-16": "test_markup.test_a_long_text_is_split_without_a_loss_and_never_in_a_tag",
    "64 bytes of callback data": "test_press.test_callback_data_fits_64_bytes",
    "topics": "test_chats.test_topics",
    "anonymous admins, channel senders": "test_chats.test_anonymous_admins_and_channel_senders",
    "dropped connection on send (errno 104)": "test_server.test_a_dropped_send_is_repeated",
    "SIGTERM drops replies in flight": "test_server.test_replies_in_flight_are_sent_before_the_end",
}


def test_every_row_has_its_test() -> None:
    """The table above names tests that exist."""
    for name in ROWS.values():
        module, _, function = name.partition(".")
        assert callable(getattr(importlib.import_module(f"tests.platforms.telegram.{module}"), function))


@pytest.mark.parametrize("token", ["1:no", "blank", "42:AA\u00e7"])
async def test_a_refused_token_is_one_line_in_two_languages(
    server: BotServer,
    engine: Engine,
    tmp_path: Path,
    token: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """No traceback, no token: what is wrong and what to do (chatgpt-telegram-bot#168, #342)."""
    monkeypatch.setattr(service, "LONGEST_PAUSE_S", 0.01)
    with pytest.raises(PlatformError) as error:
        async with running(server, engine, tmp_path, telegram_token=Secret(token)):
            pass
    assert (str(error.value), "\n" in str(error.value)) == (phrases.TOKEN_REFUSED, False)
    assert token not in caplog.text


async def test_a_second_instance_is_said_plainly(
    server: BotServer, engine: Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Conflict: what it means and what to do, once; readiness goes red; all is well when the other ends."""
    (tmp_path / "b").mkdir()
    async with running(server, engine, tmp_path) as first:
        async with running(server, engine, tmp_path / "b", connected=False):
            await server.until(lambda: not first.desk.health.parts["telegram"].ok, 10)
            assert first.desk.health.parts["telegram"].why == phrases.CONFLICT
        await server.until(lambda: first.desk.health.parts["telegram"].ok, 15)
        assert ANSWER in (await server.reply_to(server.say(QUESTION))).shown
    assert {m for m in warnings(caplog) if "failed" in m} == {"polling_failed"}


async def test_buttons_outlive_a_restart(server: BotServer, engine: Engine, tmp_path: Path) -> None:
    """What a button means is in its data (discord.py users: Equal-Vote/discord-bot#22)."""
    async with running(server, engine, tmp_path):
        reply = await server.reply_to(server.say(QUESTION))
    async with running(server, engine, tmp_path):
        assert "Teşekkürler" in await pressed(server, reply, data_of(reply, "👍"))


async def test_a_follow_up_after_a_restart(server: BotServer, engine: Engine, tmp_path: Path) -> None:
    """The context is a row in SQL, not a pickle (PTB#2903, #3196)."""
    async with running(server, engine, tmp_path):
        await server.reply_to(server.say(QUESTION))
    async with running(server, engine, tmp_path):
        assert "2023" in (await server.reply_to(server.say("2023'te ne kadardı?"))).shown


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize(
    "refusal",
    [
        Refused(403, "bot was blocked by the user"),
        Refused(403, "bot was kicked from the supergroup chat"),
        Refused(403, "user is deactivated"),
        Refused(400, "not enough rights to send text messages to the chat"),
    ],
)
async def test_a_chat_that_shuts_us_out_is_noted_once(
    server: BotServer, refusal: Refused, caplog: pytest.LogCaptureFixture
) -> None:
    """Five questions: one line, no traceback, no repeats, and others are answered."""
    caplog.set_level(logging.INFO, "bot.platforms.telegram")
    server.refuse[42] = refusal
    for _ in range(5):
        server.say(QUESTION)
    await server.until(lambda: sum(c.method == "sendMessage" for c in server.calls) == 5)
    await server.reply_to(server.say(QUESTION, chat=43, user=43))
    assert [r.message for r in caplog.records if r.message == "cannot_write"] == ["cannot_write"]
    assert all(r.exc_info is None for r in caplog.records)
    assert sum(c.method == "sendMessage" for c in server.calls) == 6


@pytest.mark.usefixtures("bot")
async def test_migration_to_a_supergroup(server: BotServer) -> None:
    """The answer follows the group to its new id (telegram-bot-api#667)."""
    server.refuse[-5] = Refused(400, "group chat was upgraded to a supergroup chat", migrate_to_chat_id=-1005)
    server.say(f"/soru {QUESTION}", chat=-5)
    await server.until(lambda: bool(server.sent))
    assert (server.sent[0].chat, ANSWER in server.sent[0].shown) == (-1005, True)


async def test_a_follow_up_at_another_replica(server: BotServer, engine: Engine, tmp_path: Path) -> None:
    """Two replicas by webhook on one database: the context follows the person (PTB#5225, #5123)."""
    hook: dict[str, Any] = {
        "telegram_webhook_url": "https://bot.example/telegram",
        "telegram_webhook_secret": Secret("geheim_1"),
        "listen": Address("127.0.0.1", 0),
    }
    async with running(server, engine, tmp_path, **hook) as one, running(server, engine, tmp_path, **hook) as two:
        for replica, text in ((one, QUESTION), (two, "2023'te ne kadardı?")):
            message = server.message(text)
            await knocked(replica, server, {"message": message})
            await server.reply_to(message)
    assert "2023" in server.sent[-1].shown


async def knocked(replica: Running, server: BotServer, raw: dict[str, Any]) -> int:
    from bot.desk.doors import Knock

    handler = replica.desk.doors.behind("/telegram")
    assert handler
    number = server.push(raw)
    body = json.dumps(server.updates[number]).encode()
    return await handler(Knock({"x-telegram-bot-api-secret-token": "geheim_1"}, body))


@asynccontextmanager
async def process(server: BotServer, database: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    child = Path(__file__).with_name("child.py")
    started = await asyncio.create_subprocess_exec(sys.executable, str(child), server.url, f"sqlite:///{database}")
    try:
        yield started
    finally:
        if started.returncode is None:
            started.send_signal(signal.SIGTERM)
            await asyncio.wait_for(started.wait(), 20)


@pytest.mark.slow
@pytest.mark.usefixtures("engine")
async def test_a_backlog_survives_kill_9(server: BotServer, tmp_path: Path) -> None:
    """120 updates wait; the process is killed in the middle of them; its successor answers the rest, each once.

    Twice only what was on its way at that moment: the Bot API cannot be asked whether a message was sent.
    """
    asked = [server.say(QUESTION, chat=n, user=n) for n in range(1, 121)]
    async with process(server, tmp_path / "k.sqlite3") as first:
        await server.until(lambda: len(server.sent) >= 60, 45)
        first.kill()
        await first.wait()
    at_kill = len(server.sent)
    assert at_kill < 120
    async with process(server, tmp_path / "k.sqlite3"):
        await server.until(lambda: all(server.replies[m["message_id"]] for m in asked), 50)
    assert sum(server.replies.values()) - 120 <= 48
    again = [m for m in asked if server.replies[m["message_id"]] > 1]
    assert len(again) <= 48


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize(
    "malformed",
    [
        '{"update_id": 2000, "message": {"message_id": "x", "chat": 5}}',
        '{"update_id": 2000, "message": 7}',
        '{"update_id": 2000, "callback_query": {"id": "1"}}',
        '{"update_id": 2000, "inline_query": {"id": "1"}}',
        '{"update_id": 2000, "message": {"message_id": 1, "chat": {"id": 1}, "entities": [{}], "text": "?"}}',
        '{"update_id": 2000, "quite_new": {"a": 1}}',
        '{"update_id": 2000}',
        '{"no": "id"}',
        "null",
        "[]",
    ],
)
async def test_an_unreadable_update_is_stepped_over(server: BotServer, malformed: str) -> None:
    """It is noted, acknowledged, and what comes after it is answered; the poll does not spin on it."""
    server.malformed = [malformed]
    server._news.set()
    await asyncio.sleep(0.05)
    asked = server.message(QUESTION)
    server.push({"update_id": 2001, "message": asked})
    assert ANSWER in (await server.reply_to(asked)).shown
    assert server.count("getUpdates") < 20


async def test_a_revoked_token_ends_the_process_for_good(
    server: BotServer, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Readiness goes red, then PlatformError: not a living process that polls in vain (PTB#4069, #4405)."""
    monkeypatch.setattr(polling, "LONGEST_PAUSE_S", 0.01)
    with pytest.raises(PlatformError) as error:  # noqa: PT012
        async with running(server, engine, tmp_path) as bot:
            server.revoked = True
            server._news.set()
            await server.until(lambda: bot.desk.health.parts["telegram"].why == phrases.UNREACHABLE)
            await asyncio.wait({bot.task}, timeout=10)
    assert str(error.value) == phrases.TOKEN_REFUSED


@pytest.mark.usefixtures("bot")
async def test_no_line_of_the_log_holds_token_or_text(server: BotServer, caplog: pytest.LogCaptureFixture) -> None:
    """At the most talkative level, through faults and refusals."""
    caplog.set_level(logging.DEBUG)
    kinds = iter(["500", "dropped", "429"])
    server.faults = lambda method, _: next(kinds, None) if method == "sendMessage" else None  # type: ignore[arg-type]
    await server.reply_to(server.say("Ayşe'nin gizli sorusu: vize var mı"))
    told = "\n".join(
        f"{r.name} {r.getMessage()} {r.__dict__.get('fields', '')}" for r in caplog.records if r.name != "asyncio"
    )
    assert TOKEN not in told
    assert [line for line in told.split("\n") if "gizli" in line] == []


def test_the_token_is_in_no_repr() -> None:
    """The library's Bot shows its token when printed; ours does not."""
    from bot.platforms.telegram.api import make_api

    assert TOKEN not in repr(make_api(TOKEN, "http://127.0.0.1:1", print))
    assert TOKEN not in repr(Wire("http://127.0.0.1:1"))
