"""Telegram: private chats, groups and topics, inline and guest mode, by long polling or webhook.

An update's journey: ``polling`` or ``webhook`` → ``intake`` (written down, its turn in its chat) → ``routes`` →
``conversation``, ``press`` or ``inline`` → the desk → ``markup`` → ``sending`` → ``pace`` → ``wire``.
"""

from bot.platforms.telegram.markup import to_html
from bot.platforms.telegram.service import serve

__all__ = ["serve", "to_html"]
