"""Why a file cannot be read, told to its editor: encodings, half-written and unmerged files, quotes left open, YAML's complaints."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import yaml

_UNMERGED = re.compile(r"^(?:<{7}|\|{7}|>{7})(?= |$)", re.MULTILINE)
_WORDS = re.compile("[A-Za-zçğıöşüâîûÇĞİÖŞÜÂÎÛ]+")
_MARKS = {b"\xff\xfe", b"\xfe\xff"}
_AROUND = 40
"""Bytes on both sides of one that is not UTF-8, in which its word is looked for."""
_MOST_TRIED = 20
_ESCAPE = "Çift tırnak içinde “\\” kullanılmış; tek tırnak kullanın."
_TAG = "Etiket (“!”) kullanılmaz; metni tırnak içine alın."
_PERCENT = "Satır “%” ile başlayamaz; metinse tırnak içine alın."
_BAR = "“|” ya da “>” işaretinden sonra satırda başka bir şey duramaz; metni alt satırdan başlatın."
_TURKISH = (
    ("mapping values are not allowed", "Beklenmeyen “:”. İçinde “: ” geçen bir metni tırnak içine alın."),
    ("mapping keys are not allowed", "Satır “?” ile başlayamaz; metinse tırnak içine alın."),
    ("could not find expected ':'", "“alan: değer” bekleniyordu; “:” eksik ya da girinti yanlış."),
    ("did not find expected key", "Alan adı bekleniyordu; girintiyi ve tırnakları denetleyin."),
    ("did not find expected '-' indicator", "Liste ögesi (“- …”) bekleniyordu; girintiyi denetleyin."),
    ("did not find expected node content", "Değer eksik ya da bir işaret fazla; metinse tırnak içine alın."),
    ("<document start>", "Burada yeni bir “alan: değer” bekleniyordu; girintiyi ve önceki satırı denetleyin."),
    ("block sequence entries are not allowed", "Liste burada başlayamaz; “-” yeni satırda ve girintili olmalı."),
    ("did not find expected ',' or ']'", "Köşeli ayraçlı listede “,” ya da “]” eksik."),
    ("did not find expected ',' or '}'", "Süslü ayraçlı alanlarda “,” ya da “}” eksik."),
    ("found unexpected ':'", "Ayraç içindeki “:” işaretinden sonra boşluk bırakın ya da metni tırnak içine alın."),
    ("found unexpected end of stream", "Dosya yarım kalmış: açılan tırnak ya da ayraç kapanmıyor."),
    ("found unexpected document indicator", "Dosya yarım kalmış: açılan tırnak kapanmıyor."),
    ("found character that cannot start any token", "Bu karakterle metin başlayamaz; metni tırnak içine alın."),
    ("tab character", "Satırda sekme (Tab) var; girinti için boşluk kullanın."),
    ("comment or line break", _BAR),
    ("indentation indicator", _BAR),
    ("found unknown escape character", _ESCAPE),
    ("hexdecimal", _ESCAPE),
    ("escape code", _ESCAPE),
    ("alphabetic or numeric character", "“&” ya da “*” ile başlayan metni tırnak içine alın."),
    ("tag", _TAG),
    ("URI", _TAG),
    ("'!'", _TAG),
    ("directive", _PERCENT),
    ("version number", _PERCENT),
    ("digit or '.'", _PERCENT),
    ("non-alphabetical", _PERCENT),
    ("incompatible YAML", _PERCENT),
)


def in_turkish(problem: str) -> str:
    """What libyaml complains of, as a sentence that tells an editor what to do."""
    found = (sentence for words, sentence in _TURKISH if words in problem)
    return next(found, "Satır YAML olarak okunamıyor; girintiyi, işaretleri ve tırnakları denetleyin.")


# ── bytes and text ──────────────────────────────────────────────────────────────────────────────


def encoding_fault(body: bytes, error: UnicodeDecodeError) -> str:
    """Why ``body`` is not UTF-8, as far as its bytes tell."""
    if body[:2] in _MARKS:
        return UTF_16
    if error.end == len(body) and "end of data" in error.reason:
        return "Dosya bir harfin ortasında bitiyor (UTF-8): yarım kaydedilmiş; sonunu tamamlayıp yeniden kaydedin."
    told = f"UTF-8 değil (bayt 0x{body[error.start]:02X})"
    word = _word_at(body, error.start)
    guess = f"; Windows Türkçesiyle (windows-1254) kaydedilmiş görünüyor: “{word}”. Dosyayı" if word else "; dosyayı"
    return f"{told}{guess} UTF-8 olarak kaydedin."


UTF_16 = "Dosya UTF-16 olarak kaydedilmiş; UTF-8 olarak kaydedin."


def is_utf_16(body: bytes) -> bool:
    """Whether every other byte is nothing, as in UTF-16 without its mark."""
    return len(body) > 1 and body.count(0) * 3 > len(body)


def _word_at(body: bytes, at: int) -> str:
    """The word around a byte, read as Windows saves Turkish; empty when that makes no word."""
    start = max(0, at - _AROUND)
    text = body[start : at + _AROUND].decode("windows-1254", "replace")
    words = (m[0] for m in _WORDS.finditer(text) if m.start() <= at - start < m.end())
    return next((w for w in words if len(w) > 1), "")


def unmerged(text: str) -> re.Match[str] | None:
    """Where git left the marks of two versions that it could not merge."""
    return _UNMERGED.search(text)


UNMERGED = "Git birleştirmesi yarım kalmış (“<<<<<<<”, “>>>>>>>”); iki yazımdan birini seçip işaretli satırları silin."
CUT_OFF = (
    "Dosya satırın ortasında bitiyor: yarım kaydedilmiş olabilir. Son satırı tamamlayın; "
    "dosyanın sonundaki öteki sorunlar bundan doğmuş olabilir."
)


def cut_off_at(text: str, lines: Iterator[int]) -> int:
    """The last line, where a file ends in mid-line and one of ``lines``, its problems', is in its last entry; else 0."""
    if not text or text.endswith(("\n", "\ufffd")):  # half a letter at the end is told by itself
        return 0
    written = text.split("\n")
    entries = (at for at, line in enumerate(written, start=1) if re.match(r"\s*- |\S", line))
    begun = max(entries, default=1)
    return len(written) if any(line >= begun for line in lines) else 0


# ── YAML ────────────────────────────────────────────────────────────────────────────────────────


def complaint(error: yaml.MarkedYAMLError, text: str, fault: Callable[[str], int]) -> tuple[int, str]:
    """Where the cause is and what it is; a quote or bracket left open is named where it was opened.

    ``fault`` gives the line at which a text cannot be read on, 0 when it can.
    """
    mark, opened, message = error.problem_mark, error.context_mark, in_turkish(error.problem or "")
    line = mark.line + 1 if mark else 1
    if found := _left_open(text, line, fault):
        return found, f"Bu satırda açılan tırnak kapanmıyor; satırın sonunda kapatın. ({line}. satırda anlaşıldı.)"
    if opened and re.search("flow|quoted", error.context or "") and opened.line + 1 < line:
        return opened.line + 1, f"{message} ({line}. satırda anlaşıldı.)"
    return line, message


def _left_open(text: str, line: int, fault: Callable[[str], int]) -> int:
    """The line before ``line`` on which a quote was left open: with it closed, the text reads on further."""
    lines = text.split("\n")
    for at, quote in list(_opened(lines[: line - 1]))[-_MOST_TRIED:]:
        mended = fault("\n".join([*lines[: at - 1], lines[at - 1] + quote, *lines[at:]]))
        if mended == 0 or mended > line:
            return at
    return 0


def _opened(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Lines that end inside a quoted value, with the quote; blocks after ``|`` hold text and are passed over."""
    block = -1
    for at, line in enumerate(lines, start=1):
        indent = len(line) - len(line.lstrip())
        if block >= 0 and (not line.strip() or indent > block):
            continue
        block = indent if re.search(r":\s+[|>][+\-\d]*\s*(#.*)?$", line) else -1
        if quote := _open_quote(line):
            yield at, quote


def _open_quote(line: str) -> str:
    """The quote in which ``line`` ends; a quote opens only where a value begins."""
    inside, before, skip = "", "", False
    for sign in line:
        if skip:
            skip = False
        elif inside == '"' and sign == "\\":
            skip = True
        elif inside:
            inside = "" if sign == inside else inside
        elif sign in "\"'" and before in ("", ":", "-", "[", "{", ","):
            inside = sign
        if not inside and not sign.isspace():
            before = sign
    return inside
