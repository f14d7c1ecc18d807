"""What was sent, read as the two platforms read it: Telegram's HTML and Discord's Markdown as styled lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import groupby

from tools.replies.letters import Run


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a message as it was written: ``quote`` and ``small`` are how it is set."""

    runs: tuple[Run, ...]
    quote: bool = False
    small: bool = False

    @property
    def text(self) -> str:
        """Its letters."""
        return "".join(run.text for run in self.runs)


@dataclass
class _Telegram(HTMLParser):
    """Collects rows; a quotation's beginning and end start a new one."""

    rows: list[Row] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def flush(self) -> None:
        """End the row."""
        self.rows.append(Row(tuple(self.runs), quote="blockquote" in self.tags))
        self.runs = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the base's signature
        """Note the tag; a quotation begins on a line of its own."""
        if tag == "blockquote" and self.runs:
            self.flush()
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Forget the tag; a quotation's last line is whole."""
        if tag == "blockquote":
            self.flush()
        self.tags.remove(tag)

    def handle_data(self, data: str) -> None:
        """Letters in the style of the tags that are open."""
        style = " ".join(tag for tag in self.tags if tag in {"b", "i"})
        first, *rest = data.split("\n")
        self.runs.append(Run(first, style))
        for text in rest:
            self.flush()
            self.runs.append(Run(text, style))


def telegram_rows(html: str) -> list[Row]:
    """A message's lines, its folded quotation among them."""
    parser = _Telegram()
    parser.feed(html)
    parser.close()
    if parser.runs:
        parser.flush()
    return trimmed(parser.rows)


_MARKS = re.compile(r"\\([^0-9A-Za-z\s])|(\*\*)|<@!?(\d+)>|\u200b|([^\\*<\u200b]+|.)", re.DOTALL)


def discord_rows(markdown: str, names: dict[str, str] | None = None) -> list[Row]:
    """A message's lines; ``names`` are the persons that it may mention, by id."""
    rows = []
    for written in markdown.split("\n"):
        quote = written.startswith("> ") or written == ">"
        line = written[2:] if quote else written
        small = line.startswith("-# ")
        line = line[3:] if small else line
        rows.append(Row(_whole(_marked(line, names or {})), quote, small))
    return trimmed(rows)


def _marked(line: str, names: dict[str, str]) -> Iterator[Run]:
    bold = False
    for match in _MARKS.finditer(line):
        escaped, mark, person, text = match.groups()
        bold ^= bool(mark)
        style = "b" if bold else ""
        if person:
            yield Run("@" + names.get(person, person), "a")
        elif escaped or text:
            yield Run(escaped or text, style)


def _whole(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Neighbours of one style as one run: an escaped letter parts no word."""
    grouped = groupby(runs, lambda run: run.style)
    return tuple(Run("".join(run.text for run in same), style) for style, same in grouped)


def trimmed(rows: list[Row]) -> list[Row]:
    """Without empty lines at the ends, and one between paragraphs."""
    kept: list[Row] = []
    for row in rows:
        if row.text.strip() or (kept and kept[-1].text.strip()):
            kept.append(row)
    while kept and not kept[-1].text.strip():
        kept.pop()
    return kept
