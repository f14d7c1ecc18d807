"""What every journal does, whatever the store."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import cast

import pytest

from bot.errors import JournalError
from bot.journal import Journal, open_journal
from bot.journal.base import AdminRow, NoteKind, Unanswered, UsageRow, VersionRow
from bot.journal.store import SqlJournal

from .conftest import NOW, Opener

DAY = 86_400.0


async def test_a_context_is_kept_for_its_person_and_chat_until_it_expires(journal: Journal) -> None:
    """Nobody else's question is read in my context, and an old one is none."""
    ayse, baris = journal.person_key("telegram", "1"), journal.person_key("telegram", "2")
    await journal.keep_context(ayse, "chat", '{"a": 1}', NOW, 60)
    assert await journal.context(ayse, "chat", NOW + 59) == '{"a": 1}'
    assert await journal.context(ayse, "chat", NOW + 61) is None
    assert await journal.context(ayse, "another", NOW) is None
    assert await journal.context(baris, "chat", NOW) is None
    await journal.keep_context(ayse, "chat", '{"a": 2}', NOW + 30, 60)
    assert await journal.context(ayse, "chat", NOW + 80) == '{"a": 2}'


async def test_a_person_key_names_nobody_and_is_the_same_in_every_replica(replica: Opener) -> None:
    """The key is kept in the store, differs by platform, and does not hold the user's id."""
    one, two = await replica(), await replica()
    key = one.person_key("telegram", "123456789")
    assert key == two.person_key("telegram", "123456789")
    assert key != one.person_key("discord", "123456789")
    assert "123456789" not in key
    assert len(key) == 32


async def test_a_key_from_the_settings_wins_over_the_stored_one(url: str, journal: Journal) -> None:
    """Two stores with one KOPRU_PERSON_KEY give one person one key."""
    keyed = await open_journal(url, b"a key from the settings")
    expected = hmac.new(b"a key from the settings", b"person\0telegram\x001", "sha256").hexdigest()[:32]
    assert keyed.person_key("telegram", "1") == expected
    assert journal.person_key("telegram", "1") != expected
    await keyed.close()


async def test_equal_questions_are_one_group_and_settling_one_settles_all(journal: Journal) -> None:
    """Equal means equal once folded; the newest wording is shown; settled ones do not come back."""
    person = journal.person_key("telegram", "1")
    for at, text in enumerate(("Nüfus kaç?", "Başkent neresi", "NÜFUS KAÇ?", "nufus kac?")):
        await journal.note_refused(person, "telegram", "not_in_article", "gap_population", text, NOW + at)
    newest, other = await journal.inbox(NOW + 10, 10)
    assert (newest.text, newest.count, newest.at, newest.kind) == ("nufus kac?", 3, NOW + 3, NoteKind.REFUSED)
    assert (newest.status, newest.intent) == ("not_in_article", "gap_population")
    assert (other.text, other.count) == ("Başkent neresi", 1)
    assert await journal.inbox_size() == 2
    assert await journal.resolve([newest.id], "gap", NOW + 20) == 3
    assert await journal.inbox(NOW + 30, 10) == [other]
    assert await journal.resolve([newest.id], "gap", NOW + 40) == 0


async def test_the_inbox_pages_do_not_shift_while_questions_come_in(journal: Journal) -> None:
    """Pages are of the inbox as it stood when the reader opened it."""
    for number in range(5):
        await journal.note_refused("p", "telegram", "unknown", "", f"soru {number}", NOW + number)
    first = await journal.inbox(NOW + 10, 2)
    await journal.note_refused("p", "telegram", "unknown", "", "yeni soru", NOW + 11)
    rest = await journal.inbox(NOW + 10, 2, 2) + await journal.inbox(NOW + 10, 2, 4)
    assert [group.text for group in first + rest] == [f"soru {number}" for number in (4, 3, 2, 1, 0)]


async def test_what_is_in_the_inbox_and_what_is_not(journal: Journal) -> None:
    """Refused, "none of these" and 👎 are there; 👍 is not; a rating changed to 👍 leaves it."""
    await journal.none_of_these("p", "discord", "konsolosluk?", NOW)
    await journal.rate("p", "discord", "visa", ["visa_free"], False, "vize var mı", NOW + 1)
    await journal.rate("q", "discord", "trade", ["trade_2024"], True, "ticaret ne kadar", NOW + 2)
    assert [group.kind for group in await journal.inbox(NOW + 9, 9)] == [NoteKind.BAD, NoteKind.NONE_OF_THESE]
    await journal.rate("p", "discord", "visa", ["visa_free"], True, "vize var mı", NOW + 3)
    assert [group.kind for group in await journal.inbox(NOW + 9, 9)] == [NoteKind.NONE_OF_THESE]
    await journal.rate("p", "discord", "visa", ["visa_free"], False, "vize var mı", NOW + 4)
    await journal.rate("p", "discord", "visa", ["visa_free"], False, "vize var mı", NOW + 5)
    assert [group.count for group in await journal.inbox(NOW + 9, 9) if group.kind is NoteKind.BAD] == [1]


async def test_ratings_without_their_question_are_grouped_by_intent(journal: Journal) -> None:
    """A button pressed after a restart still counts, under the intent that it was for."""
    for person in "abc":
        await journal.rate(person, "telegram", "visa", [], False, None, NOW)
    await journal.rate("a", "telegram", "trade", [], False, None, NOW - 1)
    groups = await journal.inbox(NOW, 9)
    assert [(group.intent, group.text, group.count) for group in groups] == [("visa", "", 3), ("trade", "", 1)]


async def test_personal_data_is_taken_out_before_a_text_is_written(journal: Journal) -> None:
    """What the inbox shows has no address and no number; texts are cut, odd characters harmless."""
    await journal.note_refused("p", "telegram", "unknown", "", "a.b@example.com 0532 123 45 67 vize?", NOW)
    await journal.note_refused("p", "telegram", "unknown", "", "x\0y \ud800 " + "ş" * 5_000, NOW + 1)
    long, short = await journal.inbox(NOW + 1, 9)
    assert short.text == "[e-posta] [numara] vize?"
    assert long.text.startswith("xy ? ş")
    assert len(long.text) == 1_000


async def test_the_latest_version_travels_with_its_content_and_ten_are_kept(replica: Opener) -> None:
    """Another replica gets the body bit by bit; the eleventh pushes out the first; going back is a put."""
    one, two = await replica(), await replica()
    assert await one.latest_version() is None
    body = bytes(range(256)) * 400
    assert await one.put_version("v0", body, "ali", NOW)
    assert await two.latest_version() == VersionRow("v0", body, "ali", NOW)
    assert not await two.put_version("v0", body, "veli", NOW + 1), "it is the latest already"
    for number in range(1, 11):
        assert await two.put_version(f"v{number}", b"", "veli", NOW + number)
    assert [row.version for row in await one.versions()] == [f"v{number}" for number in range(10, 0, -1)]
    assert await one.put_version("v9", b"again", "ali", NOW + 20)
    assert [row.version for row in await two.versions(3)] == ["v9", "v10", "v8"]
    assert cast("VersionRow", await two.latest_version()).body == b"again"


async def test_a_new_version_is_seen_by_every_watcher(replica: Opener) -> None:
    """Each watcher is told the latest version at once and every one that follows."""
    one, two = await replica(), await replica()
    await one.put_version("v1", b"", "ali", NOW)
    async with aclosing(one.watch_versions(0.05)) as first, aclosing(two.watch_versions(0.05)) as second:
        assert (await anext(first), await anext(second)) == ("v1", "v1")
        await two.put_version("v2", b"", "ali", NOW)
        assert await asyncio.wait_for(_both(first, second), 5) == ("v2", "v2")
        await one.put_version("v1", b"", "ali", NOW)
        assert await asyncio.wait_for(_both(first, second), 5) == ("v1", "v1")


async def _both(first: AsyncIterator[str], second: AsyncIterator[str]) -> tuple[str, str]:
    return await anext(first), await anext(second)


async def test_usage_is_counted_per_day(journal: Journal) -> None:
    """Days are UTC days; an earlier day than asked for is left out."""
    for at in (NOW - 3 * DAY, NOW, NOW, NOW + DAY):
        await journal.count("telegram", "answer", at)
    await journal.count("discord", "unknown", NOW)
    assert await journal.usage(NOW - DAY) == [
        UsageRow("2025-10-09", "discord", "unknown", 1),
        UsageRow("2025-10-09", "telegram", "answer", 2),
        UsageRow("2025-10-10", "telegram", "answer", 1),
    ]


async def test_figures_of_many_at_once_add_up(replica: Opener) -> None:
    """Three replicas, one by one and several at a time."""
    replicas = [await replica() for _ in range(3)]
    calls = (replicas[n % 3].count("telegram", ("answer", "unknown")[n % 2], NOW, 1 + n % 2) for n in range(300))
    await asyncio.gather(*calls)
    assert [row.count for row in await replicas[0].usage(0)] == [150, 300]


async def test_what_admins_did_is_kept_newest_first(journal: Journal) -> None:
    """The last action stands on top."""
    await journal.note_admin("p", "reload", "v1", NOW)
    await journal.note_admin("q", "back", "v0", NOW + 1)
    assert await journal.admin_actions() == [AdminRow("q", "back", "v0", NOW + 1), AdminRow("p", "reload", "v1", NOW)]
    assert len(await journal.admin_actions(1)) == 1


async def test_a_bucket_gives_its_burst_and_then_its_rate(replica: Opener) -> None:
    """Three at once, then one each two seconds, shared by all replicas; it never grows beyond the burst."""
    one, two = await replica(), await replica()
    assert [await journal.allow("p", 0.5, 3, NOW) for journal in (one, two, one, two)] == [True, True, True, False]
    assert not await two.allow("p", 0.5, 3, NOW + 1.9)
    assert await one.allow("p", 0.5, 3, NOW + 2)
    assert not await two.allow("p", 0.5, 3, NOW + 2)
    assert [await two.allow("p", 0.5, 3, NOW + DAY) for _ in range(4)] == [True, True, True, False]
    assert await one.allow("q", 0.5, 3, NOW), "another bucket is another's"


@pytest.mark.parametrize(("rate", "burst"), [(0, 1), (-1, 1), (1, 0.5)])
async def test_a_bucket_that_makes_no_sense_is_the_callers_mistake(journal: Journal, rate: float, burst: float) -> None:
    """A setting of zero is not read as "never" or "always"."""
    with pytest.raises(ValueError, match="rate"):
        await journal.allow("p", rate, burst, NOW)


async def test_one_replica_at_a_time_holds_a_lease(replica: Opener) -> None:
    """The holder renews it, another gets it once it has run out or was given up."""
    one, two = await replica(), await replica()
    assert await one.lease("retention", "one", NOW, 60)
    assert not await two.lease("retention", "two", NOW + 59, 60)
    assert await one.lease("retention", "one", NOW + 59, 60)
    assert not await two.lease("retention", "two", NOW + 61, 60)
    assert await two.lease("retention", "two", NOW + 120, 60)
    await one.release("retention", "one")
    assert not await one.lease("retention", "one", NOW + 121, 60), "it could not give up what is another's"
    await two.release("retention", "two")
    assert await one.lease("retention", "one", NOW + 121, 60)


async def test_forgetting_deletes_all_rows_of_a_person_and_nobody_elses(journal: Journal) -> None:
    """/sil says how many rows that were."""
    for person in ("ali", "veli"):
        await journal.keep_context(person, "c1", "{}", NOW, 60)
        await journal.keep_context(person, "c2", "{}", NOW, 60)
        await journal.note_refused(person, "telegram", "unknown", "", "soru", NOW)
        await journal.none_of_these(person, "telegram", "soru", NOW)
        await journal.rate(person, "telegram", "visa", [], True, "soru", NOW)
        await journal.note_admin(person, "reload", "", NOW)
    assert await journal.forget("ali") == 6
    assert await journal.forget("ali") == 0
    assert await journal.context("ali", "c1", NOW) is None
    assert await journal.context("veli", "c1", NOW) == "{}"
    assert [group.count for group in await journal.inbox(NOW, 9)] == [1, 1]
    assert [row.person for row in await journal.admin_actions()] == ["veli"]


async def test_retention_deletes_what_is_old_and_keeps_what_is_not(journal: Journal) -> None:
    """Ninety days for texts, two for update ids, contexts when they expire; usage figures stay."""
    for at in (NOW - 91 * DAY, NOW - 89 * DAY):
        await journal.note_refused("p", "telegram", "unknown", "", f"soru {at}", at)
        await journal.note_admin("p", "reload", "", at)
        await journal.count("telegram", "answer", at)
    for id_, at in (("old", NOW - 3 * DAY), ("new", NOW - DAY)):
        await journal.take("telegram", id_, "", at)
    await journal.keep_context("p", "expired", "{}", NOW - 60, 30)
    await journal.keep_context("p", "kept", "{}", NOW - 60, 90)
    await journal.allow("b", 1, 1, NOW - 60)
    await journal.lease("retention", "me", NOW - 2 * DAY, 60)
    assert await journal.retain(NOW, 90) == 6
    assert await journal.retain(NOW, 90) == 0
    assert await journal.inbox_size() == 1
    assert len(await journal.admin_actions()) == 1
    assert len(await journal.usage(0)) == 2
    assert await journal.context("p", "kept", NOW) == "{}"
    assert [update.update_id for update in await journal.claim("telegram", "me", NOW, 30, 9)] == ["new"]


async def test_a_finished_updates_id_is_kept_for_two_days_from_its_end(journal: Journal) -> None:
    """A platform that offers it again within a day is told that it was seen."""
    await journal.take("telegram", "7", "", NOW)
    await journal.claim_one("telegram", "7", "me", NOW + DAY, 30)
    await journal.done("telegram", "7", "me", NOW + DAY)
    assert await journal.retain(NOW + 2.5 * DAY, 90) == 0
    assert not await journal.take("telegram", "7", "", NOW + 2.5 * DAY)
    assert await journal.retain(NOW + 3.5 * DAY, 90) == 1


async def test_retention_goes_on_until_all_of_a_large_heap_is_gone(journal: Journal) -> None:
    """More rows than one statement deletes."""
    await asyncio.gather(*(journal.take("telegram", str(number), "", NOW) for number in range(4_100)))
    assert await journal.retain(NOW + 3 * DAY, 90) == 4_100


async def test_no_raw_id_reaches_the_store(journal: Journal) -> None:
    """A private chat's id is the user's, and buckets and lanes are named after people: all are hashed."""
    raw = "987654321"
    person = journal.person_key("telegram", raw)
    await journal.keep_context(person, raw, "{}", NOW, 60)
    await journal.allow(f"telegram:{raw}", 1, 1, NOW)
    await journal.take("telegram", "7", "", NOW, lane=raw)
    driver = cast("SqlJournal", journal)._driver
    for table in ("contexts", "buckets", "updates"):
        assert raw not in str(await driver.fetch(f"SELECT * FROM {table}"))


async def test_hostile_text_is_only_text(journal: Journal) -> None:
    """Quotes, semicolons, placeholders and emoji come back as they went in."""
    text = "'; DROP TABLE notes; -- $1 ?1 %s {{notify}} 🇹🇷 \\ \" İıŞş"
    await journal.keep_context("p", "c", text, NOW, 60)
    assert await journal.context("p", "c", NOW) == text
    await journal.note_refused("p", "telegram", "unknown", "", text, NOW)
    [group] = await journal.inbox(NOW, 9)
    assert isinstance(group, Unanswered)
    assert group.text == text


async def test_a_closed_journal_says_so(journal: Journal) -> None:
    """A late call after shutdown is an error of ours, and closing twice is none."""
    await journal.ping()
    await journal.close()
    await journal.close()
    with pytest.raises(JournalError, match="kapatıldı"):
        await journal.ping()


@pytest.mark.parametrize("url", ["mysql://host/db", "journal.sqlite3", "sqlite://", ""])
async def test_an_address_of_another_kind_is_refused(url: str) -> None:
    """With the two kinds that there are."""
    with pytest.raises(JournalError, match="sqlite:///"):
        await open_journal(url)
