"""Turkish word forms: which endings are plausible, what case they carry, and a light stem.

All input is folded (ASCII letters), so vowel harmony shows only as *a/e* and *i/u*. Prefix stems beat
stemmers on Turkish queries in the measurements this project started from; the endings here decide only
whether a prefix may be a stem at all, and who-to-whom, where and whose.
"""

from __future__ import annotations

import re
from functools import lru_cache

_ENDINGS = (
    "l[ae]r|[iu]m[iu]z|m[iu]z|[iu]n[iu]z|n[iu]z|s[iu]n|s[iu]|[iu]m|[iu]n|[iu]|n[iu]n|n[iu]|y[iu]|"
    "[nydt]?[dt][ae]n|[ny]?[dt][ae]|[ny][ae]|[ae]|ki|[ny]?l[ae]|c[ae]|"
    "l[iu]k|l[iu]g|l[iu]|s[iu]z|c[iu]|[dt][iu]r|[dt][iu]|m[iu]s|y?m[iu]s|y[dt][iu]|[iu]?yo|[iu]?yor|m[iu]yor|"
    "y?[ae]c[ae][kg]|y?[ae]n|[ae]r|[iu]r|r|m[ae]k|m[ae]|[dt][iu][kg]|y?[iu]p|y?[ae]r[ae]k|y?[iu]nc[ae]|"
    "s[ae]|ken|y?[ae]bil|m[ae]z|s[ae]k|[dt][iu]k|[iu]l|[iu]n|[iu]s|n|m|[ltsyzk](?=.)|mi|mu|ydi|ymis"
)
_CHAIN = re.compile(rf"(?:{_ENDINGS})*")
_FOREIGN_CHAIN = re.compile(r"(?:s|es|ed|ing|ly|er|ers|n|an|ese|ish)?")
_CYRILLIC = re.compile(r"[Ѐ-ӿ]")

_CASES = (
    ("loc", re.compile(r"(?:[dt][ae]ki(?:l[ae]r)?[a-z]{0,5})$")),
    ("abl", re.compile(r"(?:[dtn][ae]n(?:dir|mi|mis)?)$")),
    ("loc", re.compile(r"(?:[dt][ae](?:y[iu]m|y[iu]z|ydi|ymis|mi|dir|lar|ler)?)$")),
    ("ins", re.compile(r"(?:y?l[ae])$")),
    ("gen", re.compile(r"(?:n?[iu]n(?:ki(?:ler)?)?)$")),
    ("dat", re.compile(r"(?:[ny]?[ae])$")),
    ("acc", re.compile(r"(?:[ny]?[iu])$")),
)
_KAZAKH_CASES = (
    ("abl", re.compile(r"(?:[дтн][ае]н)$")),
    ("loc", re.compile(r"(?:н?[дт][ае](?:ғы|гі|ғылар)?)$")),
    ("ins", re.compile(r"(?:[мбп]ен)$")),
    ("gen", re.compile(r"(?:[ндт][ыі]ң)$")),
    ("dat", re.compile(r"(?:[ғқ]а|[гк]е|н[ае])$")),
    ("acc", re.compile(r"(?:[ндт][ыі])$")),
)
_PLURAL_FIRST = re.compile(r"^l[ae]r")
_OURS = re.compile(r"(?:[iu]m|m)[iu]z")


def is_cyrillic(word: str) -> bool:
    """Whether the word has a Cyrillic letter (Russian, Kazakh): its stem may take any ending."""
    return bool(_CYRILLIC.search(word))


@lru_cache(maxsize=50_000)
def plausible(rest: str) -> bool:
    """Whether ``rest`` can be what follows a stem: a chain of Turkish endings, or an English one."""
    return not rest or (len(rest) <= 16 and bool(_CHAIN.fullmatch(rest) or _FOREIGN_CHAIN.fullmatch(rest)))


@lru_cache(maxsize=50_000)
def case_of(rest: str) -> str:
    """The case that ends ``rest``, the letters after a noun's stem: abl, loc, ins, gen, dat, acc or ``""``."""
    rest = _PLURAL_FIRST.sub("", rest)
    if not rest:
        return ""
    table = _KAZAKH_CASES if is_cyrillic(rest) else _CASES
    return next((name for name, ending in table if ending.search(rest)), "")


def case_after(preposition: str, rest: str) -> str:
    """The case that an English or Russian preposition gives a land's name: *from Kazakhstan*, *в Турцию*."""
    case = PREPOSITIONS.get(preposition, "")
    if case == "into":
        return "loc" if rest.endswith(("ии", "е")) else "dat"
    return case


PREPOSITIONS = {
    "from": "abl", "to": "dat", "into": "dat", "in": "loc", "inside": "loc", "of": "gen", "for": "dat", "by": "nom",
    "из": "abl", "в": "into", "во": "into", "на": "into", "к": "dat", "для": "dat", "у": "gen",
}  # fmt: skip


_DENIED = re.compile(
    r"(.{2,}?)(?:y?[ae])?(?:m[ae]y[ae]n(?:l[ae]r.{0,4})?|m[ae]d[iu](?:k|g)?.{0,3}|m[iu]yor.{0,5}|m[ae]z(?:l[ae]r)?|m[ae]m[iu]s.{0,3}|m[ae]y[iu]nc[ae])"
)


@lru_cache(maxsize=20_000)
def denied(word: str) -> str:
    """The stem of a verb that is denied (*olmadı, yapmayan, çalışmıyor, dönmez*); empty for any other word."""
    match = _DENIED.fullmatch(word)
    return match[1] if match else ""


_SUPPOSED = re.compile(r"(.{2,}?)(?:m[ae]s[ae]|(?:m[ae])?s[ae]yd[iu].{0,4})")


@lru_cache(maxsize=20_000)
def supposed(word: str) -> str:
    """The stem of a verb that tells what did not happen (*olsaydı, olmasa*); empty for any other word."""
    match = _SUPPOSED.fullmatch(word)
    return match[1] if match else ""


def is_ours(rest: str) -> bool:
    """Whether ``rest`` holds the possessive of *we* (*konsolosluğ-umuz-un*)."""
    return bool(_OURS.search(rest))


_STRIP = re.compile(
    r"(?:l[ae]r|[iu]m[iu]z|[iu]n[iu]z|n[iu]n|[dt][ae]n|[dt][ae]|s[iu]|l[iu]k|l[iu]g|[dt][iu]r|m[iu]s|[iu]yor|"
    r"[ae]c[ae][kg]|[dt][iu][kg]|[dt][iu]|m[ae]k|ki|y[ae]n|[iu]n|[iu]|[ae])$"
)
STEM_LETTERS = 5


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """A light stem of a word that the lexicon does not know: endings cut, then the first five letters."""
    while len(word) > STEM_LETTERS:
        shorter = _STRIP.sub("", word)
        if shorter == word or len(shorter) < 4:
            break
        word = shorter
    return word[:STEM_LETTERS]


def variants(stem_: str) -> tuple[str, ...]:
    """A marked stem and its softened form: *uyruk* → *uyruğ*, *kitap* → *kitab*, *kent* → *kend*."""
    soft = {"k": "ğ", "p": "b", "t": "d"}.get(stem_[-1])
    return (stem_, stem_[:-1] + soft) if soft and len(stem_) > 3 else (stem_,)
