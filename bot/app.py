"""The composition root of ``python -m bot run``: settings → journal → shelf → desk → platforms, and its signals."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import sys
import threading
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from concurrent.futures import Future
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TypeAlias, TypeVar

from bot import logs
from bot.chores import chores, reload
from bot.content.cache import cached_edition, default_folder
from bot.content.shelf import Edition, Shelf
from bot.desk import Desk, Health
from bot.errors import ContentError, KopruError, SettingsError
from bot.journal import open_journal
from bot.settings import Settings
from bot.supervise import Gone, supervised

log = logging.getLogger(__name__)
T = TypeVar("T")
Serve: TypeAlias = Callable[[Desk, Settings, asyncio.Event], Awaitable[None]]
GRACE_S = 25.0
"""After a stop signal, replies in flight get so long; container engines kill after 30 s when told so."""
OK, FAILED, UNUSABLE, INTERRUPTED = 0, 1, 2, 130
HOW_TO_BEGIN = """\
Hiçbir platformun belirteci (token) yok, başlatılacak bir şey de yok.
  Telegram: @BotFather'a /newbot yazın, verdiği belirteci KOPRU_TELEGRAM_TOKEN ortam değişkenine koyun.
  Discord: https://discord.com/developers/applications → New Application → Bot → Reset Token; belirteci KOPRU_DISCORD_TOKEN'a koyun.
  Denemek için belirteç gerekmez: python -m bot chat

There is no token for any platform, so there is nothing to start.
  Telegram: write /newbot to @BotFather and put the token it gives you into KOPRU_TELEGRAM_TOKEN.
  Discord: https://discord.com/developers/applications → New Application → Bot → Reset Token; put it into KOPRU_DISCORD_TOKEN.
  To try the bot no token is needed: python -m bot chat"""


def main(env: Mapping[str, str] = os.environ) -> int:
    """Run until stopped; returns the exit code: 0 stopped, 1 failed, 2 cannot start as it is set, 130 cut off."""
    try:
        settings = Settings.read(env)
    except SettingsError as problem:
        _tell(problem)
        return UNUSABLE
    logs.set_up(settings)
    platforms = wanted(settings)
    if not platforms:
        _tell(HOW_TO_BEGIN)
        return UNUSABLE
    try:
        return asyncio.run(run(settings, platforms))
    except asyncio.CancelledError:  # the second signal, see _on_signals
        _tell("kesildi")
        return INTERRUPTED
    except ContentError as problem:
        _tell(f"İçerik yüklenemedi:\n{problem}")
        return FAILED
    except (KopruError, OSError) as problem:
        log.critical("cannot_start", extra={"fields": {"error": str(problem)}})
        return FAILED


def wanted(settings: Settings) -> dict[str, Serve]:
    """The platforms that have a token, each with what serves it; only these are imported."""
    found: dict[str, Serve] = {}
    if settings.telegram_token:
        from bot.platforms import telegram  # 350 ms that only this platform pays

        found["telegram"] = telegram.serve
    if settings.discord_token:
        from bot.platforms import discord  # 300 ms that only this platform pays

        found["discord"] = discord.serve
    return found


async def run(settings: Settings, platforms: Mapping[str, Serve]) -> int:
    """Serve ``platforms`` until SIGTERM, SIGINT, or one of them is gone for good; returns the exit code.

    Raises ContentError, JournalError or OSError when it cannot start.
    """
    stop = asyncio.Event()
    coming: asyncio.Future[Desk] = asyncio.get_running_loop().create_future()
    gone: dict[str, str] = {}
    _on_signals(coming, stop)
    async with AsyncExitStack() as stack:
        if settings.listen:  # first of all: who asks while the content is compiled is told that we are alive
            from bot.server import listening  # aiohttp's server and prometheus, only when asked for

            await stack.enter_async_context(listening(coming, settings.listen))
        desk = await _desk_for(settings, stop, stack)
        if desk is not None:
            coming.set_result(desk)
            gone = await _served(desk, platforms, stop)
    for name, why in gone.items():
        _tell(logs.Redactor(settings.secrets)(f"{name} artık çalışamıyor: {why}"))
        log.critical("platform_gone", extra={"fields": {"platform": name, "error": why}})
    log.info("stopped", extra={"fields": {"exit": FAILED if gone else OK}})
    return FAILED if gone else OK


async def _prepared(folder: Path) -> Edition:
    """The edition of ``folder``; compiling takes seconds, in which the loop answers who asks and hears a stop.

    In a thread of its own, since the loop would wait for its executor's at the end.
    """
    made: Future[Edition] = Future()

    def make() -> None:
        made.set_running_or_notify_cancel()
        try:
            made.set_result(cached_edition(folder, lambda: log.info("compiling")))
        except Exception as problem:  # noqa: BLE001 - whatever it is, who waits must hear of it
            made.set_exception(problem)

    threading.Thread(target=make, name="compiling", daemon=True).start()
    return await asyncio.wrap_future(made)


async def _unless(stop: asyncio.Event, work: Coroutine[None, None, T]) -> T | None:
    """What ``work`` returns; None when ``stop`` came first."""
    working, stopping = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if working.done():
        return working.result()
    working.cancel()
    return None


async def _desk_for(settings: Settings, stop: asyncio.Event, stack: AsyncExitStack) -> Desk | None:
    """A desk on the content and the journal that are set, which ``stack`` closes; None when ``stop`` came first."""
    edition = await _unless(stop, _prepared(settings.content_dir or default_folder()))
    if edition is None:
        return None
    journal = await open_journal(settings.database_url, settings.pepper.reveal().encode() if settings.pepper else None)
    stack.push_async_callback(journal.close)
    desk = Desk(Shelf(edition), settings, journal)
    stack.push_async_callback(desk.flush)
    stack.callback(desk.renewal.close)
    return desk


async def _served(desk: Desk, platforms: Mapping[str, Serve], stop: asyncio.Event) -> dict[str, str]:
    """Platforms and chores in one group, until ``stop``; returns which platforms are gone for good, and why."""
    gone: dict[str, str] = {}
    for name in platforms:
        desk.health.set(name, False, "bağlanıyor")
    await desk.renewal.introduce()
    gc.collect()
    gc.freeze()  # the engine's objects live on; collections need not walk through them
    fields = {"platforms": ",".join(platforms), "version": desk.shelf.current.version}
    log.info("started", extra={"fields": fields})

    async def held(name: str, serve: Serve) -> None:
        try:
            await supervised(name, lambda: serve(desk, desk.settings, stop), desk.health, stop)
        except Gone as end:
            gone[name] = str(end)
            stop.set()

    async with asyncio.TaskGroup() as group:
        serving = [group.create_task(held(name, serve), name=name) for name, serve in platforms.items()]
        beside = [
            group.create_task(supervised(name, chore, Health(), stop)) for name, chore in chores(desk, stop).items()
        ]
        await stop.wait()
        log.info("stopping", extra={"fields": {"in_flight": desk.waiting}})
        _, late = await asyncio.wait(serving, timeout=GRACE_S)
        if late:
            log.warning("stopped_late", extra={"fields": {"platforms": ",".join(t.get_name() for t in late)}})
        for task in (*late, *beside):
            task.cancel()
    return gone


def _on_signals(desk: asyncio.Future[Desk], stop: asyncio.Event) -> None:
    """SIGTERM and SIGINT stop, the second one at once; SIGHUP reloads the content."""
    loop = asyncio.get_running_loop()
    main_task = asyncio.current_task()
    reloads: set[asyncio.Task[None]] = set()

    def end() -> None:
        if stop.is_set() and main_task is not None:
            main_task.cancel()
        stop.set()

    def renew() -> None:
        if not desk.done():  # the content is just being read
            return
        task = loop.create_task(reload(desk.result()))
        reloads.add(task)
        task.add_done_callback(reloads.discard)

    for name, act in (("SIGTERM", end), ("SIGINT", end), ("SIGHUP", renew)):
        if hasattr(signal, name):
            loop.add_signal_handler(getattr(signal, name), act)


def _tell(text: object) -> None:
    """For who started the process by hand: plain text, beside the log."""
    sys.stderr.write(f"{text}\n")
