"""What every content folder begins with: small talk, other subjects and everyday words, less what is about one article.

They are taken from the shipped content, so that they stand in one place only: whatever names a party, place, person
or subject of the shipped article is left out, and so is what the new article itself is about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from bot.content.cache import default_folder
from bot.content.load import load
from bot.engine.frame import Frame
from bot.engine.model import Catalog, Intent, Kind
from bot.engine.morph import plausible
from bot.engine.read import read
from bot.engine.text import fold, has_word, tokenize
from bot.engine.vocabulary import Vocabulary, build

MOST_TALK, MOST_OTHER, MOST_NEAR = 40, 30, 12
"""Utterances an intent: more small talk than other subjects, since it must be recognised, not merely told apart;
of other subjects, so many at most that share a word with the article."""
_STEM = 5
_SUBJECT = 3
"""A word that stands so often in an article belongs to its subject."""
GENERAL = frozenset(
    "address age agenda announce annual apply attend average bad begin big birth capital_city car ceremony cheap child "
    "city close compare contact continue cost country daily date day death document dollar euro expect expensive family "
    "famous finish gender gift give good holiday hour importance invite lira list member message money month monthly "
    "name near number open percent person_unit phone photo population price problem project purpose reach required "
    "result salary say school sell small source spend spouse support total type university week wedding".split()
)
"""Concepts whose words stand for each other in any article."""
_SCOPE = "{subject} hakkındaki haberde geçenleri sorabilirsiniz. "
_HOW = "Sorunuzu kendi cümlelerinizle yazmanız yeterli; haberde yoksa bunu açıkça söylerim."
_REPLIES = {"capabilities": _SCOPE + _HOW}
"""Replies that the shipped content fills with its own subjects."""


@dataclass(frozen=True)
class _Shipped:
    """The product's own content and its vocabulary: reading needs no training, which takes most of a compilation."""

    catalog: Catalog
    vocabulary: Vocabulary

    def frames(self, text: str) -> tuple[Frame, ...]:
        """The questions of ``text`` as the shipped content reads them."""
        catalog = self.catalog
        return read(text, self.vocabulary, catalog.lexicon.home, catalog.article.date).questions


@cache
def _shipped() -> _Shipped:
    catalog = load(default_folder())
    return _Shipped(catalog, build(catalog))


def smalltalk() -> Iterator[tuple[str, str, list[str]]]:
    """Each kind of small talk: id, reply, utterances."""
    for intent in _of_kind(Kind.SMALLTALK):
        general = [u for u in intent.utterances if _is_general(u)]
        yield intent.id, _REPLIES.get(intent.id, intent.reply), _spread(general, MOST_TALK)


def other_subjects(article: str) -> Iterator[tuple[str, list[str]]]:
    """Each subject that no article of ours is about: id, utterances that are not about ``article`` either.

    One that shares a word in passing stays (*iPhone fiyatları* where a price is told of): it is what must be told apart.
    """
    own = Counter(_stems(article))
    for intent in _of_kind(Kind.OUT_OF_SCOPE):
        foreign = [u for u in intent.utterances if _is_general(u) and _is_foreign(set(_stems(u)), own)]
        near = _spread([u for u in foreign if any(s in own for s in _stems(u))], MOST_NEAR)
        far = _spread([u for u in foreign if u not in near], MOST_OTHER - len(near))
        if foreign:
            yield intent.id, near + far


@dataclass(frozen=True, slots=True)
class Concept:
    """Words that stand for each other; ``used`` are those that the new article has itself."""

    name: str
    words: tuple[str, ...]
    used: tuple[str, ...]


def concepts(article: str) -> tuple[list[Concept], list[Concept]]:
    """The shipped concepts that hold whatever the article, and those others that share a word with ``article``.

    Only the first may be taken over unseen: *yolcu* is a tourist in one article and a passenger in the next.
    """
    heads = {t.head for t in tokenize(fold(article))}
    found = [Concept(n, tuple(words), tuple(w for w in words if _uses(heads, w))) for n, words in _everyday().items()]
    general = [c for c in found if c.name in GENERAL]
    return general, [c for c in found if c.name not in GENERAL and c.used]


def _uses(heads: set[str], word: str) -> bool:
    stem = fold(word.removesuffix("="))
    return any(h == stem if word.endswith("=") else h.startswith(stem) and plausible(h[len(stem) :]) for h in heads)


def _everyday() -> dict[str, list[str]]:
    """Concepts of the shipped lexicon by name; a word that is meant exactly ends in ``=``.

    Phrases are left out: what two words mean together is an article's own affair more often than not.
    """
    found: dict[str, list[str]] = {}
    for entry in _shipped().catalog.lexicon.entries:
        if not entry.slot:
            (name,) = entry.values
            words = [w + "=" if entry.exact else w for w in entry.words if _is_latin(w) and " " not in w]
            found.setdefault(name, []).extend(words)
    return {name: words for name, words in found.items() if words}


def _is_foreign(stems: set[str], own: Mapping[str, int]) -> bool:
    """Whether an utterance has no word that the article repeats, and as many others as it shares, or more."""
    shared = {s for s in stems if s in own}
    return all(own[s] < _SUBJECT for s in shared) and len(shared) * 2 <= len(stems)


def _of_kind(kind: Kind) -> Iterator[Intent]:
    return (i for i in _shipped().catalog.intents if i.kind is kind)


@cache
def _own_names() -> tuple[str, ...]:
    """Folded stems of the shipped article's parties, places, persons, bodies and other names."""
    entries = _shipped().catalog.lexicon.entries
    return tuple(fold(w) for e in entries if e.slot for w in e.words if len(w) >= _STEM and " " not in w)


def _is_general(utterance: str) -> bool:
    """Whether an utterance is about nothing of the shipped article's and written in Turkish letters."""
    frames = _shipped().frames(utterance)
    named = any(f.parties or any(m.slot not in {"number", "time", "ordinal"} for m in f.mentions) for f in frames)
    heads = [t.head for t in tokenize(fold(utterance))]
    return (
        _is_latin(utterance)
        and has_word(utterance)
        and not named
        and not any(h.startswith(_own_names()) for h in heads)
    )


def _is_latin(text: str) -> bool:
    return not any("Ѐ" <= c <= "ӿ" for c in text)


def _stems(text: str) -> Iterator[str]:
    return (t.head[:_STEM] for t in tokenize(fold(text)) if len(t.head) >= _STEM and t.head.isalpha())


def _spread(lines: list[str], most: int) -> list[str]:
    """At most ``most`` of ``lines``, evenly from the beginning to the end, since like ones stand together."""
    if len(lines) <= most:
        return lines
    return [lines[i * len(lines) // most] for i in range(most)]
