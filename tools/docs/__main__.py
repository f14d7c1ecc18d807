"""Writes what a program can say better than a person into the marked regions of README.md and docs/*.md.

usage: python -m tools.docs [--check]

``--check`` writes nothing and exits 1 when a region says something else than the program now (numbers of one
run, such as times and scores, may differ).
"""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tools.docs import figures, house, journey, operating
from tools.docs.regions import filled, held, shape

ROOT = Path(__file__).resolve().parents[2]
PAGES: Mapping[str, Callable[[Path], dict[str, str]]] = {
    "README.md": lambda root: {"quality": figures.quality(root), "speed": figures.speed(root)},
    "docs/architecture.md": lambda root: {
        "house": house.tree(root),
        "floors": house.floors(root),
        "errors": house.error_tree(),
        "verdicts": journey.verdicts(root),
        **journey.told(root),
    },
    "docs/operating.md": lambda root: {
        "settings": operating.settings_table(),
        "metrics": operating.metrics_table(root),
        "stored": operating.stored_table(),
    },
}
"""Each page with what makes its regions' bodies, by the region's name."""


def stale(page: str, root: Path = ROOT) -> list[str]:
    """How the committed page differs from what would be written now, as lines of a diff; empty when it does not."""
    committed = held((root / page).read_text(encoding="utf-8"))
    made = PAGES[page](root)
    found = [f"{page}: region “{name}” is missing" for name in made.keys() - committed.keys()]
    for name in made.keys() & committed.keys():
        then, now = shape(committed[name]), shape(made[name])
        found += [] if then == now else difflib.unified_diff(then, now, f"{page}: {name}", "now", lineterm="", n=0)
    return found


def main(options: Sequence[str]) -> int:
    """Write the regions, or say which are out of date."""
    if "--check" in options:
        found = [line for page in PAGES for line in stale(page)]
        print("\n".join(found) or "The documentation is up to date.")
        return 1 if found else 0
    for page, make in PAGES.items():
        path = ROOT / page
        path.write_text(filled(path.read_text(encoding="utf-8"), make(ROOT)), encoding="utf-8")
        print(page)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
