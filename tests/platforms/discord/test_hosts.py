"""Hosts other than Discord's own, and events with no more in them than the documentation promises."""

from __future__ import annotations

from typing import Any

import pytest

from bot.engine.answer import Engine
from tests.platforms.discord.running import TRADE, VISA, bot_on
from tests.platforms.discord.test_people import ANSWER, option
from tests.servers.discord import DiscordServer


async def test_the_bot_is_lenient_with_other_hosts(server: DiscordServer, engine: Engine) -> None:
    """A host that leaves out what discord.py insists on, and answers callbacks with an empty 204, works."""
    server.gateway.ready_without = ("shard", "application")
    server.lenient = True
    async with bot_on(server, engine):
        asked = server.write(VISA)
        await server.gateway.dispatch("MESSAGE_CREATE", {**asked, "guild_id": "", "mentions": []})
        assert ANSWER in (await server.reply_to(asked))["content"]
        act = await server.slash("sor", option(VISA))
        assert ANSWER in (await server.response_to(act))["content"]


async def test_hosts_that_tell_as_little_as_the_documentation_promises(
    server: DiscordServer, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    """No channel object, no member, users of two fields, nulls where nothing is: messages, presses and menus work."""
    person = {"id": "55", "username": "can"}
    async with bot_on(server, engine):
        asked = {k: v for k, v in server.write(VISA).items() if k in {"id", "channel_id", "content"}}
        nulls: dict[str, Any] = dict.fromkeys(("member", "message_reference", "poll", "thread", "webhook_id"))
        await server.gateway.dispatch("MESSAGE_CREATE", {**asked, **nulls, "author": person, "reactions": [{}]})
        answer = await server.reply_to(asked)
        await server.gateway.dispatch("MESSAGE_UPDATE", {"id": asked["id"], "channel_id": asked["channel_id"]})
        act = await server.press(answer, "Kaynak", sparsely={"user": person, "channel": None})
        assert "> “" in (await server.response_to(act))["content"]
        act = await server.press(answer, "👍", sparsely={"user": person, "message": {"id": answer["id"]}})
        await server.response_to(act)
        target = {**asked, "author": person}
        act = await server.menu("Buna cevap ver", target, sparsely={"user": person, "channel": None, "context": None})
        assert ANSWER in (await server.response_to(act))["content"]
        act = await server.slash("sor", option(VISA), sparsely={"user": person, "member": None, "version": None})
        assert ANSWER in (await server.response_to(act))["content"]
    assert [r.message for r in caplog.records if r.levelname in {"WARNING", "ERROR"}] == []


async def test_an_answer_that_is_no_json_is_asked_for_again(
    server: DiscordServer, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    """The message is there, its JSON was garbled on the way: the nonce tells its id, and nobody sees a second one."""
    async with bot_on(server, engine):
        await server.settle()
        server.faults.script.append("garbled")
        asked = await server.say(VISA)
        await server.reply_to(asked)
        await server.settle()
        edited = await server.edit(asked, TRADE)
        await server.until(lambda: "5 milyar" in server.replies_to(edited)[0]["content"])
    assert len(server.replies_to(asked)) == 1
    assert "event_failed" not in caplog.text
