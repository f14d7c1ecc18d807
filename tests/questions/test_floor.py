"""The labelled questions, asked of the shipped content: no change may make the bot worse than these floors."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.curate.evaluate import Table, evaluate, faults, noisy
from bot.curate.grader import Grade, Grader, grader_beside
from bot.curate.labelled import Labelled, read_questions
from bot.engine.answer import Engine

pytestmark = pytest.mark.timeout(240)  # compiles the shipped content where no other test has

QUESTIONS = Path(__file__).with_name("dev.jsonl")

RIGHT = 0.96
WRONG = 0.004
ABSENT = 0.97
OUT_OF_SCOPE = 0.98
SMALLTALK = 0.95
ROUNDS_RIGHT = 0.92
ROUNDS_WRONG = 0.01
NOISE_COSTS: Mapping[str, float] = {"typo": 0.08, "ascii": 0.01, "caps": 0.0}
"""By how much the share of right answers may fall when every question is typed so."""


@pytest.fixture(scope="module")
def questions() -> list[Labelled]:
    """The labelled questions."""
    return read_questions([QUESTIONS])


@pytest.fixture(scope="module")
def grader() -> Grader:
    """The patterns beside them."""
    return grader_beside(QUESTIONS)


@pytest.fixture(scope="module")
def table(questions: list[Labelled], grader: Grader, engine: Engine) -> Table:
    """The grades of the questions as they stand."""
    return evaluate(questions, engine, grader)


def test_right(table: Table) -> None:
    """Most of what the article answers is answered right."""
    assert table.share("answer", Grade.RIGHT) >= RIGHT, faults(table, 12)


def test_wrong(table: Table) -> None:
    """Hardly anything is answered wrongly."""
    assert table.wrong <= WRONG, faults(table, 12)


def test_absent(table: Table) -> None:
    """What the article does not say is not answered."""
    assert table.share("absent", Grade.RIGHT, Grade.OFFERED) >= ABSENT, faults(table, 12)


def test_out_of_scope(table: Table) -> None:
    """Other subjects are not answered."""
    assert table.share("oos", Grade.RIGHT, Grade.OFFERED) >= OUT_OF_SCOPE, faults(table, 12)


def test_smalltalk(table: Table) -> None:
    """A greeting is greeted, thanks are taken."""
    assert table.share("smalltalk", Grade.RIGHT) >= SMALLTALK, faults(table, 12)


def test_rounds(engine: Engine, grader: Grader) -> None:
    """The rounds of questions that were written unseen, scored and mended stay mended."""
    found = evaluate(read_questions(sorted(QUESTIONS.parent.glob("round-*.jsonl"))), engine, grader)
    assert found.share("answer", Grade.RIGHT) >= ROUNDS_RIGHT, faults(found, 12)
    assert found.wrong <= ROUNDS_WRONG, faults(found, 12)
    assert found.share("absent", Grade.RIGHT, Grade.OFFERED) >= ABSENT
    assert found.share("oos", Grade.RIGHT, Grade.OFFERED) >= OUT_OF_SCOPE


@pytest.mark.parametrize("noise", sorted(NOISE_COSTS))
def test_noise(noise: str, questions: list[Labelled], grader: Grader, engine: Engine, table: Table) -> None:
    """Slips, missing Turkish letters and capitals cost little, and make nothing wrong that the floor forbids."""
    spoilt = evaluate(noisy(questions, noise, seed=1), engine, grader)
    assert spoilt.share("answer", Grade.RIGHT) >= table.share("answer", Grade.RIGHT) - NOISE_COSTS[noise]
    assert spoilt.wrong <= 2 * WRONG, faults(spoilt, 12)


def test_every_fact_named_is_known_to_the_grader(questions: list[Labelled], grader: Grader) -> None:
    """A label with a slip would make its question impossible to answer right."""
    named = {fact for q in questions for fact in q.facts}
    assert named <= set(grader.patterns)
