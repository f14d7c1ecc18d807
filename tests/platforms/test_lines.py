"""JSON lines, in process: one line's trouble stays its own."""

from __future__ import annotations

import io
import json

import pytest

from bot.engine.answer import Context, Engine
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
    assert [json.loads(line)["text"] for line in out.getvalue().splitlines()] == ["a", "c"]
    assert told == ["2. satır: yanıtlanamadı (KeyError: 'x')"]


def test_gone_reader_ends_the_batch(engine: Engine) -> None:
    """Nobody reads any more: the batch stops instead of complaining about every line."""

    class Gone(io.BytesIO):
        def write(self, _: object) -> int:
            raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        lines.answer_lines([b'{"id": 1, "turns": ["vize"]}'], Gone(), engine, print)
