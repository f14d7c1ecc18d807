"""The numbers and times that a sentence states, each with the unit that it is said in: right, or left out.

What an editor has to put right in a draft costs more than what is missing there, so a unit is written only where the
words after the number leave no doubt: a known measure, or a noun phrase that ends before a verb, a stop or an *and*.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from bot.content.pack import everyday_words
from bot.engine import grammar
from bot.engine.measure import unit_of
from bot.engine.morph import plausible
from bot.engine.number import Quantity
from bot.engine.quantity import quantity_at
from bot.engine.text import Token, fold, mark, tokenize

_NO_DAY = "0000-00-00"
"""*Geçen yıl* is no value before an editor says which year that is."""
_TIME_SLOTS = (
    (r"\d{4}-\d\d-\d\d", "date"),
    (r"\d{4}-\d\d", "month"),
    (r"\d{4}", "year"),
    (r"\d{4}/\d{4}", "years"),
    (r"\d{4}-\d\d/\d{4}-\d\d", "months"),
)
_MEASURES = (
    "saat dakika saniye yaş derece hektar dekar dönüm litre metreküp kişi aile hane kat kez kere tane adet oda sayfa "
    "öğrenci yolcu puan kuruş avro yüzyıl il ilçe ülke"
).split()
"""Counted besides what the engine converts; known in any ending."""
_CLOCK = re.compile(r"(?:[01]?\d|2[0-4])[.:][0-5]\d")
_PART_OF = re.compile(r".*[dt][ae]")
_FIRST = frozenset({"ilk", "son"})
"""*İlk hafta* and *son tren* name a thing rather than count it."""
_LINKS = frozenset("ve ile ise veya ya da de icin gibi kadar once sonra olan olarak boyunca uzerinde".split())
_LIGHT = re.compile(r"(?:et|ed|ol|yap|kil|al|ver)(?:[iu][ln])?[a-z]{1,8}")
"""*Teslim etti*: the verb needs the word before it, which is not what was counted."""
_VERB = re.compile(
    r".{2,}(?:(?:[fstkchp]t|[^fstkchp]d)[iu](?:l[ae]r)?|[iu]yor.*|[ae]c[ae][kg].*|m[iu]s(?:t[iu])?|[ae]r[ae]k|[iu]p|"
    r"[dt][iu]g[iu].*|m[ae](?:y[iuae]|k)|.{2}[ai]y?an|.{2}y?en)|var|yok|vardi|yoktu|olan|eden|degil"
)
_CASED = re.compile(r".{2,}(?:n?[dt][ae]n?|n[ae]|(?<=[aeiou])y[aeiu]|n?[iu]n[iu]?|l[iu]k|y?l[ae])")
_COPULA = re.compile(r"y?(?:[dt][iu]r?|m[iu]s)$")
_MAY_BE_CASED = re.compile(r".*(?:[^y]|[aeiou]y)[aeiu]")
"""Ends in a vowel that may be a case; *eşya* does not, since a *y* comes after vowels only."""
_LONGEST = 3
"""Words of a noun phrase: *erken uyarı istasyonu*."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A typed value: the slot of a fact and what stands there (``number``, ``2700 ton``), in the sentence's order."""

    slot: str
    value: str
    at: int
    unit: str = ""


def amounts_in(text: str) -> list[Amount]:
    """Every number and time of ``text``, typed; ``at`` numbers the words of the sentence."""
    tokens = tokenize(mark(text))
    found: list[Amount] = []
    open_: list[int] = []
    i = 0
    while i < len(tokens):
        quantity = quantity_at(tokens, i, _NO_DAY)
        if quantity is None:
            i += 1
            continue
        if not _is_part(tokens, i + quantity.span - 1):
            found += _typed(tokens, i, quantity)
            open_ = _shared(found, open_, tokens, i + quantity.span)
        i += quantity.span
    return [a for a in found if not _is_told_by(a, found)]


def _is_told_by(amount: Amount, found: list[Amount]) -> bool:
    """*2025'in ilk on ayında*: the months name their year themselves."""
    return amount.slot == "year" and any(a.slot == "months" and a.value.startswith(amount.value) for a in found)


def _typed(tokens: tuple[Token, ...], i: int, quantity: Quantity) -> Iterator[Amount]:
    if quantity.slot == "time":
        for form, slot in _TIME_SLOTS:
            if re.fullmatch(form, quantity.value):
                yield Amount(slot, quantity.value, i)
    elif quantity.slot == "ordinal":
        if tokens[i].head not in _FIRST:
            yield Amount("ordinal", quantity.value, i)
    elif (unit := _unit(tokens, i, quantity)) or tokens[i].head[0].isdecimal():
        yield Amount("number", f"{_clock(tokens[i]) or quantity.value} {unit}".strip(), i, unit)


def _clock(token: Token) -> str:
    """*06.30* as the hour that it is, which as a number would be 6.3; empty for whole hours and all else."""
    hour, _, minutes = token.head.replace(":", ".").partition(".")
    return f"{int(hour)}.{minutes}" if _CLOCK.fullmatch(token.head) and minutes != "00" else ""


def _is_part(tokens: tuple[Token, ...], last: int) -> bool:
    """*üçte biri*: a share is no number of things."""
    following = tokens[last + 1].head if last + 1 < len(tokens) else ""
    return bool(_PART_OF.fullmatch(tokens[last].text)) and following.startswith(("biri", "ikisi", "ucu"))


def _shared(found: list[Amount], waiting: list[int], tokens: tuple[Token, ...], after: int) -> list[int]:
    """*Almanya'ya 9 bin 300, Fransa'ya 6 bin 100 ton*: a unit that is said once is that of the numbers before, too.

    ``waiting`` are the places in ``found`` of numbers that still want a unit; those that do now are returned.
    """
    if not found or found[-1].slot != "number":
        return []
    last = len(found) - 1
    if found[last].unit:
        for at in waiting:
            old = found[at]
            found[at] = Amount(old.slot, f"{old.value} {found[last].unit}", old.at, found[last].unit)
        return []
    rest = tokens[after : after + 4]
    between = list(takewhile(lambda t: not t.head[0].isdecimal(), rest[1:]))[:2]
    named = bool(rest) and rest[0].head in {",", "ve"} and all(t.tail for t in between)
    return [*waiting, last] if named and not tokens[after - 1].tail else []


# ── units ───────────────────────────────────────────────────────────────────────────────────────


def _unit(tokens: tuple[Token, ...], i: int, quantity: Quantity) -> str:
    before, last = tokens[i - 1].head if i else "", tokens[i + quantity.span - 1]
    if before in {"yuzde", "%"}:
        return "yüzde"
    hours = before in {"saat", "saati", "saatler"}
    if _CLOCK.fullmatch(tokens[i].head) and (last.tail or hours):
        return "saat"
    if hours and quantity.span == 1 and last.tail and quantity.value.isdecimal() and int(quantity.value) <= 24:
        return "saat"
    if last.tail or _inflected(last):
        return ""
    following = list(_words_after(tokens, i + quantity.span))
    return (_measure(following[0]) or _phrase(following)) if following else ""


def _inflected(token: Token) -> bool:
    """Whether a number that is spelt out has an ending (*800 bine*): what follows is not what it counts."""
    head = token.head
    return not head[0].isdecimal() and head not in grammar.UNITS and head not in grammar.SCALES


def _words_after(tokens: tuple[Token, ...], at: int) -> Iterator[Token]:
    """The words from ``at`` to the next stop, number or name with an ending, and an empty one where they end there."""
    for token in tokens[at : at + _LONGEST + 2]:
        if not token.is_word or token.head[0].isdecimal() or token.tail:
            break
        yield token
    yield Token("", "")


def _measure(token: Token) -> str:
    """The measure that a word names, without its endings: *tondan* → *ton*."""
    own = next((m for m in _MEASURES if token.head.startswith(fold(m)) and _ends(token.head[len(fold(m)) :])), "")
    return own or unit_of(token.head) or unit_of(_COPULA.sub("", token.head))


def _ends(rest: str) -> bool:
    return not rest or (len(rest) <= 7 and plausible(rest))


def _phrase(words: list[Token]) -> str:
    """The noun phrase that ``words`` begin with, if a verb or a stop shows where it ends and nothing declines it."""
    size = next((n for n, t in enumerate(words) if not t.head or t.head in _LINKS or _VERB.fullmatch(t.head)), 0)
    if size > 1 and _LIGHT.fullmatch(words[size].head):
        size -= 1
    if not 0 < size <= _LONGEST or any(_CASED.fullmatch(t.head) for t in words[:size]):
        return ""
    return " ".join(t.marked for t in words[:size]) if _is_plain(words[size - 1], alone=size == 1) else ""


def _is_plain(noun: Token, *, alone: bool) -> bool:
    """Whether a noun is in its plain form; *-i* may end a compound (*uyarı istasyonu*) or decline a noun (*kitabı*)."""
    if not _MAY_BE_CASED.fullmatch(noun.head) or (not alone and noun.head[-1] in "iu"):
        return True
    shorter = noun.marked[:-1]
    stems = {shorter, shorter[:-1] + {"b": "p", "ğ": "k", "d": "t"}.get(shorter[-1:], shorter[-1:])}
    return noun.marked in everyday_words() and stems.isdisjoint(everyday_words())
