"""The doctor: each problem in a line that says what to do, asked of real sockets, without showing a token."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from bot.doctor import examine
from tests.content import small

TELEGRAM = "123456789:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"
DISCORD = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcdE.abcdefghijklmnopqrstuvwxyz0123456789AB"


class Api(BaseHTTPRequestHandler):
    """Both platforms' "who am I", for the two good tokens."""

    def do_GET(self) -> None:
        known = {
            f"/bot{TELEGRAM}/getMe": b'{"ok":true,"result":{"username":"kopru_bot"}}',
            "/api/v10/users/@me": b'{"username":"kopru"}',
            "/odd/users/@me": b"<html>",
        }
        body = known.get(self.path)
        if self.path.endswith("@me") and self.headers["Authorization"] != f"Bot {DISCORD}":
            body = None
        self.send_response(200 if body else 401)
        self.end_headers()
        self.wfile.write(body or b"{}")

    def log_message(self, *_: object) -> None:
        """Silence."""


@pytest.fixture
def api() -> Iterator[str]:
    """The root of a loopback API."""
    server = HTTPServer(("127.0.0.1", 0), Api)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def env(api: str, tmp_path: Path) -> dict[str, str]:
    """A set-up in which all is well."""
    return {
        "KOPRU_TELEGRAM_TOKEN": TELEGRAM,
        "KOPRU_TELEGRAM_API_URL": api,
        "KOPRU_DISCORD_TOKEN": DISCORD,
        "KOPRU_DISCORD_API_URL": f"{api}/api/v10",
        "KOPRU_DATABASE_URL": f"sqlite:///{tmp_path / 'doctor.sqlite3'}",
        "KOPRU_CONTENT_DIR": str(small.lay_out(tmp_path / "content")),
        "KOPRU_LISTEN": "127.0.0.1:0",
    }


def told(env: dict[str, str]) -> tuple[int, list[str]]:
    """The exit code and what was said."""
    lines: list[str] = []
    code = examine(env, lines.append)
    assert not any(token in line for line in lines for token in (TELEGRAM, DISCORD))
    return code, lines


def test_all_is_well(env: dict[str, str]) -> None:
    """A line for each part, and 0."""
    code, lines = told(env)
    assert code == 0
    assert [line.split(":")[0] for line in lines] == ["✓ telegram", "✓ discord", "✓ içerik", "✓ veritabanı", "✓ port"]
    assert "@kopru_bot" in lines[0]


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"KOPRU_TELEGRAM_TOKEN": "123:kisa"}, r"✗ telegram: .*biçiminde değil.*@BotFather"),
        ({"KOPRU_TELEGRAM_TOKEN": TELEGRAM[:-1] + "x"}, r"✗ telegram: .*tanımıyor.*@BotFather"),
        ({"KOPRU_DISCORD_TOKEN": "abc"}, r"✗ discord: .*üç parçalı.*Reset Token"),
        ({"KOPRU_DISCORD_TOKEN": DISCORD[:-1] + "x"}, r"✗ discord: .*tanımıyor.*Reset Token"),
        ({"KOPRU_TELEGRAM_API_URL": "http://127.0.0.1:9"}, r"✗ telegram: 127\.0\.0\.1 adresine ulaşılamadı"),
        ({"KOPRU_TELEGRAM_WEBHOOK_URL": "https://x.example"}, r"✗ telegram: .*KOPRU_TELEGRAM_WEBHOOK_SECRET"),
        ({"KOPRU_DATABASE_URL": "sqlite:////proc/no/such/file"}, r"✗ veritabanı: SQLite .*KOPRU_DATABASE_URL"),
        ({"KOPRU_LISTEN": "192.0.2.1:80"}, r"✗ port: 192\.0\.2\.1:80 dinlenemiyor"),
        ({"KOPRU_TELEGRAM_TOKEN": "", "KOPRU_DISCORD_TOKEN": ""}, r"✗ platformlar: hiç belirteç yok"),
        ({"KOPRU_ADMINS": "ben"}, r"✗ ayarlar: KOPRU_ADMINS"),
        ({"KOPRU_CONTENT_DIR": "/proc/none"}, r"✗ içerik: "),
    ],
)
def test_each_problem_says_what_to_do(env: dict[str, str], changes: dict[str, str], line: str) -> None:
    """One thing wrong: exit code 1, a line for it, and the rest still tried."""
    code, lines = told({**env, **changes})
    assert code == 1
    assert [said for said in lines if re.match(line, said)], lines


def test_a_nonsense_answer(env: dict[str, str], api: str) -> None:
    """A host that is not the API is told apart from a refused token."""
    code, lines = told({**env, "KOPRU_DISCORD_API_URL": f"{api}/odd"})
    assert code == 1
    assert any("beklenmeyen bir yanıt" in line for line in lines)


def test_a_pasted_token_works_and_is_mentioned(env: dict[str, str]) -> None:
    """Blanks and quotes are taken off, the connection works, and the editor of the setting hears of it."""
    code, lines = told({**env, "KOPRU_TELEGRAM_TOKEN": f' "{TELEGRAM}"\n'})
    assert code == 0
    assert lines[0].startswith("✓ KOPRU_TELEGRAM_TOKEN: çevresindeki boşluk")


def test_a_taken_port(env: dict[str, str]) -> None:
    """Another process on the port is told with what to do."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        code, lines = told({**env, "KOPRU_LISTEN": f"127.0.0.1:{taken.getsockname()[1]}"})
    assert code == 1
    assert any("KOPRU_LISTEN'i değiştirin" in line for line in lines)


def test_content_problems_are_shown_with_their_lines(env: dict[str, str], tmp_path: Path) -> None:
    """What ``check`` would say is said here too."""
    broken = small.edited("facts/library.yaml", "quote: Kütüphanede", "quote: Raflarda")
    code, lines = told({**env, "KOPRU_CONTENT_DIR": str(small.lay_out(tmp_path / "broken", broken))})
    assert code == 1
    assert any(line.startswith("✗ içerik: facts/library.yaml:12:") for line in lines)
