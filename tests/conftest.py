"""What every test may use: the repository's root, its content, its compiled engine; and how workers share the work."""

from __future__ import annotations

import fcntl
import os
import shutil
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
WORKER = "PYTEST_XDIST_WORKER"
"""Set by pytest-xdist in each of its workers; absent when one process runs all tests."""

pytest_plugins = ["tests.behaviour.table"]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """With ``-n auto`` one worker more than cores: many tests wait for a process or for a server."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Workers get whole systems and other files with a slow test first, so that none is left to one worker at the end."""
    if WORKER in os.environ:
        slow = {item.path for item in items if item.get_closest_marker("slow")}
        items.sort(key=lambda item: (item.path not in slow, item.path.parent.name != "system"))


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
def engine(_clean_environment: None, root: Path, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """The product's own content, compiled once for all tests and workers, and in the cache of what they start."""
    base = tmp_path_factory.getbasetemp()
    common = (base.parent if WORKER in os.environ else base) / "engine"
    own = os.environ["XDG_CACHE_HOME"]
    with common.with_suffix(".lock").open("w") as lock, pytest.MonkeyPatch.context() as patch:
        fcntl.flock(lock, fcntl.LOCK_EX)  # whoever comes first compiles, the others wait for it
        patch.setenv("XDG_CACHE_HOME", str(common))
        found = cached_engine(root)
        shutil.copytree(common, own, dirs_exist_ok=True)
    return found
