"""The process seen from outside: /healthz, /readyz, Prometheus metrics, and the doors that platforms open."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import accumulate

from aiohttp import web
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from bot.desk import Desk
from bot.desk.doors import LARGEST_BODY, Knock
from bot.desk.tally import BOUNDS_S
from bot.errors import JournalError
from bot.settings import Address

log = logging.getLogger(__name__)
PING_S = 2.0
PREPARING = "hazırlanıyor"
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def application(coming: asyncio.Future[Desk]) -> web.Application:
    """The routes, as an aiohttp application. Until the desk is there the process is alive, not ready, and open to nobody."""

    def desk() -> Desk:
        if not coming.done():
            raise web.HTTPServiceUnavailable(text=PREPARING)
        return coming.result()

    async def healthz(_: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    async def readyz(_: web.Request) -> web.Response:
        parts = await states(coming.result()) if coming.done() else {"content": PREPARING}
        ok = not any(parts.values())
        return web.json_response(
            {"ok": ok, "parts": {name: why or "ok" for name, why in parts.items()}}, status=200 if ok else 503
        )

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(body=await metrics_text(desk()), headers={"Content-Type": METRICS_TYPE})

    async def knock(request: web.Request) -> web.Response:
        return await _knocked(desk(), request)

    app = web.Application(client_max_size=LARGEST_BODY)
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
    app.router.add_get("/metrics", metrics)
    app.router.add_post("/{tail:.*}", knock)
    return app


@asynccontextmanager
async def listening(desk: asyncio.Future[Desk], address: Address) -> AsyncIterator[Address]:
    """Serve while the block runs, even before there is a ``desk``; yields the address with its real port.

    Raises OSError when it is taken.
    """
    runner = web.AppRunner(application(desk), access_log=None, handle_signals=False, shutdown_timeout=10.0)
    await runner.setup()
    try:
        site = web.TCPSite(runner, address.host, address.port)
        await site.start()
        port = runner.addresses[0][1]
        log.info("listening", extra={"fields": {"host": address.host, "port": port}})
        yield Address(address.host, port)
    finally:
        await runner.cleanup()


async def states(desk: Desk) -> dict[str, str]:
    """What is wrong with each part, by name; empty texts when all is well."""
    parts = {name: "" if part.ok else part.why or "çalışmıyor" for name, part in desk.health.parts.items()}
    parts["content"] = "" if desk.shelf.current.engine.catalog.intents else "içerik yüklenmedi"
    try:
        async with asyncio.timeout(PING_S):
            await desk.journal.ping()
        parts["journal"] = ""
    except (JournalError, TimeoutError) as problem:
        parts["journal"] = f"veritabanına ulaşılamıyor ({type(problem).__name__})"
    return parts


async def _knocked(desk: Desk, request: web.Request) -> web.Response:
    handler = desk.doors.behind(request.path)
    if handler is None:
        return web.Response(status=404)
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        status = await handler(Knock(headers, await request.read(), request.remote or ""))
    except web.HTTPException:
        raise
    except Exception:
        log.exception("door_failed", extra={"fields": {"path": request.path}})
        status = 500
    return web.Response(status=status)


# ── metrics ─────────────────────────────────────────────────────────────────────────────────────


async def metrics_text(desk: Desk) -> bytes:
    """All figures in Prometheus' text format."""
    inbox = await desk.memory.attempt(desk.journal.inbox_size, None)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures(desk, inbox))
    return generate_latest(registry)


class _Figures:
    """The tally as Prometheus metrics, at one moment."""

    def __init__(self, desk: Desk, inbox: int | None) -> None:
        self._desk = desk
        self._inbox = inbox

    def collect(self) -> Iterator[Metric]:
        yield from self._counters()
        yield self._latency()
        yield from self._gauges()

    def _counters(self) -> Iterator[Metric]:
        tally = self._desk.tally
        questions = CounterMetricFamily("kopru_questions", "Questions replied to", labels=["platform", "status"])
        for (platform, status), n in tally.questions.items():
            questions.add_metric([platform, status], n)
        errors = CounterMetricFamily("kopru_api_errors", "Failed calls to a platform", labels=["platform", "kind"])
        for (platform, kind), n in tally.api_errors.items():
            errors.add_metric([platform, kind], n)
        reloads = CounterMetricFamily("kopru_reloads", "Changes of the content", labels=["outcome"])
        for outcome, n in tally.reloads.items():
            reloads.add_metric([outcome], n)
        yield from (questions, errors, reloads)
        yield CounterMetricFamily("kopru_journal_errors", "Failed calls to the journal", value=tally.journal_errors)
        yield CounterMetricFamily("kopru_engine_faults", "Questions on which the engine failed", value=tally.faults)
        yield CounterMetricFamily("kopru_shed", "Questions turned away because too many waited", value=tally.shed)
        yield CounterMetricFamily("kopru_slowed", "Questions not taken because one asked too fast", value=tally.slowed)

    def _latency(self) -> Metric:
        tally = self._desk.tally
        bounds = [*map(str, BOUNDS_S), "+Inf"]
        buckets = list(zip(bounds, map(float, accumulate(tally.latency)), strict=True))
        family = HistogramMetricFamily("kopru_question_seconds", "From the desk's door to the reply")
        family.add_metric([], buckets, tally.latency_sum_s)
        return family

    def _gauges(self) -> Iterator[Metric]:
        desk, edition = self._desk, self._desk.shelf.current
        version = GaugeMetricFamily("kopru_catalog_info", "The catalog that serves", labels=["version"])
        version.add_metric([edition.version], 1)
        yield version
        yield GaugeMetricFamily(
            "kopru_catalog_age_seconds", "Since the catalog was loaded", value=desk.now() - edition.loaded_at
        )
        parts = GaugeMetricFamily("kopru_up", "Whether a part works", labels=["part"])
        for name, part in desk.health.parts.items():
            parts.add_metric([name], float(part.ok))
        yield parts
        yield GaugeMetricFamily("kopru_waiting", "Questions inside or waiting at the door", value=desk.waiting)
        if self._inbox is not None:
            yield GaugeMetricFamily("kopru_inbox_size", "Unsettled questions in the inbox", value=self._inbox)
