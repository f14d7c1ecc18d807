"""A text → a Reading: its questions in order, and its background.

Words are mended and cut into clauses; each is read by itself. Clauses that ask nothing are background and
may only fill what the asking clause leaves open.
"""

from __future__ import annotations

from bot.engine.clause import Clause
from bot.engine.clauses import clauses_of
from bot.engine.frame import Frame, Reading, merge
from bot.engine.text import MAX_CHARS, mark, tokenize
from bot.engine.vocabulary import Vocabulary

_AND_WHAT_OF = frozenset({"ya", "peki"})
"""*ya Ahıska?*: opens another question, though no word in it asks."""


def read(text: str, vocabulary: Vocabulary, home: str, today: str) -> Reading:
    """Read ``text`` (cut at ``MAX_CHARS``); ``today`` is the article's date, ``home`` the speaker's party."""
    marked = mark(text[:MAX_CHARS])[:MAX_CHARS]  # some single characters stand for eighteen
    tokens = tuple(p for t in tokenize(marked) for p in vocabulary.repair(t))
    pieces = [Clause(piece, vocabulary, home, today).frame() for piece in clauses_of(tokens)]
    pieces = [p for p in pieces if p.words]
    asking = [p for p in pieces if p.is_question]
    if not asking:
        joined = _joined(pieces)
        return Reading((joined,) if joined else (), None, joined.speaker if joined else "")
    questions: list[Frame] = []
    background: list[Frame] = []
    for piece in pieces:
        if not piece.is_question and not (questions and piece.words[0] in _AND_WHAT_OF):
            background.append(piece)
        elif questions and _continues(piece, questions[-1]):
            questions[-1] = merge(questions[-1], piece)
        else:
            questions.append(piece)
    speaker = next((p.speaker for p in pieces if p.speaker), "")
    return Reading(tuple(questions), _joined(background), speaker)


def _continues(piece: Frame, before: Frame) -> bool:
    """*…mi, fahri mi*: an alternative of the question before, not another question."""
    only_confirms = not piece.features and not piece.mentions and not piece.parties
    alternative = piece.yesno and not piece.asks and len(piece.words) <= 4 and before.yesno
    return only_confirms or alternative


def _joined(frames: list[Frame]) -> Frame | None:
    if not frames:
        return None
    whole = frames[0]
    for frame in frames[1:]:
        whole = merge(whole, frame)
    return whole
