"""Seasons as times: *geçen yaz*, *2024 kışında*, *sonbaharda* are spans of three months.

A year's figure is not its summer's, so a season that a question states is a condition of its own; an event
that is dated to a month or day falls into the season or it does not.
"""

from __future__ import annotations

import re

from bot.engine import grammar
from bot.engine.number import Quantity
from bot.engine.text import Token

_END = re.compile(r"(?:[iu]n|[iu]n[dt][ae](?:ki)?|[dt][ae](?:n|ki)?|l[ae]r[iu])?")
"""Not *kişi* and not *yazıda*, which are a person and an article."""
_ADVERB = re.compile(r"(?!yaz)(?:[a-z]+?)(?:[iu]n|[iu]nda|[dt][ae]|l[ae]r[iu]|[dt][ae]ki)")
"""*kışın, baharda*: a season also without a year or *ay*; *yazın* may be an order to write."""
_MONTHS_OF = ("ay", "mevsim", "sezon", "donem")
_SPAN = re.compile(r"(\d{4}|\*)-(\d\d)/(\d{4}|\*)-(\d\d)")
_MONTH = re.compile(r"(\d{4}|\*)-(\d\d)(?:-\d\d)?")


def season_at(tokens: tuple[Token, ...], i: int, year: str) -> Quantity | None:
    """The season that the word at ``i`` names, as a span of months of ``year`` (``*``: of any)."""
    head = tokens[i].head if i < len(tokens) else ""
    first = next((n for stem, n in grammar.SEASONS.items() if _names(head, stem)), 0)
    if not first:
        return None
    following = tokens[i + 1].head if i + 1 < len(tokens) else ""
    long = 1 + following.startswith(_MONTHS_OF)
    if year == "*" and long == 1 and not _ADVERB.fullmatch(head):
        return None
    last = (first + 1) % 12 + 1
    end = str(int(year) + 1) if last < first and year != "*" else year
    return Quantity("time", f"{year}-{first:02}/{end}-{last:02}", long, tokens[i].tail)


def falls_into(asked: str, held: str) -> bool:
    """Whether ``held``, a month or a day, lies in ``asked``, a season's three months."""
    span, month = _SPAN.fullmatch(asked), _MONTH.fullmatch(held)
    if not span or not month or (int(span[4]) - int(span[2])) % 12 != 2:
        return False
    if "*" in {span[1], month[1]}:
        return (int(month[2]) - int(span[2])) % 12 <= 2
    return asked[:7] <= held[:7] <= asked[8:]


def _names(head: str, stem: str) -> bool:
    return head.startswith(stem) and bool(_END.fullmatch(head[len(stem) :]))
