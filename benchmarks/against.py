"""Starts a peer in the peers' environment on a job and reads its figures."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PEERS = Path(__file__).with_name("peers.py")
NO_PACKAGE = 3


@dataclass(frozen=True, slots=True)
class Job:
    """What a peer learns and is asked; only the first ``timed`` questions are timed, ``rounds`` times each."""

    utterances: Sequence[str]
    labels: Sequence[str]
    questions: Sequence[str]
    wanted: Sequence[str]
    timed: int = 300
    rounds: int = 1


@dataclass(frozen=True, slots=True)
class Figures:
    """Microseconds a question, share right, seconds of training, MB above the process before it learned."""

    p50: float
    p99: float
    accuracy: float
    training: float
    memory: float


def measured(name: str, interpreter: Path | None, job: Job) -> Figures | None:
    """The figures of the peer ``name``; None without an interpreter or where its package is missing."""
    if interpreter is None:
        return None
    body = {key: getattr(job, key) for key in ("utterances", "labels", "questions", "wanted", "timed", "rounds")}
    done = subprocess.run(
        [interpreter, PEERS, name], input=json.dumps(body), stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode == NO_PACKAGE:
        return None
    done.check_returncode()
    return Figures(**json.loads(done.stdout))
