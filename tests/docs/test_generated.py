"""What a program writes into the documentation is what it would write now, but for one run's numbers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.engine.answer import Engine
from tools import pictures
from tools.docs import operating
from tools.docs.__main__ import PAGES, stale
from tools.docs.regions import filled, held, shape
from tools.replies import __main__ as replies
from tools.replies.letters import Run, extent, width_of, wrapped
from tools.replies.markup import discord_rows, telegram_rows
from tools.replies.scenes import SCENES

REGION = "# T\n<!-- generated: a (by hand) -->\nold 1\n<!-- end: a -->\nrest\n<!-- generated: b -->\n<!-- end: b -->\n"


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.usefixtures("engine")
@pytest.mark.timeout(180)
def test_page_is_up_to_date(page: str, root: Path) -> None:
    """Otherwise: python -m tools.docs."""
    found = stale(page, root)
    assert found == [], "run: python -m tools.docs\n" + "\n".join(found)


def test_region_is_replaced_and_read_back() -> None:
    """Only the body between the marks changes; a body without a region is an error."""
    text = filled(REGION, {"a": "new 2"})
    assert held(text) == {"a": "new 2", "b": ""}
    assert text == REGION.replace("old 1", "new 2")
    with pytest.raises(KeyError, match="no region: c"):
        filled(REGION, {"c": ""})


def test_shape_keeps_words_and_drops_one_run_s_values() -> None:
    """Times, scores and hashes may change; a step, a column, a sentence may not."""
    table = "| step | value | took |\n|---|---|---:|\n| fold | `abc` | 4 µs |"
    assert shape(table) == shape(table.replace("abc", "xyz").replace("4 µs", "17.5 ms"))
    assert shape(table) != shape(table.replace("fold", "read"))
    assert shape("version 3286a757c31a9a38, 1.5 s") == shape("version 0de43838a4092bc9, 22 s")
    assert shape("said so") != shape("says so")


def test_every_setting_is_described_once() -> None:
    """What bot.settings reads is what the table tells, no more and no less."""
    assert list(operating.MEANING) == operating.names()


@pytest.mark.usefixtures("engine")
def test_picture_shows_what_the_bot_says() -> None:
    """The README's conversation is the one that is held now; otherwise: python -m tools.pictures."""
    assert pictures.main(["--check"]) == 0


def test_picture_needs_nothing_from_elsewhere() -> None:
    """It is shown wherever the repository is: no script, no font, no address but the namespace's."""
    text = pictures.PICTURE.read_text(encoding="utf-8")
    assert re.findall(r"https?://[^\"'\s]+", text) == ["http://www.w3.org/2000/svg"]
    assert "<script" not in text


@pytest.mark.usefixtures("engine")
@pytest.mark.slow
def test_replies_are_drawn_as_the_bot_sends_them() -> None:
    """Every kind of reply, on both platforms, says what its picture says; otherwise: python -m tools.replies."""
    made = replies.pictures()
    assert replies.stale(made) == [], "run: python -m tools.replies"
    only_one = {"unfolded": "telegram", "inline": "telegram", "autocomplete": "discord", "menu": "discord"}
    there = {(key, platform) for key in SCENES for platform in replies.DRAW if f"{key}-{platform}.svg" in made}
    assert there == {(key, p) for key in SCENES for p in replies.DRAW if only_one.get(key, p) == p}


def test_replies_need_nothing_from_elsewhere() -> None:
    """Their pictures are shown wherever the repository is, in both schemes, and stay small."""
    for path in replies.FOLDER.glob("*.svg"):
        text = path.read_text(encoding="utf-8")
        assert re.findall(r"https?://[^\"'\s]+", text) == ["http://www.w3.org/2000/svg"], path.name
        assert "prefers-color-scheme:dark" in text
        assert len(text) < 20_000


def test_a_changed_reply_makes_its_picture_stale(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Words count; a hash, a score and where lines break do not. A picture that nobody draws any more is named."""
    monkeypatch.setattr(replies, "FOLDER", tmp_path)
    monkeypatch.setattr(replies, "PAGE", tmp_path / "replies.md")
    picture = '<text x="1">Sürüm 801203519ec5236e,</text><text x="2">aday 0.31</text>'
    (tmp_path / "a.svg").write_text(picture, encoding="utf-8")
    (tmp_path / "gone.svg").write_text(picture, encoding="utf-8")
    made = {"a.svg": picture.replace('801203519ec5236e,</text><text x="2">aday', "d3944ba68a92922a, aday")}
    (tmp_path / "replies.md").write_text(replies.page(["a.svg"]), encoding="utf-8")
    assert replies.stale(made) == ["gone.svg"]
    assert replies.stale({"a.svg": picture.replace("aday", "konu")}) == ["a.svg", "gone.svg"]


def test_letters_stay_in_their_bubble() -> None:
    """Lines break at blanks within the room that there is, a long word is cut, and nothing is lost."""
    runs = [Run("Türkiye'den Kazakistan'a "), Run("giden", "b"), Run(" turist sayısı " + "ı" * 80)]
    lines = wrapped(runs, 14, 160)
    assert extent(lines) <= 160.5
    letters = "".join(part.text for line in lines for part in line)
    assert letters.replace(" ", "") == "".join(run.text for run in runs).replace(" ", "")
    assert [part.style for line in lines for part in line if "giden" in part.text] == ["b"]
    assert width_of("ığİŞ", 10) == width_of("igIS", 10)


def test_markup_is_read_as_the_platforms_do() -> None:
    """Quotations, bold, escapes and small print are found; what was escaped is shown as it was typed."""
    rows = telegram_rows("a &lt;b&gt;\n\n\n<blockquote expandable>“c”\nd</blockquote>")
    assert [(row.text, row.quote) for row in rows] == [("a <b>", False), ("", False), ("“c”", True), ("d", True)]
    found = discord_rows("**1.** x\\_y <@5>\n> “q”\n-# s", {"5": "Köprü"})
    assert [(row.text, row.quote, row.small) for row in found] == [
        ("1. x_y @Köprü", False, False),
        ("“q”", True, False),
        ("s", False, True),
    ]
    assert [run.style for run in found[0].runs] == ["b", "", "a"]
    assert [run.text for run in found[0].runs][1] == " x_y ", "an escaped letter parts no word"


def test_styles_go_on_over_lines() -> None:
    """A faint quotation of two lines is faint in both; columns count from the line's beginning."""
    first, second = pictures.runs("a \x1b[2mb\nc\x1b[0m d")
    assert [(r.column, r.text, sorted(r.style)) for r in first] == [(0, "a ", []), (2, "b", ["2"])]
    assert [(r.column, r.text, sorted(r.style)) for r in second] == [(0, "c", ["2"]), (1, " d", [])]


def test_journey_ends_with_the_right_answer(root: Path, engine: Engine) -> None:
    """The journey that is told is one that went well: the fact in the direction that was asked."""
    regions = held((root / "docs" / "architecture.md").read_text(encoding="utf-8"))
    assert "tourists_tr_kz" in regions["engine"]
    assert engine.catalog.facts["tourists_tr_kz"].statement in regions["engine"]
    assert "2023" in regions["follow-up"].splitlines()[0]
