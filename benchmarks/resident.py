"""Memory of the program as people run it: the terminal after a question, both platforms after start and after ten reloads.

Resident is all that the process has in memory, mapped files and libraries included; its own part is what no other
process could share.
"""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.endurance.process import ROOT, UNLIMITED, Bot, child_of
from benchmarks.endurance.talk import PRODUCT
from tests.servers.discord import DiscordServer
from tests.servers.telegram import TOKEN, BotServer

ADMIN = 42
RELOADS = 10
PATIENCE_S = 120.0
SETTLED_S = 5.0
"""The child that compiles writes down what it learned when it has been left alone for so long."""


@dataclass(frozen=True, slots=True)
class Held:
    """MB in memory, and how much of it is the process's own."""

    resident: float
    own: float


def section() -> list[str]:
    """The section's lines of Markdown."""
    rows = {"terminal (`bot chat`), a question answered": terminal(), **asyncio.run(platforms())}
    return [
        "## Memory",
        "",
        "| process | resident MB | its own MB |",
        "|---|---:|---:|",
        *(f"| {name} | {held.resident:.0f} | {held.own:.0f} |" for name, held in rows.items()),
        "",
    ]


def held_by(pid: int) -> Held:
    """What a process holds now; nothing where there is no /proc."""
    path = Path(f"/proc/{pid}/status")
    status = path.read_text(encoding="ascii") if path.exists() else ""
    found = {name: int(kb) / 1024 for name, kb in re.findall(r"(VmRSS|RssAnon):\s+(\d+)", status)}
    return Held(found.get("VmRSS", 0.0), found.get("RssAnon", 0.0))


def terminal() -> Held:
    """The process of ``bot chat`` on the product's content, after its first answer."""
    chat = subprocess.Popen(
        [sys.executable, "-m", "bot", "chat"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert chat.stdin
        assert chat.stdout
        chat.stdin.write(f"{PRODUCT.openers[0]}\n")
        chat.stdin.flush()
        while "milyar" not in chat.stdout.readline():
            pass
        return held_by(chat.pid)
    finally:
        chat.kill()
        chat.wait()


async def platforms() -> dict[str, Held]:
    """``bot run`` on both platforms against stand-in servers, and the child that compiles beside it."""
    found: dict[str, Held] = {}
    with tempfile.TemporaryDirectory() as home:
        folder = PRODUCT.lay_out(Path(home) / "content")
        async with BotServer(keep_calls=False) as telegram, DiscordServer() as discord:
            settings = {
                "TELEGRAM_TOKEN": TOKEN,
                "TELEGRAM_API_URL": telegram.url,
                "DISCORD_TOKEN": discord.token,
                "DISCORD_API_URL": discord.api_url,
                "DATABASE_URL": f"sqlite:///{home}/memory.sqlite3",
                "CONTENT_DIR": str(folder),
                "ADMINS": f"telegram:{ADMIN}",
                "LOG_LEVEL": "WARNING",
                **UNLIMITED,
            }
            bot = Bot("bot", Path(home) / "log", settings)
            await bot.start()
            try:
                for text in PRODUCT.openers:
                    await _asked(telegram, text, 7)
                found["both platforms, some questions answered"] = held_by(bot.pid)
                for number in range(RELOADS):
                    PRODUCT.lay_out(folder, "zq" + "bcdefghijk"[number])
                    report = await _asked(telegram, "/yenile", ADMIN)
                    assert "yenilendi" in report, report
                await asyncio.sleep(SETTLED_S)
                found[f"both platforms, after {RELOADS} reloads"] = held_by(bot.pid)
                found["the child that compiles, beside them"] = held_by(child_of(bot.pid))
            finally:
                await bot.stop()
    return found


async def _asked(telegram: BotServer, text: str, user: int) -> str:
    message = telegram.say(text, chat=user, user=user)
    return (await telegram.reply_to(message, PATIENCE_S)).shown


if __name__ == "__main__":
    sys.stdout.write("\n".join(section()))
