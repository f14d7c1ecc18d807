"""Köprü on Discord: ``serve`` keeps it there, ``to_view`` is its markup. Only this package imports discord.py."""

import warnings

# Before discord.py is imported: its voice part, which is not used here, warns of itself.
warnings.filterwarnings("ignore", message="'audioop' is deprecated", category=DeprecationWarning)

from bot.platforms.discord.markup import to_view  # noqa: E402
from bot.platforms.discord.serving import serve  # noqa: E402

__all__ = ["serve", "to_view"]
