"""Which messages are questions to the bot, and what they ask: a message in, text or None out."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from typing import Any

import discord

from bot.desk import Asker

PLATFORM = "discord"
_ASKABLE = frozenset({discord.MessageType.default, discord.MessageType.reply})
_REFERENCES = re.compile(r"<(?:@[!&]?|#)\d+>|<a?:\w{2,32}:\d+>|<t:-?\d+(?::\w)?>|</[^:>]+:\d+>")


@dataclass(frozen=True, slots=True)
class Question:
    """A question with what is needed to answer it, even by another process: it goes into the journal as JSON.

    ``id`` is the message's; for a slash or menu command the interaction's, whose ``token`` holds for 15 minutes.
    """

    id: int
    channel: int
    guild: int | None
    user: int
    text: str
    app: int = 0
    token: str = ""

    @property
    def asker(self) -> Asker:
        """Who asks, as the desk knows it."""
        return Asker(PLATFORM, str(self.user), str(self.channel), str(self.id))

    @property
    def update_id(self) -> str:
        """The journal's name of this question."""
        return f"{'i' if self.token else 'm'}{self.id}"

    def to_json(self) -> str:
        """The whole question as one line."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, body: str) -> Question | None:
        """What ``to_json`` wrote; None if it was another version's or was emptied."""
        try:
            return cls(**json.loads(body))
        except (ValueError, TypeError):
            return None


def question_of(message: discord.Message, me: int) -> Question | None:
    """The question that ``message`` puts to the bot, or None if it does not address the bot."""
    text = question_in(message, me)
    if text is None:
        return None
    guild = message.guild.id if message.guild else getattr(message.channel, "guild_id", None)
    return Question(message.id, message.channel.id, guild, message.author.id, text)


def question_in(message: discord.Message, me: int) -> str | None:
    """The text that ``message`` asks the bot ``me``; empty when it only calls it, None when it does not.

    A direct message asks; in a server it must mention the bot (or the role of its name, which Discord makes and
    lists beside it) or reply to it. Without the privileged
    intent Discord leaves out the text of a reply that does not ping: nothing to answer, so silence.
    """
    if message.author.bot or message.webhook_id is not None or message.type not in _ASKABLE:
        return None
    private = is_private(message)
    called = (
        me in {u.id for u in message.mentions}
        or re.search(rf"<@!?{me}>", message.content) is not None
        or any(role.tags is not None and role.tags.bot_id == me for role in message.role_mentions)
    )
    replied = _reply_to(message)
    to_me = replied is not None and replied.author.id == me
    if not private and not called and not (to_me and message.content):
        return None
    text = plain(message.content)
    if text:
        return text
    if private and message.message_snapshots:
        return plain(message.message_snapshots[0].content)
    return plain(replied.content) if called and replied is not None and not to_me else ""


def plain(content: str) -> str:
    """``content`` without mentions, channel names, custom emojis and timestamps."""
    return " ".join(_REFERENCES.sub(" ", content).split(" ")).strip()


def readable(message: discord.Message) -> str:
    """What a message says: its text, what it forwards, or what its embeds hold; empty when there is nothing to read."""
    forwarded = [s.content for s in message.message_snapshots]
    shown = [e.description or e.title or "" for e in message.embeds]
    return next((text for text in map(plain, (message.content, *forwarded, *shown)) if text), "")


def is_private(message: discord.Message) -> bool:
    """Whether it was written to the bot alone or in a group chat without a server."""
    return message.guild is None and getattr(message.channel, "guild_id", None) is None


def _reply_to(message: discord.Message) -> discord.Message | None:
    resolved = message.reference.resolved if message.reference is not None else None
    return resolved if isinstance(resolved, discord.Message) else None


def asker_of(interaction: discord.Interaction[Any]) -> Asker:
    """Who pressed or typed, in which chat; somebody whose chat is not told has one of their own."""
    chat = interaction.channel_id or interaction.user.id
    return Asker(PLATFORM, str(interaction.user.id), str(chat))
