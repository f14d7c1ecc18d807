"""The lexicon of a new content folder: the article's own names, everyday words, and words that may mean the same.

What one article means by a word another does not, so of the shipped concepts only those that hold everywhere are
taken over; others that share a word with the article are written as notes, for the editor to take or leave.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from bot.content.pack import fold_word, neutral_words
from bot.curate.findings import Place, Sentence, is_body, is_person, places_in, slug
from bot.curate.grader import lower
from bot.curate.starter import Concept, concepts
from bot.engine.morph import plausible, stem
from bot.engine.text import fold, mark, tokenize

_SHORT = 4
"""Shorter surnames begin too many other words; they are written as exact ones."""
_OFTEN, _MOST = 2, 24
"""A word that stands so often in the article is worth a synonym; so many of them are named."""

_HEAD = """\
# Haberin kendi sözcükleri. Bir girdi gövdedir: sözcük onunla başlar, kalanı ek olabilir. Boşluklu girdi art arda
# gelen gövdelerdir. Sonu “=” olan girdi yalnız o sözcüktür. Bir gövde dosyada yalnız bir yerde durur.
# Taraf: haberin yaptığı ya da uğradığı işi “kimden kime” diye ayıran ülke ya da kent (ikisi bir arada da olur);
# “biz” diyen “home” tarafındandır."""
_CONCEPTS = """\
# Birbirinin yerine geçen sözcükler. Aşağıdakiler her haberde geçerlidir; “haberde” notu olanlara yine de bakın."""
_SUGGESTED = """\
  # Haberinizle sözcük paylaşan öneriler; anlamı tutanın başındaki “#” işaretini kaldırın, tutmayan sözcüğü silin:"""


def parties_of(sentences: Sequence[Sentence]) -> list[str]:
    """A guess at the parties: the place named most, countries with a case, and places between which something goes."""
    named: Counter[str] = Counter()
    apart: set[str] = set()
    for places in (places_in(s.text) for s in sentences):
        named.update(p.name for p in places if p.slot != "region")
        apart |= {p.name for p in places if p.slot == "country" and p.case in {"dat", "abl", "loc"}}
        apart |= _between(places)
    ranked = [name for name, _ in named.most_common()]
    return [*ranked[:1], *(n for n in ranked[1:] if n in apart)]


def _between(places: Sequence[Place]) -> set[str]:
    """*Ankara'dan Samsun'a*: one that something comes from right before one that it goes to."""
    pairs = [(a, b) for a, b in pairwise(places) if (a.case, b.case) == ("abl", "dat")]
    return {p.name for pair in pairs for p in pair if p.slot != "region"}


def lexicon_yaml(sentences: Sequence[Sentence], parties: Sequence[str], article: str) -> str:
    """The whole of ``intents/lexicon.yaml``."""
    words = _Words()
    home = slug(parties[0]) if parties else "taraf"
    rows = [_HEAD, f"home: {home}", "", "parties:"]
    for name in parties or ("",):
        rows += [
            f"  {slug(name) if name else home}:",
            f"    name: {name}".rstrip(),
            f"    land: [{words.line([name])}]",
        ]
        if name and any(p.name == name and p.slot == "city" for s in sentences for p in places_in(s.text)):
            rows.append(f"    people: [{words.line([_people(name)])}]")
    rows += ["", "entities:", *_names(sentences, parties, words)]
    general, suggested = concepts(article)
    rows += ["", _CONCEPTS, "concepts:"]
    rows += [_concept(c, line) for c in general if (line := words.line(c.words))]
    if lines := [f"  # {_concept(c, line).strip()}" for c in suggested if (line := words.line(c.words))]:
        rows += ["", _SUGGESTED, *lines]
    if often := _own_words(article, [*general, *suggested], sentences):
        note = "Haberde sık geçen öbür sözcükler; eş anlamlısı sorulabilecek olanı kavram yapın"
        rows += ["", f"  # {note}: {', '.join(often)}"]
    return "\n".join(rows) + "\n"


def _names(sentences: Sequence[Sentence], parties: Sequence[str], words: _Words) -> list[str]:
    once = list(dict.fromkeys(n for s in sentences for n in s.names))
    places = {p.name: p.slot for s in sentences for p in places_in(s.text) if p.name not in parties}
    cities = [name for name, slot in places.items() if slot == "city"]
    countries = [name for name, slot in places.items() if slot == "country"]
    rows = _entities("person", [n for n in once if is_person(n)], words, "kişiler: başka söylenişlerini de ekleyin")
    rows += _entities("body", [n for n in once if is_body(n)], words, "kurumlar: haberin konusu olanı silin")
    rows += _entities("city", cities, words, "kentler: tarafını “in” ile yazın")
    return rows + _entities("country", countries, words, "ülkeler: kimden kime sorulacaksa yukarıya, taraflara taşıyın")


def _concept(concept: Concept, line: str) -> str:
    used = ", ".join(w.removesuffix("=") for w in concept.used)
    return f"  {concept.name}: [{line}]" + (f"  # haberde: {used}" if used else "")


def _people(name: str) -> str:
    """*Malatya* → *malatyalı*, *Ordu* → *ordulu*."""
    vowel = next((c for c in reversed(lower(name)) if c in "aıoueiöü"), "e")
    return name + "l" + {"a": "ı", "ı": "ı", "o": "u", "u": "u", "ö": "ü", "ü": "ü"}.get(vowel, "i")


def _own_words(article: str, known: Sequence[Concept], sentences: Sequence[Sentence]) -> list[str]:
    """Words that the article repeats, in their shortest form, but for names, words without content and concepts."""
    taken = [fold(w.removesuffix("=")) for c in known for w in c.words]
    taken += [fold(w.removesuffix("=")) for w in neutral_words()]
    taken += [fold(w) for s in sentences for n in s.names for w in n.split()]
    found: dict[str, list[str]] = {}
    for token in tokenize(mark(article)):
        head = token.head
        if (
            head.isalpha()
            and len(head) > _SHORT
            and not any(head.startswith(t) and plausible(head[len(t) :]) for t in taken)
        ):
            found.setdefault(stem(head), []).append(token.marked)
    ranked = sorted(found.values(), key=len, reverse=True)
    return [min(forms, key=len) for forms in ranked if len(forms) >= _OFTEN][:_MOST]


class _Words:
    """Writes words and remembers them: each may stand in one place only."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def line(self, words: Iterable[str]) -> str:
        """Those of ``words`` that have not been written yet, as the inside of a YAML list."""
        fresh = []
        for word in words:
            key = fold_word(word.removesuffix("="))
            if key and key not in self._seen:
                self._seen.add(key)
                fresh.append(_word(lower(word)))
        return ", ".join(fresh)


def _entities(slot: str, names: Sequence[str], words: _Words, about: str) -> list[str]:
    """The rows of one kind; a person's last name is a word of its own unless two share it."""
    last = Counter(n.split()[-1] for n in names)
    rows = {}
    for name in names:
        surname = name.split()[-1] + ("=" if len(name.split()[-1]) <= _SHORT else "")
        alone = [surname] if slot == "person" and last[name.split()[-1]] == 1 else []
        if line := words.line([name, *alone]):
            rows[slug(name)] = f"{{name: {json.dumps(name, ensure_ascii=False)}, words: [{line}]}}"
    return [f"  # {about}", f"  {slot}:", *(f"    {key}: {row}" for key, row in rows.items())] if rows else []


def _word(word: str) -> str:
    return word if re.fullmatch(r"[^\W\d_]+=?", word) else json.dumps(word, ensure_ascii=False)
