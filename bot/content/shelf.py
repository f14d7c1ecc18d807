"""Holds the edition that answers now, swaps it in one assignment, and keeps the earlier ones to go back to."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from threading import Lock

from bot.content.files import Files
from bot.content.load import parse
from bot.engine.answer import Engine, compile_catalog
from bot.errors import NothingEarlierError

KEPT = 10
"""Earlier editions that ``back`` can reach."""


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of the content, ready to answer; ``loaded_at`` is epoch seconds."""

    engine: Engine
    files: Files
    version: str
    loaded_at: float


def prepare(files: Files) -> Edition:
    """Check and compile ``files``: seconds of CPU, nothing shared, so any thread will do; raises ContentError."""
    engine = compile_catalog(parse(files))
    return Edition(engine, files, engine.catalog.version, time.time())


class Shelf:
    """The one mutable reference of the program. Safe to use from any thread.

    Take ``current`` once per question: what was taken stays whole, whatever is swapped in meanwhile.
    """

    def __init__(self, edition: Edition) -> None:
        """Begin with ``edition`` and nothing to go back to."""
        self._lock = Lock()
        self._current = edition
        self._earlier: deque[Edition] = deque(maxlen=KEPT)

    @property
    def current(self) -> Edition:
        """The edition that answers now; reading one reference needs no lock."""
        return self._current

    @property
    def earlier(self) -> tuple[Edition, ...]:
        """The editions that ``back`` would bring, the next one first."""
        with self._lock:
            return tuple(reversed(self._earlier))

    def swap(self, edition: Edition) -> Edition:
        """Put ``edition`` in place and return the one that it replaces; the same version again adds nothing to go back to."""
        with self._lock:
            before = self._current
            if before.version != edition.version:
                self._earlier.append(before)
            self._current = edition
            return before

    def back(self) -> Edition:
        """Put the edition before in place and return it; the one taken back is dropped. Raises NothingEarlierError."""
        with self._lock:
            if not self._earlier:
                raise NothingEarlierError
            self._current = self._earlier.pop()
            return self._current
