"""Many questions on a bad day: one reply each, whatever fails on the way."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from bot.engine.answer import Engine
from bot.journal import open_journal
from tests.platforms.discord.running import VISA, bot_on
from tests.servers.discord import DiscordServer

QUESTIONS = 300


@pytest.mark.slow
async def test_one_reply_each_with_faults_and_gateway_drops(
    server: DiscordServer, engine: Engine, tmp_path: Path
) -> None:
    """10 % of the calls answered 429, 5xx or dropped, three gateway drops, every tenth event twice: one reply each."""
    journal = await open_journal(f"sqlite:///{tmp_path}/j.sqlite3")
    asked, acts = [], []
    async with bot_on(server, engine, journal):
        await asyncio.sleep(1.2)
        server.faults.rate = 0.10
        for number in range(QUESTIONS):
            if number in (QUESTIONS // 4, QUESTIONS // 2, 3 * QUESTIONS // 4):
                await server.gateway.drop((1006, 4000, 1001)[number * 4 // QUESTIONS - 1])
            if number % 5 == 0:
                acts.append(
                    await server.slash("sor", [{"name": "soru", "type": 3, "value": VISA}], user=f"kişi {number % 60}")
                )
            else:
                asked.append(await server.say(VISA, user=f"kişi {number % 60}"))
                if number % 10 == 1:
                    await server.tell("MESSAGE_CREATE", asked[-1])
            await asyncio.sleep(0.005)
        await server.until(lambda: all(server.replies_to(m) for m in asked), 40)
        await server.settle(1.0)
    await journal.close()
    replies = Counter(len(server.replies_to(m)) for m in asked)
    assert replies == {1: len(asked)}
    assert server.faults.injected >= QUESTIONS * 0.05
    # An interaction lives for three seconds; one that fell into a drop longer than that cannot be answered by anybody.
    answered = sum(act.original is not None for act in acts)
    assert answered >= 0.95 * len(acts)
    assert not any(act.followups for act in acts)
