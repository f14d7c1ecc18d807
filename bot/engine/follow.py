"""Follow-ups: a short question changes slots of the frame before it; texts are never merged.

*2023'te?* changes the time, *ya tersi?* swaps agent and target, *peki yatırım?* changes the topic and
keeps what was asked. Each way of reading it is a frame of its own, tried in order.
"""

from __future__ import annotations

from dataclasses import replace

from bot.engine import grammar
from bot.engine.frame import Frame, Mention
from bot.engine.roles import Party

_CONDITIONS = frozenset({"time", "number", "ordinal", "unit", "except"})
"""Slots that name nothing which is somewhere."""
SHORT = 6
"""A follow-up has at most this many words of content; longer questions stand on their own."""


def is_elliptical(frame: Frame) -> bool:
    """Whether the frame leans on the one before: short, or opened or filled by a word that points back."""
    beside = any(v in grammar.BESIDE.values() for m in frame.mentions for v in m.values)
    points_back = frame.reverse or beside or any(w in grammar.FOLLOW or w in grammar.OTHER for w in frame.words[:3])
    return points_back or len(frame.words) <= SHORT


def continued(prior: Frame, frame: Frame, *, soft: bool) -> list[Frame]:
    """The frames that ``frame`` may mean after ``prior``, most faithful first.

    After an answer what is taken over is ``soft``: it may not veto; after a refusal it still may.
    """
    base = replace(prior, parties=_parties(prior, frame), mentions=_mentions(prior, frame))
    base = replace(
        base,
        yesno=frame.yesno or (prior.yesno and not frame.asks),
        negated=frame.negated,
        words=frame.words,
        light=frame.light,
    )
    base = replace(base, asks=frame.asks or prior.asks, speaker=frame.speaker or prior.speaker)
    asks = [f for f in prior.features if f.startswith("?")]
    topic = [f for f in prior.features if not f.startswith("?")]
    new = [f for f in frame.features if not f.startswith("?")]
    new_asks = [f for f in frame.features if f.startswith("?")]
    replaced = {m.slot for m in frame.mentions} | ({"foreign"} if frame.parties else set())
    kept = [f for f in topic if f.split(":")[0] not in replaced and f.lstrip("#") not in replaced]
    whole = replace(base, features=tuple(dict.fromkeys([*kept, *new, *(new_asks or ([] if frame.yesno else asks))])))
    whole = replace(whole, inherited=frozenset(kept) - frozenset(new) if soft and (new or new_asks) else frozenset())
    whole = replace(whole, strict=not soft)
    fresh = replace(base, features=tuple(dict.fromkeys([*(new_asks or asks), *new])))
    lean = (
        [replace(whole, mentions=tuple(_dated(m, prior) for m in frame.mentions))]
        if any(m.slot not in {"time", "number"} for m in frame.mentions)
        else []
    )
    unspelled = replace(whole, words=(), light=())  # what is taken over is not spelled here
    if not frame.features:
        return [unspelled, whole, *lean]  # *ya onlar?* names who, not what
    last = [fresh] if names_topic(frame) else [unspelled] if soft else []
    return [whole, *lean, *last]


def names_topic(frame: Frame) -> bool:
    """Whether the frame has a content word of its own that is neither a condition nor a question word."""
    slots = {m.slot for m in frame.mentions}
    return any(f[0] not in "#?" and f.split(":")[0] not in slots and f != "foreign" for f in frame.features)


def _mentions(prior: Frame, frame: Frame) -> tuple[Mention, ...]:
    changed = {m.slot for m in frame.mentions}
    if frame.parties or any(m.slot not in _CONDITIONS and not m.focus for m in frame.mentions):
        changed |= {"city"}  # *peki büyükelçilik?* is elsewhere; *başkonsolosluk mu o?* is there
    kept = tuple(
        m for m in prior.mentions if m.slot not in changed and m.slot not in {"agent", "target", "about", "number"}
    )
    return kept + tuple(_dated(m, prior) for m in frame.mentions)


def _dated(mention: Mention, prior: Frame) -> Mention:
    """*Bir önceki yıl*: counted from the one year that was spoken of."""
    years = [v for m in prior.mentions if m.slot == "time" for v in m.values if len(v) == 4 and v.isdecimal()]
    steps = [v for v in mention.values if v in grammar.BESIDE.values()]
    if mention.slot != "time" or not steps or len(set(years)) != 1:
        return mention
    return replace(mention, values=frozenset({str(int(years[0]) + int(steps[0]))}))


def _parties(prior: Frame, frame: Frame) -> tuple[Party, ...]:
    if frame.reverse:
        return tuple(replace(p, role=_SWAPPED.get(p.role, p.role), people=False, word="") for p in prior.parties)
    if not frame.parties:
        return prior.parties
    if instead := _in_its_place(prior, frame):
        return instead
    new = {p.party for p in frame.parties}
    roles = {p.role for p in frame.parties}
    if _acts_now(prior, frame):
        others = (replace(p, role=_SWAPPED.get(p.role, p.role), people=False, word="") for p in prior.parties)
        return frame.parties + tuple(p for p in others if p.party and p.party not in new)
    kept = tuple(p for p in prior.parties if p.party not in new and p.party and p.role not in roles)
    third = any(p.party.startswith("x:") for p in frame.parties)
    return frame.parties + (() if third and len(frame.parties) == 1 else kept)


def _in_its_place(prior: Frame, frame: Frame) -> tuple[Party, ...]:
    """*peki Mavi Ada?* after *Yeşil Ada'da …*: the one party that was spoken of gives its place to the one that is now."""
    before = [p for p in prior.parties if p.party]
    bare = len(frame.parties) == 1 and frame.parties[0].role == "nom" and not frame.parties[0].people
    if not bare or len({p.party for p in before}) != 1 or any(p.people for p in before):
        return ()
    return tuple(replace(p, party=frame.parties[0].party, word="") for p in before)


def _acts_now(prior: Frame, frame: Frame) -> bool:
    """*ya Yeşilliler?* after *Yeşil Ada'ya kaç Mavili gitti*: who was gone to goes now, so the other one is gone to."""
    acting = [p for p in frame.parties if p.people and p.role == "nom"]
    reached = {p.party for p in prior.parties if p.role in {"dat", "loc", "acc"} and not p.people}
    return len(acting) == len(frame.parties) == 1 and acting[0].party in reached


_SWAPPED = {
    "abl": "dat",
    "dat": "abl",
    "loc": "abl",
    "gen": "loc",
    "nom": "dat",
    "acc": "abl",
    "our": "dat",
    "we": "dat",
}
