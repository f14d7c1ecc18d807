"""Units that people count in: which word names one, and whether two amounts are the same (*üç ay* is ninety days).

An amount is written ``90``, ``90 gün`` or ``>90 gün``: a plain decimal, its unit where one was said, and a
sign where a bound was asked. Units of one dimension are converted where a factor is known; currencies never are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

_END = r"(?:l[ae]r|l[iu]k|l[iu]g)?(?:[iu]m[iu]z)?(?:[iu]|y[iu]|s[iu])?(?:n?[dt][ae]n?|n?[iu]n|y?l[ae]|y?[ae]|n[ae])?"
_UNITS: tuple[tuple[str, str, int, str], ...] = (
    ("dakika", "minute", 1, rf"(?:dakika|dk){_END}|minutes?|минут\w*|минөт\w*"),
    ("saat", "minute", 60, rf"saat{_END}|hours?|час(?:а|ов)?|сағат\w*"),
    ("gün", "day", 1, rf"gun{_END}|days?|дн(?:я|ей)|день|күн\w*"),
    ("hafta", "day", 7, rf"hafta{_END}|weeks?|недел\w*|апта\w*"),
    ("ay", "day", 30, rf"ay(?:{_END}|l[iu]g[iu]na)|months?|месяц\w*"),
    ("yıl", "day", 365, rf"(?:yil|sene){_END}|years?|года?|лет|жыл\w*"),
    ("dolar", "dolar", 0, rf"dolar{_END}|dollars?|usd|доллар\w*"),
    ("euro", "euro", 0, rf"(?:euro|avro|yuro){_END}|euros?|eur|евро"),
    ("lira", "lira", 0, rf"(?:lira|tl){_END}|try|лир\w*"),
    ("sterlin", "sterlin", 0, rf"sterlin{_END}|pounds?|gbp|фунт\w*"),
    ("ruble", "ruble", 0, rf"ruble{_END}|rubles?|рубл\w*"),
    ("tenge", "tenge", 0, rf"tenge{_END}|теңге\w*|тенге"),
    ("yuan", "yuan", 0, rf"yuan{_END}|юан\w*"),
    ("yen", "yen", 0, r"yen|yenlik|иен\w*"),
    ("metrekare", "metrekare", 0, rf"metrekare{_END}|m2"),
    ("dönüm", "dönüm", 0, rf"donum{_END}"),
    ("metre", "metre", 1, rf"metre{_END}|meters?|метр\w*"),
    ("kilometre", "metre", 1000, rf"(?:kilometre|km){_END}|kilometers?|километр\w*"),
    ("kilogram", "kilogram", 1, rf"(?:kilo|kilogram|kg){_END}|кг"),
    ("ton", "kilogram", 1000, rf"ton{_END}|tonnes?|тонн\w*"),
)  # fmt: skip
"""A unit's name, the dimension that it measures, how many of the dimension's least unit it is, and its word."""
_KINDS = {"dolar", "euro", "lira", "sterlin", "ruble", "tenge", "yuan", "yen"}
_DIMENSION = {name: ("money" if name in _KINDS else dimension) for name, dimension, _, _ in _UNITS}
_FACTOR = {name: factor for name, _, factor, _ in _UNITS if factor}
_WORDS = tuple((name, re.compile(word)) for name, _, _, word in _UNITS)


@lru_cache(maxsize=20_000)
def unit_of(word: str) -> str:
    """The unit that a folded word names in any of its endings; empty for any other word."""
    return next((name for name, pattern in _WORDS if pattern.fullmatch(word)), "")


def confirms(asked: str, held: str) -> bool:
    """Whether the amount ``asked`` is the amount ``held``, or a bound that it keeps."""
    sign, number, unit = _parts(asked)
    _, said, in_unit = _parts(held)
    if not _comparable(unit, in_unit):
        return False
    if unit in _FACTOR and in_unit in _FACTOR and unit != in_unit:
        number, said = number * _FACTOR[unit], said * _FACTOR[in_unit]
    return said >= number if sign == ">" else said < number if sign == "<" else said == number


def otherwise_measured(unit: str, held: Iterable[str]) -> bool:
    """Whether every amount ``held`` that is measured like ``unit`` at all is in units that it does not convert to."""
    like = [u for u in (_parts(h)[2] for h in held) if _DIMENSION.get(u, u) == _DIMENSION.get(unit)]
    return bool(like) and not any(_comparable(unit, u) for u in like)


def lasts(held: Iterable[str]) -> bool:
    """Whether one of the amounts is how long something lasts."""
    return any(_DIMENSION.get(_parts(h)[2]) == "day" for h in held)


def _comparable(asked: str, held: str) -> bool:
    """Whether amounts in two units may be the same: one is none, or both convert, or neither is ours to judge."""
    if not asked or asked == held or not held:
        return True
    if held not in _DIMENSION:
        return unit_of(held) == asked or asked == "yıl"
    return asked in _FACTOR and held in _FACTOR and _DIMENSION[asked] == _DIMENSION[held]


@lru_cache(maxsize=20_000)
def _parts(amount: str) -> tuple[str, Decimal, str]:
    number, _, unit = amount.partition(" ")
    sign = number[0] if number[0] in "<>" else ""
    return sign, Decimal(number.lstrip("<>")), unit
