"""What an article's text holds that an editor will make facts of: sentences, numbers, dates, names, vague times."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from bot.content.pack import geography, slug_of
from bot.curate.amounts import Amount, amounts_in
from bot.engine.morph import case_of
from bot.engine.quantity import MONTHS
from bot.engine.text import fold

_END = re.compile(
    r"(?<=[.!?…])(?<!\b[A-ZÇĞİÖŞÜ]\.)(?<!\d\.)(?<!\b[dD]r\.)(?<!\bProf\.)(?<!\bDoç\.)[”\"’']?\s+(?=[\"“‘A-ZÇĞİÖŞÜ\d])|\n+"
)
_WORD = r"[A-ZÇĞİÖŞÜ][^\W\d_]*(?:-[^\W\d_]+)*"
_NAME = rf"{_WORD}(?:['’][^\W\d_]+)?"
_RUN = re.compile(rf"(?:{_WORD}\s+(?:ve\s+)?(?={_WORD}))*{_NAME}")
_MONTH = re.compile("|".join(MONTHS))
_VAGUE = re.compile(
    r"\b(?:geçen|geçtiğimiz|önceki|gelecek|önümüzdeki|bu|aynı)\s+(?:yıl|ay|hafta|gün)\w*"
    r"|\b(?:dün|bugün|yarın|pazartesi|salı|çarşamba|perşembe|cuma|cumartesi|pazar)\s+günü\b|\b(?:dün|bugün|yarın)\b",
    re.IGNORECASE,
)
_MONTH_ALONE = re.compile(rf"(?<!\d )\b(?:{'|'.join(MONTHS)})(?:t?[ae]|[dt][ae]n?| ayında)?\b(?! \d)", re.IGNORECASE)
_BODY = re.compile(
    r"(?i)(?:kurum|birliğ|bakanlı|belediye|müze|üniversite|teşkilat|dernek|vakf|şirket|müdürlü|kütüphane|banka|borsa|oda[sl]|konfederasyon|ajans|holding|konsey|konferans|örgüt|federasyon|akademi|üretim|ticaret|ihracat|ithalat)"
)
_PLACE = re.compile(
    r"(?i)(?:mahalle|cadde|sokağ|bulvar|meydan|köyü|ilçe|parkı|tünel|köprü|baraj|garı|istasyon|liman|hattı|dağı|gölü|nehri)"
    r"|(?i:saray|hanı|cami|kale|hastane|okul|lise)"
)
_TITLE = re.compile(
    r".*\b(?:Cumhurbaşkanı|Başbakanı?|Başkanı?|Bakanı?|Müdürü?|Valisi|Vali|Rektörü?|Sekreteri"
    r"|Profesör|Doktor|Kaymakamı?|Milletvekili|Büyükelçisi|Elçisi)\s+(?=\S)"
)
_OWNED = re.compile(r"(?:s[ıiuü]|ğ[ıiuü]|l[ae]r[ıi]?)$")
"""Endings that common nouns in names have and surnames hardly: *Akademisi, Ortaklığı, Bursları, Milletler*."""
_DECLINED = re.compile(
    r"(?<=[sn][ıiuü])n(?:[dt][ae]n?|[ıiuü]n|[aeıiuü])$|(?<=lar[ıi])n(?:dan|da|ın|a|ı)$|(?<=leri)n(?:den|de|in|e|i)$"
)
"""The case of a name's last word where no apostrophe cuts it off: *Bankasından*."""
_PIECES = re.compile(r";\s+|,\s+|\s+ve\s+")
_FINITE = re.compile(
    r".{2,}(?:(?:[fstkchp]t|[^fstkchp]d)[iu](?:l[ae]r)?|[iu]yor(?:l[ae]r)?|[ae]c[ae]k(?:l[ae]r)?|m[iu]st[iu])"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A city, region or country as a text names it: its usual name, its slot, and the case it stands in."""

    name: str
    slot: str
    case: str


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a sentence states, as far as can be told: the words, under which times, and the values."""

    text: str
    times: tuple[tuple[str, str], ...]
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, with its place in the article (from 1) and what was found in it.

    ``vague`` are times that only the article's date makes exact.
    """

    number: int
    text: str
    parts: tuple[Part, ...]
    names: tuple[str, ...]
    vague: tuple[str, ...]

    @property
    def values(self) -> tuple[tuple[str, str], ...]:
        """All typed values of its parts as slot and value (``("number", "320 panel")``), each once."""
        return tuple(dict.fromkeys(v for part in self.parts for v in (*part.times, *part.values)))


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
        Sentence(n, text, _parts_of(text), tuple(_names(text, inner)), _vague(text))
        for n, text in enumerate(texts, start=1)
    ]


def _vague(text: str) -> tuple[str, ...]:
    """Times that hold only for one who knows the article's date: *geçen yıl*, and months without a year."""
    return tuple(m[0] for pattern in (_VAGUE, _MONTH_ALONE) for m in pattern.finditer(text))


# ── what a sentence states ──────────────────────────────────────────────────────────────────────


def _parts_of(text: str) -> tuple[Part, ...]:
    """The clauses of a sentence that hold values of their own, and those of a clause that tells of several times."""
    found = [part for clause in _clauses(text) for part in _by_time(clause, amounts_in(clause))]
    return tuple(part for part in found if part.times or part.values) or (Part(text, (), ()),)


def _clauses(text: str) -> list[str]:
    """*Tam bilet 780 lira, öğrenci bileti 585 lira*: two statements; a list and what leans on its verb are one."""
    cut = [0]
    for match in _PIECES.finditer(text):
        before, after = text[cut[-1] : match.start()], text[match.end() :]
        if (
            _states(before)
            and amounts_in(after)
            and (match[0][0] == ";" or _is_whole(before, after, comma=match[0][0] == ","))
        ):
            cut.append(match.end())
    ends = [*cut[1:], len(text)]
    pieces = [text[a:b].strip().rstrip(",;") for a, b in zip(cut, ends, strict=True)]
    return [text] if len(pieces) == 1 else [_sentence(piece) for piece in pieces]


def _states(piece: str) -> bool:
    return bool(amounts_in(piece)) and piece.count("“") == piece.count("”") and piece.count("(") == piece.count(")")


def _is_whole(before: str, after: str, *, comma: bool) -> bool:
    """Whether what stands before a comma or *ve* ends in a verb; or, before a comma, in an amount like what comes after."""
    if _FINITE.fullmatch(fold(before).split()[-1]):
        return True
    if not comma:
        return False
    units = [{a.unit for a in amounts_in(side)} for side in (before, after)]
    ends = all(re.search(r"\d[\d.,]*(?: (?:bin|milyon|milyar))? [^\W\d_]+$", s.rstrip(".")) for s in (before, after))
    return ends and units[0] == units[1]


def _sentence(piece: str) -> str:
    first = {"i": "İ"}.get(piece[0], piece[0].upper())
    return first + piece[1:] + ("" if piece[-1] in ".!?…”" else ".")


def _by_time(clause: str, amounts: Sequence[Amount]) -> Iterator[Part]:
    """*2024'te 410 bin, 2025'te 530 bin*: one part a time, with the numbers up to the next."""
    times = [a for a in amounts if a.slot not in {"number", "ordinal"}]
    others = [a for a in amounts if a not in times]
    if len(times) < 2 or not others or others[0].at < times[0].at:
        yield Part(clause, tuple((a.slot, a.value) for a in times), tuple((a.slot, a.value) for a in others))
        return
    for at, time in enumerate(times):
        until = times[at + 1].at if at + 1 < len(times) else len(clause)
        said = tuple((a.slot, a.value) for a in others if time.at < a.at < until)
        yield Part(clause, ((time.slot, time.value),), said)


# ── names ───────────────────────────────────────────────────────────────────────────────────────


def _inner_words(text: str) -> Iterator[str]:
    """Capitalised words that do not begin the sentence: names without doubt."""
    yield from (_bare(m[0]) for m in re.finditer(_NAME, text) if text[: m.start()].strip(' “"‘('))


def _names(text: str, inner: set[str]) -> Iterator[str]:
    """Runs of capitalised words; the sentence's first word only where it is a name elsewhere."""
    seen: set[str] = set()
    for match in _RUN.finditer(text):
        begins = not text[: match.start()].strip(' “"‘(')
        bare = _bare(match[0])
        sure = " " in bare or not begins or bare in inner or bare in known_places()
        for name in _split(bare) if sure else ():
            if len(name) > 2 and name not in seen and not _MONTH.fullmatch(name):
                seen.add(name)
                yield name


def _split(run: str) -> list[str]:
    """*Aktau ve Ürgüp* are two names, *Kültür ve Miras Vakfı* is one, *Ankara-Samsun* two; titles before a name are no part of it."""
    names = [run] if is_body(run) else re.split(r" ve |-(?=[A-ZÇĞİÖŞÜ])", run)
    return [_TITLE.sub("", name) for name in names]


@cache
def known_places() -> dict[str, str]:
    """The names of cities, regions and countries that the language pack knows, each with its slot."""
    names = geography({}).names
    return {name: slot for slot, rows in names.items() if slot != "person" for name in rows.values()}


@cache
def _place_words() -> dict[str, tuple[str, str]]:
    """Folded word or phrase → the usual name of the place and its slot."""
    names = geography({}).names
    return {
        fold(word): (names[entry.slot][value], entry.slot)
        for entry in geography({}).places
        for word in entry.words
        for value in entry.values
    }


def places_in(text: str) -> list[Place]:
    """The places that ``text`` names as such, in order: *Güney Kore'ye* is one, *Koreli* and *Samsun Valisi* are none."""
    found = []
    for match in _RUN.finditer(re.sub(r"(?<=\w)-(?=[A-ZÇĞİÖŞÜ])", ", ", text)):
        run, _, ending = re.sub("’", "'", match[0]).partition("'")
        known = next((_place_words()[f] for r in _tails(run) if (f := fold(r)) in _place_words()), None)
        alone = known and (bool(ending) or fold(run) == fold(known[0]))
        if known and alone:
            found.append(Place(*known, case_of(fold(ending))))
    return found


def _tails(run: str) -> Iterator[str]:
    """A run of capitalised words, and what is left of it without its first ones: *Belediye Edirne'de*."""
    words = run.split()
    yield from (" ".join(words[at:]) for at in range(len(words)))


def _bare(word: str) -> str:
    return _DECLINED.sub("", re.split("['’]", word)[0])


def is_body(name: str) -> bool:
    """Whether a name looks like an institution's or a thing's rather than a person's."""
    return bool(_BODY.search(name)) or name.isupper() or (" " in name and bool(_OWNED.search(name)))


def is_person(name: str) -> bool:
    """Whether a name looks like a person's: two or three words, neither a place nor an institution."""
    words = name.split()
    placed = _PLACE.search(name) or name in known_places() or any(fold(w) in _place_words() for w in words)
    return len(words) in {2, 3} and not is_body(name) and not placed


def slug(text: str) -> str:
    """An id for ``text`` that the content's files accept; never empty."""
    found = slug_of(text)
    return found if found and found[0].isalpha() else f"n_{found}" if found else "ad"
