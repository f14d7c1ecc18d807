"""Bytes → a tree of strings that knows its lines: YAML less everything that surprises an editor.

Scalars stay strings (``on`` is a word, ``007`` three digits), a repeated key is a problem, and anchors,
aliases, tags, several documents and deep nesting are refused. The tree is built from libyaml's events,
so an alias bomb is refused at its first alias and no input can exhaust the stack.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

import yaml

from bot.errors import Problem

MOST_BYTES = 4_000_000
"""A file larger than this is a mistake: forty times the largest file of the first content."""
MOST_DEPTH = 12
MOST_NODES = 400_000


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar; ``line`` is where it begins, ``first`` where its own first line of text stands."""

    text: str
    line: int
    first: int


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Tree, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping; ``lines`` says where each key stands."""

    fields: Mapping[str, Tree]
    lines: Mapping[str, int]
    line: int


Tree: TypeAlias = Text | Items | Fields
NOTHING = Fields(MappingProxyType({}), MappingProxyType({}), 1)


class _Refused(Exception):
    """One reason not to read a file further, with its line."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line, self.message = line, message


class StrictLoader(yaml.CBaseLoader):
    """libyaml's parser; only its events are used, so no value is ever resolved or constructed."""


def text_of(file: str, body: bytes, problems: list[Problem]) -> str | None:
    """``body`` as text with plain line ends, or ``None`` after naming what cannot be read."""
    if len(body) > MOST_BYTES:
        problems.append(
            Problem(
                file,
                0,
                "",
                f"Dosya çok büyük ({len(body):,} bayt); en çok {MOST_BYTES:,} bayt okunur. Bölün.".replace(",", "."),
            )
        )
        return None
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        byte = body[error.start]
        problems.append(Problem(file, line, "", f"UTF-8 değil (bayt 0x{byte:02X}); dosyayı UTF-8 olarak kaydedin."))
        return None
    if text.startswith("\ufeff"):
        problems.append(Problem(file, 1, "", "Dosya BOM ile başlıyor; “BOM’suz UTF-8” olarak kaydedin."))
        return None
    return text.replace("\r\n", "\n")


_UNPRINTABLE = re.compile("[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\x85\u2028\u2029\ufeff]")
_TAB_INDENT = re.compile(r"^ *\t", re.MULTILINE)


def tree_of(file: str, body: bytes, problems: list[Problem]) -> Fields:
    """The tree of a YAML file; what is wrong is added to ``problems`` and the rest still returned."""
    text = text_of(file, body, problems)
    if text is None:
        return NOTHING
    if found := _UNPRINTABLE.search(text):
        line = text.count("\n", 0, found.start()) + 1
        problems.append(Problem(file, line, "", f"Görünmeyen bir karakter var (U+{ord(found[0]):04X}); silin."))
        return NOTHING
    if found := _TAB_INDENT.search(text):
        line = text.count("\n", 0, found.start()) + 1
        problems.append(Problem(file, line, "", "Satır sekmeyle (Tab) başlıyor; girinti için boşluk kullanın."))
        return NOTHING
    try:
        return _document(file, text, problems)
    except _Refused as refused:
        problems.append(Problem(file, refused.line, "", refused.message))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problems.append(Problem(file, mark.line + 1 if mark else 0, "", in_turkish(error.problem or "")))
    except yaml.YAMLError as error:
        problems.append(Problem(file, 0, "", in_turkish(str(error))))
    return NOTHING


_TURKISH = (
    ("mapping values are not allowed", "Beklenmeyen “:”. İçinde “: ” geçen bir metni tırnak içine alın."),
    ("could not find expected ':'", "“alan: değer” bekleniyordu; “:” eksik ya da girinti yanlış."),
    ("did not find expected key", "Alan adı bekleniyordu; girintiyi ve tırnakları denetleyin."),
    ("did not find expected '-' indicator", "Liste ögesi (“- …”) bekleniyordu; girintiyi denetleyin."),
    ("block sequence entries are not allowed", "Liste burada başlayamaz; “-” yeni satırda ve girintili olmalı."),
    ("did not find expected ',' or ']'", "Köşeli ayraçlı listede “,” ya da “]” eksik."),
    ("did not find expected ',' or '}'", "Süslü ayraçlı alanlarda “,” ya da “}” eksik."),
    ("found unexpected end of stream", "Dosya yarım kalmış: açılan tırnak ya da ayraç kapanmıyor."),
    ("found unexpected document indicator", "Dosya yarım kalmış: açılan tırnak kapanmıyor."),
    ("found character that cannot start any token", "Bu karakterle metin başlayamaz; metni tırnak içine alın."),
    ("found undefined tag handle", "Etiket (“!”) kullanılmaz; metni tırnak içine alın."),
    ("found unknown escape character", "Çift tırnak içinde “\\” kullanılmış; tek tırnak kullanın."),
    ("alphabetic or numeric character", "“&” ya da “*” ile başlayan metni tırnak içine alın."),
)


def in_turkish(problem: str) -> str:
    """libyaml's complaint as a sentence that tells an editor what to do."""
    for words, sentence in _TURKISH:
        if words in problem:
            return sentence
    return f"YAML olarak okunamıyor ({problem}); girintiyi ve tırnakları denetleyin."


def _document(file: str, text: str, problems: list[Problem]) -> Fields:
    loader = StrictLoader(text)
    try:
        events = iter(loader.get_event, None)
        return _Builder(file, problems).build(events)
    finally:
        loader.dispose()


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not been seen yet; a mapping waits for the value of ``key``."""

    line: int
    is_map: bool
    items: list[Tree]
    fields: dict[str, Tree]
    lines: dict[str, int]
    key: Text | None = None


class _Builder:
    """Events → tree, without recursion."""

    def __init__(self, file: str, problems: list[Problem]) -> None:
        self.file, self.problems = file, problems
        self.stack: list[_Open] = []
        self.root: Tree | None = None
        self.nodes = 0

    def build(self, events: Iterator[yaml.Event]) -> Fields:
        for event in events:
            self._take(event)
        if self.root is None:
            raise _Refused(1, "Dosya boş.")
        if not isinstance(self.root, Fields):
            raise _Refused(self.root.line, "Dosya “alan: değer” satırlarından oluşmalı.")
        return self.root

    def _take(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            raise _Refused(line, "Takma ad (“*…”) kullanılmaz; metinse tırnak içine alın.")
        if isinstance(event, yaml.NodeEvent):
            self._admit(event, line)
        match event:
            case yaml.ScalarEvent():
                self._place(Text(event.value, line, line + (event.style in {"|", ">"})))
            case yaml.CollectionStartEvent():
                if len(self.stack) >= MOST_DEPTH:
                    raise _Refused(line, f"İç içe çok fazla düzey var (en çok {MOST_DEPTH}).")
                self.stack.append(_Open(line, isinstance(event, yaml.MappingStartEvent), [], {}, {}))
            case yaml.CollectionEndEvent():
                self._close()
            case yaml.DocumentStartEvent() if self.root is not None:
                raise _Refused(line, "Dosyada ikinci bir YAML belgesi (“---”) var; ayrı dosyaya koyun.")
            case _:
                return

    def _admit(self, event: yaml.NodeEvent, line: int) -> None:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise _Refused(line, "Dosyada çok fazla öge var; bölün.")
        if event.anchor:
            raise _Refused(line, f"Çapa (“&{event.anchor}”) kullanılmaz; metinse tırnak içine alın.")
        if getattr(event, "tag", None):
            raise _Refused(line, f"Etiket (“{event.tag}”) kullanılmaz; metinse tırnak içine alın.")

    def _close(self) -> None:
        done = self.stack.pop()
        if done.is_map:
            self._place(Fields(done.fields, done.lines, done.line))
        else:
            self._place(Items(tuple(done.items), done.line))

    def _place(self, node: Tree) -> None:
        if not self.stack:
            self.root = node
            return
        top = self.stack[-1]
        if not top.is_map:
            top.items.append(node)
        elif top.key is None:
            top.key = self._key(node)
        else:
            self._set(top, top.key, node)
            top.key = None

    def _key(self, node: Tree) -> Text:
        if isinstance(node, Text):
            return node
        raise _Refused(node.line, "Alan adı düz bir metin olmalı, liste ya da alan kümesi değil.")

    def _set(self, top: _Open, key: Text, node: Tree) -> None:
        if key.text in top.fields:
            earlier = top.lines[key.text]
            self.problems.append(
                Problem(self.file, key.line, key.text, f"Bu alan {earlier}. satırda zaten var; birini silin.")
            )
            return
        top.fields[key.text] = node
        top.lines[key.text] = key.line
