"""A reply as Telegram HTML: everything that is not ours escaped, cut where a paragraph ends, never inside a tag.

Telegram counts UTF-16 units and allows 4,096 of them. It counts after taking the tags off; here the tags count too,
so that a server that counts more strictly agrees.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.engine.compose import dates_of, long_date
from bot.engine.model import Article, Catalog, Reply, Source
from bot.platforms.units import pieces, units

MOST_UNITS = 4096
_UNSHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters and lone surrogates: Telegram refuses or drops a text that holds them."""


def told(reply: Reply, catalog: Catalog) -> list[str]:
    """``to_html`` with what the stated facts are as of."""
    return to_html(reply, catalog.article, dates_of(reply, catalog))


def to_html(reply: Reply, article: Article, dates: str = "") -> list[str]:
    """The messages that ``reply`` takes, one as a rule: its paragraphs, then its sources folded into a quotation."""
    return pack([*map(escape, reply.paragraphs)], quoted_sources(reply.sources, article, dates))


def sources_html(reply: Reply, article: Article) -> list[str]:
    """The messages that show where ``reply``'s statements come from, unfolded."""
    quotes = [f"“{escape(source.quote)}”" for source in _distinct(reply.sources)]
    said = [escape(p) for p in reply.paragraphs] if not quotes else []
    return pack([*said, *quotes, _origin(article)], "")


def plain_html(text: str) -> list[str]:
    """The messages that show a Turkish text of ours, its paragraphs parted by empty lines."""
    return pack([escape(part) for part in text.split("\n\n")], "")


def quoted_sources(sources: Iterable[Source], article: Article, dates: str = "") -> str:
    """The folded quotation under an answer: the article's own words, its title and its date; empty without sources."""
    quotes = [f"“{escape(source.quote)}”" for source in _distinct(sources)]
    origin = " · ".join([_origin(article), *([escape(dates)] if dates else [])])
    return "\n".join([*quotes, origin]) if quotes else ""


def pack(paragraphs: Sequence[str], quotation: str) -> list[str]:
    """Escaped paragraphs and a quotation as few messages, each at most ``MOST_UNITS`` long and whole in itself."""
    blocks = [
        piece
        for paragraph in paragraphs
        if paragraph.strip()
        for piece in pieces(paragraph.strip(), MOST_UNITS, _safe_end)
    ]
    opening, closing = "<blockquote expandable>", "</blockquote>"
    room = MOST_UNITS - units(opening) - units(closing)
    blocks += [f"{opening}{piece}{closing}" for piece in pieces(quotation, room, _safe_end)] if quotation else []
    messages: list[str] = []
    for block in blocks:
        joined = f"{messages[-1]}\n\n{block}" if messages else block
        if messages and units(joined) <= MOST_UNITS:
            messages[-1] = joined
        else:
            messages.append(block)
    return messages or ["…"]


def escape(text: str) -> str:
    """``text`` with markup made harmless and characters taken out that Telegram does not carry."""
    clean = _UNSHOWN.sub("", text)
    return clean.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _origin(article: Article) -> str:
    return f"📰 {escape(article.title)} ({escape(long_date(article.date))})"


def _distinct(sources: Iterable[Source]) -> list[Source]:
    return list({source.quote: source for source in sources}.values())


def _safe_end(head: str) -> int:
    """Before an entity (``&lt;``) that the cut would break."""
    amp = head.rfind("&", max(0, len(head) - 6))
    return amp if amp > 0 and ";" not in head[amp:] else len(head)
