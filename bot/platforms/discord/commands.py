"""The slash commands and the message menu, their names in the reader's language, and how their errors are told."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.app_commands import locale_str

from bot.desk import NotAdmin
from bot.desk.phrases import ADMIN_COMMANDS
from bot.platforms.discord.admin import AdminCommands
from bot.platforms.discord.incoming import Question, asker_of, plain, readable
from bot.platforms.discord.markup import Page, source_pages, text_pages
from bot.platforms.discord.presses import topics_page
from bot.platforms.discord.responding import respond

if TYPE_CHECKING:
    from bot.platforms.discord.client import Client

log = logging.getLogger(__name__)
ASK_MENU = "Buna cevap ver"
MOST_CHOICES = 25
LONGEST_CHOICE = 100
STALE = "Bu komut değişmiş; birkaç dakika sonra yeniden deneyin ya da Discord'u yenileyin."
NOTHING_TO_READ = "Bu iletide okuyabileceğim bir yazı yok; yalnızca yazılı soruları yanıtlayabilirim."
FAILED = "Bir aksaklık oldu, yanıt veremedim. Lütfen birazdan yeniden deneyin."

_TURKISH = {"yonetim": "yönetim", "cevapsiz": "cevapsız", "yardim": "yardım"}
_ENGLISH = {
    "sor": "ask",
    "soru": "question",
    "konular": "topics",
    "kaynak": "source",
    "gizlilik": "privacy",
    "sil": "delete",
    "yardim": "help",
    "yonetim": "manage",
    "yenile": "reload",
    "geri": "back",
    "durum": "status",
    "cevapsiz": "unanswered",
    "neden": "why",
    ASK_MENU: "Answer this",
    "Haberle ilgili bir soru sorun": "Ask about the article (in Turkish)",
    "Sorunuz; yazdıkça öneriler çıkar": "Your question; suggestions appear as you type",
    "Sorabileceğiniz konular": "What you can ask about",
    "Yanıtların dayandığı haber": "The article behind the answers",
    "Hangi bilgilerin neden tutulduğu": "What is kept, and why",
    "Size ait kayıtları siler": "Deletes what is kept about you",
    "Botun nasıl kullanıldığı": "How to use the bot",
}


def name_in(locale: discord.Locale, plain: str) -> str | None:
    """A command's name or description as a reader of ``locale`` sees it; None where that is the plain one."""
    if locale is discord.Locale.turkish:
        return _TURKISH.get(plain, plain)
    if locale in {discord.Locale.american_english, discord.Locale.british_english}:
        return _ENGLISH.get(plain)
    return None


class Names(app_commands.Translator):
    """Names with Turkish letters for Turkish readers, English ones for English readers; others see the plain name."""

    async def translate(
        self,
        string: locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,  # noqa: ARG002 - discord.py's signature
    ) -> str | None:
        """The name in ``locale``, or None when there is no other than the plain one."""
        return name_in(locale, string.message)


class Tree(app_commands.CommandTree["Client"]):
    """The command tree with our check and our error handler."""

    async def interaction_check(self, interaction: discord.Interaction[Client]) -> bool:
        """Autocompletes always; commands once each, and none once the bot is stopping."""
        if interaction.type is discord.InteractionType.autocomplete:
            return True
        return await interaction.client.first_time(interaction)

    async def on_error(self, interaction: discord.Interaction[Client], error: app_commands.AppCommandError) -> None:
        """Tell the person what went wrong; see ``tell``."""
        cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
        await tell(interaction, cause)


async def tell(interaction: discord.Interaction[Any], problem: BaseException) -> None:
    """An ephemeral line about ``problem``; a refusal shows the person's id, the log shows no text."""
    if isinstance(problem, NotAdmin):
        text = str(problem)
    elif isinstance(problem, (app_commands.CommandNotFound, app_commands.CommandSignatureMismatch)):
        text = STALE
    else:
        text = FAILED
        log.error("interaction_failed", extra={"fields": {"error": type(problem).__name__}})
    try:
        await respond(interaction, _pages(text), ephemeral=True)
    except (discord.DiscordException, OSError):
        log.warning("refusal_not_sent", extra={"fields": {"error": type(problem).__name__}})


async def _pages(text: str) -> Sequence[Page]:
    return text_pages(text)


def add_commands(tree: Tree, client: Client) -> None:
    """Put every command into ``tree``: people's ones work everywhere, admins' ones in servers."""
    everywhere: dict[str, Any] = {
        "allowed_contexts": app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
        "allowed_installs": app_commands.AppInstallationType(guild=True, user=True),
    }
    ask_menu = app_commands.ContextMenu(name=locale_str(ASK_MENU), callback=_menu(client), **everywhere)
    tree.add_command(ask_menu)
    for name, act in _acts(client).items():
        command: app_commands.Command[Any, ..., None] = app_commands.Command(
            name=locale_str(name), description=locale_str(COMMANDS[name]), callback=act, **everywhere
        )
        tree.add_command(command)
    tree.add_command(AdminCommands(client))


COMMANDS: Mapping[str, str] = {
    "sor": "Haberle ilgili bir soru sorun",
    "konular": "Sorabileceğiniz konular",
    "kaynak": "Yanıtların dayandığı haber",
    "gizlilik": "Hangi bilgilerin neden tutulduğu",
    "sil": "Size ait kayıtları siler",
    "yardim": "Botun nasıl kullanıldığı",
}
"""Everybody's slash commands with what each does: what Discord is told, and what the help tells."""
ABOUT_MENU = "Bir iletinin üzerindeki Uygulamalar menüsünde: o iletideki soruyu yanıtlar"


def _acts(client: Client) -> Mapping[str, Any]:
    return {
        "sor": _ask(client),
        "konular": _said(lambda _: _one(topics_page(client, 0))),
        "kaynak": _said(lambda _: _sources(client)),
        "gizlilik": _said(lambda _: _pages(client.desk.privacy())),
        "sil": _said(lambda i: _forgotten(client, i)),
        "yardim": _said(lambda i: _help(client, i)),
    }


def _ask(client: Client) -> Any:
    async def complete(_: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        found = dict.fromkeys(q for q in client.desk.complete(typed, MOST_CHOICES) if 0 < len(q) <= LONGEST_CHOICE)
        return [app_commands.Choice(name=q, value=q) for q in list(found)[:MOST_CHOICES]]

    @app_commands.rename(question=locale_str("soru"))
    @app_commands.describe(question=locale_str("Sorunuz; yazdıkça öneriler çıkar"))
    @app_commands.autocomplete(question=complete)
    async def ask(interaction: discord.Interaction[Any], question: app_commands.Range[str, 1, 1500]) -> None:
        await client.asked(interaction, plain(question))

    return ask


def _menu(client: Client) -> Any:
    async def answer_this(interaction: discord.Interaction[Any], message: discord.Message) -> None:
        text = readable(message)
        if text:
            await client.asked(interaction, text)
        else:
            await respond(interaction, _pages(NOTHING_TO_READ), ephemeral=True)

    return answer_this


def _said(pages: Callable[[discord.Interaction[Any]], Awaitable[Sequence[Page]]]) -> Any:
    async def say(interaction: discord.Interaction[Any]) -> None:
        await respond(interaction, pages(interaction), ephemeral=True)

    return say


async def _one(page: Page) -> Sequence[Page]:
    return (page,)


async def _sources(client: Client) -> Sequence[Page]:
    return source_pages(client.desk.source(()), client.desk.shelf.current.engine.catalog.article)


async def _forgotten(client: Client, interaction: discord.Interaction[Any]) -> Sequence[Page]:
    return text_pages(await client.desk.forget(asker_of(interaction)))


async def _help(client: Client, interaction: discord.Interaction[Any]) -> Sequence[Page]:
    def seen(plain: str) -> str:
        return name_in(interaction.locale, plain) or plain

    asking = [(f"/{seen(name)}", what) for name, what in COMMANDS.items()]
    admin = client.desk.is_admin(asker_of(interaction))
    managing = [(f"/{seen('yonetim')} {seen(name)}", what) for name, what in ADMIN_COMMANDS.items()] if admin else []
    return text_pages(client.desk.help([*asking, (seen(ASK_MENU), ABOUT_MENU)], managing))


def question_from(interaction: discord.Interaction[Any], text: str) -> Question:
    """A command's question, with the token by which it can still be answered later."""
    asker = asker_of(interaction)
    return Question(
        interaction.id,
        int(asker.chat),
        interaction.guild_id,
        interaction.user.id,
        text,
        interaction.application_id,
        interaction.token,
    )


__all__ = ["Names", "Tree", "add_commands", "question_from", "tell"]
