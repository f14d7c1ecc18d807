"""The endurance benchmarks in a small size: memory, replicas that are killed, reload after reload; the full sizes are commands.

In one file, so that workers do not run two of them at a time: each keeps two cores busy.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.endurance import memory, replicas, storm
from benchmarks.endurance.talk import SMALL, Oracle
from tests.postgres import Postgres

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


async def test_every_update_is_answered_once_from_its_context(postgres: Postgres, tmp_path: Path) -> None:
    """SIGKILLs, double deliveries, two reloads, a restart of the database: no update is lost, none answered wrongly.

    Three real processes on a real PostgreSQL, killed one after the other. Twice is answered only what was on its way
    when its replica was killed; all replicas end on the last version.
    """
    plan = replicas.Plan(updates=1_500, people=100, rate=75.0, kill_every_s=4.0)
    found = await replicas.endured(plan, SMALL, tmp_path, postgres)
    told = replicas.table(found)
    assert found.missing == [], told
    assert found.wrong == [], told
    assert found.twice_without_a_kill == [], told
    assert len(found.twice) <= 45, told
    assert len(found.versions) == 1, told
    assert len(found.kills) >= 3, told
    assert sum(line.leans for line in found.asked.values()) > 400, told


async def test_reloads_lose_and_mix_nothing(tmp_path: Path) -> None:
    """Every second one broken, under questions on both platforms: exactly one reply each, whole and of one version.

    A broken content is refused with its file and line.
    """
    plan = storm.Plan(reloads=2 * len(storm.BREAKAGES), questions=600, rate=30.0)
    found = await storm.stormed(plan, SMALL, tmp_path)
    wrong = storm.mixed(found, Oracle.of(SMALL.lay_out(tmp_path / "oracle")))
    told = storm.table(found, wrong)
    assert found.not_once == [], told
    assert wrong == [], told
    assert set(found.outcomes) == {"sound", *storm.BREAKAGES}
    assert all(all(done) for done in found.outcomes.values()), told


async def test_memory_stays_flat(tmp_path: Path) -> None:
    """Once everybody has asked, thousands more questions take no more than a few megabytes.

    The tests' small content makes a process so small that tables with a bound, which are still filling up here,
    would be more than 5 % of it; the full run, after which they are full, holds that bound.
    """
    found = await memory.watched(10_000, 1_000, SMALL, tmp_path)
    assert found.memory_mb[-1] - found.memory_mb[len(found.memory_mb) // 5] < 12, memory.table(found)
    assert len(found.calm) == 1_000
