"""``make bench``: measures in one go, prints a table and writes it to benchmarks/latest.md."""

from __future__ import annotations

import argparse
import platform
import sys
from pathlib import Path

from benchmarks import cold

LATEST = Path(__file__).with_name("latest.md")


def main() -> int:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--peers", type=Path, help="interpreter of the peers' environment")
    parser.add_argument("--rounds", type=int, default=cold.ROUNDS, help="how often each command is run")
    args = parser.parse_args()
    lines = [
        "# Latest figures",
        "",
        f"CPython {platform.python_version()}, {platform.system()} {platform.machine()}. Compare ratios, not seconds.",
        "",
        "## Cold start of one question",
        "",
        "| command | median s | slowest s | ratio to the imports |",
        "|---|---:|---:|---:|",
        *(
            f"| {r.name} | {r.median:.3f} | {r.slowest:.3f} | {r.ratio:.2f} |"
            for r in cold.rows(args.peers, args.rounds)
        ),
        "",
    ]
    text = "\n".join(lines)
    print(text)
    LATEST.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
