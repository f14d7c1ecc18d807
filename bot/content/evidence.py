"""Holds every statement against the article: quotes verbatim, numbers, times and names all quoted.

Numbers and times are compared by value (``3.250`` is ``3 bin 250``), names by their folded stem. What no
quote holds must be named under ``derived`` with how it follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from functools import lru_cache
from hashlib import sha256

from bot.content.build import ARTICLE, Trees, fact_rows
from bot.content.tree import NOTHING, Row, fields_in, text_of, texts_in
from bot.engine import grammar
from bot.engine.morph import plausible
from bot.engine.quantity import covers, quantity_at
from bot.engine.text import fold, tokenize
from bot.errors import Problem

_NO_DAY = "0000-00-00"
"""Given as today's date: *last year* in a quote must not pass for a year that a statement names."""
_DECIMAL = re.compile(r"-?\d+(?:\.\d+)?")
_SPACES = re.compile(r"\s+")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")
_QUOTE_MARKS = str.maketrans("’‘`´“”„«»", '\'\'\'\'"""""')
_WORD = re.compile(r"[^\W\d_][^\W_]*(?:['’][^\W\d_]+)?")
_STEM = 4


@dataclass(frozen=True, slots=True)
class Source:
    """The article's text, made ready to be searched."""

    flat: str
    plain: str
    names: frozenset[str]


def article_text(trees: Trees, files: dict[str, bytes], problems: list[Problem]) -> str:
    """The text that ``facts/article.yaml`` names, its hash compared; problems are added, never raised."""
    row = Row(ARTICLE, "", trees.get(ARTICLE, NOTHING))
    name = row.text("file")
    if not name:
        return ""
    body = files.get(f"facts/{name}")
    if body is None:
        problems.append(
            Problem(ARTICLE, row.line("file"), "file", f"facts/{name} dosyası yok; haberin metnini oraya koyun.")
        )
        return ""
    text = text_of(f"facts/{name}", body, problems)
    if text is None:
        return ""
    told, right = row.text("sha256"), sha256(body).hexdigest()
    if told and told != right:
        message = f"{_hash_fault(told, body, _lost_quotes(trees, text))} buraya şunu yazın: {right}"
        problems.append(Problem(ARTICLE, row.line("sha256"), "sha256", message))
    if not text.strip():
        problems.append(Problem(f"facts/{name}", 1, "", "Haberin metni boş."))
    return text


def _lost_quotes(trees: Trees, text: str) -> int:
    """How many quotes are not, or no longer, in the article."""
    source = source_of(text)
    return sum(bool(_quote_fault(q.text, source)) for row in fact_rows(trees) for q in texts_in(row.get("quote")))


def _hash_fault(told: str, body: bytes, lost: int) -> str:
    """Why the hash that was ``told`` is not the text's: which of the two is likelier to be wrong, and what to do."""
    plain = body.replace(b"\r\n", b"\n")
    same_words = (plain, plain.rstrip(b"\n"), plain.rstrip(b"\n") + b"\n", plain.replace(b"\n", b"\r\n"))
    if told.lower() == sha256(body).hexdigest():
        return "Özet doğru, ama küçük harflerle yazılmalı;"
    if not re.fullmatch("[0-9a-fA-F]{64}", told):
        return "Özet yanlış ya da eksik yazılmış (64 onaltılık basamak olmalı). Haber metni doğruysa"
    if any(told == sha256(same).hexdigest() for same in same_words):
        return "Haber metninin yalnızca satır sonları değişmiş, sözleri aynı;"
    if lost:
        return f"Haber metni değişmiş: {lost} alıntı artık onda yok. Metni geri alın; değişiklik doğruysa"
    return (
        "Özet bu metnin değil, ama bütün alıntılar metinde duruyor: özet yanlış ya da metin az değişmiş. Metin doğruysa"
    )


@lru_cache(maxsize=2)
def source_of(text: str) -> Source:
    """``text`` flattened, and the words that it capitalises inside a sentence."""
    lines = [line for line in text.split("\n") if line.strip() and line != line.upper()]
    names = (stem_of(word) for line in lines for word, first in _words(line) if _is_name(word) and not first)
    flat = _flat(text)
    return Source(flat, flat.translate(_QUOTE_MARKS), frozenset(names))


def problems_of(trees: Trees, text: str) -> Iterator[Problem]:
    """Every statement's quotes, numbers, times, names and typed values, held against the article."""
    source = source_of(text)
    for row in fact_rows(trees):
        quotes = texts_in(row.get("quote"))
        wrong = [row.problem("quote", message, q.line) for q in quotes if (message := _quote_fault(q.text, source))]
        yield from wrong
        if quotes and not wrong and all(q.text.strip() for q in quotes):
            yield from _unsupported(row, [q.text for q in quotes], source)


# ── quotes ──────────────────────────────────────────────────────────────────────────────────────


def _flat(text: str) -> str:
    return _SPACES.sub(" ", text).strip()


def _quote_fault(quote: str, source: Source) -> str:
    """Why ``quote`` is not in the article word for word; empty when it is."""
    flat = _flat(quote)
    if not flat or flat in source.flat:
        return ""
    at = source.plain.find(flat.translate(_QUOTE_MARKS))
    if at >= 0:
        exact = source.flat[at : at + len(flat)]
        return f"Kesme ya da tırnak işareti haberdekinden farklı. Haberdeki yazılış: {exact}"
    close = _nearest_sentence(flat, source.flat)
    return (
        f"Bu alıntı haberde harfi harfine yok. En yakın tümce: {close}"
        if close
        else "Bu alıntı haberde harfi harfine yok."
    )


def _nearest_sentence(quote: str, flat: str) -> str:
    """The sentence of the article with most of the quote's words."""
    wanted = set(fold(quote).split())
    ranked = [(len(wanted & set(fold(s).split())), s) for s in _SENTENCE_END.split(flat) if s.strip()]
    best = max((n for n, _ in ranked), default=0)
    near = [s for n, s in ranked if n == best and n]
    return max(near, key=lambda s: SequenceMatcher(None, quote, s).ratio(), default="")


# ── what a statement says ───────────────────────────────────────────────────────────────────────


def _unsupported(row: Row, quotes: list[str], source: Source) -> Iterator[Problem]:
    statement = row.text("statement")
    for part in fields_in(row.get("derived")):
        if part not in statement:
            yield row.problem("derived", f"“{part}” tümcede geçmiyor; tümcedeki yazılışıyla yazın ya da silin.")
        statement = statement.replace(part, " ; ")
    held = [value for quote in quotes for value in values_in(quote)]
    for value in values_in(statement):
        if not any(_supports(h, value) for h in held):
            yield row.problem("statement", f"“{_as_written(value.said, statement)}” alıntılarda geçmiyor. {_TO_DO}")
    for name in names_in(statement, source, quotes):
        yield row.problem("statement", f"“{name}” adı alıntılarda geçmiyor. {_TO_DO}")
    told = " ; ".join((row.text("statement"), *quotes))
    yield from _untold(row, [*values_in(row.text("as_of")), *values_in(told), *_in_passing(told, row.text("as_of"))])


def _as_written(said: str, text: str) -> str:
    """The passage of ``text`` that was folded to ``said``, as its editor wrote it."""
    words, span = text.split(), len(said.split())
    runs = (" ".join(words[i : i + span]) for i in range(len(words)))
    return next((_head(run).rstrip(".,;:!?") for run in runs if fold(run).startswith(said)), said)


_TO_DO = "Onu içeren tümceyi de “quote” listesine ekleyin ya da “derived” altında nereden çıkarıldığını yazın."


@dataclass(frozen=True, slots=True)
class Value:
    """A number, ordinal or time that a text states: canonical, and as it was said (folded)."""

    slot: str
    value: str
    said: str


def values_in(text: str, today: str = _NO_DAY) -> list[Value]:
    """Every number and time of ``text`` in order; times like *last year* only if ``today`` is told."""
    tokens = tokenize(fold(text))
    found: list[Value] = []
    i = 0
    while i < len(tokens):
        quantity = quantity_at(tokens, i, today)
        if quantity is None:
            i += 1
            continue
        said = " ".join(t.head for t in tokens[i : i + quantity.span])
        found.append(Value(quantity.slot, quantity.value, said))
        i += quantity.span
    return found


def _supports(held: Value, said: Value) -> bool:
    """Whether ``held`` proves ``said``: the same value, or a time that is at least as exact."""
    if held.slot == said.slot == "time":
        return covers(said.value, held.value) or said.value in held.value.split("/")
    return (held.slot, held.value) == (said.slot, said.value)


def _in_passing(text: str, as_of: str) -> Iterator[Value]:
    """What a text states only to one who knows what it means: *altı sefer* (six, not *below*), *gelecek yıl*."""
    for token in tokenize(fold(text)):
        if (small := {**grammar.UNITS, **grammar.SCALES}.get(token.head)) is not None:
            yield Value("number", str(small), token.head)
    year = next((v.value[:4] for v in values_in(as_of) if v.slot == "time" and v.value[:4].isdecimal()), "")
    if year:
        yield from (value for value in values_in(text, f"{year}-01-01") if value.slot == "time")


_SPANS = frozenset({"years", "months"})
_TIMES = frozenset({"year", "month", "date"}) | _SPANS


def _typed(slot: str, value: str) -> Value:
    """A typed value as a text's are read: *18.30* (an hour) is the number 18.3."""
    if slot in _TIMES:
        return Value("time", value, "")
    return Value("number", format(Decimal(value).normalize(), "f") if _DECIMAL.fullmatch(value) else value, "")


def _of_year(told: Value, typed: Value) -> bool:
    """*Ağustosta* for a month with its year: of which year is the editor's to conclude."""
    return told.slot == typed.slot == "time" and told.value.startswith("*-") and typed.value[4:] == told.value[1:]


def _untold(row: Row, told: list[Value]) -> Iterator[Problem]:
    """Typed numbers and times that neither statement nor quotes state: a slip of the editor's pen.

    A span under ``keys`` is a condition that an editor concludes (*since its founding*), so none is looked for.
    """
    for part, typed in (("keys", _TIMES - _SPANS), ("says", _TIMES | {"number"})):
        for slot, node in fields_in(row.get(part)).items():
            for item in texts_in(node) if slot in typed else ():
                value = _typed(slot, item.text.strip().split(" ")[0])
                if not any(_supports(t, value) or t.value == value.value or _of_year(t, value) for t in told):
                    message = f"“{item.text.strip()}” ne tümcede ne alıntıda geçiyor; değeri denetleyin."
                    yield row.problem(f"{part}.{slot}", message, item.line).as_warning()


# ── names ───────────────────────────────────────────────────────────────────────────────────────


def names_in(statement: str, source: Source, quotes: Iterable[str]) -> Iterator[str]:
    """The names of ``statement`` that no quote has; the first word of a sentence only if the article has it as a name."""
    quoted = {fold(word.split("'")[0]) for quote in quotes for word in fold(quote).split()}
    quoted |= {fold(_head(word)) for quote in quotes for word, _ in _words(quote)}
    for word, first in _words(statement):
        if not _is_name(word) or (first and stem_of(word) not in source.names):
            continue
        if not any(_same_name(word, q) for q in quoted):
            yield _head(word)


def _same_name(word: str, quoted: str) -> bool:
    """Whether a folded word of a quote is ``word`` with another ending, or without one."""
    head = fold(_head(word))
    longer = len(quoted) >= _STEM and head.startswith(quoted) and plausible(head[len(quoted) :])
    return longer or quoted.startswith(stem_of(word))


def _words(text: str) -> Iterator[tuple[str, bool]]:
    """Each word of ``text`` and whether it begins a sentence."""
    for sentence in _SENTENCE_END.split(text):
        for at, match in enumerate(_WORD.finditer(sentence)):
            yield match[0], at == 0


def _head(word: str) -> str:
    return re.split("['’]", word)[0]


def _is_name(word: str) -> bool:
    return word[0].isupper()


def stem_of(word: str) -> str:
    """A folded name without what a suffix may change: all but its last letters, at least four."""
    head = fold(_head(word))
    return head if "'" in fold(word) else head[: max(_STEM, len(head) - 3)]
