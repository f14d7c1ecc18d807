"""Numbers and ordinals as people write them, in canonical form.

A number is its plain decimal string: *5,2 milyar* → ``5200000000``, *yüz otuz bin* → ``130000``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from bot.engine import grammar
from bot.engine.morph import plausible
from bot.engine.text import Token

_PLAIN = re.compile(r"\d+(?:[.,]\d+)?")
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number or time found in a text: ``slot`` is ``number``, ``time`` or ``ordinal``."""

    slot: str
    value: str
    span: int
    tail: str

    @property
    def feature(self) -> str:
        """What a frame's features have of it: ``#number``, ``#time``, and of an ordinal whether it is the first."""
        if self.slot == "ordinal":
            return "#1" if self.value == "1" else "#n"
        return "#" + self.slot


_TIMES = frozenset({"kat", "kati", "katina", "katlik", "kata"})
"""*üç katına*: how many times as much, no value of its own; *yedi katlı* is one."""


def decimal_of(text: str) -> Decimal | None:
    """The value of digits as Turkish or English writes them: ``5,2``, ``3.538``, ``12000``."""
    if _GROUPED.fullmatch(text):
        return Decimal(re.sub(r"[.,]", "", text))
    return Decimal(text.replace(",", ".")) if _PLAIN.fullmatch(text) else None


@lru_cache(maxsize=20_000)
def _ordinal_word(head: str) -> int | None:
    if head in grammar.ORDINALS:
        return grammar.ORDINALS[head]
    for word, value in grammar.ORDINALS.items():
        if len(word) > 3 and head.startswith(word) and (not word.isascii() or plausible(head[len(word) :])):
            return value
    return None


def is_ordinal(head: str) -> bool:
    """Whether the word is an ordinal: *üçüncüsü*."""
    return _ordinal_word(head) is not None


def ordinal_at(tokens: tuple[Token, ...], i: int) -> Quantity | None:
    """The ordinal that begins at token ``i``: *üçüncü, 3’üncü, 3. kez*."""
    token = tokens[i]
    if (word := _ordinal_word(token.head)) is not None:
        return Quantity("ordinal", str(word), 1, "")
    if token.head.isdecimal() and len(token.head) <= 3:
        if re.fullmatch(r"[iu]?nc[iu].{0,4}|th|st|nd|rd|-?й|-?ші", token.tail):
            return Quantity("ordinal", token.head, 1, "")
        dotted = i + 2 < len(tokens) and tokens[i + 1].head == "." and tokens[i + 2].is_word
        if dotted and tokens[i + 2].head[0].isalpha():
            return Quantity("ordinal", token.head, 2, "")
    return None


def number_at(tokens: tuple[Token, ...], i: int) -> Quantity | None:
    """The number that begins at token ``i``; a year where one is spelled out (*bin dokuz yüz doksan bir*)."""
    so_far, at = _Sum(), i
    while at < len(tokens) and (taken := so_far.take(tokens, at, opens=at == i)):
        at += taken
        if taken == 1 and _ends_number(tokens[at - 1]):
            break
    if at < len(tokens) and tokens[at].head in _TIMES:
        return None
    alone = at == i + 1 and tokens[i].head in _ALONE_NO_NUMBER
    if at == i or (alone and not (at < len(tokens) and _MEASURED.fullmatch(tokens[at].text))):
        return None
    value = so_far.total + so_far.part
    text = format(value.normalize(), "f")
    year = at - i >= 3 and 1900 <= value <= 2030 and not any(t.head[0].isdecimal() for t in tokens[i:at])
    return Quantity("time" if year else "number", text, at - i, tokens[at - 1].tail)


def opens_number(head: str) -> bool:
    """Whether a number may begin with the word."""
    return head[0].isdecimal() or bool(_scale(head)) or _bare(head) in grammar.UNITS or head in grammar.HALVES


_ALONE_NO_NUMBER = frozenset({"bir", "on", "yuz", "bin", "alti", "one"})
"""*bir, yüz, altı* alone are *a*, *face*, *below* more often than numbers …"""
_MEASURED = re.compile(r"(?:saat|dakika|hafta|ay|yil|sene)(?:t?[dt][ae]n|l[iu]k|l[iu]g[iu]n[ae]?)")
"""… but for *bir saatten, bir aylık, altı yıllığına*."""


@dataclass
class _Sum:
    """A number while it is read: ``total`` up to the last great scale, ``part`` since, the latter in ``digits`` or not."""

    total: Decimal = Decimal(0)
    part: Decimal = Decimal(0)
    digits: bool = False

    def take(self, tokens: tuple[Token, ...], at: int, *, opens: bool) -> int:
        """Add what stands at ``at``; how many tokens that took, 0 where it is no part of the number."""
        head = tokens[at].head
        if head in {"virgul", "nokta"} and not opens and at + 1 < len(tokens) and (self.part or self.digits):
            return self._fraction(_digit(tokens[at + 1].head))
        if head[0].isdecimal() and (value := decimal_of(head)) is not None:
            return self._figures(value)
        if (part := _part_of_scale(tokens, at, opens=opens)) is not None:
            self.part += part
            return 1
        if (scale := _scale(head)) and (not opens or _counts(tokens, at)):
            return self._scaled(scale)
        unit = grammar.UNITS.get(_bare(head, inner=not opens))
        self.part += unit or 0
        return int(unit is not None)

    def _fraction(self, tenths: int | None) -> int:
        if tenths is None:
            return 0
        self.part += Decimal(tenths) / (10 if tenths < 10 else 100)
        return 2

    def _figures(self, value: Decimal) -> int:
        if (self.digits and self.part) or (self.total and value >= 1000):
            return 0
        self.part, self.digits = self.part + value, True
        return 1

    def _scaled(self, scale: int) -> int:
        self.part = (self.part or Decimal(1)) * scale
        if scale >= 1000:
            self.total, self.part = self.total + self.part, Decimal(0)
        self.digits = False
        return 1


def _part_of_scale(tokens: tuple[Token, ...], at: int, *, opens: bool) -> Decimal | None:
    """*yarım milyon*, *bir buçuk milyar*: the half or quarter at ``at``, where a scale follows."""
    scaled = at + 1 < len(tokens) and _scale(tokens[at + 1].head) >= 1000
    value = (grammar.HALVES if opens else grammar.AND_HALF).get(tokens[at].head)
    return value if scaled else None


def _ends_number(token: Token) -> bool:
    """Whether the word has an ending, after which no number goes on."""
    return bool(token.tail) or (token.head not in grammar.UNITS and _bare(token.head, inner=True) != token.head)


def _digit(word: str) -> int | None:
    return int(word) if word.isdecimal() and len(word) <= 2 else grammar.UNITS.get(word)


def _counts(tokens: tuple[Token, ...], at: int) -> bool:
    """*yüz elli*, *bin dokuz yüz*: a scale opens a number only where a smaller part follows."""
    small = tokens[at].head in {"yuz", "bin"}
    return (
        small
        and at + 1 < len(tokens)
        and (tokens[at + 1].head in grammar.UNITS or tokens[at + 1].head in grammar.SCALES)
    )


_NO_NUMBERS = frozenset(["onu", "onda", "ondan", "onlu", "yediden", "biri", "birde", "birden", "birlik"])
"""Words that are a number and an ending only to look at: *it*, *one of them*, *all at once*."""


def _bare(word: str, *, inner: bool = False) -> str:
    """The unit within an inflected word; ``inner`` after another number word, where *birde* is one (*doksan birde*)."""
    if word in _NO_NUMBERS and not inner:
        return word
    for end in ("dan", "den", "tan", "ten", "da", "de", "ta", "te", "nin", "in", "un", "lik", "luk", "yi", "i", "u"):
        if word.endswith(end) and word.removesuffix(end) in grammar.UNITS:
            return word.removesuffix(end)
    return word


_THOUSAND = re.compile(r"bin(?:den|in?|e|lik|dir?|mis|se|ken)")
"""*410 bindi*, and with its cases; opening a number none of these is one (*trene bindi*)."""


@lru_cache(maxsize=20_000)
def _scale(word: str) -> int:
    for name, value in grammar.SCALES.items():
        if word == name or (len(name) >= 5 and word.startswith(name) and len(word) - len(name) <= 5):
            return value
        if name == "bin" and _THOUSAND.fullmatch(word):
            return value
    return 0
