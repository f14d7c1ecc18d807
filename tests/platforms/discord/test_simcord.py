"""The same client on a simulated Discord that we did not write (PyPI ``simcord``): permissions, unsynced commands, 10062."""

from __future__ import annotations

import discord
import simcord

from bot.engine.answer import Engine
from bot.platforms.discord.client import Client
from bot.platforms.discord.flight import Flight
from bot.platforms.discord.rest import Address
from bot.settings import DISCORD_API, Settings
from tests.platforms.discord.running import VISA, desk_for
from tests.platforms.discord.test_people import ANSWER


async def test_a_day_on_simcord(engine: Engine) -> None:
    """Commands that were synced, a mention, a direct message, a button, and a refusal that names the id."""
    client = Client(desk_for(engine, Settings()), Flight(), "simcord", Address(DISCORD_API, None))
    async with simcord.run(client, shard_count=1, check_errors=False) as env:
        guild = env.create_guild()
        channel = guild.create_text_channel("genel")
        ayla = guild.add_member(env.create_user("ayla"))
        asked = await ayla.slash(channel, "sor", soru=VISA)
        assert asked.response is not None
        assert ANSWER in asked.response.content
        pressed = await ayla.click(asked.response, label="Kaynak")
        assert pressed.ephemeral
        await ayla.send(channel, f"<@{client.me}> {VISA}")
        assert channel.last_message is not None
        assert ANSWER in channel.last_message.content
        mail = await ayla.send_dm(VISA)
        answers = [m async for m in mail.channel.history(limit=5) if m.author.id == client.me]
        assert ANSWER in answers[0].content
        assert "yonetim" not in str(ayla.available_commands(channel))
        keeper = guild.create_role("Görevli", permissions=discord.Permissions(manage_guild=True))
        outsider = guild.add_member(env.create_user("barış"), roles=[keeper])
        refused = await outsider.slash(channel, "yonetim durum")
        assert refused.ephemeral
        assert refused.response is not None
        assert str(outsider.id) in refused.response.content
