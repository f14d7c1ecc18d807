"""The proposer alone on MASSIVE tr-TR: learns its training part, is asked its test part, as typed and with slips.

The data set (CC BY 4.0, FitzGerald et al. 2022) is not part of the project: name the file with ``--massive`` or
KOPRU_MASSIVE, JSON lines with partition, intent, utt. Utterances are read by the engine's own reader with the
language pack and an empty lexicon. Settings were chosen on the dev part.
"""

from __future__ import annotations

import json
import random
import re
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

from benchmarks import against, clock
from bot.content.load import load
from bot.engine.examples import frames_of, numbered
from bot.engine.frame import Frame, merge
from bot.engine.model import Catalog, Intent, Kind, Lexicon
from bot.engine.propose import Proposer, train
from bot.engine.read import read
from bot.engine.text import fold
from bot.engine.vocabulary import Vocabulary, build

SEEDS = (0, 1, 2)
FEW = 10
PEERS = ("TF-IDF + LinearSVC", "bm25s", "fastText", "rapidfuzz ratio", "rapidfuzz token_set_ratio", "rapidfuzz WRatio")
Row = tuple[str, str]
_ASCII = str.maketrans("çğıöşüÇĞİÖŞÜâîûÂÎÛ", "cgiosuCGIOSUaiuAIU")
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Learned:
    """A trained proposer with the reader that its frames come from."""

    proposer: Proposer
    vocabulary: Vocabulary
    catalog: Catalog

    def frame(self, text: str) -> Frame | None:
        """All clauses of ``text`` as one frame."""
        found = read(text, self.vocabulary, self.catalog.lexicon.home, self.catalog.article.date)
        pieces = [*([found.background] if found.background else []), *found.questions]
        return reduce(merge, pieces) if pieces else None

    def guess(self, text: str) -> str:
        """The best intent's id, from text to answer."""
        frame = self.frame(text)
        best = self.proposer.propose(frame, 1) if frame else []
        return self.catalog.intents[best[0][0]].id if best else ""


def section(path: Path, content: Path, peers: Path | None) -> list[str]:
    """The section's lines of Markdown."""
    parts: dict[str, list[Row]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        parts.setdefault(row["partition"], []).append((row["utt"], row["intent"]))
    return lines_of(parts["train"], parts["test"], load(content), peers)


def lines_of(training: list[Row], asked: list[Row], base: Catalog, peers: Path | None) -> list[str]:
    """Train, ask, compare."""
    before = clock.resident_mb()
    kept: list[Learned] = []
    cost = clock.seconds(lambda: kept.append(learn(training, base)))
    full = kept[0]
    memory = clock.resident_mb() - before
    frames = [f for f in (full.frame(text) for text, _ in asked[:1_000]) if f]
    alone = clock.times(lambda f: full.proposer.propose(f, 8), frames)
    whole = clock.times(full.guess, [text for text, _ in asked[:1_000]])
    few = [learn(sample(training, seed), base) for seed in SEEDS]
    kinds: dict[str, list[Row]] = {
        "as typed": asked,
        "one slip": slipped(asked, 1),
        "ASCII, one or two slips": slipped(asked, 2),
    }
    table = [
        "| system | " + " | ".join(kinds) + " | ten an intent | µs a question | training s | MB |",
        "|---|" + "---:|" * (len(kinds) + 4),
    ]
    shares = [accuracy(full.guess, rows) for rows in kinds.values()]
    ten = statistics.mean(accuracy(one.guess, asked) for one in few)
    table.append(_line("the proposer, read and proposed", [*shares, ten], whole.p50, cost, memory))
    for name in PEERS:
        table += _peer_lines(name, peers, training, kinds)
    return [
        "## MASSIVE tr-TR, the proposer alone",
        "",
        *table,
        "",
        f"Proposing from a frame alone: {alone.p50:.0f} µs, p99 {alone.p99:.0f}.",
        "",
    ]


def _peer_lines(name: str, peers: Path | None, training: list[Row], kinds: dict[str, list[Row]]) -> list[str]:
    slow = "fuzz" in name
    found = []
    for rows in kinds.values():
        some = rows[::20] if slow else rows
        job = against.Job(
            [fold(t) for t, _ in training], [i for _, i in training], [fold(t) for t, _ in some], [i for _, i in some]
        )
        found.append(against.measured(name, peers, job))
    tens = []
    asked = kinds["as typed"][:: 4 if slow else 1]
    for seed in SEEDS:
        few = sample(training, seed)
        job = against.Job(
            [fold(t) for t, _ in few], [i for _, i in few], [fold(t) for t, _ in asked], [i for _, i in asked]
        )
        tens.append(against.measured(name, peers, job))
    whole = [f for f in found if f]
    ten = [f.accuracy for f in tens if f]
    if not whole or not ten:
        return [f"| {name} (not installed) |" + " |" * (len(kinds) + 4)]
    shares = [*(f.accuracy for f in whole), statistics.mean(ten)]
    return [_line(name, shares, whole[0].p50, whole[0].training, whole[0].memory)]


def _line(name: str, shares: Sequence[float], p50: float, training: float, memory: float) -> str:
    return f"| {name} | " + " | ".join(f"{s:.3f}" for s in shares) + f" | {p50:.0f} | {training:.1f} | {memory:.0f} |"


def learn(rows: Sequence[Row], base: Catalog) -> Learned:
    """A proposer for ``rows`` of (utterance, intent), read with the language pack of ``base`` and no lexicon."""
    by_intent: dict[str, list[str]] = {}
    for text, intent in rows:
        by_intent.setdefault(intent, []).append(text)
    intents = tuple(Intent(name, Kind.FACT, tuple(texts)) for name, texts in sorted(by_intent.items()))
    home = base.lexicon.home
    catalog = Catalog(
        "massive", base.article, {}, intents, Lexicon(home, (), {"party": {home: home}}, {}), base.language
    )
    vocabulary = build(catalog)
    return Learned(train(numbered(catalog, frames_of(catalog, vocabulary)), intents), vocabulary, catalog)


def sample(rows: Sequence[Row], seed: int) -> list[Row]:
    """``FEW`` utterances of each intent."""
    dice = random.Random(seed)
    by_intent: dict[str, list[Row]] = {}
    for row in rows:
        by_intent.setdefault(row[1], []).append(row)
    return [row for name in sorted(by_intent) for row in dice.sample(by_intent[name], min(FEW, len(by_intent[name])))]


def accuracy(guess: Callable[[str], str], rows: Sequence[Row]) -> float:
    """The share of ``rows`` whose intent is guessed."""
    return sum(guess(text) == intent for text, intent in rows) / len(rows)


def slipped(rows: Sequence[Row], most: int) -> list[Row]:
    """The rows typed in ASCII with one slip of the finger each, or (``most`` 2) every other with two."""
    found = []
    for number, (text, intent) in enumerate(rows):
        dice = random.Random(f"{most}:{number}")
        once = slip(text.translate(_ASCII), dice)
        found.append((slip(once, dice) if most > 1 and dice.random() < 0.5 else once, intent))
    return found


def slip(text: str, dice: random.Random) -> str:
    """``text`` with a letter dropped, added, changed, or swapped with the next in one of its longer words."""
    words = list(_LONG_WORD.finditer(text)) or list(_WORD.finditer(text))
    if not words:
        return text
    match = dice.choice(words)
    word, letter = match[0], dice.choice("abcdefghijklmnoprstuvyz")
    i = dice.randrange(len(word) - 1)
    typed = dice.choice(
        (
            word[:i] + word[i + 1 :],
            word[:i] + word[i + 1] + word[i] + word[i + 2 :],
            word[:i] + letter + word[i:],
            word[:i] + letter + word[i + 1 :],
        )
    )
    return text[: match.start()] + typed + text[match.end() :]
