"""Errors tell an editor where, and survive the way between processes."""

from __future__ import annotations

import pickle

import pytest

from bot import errors
from bot.errors import ContentError, KopruError, NothingEarlierError, Problem


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (Problem("facts/a.yaml", 3, "facts.x.quote", "Yok."), "facts/a.yaml:3: facts.x.quote: Yok."),
        (Problem("facts/a.yaml", 3, "", "Yok."), "facts/a.yaml:3: Yok."),
        (Problem("", 0, "", "Yok."), "Yok."),
        (Problem("a.yaml", 1, "id", "Yok.").as_warning(), "a.yaml:1: id: uyarı: Yok."),
    ],
)
def test_a_problem_reads_as_editors_programs_expect(problem: Problem, text: str) -> None:
    """``file:line: field: message``, less what is not there."""
    assert str(problem) == text


def test_a_content_error_tells_all_its_problems() -> None:
    """One line each, in the order given."""
    error = ContentError((Problem("a.yaml", 1, "", "Bir."), Problem("b.yaml", 2, "", "İki.")))
    assert str(error) == "a.yaml:1: Bir.\nb.yaml:2: İki."


@pytest.mark.parametrize(
    "error", [ContentError((Problem("a.yaml", 1, "x", "Bir.", warning=True),)), NothingEarlierError()]
)
def test_errors_travel_between_processes(error: ContentError) -> None:
    """A pickled error comes back with its problems."""
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.problems, str(again)) == (type(error), error.problems, str(error))


def test_the_drawn_tree_is_the_tree() -> None:
    """Each error of the module stands in its docstring's drawing, and every one descends from the root."""
    drawn = errors.__doc__ or ""
    classes = [c for c in vars(errors).values() if isinstance(c, type) and issubclass(c, Exception)]
    assert len(classes) >= 6
    assert all(c.__name__ in drawn and issubclass(c, KopruError) for c in classes)
