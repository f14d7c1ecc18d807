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

from bot.content.unreadable import UNMERGED, UTF_16, complaint, encoding_fault, in_turkish, is_utf_16, unmerged
from bot.errors import Problem

MOST_BYTES = 4_000_000
"""A file larger than this is a mistake: forty times the largest file of the first content."""
MOST_DEPTH = 12
MOST_NODES = 400_000


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar; ``line`` is where it begins, ``first`` where its own first line of text stands.

    ``joined``: it runs over several lines of the file that YAML joins into one (no ``|`` before it).
    """

    text: str
    line: int
    first: int
    joined: bool = False


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


def tree_of(file: str, body: bytes, problems: list[Problem]) -> Fields:
    """The tree of a YAML file; what is wrong is added to ``problems``, and ``NOTHING`` returned for it."""
    text = text_of(file, body, problems)
    if text is None:
        return NOTHING
    try:
        return _document(file, text, problems)
    except _Refused as refused:
        line, message = refused.line, refused.message
    except yaml.MarkedYAMLError as error:
        line, message = complaint(error, text, _fault_line)
    except yaml.YAMLError as error:
        line, message = 1, in_turkish(str(error))
    problems.append(Problem(file, line, _field_at(text, line), message))
    return NOTHING


def text_of(file: str, body: bytes, problems: list[Problem]) -> str | None:
    """``body`` as text with plain line ends, or ``None`` after naming what cannot be read."""
    if len(body) > MOST_BYTES:
        problems.append(Problem(file, 1, "", f"Dosya çok büyük (en çok {MOST_BYTES // 1_000_000} MB); bölün."))
        return None
    try:
        text = body.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        before = body[: error.start].decode("utf-8", "replace")
        line = _line_at(before, len(before))
        problems.append(Problem(file, line, _field_at(before, line), encoding_fault(body, error)))
        return None
    if is_utf_16(body):
        problems.append(Problem(file, 1, "", UTF_16))
        return None
    if found := unmerged(text):
        problems.append(Problem(file, _line_at(text, found.start()), "", UNMERGED))
        return None
    if found := _UNPRINTABLE.search(text):
        line, sign = _line_at(text, found.start()), ord(found[0])
        bom = sign == 0xFEFF and found.start() == 0
        message = (
            "Dosya BOM ile başlıyor; “BOM’suz UTF-8” olarak kaydedin."
            if bom
            else f"Görünmeyen bir karakter var (U+{sign:04X}); silin."
        )
        problems.append(Problem(file, line, _field_at(text, line), message))
        return None
    return text


_UNPRINTABLE = re.compile("[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_TAB_INDENT = re.compile(r"^ *\t", re.MULTILINE)
_KEY = re.compile(r"^[\t {\[-]*(\w+):", re.MULTILINE)


def _line_at(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _field_at(text: str, line: int) -> str:
    """The key that stands on ``line`` or last before it: where in an unreadable file the editor looks."""
    keys = _KEY.findall("\n".join(text.split("\n", line)[:line]))
    return keys[-1] if keys else ""


def _fault_line(text: str) -> int:
    """The line at which libyaml gives ``text`` up; 0 when it reads it whole."""
    loader = StrictLoader(text)
    try:
        for _ in iter(loader.get_event, None):
            pass
    except yaml.MarkedYAMLError as error:
        return error.problem_mark.line + 1 if error.problem_mark else 1
    except yaml.YAMLError:
        return 1
    finally:
        loader.dispose()
    return 0


def _document(file: str, text: str, problems: list[Problem]) -> Fields:
    if found := _TAB_INDENT.search(text):
        message = "Satır sekmeyle (Tab) başlıyor; girinti için boşluk kullanın."
        raise _Refused(_line_at(text, found.start()), message)
    loader = StrictLoader(text)
    try:
        return _Builder(file, problems).build(iter(loader.get_event, None))
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
            self._take(event, event.start_mark.line + 1 if event.start_mark else 1)
        if self.root is None:
            raise _Refused(1, "Dosya boş.")
        if not isinstance(self.root, Fields):
            raise _Refused(self.root.line, "Dosya “alan: değer” satırlarından oluşmalı.")
        return self.root

    def _take(self, event: yaml.Event, line: int) -> None:
        if isinstance(event, yaml.NodeEvent):
            self._admit(event, line)
        if isinstance(event, yaml.ScalarEvent):
            if event.style == '"' and (found := _UNPRINTABLE.search(event.value)):
                raise _Refused(
                    line, f"Tırnak içinde “\\” ile görünmeyen bir karakter yazılmış (U+{ord(found[0]):04X}); silin."
                )
            last = event.end_mark.line + 1 if event.end_mark else line
            joined = event.style == ">" or (event.style != "|" and last > line)
            self._place(Text(event.value, line, line + (event.style in {"|", ">"}), joined))
        elif isinstance(event, yaml.CollectionStartEvent):
            if len(self.stack) >= MOST_DEPTH:
                raise _Refused(line, f"İç içe çok fazla düzey var (en çok {MOST_DEPTH}).")
            self.stack.append(_Open(line, isinstance(event, yaml.MappingStartEvent), [], {}, {}))
        elif isinstance(event, yaml.CollectionEndEvent):
            self._close()
        elif isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            raise _Refused(line, "Dosyada ikinci bir YAML belgesi (“---”) var; ayrı dosyaya koyun.")

    def _admit(self, event: yaml.NodeEvent, line: int) -> None:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise _Refused(line, "Dosyada çok fazla öge var; bölün.")
        if isinstance(event, yaml.AliasEvent):
            raise _Refused(line, f"Takma ad (“*{event.anchor}”) kullanılmaz; metinse tırnak içine alın.")
        if event.anchor:
            raise _Refused(line, f"Çapa (“&{event.anchor}”) kullanılmaz; metinse tırnak içine alın.")
        if tag := getattr(event, "tag", None):
            raise _Refused(line, f"Etiket (“{tag}”) kullanılmaz; metinse tırnak içine alın.")

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
            message = f"“{key.text}” {top.lines[key.text]}. satırda zaten var; birini silin."
            self.problems.append(Problem(self.file, key.line, key.text, message))
            return
        top.fields[key.text] = node
        top.lines[key.text] = key.line


# ── reading a tree that may not have its shape ──────────────────────────────────────────────────


def text_in(node: Tree | None) -> str:
    """The text of a scalar, trimmed; empty for anything else."""
    return node.text.strip() if isinstance(node, Text) else ""


def texts_in(node: Tree | None) -> tuple[Text, ...]:
    """The scalars of a list, or the one scalar that stands for a list of one."""
    if isinstance(node, Text):
        return (node,)
    return tuple(n for n in node.items if isinstance(n, Text)) if isinstance(node, Items) else ()


def words_in(node: Tree | None) -> tuple[str, ...]:
    """The trimmed texts of ``texts_in``."""
    return tuple(n.text.strip() for n in texts_in(node))


def fields_in(node: Tree | None) -> Mapping[str, Tree]:
    """The fields of a mapping; none for anything else."""
    return node.fields if isinstance(node, Fields) else NOTHING.fields


def lines_in(node: Tree | None) -> tuple[tuple[str, int], ...]:
    """The lines of a block of text that are not empty, trimmed, each with its line in the file."""
    if not isinstance(node, Text):
        return ()
    numbered = ((line.strip(), at) for at, line in enumerate(node.text.split("\n"), node.first))
    return tuple(row for row in numbered if row[0])


@dataclass(frozen=True, slots=True)
class Row:
    """One mapping of a list in a file, such as one fact; ``where`` is its place: ``facts.<id>``."""

    file: str
    where: str
    node: Fields

    def get(self, name: str) -> Tree | None:
        """The value of a field, or ``None``."""
        return self.node.fields.get(name)

    def text(self, name: str) -> str:
        """The trimmed text of a field; empty when it is missing or no text."""
        return text_in(self.get(name))

    def line(self, name: str = "") -> int:
        """The line of a field's key, or of the whole row."""
        return self.node.lines.get(name, self.node.line)

    def problem(self, name: str, message: str, line: int = 0) -> Problem:
        """A problem with a field of this row."""
        return Problem(self.file, line or self.line(name), f"{self.where}.{name}" if name else self.where, message)


def rows_in(file: str, tree: Tree | None, section: str) -> Iterator[Row]:
    """The mappings of the list ``section``."""
    node = fields_in(tree).get(section)
    for at, item in enumerate(node.items if isinstance(node, Items) else (), start=1):
        if isinstance(item, Fields):
            name = text_in(item.fields.get("id"))
            yield Row(file, f"{section}.{name}" if name else f"{section}[{at}]", item)
