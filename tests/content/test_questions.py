"""Labelled questions beside the content are looked at line by line."""

from __future__ import annotations

import pytest

from bot.content.load import examine
from tests.content.small import FILES

GOOD = b'{"q": "Ka\xc3\xa7 kitap var?", "kind": "answer", "facts": ["books"], "golden": true, "must": ["3[.]250"]}\n'


def faults(line: bytes) -> list[tuple[int, str]]:
    problems = examine({**FILES, "questions/golden.jsonl": GOOD + b"\n" + line + b"\n"}).problems
    assert all(p.file == "questions/golden.jsonl" and p.message for p in problems)
    return [(p.line, p.field) for p in problems]


def test_good_lines_and_empty_ones_pass() -> None:
    """A question or a conversation, an emoji too."""
    assert faults('{"turns": ["merhaba", "👋"], "kind": "smalltalk", "facts": [], "tags": ["emoji"]}'.encode()) == []


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (b"{", ""),
        (b"[1]", ""),
        (b"[" * 100_000, ""),
        (b'{"kind": "answer"}', "q"),
        (b'{"turns": [], "kind": "oos"}', "turns"),
        (b'{"q": 5, "kind": "oos"}', "q"),
        (b'{"q": "a", "kind": "other"}', "kind"),
        (b'{"q": "a", "kind": "oos", "fact": []}', "fact"),
        (b'{"q": "a", "kind": "oos", "facts": "books"}', "facts"),
        (b'{"q": "a", "kind": "answer", "facts": ["boks"], "golden": true}', "facts"),
        (b'{"q": "a", "kind": "oos", "golden": "yes"}', "golden"),
        (b'{"q": "a", "kind": "oos", "must": ["("]}', "must"),
        (b'{"q": "\xfc", "kind": "oos"}', ""),
    ],
)
def test_a_wrong_line_is_named(line: bytes, field: str) -> None:
    """Line and field of what cannot be asked."""
    assert faults(line) == [(3, field)]


def test_questions_of_another_inventory_pass_unless_golden() -> None:
    """Only golden questions are asked at a reload, so only their facts must exist."""
    assert faults(b'{"q": "a", "kind": "answer", "facts": ["elsewhere"]}') == []
