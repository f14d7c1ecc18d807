"""Buttons that outlive a restart: all that a press needs is in the button's id."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import discord

from bot.platforms.discord.incoming import Question
from bot.platforms.discord.markup import Button, Page, one_line

if TYPE_CHECKING:
    from bot.platforms.discord.client import Client

_A_ROW = 5
_MOST = 25
Handler = Callable[["Client", "discord.Interaction[Any]", str], Awaitable[None]]


_ID = r"(?P<kind>[a-z]):(?P<rest>[\x20-\x7e]*)"


def is_ours(data: Mapping[str, Any]) -> bool:
    """Whether an interaction's data is of a press on a button that `Press` answers."""
    button = data.get("component_type") == discord.ComponentType.button.value
    return button and re.fullmatch(_ID, str(data.get("custom_id"))) is not None


class Press(discord.ui.DynamicItem["discord.ui.Button[Any]"], template=_ID):
    """Any button of ours: ``kind:rest`` (see ``presses``)."""

    def __init__(self, button: discord.ui.Button[Any], kind: str = "", rest: str = "") -> None:
        super().__init__(button)
        self.kind = kind
        self.rest = rest

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],  # noqa: ARG003 - discord.py's signature
        item: discord.ui.Item[Any],  # noqa: ARG003
        match: re.Match[str],
        /,
    ) -> Press:
        """The button again, made from the id that Discord sends back."""
        button: discord.ui.Button[Any] = discord.ui.Button(custom_id=match.string)
        return cls(button, match["kind"], match["rest"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand the press to its handler, once."""
        await interaction.client.pressed(interaction, self.kind, self.rest)


def view_of(buttons: Sequence[Button]) -> discord.ui.View | None:
    """The buttons as discord.py wants them; None when there are none. At most 25, five a row."""
    if not buttons:
        return None
    view = discord.ui.View(timeout=None)
    for number, button in enumerate(buttons[:_MOST]):
        item: discord.ui.Button[Any] = discord.ui.Button(
            label=one_line(button.label) or None,
            custom_id=button.id,
            style=button.style,
            emoji=button.emoji,
            row=button.row if button.row is not None else min(number // _A_ROW, 4),
        )
        view.add_item(Press(item))
    return view


@lru_cache(maxsize=512)
def components_of(buttons: tuple[Button, ...]) -> list[dict[str, Any]]:
    """The buttons as Discord's own JSON, row by row as `view_of` sets them; not to be changed."""
    view = view_of(buttons)
    return view.to_components() if view is not None else []


def body_of(page: Page, question: Question, number: int) -> dict[str, Any]:
    """The page as the body of a message that replies to a question, once within Discord's nonce window.

    A repetition with the same nonce returns the first message. Ids are text by Discord's documentation;
    discord.py sends numbers, which JavaScript hosts round.
    """
    reference = {"message_id": str(question.id), "channel_id": str(question.channel), "fail_if_not_exists": False}
    body: dict[str, Any] = {
        "content": page.content,
        "nonce": f"{question.id}-{number}",
        "enforce_nonce": True,
        "message_reference": reference if question.guild is None else {**reference, "guild_id": str(question.guild)},
        "allowed_mentions": {"parse": []},
    }
    if page.embed is not None:
        body["embeds"] = [page.embed.to_dict()]
    if page.buttons:
        body["components"] = components_of(page.buttons)
    return body


def fields_of(page: Page) -> dict[str, Any]:
    """The page as arguments of a send: nothing is passed for what it does not have."""
    view = view_of(page.buttons)
    fields: dict[str, Any] = {"content": page.content}
    if page.embed is not None:
        fields["embed"] = page.embed
    if view is not None:
        fields["view"] = view
    return fields


def edit_fields_of(page: Page) -> dict[str, Any]:
    """The page as arguments of an edit: what it does not have is taken away."""
    return {"content": page.content, "embed": page.embed, "view": view_of(page.buttons)}
