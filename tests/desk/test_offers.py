"""What the desk offers unasked: topics, completions, sources, help, welcome, privacy."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.shelf import Edition, Shelf
from bot.desk import Desk, How, NullJournal, Suggestion, phrases
from bot.engine.answer import Engine
from bot.engine.compose import VERDICTS
from bot.engine.model import Kind, Status
from bot.journal.base import NoteKind
from bot.settings import Settings
from tests.desk.helpers import ADMIN, ANA


async def test_every_topic_leads_to_an_answer(desk: Desk) -> None:
    """No topic button is a dead end."""
    topics = desk.topics()
    assert [t.title for t in topics] == ["Açılış", "Kitap sayısı", "Maliyet", "İş birliği"]
    assert {(await desk.choose(ANA, t.key)).status for t in topics} == {Status.ANSWER}


def test_completion_is_case_and_letter_blind(desk: Desk) -> None:
    """Typed without Turkish letters and in capitals, the question is found; what begins so comes first."""
    assert desk.complete("KUTUPHANEDE KAC") == ["Kütüphanede kaç kitap var?"]
    assert desk.complete("kitap")[0].startswith("Kitap")
    assert "Raflarda kaç kitap bulunuyor?" in desk.complete("kitap")
    assert desk.complete("zürafa") == []


def test_completion_of_nothing_is_one_example_a_topic(desk: Desk) -> None:
    """Before anything is typed, each topic shows one question; never more than asked for."""
    assert desk.complete("") == [t.example for t in desk.topics()]
    assert len(desk.complete("", most=2)) == 2


def test_completions_fit_a_discord_choice(engine: Engine) -> None:
    """Of the shipped content, every completion has at most 100 characters and is a whole question."""
    shelf = Shelf(Edition(engine, {}, "shipped", 0.0))
    desk = Desk(shelf, Settings(), NullJournal())
    found = [text for letter in "abcçdefgğhıijklmnoöprsştuüvyz" for text in desk.complete(letter)]
    assert found
    assert [text for text in found if len(text) > 100 or not text.endswith("?")] == []


def test_completions_follow_the_content(desk: Desk, edition: Edition, engine: Engine) -> None:
    """After a swap, completions come from the new content."""
    before = desk.complete("kaç")
    desk.shelf.swap(Edition(engine, {}, engine.catalog.version, 0.0))
    after = desk.complete("kaç")
    assert before != after


def test_source_of_facts_and_of_the_article(desk: Desk) -> None:
    """The quotes of the facts that exist; without any, the article's title and date."""
    reply = desk.source(["books", "no_such_fact"])
    assert [(s.fact, s.quote) for s in reply.sources] == [("books", "Kütüphanede 3 bin 250 kitap bulunuyor.")]
    whole = desk.source([])
    assert (whole.sources, whole.text) == (
        (),
        "Yanıtlarım tek bir habere dayanır: “Çınar Kütüphanesi açıldı” (15 Mart 2025).",
    )


def test_help_shows_admin_commands_to_admins_only(desk: Desk) -> None:
    """Each platform is explained in its own commands."""
    everybody, managing = [("/soru", "Soru sorar")], [("/yenile", "Yeniden yükler")]
    assert "/soru – Soru sorar" in desk.help(everybody)
    assert "Yönetici" not in desk.help(everybody)
    assert desk.help(everybody, managing).endswith("Yönetici komutları:\n/yenile – Yeniden yükler")


def test_welcome_names_the_one_source(desk: Desk) -> None:
    """The greeting says from which date the article is and shows questions that work."""
    text = desk.welcome()
    assert "15 Mart 2025" in text
    assert sum(t.example in text for t in desk.topics()) == 3


def test_privacy_says_what_why_and_how_long(desk: Desk, edition: Edition, folder: Path) -> None:
    """The text holds the settings' own numbers and the way to delete."""
    other = Desk(Shelf(edition), Settings(retention_days=7, context_minutes=5), NullJournal())
    assert "En çok 90 gün" in desk.privacy()
    assert "En çok 7 gün" in other.privacy()
    assert "5 dakika" in other.privacy()
    assert all(word in desk.privacy() for word in ("KVKK", "/sil", "👎"))


async def test_status_and_why(desk: Desk) -> None:
    """An admin sees version, counts and connections, and how a question was decided."""
    await desk.ask(ANA, "Kütüphanede kaç kitap var?")
    status = await desk.status()
    assert all(part in status for part in (desk.shelf.current.version, "4 bilgi, 7 konu", "veritabanı: çalışıyor"))
    assert "Açılalı bir dakikadan az oldu; bu sürede 1 soru geldi (yanıt 1)." in status
    assert "Yoğunluk yüzünden geri çevrilen: olmadı." in status
    why = await desk.why("Kütüphanede kaç kitap var?")
    assert why.startswith("Yanıt türü: yanıt; konu: book_count")
    assert "karar:" in why
    await desk.ask(ANA, "Kütüphanede kaç kitap var?")
    alone, after = await desk.why("peki kaç dergi?"), await desk.why("peki kaç dergi?", ANA)
    assert alone != after
    assert desk.is_admin(ADMIN)
    assert not desk.is_admin(ANA)


def test_every_note_and_decision_has_its_words() -> None:
    """What a group is here for and what can be decided are told by one table each, with nothing left out."""
    assert set(phrases.NOTES) == set(NoteKind)
    assert set(phrases.DECISIONS) == set(How) - {How.INTENT}
    assert set(VERDICTS) == set(Status)


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        (Kind.FACT, "çalışma saatleri"),
        (Kind.GAP, "Haberde yok: çalışma saatleri"),
        (Kind.OUT_OF_SCOPE, "Konu dışı: çalışma saatleri"),
    ],
)
def test_a_suggestion_tells_what_kind_it_is_of(kind: Kind, label: str) -> None:
    """An editor sees whether a press makes the bot answer or refuse."""
    assert phrases.suggested(Suggestion("x", "çalışma saatleri", kind)) == label
    assert phrases.suggested(Suggestion("x", "", Kind.FACT)) == "x"
