"""Figures for the README, copied from where they are measured: docs/quality.md and benchmarks/latest.md."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

SPEED = ("The engine on this content", "Cold start of one question")
"""The sections of benchmarks/latest.md whose first tables the README shows."""
NO_QUALITY = "*(docs/quality.md has no figures yet.)*"
NO_SPEED = "*(benchmarks/latest.md has no figures yet: `make bench`.)*"


def quality(root: Path) -> str:
    """The table between ``<!-- summary -->`` and ``<!-- end: summary -->`` in docs/quality.md; without marks, its first."""
    path = root / "docs" / "quality.md"
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    marked = re.search(r"<!-- summary -->\n(.*?)<!-- end: summary -->", text, re.DOTALL)
    if marked:
        return marked[1].strip()
    return next(tables(text), NO_QUALITY)


def speed(root: Path) -> str:
    """The first table of each section in ``SPEED``, under the section's name."""
    text = (root / "benchmarks" / "latest.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL))
    found = [(name, next(tables(sections.get(name, "")), "")) for name in SPEED]
    return "\n\n".join(f"**{name}**\n\n{table}" for name, table in found if table) or NO_SPEED


def tables(text: str) -> Iterator[str]:
    """Every Markdown table in ``text``."""
    for match in re.finditer(r"^\|.*\n\|[-:| ]+\n(?:\|.*(?:\n|\Z))+", text, re.MULTILINE):
        yield match[0].strip()
