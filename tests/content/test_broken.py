"""Broken content of every kind: each is refused, and the editor is told file, line, field and what to do."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bot.content.load import parse
from bot.errors import ContentError, Problem
from tests.content.breaks_form import SHAPES, YAML, Case
from tests.content.breaks_sense import EVIDENCE, REFERENCES
from tests.content.small import edited


def problems(files: Mapping[str, bytes]) -> tuple[Problem, ...]:
    with pytest.raises(ContentError) as caught:
        parse(files)
    return caught.value.problems


@pytest.mark.parametrize("case", [*YAML, *SHAPES, *REFERENCES, *EVIDENCE], ids=lambda c: c.name)
def test_each_kind_of_break_is_named_at_its_place(case: Case) -> None:
    """One broken passage: refused, with the file, the line, the field and a sentence that helps."""
    files = edited(case.file, case.old, case.new)
    at = next(i for i in range(len(files[case.file])) if files[case.file][i:].startswith(case.marker.encode()))
    line = files[case.file].count(b"\n", 0, at) + 1
    found = problems(files)
    fitting = [p for p in found if case.field in p.field and case.says in p.message and p.file == case.file]
    assert line in [p.line for p in fitting], [str(p) for p in found]
