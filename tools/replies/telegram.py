"""Draws what was seen in a Telegram chat: bubbles, folded quotations, inline buttons, toasts, inline results."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from tools.replies.letters import Line, Run, cut, extent, width_of, wrapped
from tools.replies.markup import Row, telegram_rows
from tools.replies.scenes import Bubble, Pressed, Results, Seen, Toast, Wrote
from tools.replies.sheet import Colours, Sheet

WIDTH, MOST = 420, 340
"""Of the picture, and of a bubble."""
SIZE, STEP, SMALL = 14.5, 19.5, 13
PAD, GAP, EDGE = 11, 8, 10
FOLDED = 3
"""Lines that a folded quotation shows."""
BUTTON = 34
COLOURS: Colours = {
    "paper": ("#d6e3cc", "#0e1621"),
    "theirs": ("#ffffff", "#182533"),
    "mine": ("#eeffde", "#2b5278"),
    "ink": ("#0f1419", "#f5f6f7"),
    "faint": ("#8695a0", "#7d8e9d"),
    "a": ("#2f7fc4", "#6ab3f3"),
    "tint": ("#eaf3fb", "#1f3044"),
    "bar": ("#3390ec", "#6ab3f3"),
    "key": ("#87a37c", "#23313f"),
    "keyink": ("#ffffff", "#ffffff"),
    "toast": ("#37474f", "#2a3746"),
    "note": ("#5d7a52", "#8ea2b5"),
    "panel": ("#ffffff", "#17212b"),
}


def drawn(seen: Sequence[Seen], label: str) -> str:
    """The picture of a chat."""
    sheet = Sheet(WIDTH, COLOURS)
    sheet.y = EDGE
    for one in seen:
        match one:
            case Wrote(text):
                _mine(sheet, text)
            case Pressed(text):
                sheet.word(WIDTH / 2, sheet.y + 11, f"▸ {text}", 12, "note", middle=True)
                sheet.y += 16
            case Bubble():
                _theirs(sheet, one)
            case Toast(text):
                _toast(sheet, text)
            case Results():
                _results(sheet, one)
            case _:
                raise TypeError(one)
        sheet.y += GAP
    sheet.y += EDGE - GAP
    return sheet.svg(label)


def _mine(sheet: Sheet, text: str) -> None:
    lines = [line for part in text.split("\n") for line in wrapped([Run(part)], SIZE, MOST - 2 * PAD)]
    room = width_of("10:24 ✓✓", 11) + 10
    wide = min(MOST, max(extent(lines), extent(lines[-1:]) + room) + 2 * PAD)
    tall = len(lines) * STEP + PAD + 3 + (0 if extent(lines[-1:]) + room <= MOST - 2 * PAD else 12)
    left = WIDTH - EDGE - wide
    sheet.box(left, sheet.y, wide, tall, "mine", 12)
    _lines(sheet, left + PAD, sheet.y + 6, lines)
    sheet.word(left + wide - PAD - room + 12, sheet.y + tall - 7, "10:24 ✓✓", 11, "note")
    sheet.y += tall


def _lines(
    sheet: Sheet, x: float, y: float, lines: Sequence[Line], kind: str = "ink", step: float = STEP, size: float = SIZE
) -> None:
    for number, line in enumerate(lines):
        sheet.line(x, y + number * step + size, line, size, kind)


def _theirs(sheet: Sheet, bubble: Bubble) -> None:
    """A bubble: what it answers, its paragraphs, its quotation; below it the buttons, as wide as it is."""
    groups = [(quote, list(rows)) for quote, rows in groupby(telegram_rows(bubble.html), lambda row: row.quote)]
    laid = [(quote, _laid(rows, MOST - 2 * PAD - (26 if quote else 0))) for quote, rows in groups]
    wide = max(
        *(extent(lines) + (26 if quote else 0) for quote, lines in laid),
        min(300, width_of(bubble.reply_to[1], SMALL) + 14),
        MOST - 2 * PAD if bubble.rows else 120,
    )
    whole = min(MOST, wide + 2 * PAD)
    top, part = sheet.y, Sheet(WIDTH, COLOURS)
    part.y = top + 7
    if bubble.via:
        part.line(EDGE + PAD, part.y + SMALL, wrapped([Run(bubble.via, "a")], SMALL, MOST)[0], SMALL, "ink")
        part.y += 19
    if bubble.reply_to[1]:
        _answered(part, bubble.reply_to, whole - 2 * PAD)
    for quote, lines in laid:
        (_quotation if quote else _paragraphs)(part, lines, whole, bubble)
    tall = part.y - top + 15
    sheet.box(EDGE, top, whole, tall, "mine" if bubble.via else "theirs", 12)
    sheet.take(part)
    sheet.word(EDGE + whole - PAD - width_of("10:24", 11), top + tall - 6, "10:24", 11, "faint")
    sheet.y = top + tall
    for labels in bubble.rows:
        _keys(sheet, labels, whole)


def _laid(rows: Sequence[Row], most: float) -> list[Line]:
    kept = list(rows)
    while kept and not kept[0].text.strip():
        kept.pop(0)
    while kept and not kept[-1].text.strip():
        kept.pop()
    return [line for row in kept for line in (wrapped(row.runs, SIZE, most) if row.text.strip() else [()])]


def _answered(sheet: Sheet, whose: tuple[str, str], wide: float) -> None:
    """The head of a reply: whose message it answers."""
    sheet.box(EDGE + PAD, sheet.y + 1, wide, 38, "tint", 5)
    sheet.box(EDGE + PAD, sheet.y + 1, 3, 38, "bar", 1.5)
    sheet.word(EDGE + PAD + 10, sheet.y + 16, whose[0], SMALL, "a b")
    sheet.word(EDGE + PAD + 10, sheet.y + 33, cut(whose[1], SMALL, wide - 18), SMALL, "ink")
    sheet.y += 44


def _paragraphs(sheet: Sheet, lines: Sequence[Line], _: float, __: Bubble) -> None:
    y = sheet.y
    for line in lines:
        sheet.line(EDGE + PAD, y + SIZE, line, SIZE, "ink")
        y += STEP if line else STEP * 0.55
    sheet.y = y + 2


def _quotation(sheet: Sheet, lines: Sequence[Line], whole: float, bubble: Bubble) -> None:
    """A quotation with its bar; folded ones end in a mark that unfolds them."""
    fold = bubble.folded and len(lines) > FOLDED
    shown = lines[:FOLDED] if fold else lines
    top, tall = sheet.y + 4, len(shown) * STEP + 10
    sheet.box(EDGE + PAD, top, whole - 2 * PAD, tall, "tint", 5)
    sheet.box(EDGE + PAD, top, 3, tall, "bar", 1.5)
    _lines(sheet, EDGE + PAD + 11, top + 3, shown)
    right = EDGE + whole - PAD
    sheet.word(right - 12, top + 17, "”", 18, "a b")
    if len(lines) > FOLDED:
        x, y, up = right - 16, top + tall - 10, -1 if not fold else 1
        sheet.shape(f"M{x:g} {y - 2 * up:g}l5 {5 * up} 5 {-5 * up} 1.4 1.4 -6.4 {6.4 * up:g} -6.4 {-6.4 * up:g}z", "a")
    sheet.y = top + tall + 4


def _keys(sheet: Sheet, labels: Sequence[str], whole: float) -> None:
    wide = (whole - 4 * (len(labels) - 1)) / len(labels)
    sheet.y += 4
    for number, text in enumerate(labels):
        x = EDGE + number * (wide + 4)
        sheet.box(x, sheet.y, wide, BUTTON, "key", 8)
        sheet.word(x + wide / 2, sheet.y + 22, cut(text, SIZE, wide - 12), SIZE, "keyink", middle=True)
    sheet.y += BUTTON


def _toast(sheet: Sheet, text: str) -> None:
    lines = wrapped([Run(text)], SMALL, WIDTH - 90)
    wide, tall = extent(lines) + 32, len(lines) * 18 + 16
    left = (WIDTH - wide) / 2
    sheet.box(left, sheet.y, wide, tall, "toast", 14)
    _lines(sheet, left + 16, sheet.y + 8, lines, "keyink", 18, SMALL)
    sheet.y += tall


def _results(sheet: Sheet, results: Results) -> None:
    """The list over the line in which somebody types; each row is a whole answer."""
    sheet.box(0, sheet.y, WIDTH, 66 * len(results.found) + 48, "panel")
    for result in results.found:
        sheet.box(EDGE + 4, sheet.y + 9, 46, 46, "bar", 6)
        sheet.word(EDGE + 27, sheet.y + 39, result["title"][:1].upper(), 20, "keyink b", middle=True)
        sheet.word(EDGE + 60, sheet.y + 22, cut(result["title"], SIZE, WIDTH - 84, "b"), SIZE, "ink b")
        for number, line in enumerate(wrapped([Run(result["description"])], SMALL, WIDTH - 84)[:2]):
            sheet.line(EDGE + 60, sheet.y + 38 + 16 * number, line, SMALL, "faint")
        sheet.y += 66
        sheet.box(EDGE + 60, sheet.y - 1, WIDTH - 70, 0.7, "tint")
    sheet.word(EDGE + 6, sheet.y + 28, results.typed, SIZE, "ink")
    sheet.y += 48
