"""Replies as Telegram HTML."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.model import Article, Reply, Source, Status
from bot.platforms.telegram.markup import MOST_UNITS, escape, plain_html, sources_html, to_html
from bot.platforms.units import units
from tests.servers.telegram_rules import html_of, text_fault

ARTICLE = Article("Başlık <&>", "2026-02-02", "konu", "", "")


def reply_of(*paragraphs: str, quotes: tuple[str, ...] = ()) -> Reply:
    return Reply(Status.ANSWER, paragraphs, sources=tuple(Source(f"f{n}", q) for n, q in enumerate(quotes)))


def test_one_smaller_than_sign_kills_no_reply() -> None:
    """Everything that is not ours is escaped (telegram-support-bot#67)."""
    (message,) = to_html(reply_of("<3 & <b>", quotes=("a < b",)), ARTICLE)
    assert html_of(message) == ("<3 & <b>\n\n“a < b”\n📰 Başlık <&> (2 Şubat 2026)", "")


@given(st.lists(st.text(max_size=3000), max_size=5), st.lists(st.text(max_size=3000), max_size=3))
def test_no_reply_is_ever_refused_for_its_form(paragraphs: list[str], quotes: list[str]) -> None:
    """Whatever the text: balanced tags, whole entities, at most 4,096 UTF-16 units, never empty."""
    for message in to_html(reply_of(*paragraphs, quotes=tuple(quotes)), ARTICLE):
        assert text_fault(message, "HTML") is None
        assert units(message) <= MOST_UNITS


@pytest.mark.parametrize("filler", ["kelime ", "😀", "&", "<", "uzunbirkelime", "cümle. ", "\n"])
@pytest.mark.parametrize("length", [4_095, 4_096, 4_097, 9_000])
def test_a_long_text_is_split_without_a_loss_and_never_in_a_tag(filler: str, length: int) -> None:
    """4,096 are UTF-16 units and a cut falls between words, never in an entity (Serilog.Sinks.Telegram.Alternative#33)."""
    text = (filler * length)[:length]
    messages = to_html(reply_of(text, quotes=(text,)), ARTICLE)
    shown = [html_of(message) for message in messages]
    assert [wrong for _, wrong in shown if wrong] == []
    assert max(map(units, messages)) <= MOST_UNITS
    told = "".join("".join(part.split()) for part, _ in shown)
    assert told.count(filler.strip()) >= 2 * (length // len(filler)) if filler.strip() else messages


def test_paragraphs_stay_whole_when_they_fit() -> None:
    """Two paragraphs of 3,000 make two messages, not one of 4,096 and a rest."""
    first, second = "a" * 3000, "b" * 3000
    assert to_html(reply_of(first, second), ARTICLE) == [first, second]


def test_the_source_tells_what_the_facts_are_as_of() -> None:
    """Under the quotes stand title, date, and the day of what is stated, escaped."""
    (message,) = to_html(reply_of("a", quotes=("b",)), ARTICLE, "Bilginin tarihi: <2024>")
    assert message.endswith(") · Bilginin tarihi: &lt;2024&gt;</blockquote>")
    assert "Bilginin" not in to_html(reply_of("a"), ARTICLE, "Bilginin tarihi: 2024")[0]


def test_sources_are_shown_once_each_with_title_and_date() -> None:
    """The same quote behind two facts stands there once."""
    (message,) = sources_html(reply_of("yok", quotes=("aynı", "aynı", "öbür")), ARTICLE)
    assert message == "“aynı”\n\n“öbür”\n\n📰 Başlık &lt;&amp;&gt; (2 Şubat 2026)"


def test_a_source_without_quotes_names_the_article() -> None:
    """/kaynak has a sentence and the article's line."""
    assert sources_html(reply_of("Tek haber."), ARTICLE)[0].startswith("Tek haber.\n\n📰")


def test_characters_that_telegram_does_not_carry_are_left_out() -> None:
    """Control characters and lone surrogates would have the whole message refused."""
    assert escape("a\x00b\ud83dc\td") == "abc\td"


def test_an_empty_text_is_still_a_message() -> None:
    """Telegram refuses an empty message, so there is never one."""
    assert plain_html("") == ["…"]
