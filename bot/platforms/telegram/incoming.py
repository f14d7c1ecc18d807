"""What an update says: the library's Update from a server's JSON, and the question in a message, if it holds one for us."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2s
from typing import Any

from telegram import Bot, Message, MessageEntity, Update, User
from telegram.constants import ChatType

from bot.engine.text import fold

PLATFORM = "telegram"
"""This platform's name for the desk, the journal and the log."""
_COMMAND = re.compile(r"/(\w{1,32})(?:@(\w+))?(?:\s+|$)")
_IDENTITY = ("message_id", "id", "date", "edit_date")
_CHATTED = ("message", "edited_message", "guest_message", "channel_post", "edited_channel_post", "business_message")
_READ = frozenset(
    (
        *("message_id", "date", "edit_date", "chat", "from", "sender_chat", "text", "caption", "entities"),
        *("caption_entities", "reply_to_message", "message_thread_id", "is_topic_message", "direct_messages_topic"),
        *("via_bot", "forward_origin", "forward_date", "is_automatic_forward", "guest_query_id", "reply_markup"),
    )
)
"""The fields of a message that this package looks at."""
_ATTACHED = frozenset(
    (
        *("animation", "audio", "contact", "dice", "document", "location", "photo", "poll", "sticker", "story"),
        *("venue", "video", "video_note", "voice"),
    )
)
KINDS = ("message", "edited_message", "callback_query", "inline_query", "guest_message", "my_chat_member")
"""The update types that are asked for; everything else is never sent to us."""


class Unreadable(Exception):
    """An update that is not of the documented form; the text names the trouble without quoting the update."""


@dataclass(frozen=True, slots=True)
class Me:
    """The bot itself: its id, and its name in lower case (empty when the server does not tell)."""

    id: int
    username: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """``/name rest``, the name reduced to ASCII, so that ``/yardım`` is ``/yardim``."""

    name: str
    rest: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and the message that the answer replies to."""

    text: str
    reply_to: int


def update_in(raw: object, bot: Bot) -> Update:
    """The Update in ``raw``; what lenient servers leave out is filled in. Raises Unreadable."""
    if not isinstance(raw, dict) or not isinstance(raw.get("update_id"), int):
        raise Unreadable("no update_id")
    try:
        return Update.de_json(raw, bot)
    except Exception:  # noqa: BLE001 - the library raises whatever the data provokes
        whole = _completed(raw)
        try:
            return Update.de_json(whole, bot)
        except Exception:  # noqa: BLE001
            try:
                return Update.de_json(_reduced(whole), bot)
            except Exception as error:  # noqa: BLE001
                raise Unreadable(type(error).__name__) from None


def lane_of(raw: Mapping[str, Any]) -> str:
    """The name of the queue that ``raw`` waits in: one chat's updates are answered in order."""
    for kind in _CHATTED:
        if isinstance(raw.get(kind), dict):
            return f"c{_id(raw[kind].get('chat'))}"
    pressed = raw.get("callback_query")
    if isinstance(pressed, dict) and isinstance(pressed.get("message"), dict):
        return f"c{_id(pressed['message'].get('chat'))}"
    asked = pressed or raw.get("inline_query")
    return f"u{_id(asked.get('from'))}" if isinstance(asked, dict) else ""


def name_of(raw: Mapping[str, Any]) -> str:
    """What tells ``raw`` from every other update: its number, and which message or press it is about.

    The number alone does not: Telegram begins anew at a random one after a quiet week, a server of one's own after it was
    set up anew, and an update that bears the number of one long answered would be passed over in silence.
    """
    bodies = [(kind, body) for kind, body in sorted(raw.items()) if isinstance(body, dict)]
    about = [(kind, _id(b.get("chat")), *(b.get(key) for key in _IDENTITY)) for kind, b in bodies]
    return f"{raw['update_id']}-{blake2s(repr(about).encode('utf-8', 'replace'), digest_size=4).hexdigest()}"


def is_private(message: Message) -> bool:
    """Whether the message stands in a chat between one person and the bot."""
    return message.chat.type == ChatType.PRIVATE


def is_addressed(message: Message, me: Me) -> bool:
    """Whether a group's message speaks to the bot: a reply to it, or its name in the text."""
    answered = message.reply_to_message
    if answered and answered.from_user and answered.from_user.id == me.id and not answered.sender_chat:
        return True
    return _without_name(message, me) is not None


def command_in(message: Message, me: Me) -> Command | None:
    """The command that the message begins with, unless it names another bot."""
    text = message.text or message.caption or ""
    found = _COMMAND.match(text)
    if not found or (found[2] and found[2].lower() != me.username):
        return None
    return Command(fold(found[1]), text[found.end() :].strip())


def is_others_command(message: Message, me: Me) -> bool:
    """Whether the message is a command that names another bot."""
    found = _COMMAND.match(message.text or "")
    return bool(found and found[2] and found[2].lower() != me.username)


def question_in(message: Message, me: Me) -> Asked | None:
    """The question of a message that is no command: a private text, or a group's text that speaks to the bot."""
    text = message.text or message.caption or ""
    if is_private(message):
        return Asked(text, message.message_id) if text.strip() else None
    if not is_addressed(message, me):
        return None
    named = _without_name(message, me)
    return asked_with(named if named is not None else text, message)


def asked_with(rest: str, message: Message) -> Asked:
    """The question ``rest``; without one, the text of the message that was replied to; else an empty question."""
    if rest.strip():
        return Asked(rest.strip(), message.message_id)
    answered = message.reply_to_message
    text = (answered.text or answered.caption or "") if answered else ""
    return Asked(text.strip(), answered.message_id if answered and text.strip() else message.message_id)


def is_from_bot(message: Message) -> bool:
    """Whether another bot wrote it; anonymous admins and channels write through bot accounts and are no bots."""
    return bool(message.from_user and message.from_user.is_bot and not message.sender_chat)


def is_secondhand(message: Message) -> bool:
    """Whether nobody typed it here and now as themselves: forwarded, edited, through a bot, by a channel or anonymously."""
    return bool(
        message.forward_origin
        or message.api_kwargs.get("forward_from")
        or message.api_kwargs.get("forward_date")
        or message.api_kwargs.get("forward_sender_name")
        or message.via_bot
        or message.edit_date
        or message.sender_chat
        or message.is_automatic_forward
        or message.from_user is None
        or message.from_user.is_bot
    )


def _without_name(message: Message, me: Me) -> str | None:
    """The text without the bot's name, or None when the name is not in it."""
    text = message.text or message.caption or ""
    parse = message.parse_entities if message.text else message.parse_caption_entities
    for entity, said in (parse([MessageEntity.TEXT_MENTION]) if text else {}).items():
        if entity.user and entity.user.id == me.id:
            return text.replace(said, " ", 1).strip()
    if not me.username:
        return None
    bare, found = re.subn(rf"(?<![\w@])@{re.escape(me.username)}(?!\w)", " ", text, flags=re.IGNORECASE)
    return " ".join(bare.split()).strip(" ,:") if found else None


def _id(thing: object) -> object:
    return thing.get("id") if isinstance(thing, dict) else None


def _completed(raw: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of ``raw`` with the required fields that a lenient server may leave out."""
    whole: dict[str, Any] = copy.deepcopy(dict(raw))
    for kind, body in whole.items():
        if kind in _CHATTED and isinstance(body, dict):
            _complete_message(body)
        elif kind in {"callback_query", "inline_query"} and isinstance(body, dict):
            _complete_user(body.get("from"))
            body.setdefault("chat_instance" if kind == "callback_query" else "offset", "")
            body.setdefault("query", "") if kind == "inline_query" else None
            if isinstance(body.get("message"), dict):
                _complete_message(body["message"])
    return whole


def _reduced(raw: Mapping[str, Any]) -> dict[str, Any]:
    """``raw`` with only those parts of its messages that are read here: one odd sticker must not cost a question."""
    return {
        kind: {**body, "message": _reduced_message(body["message"])}
        if kind == "callback_query" and isinstance(body, dict) and isinstance(body.get("message"), dict)
        else _reduced_message(body)
        if kind in _CHATTED and isinstance(body, dict)
        else body
        for kind, body in raw.items()
    }


def _reduced_message(body: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in body.items() if key in _READ}
    if isinstance(kept.get("reply_to_message"), dict):
        kept["reply_to_message"] = _reduced_message(kept["reply_to_message"])
    if body.keys() & _ATTACHED:
        kept["document"] = {"file_id": "?", "file_unique_id": "?"}  # that there is something is all that is asked
    return kept


def _complete_message(body: dict[str, Any]) -> None:
    chat = body.get("chat")
    if isinstance(chat, dict) and isinstance(chat.get("id"), int):
        chat.setdefault("type", "private" if chat["id"] > 0 else "supergroup")
    body.setdefault("date", 0)
    _complete_user(body.get("from"))
    for entity in body.get("entities") or ():
        _complete_user(entity.get("user"))
    if isinstance(body.get("reply_to_message"), dict):
        _complete_message(body["reply_to_message"])


def _complete_user(user: object) -> None:
    if isinstance(user, dict):
        user.setdefault("is_bot", False)
        user.setdefault("first_name", "")


def me_of(user: User) -> Me:
    """Who the bot is, in the form that the questions here need."""
    return Me(user.id, (user.username or "").lower())
