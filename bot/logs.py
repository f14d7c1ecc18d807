"""How the process logs: one line a record, as text or JSON, with every secret blacked out."""

from __future__ import annotations

import json
import logging
import re
import sys
import time
import warnings
from collections.abc import Iterable
from typing import IO
from urllib.parse import quote

from bot.settings import Settings

QUIET = ("httpx", "httpcore", "telegram", "discord", "aiohttp.access", "apscheduler", "watchfiles", "asyncio")
"""Libraries that say too much below WARNING; httpx prints every URL, the Telegram token included."""
HIDDEN = "***"
_TOKENS = re.compile(
    r"(?<!\d)\d{6,12}(?::|%3A)[A-Za-z0-9_-]{30,}|\b[A-Za-z0-9_-]{23,30}\.[A-Za-z0-9_-]{6,7}\.[A-Za-z0-9_-]{27,}\b"
)
"""What a Telegram and a Discord token look like, whoever's it is."""


class Redactor:
    """Blacks out the given secrets and whatever looks like a token."""

    def __init__(self, secrets: Iterable[str]) -> None:
        held = {s for s in secrets if len(s) >= 4}
        known = sorted(held | {quote(s, safe="") for s in held}, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def __call__(self, text: str) -> str:
        """``text`` without secrets."""
        text = self._known.sub(HIDDEN, text) if self._known else text
        return _TOKENS.sub(HIDDEN, text)


class TextFormatter(logging.Formatter):
    """``2026-02-02 12:00:00 INFO desk question platform=telegram ms=1.2``; a traceback follows on lines of its own."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s", "%Y-%m-%d %H:%M:%S")
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """The record as text."""
        fields = "".join(f" {k}={_plain(v)}" for k, v in _fields(record).items())
        head, line, rest = super().format(record).partition("\n")
        return self._redact(head + fields + line + rest)


class JsonFormatter(logging.Formatter):
    """One JSON object a line: ``at``, ``level``, ``logger``, ``event`` and the record's fields."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__()
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON."""
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        row: dict[str, object] = {
            "at": f"{stamp}.{int(record.msecs):03d}Z",
            "level": record.levelname,
            "logger": record.name,
        }
        row |= {"event": record.getMessage(), **_fields(record)}
        if record.exc_info:
            row["error"] = self.formatException(record.exc_info)
        return self._redact(json.dumps(row, ensure_ascii=False, default=str))


def set_up(settings: Settings, stream: IO[str] | None = None) -> None:
    """Log to ``stream`` (standard error) as ``settings`` say; warnings and uncaught errors too."""
    redact = Redactor(settings.secrets)
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter(redact) if settings.log_format == "json" else TextFormatter(redact))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(settings.log_level)))
    logging.captureWarnings(True)
    warnings.simplefilter("default")
    sys.excepthook = lambda kind, error, trace: root.critical("crashed", exc_info=(kind, error, trace))


def _fields(record: logging.LogRecord) -> dict[str, object]:
    fields = getattr(record, "fields", None)
    return fields if isinstance(fields, dict) else {}


def _plain(value: object) -> str:
    text = str(value)
    return json.dumps(text, ensure_ascii=False) if not text or re.search(r"[\s=\"]", text) else text
