"""Follow-ups: slots of the frame before are overridden, never its text."""

from __future__ import annotations

import pytest

from bot.engine.follow import continued, is_elliptical, names_topic
from bot.engine.frame import Frame
from tests.engine.conftest import Asker, Reader


@pytest.fixture
def prior(read_one: Reader) -> Frame:
    """What was asked before."""
    return read_one("2024'te Mavi Ada'dan Yeşil Ada'ya kaç yolcu gitti")


def test_a_new_time_changes_the_time_only(prior: Frame, read_one: Reader) -> None:
    """*2023'te?*: same subject, same parties, same question word."""
    (whole, *_) = continued(prior, read_one("2023'te?"), soft=True)
    assert [set(m.values) for m in whole.mentions if m.slot == "time"] == [{"2023"}]
    assert whole.parties == prior.parties
    assert whole.asks == prior.asks
    assert "passenger" in whole.features
    assert not whole.strict


@pytest.mark.parametrize(
    ("text", "year"),
    [("ya bir önceki yıl?", "2023"), ("sonraki sene?", "2025"), ("ertesi yıl kaç yolcu gitti", "2025")],
)
def test_the_year_beside_is_counted_from_the_one_spoken_of(
    prior: Frame, read_one: Reader, text: str, year: str
) -> None:
    """*ya bir önceki yıl?* after 2024 is 2023, never 2024 again."""
    frame = read_one(text)
    assert is_elliptical(frame)
    for found in continued(prior, frame, soft=True):
        assert [set(m.values) for m in found.mentions if m.slot == "time"] == [{year}]


def test_the_year_beside_none_is_refused(ask: Asker) -> None:
    """Without a year spoken of before, *bir önceki yıl* has no figure."""
    reply = ask("bir önceki yıl kaç yolcu gitti")
    assert reply.status == "not_in_article"
    assert "önceki yıl için" in reply.text


def test_reverse_swaps_where_from_and_where_to(prior: Frame, read_one: Reader) -> None:
    """*ya tersi?*: the ablative becomes the dative and the other way round."""
    (whole, *_) = continued(prior, read_one("ya tersi?"), soft=True)
    assert [(p.party, p.role) for p in whole.parties] == [("mavi", "dat"), ("yesil", "abl")]


def test_a_new_topic_is_tried_with_and_without_the_old_one(prior: Frame, read_one: Reader) -> None:
    """*peki yatırım?*: first all, then the new word alone with the question asked before."""
    frames = continued(prior, read_one("peki yatırım?"), soft=True)
    assert "passenger" in frames[0].features
    assert frames[0].inherited
    assert frames[-1].features == ("?count", "invest")


def test_after_a_refusal_what_is_taken_over_still_vetoes(prior: Frame, read_one: Reader) -> None:
    """Nothing is inherited softly, and nothing unknown may pass."""
    (whole, *_) = continued(prior, read_one("2023'te?"), soft=False)
    assert whole.strict
    assert not whole.inherited


def test_a_third_land_alone_replaces_both(prior: Frame, read_one: Reader) -> None:
    """*Japonya?* leaves neither of the two; a party alone keeps the one in another role."""
    (whole, *_) = continued(prior, read_one("ya Japonya?"), soft=True)
    assert [p.party for p in whole.parties] == ["x:japonya"]
    (whole, *_) = continued(prior, read_one("ya Yeşil Ada'dan?"), soft=True)
    assert [(p.party, p.role) for p in whole.parties] == [("yesil", "abl")]


def test_a_place_is_tried_without_other_conditions(prior: Frame, read_one: Reader) -> None:
    """*ya Koy'da?*: with the year of before, then by itself."""
    whole, lean, *_ = continued(prior, read_one("ya Koy'da?"), soft=True)
    assert {m.slot for m in whole.mentions} == {"time", "city"}
    assert {m.slot for m in lean.mentions} == {"city"}


def test_what_leans(read_one: Reader) -> None:
    """Short questions, and those that open with a word that points back."""
    assert is_elliptical(read_one("nerede?"))
    assert is_elliptical(read_one("peki köprü güneşli bir günde hangi kentte açıldı acaba söyle"))
    assert not is_elliptical(read_one("köprü güneşli bir günde hangi kentte açıldı acaba söyle"))
    assert names_topic(read_one("köprü"))
    assert not names_topic(read_one("Koy'da 2023'te?"))


@pytest.mark.parametrize(
    ("turns", "facts"),
    [
        (("Mavi Ada'dan Yeşil Ada'ya kaç yolcu gitti?", "ya tersi?"), ("ferry_back",)),
        (("Mavi Ada'dan Yeşil Ada'ya kaç yolcu gitti?", "peki yatırım?"), ("investment",)),
        (("köprü ne zaman açıldı?", "nerede?"), ("bridge_place",)),
        (("köprü ne zaman açıldı?", "kim açtı?"), ("bridge_opener",)),
        (("Mavi Ada'dan Yeşil Ada'ya kaç yolcu gitti?", "ya Yeşilliler?"), ("ferry_back",)),
        (("fahri konsolosluk nerede?", "ya köprü ne zaman açıldı?"), ("bridge_date",)),
        (("köprü Burun'da mı?", "ne zaman oldu?"), ("bridge_date",)),
        (("hava nasıl?", "köprü nerede?"), ("bridge_place",)),
        (("köprüyü kim açtı?", "merhaba", "ne zaman?"), ("bridge_date",)),
        (("Burun'da konsolosluk var mı?", "fahri mi o?"), ("honorary",)),
        (("Yeşil Ada'ya kaç yolcu gitti?", "peki Mavi Ada?"), ("ferry_back",)),
    ],
)
def test_conversations(ask: Asker, turns: tuple[str, ...], facts: tuple[str, ...]) -> None:
    """Each leads to the fact that the last turn means after the others."""
    reply = ask(*turns)
    assert reply.facts == facts
    assert reply.status == "answer"


def test_another_one_than_was_told_is_refused(ask: Asker) -> None:
    """*başka kim açtı?* is not answered with the same person once more."""
    assert ask("köprüyü kim açtı?", "başka kim açtı köprüyü?").status == "not_in_article"


def test_another_year_is_refused_as_such(ask: Asker) -> None:
    """*2019'da?* after 2024: the article does not say, rather than 2024 again."""
    reply = ask("2024'te kaç yolcu gitti?", "2019'da?")
    assert reply.status == "not_in_article"
    assert "2019" in reply.text
