"""Makes a virtual environment hold exactly the pins of a requirements file; does nothing when it already does.

usage: python tools/venv.py FOLDER REQUIREMENTS.txt...

Needs nothing but Python and pip. A stamp inside the environment, written last, holds a hash of the pins: an
interrupted set-up has no stamp and is done again, and a stamp that fits means that no network is touched.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 11)


def main(folder: Path, requirements: list[Path]) -> int:
    """Bring ``folder`` up to ``requirements``; the exit code is pip's."""
    if sys.version_info < OLDEST:
        found = sys.version.split()[0]
        print(f"Python {'.'.join(map(str, OLDEST))} or newer is needed; this is {found} ({sys.executable}).")
        print("Name another one:  make PYTHON=python3.12 …")
        return 1
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not _runs(python):
        print(f"Creating {folder} …", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
    for path in requirements:
        stamp = folder / f".{path.stem}.stamp"
        wanted = hashlib.sha256(sys.version.encode() + path.read_bytes()).hexdigest()
        if stamp.is_file() and stamp.read_text() == wanted:
            continue
        stamp.unlink(missing_ok=True)
        print(f"Installing {path} …", flush=True)
        options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes", "--requirement"]
        done = subprocess.run([str(python), "-m", "pip", "install", *options, str(path)], check=False)
        if done.returncode:
            return done.returncode
        stamp.write_text(wanted)
    return 0


def _runs(python: Path) -> bool:
    """Whether the environment's interpreter is there and of this version; a moved or upgraded one is not."""
    asked = [str(python), "-c", "import sys, pip; print(sys.version, end='')"]
    return python.exists() and subprocess.run(asked, capture_output=True, check=False).stdout.decode() == sys.version


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]]))
