"""Fixtures of the behaviour suite: the content that scenarios play on."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.files import read_files, version_of
from bot.content.shelf import Edition, prepare
from bot.engine.answer import Engine
from tests.content import small


@pytest.fixture(scope="session")
def shipped(engine: Engine, root: Path) -> Edition:
    """The product's own content."""
    files = read_files(root)
    return Edition(engine, files, version_of(files), 0.0)


@pytest.fixture(scope="session")
def little() -> Edition:
    """A small content that scenarios may edit."""
    return prepare(small.FILES)
