"""Several processes on one journal: shards by lease, one answer each, one registration, take-over after a death."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.desk import Desk
from bot.engine.answer import Engine
from bot.journal import Journal, open_journal
from bot.platforms.discord import client, serve, serving
from bot.platforms.discord.shards import Shards
from tests.platforms.discord.running import TRADE, VISA, bot_on, desk_for, is_up, settings_for, until
from tests.servers.discord import DiscordServer


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "RENEW_S", 0.3)
    monkeypatch.setattr(serving, "IDENTIFY_EVERY_S", 0.3)
    monkeypatch.setattr(client, "IDENTIFY_EVERY_S", 0.1)


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[Journal]:
    opened = await open_journal(f"sqlite:///{tmp_path}/j.sqlite3")
    yield opened
    await opened.close()


@asynccontextmanager
async def replica(server: DiscordServer, engine: Engine, journal: Journal) -> AsyncIterator[tuple[Desk, asyncio.Event]]:
    """One more process's worth of bot; it need not get a shard."""
    settings = settings_for(server)
    desk, stop = desk_for(engine, settings, journal), asyncio.Event()
    task = asyncio.create_task(serve(desk, settings, stop))
    try:
        yield desk, stop
    finally:
        stop.set()
        await asyncio.wait_for(task, 20)


def shards_up(server: DiscordServer) -> list[int]:
    return sorted(s.shard for s in server.gateway.sessions.values() if s.line is not None)


async def test_replicas_share_the_shards_and_answer_once(
    server: DiscordServer, engine: Engine, journal: Journal
) -> None:
    """Two replicas, two shards: each runs one; messages on both are answered once; the tree is registered once."""
    server.shards = 2
    async with replica(server, engine, journal) as (one, _), replica(server, engine, journal) as (two, _):
        await until(lambda: shards_up(server) == [0, 1] and is_up(one) and is_up(two))
        asked = []
        for _ in range(3):
            asked += [await server.say(VISA), await server.say(f"<@{server.me}> {TRADE}", channel=server.channel)]
        for message in asked:
            await server.reply_to(message)
        await server.settle()
    assert all(len(server.replies_to(m)) == 1 for m in asked)
    assert len(server.posts()) == 6
    assert server.syncs == 1


async def test_a_lone_process_runs_all_shards(server: DiscordServer, engine: Engine, journal: Journal) -> None:
    """Auto-sharding: as many as Discord recommends, one after the other."""
    server.shards = 3
    async with bot_on(server, engine, journal):
        await until(lambda: shards_up(server) == [0, 1, 2])


async def test_a_stand_by_takes_over(server: DiscordServer, engine: Engine, journal: Journal) -> None:
    """One shard, two replicas: the second waits, says so, and carries on when the first one ends."""
    async with replica(server, engine, journal) as (one, stop_one):
        await until(lambda: is_up(one))
        async with replica(server, engine, journal) as (two, _):
            await until(lambda: "yedekte" in (two.health.parts["discord"].why if "discord" in two.health.parts else ""))
            stop_one.set()
            await until(lambda: server.gateway.identifies == 2 and shards_up(server) == [0])
            await server.reply_to(await server.say(VISA))


async def test_a_lost_lease_ends_the_session_not_the_process(
    server: DiscordServer, engine: Engine, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that was stuck for too long steps back, and comes back when a shard is free."""
    kept = iter([False])

    async def keep(_: Shards) -> bool:
        return next(kept, True)

    async with bot_on(server, engine, journal) as desk:
        monkeypatch.setattr(Shards, "keep", keep)
        await until(lambda: server.gateway.identifies == 2 and is_up(desk), 30)
        await server.reply_to(await server.say(VISA))


async def test_the_same_message_on_two_processes_is_answered_once(
    server: DiscordServer, engine: Engine, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even if two processes hear the same shard (a lease ran out meanwhile), one answers."""

    async def lease(*_: object, **__: object) -> bool:
        return True

    monkeypatch.setattr(Shards, "_lease", lease)
    async with replica(server, engine, journal) as (one, _), replica(server, engine, journal) as (two, _):
        await until(lambda: is_up(one) and is_up(two) and len(shards_up(server)) == 2)
        asked = server.write(VISA)
        for session in server.gateway.sessions.values():
            await server.gateway.send(session, "MESSAGE_CREATE", {k: v for k, v in asked.items() if k != "guild_id"})
        await server.reply_to(asked)
        await server.settle()
    assert len(server.replies_to(asked)) == 1
