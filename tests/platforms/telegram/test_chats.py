"""Questions in private chats, groups and forum topics."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.desk.values import Notice
from bot.engine.model import Reply, Source, Status
from bot.platforms.telegram import phrases
from tests.platforms.telegram.running import ANSWER, QUESTION, Running
from tests.servers.telegram import BOT, BotServer

GROUP = -1001
NAME = str(BOT["username"])
QUIET_S = 0.3

pytestmark = pytest.mark.usefixtures("bot")


async def silent(server: BotServer) -> None:
    """A question after it is answered, so what came before was not merely late."""
    before = len(server.sent)
    marker = server.say(QUESTION, chat=9_999, user=9_999)
    await server.reply_to(marker)
    await asyncio.sleep(QUIET_S)
    assert [s.shown for s in server.sent[before:] if s.chat != 9_999] == []


async def test_a_private_question_is_answered_with_its_source_and_buttons(server: BotServer) -> None:
    """The answer quotes the question, holds the fact, the article's words, and 👍 👎 source."""
    reply = await server.reply_to(server.say(QUESTION))
    assert ANSWER in reply.shown
    assert "<blockquote expandable>“" in reply.text
    assert "2 Şubat 2026" in reply.shown
    assert [b["text"] for b in reply.buttons] == ["👍", "👎", "📄 Kaynak"]


async def test_a_follow_up_refers_to_the_question_before(server: BotServer) -> None:
    """'2023'te ne kadardı?' after the trade question is about trade, in one chat and in its order."""
    server.say(QUESTION)
    reply = await server.reply_to(server.say("2023'te ne kadardı?"))
    assert "2023" in reply.shown


async def test_two_people_in_one_group_do_not_share_a_context(server: BotServer) -> None:
    """Another person's elliptical question does not continue the first one's."""
    first = server.say("/soru 2024'te kaç Kazak turist Türkiye'ye geldi?", chat=GROUP, user=1)
    await server.reply_to(first)
    other = await server.reply_to(server.say("/soru peki tersi?", chat=GROUP, user=2))
    same = await server.reply_to(server.say("/soru peki tersi?", chat=GROUP, user=1))
    assert ("130 bin" in other.shown, "130 bin" in same.shown) == (False, True)


@pytest.mark.parametrize(
    "fields",
    [
        {"text": f"/soru {QUESTION}"},
        {"text": f"/soru@{NAME} {QUESTION}"},
        {"text": f"/SORU@{NAME.upper()} {QUESTION}"},
        {"text": f"@{NAME} {QUESTION}"},
        {"text": f"{QUESTION} @{NAME.upper()}"},
        {
            "text": QUESTION,
            "reply_to_message": {"message_id": 1, "date": 1, "chat": {"id": GROUP, "type": "group"}, "from": BOT},
        },
        {
            "text": f"Köprü {QUESTION}",
            "entities": [{"type": "text_mention", "offset": 0, "length": 5, "user": BOT}],
        },
        {
            "caption": f"Köprü {QUESTION}",
            "caption_entities": [{"type": "text_mention", "offset": 0, "length": 5, "user": BOT}],
        },
    ],
)
async def test_a_group_is_answered_when_it_speaks_to_the_bot(server: BotServer, fields: dict[str, Any]) -> None:
    """By command, by name in any case, by replying to the bot, by a mention without a user name."""
    reply = await server.reply_to(server.say(chat=GROUP, **fields))
    assert ANSWER in reply.shown


async def test_a_group_that_talks_about_other_things_is_left_in_peace(server: BotServer) -> None:
    """No word to plain talk, to other bots' commands, to bots, to service messages."""
    server.say(QUESTION, chat=GROUP)
    server.say(f"/soru@another_bot {QUESTION}", chat=GROUP)
    server.say(f"/soru@{NAME}2 {QUESTION}", chat=GROUP)
    server.say(f"@{NAME}2 {QUESTION}", chat=GROUP)
    server.say("/kick", chat=GROUP)
    server.say(f"/soru {QUESTION}", chat=GROUP, **{"from": {"id": 5, "is_bot": True, "first_name": "Bot"}})
    server.say(None, chat=GROUP, new_chat_members=[BOT])
    await silent(server)


async def test_an_empty_command_answers_the_message_that_it_replies_to(server: BotServer) -> None:
    """/soru as a reply to somebody's question answers that question, there."""
    question = server.message(QUESTION, chat=GROUP, user=5)
    server.say("/soru", chat=GROUP, user=6, reply_to_message=question)
    assert ANSWER in (await server.reply_to(question)).shown
    mention = server.message(QUESTION, chat=GROUP, user=5)
    server.say(f"@{NAME}", chat=GROUP, user=6, reply_to_message=mention)
    assert ANSWER in (await server.reply_to(mention)).shown


async def test_a_command_without_any_text_says_how_to_ask(server: BotServer) -> None:
    """/soru alone gets an example, not silence and not an invented answer."""
    assert "/soru " in (await server.reply_to(server.say("/soru", chat=GROUP))).shown


async def test_topics(server: BotServer) -> None:
    """A forum's topic is kept, and a plain reply chain's thread id is not passed off as a topic (PTB#4205, #4739)."""
    server.topics[GROUP] = {77}
    asked = server.say(f"/soru {QUESTION}", chat=GROUP, message_thread_id=77, is_topic_message=True)
    assert (await server.reply_to(asked)).thread == 77
    chained = server.say(f"/soru {QUESTION}", chat=GROUP, message_thread_id=5)
    assert (await server.reply_to(chained)).thread is None


async def test_anonymous_admins_and_channel_senders(server: BotServer) -> None:
    """Who writes in a group's or channel's name is answered like a person, though a bot account signs it."""
    as_group = {
        "from": {"id": 1087968824, "is_bot": True, "first_name": "Group"},
        "sender_chat": {"id": GROUP, "type": "supergroup"},
    }
    as_channel = {
        "from": {"id": 136817688, "is_bot": True, "first_name": "Channel"},
        "sender_chat": {"id": -100777, "type": "channel"},
    }
    for sender in (as_group, as_channel):
        assert ANSWER in (await server.reply_to(server.say(f"/soru {QUESTION}", chat=GROUP, **sender))).shown


async def test_channel_posts_are_passed_over(server: BotServer) -> None:
    """Neither a channel's post nor its copy in the discussion group is answered."""
    server.allowed = None
    server.push({"channel_post": server.message(f"/soru {QUESTION}", chat=-100777)})
    server.say(
        f"/soru {QUESTION}", chat=GROUP, is_automatic_forward=True, sender_chat={"id": -100777, "type": "channel"}
    )
    await silent(server)


async def test_what_is_not_text_gets_a_kind_word_in_private_only(server: BotServer) -> None:
    """A voice message is told that only text is read; in a group it is nobody's business."""
    voice = {"file_id": "x", "file_unique_id": "x", "duration": 3}
    assert "yazılı" in (await server.reply_to(server.say(None, voice=voice))).shown
    server.say(None, voice=voice, chat=GROUP)
    await silent(server)


async def test_what_the_library_cannot_read_of_a_message_costs_no_answer(server: BotServer) -> None:
    """A sticker, a quotation or a photo in a form that the library does not know: what is needed is read all the same."""
    odd = {"photo": [{"file_id": "x"}], "quote": {"x": 1}, "external_reply": 5}
    assert ANSWER in (await server.reply_to(server.say(QUESTION, **odd))).shown
    replied = server.message(QUESTION, sticker={"file_id": "x"})
    assert ANSWER in (await server.reply_to(server.say(f"/soru {QUESTION}", reply_to_message=replied))).shown
    assert (await server.reply_to(server.say(sticker={"file_id": "x"}))).shown == phrases.ONLY_TEXT


async def test_a_photo_is_answered_by_its_caption(server: BotServer) -> None:
    """The question may stand under a picture."""
    photo = [{"file_id": "x", "file_unique_id": "x", "width": 1, "height": 1}]
    assert ANSWER in (await server.reply_to(server.say(None, photo=photo, caption=QUESTION))).shown


async def test_an_edited_question_edits_its_answer(server: BotServer) -> None:
    """The old answer is changed in place; no second message comes."""
    asked = server.say(QUESTION)
    reply = await server.reply_to(asked)
    server.edit(asked, "Kazakistan'da kaç gün vizesiz kalınır?")
    await server.until(lambda: reply.edits > 0)
    assert "90" in reply.shown
    assert server.replies[asked["message_id"]] == 1


async def test_an_edit_that_changes_nothing_is_no_error(server: BotServer, caplog: pytest.LogCaptureFixture) -> None:
    """'message is not modified' passes without a line in the log."""
    asked = server.say(QUESTION)
    await server.reply_to(asked)
    server.edit(asked, QUESTION + "?")
    await server.until(lambda: any(c.method == "editMessageText" and c.status == 400 for c in server.calls))
    await silent(server)
    assert [r for r in caplog.records if r.levelname in {"WARNING", "ERROR"}] == []


async def test_an_edit_shortens_and_lengthens_a_split_answer(
    server: BotServer, bot: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three messages become one and then two; none of the old ones is left over."""
    lengths = iter([3, 1, 2])

    async def ask(*_: object) -> Reply:
        paragraphs = tuple(f"{n} " + "uzun " * 700 for n in range(next(lengths)))
        return Reply(Status.ANSWER, paragraphs, sources=(Source("f", "söz"),))

    monkeypatch.setattr(bot.desk, "ask", ask)
    asked = server.say("uzun")
    await server.until(lambda: len(server.sent) == 3)
    server.edit(asked, "kısa")
    await server.until(lambda: len(server.deleted) == 2)
    server.edit(asked, "orta", after_s=4)
    await server.until(lambda: len(server.sent) == 4)
    assert [len(s.buttons) for s in server.sent if (s.chat, s.id) not in server.deleted] == [0, 3]


async def test_an_edit_that_overtakes_its_question_is_answered_once(server: BotServer) -> None:
    """Updates out of order: the newer text wins and the older one adds nothing."""
    asked = server.message("bu bir soru değil henüz")
    server.edit(asked, QUESTION)
    reply = await server.reply_to(asked)
    server.push({"message": asked})
    await silent(server)
    assert (ANSWER in reply.shown, server.replies[asked["message_id"]]) == (True, 1)


async def test_an_old_edit_after_a_restart_is_not_answered_anew(server: BotServer) -> None:
    """An edit of a message that this process never saw comes too late after five minutes."""
    server.edit(server.message(QUESTION), QUESTION, after_s=3_600)
    await silent(server)
    fresh = server.message(QUESTION)
    server.edit(fresh, QUESTION, after_s=20)
    assert ANSWER in (await server.reply_to(fresh)).shown


@pytest.mark.parametrize(
    ("command", "part"),
    [
        ("/start", "Merhaba"),
        ("/yardim", "/konular"),
        ("/yardım", "/konular"),
        ("/help", "/konular"),
        ("/konular", "konularda"),
        ("/kaynak", "2 Şubat 2026"),
        ("/gizlilik", "KVKK"),
        ("/privacy", "KVKK"),
        ("/sil", "kayıt"),
        ("/bilinmeyen", "/yardim"),
    ],
)
async def test_commands(server: BotServer, command: str, part: str) -> None:
    """Every command that Telegram's menus show, and a word for one that does not exist."""
    assert part in (await server.reply_to(server.say(command))).shown


async def test_a_deep_link_leads_to_its_topic(server: BotServer, bot: Running) -> None:
    """t.me/bot?start=<topic> answers at once; an unknown payload greets."""
    topic = next(t for t in bot.desk.topics() if t.key == "visa_days")
    assert "90" in (await server.reply_to(server.say(f"/start {topic.key}"))).shown
    assert "Merhaba" in (await server.reply_to(server.say("/start <b>yok"))).shown


async def test_sil_deletes_and_says_how_many(server: BotServer) -> None:
    """After a question that was refused there is something to delete, and then nothing any more."""
    server.say("Kazakistan'da hava nasıl olacak yarın?")
    assert "silindi" in (await server.reply_to(server.say("/sil"))).shown
    assert "yoktu" in (await server.reply_to(server.say("/sil"))).shown


async def test_too_many_questions_get_one_friendly_notice(
    server: BotServer, bot: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over the limit: one message that says so, then silence."""
    notices = iter([Notice("Biraz yavaş"), Notice(""), None])

    async def allowed(_: object) -> Notice | None:
        return next(notices, None)

    monkeypatch.setattr(bot.desk, "allowed", allowed)
    first, second, third = server.say(QUESTION), server.say(QUESTION), server.say(QUESTION)
    await server.reply_to(third)
    replies = [s.shown for s in server.sent if s.reply_to in {first["message_id"], second["message_id"]}]
    assert replies == ["Biraz yavaş"]


@pytest.mark.parametrize(
    "text",
    [
        "<3",
        "<b>kalın</b> & <script>",
        "...",
        "\u200b",
        "\ud83d",
        "a\x00b",
        "؟" * 50,
        "😀" * 2000,
        "x" * 4096,
        "&lt;",
        "</blockquote>",
    ],
)
async def test_hostile_text_gets_a_calm_reply(server: BotServer, text: str) -> None:
    """Whatever is typed, exactly one well-formed reply (the server checks its markup)."""
    asked = server.say(text)
    await server.reply_to(asked)
    await silent(server)
    assert server.replies[asked["message_id"]] == 1
