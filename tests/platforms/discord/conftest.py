"""A Discord server for each test; whatever limit the bot broke fails the test at its end."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.servers.discord import DiscordServer


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    """A running test server, checked for broken limits afterwards."""
    async with DiscordServer() as running:
        yield running
    assert running.problems == []
