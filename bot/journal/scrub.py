"""Takes personal data out of a text before it is written: addresses, numbers that name a person, handles.

When in doubt, it takes out: an editor can do without a number, its owner cannot take it back. Years,
dates and grouped numbers (*1.234.567*) stay, since questions are about them.
"""

from __future__ import annotations

import re
import unicodedata

MAIL = "[e-posta]"
NUMBER = "[numara]"
HANDLE = "[kullanıcı]"
PATH = "[…]"
MOST_PASSES = 5
"""What is taken out may lay open its neighbour: two passes are enough for all that people write."""

_AT = r"(?:[@＠﹫]|\s?[\[({]\s?(?:at|et)\s?[\])}]\s?)"
_URL = re.compile(r"(?<![a-z])([a-z][a-z0-9+.-]{1,15}://)(?:[^\s/?#@]*@)*([^\s/?#@]*)([^\s]*)", re.IGNORECASE)
_BARE_URL = re.compile(r"(?<![\w@./])((?:[\w-]{1,63}\.){1,5}[a-z]{2,12})/[^\s]+", re.IGNORECASE)
_MAIL = re.compile(rf"[^\s@＠﹫<>()\[\]{{}},;:\"]{{1,80}}{_AT}[^\s@＠﹫<>()\[\]{{}},;:\"]{{1,120}}", re.IGNORECASE)
_CHAT_MENTION = re.compile(r"<[@#＠][!&]?\d*>?")
_HANDLE = re.compile(r"[@＠﹫][\w.\-]+|(?<!\w)[\w.]{2,32}#\d{4}(?!\d)")
_IBAN = re.compile(
    r"(?<![a-z0-9])(?:[a-z]{2}\d{2}[a-z0-9]{11,30}|[a-z]{2}[ -]?\d{2}(?:[ -]?\d){10,30}|kz[ -]?\d{2}(?:[ -]?\w){16})(?!\w)",
    re.IGNORECASE,
)
_DOCUMENT = re.compile(r"(?<!\w)[a-z][ -]?\d{7,8}(?!\w)", re.IGNORECASE)
_DIGITS = re.compile(r"(?:\+\s?|\(\+?)?\d(?:[ \u00a0().\-–/_]{0,2}\d){6,}")
_HARMLESS = re.compile(
    r"(?:19|20)\d\d(?:[-–/](?:19|20)\d\d)?|\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d\d|(?:19|20)\d\d-\d\d-\d\d"
    r"|[1-9]\d{0,2}(?:\.\d{3})+"
)


def scrub(text: str) -> str:
    """``text`` without e-mail addresses, phone, identity, account and card numbers, handles and link paths.

    Each is replaced by a word in brackets. Applying it twice changes nothing more.
    """
    text = "".join(char for char in text if unicodedata.category(char) != "Cf")
    for _ in range(MOST_PASSES):
        before, text = text, _once(text)
        if text == before:
            break
    return text


def _once(text: str) -> str:
    text = _URL.sub(lambda match: match[1] + match[2] + (PATH if match[3].strip("/") else ""), text)
    text = _BARE_URL.sub(lambda match: f"{match[1]}{PATH}", text)
    text = _CHAT_MENTION.sub(HANDLE, text)
    text = _MAIL.sub(MAIL, text)
    text = _HANDLE.sub(HANDLE, text)
    text = _IBAN.sub(NUMBER, text)
    text = _DOCUMENT.sub(NUMBER, text)
    return _DIGITS.sub(_number, text)


def _number(match: re.Match[str]) -> str:
    """The placeholder, or the digits themselves where they are years, dates or a grouped number."""
    found = match[0]
    international = found.lstrip("(").startswith(("+", "00"))
    if sum(char.isdigit() for char in found) < (7 if international else 9):
        return found
    if not international and all(_HARMLESS.fullmatch(part) for part in found.split()):
        return found
    return NUMBER
