"""Marked regions of a Markdown file: written by a program, held against what the program says now."""

from __future__ import annotations

import re

_REGION = re.compile(r"<!-- generated: (?P<name>[\w-]+)[^>]*-->\n(?P<body>.*?)<!-- end: (?P=name) -->", re.DOTALL)
_NUMBER = re.compile(r"\b[0-9a-f]{12,}\b|(?<![\w-])[<>≤≥~]?\d[\d.,]*")


def filled(text: str, bodies: dict[str, str]) -> str:
    """``text`` with the body of every named region replaced; raises KeyError when a body has no region."""
    missing = bodies.keys() - held(text).keys()
    if missing:
        raise KeyError(f"no region: {', '.join(sorted(missing))}")

    def replaced(match: re.Match[str]) -> str:
        body = bodies.get(match["name"])
        head = match[0][: match.start("body") - match.start()]
        return match[0] if body is None else f"{head}{body.strip()}\n<!-- end: {match['name']} -->"

    return _REGION.sub(replaced, text)


def held(text: str) -> dict[str, str]:
    """The regions of ``text`` by name."""
    return {match["name"]: match["body"].strip() for match in _REGION.finditer(text)}


def shape(body: str) -> list[str]:
    """What must not change unseen: headings, prose and tables, less numbers, hashes and column widths.

    Of a table whose head names *value*, that column and those after it are left out: they are one run's.
    """
    kept: list[str] = []
    columns: int | None = None
    for line in body.strip().splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split(" | ")] if line.startswith("|") else []
        if not cells:
            columns = None
        elif columns is None:
            columns = cells.index("value") if "value" in cells else len(cells)
        text = " | ".join(cells[:columns]) if cells else line
        if not set(text) <= set("|-: "):
            kept.append(_NUMBER.sub("#", text))
    return kept
