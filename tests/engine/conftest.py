"""What the engine's tests share: the tiny catalog compiled once, and ways to read and to ask."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.engine.answer import Engine, answer, compile_catalog
from bot.engine.context import NO_CONTEXT
from bot.engine.frame import Frame
from bot.engine.model import Reply
from tests.engine.island import CATALOG

Reader = Callable[[str], Frame]
Asker = Callable[..., Reply]


@pytest.fixture(scope="session")
def island() -> Engine:
    """The made-up article, compiled."""
    return compile_catalog(CATALOG)


@pytest.fixture(scope="session")
def read_one(island: Engine) -> Reader:
    """The frame of a text that asks one thing."""

    def read(text: str) -> Frame:
        reading = island.read(text)
        assert len(reading.questions) == 1, reading
        return reading.questions[0]

    return read


@pytest.fixture(scope="session")
def ask(island: Engine) -> Asker:
    """The reply to the last of some turns in one conversation about the made-up article."""

    def after(*turns: str, today: str = "") -> Reply:
        context = NO_CONTEXT
        reply: Reply | None = None
        for turn in turns:
            reply, context = answer(turn, context, island, today)
        assert reply is not None
        return reply

    return after
