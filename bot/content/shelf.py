"""Holds the edition that answers now, swaps it in one assignment, and keeps the earlier ones to go back to."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, replace
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


@dataclass(frozen=True, slots=True)
class Earlier:
    """A version that served before: always its files, and the whole ``edition`` of the newest one only.

    An engine costs twenty megabytes, files a hundred kilobytes (those that did not change are shared), and
    the step back that matters, the one taken in a fright, is the first.
    """

    version: str
    files: Files
    edition: Edition | None


def prepare(files: Files, previous: Engine | None = None) -> Edition:
    """Check and compile ``files``: seconds of CPU, nothing shared, so any thread will do; raises ContentError.

    ``previous``, an engine with its lessons made of much the same files, makes it half a second.
    """
    engine = compile_catalog(parse(files), previous)
    return Edition(engine, files, engine.catalog.version, time.time())


def sharing(files: Files, others: Files) -> Files:
    """``files``, with the very bodies of ``others`` where they are equal, so that versions share them."""
    return {name: others[name] if others.get(name) == body else body for name, body in files.items()}


class Shelf:
    """The one mutable reference of the program. Safe to use from any thread.

    Take ``current`` once per question: what was taken stays whole, whatever is swapped in meanwhile.
    """

    def __init__(self, edition: Edition) -> None:
        """Begin with ``edition`` and nothing to go back to."""
        self._lock = Lock()
        self._current = edition
        self._earlier: deque[Earlier] = deque(maxlen=KEPT)

    @property
    def current(self) -> Edition:
        """The edition that answers now; reading one reference needs no lock."""
        return self._current

    @property
    def earlier(self) -> tuple[Earlier, ...]:
        """The versions that ``back`` can bring, the next one first."""
        with self._lock:
            return tuple(reversed(self._earlier))

    def swap(self, edition: Edition) -> Edition:
        """Put ``edition`` in place and return the one that it replaces; the same version again adds nothing to go back to."""
        with self._lock:
            before = self._current
            if before.version != edition.version:
                if self._earlier:
                    self._earlier.append(replace(self._earlier.pop(), edition=None))
                self._earlier.append(Earlier(before.version, before.files, before))
            self._current = edition
            return before

    def back(self, to: Edition | None = None) -> Edition:
        """Put an earlier edition in place and return it; it and all that came after it are no longer kept.

        Without ``to`` it is the one before: at once where that is whole, else prepared here, which takes
        seconds. Raises NothingEarlierError when nothing of that version is kept.
        """
        while to is None:
            last = next(iter(self.earlier), None)
            if last is None:
                raise NothingEarlierError
            made = last.edition or replace(prepare(last.files), version=last.version)
            with self._lock:
                if self._earlier and self._earlier[-1] is last:  # else somebody swapped meanwhile
                    self._earlier.pop()
                    self._current = made
                    return made
        with self._lock:
            if all(e.version != to.version for e in self._earlier):
                raise NothingEarlierError
            while self._earlier.pop().version != to.version:
                pass
            self._current = to
            return to
