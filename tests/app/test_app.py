"""The parts of the composition root that need no process."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import app
from bot.content.cache import cached_edition
from bot.content.files import version_of
from bot.engine.answer import Engine
from bot.settings import Secret, Settings
from tests.content import small


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return small.lay_out(tmp_path / "content")


def test_the_first_edition_is_what_the_folder_holds(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Compiled the first time, taken from the cache the next; the files travel with it."""
    first = cached_edition(folder)
    monkeypatch.setattr("bot.engine.answer.compile_catalog", _never)
    second = cached_edition(folder)
    assert first.version == second.version == version_of(small.FILES)
    assert dict(second.files) == dict(small.FILES)
    assert second.engine.catalog == first.engine.catalog


def _never(*_: object) -> Engine:
    raise AssertionError("compiled again")


def test_a_save_in_between_is_not_served_under_an_old_name(
    folder: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the cache gives another version than the files that were read, those files are compiled."""
    monkeypatch.setattr("bot.content.cache.cached_engine", lambda *_: engine)
    edition = cached_edition(folder)
    assert edition.version == edition.engine.catalog.version == version_of(small.FILES)


def test_only_platforms_with_a_token_are_wanted() -> None:
    """A platform without a token is not started, nor even imported."""
    assert app.wanted(Settings()) == {}
    assert list(app.wanted(Settings(telegram_token=Secret("1:a")))) == ["telegram"]
    assert list(app.wanted(Settings(telegram_token=Secret("1:a"), discord_token=Secret("a.b.c")))) == [
        "telegram",
        "discord",
    ]
