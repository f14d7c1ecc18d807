"""Facts held against frames: conditions confirm, are neutral, contradict, or are put right."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.engine.agreement import agreement, amounts_of, best_of, by_value
from bot.engine.answer import Engine
from bot.engine.frame import Frame, Mention, with_roles
from tests.engine.conftest import Reader
from tests.engine.island import CATALOG, FACTS, INTENTS

FACT = {fact.id: fact for fact in FACTS}
PARTIES = CATALOG.lexicon.names["party"]


def slots_of(mentions: tuple[Mention, ...]) -> set[str]:
    return {m.slot for m in mentions}


@pytest.mark.parametrize(
    ("text", "fact", "conflicts", "corrections"),
    [
        ("2024'te kaç yolcu", "ferry_out", set(), set()),
        ("2023'te kaç yolcu", "ferry_out", {"time"}, set()),
        ("köprü mayısta mı açıldı", "bridge_date", set(), set()),
        ("köprü 2020'de mi açıldı", "bridge_date", set(), {"time"}),
        ("köprü 2020'de ne zaman açıldı", "bridge_date", {"time"}, set()),
        ("köprü Koy'da mı açıldı", "bridge_place", set(), {"city"}),
        ("Koy'da köprü açıldı mı", "bridge_place", {"city"}, set()),
        ("köprü Koy'da mı açıldı", "bridge_date", {"city"}, set()),
        ("köprüyü Nuri mi açtı", "bridge_opener", set(), {"person"}),
        ("130 bin mi gitti", "ferry_out", set(), {"number"}),
        ("100.000'den fazla mı gitti", "ferry_out", set(), set()),
        ("100.000'den az mı gitti", "ferry_out", set(), {"number"}),
        ("3 mü açıldı", "bridge_date", {"number"}, set()),
        ("fahri konsolosluk nerede", "consulate", {"mission"}, set()),
        ("Japonya'dan kaç yolcu", "ferry_out", {"agent", "about"}, set()),
        ("Koy hariç konsolosluk nerede", "consulate", {"except"}, set()),
        ("Burun hariç konsolosluk nerede", "consulate", set(), set()),
        ("Koy'da mı Burun'da mı köprü", "bridge_place", set(), set()),
        ("üçüncü köprü nerede", "bridge_place", {"ordinal"}, set()),
        ("2024'ten beri kaç yolcu", "ferry_out", {"time"}, set()),
        ("2015'ten sonra köprü ne zaman açıldı", "bridge_date", set(), set()),
        ("2005'ten beri ne kadar yatırım", "investment", set(), set()),
        ("köprünün iki yeri neresi", "bridge_place", set(), set()),
        ("kaç yolcu gitti 120 mi 3 mü", "ferry_out", set(), {"number"}),
        ("Burun'daki konsolosluk Yeşil Ada'nın mı", "consulate", {"city"}, set()),
    ],
)
def test_holding(
    island: Engine, read_one: Reader, text: str, fact: str, conflicts: set[str], corrections: set[str]
) -> None:
    """What a fact contradicts vetoes it; what *mi* asks, and the fact knows better, is corrected."""
    number = next(i for i, intent in enumerate(INTENTS) if fact in intent.facts)
    frame = with_roles(read_one(text), INTENTS[number], "")
    found = agreement(FACT[fact], frame, island.licence.words[number], PARTIES)
    assert (slots_of(found.conflicts), slots_of(found.corrections)) == (conflicts, corrections)


def test_the_best_are_least_corrected_then_most_exact(read_one: Reader) -> None:
    """Of two that agree, the one whose year was asked for stands; of none, none."""
    frame = read_one("Burun'da konsolosluk")
    exact = agreement(FACT["honorary"], frame, frozenset(), PARTIES)
    open_ = agreement(FACT["bridge_date"], Frame((), ()), frozenset(), PARTIES)
    assert best_of([open_, exact]) == (exact,)
    assert best_of([]) == ()


def test_a_number_of_the_other_direction_is_swapped(island: Engine, read_one: Reader) -> None:
    """*Yeşil'den Mavi'ye 120 bin mi?*: the number is right, the direction is not."""
    frame = with_roles(read_one("Yeşil Ada'dan Mavi Ada'ya 120.000 yolcu mu gitti"), INTENTS[0], "")
    found = agreement(FACT["ferry_out"], frame, island.licence.words[0], PARTIES)
    assert found.swapped
    assert slots_of(found.corrections) == {"agent", "target"}


def test_numbers_are_told_without_their_units() -> None:
    """*120000 yolcu* says 120000."""
    assert amounts_of(FACT["ferry_out"]) == {"120000 yolcu"}
    assert amounts_of(FACT["bridge_date"]) == frozenset()


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("2,5 milyar neyin sayısı?", ["investment"]),
        ("2,5 milyar lira ne?", ["investment"]),
        ("3 Mayıs 2019 nedir?", ["bridge_date"]),
        ("7 milyar neyin sayısı?", []),
        ("2,5 milyar nedir Trabzon'da?", []),
        ("2,5 milyar mı nedir?", []),
        ("köprü yolcu bilet 2,5 milyar nedir?", []),
        ("nedir?", []),
    ],
)
def test_by_value(island: Engine, read_one: Reader, text: str, facts: list[str]) -> None:
    """A value and *what is it*: the facts that say it, unless the question asks for more."""
    found = by_value(read_one(text), CATALOG, island.licence)
    assert [a.fact.id for a in found] == facts


@pytest.mark.parametrize(
    ("text", "facts"), [("12 cüceler kimdir?", 1), ("7 cüceler kimdir?", 0), ("7 neyin sayısı?", 1)]
)
def test_a_small_number_beside_an_unknown_word_tells_of_nothing(
    island: Engine, read_one: Reader, text: str, facts: int
) -> None:
    """Many facts say *seven*; only the number by itself, or one that few things have, is a value to be looked up."""
    numbers = {"12", "7"}
    small = replace(FACT["investment"], says={"number": frozenset(f"{n} kişi" for n in numbers)})
    catalog = replace(CATALOG, facts={**CATALOG.facts, "investment": small})
    assert len(by_value(read_one(text), catalog, island.licence)) == facts
