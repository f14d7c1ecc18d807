"""Three real processes on a real PostgreSQL, killed one after the other; the full size is a command of the benchmarks."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.endurance.replicas import Plan, endured, table
from benchmarks.endurance.talk import SMALL
from tests.postgres import Postgres


@pytest.mark.slow
@pytest.mark.timeout(240)
async def test_every_update_is_answered_once_from_its_context(postgres: Postgres, tmp_path: Path) -> None:
    """SIGKILLs, double deliveries, two reloads, a restart of the database: no update is lost, none answered wrongly.

    Twice is answered only what was on its way when its replica was killed; all replicas end on the last version.
    """
    plan = Plan(updates=1_500, people=100, rate=75.0, kill_every_s=4.0)
    found = await endured(plan, SMALL, tmp_path, postgres)
    told = table(found)
    assert found.missing == [], told
    assert found.wrong == [], told
    assert found.twice_without_a_kill == [], told
    assert len(found.twice) <= 45, told
    assert len(found.versions) == 1, told
    assert len(found.kills) >= 3, told
    assert sum(line.leans for line in found.asked.values()) > 400, told
