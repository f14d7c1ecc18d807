"""Which unanswered questions are alike: by the words that they share, whatever their endings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import ceil

from bot.engine.text import fold

ALIKE = 0.6
"""Share of their words that two questions have in common when they are one."""
_HEAD, _STEM = 3, 5
"""Forms of a word share at least three letters, and up to five all but the last of the shorter: *günü*, *günleri*."""


def groups_of(texts: Sequence[str]) -> list[list[int]]:
    """The positions of ``texts``, alike ones together; groups and their members keep the order of ``texts``.

    A text joins the first group whose first text it is like. Only groups that share one of its rarer
    words are looked at: without these, what is left is less than ``ALIKE``.
    """
    known: dict[str, list[str]] = {}
    words = [frozenset(_stem(word, known) for word in _words(text)) for text in texts]
    spread = Counter(stem for own in words for stem in own)
    groups: list[list[int]] = []
    holding: dict[str, list[int]] = {}
    for position, own in enumerate(words):
        rarest = sorted(own, key=lambda stem: (spread[stem], stem))[: len(own) - ceil(ALIKE * len(own)) + 1]
        near = sorted({group for stem in rarest for group in holding.get(stem, ())})
        home = next((group for group in near if _share(words[groups[group][0]], own) >= ALIKE), None)
        if home is None:
            home = len(groups)
            groups.append([])
            for stem in own:
                holding.setdefault(stem, []).append(home)
        groups[home].append(position)
    return groups


def _words(text: str) -> list[str]:
    """The folded words that carry meaning; all of them when none does; one empty word for a wordless text."""
    all_words = "".join(c if c.isalnum() else " " for c in fold(text).replace("'", " ")).split()
    told = [w for w in all_words if len(w) >= _HEAD or w.isdigit()]
    return told or all_words or [""]


def _stem(word: str, known: dict[str, list[str]]) -> str:
    """The first word seen of which ``word`` is a form; words with a digit stand for themselves."""
    if any(c.isdigit() for c in word):
        return word
    forms = known.setdefault(word[:_HEAD], [])
    same = next((other for other in forms if _one_word(word, other)), None)
    if same is None:
        forms.append(word)
        return word
    return same


def _one_word(a: str, b: str) -> bool:
    need = max(_HEAD, min(_STEM, len(a) - 1, len(b) - 1))
    return a == b or (len(a) >= need and a[:need] == b[:need])


def _share(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / len(a | b)
