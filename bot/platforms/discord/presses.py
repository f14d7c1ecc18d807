"""What each button does. One table, by the letter that the button's id begins with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import discord

from bot.platforms.discord.admin import decided, group_page, inbox_page
from bot.platforms.discord.incoming import asker_of
from bot.platforms.discord.markup import Button, Page, escape, source_pages, text_pages
from bot.platforms.discord.responding import replace, respond

if TYPE_CHECKING:
    from bot.platforms.discord.buttons import Handler
    from bot.platforms.discord.client import Client

TOPICS_A_PAGE = 20
OLD_BUTTON = "Bu düğme artık geçerli değil; lütfen sorunuzu yeniden yazın."


async def rate(client: Client, interaction: discord.Interaction[Any], rest: str) -> None:
    """``r:+:<intent>`` and ``r:-:<intent>``: 👍 and 👎."""
    sign, _, intent = rest.partition(":")

    async def work() -> Sequence[Page]:
        asked = await client.answering.asked_in(interaction.message)
        return text_pages(await client.desk.rate(asker_of(interaction), intent, sign == "+", asked))

    await respond(interaction, work(), ephemeral=True)


async def source(client: Client, interaction: discord.Interaction[Any], rest: str) -> None:
    """``s:<fact>,<fact>…``: all quotes, shown to the one who asked for them."""

    async def work() -> Sequence[Page]:
        reply = client.desk.source([f for f in rest.split(",") if f])
        return source_pages(reply, client.desk.shelf.current.engine.catalog.article)

    await respond(interaction, work(), ephemeral=True)


async def choose(client: Client, interaction: discord.Interaction[Any], rest: str) -> None:
    """``c:<key>`` and ``t:<key>``: a reading of the question, or a topic, is answered."""

    async def work() -> Sequence[Page]:
        notice = await client.desk.allowed(asker_of(interaction))
        if notice is not None:
            return text_pages(notice.text or "…")
        reply = await client.desk.choose(asker_of(interaction), rest)
        return client.answering.reply_pages(reply, True)

    await respond(interaction, work())


async def none_of_these(client: Client, interaction: discord.Interaction[Any], _: str) -> None:
    """``n:``: no offered reading was meant."""

    async def work() -> Sequence[Page]:
        asked = await client.answering.asked_in(interaction.message)
        return text_pages(await client.desk.none_of_these(asker_of(interaction), asked))

    await respond(interaction, work(), ephemeral=True)


async def turn_topics(client: Client, interaction: discord.Interaction[Any], rest: str) -> None:
    """``k:<page>``: a page of the topics; under an answer it opens them, in the list it turns the page."""
    page = topics_page(client, int(rest) if rest.isdigit() else 0)
    components = interaction.message.components if interaction.message is not None else []
    listed = any(
        getattr(c, "custom_id", "").startswith("t:") for row in components for c in getattr(row, "children", [])
    )
    if listed:
        await replace(interaction, page)
    else:
        await respond(interaction, _ready(page), ephemeral=True)


async def turn_inbox(client: Client, interaction: discord.Interaction[Any], rest: str) -> None:
    """``i:<page>``: another page of the inbox."""
    client.desk.require_admin(asker_of(interaction))
    await replace(interaction, inbox_page(await client.desk.inbox(int(rest) if rest.isdigit() else 0)))


async def open_group(client: Client, interaction: discord.Interaction[Any], rest: str) -> None:
    """``g:<page>:<group>``: one group of unanswered questions, with what can be decided about it."""
    client.desk.require_admin(asker_of(interaction))
    number, _, group = rest.partition(":")

    async def work() -> Sequence[Page]:
        return group_page(await client.desk.inbox(int(number) if number.isdigit() else 0), group)

    await respond(interaction, work(), ephemeral=True)


async def settle(client: Client, interaction: discord.Interaction[Any], rest: str) -> None:
    """``d:<group>:<how>:<intent>``: an admin's decision on a group."""
    client.desk.require_admin(asker_of(interaction))
    await respond(interaction, decided(client.desk, asker_of(interaction), rest), ephemeral=True)


async def outdated(client: Client, interaction: discord.Interaction[Any], _: str) -> None:  # noqa: ARG001 - a handler
    """What is no button of ours any more, or never was: unanswered, Discord would say in English that the app failed."""
    await respond(interaction, _old(), ephemeral=True)


async def _old() -> Sequence[Page]:
    return text_pages(OLD_BUTTON)


def topics_page(client: Client, number: int) -> Page:
    """Twenty topics as buttons, and the way to the others."""
    topics = client.desk.topics()
    pages = max(1, -(-len(topics) // TOPICS_A_PAGE))
    number = min(max(0, number), pages - 1)
    shown = topics[number * TOPICS_A_PAGE : (number + 1) * TOPICS_A_PAGE]
    buttons = [Button(t.title, f"t:{t.key}") for t in shown]
    if number > 0:
        buttons.append(Button("◀ Önceki", f"k:{number - 1}", row=4))
    if number < pages - 1:
        buttons.append(Button("Sonraki ▶", f"k:{number + 1}", row=4))
    subject = client.desk.shelf.current.engine.catalog.article.subject
    where = f" ({number + 1}/{pages})" if pages > 1 else ""
    return Page(f"{escape(subject)} hakkında sorabileceğiniz konular{where}:", None, tuple(buttons))


async def _ready(page: Page) -> Sequence[Page]:
    return (page,)


HANDLERS: dict[str, Handler] = {
    "r": rate,
    "s": source,
    "c": choose,
    "t": choose,
    "n": none_of_these,
    "k": turn_topics,
    "i": turn_inbox,
    "g": open_group,
    "d": settle,
}
