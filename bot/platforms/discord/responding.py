"""Answers to interactions (commands, menus, buttons) within Discord's three seconds, and later ones by their token."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord.http import handle_message_parameters
from discord.webhook.async_ import async_context

from bot.platforms.discord.buttons import edit_fields_of, fields_of
from bot.platforms.discord.markup import Page

if TYPE_CHECKING:
    from bot.platforms.discord.client import Client
    from bot.platforms.discord.incoming import Question

DEFER_AFTER_S = 1.0
"""Discord gives three seconds from the creation of an interaction; the wire needs some of them, twice at worst."""
OLDEST_S = 2.0


async def respond(
    interaction: discord.Interaction[Any], work: Awaitable[Sequence[Page]], *, ephemeral: bool = False
) -> int | None:
    """Show the pages that ``work`` yields; defers when they may be late. Returns the first message's id, if told.

    Raises what ``work`` raises (the interaction may be deferred then) and discord's errors.
    """
    task = asyncio.ensure_future(work)
    try:
        await asyncio.wait({task}, timeout=max(0.0, DEFER_AFTER_S - _age(interaction)))
        if not task.done():
            await interaction.response.defer(ephemeral=ephemeral, thinking=True)
        pages = await task
    finally:
        task.cancel()
    return await show(interaction, pages, ephemeral=ephemeral)


async def show(interaction: discord.Interaction[Any], pages: Sequence[Page], *, ephemeral: bool = False) -> int | None:
    """Send the pages as the first response, or as the edit of a deferred one, and the rest after it."""
    first, *rest = pages
    told: int | None = None
    if interaction.response.is_done():
        told = (await interaction.edit_original_response(**edit_fields_of(first))).id if interaction.channel else None
        if interaction.channel is None:
            await edit_by_token(interaction.client, interaction.application_id, interaction.token, first)
    else:
        told = (await interaction.response.send_message(ephemeral=ephemeral, **fields_of(first))).message_id
    for page in rest:
        await interaction.followup.send(ephemeral=ephemeral, **fields_of(page))
    return told


async def replace(interaction: discord.Interaction[Any], page: Page) -> None:
    """Turn the pages of a list: the pressed message itself is edited."""
    await interaction.response.edit_message(**edit_fields_of(page))


async def late(client: Client, question: Question, pages: Sequence[Page]) -> None:
    """Answer a command that another process deferred and did not live to answer. Too late is no error."""
    try:
        await edit_by_token(client, question.app, question.token, pages[0])
    except discord.NotFound:
        return


async def edit_by_token(client: Any, application: int, token: str, page: Page) -> None:
    """Edit the first response of an interaction known by its token; the same edit twice does no harm."""
    rest = client.http
    with handle_message_parameters(**edit_fields_of(page), allowed_mentions=discord.AllowedMentions.none()) as params:
        await async_context.get().edit_original_interaction_response(
            application, token, session=rest.session, payload=params.payload
        )


def _age(interaction: discord.Interaction[Any]) -> float:
    """Seconds since Discord made the interaction; a clock that is off counts as little as it can."""
    age = (discord.utils.utcnow() - interaction.created_at).total_seconds()
    return min(max(age, 0.0), OLDEST_S) if age < 60.0 else 0.0
