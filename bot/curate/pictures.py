"""Inline SVG: where each subject's questions went, and how many questions were asked each day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from bot.content.questions import KINDS
from bot.curate.evaluate import Outcome
from bot.engine.compose import VERDICTS
from bot.engine.model import Catalog, Kind, Status
from bot.journal.base import UsageRow

CELL = 17
TOP = 58
"""Room in pixels above the cells, for the longest refusal's name."""
LETTER = 6.5
"""About the width in pixels of a letter of the labels."""
LONGEST = 26
"""Letters of a row's name that are shown; a phone is 60 wide."""
REFUSALS = tuple(name for status, name in VERDICTS.items() if status is not Status.ANSWER)
_EXPECTED_AT: Mapping[str, frozenset[str]] = {
    KINDS["absent"]: frozenset({VERDICTS[Status.NOT_IN_ARTICLE]}),
    KINDS["oos"]: frozenset({VERDICTS[Status.UNKNOWN], VERDICTS[Status.NOT_IN_ARTICLE]}),
    KINDS["smalltalk"]: frozenset({VERDICTS[Status.SMALLTALK]}),
}


@dataclass(frozen=True, slots=True)
class Matrix:
    """How often a question of each row went to each column; ``good`` are the cells that are as they should be."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: Mapping[tuple[str, str], int]
    good: frozenset[tuple[str, str]]


def matrix_of(outcomes: Sequence[Outcome], catalog: Catalog) -> Matrix:
    """Rows: the subject that a label asks for; columns: the subject that was answered, or how it was refused."""
    titles = {i.id: i.title or i.id for i in catalog.intents if i.kind is Kind.FACT}
    homes = {fact: titles[i.id] for i in reversed(catalog.intents) if i.id in titles for fact in i.facts}
    counts: Counter[tuple[str, str]] = Counter()
    good: set[tuple[str, str]] = set()
    for o in outcomes:
        wanted = KINDS[o.question.kind] if o.question.kind != "answer" else homes.get(o.question.facts[0], "")
        if not wanted:
            continue
        status = o.reply.status
        went = homes.get(o.reply.facts[0], "") if status is Status.ANSWER and o.reply.facts else VERDICTS[status]
        if o.question.kind == "answer" and set(o.question.facts) & set(o.reply.facts) and status is Status.ANSWER:
            went = wanted
        counts[wanted, went] += 1
        if went == wanted or went in _EXPECTED_AT.get(wanted, ()):
            good.add((wanted, went))
    shown = {name for cell in counts for name in cell}
    columns = [t for t in dict.fromkeys(titles.values()) if t in shown]
    rows = [*columns, *(kind for kind in _EXPECTED_AT if any(r == kind for r, _ in counts))]
    return Matrix(tuple(rows), (*columns, *REFUSALS), dict(counts), frozenset(good))


def matrix_svg(matrix: Matrix) -> str:
    """The matrix as a picture; columns carry their rows' numbers, each filled cell tells its figures when pointed at."""
    left = max((len(_label(n, r)) for n, r in enumerate(matrix.rows, start=1)), default=1) * LETTER + 8
    width, height = left + CELL * len(matrix.columns) + TOP * 0.7, TOP + CELL * len(matrix.rows) + 4
    parts = [_labels(matrix, left)]
    for y, row in enumerate(matrix.rows):
        total = sum(n for (r, _), n in matrix.counts.items() if r == row)
        for x, column in enumerate(matrix.columns):
            count = matrix.counts.get((row, column), 0)
            parts.append(_cell(left + x * CELL, TOP + y * CELL, row, column, count, total, matrix.good))
    head = f'<svg class="matrix" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}"'
    return f'{head} role="img" aria-label="Karışıklık matrisi">{"".join(parts)}</svg>'


def _label(number: int, name: str) -> str:
    return f"{name if len(name) <= LONGEST else name[: LONGEST - 1] + '…'} {number}"


def _labels(matrix: Matrix, left: float) -> str:
    """Row names with their numbers on the left; above, the numbers again, and the refusals by name."""
    numbers = {name: n for n, name in enumerate(matrix.rows, start=1)}
    subjects = len(matrix.columns) - len(REFUSALS)
    rows = "".join(
        f'<text x="{left - 6:.0f}" y="{TOP + y * CELL + 12:.0f}" text-anchor="end">'
        f"<title>{escape(name)}</title>{escape(_label(y + 1, name))}</text>"
        for y, name in enumerate(matrix.rows)
    )
    columns = "".join(
        f'<text transform="translate({left + x * CELL + 11:.0f},{TOP - 5:.0f}) rotate(-45)"><title>{escape(name)}</title>'
        f"{escape(str(numbers.get(name, name)) if x < subjects else name)}</text>"
        for x, name in enumerate(matrix.columns)
    )
    return rows + columns


def _cell(x: float, y: float, row: str, column: str, count: int, total: int, good: frozenset[tuple[str, str]]) -> str:
    box = f'x="{x:.0f}" y="{y:.0f}" width="{CELL - 2}" height="{CELL - 2}" rx="3"'
    if not count:
        return f'<rect {box} class="none"/>'
    kind = "good" if (row, column) in good else "bad"
    tip = f"{row} → {column}: {count} / {total}"
    opacity = 0.35 + 0.65 * count / max(1, total)
    number = f'<text x="{x + 7.5:.1f}" y="{y + 11:.0f}" text-anchor="middle" class="count">{count}</text>'
    return f'<g><title>{escape(tip)}</title><rect {box} class="{kind}" opacity="{opacity:.2f}"/>{number}</g>'


def usage_svg(rows: Sequence[UsageRow]) -> str:
    """Questions a day as stacked bars, one colour a status; ``rows`` may be of several platforms."""
    days = sorted({r.day for r in rows})
    per_day = {day: Counter[str]() for day in days}
    for r in rows:
        per_day[r.day][r.status] += r.count
    most = max((sum(c.values()) for c in per_day.values()), default=1)
    step, floor = max(14, min(44, 640 // max(1, len(days)))), 130
    parts = []
    for x, day in enumerate(days):
        y = float(floor)
        for status in VERDICTS:
            count = per_day[day][status]
            tall = 110 * count / most
            y -= tall
            tip = f"{day}: {count} {VERDICTS[status]}"
            box = f'x="{x * step + 2}" y="{y:.1f}" width="{step - 4}" height="{tall:.1f}"'
            parts.append(f'<rect {box} class="s-{status}"><title>{escape(tip)}</title></rect>' if count else "")
        if x % max(1, 60 // step) == 0:
            parts.append(f'<text x="{x * step + step / 2:.0f}" y="{floor + 14}" text-anchor="middle">{day[5:]}</text>')
    wide = max(1, len(days)) * step + 4
    return (
        f'<svg class="usage" viewBox="0 0 {wide} 150" width="{wide}" height="150" role="img" '
        f'aria-label="Günlük soru sayısı">{"".join(parts)}</svg>'
    )
