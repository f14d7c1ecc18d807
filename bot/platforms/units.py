"""Text as chat platforms count it, in UTF-16 units: its length, where to cut it, and its pieces.

Telegram counts so by its documentation; Discord's characters are never more than these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

_ENDS = (("\n",), (". ", "! ", "? "), (" ",))
"""Where a cut is good, best first."""


def units(text: str) -> int:
    """The length of ``text``: a character beyond the basic plane counts twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, most: int) -> str:
    """``text`` shortened to ``most`` units, with an ellipsis where something is missing."""
    if units(text) <= most:
        return text
    return next(pieces(text, most - 1)).rstrip() + "…"


def pieces(text: str, most: int, mend: Callable[[str], int] = len) -> Iterator[str]:
    """``text`` in parts of at most ``most`` units, cut at the end of a line, a sentence or a word where there is one.

    ``mend`` says how much of a part may be kept, so that no escape or entity is torn apart; 0: it cannot be helped.
    """
    while len(text) > most or units(text) > most:
        head = text[: _fitting(text, most)]
        head = head[: _good_end(head)]
        at = mend(head) or len(head)
        yield text[:at].rstrip()
        text = text[at:].lstrip()
    if text:
        yield text


def _fitting(text: str, most: int) -> int:
    """How many of the first characters take at most ``most`` units."""
    fits = text[:most].encode("utf-16-le", "surrogatepass")[: 2 * most].decode("utf-16-le", "surrogatepass")
    return max(1, len(fits) if text.startswith(fits) else len(fits) - 1)  # half a character is none


def _good_end(head: str) -> int:
    """After the last line, sentence or word that ends in the second half, or the very end."""
    for ends in _ENDS:
        at = max(head.rfind(end, len(head) // 2) + len(end) for end in ends)
        if at > len(head) // 2:
            return at
    return len(head)
