"""What every test may use: the repository's root, its content, and its compiled engine."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from bot.content.cache import cached_engine
from bot.engine.answer import Engine

# How long one example may take says more about the machine than about us; tests that mean it say so themselves.
settings.register_profile("kopru", deadline=None)
settings.load_profile("kopru")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session", autouse=True)
def _clean_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No setting or token of the developer's, and a cache of our own, for this process and those it starts."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as in a job in the background, which the bot would inherit
        signal.signal(signal.SIGINT, signal.default_int_handler)
    patch = pytest.MonkeyPatch()
    for name in [name for name in os.environ if name.startswith("KOPRU_")]:
        patch.delenv(name)
    patch.delenv("NO_COLOR", raising=False)
    patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
    yield
    patch.undo()


@pytest.fixture(scope="session")
def root() -> Path:
    """The top of the repository; it is also the product's own content folder."""
    return ROOT


@pytest.fixture(scope="session")
def engine(_clean_environment: None, root: Path) -> Engine:
    """The product's own content, compiled once for all tests."""
    return cached_engine(root)
