"""The gateway on bad days: closed early, dropped, malformed, silent. The bot comes back and answers once."""

from __future__ import annotations

import asyncio

import pytest

from bot.engine.answer import Engine
from bot.platforms.discord import gateway
from tests.platforms.discord.running import TRADE, VISA, bot_on, connected, desk_for, is_up, settings_for, until
from tests.servers.discord import DiscordServer


async def test_closed_before_hello(server: DiscordServer, engine: Engine) -> None:
    """At the start and on a reconnect, several times in a row, without ending the process or a storm (discord.py#842)."""
    server.gateway.close_before_hello = 2
    async with bot_on(server, engine):
        server.gateway.close_before_hello = 3
        await server.gateway.drop()
        asked = server.write(VISA)
        await asyncio.sleep(0.5)
        await server.tell("MESSAGE_CREATE", asked)
        await server.reply_to(asked, 20)
    assert server.gateway.connections < 12


@pytest.mark.parametrize(
    "frame",
    [
        '{"op":0,"t":"MESSAGE_CREATE","s":90,"d":{"id":"x"}}',
        '{"op":0,"t":"MESSAGE_CREATE","s":91,"d":null}',
        '{"op":0,"t":"INTERACTION_CREATE","s":92,"d":{"id":"1","type":2}}',
        '{"op":0,"t":"GUILD_CREATE","s":93,"d":{"id":"5"}}',
        '{"op":0,"t":"MESSAGE_UPDATE","s":94,"d":{"id":"1","channel_id":"2","author":{}}}',
        '{"op":0,"t":"NEVER_HEARD_OF","s":95,"d":{}}',
        "this is no JSON",
        "[1, 2, 3]",
        '{"op":77,"d":null,"s":null,"t":null}',
    ],
)
async def test_a_malformed_frame_is_stepped_over(server: DiscordServer, engine: Engine, frame: str) -> None:
    """One event that the library cannot read blocks none after it, on the same connection."""
    async with bot_on(server, engine):
        await server.gateway.raw(frame)
        await server.reply_to(await server.say(VISA))
    assert server.gateway.connections == 1


async def test_a_flood_of_bad_frames_begins_a_new_session(server: DiscordServer, engine: Engine) -> None:
    """A connection on which nothing can be read is replaced."""
    async with bot_on(server, engine):
        for _ in range(gateway.MOST_BAD_FRAMES + 1):
            await server.gateway.raw("?")
        await until(lambda: server.gateway.identifies == 2)
        asked = server.write(VISA)
        await until(lambda: server.gateway.connected)
        await server.tell("MESSAGE_CREATE", asked)
        await server.reply_to(asked)


@pytest.mark.parametrize("code", [1006, 1000, 1001, 4000, 4009])
async def test_a_drop_is_resumed_and_nothing_is_lost(server: DiscordServer, engine: Engine, code: int) -> None:
    """What is said between drop and resume is replayed and answered, once."""
    async with bot_on(server, engine):
        await server.reply_to(await server.say(VISA))
        await server.gateway.drop(code)
        asked = await server.say(TRADE)
        await server.reply_to(asked, 20)
        await server.settle()
        assert len(server.replies_to(asked)) == 1
    assert server.gateway.resumes + server.gateway.identifies >= 2


@pytest.mark.parametrize("resumable", [True, False])
async def test_an_invalid_session_is_begun_anew(server: DiscordServer, engine: Engine, resumable: bool) -> None:
    """Op 9, resumable and not."""
    async with bot_on(server, engine):
        asked = await server.say(VISA)
        await server.reply_to(asked)
        await server.gateway.invalidate(resumable)
        await until(lambda: server.gateway.resumes + server.gateway.identifies == 2 and server.gateway.connected)
        await server.reply_to(await server.say(TRADE), 20)


async def test_frames_in_parts(server: DiscordServer, engine: Engine) -> None:
    """A compressed frame may come in several messages, the greeting as well."""
    server.gateway.in_parts = True
    async with bot_on(server, engine):
        await server.reply_to(await server.say(VISA))
    assert server.gateway.identifies == 1


async def test_a_resume_that_tells_null(server: DiscordServer, engine: Engine) -> None:
    """READY without an address to resume at and RESUMED without data: the session goes on, and is not begun anew."""
    server.gateway.ready_without, server.gateway.resumed = ("resume_gateway_url",), None
    async with bot_on(server, engine):
        await server.reply_to(await server.say(VISA))
        await server.gateway.drop(4000)
        await until(lambda: server.gateway.resumes == 1 and server.gateway.connected)
        await asyncio.sleep(0.1)
        await server.reply_to(await server.say(VISA))
        assert server.gateway.identifies == 1


async def test_reconnect_on_request(server: DiscordServer, engine: Engine) -> None:
    """Op 7: Discord asks to come back, and the session goes on."""
    async with bot_on(server, engine):
        await server.gateway.raw('{"op":7,"d":null,"s":null,"t":null}')
        asked = server.write(VISA)
        await asyncio.sleep(0.3)
        await server.tell("MESSAGE_CREATE", asked)
        await server.reply_to(asked, 20)
    assert server.gateway.resumes == 1


async def test_a_resume_that_is_ignored_does_not_hang_for_ever(
    server: DiscordServer, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Alive but deaf is the worst state (seen with a host that does not know RESUME): a new session is begun."""
    monkeypatch.setattr(gateway, "RESUME_S", 0.5)
    async with bot_on(server, engine) as desk:
        server.gateway.ignore_resume = 1
        await server.gateway.drop()
        await until(lambda: not is_up(desk))
        await until(lambda: server.gateway.identifies == 2 and is_up(desk))
        await server.reply_to(await server.say(VISA))


async def test_a_resume_refused_begins_anew_and_catches_up(server: DiscordServer, engine: Engine) -> None:
    """Discord replays nothing to a new session; the channel's history does."""
    async with bot_on(server, engine):
        await server.reply_to(await server.say(VISA))
        server.gateway.refuse_resume = 1
        await server.gateway.drop()
        server.gateway.sessions.clear()
        await asyncio.sleep(1.5)  # the first session's own catching up is over
        missed = server.write(TRADE)
        await server.reply_to(missed, 30)
        assert server.gateway.identifies == 2
        await server.settle()
    assert len(server.replies_to(missed)) == 1


async def test_health_follows_the_connection(server: DiscordServer, engine: Engine) -> None:
    """Red while it is away, green when it is back; red again when stopped."""
    settings = settings_for(server)
    desk, stop = desk_for(engine, settings), asyncio.Event()
    from bot.platforms.discord import serve

    task = asyncio.create_task(serve(desk, settings, stop))
    await connected(desk, task)
    server.gateway.close_before_hello = 2
    await server.gateway.drop()
    await until(lambda: not is_up(desk))
    await connected(desk, task)
    stop.set()
    await task
    assert not is_up(desk)
