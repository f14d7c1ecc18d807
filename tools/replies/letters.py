"""Text laid out without a browser: how wide letters are, where lines break, and styled runs in their places.

The widths are Helvetica's. Whatever font a reader has, each run is drawn as wide as it was reckoned here
(``textLength``), so lines break alike everywhere and nothing runs out of its bubble.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

_BY_WIDTH: Mapping[int, str] = {
    191: "'",
    222: "ijl‘’",
    260: "|",
    278: " !,./:;I[]\\ft·",
    333: "()-`r“”‹›{}",
    355: '"•',
    389: "*",
    469: "^",
    500: "Jckvxyzs▸",
    556: "#$?_0123456789L–abdeghnopqu≠",
    584: "+<=>~×",
    611: "FTZ",
    667: "&ABEKPSVXY",
    722: "CDHNRUw",
    778: "GOQ◀▶✓",
    833: "Mm←→",
    889: "%",
    944: "W",
    1015: "@",
}
_WIDTHS = {letter: width / 1000 for width, letters in _BY_WIDTH.items() for letter in letters}
_BOLD = 1.07
_WIDE = 1.25
"""Of an emoji and of what is not in the table, in ems."""
_UNSEEN = re.compile("[\ufe0f\u200b]|\u200d.")
"""What takes no room: marks of emoji, and whatever is joined to one."""


@dataclass(frozen=True, slots=True)
class Run:
    """Letters of one style; ``style`` holds class names: ``b`` bold, ``i`` slanted, ``a`` coloured as a link."""

    text: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """A run in its place within a line, in pixels."""

    x: float
    text: str
    style: str
    width: float


Line = tuple[Placed, ...]


def width_of(text: str, size: float, style: str = "") -> float:
    """Pixels that ``text`` takes at a font size."""
    ems = sum(_ems(letter) for letter in _UNSEEN.sub("", text))
    return ems * size * (_BOLD if "b" in style.split() else 1.0)


def _ems(letter: str) -> float:
    plain = "i" if letter == "ı" else unicodedata.normalize("NFD", letter)[0]
    return _WIDTHS.get(plain, 0.56 if plain.isalnum() else _WIDE)


def wrapped(runs: Iterable[Run], size: float, most: float) -> list[Line]:
    """The runs in lines of at most ``most`` pixels, broken at blanks; a word that is too long is cut."""
    lines: list[list[Placed]] = [[]]
    x = 0.0
    for word, style in _words(runs, size, most):
        wide = width_of(word, size, style)
        if x and x + width_of(word.rstrip(), size, style) > most:
            lines.append([])
            x = 0.0
        if x or word.strip():  # a line begins with a letter
            lines[-1].append(Placed(x, word, style, wide))
            x += wide
    return [_joined(line, size) for line in lines]


def _words(runs: Iterable[Run], size: float, most: float) -> Iterator[tuple[str, str]]:
    """Words with the blanks after them, none wider than a line."""
    for run in runs:
        for word in re.findall(r"\s+|\S+\s*", run.text):
            rest = word
            while width_of(rest.rstrip(), size, run.style) > most:
                fits = next(n for n in range(len(rest), 0, -1) if width_of(rest[:n], size, run.style) <= most)
                yield rest[:fits], run.style
                rest = rest[fits:]
            yield rest, run.style


def _joined(line: Sequence[Placed], size: float) -> Line:
    """Neighbours of one style as one run, without the blank at the line's end."""
    joined: list[Placed] = []
    for part in line:
        last = joined[-1] if joined else None
        if last and last.style == part.style:
            joined[-1] = Placed(last.x, last.text + part.text, last.style, last.width + part.width)
        else:
            joined.append(part)
    if joined:
        last = joined[-1]
        text = last.text.rstrip()
        joined[-1] = Placed(last.x, text, last.style, width_of(text, size, last.style))
    return tuple(joined)


def extent(lines: Iterable[Line]) -> float:
    """The width of the widest line."""
    return max((line[-1].x + line[-1].width for line in lines if line), default=0.0)


def cut(text: str, size: float, most: float, style: str = "") -> str:
    """``text`` on one line of at most ``most`` pixels, with an ellipsis where something is missing."""
    line = " ".join(text.split())
    if width_of(line, size, style) <= most:
        return line
    while line and width_of(line + "…", size, style) > most:
        line = line[:-1]
    return line.rstrip() + "…"
