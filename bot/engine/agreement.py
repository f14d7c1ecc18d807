"""A fact held against a frame: what agrees, what contradicts, and what the fact would put right."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.engine.frame import Frame, Mention
from bot.engine.grammar import OR, YESNO
from bot.engine.licence import Licence
from bot.engine.measure import confirms, lasts, otherwise_measured
from bot.engine.model import Catalog, Fact, Kind
from bot.engine.quantity import covers
from bot.engine.text import fold

_TIME_KEYS = ("year", "month", "months", "years", "date")
_ASKED_SLOTS = frozenset({"time", "city", "venue", "agent", "target", "about"})
_SELF_SLOTS = frozenset({"agent", "target", "about"})


@dataclass(frozen=True, slots=True)
class Agreement:
    """How a fact stands to a frame: what contradicts it, what it corrects, what it confirms."""

    fact: Fact
    conflicts: tuple[Mention, ...]
    corrections: tuple[Mention, ...]
    confirmed: tuple[Mention, ...]
    exact: int

    @property
    def swapped(self) -> bool:
        """Whether the fact says the very number of the question, of the other direction."""
        said = any(m.slot == "number" for m in self.confirmed)
        return said and bool(self.corrections) and all(m.slot in {"agent", "target"} for m in self.corrections)


def best_of(agreeing: list[Agreement]) -> tuple[Agreement, ...]:
    """Of the facts in agreement: the least corrected, then the most exactly confirmed.

    A swapped one stands beside these, alone only where *mi* asks about the direction itself.
    """
    agreeing = [
        a
        for a in agreeing
        if not a.swapped or any(m.focus for m in a.corrections) or not all(b.swapped for b in agreeing)
    ]
    if not agreeing:
        return ()
    best = min(map(_rank, agreeing))
    return tuple(a for a in agreeing if _rank(a) == best or a.swapped)


def _rank(held: Agreement) -> tuple[int, int, int]:
    """Few corrections first, and rather of what *mi* asks about than of what is taken for granted; then what confirms most."""
    return len(held.corrections), sum(not m.focus for m in held.corrections), -held.exact


def agreement(fact: Fact, frame: Frame, licence: frozenset[str], parties: Mapping[str, str]) -> Agreement:
    """Hold every mention of ``frame`` against ``fact``: keys must agree, what it says may correct."""
    stated = [m for m in _alternatives(frame) if not _in_doubt(m, frame, fact)]
    outcomes = [(m, _hold(fact, m, licence, parties)) for m in stated]
    confirmed = tuple(m for m, outcome in outcomes if outcome in {"confirms", "covers"})
    off = [m for m, outcome in outcomes if outcome == "corrects"]
    focused = any(m.focus and m.slot != "about" and m not in confirmed for m in stated)
    corrections = tuple(
        m for m in off if frame.yesno and _may_correct(m, confirmed) and (m.focus or not focused or m.slot == "number")
    )
    if "#except" in frame.features:
        corrections = ()
    corrections += tuple(m for m in off if m.slot == "unit")
    swapped = (
        frame.yesno and any(m.slot == "number" for m in confirmed) and {m.slot for m in off} <= {"agent", "target"}
    )
    turned = [m for m, outcome in outcomes if outcome == "conflict"]
    if swapped and not off and turned and all(m.slot in {"agent", "target"} for m in turned):
        return Agreement(fact, (), tuple(turned), confirmed, 0)
    if len(corrections) > 1:
        corrections = tuple(m for m in corrections if m.focus)
    conflicts = tuple(m for m, outcome in outcomes if outcome == "conflict") + tuple(
        m for m in off if m not in corrections
    )
    conflicts += _of_somebody_else(fact, frame)
    exact = sum(2 if outcome == "confirms" else 1 for _, outcome in outcomes if outcome in {"confirms", "covers"})
    return Agreement(fact, conflicts, corrections, confirmed, exact)


def _of_somebody_else(fact: Fact, frame: Frame) -> tuple[Mention, ...]:
    """*Nuri kimi karşıladı? Ali Kaya'yı kim karşıladı?*: where Ali Kaya did, the fact tells it the other way round."""
    doer = fact.says.get("doer", frozenset())
    turned = bool(doer) and ((frame.doer and not frame.yesno and frame.doer.isdisjoint(doer)) or frame.undergoer & doer)
    return (Mention("doer", doer, ""),) if turned else ()


def _in_doubt(mention: Mention, frame: Frame, fact: Fact) -> bool:
    """*8 milyar diyorlar, kaç?*: where the number is what is asked, another that was heard is no condition.

    Nor is how many things the asker expects (*düşündüğü iki alan neydi*) of a fact that has no count.
    """
    if mention.slot != "number" or frame.yesno or not frame.asks:
        return False
    digits = [len(v.split()[0]) for v in mention.values]
    if "count" not in fact.says and all(len(v) == 1 for v in mention.values):
        return True
    doubted = "count" in frame.asks and "number" in fact.says and all(n > 1 for n in digits)
    return doubted and _hold_number(fact, mention.values) != "confirms"


def _may_correct(mention: Mention, confirmed: Sequence[Mention]) -> bool:
    """*İstanbul'da mı?* may be put right; *Trabzon'da var mı?* asks of a place that the article does not name."""
    return (
        mention.focus or mention.slot in {"number", "ordinal"} or (mention.slot not in _ASKED_SLOTS and bool(confirmed))
    )


def unheld(
    agreeing: Sequence[Agreement], frame: Frame, licence: frozenset[str], parties: Mapping[str, str]
) -> list[Mention]:
    """*İzmir ve Trabzon'da*: those of several that are joined by *ve* of which no fact that agrees tells."""
    if not frame.joints or is_open(frame):
        return []
    several = Counter(m.slot for m in frame.mentions if m.slot not in _SELF_SLOTS | {"except", "unit"})
    return [
        m
        for m in frame.mentions
        if several[m.slot] > 1 and all(_hold(a.fact, m, licence, parties) in {"conflict", "corrects"} for a in agreeing)
    ]


def is_open(frame: Frame) -> bool:
    """*A mı B mi*, *A veya B*: either may be meant."""
    return sum(w in YESNO for w in frame.words) > 1 or not OR.isdisjoint(frame.words)


def _alternatives(frame: Frame) -> list[Mention]:
    """Mentions with *A mı B mi* of one slot joined into one that leaves both open."""
    joined: dict[str, Mention] = {}
    open_choice = is_open(frame)
    for i, m in enumerate(frame.mentions):
        either = (open_choice or bool(frame.joints)) and m.slot not in _SELF_SLOTS
        key = m.slot if either else f"{m.slot}{i}"
        if key in joined:
            before = joined[key]
            joined[key] = Mention(m.slot, before.values | m.values, m.word, before.focus or m.focus)
        else:
            joined[key] = m
    return list(joined.values())


def _hold(fact: Fact, mention: Mention, licence: frozenset[str], parties: Mapping[str, str]) -> str:
    """How ``fact`` stands to ``mention``: confirms, covers (a time within it), corrects, conflict or neutral."""
    slot, values = mention.slot, mention.values
    if slot == "about":
        return _hold_about(fact, mention, parties)
    if special := _HOLDING.get(slot):
        return special(fact, values)
    held = fact.keys.get(slot) or fact.says.get(slot)
    if held:
        return "confirms" if values & held else "conflict" if slot in fact.keys else "corrects"
    return "neutral" if _needs_no_fact(slot, values, licence) else "conflict"


def _hold_except(fact: Fact, values: frozenset[str]) -> str:
    """*X hariç*: a fact that says X alone does not hold; of a time or number that is left out nothing is known."""
    if any(v[0].isdecimal() or v[0] in "*<>" for v in values):
        return "conflict"
    if any(values >= said for said in fact.says.values()):
        return "conflict"
    return "neutral"


def _needs_no_fact(slot: str, values: frozenset[str], licence: frozenset[str]) -> bool:
    """Whether a condition of which the fact says nothing is the intent's own, so that no fact need hold it."""
    if slot == "ordinal":
        return any(f"#n{value}" in licence for value in values)
    return slot in _SELF_SLOTS or (slot != "city" and any(f"{slot}:{v}" in licence for v in values))


def _hold_about(fact: Fact, mention: Mention, parties: Mapping[str, str]) -> str:
    party = next(iter(mention.values))
    if party in parties or party == "other" or party.removeprefix("x:") in fold(fact.statement):
        return "neutral"
    return "corrects" if mention.focus and "agent" in fact.says else "conflict"


_SO_LONG = re.compile(r"\*-01/\*-\d\d")
"""*iki aylık*: the first two months, or as long as that."""


def _hold_time(fact: Fact, values: frozenset[str]) -> str:
    if all(map(_SO_LONG.fullmatch, values)) and lasts(amounts_of(fact)):
        return "neutral"
    for part, slots in (("key", fact.keys), ("says", fact.says)):
        held = [v for k in _TIME_KEYS for v in slots.get(k, ())]
        if any(a == h for a in values for h in held):
            return "confirms"
        within = _figure_within if part == "key" else _event_within
        if any(within(a, h) for a in values for h in held):
            return "covers"
        if held and part == "says":
            return "corrects"
    return "conflict"


def _figure_within(asked: str, held: str) -> bool:
    """Whether a figure of ``held`` is one of the time asked; a year's is none of *2023'ten beri*."""
    return covers(asked, held) and not _is_since(asked, held)


def _event_within(asked: str, held: str) -> bool:
    """Whether what happened at ``held`` lies in the time asked; a later year does in *2009'dan sonra*."""
    later = _is_since(asked, held) and held[:4].isdecimal() and held[:4] > asked[:4]
    return covers(asked, held) or later


def _is_since(asked: str, held: str) -> bool:
    """Whether all since a time is asked of, and ``held`` is no span."""
    return asked.endswith("/*") and "/" not in held


def _hold_number(fact: Fact, values: frozenset[str]) -> str:
    held = amounts_of(fact)
    if any(confirms(v, h) for v in values for h in held):
        return "confirms"
    return "corrects" if held else "conflict"


def _hold_unit(fact: Fact, values: frozenset[str]) -> str:
    """*kaç euro?*: an amount in dollars is none in euros."""
    return "corrects" if otherwise_measured(min(values), amounts_of(fact)) else "neutral"


_HOLDING: Mapping[str, Callable[[Fact, frozenset[str]], str]] = {
    "time": _hold_time,
    "number": _hold_number,
    "unit": _hold_unit,
    "except": _hold_except,
}


def amounts_of(fact: Fact) -> frozenset[str]:
    """The numbers that a fact says, each with its unit."""
    return frozenset(v for slot in ("number", "count") for v in fact.says.get(slot, ()))


_VALUE_ASKS = frozenset({"what", "which", "who", "where", "when", "count"})
_VALUE_WORDS = frozenset({"?what", "?which", "?who", "?count", "#number", "#time"})
_MOST_REMARKS = 3
"""So many unknown words may stand in a question for what a value means."""
GENERAL = 4
"""A word that so many fact intents use (*önem, tarih, ilişki*) may stand beside a bare date."""


def by_value(frame: Frame, catalog: Catalog, licence: Licence) -> tuple[Agreement, ...]:
    """*863 bin neyin sayısı?*: a value is given and its meaning asked, so the facts that say it are the answer."""
    given = [m for m in frame.mentions if m.slot in {"number", "time"}]
    if not given or not frame.asks & {"what", "which", "who"} or frame.yesno or frame.asks - _VALUE_ASKS:
        return ()
    if frame.strict or frame.inherited:
        return ()  # what is taken over from the question before says what the value is of
    rest = [f for f in frame.features if f not in _VALUE_WORDS and f not in licence.common]
    if sum(f[0] != "=" for f in rest) > 1:
        return ()
    numeric = any(m.slot == "number" for m in given)
    if not numeric and not frame.asks <= {"what"}:
        return ()
    telling = any(len(v.split()[0]) > 1 for m in given for v in m.values)
    remarks = _MOST_REMARKS if telling else 0  # *yedi cüceler kimdir*: a small number alone tells of nothing
    topics = frozenset() if numeric else frozenset(f for f in rest if any(f in own for own in licence.own))
    found: dict[str, Agreement] = {}
    for number, intent in enumerate(catalog.intents):
        for fact in (catalog.facts[f] for f in intent.facts if intent.kind is Kind.FACT):
            unknown = [
                f for f in rest if not licence.allows(number, f) or (not numeric and licence.spread.get(f, 0) < GENERAL)
            ]
            passing = len(unknown) <= remarks and all(f[0] == "=" for f in unknown) and topics <= licence.own[number]
            if passing and _says_all(fact, given) and not _elsewhere(fact, frame):
                found[fact.id] = Agreement(fact, (), (), tuple(given), 0)
    return tuple(found.values())


def _says_all(fact: Fact, given: Sequence[Mention]) -> bool:
    times = {v for k in _TIME_KEYS for v in fact.says.get(k, ())}
    numbers = fact.says.get("number", frozenset())
    return all(_stated_value(m, numbers, times) for m in given)


def _elsewhere(fact: Fact, frame: Frame) -> bool:
    """Whether the question names a place, person or body that is not the fact's."""
    named = (m for m in frame.mentions if m.slot not in {"number", "time", "about"})
    return any(not m.values & (fact.keys.get(m.slot, frozenset()) | fact.says.get(m.slot, frozenset())) for m in named)


def _stated_value(mention: Mention, numbers: frozenset[str], times: set[str]) -> bool:
    if mention.slot == "number":
        return any(confirms(v.lstrip("<>"), n) for v in mention.values for n in numbers)
    return any(covers(asked, held) for asked in mention.values for held in times)
