"""Personal data does not survive `scrub`, and what questions are about does."""

from __future__ import annotations

import re
import string
import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.journal.scrub import scrub

_WORDS = st.sampled_from(["vize var mı", "numaram", "bana yazın:", "(acil)", "Kazakistan'a", "", "—", "mail adresim"])
_LETTERS = string.ascii_letters + "çğıöşüÇĞİÖŞÜ"
_NAME = st.text(_LETTERS + string.digits + "._+-", min_size=1, max_size=20).filter(lambda name: name[0].isalnum())
_DOMAIN = st.builds(
    "{}.{}".format, st.text(_LETTERS + "-", min_size=2, max_size=12), st.sampled_from(["com", "com.tr", "kz"])
)
_SEPARATOR = st.sampled_from(["", " ", "-", ".", "\u00a0"])


def _digits(count: int) -> st.SearchStrategy[str]:
    return st.text(string.digits, min_size=count, max_size=count)


def _spaced(parts: list[str], separator: str) -> str:
    return separator.join(parts)


_PHONE = st.one_of(
    st.builds(
        lambda p, a, b, c, s: _spaced([p, a, b, c], s),
        st.sampled_from(["0532", "0(212)", "+90 542", "+7 701"]),
        _digits(3),
        _digits(2),
        _digits(2),
        _SEPARATOR,
    ),
    st.builds(lambda a, b, c: f"({a}) {b} {c}", st.sampled_from(["532", "0312"]), _digits(3), _digits(4)),
    st.builds("00{}{}".format, st.sampled_from(["90", "7", "49"]), _digits(9)),
)
_IDENTITY = st.one_of(_digits(11), _digits(12)).filter(lambda number: number[0] != "0")
_CARD = st.builds(
    lambda parts, s: _spaced(["4" + parts[0], *parts[1:]], s),
    st.tuples(_digits(3), _digits(4), _digits(4), _digits(4)),
    st.sampled_from(["", " ", "-"]),
)
_IBAN = st.one_of(
    st.builds(lambda a, s: s.join(re.findall("....|..$", f"TR{a}")), _digits(24), st.sampled_from(["", " "])),
    st.builds(
        lambda a, b, s: s.join(re.findall("....", f"KZ{a}{b}")),
        _digits(5),
        st.text(string.ascii_uppercase + string.digits, min_size=13, max_size=13),
        st.sampled_from(["", " "]),
    ),
)


@given(_WORDS, _NAME, _DOMAIN, _WORDS)
def test_no_mail_address_is_left(before: str, name: str, domain: str, after: str) -> None:
    """Whatever stands around it, neither the name's part nor the domain comes through."""
    scrubbed = scrub(f"{before} {name}@{domain} {after}")
    assert "@" not in scrubbed
    assert domain not in scrubbed


@given(_WORDS, st.one_of(_PHONE, _IDENTITY, _CARD), _WORDS)
def test_no_number_that_names_a_person_is_left(before: str, number: str, after: str) -> None:
    """Phone, identity and card numbers in the ways that people write them."""
    assume(not re.fullmatch(r"(19|20)\d\d( (19|20)\d\d){3}", number))
    assert not any(char.isdigit() for char in scrub(f"{before} {number} {after}"))


@given(_WORDS, _IBAN, st.booleans(), _WORDS)
def test_no_account_number_is_left(before: str, iban: str, lower: bool, after: str) -> None:
    """Turkish and Kazakh IBANs, in one piece or in fours, in any case."""
    assert not any(char.isdigit() for char in scrub(f"{before} {iban.lower() if lower else iban} {after}"))


@given(_WORDS, st.text(_LETTERS + "_", min_size=3, max_size=20), _WORDS)
def test_no_handle_is_left(before: str, handle: str, after: str) -> None:
    """@handles, Discord mentions and old Discord tags."""
    assume(handle not in before + after)
    for written in (f"@{handle}", f"＠{handle}", f"{handle}#1234", f"https://t.me/{handle}", f"t.me/{handle}"):
        assert handle not in scrub(f"{before} {written} {after}"), written


@given(st.text(max_size=300))
def test_scrubbing_twice_changes_nothing_more(text: str) -> None:
    """Any text at all: no error, and the second time finds nothing left."""
    once = scrub(text)
    assert scrub(once) == once


@given(
    st.lists(
        st.sampled_from(
            [
                "a@b.co",
                "0532 123 45 67",
                "+",
                "(",
                "@",
                "https://",
                "kz12",
                "[e-posta]",
                "1.234",
                "<@5>",
                "x#1234",
                " ",
                ".",
            ]
        ),
        max_size=12,
    )
)
def test_pieces_that_touch_are_scrubbed_for_good(pieces: list[str]) -> None:
    """Addresses and numbers glued together leave nothing for a second time either."""
    once = scrub("".join(pieces))
    assert scrub(once) == once


@pytest.mark.parametrize(
    "text",
    [
        "2024'te ticaret 5,2 milyar dolar mıydı, 10 milyar mı?",
        "2 Mart 1992'de mi, 02.03.1992'de mi kuruldu?",
        "02.03.1992 15.07.2025 arasında ne oldu",
        "1992 2005 2024 yıllarında kaç turist geldi",
        "1992-2024 arası, 2025/2026 sezonu, 2025-07-14",
        "nüfus 1.234.567.890 mı, 20.592.571 mi?",
        "Türkiye 3.538 km uzakta mı; 1000000 dolar kaç tenge",
        "TR-KZ sınırı var mı, C1 vizesi, A101 marketi, G20 #1",
        "KZ ile TR arasında 12 anlaşma 2024 yılında mı imzalandı",
    ],
)
def test_what_questions_are_about_stays(text: str) -> None:
    """Years, dates, amounts and counts are the questions; an editor must see them."""
    assert scrub(text) == text


@pytest.mark.parametrize(
    ("text", "scrubbed"),
    [
        ("Ben Ali, tel: 0532 123 45 67, vize?", "Ben Ali, tel: [numara], vize?"),
        ("tel05321234567", "tel[numara]"),
        ("٠٥٣٢١٢٣٤٥٦٧ numaram", "[numara] numaram"),
        ("0532\u200b123\u200b45\u200b67", "[numara]"),
        ("pasaportum U12345678", "pasaportum [numara]"),
        ("ali (at) ornek.com yazın", "[e-posta] yazın"),
        ("<@!123456789012345678> vize var mı", "[kullanıcı] vize var mı"),
        ("https://ali:sifre@ornek.com/yol?x=1 bu mu", "https://ornek.com[…] bu mu"),
        ("https://www.ornek.com haberi", "https://www.ornek.com haberi"),
        ("instagram.com/ali.veli hesabım", "instagram.com[…] hesabım"),
        ("iban TR33 0006 1005 1978 6457 8413 26 bu", "iban [numara] bu"),
    ],
)
def test_what_is_put_in_its_place(text: str, scrubbed: str) -> None:
    """The rest of the question stays readable."""
    assert scrub(text) == scrubbed


def test_a_long_text_is_scrubbed_in_no_time() -> None:
    """No pattern explodes: a text ten times the longest message takes milliseconds, not seconds."""
    for piece in ("1 ", "a.", "a@", "(at)", "+", "kz11 ", "http://a", "x#12345", "@", "a-", "1.1."):
        text = piece * (40_000 // len(piece))
        start = time.process_time()
        scrub(text)
        assert time.process_time() - start < 1, piece
