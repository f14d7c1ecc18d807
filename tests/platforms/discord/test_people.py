"""What people do on Discord: ask in every way there is, press, edit, and stay unanswered when they talk to others."""

from __future__ import annotations

from typing import Any

import pytest

from bot.engine.answer import Engine
from bot.engine.model import Choice, Reply, Status
from bot.platforms.discord.commands import NOTHING_TO_READ
from bot.platforms.discord.presses import OLD_BUTTON
from tests.platforms.discord.running import TRADE, VISA, bot_on
from tests.servers.discord import Act, DiscordServer
from tests.servers.discord_limits import walk

ANSWER = "30 günden 90 güne"
HOSTILE = "@everyone @here <@1> [tıkla](https://kötü.example) **" + "A" * 1_700 + "\u202e\u200b\x00 ' ; DROP TABLE"


def labels(message: dict[str, Any]) -> list[str]:
    return [b.get("label") or b["emoji"]["name"] for b in walk(message["components"]) if b["type"] == 2]


async def choices_of(server: DiscordServer, act: Act) -> list[dict[str, Any]]:
    await server.until(lambda: act.choices is not None)
    return act.choices or []


def option(text: str) -> list[dict[str, Any]]:
    return [{"name": "soru", "type": 3, "value": text}]


async def test_a_direct_message_is_answered_with_its_source(server: DiscordServer, engine: Engine) -> None:
    """A reply to the message, without a ping; quote, title and date in the embed; source and rating buttons."""
    async with bot_on(server, engine):
        asked = await server.say(VISA)
        answer = await server.reply_to(asked)
    assert ANSWER in answer["content"]
    assert "> “" in answer["embeds"][0]["description"]
    assert "2 Şubat 2026" in answer["embeds"][0]["description"]
    assert labels(answer) == ["Kaynak", "👍", "👎"]


async def test_a_mention_is_answered_and_other_talk_is_not(server: DiscordServer, engine: Engine) -> None:
    """In a server the bot is silent unless it is addressed; it works in text that mentions others as well."""
    async with bot_on(server, engine):
        await server.say(VISA, channel=server.channel)
        await server.say(f"@everyone {VISA}", channel=server.channel)
        called = await server.say(f"<@{server.me}> <@999> {VISA}", channel=server.channel)
        await server.reply_to(called)
        await server.settle()
    assert len(server.posts()) == 1


async def test_a_mention_is_seen_in_the_text_alone(server: DiscordServer, engine: Engine) -> None:
    """Proxies leave the list of mentions empty; the text says it too."""
    async with bot_on(server, engine):
        called = server.write(f"<@!{server.me}> {VISA}", channel=server.channel)
        await server.gateway.dispatch(
            "MESSAGE_CREATE", {**called, "guild_id": server.guild, "content": called["content"], "mentions": []}
        )
        assert ANSWER in (await server.reply_to(called))["content"]


async def test_the_role_of_the_bots_name_is_its_name(server: DiscordServer, engine: Engine) -> None:
    """Discord makes a role for each bot and offers both as "@Köprü"; another role is nobody's name."""
    own, other = server.add_role(bot=server.me), server.add_role()
    async with bot_on(server, engine):
        called = {role: server.write(f"<@&{role}> {VISA}", channel=server.channel) for role in (other, own)}
        for role, message in called.items():
            told = {**message, "guild_id": server.guild, "mention_roles": [role]}
            await server.gateway.dispatch("MESSAGE_CREATE", told)
        assert ANSWER in (await server.reply_to(called[own]))["content"]
    assert len(server.posts()) == 1


async def test_the_menu_reads_an_embed_and_says_when_there_is_nothing(server: DiscordServer, engine: Engine) -> None:
    """A message may be an embed and nothing else, or a picture: not a welcome, but what can be read, or a word on it."""
    async with bot_on(server, engine):
        shown = server.write("", user="barış", embeds=[{"type": "rich", "title": "Soru", "description": VISA}])
        act = await server.menu("Buna cevap ver", shown, user="barış")
        assert ANSWER in (await server.response_to(act))["content"]
        act = await server.menu("Buna cevap ver", server.write("", user="barış"), user="barış")
        assert (await server.response_to(act))["content"] == NOTHING_TO_READ
        assert act.ephemeral


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (3, {"custom_id": "z:1", "component_type": 2}),
        (3, {"custom_id": "eski_dugme", "component_type": 2}),
        (3, {"custom_id": "secim", "component_type": 3, "values": ["1"]}),
        (5, {"custom_id": "form", "components": []}),
    ],
)
async def test_what_is_no_button_of_ours_is_answered(
    server: DiscordServer, engine: Engine, kind: int, data: Any
) -> None:
    """Left from another version, or a form: without an answer Discord says in its own language that the app failed."""
    async with bot_on(server, engine):
        reply = await server.reply_to(await server.say(VISA))
        act = await server._act(kind, data, channel=reply["channel_id"], message=reply)
        assert (await server.response_to(act))["content"] == OLD_BUTTON
        assert act.ephemeral


async def test_a_reply_to_the_bot_is_a_follow_up(server: DiscordServer, engine: Engine) -> None:
    """A reply that pings the bot continues the conversation, without a mention in the text."""
    async with bot_on(server, engine):
        first = await server.say(
            f"<@{server.me}> 2024'te Kazakistan'dan Türkiye'ye kaç turist geldi?", channel=server.channel
        )
        answer = await server.reply_to(first)
        second = server.write("peki Türkiye'den Kazakistan'a?", channel=server.channel, reply_to=answer["id"])
        second["mentions"] = [server.bot]
        await server.tell("MESSAGE_CREATE", second)
        assert "130 bin" in (await server.reply_to(second))["content"]


async def test_a_bare_mention_under_a_message_answers_that_message(server: DiscordServer, engine: Engine) -> None:
    """“@Köprü” as a reply to a question answers the question; alone it gets a welcome."""
    async with bot_on(server, engine):
        question = server.write(VISA, user="barış", channel=server.channel)
        called = await server.say(f"<@{server.me}>", channel=server.channel, reply_to=question["id"])
        assert ANSWER in (await server.reply_to(called))["content"]
        alone = await server.say(f"<@{server.me}>", channel=server.channel)
        assert (await server.reply_to(alone))["content"].startswith("Merhaba")


async def test_bots_and_webhooks_are_not_answered(server: DiscordServer, engine: Engine) -> None:
    """Two bots must not talk to each other for ever."""
    async with bot_on(server, engine):
        bot = server.write(f"<@{server.me}> {VISA}", channel=server.channel)
        bot["author"] = {**bot["author"], "bot": True}
        await server.tell("MESSAGE_CREATE", bot)
        hook = server.write(f"<@{server.me}> {VISA}", channel=server.channel)
        await server.tell("MESSAGE_CREATE", {**hook, "webhook_id": "77"})
        joined = server.write(f"<@{server.me}>", channel=server.channel, type=7)
        await server.tell("MESSAGE_CREATE", {**joined, "type": 7})
        await server.settle()
    assert server.posts() == []


@pytest.mark.parametrize("private", [True, False])
async def test_slash_sor(server: DiscordServer, engine: Engine, private: bool) -> None:
    """The slash command answers in servers and in direct messages, for all to see."""
    async with bot_on(server, engine):
        channel = server.direct("ayşe") if private else server.channel
        act = await server.slash("sor", option(VISA), channel=channel)
        answer = await server.response_to(act)
    assert ANSWER in answer["content"]
    assert not act.ephemeral


async def test_the_message_menu_answers_a_message(server: DiscordServer, engine: Engine) -> None:
    """“Buna cevap ver” on anybody's message."""
    async with bot_on(server, engine):
        theirs = server.write(VISA, user="barış", channel=server.channel)
        act = await server.menu("Buna cevap ver", theirs)
        assert ANSWER in (await server.response_to(act))["content"]


async def test_autocomplete_offers_whole_questions(server: DiscordServer, engine: Engine) -> None:
    """At most 25 choices of at most 100 characters, for nothing, a word, and hostile text."""
    async with bot_on(server, engine):
        for typed, expected in (("", True), ("vize", True), (HOSTILE, False)):
            act = await server.complete("sor", "soru", typed)
            choices = await choices_of(server, act)
            assert bool(choices) is expected
            assert len(choices) <= 25


async def test_topics_are_buttons_that_answer(server: DiscordServer, engine: Engine) -> None:
    """``/konular`` shows topics for one person; a press answers; pages turn in place."""
    async with bot_on(server, engine) as desk:
        act = await server.slash("konular")
        listed = await server.response_to(act)
        assert act.ephemeral
        first = desk.topics()[0]
        pressed = await server.press(listed, first.title[:80])
        assert (await server.response_to(pressed))["content"]
        if "Sonraki ▶" in labels(listed):
            turn = await server.press(listed, "Sonraki ▶")
            await server.until(lambda: turn.acknowledged)
            assert turn.acknowledged == 7
            assert "◀ Önceki" in labels(server.messages[server.channel][listed["id"]])


@pytest.mark.parametrize(
    ("command", "word"), [("gizlilik", "KVKK"), ("yardim", "/sor"), ("kaynak", "Koşerbayev"), ("sil", "kayıt")]
)
async def test_commands_that_tell(server: DiscordServer, engine: Engine, command: str, word: str) -> None:
    """Privacy, help, source and deletion are told to the one who asked."""
    async with bot_on(server, engine):
        act = await server.slash(command)
        assert word in (await server.response_to(act))["content"]
    assert act.ephemeral


async def test_help_names_what_is_registered(server: DiscordServer, engine: Engine) -> None:
    """Every command that Discord was given is told, by the name that a Turkish reader sees and with its description."""
    async with bot_on(server, engine):
        told = (await server.response_to(await server.slash("yardim")))["content"]
        managing = (await server.response_to(await server.slash("yardim", user="ayla")))["content"]
    everybody = [c for c in server.commands if c["type"] == 1 and c["name"] != "yonetim"]
    assert len(everybody) == 6
    for command in everybody:
        assert f"/{command['name_localizations']['tr']} – {command['description']}" in told
    assert "Buna cevap ver" in told
    assert "yönetim" not in told
    (admin,) = (c for c in server.commands if c["name"] == "yonetim")
    for command in admin["options"]:
        assert f"/yönetim {command['name_localizations']['tr']} – {command['description']}" in managing


async def test_the_source_button_shows_all_quotes(server: DiscordServer, engine: Engine) -> None:
    """Verbatim quotes and the article's line, for the one who pressed."""
    async with bot_on(server, engine) as desk:
        answer = await server.reply_to(await server.say(TRADE))
        act = await server.press(answer, "Kaynak")
        shown = await server.response_to(act)
        quotes = [s.quote for s in desk.source(_facts(answer)).sources]
    assert act.ephemeral
    assert quotes
    assert all(quote in shown["content"] for quote in quotes)


def _facts(answer: dict[str, Any]) -> list[str]:
    source = next(b["custom_id"] for b in walk(answer["components"]) if str(b.get("custom_id", "")).startswith("s:"))
    return [f for f in str(source)[2:].split(",") if f]


async def test_ratings_reach_the_desk_with_the_question(
    server: DiscordServer, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """👍 and 👎 are thanked for, and the editor sees what had been asked."""
    noted: list[tuple[str, bool, str | None]] = []
    async with bot_on(server, engine) as desk:

        async def rated(_: object, intent: str, facts: object, good: bool, text: str | None) -> None:
            noted.append((intent, good, text))

        monkeypatch.setattr(desk.memory, "rated", rated)
        answer = await server.reply_to(await server.say(VISA))
        for thumb in ("👍", "👎"):
            act = await server.press(answer, thumb)
            assert "Teşekkürler" in (await server.response_to(act))["content"]
            assert act.ephemeral
    assert [(good, text) for _, good, text in noted] == [(True, VISA), (False, VISA)]


async def test_clarify_choose_and_none_of_these(
    server: DiscordServer, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Choices are buttons that lead to an answer; "Hiçbiri değil" is noted and thanked for."""
    async with bot_on(server, engine) as desk:
        topics = desk.topics()[:2]

        async def vague(*_: object) -> Reply:
            choices = tuple(Choice(t.key, t.title, "") for t in topics)
            return Reply(Status.CLARIFY, ("Hangisini öğrenmek istersiniz?",), choices=choices)

        monkeypatch.setattr(desk, "ask", vague)
        answer = await server.reply_to(await server.say("hangisi?"))
        assert labels(answer) == [*(t.title for t in topics), "Hiçbiri değil"]
        chosen = await server.press(answer, topics[0].title)
        assert (await server.response_to(chosen))["embeds"]
        none = await server.press(answer, "Hiçbiri değil")
        assert "kaydettik" in (await server.response_to(none))["content"]


async def test_an_edited_question_edits_its_answer(server: DiscordServer, engine: Engine) -> None:
    """No second reply; the same text again (an embed was resolved) changes nothing."""
    async with bot_on(server, engine):
        asked = await server.say(VISA)
        answer = await server.reply_to(asked)
        await server.edit(asked, TRADE)
        await server.until(lambda: "5 milyar" in server.messages[answer["channel_id"]][answer["id"]]["content"])
        await server.edit(asked, TRADE)
        await server.settle()
        assert len(server.replies_to(asked)) == 1
        assert sum(method == "PATCH" for method, _ in server.requests) == 1


async def test_an_answer_of_an_earlier_process_is_edited_too(server: DiscordServer, engine: Engine) -> None:
    """After a restart the channel's history tells which message answered."""
    async with bot_on(server, engine):
        asked = await server.say(VISA)
        answer = await server.reply_to(asked)
    async with bot_on(server, engine):
        await server.edit(asked, TRADE)
        await server.until(lambda: "5 milyar" in server.messages[answer["channel_id"]][answer["id"]]["content"])
    assert len(server.replies_to(asked)) == 1


async def test_an_edit_that_overtakes_its_message(server: DiscordServer, engine: Engine) -> None:
    """Events out of order: the newer text is answered, once."""
    async with bot_on(server, engine):
        asked = server.write(VISA)
        await server.edit(asked, TRADE)
        await server.settle()
        await server.tell("MESSAGE_CREATE", asked)
        assert "5 milyar" in (await server.reply_to(asked))["content"]
        await server.settle()
    assert len(server.replies_to(asked)) == 1


async def test_hostile_text_is_answered_calmly(server: DiscordServer, engine: Engine) -> None:
    """Mentions, links, control characters, right-to-left marks and 1,700 letters: one reply, no ping, no link."""
    async with bot_on(server, engine):
        answer = await server.reply_to(await server.say(HOSTILE))
        act = await server.slash("sor", option(HOSTILE[:1500]))
        await server.response_to(act)
        empty = await server.reply_to(await server.say("..."))
    assert "@everyone" not in answer["content"]
    assert "https://" not in answer["content"]
    assert not empty["embeds"]


async def test_a_hurried_person_is_told_once(server: DiscordServer, engine: Engine) -> None:
    """One friendly notice, then silence; a slash command gets a word each time, since Discord demands it."""
    from bot.settings import Limits

    async with bot_on(server, engine, limits=Limits(person_per_minute=0.001, chat_per_minute=0.001, burst=1)):
        await server.reply_to(await server.say(VISA))
        told = await server.reply_to(await server.say(VISA))
        silent = await server.say(VISA)
        act = await server.slash("sor", option(VISA), channel=server.direct("ayşe"))
        assert "bekle" in (await server.response_to(act))["content"]
    assert "bekleyip" in told["content"]
    assert server.replies_to(silent) == []


async def test_without_the_right_to_embed_the_quote_is_in_the_text(server: DiscordServer, engine: Engine) -> None:
    """Sources are never lost to a channel's permissions."""
    no_embeds = (1 << 50) - 1 - (1 << 14) - (1 << 3)
    server.guilds[server.guild]["roles"][0]["permissions"] = str(no_embeds)
    async with bot_on(server, engine):
        answer = await server.reply_to(await server.say(f"<@{server.me}> {VISA}", channel=server.channel))
    assert answer["embeds"] == []
    assert "> “" in answer["content"]


async def test_a_long_reply_comes_in_parts(
    server: DiscordServer, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Message after message in a channel; first response and follow-ups for a command."""
    async with bot_on(server, engine) as desk:

        async def long(*_: object) -> Reply:
            return Reply(Status.ANSWER, ("a" * 1_200, "b" * 1_200, "c" * 1_200))

        monkeypatch.setattr(desk, "ask", long)
        asked = await server.say(VISA)
        await server.until(lambda: len(server.replies_to(asked)) == 3)
        act = await server.slash("sor", option(VISA))
        await server.until(lambda: len(act.followups) == 2)
    assert [m["content"][0] for m in server.replies_to(asked)] == ["a", "b", "c"]
