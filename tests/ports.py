"""Free ports for servers that have to be told theirs: a port that tests at the same time do not get as well."""

from __future__ import annotations

import random
import socket
from pathlib import Path

_LOWEST = 10_000
_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")
_USUAL = 32_768


def free_port() -> int:
    """A port that nobody listens on, below those that the system hands out by itself.

    One that it had handed out might be handed out again, to any outgoing connection, before our server takes it.
    """
    highest = int(_RANGE.read_text("ascii").split()[0]) if _RANGE.exists() else _USUAL
    while True:
        port = random.SystemRandom().randrange(_LOWEST, max(highest, 2 * _LOWEST))
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
