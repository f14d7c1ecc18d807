"""A message → its clauses: cut at punctuation, at joiners between two questions, and after dictated remarks."""

from __future__ import annotations

import re
from itertools import pairwise

from bot.engine import grammar
from bot.engine.morph import supposed
from bot.engine.phrases import phrase_at
from bot.engine.text import Token

Clause = tuple[Token, ...]

_STOPS = frozenset(".!?;…\n:()")
_FIRST_PERSON_VERB = re.compile(
    r".{2,}(?:[fstkchp]t|[^fstkchp]d)[iu]m$|.{2,}[iu]yoru[mz]|.{3,}(?:[ae]c[ae]g[iu]m|[ae]c[ae]g[iu]z|d[ae]y[iu]m|[ae]y[iu]m|[iu]y[iu]m|[iu]y[iu]z|m[iu]st[iu]m)$"
)
"""*gidiyorum, aldım, kalacağız, doktorum*: what ends a remark about the asker where no comma was typed; *üretim, eğitim* are nouns."""
_FINITE_VERB = re.compile(
    r".{2,}(?:(?:[fstkchp]t|[^fstkchp]d)[iu](?:lar|ler|k)?|.m[iu]s(?:lar|ler)|.[iu]yor(?:lar)?|.[iu]yo|.[ae]c[ae]k(?:lar|ler))$"
)
"""*evlendi, koymuşlar, arıyor*: what ends a remark about somebody else; *-miş* and *-ecek* alone are adjectives too.
The past is *-ti* only after a voiceless consonant: *ticareti, başkenti* are nouns."""
_SHORT_VERBS = frozenset("oldu olmus var vardi varmis yok yoktu".split())
_NOT_VERBS = frozenset(
    "simdi kendi yedi dordu adi hadi haydi yurdu ordu kadi abdi hindi cadi ebedi adedi senedi derdi cildi kanadi umudu gecmis yemis gumus "
    "kredi kedi ciddi maddi turisti dostu ustu".split()
)
_JOINERS = frozenset("ve ayrica hem peki plus and и және".split())
_ASKING_WORDS = frozenset(pattern[0] for rows in grammar.ASKS.values() for pattern in rows if len(pattern) == 1)
_HOW_MANY = re.compile(r"kac(?:[iau]?n?[dt][ae]|[iu]n[iu]?|[dt][iu]r?|[iae])?(?:y?[dt][iu]|m[iu]s)?$")
_LONGEST, _MOST_ASKING = 40, 4
"""A clause of more words, or with more asking words, is no two questions but noise."""
_SHORT = 4
"""A comma's piece of at most this many words that asks nothing belongs to what follows it."""


def clauses_of(tokens: Clause) -> list[Clause]:
    """The clauses of a message in order; each has at least one word."""
    cut: list[tuple[list[Token], str]] = [([], "")]
    for i, token in enumerate(tokens):
        if (token.head in _STOPS and not _is_ordinal_dot(tokens, i)) or token.head == ",":
            cut.append(([], token.head))
            continue
        piece = cut[-1][0]
        joins = token.head in _JOINERS or (
            token.head in {"bi", "bir"} and i + 1 < len(tokens) and tokens[i + 1].head == "de"
        )
        if joins and asks(piece) and asks(tokens[i + 1 :]):
            cut.append(([], token.head))
            continue
        piece.append(token)
        if (
            _ends_remark(token)
            and not asks(piece)
            and asks(tokens[i + 2 :])
            and tokens[i + 1].head not in grammar.YESNO
            and phrase_at(tokens, i + 1)[0] != "confirm"
        ):
            cut.append(([], "remark"))
    return _joined_at_commas([(tuple(piece), mark) for piece, mark in cut if any(t.is_word for t in piece)])


def _ends_remark(token: Token) -> bool:
    if token.tail or token.head in _NOT_VERBS or supposed(token.text):
        return False
    return bool(_FIRST_PERSON_VERB.fullmatch(token.text) or _FINITE_VERB.fullmatch(token.text))


def asks(tokens: Clause | list[Token]) -> bool:
    """Whether a question word or particle stands in ``tokens``."""
    return any(map(_is_asking, tokens))


def _is_asking(token: Token) -> bool:
    return token.head in _ASKING_WORDS or token.head in grammar.YESNO or bool(_HOW_MANY.match(token.head))


def seams(tokens: Clause) -> list[int]:
    """Where one clause may be cut into two questions: between each asking word and the next (*kaç şirket var kaç proje var*)."""
    asking = [i for i, token in enumerate(tokens) if _is_asking(token)] if len(tokens) <= _LONGEST else []
    if len(asking) > _MOST_ASKING:
        return []
    return [at for first, second in pairwise(asking) for at in range(first + 1, second + 1)]


def _is_ordinal_dot(tokens: Clause, i: int) -> bool:
    return tokens[i].head == "." and i > 0 and tokens[i - 1].head.isdigit() and i + 1 < len(tokens)


def _joined_at_commas(pieces: list[tuple[Clause, str]]) -> list[Clause]:
    kept: list[Clause] = []
    for piece, mark in pieces:
        before = kept[-1] if kept else ()
        fragment = (
            before and not asks(before) and len(before) <= _SHORT and not _FIRST_PERSON_VERB.fullmatch(before[-1].text)
        )
        if mark == "," and fragment:
            kept[-1] = before + piece
        else:
            kept.append(piece)
    return kept
