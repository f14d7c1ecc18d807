"""The bot's public face: its commands per scope and language, its name and its descriptions.

Telegram keeps them, and floods refuse changes for hours, so each is asked for first and set only where it differs.
None of it is needed to answer questions: what a server refuses or does not know is passed over.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from telegram.error import TelegramError

from bot.desk.desk import Desk
from bot.platforms.telegram import phrases
from bot.platforms.telegram.api import Api
from bot.platforms.units import cut

log = logging.getLogger(__name__)
MOST_NAME, MOST_SHORT, MOST_DESCRIPTION = 64, 120, 512
LANGUAGES = ("", "tr")
"""The bot speaks Turkish to everybody; Telegram shows the default to whoever has another language."""
GROUP_COMMANDS = frozenset({"soru", "konular", "kaynak", "yardim"})
_MISSING = object()


async def show_profile(api: Api, desk: Desk) -> None:
    """Bring commands, name and descriptions up to date."""
    for language in LANGUAGES:
        for scope, commands in _scopes():
            told = [{"command": name, "description": what} for name, what in commands]
            await _keep(api, "MyCommands", "commands", told, scope={"type": scope}, language_code=language)
        await _keep(api, "MyName", "name", phrases.NAME, language_code=language)
        await _keep(
            api, "MyShortDescription", "short_description", cut(phrases.SHORT, MOST_SHORT), language_code=language
        )
        about = cut(desk.welcome(), MOST_DESCRIPTION)
        await _keep(api, "MyDescription", "description", about, language_code=language)


def _scopes() -> Sequence[tuple[str, Sequence[tuple[str, str]]]]:
    """Scope by scope what its menu shows; a menu is display only, rights are checked where a command acts."""
    everything = (*phrases.COMMANDS, *phrases.COMMANDS_EVERYWHERE)
    in_groups = tuple(command for command in phrases.COMMANDS if command[0] in GROUP_COMMANDS)
    return (
        ("default", everything),
        ("all_private_chats", everything),
        ("all_group_chats", in_groups),
        ("all_chat_administrators", in_groups),
    )


async def _keep(api: Api, what: str, field: str, value: Any, **scope: Any) -> None:
    where = {name: part for name, part in scope.items() if part}
    try:
        told = await api.raw(f"get{what}", **where)
    except TelegramError:
        told = _MISSING
    now = told.get(field) if isinstance(told, dict) else told
    if now == value:
        return
    try:
        await api.raw(f"set{what}", **{field: value}, **where)
    except TelegramError as error:
        log.info("profile_not_set", extra={"fields": {"what": what, "why": type(error).__name__}})
