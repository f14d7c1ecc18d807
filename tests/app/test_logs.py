"""Logs: one line a record, JSON on request, no token in any of them."""

from __future__ import annotations

import io
import json
import logging
import sys
import warnings
from collections.abc import Iterator

import pytest

from bot import logs
from bot.settings import Secret, Settings

TOKEN = "123456789:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"
FOREIGN = "987654321:ZZyyXXwwVVuuTTssRRqqPPooNNmmLLkkJJi"
DISCORD = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcdE.abcdefghijklmnopqrstuvwxyz0123456789AB"


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    """Leave logging, warnings and the hook for crashes as they were."""
    root, hook = logging.getLogger(), sys.excepthook
    handlers, level = root.handlers[:], root.level
    with warnings.catch_warnings():
        yield
    logging.captureWarnings(capture=False)
    root.handlers[:], sys.excepthook = handlers, hook
    root.setLevel(level)


def set_up(**changes: object) -> io.StringIO:
    stream = io.StringIO()
    settings = Settings(telegram_token=Secret(TOKEN), discord_token=Secret(DISCORD), **changes)  # type: ignore[arg-type]
    logs.set_up(settings, stream)
    return stream


def fail(log: logging.Logger, error: Exception) -> None:
    """Log ``error`` with its traceback."""
    try:
        raise error  # noqa: TRY301
    except Exception:
        log.exception("failed")


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_no_token_however_it_gets_into_a_record(log_format: str) -> None:
    """In the message, an argument, a field, an exception's text or its traceback; ours or anybody's."""
    stream = set_up(log_format=log_format)
    log = logging.getLogger("bot.somewhere")
    log.info("https://api.telegram.org/bot%s/getMe", TOKEN)
    log.info("plain " + DISCORD)  # noqa: G003 - what a careless library does
    log.info("field", extra={"fields": {"url": f"/bot{TOKEN}/x", "list": [FOREIGN]}})
    log.info("url %s %s", f"/bot{FOREIGN}/getMe", TOKEN.replace(":", "%3A"))
    fail(log, ValueError(f"bad token {TOKEN} {FOREIGN}"))
    sys.excepthook(ValueError, ValueError(TOKEN), None)
    text = stream.getvalue()
    assert text.count("***") >= 6
    assert not any(secret in text for secret in (TOKEN, DISCORD, FOREIGN, FOREIGN[10:], TOKEN.partition(":")[2]))


def test_text_lines() -> None:
    """Level, logger, event and fields on one line; values with blanks are quoted."""
    stream = set_up()
    logging.getLogger("bot.desk").info(
        "question", extra={"fields": {"platform": "telegram", "ms": 1.2, "why": "iki söz"}}
    )
    line = stream.getvalue()
    assert line.endswith(' INFO bot.desk question platform=telegram ms=1.2 why="iki söz"\n')
    assert line.count("\n") == 1


def test_json_lines() -> None:
    """One object a line, with the fields at its top; a traceback is part of it."""
    stream = set_up(log_format="json")
    log = logging.getLogger("bot.desk")
    log.info("question", extra={"fields": {"platform": "telegram", "ms": 1.2}})
    fail(log, KeyError("x"))
    first, second = (json.loads(line) for line in stream.getvalue().splitlines())
    assert {k: first[k] for k in ("level", "logger", "event", "platform", "ms")} == {
        "level": "INFO", "logger": "bot.desk", "event": "question", "platform": "telegram", "ms": 1.2,
    }  # fmt: skip
    assert first["at"].endswith("Z")
    assert "KeyError" in second["error"]


def test_libraries_are_quiet() -> None:
    """Httpx says nothing at INFO, where it would print whole URLs; warnings come as log lines."""
    stream = set_up(log_level="DEBUG")
    logging.getLogger("httpx").info("HTTP Request: POST https://api.telegram.org/…")
    logging.getLogger("discord.gateway").info("connected")
    assert stream.getvalue() == ""
    warnings.warn("old habit", UserWarning, stacklevel=1)
    assert "old habit" in stream.getvalue()


def test_level() -> None:
    """What is below the level is not written."""
    stream = set_up(log_level="WARNING")
    logging.getLogger("bot").info("chatter")
    logging.getLogger("bot").warning("trouble")
    assert "chatter" not in stream.getvalue()
    assert "trouble" in stream.getvalue()
