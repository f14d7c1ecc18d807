"""Every scenario on every platform: one behaviour, three ways to meet it."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from bot.content.shelf import Edition
from tests.behaviour.scenarios import ON_SMALL, SCENARIOS
from tests.behaviour.stage import HURRIED, ROOMY, staged
from tests.behaviour.table import PLATFORMS
from tests.content import small


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("scenario", SCENARIOS)
async def test_behaves(platform: str, scenario: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """See the scenario's own docstring; a platform that cannot play it says why in ``lacks``."""
    driver = import_module(f"tests.behaviour.{platform}")
    folder = small.lay_out(tmp_path / "content")
    edition: Edition = request.getfixturevalue("little" if scenario in ON_SMALL else "shipped")
    limits = HURRIED if scenario == "too_fast" else ROOMY
    async with staged(driver.connected, edition, folder, tmp_path, limits) as stage:
        if scenario in stage.client.lacks:
            assert platform == "terminal", "nothing is missing on one chat platform that is there on the other"
            pytest.skip(f"{platform}: {stage.client.lacks[scenario]}")
        await SCENARIOS[scenario](stage)


def test_what_a_platform_lacks_is_named_with_its_reason() -> None:
    """A scenario is left out by its right name and with a sentence, and on the terminal only."""
    from tests.behaviour.terminal import Terminal

    assert set(Terminal.lacks) <= set(SCENARIOS)
    assert all(len(reason.split()) > 4 for reason in Terminal.lacks.values())
