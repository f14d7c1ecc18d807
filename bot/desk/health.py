"""Which parts of the process work just now, and why not."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """One part's state; ``why`` is one line in Turkish, empty when all is well."""

    ok: bool
    why: str = ""


class Health:
    """The state of each part by name: ``telegram``, ``discord``, ``journal`` and so on.

    A platform announces itself with ``set(name, False, "bağlanıyor")`` when it starts, so that the
    process does not count as ready before it is connected.
    """

    def __init__(self) -> None:
        self._parts: dict[str, Part] = {}

    def set(self, part: str, ok: bool, why: str = "") -> None:
        """Note that ``part`` works or not."""
        self._parts[part] = Part(ok, why)

    @property
    def parts(self) -> dict[str, Part]:
        """A copy of all states, by name."""
        return dict(self._parts)

    @property
    def ready(self) -> bool:
        """Whether every part works."""
        return all(part.ok for part in self._parts.values())
