"""The engine on this content: time by stage, beside rapidfuzz over the same utterances; reload, allocation, memory."""

from __future__ import annotations

import random
import tracemalloc
from dataclasses import replace
from pathlib import Path

from benchmarks import against, clock
from benchmarks.massive import slip
from bot.content.load import load
from bot.engine.answer import Engine, answer, compile_catalog
from bot.engine.compose import compose
from bot.engine.context import NO_CONTEXT
from bot.engine.decide import decide
from bot.engine.model import Catalog
from bot.engine.propose import understood
from bot.engine.text import fold

QUESTIONS_EACH = 4
PEERS = ("rapidfuzz WRatio", "rapidfuzz token_set_ratio", "rapidfuzz ratio", "TF-IDF + LinearSVC", "bm25s", "fastText")


def questions_of(catalog: Catalog) -> list[str]:
    """A few utterances of each intent, every other with a slip, so that nothing is asked just as it is known."""
    dice = random.Random(6)
    rows = [u for i in catalog.intents for u in dice.sample(i.utterances, min(QUESTIONS_EACH, len(i.utterances)))]
    return [slip(u, dice) if n % 2 else u + " acaba" for n, u in enumerate(rows)]


def section(content: Path, peers: Path | None) -> list[str]:
    """The section's lines of Markdown."""
    catalog = load(content)
    kept: list[Engine] = []
    cold = clock.seconds(lambda: kept.append(compile_catalog(catalog)))
    engine = kept[0]
    questions = questions_of(catalog)
    whole = clock.times(lambda q: answer(q, NO_CONTEXT, engine), questions)
    lines = [
        "## The engine on this content",
        "",
        f"{sum(len(i.utterances) for i in catalog.intents)} utterances, {len(catalog.intents)} intents.",
        "",
    ]
    lines += ["| stage | p50 µs | p99 µs | ratio to a whole question |", "|---|---:|---:|---:|"]
    stages = {"a whole question": whole, **_stages(engine, questions)}
    lines += [f"| {name} | {t.p50:.0f} | {t.p99:.0f} | {t.p50 / whole.p50:.2f} |" for name, t in stages.items()]
    utterances = [(fold(u), i.id) for i in catalog.intents for u in i.utterances]
    job = against.Job(
        [u for u, _ in utterances],
        [i for _, i in utterances],
        [fold(q) for q in questions[:200]],
        [""] * len(questions[:200]),
    )
    for name in PEERS:
        if found := against.measured(name, peers, job):
            lines.append(f"| peer: {name} | {found.p50:.0f} | {found.p99:.0f} | {found.p50 / whole.p50:.2f} |")
    return [*lines, "", *_reload(catalog, engine, cold), *_allocation(engine, questions)]


def _stages(engine: Engine, questions: list[str]) -> dict[str, clock.Times]:
    """Each stage on what the stage before it made; a question of two clauses counts with its first."""
    readings = [r for r in (engine.read(q) for q in questions) if r.questions]
    frames = [r.questions[0] for r in readings]
    verdicts = [decide(f, f.speaker, engine.catalog, engine.proposer, engine.licence) for f in frames]
    deciding = clock.times(lambda f: decide(f, f.speaker, engine.catalog, engine.proposer, engine.licence), frames)
    return {
        "fold": clock.times(fold, questions),
        "read, fold included": clock.times(engine.read, questions),
        "see a frame's features": clock.times(understood, frames),
        "propose, seeing included": clock.times(lambda f: engine.proposer.propose(f, 10), frames),
        "decide, propose included": deciding,
        "compose": clock.times(lambda v: compose([v], engine.catalog), verdicts),
    }


def _reload(catalog: Catalog, engine: Engine, cold: float) -> list[str]:
    """Compiling anew, and on from the engine before: nothing changed, one utterance in ten intents changed."""
    other = tuple(
        replace(i, utterances=(*i.utterances[1:], i.utterances[0] + " yine")) if n < 10 else i
        for n, i in enumerate(catalog.intents)
    )
    same = clock.seconds(lambda: compile_catalog(catalog, engine))
    edited = clock.seconds(lambda: compile_catalog(replace(catalog, intents=other), engine))
    return [
        f"Compiling anew {cold:.2f} s of CPU; on from the engine before {same:.2f} s unchanged, {edited:.2f} s with ten utterances changed.",
        "",
    ]


def _allocation(engine: Engine, questions: list[str]) -> list[str]:
    peaks = []
    tracemalloc.start()
    for question in questions[:200]:
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        answer(question, NO_CONTEXT, engine)
        peaks.append(tracemalloc.get_traced_memory()[1] - before)
    tracemalloc.stop()
    peaks.sort()
    return [
        f"A question allocates {peaks[len(peaks) // 2] / 1024:.0f} KB at most at a time (median; p99 {peaks[-3] / 1024:.0f}).",
        "",
    ]
