"""Commands, name and descriptions."""

from __future__ import annotations

import json
from pathlib import Path

from bot.desk import Asker
from bot.desk.phrases import ADMIN_COMMANDS
from bot.engine.answer import Engine
from bot.platforms.telegram import phrases
from bot.platforms.telegram.profile import LANGUAGES
from tests.platforms.telegram.running import ADMIN, ANSWER, QUESTION, Running, running
from tests.servers.telegram import BotServer


async def test_commands_per_scope_and_language(server: BotServer, engine: Engine, tmp_path: Path) -> None:
    """Private chats see all, groups what makes sense there, in the default and in Turkish; no admin's command."""
    async with running(server, engine, tmp_path):
        await server.until(lambda: server.count("setMyDescription") == len(LANGUAGES))
    menus = {key: {c["command"] for c in told} for key, told in server.profile.items() if key.startswith("MyCommands")}
    assert len(menus) == 4 * len(LANGUAGES)
    private = menus[f"MyCommands:{json.dumps({'type': 'all_private_chats'})}:tr"]
    assert {"start", "help", "privacy", "soru", "sil", "gizlilik"} <= private
    assert menus[f"MyCommands:{json.dumps({'type': 'all_group_chats'})}:"] == {"soru", "konular", "kaynak", "yardim"}
    assert not {"yenile", "geri", "durum"} & set().union(*menus.values())


async def test_nothing_is_set_that_is_set_already(server: BotServer, engine: Engine, tmp_path: Path) -> None:
    """A second start asks and changes nothing: setMyName is flooded for hours after a few changes."""
    async with running(server, engine, tmp_path):
        await server.until(lambda: server.count("setMyDescription") == len(LANGUAGES))
    before = sum(c.method.startswith("setMy") for c in server.calls)
    asked = server.count("getMyDescription")
    async with running(server, engine, tmp_path):
        await server.until(lambda: server.count("getMyDescription") == asked + len(LANGUAGES))
    assert sum(c.method.startswith("setMy") for c in server.calls) == before


async def test_a_server_without_profiles_is_no_trouble(server: BotServer, engine: Engine, tmp_path: Path) -> None:
    """404 on each of them: questions are answered."""
    for what in ("MyCommands", "MyName", "MyDescription", "MyShortDescription"):
        server.missing |= {f"set{what}", f"get{what}"}
    async with running(server, engine, tmp_path):
        assert ANSWER in (await server.reply_to(server.say(QUESTION))).shown


async def test_help_names_the_commands_of_the_menu(server: BotServer, bot: Running) -> None:
    """What the menu shows is what the help tells, in the same words; an admin hears of the admins' commands too."""
    told = (await server.reply_to(server.say("/yardim"))).shown
    assert [f"/{name} – {what}" in told for name, what in phrases.COMMANDS] == [True] * len(phrases.COMMANDS)
    assert "/yenile" not in told
    assert bot.desk.is_admin(Asker("telegram", str(ADMIN), str(ADMIN)))
    managing = (await server.reply_to(server.say("/yardim", chat=ADMIN, user=ADMIN))).shown
    assert all(f"/{name} – {what}" in managing for name, what in ADMIN_COMMANDS.items())
