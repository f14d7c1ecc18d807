"""What a conversation remembers between two questions: a frame, never text; and how a store keeps it."""

from __future__ import annotations

import json
from dataclasses import dataclass

from bot.engine.frame import Frame, Mention
from bot.engine.roles import Party


@dataclass(frozen=True, slots=True)
class Context:
    """What a conversation remembers: the frame of its last question, the facts shown, whether it was answered; no text."""

    frame: Frame | None = None
    facts: tuple[str, ...] = ()
    answered: bool = False


NO_CONTEXT = Context()


def to_json(context: Context) -> str:
    """A context as compact JSON, for a store; holds slots and word stems, no message text."""
    f = context.frame
    if f is None:
        return "{}"
    mentions = [[m.slot, sorted(m.values), m.focus] for m in f.mentions]
    parties = [[p.party, p.role, p.people, p.focus] for p in f.parties]
    return json.dumps(
        {
            "k": context.facts,
            "d": context.answered,
            "f": f.features,
            "a": sorted(f.asks),
            "m": mentions,
            "p": parties,
            "y": f.yesno,
            "s": f.speaker,
        },
        ensure_ascii=False,
    )


def from_json(text: str) -> Context:
    """The context that ``to_json`` wrote; an unreadable one counts as none."""
    try:
        d = json.loads(text)
        if not d:
            return NO_CONTEXT
        mentions = tuple(Mention(str(s), frozenset(map(str, v)), "", bool(x)) for s, v, x in d["m"])
        parties = tuple(Party(str(p), str(r), "", bool(h), bool(x)) for p, r, h, x in d["p"])
        features, asks = tuple(map(str, d["f"])), frozenset(map(str, d["a"]))
        known = tuple(map(str, d.get("k", ())))
        return Context(
            Frame((), features, asks=asks, mentions=mentions, parties=parties, yesno=bool(d["y"]), speaker=str(d["s"])),
            known,
            bool(d.get("d")),
        )
    except (ValueError, KeyError, TypeError):
        return NO_CONTEXT
