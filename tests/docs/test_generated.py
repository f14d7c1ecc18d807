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
