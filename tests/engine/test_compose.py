"""Composing: leads only where polarity is known, what is missing is named, numbers and dates are said in Turkish."""

from __future__ import annotations

import pytest

from bot.engine.answer import Engine, choose
from bot.engine.compose import compose, dated, filled, long_date, nearest, statement_reply, unknown_text
from bot.engine.decide import Candidate, Verdict
from bot.engine.frame import Frame
from bot.engine.model import Intent, Kind, Reply, Status
from tests.engine.conftest import Asker
from tests.engine.island import CATALOG, FACTS


@pytest.mark.parametrize(
    ("iso", "said"),
    [
        ("2026-02-02", "2 Şubat 2026"),
        ("2025-07", "Temmuz 2025"),
        ("*-12-16", "16 Aralık"),
        ("2024", "2024"),
        ("2005/2024", "2005 – 2024"),
        ("2024-13", "13 2024"),
        ("*", ""),
    ],
)
def test_dates_are_said_in_turkish(iso: str, said: str) -> None:
    """Days, months, years and spans; a month that no calendar has stays a figure."""
    assert long_date(iso) == said


@pytest.mark.parametrize(
    ("question", "lead"),
    [
        ("köprü Burun'da mı açıldı?", "Köprü "),
        ("köprü Koy'da mı açıldı?", "Hayır, haberde böyle geçmiyor. Köprü Burun'da"),
        ("köprü neden açıldı?", "Sorduğunuz ayrıntı haberde yer almıyor."),
        ("köprü 2020'de mi açıldı?", "Hayır, haberde böyle geçmiyor. "),
        ("köprü 2019'da mı açıldı?", "Köprü "),
        ("köprü ne zaman açıldı?", "Köprü 3 Mayıs"),
        ("130 bin yolcu mu gitti?", "Haberde bu, 130.000 olarak geçmiyor. "),
        ("100 binden az yolcu mu gitti Mavi Ada'dan?", "Haberde böyle geçmiyor. "),
        ("yatırım 2,5 milyar euro muydu?", "Haberde bu, 2,5 milyar euro olarak geçmiyor. "),
        ("yatırım 2,5 milyon lira mı?", "Haberde bu, 2,5 milyon lira olarak geçmiyor. "),
        ("yatırım 2,5 milyar lira mı?", "2005-2024"),
        ("yatırım kaç euro?", "Haberde euro olarak bir değer yok. "),
        ("yatırım kaç lira?", "2005-2024"),
        ("Mavi Ada'dan Yeşil Ada'ya yolcuların hepsi mi gitti?", "Haberde “tümü” denmiyor. "),
        ("Mavi Ada'dan Yeşil Ada'ya sadece 120 bin yolcu mu gitti?", "Haberde “yalnızca” denmiyor. "),
        ("2005'te ne kadar yatırım yapıldı?", "Haberde yalnız 2005 için ayrı bir bilgi yok."),
        ("2023 ve 2024'te kaç yolcu gitti?", "Haberde bu konuda 2023 için bir bilgi yok."),
    ],
)
def test_leads(ask: Asker, question: str, lead: str) -> None:
    """*Hayır* where the very thing asked is put right; the fact itself, never *Evet*, where it is confirmed."""
    assert ask(question).text.startswith(lead)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("bilet kaç lira?", "Haberde bilet fiyatları yer almıyor."),
        ("2023'te kaç yolcu gitti?", "Haberde bu konuda 2023 için bir bilgi yok."),
        ("Japonya'dan kaç yolcu geldi?", "Haberde bu yöndeki bilgi yer almıyor."),
        ("köprü neden açıldı?", "Sorduğunuz ayrıntı haberde yer almıyor."),
    ],
)
def test_what_is_missing_is_named(ask: Asker, question: str, said: str) -> None:
    """And the nearest fact follows, with its source."""
    reply = ask(question)
    assert reply.paragraphs[0] == said
    assert reply.paragraphs[1].startswith("Haberde yer alan en yakın bilgi: ")
    assert reply.sources


def test_two_questions_are_both_answered_or_the_missing_half_named(ask: Asker) -> None:
    """Side by side, in order; each fact once; greetings give way."""
    both = ask("Yatırım ne kadar? Köprüyü kim açtı?")
    assert both.facts == ("investment", "bridge_opener")
    half = ask("Köprüyü kim açtı? Bilet kaç lira?")
    assert half.status == "answer"
    assert "bilet fiyatları" in half.text
    assert len(ask("Köprüyü kim açtı? Köprüyü kim açtı?").paragraphs) == 1
    assert "Merhaba" not in ask("Merhaba! Köprüyü kim açtı?").text


def test_choices_show_what_they_lead_to() -> None:
    """A clarifying reply has a button for each candidate, of its title and statements."""
    intent = Intent("a", Kind.FACT, ("soru bir",))
    frame = Frame(("x",), ("x",))
    best, rival = Candidate(intent, 0.4), Candidate(Intent("b", Kind.FACT, ("soru",), title="Başlık"), 0.39)
    reply = compose([Verdict(Status.CLARIFY, frame, best, rivals=(rival,))], CATALOG)
    assert [(c.key, c.question) for c in reply.choices] == [("a", "soru bir"), ("b", "Başlık")]
    assert compose([Verdict(Status.CLARIFY, frame, None)], CATALOG).choices == ()


def test_a_faint_guess_gives_way_to_small_talk() -> None:
    """*teşekkürler* beside something barely recognised is thanks."""
    faint = Verdict(Status.NOT_IN_ARTICLE, Frame((), ()), Candidate(Intent("a", Kind.FACT, ("x",)), 0.1))
    thanks = Verdict(
        Status.SMALLTALK, Frame((), ()), Candidate(Intent("t", Kind.SMALLTALK, ("x",), reply="Olur."), 0.9)
    )
    assert compose([faint, thanks], CATALOG).text == "Olur."


def test_nearest_is_nothing_where_nothing_is_known() -> None:
    """No candidate, or another subject, has no fact beside it."""
    frame = Frame((), ())
    assert nearest(Verdict(Status.NOT_IN_ARTICLE, frame, None), CATALOG) == []
    other = Candidate(Intent("o", Kind.OUT_OF_SCOPE, ("x",)), 0.5)
    assert nearest(Verdict(Status.NOT_IN_ARTICLE, frame, other), CATALOG) == []


def test_templates_are_filled() -> None:
    """The article's subject, title and date, the latter as it is said."""
    assert filled(" {subject}, {title}, {date} ", CATALOG) == "iki ada, Köprü ve feribot, 10 Haziran 2025"
    assert "Feribot yolcuları" in unknown_text(CATALOG)


def test_a_choice_states_its_facts_with_their_sources(island: Engine) -> None:
    """By intent or by fact; an unknown key gets the honest sentence."""
    assert choose("missions", island).facts == ("consulate", "honorary")
    reply = choose("bridge_date", island)
    assert reply.facts == ("bridge_date",)
    assert [s.quote for s in reply.sources] == list(FACTS[2].quotes)
    assert choose("no_such_key", island).status == "unknown"
    assert statement_reply("x", ["gone"], CATALOG).status == "unknown"


def test_facts_past_their_day_carry_a_warning(ask: Asker, island: Engine) -> None:
    """From the day after on, once a day, and only where a fact with such a day is shown."""
    assert "1 Ocak 2026" in ask("Koy'da konsolosluk var mı?", today="2026-01-02").text
    assert "geçerliydi" not in ask("Koy'da konsolosluk var mı?", today="2026-01-01").text
    assert "geçerliydi" not in ask("Koy'da konsolosluk var mı?").text
    assert "geçerliydi" in choose("consulate", island, "2030-01-01").text
    plain = Reply(Status.ANSWER, ("x",), facts=("gone",))
    assert dated(plain, CATALOG, "2030-01-01") == plain


def test_the_trace_tells_why(ask: Asker) -> None:
    """What was read, the candidates, the veto and the decision."""
    trace = "\n".join(ask("2023'te kaç yolcu gitti?").trace)
    for part in ("okunan: 2023 kac yolcu gitti", "time=2023", "aday: passengers", "ferry_out≠time", "karar: not_in"):
        assert part in trace
    assert "ruhsatsız: " in "\n".join(ask("köprü neden açıldı?").trace)


def test_an_overview_names_the_article_and_what_can_be_asked() -> None:
    """The content's reply holds title, date and subjects of whatever article it is."""
    text = filled("{title} ({date}): {topics}", CATALOG)
    assert text.startswith("Köprü ve feribot (10 Haziran 2025): ")
    assert all(intent.title in text for intent in CATALOG.intents if intent.kind is Kind.FACT)


def test_the_nearest_subjects_are_offered_first(ask: Asker) -> None:
    """A refusal begins with what the question has most in common with."""
    near = CATALOG.intents[5]
    text = unknown_text(CATALOG, [near])
    assert text.index(near.title) == min(text.index(i.title) for i in CATALOG.intents if i.title and i.title in text)
    assert "örneğin: Yatırım" in text


@pytest.mark.parametrize("emoji", ["😂😂", "❓", "…"])
def test_a_message_without_words_is_asked_for_in_words(ask: Asker, emoji: str) -> None:
    """No refusal of a subject that nobody named."""
    text = ask(emoji).text
    assert text.startswith("Sorunuzu yazıyla iletir misiniz?")
    assert "Bu konuda" not in text


@pytest.mark.parametrize("date", ["31 Şubat 2024", "32 Mayıs 2019", "31.02.2024", "29 Şubat 2023"])
def test_a_day_that_no_calendar_has_is_said_to_be_none(ask: Asker, date: str) -> None:
    """Neither taken for a day of which nothing is known, nor for one that is close."""
    reply = ask(f"{date} günü kaç yolcu gitti?")
    assert reply.status == "not_in_article"
    assert reply.text.startswith("Takvimde ")


def test_a_text_that_is_too_long_is_said_to_be_cut(ask: Asker) -> None:
    """What is beyond the limit is not read, and the reply says so; a short one has no such note."""
    assert "ilk 1000 karakterini" in ask("köprü nerede açıldı? " + "filanca " * 200).text
    assert "karakter" not in ask("köprü nerede açıldı? ").text
