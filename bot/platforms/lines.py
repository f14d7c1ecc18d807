"""Answers conversations that come as JSON lines: ``{"id", "turns": [..]}`` in, one reply a line out.

Each line is a conversation of its own; only the reply to its last turn is printed. A line that cannot be
understood is reported by its number and the batch goes on, since a long run should not die of one odd line.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from time import perf_counter, strftime
from typing import IO, Any, NoReturn

from bot.engine.answer import NO_CONTEXT, Engine, answer
from bot.engine.model import Reply


class LineError(ValueError):
    """A line that is no conversation; the message says what it should be, in Turkish."""


def answer_lines(lines: Iterable[bytes], out: IO[bytes], engine: Engine, complain: Callable[[str], None]) -> bool:
    """Answer each line of ``lines`` on ``out`` at once, ``complain`` about the bad ones; whether all were good."""
    good = True
    for number, raw in enumerate(lines, 1):
        text = raw.decode("utf-8-sig", errors="replace").strip()
        if not text:
            continue
        try:
            out.write(_line(_answered(*_conversation_in(text), engine)))
            out.flush()
        except LineError as bad:
            complain(f"{number}. satır: {bad}")
            good = False
        except BrokenPipeError:
            raise
        except Exception as fault:  # noqa: BLE001 - a fault of ours costs its line, is named, and fails the batch
            complain(f"{number}. satır: yanıtlanamadı ({type(fault).__name__}: {fault})")
            good = False
    return good


def _conversation_in(text: str) -> tuple[Any, list[str]]:
    try:
        record = json.loads(text, parse_constant=_refused)
    except (ValueError, RecursionError) as error:
        raise LineError(f"geçerli bir JSON değil ({error})") from error
    if not isinstance(record, dict):
        raise LineError('{"id": …, "turns": ["soru"]} biçiminde bir nesne olmalı')
    if "id" not in record:
        raise LineError('"id" eksik')
    turns = record.get("turns")
    if not isinstance(turns, list) or not turns or not all(isinstance(t, str) for t in turns):
        raise LineError('"turns" en az bir soru metni içeren bir dizi olmalı')
    return record["id"], turns


def _refused(constant: str) -> NoReturn:
    raise ValueError(f"{constant} JSON'da yok")


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
