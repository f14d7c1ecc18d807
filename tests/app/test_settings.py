"""Settings: read once from names, forgiving about how a value was pasted, never showing a secret."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import Address, Limits, Secret, Settings

TOKEN = "123456789:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"


def test_nothing_set_is_a_laptop() -> None:
    """Without any variable all defaults hold."""
    assert Settings.read({}) == Settings()
    assert Settings.read({"KOPRU_TELEGRAM_TOKEN": "  ", "KOPRU_LISTEN": ""}) == Settings()


EVERY_NAME = {
    "KOPRU_TELEGRAM_TOKEN": TOKEN,
    "KOPRU_TELEGRAM_API_URL": "http://127.0.0.1:4001/",
    "KOPRU_TELEGRAM_WEBHOOK_URL": "https://bot.example/telegram",
    "KOPRU_TELEGRAM_WEBHOOK_SECRET": "geheim",
    "KOPRU_DISCORD_TOKEN": "a.b.c",
    "KOPRU_DISCORD_API_URL": "http://127.0.0.1:4000/api/v10",
    "KOPRU_DISCORD_GATEWAY_URL": "ws://127.0.0.1:4002",
    "KOPRU_ADMINS": "telegram:123, discord:456",
    "KOPRU_DATABASE_URL": "postgresql://bot:pw@db/kopru",
    "KOPRU_CONTENT_DIR": "/content",
    "KOPRU_LISTEN": "0.0.0.0:8080",
    "KOPRU_LOG_LEVEL": "debug",
    "KOPRU_LOG_FORMAT": "JSON",
    "KOPRU_WATCH": "1",
    "KOPRU_PEPPER": "biber",
    "KOPRU_RETENTION_DAYS": "30",
    "KOPRU_CONTEXT_MINUTES": "10",
    "KOPRU_PERSON_PER_MINUTE": "5",
}


def test_reads_every_name() -> None:
    """Each documented variable arrives in its field, as its type."""
    settings = Settings.read(EVERY_NAME)
    assert settings == Settings(
        telegram_token=Secret(TOKEN),
        telegram_api_url="http://127.0.0.1:4001",
        telegram_webhook_url="https://bot.example/telegram",
        telegram_webhook_secret=Secret("geheim"),
        discord_token=Secret("a.b.c"),
        discord_api_url="http://127.0.0.1:4000/api/v10",
        discord_gateway_url="ws://127.0.0.1:4002",
        admins=frozenset({("telegram", "123"), ("discord", "456")}),
        database_url="postgresql://bot:pw@db/kopru",
        content_dir=Path("/content"),
        listen=Address("0.0.0.0", 8080),
        log_level="DEBUG",
        log_format="json",
        watch=True,
        pepper=Secret("biber"),
        retention_days=30,
        context_minutes=10,
        limits=Limits(person_per_minute=5),
    )
    assert settings.shared


@pytest.mark.parametrize("pasted", [f" {TOKEN}\n", f'"{TOKEN}"', f"'{TOKEN}'", f"“{TOKEN}”", f"\t{TOKEN}\r\n"])
def test_a_token_is_taken_however_it_was_pasted(pasted: str) -> None:
    """Blanks, quotes and line ends around a token are no reason to fail."""
    assert Settings.read({"KOPRU_TELEGRAM_TOKEN": pasted}).telegram_token == Secret(TOKEN)


def test_all_problems_at_once_in_turkish_without_secrets() -> None:
    """Each wrong variable is a line that names it; a token never appears in one."""
    wrong = {
        "KOPRU_TELEGRAM_TOKEN": f"{TOKEN} {TOKEN}",
        "KOPRU_TELEGRAM_API_URL": "localhost",
        "KOPRU_ADMINS": "telegram:123,ayşe",
        "KOPRU_DATABASE_URL": "mysql://x",
        "KOPRU_LISTEN": "8080",
        "KOPRU_LOG_LEVEL": "loud",
        "KOPRU_LOG_FORMAT": "xml",
        "KOPRU_WATCH": "perhaps",
        "KOPRU_RETENTION_DAYS": "0",
        "KOPRU_BURST": "²",
    }
    with pytest.raises(SettingsError) as problem:
        Settings.read(wrong)
    lines = str(problem.value).splitlines()
    assert sorted(line.partition(":")[0] for line in lines) == sorted(wrong)
    assert "AAbbCC" not in str(problem.value)


@pytest.mark.parametrize(
    ("text", "host", "port"), [("127.0.0.1:0", "127.0.0.1", 0), (":8080", "0.0.0.0", 8080), ("[::1]:8080", "::1", 8080)]
)
def test_addresses(text: str, host: str, port: int) -> None:
    """Host and port, an empty host for all interfaces, brackets for IPv6."""
    assert Settings.read({"KOPRU_LISTEN": text}).listen == Address(host, port)


def test_secrets_do_not_show() -> None:
    """Neither a Secret nor the Settings that hold it print it, whichever way; nor is it pickled away."""
    settings = Settings.read({"KOPRU_TELEGRAM_TOKEN": TOKEN, "KOPRU_DATABASE_URL": "postgresql://bot:gizli@db/x"})
    token = settings.telegram_token
    assert token is not None
    shown = f"{token} {token!r} {token:>9} {settings} {settings!r}"
    assert "AAbb" not in shown
    assert "gizli" not in shown
    assert settings.secrets == (TOKEN, "gizli")
    with pytest.raises(TypeError):
        pickle.dumps(token)


def test_an_admin_more() -> None:
    """The terminal's person is added without losing the others."""
    settings = Settings.read({"KOPRU_ADMINS": "telegram:1"}).with_admin("terminal", "ben")
    assert settings.admins == {("telegram", "1"), ("terminal", "ben")}
