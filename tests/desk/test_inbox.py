"""The editor's inbox: alike questions together, and a decision that lands in the right file."""

from __future__ import annotations

from pathlib import Path
from time import process_time

import pytest

from bot.content.load import load
from bot.desk import Asker, Desk, How, NotAdmin, inbox, memory
from bot.desk.likeness import groups_of
from bot.engine.model import Status
from bot.journal import Journal
from tests.desk.helpers import ADMIN, ANA, Clock, Troubled

HOURS = ("Pazar günü açık mı kütüphane?", "Kütüphane pazar günü açık mı", "kutuphane pazar gunleri acik mi?")
ROOF = "Çatısı ne renk?"


async def refuse(desk: Desk, clock: Clock, *questions: str) -> None:
    """Put questions into the inbox, a second apart, each from somebody else."""
    for n, question in enumerate(questions):
        clock.now += 1
        await desk.memory.refused(Asker("telegram", str(n), str(n)), Status.UNKNOWN, "", question)


def test_alike_means_the_same_words_without_their_endings() -> None:
    """Order, endings, capitals and missing Turkish letters do not part; another subject does."""
    assert groups_of([*HOURS, ROOF, "Çatının rengi ne?"])[0] == [0, 1, 2]
    assert groups_of(["vize var mı", "burs var mı"]) == [[0], [1]]
    assert groups_of(["???", "!!!", ""]) == [[0, 1, 2]]
    assert groups_of([]) == []


def test_grouping_grows_gently() -> None:
    """Ten times as many different questions take at most twenty times as long, common words or not."""
    few, many = (_seconds(n) for n in (200, 2000))
    assert many < 20 * few


def _seconds(number: int) -> float:
    texts = [f"kelime{n} üzerine soru{n} sormak" for n in range(number)]
    times = []
    for _ in range(3):
        began = process_time()
        assert len(groups_of(texts)) == number
        times.append(process_time() - began)
    return min(times)


async def test_groups_newest_first_with_counts(desk: Desk, clock: Clock) -> None:
    """One group holds the alike, counts every asking, shows the newest wording first, and suggests intents."""
    await refuse(desk, clock, *HOURS, ROOF, HOURS[0])
    page = await desk.inbox(0)
    assert [(g.count, g.texts[0], len(g.texts)) for g in page.groups] == [(4, HOURS[0], 3), (1, ROOF, 1)]
    assert (page.page, page.pages, page.total) == (0, 1, 2)
    assert page.groups[0].at == clock.now
    assert "gap_hours" in {s.intent for s in page.groups[0].suggestions}


async def test_pages(desk: Desk, clock: Clock) -> None:
    """Pages hold five groups; one past the end is the last; an empty inbox is one empty page."""
    assert (await desk.inbox(0)).groups == ()
    assert (await desk.inbox(0)).pages == 1
    await refuse(desk, clock, *[f"{word} nedir?" for word in ("arı", "bal", "cam", "dut", "elma", "fil", "göl")])
    pages = [await desk.inbox(n) for n in (0, 1, 9, -1)]
    assert [(p.page, p.pages, len(p.groups)) for p in pages] == [(0, 2, 5), (1, 2, 2), (1, 2, 2), (0, 2, 5)]


async def test_a_groups_name_outlives_new_askings(desk: Desk, clock: Clock) -> None:
    """A button of an older page still finds its group after the question was asked again."""
    await refuse(desk, clock, HOURS[0])
    before = (await desk.inbox(0)).groups[0].id
    await refuse(desk, clock, HOURS[0], HOURS[1])
    assert (await desk.settle(ADMIN, before, How.IGNORE, None)) == "Yok sayıldı."
    assert (await desk.inbox(0)).total == 0
    assert len(before) <= 20
    assert before.isascii()


async def test_settling_writes_and_takes_effect_at_the_next_reload(
    desk: Desk, clock: Clock, folder: Path, journal: Journal
) -> None:
    """A decision appends the wordings to the file of the gap; after a reload they are understood."""
    await refuse(desk, clock, HOURS[2], HOURS[0])
    group = (await desk.inbox(0)).groups[0]
    told = await desk.settle(ADMIN, group.id, How.GAP, "gap_hours")
    assert "intents/library.yaml dosyasında gap_hours konusuna eklendi" in told
    assert "Yenilemeden sonra" in told
    gap = next(i for i in load(folder).intents if i.id == "gap_hours")
    assert gap.utterances[-2:] == (HOURS[0], HOURS[2])
    assert await journal.inbox_size() == 0
    assert (await desk.reload(ADMIN)).ok
    assert (await desk.ask(ANA, HOURS[0])).intent == "gap_hours"
    assert [a.action for a in await journal.admin_actions()] == ["yenile", "settle"]


async def test_without_a_name_the_likeliest_of_the_kind(desk: Desk, clock: Clock, folder: Path) -> None:
    """Decisions without an intent find it by themselves."""
    await refuse(desk, clock, "Yarın yağmur yağar mı?")
    group = (await desk.inbox(0)).groups[0]
    assert "oos_weather" in await desk.settle(ADMIN, group.id, How.OUT_OF_SCOPE, None)
    weather = next(i for i in load(folder).intents if i.id == "oos_weather")
    assert weather.utterances[-1] == "Yarın yağmur yağar mı?"


async def test_what_cannot_be_written_stays(desk: Desk, clock: Clock, folder: Path, journal: Journal) -> None:
    """An unknown intent, one of another kind, a vanished file: said, and the question stays in the inbox."""
    await refuse(desk, clock, ROOF)
    group = (await desk.inbox(0)).groups[0]
    before = (folder / "intents/library.yaml").read_bytes()
    for how, intent in ((How.INTENT, "nothing_such"), (How.GAP, "opening"), ("perhaps", None)):
        await desk.settle(ADMIN, group.id, how, intent)
    assert (folder / "intents/library.yaml").read_bytes() == before
    (folder / "intents/library.yaml").unlink()
    assert (await desk.settle(ADMIN, group.id, How.INTENT, "opening")).startswith("Yazılmadı")
    assert await journal.inbox_size() == 1


async def test_settled_by_another_admin_meanwhile(desk: Desk) -> None:
    """A group that is no longer there is said to be gone."""
    assert await desk.settle(ADMIN, "g0123456789ab", How.IGNORE, None) == inbox.GONE


async def test_only_admins_settle(desk: Desk) -> None:
    """Nobody else changes the content."""
    with pytest.raises(NotAdmin):
        await desk.settle(ANA, "g0", How.IGNORE, None)


async def test_without_the_journal(desk: Desk, troubled: Troubled, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the database away the inbox is empty and settling says so."""
    monkeypatch.setattr(memory, "PAUSE_S", 0.0)
    troubled.down = True
    assert (await desk.inbox(0)).groups == ()
    assert await desk.settle(ADMIN, "g0", How.IGNORE, None) == inbox.AWAY
