"""What a Reply looks like on Discord: escaped, split, sourced, within every limit."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.model import Article, Choice, Reply, Source, Status
from bot.platforms.discord.buttons import fields_of, view_of
from bot.platforms.discord.markup import Page, escape, source_id, source_pages, split, text_pages, to_view
from bot.platforms.units import units

ARTICLE = Article("Bakan, *konuğu* kabul etti", "2026-02-02", "Türkiye–Kazakistan ilişkileri", "", "")
HOSTILE = "@everyone **[tıkla](https://kötü.example)** <@123> <3 `x` ||gizli|| # <t:1:R> <:a:1>"


def reply(status: Status = Status.ANSWER, *paragraphs: str, quotes: tuple[str, ...] = (), **more: object) -> Reply:
    sources = tuple(Source(f"f{n}", q) for n, q in enumerate(quotes))
    return Reply(status, paragraphs or ("Yanıt.",), facts=tuple(s.fact for s in sources), sources=sources, **more)  # type: ignore[arg-type]


def shown(text: str) -> str:
    """What a reader sees: backslashes before punctuation and zero-width characters are not seen."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", text).replace("\u200b", "")


def test_less_than_three_in_a_name_kills_no_reply() -> None:
    """``<3`` stays what it is (telegram-support-bot#67)."""
    assert "Ali <3 Veli" in shown(to_view(reply(Status.ANSWER, "Ali <3 Veli"), ARTICLE)[0].content)


MARKS = (
    "@everyone @here <@1> <@!1> <@&1> <#1> <:ad:1> <a:ad:1> <t:1:R> [a](https://x.example) https://x.example".split()
)
BLOCKS = ["**a**", "__a__", "~~a~~", "`a`", "||a||", "# a", "-# a", "> a", ">>> a", "- a", "1. a"]


@pytest.mark.parametrize("mark", [*MARKS, *BLOCKS])
def test_what_is_not_ours_is_escaped(mark: str) -> None:
    """No mark survives as markdown, mention, emoji, timestamp or link, and all of it stays readable."""
    escaped = escape(mark)
    assert not escaped.startswith(mark)
    assert shown(escaped) == mark


def test_plain_turkish_is_left_alone() -> None:
    """Quotes of the article stay verbatim, hyphens and dates included."""
    text = "2 Mart 1992’de Türkiye-Kazakistan ilişkileri (TDT) “kuruldu”: 5,2 milyar dolar, %12; I'dan İ'ye!"
    assert escape(text) == text


@given(st.text(max_size=300))
def test_escaping_shows_what_was_written(text: str) -> None:
    """Whatever is escaped reads as before."""
    assert shown(escape(text)).replace("\u200b", "") == shown(text.replace("\\", "\\\\")).replace("\u200b", "")


@given(st.lists(st.text(alphabet="ab ğ😀.\\*\n", max_size=3_000), max_size=6))
def test_every_message_fits(paragraphs: list[str]) -> None:
    """No message is empty or longer than 2,000 UTF-16 units, and no letter is lost."""
    messages = split(paragraphs)
    assert all(0 < units(m) <= 2_000 for m in messages)
    kept = re.sub(r"\s", "", "".join(p for p in paragraphs if p.strip()))
    assert re.sub(r"[\s…]", "", "".join(messages)) == kept


def test_a_long_reply_is_split_at_a_paragraph() -> None:
    """Paragraphs stay whole, the source and the buttons come with the last message."""
    pages = to_view(reply(Status.ANSWER, "a" * 1_500, "b" * 1_500, quotes=("Alıntı.",)), ARTICLE)
    assert [page.content for page in pages] == ["a" * 1_500, "b" * 1_500]
    assert [bool(page.embed) for page in pages] == [False, True]
    assert [bool(page.buttons) for page in pages] == [False, True]


def test_the_source_is_a_verbatim_quote_with_title_and_dates() -> None:
    """Quote, article, date and what the fact is as of, in the embed."""
    (page,) = to_view(
        reply(quotes=("5 milyar dolar olarak kaydedildi.",)), ARTICLE, "Bilginin tarihi: 2024, Temmuz 2025"
    )
    assert page.embed is not None
    text = page.embed.description or ""
    assert text.startswith("> “5 milyar dolar olarak kaydedildi.”")
    assert "-# Kaynak: Bakan, \\*konuğu\\* kabul etti · 2 Şubat 2026 · Bilginin tarihi: 2024, Temmuz 2025" in text


def test_where_embeds_are_forbidden_the_source_is_below_the_answer() -> None:
    """A channel without the right to embed links still gets the quote."""
    (page,) = to_view(reply(quotes=("Alıntı.",)), ARTICLE, embeds=False)
    assert page.embed is None
    assert "> “Alıntı.”" in page.content


def test_an_embed_stays_below_its_limit() -> None:
    """Many long quotes are left to the source button, which shows all of them."""
    long = reply(quotes=tuple(f"{n} " + "x" * 900 for n in range(9)))
    (page,) = to_view(long, ARTICLE)
    assert page.embed is not None
    assert len(page.embed.description or "") <= 4_096
    everything = "".join(p.content for p in source_pages(long, ARTICLE))
    assert all(f"“{n} x" in everything for n in range(9))


def test_a_clarifying_reply_has_its_choices_and_a_way_out() -> None:
    """Every choice is a button; the last one is "none of these"."""
    choices = tuple(Choice(f"k{n}", f"Soru {n} " + "ü" * 90, "") for n in range(4))
    (page,) = to_view(reply(Status.CLARIFY, choices=choices), ARTICLE)
    assert [b.id for b in page.buttons] == ["c:k0", "c:k1", "c:k2", "c:k3", "n:"]
    assert all(len(b.label) <= 80 for b in page.buttons)


@given(st.lists(st.from_regex(r"[a-z][a-z0-9_-]{0,47}", fullmatch=True), max_size=9))
def test_a_source_button_fits_into_100_characters(facts: list[str]) -> None:
    """As many facts as fit, none cut."""
    made = source_id(facts)
    assert len(made) <= 100
    assert [f for f in made[2:].split(",") if f] == facts[: len([f for f in made[2:].split(",") if f])]


async def test_buttons_are_persistent() -> None:
    """A view without a time-out whose items are found by their ids alone."""
    view = view_of(to_view(reply(quotes=("A.",), intent="visa_days"), ARTICLE)[0].buttons)
    assert view is not None
    assert view.timeout is None
    assert view.is_persistent()
    assert {item.custom_id for item in view.children} == {"s:f0", "r:+:visa_days", "r:-:visa_days"}  # type: ignore[attr-defined]


def test_a_page_without_extras_sends_content_only() -> None:
    """Nothing is passed that is not there, so that no default of the library's is overridden."""
    assert fields_of(Page("a")) == {"content": "a"}


def test_paragraphs_of_the_desk_are_escaped_too() -> None:
    """Hostile text in a report reaches nobody as a ping or a link."""
    content = text_pages(HOSTILE)[0].content
    assert "@everyone" not in content
    assert "<@123>" not in content
    assert "https://" not in content
