"""Compiles a folder in a process of its own, so that one that runs for weeks does not keep the hundred MB that it takes."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

_BOT = Path(__file__).resolve().parent.parent
_CHILD = "from bot.content.apart import main; main()"


def environment() -> Mapping[str, str]:
    """What a process of this program needs to know: none of our settings, so no token reaches it."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("KOPRU_")}
    return kept | {"PYTHONPATH": str(_BOT.parent), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def compile_apart(folder: Path) -> None:
    """Put the engine of ``folder`` into the cache. Whatever goes wrong is left to who looks there and finds none."""
    try:
        child = subprocess.Popen(  # noqa: S603 - this very program
            [sys.executable, "-P", "-c", _CHILD, str(folder.resolve())],
            env=environment(), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    except OSError:
        return
    with child:  # its input ends with this process, however that ends
        child.wait()


def main() -> None:
    """The child: end as soon as nobody waits any more."""
    from bot.content.cache import store_anew

    threading.Thread(target=_ended_with_input, daemon=True).start()
    store_anew(Path(sys.argv[1]))


def _ended_with_input() -> None:
    sys.stdin.buffer.read()
    os._exit(1)
