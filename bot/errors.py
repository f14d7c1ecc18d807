"""Every error that the bot raises on purpose, as one tree; they are raised deep and rendered once.

KopruError
├── ContentError     the editor's files; carries every Problem found
│   └── NothingEarlierError    there is no version to go back to
├── SettingsError    the environment: a variable is missing or unreadable
├── JournalError     the store cannot be reached or written
└── PlatformError    a chat platform refuses us for good
"""

from __future__ import annotations

from dataclasses import dataclass, replace


class KopruError(Exception):
    """The root: what a caller catches to catch all of ours and nothing else."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong in a content file, told to an editor in Turkish.

    ``file`` is relative to the content folder, ``line`` counts from 1 (0: the file as a whole),
    ``field`` names the place inside (``facts.<id>.quote``); it is empty for the file as a whole.
    A ``warning`` is shown, but keeps nothing from being loaded.
    """

    file: str
    line: int
    field: str
    message: str
    warning: bool = False

    def as_warning(self) -> Problem:
        """The same, as a warning."""
        return replace(self, warning=True)

    def __str__(self) -> str:
        """``file:line: field: message``, as editors and their programs expect it."""
        where = f"{self.file}:{self.line}: " if self.file else ""
        where += f"{self.field}: " if self.field else ""
        return where + ("uyarı: " if self.warning else "") + self.message


class ContentError(KopruError):
    """The content cannot be loaded; ``problems`` holds everything that was found, in file order."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Keep ``problems`` as they are; at least one is expected."""
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        """One problem a line."""
        return "\n".join(map(str, self.problems))


class NothingEarlierError(ContentError):
    """There is no earlier version of the content to go back to."""

    def __init__(self) -> None:
        """Say so as a problem of the content as a whole."""
        super().__init__((Problem("", 0, "", "Geri dönülecek daha eski bir sürüm yok."),))

    def __reduce__(self) -> tuple[type[NothingEarlierError], tuple[()]]:
        """Travel between processes without arguments, as it is raised."""
        return NothingEarlierError, ()


class SettingsError(KopruError):
    """A setting is missing or cannot be read; the text never holds a token."""


class JournalError(KopruError):
    """The store cannot be reached, read or written just now."""


class PlatformError(KopruError):
    """A platform refuses the bot in a way that waiting does not mend."""
