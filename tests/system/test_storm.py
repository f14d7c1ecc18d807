"""Reloads, every second one broken, under questions on both platforms; the full size is a command of the benchmarks."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.endurance.storm import BREAKAGES, Plan, mixed, stormed, table
from benchmarks.endurance.talk import SMALL, Oracle


@pytest.mark.slow
@pytest.mark.timeout(240)
async def test_reloads_lose_and_mix_nothing(tmp_path: Path) -> None:
    """Exactly one reply each, whole and of one version; a broken content is refused with its file and line."""
    found = await stormed(Plan(reloads=2 * len(BREAKAGES), questions=600, rate=20.0), SMALL, tmp_path)
    wrong = mixed(found, Oracle.of(SMALL.lay_out(tmp_path / "oracle")))
    told = table(found, wrong)
    assert found.not_once == [], told
    assert wrong == [], told
    assert set(found.outcomes) == {"sound", *BREAKAGES}
    assert all(all(done) for done in found.outcomes.values()), told
