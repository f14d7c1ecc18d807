"""``python -m bot run`` with staged platforms in place of real ones: ``python -m tests.app.staged steady gone …``."""

from __future__ import annotations

import asyncio
import sys

from bot import app
from bot.desk import Asker, Desk
from bot.errors import PlatformError
from bot.settings import Settings

TOKEN = "123456789:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"
QUESTION = "Kütüphanede kaç kitap var?"


def say(line: str) -> None:
    """Tell the test that started this process."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


async def steady(desk: Desk, settings: Settings, stop: asyncio.Event) -> None:
    """Connects, answers one question, and has a reply in flight when it is stopped."""
    await desk.ask(Asker("steady", "1", "1"), QUESTION)
    desk.health.set("steady", ok=True)
    say("connected")
    await stop.wait()
    await asyncio.sleep(0.3)
    say("reply sent")


async def gone(desk: Desk, settings: Settings, stop: asyncio.Event) -> None:
    """Is refused for good."""
    raise PlatformError(f"belirteç geçersiz ({TOKEN})")


async def flaky(desk: Desk, settings: Settings, stop: asyncio.Event) -> None:
    """Fails the first time, then is steady."""
    if not desk.tally.api_errors["flaky", "first"]:
        desk.tally.api_error("flaky", "first")
        raise ConnectionError("reset by peer")
    await steady(desk, settings, stop)


async def stuck(desk: Desk, settings: Settings, stop: asyncio.Event) -> None:
    """Hears no stop."""
    say("connected")
    await asyncio.sleep(3600)


STAGED: dict[str, app.Serve] = {f.__name__: f for f in (steady, gone, flaky, stuck)}


def wanted(settings: Settings) -> dict[str, app.Serve]:
    """The platforms named on the command line."""
    return {name: STAGED[name] for name in sys.argv[1:]}


if __name__ == "__main__":
    app.wanted = wanted
    sys.exit(app.main())
