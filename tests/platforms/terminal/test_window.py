"""The terminal's streams: `python -m bot chat` behind a pipe and in a real pseudo-terminal."""

from __future__ import annotations

import codecs
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import pytest

from bot.engine.answer import Engine

ESCAPE = "\x1b"


def piped(root: Path, feed: bytes, **env: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "bot", "chat"]
    return subprocess.run(command, input=feed, capture_output=True, cwd=root, env={**os.environ, **env}, check=False)


@pytest.mark.usefixtures("engine")
def test_pipe_makes_a_transcript(root: Path) -> None:
    """Piped lines are shown as if typed, without colours; bytes that are not UTF-8 and escapes do no harm."""
    done = piped(root, "vizesiz kaç gün\n\x1b]0;x\x07\x1b[31mticaret".encode() + b"\xff\xfe hacmi\n/cikis\nvize\n")
    shown = done.stdout.decode()
    assert done.returncode == 0
    assert done.stderr == b""
    assert ESCAPE not in shown
    assert "siz › vizesiz kaç gün" in shown
    assert "5 milyar dolar" in " ".join(shown.split())
    assert shown.rstrip().endswith("Hoşça kalın!")
    assert "siz › vize\n" not in shown


@pytest.mark.usefixtures("engine")
def test_end_of_input_is_a_goodbye(root: Path) -> None:
    """An empty pipe gets greeting and goodbye, exit code 0."""
    done = piped(root, b"")
    assert done.returncode == 0
    assert done.stdout.decode().count("Merhaba") == 1
    assert done.stdout.decode().rstrip().endswith("Hoşça kalın!")


class Window:
    """A real pseudo-terminal with a chat in it."""

    def __init__(self, root: Path, **env: str) -> None:
        self.master, inner = pty.openpty()
        terminal = {**os.environ, "TERM": "xterm", "COLUMNS": "80", "LINES": "40", **env}
        command = [sys.executable, "-m", "bot", "chat"]
        self.process = subprocess.Popen(
            command, stdin=inner, stdout=inner, stderr=inner, cwd=root, env=terminal, start_new_session=True
        )
        os.close(inner)
        self.shown = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")  # a read may end within a letter

    def wait_for(self, text: str, seconds: float = 45) -> str:
        """Read until ``text`` is shown; everything so far."""
        until = time.monotonic() + seconds
        while text not in self.shown and time.monotonic() < until:
            if select.select([self.master], [], [], 0.1)[0]:
                try:
                    self.shown += self._decoder.decode(os.read(self.master, 65536))
                except OSError:  # the other end is closed
                    break
        assert text in self.shown, self.shown[-2000:]
        return self.shown

    def wait_for_quiet(self) -> None:
        """Return when the chat waits for a key: CPython's line editor misses an interrupt between prompt and waiting."""
        until = time.monotonic() + 45
        while Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(") ")[2][0] != "S":
            assert time.monotonic() < until
            time.sleep(0.01)

    def type(self, keys: bytes) -> None:
        os.write(self.master, keys)

    def end(self) -> int:
        """The exit code of a chat that was told to leave."""
        return self.process.wait(10)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.master)


@pytest.fixture
def window(engine: Engine, root: Path) -> Iterator[Window]:
    """A window whose chat has greeted."""
    with Window(root) as window:
        window.wait_for("siz ›")
        yield window


def test_window_has_colours_and_answers(window: Window) -> None:
    """At a keyboard the prompt is coloured and a question is answered under it."""
    window.type("vizesiz kaç gün\r".encode())
    window.wait_for("90 güne çıkardı")
    assert "\x1b[32m●" in window.wait_for("2 Şubat 2026")
    window.type(b"/cikis\r")
    window.wait_for("Hoşça kalın!")
    assert window.end() == 0


def test_control_d_leaves_politely(window: Window) -> None:
    """End of input at the keyboard is a goodbye, not a traceback."""
    window.type(b"\x04")
    assert "Traceback" not in window.wait_for("Hoşça kalın!")
    assert window.end() == 0


def test_control_c_leaves_politely(window: Window) -> None:
    """An interrupt is a goodbye, not a traceback."""
    window.wait_for_quiet()
    os.killpg(window.process.pid, signal.SIGINT)
    assert "Traceback" not in window.wait_for("Hoşça kalın!")
    assert window.end() == 0


def test_bad_bytes_at_the_keyboard(window: Window) -> None:
    """Bytes that are not UTF-8 are read as � and the chat goes on."""
    window.type(b"vizesiz ka\xff\xfe g\xc3n\r")
    window.wait_for("●" if "●" in window.shown else "siz ›")
    window.type(b"/cikis\r")
    assert "Traceback" not in window.wait_for("Hoşça kalın!")
    assert window.end() == 0


@pytest.mark.usefixtures("engine")
def test_no_color_is_respected(root: Path) -> None:
    """With NO_COLOR set a window gets no colour codes from us."""
    with Window(root, NO_COLOR="1") as window:
        window.wait_for("siz ›")
        window.type(b"/cikis\r")
        shown = window.wait_for("Hoşça kalın!")
        assert window.end() == 0
    assert not re.search(r"\x1b\[\d*(;\d+)*m", shown)


def test_broken_content_is_told_before_any_greeting(root: Path, tmp_path: Path) -> None:
    """With content that cannot be loaded the chat names the problem's file and exits 1."""
    for part in ("facts", "intents"):
        shutil.copytree(root / part, tmp_path / part)
    (tmp_path / "facts" / "article.txt").unlink()
    done = piped(root, b"vize\n", KOPRU_CONTENT_DIR=str(tmp_path))
    assert done.returncode == 1
    assert b"facts/article" in done.stderr
    assert done.stdout == b""
