"""``python -m bot report``: asks the labelled questions, looks at the journal, and writes one HTML page about both."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.content.cache import cached_engine
from bot.curate.evaluate import Outcome, Table, evaluate
from bot.curate.grader import grader_beside
from bot.curate.labelled import read_questions
from bot.curate.page import Findings, page
from bot.desk.likeness import groups_of
from bot.errors import ContentError, JournalError, Problem
from bot.journal import open_journal
from bot.journal.base import Unanswered, UsageRow
from bot.settings import Settings

DAYS = 60
MOST_ROWS = 1_000


@dataclass(frozen=True, slots=True)
class Kept:
    """What the journal tells: unanswered questions, alike ones together, and use by day; ``trouble`` if it cannot."""

    groups: tuple[tuple[Unanswered, ...], ...] = ()
    usage: tuple[UsageRow, ...] = ()
    trouble: str = ""


def write_report(folder: Path, out: Path, questions: Sequence[Path] | None, env: Mapping[str, str]) -> str:
    """Write the report on the content in ``folder`` to ``out``; returns a line that says what it holds.

    ``questions`` are files of labelled questions, by default those that lie with the content. Raises
    ContentError when the content, the questions or the place to write cannot be used.
    """
    engine = cached_engine(folder)
    paths = list(questions or questions_of(folder))
    outcomes: list[Outcome] = []
    for path in paths:
        outcomes += evaluate(read_questions([path]), engine, grader_beside(path)).outcomes
    settings = Settings.read(env)
    kept = asyncio.run(_kept(settings)) if _has_journal(settings) else Kept()
    table = Table(tuple(outcomes))
    text = page(Findings(engine.catalog, table, kept.groups, kept.usage, kept.trouble, _today()))
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ContentError((Problem("", 0, str(out), f"Yazılamadı ({error.strerror})."),)) from error
    waiting = f", kutuda {len(kept.groups)} grup soru" if kept.groups else ""
    return f"{out} yazıldı: {len(outcomes)} etiketli soru, {len(engine.catalog.facts)} bilgi{waiting}."


def questions_of(folder: Path) -> list[Path]:
    """The labelled questions that lie with the content, or in the repository's tests."""
    for place in (folder / "questions", folder / "tests" / "questions"):
        if found := sorted(place.glob("*.jsonl")):
            return found
    return []


def _has_journal(settings: Settings) -> bool:
    """Whether there is a store to look at; one that does not exist yet is not made for a report."""
    path = settings.database_url.removeprefix("sqlite:///")
    return path == settings.database_url or Path(path).is_file()


async def _kept(settings: Settings) -> Kept:
    try:
        journal = await open_journal(settings.database_url, _pepper(settings))
        try:
            rows = await journal.inbox(time.time(), MOST_ROWS)
            usage = await journal.usage(time.time() - DAYS * 86_400)
        finally:
            await journal.close()
    except JournalError as error:
        return Kept(trouble=str(error))
    groups = groups_of([r.text for r in rows])
    return Kept(tuple(tuple(rows[i] for i in group) for group in groups), tuple(usage))


def _pepper(settings: Settings) -> bytes | None:
    return settings.pepper.reveal().encode() if settings.pepper else None


def _today() -> str:
    return time.strftime("%Y-%m-%d", time.gmtime())
