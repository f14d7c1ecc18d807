"""Answers conversations that come as JSON lines: ``{"id", "turns": [..]}`` in, one reply a line out.

Each line is a conversation of its own; only the reply to its last turn is printed. A line that cannot be
understood gets a line too, ``{"id", "line", "error"}``, so that who reads the answers can tell which is missing,
and the batch goes on, since a long run should not die of one odd line.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from time import perf_counter, strftime
from typing import IO, Any, NoReturn

from bot.engine.answer import Engine, answer
from bot.engine.context import NO_CONTEXT
from bot.engine.model import Reply


class LineError(ValueError):
    """A line that is no conversation; the message says what it should be, in Turkish. ``key`` is its id, if it has one."""

    def __init__(self, message: str, key: Any = None) -> None:
        super().__init__(message)
        self.key = key


def answer_lines(lines: Iterable[bytes], out: IO[bytes], engine: Engine, complain: Callable[[str], None]) -> bool:
    """Answer each line of ``lines`` on ``out`` at once, bad ones with an ``error``, and ``complain``; whether all were good."""
    good = True
    for number, raw in enumerate(lines, 1):
        text = raw.decode("utf-8-sig", errors="replace").strip()
        if not text:
            continue
        key: Any = None
        record: dict[str, Any] = {}
        try:
            key, turns = _conversation_in(text)
            record, fault = _answered(key, turns, engine), ""
        except LineError as bad:
            key, fault = bad.key, str(bad)
        except Exception as broken:  # noqa: BLE001 - a fault of ours costs its line, is named, and fails the batch
            fault = f"yanıtlanamadı ({type(broken).__name__})"
        if fault:
            record, good = {"id": key, "line": number, "error": fault}, False
            complain(f"{number}. satır: {fault}")
        out.write(_line(record))
        out.flush()
    return good


def _conversation_in(text: str) -> tuple[Any, list[str]]:
    try:
        record = json.loads(text, parse_constant=_refused)
    except _NoSuchConstant as constant:
        raise LineError(f"geçerli bir JSON değil ({constant} JSON'da yok)") from constant
    except json.JSONDecodeError as error:
        raise LineError(f"geçerli bir JSON değil ({error.colno}. sütunda bozuluyor)") from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, or a thousand brackets
        raise LineError("geçerli bir JSON değil (sayı çok uzun ya da iç içe çok fazla ayraç var)") from error
    if not isinstance(record, dict):
        raise LineError('{"id": …, "turns": ["soru"]} biçiminde bir nesne olmalı')
    if "id" not in record:
        raise LineError('"id" eksik')
    turns = record.get("turns")
    if not isinstance(turns, list) or not turns or not all(isinstance(t, str) for t in turns):
        raise LineError('"turns" en az bir soru metni içeren bir dizi olmalı', record["id"])
    return record["id"], turns


class _NoSuchConstant(ValueError):
    """``NaN`` and its like: Python's reader takes them, JSON does not have them."""


def _refused(constant: str) -> NoReturn:
    raise _NoSuchConstant(constant)


def _answered(key: Any, turns: list[str], engine: Engine) -> dict[str, Any]:
    context, today = NO_CONTEXT, strftime("%Y-%m-%d")
    for turn in turns[:-1]:
        _, context = answer(turn, context, engine)
    start = perf_counter()
    reply, _ = answer(turns[-1], context, engine, today)
    return as_record(key, reply, (perf_counter() - start) * 1000)


def as_record(key: Any, reply: Reply, ms: float) -> dict[str, Any]:
    """The reply as the fields of its line; ``ms`` are milliseconds of its last turn."""
    return {
        "id": key,
        "status": reply.status.value,
        "intent": reply.intent,
        "facts": list(reply.facts),
        "text": reply.text,
        "sources": [{"fact": s.fact, "quote": s.quote} for s in reply.sources],
        "choices": [{"question": c.question, "text": c.text} for c in reply.choices],
        "score": reply.score,
        "ms": round(ms, 3),
    }


def _line(record: dict[str, Any]) -> bytes:
    # A lone surrogate cannot be UTF-8; written as backslash escape it is JSON again.
    return json.dumps(record, ensure_ascii=False).encode("utf-8", errors="backslashreplace") + b"\n"
