"""The terminal's journal: an inbox that lives as long as its process."""

from __future__ import annotations

from bot.desk import MemoryJournal
from bot.journal.base import NoteKind


async def test_equal_questions_are_one_row() -> None:
    """The newest wording stands for all that fold alike, with their number; another kind is another row; newest first."""
    journal = MemoryJournal()
    for at, text in enumerate(("Kahve var mı", "KAHVE VAR MI", "Çay var mı")):
        await journal.note_refused("p", "terminal", "unknown", "", text, float(at))
    await journal.rate("p", "terminal", "books", (), False, "Kahve var mı", 3.0)
    await journal.rate("p", "terminal", "books", (), True, "İyi", 4.0)
    rows = await journal.inbox(9.0, 50)
    assert [(row.text, row.kind, row.count) for row in rows] == [
        ("Kahve var mı", NoteKind.BAD, 1),
        ("Çay var mı", NoteKind.REFUSED, 1),
        ("KAHVE VAR MI", NoteKind.REFUSED, 2),
    ]
    assert await journal.inbox_size() == 3
    assert await journal.resolve([rows[2].id], "gap", 9.0) == 2
    assert [row.text for row in await journal.inbox(9.0, 1, 1)] == ["Çay var mı"]


async def test_forgetting_takes_the_person_s_rows() -> None:
    """Contexts and notes of one person go, another's stay; what is kept holds no address."""
    journal = MemoryJournal()
    await journal.keep_context("p", "c", "{}", 0.0, 60.0)
    await journal.none_of_these("p", "terminal", "ayse@example.com ne kadar", 0.0)
    await journal.none_of_these("q", "terminal", "toplam", 0.0)
    assert not any("@" in row.text for row in await journal.inbox(1.0, 9))
    assert await journal.forget("p") == 2
    assert [row.text for row in await journal.inbox(1.0, 9)] == ["toplam"]
