"""The whole product as a process: ``python -m bot run`` killed in the middle of its work, and asked to stop."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.platforms.discord.running import VISA, until
from tests.servers.discord import DiscordServer

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("engine")]
PEOPLE = 40


@asynccontextmanager
async def product(server: DiscordServer, root: Path, folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """The product, connected to the test server."""
    server.gateway.sessions.clear()
    settings = {
        "KOPRU_DISCORD_TOKEN": server.token,
        "KOPRU_DISCORD_API_URL": server.api_url,
        "KOPRU_DISCORD_GATEWAY_URL": server.gateway_url,
        "KOPRU_DATABASE_URL": f"sqlite:///{folder}/k.sqlite3",
        "KOPRU_CONTENT_DIR": str(root),
    }
    env = {**os.environ, **settings}
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot", "run", cwd=root, env=env)
    try:
        await until(lambda: server.gateway.connected or process.returncode is not None, 60)
        assert process.returncode is None
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@pytest.mark.timeout(150)
async def test_killed_in_the_middle_everything_is_answered_once(
    server: DiscordServer, root: Path, tmp_path: Path
) -> None:
    """SIGKILL with forty questions under way, some answered and some not: after the restart each has one reply."""
    async with product(server, root, tmp_path) as process:
        first = await server.say(VISA, user="ilk")
        await server.reply_to(first, 30)
        await asyncio.sleep(1.5)  # where the channel is gets written down
        server.delay_s = 0.3
        asked = []
        for number in range(PEOPLE):
            asked.append(await server.say(VISA, user=f"kişi {number}"))
            await asyncio.sleep(0.02)
        await server.until(lambda: any(server.replies_to(m) for m in asked), 30)
        process.kill()
        await process.wait()
        assert 0 < sum(bool(server.replies_to(m)) for m in asked) < PEOPLE
    server.delay_s = 0.0
    down = server.write(VISA, user="ilk")
    async with product(server, root, tmp_path) as process:
        await server.until(lambda: all(server.replies_to(m) for m in [*asked, down]), 60)
        await server.settle(1.0)
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 30) == 0
    assert [len(server.replies_to(m)) for m in [first, *asked, down]] == [1] * (PEOPLE + 2)
