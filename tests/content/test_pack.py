"""The language pack is sound, and no code of the content floor knows any one article."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.content.load import load
from bot.content.pack import background_words, entries_of, geography, marked, neutral_words, pack_problems, slug_of
from bot.engine.text import fold, mark


def test_the_pack_has_no_problem() -> None:
    """Every file of it fits its table."""
    assert list(map(str, pack_problems())) == []


def test_the_pack_is_marked() -> None:
    """The engine gets lower-case words with their Turkish letters, and no other signs."""
    words = [*neutral_words(), *background_words(), *(w for e in geography({}).places for w in e.words)]
    assert len(words) > 1_500
    assert [w for w in words if mark(w) != w] == []


def test_a_gazetteer_country_that_is_a_party_is_no_third_country() -> None:
    """The content's party owns all words that the gazetteer has for it."""
    places = geography({"party": {"almanya": "de"}}).places
    german = [e for e in places if "almanya" in e.words]
    assert [(e.slot, e.values, e.role) for e in german] == [("party", frozenset({"de"}), "land")]
    assert "almanya" not in geography({"party": {"almanya": "de"}}).names["country"]


@pytest.mark.parametrize(
    ("name", "slug"), [("Şanlıurfa", "sanliurfa"), ("John F. Kennedy", "john_f_kennedy"), ("İ" * 60, "i")]
)
def test_names_become_slugs(name: str, slug: str) -> None:
    """Ids are ASCII and at most 48 characters (stretched letters count once, as in all folding)."""
    assert slug_of(name) == slug


def test_words_split_into_stems_and_exact_ones() -> None:
    """``=`` marks a word that takes no ending; equal words count once."""
    assert marked(["Kâr=", "kar=", "Çay"]) == ("kar=", "çay")
    entries = list(entries_of(["Kâr=", "kâr", "kar"], "", frozenset({"profit"})))
    assert [(e.words, e.exact) for e in entries] == [(("kar",), False), (("kar",), True)]


def test_no_code_of_this_floor_names_the_article(root: Path) -> None:
    """Neither a name nor a figure of the shipped article stands in ``bot/content`` or ``bot/errors.py``."""
    article = load(root).article.text
    names = {fold(n) for n in re.findall(r"(?<=\w )[A-ZÇĞİÖŞÜ]\w{4,}", article)}
    assert len(names) > 40
    figures = set(re.findall(r"\d{2,}", article))
    for path in [*sorted((root / "bot" / "content").glob("*.py")), root / "bot" / "errors.py"]:
        code = fold(path.read_text(encoding="utf-8"))
        words, numbers = set(re.findall(r"[^\W\d_]+", code)), set(re.findall(r"\d+", code))
        assert {n for n in names for w in words if w.startswith(n)} == set(), path.name
        assert {f for f in figures & numbers if len(f) > 2} == set(), path.name
