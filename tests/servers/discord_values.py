"""Discord's values as the test server makes them: servers, users, members, interactions."""

from __future__ import annotations

import time
from typing import Any

PERMISSIONS = str((1 << 50) - 1)
Json = dict[str, Any]

_PLAIN: Json = {
    "afk_timeout": 300,
    "verification_level": 0,
    "default_message_notifications": 0,
    "explicit_content_filter": 0,
    "mfa_level": 0,
    "nsfw_level": 0,
    "premium_tier": 0,
    "system_channel_flags": 0,
    "preferred_locale": "tr",
}
_LISTS = ("emojis", "features", "stickers", "threads", "voice_states", "presences", "stage_instances")


def public(user: Json) -> Json:
    """The person without what only the server knows."""
    return {k: v for k, v in user.items() if k != "dm"}


def stamp() -> str:
    """Now, as Discord writes it."""
    now = time.time()
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f".{int(now % 1 * 1e6):06d}+00:00"


def new_user(number: str, name: str) -> Json:
    """A person of this name."""
    return {
        "id": number,
        "username": name,
        "discriminator": "0",
        "global_name": name,
        "avatar": None,
        "bot": False,
        "flags": 0,
        "mfa_enabled": False,
    }


def membership() -> Json:
    """What every member of a server has."""
    return {"roles": [], "joined_at": stamp(), "deaf": False, "mute": False, "flags": 0}


def new_guild(number: str, bot: Json) -> Json:
    """A server with one role and one member, the bot."""
    everyone = {
        "id": number,
        "name": "@everyone",
        "color": 0,
        "hoist": False,
        "position": 0,
        "permissions": PERMISSIONS,
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }
    return {
        "id": number,
        "name": "Deneme",
        "owner_id": number,
        "roles": [everyone],
        "members": [{"user": bot, **membership()}],
        "member_count": 2,
        "channels": [],
        "large": False,
        "unavailable": False,
        "joined_at": stamp(),
        "guild_scheduled_events": [],
        **_PLAIN,
        **{name: [] for name in _LISTS},
    }


def interaction(kind: int, data: Json, act_id: str, token: str, *, me: str, person: Json, channel: Json) -> Json:
    """INTERACTION_CREATE of ``person`` in ``channel``, a server's or their own."""
    guild = channel["guild_id"]
    who = {"member": {"user": person, **membership(), "permissions": PERMISSIONS}} if guild else {"user": person}
    return {
        "id": act_id,
        "application_id": me,
        "type": kind,
        "token": token,
        "version": 1,
        "data": data,
        "channel_id": channel["id"],
        "channel": {k: v for k, v in channel.items() if v is not None},
        **({"guild_id": guild, "guild_locale": "tr"} if guild else {}),
        **who,
        "locale": "tr",
        "app_permissions": PERMISSIONS,
        "entitlements": [],
        "authorizing_integration_owners": {},
        "context": 0 if guild else 1,
        "attachment_size_limit": 10_485_760,
    }
