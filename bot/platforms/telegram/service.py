"""Runs the bot on Telegram from connecting to the last reply."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from telegram import User
from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError

from bot.desk.desk import Desk
from bot.errors import PlatformError
from bot.platforms.telegram import phrases
from bot.platforms.telegram.api import Api, make_api
from bot.platforms.telegram.incoming import PLATFORM, me_of
from bot.platforms.telegram.intake import Intake, platform_key
from bot.platforms.telegram.polling import Polling
from bot.platforms.telegram.profile import show_profile
from bot.platforms.telegram.routes import Routes
from bot.platforms.telegram.webhook import Webhook, checked_secret
from bot.settings import Settings

log = logging.getLogger(__name__)
DRAIN_S = 15.0
"""How long replies in flight may take after the stop was asked for."""
LONGEST_PAUSE_S = 30.0
REFUSALS_FOR_GOOD = 3


async def serve(desk: Desk, settings: Settings, stop: asyncio.Event) -> None:
    """Answer on Telegram until ``stop``; then send the replies in flight and return.

    Waits and tries again while the server is away. Raises PlatformError when waiting will not help: the
    token is refused, or a webhook is asked for without a secret.
    """
    if settings.telegram_token is None:
        raise PlatformError(phrases.TOKEN_REFUSED)
    if settings.telegram_webhook_url:
        checked_secret(settings)
    desk.health.set(PLATFORM, False, phrases.CONNECTING)
    api = make_api(
        settings.telegram_token.reveal(), settings.telegram_api_url, lambda kind: desk.tally.api_error(PLATFORM, kind)
    )
    try:
        me = await _until(stop, _connected(api, desk))
        if me is not None:
            await _serve(desk, settings, stop, api, me)
    finally:
        desk.health.set(PLATFORM, False, "")
        await api.shutdown()


async def _serve(desk: Desk, settings: Settings, stop: asyncio.Event, api: Api, user: User) -> None:
    me = me_of(user)
    routes = Routes(desk, api, me)
    intake = Intake(desk.journal, platform_key(me.id), routes.handle)
    if settings.telegram_webhook_url:
        source: Webhook | Polling = Webhook(desk, settings, api, intake)
    else:
        await _no_webhook(api)
        source = Polling(api, intake, desk.health)
    log.info("connected", extra={"fields": {"platform": PLATFORM, "by": type(source).__name__.lower()}})
    sweep = asyncio.create_task(intake.sweep())
    profile = asyncio.create_task(show_profile(api, desk))
    try:
        await _until(stop, source.run())
    finally:
        if isinstance(source, Polling):
            await source.acknowledge()
        sweep.cancel()
        profile.cancel()
        await asyncio.gather(sweep, profile, return_exceptions=True)
        if not await intake.drain(DRAIN_S):
            log.warning("stopped_with_replies_in_flight", extra={"fields": {"platform": PLATFORM}})


async def _connected(api: Api, desk: Desk) -> User:
    """Who we are, once the server says so. Raises PlatformError when it refuses the token."""
    failed = refused = 0
    while True:
        try:
            await api.initialize()
        except InvalidToken:
            refused += 1
            if refused >= REFUSALS_FOR_GOOD:
                raise PlatformError(phrases.TOKEN_REFUSED) from None
        except (BadRequest, Forbidden):
            raise PlatformError(phrases.TOKEN_REFUSED) from None
        except TelegramError as error:
            failed += 1
            desk.health.set(PLATFORM, False, phrases.UNREACHABLE)
            if failed == 1 or failed % 20 == 0:
                fields = {
                    "platform": PLATFORM,
                    "why": type(error).__name__,
                    "times": failed,
                    "say": phrases.UNREACHABLE,
                }
                log.warning("server_away", extra={"fields": fields})
        else:
            return api.bot
        await asyncio.sleep(min(LONGEST_PAUSE_S, 0.25 * 2.0 ** min(failed + refused, 10)))


async def _no_webhook(api: Api) -> None:
    """Polling and a webhook exclude each other; a server that has no webhooks may refuse to delete one."""
    try:
        await api.raw("deleteWebhook")
    except TelegramError as error:
        log.debug("webhook_not_deleted %s", type(error).__name__)


async def _until(stop: asyncio.Event, work: Coroutine[Any, Any, Any]) -> Any:
    """What ``work`` returns or raises; None when ``stop`` came first, ``work`` being cancelled then."""
    working, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        if not working.done():
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)
    return None if working.cancelled() else working.result()
