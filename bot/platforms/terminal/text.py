"""A reply as text for a terminal: wrapped to its width, coloured where colours are wanted, free of control codes.

Plain SGR codes serve: six styles are needed, and importing a library for them (rich: 90 ms) would cost a
third of the whole cold start of ``ask``.
"""

from __future__ import annotations

import os
import re
import shutil
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO

from bot.engine.compose import long_date
from bot.engine.model import Article, Reply, Source

WIDEST = 88
"""Columns of text at most: longer lines are hard to read, however wide the window."""
NARROWEST = 24
BOLD, FAINT, CYAN, GREEN, YELLOW = "1", "2", "36", "32", "33"

# Whole escape sequences first (CSI, OSC and the like up to their end), then single control, direction and
# invisible formatting characters; line feeds stay.
_UNSAFE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]P^_X][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b."
    r"|[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]",
)
_BULLET = re.compile(r"(\s*(?:[•–-]|\d+[.)])\s+)?(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Look:
    """How to write: columns of the window, and whether it shows colours."""

    columns: int = 80
    colour: bool = False

    def paint(self, text: str, style: str) -> str:
        """``text`` in an SGR style; as it is without colours."""
        return f"\x1b[{style}m{text}\x1b[0m" if self.colour and text else text

    def wrap(self, text: str, first: str = "", rest: str | None = None) -> str:
        """``text`` broken into lines that begin with ``first``, then with ``rest`` (the same when not given)."""
        width = max(NARROWEST, min(self.columns, WIDEST))
        hanging = first if rest is None else rest
        return textwrap.fill(text, width, initial_indent=first, subsequent_indent=hanging, break_on_hyphens=False)


def look_of(stream: IO[str]) -> Look:
    """What suits ``stream``: its window's width, and colours unless it is a file, dumb, or NO_COLOR is set."""
    columns = shutil.get_terminal_size((80, 24)).columns
    colour = stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Look(columns, colour)


def plain(text: str) -> str:
    """``text`` without anything that could command the terminal or turn its direction."""
    return _UNSAFE.sub("", text)


def to_text(reply: Reply, article: Article, look: Look, dates: str = "") -> str:
    """The reply as a person reads it: paragraphs, numbered choices, the source with its title, its date and the facts' ``dates``."""
    parts = [paragraph(p, look) for p in reply.paragraphs]
    if reply.choices:
        parts.append(numbered({n: c.question for n, c in enumerate(reply.choices, 1)}, look))
    if reply.sources:
        parts.append("\n".join(_sourced(reply.sources, article, look, dates)))
    return "\n\n".join(parts)


def paragraph(text: str, look: Look) -> str:
    """``text`` wrapped line by line; a line that begins with a bullet hangs from it."""
    lines = []
    for line in plain(text).split("\n"):
        bullet, rest = _BULLET.fullmatch(line).groups("")  # type: ignore[union-attr]  # matches every text
        lines.append(look.wrap(rest, bullet, " " * len(bullet)) if line.strip() else "")
    return "\n".join(lines)


def numbered(items: Mapping[int, str], look: Look) -> str:
    """A list to choose from by typing a number."""
    lines = []
    for number, text in items.items():
        head = f"{number:>3}) "
        body = look.wrap(plain(text), head, " " * len(head))
        lines.append(look.paint(head, f"{BOLD};{CYAN}") + body.removeprefix(head))
    return "\n".join(lines)


def _sourced(sources: Sequence[Source], article: Article, look: Look, dates: str) -> Iterator[str]:
    quotes = list(dict.fromkeys(s.quote for s in sources))
    for quote in quotes:
        if not any(quote != other and quote in other for other in quotes):  # the longer one shows it already
            yield look.paint(look.wrap(f"“{plain(quote)}”", "│ "), FAINT)
    origin = f"— {plain(article.title)}, {long_date(article.date)}" + (f" · {plain(dates)}" if dates else "")
    yield look.paint(look.wrap(origin, "│ ", "│   "), FAINT)
