"""Which part of the bot an update belongs to: the ordered table, and the one place where an update's errors are judged."""

from __future__ import annotations

import logging
from typing import Any

from telegram import Bot, ChatMemberUpdated, Update
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.desk.desk import Desk
from bot.platforms.telegram.api import Api
from bot.platforms.telegram.conversation import Conversation
from bot.platforms.telegram.incoming import PLATFORM, Me, Unreadable, update_in
from bot.platforms.telegram.inline import Inline
from bot.platforms.telegram.press import Presses
from bot.platforms.telegram.sending import Sender

log = logging.getLogger(__name__)


class Routes:
    """Hands each update to who answers it. Channel posts and everything else that is not listed are passed over."""

    def __init__(self, desk: Desk, api: Api, me: Me) -> None:
        self._bot: Bot = api
        self._sender = Sender(api)
        self._conversation = Conversation(desk, self._sender, me)
        self._presses = Presses(desk, api, self._sender)
        self._inline = Inline(desk, api, me)

    async def handle(self, raw: dict[str, Any]) -> None:
        """Answer the update ``raw``.

        Raises Unsure when an answer may have been sent, and the library's TelegramError when surely none was;
        a refusal by the chat and an unreadable update are noted and count as handled.
        """
        try:
            update = update_in(raw, self._bot)
        except Unreadable as trouble:
            log.warning("update_unreadable", extra={"fields": {"update": raw.get("update_id"), "why": str(trouble)}})
            return
        try:
            await self._dispatch(update)
        except (BadRequest, Forbidden) as refusal:
            log.warning("refused", extra={"fields": {"update": update.update_id, "why": _short(refusal)}})

    async def _dispatch(self, update: Update) -> None:
        if update.message:
            await self._conversation.on_message(update.message)
        elif update.callback_query:
            await self._presses.on_press(update.callback_query)
        elif update.inline_query:
            await self._inline.on_query(update.inline_query)
        elif update.edited_message:
            await self._conversation.on_edit(update.edited_message)
        elif update.guest_message:
            await self._inline.on_guest(update.guest_message)
        elif update.my_chat_member:
            self._on_membership(update.my_chat_member)

    def _on_membership(self, change: ChatMemberUpdated) -> None:
        """Somebody let the bot in or shut it out; from now on a refusal there is news, or none."""
        self._sender.may_write_again(change.chat.id)
        log.info("membership", extra={"fields": {"platform": PLATFORM, "status": change.new_chat_member.status}})


def _short(refusal: TelegramError) -> str:
    """The kind of a refusal; its text may quote what people wrote."""
    return type(refusal).__name__
