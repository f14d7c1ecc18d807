"""Köprü on Discord: ``serve`` keeps it there, ``to_view`` is its markup. Only this package imports discord.py."""

from bot.platforms.discord.markup import to_view
from bot.platforms.discord.serving import serve

__all__ = ["serve", "to_view"]
