"""``python -m bot doctor``: tries out tokens, content, database and port; each problem in a line with what to do."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus

import aiohttp
import yarl

from bot.content.cache import default_folder
from bot.content.check import check
from bot.errors import JournalError, SettingsError
from bot.journal import open_journal
from bot.logs import Redactor
from bot.settings import PREFIX, Secret, Settings

TIMEOUT_S = 10.0
_MOST_PROBLEMS = 10


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tried; a problem's ``text`` ends with what to do."""

    part: str
    ok: bool
    text: str

    def __str__(self) -> str:
        return f"{'✓' if self.ok else '✗'} {self.part}: {self.text}"


def examine(env: Mapping[str, str], say: Callable[[str], None] = print) -> int:
    """Try everything, ``say`` a line for each; returns 0 when all is well, else 1."""
    try:
        settings = Settings.read(env)
    except SettingsError as problem:
        for line in str(problem).splitlines():
            say(f"✗ ayarlar: {line}")
        return 1
    findings = [*_trimmed(env), *asyncio.run(_findings(settings))]
    redact = Redactor(settings.secrets)
    for finding in findings:
        say(redact(str(finding)))
    return 0 if all(f.ok for f in findings) else 1


async def _findings(settings: Settings) -> list[Finding]:
    checks: tuple[Callable[[Settings], Awaitable[list[Finding]]], ...] = (
        _telegram,
        _discord,
        _content,
        _database,
        _port,
    )
    found: list[Finding] = []
    for tried in checks:
        found += await tried(settings)
    if not settings.telegram_token and not settings.discord_token:
        found.append(
            Finding("platformlar", False, "hiç belirteç yok; KOPRU_TELEGRAM_TOKEN ya da KOPRU_DISCORD_TOKEN verin")
        )
    return found


def _trimmed(env: Mapping[str, str]) -> Iterator[Finding]:
    for name in ("TELEGRAM_TOKEN", "DISCORD_TOKEN"):
        raw = env.get(PREFIX + name, "")
        if raw and raw != raw.strip().strip("'\"“”‘’"):
            yield Finding(
                PREFIX + name, True, "çevresindeki boşluk, tırnak ya da satır sonu atılarak kullanıldı; ayarda da silin"
            )


# ── platforms ───────────────────────────────────────────────────────────────────────────────────


async def _telegram(settings: Settings) -> list[Finding]:
    token = settings.telegram_token
    if token is None:
        return []
    found = [Finding("telegram", False, problem) for problem in _telegram_settings(settings)]
    if not re.fullmatch(r"\d{5,}:[A-Za-z0-9_-]{30,}", token.reveal()):
        text = "belirteç 123456789:ABC… biçiminde değil; @BotFather'dan /token ile yeniden kopyalayın (KOPRU_TELEGRAM_TOKEN)"
        return [*found, Finding("telegram", False, text)]
    url = f"{settings.telegram_api_url}/bot{token.reveal()}/getMe"
    refused = "Telegram bu belirteci tanımıyor; @BotFather'dan /token ile yenisini alın (KOPRU_TELEGRAM_TOKEN)"
    finding = await _asked(
        "telegram", url, {}, refused, lambda body: f"@{body['result']['username']} olarak bağlanılabiliyor"
    )
    return [*found, finding]


def _telegram_settings(settings: Settings) -> Iterator[str]:
    if settings.telegram_webhook_url and not settings.telegram_webhook_secret:
        yield "webhook için KOPRU_TELEGRAM_WEBHOOK_SECRET gerekli; rastgele, en az 32 harfli bir değer verin"
    if settings.telegram_webhook_url and not settings.listen:
        yield "webhook için dinlenecek adres gerekli; KOPRU_LISTEN=0.0.0.0:8080 gibi bir değer verin"


async def _discord(settings: Settings) -> list[Finding]:
    token = settings.discord_token
    if token is None:
        return []
    if not re.fullmatch(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+", token.reveal()):
        text = "belirteç üç parçalı (xxx.yyy.zzz) değil; Developer Portal → Bot → Reset Token ile alın (KOPRU_DISCORD_TOKEN)"
        return [Finding("discord", False, text)]
    refused = (
        "Discord bu belirteci tanımıyor; Developer Portal → Bot → Reset Token ile yenisini alın (KOPRU_DISCORD_TOKEN)"
    )
    headers = {"Authorization": f"Bot {token.reveal()}"}
    url = f"{settings.discord_api_url}/users/@me"
    return [await _asked("discord", url, headers, refused, lambda body: f"{body['username']} olarak bağlanılabiliyor")]


async def _asked(
    part: str, url: str, headers: Mapping[str, str], refused: str, connected: Callable[[dict[str, dict[str, str]]], str]
) -> Finding:
    host = yarl.URL(url).host
    body: object = None
    try:
        limit = aiohttp.ClientTimeout(total=TIMEOUT_S)
        async with (
            aiohttp.ClientSession(timeout=limit, trust_env=True) as client,
            client.get(url, headers=headers, allow_redirects=False) as response,
        ):
            status = response.status
            with contextlib.suppress(ValueError):
                body = await response.json(content_type=None)
    except (aiohttp.ClientError, OSError) as problem:
        return Finding(
            part,
            False,
            f"{host} adresine ulaşılamadı ({type(problem).__name__}); ağ bağlantısını ve API adresini denetleyin",
        )
    if status in {401, 403, 404}:
        return Finding(part, False, refused)
    if status == HTTPStatus.OK and isinstance(body, dict):
        with contextlib.suppress(KeyError, TypeError):
            return Finding(part, True, connected(body))
    return Finding(part, False, f"{host} beklenmeyen bir yanıt verdi (HTTP {status}); birazdan yeniden deneyin")


# ── the rest ────────────────────────────────────────────────────────────────────────────────────


async def _content(settings: Settings) -> list[Finding]:
    folder = settings.content_dir or default_folder()
    problems = await asyncio.to_thread(check, folder)
    if not problems:
        return [Finding("içerik", True, f"{folder} sorunsuz")]
    rest = len(problems) - _MOST_PROBLEMS
    more = [Finding("içerik", False, f"… ve {rest} sorun daha; hepsi için: python -m bot check")] if rest > 0 else []
    return [Finding("içerik", p.warning, str(p)) for p in problems[:_MOST_PROBLEMS]] + more


async def _database(settings: Settings) -> list[Finding]:
    kind = "PostgreSQL" if settings.shared else "SQLite"
    try:
        async with asyncio.timeout(TIMEOUT_S):
            journal = await open_journal(settings.database_url, _pepper(settings.pepper))
            try:
                await journal.ping()
                now = datetime.now(UTC).timestamp()
                await journal.lease("doctor", "doctor", now, 1.0)
                await journal.release("doctor", "doctor")
            finally:
                await journal.close()
    except (JournalError, OSError, TimeoutError) as problem:
        why = str(problem) or type(problem).__name__
        return [
            Finding(
                "veritabanı",
                False,
                f"{kind} kullanılamıyor ({why}); KOPRU_DATABASE_URL'i, hakları ve boş yeri denetleyin",
            )
        ]
    return [Finding("veritabanı", True, f"{kind} okunuyor ve yazılıyor")]


def _pepper(pepper: Secret | None) -> bytes | None:
    return pepper.reveal().encode() if pepper else None


async def _port(settings: Settings) -> list[Finding]:
    address = settings.listen
    if address is None:
        return []
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind((address.host, address.port))
    except OSError as problem:
        text = f"{address} dinlenemiyor ({problem.strerror or problem}); çalışan başka bir kopyayı kapatın ya da KOPRU_LISTEN'i değiştirin"
        return [Finding("port", False, text)]
    return [Finding("port", True, f"{address} boş")]
