"""What an operator may set: one frozen value read from the environment's ``KOPRU_…`` names, once, at start."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from bot.errors import SettingsError

T = TypeVar("T")
PREFIX = "KOPRU_"
TELEGRAM_API = "https://api.telegram.org"
DISCORD_API = "https://discord.com/api/v10"
DEFAULT_DATABASE = "sqlite:///kopru.sqlite3"
_YES = frozenset({"1", "true", "yes", "on", "evet"})
_NO = frozenset({"", "0", "false", "no", "off", "hayır"})
_LEVELS = frozenset({"DEBUG", "INFO", "WARNING", "ERROR"})


class Secret:
    """A token or key: ``reveal()`` gives it, every other way of printing it gives ``***``."""

    __slots__ = ("__value",)

    def __init__(self, value: str) -> None:
        self.__value = value

    def reveal(self) -> str:
        """The secret itself, for the one call that needs it."""
        return self.__value

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format("***", spec)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other.reveal() == self.__value

    def __hash__(self) -> int:
        return hash(self.__value)

    def __reduce__(self) -> str | tuple[object, ...]:
        raise TypeError("a secret is not pickled")


@dataclass(frozen=True, slots=True)
class Address:
    """A host and a port to listen on."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one person, one chat and the whole process may ask.

    ``person_per_minute`` and ``chat_per_minute`` refill a bucket that holds ``burst`` questions.
    ``running`` questions are worked on at a time, ``waiting`` more wait; the next one is told to come back.
    """

    person_per_minute: float = 20.0
    chat_per_minute: float = 60.0
    burst: int = 10
    running: int = 32
    waiting: int = 512


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings; every one has a default that runs on a laptop. See ``read``."""

    telegram_token: Secret | None = None
    telegram_api_url: str = TELEGRAM_API
    telegram_webhook_url: str | None = None
    telegram_webhook_secret: Secret | None = None
    discord_token: Secret | None = None
    discord_api_url: str = DISCORD_API
    discord_gateway_url: str | None = None
    admins: frozenset[tuple[str, str]] = frozenset()
    database_url: str = field(default=DEFAULT_DATABASE, repr=False)
    content_dir: Path | None = None
    """The folder that holds ``facts/`` and ``intents/``; ``None`` is the shipped content."""
    listen: Address | None = None
    log_level: str = "INFO"
    log_format: str = "text"
    watch: bool = False
    """Reload when a content file changes."""
    pepper: Secret | None = None
    """Key of the persons' hashes; without it the database keeps one of its own."""
    retention_days: int = 90
    context_minutes: int = 30
    """How long a follow-up may refer to the question before."""
    limits: Limits = field(default_factory=Limits)

    @classmethod
    def read(cls, env: Mapping[str, str]) -> Settings:
        """The settings in ``env``, blanks, quotes and newlines around values taken off.

        Raises SettingsError with every problem at once, one line each; no line shows a secret's value.
        """
        form = _Form(env)
        settings = cls(
            telegram_token=form.secret("TELEGRAM_TOKEN"),
            telegram_api_url=form.url("TELEGRAM_API_URL") or TELEGRAM_API,
            telegram_webhook_url=form.url("TELEGRAM_WEBHOOK_URL"),
            telegram_webhook_secret=form.secret("TELEGRAM_WEBHOOK_SECRET"),
            discord_token=form.secret("DISCORD_TOKEN"),
            discord_api_url=form.url("DISCORD_API_URL") or DISCORD_API,
            discord_gateway_url=form.url("DISCORD_GATEWAY_URL"),
            admins=form.value("ADMINS", _admins, frozenset()),
            database_url=form.value("DATABASE_URL", _database, DEFAULT_DATABASE),
            content_dir=form.value("CONTENT_DIR", Path, None),
            listen=form.value("LISTEN", _address, None),
            log_level=form.value("LOG_LEVEL", _level, "INFO"),
            log_format=form.value("LOG_FORMAT", _log_format, "text"),
            watch=form.value("WATCH", _flag, False),
            pepper=form.secret("PEPPER"),
            retention_days=form.value("RETENTION_DAYS", _positive, 90),
            context_minutes=form.value("CONTEXT_MINUTES", _positive, 30),
            limits=form.limits(),
        )
        form.finish()
        return settings

    @property
    def shared(self) -> bool:
        """Whether several processes may share the database."""
        return self.database_url.startswith(("postgresql://", "postgres://"))

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every secret text that must never be printed; for the log filter."""
        held = (self.telegram_token, self.telegram_webhook_secret, self.discord_token, self.pepper)
        password = re.search(r"://[^/@]*:([^/@]+)@", self.database_url)
        return tuple(s.reveal() for s in held if s) + ((password[1],) if password else ())

    def with_admin(self, platform: str, user: str) -> Settings:
        """These settings with one more admin: the terminal makes its own person one."""
        return replace(self, admins=self.admins | {(platform, user)})


class _Form:
    """Reads values by name and collects what is wrong with them."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env
        self._problems: list[str] = []

    def text(self, name: str) -> str | None:
        value = self._env.get(PREFIX + name, "").strip().strip("'\"“”‘’").strip()
        return value or None

    def secret(self, name: str) -> Secret | None:
        value = self.text(name)
        if value and re.search(r"\s", value):
            self._problems.append(
                f"{PREFIX}{name}: içinde boşluk ya da satır sonu var; değeri tek parça olarak yapıştırın."
            )
            return None
        return Secret(value) if value else None

    def url(self, name: str) -> str | None:
        value = self.text(name)
        if value and not re.fullmatch(r"(https?|wss?)://[^\s/]+\S*", value):
            self._problems.append(
                f"{PREFIX}{name}: “{value}” bir adres değil; https:// (ya da http://, wss://, ws://) ile başlamalı."
            )
            return None
        return value.rstrip("/") if value else None

    def value(self, name: str, parse: Callable[[str], T], default: T) -> T:
        text = self.text(name)
        if text is None:
            return default
        try:
            return parse(text)
        except ValueError as problem:
            self._problems.append(f"{PREFIX}{name}: {problem}")
            return default

    def limits(self) -> Limits:
        plain = Limits()
        return Limits(
            person_per_minute=self.value("PERSON_PER_MINUTE", _positive, plain.person_per_minute),
            chat_per_minute=self.value("CHAT_PER_MINUTE", _positive, plain.chat_per_minute),
            burst=self.value("BURST", _positive, plain.burst),
            running=self.value("RUNNING", _positive, plain.running),
            waiting=self.value("WAITING", _positive, plain.waiting),
        )

    def finish(self) -> None:
        if self._problems:
            raise SettingsError("\n".join(self._problems))


def _admins(text: str) -> frozenset[tuple[str, str]]:
    found = set()
    for item in re.split(r"[,\s]+", text.strip(", ")):
        platform, colon, user = item.partition(":")
        if not colon or not re.fullmatch(r"[a-z]+", platform) or not re.fullmatch(r"\w+", user):
            raise ValueError(f"“{item}” anlaşılmadı; telegram:123,discord:456 biçiminde yazın.")
        found.add((platform, user))
    return frozenset(found)


def _database(text: str) -> str:
    if not text.startswith(("sqlite:///", "postgresql://", "postgres://")):
        raise ValueError("sqlite:///dosya ya da postgresql://kullanıcı:parola@sunucu/veritabanı biçiminde olmalı.")
    return text


def _address(text: str) -> Address:
    host, colon, port = text.rpartition(":")
    if not colon or not port.isascii() or not port.isdigit() or int(port) > 65_535:
        raise ValueError(f"“{text}” anlaşılmadı; 127.0.0.1:8080 biçiminde yazın.")
    return Address(host.strip("[]") or "0.0.0.0", int(port))  # noqa: S104 - an empty host asks for all interfaces


def _level(text: str) -> str:
    if text.upper() not in _LEVELS:
        raise ValueError(f"“{text}” bilinmiyor; DEBUG, INFO, WARNING ya da ERROR yazın.")
    return text.upper()


def _log_format(text: str) -> str:
    if text.lower() not in {"text", "json"}:
        raise ValueError(f"“{text}” bilinmiyor; text ya da json yazın.")
    return text.lower()


def _flag(text: str) -> bool:
    if text.casefold() not in _YES | _NO:
        raise ValueError(f"“{text}” anlaşılmadı; 1 ya da 0 yazın.")
    return text.casefold() in _YES


def _positive(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) == 0:
        raise ValueError(f"“{text}” olmaz; sıfırdan büyük bir tam sayı yazın.")
    return int(text)
