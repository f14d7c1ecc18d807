"""An admin's commands and inbox in chat: only for a person whom the settings name, who typed the command just now."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping

from telegram import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from bot.desk.desk import Desk
from bot.desk.phrases import DECISIONS, INBOX_EMPTY, WHERE_TO, inbox_head, suggested, told, why_noted
from bot.desk.values import Asker, How, InboxGroup, InboxPage, NotAdmin
from bot.platforms.telegram import phrases
from bot.platforms.telegram.buttons import button
from bot.platforms.telegram.incoming import PLATFORM, is_private, is_secondhand
from bot.platforms.telegram.markup import plain_html
from bot.platforms.telegram.sending import Place, Sender, place_of
from bot.platforms.units import cut

_HOW = {"g": How.GAP, "o": How.OUT_OF_SCOPE, "x": How.IGNORE}
_FLAT = 200


class Admin:
    """``/yenile /reload /geri /durum /cevapsiz /neden``; everybody else is told their own id."""

    def __init__(self, desk: Desk, sender: Sender) -> None:
        self._desk = desk
        self._out = sender

    @property
    def commands(self) -> Mapping[str, Callable[[Message, str], Awaitable[None]]]:
        """The commands by name."""
        table = {
            "yenile": self._reload,
            "reload": self._reload,
            "geri": self._back,
            "durum": self._status,
            "cevapsiz": self._inbox,
            "neden": self._why,
        }
        return {name: self._guarded(act) for name, act in table.items()}

    def _guarded(
        self, act: Callable[[Asker, Message, str], Awaitable[None]]
    ) -> Callable[[Message, str], Awaitable[None]]:
        async def guarded(message: Message, rest: str) -> None:
            if is_secondhand(message):
                if is_private(message) or message.sender_chat:
                    await self._say(message, phrases.SECONDHAND)
                return
            asker = Asker(PLATFORM, str(message.from_user.id) if message.from_user else "", place_of(message).name)
            try:
                self._desk.require_admin(asker)
                await act(asker, message, rest)
            except NotAdmin as refusal:
                await self._say(message, str(refusal))

        return guarded

    async def _reload(self, asker: Asker, message: Message, _: str) -> None:
        await self._say(message, told(await self._desk.reload(asker)))

    async def _back(self, asker: Asker, message: Message, _: str) -> None:
        await self._say(message, told(await self._desk.back(asker)))

    async def _status(self, _: Asker, message: Message, __: str) -> None:
        await self._say(message, await self._desk.status())

    async def _why(self, asker: Asker, message: Message, rest: str) -> None:
        answered = message.reply_to_message
        question = rest or ((answered.text or "") if answered else "")
        await self._say(message, await self._desk.why(question, asker) if question else phrases.WHY_WHAT)

    async def _inbox(self, _: Asker, message: Message, __: str) -> None:
        page = await self._desk.inbox(0)
        await self._out.send(place_of(message, message.message_id), plain_html(_page_text(page)), _page_buttons(page))

    # ── presses in the inbox ────────────────────────────────────────────────────────────────────

    async def on_press(self, query: CallbackQuery, data: str, place: Place, message: int) -> str:
        """Do what the inbox button ``data`` (without its ``a:``) says; the short text to show over the chat."""
        asker = Asker(PLATFORM, str(query.from_user.id), place.name)
        try:
            self._desk.require_admin(asker)
        except NotAdmin as refusal:
            return cut(str(refusal), _FLAT)
        verb, _, rest = data.partition(":")
        page, _, rest = rest.partition(":")
        number = int(page) if page.isascii() and page.isdigit() else 0
        if verb == "p":
            return await self._show_page(place, message, number)
        group_id, _, what = rest.partition(":")
        group = next((g for g in (await self._desk.inbox(number)).groups if g.id == group_id), None)
        if group is None:
            await self._show_page(place, message, number)
            return phrases.INBOX_GONE
        if verb == "g":
            await self._out.edit(place, message, plain_html(_group_text(group))[0], _group_buttons(group, number))
            return ""
        return await self._settle(asker, group, what, place, message)

    async def _show_page(self, place: Place, message: int, number: int) -> str:
        page = await self._desk.inbox(number)
        await self._out.edit(place, message, plain_html(_page_text(page))[0], _page_buttons(page))
        return ""

    async def _settle(self, asker: Asker, group: InboxGroup, what: str, place: Place, message: int) -> str:
        intent = next((s.intent for s in group.suggestions if _short(s.intent) == what), None)
        how = _HOW.get(what) or next((s.how for s in group.suggestions if s.intent == intent), How.INTENT)
        if how is How.INTENT and intent is None:
            return phrases.OLD_BUTTON
        said = await self._desk.settle(asker, group.id, how, intent)
        back = InlineKeyboardMarkup([[button(phrases.BACK_TO_LIST, "a:p:0")]])
        await self._out.edit(place, message, plain_html(f"{group.texts[0]}\n\n{said}")[0], back)
        return ""

    async def _say(self, message: Message, text: str) -> None:
        await self._out.send(place_of(message, message.message_id), plain_html(text))


def _page_text(page: InboxPage) -> str:
    if not page.groups:
        return INBOX_EMPTY
    groups = (f"{n}. {cut(g.texts[0], _FLAT)}\n{why_noted(g)}" for n, g in enumerate(page.groups, 1))
    return "\n\n".join([inbox_head(page), *groups])


def _page_buttons(page: InboxPage) -> InlineKeyboardMarkup | None:
    numbers = [button(str(n), f"a:g:{page.page}:{g.id}") for n, g in enumerate(page.groups, 1)]
    rows: list[list[InlineKeyboardButton]] = [numbers[at : at + 5] for at in range(0, len(numbers), 5)]
    turn = [button("‹ Önceki", f"a:p:{page.page - 1}")] if page.page > 0 else []
    turn += [button("Sonraki ›", f"a:p:{page.page + 1}")] if page.page + 1 < page.pages else []
    return InlineKeyboardMarkup([*rows, turn] if turn else rows) if rows or turn else None


def _group_text(group: InboxGroup) -> str:
    lines = "\n".join(f"• {cut(text, _FLAT)}" for text in group.texts[:10])
    return f"{lines}\n({why_noted(group)})\n\n{WHERE_TO}"


def _group_buttons(group: InboxGroup, page: int) -> InlineKeyboardMarkup:
    at = f"a:s:{page}:{group.id}:"
    rows = [[button(f"→ {suggested(s)}", at + _short(s.intent))] for s in group.suggestions]
    rows.append([button(DECISIONS[how], at + sign) for sign, how in _HOW.items()])
    return InlineKeyboardMarkup([*rows, [button(phrases.BACK_TO_LIST, f"a:p:{page}")]])


def _short(intent: str) -> str:
    """Eight letters that stand for an intent: its id may be too long for a button's 64 bytes."""
    return hashlib.sha256(intent.encode()).hexdigest()[:8]
