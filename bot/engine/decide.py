"""Candidates → one Verdict: only what is licensed, and agrees with every condition stated, is answered.

A whitelist. An intent may answer a question only when each content word of it stands in one of the
intent's utterances (its licence), and a fact of the intent agrees with every slot that the question
fills. Scores order the candidates; they never overrule a veto.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.engine.frame import Frame, Mention, with_roles
from bot.engine.grammar import OR, YESNO
from bot.engine.licence import FRAME_WORDS, Licence
from bot.engine.model import Catalog, Fact, Intent, Kind, Status
from bot.engine.propose import Proposer
from bot.engine.quantity import covers
from bot.engine.text import fold

REPEATED = 0.2
"""What an intent gains when an utterance of it, and of no other, has all and only the question's words."""
CONFIRMED = 0.3
"""What an intent gains whose fact says the very number that the question gives."""
ANSWER_AT = 0.16
"""Below this score an intent has too little of the question in common with its utterances."""
LEAD = 0.10
"""How far a gap or another subject may be ahead before it silences a licensed fact."""
LEAD_OVER_GAP = 0.1
"""How far a licensed fact must be ahead of a gap or another subject: a refusal costs less than a wrong answer."""
REMARK_COST = 0.12
"""What each unknown word in passing costs an intent's score."""
STRANGER_COST = 0.1
"""What an unknown word costs that may be no remark: it qualifies a content word, or is what is counted or asked."""
HARDLY = 2
"""A word that at most this many of all utterances use belongs to no subject."""
SURE_AT = 0.5
"""From this score on a word or focus that no utterance has may pass as a stranger (see ASIDES)."""
CERTAIN_AT = 0.9
"""From this score on even an altering word (*son, öbür*) may pass."""
LEADING_AT, LEADING_TIMES = 0.3, 3.0
"""… or from this score on, if it is so many times the next intent's."""
ASIDES = 3
REMARKED_AT = 0.3
EVENT_LEAD = 0.04
"""How far the best must be ahead among the intents about one event."""
UNANCHORED_AT = 0.3
"""A question without any of the intent's own words must be this close to one of its utterances."""
UNTOPICAL_AT = 0.25
"""A question without a subject of its own (*hangi tarihli haber*) must be this close to an utterance."""
SMALLTALK_AT = 0.25
OPTION_AT = 0.08
"""A candidate from this score on is offered when a few words without a question may mean several things …"""
MOST_OPTIONS, MOST_KEYWORDS = 4, 3
"""… so many candidates at most, for so many words at most."""
CLEAR_AT = 0.7
"""Below this score the best candidate may have a twin …"""
TWIN_SHARE = 0.35
"""… that scores at least this share of it: both are stated, since either may be meant."""
TALKING_AT = 0.45
"""From this score on, small talk may hold more than one word that no small talk has."""
REFUSAL_AT = 0.22
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


@dataclass(frozen=True, slots=True)
class Candidate:
    """An intent with its score, the words that it does not license, and its facts' agreements."""

    intent: Intent
    score: float
    unlicensed: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    strangers: tuple[str, ...] = ()
    agreeing: tuple[Agreement, ...] = ()
    contradicted: tuple[Agreement, ...] = ()
    anchored: bool = False

    @property
    def safe_score(self) -> float:
        """The score less what unknown words may have meant."""
        return self.score - REMARK_COST * len(self.remarks) - STRANGER_COST * len(self.strangers)

    @property
    def corrected(self) -> bool:
        """Whether every fact that would be stated corrects the question."""
        return all(a.corrections for a in self.agreeing)

    @property
    def stands(self) -> bool:
        """Whether this candidate may answer: a fact intent, licensed, with a fact in agreement."""
        return self.intent.kind is Kind.FACT and not self.unlicensed and bool(self.agreeing)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be said about one frame, and why: ``best`` leads, ``agreements`` are the facts to state."""

    status: Status
    frame: Frame
    best: Candidate | None
    agreements: tuple[Agreement, ...] = ()
    rivals: tuple[Candidate, ...] = ()
    reason: str = ""
    candidates: tuple[Candidate, ...] = ()


def decide(frame: Frame, speaker: str, catalog: Catalog, proposer: Proposer, licence: Licence) -> Verdict:
    """The verdict on one frame. ``speaker`` is the party of *we*; empty for the content's home."""
    repeated = licence.repeats(frame)
    proposed = [(number, score + REPEATED * (number == repeated)) for number, score in proposer.propose(frame, most=10)]
    found = [
        _candidate(
            number,
            score,
            frame,
            speaker,
            catalog,
            licence,
            sure=_is_sure(score, [s for n, s in proposed if n != number]),
        )
        for number, score in proposed
    ]
    candidates = tuple(sorted(found, key=lambda c: -c.score))
    if value := _by_value(frame, catalog, licence):
        return Verdict(
            Status.ANSWER, frame, candidates[0] if candidates else None, value, candidates=candidates, reason="value"
        )
    if not candidates or candidates[0].score < 0.02:
        return Verdict(Status.UNKNOWN, frame, None, reason="nothing known", candidates=candidates)
    return _weigh(frame, candidates, catalog, topical=licence.is_topical(frame))


def _is_sure(score: float, others: Sequence[float]) -> bool:
    """Whether an intent is far ahead: few utterances give flat scores, so the ratio to the next counts too."""
    return score >= SURE_AT or (score >= LEADING_AT and score >= LEADING_TIMES * max(others, default=0.0))


def decide_within(
    frame: Frame, event: frozenset[str], speaker: str, catalog: Catalog, proposer: Proposer, licence: Licence
) -> Verdict | None:
    """The answer to a bare question (*nerede oldu?*) about an ``event`` that was just spoken of, if one stands out."""
    found: list[Candidate] = []
    rival = 0.0
    for number, score in proposer.propose(frame, most=len(catalog.intents)):
        intent = catalog.intents[number]
        rival = max(rival, score) if intent.kind is not Kind.FACT else rival
        if intent.kind is Kind.FACT and any(
            event & catalog.facts[f].keys.get("event", frozenset()) for f in intent.facts
        ):
            candidate = _candidate(number, score, frame, speaker, catalog, licence)
            agreeing = tuple(a for a in candidate.agreeing if event & a.fact.keys.get("event", frozenset()))
            if agreeing and not candidate.unlicensed and not candidate.strangers:
                found.append(replace(candidate, agreeing=agreeing))
    if not found or found[0].score < rival or (len(found) > 1 and found[0].score - found[1].score < EVENT_LEAD):
        return None
    return Verdict(Status.ANSWER, frame, found[0], found[0].agreeing, reason="event", candidates=tuple(found))


def _weigh(frame: Frame, candidates: tuple[Candidate, ...], catalog: Catalog, *, topical: bool) -> Verdict:
    top = candidates[0]
    standing = [c for c in candidates if c.stands and c.safe_score >= _needed(c, topical=topical)]
    rivals = [c for c in candidates if c.intent.kind is not Kind.FACT]
    rival = max((c.score if not c.unlicensed else c.score - LEAD for c in rivals), default=0.0)
    vetoed = max((c.score for c in candidates if c.intent.kind is Kind.FACT and c not in standing), default=0.0)
    if standing:
        best = next((c for c in standing if not c.corrected and c.score >= standing[0].score - 2 * LEAD), standing[0])
        if best.score >= rival + LEAD_OVER_GAP and best.score >= vetoed - 2 * LEAD:
            return Verdict(Status.ANSWER, frame, best, _with_twin(best, standing), (), "licensed", candidates)
    if (
        top.intent.kind is Kind.SMALLTALK
        and top.score >= SMALLTALK_AT
        and (len(top.unlicensed) <= 1 or top.score >= TALKING_AT)
    ):
        return Verdict(Status.SMALLTALK, frame, top, reason="smalltalk", candidates=candidates)
    options = tuple(c for c in candidates if c.stands and c.score >= OPTION_AT)[:MOST_OPTIONS]
    if len(options) > 1 and not frame.is_question and len(frame.words) <= MOST_KEYWORDS:
        return Verdict(Status.CLARIFY, frame, options[0], rivals=options[1:], reason="keywords", candidates=candidates)
    return _refuse(frame, candidates, catalog)


def _with_twin(best: Candidate, standing: Sequence[Candidate]) -> tuple[Agreement, ...]:
    """What the best candidate states, and what the next one does where the best is not clearly ahead of it."""
    told = {a.fact.id for a in best.agreeing}
    for twin in standing:
        close = best.score < CLEAR_AT and twin.score >= TWIN_SHARE * best.score and twin.corrected == best.corrected
        if twin is not best and close and len(twin.agreeing) == 1 and twin.agreeing[0].fact.id not in told:
            return (*best.agreeing, *twin.agreeing)
    return best.agreeing


def _needed(candidate: Candidate, *, topical: bool) -> float:
    if not candidate.anchored:
        return UNANCHORED_AT
    if not topical:
        return UNTOPICAL_AT
    return REMARKED_AT if candidate.remarks or candidate.strangers else ANSWER_AT


def _refuse(frame: Frame, candidates: tuple[Candidate, ...], catalog: Catalog) -> Verdict:
    top = candidates[0]
    foreign_only = _third(frame) and not any(v in catalog.lexicon.names["party"] for v in frame.get("about"))
    if top.intent.kind is Kind.GAP and not foreign_only and top.score >= 0.1:
        return Verdict(Status.NOT_IN_ARTICLE, frame, top, reason="gap", candidates=candidates)
    fact = next((c for c in candidates if c.intent.kind is Kind.FACT), None)
    ours = bool(frame.get("about")) or any(m.slot not in {"number", "time", "ordinal"} for m in frame.mentions)
    other = max((c.score for c in candidates if c.intent.kind is not Kind.FACT), default=0.0)
    known = fact is not None and (
        fact.score >= REFUSAL_AT or (fact.score >= 0.1 and (ours or fact.score >= LEADING_TIMES * other))
    )
    if fact is not None and known and not foreign_only and (top.intent.kind is Kind.FACT or ours):
        reason = "unlicensed" if fact.unlicensed else "conflict"
        return Verdict(Status.NOT_IN_ARTICLE, frame, fact, (), (), reason, candidates)
    if ours and not foreign_only and top.intent.kind is not Kind.SMALLTALK:
        return Verdict(Status.NOT_IN_ARTICLE, frame, fact or top, (), (), "unlicensed", candidates)
    if top.intent.kind is Kind.SMALLTALK and top.score >= 0.12 and len(top.unlicensed) <= 1:
        return Verdict(Status.SMALLTALK, frame, top, reason="smalltalk", candidates=candidates)
    return Verdict(Status.UNKNOWN, frame, top, reason="other subject", candidates=candidates)


def _third(frame: Frame) -> bool:
    return any(v.startswith("x:") for v in frame.get("about"))


def _candidate(
    number: int, score: float, frame: Frame, speaker: str, catalog: Catalog, licence: Licence, *, sure: bool = False
) -> Candidate:
    intent = catalog.intents[number]
    if intent.kind is not Kind.FACT:
        return Candidate(
            intent, score, tuple(f for f in frame.features if not licence.lists(number, f) and f not in FRAME_WORDS)
        )
    asked = with_roles(frame, intent, speaker)
    if (
        asked.inherited
        and licence.own[number].isdisjoint(asked.inherited)
        and all(f[0] in "?#" or f in asked.inherited for f in asked.features)
    ):
        return Candidate(intent, score, ("topic",))
    missing = [f for f in asked.features if f not in asked.inherited and not licence.allows(number, f)]
    unknown = [f for f in missing if f[0] == "="]
    remarks = tuple(f for f in unknown if licence.uses.get(f, 0) <= HARDLY and _in_passing(f, asked))
    strangers = tuple(f for f in unknown if f not in remarks)
    unlicensed = tuple(f for f in missing if f not in unknown)
    unlicensed = (*unlicensed, *licence.asks(number, asked))
    if (
        not frame.strict
        and sure
        and len(unlicensed) <= ASIDES
        and all(f[0] not in "?#!" or "+" in f for f in unlicensed)
    ):
        strangers, unlicensed = (*strangers, *unlicensed), ()
    if intent.needs and intent.needs.isdisjoint(f.lstrip("?#") for f in asked.features):
        unlicensed = (*unlicensed, "needs")
    if frame.negated and not frame.yesno and not licence.lists(number, "#not"):
        unlicensed = (*unlicensed, "#not")
    agreements = [
        agreement(catalog.facts[f], asked, licence.words[number], catalog.lexicon.names["party"]) for f in intent.facts
    ]
    agreeing = [a for a in agreements if not a.conflicts]
    anchored = licence.anchors(number, asked)
    best = _best(agreeing)
    if frame.asks.isdisjoint({"count", "part"}) and any(m.slot == "number" for a in best for m in a.confirmed):
        score += CONFIRMED
    return Candidate(
        intent, score, unlicensed, remarks, strangers, best, tuple(a for a in agreements if a.conflicts), anchored
    )


def _in_passing(feature: str, frame: Frame) -> bool:
    """Whether an unknown word may be a remark: it neither qualifies a content word, nor is what is counted
    or chosen, nor is the predicate of a yes/no question.
    """
    at = frame.features.index(feature)
    before = frame.features[at - 1] if at else ""
    after = frame.features[at + 1] if at + 1 < len(frame.features) else ""
    counted = before in {"?count", "?which", "?nth", "#en"}
    qualifies = bool(after) and after[0] not in "?#="
    predicate = not after and frame.yesno
    return not (counted or qualifies or predicate)


def _best(agreeing: list[Agreement]) -> tuple[Agreement, ...]:
    """Of the facts in agreement: the least corrected, then the most exactly confirmed."""
    if not agreeing:
        return ()
    rank = min((len(a.corrections), -a.exact) for a in agreeing)
    return tuple(a for a in agreeing if (len(a.corrections), -a.exact) == rank or a.swapped)


def agreement(fact: Fact, frame: Frame, licence: frozenset[str], parties: Mapping[str, str]) -> Agreement:
    """Hold every mention of ``frame`` against ``fact``: keys must agree, what it says may correct."""
    outcomes = [(m, _hold(fact, m, licence, parties)) for m in _alternatives(frame)]
    confirmed = tuple(m for m, outcome in outcomes if outcome in {"confirms", "covers"})
    off = [m for m, outcome in outcomes if outcome == "corrects"]
    focused = any(m.focus for m in frame.mentions)
    corrections = tuple(
        m for m in off if frame.yesno and _may_correct(m, confirmed) and (m.focus or not focused or m.slot == "number")
    )
    swapped = frame.yesno and any(m.slot == "number" for m in confirmed) and {m.slot for m in off} <= {"agent", "target"}
    turned = [m for m, outcome in outcomes if outcome == "conflict"]
    if swapped and not off and turned and all(m.slot in {"agent", "target"} for m in turned):
        return Agreement(fact, (), tuple(turned), confirmed, 0)
    if len(corrections) > 1:
        corrections = tuple(m for m in corrections if m.focus)
    conflicts = tuple(m for m, outcome in outcomes if outcome == "conflict") + tuple(
        m for m in off if m not in corrections
    )
    exact = sum(2 if outcome == "confirms" else 1 for _, outcome in outcomes if outcome in {"confirms", "covers"})
    return Agreement(fact, conflicts, corrections, confirmed, exact)


def _may_correct(mention: Mention, confirmed: Sequence[Mention]) -> bool:
    """*İstanbul'da mı?* may be put right; *Trabzon'da var mı?* asks of a place that the article does not name."""
    return (
        mention.focus or mention.slot in {"number", "ordinal"} or (mention.slot not in _ASKED_SLOTS and bool(confirmed))
    )


def _alternatives(frame: Frame) -> list[Mention]:
    """Mentions with *A mı B mi* of one slot joined into one that leaves both open."""
    joined: dict[str, Mention] = {}
    open_choice = sum(w in YESNO for w in frame.words) > 1 or not OR.isdisjoint(frame.words)
    for i, m in enumerate(frame.mentions):
        either = (open_choice or bool(frame.joints)) and m.slot not in {"about"} and m.slot not in _SELF_SLOTS
        key = m.slot if either else f"{m.slot}{i}"
        if key in joined:
            before = joined[key]
            joined[key] = Mention(m.slot, before.values | m.values, m.word, before.focus or m.focus)
        else:
            joined[key] = m
    return list(joined.values())


def _hold(fact: Fact, mention: Mention, licence: frozenset[str], parties: Mapping[str, str]) -> str:
    slot, values = mention.slot, mention.values
    if slot == "time":
        return _hold_time(fact, mention)
    if slot == "number":
        return _hold_number(fact, values)
    if slot == "about":
        return _hold_about(fact, mention, parties)
    if slot == "except":
        return "conflict" if any(values >= said for said in fact.says.values()) else "neutral"
    if slot in fact.keys:
        return "confirms" if values & fact.keys[slot] else "conflict"
    if slot in fact.says:
        return "confirms" if values & fact.says[slot] else "corrects"
    if slot in _SELF_SLOTS:
        return "neutral"
    if slot == "ordinal":
        return "neutral" if ("#1" if "1" in values else "#n") in licence else "conflict"
    licensed = slot != "city" and any(f"{slot}:{v}" in licence for v in values)
    return "neutral" if licensed else "conflict"


def _hold_about(fact: Fact, mention: Mention, parties: Mapping[str, str]) -> str:
    party = next(iter(mention.values))
    if party in parties or party == "other" or party.removeprefix("x:") in fold(fact.statement):
        return "neutral"
    return "corrects" if mention.focus and "agent" in fact.says else "conflict"


def _hold_time(fact: Fact, mention: Mention) -> str:
    for part, slots in (("key", fact.keys), ("says", fact.says)):
        held = [v for k in _TIME_KEYS for v in slots.get(k, ())]
        if any(a == h for a in mention.values for h in held):
            return "confirms"
        if any(covers(a, h) for a in mention.values for h in held):
            return "covers"
        if held and part == "says":
            return "corrects"
    return "conflict"


def _hold_number(fact: Fact, values: frozenset[str]) -> str:
    held = numbers_of(fact)
    if values & held or any(_compares(v, h) for v in values for h in held):
        return "confirms"
    return "corrects" if held else "conflict"


def _compares(asked: str, held: str) -> bool:
    """Whether *more than* or *less than* the number asked is true of the number held."""
    if asked[0] == ">":
        return Decimal(held) >= Decimal(asked[1:])
    return asked[0] == "<" and Decimal(held) < Decimal(asked[1:])


def numbers_of(fact: Fact) -> frozenset[str]:
    """The numbers that a fact says, without their units."""
    return frozenset(v.split()[0] for slot in ("number", "count") for v in fact.says.get(slot, ()))


_VALUE_ASKS = frozenset({"what", "which", "who", "where", "when", "count"})
_VALUE_WORDS = frozenset({"?what", "?which", "?who", "?count", "#number", "#time"})
_MOST_REMARKS = 3


def _by_value(frame: Frame, catalog: Catalog, licence: Licence) -> tuple[Agreement, ...]:
    """*863 bin neyin sayısı?*: a value is given and its meaning asked, so the facts that say it are the answer."""
    given = [m for m in frame.mentions if m.slot in {"number", "time"}]
    if not given or not frame.asks & {"what", "which", "who"} or frame.yesno or frame.asks - _VALUE_ASKS:
        return ()
    rest = [f for f in frame.features if f not in _VALUE_WORDS and f not in licence.common]
    if sum(f[0] != "=" for f in rest) > 1:
        return ()
    numeric = any(m.slot == "number" for m in given)
    found: dict[str, Agreement] = {}
    for number, intent in enumerate(catalog.intents):
        for fact in (catalog.facts[f] for f in intent.facts if intent.kind is Kind.FACT):
            unknown = [f for f in rest if not licence.allows(number, f) or not numeric]
            passing = len(unknown) <= _MOST_REMARKS and all(f[0] == "=" for f in unknown)
            if passing and _says_all(fact, given) and not _elsewhere(fact, frame):
                found[fact.id] = Agreement(fact, (), (), tuple(given), 0)
    return tuple(found.values())


def _says_all(fact: Fact, given: Sequence[Mention]) -> bool:
    times = {v for k in _TIME_KEYS for v in fact.says.get(k, ())}
    numbers = frozenset(v.split()[0] for v in fact.says.get("number", ()))
    return all(_stated_value(m, numbers, times) for m in given)


def _elsewhere(fact: Fact, frame: Frame) -> bool:
    """Whether the question names a place, person or body that is not the fact's."""
    named = (m for m in frame.mentions if m.slot not in {"number", "time", "about"})
    return any(not m.values & (fact.keys.get(m.slot, frozenset()) | fact.says.get(m.slot, frozenset())) for m in named)


def _stated_value(mention: Mention, numbers: frozenset[str], times: set[str]) -> bool:
    if mention.slot == "number":
        return bool(mention.values & numbers)
    return any(covers(asked, held) for asked in mention.values for held in times)
