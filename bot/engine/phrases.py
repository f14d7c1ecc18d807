"""Closed phrases: the question words, confirmations, *tersi* and *iki ülke* that begin at a word, with their endings."""

from __future__ import annotations

import re

from bot.engine import grammar
from bot.engine.morph import plausible
from bot.engine.text import Token

_COPULA = re.compile(r"y?(?:m[iu]s|[dt][iu](?:r|m|n|k)?)$")
"""*hangisiymiş, neymiş, kimdi*: what may stand after a question word."""


def phrase_at(tokens: tuple[Token, ...], i: int) -> tuple[str, int]:
    """The name of the longest phrase that begins at token ``i`` and its number of words; ``("", 0)`` for none."""
    rank, best, name = (0, False), 0, ""
    text = tokens[i].text
    for pattern, meaning in _PHRASES.get(text, []) or _PHRASES.get(_COPULA.sub("", text), []):
        whole = i + len(pattern) <= len(tokens) and tokens[i + len(pattern) - 1].text == pattern[-1]
        if (len(pattern), whole) > rank and _stands(pattern, tokens, i):
            rank, best, name = (len(pattern), whole), len(pattern), meaning
    return name, best


def _stands(pattern: tuple[str, ...], tokens: tuple[Token, ...], i: int) -> bool:
    if i + len(pattern) > len(tokens):
        return False
    if len(pattern) == 1:
        return tokens[i].text == pattern[0] or _COPULA.sub("", tokens[i].text) == pattern[0]
    *front, last = (tokens[i + k].text for k in range(len(pattern)))
    same = all(text == word for text, word in zip(front, pattern, strict=False))
    return same and last.startswith(pattern[-1]) and plausible(last[len(pattern[-1]) :])


def _indexed() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    rows = {**grammar.ASKS, "confirm": grammar.CONFIRM, "reverse": grammar.REVERSE, "both": grammar.BOTH}
    index: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for name, patterns in rows.items():
        for pattern in patterns:
            index.setdefault(pattern[0], []).append((pattern, name))
    return index


_PHRASES = _indexed()
