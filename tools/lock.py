"""Pins every dependency of pyproject.toml, with hashes, in requirements/*.txt; ``make lock`` runs it.

usage: python tools/lock.py [--upgrade]

The files name no index and no host: whoever installs from them uses the index that their pip is set up for.
They hold for every system and every Python from 3.11 on.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

OPTIONS = (
    "--quiet", "--universal", "--python-version=3.11", "--generate-hashes", "--strip-extras",
    "--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links",
)  # fmt: skip
RUNTIME = "requirements/runtime.txt"
FILES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (RUNTIME, ()),
    ("requirements/dev.txt", ("--group=dev", f"--constraints={RUNTIME}")),
    ("requirements/bench.txt", ("--group=bench", f"--constraints={RUNTIME}")),
    ("requirements/lock.txt", ("--group=lock",)),
)
"""In this order: what the tests and the peers share with the product has the product's version."""


def main(extra: list[str]) -> int:
    """Write all four files; a version moves only when it must, or with ``--upgrade``."""
    uv = Path(sys.executable).with_name("uv")
    for name, options in FILES:
        source = () if "--group=" in "".join(options) else ("pyproject.toml",)
        subprocess.run([uv, "pip", "compile", *OPTIONS, *options, *source, "--output-file", name, *extra], check=True)
        pins = sum(1 for line in Path(name).read_text(encoding="utf-8").splitlines() if "==" in line)
        print(f"{name}: {pins} pins")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
