"""What admins see: ``/yonetim`` and the inbox. Replies are ephemeral, and the right is checked by our own list.

The group is for servers only and hidden from members without *Manage Server*; that is display. The check is
the user's id in ``KOPRU_ADMINS``, and a refusal shows the id.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.app_commands import locale_str

from bot.desk import Asker, Desk, How, InboxPage
from bot.desk.phrases import ADMIN_COMMANDS, DECISIONS, INBOX_EMPTY, WHERE_TO, inbox_head, suggested, told, why_noted
from bot.platforms.discord.incoming import asker_of
from bot.platforms.discord.markup import Button, Page, escape, one_line, text_pages
from bot.platforms.discord.responding import respond

if TYPE_CHECKING:
    from bot.platforms.discord.client import Client

_PER_TEXT = 150
_GREY, _RED = discord.ButtonStyle.secondary, discord.ButtonStyle.danger


def _about(name: str) -> locale_str:
    return locale_str(ADMIN_COMMANDS[name])


class AdminCommands(app_commands.Group):
    """``/yonetim yenile|geri|durum|cevapsiz|neden``."""

    def __init__(self, client: Client) -> None:
        super().__init__(
            name=locale_str("yonetim"),
            description=locale_str("Yönetici komutları"),
            default_permissions=discord.Permissions(manage_guild=True),
            guild_only=True,
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        )
        self._bot = client

    @app_commands.command(name=locale_str("yenile"), description=_about("yenile"))
    async def reload(self, interaction: discord.Interaction[Any]) -> None:
        """Reload the content."""
        asker = self._admin(interaction)
        await respond(interaction, _told(self._bot.desk.reload(asker)), ephemeral=True)

    @app_commands.command(name=locale_str("geri"), description=_about("geri"))
    async def back(self, interaction: discord.Interaction[Any]) -> None:
        """Return to the content before."""
        asker = self._admin(interaction)
        await respond(interaction, _told(self._bot.desk.back(asker)), ephemeral=True)

    @app_commands.command(name=locale_str("durum"), description=_about("durum"))
    async def status(self, interaction: discord.Interaction[Any]) -> None:
        """Version, figures, connections."""
        self._admin(interaction)
        await respond(interaction, _text(self._bot.desk.status()), ephemeral=True)

    @app_commands.command(name=locale_str("cevapsiz"), description=_about("cevapsiz"))
    async def unanswered(self, interaction: discord.Interaction[Any]) -> None:
        """The inbox's first page."""
        self._admin(interaction)

        async def work() -> Sequence[Page]:
            return (inbox_page(await self._bot.desk.inbox(0)),)

        await respond(interaction, work(), ephemeral=True)

    @app_commands.command(name=locale_str("neden"), description=_about("neden"))
    @app_commands.rename(question=locale_str("soru"))
    @app_commands.describe(question=locale_str("Açıklanacak soru"))
    async def why(self, interaction: discord.Interaction[Any], question: app_commands.Range[str, 1, 1000]) -> None:
        """How a question is read."""
        asker = self._admin(interaction)
        await respond(interaction, _text(self._bot.desk.why(question, asker)), ephemeral=True)

    def _admin(self, interaction: discord.Interaction[Any]) -> Asker:
        asker = asker_of(interaction)
        self._bot.desk.require_admin(asker)
        return asker


async def _told(report: Any) -> Sequence[Page]:
    return text_pages(told(await report))


async def _text(text: Any) -> Sequence[Page]:
    return text_pages(await text)


def inbox_page(page: InboxPage) -> Page:
    """A page of the inbox: the groups, a numbered button for each, and the way to the other pages."""
    if not page.groups:
        return Page(INBOX_EMPTY)
    lines = [f"**{inbox_head(page)}**"]
    buttons = []
    for number, group in enumerate(page.groups, 1):
        text = escape(one_line(group.texts[0], _PER_TEXT)) if group.texts else "–"
        lines.append(f"**{number}.** {text}\n-# {why_noted(group)}")
        buttons.append(Button(str(number), f"g:{page.page}:{group.id}", row=0))
    if page.page > 0:
        buttons.append(Button("◀ Önceki", f"i:{page.page - 1}", row=1))
    if page.page < page.pages - 1:
        buttons.append(Button("Sonraki ▶", f"i:{page.page + 1}", row=1))
    return Page("\n\n".join(lines), None, tuple(buttons))


def group_page(page: InboxPage, group_id: str) -> tuple[Page, ...]:
    """One group with its wordings and the decisions that can be made about it."""
    group = next((g for g in page.groups if g.id == group_id), None)
    if group is None:
        return (Page("Bu grup artık bu sayfada değil; listeyi yeniden açın."),)
    texts = "\n".join(f"• {escape(one_line(t, _PER_TEXT))}" for t in group.texts)
    green = discord.ButtonStyle.success
    offered = [
        Button(
            f"→ {suggested(s)}",
            f"d:{group.id}:{s.how}:{s.intent}",
            green,
            row=n // 2,
        )
        for n, s in enumerate(group.suggestions[:4])
    ]
    rest = (
        Button(label, f"d:{group.id}:{how}:", _RED if how is How.IGNORE else _GREY, row=2)
        for how, label in DECISIONS.items()
    )
    return (Page(f"{texts}\n-# {why_noted(group)}\n\n{WHERE_TO}", None, (*offered, *rest)),)


async def decided(desk: Desk, asker: Asker, rest: str) -> Sequence[Page]:
    """Carry out ``<group>:<how>:<intent>`` and say what was done."""
    group, _, decision = rest.partition(":")
    how, _, intent = decision.partition(":")
    return text_pages(await desk.settle(asker, group, how, intent or None))
