"""``check`` finds what only asking can find: stolen and doubled utterances, unreachable facts, facts that expire."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from bot.content import check as module
from bot.content.check import check, check_files, kinds_of, reason_of, utterances_in
from bot.content.load import examine, version_of
from bot.engine.answer import Engine
from bot.engine.context import Context
from bot.engine.model import Choice, Kind, Reply, Status
from bot.errors import Problem
from tests.content.small import FILES, edited, lay_out, line_of

INTENTS = "intents/library.yaml"
TODAY = date(2025, 4, 1)
STATUS = {Kind.GAP: Status.NOT_IN_ARTICLE, Kind.OUT_OF_SCOPE: Status.UNKNOWN, Kind.SMALLTALK: Status.SMALLTALK}
FIRST = "Maliyeti ne kadar?"


def replied(status: Status, intent: str = "", *facts: str, choices: tuple[str, ...] = ()) -> Reply:
    return Reply(status, ("…",), intent, facts, choices=tuple(Choice(key, "?", "…") for key in choices))


def found(files: Mapping[str, bytes], monkeypatch: pytest.MonkeyPatch, **overrides: Reply) -> list[Problem]:
    """What ``check`` says when the engine answers every utterance rightly, but the given ones as given."""

    def fake(question: str, context: Context, engine: Engine) -> tuple[Reply, Context]:
        if question in overrides:
            return overrides[question], context
        intent = next(i for i in engine.catalog.intents if question in i.utterances)
        return replied(STATUS.get(intent.kind, Status.ANSWER), intent.id, *intent.facts), context

    monkeypatch.setattr(module, "answer", fake)
    return check_files(files, TODAY)


def test_sound_content_has_no_problem(tmp_path: Path) -> None:
    """With the real engine, nothing is invented."""
    assert check(lay_out(tmp_path), TODAY) == []


def test_the_real_engine_is_asked() -> None:
    """A copy of another intent's example, with the real engine: at least the doubled words are told."""
    files = edited(INTENTS, FIRST, "Kitap sayısı NEDİR")
    assert {p.line for p in check_files(files, TODAY)} == {line_of(files, INTENTS, "NEDİR")}


def test_load_problems_come_without_asking() -> None:
    """While the files are wrong, the engine is not asked: every reply would be noise."""
    files = edited(INTENTS, "facts: [books]", "facts: [boks]")
    assert [p.field for p in check_files(files, TODAY)] == ["intents.book_count.facts"]


def test_an_unreadable_folder_is_a_list_of_problems(tmp_path: Path) -> None:
    """``check`` reports; it does not raise."""
    (tmp_path / "facts").write_bytes(b"")
    assert [p.file for p in check(tmp_path)] == ["facts"]


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ("Kapanış saati kaç?", "gaps.gap_hours.utterances"),
        ("Hava kaç derece?", "out_of_scope.oos_weather.utterances"),
        ("selam", "smalltalk.greeting.utterances"),
    ],
)
def test_what_the_article_does_not_say_must_not_be_answered(
    question: str, field: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A gap, another subject or smalltalk that gets an answer is over-match; its own line is named."""
    wrong = found(FILES, monkeypatch, **{question: replied(Status.ANSWER, "book_count", "books")})
    assert [(p.file, p.line, p.field, p.warning) for p in wrong] == [
        (INTENTS, line_of(FILES, INTENTS, "      " + question), field, False)
    ]
    assert "yanıtlanmamalıydı, ama “book_count” (books)" in wrong[0].message


def test_an_utterance_answered_by_another_intents_facts_is_over_match(monkeypatch: pytest.MonkeyPatch) -> None:
    """None of the facts shown is of the utterance's own intent."""
    wrong = found(FILES, monkeypatch, **{FIRST: replied(Status.ANSWER, "book_count", "books")})
    assert [(p.line, p.field, p.warning) for p in wrong] == [
        (line_of(FILES, INTENTS, FIRST), "intents.building_cost.utterances", False)
    ]
    assert "başka bir konunun bilgisiyle" in wrong[0].message


def test_another_intent_with_the_same_fact_is_no_over_match(monkeypatch: pytest.MonkeyPatch) -> None:
    """What counts is what the user reads: the same fact is the same answer."""
    assert found(FILES, monkeypatch, **{FIRST: replied(Status.ANSWER, "other", "cost", "books")}) == []


@pytest.mark.parametrize("status", [Status.NOT_IN_ARTICLE, Status.UNKNOWN, Status.SMALLTALK, Status.CLARIFY])
def test_a_refused_example_is_a_warning(status: Status, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refusal harms no user as a wrong answer does, so the editor sees it and loading goes on."""
    told = found(FILES, monkeypatch, **{FIRST: replied(status, "gap_hours", choices=("opening",))})
    assert [(p.line, p.warning) for p in told] == [(line_of(FILES, INTENTS, FIRST), True)]


@pytest.mark.parametrize(
    ("trace", "told"),
    [
        (("aday: x 0.90",), "konu aday olmadı"),
        (
            ("aday: x 0.9", "aday: mine 0.2 ruhsatsız: =faiz, ?why çelişki: f≠time"),
            "geçmiyor: “faiz…”, soru sözcüğü why",
        ),
        (
            ("koşullar: time=2020, city=izmir", "aday: mine 0.9 çelişki: f≠time/time; g≠city"),
            "zaman (2020) “f” bilgisi",
        ),
        (("aday: x 0.90", "aday: mine 0.80"), "“x” konusu öne geçiyor"),
        (("aday: mine 0.10",), "yeterince benzemiyor"),
    ],
)
def test_the_reason_of_a_refusal_is_told(trace: tuple[str, ...], told: str) -> None:
    """Unknown words, a condition that no fact has, another intent ahead: the trace's own words, made readable."""
    assert told in reason_of("mine", Reply(Status.NOT_IN_ARTICLE, ("…",), trace=trace))


def test_reasons_are_not_counted_apart() -> None:
    """The summary of many warnings counts what is the matter, not each reason."""
    head = "“{}” kendi konusunda yanıtlanmıyor (sonuç: haberde yok): {}."
    told = [Problem("f", 1, "x", head.format(q, why), warning=True) for q, why in (("a?", "b"), ("c (d)?", "e (f)"))]
    assert kinds_of(told) == [("kendi konusunda yanıtlanmıyor (sonuç: haberde yok).", 2)]


def test_a_gap_answered_by_a_fact_names_that_facts_topic(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reply may be the gap's own; what the editor must set apart is the topic whose fact is shown."""
    wrong = found(FILES, monkeypatch, **{"Hava kaç derece?": replied(Status.ANSWER, "oos_weather", "books")})
    assert "“book_count” (books)" in wrong[0].message


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("lira", "birini silin"),
        ("açıl=", "yalın hâli concepts.other, ekli hâlleri concepts.open"),
        ("izmiri", "adının ekli hâli de olabilir"),
        ("izmirce", ""),
    ],
)
def test_a_word_that_two_places_claim_is_told(word: str, told: str) -> None:
    """The same stem, a stem and its exact form, and a name with an ending: one each, whichever comes first."""
    files = edited("intents/lexicon.yaml", "concepts:\n", f"concepts:\n  other: [{word}]\n")
    messages = [p.message for p in examine(files).problems]
    assert len(messages) == bool(told)
    assert all(told in message for message in messages)


def test_a_choice_that_leads_home_is_fine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clarifying question one step away from the right answer is no fault."""
    assert found(FILES, monkeypatch, **{FIRST: replied(Status.CLARIFY, choices=("opening", "building_cost"))}) == []


def test_an_utterance_in_two_intents_is_told_with_both_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same words, whatever their case, marks and apostrophes, may belong to one intent only."""
    files = edited(INTENTS, "      Hava kaç derece?\n", "      Hava kaç derece?\n      SAAT KAÇTA KAPANIYOR\n")
    doubled = found(files, monkeypatch)
    assert [(p.line, p.warning) for p in doubled] == [(line_of(files, INTENTS, "SAAT"), False)]
    assert f"“gap_hours” konusunda da var ({INTENTS}:{line_of(files, INTENTS, 'Saat kaçta')})" in doubled[0].message


def test_a_fact_that_no_utterance_reaches_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fact without a question is no content; being shown as the nearest one does not count."""
    files = edited(INTENTS, "facts: [opened]", "facts: [books]")
    unreached = found(files, monkeypatch)
    assert [(p.file, p.field, p.warning) for p in unreached] == [("facts/library.yaml", "facts.opened.id", False)]


@pytest.mark.parametrize(
    ("today", "says"),
    [
        (date(2029, 11, 30), []),
        (date(2029, 12, 1), ["doluyor"]),
        (date(2030, 1, 1), ["doluyor"]),
        (date(2030, 1, 2), ["doldu"]),
    ],
)
def test_expiry_is_told_a_month_before(today: date, says: list[str]) -> None:
    """``valid_until`` warns for its last 31 days and after."""
    told = check_files(FILES, today)
    assert [word for p in told for word in ("doluyor", "doldu") if word in p.message] == says
    assert all(p.warning and p.field == "facts.cost.valid_until" for p in told)


def test_the_engine_is_of_the_files_that_were_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the folder changes after it was read, what was read is what is asked, whatever lies there now."""
    folder = lay_out(tmp_path, edited(INTENTS, "title: Maliyet", "title: Tutar"))
    asked: list[str] = []

    def fake(question: str, context: Context, engine: Engine) -> tuple[Reply, Context]:
        asked.append(engine.catalog.version)
        return replied(Status.UNKNOWN), context

    monkeypatch.setattr(module, "answer", fake)
    check_files(FILES, TODAY, folder)
    (folder / INTENTS).write_bytes(b"intents: x\n")
    check_files(FILES, TODAY, folder)
    assert set(asked) == {version_of(FILES)}


def test_every_utterance_knows_its_line() -> None:
    """The lines that ``check`` names are the lines of the files."""
    trees = examine(FILES).trees
    body = FILES[INTENTS].decode().split("\n")
    utterances = list(utterances_in(trees))
    assert len(utterances) == 19
    assert [body[u.line - 1].strip() for u in utterances] == [u.text for u in utterances]
