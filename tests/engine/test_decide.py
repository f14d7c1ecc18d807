"""Deciding: what is licensed and agrees is answered; everything else is refused, asked back or small talk, with its reason."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import pytest

from bot.engine.answer import Engine
from bot.engine.decide import Verdict, decide, decide_within
from bot.engine.frame import Frame, Mention
from bot.engine.licence import license_of
from bot.engine.model import Intent, Kind
from bot.engine.propose import Proposer
from tests.engine.conftest import Reader
from tests.engine.island import CATALOG


def verdict(island: Engine, frame: Frame) -> Verdict:
    return decide(frame, frame.speaker, island.catalog, island.proposer, island.licence)


@pytest.mark.parametrize(
    ("text", "status", "reason"),
    [
        ("kaç yolcu gitti", "answer", "licensed"),
        ("2,5 milyar nedir", "answer", "value"),
        ("2023'te kaç yolcu gitti", "not_in_article", "conflict"),
        ("köprü neden açıldı", "not_in_article", "unlicensed"),
        ("köprü hangi biletle açıldı", "not_in_article", "unlicensed"),
        ("hangi yolcu köprüyü açtı", "not_in_article", "unlicensed"),
        ("köprü filmi zamkı ne zaman çekildi", "not_in_article", "unlicensed"),
        ("yolcu kulübü aidatı vergisi ne kadardı", "not_in_article", "unlicensed"),
        ("bilet kaç lira", "not_in_article", "gap"),
        ("Koy'da hava nasıl", "not_in_article", "unlicensed"),
        ("yağmur yağacak mı", "unknown", "other subject"),
        ("merhaba", "smalltalk", "smalltalk"),
        ("zxqv", "unknown", "nothing known"),
        ("Japonya'da hava nasıl", "unknown", "other subject"),
        ("feribotla gitmeyen kaç yolcu var", "not_in_article", "unlicensed"),
        ("köprü hangi kentte yok", "not_in_article", "unlicensed"),
        ("yolcuların farkı kaç", "not_in_article", "unlicensed"),
        ("ortalama kaç yolcu gitti", "not_in_article", "unlicensed"),
        ("köprü açılmasaydı kaç yolcu giderdi", "not_in_article", "unlicensed"),
        ("Koy'dan başka nerede konsolosluk var", "not_in_article", "unlicensed"),
        ("Burun ve Trabzon'da fahri konsolosluk var mı", "not_in_article", "conflict"),
        ("yolcuların yüzde kaçı gitti", "not_in_article", "unlicensed"),
        ("köprünün en yenisi nerede açıldı", "not_in_article", "unlicensed"),
        ("Yeşilli yolcular Mavililerden fazla mı", "not_in_article", "unlicensed"),
    ],
)
def test_verdicts(island: Engine, read_one: Reader, text: str, status: str, reason: str) -> None:
    """One question for each way out."""
    found = verdict(island, read_one(text))
    assert (found.status, found.reason) == (status, reason)


def test_a_veto_is_not_overruled_by_score(island: Engine, read_one: Reader) -> None:
    """However close to an utterance, another year is refused, and the nearest fact is known."""
    found = verdict(island, read_one("2023'te yolcu sayısı ne kadardı"))
    assert found.status == "not_in_article"
    assert found.best is not None
    assert found.best.score > 0.5
    assert not found.agreements


def test_an_unlicensed_question_word_is_a_veto(island: Engine, read_one: Reader) -> None:
    """*kim* of an intent that never answers *kim*, when not far ahead, names what is missing."""
    found = verdict(island, read_one("yatırımı kim yaptı"))
    assert found.status != "answer"


def test_denied_questions_need_a_denied_utterance(island: Engine, read_one: Reader) -> None:
    """*kim açmadı* is not *kim açtı*."""
    found = verdict(island, read_one("köprüyü kim açmadı"))
    assert found.status == "not_in_article"
    assert found.best is not None
    assert "#not" in found.best.unlicensed


def test_key_words_that_may_mean_several_things_are_asked_back(island: Engine, read_one: Reader) -> None:
    """*açılış* alone: when, where or who; each choice would answer."""
    found = verdict(island, read_one("köprü açılış"))
    assert found.status in {"clarify", "answer"}
    assert all(c.stands for c in (found.best, *found.rivals) if c)


def test_within_an_event_a_bare_question_finds_its_fact(island: Engine, read_one: Reader) -> None:
    """*nerede?* about the opening is where it was; without such a fact there is no answer."""
    where = decide_within(
        read_one("nerede açıldı"), frozenset({"opening"}), "", island.catalog, island.proposer, island.licence
    )
    assert where is not None
    assert [a.fact.id for a in where.agreements] == ["bridge_place"]
    none = decide_within(
        read_one("nerede açıldı"), frozenset({"wedding"}), "", island.catalog, island.proposer, island.licence
    )
    assert none is None


class Scores:
    """A proposer that says what it was told."""

    def __init__(self, **scores: float) -> None:
        self._scores = sorted(scores.items(), key=lambda row: -row[1])

    def propose(self, _: Frame, most: int = 8) -> list[tuple[int, float]]:
        numbers = {intent.id: number for number, intent in enumerate(CATALOG.intents)}
        return [(numbers[name], score) for name, score in self._scores][:most]


@pytest.mark.parametrize(("gap", "status"), [(0.05, "answer"), (0.12, "not_in_article")])
def test_a_gap_that_explains_every_word_silences_a_fact_that_passes_over_one(
    island: Engine, read_one: Reader, gap: float, status: str
) -> None:
    """*ücret* is not what the passengers' intent knows, and what the fare's gap is about."""
    proposer = cast("Proposer", Scores(passengers=0.7, gap_fare=gap))
    frame = read_one("feribot ücreti ne kadar")
    assert decide(frame, "", island.catalog, proposer, island.licence).status == status


def proposing(*scores: tuple[int, float]) -> Proposer:
    """A proposer that says the same of every frame."""
    return cast("Proposer", SimpleNamespace(propose=lambda *_, **__: list(scores)))


def test_a_gap_must_be_named_to_silence_a_fact_that_is_asked_as_usual() -> None:
    """A gap is ahead, yet nothing in the question is its own: the fact answers, but not where a place is named that it does not tell."""
    bridge, gap = (
        Intent("bridge", Kind.FACT, ("x",), ("bridge_date",)),
        Intent("gap", Kind.GAP, ("x",), missing="başkası"),
    )
    plain = Frame(("kopru", "ne", "zaman"), ("bridge", "?when"), asks=frozenset({"when"}))
    licence = license_of([(0, plain), (1, plain)], (bridge, gap))
    catalog = replace(CATALOG, intents=(bridge, gap))
    assert decide(plain, "", catalog, proposing((1, 0.45), (0, 0.42)), licence).status == "answer"
    elsewhere = replace(plain, mentions=(Mention("about", frozenset({"yesil"}), "ada"),))
    assert decide(elsewhere, "", catalog, proposing((1, 0.45), (0, 0.42)), licence).reason == "gap"
    assert decide(plain, "", catalog, proposing((1, 0.9), (0, 0.1)), licence).reason == "gap"
