"""Reads the Dockerfile, and carries out its steps one by one in an empty folder where no container engine runs.

usage: python tools/image.py FOLDER [ARGUMENT...]

COPY and RUN of every stage are done for real, with the image's absolute paths moved below FOLDER; at the end the
image's entry point runs with ARGUMENTs (``ask vize`` when there are none) and nothing but the last stage's files.
What a container adds (another user, a read-only root, the base image's Python) is not tried.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction: its name in capitals, its options (``--from=build``), the rest as written."""

    name: str
    options: dict[str, str]
    rest: str


@dataclass
class Stage:
    """One ``FROM``: base image, name, steps."""

    base: str
    name: str
    steps: list[Step] = field(default_factory=list)

    def all(self, name: str) -> list[Step]:
        """Its instructions called ``name``."""
        return [s for s in self.steps if s.name == name]


def stages_of(text: str) -> list[Stage]:
    """The stages of a Dockerfile; comments dropped, continued lines joined, ARGs before the first FROM filled in."""
    stages: list[Stage] = []
    arguments: dict[str, str] = {}
    body = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    for line in re.sub(r"\\\n\s*", " ", body).splitlines():
        if not line.strip():
            continue
        name, _, rest = line.strip().partition(" ")
        if name == "FROM":
            filled = re.sub(r"\$\{(\w+)\}", lambda m: arguments[m[1]], rest)
            base, _, alias = filled.partition(" AS ")
            stages.append(Stage(base.strip(), alias.strip()))
        elif not stages:
            key, _, value = rest.partition("=")
            arguments[key.strip()] = value.strip()
        else:
            options = dict(re.findall(r"--([a-z-]+)=(\S+) ", rest)) if name in {"COPY", "HEALTHCHECK"} else {}
            bare = re.sub(r"--[a-z-]+=\S+ ", "", rest) if options else rest
            stages[-1].steps.append(Step(name, options, bare.strip()))
    return stages


class Rehearsal:
    """Carries out stages below ``folder``, each in a root of its own."""

    def __init__(self, folder: Path, context: Path) -> None:
        """``context`` is the folder that COPY without ``--from`` copies from."""
        self.folder = folder
        self.context = context
        self.env = {k: v for k, v in os.environ.items() if not k.startswith(("KOPRU_", "PYTHON", "VIRTUAL_ENV"))}

    def carry_out(self, stage: Stage, number: int) -> Path:
        """Do every step of ``stage``; its root. Raises CalledProcessError when a RUN fails."""
        root = self.root_of(stage.name or str(number))
        place = root
        for step in stage.steps:
            print(f"[{stage.name or number}] {step.name} {step.rest[:100]}", flush=True)
            if step.name == "WORKDIR":
                place = self.inside(root, step.rest)
                place.mkdir(parents=True, exist_ok=True)
            elif step.name == "ENV":
                self.env |= {k: self._moved(v, root) for k, v in _pairs(step.rest)}
            elif step.name == "COPY":
                self._copy(step, root, place)
            elif step.name == "RUN":
                command = self._moved(step.rest, root)
                subprocess.run(["sh", "-euc", command], cwd=place, env=self.env, check=True)
        return place

    def root_of(self, name: str) -> Path:
        """Where the stage ``name`` has its ``/``."""
        return self.folder / name

    def inside(self, root: Path, path: str) -> Path:
        """An absolute path of the image, below ``root``."""
        return root / path.lstrip("/")

    def _copy(self, step: Step, root: Path, place: Path) -> None:
        *sources, target = shlex.split(step.rest)
        start = self.root_of(step.options["from"]) if "from" in step.options else self.context
        goal = self.inside(root, target) if target.startswith("/") else place / target
        for source in sources:
            origin = start / source.lstrip("/")
            goal.parent.mkdir(parents=True, exist_ok=True)
            if origin.is_dir():
                shutil.copytree(
                    origin, goal, symlinks=True, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__")
                )
            else:
                shutil.copy2(origin, goal)

    def _moved(self, text: str, root: Path) -> str:
        """``text`` with the folders that the image makes for itself moved below ``root``."""
        return re.sub(r"(?<![\w.])/(?=(?:opt/kopru|app|data)\b)", f"{root}/", text)


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for pair in shlex.split(text):
        key, _, value = pair.partition("=")
        yield key, os.path.expandvars(value)


def main(folder: Path, arguments: list[str]) -> int:
    """Rehearse the Dockerfile beside this script's folder; the entry point's exit code."""
    context = Path(__file__).resolve().parent.parent
    stages = stages_of((context / "Dockerfile").read_text(encoding="utf-8"))
    rehearsal = Rehearsal(folder.resolve(), context)
    place = folder
    for number, stage in enumerate(stages):
        place = rehearsal.carry_out(stage, number)
    entry = json.loads(stages[-1].all("ENTRYPOINT")[0].rest)
    command = [*entry, *(arguments or ["ask", "vize kaç gün"])]
    found = shutil.which(command[0], path=rehearsal.env["PATH"])
    print(f"[entry point] {' '.join(command)}", flush=True)
    return subprocess.run([found or command[0], *command[1:]], cwd=place, env=rehearsal.env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
