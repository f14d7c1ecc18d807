"""The terminal: a reply as text that fits its width, and the chat of ``python -m bot chat``."""

from __future__ import annotations

import os
import re
import shutil
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from bot.engine.compose import long_date
from bot.engine.model import Article, Choice, Reply, Source

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
WIDEST = 88
"""Columns of text at most: longer lines are hard to read, however wide the window."""


@dataclass(frozen=True, slots=True)
class Look:
    """How to write: columns of the window, and whether it shows colours."""

    columns: int = 80
    colour: bool = False

    def paint(self, text: str, code: str) -> str:
        """``text`` in the SGR style ``code`` (``1`` bold, ``2`` faint, ``36`` cyan), plain without colours."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and text else text

    def wrap(self, text: str, first: str = "", rest: str | None = None) -> str:
        """``text`` broken into lines, the first after ``first``, the others after ``rest``."""
        width = max(20, min(self.columns, WIDEST))
        hanging = first if rest is None else rest
        return textwrap.fill(text, width, initial_indent=first, subsequent_indent=hanging, break_on_hyphens=False)


def plain(text: str) -> str:
    """``text`` without control and direction characters, so that nothing in it can command the terminal."""
    return _CONTROL.sub("", text)


def to_text(reply: Reply, article: Article, look: Look) -> str:
    """The reply as a person reads it: paragraphs, numbered choices, the source with its title and date."""
    parts = [look.wrap(plain(p)) for p in reply.paragraphs]
    if reply.choices:
        parts.append("\n".join(_numbered(reply.choices, look)))
    if reply.sources:
        parts.append("\n".join(_sourced(reply.sources, article, look)))
    return "\n\n".join(parts)


def _numbered(choices: Sequence[Choice], look: Look) -> Iterator[str]:
    for number, choice in enumerate(choices, 1):
        head = f"  {number}) "
        yield look.wrap(plain(choice.question), head, " " * len(head)).replace(head, look.paint(head, "1;36"), 1)


def _sourced(sources: Sequence[Source], article: Article, look: Look) -> Iterator[str]:
    for quote in dict.fromkeys(s.quote for s in sources):
        yield look.paint(look.wrap(f"“{plain(quote)}”", "  │ "), "2")
    yield look.paint(look.wrap(f"— {plain(article.title)}, {long_date(article.date)}", "  │ ", "  │   "), "2")


def look_of(stream: IO[str]) -> Look:
    """What suits ``stream``: its window's width, and colours unless it is a file, dumb, or NO_COLOR is set."""
    columns = shutil.get_terminal_size((80, 24)).columns
    colour = stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Look(columns, colour)
