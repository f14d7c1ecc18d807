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

_LOWER = str.maketrans("İIŞĞÇÖÜÂâÎîÛû", "iışğçöüaaiiuu")
MARKED = "çğıöşü"
_UNMARK = str.maketrans(MARKED, "cgiosu")
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ`´′＇ʹ", "'"))
# Letters of other scripts that look like Latin ones; applied only inside words that are mostly Latin.
_LOOK_ALIKE = str.maketrans("авекмнорстухіѕјԁɡαβεκορτυνιɑ", "abekmhopctyxisjdgabekoptuvia")
_CYRILLIC = re.compile(r"[Ѐ-ӿ]")
_LATIN = re.compile(r"[a-z]")
_WORD = re.compile(r"[^\W_]+")
_COMMON = re.compile(r"[\x00-_a-~çÇğĞıİöÖşŞüÜâÂîÎûÛ]*")
"""What nearly all text consists of: ASCII (but for the grave, which may be an apostrophe) and Turkish letters."""
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")


def mark(text: str) -> str:
    """Lower-case ``text`` as Turkish does and clean it, keeping the letters *çğıöşü*; idempotent.

    Other Latin letters lose their marks, Cyrillic keeps its own. Invisible characters vanish,
    look-alikes inside Latin words are mapped back, a letter three or more times in a row counts once.
    """
    if _COMMON.fullmatch(text):
        return _STRETCHED.sub(r"\1", text.translate(_LOWER).lower())
    text = unicodedata.normalize("NFKC", text).translate(_APOSTROPHES).translate(_LOWER)
    text = "".join(c for c in text if unicodedata.category(c) != "Cf").casefold()
    text = "".join(_plain(c) for c in unicodedata.normalize("NFC", text))
    text = _WORD.sub(lambda m: _one_script(m[0]), text)
    return _STRETCHED.sub(r"\1", text)


def unmark(marked: str) -> str:
    """What ``mark`` gave, reduced to comparable letters: *ş* → *s*, *ı* → *i*; letter by letter."""
    return marked.translate(_UNMARK)


def fold(text: str) -> str:
    """``text`` as it is compared: marked, then reduced to comparable letters; idempotent."""
    return _STRETCHED.sub(r"\1", unmark(mark(text)))


def same_marks(typed: str, stem: str) -> bool:
    """Whether each *ç ğ ö ş ü* that was typed stands in ``stem`` too: *başında* is not *basında*.

    The converse is not asked, since people type without marks; *ı* and *i* are confused in capitals.
    """
    return all(t == s or t not in "çğöşü" for t, s in zip(typed, stem, strict=False))


def _plain(char: str) -> str:
    """A Latin letter without its marks; every other character as it is, a lone mark dropped."""
    if char < "\x80" or char in MARKED:
        return char
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    base = unicodedata.normalize("NFD", char)
    if "a" <= base[0] <= "z":
        return base[0]
    return "" if unicodedata.category(char) == "Mn" else char


def _one_script(word: str) -> str:
    if _CYRILLIC.search(word) and len(_CYRILLIC.findall(word)) > len(_LATIN.findall(word)):
        return word
    return word.translate(_LOOK_ALIKE)


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number or mark of punctuation, folded.

    ``text`` is the word without apostrophe; ``head`` is the part before one, or all of it, and
    ``tail`` the suffix after it (*turkiye'den* → ``turkiyeden``, ``turkiye``, ``den``). ``marked`` is
    the head as ``mark`` left it.
    """

    text: str
    head: str
    tail: str = ""
    marked: str = ""

    @property
    def is_word(self) -> bool:
        """Whether this is a word or a number rather than punctuation."""
        return self.text[0].isalnum()


_TOKEN = re.compile(
    r"(?P<number>(?:19|20)\d\d-\d\d-\d\d|\d{1,2}-\d{1,2}-(?:19|20)\d\d|\d+(?:[.,:/]\d+)*)(?:'?(?P<ntail>[^\W\d_]{1,12}))?(?![^\W_])"
    r"|(?P<head>[^\W_]+(?:[@$!][^\W_]+)*)(?:'(?P<tail>[^\W\d_]+))?"
    r"|(?P<mark>->|=>|➡|→|[.,;:?!…\n()&+–—/%$-])"
)


def tokenize(marked: str) -> tuple[Token, ...]:
    """Cut a marked (or folded) text into tokens, in order; what is neither word nor mark (emoji) is left out."""
    return tuple(_token(m) for m in _TOKEN.finditer(marked))


def _token(match: re.Match[str]) -> Token:
    if number := match["number"]:
        return Token(number, number, unmark(match["ntail"] or ""))
    if mark := match["mark"]:
        return Token(mark, mark)
    head, tail = unmark(match["head"]), unmark(match["tail"] or "")
    return Token(head + tail, head, tail, match["head"])


_EMOJI = {
    "👋": "selam",
    "🙋": "selam",
    "🤝": "selam",
    "🙏": "teşekkürler",
    "❤": "teşekkürler",
    "👍": "tamam",
    "👌": "tamam",
    "👏": "bravo",
}


def spoken(text: str) -> str:
    """A message without a word, as the greeting or thanks that its emoji stand for; empty for any other."""
    return " ".join(dict.fromkeys(_EMOJI[c] for c in text if c in _EMOJI))


def has_word(text: str) -> bool:
    """Whether there is anything to read: at least one letter or digit."""
    return any(c.isalnum() for c in text)
