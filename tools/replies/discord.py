"""Draws what was seen on Discord: messages with embeds and buttons, ephemeral notes, autocomplete, the message menu."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from tools.replies.letters import Line, Run, cut, extent, width_of, wrapped
from tools.replies.markup import Row, discord_rows
from tools.replies.scenes import Json, Menu, Post, Pressed, Seen, Typing, Wrote
from tools.replies.sheet import Colours, Sheet

WIDTH, LEFT, EDGE = 520, 68, 14
"""Of the picture; where text begins, beside the faces."""
SIZE, STEP, SMALL = 15, 20.5, 12.5
MOST = WIDTH - LEFT - EDGE
FACE = 19
STYLES = {1: "blurple", 2: "grey", 3: "green", 4: "red"}
COLOURS: Colours = {
    "paper": ("#ffffff", "#313338"),
    "ink": ("#2e3338", "#dbdee1"),
    "name": ("#060607", "#f2f3f5"),
    "faint": ("#6a7480", "#949ba4"),
    "a": ("#4752c4", "#c9cdfb"),
    "embed": ("#f2f3f5", "#2b2d31"),
    "bar": ("#c4c9ce", "#4e5058"),
    "tint": ("#eef0ff", "#393c4e"),
    "blurple": ("#5865f2", "#5865f2"),
    "grey": ("#e3e5e8", "#4e5058"),
    "green": ("#248046", "#248046"),
    "red": ("#da373c", "#da373c"),
    "white": ("#ffffff", "#ffffff"),
    "key": ("#2e3338", "#ffffff"),
    "person": ("#e08a5b", "#e08a5b"),
    "panel": ("#f2f3f5", "#232428"),
}
_NOTE = "Bunu yalnızca siz görebilirsiniz · İletiyi gizle"


def drawn(seen: Sequence[Seen], label: str) -> str:
    """The picture of a channel."""
    sheet = Sheet(WIDTH, COLOURS)
    sheet.y = EDGE
    for one in seen:
        match one:
            case Wrote(text):
                _head(sheet, "Ayşe", "person")
                _said(sheet, text)
            case Pressed(text):
                sheet.word(LEFT, sheet.y + 10, f"▸ {text}", 12, "faint")
                sheet.y += 14
            case Post():
                _post(sheet, one)
            case Typing():
                _typing(sheet, one)
            case Menu():
                _menu(sheet, one)
            case _:
                raise TypeError(one)
        sheet.y += 12
    if isinstance(seen[-1], Post) and seen[-1].ephemeral:
        sheet.y -= 8  # its tint goes to the edge
    return sheet.svg(label)


def _head(sheet: Sheet, name: str, face: str, *, bot: bool = False) -> None:
    sheet.disc(EDGE + FACE + 2, sheet.y + FACE + 2, FACE, face)
    sheet.word(EDGE + FACE + 2, sheet.y + FACE + 8, name[0], 18, "white b", middle=True)
    x = LEFT + width_of(name, SIZE, "b") + 6
    sheet.word(LEFT, sheet.y + 15, name, SIZE, "name b")
    if bot:
        sheet.box(x, sheet.y + 3, 64, 15, "blurple", 3)
        sheet.word(x + 32, sheet.y + 14, "UYGULAMA", 9.5, "white b", middle=True)
        x += 70
    sheet.word(x, sheet.y + 15, "bugün 10:24", 11.5, "faint")
    sheet.y += 21


def _said(sheet: Sheet, markdown: str) -> None:
    _rows(sheet, discord_rows(markdown, {}), LEFT, MOST)


def _rows(sheet: Sheet, rows: Sequence[Row], x: float, most: float, size: float = SIZE, step: float = STEP) -> None:
    """Lines of Markdown: quotes with their bar, small print small, a gap between paragraphs."""
    for quote, group in groupby(rows, lambda row: row.quote):
        top = sheet.y
        for row in group:
            if not row.text.strip():
                sheet.y += step * 0.5
                continue
            small = row.small
            letters, high, kind = (SMALL, 17.0, "faint") if small else (size, step, "ink")
            for line in wrapped(row.runs, letters, most - (14 if quote else 0)):
                sheet.line(x + (14 if quote else 0), sheet.y + letters, line, letters, kind)
                sheet.y += high
        if quote:
            sheet.box(x, top, 4, sheet.y - top, "bar", 2)


def _post(sheet: Sheet, post: Post) -> None:
    """A message of the bot's: what it answers, text, embed, buttons, who sees it."""
    top, part = sheet.y, Sheet(WIDTH, COLOURS)
    part.y = top + (4 if post.ephemeral else 0)
    if post.above:
        part.word(LEFT, part.y + 11, cut(post.above, SMALL, MOST), SMALL, "faint")
        part.shape(f"M{LEFT - 32} {part.y + 16}v-5q0-5 5-5h22v1.6h-22q-3.4 0-3.4 3.4v5z", "bar")
        part.y += 20
    _head(part, "Köprü", "blurple", bot=True)
    _rows(part, discord_rows(post.message["content"]), LEFT, MOST)
    for embed in post.message["embeds"]:
        _embed(part, embed)
    for buttons in _button_rows(post.message["components"]):
        _buttons(part, buttons)
    if post.ephemeral:
        part.y += 4
        part.shape(f"M{LEFT} {part.y + 8}q8-9 16 0q-8 9-16 0zm8-2.6a2.6 2.6 0 1 0 .01 0z", "faint")
        part.word(LEFT + 22, part.y + 12, _NOTE, SMALL, "faint")
        part.y += 22
        above = 6 if top > EDGE else EDGE
        sheet.box(0, top - above, WIDTH, part.y - top + above + 8, "tint", 8 if top == EDGE else 0)
        sheet.box(0, top - above + 6, 2.5, part.y - top + above - 4, "blurple")
        part.y += 4
    sheet.take(part)
    sheet.y = part.y


def _embed(sheet: Sheet, embed: Json) -> None:
    rows, size, step = discord_rows(embed.get("description") or ""), 13.5, 18.5
    sheet.y += 6
    top, part = sheet.y, Sheet(WIDTH, COLOURS)
    part.y = top + 10
    _rows(part, rows, LEFT + 16, MOST - 32, size, step)
    tall = part.y - top + 10
    sheet.box(LEFT, top, MOST, tall, "embed", 4)
    sheet.shape(
        f"M{LEFT + 4} {top:g}v{tall:.1f}q-4 0-4-4v{8 - tall:.1f}q0-4 4-4z", "bar", f"#{embed.get('color') or 0:06x}"
    )
    sheet.take(part)
    sheet.y = top + tall


def _button_rows(components: Sequence[Json]) -> Iterator[list[Json]]:
    for row in components:
        yield row["components"]


def _buttons(sheet: Sheet, buttons: Sequence[Json]) -> None:
    """Buttons side by side, on the next line where they do not fit."""
    x: float = LEFT
    sheet.y += 8
    for button in buttons:
        emoji: Any = button.get("emoji") or {}
        text = cut(" ".join(part for part in (emoji.get("name"), button.get("label")) if part), 13.5, MOST - 28, "b")
        wide = max(44.0, width_of(text, 13.5, "b") + 28)
        if x > LEFT and x + wide > LEFT + MOST:
            x = LEFT
            sheet.y += 38
        kind = STYLES.get(button["style"], "grey")
        sheet.box(x, sheet.y, wide, 32, kind, 4)
        sheet.word(x + wide / 2, sheet.y + 21, text, 13.5, "key" if kind == "grey" else "white", middle=True)
        x += wide + 8
    sheet.y += 34


def _typing(sheet: Sheet, typing: Typing) -> None:
    """The list that autocomplete opens over the line in which somebody types."""
    tall = 30 + 34 * len(typing.choices)
    sheet.box(EDGE, sheet.y, WIDTH - 2 * EDGE, tall, "panel", 8)
    sheet.word(EDGE + 14, sheet.y + 20, "SEÇENEKLER", 11.5, "faint b")
    for number, choice in enumerate(typing.choices):
        y = sheet.y + 30 + 34 * number
        if not number:
            sheet.box(EDGE + 6, y, WIDTH - 2 * EDGE - 12, 32, "tint", 4)
        sheet.word(EDGE + 16, y + 21, cut(choice, 14, WIDTH - 2 * EDGE - 40), 14, "ink")
    sheet.y += tall + 8
    sheet.box(EDGE, sheet.y, WIDTH - 2 * EDGE, 42, "panel", 8)
    x = EDGE + 14.0
    for text, kind in ((f"/{typing.command}", "name b"), (f"{typing.option}:", "faint"), (typing.typed, "ink")):
        sheet.word(x, sheet.y + 26, text, SIZE, kind)
        x += width_of(text, SIZE, kind) + 8
    sheet.y += 42


def _menu(sheet: Sheet, menu: Menu) -> None:
    """A message with its context menu opened at Apps."""
    _head(sheet, "Ayşe", "person")
    _said(sheet, menu.text)
    rows: list[Line] = [
        line
        for text in ("Yanıtla", "İleti Bağlantısını Kopyala", "Uygulamalar  ▸")
        for line in wrapped([Run(text)], 14, 200)
    ]
    sheet.y += 6
    sheet.box(LEFT, sheet.y, 216, 34 * len(rows) + 12, "panel", 6)
    for number, line in enumerate(rows):
        if number == len(rows) - 1:
            sheet.box(LEFT + 6, sheet.y + 6 + 34 * number, 204, 32, "blurple", 4)
        sheet.line(LEFT + 16, sheet.y + 27 + 34 * number, line, 14, "white" if number == len(rows) - 1 else "ink")
    y = sheet.y + 34 * (len(rows) - 1)
    wide = max(150.0, extent(wrapped([Run(menu.entry)], 14, 300)) + 56)
    sheet.box(LEFT + 220, y, wide, 44, "panel", 6)
    sheet.disc(LEFT + 238, y + 22, 9, "blurple")
    sheet.word(LEFT + 254, y + 27, menu.entry, 14, "ink")
    sheet.y += 34 * len(rows) + 16
