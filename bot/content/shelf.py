"""Holds the edition that answers now, swaps it in one assignment, and keeps the earlier ones to go back to."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock

from bot.content.files import Files
from bot.content.freeze import Parts, unpack
from bot.content.load import parse
from bot.engine.answer import Engine, compile_catalog
from bot.errors import NothingEarlierError

KEPT = 10
"""Earlier editions that ``back`` can reach."""


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of the content, ready to answer; ``loaded_at`` is epoch seconds.

    ``frozen`` is the engine as it came from a file, if it did: kept, it costs no memory to speak of.
    """

    engine: Engine
    files: Files
    version: str
    loaded_at: float
    frozen: Parts | None = None


@dataclass(frozen=True, slots=True)
class Earlier:
    """A version that served before: always its files, and its frozen engine if it is the newest one.

    An engine in use costs thirty megabytes, a frozen one none that the system could not take back, files a hundred
    kilobytes (those that did not change are shared); and the step back that matters, the one taken in a fright, is
    the first.
    """

    version: str
    files: Files
    frozen: Parts | None

    def thawed(self, pause: Callable[[], None] | None = None) -> Edition | None:
        """The edition as it was, if its engine is kept; ``pause`` is called again and again meanwhile."""
        if self.frozen is None:
            return None
        return Edition(unpack(self.frozen, pause), self.files, self.version, time.time(), self.frozen)


def prepare(files: Files, previous: Engine | None = None) -> Edition:
    """Check and compile ``files``: seconds of CPU, nothing shared, so any thread will do; raises ContentError.

    ``previous``, an engine with its lessons made of much the same files, makes it a quarter of a second.
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
                    self._earlier.append(replace(self._earlier.pop(), frozen=None))
                self._earlier.append(Earlier(before.version, before.files, before.frozen))
            self._current = edition
            return before

    def back(self, to: Edition | None = None) -> Edition:
        """Put an earlier edition in place and return it; it and all that came after it are no longer kept.

        Without ``to`` it is the one before: thawed where it is frozen, else prepared here, which takes
        seconds. Raises NothingEarlierError when nothing of that version is kept.
        """
        while to is None:
            last = next(iter(self.earlier), None)
            if last is None:
                raise NothingEarlierError
            made = last.thawed() or replace(prepare(last.files), version=last.version)
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
