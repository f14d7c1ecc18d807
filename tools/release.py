"""Builds wheel and sdist into dist/, installs the wheel in a clean environment, and asks it a question.

usage: python tools/release.py [--offline]

``--offline`` lends the clean environment the packages of the one that runs this, in place of installing the
pins: what is tried is the wheel, not the index.
"""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
QUESTION = "Kazakistan'a vizesiz kaç gün kalabilirim?"
EXPECTED = "90 gün"


def build(target: Path) -> tuple[Path, Path]:
    """The wheel and the sdist of the working tree, in ``target``; the wheel is built from the sdist."""
    target.mkdir(parents=True, exist_ok=True)
    hatch = [sys.executable, "-m", "hatchling", "build", "--directory", str(target.resolve())]
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run([*hatch, "--target", "sdist"], cwd=ROOT, check=True)
        sdist = newest(target, "*.tar.gz")
        subprocess.run(["tar", "-xzf", str(sdist.resolve()), "-C", scratch, "--strip-components=1"], check=True)
        subprocess.run([*hatch, "--target", "wheel"], cwd=scratch, check=True)
    return newest(target, "*.whl"), sdist


def newest(folder: Path, pattern: str) -> Path:
    """The file that was made last."""
    return max(folder.glob(pattern), key=lambda path: path.stat().st_mtime)


def install(wheel: Path, folder: Path, *, offline: bool) -> Path:
    """The interpreter of a new environment in ``folder`` that holds the wheel and what it needs."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = folder / "bin" / "python"
    pip = [str(python), "-m", "pip", "install", "--quiet", "--no-deps", "--disable-pip-version-check"]
    if offline:
        site = subprocess.run(
            [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'), end='')"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        (Path(site) / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    else:
        subprocess.run([*pip, "--require-hashes", "--requirement", "requirements/runtime.txt"], cwd=ROOT, check=True)
    subprocess.run([*pip, "--no-index", str(wheel.resolve())], check=True)
    return python


def chat(python: Path, place: Path) -> str:
    """What the installed ``kopru`` shows in a chat, started in ``place``, away from the repository."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("KOPRU_", "PYTHON"))}
    feed = f"{QUESTION}\n/cikis\n"
    command = [str(python.with_name("kopru")), "chat"]
    return subprocess.run(command, input=feed, capture_output=True, text=True, cwd=place, env=env, check=True).stdout


def main(options: list[str]) -> int:
    """Build, install, ask; 0 when the answer is right."""
    wheel, sdist = build(ROOT / "dist")
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        shown = chat(install(wheel, place / "venv", offline="--offline" in options), place)
    print(shown)
    if EXPECTED not in " ".join(shown.split()):
        print("The installed wheel does not answer as it should.", file=sys.stderr)
        return 1
    print(f"{wheel.relative_to(ROOT)} and {sdist.relative_to(ROOT)} are ready.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
