"""A party named at a word, with its case: by its own ending, and by the word before or after it that gives it one."""

from __future__ import annotations

import re

from bot.engine import grammar, turning
from bot.engine.model import Entry
from bot.engine.morph import case_after, case_of
from bot.engine.roles import Party
from bot.engine.text import Token
from bot.engine.vocabulary import BACKGROUND, NEUTRAL, Hit, Vocabulary

Tokens = tuple[Token, ...]


def party_at(tokens: Tokens, i: int, hit: Hit, vocabulary: Vocabulary) -> Party:
    """The party that ``hit`` names at token ``i``; a third country is ``x:…``."""
    entry, after = hit.entry, i + hit.span
    name = next(iter(entry.values))
    people = entry.role == "people"
    before = tokens[i - 1].text if i else ""
    role = case_after(before, hit.rest) or _russian_genitive(entry, hit.rest, before) or case_of(hit.rest) or "nom"
    if people and hit.span > 1 and role == "acc":
        role = "nom"
    if not hit.rest and (place := _place_noun(tokens, after, people=people)):
        people, role = False, place
    elif role == "nom":
        role = _postposition(tokens, after, vocabulary, people=people)
    if role == "dat" and any(t.head.startswith("ait") for t in tokens[after : after + 2]):
        role = "gen"
    return Party(name if entry.slot == "party" else "x:" + name, role, tokens[after - 1].text, people)


def land_case(word: str) -> str:
    """The case of *ülkemizde*, *memleketimize*: of a word for a land that is the asker's own."""
    land = next(land for land in grammar.LANDS if word.startswith(land))
    rest = re.sub(r"^(?:l[ae]r)?(?:[iu]?m[iu]z)?", "", word[len(land) :])
    return case_of(rest) or "nom"


def _russian_genitive(entry: Entry, rest: str, before: str) -> str:
    """*посольство Казахстана*: the land owns what stands before it; *города Турции* are in it."""
    if entry.role != "land" or rest not in {"а", "ии", "и"}:
        return ""
    return "loc" if before.startswith(grammar.PLACE_NOUNS) else "gen"


def _postposition(tokens: Tokens, i: int, vocabulary: Vocabulary, *, people: bool) -> str:
    """What the word at ``i`` makes of a party without a case: *Mavililer için*; *Mavi Ada çökünce* is no part of the question."""
    word = tokens[i].text if i < len(tokens) else ""
    if word in grammar.FOR:
        return "dat"
    if people and _is_entity_with(vocabulary.find(tokens, i) if i < len(tokens) else None):
        return "aside"
    return "aside" if not people and turning.CONVERB.fullmatch(word) else "nom"


def _is_entity_with(hit: Hit | None) -> bool:
    """*Yeşilli bakanla*: somebody of theirs is there, they do nothing."""
    named = hit is not None and hit.entry.slot not in {"", NEUTRAL, BACKGROUND, "city"}
    return hit is not None and named and case_of(hit.rest) == "ins"


def _place_noun(tokens: Tokens, i: int, *, people: bool) -> str:
    """*Türk şehirlerinde, Türkiye ekonomisine*: before a noun of place people are their land, and take its case."""
    head = tokens[i].head if i < len(tokens) else ""
    stem = next((noun for noun in grammar.PLACE_NOUNS if head.startswith(noun)), "")
    rest = re.sub(r"^(?:l[ae]r)?[iu]?n?(?=[dt][ae]|[ae]$|[iu]n$)", "", head[len(stem) :])
    case = case_of(rest)
    if people and case == "acc" and not rest.endswith(("ni", "nu")):
        case = ""  # *Mavili şehirleri*: the possessive of the compound
    known = case if people or case in {"dat", "loc", "abl"} else ""
    return (known or "loc" * people) if stem else ""
