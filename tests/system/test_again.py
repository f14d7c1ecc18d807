"""Answering a message again after a crash, and what was answered while nothing could be written down."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.content.shelf import prepare
from bot.desk import Asker
from bot.errors import JournalError
from bot.journal import open_journal
from bot.platforms.telegram import intake
from bot.platforms.telegram.incoming import name_of
from bot.platforms.telegram.intake import Intake
from tests.content import small
from tests.desk.helpers import NOON, Clock, Troubled, desk_on, settings_for

ANA = Asker("telegram", "11", "11")


async def test_a_message_is_no_follow_up_of_itself(tmp_path: Path) -> None:
    """Killed between keeping the context and sending: who answers the message again uses the context before it."""
    journal = await open_journal(f"sqlite:///{tmp_path / 'again.sqlite3'}", b"pepper")
    edition, settings = prepare(small.FILES), settings_for(small.lay_out(tmp_path / "content"))
    first, second = (desk_on(edition, settings, journal, Clock()) for _ in range(2))
    await first.ask(replace(ANA, message="1"), "Kütüphane ne zaman açıldı?")
    once = await first.ask(replace(ANA, message="2"), "ne kadara mal oldu?")
    again = await second.ask(replace(ANA, message="2"), "ne kadara mal oldu?")
    before = await second.memory.context(replace(ANA, message="2"))
    after = await second.memory.context(replace(ANA, message="3"))
    assert again.paragraphs == once.paragraphs
    assert before != after
    await journal.close()


async def test_what_was_answered_unwritten_is_not_answered_by_another(tmp_path: Path, monkeypatch: Any) -> None:
    """While the journal is away a question is answered from memory; back again, no other replica gets it."""
    monkeypatch.setattr(intake, "SWEEP_S", 0.01)
    inner = await open_journal(f"sqlite:///{tmp_path / 'unwritten.sqlite3'}", b"pepper")
    journal = Troubled(inner, down=True)
    answered: list[int] = []

    async def handle(raw: dict[str, Any]) -> None:
        answered.append(raw["update_id"])

    one = Intake(journal, "telegram:1", handle, Clock())
    update = {"update_id": 7, "message": {"chat": {"id": 1}}}
    for item in await one.take([update]):
        await item.ended.wait()
    journal.down = False
    sweeping = asyncio.create_task(one.sweep())
    async with asyncio.timeout(10):
        while one._unmarked:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    sweeping.cancel()
    with contextlib.suppress(asyncio.CancelledError, JournalError):
        await sweeping
    assert not await inner.take("telegram:1", name_of(update), "{}", NOON)
    assert await inner.claim("telegram:1", "other", NOON + 3600, 20, 10) == []
    assert answered == [7]
    await inner.close()
