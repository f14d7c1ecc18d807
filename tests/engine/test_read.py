"""Reading: questions in order, background beside them, and what each clause was understood to say."""

from __future__ import annotations

import pytest

from bot.engine.answer import Engine
from bot.engine.frame import Frame, merge
from bot.engine.text import MAX_CHARS
from tests.engine.conftest import Asker, Reader


def parties(frame: Frame) -> list[tuple[str, str]]:
    return [(p.party, p.role) for p in frame.parties]


def test_questions_are_read_in_order_and_the_rest_is_background(island: Engine) -> None:
    """What asks nothing stands behind; each question is a frame of its own."""
    reading = island.read("Mavi Ada'dayım. Kaç yolcu gitti? Köprüyü kim açtı?")
    assert [sorted(q.asks) for q in reading.questions] == [["count"], ["who"]]
    assert reading.background is not None
    assert parties(reading.background) == [("mavi", "loc")]


def test_a_message_that_asks_nothing_is_one_frame(island: Engine) -> None:
    """Key words without a question are read as one; nothing at all as none."""
    (frame,) = island.read("yolcu. köprü.").questions
    assert frame.features == ("passenger", "bridge")
    assert island.read("?!").questions == ()


def test_an_alternative_belongs_to_its_question(island: Engine) -> None:
    """*…var mı? fahri mi?* goes on; *ya köprü* opens another."""
    (frame,) = island.read("Koy'da konsolosluk var mı? fahri mi?").questions
    assert "fahri" in " ".join(frame.words)
    assert len(island.read("kaç yolcu gitti? ya köprü").questions) == 2


def test_what_is_longer_than_the_longest_question_is_cut(island: Engine) -> None:
    """Also where one character stands for many."""
    assert len(" ".join(w for q in island.read("ﷺ" * 2 * MAX_CHARS).questions for w in q.words)) <= MAX_CHARS
    assert not island.read(" " * MAX_CHARS + "köprü").questions


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("mavi adadan yeşil adaya kaç yolcu", [("mavi", "abl"), ("yesil", "dat")]),
        ("mavi ada -> yeşil ada yolcu kaç", [("mavi", "abl"), ("", "arrow"), ("yesil", "nom")]),
        ("-> yeşil ada kaç", [("", "arrow"), ("yesil", "nom")]),
        ("mavi ada ile yeşil ada kaç", [("mavi", "nom"), ("", "with"), ("yesil", "nom")]),
        ("biz kaç kişi götürdük", [("mavi", "nom"), ("mavi", "we")]),
        ("bize kaç kişi geldi", [("mavi", "dat")]),
        ("bizim ülkeden kaç kişi", [("mavi", "abl")]),
        ("ülkemize kaç kişi geldi", [("mavi", "dat")]),
        ("onlarınkilerden kaç kişi", [("other", "abl")]),
        ("onlarınkiler kaç", [("other", "nom")]),
        ("bize ait kaç köprü", [("mavi", "gen")]),
        ("yeşil adaya ait kaç köprü", [("yesil", "gen")]),
        ("oraya kaç kişi", [("other", "dat")]),
        ("iki ülke kaç kişi", [("", "both")]),
        ("koy ile burun kaç", [("", "pair"), ("", "both")]),
        ("koyun kararı ne", [("mavi", "gen")]),
        ("koy yönetimi ne dedi", [("mavi", "nom")]),
        ("köprümüz kaç", [("mavi", "our")]),
        ("köprümüzde kaç", [("mavi", "loc")]),
        ("geldiğimiz köprü kaç", [("mavi", "we")]),
        ("kaç kişi gelebiliriz", [("mavi", "we")]),
        ("gitmeli miyiz", [("mavi", "we")]),
        ("japonyadan kaç kişi", [("x:japonya", "abl")]),
        ("in yeşil ada kaç", [("yesil", "loc")]),
        ("yeşilli şehirlerinde kaç", [("yesil", "loc")]),
        ("yeşilliler kaç", [("yesil", "nom")]),
        ("yeşilli şehirleri hangileri", [("yesil", "loc")]),
        ("yeşilli şehirlerini kim gezdi", [("yesil", "acc")]),
        ("mavililer için köprü nerede", [("mavi", "dat")]),
        ("mavi ada çökünce köprü nerede açıldı", [("mavi", "aside")]),
        ("yeşilli nuri köprüde mi", [("yesil", "nom")]),
        ("yeşilli ali kayayla kim var", [("yesil", "aside")]),
        ("mavi ada mı yatırdı", [("mavi", "subject")]),
        ("mavi ada mı yatırıldı", [("mavi", "nom")]),
        ("politik köprü nerede", []),
        ("köprüye kaç kişi gittik", [("mavi", "we")]),
    ],
)
def test_parties_and_their_cases(read_one: Reader, text: str, found: list[tuple[str, str]]) -> None:
    """Names, pronouns, arrows, pairs, owners and *-imiz*: who is meant, in which case."""
    assert parties(read_one(text)) == found


@pytest.mark.parametrize(
    ("text", "slot", "values"),
    [
        ("2024'te kaç yolcu", "time", {"2024"}),
        ("120 bin yolcu mu", "number", {"120000"}),
        ("100.000'den fazla mı", "number", {">100000"}),
        ("20'yi aşmış mı", "number", {">20"}),
        ("300'den az mı", "number", {"<300"}),
        ("3 ay mı", "number", {"3 ay"}),
        ("iki hafta mı", "number", {"2 hafta"}),
        ("üçüncü köprü mü", "ordinal", {"3"}),
        ("koyda mı", "city", {"koy"}),
        ("koy hariç nerede", "except", {"koy"}),
        ("koydan başka nerede", "except", {"koy"}),
        ("where except koy", "except", {"koy"}),
        ("mavi ada dışında nerede", "except", {"mavi"}),
        ("kaç euro", "unit", {"euro"}),
        ("91'den beri", "time", {"1991/*"}),
        ("fahri konsolosluk nerede", "mission", {"honorary"}),
        ("önceki yıl yani 2023'te kaç yolcu", "time", {"2023"}),
        ("bir saatten uzun mu", "number", {">1 saat"}),
        ("yarım milyondan çok mu", "number", {">500000"}),
        ("yolcular yediyi buluyor mu", "number", {">7"}),
    ],
)
def test_conditions(read_one: Reader, text: str, slot: str, values: set[str]) -> None:
    """What a question states: a time, a number with its comparison and unit, a place, a kind."""
    assert [set(m.values) for m in read_one(text).mentions if m.slot == slot] == [values]


@pytest.mark.parametrize(
    ("text", "feature"),
    [
        ("en büyük köprü hangisi", "#en"),
        ("ilk köprü nerede", "#1"),
        ("ikinci köprü nerede", "#n"),
        ("kimse gidecek mi", "#future"),
        ("tekrar köprü nerede", "!tekra"),
        ("xqzwt köprü nerede", "=xqzwt"),
        ("yüzde % kaç", "percent"),
        ("firmalar nerede", "=firma"),
        ("gelen yolcu gidenin kaç katı", "#derived"),
        ("japon köprü nerede", "foreign"),
    ],
)
def test_features(read_one: Reader, text: str, feature: str) -> None:
    """Superlatives, ordinals, future, altering, unknown and background words are told apart."""
    assert feature in read_one(text).features


@pytest.mark.parametrize("text", ["köprü açılmadı", "açılan köprü değil", "açmayanlar kimler", "köprü açılmıyor"])
def test_denials(island: Engine, text: str) -> None:
    """*değil*, *-ma-* and *-mıyor* deny."""
    assert any(q.negated for q in island.read(text).questions)


def test_whether_is_no_denial(read_one: Reader) -> None:
    """*olup olmadığı* asks whether; *yok* says what is there."""
    frame = read_one("köprünün olup olmadığı")
    assert frame.yesno
    assert not frame.negated
    assert not read_one("köprü yok mu").negated


def test_what_mi_asks_about_is_in_focus(read_one: Reader) -> None:
    """The word before *mi* or *değil mi*; also over *kentinde*."""
    for text in ("köprü Koy'da mı açıldı", "köprü Koy'da değil mi", "köprü Koy şehrinde mi açıldı"):
        assert [m.focus for m in read_one(text).mentions if m.slot == "city"] == [True], text
    assert [p.focus for p in read_one("Mavi Ada mı açtı").parties] == [True]
    assert [m.focus for m in read_one("köprü Koy'daydı di mi").mentions] == [True]
    assert read_one("köprü açıldı mı").focus == "open"
    assert not any(m.focus for m in read_one("Koy'da köprü var mı").mentions)


def test_the_asker_may_be_one_of_them(island: Engine) -> None:
    """*yeşilliyim* makes *biz* the Greens; *firmam var* says nothing about the question."""
    assert island.read("yeşilliyim, kaç kişi gittik?").speaker == "yesil"
    (frame,) = island.read("firmam için köprü nerede").questions
    assert "bg" in frame.light


def test_here_is_the_askers_own_town(read_one: Reader) -> None:
    """*bizim şehirde* and *şehrimizde* name no party."""
    assert read_one("bizim şehirde köprü nerede").here
    assert parties(read_one("bizim şehirde köprü nerede")) == []


def test_here_is_the_town_that_was_named_before(ask: Asker) -> None:
    """*Burun'dayım, buradaki konsolosluk fahri mi*: of the town, not of the whole land."""
    assert ask("Burun'da rehberim, buradaki konsolosluk fahri mi?").facts == ("honorary",)


def test_people_after_ben_are_who_asks(island: Engine) -> None:
    """*ben Yeşilli*: as a learner of the language says it."""
    assert island.read("ben yeşilli, kaç kişi gittik?").speaker == "yesil"


def test_a_count_that_is_asked_about_is_not_asked_for(read_one: Reader) -> None:
    """*sayısı niye arttı* asks why; *sayısı nedir* how many."""
    assert read_one("yolcu sayısı niye arttı").asks == {"why"}
    assert "count" in read_one("yolcu sayısı nedir").asks
    assert "count" in read_one("kaç yolcu niye geldi").asks


@pytest.mark.parametrize(
    ("text", "doer", "undergoer"),
    [
        ("Ali Kaya kimi karşıladı", {"kaya"}, set()),
        ("Ali Kaya'yı kim karşıladı", set(), {"kaya"}),
        ("köprüyü kim açtı", set(), set()),
        ("who welcomed Ali Kaya", set(), {"kaya"}),
        ("who did Ali Kaya welcome", {"kaya"}, set()),
    ],
)
def test_who_does_it_to_whom(read_one: Reader, text: str, doer: set[str], undergoer: set[str]) -> None:
    """*kimi* after somebody without an ending, *kim* beside one in the accusative; in English by their order."""
    frame = read_one(text)
    assert (set(frame.doer), set(frame.undergoer)) == (doer, undergoer)


def test_reverse_turns_the_question(read_one: Reader) -> None:
    """*tersi* is no word of content."""
    assert read_one("ya tersi kaç").reverse


def test_russian_places_and_owners(island: Engine) -> None:
    """A preposition gives the case that Turkish says with an ending."""
    (frame,) = island.read("from yeşil ada kaç yolcu").questions
    assert parties(frame) == [("yesil", "abl")]


def test_merging_keeps_both_and_their_joint(read_one: Reader) -> None:
    """Two clauses as one: the features of both once, joints counted on."""
    a, b = read_one("kaç yolcu gitti"), read_one("köprü ve yolcu nerede")
    both = merge(a, b)
    assert both.features == (*a.features, *(f for f in b.features if f not in a.features))
    assert both.asks == a.asks | b.asks
    assert both.joints == tuple(len(a.features) + j for j in b.joints)


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("kaç kişi gitmedi", True),
        ("gitmeyen kaç yolcu", True),
        ("hangi kentte köprü yok", True),
        ("kaç kişi gitti bilmiyorum", False),
        ("mavililer değil yeşilliler nereye gitti", False),
        ("kaç kişi gitti", False),
    ],
)
def test_denial(read_one: Reader, text: str, denied: bool) -> None:
    """Verbs and *yok* deny what is asked; what the asker does not know, and a contrast, deny nothing."""
    assert read_one(text).negated is denied


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("yolcuların hepsi mi gitti", ("all",)),
        ("yalnızca 3 yolcu mu", ("only",)),
        ("yolcuların yarısı mı gitti", ("half",)),
        ("yolcuların hepsi nereye gitti", ()),
        ("Ali Kaya tek başına mı açtı", ()),
    ],
)
def test_claims(read_one: Reader, text: str, claims: tuple[str, ...]) -> None:
    """A quantifier in a question with *mi* claims something; elsewhere it does not."""
    assert read_one(text).claims == claims


@pytest.mark.parametrize(
    ("text", "doer"),
    [
        ("Ali Kaya köprüyü açtı mı", {"kaya"}),
        ("köprüyü Ali Kaya mı açtı", {"kaya"}),
        ("Ali Kaya ile Nuri köprüyü açtı mı", set()),
        ("Ali Kaya Nuri'yle köprüyü açtı mı", set()),
        ("Ali Kaya gelince köprü kapandı mı", set()),
        ("köprüye Ali Kaya getirildi mi", set()),
        ("Ali Kaya açılışı güzel miydi", set()),
        ("köprüyü kim açtı Ali Kaya", set()),
    ],
)
def test_who_acts(read_one: Reader, text: str, doer: set[str]) -> None:
    """The one person without an ending acts, unless two do it together or it is done to somebody."""
    assert read_one(text).doer == doer
