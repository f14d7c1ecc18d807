"""Faults by the hundred: exactly one reply to each question."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.engine.answer import Engine
from tests.platforms.telegram.running import QUESTION, running
from tests.servers.telegram import BotServer, some_faults

QUESTIONS = 400
"""``python -m benchmarks.telegram_load --faults 0.1`` asks 2,000."""


@pytest.mark.slow
async def test_a_tenth_of_all_calls_fails_and_each_question_gets_one_reply(
    server: BotServer, engine: Engine, tmp_path: Path
) -> None:
    """429, 500, 502 and dropped connections, seeded; some updates delivered twice on top."""
    async with running(server, engine, tmp_path) as bot:
        server.faults = some_faults(0.1, seed=7)
        asked = [server.message(QUESTION, chat=1 + n % 80, user=1 + n % 80) for n in range(QUESTIONS)]
        for number, message in enumerate(asked):
            update = server.push({"message": message})
            if number % 20 == 0:
                server.repeat(update)
        await server.until(lambda: all(server.replies[m["message_id"]] for m in asked), 40)
        await asyncio.sleep(0.5)
        failed = sum(c.method == "sendMessage" and c.status != 200 for c in server.calls)
        assert (set(server.replies.values()), failed > 20) == ({1}, True)
        kinds = {kind for platform, kind in bot.desk.tally.api_errors if platform == "telegram"}
        assert kinds == {"429", "5xx", "dropped"}
