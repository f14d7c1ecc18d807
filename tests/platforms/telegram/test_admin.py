"""Admin commands: for the person whom the settings name, typed here and now."""

from __future__ import annotations

from typing import Any

import pytest

from bot.desk.phrases import WHERE_TO
from bot.desk.values import Report
from tests.platforms.telegram.running import ADMIN, QUESTION, Running
from tests.platforms.telegram.test_press import pressed
from tests.servers.telegram import BotServer

GROUP = -1001

pytestmark = pytest.mark.usefixtures("bot")


@pytest.fixture
def reloads(bot: Running, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Who reloaded; the content itself stays."""
    by: list[str] = []

    async def reload(asker: Any) -> Report:
        bot.desk.require_admin(asker)
        by.append(asker.user)
        return Report(True, "İçerik yenilendi <1>.")

    monkeypatch.setattr(bot.desk, "reload", reload)
    return by


@pytest.mark.parametrize(
    ("command", "chat"), [("/yenile", ADMIN), ("/reload", ADMIN), ("/yenile", GROUP), ("/Yenile", ADMIN)]
)
async def test_an_admin_reloads(server: BotServer, reloads: list[str], command: str, chat: int) -> None:
    """In private and in a group, with the report as the reply."""
    reply = await server.reply_to(server.say(command, chat=chat, user=ADMIN))
    assert (reloads, reply.shown) == ([str(ADMIN)], "✅ İçerik yenilendi <1>.")


@pytest.mark.parametrize("command", ["/yenile", "/geri", "/durum", "/cevapsiz", "/neden vize"])
async def test_the_refusal_shows_the_persons_id(server: BotServer, reloads: list[str], command: str) -> None:
    """'Not allowed; which id?': the id stands in the refusal (chatgpt-telegram-bot#628, alertmanager-bot#159)."""
    reply = await server.reply_to(server.say(command, user=4242, chat=4242))
    assert ("4242" in reply.shown, reloads) == (True, [])


@pytest.mark.parametrize(
    "fields",
    [
        {
            "forward_origin": {
                "type": "user",
                "date": 1,
                "sender_user": {"id": ADMIN, "is_bot": False, "first_name": "Y"},
            }
        },
        {"forward_origin": {"type": "hidden_user", "date": 1, "sender_user_name": "Y"}},
        {"forward_date": 1, "forward_from": {"id": ADMIN, "is_bot": False, "first_name": "Y"}},
        {"via_bot": {"id": 5, "is_bot": True, "first_name": "B"}},
        {"edit_date": 5},
        {"sender_chat": {"id": GROUP, "type": "supergroup"}},
        {"is_automatic_forward": True},
    ],
)
@pytest.mark.parametrize("chat", [ADMIN, GROUP])
async def test_a_second_hand_command_never_acts(
    server: BotServer, reloads: list[str], fields: dict[str, Any], chat: int
) -> None:
    """Forwarded, edited, through a bot, in a channel's name: not even with the admin's id on it."""
    server.say("/yenile", chat=chat, user=ADMIN, **fields)
    server.edit(server.message("/yenile", chat=chat, user=ADMIN), "/yenile")
    await server.reply_to(server.say(QUESTION, chat=ADMIN, user=ADMIN))
    assert reloads == []


async def test_status_and_why(server: BotServer) -> None:
    """/durum shows the version, /neden how a question is read; /neden as a reply reads the other message."""
    assert "ürüm" in (await server.reply_to(server.say("/durum", chat=ADMIN, user=ADMIN))).shown
    why = (await server.reply_to(server.say(f"/neden {QUESTION}", chat=ADMIN, user=ADMIN))).shown
    assert "trade_volume" in why
    other = server.message(QUESTION, chat=ADMIN, user=ADMIN)
    assert (
        "trade_volume"
        in (await server.reply_to(server.say("/neden", chat=ADMIN, user=ADMIN, reply_to_message=other))).shown
    )
    assert "/neden " in (await server.reply_to(server.say("/neden", chat=ADMIN, user=ADMIN))).shown


async def test_the_inbox_is_paged_and_settled_with_buttons(
    server: BotServer, bot: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """List, group, decision: the decision reaches the desk with group, kind and intent."""
    await server.reply_to(server.say("Kazakistan'ın nüfusu kaç milyon kişidir?"))
    page = await server.reply_to(server.say("/cevapsiz", chat=ADMIN, user=ADMIN))
    assert "nüfusu" in page.shown
    await pressed(server, page, page.buttons[0]["callback_data"], ADMIN)
    assert WHERE_TO in page.shown
    labels = [b["text"] for b in page.buttons]
    assert {"Konu dışı", "Yok say", "← Liste"} <= set(labels)
    settled: list[tuple[Any, ...]] = []

    async def settle(asker: Any, group: str, how: str, intent: str | None) -> str:
        settled.append((asker.user, group, str(how), intent))
        return "Kaydedildi."

    monkeypatch.setattr(bot.desk, "settle", settle)
    group = (await bot.desk.inbox(0)).groups[0]
    await pressed(server, page, next(b["callback_data"] for b in page.buttons if b["text"] == "Konu dışı"), ADMIN)
    assert settled == [(str(ADMIN), group.id, "oos", None)]
    assert "Kaydedildi." in page.shown
    if group.suggestions:
        await pressed(server, page, f"a:g:0:{group.id}", ADMIN)
        await pressed(server, page, page.buttons[0]["callback_data"], ADMIN)
        assert settled[-1] == (str(ADMIN), group.id, group.suggestions[0].how, group.suggestions[0].intent)


async def test_the_inbox_buttons_are_for_admins(server: BotServer) -> None:
    """A stranger who presses in a group is told no, with the id, and sees nothing."""
    await server.reply_to(server.say("Kazakistan'ın nüfusu kaç milyon kişidir?"))
    page = await server.reply_to(server.say("/cevapsiz", chat=GROUP, user=ADMIN))
    toast = await pressed(server, page, page.buttons[0]["callback_data"], 4242)
    assert ("4242" in toast, page.edits) == (True, 0)
