"""Replies as text for a terminal: they fit, they hang, they cannot command it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.engine.model import Article, Choice, Reply, Source, Status
from bot.platforms.terminal.text import WIDEST, Look, look_of, paragraph, plain, to_text

LOOK = Look()
ARTICLE = Article("Bir haber", "2026-02-02", "bir konu", "", "")


@pytest.mark.parametrize("columns", [1, 20, 40, 80, 200])
def test_lines_fit_the_window(columns: int) -> None:
    """No line is wider than the window (or the narrowest that makes sense), nor than what reads well."""
    long = "Türkiye ile Kazakistan arasındaki ticaret hacmi " * 6
    reply = Reply(Status.CLARIFY, (long,), sources=(Source("f", long),), choices=(Choice("k", long, ""),))
    widest = max(map(len, to_text(reply, ARTICLE, Look(columns)).splitlines()))
    assert widest <= min(max(columns, 24), WIDEST)


def test_quote_inside_a_longer_one_is_shown_once() -> None:
    """Two facts that quote the same sentence, one of them less of it, show the longer quote only."""
    reply = Reply(
        Status.ANSWER,
        ("Evet.",),
        sources=(Source("a", "bir iki"), Source("b", "bir iki üç"), Source("c", "bir iki üç")),
    )
    assert to_text(reply, ARTICLE, LOOK).count("bir iki") == 1


def test_source_names_title_and_date() -> None:
    """The article's title and its date as it is said stand under the quote."""
    reply = Reply(Status.ANSWER, ("Evet.",), sources=(Source("a", "söz"),))
    assert to_text(reply, ARTICLE, LOOK).endswith("│ “söz”\n│ — Bir haber, 2 Şubat 2026")


def test_choices_are_numbered_and_hang() -> None:
    """Each choice has its number; a long one goes on under its own first letter."""
    reply = Reply(Status.CLARIFY, ("Hangisi?",), choices=(Choice("a", "elma " * 20, ""), Choice("b", "armut", "")))
    first, second, *_, last = to_text(reply, ARTICLE, LOOK).splitlines()[2:]
    assert first.startswith("  1) elma")
    assert second.startswith("     elma")
    assert last == "  2) armut"


@pytest.mark.parametrize(
    ("hostile", "left"),
    [
        ("\x1b[31mkırmızı\x1b[0m", "kırmızı"),
        ("\x1b]0;başlık\x07metin", "metin"),
        ("\x1b]8;;http://x\x1b\\bağ\x1b]8;;\x1b\\", "bağ"),
        ("\x1bcsil", "sil"),
        ("\x9b31mx", "31mx"),
        ("a\rb\x08c\x00d", "abcd"),
        ("\u202etersten", "tersten"),
        ("iki\nsatır", "iki\nsatır"),
        ("\x1b", ""),
        ("\x1b]yarım", ""),
    ],
)
def test_nothing_commands_the_terminal(hostile: str, left: str) -> None:
    """Escape sequences, control and direction characters are taken out; text and line ends stay."""
    assert plain(hostile) == left


def test_bullets_hang() -> None:
    """A bullet's second line stands under its text."""
    assert paragraph("• " + "uzun " * 20, Look(40)).splitlines()[1].startswith("  uzun")


def test_colours_only_where_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file, a dumb terminal and NO_COLOR get plain text; a window gets colours."""

    class Window:
        def isatty(self) -> bool:
            return True

    with Path(os.devnull).open() as file:
        assert not look_of(file).colour
    monkeypatch.setenv("TERM", "xterm")
    assert look_of(Window()).colour  # type: ignore[arg-type]
    monkeypatch.setenv("NO_COLOR", "1")
    assert not look_of(Window()).colour  # type: ignore[arg-type]
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert not look_of(Window()).colour  # type: ignore[arg-type]
