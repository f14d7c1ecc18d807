"""Every error that the bot raises on purpose, as one tree; they are raised deep and rendered once.

KopruError
├── ContentError     the editor's files; carries every Problem found
├── SettingsError    the environment: a variable is missing or unreadable
├── JournalError     the store cannot be reached or written
└── PlatformError    a chat platform refuses us for good
"""

from __future__ import annotations

from dataclasses import dataclass


class KopruError(Exception):
    """The root: what a caller catches to catch all of ours and nothing else."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong in a content file, told to an editor in Turkish.

    ``file`` is relative to the content folder, ``line`` counts from 1 (0: the file as a whole),
    ``field`` names the place inside (``facts.trade_2024.quote``); it may be empty.
    """

    file: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        """``file:line: field: message``, as editors and their programs expect it."""
        return f"{self.file}:{self.line}: {self.field}: {self.message}"


class ContentError(KopruError):
    """The content cannot be loaded; ``problems`` holds everything that was found, in file order."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Keep ``problems`` as they are; at least one is expected."""
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class SettingsError(KopruError):
    """A setting is missing or cannot be read; the text never holds a token."""


class JournalError(KopruError):
    """The store cannot be reached, read or written just now."""


class PlatformError(KopruError):
    """A platform refuses the bot in a way that waiting does not mend."""
