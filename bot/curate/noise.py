"""Questions as people really type them: with a slip, without Turkish letters, in capitals."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping

_PLAIN = str.maketrans("çğıöşüâîûÇĞİÖŞÜÂÎÛ’", "cgiosuaiuCGIOSUAIU'")
_CAPITAL = str.maketrans("iı", "İI")
_NEIGHBOURS = dict(
    zip(
        "qwertyuıopğüasdfghjklşizxcvbnmöç",
        "weqretyuıopğ" + "sadfghjklşzixcvbnmöçn",
        strict=False,
    )
)
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")


def with_typo(text: str, dice: random.Random) -> str:
    """``text`` with one slip inside a word of four letters or more: two swapped, one lost, doubled or beside the key."""
    words = list(_LONG_WORD.finditer(text))
    if not words:
        return text
    word = dice.choice(words)
    at = dice.randrange(word.start() + 1, word.end() - 1)
    here, after = text[at], text[at + 1]
    slip = dice.choice(
        (after + here, after, here + here + after, _NEIGHBOURS.get(here, here + here) + after),
    )
    return text[:at] + slip + text[at + 2 :]


def without_turkish_letters(text: str, _: random.Random) -> str:
    """``text`` as typed on a keyboard that lacks ç, ğ, ı, ö, ş and ü."""
    return text.translate(_PLAIN)


def in_capitals(text: str, _: random.Random) -> str:
    """``text`` in Turkish capitals: *i* becomes *İ*, *ı* becomes *I*."""
    return text.translate(_CAPITAL).upper()


Noise = Callable[[str, random.Random], str]
NOISES: Mapping[str, Noise] = {"typo": with_typo, "ascii": without_turkish_letters, "caps": in_capitals}
