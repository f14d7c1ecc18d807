"""The pipeline: (question, context, engine) → (reply, context)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.engine.agreement import amounts_of
from bot.engine.clause import Clause
from bot.engine.clauses import seams
from bot.engine.compose import compose, dated, statement_reply, unknown_text, wordless_text
from bot.engine.context import Context
from bot.engine.decide import SMALLTALK_AT, Verdict, decide, decide_within
from bot.engine.examples import Frames, described, frames_after, frames_of, numbered, said
from bot.engine.follow import continued, is_elliptical
from bot.engine.frame import Frame, Reading, merge
from bot.engine.licence import Licence, license_of
from bot.engine.measure import confirms
from bot.engine.model import Catalog, Reply, Status
from bot.engine.propose import Proposer, train
from bot.engine.read import read
from bot.engine.text import MAX_CHARS, Token, has_word, spoken
from bot.engine.vocabulary import Vocabulary, build

MOST_QUESTIONS = 3
"""Questions answered of one message; people who send more are asking for a summary."""
MOST_JOINTS, MOST_SEAMS = 6, 8
"""Places where one clause is tried as two questions: each costs two decisions."""
CUT_AT, CUT_ANSWERED_AT = 0.3, 0.6
"""Scores that both sides of such a place must have, and where the clause as a whole has an answer already."""


_CUT = f"Mesajınız çok uzun olduğu için yalnızca ilk {MAX_CHARS} karakterini okudum."


@dataclass(frozen=True, repr=False)
class Engine:
    """A catalog compiled for answering: see ``compile_catalog``."""

    catalog: Catalog
    vocabulary: Vocabulary
    proposer: Proposer
    licence: Licence
    frames: Frames | None = None

    def __getstate__(self) -> dict[str, object]:
        """Without the utterances' frames, which only a reload asks for, and which take longer to read than all else."""
        return {**self.__dict__, "frames": None}

    def read(self, text: str) -> Reading:
        """The reading of ``text`` under this catalog."""
        return read(text, self.vocabulary, self.catalog.lexicon.home, self.catalog.article.date)

    def read_piece(self, tokens: tuple[Token, ...]) -> Frame:
        """One clause, read."""
        return Clause(tokens, self.vocabulary, self.catalog.lexicon.home, self.catalog.article.date).frame()


def compile_catalog(catalog: Catalog, previous: Engine | None = None) -> Engine:
    """Build the vocabulary and train the proposer on every utterance: seconds of CPU, pure.

    ``previous``, an engine compiled in this process from much the same content, makes it a quarter of a second.
    """
    if previous and previous.frames:
        vocabulary = build(catalog, (previous.catalog, previous.vocabulary))
        frames = frames_after((previous.catalog, previous.vocabulary, previous.frames), catalog, vocabulary)
    else:
        vocabulary = build(catalog)
        frames = frames_of(catalog, vocabulary)
    examples = numbered(catalog, frames)
    lessons = [*examples, *described(catalog, frames)]
    proposer = train(lessons, catalog.intents, previous.proposer if previous else None)
    licence = license_of(examples, catalog.intents, previous.licence if previous else None, said=said(catalog, frames))
    return Engine(catalog, vocabulary, proposer, licence, frames)


def answer(question: str, context: Context, engine: Engine, today: str = "") -> tuple[Reply, Context]:
    """Answer ``question`` after ``context``; never raises, whatever the text.

    ``today`` is the day on which it is asked (ISO 8601), for facts that were valid until a day only.
    """
    cut = len(question.strip()) > MAX_CHARS
    question = question[:MAX_CHARS]
    if not has_word(question):
        question = spoken(question)
    if not question:
        return Reply(Status.UNKNOWN, (wordless_text(engine.catalog),)), context
    reading = engine.read(question)
    verdicts: list[Verdict] = []
    for frame in reading.questions[:MOST_QUESTIONS]:
        verdict = _verdict(_grounded(frame, reading, engine), context, reading.speaker, engine, inside=bool(verdicts))
        verdict = _with_background(verdict, frame, reading, engine) or verdict
        halves = (
            _cut(verdict, frame, context, reading, engine) or _halves(verdict, reading.speaker, engine) or [verdict]
        )
        verdicts += halves
        context = _remembered(context, verdict, halves)
    if not verdicts:
        return Reply(Status.UNKNOWN, (unknown_text(engine.catalog),)), context
    reply = dated(compose(verdicts, engine.catalog), engine.catalog, today)
    return (replace(reply, paragraphs=(*reply.paragraphs, _CUT)) if cut else reply), context


def _remembered(context: Context, verdict: Verdict, halves: list[Verdict]) -> Context:
    if verdict.status not in {Status.ANSWER, Status.NOT_IN_ARTICLE, Status.CLARIFY} and context.frame is not None:
        return context
    facts = tuple(a.fact.id for half in halves for a in half.agreements)
    near = verdict.best.intent.facts[:1] if verdict.best and not facts else ()
    return Context(verdict.frame, facts or near, answered=bool(facts))


def _cut(verdict: Verdict, frame: Frame, context: Context, reading: Reading, engine: Engine) -> list[Verdict]:
    """*kaç şirket var kaç proje var*: a clause that asks twice, cut where both sides are answered best, by other facts."""
    if _is_known_gap(verdict):
        return []
    found: list[tuple[float, list[Verdict]]] = []
    for at in seams(frame.double)[:MOST_SEAMS]:
        first = engine.read_piece(frame.double[:at])
        if not engine.licence.is_topical(first):
            continue
        one = _verdict(first, context, reading.speaker, engine, inside=False)
        if one.status is not Status.ANSWER:
            continue
        second, after = engine.read_piece(frame.double[at:]), _remembered(context, one, [one])
        two = _verdict(second, after, reading.speaker, engine, inside=True)
        told = [{a.fact.id for a in v.agreements} for v in (one, two)]
        if two.status is Status.ANSWER and two.reason != "value" and told[0].isdisjoint(told[1]):
            found.append((min(v.best.score if v.best else 0.0 for v in (one, two)), [one, two]))
    best = max(found, key=lambda row: row[0], default=(0.0, []))
    least = CUT_ANSWERED_AT if verdict.status is Status.ANSWER else CUT_AT
    return best[1] if best[0] >= least else []


_SEPARATE = frozenset({"who", "where", "when", "why", "count"})


def _halves(verdict: Verdict, speaker: str, engine: Engine) -> list[Verdict]:
    """The two questions of one clause, each on its own, where both have an answer."""
    return _joined(verdict, speaker, engine) or _asked_apart(verdict, speaker, engine)


def _joined(verdict: Verdict, speaker: str, engine: Engine) -> list[Verdict]:
    """*ticaret hacmi ve yatırım ne kadar*: two subjects with one question word."""
    frame = verdict.frame
    asks = tuple(f for f in frame.features if f[0] == "?")
    for at in frame.joints[:MOST_JOINTS]:
        sides = [tuple(f for f in side if f[0] != "?") for side in (frame.features[:at], frame.features[at:])]
        halves = [_half(frame, side + asks) for side in sides if side]
        found = [_decided(half, speaker, engine) for half in halves if engine.licence.is_topical(half)]
        facts = [{a.fact.id for a in v.agreements} for v in found if _scores(v, WEAKLY_ALONE_AT)]
        if len(facts) == 2 and facts[0].isdisjoint(facts[1]):
            return found
    return []


def _half(frame: Frame, features: tuple[str, ...]) -> Frame:
    """The frame with these features, and without the conditions that stand in its other half."""
    named = {"time": "#time", "number": "#number", "ordinal": "#"}
    mentions = tuple(m for m in frame.mentions if any(f.startswith(named.get(m.slot, m.slot)) for f in features))
    return replace(frame, features=features, mentions=mentions, joints=())


def _asked_apart(verdict: Verdict, speaker: str, engine: Engine) -> list[Verdict]:
    """*kimi nerede kabul etti*: two question words that no intent licenses together."""
    frame = verdict.frame
    asked = {a for a in frame.asks & _SEPARATE if "?" + a in frame.features}
    if verdict.status is not Status.NOT_IN_ARTICLE or len(asked) < 2:
        return []
    halves = [
        replace(
            frame, asks=frozenset({ask}), features=tuple(f for f in frame.features if f[0] != "?" or f == "?" + ask)
        )
        for ask in sorted(asked, key=lambda a: frame.features.index("?" + a))
    ]
    found = [decide(half, speaker or half.speaker, engine.catalog, engine.proposer, engine.licence) for half in halves]
    return found if any(v.status is Status.ANSWER for v in found) else []


def choose(key: str, engine: Engine, today: str = "") -> Reply:
    """The reply that a choice's button leads to; ``key`` is an intent's or a fact's id, ``today`` as in ``answer``."""
    facts = next(
        (i.facts for i in engine.catalog.intents if i.id == key), (key,) if key in engine.catalog.facts else ()
    )
    return dated(statement_reply(key, facts, engine.catalog), engine.catalog, today)


def _grounded(frame: Frame, reading: Reading, engine: Engine) -> Frame:
    """The question with what it leaves open filled from the message's background."""
    background = reading.background
    if background is None:
        return frame
    if not engine.licence.is_topical(frame) or _leans_on_number(frame, background, engine):
        return merge(_unclaimed(background) if "count" in frame.asks else background, frame)
    parties = (
        frame.parties
        if any(p.party for p in frame.parties)
        else tuple(p for p in background.parties if p.role != "we") + frame.parties
    )
    # *Rus vatandaşıyım, …*: whose citizen somebody is decides; where they live or travel does not
    parties += tuple(
        p for p in background.parties if p.party.startswith("x:") and p.people and p.role == "nom" and p not in parties
    )
    wanted = {"time"} - {m.slot for m in frame.mentions} | ({"city"} if frame.here else set())
    return replace(
        frame, parties=parties, mentions=frame.mentions + tuple(m for m in background.mentions if m.slot in wanted)
    )


def _with_background(verdict: Verdict, frame: Frame, reading: Reading, engine: Engine) -> Verdict | None:
    """*Elçiliğe evrak vereceğim, Ankara'ya mı gideyim?*: what is not answered by itself may be once the rest is read too.

    A weak answer must stand beside the rest as well.
    """
    best = verdict.best
    weak = verdict.status is Status.ANSWER and best is not None and best.score < WEAKLY_ALONE_AT
    gap = verdict.reason == "gap" and best is not None and not best.unlicensed
    settled = gap or (verdict.status is Status.ANSWER and not weak)
    if settled or reading.background is None or frame.is_long or frame.claims:
        return None
    background = _unclaimed(reading.background) if weak else reading.background
    whole = _decided(_others_named(merge(background, frame), engine.catalog), reading.speaker, engine)
    return whole if weak or _scores(whole, ALONE_AT) else None


def _leans_on_number(frame: Frame, background: Frame, engine: Engine) -> bool:
    """*863 bin kişi geldi diyor, hangi yılda gelmişler?*: the number before is one that the article says."""
    named = [m for m in background.mentions if m.slot == "number"]
    told = {a for f in engine.catalog.facts.values() for a in amounts_of(f)}
    asks = engine.licence.is_topical(background) and bool(frame.asks) and not frame.yesno and not frame.mentions
    return asks and any(confirms(v, a) for m in named for v in m.values if len(v.split()[0]) > 2 for a in told)


def _unclaimed(background: Frame) -> Frame:
    """*10 kez görüştüler dedi; kaç?*: the number said before is what is in doubt."""
    return replace(
        background,
        mentions=tuple(m for m in background.mentions if m.slot != "number"),
        features=tuple(f for f in background.features if f != "#number"),
    )


def _verdict(frame: Frame, context: Context, speaker: str, engine: Engine, *, inside: bool) -> Verdict:
    """The verdict on a question by itself, or on what it means after the one before; ``inside`` one message."""
    frame = _others_named(frame, engine.catalog)
    alone = _decided(frame, speaker, engine)
    if context.frame is None or not _leans(frame, alone, engine):
        return alone
    sure = ALONE_INSIDE_AT if inside and not _conditions(frame) else ALONE_AT
    stands = (engine.licence.is_topical(frame) and frame.is_question) or alone.reason == "value"
    known = stands and (_scores(alone, sure) or _is_known_gap(alone)) and not frame.reverse
    open_side = len(alone.agreements) > 1 and not frame.parties
    if known and (_conditions(frame) or alone.status is not Status.ANSWER) and not open_side:
        return _not_again(alone, alone, frame, context, inside=inside)
    tried = [_decided(f, speaker, engine) for f in continued(context.frame, frame, soft=context.answered)]
    if known:
        return _known_or_narrowed(alone, tried[0], frame, context, inside=inside, open_side=open_side)
    if _is_another_time(tried[0], frame):
        return tried[0]
    answered = next((v for v in tried if v.status is Status.ANSWER), None) or _of_event(frame, context, speaker, engine)
    if answered:
        return _not_again(answered, alone, frame, context, inside=inside)
    stays = stands and _scores(alone, WEAKLY_ALONE_AT) and not frame.reverse and not inside
    leaning = tried[0].status is Status.NOT_IN_ARTICLE or alone.status is Status.ANSWER
    return alone if stays or not leaning else tried[0]


def _known_or_narrowed(
    alone: Verdict, leaning: Verdict, frame: Frame, context: Context, *, inside: bool, open_side: bool
) -> Verdict:
    """What stands by itself, unless what was spoken of tells which side of it is meant."""
    subject = leaning.best.intent.facts if leaning.best else ()
    narrowed = open_side and leaning.status is Status.ANSWER and not set(context.facts).isdisjoint(subject)
    if narrowed or _of_the_other_side(alone, leaning):
        return leaning
    return _not_again(alone, alone, frame, context, inside=inside)


def _not_again(answered: Verdict, alone: Verdict, frame: Frame, context: Context, *, inside: bool) -> Verdict:
    """What leans on the question before and is answered, unless it only tells the same fact once more.

    *Ondan önce?* asks for another one; *eskiden kaç kişi sığıyordu, şimdi kaç kişi?*: nobody asks the same twice
    in one message.
    """
    if not {a.fact.id for a in answered.agreements} <= set(context.facts):
        return answered
    if any(f[0] == "!" for f in frame.features):
        return replace(answered, status=Status.NOT_IN_ARTICLE, agreements=(), reason="again")
    return alone if inside and alone.status is Status.ANSWER else answered


def _of_the_other_side(alone: Verdict, leaning: Verdict) -> bool:
    """*Türkiye'nin elçiliği nerede? Ne zaman açıldı?*: what the bare question finds is told of the other country."""
    found = {a.fact.id for a in alone.agreements}
    clashes = (a for c in leaning.candidates for a in c.contradicted if a.fact.id in found)
    return leaning.status is Status.NOT_IN_ARTICLE and any(
        m.slot in {"agent", "target"} for a in clashes for m in a.conflicts
    )


def _conditions(frame: Frame) -> bool:
    """Whether the question states who, where, when or which; a unit alone (*kaç gün*) is none."""
    return bool(frame.parties) or any(m.slot != "unit" for m in frame.mentions)


ALONE_AT, ALONE_INSIDE_AT, WEAKLY_ALONE_AT = 0.45, 2.0, 0.3
"""Scores from which a question that may lean on another is answered by itself: at once, or if nothing better is found."""


def _decided(frame: Frame, speaker: str, engine: Engine) -> Verdict:
    return decide(frame, speaker or frame.speaker, engine.catalog, engine.proposer, engine.licence)


def _scores(verdict: Verdict, least: float) -> bool:
    return verdict.status is Status.ANSWER and verdict.best is not None and verdict.best.score >= least


def _is_another_time(verdict: Verdict, frame: Frame) -> bool:
    """*2019'da kaçtı?*: only the time is new, and what was asked before is not told of it."""
    only_time = bool(frame.mentions) and all(m.slot == "time" for m in frame.mentions) and not frame.parties
    best = verdict.best
    clashes = (
        best is not None and not best.agreeing and any(m.slot == "time" for a in best.contradicted for m in a.conflicts)
    )
    return only_time and clashes and verdict.status is not Status.ANSWER


def _is_known_gap(verdict: Verdict) -> bool:
    best = verdict.best
    return verdict.reason == "gap" and best is not None and not best.unlicensed and best.score >= ALONE_AT


def _leans(frame: Frame, alone: Verdict, engine: Engine) -> bool:
    surely = frame.features or (alone.best is not None and alone.best.score >= SMALLTALK_AT)
    if alone.status is Status.SMALLTALK and surely and not frame.parties and not frame.reverse:
        return False
    return is_elliptical(frame) or not engine.licence.is_topical(frame)


def _of_event(frame: Frame, context: Context, speaker: str, engine: Engine) -> Verdict | None:
    keys = [engine.catalog.facts[f].keys for f in context.facts if f in engine.catalog.facts]
    event = frozenset().union(*(k.get("event", frozenset()) for k in keys))
    if not context.answered or not event or not (frame.asks or frame.yesno):
        return None
    return decide_within(frame, event, speaker or frame.speaker, engine.catalog, engine.proposer, engine.licence)


def _others_named(frame: Frame, catalog: Catalog) -> Frame:
    """*onlar*: the first party that is not the speaker's own; *ora* too beside a *biz* or *bura*, else it is open."""
    home = catalog.lexicon.home
    other = next((p for p in catalog.lexicon.names["party"] if p != home), "")
    contrast = any(p.party == home for p in frame.parties)
    parties = (
        replace(p, party=other if p.people or contrast else "") if p.party == "other" else p for p in frame.parties
    )
    return replace(frame, parties=tuple(parties))
