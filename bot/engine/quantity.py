"""Times as people write them, in canonical form; and whatever quantity begins at a word, a time first.

A time is an ISO prefix with ``*`` for an unknown year: ``2024``, ``2025-07``, ``*-07``, ``1992-03-02``, ``*-12-16``, a span ``2005/2024``
or ``2024-01/2024-05``, or ``-1`` and ``+1``: the year before and after the one that was spoken of (see ``follow``).
"""

from __future__ import annotations

import re
from calendar import monthrange
from functools import lru_cache

from bot.engine import grammar
from bot.engine.number import Quantity, is_ordinal, number_at, opens_number, ordinal_at
from bot.engine.season import falls_into, season_at
from bot.engine.text import Token, mark, same_marks, unmark

_DATE = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-]((?:19|20)\d\d)|((?:19|20)\d\d)-(\d\d)-(\d\d)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_MOST_DAY = 39
"""Up to here a number before a month is meant for its day, though no month has so many."""
_RANGE = frozenset({"-", "–", "—", "ila", "/", "to", "по", "до"})
_PAIR = frozenset({"ile", "ve", "and", "и", "пен", "мен"})
_BETWEEN = re.compile(r"aras.*|between|между|аралы.*")


def quantity_at(tokens: tuple[Token, ...], i: int, today: str) -> Quantity | None:
    """The time, ordinal or number that begins at token ``i``; ``today`` is the article's ISO date."""
    if not _may_open(tokens[i].head) or _is_marked_otherwise(tokens[i]):
        return None
    return _time_at(tokens, i, today) or ordinal_at(tokens, i) or number_at(tokens, i)


_OPENINGS = frozenset({"ilk", "first", "bir", "ondan", "bundan", "seneye"}).union(
    grammar.UNITS, grammar.BESIDE, grammar.LAST, grammar.THIS, grammar.NEXT
)


@lru_cache(maxsize=20_000)
def _may_open(head: str) -> bool:
    """Whether a quantity may begin with the word: nine in ten cannot, and trying every form on them was a third of reading."""
    timely = head in _OPENINGS or head.startswith(tuple(grammar.SEASONS)) or _month(head) is not None
    return head[0].isdigit() or timely or is_ordinal(head) or opens_number(head)


def is_impossible(time: str) -> bool:
    """Whether ``time`` names a day or month that no calendar has (``2026-02-31``, ``*-01-32``)."""
    year, *rest = time.split("-")
    if "/" in time or not rest or not all(part.isdecimal() for part in rest):
        return False
    month = int(rest[0])
    leap = monthrange(int(year) if year.isdecimal() else 2000, month)[1] if 1 <= month <= 12 else 0
    return not leap or (len(rest) > 1 and not 1 <= int(rest[1]) <= leap)


def covers(asked: str, held: str) -> bool:
    """Whether a time that a question states takes in the time of a fact: ``2025`` covers ``2025-07``."""
    if asked == held:
        return True
    if "/" in asked or "/" in held:
        return _span_covers(asked, held)
    if asked.startswith("*"):
        month = asked[1:]
        return held[4:].startswith(month)
    return held.startswith(asked)


def _span_covers(asked: str, held: str) -> bool:
    if falls_into(asked, held):
        return True
    if "/" in asked and "/" in held:
        ours, theirs = asked.split("/"), held.split("/")
        return all(a == "*" or covers(a, b) for a, b in zip(ours, theirs, strict=True))
    if asked.startswith("*/"):
        return covers(asked[2:], held)
    if asked.endswith("/*"):
        return covers(asked[:-2], held)
    if "/" in held:
        start, end = held.split("/")
        return "-" not in asked and start.startswith(asked) and end.startswith(asked)
    return False


def _time_at(tokens: tuple[Token, ...], i: int, today: str) -> Quantity | None:
    return (
        _month_span_at(tokens, i)
        or _date_at(tokens, i)
        or _short_years_at(tokens, i)
        or season_at(tokens, i, "*")
        or _year_span_at(tokens, i, today)
        or _beside_at(tokens, i)
        or _relative_at(tokens, i, today)
    )


def _date_at(tokens: tuple[Token, ...], i: int) -> Quantity | None:
    token = tokens[i]
    if match := _DATE.fullmatch(token.head):
        day, month, year = match[1] or match[6], match[2] or match[5], match[3] or match[4]
        return Quantity("time", f"{year}-{int(month):02}-{int(day):02}", 1, token.tail)
    day_first = token.head.isdecimal() and len(token.head) <= 2 and 1 <= int(token.head) <= _MOST_DAY
    at = i + 1 if day_first else i
    if at >= len(tokens) or (month_number := _month(tokens[at].head)) is None:
        return None
    year_token = tokens[at + 1] if at + 1 < len(tokens) else None
    before = tokens[i - 1] if i and not day_first else None
    year, span = "*", at - i + 1
    if year_token and _YEAR.fullmatch(year_token.head):
        year, span = year_token.head, span + 1
    elif before and _YEAR.fullmatch(before.head):
        year = before.head
    day = f"-{int(token.head):02}" if day_first else ""
    return Quantity("time", f"{year}-{month_number:02}{day}", span, tokens[i + span - 1].tail)


_MONTH_END = re.compile(
    r"y?l[ae]|[dt][ae](?:ki|n|ydi|mi)?|[iu]n(?:da|de|daki|deki)?|[iu]|a|e|ay[iu].{0,3}|[а-яәіңғүұқөһ]{1,4}"
)


MONTHS = (
    "Ocak",
    "Şubat",
    "Mart",
    "Nisan",
    "Mayıs",
    "Haziran",
    "Temmuz",
    "Ağustos",
    "Eylül",
    "Ekim",
    "Kasım",
    "Aralık",
)
"""Their names as they are written."""
_MARKED = {unmark(name): name for name in map(mark, MONTHS)}


def _is_marked_otherwise(token: Token) -> bool:
    """*nişanı*: with its marks no form of the month that it looks like without them."""
    if token.marked in {"", token.head}:
        return False
    return any(token.head.startswith(plain) and not same_marks(token.marked, name) for plain, name in _MARKED.items())


@lru_cache(maxsize=20_000)
def _month(word: str) -> int | None:
    if word in grammar.MONTHS:
        return grammar.MONTHS[word]
    for name, number in grammar.MONTHS.items():
        if len(name) >= 4 and word.startswith(name) and _MONTH_END.fullmatch(word[len(name) :]):
            return number
    return None


def _month_span_at(tokens: tuple[Token, ...], i: int) -> Quantity | None:
    year = next((t.head for t in tokens if _YEAR.fullmatch(t.head)), "*")
    words = [t.head for t in tokens[i : i + 3]]
    if len(words) == 3 and words[0] in {"ilk", "first"} and words[2].startswith(("ay", "month")):
        count = grammar.UNITS.get(words[1]) or (int(words[1]) if words[1].isdecimal() else 0)
        if 1 <= count <= 12:
            return Quantity("time", f"{year}-01/{year}-{count:02}", 3, "")
    first = _month(tokens[i].head)
    if first and i + 2 < len(tokens) and _YEAR.fullmatch(tokens[i + 1].head) and tokens[i + 2].head in _UP_TO:
        return Quantity("time", f"{tokens[i + 1].head}-01/{tokens[i + 1].head}-{first:02}", 3, "")
    if first and (length := _until(tokens, i)):
        return Quantity("time", f"{year}-01/{year}-{first:02}", length, "")
    if (months := _months_long(tokens, i)) is not None:
        return Quantity("time", f"{year}-01/{year}-{months:02}", 2, "")
    for at in (i + 2, i + 1):
        joined = at == i + 1 or (at < len(tokens) and tokens[i + 1].head in _RANGE | _PAIR)
        if first and at < len(tokens) and joined and (second := _month(tokens[at].head)) and second != first:
            return Quantity("time", f"{year}-{first:02}/{year}-{second:02}", at - i + 1, tokens[at].tail)
    return None


def _until(tokens: tuple[Token, ...], i: int) -> int:
    """How many words say *up to the end of* the month at ``i`` (*mayıs sonuna kadar, mayısa dek*); 0 for none."""
    rest = [t.head for t in tokens[i + 1 : i + 4] if t.is_word]
    if rest and rest[0] in {"ayi", "ayinin", "ayina"}:
        return 2 + (_until_words(rest[1:]) or -2)
    return 1 + _until_words(rest) if _until_words(rest) else 0


def _until_words(rest: list[str]) -> int:
    if not rest:
        return 0
    if rest[0] in {"sonu", "sonuna", "sonunda", "sonundaki"}:
        return 2 if rest[1:2] and rest[1] in {"kadar", "dek", "itibariyla", "itibari"} else 1
    return 1 if rest[0] in {"kadar", "dek", "kadarki"} else 0


def _months_long(tokens: tuple[Token, ...], i: int) -> int | None:
    """*5 aylık, beş ayda*: so many months, counted from January unless *son* stands before."""
    if i + 1 >= len(tokens) or not re.fullmatch(r"ay(?:lik|l[iu]g[iu].*|da|daki|inda|indaki)", tokens[i + 1].head):
        return None
    head = tokens[i].head
    count = int(head) if head.isdecimal() else grammar.UNITS.get(head, 0)
    recent = i > 0 and tokens[i - 1].head in {"son", "gecen"}
    return count if 1 < count <= 11 and not recent else None


_UP_TO = frozenset({"kadar", "dek", "kadarki"})
_LOCATIVE = frozenset({"te", "de", "ta", "da"})
_OF_THE_YEAR = re.compile(r"(?:yilk?i|senesi|seneki)(?:n\w*)?")
_CLOCK = frozenset("saat saati saatler sabah oglen ogle ogleden ikindi aksam aksami gece gecesi".split())
_COUNTED = frozenset("tane adet kisi kez kere defa parca".split())


def _short_years_at(tokens: tuple[Token, ...], i: int) -> Quantity | None:
    """*24-25, 24/25, 24 25*: two years that follow each other, written short."""
    pair = re.fullmatch(r"(\d\d)/(\d\d)", tokens[i].head)
    at = i if pair else i + 1 + (i + 1 < len(tokens) and tokens[i + 1].head in _RANGE)
    if at >= len(tokens):
        return None
    first, second = pair.groups() if pair else (tokens[i].head, tokens[at].head)
    if not (re.fullmatch(r"\d\d", first) and re.fullmatch(r"\d\d", second) and int(second) == int(first) + 1):
        return None
    return Quantity("time", f"20{first}/20{second}", at - i + 1, tokens[at].tail)


def _year_span_at(tokens: tuple[Token, ...], i: int, today: str) -> Quantity | None:
    token = tokens[i]
    following = tokens[i + 1].head if i + 1 < len(tokens) else ""
    if not token.tail and following in _COUNTED:
        return None
    if not _YEAR.fullmatch(token.head):
        return _short_year_at(tokens, i, today)
    if token.tail and token.tail[0] not in "tdnyielaudg":
        return None
    if span := _from_year(tokens, i) or _season_of(tokens, i):
        return span
    named = i + 1 < len(tokens) and not token.tail and _is_year_word(tokens[i + 1].head)
    return Quantity("time", token.head, 2 if named else 1, tokens[i + 1].tail if named else token.tail)


def _season_of(tokens: tuple[Token, ...], i: int) -> Quantity | None:
    """*2024 yazında*, *2024 yılının kışında*: a season of the year at ``i``."""
    at = i + 1 + (i + 1 < len(tokens) and _is_year_word(tokens[i + 1].head))
    season = season_at(tokens, at, tokens[i].head)
    return season and Quantity("time", season.value, at - i + season.span, season.tail)


def _short_year_at(tokens: tuple[Token, ...], i: int, today: str) -> Quantity | None:
    """*24 yılında, 24'te, 91'den beri*: a year of two digits, where a word or ending shows it to be one.

    A year to come is none (*ayın 29'unda*, *29'da*), nor is an hour (*akşam 10'da*) or a time that lasts (*20 yılda*).
    """
    token, following = tokens[i], tokens[i + 1].head if i + 1 < len(tokens) else ""
    asked = bool(re.fullmatch(r"n?[iu]n", token.tail)) and following == "hangi"  # *92'nin hangi ayında*
    named, since = bool(_OF_THE_YEAR.fullmatch(following)), max(_since(tokens, i), 0)
    clock = i > 0 and tokens[i - 1].head in _CLOCK
    shown = named or since or asked or (token.tail in _LOCATIVE and not clock)
    if not re.fullmatch(r"[0129]\d", token.head) or not shown or _month(following):
        return None
    year = ("19" if token.head[0] == "9" else "20") + token.head
    if not named and int(year) > int(today[:4]) + 1:
        return None
    return Quantity("time", year + "/*" * bool(since), 1 + (since or named), token.tail)


def _from_year(tokens: tuple[Token, ...], i: int) -> Quantity | None:
    """The span that begins with the year at ``i``: to another year, or *since* it."""
    token, following = tokens[i], tokens[i + 1].head if i + 1 < len(tokens) else ""
    if i + 2 < len(tokens) and _spans(tokens, i) and (end := _year_end(tokens[i + 2].head)):
        return Quantity("time", f"{token.head}/{end}", 3, tokens[i + 2].tail)
    if (
        i + 1 < len(tokens)
        and not token.tail
        and _YEAR.fullmatch(tokens[i + 1].head)
        and tokens[i + 1].head > token.head
    ):
        return Quantity("time", f"{token.head}/{tokens[i + 1].head}", 2, tokens[i + 1].tail)
    if following in _UP_TO and re.fullmatch(r"y?[ae]", token.tail):
        return Quantity("time", f"*/{token.head}", 2, "")
    if later := _later_year(tokens, i):
        return Quantity("time", f"{token.head}/{tokens[later].head}", later - i + 1, tokens[later].tail)
    if since := _since(tokens, i):
        return Quantity("time", f"{token.head}/*", 1 + max(since, 0), "")
    return None


def _spans(tokens: tuple[Token, ...], i: int) -> bool:
    """Whether the word after ``i`` joins two times to a span: *2005-2024*, *2005 ile 2024 arasında*; not *2023 ve 2024*."""
    joint = tokens[i + 1].head
    around = [t.head for t in (*tokens[max(0, i - 1) : i], *tokens[i + 3 : i + 6])]
    return joint in _RANGE or (joint in _PAIR and any(_BETWEEN.fullmatch(word) for word in around))


def _later_year(tokens: tuple[Token, ...], i: int) -> int:
    """The place of the year that ends a span: *2005'ten 2024'e, 2005 yılından 2024 yılına*; 0 for none."""
    from_here = re.fullmatch(r"[dt][ae]n", tokens[i].tail) or (
        i + 1 < len(tokens) and re.fullmatch(r"(?:yil|sene)[a-z]*[dt][ae]n", tokens[i + 1].head)
    )
    if not from_here:
        return 0
    return next(
        (
            at
            for at in range(i + 1, min(i + 5, len(tokens)))
            if _YEAR.fullmatch(tokens[at].head) and tokens[at].head > tokens[i].head
        ),
        0,
    )


_SINCE = (("beri",), ("bu", "yana"), ("bu", "tarafa"), ("bu", "gune"), ("bugune",), ("itibaren",), ("sonra",))


def _since(tokens: tuple[Token, ...], i: int) -> int:
    """How many words say *since* after the year at ``i`` (*2005'ten beri, bu yana*); 0 for none, -1 for *since 2005*."""
    if i and tokens[i - 1].head in {"since", "from", "с", "со"}:
        return 1 if i + 1 < len(tokens) and _is_year_word(tokens[i + 1].head) else -1
    if not re.fullmatch(r"[dt]en|[dt]an", tokens[i].tail):
        return 0
    for words in _SINCE:
        if tuple(t.head for t in tokens[i + 1 : i + 1 + len(words)]) == words:
            return len(words)
    return 0


def _is_year_word(word: str) -> bool:
    return word in grammar.YEAR_WORDS or (word.startswith(("yil", "sene")) and len(word) <= 11)


def _year_end(word: str) -> str:
    if _YEAR.fullmatch(word):
        return word
    return "20" + word if len(word) == 2 and word.isdecimal() else ""


def _beside_at(tokens: tuple[Token, ...], i: int) -> Quantity | None:
    """*(bir) önceki yıl, ertesi sene*; not *bir önceki yıla göre*, which compares."""
    at = i + (tokens[i].head in {"bir", "ondan", "bundan"})
    words = [t.head for t in tokens[at : at + 3]]
    beside = grammar.BESIDE.get(words[0]) if words else None
    if (
        not beside
        or not words[1:]
        or not _is_year_word(words[1])
        or (words[2:] and words[2].startswith(grammar.COMPARED_WITH))
    ):
        return None
    return Quantity("time", beside, at - i + 2, tokens[at + 1].tail)


_NOT_NEXT_YEAR = frozenset("ve hangi kac bu o".split())
"""*hangi aya ve seneye*: to which year."""


def _relative_at(tokens: tuple[Token, ...], i: int, today: str) -> Quantity | None:
    year, word = int(today[:4]), tokens[i].head
    following = tokens[i + 1].head if i + 1 < len(tokens) else ""
    if word in grammar.LAST and _YEAR.fullmatch(following):
        said = _year_span_at(tokens, i + 1, today)
        return said and Quantity(said.slot, said.value, said.span + 1, said.tail)
    shift = -1 if word in grammar.LAST else 1 if word in grammar.NEXT else 0 if word in grammar.THIS else None
    if word == "seneye" and (not i or tokens[i - 1].head not in _NOT_NEXT_YEAR):
        return Quantity("time", str(year + 1), 1, "")
    if shift is None:
        return None
    return _within(tokens, i + 1, year + shift)


def _within(tokens: tuple[Token, ...], i: int, year: int) -> Quantity | None:
    """What stands at ``i`` after *geçen, bu, gelecek*: a season or the year itself, or a month of ``year``."""
    following = tokens[i].head if i < len(tokens) else ""
    if season := season_at(tokens, i, str(year)):
        return Quantity("time", season.value, 1 + season.span, season.tail)
    if following in grammar.MONTHS:
        return Quantity("time", f"{year}-{grammar.MONTHS[following]:02}", 2, "")
    if _is_year_word(following) and i + 1 < len(tokens) and (month := _month(tokens[i + 1].head)):
        named = i + 2 < len(tokens) and tokens[i + 2].head.startswith("ay") and len(tokens[i + 2].head) <= 9
        return Quantity("time", f"{year}-{month:02}", 4 if named else 3, tokens[i + 1].tail)
    if _is_year_word(following):
        return Quantity("time", str(year), 2, "")
    return None
