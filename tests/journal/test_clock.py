"""A wall clock that jumps by hours: no question is kept, no lease and no limit locks anybody out, nothing is deleted early."""

from __future__ import annotations

import pytest

from bot.journal import Journal

from .conftest import NOW, Opener


async def test_a_clock_that_was_set_back_locks_nobody_out(journal: Journal) -> None:
    """A bucket written in the future starts anew instead of refusing for an hour."""
    while await journal.allow("p", 1, 5, NOW + 3_600):
        pass
    assert await journal.allow("p", 1, 5, NOW)


async def test_a_lease_from_before_the_clock_was_set_back_keeps_nobody_away(replica: Opener) -> None:
    """Its holder died; another takes over at once, not hours later. A holder that lives goes on, whatever the clock does."""
    one, two = await replica(), await replica()
    assert await one.lease("retention", "one", NOW, 60)
    assert await two.lease("retention", "two", NOW - 2 * 3_600, 60)
    assert not await one.lease("retention", "one", NOW - 2 * 3_600 + 1, 60)
    assert await two.lease("retention", "two", NOW + 5 * 3_600, 60)
    assert await two.lease("retention", "two", NOW - 5 * 3_600, 60)


@pytest.mark.parametrize("hours", [-5, 5])
async def test_a_clock_that_is_hours_off_costs_a_context_at_most(journal: Journal, hours: int) -> None:
    """Retention on the wrong clock deletes nothing that an editor or a replica still needs; what is kept then is found."""
    wrong = NOW + hours * 3_600
    await journal.note_refused("p", "telegram", "unknown", "", "soru", NOW)
    await journal.take("telegram", "1", "{}", NOW)
    await journal.keep_context("p", "c", "{}", NOW, 1_800)
    await journal.retain(wrong, 90)
    assert await journal.context("p", "c", wrong) == ("{}" if hours < 0 else None)
    await journal.keep_context("p", "c", "{}", wrong, 1_800)
    assert await journal.context("p", "c", wrong + 60) == "{}"
    assert [group.count for group in await journal.inbox(max(NOW, wrong), 9)] == [1]
    assert [update.update_id for update in await journal.claim("telegram", "me", wrong, 20, 9)] == ["1"]


async def test_a_clock_that_was_set_back_keeps_no_question(journal: Journal) -> None:
    """A replica dies, then its clock is set back by hours: another one answers at once, not hours later."""
    assert await journal.take("telegram", "1", "{}", NOW)
    assert await journal.claim_one("telegram", "1", "dead", NOW, 20)
    assert await journal.claim("telegram", "next", NOW + 1, 20, 10) == []
    found = await journal.claim("telegram", "next", NOW - 7_200, 20, 10)
    assert [update.update_id for update in found] == ["1"]
