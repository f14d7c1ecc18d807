"""What a picture shows, as values: what people did and what came over the wire for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wrote:
    """A person's message."""

    text: str


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button that a person pressed, by its label."""

    label: str


@dataclass(frozen=True, slots=True)
class Bubble:
    """A message of the bot's on Telegram: HTML as it was sent, rows of button labels, whom and what it replies to.

    ``folded``: its quotation is shown as it arrives; ``via``: a person sent it from inline results.
    """

    html: str
    rows: tuple[tuple[str, ...], ...] = ()
    reply_to: tuple[str, str] = ("", "")
    folded: bool = True
    via: str = ""


@dataclass(frozen=True, slots=True)
class Toast:
    """A short text over the chat, the answer to a press."""

    text: str


@dataclass(frozen=True, slots=True)
class Results:
    """What an inline query is offered."""

    typed: str
    found: tuple[Json, ...]


@dataclass(frozen=True, slots=True)
class Post:
    """A message of the bot's on Discord as JSON; ``above`` says what it answers, ``ephemeral`` who sees it."""

    message: Json
    above: str = ""
    ephemeral: bool = False


@dataclass(frozen=True, slots=True)
class Typing:
    """A slash command that is being typed, and what its autocomplete offers."""

    command: str
    option: str
    typed: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Menu:
    """The context menu of somebody's message with the bot's entry."""

    text: str
    entry: str


Seen: TypeAlias = Wrote | Pressed | Bubble | Toast | Results | Post | Typing | Menu

SCENES: Mapping[str, tuple[str, str]] = {
    "welcome": ("The greeting", "`/start` on Telegram, a bare mention on Discord."),
    "answer": ("An answer", "The statement, then the article's own sentences with its title and its date."),
    "unfolded": ("The same, its quotation unfolded", "Telegram folds a long quotation; a tap unfolds it."),
    "past": ("An answer whose day has passed", "The fact has a `valid_until` before today, so a note says so."),
    "absent": ("Not in the article", "What exactly is missing, then the nearest that the article does say."),
    "correction": ("A false premise put right", "The fact itself, after *Hayır*."),
    "clarify": ("Which of these?", "Two readings or more, each a button; *none of these* goes to the editors."),
    "chosen": ("After choosing", "Telegram changes its question into the answer, Discord answers below."),
    "unknown": ("Another subject", "An honest refusal, and what can be asked instead."),
    "smalltalk": ("Small talk", "Short, and without a source, since nothing is claimed."),
    "source": ("The source shown", "All sentences that the answer stands on; on Discord only the asker sees them."),
    "rated": ("An answer rated", "A thank-you that disturbs nobody else."),
    "help": ("Help", "The commands of this very platform."),
    "topics": ("Topics", "Each a button that leads to an answer."),
    "privacy": ("Privacy", "What is kept, why, for how long, and how to delete it."),
    "delete": ("Deletion", "How many rows were deleted."),
    "slow": ("Too fast", "Said once a minute; after that the bot keeps silent."),
    "inline": ("Inline results", "Typed after the bot's name in any chat; each result is a whole answer."),
    "autocomplete": ("Autocomplete", "Whole questions that have an answer, while one types."),
    "menu": ("The message menu", "The question in somebody's message is answered."),
    "refusal": ("An admin's command from somebody else", "It shows the id that an admin would need."),
    "reload": ("A reload that went well", "What changed, by name, and which answers with it."),
    "broken": ("A reload that was refused", "Every problem with its file and line; the old content stays."),
    "inbox": ("The inbox", "Unanswered questions, alike ones together."),
    "group": ("One group of the inbox", "Where its wordings may be written."),
    "settled": ("A decision", "What was written, and where."),
    "status": ("State", "`/durum`: version, content, connections, figures."),
    "why": ("The reason of an answer", "`/neden`: how a question is read and decided."),
}
"""Each picture's name in their order on the page, with its heading and what it shows."""
