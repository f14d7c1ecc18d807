"""One process for a long time; the full size is a command of the benchmarks."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.endurance.memory import table, watched
from benchmarks.endurance.talk import SMALL


@pytest.mark.slow
@pytest.mark.timeout(240)
async def test_memory_stays_flat(tmp_path: Path) -> None:
    """Once everybody has asked, thousands more questions take no more than a few megabytes.

    The tests' small content makes a process so small that tables with a bound, which are still filling up here,
    would be more than 5 % of it; the full run, after which they are full, holds that bound.
    """
    found = await watched(10_000, 1_000, SMALL, tmp_path)
    assert found.memory_mb[-1] - found.memory_mb[len(found.memory_mb) // 5] < 12, table(found)
    assert len(found.calm) == 1_000
