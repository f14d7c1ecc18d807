"""`make setup`: idempotent, quiet and without a network when there is nothing to do; begun anew when it was cut off."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools import venv


@pytest.fixture
def pins(tmp_path: Path) -> Path:
    """Requirements that need no network: none."""
    path = tmp_path / "runtime.txt"
    path.write_text("")
    return path


def installs(monkeypatch: pytest.MonkeyPatch, code: int = 0) -> list[list[str]]:
    """The pip commands that are run from now on; they do nothing and exit with ``code``."""
    seen: list[list[str]] = []
    real = subprocess.run

    def run(command: list[str], **options: bool) -> subprocess.CompletedProcess[bytes]:
        if "venv" in command:  # pip from the Python that runs this: unpacking a fresh one takes seconds
            command = [*command, "--without-pip", "--system-site-packages"]
        if "install" not in command:
            return real(command, **options)  # type: ignore[call-overload,no-any-return]  # the same call, passed on
        seen.append(command)
        return subprocess.CompletedProcess(command, code)

    monkeypatch.setattr(subprocess, "run", run)
    return seen


def test_second_set_up_does_nothing(pins: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the same pins no package client is started; with other pins it is."""
    seen = installs(monkeypatch)
    folder = tmp_path / "venv"
    assert venv.main(folder, [pins]) == 0
    assert venv.main(folder, [pins]) == 0
    assert len(seen) == 1
    assert "--require-hashes" in seen[0]
    pins.write_text("# another version\n")
    assert venv.main(folder, [pins]) == 0
    assert len(seen) == 2


def test_failed_set_up_is_done_again(pins: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An install that failed leaves no mark that it was done."""
    seen = installs(monkeypatch, code=1)
    assert venv.main(tmp_path / "venv", [pins]) == 1
    assert venv.main(tmp_path / "venv", [pins]) == 1
    assert len(seen) == 2


def test_broken_environment_is_made_anew(pins: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An interpreter that does not run (moved, upgraded, half-deleted) is replaced, stamps and all."""
    seen = installs(monkeypatch)
    folder = tmp_path / "venv"
    venv.main(folder, [pins])
    python = folder / "bin" / "python"
    python.unlink()
    python.symlink_to(tmp_path / "nowhere")
    assert venv.main(folder, [pins]) == 0
    assert len(seen) == 2
    assert subprocess.run([python, "-c", ""], check=False).returncode == 0


def test_old_python_is_told_what_to_do(
    pins: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A Python that is too old gets one clear line and what to type, not a syntax error later."""
    monkeypatch.setattr(sys, "version_info", (3, 10, 0))
    assert venv.main(tmp_path / "venv", [pins]) == 1
    assert "make PYTHON=" in capsys.readouterr().out
    assert not (tmp_path / "venv").exists()


def test_make_lists_its_targets(root: Path) -> None:
    """`make` alone shows every target with a sentence."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    shown = subprocess.run(["make"], cwd=root, capture_output=True, text=True, check=True, env=env).stdout
    for target in ("setup", "chat", "run", "test", "check", "bench", "docs", "lock", "release"):
        assert f"make {target} " in shown
