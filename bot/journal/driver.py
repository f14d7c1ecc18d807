"""The narrow door between the journal's methods, written once, and the two SQL stores.

Statements use ``$1``, ``$2``… for parameters and a few ``{{words}}`` where the dialects differ.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from typing import Protocol, TypeAlias

Value: TypeAlias = str | int | float | bytes | None
Row: TypeAlias = tuple[Value, ...]
Step: TypeAlias = tuple[str, Sequence[Value]]
"""One statement (its `$1` form) and its parameters."""


class Driver(Protocol):
    """A store that runs statements; both methods raise JournalError only."""

    async def fetch(self, sql: str, *args: Value, again: bool = False) -> list[Row]:
        """Run one statement in a transaction of its own and return its rows.

        ``again`` says that running it twice does what running it once does, so that a lost
        connection may be mended behind the caller's back.
        """
        ...

    async def batch(self, steps: Sequence[Step], guard: str = "") -> list[list[Row]]:
        """Run all steps in one transaction; two batches with one ``guard`` never run at the same time."""
        ...

    def secret(self) -> str:
        """The random key kept in the store, hexadecimal; raises JournalError until the store was reached."""
        ...

    def notices(self, poll_s: float) -> AsyncGenerator[None, None]:
        """Yields at once, then whenever the versions may have changed, at the latest every ``poll_s`` s."""
        ...

    async def close(self) -> None:
        """Finish and close."""
        ...
