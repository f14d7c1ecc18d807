"""How times grow with utterances, a thousand, ten and a hundred thousand, generated from invented stems, and with facts.

No utterance is a copy of another: each intent has subjects and verbs of its own among shared ones, Turkish
endings and word order vary, and stems are made of syllables, so that the vocabulary grows with the content.
"""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

from benchmarks import against, clock, facts
from bot.content.load import load
from bot.engine.answer import Engine, answer, compile_catalog
from bot.engine.context import NO_CONTEXT
from bot.engine.frame import Frame
from bot.engine.model import Catalog, Intent, Kind
from bot.engine.morph import stem
from bot.engine.propose import Proposer, train
from bot.engine.text import fold

SIZES = (1_000, 10_000, 100_000)
INTENTS = 100
TIMED = 400
_ENDINGS = ("", "lar", "da", "dan", "ı", "ın", "ları", "larda", "sı", "ya", "lık")
_ASKS = ("kaç", "nerede", "ne zaman", "kim", "hangi", "neden", "ne kadar", "var mı", "nasıl")


def utterances(count: int, seed: int = 1) -> list[tuple[str, int]]:
    """``count`` different utterances with the number of their intent."""
    dice = random.Random(seed)
    stems = [
        "".join(dice.choice("bcdfghklmnprstvyz") + dice.choice("aeıioöuü") for _ in range(dice.choice((2, 3))))
        for _ in range(200 + count // 10)
    ]
    own = [dice.sample(stems, 8 + count // (INTENTS * 20)) for _ in range(INTENTS)]
    found: dict[str, int] = {}
    while len(found) < count:
        intent = dice.randrange(INTENTS)
        words = [dice.choice(own[intent]) + dice.choice(_ENDINGS) for _ in range(dice.choice((2, 3)))]
        words += [dice.choice(stems) + dice.choice(_ENDINGS) for _ in range(dice.choice((0, 1, 2)))]
        words.append(dice.choice(_ASKS))
        dice.shuffle(words)
        found.setdefault(" ".join(words), intent)
    return list(found.items())


def frame_of(text: str) -> Frame:
    """A frame as the reader makes it of words that no lexicon knows."""
    words = tuple(fold(text).split())
    return Frame(words, tuple("=" + stem(word) for word in words))


def section(content: Path, peers: Path | None) -> list[str]:
    """The section's lines of Markdown."""
    lines = [
        "## Growth",
        "",
        "| utterances | propose p50 µs | p99 µs | training s | WRatio p50 µs | WRatio / propose |",
        "|---:|---:|---:|---:|---:|---:|",
    ]
    for size in SIZES:
        rows = utterances(size)
        asked = [text for text, _ in utterances(TIMED, seed=2)][: TIMED // 2] + [
            t + " acaba" for t, _ in rows[: TIMED // 2]
        ]
        kept: list[Proposer] = []
        intents = [Intent(f"i{n}", Kind.GAP, ()) for n in range(INTENTS)]
        examples = [(intent, frame_of(text)) for text, intent in rows]
        cost = clock.seconds(lambda: kept.append(train(examples, intents)))  # noqa: B023 - called at once
        frames = [frame_of(text) for text in asked]
        taken = clock.times(lambda f: kept[0].propose(f, 10), frames)  # noqa: B023 - called at once
        some = [fold(t) for t in asked[:: 1 if size < 100_000 else 20]]
        job = against.Job(
            [fold(t) for t, _ in rows],
            [str(i) for _, i in rows],
            some,
            [""] * len(some),
            timed=20 if size < 100_000 else 10,
        )
        peer = against.measured("rapidfuzz WRatio", peers, job)
        beside = f"{peer.p50:.0f} | {peer.p50 / taken.p50:.0f}" if peer else "– | –"
        lines.append(f"| {size:,} | {taken.p50:.0f} | {taken.p99:.0f} | {cost:.1f} | {beside} |")
    return [*lines, "", *_whole(content, peers), *facts.section(load(content))]


def _whole(content: Path, peers: Path | None) -> list[str]:
    """The engine all in: a tenth of the content's utterances, all of them, and ten times as many."""
    from benchmarks.stages import questions_of

    catalog = load(content)
    questions = questions_of(catalog)[::2]
    size = sum(len(i.utterances) for i in catalog.intents)
    lines = [
        "| utterances in the engine | a whole question p50 µs | p99 µs | compiling s | ratio to the first | WRatio / engine |",
        "|---:|---:|---:|---:|---:|---:|",
    ]
    first = 0.0
    for wanted in (size // 10, size, size * 10):
        grown = resized(catalog, wanted, size)
        texts = [(fold(u), i.id) for i in grown.intents for u in i.utterances]
        kept: list[Engine] = []
        cost = clock.seconds(lambda: kept.append(compile_catalog(grown)))  # noqa: B023 - called at once
        taken = clock.times(lambda q: answer(q, NO_CONTEXT, kept[0]), questions)  # noqa: B023 - called at once
        first = first or taken.p50
        some = [fold(q) for q in questions[:10]]
        peer = against.measured(
            "rapidfuzz WRatio",
            peers,
            against.Job([t for t, _ in texts], [i for _, i in texts], some, [""] * 10, timed=10),
        )
        beside = f"{peer.p50 / taken.p50:.0f}" if peer else "–"
        lines.append(
            f"| {len(texts):,} | {taken.p50:.0f} | {taken.p99:.0f} | {cost:.1f} | {taken.p50 / first:.2f} | {beside} |"
        )
    return [*lines, ""]


def resized(catalog: Catalog, wanted: int, size: int) -> Catalog:
    """The catalog with fewer utterances of each intent, or with generated ones added to its gaps."""
    if wanted < size:
        each = max(2, wanted // len(catalog.intents))
        return replace(catalog, intents=tuple(replace(i, utterances=i.utterances[:each]) for i in catalog.intents))
    more: dict[int, list[str]] = {}
    gaps = [n for n, i in enumerate(catalog.intents) if i.kind is Kind.GAP]
    for text, intent in utterances(max(0, wanted - size)):
        more.setdefault(gaps[intent % len(gaps)], []).append(text)
    return replace(
        catalog,
        intents=tuple(replace(i, utterances=(*i.utterances, *more.get(n, ()))) for n, i in enumerate(catalog.intents)),
    )
