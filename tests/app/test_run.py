"""``python -m bot run`` as a process: how it starts, stops, reloads and gives up."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.app.staged import TOKEN
from tests.content import small
from tests.ports import free_port

START_S = 60.0


class Run:
    """A started process, its standard output and its log."""

    def __init__(self, command: list[str], env: Mapping[str, str], root: Path, log: Path) -> None:
        self._log = log
        with log.open("wb") as file:
            self.process = subprocess.Popen(
                [sys.executable, *command], env=env, cwd=root, stdout=subprocess.PIPE, stderr=file, text=True
            )

    @property
    def log(self) -> str:
        """What went to standard error until now."""
        return self._log.read_text(encoding="utf-8")

    def until(self, word: str) -> None:
        """Wait until the log holds ``word``."""
        wait_for(lambda: word in self.log, f"{word!r} in {self.log}")

    def connected(self) -> None:
        """Wait until the staged platform says that it is connected."""
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "connected\n", self.log

    def ended(self, *, within: float = START_S) -> tuple[int, str]:
        """The exit code, and the rest of the standard output."""
        out, _ = self.process.communicate(timeout=within)
        return self.process.returncode, out


def wait_for(true: Callable[[], object], what: str) -> None:
    end = time.monotonic() + START_S
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.05)


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return small.lay_out(tmp_path / "content")


@pytest.fixture
def start(root: Path, content: Path, tmp_path: Path) -> Iterator[Callable[..., Run]]:
    """Starts ``run`` with staged platforms, or any other command; what still runs at the end is killed."""
    runs: list[Run] = []

    def begin(*platforms: str, command: tuple[str, ...] = ("-m", "tests.app.staged"), **settings: str) -> Run:
        named = {f"KOPRU_{name}": value for name, value in settings.items()}
        paths = {"KOPRU_CONTENT_DIR": str(content), "KOPRU_DATABASE_URL": f"sqlite:///{tmp_path / 'run.sqlite3'}"}
        env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONUNBUFFERED": "1", **paths, **named}
        runs.append(Run([*command, *platforms], env, root, tmp_path / f"log{len(runs)}"))
        return runs[-1]

    yield begin
    for run in runs:
        run.process.kill()
        run.process.communicate()


def test_without_a_token(start: Callable[..., Run]) -> None:
    """Says in Turkish and English how to get one, and exits 2."""
    run = start(command=("-m", "bot", "run"))
    assert run.ended() == (2, "")
    assert "@BotFather" in run.log
    assert "belirteci" in run.log
    assert "There is no token" in run.log
    assert "Traceback" not in run.log


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_a_clean_stop(start: Callable[..., Run], sent: signal.Signals) -> None:
    """Replies in flight are sent, then the exit code is 0."""
    run = start("steady")
    run.connected()
    run.process.send_signal(sent)
    assert run.ended() == (0, "reply sent\n")
    assert "stopped exit=0" in run.log
    assert "Traceback" not in run.log


def test_a_platform_gone_for_good_ends_the_process(start: Callable[..., Run]) -> None:
    """It is named with its reason and without its token; the other one ends cleanly; the exit code is not 0."""
    run = start("steady", "gone", TELEGRAM_TOKEN=TOKEN)
    code, out = run.ended()
    assert code == 1
    assert out.endswith("reply sent\n")
    assert "gone artık çalışamıyor: belirteç geçersiz (***)" in run.log
    assert TOKEN not in run.log


def test_a_passing_fault_is_outlived(start: Callable[..., Run]) -> None:
    """A platform that fails once is connected a moment later."""
    run = start("flaky")
    run.connected()
    assert "fault part=flaky error=ConnectionError" in run.log
    run.process.terminate()
    assert run.ended()[0] == 0


def test_a_second_signal_does_not_wait(start: Callable[..., Run]) -> None:
    """Whoever presses Ctrl-C twice means it, though a platform hangs."""
    run = start("stuck")
    run.connected()
    run.process.send_signal(signal.SIGINT)
    run.until("stopping")
    run.process.send_signal(signal.SIGINT)
    assert run.ended(within=5)[0] == 130
    assert run.log.endswith("\nkesildi\n")
    assert "Traceback" not in run.log


def test_sighup_reloads(start: Callable[..., Run], content: Path) -> None:
    """The report of a good and of a refused reload stands in the log, with the line of what is wrong."""
    run = start("steady")
    run.connected()
    facts = content / "facts/library.yaml"
    facts.write_text(facts.read_text().replace("3.250 kitap var", "tam 3.250 kitap var", 1))
    run.process.send_signal(signal.SIGHUP)
    run.until("reload_report ok=True")
    assert "değişen (1): books" in run.log
    facts.write_text(facts.read_text().replace("id: books", "id: opened", 1))
    run.process.send_signal(signal.SIGHUP)
    run.until("reload_report ok=False")
    assert "facts/library.yaml:10" in run.log
    run.process.terminate()
    assert run.ended()[0] == 0


def test_a_changed_file_reloads_when_asked(start: Callable[..., Run], content: Path) -> None:
    """With KOPRU_WATCH, saving a file is enough."""
    run = start("steady", WATCH="1")
    run.connected()
    facts = content / "facts/library.yaml"
    saves = 0

    def reloaded() -> bool:
        """Save again and again: the watcher begins with the other chores, and tells nobody when it is ready."""
        nonlocal saves
        if saves % 40 == 0:
            facts.write_text(facts.read_text().replace("3.250 kitap var", "tam 3.250 kitap var", 1))
        saves += 1
        return "reload_report ok=True" in run.log

    wait_for(reloaded, run.log)


def test_json_logs(start: Callable[..., Run]) -> None:
    """Every line is an object; the question's has status and time and no text."""
    run = start("steady", LOG_FORMAT="json")
    run.connected()
    run.process.terminate()
    assert run.ended()[0] == 0
    rows = [json.loads(line) for line in run.log.splitlines()]
    assert [r["event"] for r in rows] == ["compiling", "started", "question", "stopping", "stopped"]
    assert (rows[2]["status"], rows[2]["platform"]) == ("answer", "steady")
    assert "kitap" not in run.log


def test_ready_only_when_connected(start: Callable[..., Run]) -> None:
    """/healthz is green from the start, /readyz while every platform is connected."""
    port = free_port()
    run = start("stuck", LISTEN=f"127.0.0.1:{port}")
    run.connected()
    assert status(f"http://127.0.0.1:{port}/healthz") == 200
    assert status(f"http://127.0.0.1:{port}/readyz") == 503
    run.process.kill()
    run.ended()
    other = start("steady", LISTEN=f"127.0.0.1:{port}")
    other.connected()
    assert status(f"http://127.0.0.1:{port}/readyz") == 200


def test_alive_while_the_content_is_compiled(start: Callable[..., Run], root: Path) -> None:
    """It takes seconds: meanwhile /healthz is green and /readyz says what is missing, and a stop is heard at once."""
    port = free_port()
    run = start("steady", LISTEN=f"127.0.0.1:{port}", CONTENT_DIR=str(root))  # with a cache that holds nothing
    run.until(" compiling")
    assert status(f"http://127.0.0.1:{port}/healthz") == 200
    assert status(f"http://127.0.0.1:{port}/readyz") == 503
    run.process.terminate()
    assert run.ended() == (0, "")
    assert "started" not in run.log
    assert "stopped exit=0" in run.log
    assert "Traceback" not in run.log


def status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return int(response.status)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code


def test_broken_content_at_the_start(start: Callable[..., Run], content: Path) -> None:
    """Every problem with its line, no traceback, exit 1."""
    facts = content / "facts/library.yaml"
    facts.write_text(facts.read_text().replace("id: books", "id: opened", 1))
    run = start("steady")
    assert run.ended() == (1, "")
    assert "facts/library.yaml:10" in run.log
    assert "Traceback" not in run.log


@pytest.mark.parametrize(
    ("setting", "value", "code", "told"),
    [
        ("LISTEN", "8080", 2, "KOPRU_LISTEN"),
        ("DATABASE_URL", "sqlite:////proc/none/x.sqlite3", 1, "cannot_start"),
        ("LISTEN", "192.0.2.1:80", 1, "cannot_start"),
    ],
)
def test_what_cannot_start_says_why(start: Callable[..., Run], setting: str, value: str, code: int, told: str) -> None:
    """A wrong setting, an unwritable database, an address that is not ours: one line each, no traceback."""
    run = start("steady", **{setting: value})
    assert run.ended() == (code, "")
    assert told in run.log
    assert "Traceback" not in run.log
