"""Draws a conversation of the terminal chat as docs/pictures/chat.svg: real questions, real answers, one command.

usage: python -m tools.pictures [--check]

``--check`` draws nothing and exits 1 when the picture shows another conversation than the bot holds now.
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from bot.content.cache import cached_edition, default_folder
from bot.content.shelf import Shelf
from bot.desk import Desk, NullJournal
from bot.platforms.terminal.chat import ME, Chat
from bot.platforms.terminal.text import BOLD, CYAN, FAINT, Look
from bot.settings import Settings

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "pictures" / "chat.svg"
ASKED = (
    "Türkiye'den Kazakistan'a kaç turist gitti?",
    "ya tersi?",
    "2023'te?",
    "Kazakistan'ı ilk tanıyan ülke Rusya mıydı?",
    "Dolar kaç lira oldu?",
)
"""An answer, a follow-up in the other direction, one that the article does not hold, a false premise, another subject."""

COLUMNS = 84
LETTER, LINE, MARGIN, BAR = 8.4, 19, 20, 34
"""Pixels: a column's width at the font's size, a line's height, the space around, the window's title bar."""
FONT = "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace"
INK, PAPER, FRAME = "#d8dee6", "#12161c", "#1c222b"
COLOURS = {"36": "#56c2d6", "32": "#7bd88f", "33": "#e6b455"}
_SGR = re.compile(r"\x1b\[([\d;]*)m")


@dataclass(frozen=True, slots=True)
class Run:
    """Letters of one style within a line; ``column`` counts from 0."""

    column: int
    text: str
    style: frozenset[str]


async def transcript(asked: Sequence[str], desk: Desk, look: Look) -> str:
    """The conversation as the terminal shows it, colours and all."""
    chat, shown = Chat(desk), []
    for question in asked:
        shown += [look.paint("siz ›", f"{BOLD};{CYAN}") + " " + question, "", await chat.says(question, look), ""]
    return "\n".join(shown).rstrip()


def runs(text: str) -> Iterator[list[Run]]:
    """Each line of a text with SGR codes, cut where the style changes; a style goes on into the next line."""
    style = frozenset[str]()
    for line in text.split("\n"):
        row, column = [], 0
        for at, part in enumerate(_SGR.split(line)):
            if at % 2:
                style = frozenset(part.split(";")) - {"0", ""}
            elif part:
                row.append(Run(column, part, style))
                column += len(part)
        yield row


def svg(text: str) -> str:
    """The text of a terminal as a picture of its window."""
    lines = list(runs(text))
    width = round(COLUMNS * LETTER + 2 * MARGIN)
    height = BAR + len(lines) * LINE + 2 * MARGIN
    dots = "".join(f'<circle cx="{22 + 20 * i}" cy="17" r="6" fill="#3a424e"/>' for i in range(3))
    rows = "\n".join(
        "".join(_drawn(run, number) for run in row if run.text.strip()) for number, row in enumerate(lines)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img"'
        ' aria-label="Köprü ile terminalde bir sohbet">\n'
        f'<rect width="{width}" height="{height}" rx="10" fill="{PAPER}"/>\n'
        f'<path d="M0 10a10 10 0 0 1 10-10h{width - 20}a10 10 0 0 1 10 10v{BAR - 10}H0z" fill="{FRAME}"/>{dots}\n'
        f'<g font-family="{FONT}" font-size="14" fill="{INK}">\n{rows}\n</g>\n</svg>\n'
    )


def _drawn(run: Run, line: int) -> str:
    """Each run is as wide as its columns, so that lines end alike whatever font the reader has."""
    text = run.text.strip()
    column = run.column + len(run.text) - len(run.text.lstrip())
    colour = next((f' fill="{COLOURS[s]}"' for s in run.style if s in COLOURS), "")
    bold = ' font-weight="bold"' if BOLD in run.style else ""
    faint = ' opacity="0.62"' if FAINT in run.style else ""
    place = f'x="{MARGIN + column * LETTER:.1f}" y="{BAR + MARGIN + line * LINE + 13}"'
    size = f'textLength="{len(text) * LETTER:.1f}" lengthAdjust="spacingAndGlyphs"'
    kept = escape(text.replace(" ", "\u00a0"))  # several spaces in a row would be shown as one
    return f"<text {place} {size}{colour}{bold}{faint}>{kept}</text>"


def drawn() -> str:
    """The picture of a conversation held now, on the product's own content."""
    folder = default_folder()
    settings = Settings(content_dir=folder).with_admin(ME.platform, ME.user)
    desk = Desk(Shelf(cached_edition(folder)), settings, NullJournal())
    return svg(asyncio.run(transcript(ASKED, desk, Look(COLUMNS, colour=True))))


def main(options: Sequence[str]) -> int:
    """Draw, or compare with what was drawn."""
    picture = drawn()
    if "--check" in options:
        same = PICTURE.is_file() and PICTURE.read_text(encoding="utf-8") == picture
        print(
            "chat.svg is up to date." if same else "chat.svg shows another conversation; run python -m tools.pictures"
        )
        return 0 if same else 1
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    PICTURE.write_text(picture, encoding="utf-8")
    print(PICTURE.name)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
