"""Candidates → one Verdict: only what is licensed, and agrees with every condition stated, is answered.

A whitelist. An intent may answer a question only when its utterances license each content word, question
word and focus of it (see ``licence``), and one of its facts agrees with every slot that the question fills
(see ``agreement``). Words that no lexicon knows do not veto: as *remarks* in passing, or as *strangers*
where they may matter, they cost score and raise the bar; beside a gap that explains every word, they do, and so
does the very thing asked for, or more of them than words that are the intent's.
Where an intent is *sure*, far ahead of the others, a few words that only other intents use pass as strangers
too. Scores order the candidates, and open that one door; a contradicted condition they never overrule.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.engine.agreement import Agreement, agreement, amounts_of, best_of, by_value, unheld
from bot.engine.frame import Frame, with_roles
from bot.engine.licence import FRAME_WORDS, Licence
from bot.engine.model import Catalog, Intent, Kind, Status
from bot.engine.propose import Proposer

REPEATED = 0.2
"""What an intent gains when an utterance of it, and of no other, has all and only the question's words."""
CONFIRMED = 0.3
"""What an intent gains whose fact says the very number that the question gives."""
FAR_AHEAD = 0.5
"""A gap that has the very question silences every fact of which it scores this share."""
TAIL, HEADS = 0.02, 3
"""Below this score an intent is not weighed, if it is not one of so many best."""
ANSWER_AT = 0.16
"""Below this score an intent has too little of the question in common with its utterances."""
LEAD = 0.10
"""How far a gap or another subject may be ahead before it silences a licensed fact."""
LEAD_OVER_GAP = 0.1
"""How far a licensed fact must be ahead of a gap or another subject: a refusal costs less than a wrong answer."""
USUAL_SHARE, USUAL_AT = 0.9, 0.22
"""… unless the question has nothing but what that intent is usually asked with (nothing then names what is missing), and
scores this share of the gap's score, and so much by itself."""
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
"""So many words or foci of other intents may pass as strangers."""
GAP_AT = 0.1
"""From this score on, a gap that licenses every word of the question silences a fact that would pass over one."""
REMARKED_AT = 0.3
"""A question with remarks or strangers must be this close to one of the intent's utterances, what they cost deducted."""
EVENT_LEAD = 0.04
"""How far the best must be ahead among the intents about one event."""
UNANCHORED_AT = 0.3
"""A question without any of the intent's own words must be this close to one of its utterances."""
UNTOPICAL_AT = 0.25
"""A question without a subject of its own (*hangi tarihli haber*) must be this close to an utterance."""
SMALLTALK_AT = 0.25
"""From this score on, what is no question is taken for small talk."""
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
"""From this score on, the nearest fact is what was asked about; below it, the article's own names must be there."""

_ANOTHER_TOPIC = ("topic",)
"""What stands against an intent that shares nothing with what a follow-up takes over; any other is nearer."""


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
    usual: bool = False

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
    proposed = [
        (number, score + REPEATED * (number == repeated))
        for number, score in _proposed(frame, catalog, proposer, licence)
    ]
    scores = dict(proposed)
    found = [
        _candidate(number, score, frame, speaker, catalog, licence, sure=_is_sure(number, scores))
        for number, score in _worth_weighing(proposed, frame, catalog)
    ]
    if repeated is not None and catalog.intents[repeated].kind is not Kind.FACT:
        found = _silenced(found, scores.get(repeated, 0.0))
    candidates = tuple(sorted(found, key=lambda c: -c.score))
    gap = bool(candidates) and candidates[0].intent.kind is Kind.GAP and candidates[0].score >= SURE_AT
    if not gap and (value := by_value(frame, catalog, licence)):
        return Verdict(
            Status.ANSWER, frame, candidates[0] if candidates else None, value, candidates=candidates, reason="value"
        )
    if not candidates or candidates[0].score < 0.02:
        return Verdict(Status.UNKNOWN, frame, None, reason="nothing known", candidates=candidates)
    return _weigh(frame, candidates, catalog, topical=licence.is_topical(frame))


def _proposed(frame: Frame, catalog: Catalog, proposer: Proposer, licence: Licence) -> list[tuple[int, float]]:
    """What the proposer says, without the gaps that have these words of other times only; their share goes to the rest."""
    every = proposer.propose(frame, most=10)
    kept = [
        (number, score)
        for number, score in every
        if catalog.intents[number].kind is not Kind.GAP or not licence.is_of_another_time(number, frame)
    ]
    if len(kept) == len(every):
        return every
    left = 1 - sum(score for _, score in every) + sum(score for _, score in kept)
    return [(number, score / left) for number, score in kept]


def _silenced(found: Sequence[Candidate], gap: float) -> list[Candidate]:
    """The candidates where a gap has the very question: a fact that is not far ahead of it is vetoed."""
    return [
        replace(c, unlicensed=(*c.unlicensed, "gap")) if c.intent.kind is Kind.FACT and c.score * FAR_AHEAD < gap else c
        for c in found
    ]


def _worth_weighing(
    proposed: Sequence[tuple[int, float]], frame: Frame, catalog: Catalog
) -> Sequence[tuple[int, float]]:
    """Those that may answer or be told as the nearest: all but a tail too faint for anything, unless a number lifts one."""
    if any(m.slot == "number" for m in frame.mentions):
        return proposed
    nearest = next((row for row in proposed if catalog.intents[row[0]].kind is Kind.FACT), None)
    return [row for rank, row in enumerate(proposed) if rank < HEADS or row[1] >= TAIL or row is nearest]


def _is_sure(number: int, scores: Mapping[int, float]) -> bool:
    """Whether an intent is far ahead: few utterances give flat scores, so the ratio to the next counts too."""
    score = scores[number]
    if score >= SURE_AT or score < LEADING_AT:
        return score >= SURE_AT
    return score >= LEADING_TIMES * max((s for n, s in scores.items() if n != number), default=0.0)


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
    if any(c.intent.kind is Kind.GAP and not c.unlicensed and c.score >= GAP_AT for c in rivals):
        standing = [c for c in standing if not c.strangers and not c.remarks]
    if standing:
        best = next((c for c in standing if not c.corrected and c.score >= standing[0].score - 2 * LEAD), standing[0])
        if _outdoes(best, rival, topical=topical) and best.score >= vetoed - 2 * LEAD:
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


def _outdoes(best: Candidate, rival: float, *, topical: bool) -> bool:
    """Whether a licensed fact may be stated although a gap or another subject scores ``rival``."""
    whole = topical and best.anchored and best.usual and not best.strangers and not best.remarks
    return best.score >= rival + LEAD_OVER_GAP or (whole and best.score >= max(USUAL_AT, USUAL_SHARE * rival))


def _with_twin(best: Candidate, standing: Sequence[Candidate]) -> tuple[Agreement, ...]:
    """What the best candidate states, and what the next one does where the best is not clearly ahead of it."""
    told = {a.fact.id for a in best.agreeing}
    for twin in standing:
        close = best.score < CLEAR_AT and twin.score >= TWIN_SHARE * best.score and twin.corrected == best.corrected
        if twin is best or not close or len(twin.agreeing) != 1 or twin.agreeing[0].fact.id in told:
            continue
        if _directed(best) <= _directed(twin) or not (_figures(best) and _figures(twin)):
            return (*best.agreeing, *twin.agreeing)
    return best.agreeing


def _directed(candidate: Candidate) -> set[str]:
    """Which of who and whom the facts of ``candidate`` confirm."""
    return {m.slot for a in candidate.agreeing for m in a.confirmed} & {"agent", "target"}


def _figures(candidate: Candidate) -> bool:
    """Whether its facts are figures: one of each direction and one of both are three, and just one was asked for."""
    return all(amounts_of(a.fact) for a in candidate.agreeing)


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
    facts = [c for c in candidates if c.intent.kind is Kind.FACT]
    fact = next((c for c in facts if c.unlicensed != _ANOTHER_TOPIC), facts[0] if facts else None)
    ours = bool(frame.get("about")) or any(m.slot not in {"number", "time", "ordinal", "unit"} for m in frame.mentions)
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
        unlisted = tuple(f for f in frame.features if not licence.lists(number, f) and f not in FRAME_WORDS)
        return Candidate(intent, score, unlisted)
    asked = with_roles(frame, intent, speaker)
    if _takes_over_another_topic(asked, licence.own[number]):
        return Candidate(intent, score, _ANOTHER_TOPIC)
    unlicensed, remarks, strangers = _unlicensed(number, intent, asked, licence, sure=sure, certain=score >= CERTAIN_AT)
    parties = catalog.lexicon.names["party"]
    agreements = [agreement(catalog.facts[f], asked, licence.words[number], parties) for f in intent.facts]
    best = best_of([a for a in agreements if not a.conflicts])
    contradicted = tuple(a for a in agreements if a.conflicts)
    if not best:  # the very number, of the other direction: not to be stated, yet the nearest
        contradicted += tuple(replace(a, conflicts=a.corrections) for a in agreements if not a.conflicts)
    if best and (missing := unheld(best, asked, licence.words[number], parties)):
        contradicted = tuple(replace(held, conflicts=tuple(missing)) for held in best)
        best = ()
    if frame.asks.isdisjoint({"count", "part"}) and any(m.slot == "number" for a in best for m in a.confirmed):
        score += CONFIRMED
    own = licence.anchors(number, asked)
    usual = licence.is_usual(number, asked) and all(_holds_all(a, asked, catalog.lexicon.home) for a in best)
    return Candidate(intent, score, unlicensed, remarks, strangers, best, contradicted, own, usual)


def _holds_all(held: Agreement, asked: Frame, home: str) -> bool:
    """Whether the fact confirms all that the question names, but for the content's home, which goes without saying."""
    return all(m in held.confirmed or (m.slot == "about" and m.values == {home}) for m in asked.mentions)


def _takes_over_another_topic(asked: Frame, own: frozenset[str]) -> bool:
    """Whether a follow-up without a word of its own takes over nothing that is the intent's; after a refusal, whether it has nothing."""
    if asked.strict and any(f[0] not in "?#" for f in asked.features):
        return own.isdisjoint(asked.features)
    bare = all(f[0] in "?#" or f in asked.inherited for f in asked.features)
    return bool(asked.inherited) and own.isdisjoint(asked.inherited) and bare


Names = tuple[str, ...]


def _unlicensed(
    number: int, intent: Intent, asked: Frame, licence: Licence, *, sure: bool, certain: bool
) -> tuple[Names, Names, Names]:
    """What intent ``number`` does not license: what vetoes it, what is a remark, what a stranger."""
    missing = [f for f in asked.features if f not in asked.inherited and not licence.allows(number, f)]
    unknown = [f for f in missing if f[0] == "="]
    remarks = tuple(f for f in unknown if licence.uses.get(f, 0) <= HARDLY and _in_passing(f, asked))
    strangers = tuple(f for f in unknown if f not in remarks)
    vetoes = (*(f for f in missing if f not in unknown), *licence.asks(number, asked))
    barred = "?#" if certain else "?#!"
    passing = len(vetoes) <= ASIDES and all(_may_pass(f, barred) for f in vetoes)
    wanted = tuple(f for f in missing if f[0] not in "?#" and _is_asked(f, asked))
    if sure and passing and not asked.strict and not wanted:
        strangers, vetoes = (*strangers, *vetoes), ()
    vetoes = (*vetoes, *(f for f in wanted if f not in vetoes))
    if not licence.anchors(number, asked) or _mostly_strange((*strangers, *remarks), missing, asked):
        vetoes = (*vetoes, *strangers, *remarks)
    if intent.needs and intent.needs.isdisjoint(f.lstrip("?#") for f in asked.features):
        vetoes = (*vetoes, "needs")
    if asked.negated and not asked.yesno and not licence.lists(number, "#not"):
        vetoes = (*vetoes, "#not")
    return vetoes, remarks, strangers


def _may_pass(veto: str, barred: str) -> bool:
    """Whether a sure intent may pass over this: a word or focus of others, but never another thing that is counted."""
    return "?count+" not in veto if "+" in veto else veto[0] not in barred


def _before(feature: str, frame: Frame) -> str:
    at = frame.features.index(feature)
    return frame.features[at - 1] if at else ""


def _is_asked(feature: str, frame: Frame) -> bool:
    """Whether the word is the very thing asked for: *en yenisi* (not *en eskisi*), *hangi firma*, *kaçıncı panel*."""
    before = _before(feature, frame)
    return before == "#en" or (feature[0] != "=" and before in {"?count", "?which", "?nth", "?part"})


def _mostly_strange(strangers: Sequence[str], missing: Sequence[str], frame: Frame) -> bool:
    """Whether fewer content words are the intent's than are strange to it: *öğrenci evi kirası* is not about students."""
    known = sum(f[0] not in "?#" and ":" not in f and f not in missing for f in frame.features)
    return sum(f[0] not in "?#" and "+" not in f for f in strangers) > known


def _in_passing(feature: str, frame: Frame) -> bool:
    """Whether an unknown word may be a remark.

    It neither qualifies a content word, nor is what is counted or chosen, nor the predicate of a yes/no question.
    """
    at, before = frame.features.index(feature), _before(feature, frame)
    after = frame.features[at + 1] if at + 1 < len(frame.features) else ""
    counted = before in {"?count", "?which", "?nth", "#en"}
    qualifies = bool(after) and after[0] not in "?#="
    predicate = not after and frame.yesno
    return not (counted or qualifies or predicate)
