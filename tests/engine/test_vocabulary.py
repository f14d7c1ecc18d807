"""The vocabulary: the longest entry wins, the content's own words come first, slips are mended and names left alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.engine import vocabulary as module
from bot.engine.answer import Engine
from bot.engine.model import Entry
from bot.engine.text import Token, mark, tokenize
from bot.engine.vocabulary import FAMILIAR, Vocabulary, build
from tests.engine.island import CATALOG, entry


@pytest.fixture(scope="module")
def known(island: Engine) -> Vocabulary:
    """The made-up vocabulary, with a word used often enough to be preferred."""
    return island.vocabulary


def mended(vocabulary: Vocabulary, text: str) -> list[str]:
    return [p.text for t in tokenize(mark(text)) for p in vocabulary.repair(t)]


def found(vocabulary: Vocabulary, text: str) -> tuple[str, int, str] | None:
    hit = vocabulary.find(tokenize(mark(text)), 0)
    return (min(hit.entry.values), hit.span, hit.rest) if hit else None


@pytest.mark.parametrize(
    ("text", "hit"),
    [
        ("fahri konsolosluk", ("honorary", 2, "")),
        ("konsolosluğun", ("consulate", 1, "un")),
        ("yolcular", ("passenger", 1, "lar")),
        ("köprüye", ("bridge", 1, "ye")),
        ("mavi adadan", ("mavi", 2, "dan")),
        ("mavi", None),
        ("mavi köprü", None),
        ("koyxq", None),
        ("nuri", ("nuri", 1, "")),
        ("nuriye", None),
        ("firmamız", ("background", 1, "miz")),
        ("varlık", None),
    ],
)
def test_finding(known: Vocabulary, text: str, hit: tuple[str, int, str] | None) -> None:
    """Phrases before words, with plausible endings only; exact words take none."""
    assert found(known, text) == hit


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("yolcu", ["yolcu"]),
        ("yolvu", ["yolcu"]),
        ("yoclu", ["yolcu"]),
        ("feribto", ["feribot"]),
        ("konsolsluk", ["konsolosluk"]),
        ("xolcu", ["yolcu"]),
        ("feribotvarmi", ["feribot", "var", "mi"]),
        ("f3r1b0t", ["feribot"]),
        ("kimgitti", ["kim", "gitti"]),
        ("varmi", ["var", "mi"]),
        ("koymu", ["koy", "mu"]),
        ("xyzqw", ["xyzqw"]),
        ("2024", ["2024"]),
        ("çevreli", ["cevreli"]),
    ],
)
def test_mending(known: Vocabulary, typed: str, meant: list[str]) -> None:
    """Slips, leet and glued words become what was meant; numbers, everyday and unlike words stay."""
    assert mended(known, typed) == meant


def test_a_tail_stays_where_it_was(known: Vocabulary) -> None:
    """The suffix after an apostrophe belongs to the word as mended."""
    (token,) = known.repair(Token("yocludan", "yoclu", "dan", "yoclu"))
    assert (token.head, token.tail, token.text) == ("yolcu", "dan", "yolcudan")


def test_much_used_words_explain_shorthand_and_slips_that_fit_a_stem() -> None:
    """*yzlm* is the much used *yazılım*; *gezegenlx* one letter from it is, though it begins like *geze*."""
    often = (*(["yazılım nerede"] * 40), *(["gezegenli nerede"] * 120))
    first = replace(CATALOG.intents[0], utterances=(*CATALOG.intents[0].utterances, *often))
    lexicon = replace(
        CATALOG.lexicon, entries=(*CATALOG.lexicon.entries, entry("gezegenli", "", "planet"), entry("geze", "", "walk"))
    )
    vocabulary = build(replace(CATALOG, intents=(first, *CATALOG.intents[1:]), lexicon=lexicon))
    assert mended(vocabulary, "yzlm") == ["yazilim"]
    assert mended(vocabulary, "gezegenlxi") == ["gezegenli"]
    assert mended(vocabulary, "gezecilxr") == ["gezecilxr"]
    assert mended(vocabulary, "gezelim") == ["gezelim"]


def test_what_is_remembered_is_bounded(known: Vocabulary, monkeypatch: pytest.MonkeyPatch) -> None:
    """A flood of new words does not fill the memory: what was remembered is dropped, and answers stay the same."""
    monkeypatch.setattr(module, "_REMEMBERED", 50)
    for i in range(200):
        word = "kelime" + "abcdefghij"[i % 10] + "klmnoprstu"[i // 10 % 10] + "q" * (i // 100)
        assert mended(known, word)
    assert len(known.repairs) <= 51
    assert len(known.openings) <= 51
    assert mended(known, "yoclu") == ["yolcu"]


def test_pickles_leave_out_what_was_remembered(known: Vocabulary) -> None:
    """A compiled edition on disk does not depend on what was asked before."""
    mended(known, "yoclu")
    assert known.repairs
    state = known.__getstate__()
    assert state["repairs"] == {}
    assert state["openings"] == {}


def test_the_contents_own_words_come_first() -> None:
    """A word of the language's lists that the lexicon claims has the lexicon's sense."""
    language = replace(CATALOG.language, neutral=(*CATALOG.language.neutral, "yolcu"))
    assert found(build(replace(CATALOG, language=language)), "yolcu") == ("passenger", 1, "")


def test_a_short_everyday_stem_with_a_sure_ending_is_no_slip() -> None:
    """*yıllar* and *kesmiş* are one slip from *yollar* and *Keşmir*, and neither."""
    language = replace(
        CATALOG.language,
        neutral=(*CATALOG.language.neutral, "yollar="),
        places=(Entry(("keşmir",), "region", frozenset({"keşmir"})),),
        words=CATALOG.language.words | {"yıl", "kes"},
    )
    vocabulary = build(replace(CATALOG, language=language))
    for word in ("yillar", "kesmis"):
        assert [t.head for t in vocabulary.repair(Token(word, word))] == [word]
    assert vocabulary.familiar < FAMILIAR
