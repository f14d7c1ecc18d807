"""Labelled questions: what was asked, what the label says of it, and how it is read from ``*.jsonl``."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import ContentError, Problem

KINDS = ("answer", "absent", "oos", "smalltalk")


@dataclass(frozen=True, slots=True)
class Labelled:
    """One question or conversation (the last turn is graded) with its label; see docs/editing.md."""

    id: str
    turns: tuple[str, ...]
    kind: str
    facts: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()

    @property
    def asked(self) -> str:
        """All turns as one line."""
        return " / ".join(self.turns)


def read_questions(paths: Iterable[Path]) -> list[Labelled]:
    """The questions of all files in order; raises ContentError with each line that cannot be read."""
    found: list[Labelled] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise ContentError((Problem(str(path), 0, "", f"Dosya okunamıyor ({error}).".strip()),)) from error
        for number, line in enumerate(lines, start=1):
            if line.strip():
                try:
                    found.append(_labelled(f"{path.stem}:{number}", json.loads(line)))
                except (ValueError, TypeError, AttributeError) as error:
                    problems.append(Problem(path.name, number, "", f"Etiketli soru okunamıyor: {error}"))
    if problems:
        raise ContentError(tuple(problems))
    return found


def _labelled(name: str, row: Any) -> Labelled:
    turns = tuple(map(str, row.get("turns") or [row["q"]] if "q" in row or row.get("turns") else ()))
    if not turns or row.get("kind") not in KINDS:
        raise ValueError(f"“q” ya da “turns” ve “kind” ({', '.join(KINDS)}) gerekir.")
    lists = {part: tuple(map(str, row.get(part) or ())) for part in ("facts", "tags", "must", "must_not")}
    return Labelled(name, turns, str(row["kind"]), **lists)
