"""Updates in every journal: taken once, claimed under a lease, handed out in order, ticked off once."""

from __future__ import annotations

import asyncio

import pytest

from bot.errors import JournalError
from bot.journal import Journal
from bot.journal.base import Taken, Update

from .conftest import NOW, Opener


async def test_an_update_is_taken_once_and_answered_once(replica: Opener) -> None:
    """Of two replicas that get one update twice, one answers; afterwards only its id is left."""
    one, two = await replica(), await replica()
    assert await one.take("telegram", "7", '{"text": "vize"}', NOW)
    assert not await two.take("telegram", "7", '{"text": "vize"}', NOW)
    assert await two.take("discord", "7", "{}", NOW), "ids of two platforms have nothing to do with each other"
    assert await one.claim_one("telegram", "7", "one", NOW, 30)
    assert not await two.claim_one("telegram", "7", "two", NOW, 30)
    assert await two.claim("telegram", "two", NOW, 30, 10) == []
    assert not await two.done("telegram", "7", "two", NOW), "not its claim"
    assert await one.done("telegram", "7", "one", NOW)
    assert await one.done("telegram", "7", "one", NOW), "said twice, since the first reply may be lost"
    assert not await one.unsure("telegram", "7", "one", NOW)
    assert await two.claim("telegram", "two", NOW + 99, 30, 10) == []
    assert not await two.take("telegram", "7", "{}", NOW + 99)


async def test_a_crash_between_claim_and_reply_loses_no_question(replica: Opener) -> None:
    """After the lease another replica gets the update; the first one's late `done` is told so."""
    one, two = await replica(), await replica()
    await one.take("telegram", "7", "soru", NOW)
    assert await one.claim("telegram", "one", NOW, 30, 1) == [Update("telegram", "7", "soru", 1)]
    assert await two.claim("telegram", "two", NOW + 29, 30, 1) == []
    assert await two.claim("telegram", "two", NOW + 31, 30, 1) == [Update("telegram", "7", "soru", 2)]
    assert not await one.done("telegram", "7", "one", NOW + 32)
    assert await two.done("telegram", "7", "two", NOW + 33)


async def test_one_process_gets_an_update_once_and_may_prolong_its_claim(replica: Opener) -> None:
    """Claiming what I hold is refused, else two of my tasks would answer; prolonging keeps others away."""
    one, two = await replica(), await replica()
    await one.take("telegram", "7", "soru", NOW)
    assert not await one.prolong("telegram", "7", "one", NOW, 30), "nobody has claimed it"
    assert await one.claim_one("telegram", "7", "one", NOW, 30)
    assert not await one.claim_one("telegram", "7", "one", NOW + 1, 30)
    assert await one.prolong("telegram", "7", "one", NOW + 29, 30)
    assert await two.claim("telegram", "two", NOW + 31, 30, 1) == []
    assert not await two.prolong("telegram", "7", "two", NOW + 31, 30)
    assert await two.claim("telegram", "two", NOW + 60, 30, 1) == [Update("telegram", "7", "soru", 2)]
    assert not await one.prolong("telegram", "7", "one", NOW + 61, 30)


async def test_an_unsure_update_is_never_handed_out_again(journal: Journal) -> None:
    """Better one answer that may not have arrived than two."""
    await journal.take("telegram", "7", "soru", NOW)
    await journal.claim_one("telegram", "7", "me", NOW, 30)
    assert await journal.unsure("telegram", "7", "me", NOW + 1)
    assert await journal.claim("telegram", "other", NOW + 999, 30, 9) == []
    assert not await journal.claim_one("telegram", "7", "me", NOW + 999, 30)


async def test_updates_are_handed_out_in_the_order_they_came(journal: Journal) -> None:
    """The oldest first, as many as asked for."""
    for number in range(7):
        await journal.take("telegram", str(number), "", NOW)
    claimed = [await journal.claim("telegram", "me", NOW, 30, 3) for _ in range(4)]
    assert [[update.update_id for update in batch] for batch in claimed] == [list("012"), list("345"), ["6"], []]


async def test_a_follow_up_waits_for_the_question_before_it(journal: Journal) -> None:
    """Of one lane only the first unanswered update can be claimed; other lanes go on."""
    for id_, lane in (("1", "ali"), ("2", "ali"), ("3", "veli"), ("4", "")):
        await journal.take("telegram", id_, "", NOW, lane)
    assert not await journal.claim_one("telegram", "2", "me", NOW, 30)
    assert [update.update_id for update in await journal.claim("telegram", "me", NOW, 30, 9)] == ["1", "3", "4"]
    assert await journal.claim("telegram", "me", NOW, 30, 9) == []
    await journal.unsure("telegram", "1", "me", NOW)
    assert [update.update_id for update in await journal.claim("telegram", "me", NOW, 30, 9)] == ["2"]


async def test_an_update_can_be_taken_and_claimed_in_one_step(replica: Opener) -> None:
    """New and free: it is mine; seen before, or not the first in its lane: it is not."""
    one, two = await replica(), await replica()
    assert await one.take_and_claim("telegram", "1", "soru", "one", NOW, 30, lane="ali") is Taken.CLAIMED
    assert await two.take_and_claim("telegram", "1", "soru", "two", NOW, 30, lane="ali") is Taken.KNOWN
    assert await two.take_and_claim("telegram", "2", "ya 2023", "two", NOW, 30, lane="ali") is Taken.WAITING
    assert await two.take_and_claim("telegram", "3", "soru", "two", NOW, 30, lane="veli") is Taken.CLAIMED
    assert await two.take_and_claim("telegram", "4", "soru", "two", NOW, 30) is Taken.CLAIMED
    assert await two.claim("telegram", "two", NOW, 30, 9) == []
    assert await one.done("telegram", "1", "one", NOW)
    assert await two.claim("telegram", "two", NOW, 30, 9) == [Update("telegram", "2", "ya 2023", 1)]
    assert await one.claim("telegram", "one", NOW + 31, 30, 1) == [Update("telegram", "2", "ya 2023", 2)]


async def test_calls_made_at_once_are_answered_each_for_itself(replica: Opener) -> None:
    """They share a statement: new and known ones, two lanes, two owners, one asked for twice."""
    one, two = await replica(), await replica()
    await one.take("telegram", "1", "eski", NOW, "ali")
    ids = ("1", "2", "3", "3")
    assert await asyncio.gather(*(two.take("telegram", id_, "yeni", NOW, "veli") for id_ in ids)) == [
        False,
        True,
        True,
        False,
    ]
    claims = [
        two.claim_one("telegram", id_, owner, NOW, 30)
        for id_, owner in (("1", "a"), ("2", "b"), ("2", "b"), ("3", "a"))
    ]
    assert await asyncio.gather(*claims) == [True, True, False, False], "3 is not the first of its lane"
    ends = [
        two.done("telegram", "1", "a", NOW),
        two.unsure("telegram", "2", "b", NOW),
        two.done("telegram", "2", "a", NOW),
    ]
    assert await asyncio.gather(*ends) == [True, True, False]
    await asyncio.gather(
        *(two.keep_context(p, "c", p * 2, NOW, 60) for p in "abc"), two.keep_context("a", "c", "son", NOW, 60)
    )
    assert await asyncio.gather(*(one.context(p, "c", NOW) for p in "abcd")) == ["son", "bb", "cc", None]


async def test_an_id_that_no_store_takes_spoils_nothing_for_its_neighbours(journal: Journal) -> None:
    """Half a character: refused by itself, though it was to share a statement."""
    takes = (journal.take("telegram", id_, "soru", NOW) for id_ in ("1", "\ud800", "2"))
    first, bad, second = await asyncio.gather(*takes, return_exceptions=True)
    assert (first, type(bad), second) == (True, JournalError, True)


async def test_what_the_store_cannot_take_is_an_error_and_no_more(journal: Journal) -> None:
    """Half a character, or a number beyond all bounds: refused, and the next call works."""
    with pytest.raises(JournalError):
        await journal.take("telegram", "\ud800", "", NOW)
    with pytest.raises(JournalError):
        await journal.inbox(NOW, 2**70)
    assert await journal.take("telegram", "7", "", NOW)
