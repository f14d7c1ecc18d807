"""Updates by webhook: refused without the secret, written down before the 200, any number of replicas behind one address."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import re
from urllib.parse import urlsplit

from telegram.error import BadRequest, RetryAfter, TelegramError

from bot.desk.desk import Desk
from bot.desk.doors import Knock
from bot.errors import PlatformError
from bot.platforms.telegram import phrases
from bot.platforms.telegram.api import Api
from bot.platforms.telegram.incoming import KINDS, PLATFORM
from bot.platforms.telegram.intake import Intake
from bot.settings import Settings

log = logging.getLogger(__name__)
HEADER = "x-telegram-bot-api-secret-token"
CHECK_EVERY_S = 300.0
MOST_CONNECTIONS = 40
LOSSY_WAIT_S = 25.0
"""How long a delivery waits for its answer while the journal is away: only then may it be acknowledged."""
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


class Webhook:
    """The receiving end. Raises PlatformError at once when the settings would let anybody in."""

    def __init__(self, desk: Desk, settings: Settings, api: Api, intake: Intake) -> None:
        self._desk = desk
        self._api = api
        self._intake = intake
        self._url = settings.telegram_webhook_url or ""
        self._secret = checked_secret(settings)
        self.path = urlsplit(self._url).path or "/"

    async def run(self) -> None:
        """Open the path, tell Telegram, and look now and then whether it still knows; until cancelled."""
        self._desk.doors.open(self.path, self.on_knock)
        failed, known = 0, False
        try:
            while True:
                try:
                    await self._register(first=not known)
                except RetryAfter:
                    await asyncio.sleep(5.0)
                    continue
                except TelegramError as error:
                    failed += 1
                    self._desk.health.set(PLATFORM, False, phrases.UNREACHABLE)
                    fields = {"platform": PLATFORM, "why": type(error).__name__, "times": failed}
                    log.warning("webhook_not_set", extra={"fields": fields})
                    await asyncio.sleep(min(30.0, 0.5 * 2.0 ** min(failed, 6)))
                    continue
                failed, known = 0, True
                self._desk.health.set(PLATFORM, True)
                await asyncio.sleep(CHECK_EVERY_S)
        finally:
            self._desk.doors.close(self.path)

    async def on_knock(self, knock: Knock) -> int:
        """The status for one delivery: 200 once its update is written down; 403 without the secret."""
        given = knock.headers.get(HEADER, "")
        if not hmac.compare_digest(given.encode("utf-8", "replace"), self._secret.encode()):
            log.warning("webhook_forged", extra={"fields": {"platform": PLATFORM}})
            return 403
        try:
            raw = json.loads(knock.body)
        except (ValueError, RecursionError):  # a thousand brackets
            log.warning("update_unreadable", extra={"fields": {"platform": PLATFORM, "why": "no JSON"}})
            return 200  # anything else would have it delivered again for a day
        for item in await self._intake.take([raw]):
            if not item.written:
                try:
                    await asyncio.wait_for(item.ended.wait(), LOSSY_WAIT_S)
                except TimeoutError:
                    return 503
        return 200

    async def _register(self, *, first: bool) -> None:
        """Set the webhook; a replica that finds it set does so again, which changes nothing.

        Raises PlatformError when Telegram refuses the address the ``first`` time; later it is a passing trouble
        (Telegram looks the host's name up each time), and ends no bot that works.
        """
        fields = {"url": self._url, "secret_token": self._secret, "max_connections": MOST_CONNECTIONS}
        try:
            await self._api.raw("setWebhook", allowed_updates=list(KINDS), **fields)
        except BadRequest as refusal:
            if "allowed_updates" in refusal.message.lower():
                await self._api.raw("setWebhook", **fields)  # a server that does not know one of the types
            elif first:
                raise PlatformError(f"Telegram webhook adresini kabul etmedi: {refusal.message}") from None
            else:
                raise


def checked_secret(settings: Settings) -> str:
    """The webhook's secret; raises PlatformError when there is none, or when Telegram would not take it."""
    secret = settings.telegram_webhook_secret.reveal() if settings.telegram_webhook_secret else ""
    if not secret:
        raise PlatformError(phrases.NO_SECRET)
    if not _SECRET.fullmatch(secret):
        raise PlatformError(phrases.BAD_SECRET)
    if settings.listen is None:
        raise PlatformError(phrases.NO_LISTEN)
    return secret
