"""Updates by webhook."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.desk.doors import Knock
from bot.engine.answer import Engine
from bot.errors import JournalError, PlatformError
from bot.journal.base import Taken
from bot.platforms.telegram import phrases
from bot.settings import Address, Secret
from tests.platforms.telegram.running import ANSWER, QUESTION, Running, running, warnings
from tests.servers.telegram import BotServer, Refused

SECRET = "A-Za-z0-9_secret"
HOOK: dict[str, Any] = {
    "telegram_webhook_url": "https://bot.example/hook/telegram",
    "telegram_webhook_secret": Secret(SECRET),
    "listen": Address("127.0.0.1", 0),
}


@pytest.fixture
async def hooked(server: BotServer, engine: Engine, tmp_path: Path) -> AsyncIterator[Running]:
    async with running(server, engine, tmp_path, **HOOK) as started:
        yield started


async def knock(bot: Running, raw: Any, secret: str | None = SECRET) -> int:
    handler = bot.desk.doors.behind("/hook/telegram")
    assert handler
    body = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
    return await handler(Knock({} if secret is None else {"x-telegram-bot-api-secret-token": secret}, body))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"telegram_webhook_secret": None}, phrases.NO_SECRET),
        ({"telegram_webhook_secret": Secret("çok gizli")}, phrases.BAD_SECRET),
        ({"telegram_webhook_secret": Secret("x" * 257)}, phrases.BAD_SECRET),
        ({"listen": None}, phrases.NO_LISTEN),
    ],
)
async def test_without_a_secret_it_does_not_start(
    server: BotServer, engine: Engine, tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    """Anybody could forge updates; so it refuses, and says what to set."""
    with pytest.raises(PlatformError) as error:
        async with running(server, engine, tmp_path, **{**HOOK, **change}):
            pass
    assert (str(error.value), server.calls) == (said, [])


async def test_telegram_is_told_address_secret_and_types(server: BotServer, hooked: Running) -> None:
    """Only the types that are answered are asked for."""
    del hooked
    assert (server.webhook["url"], server.webhook["secret_token"]) == (HOOK["telegram_webhook_url"], SECRET)
    assert set(server.webhook["allowed_updates"]) == {
        "message",
        "edited_message",
        "callback_query",
        "inline_query",
        "guest_message",
        "my_chat_member",
    }


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", SECRET[:-1], "ç\udcff"])
async def test_a_forged_update_is_turned_away(server: BotServer, hooked: Running, secret: str | None) -> None:
    """403, and nothing is answered."""
    forged = {"update_id": 1, "message": server.message(QUESTION)}
    assert await knock(hooked, forged, secret) == 403
    await asyncio.sleep(0.05)
    assert server.sent == []


async def test_an_address_that_is_refused_later_ends_nothing(
    server: BotServer, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Telegram looks the host's name up at each call; when that fails, a bot that works goes on and tries again."""
    monkeypatch.setattr("bot.platforms.telegram.webhook.CHECK_EVERY_S", 0.05)
    async with running(server, engine, tmp_path, **HOOK) as hooked:
        await server.until(lambda: server.count("setWebhook") >= 2)

        async def refuse(_: Any) -> Any:
            raise Refused(400, "bad webhook: Failed to resolve host: Temporary failure in name resolution")

        monkeypatch.setattr(server, "_setWebhook", refuse)
        await server.until(lambda: "webhook_not_set" in warnings(caplog))
        assert not hooked.task.done()
        monkeypatch.undo()
        server.violations.clear()


async def test_an_update_is_written_down_before_its_200(server: BotServer, hooked: Running) -> None:
    """Telegram may forget it after the 200, so it stands in the journal by then."""
    taken: list[str] = []
    real = hooked.desk.journal.take_and_claim

    async def take(*args: Any) -> Taken:
        new = await real(*args)
        taken.append(args[1])
        return new

    hooked.desk.journal.take_and_claim = take  # type: ignore[method-assign,assignment]
    message = server.message(QUESTION)
    assert await knock(hooked, {"update_id": 5, "message": message}) == 200
    assert [name.partition("-")[0] for name in taken] == ["5"]
    assert ANSWER in (await server.reply_to(message)).shown


async def test_a_delivery_that_comes_twice_is_answered_once(server: BotServer, hooked: Running) -> None:
    """Also when both come at once."""
    message = server.message(QUESTION)
    raw = {"update_id": 6, "message": message}
    assert await asyncio.gather(*(knock(hooked, raw) for _ in range(3))) == [200, 200, 200]
    await server.reply_to(message)
    await asyncio.sleep(0.1)
    assert server.replies[message["message_id"]] == 1


@pytest.mark.parametrize("body", [b"", b"{", b"null", b"[]", b'"x"', b"\xff", b'{"update_id": "x"}', b"[" * 99_999])
async def test_what_cannot_be_read_is_not_delivered_for_a_day(hooked: Running, body: bytes) -> None:
    """200, so that Telegram does not send it again and again."""
    assert await knock(hooked, body) == 200


async def test_while_the_journal_is_away_the_200_waits_for_the_answer(server: BotServer, hooked: Running) -> None:
    """Nothing is written down, so only the answer may acknowledge it."""

    async def down(*_: object) -> bool:
        raise JournalError("down")

    hooked.desk.journal.take_and_claim = down  # type: ignore[method-assign,assignment]
    message = server.message(QUESTION)
    assert await knock(hooked, {"update_id": 7, "message": message}) == 200
    assert server.replies[message["message_id"]] == 1


async def test_the_path_is_closed_at_the_end(server: BotServer, engine: Engine, tmp_path: Path) -> None:
    """The webhook itself stays set: other replicas serve it."""
    async with running(server, engine, tmp_path, **HOOK) as bot:
        pass
    assert (bot.desk.doors.behind("/hook/telegram"), server.webhook["url"]) == (None, HOOK["telegram_webhook_url"])


async def test_polling_takes_a_webhook_away_that_was_left(server: BotServer, engine: Engine, tmp_path: Path) -> None:
    """Going back from webhook to polling needs no hand."""
    server.webhook = {"url": "https://old.example"}
    async with running(server, engine, tmp_path):
        assert ANSWER in (await server.reply_to(server.say(QUESTION))).shown
