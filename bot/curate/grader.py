"""Says of a reply to a labelled question whether it is right, offered, missed or wrong.

What a fact looks like in a reply is told by a pattern file beside the questions (``facts.yaml``), so that a
reply is judged by its text alone, whoever wrote the facts' ids. Without one, the ids of the facts shown decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from bot.content.tree import Fields, fields_in, tree_of, words_in
from bot.curate.labelled import Labelled
from bot.engine.model import Reply, Status
from bot.errors import ContentError, Problem

PATTERNS = "facts.yaml"
_DUMPED_OVER = 8
"""A reply that shows more facts than this was not an answer but a dump of the article."""


class Grade(StrEnum):
    """How good a reply is, best first."""

    RIGHT = "right"
    OFFERED = "offered"
    MISSED = "missed"
    WRONG = "wrong"


def grader_beside(questions: Path) -> Grader:
    """The grader of the ``facts.yaml`` beside a question file, or one that goes by ids; raises ContentError."""
    path = questions.with_name(PATTERNS)
    return grader_of(path) if path.is_file() else Grader()


def grader_of(path: Path) -> Grader:
    """The grader of a pattern file: ``facts`` (id → patterns, all of which a right reply has) and ``lists``."""
    problems: list[Problem] = []
    tree = tree_of(path.name, path.read_bytes(), problems)
    patterns = _patterns(path.name, tree, problems)
    if problems:
        raise ContentError(tuple(problems))
    return Grader(patterns, frozenset(words_in(tree.fields.get("lists"))))


def _patterns(file: str, tree: Fields, problems: list[Problem]) -> dict[str, tuple[re.Pattern[str], ...]]:
    found: dict[str, tuple[re.Pattern[str], ...]] = {}
    for name, node in fields_in(tree.fields.get("facts")).items():
        try:
            found[name] = tuple(re.compile(p) for p in words_in(node))
        except re.error as error:
            problems.append(Problem(file, node.line, f"facts.{name}", f"Geçerli bir düzenli ifade değil: {error}"))
    return found


@dataclass(frozen=True, slots=True)
class Grader:
    """Grades replies. ``lists`` are facts that name several things, of which one may be all that was asked for."""

    patterns: Mapping[str, Sequence[re.Pattern[str]]] = field(default_factory=dict)
    lists: frozenset[str] = frozenset()

    def grade(self, question: Labelled, reply: Reply) -> Grade:
        """The grade of ``reply``."""
        text = lower(reply.text)
        bad = any(re.search(_lower_pattern(p), text) for p in question.must_not)
        if question.kind == "answer":
            return self._answered(question, reply, text, bad=bad)
        if question.kind == "smalltalk":
            if reply.status is Status.SMALLTALK and not bad:
                return Grade.RIGHT
            return Grade.WRONG if reply.status is Status.ANSWER else Grade.MISSED
        if reply.status is Status.ANSWER or bad:
            return Grade.WRONG
        refused = {Status.NOT_IN_ARTICLE} if question.kind == "absent" else {Status.NOT_IN_ARTICLE, Status.UNKNOWN}
        return Grade.RIGHT if reply.status in refused else Grade.OFFERED

    def _answered(self, question: Labelled, reply: Reply, text: str, *, bad: bool) -> Grade:
        loose = "yesno" in question.tags or bool(question.must)
        told = all(self._has(fact, text, reply.facts, loose=loose) for fact in question.facts)
        told = told and all(re.search(_lower_pattern(p), text) for p in question.must)
        if reply.status is Status.ANSWER:
            return Grade.RIGHT if told and not bad and not self._dumps(question, reply, text) else Grade.WRONG
        if reply.status is Status.NOT_IN_ARTICLE and told and not bad:  # said "not stated", yet showed the very fact
            return Grade.RIGHT if "false_premise" in question.tags else Grade.OFFERED
        if reply.status is Status.CLARIFY:
            choices = lower(" ".join(c.text for c in reply.choices))
            keys = tuple(c.key for c in reply.choices)
            offered = bool(choices) and all(self._has(f, choices, keys, loose=True) for f in question.facts)
            return Grade.OFFERED if told or offered else Grade.MISSED
        return Grade.MISSED

    def _has(self, fact: str, text: str, shown: Iterable[str], *, loose: bool) -> bool:
        if fact not in self.patterns:
            return fact in shown
        hits = [bool(p.search(text)) for p in self.patterns[fact]]
        return any(hits) if loose and fact in self.lists else all(hits)

    def _dumps(self, question: Labelled, reply: Reply, text: str) -> bool:
        shown = sum(self._has(f, text, reply.facts, loose=False) for f in self.patterns or reply.facts)
        return shown > max(_DUMPED_OVER, len(question.facts) + 5)


def lower(text: str) -> str:
    """``text`` lower-cased as Turkish does, with plain apostrophes."""
    return text.replace("İ", "i").replace("I", "ı").lower().replace("\u0307", "").replace("’", "'")


def _lower_pattern(pattern: str) -> str:
    """``pattern`` lower-cased the same way, its escapes left alone."""
    return re.sub(r"\\.|[^\\]+", lambda m: m[0] if m[0][0] == "\\" else lower(m[0]), pattern)
