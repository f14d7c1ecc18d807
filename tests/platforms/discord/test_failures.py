"""The failures that other bots' users reported, each as a test of this bot on Discord."""

from __future__ import annotations

import asyncio
import logging
import time
from pathlib import Path
from typing import Any

import pytest

from bot.desk import Asker
from bot.engine.answer import Engine
from bot.engine.model import Reply, Status
from bot.errors import PlatformError
from bot.journal import open_journal
from bot.platforms.discord import serve
from bot.platforms.discord.client import intents
from bot.settings import Secret
from tests.platforms.discord.running import TRADE, VISA, bot_on, connected, desk_for, settings_for, until
from tests.platforms.discord.test_people import ANSWER, option
from tests.servers.discord import DiscordServer


async def test_token_rejected_is_one_line_and_no_retry_storm(
    server: DiscordServer, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    """A wrong token ends with one sentence in Turkish and English; Discord is asked once; the token is in no log."""
    settings = settings_for(server, discord_token=Secret("wrong.secret.token"))
    with pytest.raises(PlatformError) as refused:
        await serve(desk_for(engine, settings), settings, asyncio.Event())
    assert "\n" not in str(refused.value)
    assert "belirteci" in str(refused.value)
    assert "token" in str(refused.value)
    assert server.requests == [("GET", "/api/v10/users/@me")]
    assert "wrong.secret.token" not in caplog.text + str(refused.value)
    assert "Traceback" not in caplog.text


async def test_token_revoked_while_running_ends_with_the_same_line(server: DiscordServer, engine: Engine) -> None:
    """The gateway's 4004 is for good as well: the process must not look alive for ever."""
    settings = settings_for(server)
    desk = desk_for(engine, settings)
    task = asyncio.create_task(serve(desk, settings, asyncio.Event()))
    await connected(desk, task)
    server.token = "another"
    await server.gateway.invalidate(resumable=False)
    with pytest.raises(PlatformError, match="token"):
        await asyncio.wait_for(task, 30)
    assert not desk.health.parts["discord"].ok


@pytest.mark.parametrize("code", [4013, 4014])
async def test_refused_intents_are_said_plainly(server: DiscordServer, engine: Engine, code: int) -> None:
    """Close codes that waiting does not mend."""
    server.gateway.close_code_on_identify = code
    settings = settings_for(server)
    with pytest.raises(PlatformError, match="intents"):
        await asyncio.wait_for(serve(desk_for(engine, settings), settings, asyncio.Event()), 20)


async def test_no_privileged_intent(server: DiscordServer, engine: Engine) -> None:
    """Neither message content nor members nor presences are asked for (Python-Discord-Bot-Template#106)."""
    async with bot_on(server, engine):
        asked = [s.intents for s in server.gateway.sessions.values()]
    assert asked == [intents().value]
    assert asked[0] & (1 << 15 | 1 << 1 | 1 << 8) == 0


async def test_commands_are_registered_by_themselves_and_only_when_changed(
    server: DiscordServer, engine: Engine, tmp_path: Path
) -> None:
    """One registration for many starts (discord.py#9439); a failed one is made again; a removed one too."""
    journal = await open_journal(f"sqlite:///{tmp_path}/j.sqlite3")
    async with bot_on(server, engine, journal):
        pass
    async with bot_on(server, engine, journal):
        pass
    assert server.syncs == 1
    server.commands = server.commands[:1]
    async with bot_on(server, engine, journal):
        pass
    assert server.syncs == 2
    await journal.close()


async def test_buttons_live_on_after_a_restart(server: DiscordServer, engine: Engine) -> None:
    """A press of a button of an earlier process works (Equal-Vote/discord-bot#22)."""
    async with bot_on(server, engine):
        answer = await server.reply_to(await server.say(VISA))
    async with bot_on(server, engine):
        act = await server.press(answer, "Kaynak")
        assert "“" in (await server.response_to(act))["content"]
        assert "Teşekkürler" in (await server.response_to(await server.press(answer, "👍")))["content"]


async def test_nobody_is_pinged(server: DiscordServer, engine: Engine) -> None:
    """Every body carries empty allowed mentions: the server refuses others (hermes-agent#11339)."""
    async with bot_on(server, engine):
        await server.reply_to(await server.say("@everyone vize"))
        await server.response_to(await server.slash("sor", option("@here vize")))
    assert server.problems == []


async def test_nothing_is_answered_that_has_no_word_in_it(server: DiscordServer, engine: Engine) -> None:
    """“...” gets no article fact (Red-DiscordBot#1736)."""
    async with bot_on(server, engine):
        answer = await server.reply_to(await server.say("... ?! 😀"))
    assert answer["embeds"] == []


async def test_the_same_event_three_times_is_answered_once(
    server: DiscordServer, engine: Engine, tmp_path: Path
) -> None:
    """Messages and interactions, also across a restart."""
    journal = await open_journal(f"sqlite:///{tmp_path}/j.sqlite3")
    async with bot_on(server, engine, journal):
        asked = server.write(VISA)
        for _ in range(3):
            await server.tell("MESSAGE_CREATE", asked)
        act = await server.slash("sor", option(VISA), times=3)
        await server.response_to(act)
        await server.settle()
    async with bot_on(server, engine, journal):
        await server.tell("MESSAGE_CREATE", asked)
        await server.settle()
    await journal.close()
    assert len(server.replies_to(asked)) == 1
    assert sum(path.endswith("/callback") for _, path in server.requests) == 1


async def test_blocked_or_without_the_right_to_write_is_noted_once(
    server: DiscordServer, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    """One log line, no traceback, no retry."""
    async with bot_on(server, engine):
        server.channels[server.direct("ayşe")]["closed"] = True
        for _ in range(3):
            await server.say(VISA)
        await server.settle()
    assert sum(method == "POST" for method, _ in server.requests) == 3
    assert caplog.text.count("channel_closed") == 1
    assert "Traceback" not in caplog.text


async def test_server_down_at_start_is_waited_out(server: DiscordServer, engine: Engine) -> None:
    """No exit, said in health; connected once Discord is there."""
    await server.stop()
    settings = settings_for(server)
    desk, stop = desk_for(engine, settings), asyncio.Event()
    task = asyncio.create_task(serve(desk, settings, stop))
    await until(lambda: "discord" in desk.health.parts or task.done())
    assert not task.done()
    assert not desk.health.parts["discord"].ok
    await server.start()
    await connected(desk, task, 30)
    stop.set()
    await task


async def test_a_dropped_connection_on_send_is_repeated_safely(server: DiscordServer, engine: Engine) -> None:
    """Dropped before, or after Discord took it: one reply, since the nonce is enforced (errno 104)."""
    server.faults.only = lambda method, path: method == "POST" and path.endswith("/messages")
    async with bot_on(server, engine):
        for kind in ("drop", "drop-after", "500", "503", "429", "429-proxy"):
            server.faults.script.append(kind)
            asked = await server.say(VISA)
            await server.reply_to(asked)
            await server.settle()
            assert len(server.replies_to(asked)) == 1, kind
    assert server.faults.injected == 6


async def test_a_first_response_lost_on_the_wire_is_repeated_safely(server: DiscordServer, engine: Engine) -> None:
    """An interaction's answer that had arrived is recognised by "already acknowledged"."""
    server.faults.only = lambda _, path: path.endswith("/callback")
    async with bot_on(server, engine):
        for kind in ("drop", "drop-after", "500", "429"):
            server.faults.script.append(kind)
            act = await server.slash("sor", option(VISA))
            assert ANSWER in (await server.response_to(act))["content"], kind
    assert server.faults.injected == 4


async def test_the_three_second_deadline(
    server: DiscordServer, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow answer is deferred in time and arrives later; a quick one needs no second call (discord.py#9507)."""
    async with bot_on(server, engine) as desk:
        quick = await server.slash("sor", option(VISA))
        await server.response_to(quick)
        assert quick.acknowledged == 4

        async def slow(*_: object) -> Reply:
            await asyncio.sleep(4)
            return Reply(Status.ANSWER, ("Geç ama burada.",))

        monkeypatch.setattr(desk, "ask", slow)
        act = await server.slash("sor", option(VISA))
        shown = await server.response_to(act, 8)
    assert act.acknowledged == 5
    assert shown["content"] == "Geç ama burada."


async def test_conversations_are_seen_by_another_process(server: DiscordServer, engine: Engine, tmp_path: Path) -> None:
    """A follow-up after a restart refers to the question before it."""
    journal = await open_journal(f"sqlite:///{tmp_path}/j.sqlite3")
    async with bot_on(server, engine, journal):
        await server.reply_to(await server.say("2024'te Kazakistan'dan Türkiye'ye kaç turist geldi?"))
    async with bot_on(server, engine, journal):
        asked = await server.say("peki Türkiye'den Kazakistan'a?")
        assert "130 bin" in (await server.reply_to(asked))["content"]
    await journal.close()


async def test_messages_sent_while_down_are_answered(server: DiscordServer, engine: Engine, tmp_path: Path) -> None:
    """After a restart direct messages and mentions of known channels are caught up, others and old ones are not."""
    journal = await open_journal(f"sqlite:///{tmp_path}/j.sqlite3")
    async with bot_on(server, engine, journal):
        await server.reply_to(await server.say(VISA))
        await server.reply_to(await server.say(f"<@{server.me}> {VISA}", channel=server.channel))
    direct = server.write(TRADE)
    called = server.write(f"<@{server.me}> {TRADE}", channel=server.channel)
    talk = server.write(TRADE, channel=server.channel)
    before = len(server.posts())
    async with bot_on(server, engine, journal):
        await server.reply_to(direct)
        await server.reply_to(called)
        await server.settle()
    await journal.close()
    assert server.replies_to(talk) == []
    assert len(server.posts()) == before + 2


async def test_a_crash_between_claim_and_reply_loses_no_question(
    server: DiscordServer, engine: Engine, tmp_path: Path
) -> None:
    """The next process finds the question in the journal and answers it at once, unless the reply is there already."""
    from bot.platforms.discord.incoming import Question

    journal = await open_journal(f"sqlite:///{tmp_path}/j.sqlite3")
    asked, answered = server.write(VISA), server.write(TRADE)
    just_now = time.time()
    for message in (asked, answered):
        q = Question(
            int(message["id"]), int(message["channel_id"]), None, int(message["author"]["id"]), message["content"]
        )
        assert await journal.take("discord", q.update_id, q.to_json(), just_now)
        assert await journal.claim_one("discord", q.update_id, "dead", just_now, 60)
    own = server._message(
        answered["channel_id"], server.bot, {"content": "x", "message_reference": {"message_id": answered["id"]}}
    )
    server.messages[answered["channel_id"]][own["id"]] = own
    async with bot_on(server, engine, journal):
        assert ANSWER in (await server.reply_to(asked, 20))["content"]
        await server.settle()
    await journal.close()
    assert len(server.replies_to(answered)) == 1


async def test_stop_sends_what_is_in_flight(
    server: DiscordServer, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SIGTERM: the replies under way arrive, nothing new is begun, all is closed (discord.py#8998)."""
    settings = settings_for(server)
    desk, stop = desk_for(engine, settings), asyncio.Event()
    task = asyncio.create_task(serve(desk, settings, stop))
    await connected(desk, task)
    ask = desk.ask
    asked_desk = asyncio.Event()

    async def slow(asker: Asker, question: str) -> Reply:
        asked_desk.set()
        await asyncio.sleep(1.0)
        return await ask(asker, question)

    monkeypatch.setattr(desk, "ask", slow)
    message = await server.say(VISA)
    await asked_desk.wait()
    stop.set()
    await asyncio.sleep(0.1)
    late = await server.say(TRADE)
    await asyncio.wait_for(task, 20)
    assert ANSWER in server.replies_to(message)[0]["content"]
    assert server.replies_to(late) == []
    assert not server.gateway.connected


async def test_no_text_and_no_token_in_any_log(
    server: DiscordServer, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    """At DEBUG as well, where discord.py would log whole messages and interaction tokens."""
    caplog.set_level(logging.DEBUG)
    async with bot_on(server, engine):
        await server.reply_to(await server.say(VISA + " gizlikelime"))
        act = await server.slash("sor", option(VISA))
        await server.response_to(act)
        server.faults.script.append("500")
        await server.response_to(await server.slash("sor", option(VISA)))
    for secret in ("gizlikelime", act.token, server.token):
        assert secret not in caplog.text


def test_every_setting_of_the_hosts(engine: Engine) -> None:
    """REST and gateway move together or apart; the CDN and Discord's own addresses stay when nothing is set."""
    from bot.platforms.discord.rest import Address

    plain = Address("https://discord.com/api/v10", None)
    assert plain.rest("https://discord.com/api/v10/users/@me") == "https://discord.com/api/v10/users/@me"
    assert plain.gateway("wss://gateway.discord.gg/?v=10") == "wss://gateway.discord.gg/?v=10"
    moved = Address("http://127.0.0.1:4000/api", None)
    assert moved.rest("https://discord.com/api/v10/users/@me") == "http://127.0.0.1:4000/api/v10/users/@me"
    assert moved.rest("https://cdn.discordapp.com/a.png") == "https://cdn.discordapp.com/a.png"
    moved.told("ws://127.0.0.1:4001/gateway")
    assert moved.gateway("wss://gateway.discord.gg/?v=10") == "ws://127.0.0.1:4001/gateway?v=10"
    assert moved.gateway("ws://127.0.0.1:4002/resume?v=10") == "ws://127.0.0.1:4002/resume?v=10"
    both = Address("http://127.0.0.1:4000/api/v10", "ws://127.0.0.1:4003/")
    both.told("ws://127.0.0.1:4001/gateway")
    assert both.gateway("wss://gateway.discord.gg/?v=10&encoding=json") == "ws://127.0.0.1:4003/?v=10&encoding=json"


async def test_two_bots_of_one_process_keep_apart(engine: Engine) -> None:
    """Nothing global is redirected: each bot talks to its own host."""
    async with DiscordServer() as one, DiscordServer() as two, bot_on(one, engine), bot_on(two, engine):
        for server in (one, two):
            act: Any = await server.slash("sor", option(VISA))
            await server.response_to(act)
            await server.reply_to(await server.say(VISA))
        assert len(one.posts()) == len(two.posts()) == 2


async def test_a_call_that_hangs_is_given_up_and_repeated(
    server: DiscordServer, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A host that takes a call and never answers holds up nobody: one reply to a message, one to a command."""
    from bot.platforms.discord import rest

    monkeypatch.setattr(rest, "CALL_S", 0.5)
    server.faults.only = lambda method, path: method == "POST" and path.endswith(("/messages", "/callback"))
    async with bot_on(server, engine):
        server.faults.script.append("hang")
        asked = await server.say(VISA)
        await server.reply_to(asked)
        server.faults.script.append("hang")
        act = await server.slash("sor", option(VISA))
        assert ANSWER in (await server.response_to(act))["content"]
        await server.settle()
    assert len(server.replies_to(asked)) == 1


async def test_a_bug_is_told_without_its_innards(
    server: DiscordServer, engine: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever breaks behind a command or a button, the person gets a sentence, and no log has the text."""
    async with bot_on(server, engine) as desk:
        answer = await server.reply_to(await server.say(VISA))

        async def broken(*_: object) -> str:
            raise RuntimeError("gizlikelime")

        monkeypatch.setattr(desk, "rate", broken)
        monkeypatch.setattr(desk, "forget", broken)
        for act in (await server.press(answer, "👍"), await server.slash("sil")):
            assert "aksaklık" in (await server.response_to(act))["content"]
            assert act.ephemeral
    assert "gizlikelime" not in caplog.text


async def test_a_command_that_discord_still_shows_but_we_no_longer_have(server: DiscordServer, engine: Engine) -> None:
    """An outdated client is told to refresh, instead of "the application did not respond"."""
    async with bot_on(server, engine):
        act = await server.slash("eski")
        assert "yenile" in (await server.response_to(act))["content"]
