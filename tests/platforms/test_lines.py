"""JSON lines, in process: one line's trouble stays its own."""

from __future__ import annotations

import io
import json

import pytest

from bot.engine.answer import Engine
from bot.engine.context import Context
from bot.engine.model import Reply, Status
from bot.platforms import lines


def test_fault_of_ours_costs_one_line(monkeypatch: pytest.MonkeyPatch, engine: Engine) -> None:
    """If the engine ever raised, that line is named and the lines after it are answered."""

    def faulty(question: str, context: Context, _: Engine, today: str = "") -> tuple[Reply, Context]:
        if question == "b":
            raise KeyError("x")
        return Reply(Status.UNKNOWN, (question,)), context

    monkeypatch.setattr(lines, "answer", faulty)
    told: list[str] = []
    out = io.BytesIO()
    feed = [json.dumps({"id": q, "turns": [q]}).encode() for q in "abc"]
    assert not lines.answer_lines(feed, out, engine, told.append)
    first, second, third = map(json.loads, out.getvalue().splitlines())
    assert (first["text"], third["text"]) == ("a", "c")
    assert second == {"id": "b", "line": 2, "error": "yanıtlanamadı (KeyError)"}
    assert told == ["2. satır: yanıtlanamadı (KeyError)"]


@pytest.mark.parametrize(
    ("line", "key", "says"),
    [
        ("{", None, "2. sütunda bozuluyor"),
        ('{"id": 1, "turns": [NaN]}', None, "NaN JSON'da yok"),
        ('{"id": ' + "1" * 5000 + ', "turns": ["a"]}', None, "sayı çok uzun"),
        ("[" * 100_000, None, "iç içe"),
        ("7", None, "biçiminde bir nesne"),
        ('{"turns": ["a"]}', None, '"id" eksik'),
        ('{"id": "x"}', "x", '"turns" en az bir'),
        ('{"id": 4, "turns": []}', 4, '"turns" en az bir'),
        ('{"id": [2], "turns": [2]}', [2], '"turns" en az bir'),
    ],
)
def test_a_bad_line_is_answered_with_an_error(line: str, key: object, says: str, engine: Engine) -> None:
    """It has its id, if one can be read, its number, and a Turkish sentence without Python's own words; the next is answered."""
    out = io.BytesIO()
    good = b'{"id": 9, "turns": ["vize"]}'
    assert not lines.answer_lines([line.encode(), good], out, engine, lambda _: None)
    refused, answered = map(json.loads, out.getvalue().splitlines())
    assert (refused["id"], refused["line"], list(refused)) == (key, 1, ["id", "line", "error"])
    assert says in refused["error"]
    assert not any(word in refused["error"] for word in ("Expecting", "Exceeds", "recursion", "char "))
    assert list(answered) == ["id", "status", "intent", "facts", "text", "sources", "choices", "score", "ms"]


def test_gone_reader_ends_the_batch(engine: Engine) -> None:
    """Nobody reads any more: the batch stops instead of complaining about every line."""

    class Gone(io.BytesIO):
        def write(self, _: object) -> int:
            raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        lines.answer_lines([b'{"id": 1, "turns": ["vize"]}'], Gone(), engine, print)
