"""A Reply → Discord messages: what is not ours is escaped, what is long is split, the source is a quote.

Look: the answer is plain message content and its source is an embed; no Components V2. A message made of
V2 components has an empty ``content``: phones notify without the text, search, reply previews and bridges
show nothing, and a message cannot be changed back by an edit. Content reaches everybody, the embed sets the
quote apart, and where the bot may not embed links the quote goes below the answer instead of being lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import discord

from bot.engine.compose import long_date
from bot.engine.model import Article, Reply, Status
from bot.platforms.units import cut, pieces, units

MOST_CONTENT = 2_000
MOST_QUOTES = 1_500
"""Characters of quotes under an answer; the source button shows all of them."""
MOST_LABEL = 80
MOST_ID = 100

_ANYWHERE = re.compile(r"[\\*_~`|]")
_LINE_START = re.compile(r"^(\s*)(#{1,3}(?=\s)|-#(?=\s)|>{1,3}(?=\s)|[-+](?=\s)|\d{1,9}(?=[.)]\s))", re.MULTILINE)
_POINTED = re.compile(r"<(?=[@#:/!ta]|https?:|id:|sound:)", re.IGNORECASE)
_MASKED = re.compile(r"\](?=\s*\()")
_PINGS = re.compile(r"@(?=everyone|here)", re.IGNORECASE)
_COLOURS = {Status.ANSWER: 0x1F7A8C, Status.NOT_IN_ARTICLE: 0xC98A1B}


@dataclass(frozen=True, slots=True)
class Button:
    """A button that lives in its ``id`` alone, so that it outlives a restart; at most 100 ASCII characters."""

    label: str
    id: str
    style: discord.ButtonStyle = discord.ButtonStyle.secondary
    emoji: str | None = None
    row: int | None = None


TOPICS = Button("Konular", "k:0")


@dataclass(frozen=True, slots=True)
class Page:
    """One message to send: content of at most 2,000 UTF-16 units, perhaps an embed, perhaps buttons."""

    content: str
    embed: discord.Embed | None = None
    buttons: tuple[Button, ...] = ()


def escape(text: str) -> str:
    """``text`` so that Discord shows it as it is: no markdown, no mention, no emoji, no masked or live link."""
    text = _ANYWHERE.sub(r"\\\g<0>", text)
    text = _MASKED.sub(r"\\]", text)
    text = _POINTED.sub("<\u200b", text)
    text = text.replace("://", "\\://")
    text = _LINE_START.sub(_escaped_start, text)
    return _PINGS.sub("@\u200b", text)


def _escaped_start(match: re.Match[str]) -> str:
    space, mark = match.groups()
    return f"{space}{mark}\\" if mark.isdigit() else f"{space}\\{mark}"


def to_view(reply: Reply, article: Article, dates: str = "", *, embeds: bool = True) -> tuple[Page, ...]:
    """The messages that show ``reply``: text, split at paragraphs; the last one has the source and the buttons.

    ``dates`` says what the stated facts are as of; ``embeds`` is false where the bot may not embed links.
    """
    paragraphs = [escape(p) for p in reply.paragraphs]
    source = _source(reply, article, dates)
    if source and not embeds:
        paragraphs.append(source)
    contents = split(paragraphs)
    embed = _embed(source, reply.status) if source and embeds else None
    pages = [Page(content) for content in contents[:-1]]
    return (*pages, Page(contents[-1], embed, buttons_of(reply)))


def text_pages(text: str, buttons: tuple[Button, ...] = ()) -> tuple[Page, ...]:
    """Plain Turkish paragraphs of the desk's as messages, escaped; the last one has ``buttons``."""
    contents = split([escape(p) for p in text.split("\n\n")])
    return (*(Page(c) for c in contents[:-1]), Page(contents[-1], None, buttons))


def source_pages(reply: Reply, article: Article) -> tuple[Page, ...]:
    """All quotes behind an answer, unabridged, under the article's name."""
    lead = [escape(p) for p in reply.paragraphs]
    quotes = [quoted(q) for q in dict.fromkeys(s.quote for s in reply.sources)]
    return tuple(Page(content) for content in split([*lead, *quotes, _subtext(article, "")]))


def quoted(text: str) -> str:
    """``text`` as a block quote, in Turkish quotation marks."""
    return "\n".join("> " + line for line in f"“{escape(text)}”".splitlines())


def _subtext(article: Article, dates: str) -> str:
    parts = [f"Kaynak: {escape(article.title)}", long_date(article.date), *([escape(dates)] if dates else [])]
    return "-# " + " · ".join(parts)


def _source(reply: Reply, article: Article, dates: str) -> str:
    quotes: list[str] = []
    room = MOST_QUOTES
    for quote in dict.fromkeys(s.quote for s in reply.sources):
        shown = quoted(quote)
        if quotes and len(shown) > room:
            break
        quotes.append(shown)
        room -= len(shown)
    return "\n".join(["\n\n".join(quotes), _subtext(article, dates)]) if quotes else ""


def _embed(source: str, status: Status) -> discord.Embed:
    return discord.Embed(description=source[:4_096], colour=_COLOURS.get(status, 0x5B6770))


def buttons_of(reply: Reply) -> tuple[Button, ...]:
    """Choices of a clarifying reply, or the source and 👍 👎 under what states a fact."""
    if reply.status is Status.CLARIFY and reply.choices:
        blue = discord.ButtonStyle.primary
        offered = [Button(one_line(c.question), f"c:{c.key}", blue) for c in reply.choices[:20]]
        return (*offered, Button("Hiçbiri değil", "n:"))
    if reply.status in {Status.ANSWER, Status.NOT_IN_ARTICLE}:
        source = [Button("Kaynak", source_id(reply.facts))] if reply.facts else []
        rated = reply.intent or (reply.facts[0] if reply.facts else "")
        rate = [Button("", f"r:+:{rated}", emoji="👍"), Button("", f"r:-:{rated}", emoji="👎")] if rated else []
        return (*source, *rate)
    if reply.status is Status.UNKNOWN:
        return (TOPICS,)
    return ()


def source_id(facts: Sequence[str]) -> str:
    """``s:`` and as many fact ids as fit into a button's id."""
    text = "s:"
    for fact in facts:
        longer = text + ("," if text != "s:" else "") + fact
        if len(longer) > MOST_ID:
            break
        text = longer
    return text


def one_line(text: str, most: int = MOST_LABEL) -> str:
    """``text`` on one line of at most ``most`` UTF-16 units."""
    return cut(" ".join(text.split()), most)


def split(paragraphs: Iterable[str], most: int = MOST_CONTENT) -> list[str]:
    """Messages of at most ``most`` units that break between paragraphs, else between words; never empty."""
    messages = [""]
    for piece in (piece for p in paragraphs if p.strip() for piece in _pieces(p, most)):
        joined = f"{messages[-1]}\n\n{piece}" if messages[-1] else piece
        if units(joined) <= most:
            messages[-1] = joined
        else:
            messages.append(piece)
    return [m or "…" for m in messages]


def _pieces(paragraph: str, most: int) -> Iterable[str]:
    """A paragraph that is too long for one message in parts, each quoted where the whole is."""
    mark = "> " if paragraph.startswith("> ") else ""
    for piece in pieces(paragraph, most - len(mark), _no_half_escape):
        yield piece if piece.startswith(mark) else mark + piece


def _no_half_escape(head: str) -> int:
    return len(head) - (len(head) - len(head.rstrip("\\"))) % 2
