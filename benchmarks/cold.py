"""Cold start: how long one question from the command line takes, beside importing the libraries that it cannot do without.

All commands take turns, round by round, so that whatever else the machine does falls on all of them alike.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 15
ASK = (sys.executable, "-m", "bot", "ask", "Kazakistan'a vizesiz kaç gün kalabilirim?")
IMPORTS = (sys.executable, "-c", "import rapidfuzz, yaml, numpy")


@dataclass(frozen=True, slots=True)
class Row:
    """One command: its median and slowest time in seconds, and the ratio of its median to the imports'."""

    name: str
    median: float
    slowest: float
    ratio: float


def section(peers: Path | None, rounds: int = ROUNDS) -> list[str]:
    """The section's lines of Markdown; wall time, since starting waits for the disk too."""
    table = [f"| {r.name} | {r.median:.3f} | {r.slowest:.3f} | {r.ratio:.2f} |" for r in measured(peers, rounds)]
    return [
        "## Cold start of one question",
        "",
        "| command | median s | slowest s | ratio to the imports |",
        "|---|---:|---:|---:|",
        *table,
        "",
    ]


def measured(peers: Path | None, rounds: int = ROUNDS) -> list[Row]:
    """Every command measured ``rounds`` times; ``peers`` is the interpreter of the peers' environment."""
    commands: dict[str, Sequence[str]] = {
        "import rapidfuzz, yaml, numpy": IMPORTS,
        "import rapidfuzz, yaml": (sys.executable, "-c", "import rapidfuzz, yaml"),
        "python alone": (sys.executable, "-c", "pass"),
        "ask, engine on disk": ASK,
    }
    if peers:
        commands["peer: import sklearn's TF-IDF and LinearSVC"] = (
            str(peers),
            "-c",
            "import sklearn.svm, sklearn.feature_extraction.text",
        )
    with tempfile.TemporaryDirectory() as cache:
        env = {**os.environ, "XDG_CACHE_HOME": cache}
        times: dict[str, list[float]] = {"ask, nothing on disk": [seconds(ASK, env)], **{name: [] for name in commands}}
        for command in commands.values():
            seconds(command, env)
        for _ in range(rounds):
            for name, command in commands.items():
                times[name].append(seconds(command, env))
    base = statistics.median(times["import rapidfuzz, yaml, numpy"])
    return [Row(n, statistics.median(t), max(t), statistics.median(t) / base) for n, t in times.items()]


def seconds(command: Sequence[str], env: Mapping[str, str]) -> float:
    """Wall time of one run of ``command``, which must succeed."""
    start = time.perf_counter()
    subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start
