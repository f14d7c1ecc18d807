"""The bot as a process of its own, to be killed: ``python child.py <api url> <database url>``; ends on SIGTERM."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))


async def main(api: str, database: str) -> None:
    from bot.content.cache import cached_engine
    from bot.content.shelf import Edition, Shelf
    from bot.desk import Desk
    from bot.journal import open_journal
    from bot.platforms.telegram import serve
    from bot.settings import Limits, Secret, Settings
    from tests.servers.telegram import TOKEN

    engine = cached_engine(ROOT)
    limits = Limits(person_per_minute=1e6, chat_per_minute=1e6, burst=100_000, running=64, waiting=5_000)
    settings = Settings(telegram_token=Secret(TOKEN), telegram_api_url=api, database_url=database, limits=limits)
    journal = await open_journal(database)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    desk = Desk(Shelf(Edition(engine, {}, engine.catalog.version, 0.0)), settings, journal)
    await serve(desk, settings, stop)
    await journal.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:3]))
