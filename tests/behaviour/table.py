"""A plugin of pytest: the table of scenarios and platforms that a run prints at its end, whoever ran them."""

from __future__ import annotations

from collections.abc import Generator

import pytest

PLATFORMS = ("terminal", "telegram", "discord")
SIGNS = {"passed": "✓", "failed": "✗", "skipped": "–"}
PROPERTY = "behaviour"
_RESULTS: dict[tuple[str, str], str] = {}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Say in the report which scenario it is about: with several workers it is all that comes back from them."""
    report = yield
    where = item.callspec.params if hasattr(item, "callspec") else {}
    if "scenario" in where and "platform" in where:
        report.user_properties.append((PROPERTY, f"{where['scenario']} {where['platform']}"))
    return report


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note how a scenario went on a platform: a failure in any phase counts."""
    where = dict(report.user_properties).get(PROPERTY)
    if where is None:
        return
    name, _, platform = str(where).partition(" ")
    key = (name, platform)
    if (report.when == "call" or report.outcome != "passed") and _RESULTS.get(key) != "failed":
        _RESULTS[key] = report.outcome


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table; ``–`` is a platform that cannot play the scenario, and says why."""
    if not _RESULTS:
        return
    terminalreporter.section("behaviour")
    terminalreporter.write_line(f"{'':24}" + "".join(f"{platform:>12}" for platform in PLATFORMS))
    for name in dict.fromkeys(name for name, _ in _RESULTS):
        row = [SIGNS.get(_RESULTS.get((name, platform), ""), " ") for platform in PLATFORMS]
        terminalreporter.write_line(f"{name:24}" + "".join(f"{sign:>12}" for sign in row))
