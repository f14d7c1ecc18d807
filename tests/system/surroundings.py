"""``python -m bot run`` in surroundings that a test changes meanwhile: ``python -m tests.system.surroundings FOLDER``.

FOLDER/names holds a host and its address a line: every other name under ``.test`` is unknown to the resolver.
FOLDER/asked gets a line for each look-up of such a name. FOLDER/clock holds by how many seconds the wall clock is off.
File modes bind the process, whoever runs the test.
"""

from __future__ import annotations

import ctypes
import os
import socket
import sys
import time
from pathlib import Path
from typing import Any

_VERSION_3 = 0x20080522
_DAC_OVERRIDE, _DAC_READ_SEARCH = 1 << 1, 1 << 2


def stage(folder: Path) -> None:
    """Put the resolver and the clock of this process under the test's control."""
    resolve, now = socket.getaddrinfo, time.time

    def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else str(host)
        if not name.endswith(".test"):
            return resolve(host, *args, **kwargs)
        with (folder / "asked").open("a", encoding="ascii") as asked:
            asked.write(name + "\n")
        known = dict(line.split() for line in _read(folder / "names").splitlines())
        if name not in known:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return resolve(known[name], *args, **kwargs)

    _obey_file_modes()
    socket.getaddrinfo = getaddrinfo
    time.time = lambda: now() + float(_read(folder / "clock") or 0)


def _obey_file_modes() -> None:
    """Let go of what allows root to write anywhere; for anybody else there is nothing to let go of."""
    if os.geteuid() != 0:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header, sets = (ctypes.c_uint32 * 2)(_VERSION_3, 0), (ctypes.c_uint32 * 6)()
    if libc.capget(header, sets):
        raise OSError(ctypes.get_errno(), "capget")
    for effective in (0, 1, 2):
        sets[effective] &= ~(_DAC_OVERRIDE | _DAC_READ_SEARCH)
    if libc.capset(header, sets):
        raise OSError(ctypes.get_errno(), "capset")


def _read(path: Path) -> str:
    return path.read_text("ascii") if path.exists() else ""


if __name__ == "__main__":
    stage(Path(sys.argv[1]))
    from bot.cli import main  # only now: the desk takes the clock as it finds it

    sys.exit(main(["run"]))
