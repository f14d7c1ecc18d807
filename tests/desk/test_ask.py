"""Asking at the desk: contexts, notes, an ailing journal, too many at once."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from pathlib import Path

import pytest

from bot.content.shelf import Edition
from bot.desk import Asker, Desk, memory, phrases
from bot.engine.model import Status
from bot.journal import Journal
from bot.journal.base import NoteKind
from bot.settings import Limits
from tests.desk.helpers import ANA, EMRE, NOON, Clock, Troubled, desk_on, settings_for

COUNT = "Kütüphanede kaç kitap var?"
HOURS = "Hafta sonu açık mı?"
ELLIPSIS = "peki maliyeti?"


@pytest.fixture
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """A failed journal is tried again at once."""
    monkeypatch.setattr(memory, "PAUSE_S", 0.0)


async def test_answers_with_its_source(desk: Desk) -> None:
    """A question that the article answers gets its fact and the sentence behind it."""
    reply = await desk.ask(ANA, COUNT)
    assert (reply.status, reply.facts) == (Status.ANSWER, ("books",))
    assert reply.sources[0].quote == "Kütüphanede 3 bin 250 kitap bulunuyor."


async def test_context_belongs_to_person_and_chat(desk: Desk, journal: Journal) -> None:
    """What one asked is kept for that person in that chat only."""
    await desk.ask(ANA, COUNT)
    person = journal.person_key(ANA.platform, ANA.user)
    chats = {
        key: await journal.context(person, journal.person_key(ANA.platform, f"chat:{key}"), NOON)
        for key in ("11", "22")
    }
    assert chats["11"] is not None
    assert chats["22"] is None
    other = journal.person_key(EMRE.platform, EMRE.user)
    assert await journal.context(other, journal.person_key(ANA.platform, "chat:11"), NOON) is None


async def test_a_doubt_is_no_small_talk(desk: Desk) -> None:
    """What holds no word at all leans on the question before it, however few utterances there are to tell it by."""
    await desk.ask(ANA, COUNT)
    assert "3.250 kitap" in (await desk.ask(ANA, "emin misin?")).text


async def test_context_expires(desk: Desk, clock: Clock) -> None:
    """After half an hour a follow-up refers to nothing."""
    await desk.ask(ANA, COUNT)
    before = await desk.memory.context(ANA)
    clock.now += 30 * 60 + 1
    after = await desk.memory.context(ANA)
    assert before.frame is not None
    assert after.frame is None


async def test_a_chosen_topic_is_a_context(desk: Desk) -> None:
    """After a button, a follow-up refers to what the button stood for."""
    reply = await desk.choose(ANA, "book_count")
    context = await desk.memory.context(ANA)
    assert reply.facts == ("books",)
    assert context.frame is not None
    await desk.ask(EMRE, COUNT)
    assert context == await desk.memory.context(EMRE)


async def test_an_old_button_is_told_kindly(desk: Desk) -> None:
    """A key that the content no longer has gives a calm reply."""
    reply = await desk.choose(ANA, "gone_since_long")
    assert reply.status is Status.UNKNOWN
    assert "Çınar Kütüphanesi" in reply.text


async def test_refused_questions_are_noted_scrubbed(desk: Desk, journal: Journal) -> None:
    """A refused question lands in the inbox without the address in it; an answered one does not."""
    await desk.ask(ANA, COUNT)
    await desk.ask(ANA, "Hafta sonu açık mı, yanıtı ana@ornek.com adresine yazın?")
    rows = await journal.inbox(NOON, 10)
    assert [(r.kind, "ana@ornek.com" in r.text, r.text.startswith("Hafta sonu")) for r in rows] == [
        (NoteKind.REFUSED, False, True)
    ]


async def test_goes_on_without_its_journal(desk: Desk, troubled: Troubled, caplog: pytest.LogCaptureFixture) -> None:
    """With the database away people get answers; the log says so once, without any text of theirs."""
    troubled.down = True
    replies = [await desk.ask(ANA, COUNT) for _ in range(20)]
    assert {r.status for r in replies} == {Status.ANSWER}
    assert [r.message for r in caplog.records if r.levelno >= logging.WARNING] == ["journal_down"]
    assert not desk.health.ready
    assert "kitap" not in caplog.text


@pytest.mark.usefixtures("_no_pause")
async def test_recovers_by_itself(desk: Desk, troubled: Troubled, caplog: pytest.LogCaptureFixture) -> None:
    """When the database is back, contexts are too, and the log says it once."""
    troubled.down = True
    await desk.ask(ANA, COUNT)
    troubled.down = False
    await desk.ask(ANA, COUNT)
    await desk.ask(ANA, COUNT)
    assert [r.message for r in caplog.records if r.levelno >= logging.WARNING] == ["journal_down", "journal_back"]
    assert desk.health.ready
    assert (await desk.memory.context(ANA)).frame is not None


async def test_a_hanging_journal_delays_one_reply_only(
    desk: Desk, troubled: Troubled, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that never answers is waited for once, not at every question."""
    monkeypatch.setattr(memory, "PATIENCE_S", 0.2)
    monkeypatch.setattr(memory, "PAUSE_S", 3600.0)
    troubled.hangs = True
    for _ in range(50):
        assert (await desk.ask(ANA, COUNT)).status is Status.ANSWER
    assert len(troubled.called) == 1


@pytest.mark.usefixtures("_no_pause")
async def test_figures_wait_for_the_journal(desk: Desk, troubled: Troubled, journal: Journal) -> None:
    """Counts made while the database was away are written when it is back, each once."""
    troubled.down = True
    await desk.ask(ANA, COUNT)
    await desk.flush()
    troubled.down = False
    await desk.ask(ANA, COUNT)
    await desk.flush()
    await desk.flush()
    assert [(u.platform, u.status, u.count) for u in await journal.usage(0.0)] == [("telegram", "answer", 2)]


async def test_sheds_what_it_cannot_hold(edition: Edition, folder: Path, troubled: Troubled, clock: Clock) -> None:
    """Beyond what may wait, a question is told that it is crowded, and is not worked on."""
    settings = settings_for(folder, limits=Limits(running=1, waiting=2))
    desk = desk_on(edition, settings, troubled, clock)
    askers = [Asker("telegram", str(n), str(n)) for n in range(10)]
    replies = await asyncio.gather(*(desk.ask(a, COUNT) for a in askers))
    crowded = [r for r in replies if r.text == phrases.CROWDED]
    assert (len(crowded), desk.tally.shed, desk.waiting) == (7, 7, 0)
    assert {r.status for r in replies if r not in crowded} == {Status.ANSWER}


async def test_one_person_does_not_fill_the_room(
    edition: Edition, folder: Path, troubled: Troubled, clock: Clock
) -> None:
    """Somebody who sends fifty at once waits for their own turn; another person is served meanwhile."""
    desk = desk_on(edition, settings_for(folder, limits=Limits(running=2, waiting=100)), troubled, clock)
    done: list[str] = []

    async def one(asker: Asker) -> None:
        await desk.ask(asker, COUNT)
        done.append(asker.user)

    await asyncio.gather(*(one(ANA) for _ in range(50)), one(EMRE))
    assert done.index(EMRE.user) < 5


async def test_questions_of_one_person_keep_their_order(desk: Desk, troubled: Troubled) -> None:
    """A follow-up sent at once is worked on after its question was remembered."""
    await asyncio.gather(desk.ask(ANA, COUNT), desk.ask(ANA, "Açılış hangi tarihte oldu?"))
    reads_and_writes = [name for name in troubled.called if name in {"context", "keep_context"}]
    assert reads_and_writes == ["context", "keep_context", "context", "keep_context"]


async def test_one_log_line_a_question_without_its_text(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """The log tells platform, status, intent and time of a question, and nothing of who asked or what."""
    with caplog.at_level(logging.INFO):
        await desk.ask(replace(ANA, user="4242", chat="4343"), COUNT)
    (record,) = [r for r in caplog.records if r.message == "question"]
    fields = vars(record)["fields"]
    assert (fields["platform"], fields["status"], fields["intent"]) == ("telegram", "answer", "book_count")
    assert not any(secret in str(vars(record)) for secret in ("4242", "4343", "kitap var"))


async def test_a_bug_in_the_engine_is_no_silence(
    desk: Desk, journal: Journal, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Should the engine fail on a question, the person is told, the editor gets it, the log names the line, not the text."""

    def failing(question: str, *_: object) -> None:
        raise ValueError(question)

    monkeypatch.setattr("bot.desk.desk.answer", failing)
    assert (await desk.ask(ANA, COUNT)).text == phrases.FAULTY
    assert desk.tally.faults == 1
    assert [r.text for r in await journal.inbox(NOON, 10)] == [COUNT]
    (record,) = [r for r in caplog.records if r.message == "engine_failed"]
    assert vars(record)["fields"]["error"] == "ValueError"
    assert "kitap" not in str(vars(record))


async def test_forget_says_how_many(desk: Desk, journal: Journal) -> None:
    """``/sil`` deletes the person's rows and only theirs."""
    await desk.ask(ANA, HOURS)
    await desk.ask(EMRE, HOURS)
    told = await desk.forget(ANA)
    assert told == "Size ait 2 kayıt silindi."
    assert await desk.forget(ANA) == "Size ait bir kayıt yoktu; silinecek bir şey bulunmadı."
    assert await journal.inbox_size() == 1


async def test_forget_admits_that_it_could_not(desk: Desk, troubled: Troubled) -> None:
    """With the database away nothing is promised."""
    troubled.down = True
    assert await desk.forget(ANA) == phrases.FORGET_FAILED


async def test_ratings_and_none_of_these_reach_the_inbox(desk: Desk, journal: Journal) -> None:
    """👎 and "none of these" are for the editor, 👍 is not."""
    assert await desk.rate(ANA, "book_count", good=True, question=COUNT) == phrases.THANKS_GOOD
    assert await desk.rate(ANA, "opening", good=False, question="Ne zaman açıldı?") == phrases.THANKS_BAD
    assert await desk.none_of_these(ANA, "Kim açtı?") == phrases.THANKS_NONE
    assert await desk.none_of_these(ANA, None) == phrases.THANKS_NONE
    kinds = {r.kind: r.text for r in await journal.inbox(NOON, 10)}
    assert kinds == {NoteKind.BAD: "Ne zaman açıldı?", NoteKind.NONE_OF_THESE: "Kim açtı?"}
