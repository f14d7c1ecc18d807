"""What an article's text holds that an editor will make facts of: sentences, numbers, dates, names, vague times."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from bot.content.evidence import Value, values_in
from bot.content.pack import geography, slug_of
from bot.engine.compose import MONTHS
from bot.engine.text import fold

_END = re.compile(
    r"(?<=[.!?…])(?<!\b[A-ZÇĞİÖŞÜ]\.)(?<!\d\.)(?<!\b[dD]r\.)(?<!\bProf\.)(?<!\bDoç\.)[”\"’']?\s+(?=[\"“‘A-ZÇĞİÖŞÜ\d])|\n+"
)
_WORD = r"[A-ZÇĞİÖŞÜ][^\W\d_]*"
_NAME = rf"{_WORD}(?:['’][^\W\d_]+)?"
_RUN = re.compile(rf"(?:{_WORD}\s+(?:ve\s+)?(?={_WORD}))*{_NAME}")
_MONTH = re.compile("|".join(MONTHS))
_TIME_SLOTS = ((r"\d{4}-\d\d-\d\d", "date"), (r"\d{4}-\d\d", "month"), (r"\d{4}", "year"), (r"\d{4}/\d{4}", "years"))
_VAGUE = re.compile(
    r"\b(?:geçen|geçtiğimiz|önceki|gelecek|önümüzdeki|bu|aynı)\s+(?:yıl|ay|hafta|gün)\w*"
    r"|\b(?:dün|bugün|yarın|pazartesi|salı|çarşamba|perşembe|cuma|cumartesi|pazar)\s+günü\b|\b(?:dün|bugün|yarın)\b",
    re.IGNORECASE,
)
_UNIT = re.compile(r"[^\W\d_]+")
_BODY = re.compile(
    r"(?i)(?:kurum|birliğ|bakanlı|belediye|müze|üniversite|teşkilat|dernek|vakf|şirket|müdürlü|kütüphane)"
)
_PLACE = re.compile(r"(?i)(?:mahalle|cadde|sokağ|bulvar|meydan|köyü|ilçe|park)")
_TITLE = re.compile(
    r".*\b(?:Cumhurbaşkanı|Başbakanı?|Başkanı?|Bakanı?|Müdürü?|Valisi|Vali|Rektörü?|Sekreteri|Profesör|Doktor|Kaymakamı?|Milletvekili)\s+(?=\S)"
)
_OWNED = re.compile(r"(?:s[ıiuü]|ğ[ıiuü]|l[ae]r[ıi]?)$")
"""Endings that common nouns in names have and surnames hardly: *Akademisi, Ortaklığı, Bursları, Milletler*."""
_NOT_UNITS = frozenset("bin milyon milyar ve ile yüzde den dan nin".split())


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, with its place in the article (from 1) and what was found in it.

    ``values`` are pairs of slot and typed value (``("number", "320 panel")``); ``vague`` are times that
    only the article's date makes exact.
    """

    number: int
    text: str
    values: tuple[tuple[str, str], ...]
    names: tuple[str, ...]
    vague: tuple[str, ...]


def is_heading(line: str) -> bool:
    """Whether a line of the article is a heading: all capitals, or short and without an end."""
    return line == line.upper() or (len(line.split()) <= 8 and line[-1] not in '.!?…:”"')


def sentences_of(article: str) -> list[str]:
    """The article's sentences, headings left out, exactly as they are written."""
    lines = (line.strip() for line in article.splitlines())
    return [s.strip() for line in lines if line and not is_heading(line) for s in _END.split(line) if s.strip()]


def read_article(article: str) -> list[Sentence]:
    """Every sentence with its numbers, dates, names and vague times."""
    texts = sentences_of(article)
    inner = {word for text in texts for word in _inner_words(text)}
    return [
        Sentence(n, text, tuple(_typed(text)), tuple(_names(text, inner)), tuple(m[0] for m in _VAGUE.finditer(text)))
        for n, text in enumerate(texts, start=1)
    ]


def _typed(text: str) -> Iterator[tuple[str, str]]:
    for value in values_in(text):
        if value.slot == "time":
            yield from ((slot, value.value) for form, slot in _TIME_SLOTS if re.fullmatch(form, value.value))
        elif value.slot == "number":
            yield "number", f"{value.value} {_unit_after(text, value)}".strip()
        else:
            yield value.slot, value.value


def _unit_after(text: str, value: Value) -> str:
    """The word after a number as it is said, without its ending cut: a suggestion for the editor."""
    folded = fold(text)
    at = folded.find(value.said)
    rest = text[at + len(value.said) :] if at >= 0 else "'"
    after = [w for w in _UNIT.findall(rest[:40]) if fold(w) not in _NOT_UNITS] if rest[:1] not in "'’" else []
    return after[0].lower() if after else ""


def _inner_words(text: str) -> Iterator[str]:
    """Capitalised words that do not begin the sentence: names without doubt."""
    yield from (_bare(m[0]) for m in re.finditer(_NAME, text) if text[: m.start()].strip(' “"‘('))


def _names(text: str, inner: set[str]) -> Iterator[str]:
    """Runs of capitalised words; the sentence's first word only where it is a name elsewhere."""
    seen: set[str] = set()
    for match in _RUN.finditer(text):
        begins = not text[: match.start()].strip(' “"‘(')
        sure = " " in match[0] or not begins or _bare(match[0]) in inner or _bare(match[0]) in known_places()
        for name in _parts(_bare(match[0])) if sure else ():
            if len(name) > 2 and name not in seen and not _MONTH.fullmatch(name):
                seen.add(name)
                yield name


def _parts(run: str) -> list[str]:
    """*Aktau ve Ürgüp* are two names, *Kültür ve Miras Vakfı* is one; titles before a name are no part of it."""
    names = [run] if is_body(run) else run.split(" ve ")
    return [_TITLE.sub("", name) for name in names]


@cache
def known_places() -> dict[str, str]:
    """The names of cities, regions and countries that the language pack knows, each with its slot."""
    names = geography({}).names
    return {name: slot for slot, rows in names.items() if slot != "person" for name in rows.values()}


def _bare(word: str) -> str:
    return re.split("['’]", word)[0]


def is_body(name: str) -> bool:
    """Whether a name looks like an institution's or a thing's rather than a person's."""
    return bool(_BODY.search(name)) or name.isupper() or (" " in name and bool(_OWNED.search(name)))


def is_person(name: str) -> bool:
    """Whether a name looks like a person's: two or three words, neither a place nor an institution."""
    words = name.split()
    placed = _PLACE.search(name) or any(w in known_places() for w in words)
    return len(words) in {2, 3} and not is_body(name) and not placed


def slug(text: str) -> str:
    """An id for ``text`` that the content's files accept; never empty."""
    found = slug_of(text)
    return found if found and found[0].isalpha() else f"n_{found}" if found else "ad"
