"""The command tree goes to Discord only when it changed: Discord allows 200 creations a day.

The tree's hash is an entry of the journal under a platform name of its own: written down, claimed by one
replica, ticked off when Discord took it. So it survives restarts, a failed try is made again, and several
replicas register once. Without a journal the tree is registered once a process.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import time
from typing import TYPE_CHECKING

import aiohttp
import discord

from bot.desk import Desk

if TYPE_CHECKING:
    from bot.platforms.discord.commands import Tree

log = logging.getLogger(__name__)
LEASE_S = 60.0
OTHERS_S = 3.0
PLATFORM = "discord-tree"


async def sync(tree: Tree, desk: Desk, owner: str) -> bool:
    """Register the tree if Discord does not have this one; says whether it did. Trouble is logged, not raised."""
    name = f"{tree.client.application_id}:{await fingerprint(tree)}"
    journal, attempt = desk.journal, desk.memory.attempt
    await attempt(lambda: journal.take(PLATFORM, name, "", time.time()), True)
    mine = await attempt(lambda: journal.claim_one(PLATFORM, name, owner, time.time(), LEASE_S), True)
    if not mine and (await _in_place(tree) or await _soon_in_place(tree)):
        return False
    try:
        await tree.sync()
    except (discord.DiscordException, aiohttp.ClientError, OSError, KeyError, TypeError, ValueError) as problem:
        # Discord (or a proxy) may have taken them and said so oddly; either way people can be answered.
        fields = {"error": type(problem).__name__, "code": getattr(problem, "code", None)}
        log.warning("commands_not_registered", extra={"fields": fields})
        if isinstance(problem, (discord.DiscordException, aiohttp.ClientError, OSError)):
            return False
    await attempt(lambda: journal.done(PLATFORM, name, owner, time.time()), False)
    log.info("commands_registered", extra={"fields": {"commands": len(tree.get_commands())}})
    return True


async def fingerprint(tree: Tree) -> str:
    """A hash of everything that Discord is told about the commands, names in all languages included."""
    translator = tree.translator
    payload = [
        await command.get_translated_payload(tree, translator) if translator is not None else command.to_dict(tree)
        for command in [*tree.get_commands(), *tree.get_commands(type=discord.AppCommandType.message)]
    ]
    text = json.dumps(sorted(payload, key=lambda p: (p["type"], p["name"])), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


async def _soon_in_place(tree: Tree) -> bool:
    """Whether another replica, which may be registering them right now, has done so in a moment."""
    await asyncio.sleep(OTHERS_S)
    return await _in_place(tree)


async def _in_place(tree: Tree) -> bool:
    """Whether Discord still lists all commands; somebody may have removed them. If it cannot say, yes."""
    try:
        found = {command.name for command in await tree.fetch_commands()}
    except (discord.DiscordException, aiohttp.ClientError, OSError, KeyError, TypeError, ValueError):
        return True
    own = tree.get_commands()
    return {c.name for c in own} <= found
