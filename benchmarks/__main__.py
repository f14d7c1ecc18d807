"""``make bench``: measures in one go, prints tables and writes them to benchmarks/latest.md."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks import clock

ROOT = Path(__file__).resolve().parent.parent
LATEST = Path(__file__).with_name("latest.md")
SECTIONS = ("massive", "engine", "growth", "cold", "reload", "memory", "rates")
NO_DATA = [
    "## MASSIVE tr-TR, the proposer alone",
    "",
    "Not measured: name the data set with --massive FILE or KOPRU_MASSIVE.",
    "",
]


def main() -> int:
    """Measure, print, write."""
    args = _arguments()
    clock.pin()
    from benchmarks import (
        cold,
        growth,
        massive,
        rates,
        reload,
        resident,
        stages,
    )  # numpy reads how many threads it may use when it is imported

    sections: dict[str, Callable[[], list[str]]] = {
        "massive": lambda: massive.section(Path(args.massive), args.content, args.peers) if args.massive else NO_DATA,
        "engine": lambda: stages.section(args.content, args.peers),
        "growth": lambda: growth.section(args.content, args.peers),
        "cold": lambda: cold.section(args.peers, args.rounds),
        "reload": lambda: reload.section(args.content),
        "memory": resident.section,
        "rates": lambda: rates.section(args.content),
    }
    head = [
        "# Latest figures",
        "",
        f"CPython {platform.python_version()}, {platform.system()} {platform.machine()}, one core. CPU time; compare ratios, not seconds.",
        "",
    ]
    text = "\n".join(head)
    print(text)
    for name, section in sections.items():
        if args.only in {None, name}:
            found = "\n".join(section())
            print(found, flush=True)
            text += "\n" + found
            if args.only is None:  # after each section: a run that is stopped leaves what it measured
                LATEST.write_text(text, encoding="utf-8")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--peers", type=Path, help="interpreter of the peers' environment")
    parser.add_argument("--rounds", type=int, default=15, help="how often each command of the cold start is run")
    parser.add_argument(
        "--massive", type=Path, default=os.environ.get("KOPRU_MASSIVE"), help="MASSIVE tr-TR as JSON lines"
    )
    parser.add_argument("--content", type=Path, default=ROOT, help="folder that holds facts/ and intents/")
    parser.add_argument(
        "--only",
        choices=SECTIONS,
        help="one section, printed and not written",
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
