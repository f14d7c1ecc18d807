"""Fixtures of the behaviour suite, and the table of scenarios and platforms that a run prints at its end."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

from bot.content.files import read_files, version_of
from bot.content.shelf import Edition, prepare
from bot.engine.answer import Engine
from tests.behaviour.scenarios import SCENARIOS
from tests.content import small

PLATFORMS = ("terminal", "telegram", "discord")
SIGNS = {"passed": "✓", "failed": "✗", "skipped": "–"}
_RESULTS = pytest.StashKey[dict[tuple[str, str], str]]()


@pytest.fixture(scope="session")
def shipped(engine: Engine, root: Path) -> Edition:
    """The product's own content."""
    files = read_files(root)
    return Edition(engine, files, version_of(files), 0.0)


@pytest.fixture(scope="session")
def little() -> Edition:
    """A small content that scenarios may edit."""
    return prepare(small.FILES)


def pytest_configure(config: pytest.Config) -> None:
    """Begin an empty table."""
    config.stash[_RESULTS] = {}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note how a scenario went on a platform: a failure in any phase counts."""
    report = yield
    where = item.callspec.params if hasattr(item, "callspec") else {}
    key = (str(where.get("scenario", "")), str(where.get("platform", "")))
    results = item.config.stash[_RESULTS]
    if all(key) and (report.when == "call" or report.outcome != "passed") and results.get(key) != "failed":
        results[key] = report.outcome
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the table; ``–`` is a platform that cannot play the scenario, and says why."""
    results = config.stash[_RESULTS]
    if not results:
        return
    terminalreporter.section("behaviour")
    terminalreporter.write_line(f"{'':24}" + "".join(f"{platform:>12}" for platform in PLATFORMS))
    for name in SCENARIOS:
        row = [SIGNS.get(results.get((name, platform), ""), " ") for platform in PLATFORMS]
        terminalreporter.write_line(f"{name:24}" + "".join(f"{sign:>12}" for sign in row))
