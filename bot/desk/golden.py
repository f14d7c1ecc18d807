"""Golden questions: what the content must go on answering, asked of an edition before it serves."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from bot.engine.answer import Engine, answer
from bot.engine.context import NO_CONTEXT
from bot.engine.model import Reply, Status

_EXPECTED: Mapping[str, frozenset[Status]] = {
    "answer": frozenset({Status.ANSWER}),
    "absent": frozenset({Status.NOT_IN_ARTICLE}),
    "oos": frozenset({Status.UNKNOWN, Status.NOT_IN_ARTICLE}),
    "smalltalk": frozenset({Status.SMALLTALK}),
}


@dataclass(frozen=True, slots=True)
class Golden:
    """A labelled question, in the format of ``questions/*.jsonl``; the last turn is judged."""

    turns: tuple[str, ...]
    kind: str
    facts: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()

    @property
    def asked(self) -> str:
        """All turns as one line."""
        return " / ".join(self.turns)


NOTHING: Mapping[Golden, Reply] = MappingProxyType({})


def golden_of(files: Mapping[str, bytes]) -> list[Golden]:
    """The lines of ``questions/*.jsonl`` that say ``"golden": true``; unreadable lines are the loader's business."""
    found = []
    for name in sorted(files):
        if name.startswith("questions/") and name.endswith(".jsonl"):
            found += [g for line in files[name].decode("utf-8", "replace").splitlines() if (g := _golden(line))]
    return found


def _golden(line: str) -> Golden | None:
    try:
        row: Any = json.loads(line)
    except ValueError:
        return None
    if not isinstance(row, dict) or row.get("golden") is not True:
        return None
    turns = row.get("turns") or [row.get("q", "")]
    texts = {name: tuple(map(str, row.get(name) or ())) for name in ("facts", "must", "must_not")}
    return Golden(tuple(map(str, turns)), str(row.get("kind", "answer")), **texts)


async def replies(questions: Sequence[Golden], engine: Engine, known: Mapping[Golden, Reply] = NOTHING) -> list[Reply]:
    """What ``engine`` replies to each, as far as it is not ``known``; gives way to other work after every question."""
    found = []
    for question in questions:
        reply = known.get(question)
        if reply is None:
            reply = await _reply(question, engine)
        found.append(reply)
    return found


async def _reply(question: Golden, engine: Engine) -> Reply:
    context, reply = NO_CONTEXT, Reply(Status.UNKNOWN, ())
    for turn in question.turns:
        reply, context = answer(turn, context, engine)
        await asyncio.sleep(0)
    return reply


def is_kept(question: Golden, reply: Reply) -> bool:
    """Whether ``reply`` is what the label asks for."""
    if reply.status not in _EXPECTED.get(question.kind, frozenset()):
        return False
    if not set(question.facts) <= set(reply.facts):
        return False
    text = _lower(reply.text)
    return all(_found(p, text) for p in question.must) and not any(_found(p, text) for p in question.must_not)


def _found(pattern: str, text: str) -> bool:
    """Whether the lower-cased ``text`` holds ``pattern``, lower-cased too but for its escapes; a broken one is never held."""
    try:
        return bool(
            re.search(re.sub(r"\\.|[^\\]+", lambda m: m[0] if m[0][0] == "\\" else _lower(m[0]), pattern), text)
        )
    except re.error:
        return False


def _lower(text: str) -> str:
    return text.replace("İ", "i").replace("I", "ı").lower().replace("’", "'")
