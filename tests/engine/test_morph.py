"""Word forms: endings that may follow a stem, the case that they carry, and light stems."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.morph import STEM_LETTERS, case_after, case_of, is_cyrillic, is_ours, plausible, stem, variants

LETTERS = st.text(st.sampled_from("abcdefgiklmnoprstuvyz"), min_size=1, max_size=20)


@pytest.mark.parametrize("rest", ["", "ler", "lerimizden", "da", "daki", "lik", "ing", "es"])
def test_endings_may_follow_a_stem(rest: str) -> None:
    """Chains of Turkish endings, and English ones."""
    assert plausible(rest)


@pytest.mark.parametrize("rest", ["xyz", "b", "lerlerlerlerlerlerler", "pqr"])
def test_other_letters_may_not(rest: str) -> None:
    """Letters that no ending has, or more of them than words have."""
    assert not plausible(rest)


@pytest.mark.parametrize(
    ("rest", "case"),
    [
        ("", ""), ("dan", "abl"), ("lerden", "abl"), ("de", "loc"), ("deki", "loc"), ("e", "dat"), ("ye", "dat"),
        ("in", "gen"), ("nin", "gen"), ("i", "acc"), ("yi", "acc"), ("le", "ins"), ("yla", "ins"), ("lar", ""),
        ("дан", "abl"), ("да", "loc"), ("ға", "dat"), ("ның", "gen"), ("ды", "acc"), ("мен", "ins"),
    ],
)  # fmt: skip
def test_cases(rest: str, case: str) -> None:
    """Turkish and Kazakh endings tell who goes where and whose a thing is."""
    assert case_of(rest) == case


@pytest.mark.parametrize(
    ("preposition", "rest", "case"),
    [("from", "", "abl"), ("to", "", "dat"), ("в", "е", "loc"), ("в", "у", "dat"), ("из", "а", "abl"), ("ve", "", "")],
)
def test_prepositions_give_a_case(preposition: str, rest: str, case: str) -> None:
    """English and Russian say before the word what Turkish says after it."""
    assert case_after(preposition, rest) == case


def test_ours() -> None:
    """*-imiz* and *-ümüz* make a thing ours; other endings do not."""
    assert is_ours("umuzun")
    assert is_ours("mizde")
    assert not is_ours("larin")


def test_scripts_are_told_apart() -> None:
    """One Cyrillic letter makes a word Cyrillic."""
    assert is_cyrillic("сколько")
    assert not is_cyrillic("kac")


@pytest.mark.parametrize(
    ("word", "short"), [("kitaplardan", "kitap"), ("okul", "okul"), ("gazetecilik", "gazet"), ("okullar", "okul")]
)
def test_stems_are_light(word: str, short: str) -> None:
    """Endings are cut, then five letters kept."""
    assert stem(word) == short


@given(LETTERS)
def test_a_stem_is_a_short_beginning(word: str) -> None:
    """Of any word a stem keeps at most five letters, the first ones, and never nothing."""
    assert word.startswith(stem(word))
    assert 0 < len(stem(word)) <= STEM_LETTERS


def test_softened_stems() -> None:
    """*kitap* is *kitab-ı* too; short and other words have one form."""
    assert variants("kitap") == ("kitap", "kitab")
    assert variants("uyruk") == ("uyruk", "uyruğ")
    assert variants("kat") == ("kat",)
    assert variants("ada") == ("ada",)
