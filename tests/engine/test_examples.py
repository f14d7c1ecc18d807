"""Compiling after a change gives what compiling anew gives: the same vocabulary, the same frames, nearly the same scores."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.content.load import load
from bot.engine.answer import Engine, answer, compile_catalog
from bot.engine.context import NO_CONTEXT
from bot.engine.examples import described, frames_of, numbered, said
from bot.engine.model import Catalog, Entry, Fact, Kind
from bot.engine.vocabulary import build
from tests.engine.island import CATALOG

ROOT = Path(__file__).resolve().parents[2]
MOST = 6
"""Utterances kept of each intent: enough to learn from, and a test in a second."""


@pytest.fixture(scope="module")
def engine() -> Engine:
    catalog = load(ROOT)
    return compile_catalog(
        replace(catalog, intents=tuple(replace(i, utterances=i.utterances[:MOST]) for i in catalog.intents[::4]))
    )


def edited(catalog: Catalog) -> dict[str, Catalog]:
    """One small edit of each kind that an editor makes."""
    first, *others = (i for i in catalog.intents if i.kind is Kind.FACT)
    rest = tuple(i for i in catalog.intents if i.kind is not Kind.FACT)
    added = replace(first, utterances=(*first.utterances, "kuşburnu çayı hangi gün ikram edildi"))
    removed = replace(first, utterances=first.utterances[3:])
    lexicon = replace(
        catalog.lexicon,
        entries=(*catalog.lexicon.entries, Entry(("kuşburnu", "ticaret ataşe"), "", frozenset({"rosehip"}))),
    )
    fewer = replace(catalog.lexicon, entries=catalog.lexicon.entries[5:])
    fact: Fact = next(iter(catalog.facts.values()))
    return {
        "an utterance more": replace(catalog, intents=(added, *others, *rest)),
        "utterances less": replace(catalog, intents=(removed, *others, *rest)),
        "an intent less": replace(catalog, intents=(*others[1:], first, *rest)),
        "a word more": replace(catalog, lexicon=lexicon),
        "words less": replace(catalog, lexicon=fewer),
        "another statement": replace(
            catalog, facts={**catalog.facts, fact.id: replace(fact, statement="Kuşburnu ikram edildi.")}
        ),
        "another date": replace(catalog, article=replace(catalog.article, date="2027-05-06")),
    }


EDITS = (
    "an utterance more",
    "utterances less",
    "an intent less",
    "a word more",
    "words less",
    "another statement",
    "another date",
)


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_gives_what_compiling_anew_gives(engine: Engine, edit: str) -> None:
    """Vocabulary, frames and licence are equal, and every question about it gets the same reply."""
    catalog = edited(engine.catalog)[edit]
    onward, anew = compile_catalog(catalog, engine), compile_catalog(catalog)
    assert onward.vocabulary.surfaces == anew.vocabulary.surfaces
    assert onward.vocabulary.heads == anew.vocabulary.heads
    assert onward.frames == anew.frames
    assert onward.licence == anew.licence
    utterances = [u for intent in catalog.intents for u in intent.utterances[:4]]
    differ = [u for u in utterances if answer(u, NO_CONTEXT, onward)[0].text != answer(u, NO_CONTEXT, anew)[0].text]
    assert len(differ) <= len(utterances) * 0.02


def test_nothing_is_read_again_when_nothing_changed(engine: Engine) -> None:
    """A reload of the same content keeps every frame, the same object."""
    again = compile_catalog(engine.catalog, engine)
    assert engine.frames is not None
    assert again.frames is not None
    assert all(again.frames[u] is frame for u, frame in engine.frames.items())


def test_a_pickled_engine_answers_and_can_be_compiled_from(engine: Engine) -> None:
    """Frames stay out of the pickle; an engine read back answers alike, and compiling after it is compiling anew."""
    read_back = replace(engine, frames=None, proposer=replace(engine.proposer, lessons=None))
    assert compile_catalog(engine.catalog, read_back).frames == engine.frames
    assert engine.__getstate__()["frames"] is None


def test_titles_and_statements_are_learned_from_but_are_nobodys_utterances() -> None:
    """A fact's statement proposes its intent although no utterance has its words."""
    intent = replace(CATALOG.intents[1], utterances=("köprü ne zaman açıldı",))
    fact = replace(CATALOG.facts["bridge_date"], statement="Köprü 3 Mayıs 2019'da törenle açıldı.")
    catalog = replace(CATALOG, intents=(intent, *CATALOG.intents[2:]), facts={**CATALOG.facts, fact.id: fact})
    vocabulary = build(catalog)
    frames = frames_of(catalog, vocabulary)
    assert (0, frames[fact.statement]) in described(catalog, frames)
    assert (0, frames[fact.statement]) not in numbered(catalog, frames)
    engine = compile_catalog(catalog)
    question = engine.read("tören ne zamandı").questions[0]
    assert engine.proposer.propose(question)[0][0] == 0
    assert "=toren" in said(catalog, frames)[0]
