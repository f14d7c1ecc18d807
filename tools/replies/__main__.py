"""Draws every kind of reply as Telegram and Discord show it: docs/pictures/replies/*.svg, and their page docs/replies.md.

usage: python -m tools.replies [--check]

A real bot is talked to over loopback (``record``); what it sent is drawn (``telegram``, ``discord``). ``--check``
draws nothing and exits 1 when a picture shows other words than the bot sends now; ids, hashes and scores may differ.
"""

from __future__ import annotations

import html
import logging
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from tools.replies import discord, telegram
from tools.replies.record import recorded
from tools.replies.scenes import SCENES, Bubble, Seen

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "replies.md"
FOLDER = ROOT / "docs" / "pictures" / "replies"
DRAW: Mapping[str, Callable[[Sequence[Seen], str], str]] = {"telegram": telegram.drawn, "discord": discord.drawn}
NAMES = {"telegram": "Telegram", "discord": "Discord"}
_TEXT = re.compile(r"<text [^>]*>([^<]*)</text>")
_ONE_RUNS = re.compile(r"\b[0-9a-f]{12,}\b|\d[\d.,]*")

HEAD = """\
# What people see

Every kind of reply on Telegram and on Discord. Nothing here is retold: `python -m tools.replies` talks to the running bot over
loopback, through both platforms' own libraries, and draws what was sent in the look of each platform, in a light and a dark
scheme. A test fails when the bot says something else than its picture. The terminal's look stands in the [README](../README.md).
"""


def pictures() -> dict[str, str]:
    """Each picture by its file's name."""
    drawn: dict[str, str] = {}
    for platform, scenes in recorded().items():
        seen = {**scenes, **({"unfolded": unfolded(scenes["answer"])} if platform == "telegram" else {})}
        unnamed = seen.keys() - SCENES.keys()
        if unnamed:
            raise KeyError(f"no heading for {sorted(unnamed)}")
        for key, what in seen.items():
            drawn[f"{key}-{platform}.svg"] = DRAW[platform](what, f"{SCENES[key][0]} – {NAMES[platform]}")
    return drawn


def unfolded(seen: Sequence[Seen]) -> tuple[Seen, ...]:
    """The bot's messages after a tap on their quotations."""
    return tuple(replace(one, folded=False) for one in seen if isinstance(one, Bubble))


def page(names: Sequence[str]) -> str:
    """docs/replies.md: each kind with its pictures side by side."""
    parts = [HEAD]
    for key, (title, about) in SCENES.items():
        there = [platform for platform in DRAW if f"{key}-{platform}.svg" in names]
        head = "| " + " | ".join(NAMES[p] for p in there) + " |\n|" + "---|" * len(there)
        row = "| " + " | ".join(f"![{title}, {NAMES[p]}](pictures/replies/{key}-{p}.svg)" for p in there) + " |"
        parts.append(f"## {title}\n\n{about}\n\n{head}\n{row}\n")
    return "\n".join(parts)


def words(svg: str) -> str:
    """What a picture says, without what is one run's: ids, hashes, scores, counts; line breaks do not count."""
    return _ONE_RUNS.sub("#", " ".join(html.unescape(" ".join(_TEXT.findall(svg))).split()))


def stale(made: Mapping[str, str]) -> list[str]:
    """Which files say something else than what was made, or are there without reason."""
    kept = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.svg")}
    differ = [
        name for name in sorted(made.keys() | kept.keys()) if words(made.get(name, "")) != words(kept.get(name, ""))
    ]
    told = PAGE.read_text(encoding="utf-8") if PAGE.is_file() else ""
    return [*differ, *([PAGE.name] if told != page(list(made)) else [])]


def main(options: Sequence[str]) -> int:
    """Draw, or compare with what was drawn."""
    logging.getLogger("bot").addHandler(logging.NullHandler())  # refusals are drawn here, not complained of
    made = pictures()
    if "--check" in options:
        found = stale(made)
        print(
            "\n".join(["Out of date; run python -m tools.replies:", *found]) if found else "The replies are up to date."
        )
        return 1 if found else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path in FOLDER.glob("*.svg"):
        if path.name not in made:
            path.unlink()
    for name, svg in made.items():
        (FOLDER / name).write_text(svg, encoding="utf-8")
    PAGE.write_text(page(list(made)), encoding="utf-8")
    print(f"{len(made)} pictures, {PAGE.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
