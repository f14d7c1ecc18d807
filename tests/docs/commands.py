"""The commands of a Markdown page, and what is to be done with each: run, run dry, or only parsed."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Run:
    """Run it in a copy of the checkout; it must exit with ``code`` and say each of ``says``."""

    says: tuple[str, ...]
    code: int = 0
    typed: str = ""
    """What is typed into it."""
    after: str = ""
    """The command of the page that must have been run before."""
    content: str = ""
    """Another content folder for a command that would compile the product's own for nothing."""


@dataclass(frozen=True, slots=True)
class Dry:
    """Not carried out here: ``make -n`` must know it and would run what holds ``says``."""

    says: str
    why: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """Only its syntax is looked at, and ``why``."""

    why: str


def blocks(page: str, language: str) -> list[str]:
    """The fenced blocks of one language."""
    return [body for found, body in _BLOCK.findall(page) if found == language]


def commands(page: str) -> list[str]:
    """Every line of every ``sh`` block that is no comment."""
    lines = [line.strip() for body in blocks(page, "sh") for line in body.splitlines()]
    return [line for line in lines if line and not line.startswith("#")]
