"""Admins: their commands work for them only, are seen by them only, and lead the inbox."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.engine.answer import Engine
from bot.journal import open_journal
from tests.platforms.discord.running import bot_on
from tests.platforms.discord.test_people import labels
from tests.servers.discord import DiscordServer


def sub(name: str, **values: str) -> list[dict[str, Any]]:
    options = [{"name": key, "type": 3, "value": value} for key, value in values.items()]
    return [{"name": name, "type": 1, "options": options}]


@pytest.mark.parametrize("name", ["yenile", "geri", "durum", "cevapsiz", "neden"])
async def test_the_refusal_shows_the_users_id(server: DiscordServer, engine: Engine, name: str) -> None:
    """“Not allowed” says which id is meant (chatgpt-telegram-bot#628)."""
    async with bot_on(server, engine):
        act = await server.slash("yonetim", sub(name, soru="vize") if name == "neden" else sub(name))
        told = await server.response_to(act)
    assert act.ephemeral
    assert server.person("ayşe")["id"] in told["content"]


async def test_an_admin_sees_status_and_reasons(server: DiscordServer, engine: Engine) -> None:
    """``durum`` and ``neden`` answer ephemerally."""
    async with bot_on(server, engine) as desk:
        for options, word in ((sub("durum"), desk.shelf.current.version[:8]), (sub("neden", soru="vize"), "vize")):
            act = await server.slash("yonetim", options, user="ayla")
            assert word in (await server.response_to(act))["content"]
            assert act.ephemeral


async def test_reload_reports_and_keeps_answering(server: DiscordServer, engine: Engine, root: Path) -> None:
    """``yenile`` shows a readable report to the admin, within the deadline."""
    async with bot_on(server, engine, content_dir=root):
        act = await server.slash("yonetim", sub("yenile"), user="ayla")
        told = await server.response_to(act, 30)
    assert act.ephemeral
    assert told["content"][0] in "✅⚠"


async def test_reload_while_questions_are_in_flight(server: DiscordServer, engine: Engine, root: Path) -> None:
    """A reload is no restart (rasa#342): what is asked meanwhile is answered."""
    async with bot_on(server, engine, content_dir=root):
        act = await server.slash("yonetim", sub("yenile"), user="ayla")
        asked = [await server.say("vize kaç gün", user=f"kişi {n}") for n in range(10)]
        for message in asked:
            assert (await server.reply_to(message, 30))["content"]
        await server.response_to(act, 30)


async def test_unanswered_questions_reach_the_inbox(server: DiscordServer, engine: Engine, tmp_path: Path) -> None:
    """Refused questions are listed, opened and settled with buttons; others cannot press them."""
    journal = await open_journal(f"sqlite:///{tmp_path}/j.sqlite3")
    async with bot_on(server, engine, journal):
        await server.reply_to(await server.say("En iyi döner nerede yenir **acaba**?"))
        act = await server.slash("yonetim", sub("cevapsiz"), user="ayla")
        listed = await server.response_to(act)
        assert act.ephemeral
        assert "döner" in listed["content"]
        assert "**acaba**" not in listed["content"]
        theirs = await server.press(listed, "1")
        assert server.person("ayşe")["id"] in (await server.response_to(theirs))["content"]
        opened = await server.response_to(await server.press(listed, "1", user="ayla"))
        assert {"Haberde yok", "Konu dışı", "Yok say"} <= set(labels(opened))
        done = await server.press(opened, "Yok say", user="ayla")
        assert (await server.response_to(done))["content"] == "Yok sayıldı."
        again = await server.slash("yonetim", sub("cevapsiz"), user="ayla")
        assert (await server.response_to(again))["content"] == "Yanıtsız soru yok."
    await journal.close()


async def test_the_command_tree_as_discord_sees_it(server: DiscordServer, engine: Engine) -> None:
    """Turkish names, localised; people's commands everywhere, admins' ones in servers and hidden from others."""
    async with bot_on(server, engine):
        pass
    commands = {c["name"]: c for c in server.commands}
    assert set(commands) == {"sor", "konular", "kaynak", "gizlilik", "sil", "yardim", "yonetim", "Buna cevap ver"}
    for name, command in commands.items():
        if name != "yonetim":
            assert command["integration_types"] == [0, 1], name
            assert command["contexts"] == [0, 1, 2], name
    admin = commands["yonetim"]
    assert admin["contexts"] == [0]
    assert admin["integration_types"] == [0]
    assert admin["default_member_permissions"] == str(1 << 5)
    assert [o["name"] for o in admin["options"]] == ["yenile", "geri", "durum", "cevapsiz", "neden"]
    assert commands["sor"]["name_localizations"]["tr"] == "sor"
    assert admin["name_localizations"]["tr"] == "yönetim"
