"""``python -m bot run`` as an operator starts it: its settings, its log, its version, its memory, its end."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
START_S = 120.0
UNLIMITED = {"PERSON_PER_MINUTE": "600000", "CHAT_PER_MINUTE": "600000", "BURST": "100000"}
"""Nobody is told to slow down: one loopback person asks more in a second than a real one in an hour."""


@dataclass(slots=True)
class Bot:
    """One process; ``settings`` are names without ``KOPRU_``. Killed and started again, it keeps its port and log."""

    name: str
    log: Path
    settings: Mapping[str, str]
    port: int = field(default_factory=free_port)
    command: tuple[str, ...] = ("-m", "bot", "run")
    process: asyncio.subprocess.Process | None = None
    starts_s: list[float] = field(default_factory=list)
    """How long each start took until ``/readyz`` was green."""

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The process's id."""
        assert self.process is not None
        return self.process.pid

    async def start(self) -> None:
        """Start it; returns when it is ready, raises RuntimeError with its last words when it ends before."""
        began = time.monotonic()
        process = await self.spawn()
        async with asyncio.timeout(START_S), aiohttp.ClientSession() as session:
            while not await self._ready(session):
                if process.returncode is not None:
                    raise RuntimeError(f"{self.name} ended: {self.said()[-2000:]}")
                await asyncio.sleep(0.05)
        self.starts_s.append(time.monotonic() - began)

    async def spawn(self) -> asyncio.subprocess.Process:
        """Start it and wait for nothing."""
        named = {f"KOPRU_{name}": value for name, value in self.settings.items()}
        kept = {k: v for k, v in os.environ.items() if not k.startswith("KOPRU_")}
        env = {**kept, "OPENBLAS_NUM_THREADS": "1", "KOPRU_LISTEN": f"127.0.0.1:{self.port}", **named}
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, *self.command, env=env, cwd=ROOT, stderr=log
            )
        return self.process

    async def kill(self) -> None:
        """SIGKILL, as when the machine loses its power."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> int:
        """SIGTERM; the exit code."""
        return await self._end(signal.SIGTERM)

    async def _end(self, how: signal.Signals) -> int:
        if self.process is None:
            return 0
        if self.process.returncode is None:
            self.process.send_signal(how)
        try:
            return await asyncio.wait_for(self.process.wait(), 60)
        except TimeoutError:
            self.process.kill()
            raise

    def said(self) -> str:
        """The log until now."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    async def version(self) -> str:
        """The version that it serves, as its metrics tell; empty while it does not listen."""
        try:
            async with aiohttp.ClientSession() as session, session.get(f"{self.url}/metrics") as answer:
                found = re.search(r'kopru_catalog_info\{version="(\w+)"\}', await answer.text())
        except aiohttp.ClientError:
            return ""
        return found[1] if found else ""

    async def ready(self) -> bool:
        """Whether every part of it works."""
        async with aiohttp.ClientSession() as session:
            return await self._ready(session)

    async def _ready(self, session: aiohttp.ClientSession) -> bool:
        try:
            async with session.get(f"{self.url}/readyz") as answer:
                return answer.status == 200
        except (aiohttp.ClientError, OSError):
            return False


def resident_mb(pid: int) -> float:
    """The memory that a process holds for itself alone (without mapped files), in MB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(re.search(r"RssAnon:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]  # every process has it


def cpu_s(pid: int) -> float:
    """Processor seconds that a process has used, user and system."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def child_of(pid: int) -> int:
    """A process's first child, whichever thread started it; 0 when there is none to be found."""
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    return next((int(number) for path in lists for number in path.read_text(encoding="ascii").split()), 0)


def load_average() -> str:
    """How busy the machine was in the last minute: belongs beside each figure."""
    return f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


def percentile(sorted_values: list[float], share: float) -> float:
    """The value that ``share`` of them do not exceed."""
    return sorted_values[min(len(sorted_values) - 1, int(len(sorted_values) * share))]
