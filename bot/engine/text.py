"""Folding and tokens: the only place where Turkish text is normalised.

Everything that is compared in the engine, content and question alike, has gone through ``fold``. The
rules follow what was measured for this project: ``str.lower`` is wrong on *İ* and *I*, and library
default processors are wrong on both, so we fold once, ourselves.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

MAX_CHARS = 1_000
"""Longer messages are read up to here: the longest sensible question is a third of it."""

_TURKISH = str.maketrans("İIıŞşĞğÇçÖöÜüÂâÎîÛû", "iiissggccoouuaaiiuu")
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ`´′＇ʹ", "'"))
# Letters of other scripts that look like Latin ones; applied only inside words that are mostly Latin.
_LOOK_ALIKE = str.maketrans("авекмнорстухіѕјԁɡαβεκορτυνιɑ", "abekmhopctyxisjdgabekoptuvia")
_CYRILLIC = re.compile(r"[Ѐ-ӿ]")
_LATIN = re.compile(r"[a-z]")
_WORD = re.compile(r"[^\W_]+")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")


def fold(text: str) -> str:
    """Lower-case ``text`` as Turkish does and reduce it to comparable letters; idempotent.

    Turkish letters lose their marks (*ş* → *s*, *ı* → *i*), other Latin letters too; Cyrillic keeps
    its own. Invisible characters vanish, look-alikes inside Latin words are mapped back, and a letter
    three or more times in a row counts once.
    """
    text = unicodedata.normalize("NFKC", text).translate(_APOSTROPHES).translate(_TURKISH)
    text = "".join(c for c in text if unicodedata.category(c) != "Cf").casefold()
    text = "".join(_plain(c) for c in unicodedata.normalize("NFC", text))
    text = _WORD.sub(lambda m: _one_script(m[0]), text)
    return _STRETCHED.sub(r"\1", text)


def _plain(char: str) -> str:
    """A Latin letter without its marks; every other character as it is, a lone mark dropped."""
    if char < "\x80":
        return char
    base = unicodedata.normalize("NFD", char)
    if "a" <= base[0] <= "z":
        return base[0]
    return "" if unicodedata.category(char) == "Mn" else char.translate(_TURKISH)


def _one_script(word: str) -> str:
    if _CYRILLIC.search(word) and len(_CYRILLIC.findall(word)) > len(_LATIN.findall(word)):
        return word
    return word.translate(_LOOK_ALIKE)


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number or mark of punctuation of a folded text.

    ``text`` is the word without apostrophe; ``head`` is the part before one, or all of it, and
    ``tail`` the suffix after it (*turkiye'den* → ``turkiyeden``, ``turkiye``, ``den``).
    """

    text: str
    head: str
    tail: str = ""

    @property
    def is_word(self) -> bool:
        """Whether this is a word or a number rather than punctuation."""
        return self.text[0].isalnum()


_TOKEN = re.compile(
    r"(?P<number>\d+(?:[.,:/]\d+)*)(?:'?(?P<ntail>[^\W\d_]{1,12}))?(?![^\W_])"
    r"|(?P<head>[^\W_]+(?:[@$!][^\W_]+)*)(?:'(?P<tail>[^\W\d_]+))?"
    r"|(?P<mark>->|=>|➡|→|[.,;:?!…\n()&+–—/%$-])"
)


def tokenize(folded: str) -> tuple[Token, ...]:
    """Cut a folded text into tokens, in order; what is neither word nor mark (emoji) is left out."""
    return tuple(_token(m) for m in _TOKEN.finditer(folded))


def _token(match: re.Match[str]) -> Token:
    if number := match["number"]:
        return Token(number, number, match["ntail"] or "")
    if mark := match["mark"]:
        return Token(mark, mark)
    head, tail = match["head"], match["tail"] or ""
    return Token(head + tail, head, tail)


def has_word(text: str) -> bool:
    """Whether there is anything to read: at least one letter or digit."""
    return any(c.isalnum() for c in text)
