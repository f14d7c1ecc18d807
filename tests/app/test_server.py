"""The process seen from outside: alive, ready, measured, and knocked on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.content.shelf import Edition
from bot.desk import Desk
from bot.desk.doors import LARGEST_BODY, Knock
from bot.server import listening
from bot.settings import Address
from tests.desk.helpers import ANA, Clock, Troubled

COUNT = "Kütüphanede kaç kitap var?"


def ready(desk: Desk) -> asyncio.Future[Desk]:
    """The desk, as a process has it once it has started."""
    there: asyncio.Future[Desk] = asyncio.get_running_loop().create_future()
    there.set_result(desk)
    return there


@pytest.fixture
async def web(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the running server."""
    async with (
        listening(ready(desk), Address("127.0.0.1", 0)) as address,
        httpx.AsyncClient(base_url=f"http://{address}") as client,
    ):
        yield client


async def test_alive_whatever_is_down(web: httpx.AsyncClient, desk: Desk, troubled: Troubled) -> None:
    """/healthz answers while anything else is broken: restarting would not mend it."""
    troubled.down = True
    desk.health.set("telegram", ok=False, why="bağlanıyor")
    assert (await web.get("/healthz")).status_code == 200


async def test_alive_and_not_ready_before_there_is_a_desk(desk: Desk) -> None:
    """While the content is compiled: no refused connection, a red /readyz with the reason, and knocks to come again."""
    coming: asyncio.Future[Desk] = asyncio.get_running_loop().create_future()
    async with (
        listening(coming, Address("127.0.0.1", 0)) as address,
        httpx.AsyncClient(base_url=f"http://{address}") as client,
    ):
        assert (await client.get("/healthz")).status_code == 200
        red = await client.get("/readyz")
        assert (red.status_code, red.json()["parts"]) == (503, {"content": "hazırlanıyor"})
        assert (await client.get("/metrics")).status_code == 503
        assert (await client.post("/telegram", content=b"{}")).status_code == 503
        coming.set_result(desk)
        assert (await client.get("/readyz")).status_code == 200
        assert (await client.get("/metrics")).status_code == 200


async def test_ready_when_every_part_is(web: httpx.AsyncClient, desk: Desk, troubled: Troubled) -> None:
    """/readyz is red while a platform connects or the database is away, says which, and turns green again."""
    assert (await web.get("/readyz")).status_code == 200
    desk.health.set("telegram", ok=False, why="bağlanıyor")
    red = await web.get("/readyz")
    assert (red.status_code, red.json()["parts"]["telegram"]) == (503, "bağlanıyor")
    desk.health.set("telegram", ok=True)
    troubled.down = True
    red = await web.get("/readyz")
    assert (red.status_code, "veritabanı" in red.json()["parts"]["journal"]) == (503, True)
    troubled.down = False
    assert (await web.get("/readyz")).json() == {
        "ok": True,
        "parts": {"telegram": "ok", "content": "ok", "journal": "ok"},
    }


async def metrics(web: httpx.AsyncClient) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Every sample by name and labels, read by Prometheus' own parser."""
    response = await web.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain; version=0.0.4")
    families = text_string_to_metric_families(response.text)
    return {(s.name, tuple(sorted(s.labels.items()))): s.value for family in families for s in family.samples}


async def test_metrics(web: httpx.AsyncClient, desk: Desk, clock: Clock, edition: Edition) -> None:
    """Questions, latency, reloads, API errors, version and its age, inbox, shed load: all there, all right."""
    clock.now = edition.loaded_at + 100
    await desk.ask(ANA, COUNT)
    await desk.ask(ANA, "Hafta sonu açık mı?")
    desk.tally.api_error("telegram", "429")
    desk.tally.shed += 3
    desk.tally.reloads["ok"] += 1
    found = await metrics(web)
    assert {
        ("kopru_questions_total", (("platform", "telegram"), ("status", "answer"))): 1,
        ("kopru_questions_total", (("platform", "telegram"), ("status", "not_in_article"))): 1,
        ("kopru_question_seconds_count", ()): 2,
        ("kopru_question_seconds_bucket", (("le", "+Inf"),)): 2,
        ("kopru_api_errors_total", (("kind", "429"), ("platform", "telegram"))): 1,
        ("kopru_reloads_total", (("outcome", "ok"),)): 1,
        ("kopru_shed_total", ()): 3,
        ("kopru_catalog_info", (("version", edition.version),)): 1,
        ("kopru_catalog_age_seconds", ()): 100,
        ("kopru_up", (("part", "journal"),)): 1,
        ("kopru_inbox_size", ()): 1,
        ("kopru_waiting", ()): 0,
    }.items() <= found.items()


async def test_metrics_without_the_database(web: httpx.AsyncClient, troubled: Troubled) -> None:
    """The inbox's size is left out, everything else stays."""
    troubled.down = True
    found = await metrics(web)
    assert ("kopru_inbox_size", ()) not in found
    assert found["kopru_journal_errors_total", ()] == 1


async def test_a_door_is_open_while_its_platform_wants_it(web: httpx.AsyncClient, desk: Desk) -> None:
    """A POST reaches the handler with headers and body; other paths and methods are 404 and 405."""
    knocks: list[Knock] = []

    async def handler(knock: Knock) -> int:
        knocks.append(knock)
        return 204

    desk.doors.open("/telegram", handler)
    response = await web.post("/telegram", content=b"{}", headers={"X-Secret-Token": "s"})
    assert (response.status_code, knocks[0].body, knocks[0].headers["x-secret-token"]) == (204, b"{}", "s")
    assert (await web.post("/elsewhere")).status_code == 404
    assert (await web.get("/telegram")).status_code in {404, 405}
    desk.doors.close("/telegram")
    assert (await web.post("/telegram")).status_code == 404


async def test_a_failing_or_flooded_door(web: httpx.AsyncClient, desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """What a handler raises is 500 and one log entry without the body; a body beyond the limit is 413 unread."""

    async def handler(knock: Knock) -> int:
        raise RuntimeError("broken")

    desk.doors.open("/telegram", handler)
    assert (await web.post("/telegram", content=b"gizli metin")).status_code == 500
    assert [r.message for r in caplog.records if r.exc_info] == ["door_failed"]
    assert "gizli" not in caplog.text
    assert (await web.post("/telegram", content=b"x" * (LARGEST_BODY + 1))).status_code == 413


async def test_a_taken_port_is_an_error(desk: Desk) -> None:
    """The second process on one port fails at once instead of serving nothing."""
    async with listening(ready(desk), Address("127.0.0.1", 0)) as address:
        with pytest.raises(OSError, match="address already in use"):
            async with listening(ready(desk), address):
                pass
