"""Every word that the content and the language know, compiled for look-up and for spelling repair."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.engine import grammar, turning
from bot.engine.measure import unit_of
from bot.engine.model import Catalog, Entry
from bot.engine.morph import denied, is_cyrillic, plausible, supposed, variants
from bot.engine.text import Token, mark, same_marks, tokenize, unmark

NEUTRAL = "neutral"
BACKGROUND = "background"
_LEET = str.maketrans("0134578@$!", "oieastbasi")
_SHORT = 4
_LONG = 8
_RATHER = 6
_CYRILLIC_ENDING = 7
_REMEMBERED = 20_000
_NEGATED = re.compile(r"m[aeiu]yor|m[ae]d[iu]|m[ae]z|m[ae]y[ae]n|m[ae]m[iu]s")
"""A slip is not to be read as a denial."""
_VOWEL = re.compile("[aeiou]")
FAMILIAR, LEAST_FAMILIAR, OF_SO_MANY = 25, 3, 750
"""An inflected everyday word is taken for a slip only of a word that the utterances use often: once in so many, so often at least."""
_VERB_END = re.compile(r"(?:m[iu]s|[dt][iu]|[iu]yor|[ae]c[ae]k|[ae]r|[iu]r|m[ae]k|m[ae]d[iu]|[iu]p|s[ae]).{0,5}")

_SURE_END = re.compile(rf"{_VERB_END.pattern}|l[ae]r.{{0,5}}")
"""Endings that are hardly a slip, however short the stem before them: *kes-miş*, *yıl-lar*."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A lexicon entry found in a text: how many tokens it spans and the letters after its stem."""

    entry: Entry
    span: int
    rest: str


@dataclass(frozen=True, slots=True)
class Stems:
    """One word or phrase of an entry: its stems folded, and with their marks."""

    folded: tuple[str, ...]
    marked: tuple[str, ...]
    entry: Entry


@dataclass(frozen=True)
class Vocabulary:
    """Look-up of stems and phrases, and the closest known word for an unknown one."""

    heads: Mapping[str, tuple[Stems, ...]]
    surfaces: Mapping[str, int]
    by_start: Mapping[tuple[str, int], tuple[str, ...]]
    initials: tuple[str, ...]
    """First letters of known words."""
    inside: Mapping[str, str]
    seats: Mapping[str, str]
    everyday: frozenset[str] = frozenset()
    familiar: int = FAMILIAR
    skeletons: Mapping[str, str] = field(default_factory=dict, repr=False)
    repairs: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    openings: dict[tuple[str, str], tuple[Stems, ...]] = field(default_factory=dict, repr=False)

    def __getstate__(self) -> dict[str, object]:
        """Without what was remembered on the way."""
        return {**self.__dict__, "repairs": {}, "openings": {}}

    def find(self, tokens: tuple[Token, ...], start: int) -> Hit | None:
        """The longest entry that begins at ``start``: most tokens first, then the longest stem.

        A background word gives way to any other: *firmamız* names a firm before it is small talk.
        """
        for stems in self._opening(tokens[start]):
            if (rest := _match(tokens, start, stems)) is not None:
                return Hit(stems.entry, len(stems.folded), rest)
        return None

    def _opening(self, token: Token) -> tuple[Stems, ...]:
        """The stems whose first word ``token`` may be, the best first; remembered, since words recur."""
        key = (token.head, token.marked)
        found = self.openings.get(key)
        if found is None:
            if len(self.openings) > _REMEMBERED:
                self.openings.clear()
            cuts = (token.head[:cut] for cut in range(len(token.head), 1, -1))
            rows = [stems for cut in cuts for stems in self.heads.get(cut, ()) if _fits(token, stems, 0)]
            found = tuple(sorted(rows, key=_rank, reverse=True))
            self.openings[key] = found
        return found

    def repair(self, token: Token) -> tuple[Token, ...]:
        """``token`` as it is when known, else its closest known spelling or its glued parts."""
        word = token.head
        if not word.isalnum() or (word[0].isdigit() and word.isdigit()) or word in self.surfaces:
            return (token,)
        hit = self.find((token,), 0)
        if hit is not None and hit.rest in grammar.YESNO_GLUED and not token.tail:
            head = word.removesuffix(hit.rest)
            return Token(head, head, marked=head), Token(hit.rest, hit.rest, marked=hit.rest)
        if hit is not None and (not hit.rest or word in self.everyday):
            return (token,)
        if unit_of(word) or ((verb := denied(word) or supposed(word)) and self._is_verb(verb)):
            return (token,)  # *yapmayan* is no slip of *yapmanın*: what is denied or supposed must stay so
        if word not in self.repairs:
            if len(self.repairs) > _REMEMBERED:
                self.repairs.clear()
            self.repairs[word] = self._repaired(word) if hit is None else self._rather(word, hit) or (word,)
        parts = self.repairs[word]
        if parts == (word,):
            return (token,)
        *front, last = parts
        return (*(Token(p, p) for p in front), Token(last + token.tail, last, token.tail))

    def _is_verb(self, stem_: str) -> bool:
        """Whether a verb's stem is short (*al*, *gör*), an everyday word, or one that the content knows."""
        return len(stem_) < _SHORT or stem_ in self.everyday or self.find((Token(stem_, stem_),), 0) is not None

    def knows(self, word: str) -> bool:
        """Whether the word is a known surface, or a known stem with a plausible ending."""
        return word in self.surfaces or self.find((Token(word, word),), 0) is not None

    def _repaired(self, word: str) -> tuple[str, ...]:
        if any(c.isdigit() or c in "@$!" for c in word):
            plain = word.translate(_LEET)
            return (plain,) if self.knows(plain) else self._closest(plain) or (word,)
        return (
            self._question_glued(word)
            or self._closest(word)
            or self._split(word)
            or self._without_vowels(word)
            or (word,)
        )

    def _without_vowels(self, word: str) -> tuple[str, ...]:
        """*vtndslr*, *gn*: shorthand that leaves out vowels stands for the most used word with its consonants."""
        known = self.skeletons.get(_skeleton(word), "")
        return (known,) if known and known[0] == word[0] and len(known) > len(word) else ()

    def _question_glued(self, word: str) -> tuple[str, ...]:
        """*varmi* → *var mi*: the question particle written without its space."""
        for particle in grammar.YESNO_GLUED:
            head = word.removesuffix(particle)
            if head != word and len(head) >= 3 and self.knows(head):
                return (head, particle)
        return ()

    def _closest(self, word: str) -> tuple[str, ...]:
        """The likeliest known word within one slip in short words, two in long ones: near, then much used."""
        allowed = 0 if len(word) < _SHORT or word in self.everyday else 1 if len(word) < _LONG else 2
        least = self.familiar if self._is_everyday(word) else 0
        ranked = [
            (self._cost(word, known, distance), known)
            for known, distance in self._near(word, allowed)
            if self.surfaces.get(known, 0) >= least
        ]
        return (min(ranked)[1],) if ranked else ()

    def _rather(self, word: str, hit: Hit) -> tuple[str, ...]:
        """*büyuklçisi* fits the stem *büyük*, yet is one slip from a word that is used much and means something else."""
        if len(word) < _RATHER:
            return ()
        least = 4 * self.familiar if self._is_everyday(word) else self.familiar
        ranked = [
            (self._cost(word, known, 1), known)
            for known, _ in self._near(word, 1)
            if self.surfaces.get(known, 0) >= least
        ]
        if not ranked:
            return ()
        known = min(ranked)[1]
        other = self.find((Token(known, known),), 0)
        return () if other is None or other.entry is hit.entry else (known,)

    def _cost(self, word: str, known: str, distance: int) -> float:
        denied = bool(_NEGATED.search(known)) and not _NEGATED.search(word)
        return (
            2 * distance
            + 3 * denied
            + (known[0] != word[0])
            + (known[-2:] != word[-2:]) / 2
            + (not _only_left_out(word, known)) / 2
            - math.log1p(self.surfaces.get(known, 0)) / 4
        )

    def _near(self, word: str, allowed: int) -> list[tuple[str, int]]:
        """Known words within ``allowed`` slips: those with the same first letter, and those that differ in it alone."""
        found: list[tuple[str, int]] = []
        for length in range(len(word) - allowed, len(word) + allowed + 1) if allowed else ():
            row = self.by_start.get((word[0], length), ())
            most = allowed if length >= _LONG else 1
            found += [
                (known, int(d))
                for known, d, _ in process.extract(word, row, scorer=OSA.distance, score_cutoff=most, limit=8)
            ]
        if allowed and len(word) >= _SHORT + 1:
            swapped = word[1] + word[0] + word[2:]
            others = [first + rest for rest in (word, word[1:]) for first in self.initials] + [word[1:], swapped]
            found += [(known, 1) for known in others if known in self.surfaces and known != word]
        return found

    def _is_everyday(self, word: str) -> bool:
        """Whether the word is an inflected form of an everyday word: *düzgün*, *çevremde*, *akmış*."""
        stems = range(len(word), max(2, len(word) // 2), -1)
        return any(word[:cut] in self.everyday and plausible(word[cut:]) for cut in stems) or any(
            word[:cut] in self.everyday and _SURE_END.fullmatch(word[cut:]) for cut in (2, 3)
        )

    def _split(self, word: str) -> tuple[str, ...]:
        """A glued run of at least two known words, fewest parts first; empty when there is none."""
        if not 7 <= len(word) <= 60:
            return ()
        best: list[tuple[str, ...] | None] = [()] + [None] * len(word)
        for end in range(2, len(word) + 1):
            for start in range(max(0, end - 24), end - 1):
                before = best[start]
                if before is None or (end - start < 3 and word[start:end] not in _SMALL):
                    continue
                if word[start:end] in self.surfaces or (end == len(word) and self.knows(word[start:end])):
                    parts = (*before, word[start:end])
                    if best[end] is None or len(parts) < len(best[end] or ()):
                        best[end] = parts
        found = best[-1]
        return found if found and len(found) > 1 else ()


def _only_left_out(typed: str, known: str) -> bool:
    """Whether every letter typed stands in ``known`` in its order: letters are left out more often than put in wrongly."""
    letters = iter(known)
    return all(letter in letters for letter in typed)


_VOWELS = frozenset("aeiu")
_SMALL = frozenset({"mi", "mu", "ne", "ve", "de", "da"})


def _rank(stems: Stems) -> tuple[int, bool, int]:
    return len(stems.folded), stems.entry.slot != BACKGROUND, len(stems.folded[-1])


def _match(tokens: tuple[Token, ...], start: int, stems: Stems) -> str | None:
    """The letters after the last stem when all ``stems`` stand at ``start``, the first being known to, else ``None``."""
    count = len(stems.folded)
    if count > 1:
        if start + count > len(tokens):
            return None
        for i in range(1, count):
            if not _fits(tokens[start + i], stems, i):
                return None
    last = tokens[start + count - 1]
    return last.head[len(stems.folded[-1]) :] + last.tail


def _fits(token: Token, stems: Stems, i: int) -> bool:
    """Whether ``token`` is a form of word ``i`` of ``stems``."""
    stem = stems.folded[i]
    return (
        token.head.startswith(stem)
        and same_marks(token.marked, stems.marked[i])
        and _ends_well(token.head[len(stem) :], stem, exact=stems.entry.exact)
    )


def _ends_well(rest: str, stem: str, *, exact: bool) -> bool:
    """Whether ``rest`` may follow ``stem``; short stems take no lone consonant."""
    if exact:
        return not rest
    if is_cyrillic(stem):
        return len(rest) <= _CYRILLIC_ENDING
    return plausible(rest) and (len(stem) > 3 or not rest or (len(stem) > 2 and len(rest) > 1) or rest in _VOWELS)


def build(catalog: Catalog, before: tuple[Catalog, Vocabulary] | None = None) -> Vocabulary:
    """Compile the catalog's lexicon, language lists and every word of its texts; with ``before``, count only texts that differ."""
    if before and (before[0].language, before[0].lexicon) == (catalog.language, catalog.lexicon):
        heads, everyday = before[1].heads, before[1].everyday
    else:
        heads, everyday = _heads(catalog), frozenset(unmark(mark(w)) for w in catalog.language.words)
    surfaces = _counted(catalog, *before) if before else _counted(catalog)
    words = set(surfaces) | {
        stem
        for rows in heads.values()
        for stems in rows
        if not _is_rare_name(stems)
        for stem in stems.folded
        if len(stem) >= _SHORT
    }
    by_start: dict[tuple[str, int], list[str]] = defaultdict(list)
    for word in sorted(words):
        by_start[word[0], len(word)].append(word)
    utterances = sum(len(intent.utterances) for intent in catalog.intents)
    familiar = min(FAMILIAR, max(LEAST_FAMILIAR, utterances // OF_SO_MANY))
    return Vocabulary(
        heads=heads,
        surfaces=dict(surfaces),
        by_start={key: tuple(row) for key, row in by_start.items()},
        initials=tuple(sorted({word[0] for word in surfaces})),
        inside=catalog.lexicon.inside,
        seats=catalog.lexicon.seats,
        skeletons=_skeletons(surfaces, familiar),
        everyday=everyday,
        familiar=familiar,
    )


def _heads(catalog: Catalog) -> Mapping[str, tuple[Stems, ...]]:
    """Every entry's words by their first stem; where two claim a word, the content's own come first."""
    language, lexicon = catalog.language, catalog.lexicon
    general = [*_listed(language.background, BACKGROUND), *_listed(language.neutral, NEUTRAL)]
    own = {word for entry in lexicon.entries for word in entry.words}
    places = [_without(entry, own) for entry in (*language.places, *language.persons)]
    heads: dict[str, list[Stems]] = defaultdict(list)
    for entry in (*lexicon.entries, *places, *(_without(e, own) for e in general)):
        for stems in _stems_of(entry):
            heads[stems.folded[0]].append(stems)
    return {key: tuple(rows) for key, rows in heads.items()}


def _skeleton(word: str) -> str:
    return _VOWEL.sub("", word)


def _skeletons(surfaces: Mapping[str, int], familiar: int) -> dict[str, str]:
    """Consonants → the most used word of at least ``FAMILIAR`` uses that has them."""
    used = sorted((n, word) for word, n in surfaces.items() if n >= familiar and word.isascii() and len(word) > 2)
    return {_skeleton(word): word for _, word in used if len(_skeleton(word)) > 1}


def _is_rare_name(stems: Stems) -> bool:
    """A short name of the gazetteer that takes no ending: far likelier itself than what somebody meant to type."""
    return stems.entry.exact and stems.entry.slot == "person"


def _stems_of(entry: Entry) -> Iterable[Stems]:
    for word in entry.words:
        pieces = tuple(mark(word).replace("'", "").split())
        if pieces:
            forms = [(piece,) if entry.exact else variants(piece) for piece in pieces]
            for marked in product(*forms):
                yield Stems(tuple(unmark(p) for p in marked), marked, entry)


_CLOSED = frozenset(
    [*grammar.YESNO, *grammar.SELF, *grammar.OTHER, *grammar.MONTHS, *grammar.SEASONS, *grammar.UNITS, *grammar.SCALES, *grammar.HALVES, *grammar.AND_HALF,
     *turning.TIMES,
     *grammar.ORDINALS,
     *grammar.NEGATION, *grammar.SUPERLATIVE, *grammar.FOLLOW, *grammar.YEAR_WORDS, *grammar.LAST, *grammar.NEXT]
)  # fmt: skip


def _listed(words: tuple[str, ...], slot: str) -> list[Entry]:
    """The language's word list as two entries: stems, and (marked with ``=``) exact words."""
    stems = tuple(w for w in words if not w.endswith("="))
    exact = tuple(w.removesuffix("=") for w in words if w.endswith("="))
    return [Entry(stems, slot, frozenset({slot})), Entry(exact, slot, frozenset({slot}), exact=True)]


def _without(entry: Entry, taken: set[str]) -> Entry:
    """The entry less the words that the content's own lexicon has taken, in all their forms: the article's sense wins."""
    own = [w for w in entry.words if w in taken]
    words = (w for w in entry.words if not any(w.startswith(o) and plausible(unmark(mark(w[len(o) :]))) for o in own))
    return Entry(tuple(words), entry.slot, entry.values, entry.role, entry.exact)


def _counted(catalog: Catalog, then: Catalog | None = None, known: Vocabulary | None = None) -> Counter[str]:
    """How often each word stands in the catalog's texts and in our own closed lists."""
    texts = _texts(catalog)
    if then is None or known is None:
        closed = (w for rows in grammar.ASKS.values() for p in rows for w in p)
        return Counter(itertools.chain(_surfaces(texts.elements()), closed, _CLOSED))
    before = _texts(then)
    counts = Counter(known.surfaces)
    counts.update(_surfaces((texts - before).elements()))
    counts.subtract(_surfaces((before - texts).elements()))
    return +counts


def _texts(catalog: Catalog) -> Counter[str]:
    utterances = (u for intent in catalog.intents for u in intent.utterances)
    return Counter(itertools.chain(utterances, (fact.statement for fact in catalog.facts.values())))


def _surfaces(texts: Iterable[str]) -> Iterable[str]:
    for text in texts:
        for token in tokenize(mark(text)):
            if token.is_word and not token.head.isdigit():
                yield token.head
                yield token.text
