"""What the desk's tests share: a clock to turn, a journal that fails when told, a desk on the small content."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.content.shelf import Edition, Shelf
from bot.desk import Asker, Desk
from bot.errors import JournalError
from bot.journal import Journal
from bot.settings import Settings

ANA = Asker("telegram", "11", "11")
EMRE = Asker("telegram", "22", "22")
ADMIN = Asker("telegram", "99", "99")
NOON = 1_770_000_000.0


@dataclass
class Clock:
    """Epoch seconds that a test turns by hand."""

    now: float = NOON

    def __call__(self) -> float:
        return self.now


@dataclass
class Troubled:
    """A journal in front of ``inner`` that raises while ``down`` and hangs while ``hangs``; counts what was called."""

    inner: Journal
    down: bool = False
    hangs: bool = False
    called: list[str] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.inner, name)
        if not asyncio.iscoroutinefunction(method):
            return method
        return self._watched(name, method)

    def _watched(self, name: str, method: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def call(*args: Any, **kwargs: Any) -> Any:
            self.called.append(name)
            if self.hangs:
                await asyncio.sleep(3600)
            if self.down:
                raise JournalError("bağlantı koptu")
            return await method(*args, **kwargs)

        return call


def settings_for(folder: Path, **changes: Any) -> Settings:
    """Settings with ``folder`` as content and one admin."""
    return Settings(content_dir=folder, admins=frozenset({(ADMIN.platform, ADMIN.user)}), **changes)


def desk_on(edition: Edition, settings: Settings, journal: Any, clock: Callable[[], float]) -> Desk:
    """A desk that serves ``edition``."""
    return Desk(Shelf(edition), settings, journal, clock)
