"""Holds a tree against its table: every field known, present and of the right form, all problems at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from difflib import get_close_matches

from bot.content.schema import SLUG, Field, Shape, Table
from bot.content.tree import Fields, Items, Text, Tree, lines_in, text_in
from bot.engine.text import MAX_CHARS, fold, has_word
from bot.errors import Problem

MOST_WORD = 80
_SLUG = re.compile(SLUG)
_HASH = re.compile("[0-9a-f]{64}")
_FILE = re.compile(r"[\w-]+\.txt")


def problems_of(file: str, tree: Fields, table: Table) -> list[Problem]:
    """Everything in which ``tree`` departs from ``table``."""
    walk = _Walk(file)
    walk.table(tree, table, "")
    return walk.problems


def nearest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """The known word that was probably meant, at least ``cutoff`` (0 to 1) alike, or an empty text."""
    by_fold = {fold(k): k for k in known}
    found = get_close_matches(fold(word), by_fold, n=1, cutoff=cutoff)
    return by_fold[found[0]] if found else ""


def is_day(text: str) -> bool:
    """Whether ``text`` is a day of the calendar in ISO form."""
    try:
        return len(text) == 10 and date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _kind(node: Tree) -> str:
    return "metin" if isinstance(node, Text) else "liste" if isinstance(node, Items) else "alan kümesi"


class _Walk:
    """Goes down a tree with its table; each shape has one method that looks at a node."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def add(self, line: int, where: str, message: str, *, warning: bool = False) -> None:
        self.problems.append(Problem(self.file, line, where, message, warning))

    def table(self, node: Tree, table: Table, where: str) -> None:
        """A mapping with exactly the fields of ``table``."""
        if not isinstance(node, Fields):
            wanted = ", ".join(f"“{name}”" for name in table.fields)
            self.add(node.line, where, f"Burada {wanted} gibi alanlar bekleniyordu, {_kind(node)} var.")
            return
        unknown = [name for name in node.fields if name not in table.fields]
        meant = {self._unknown(name, node, table, where) for name in unknown}
        for name, field in table.fields.items():
            path = f"{where}.{name}" if where else name
            if name in node.fields:
                self.field(node.fields[name], field, path, node.lines[name])
            elif field.required and name not in meant:
                self.add(node.line, path, f"“{name}” alanı eksik. {field.about}")

    def _unknown(self, name: str, node: Fields, table: Table, where: str) -> str:
        """Name a field that the table does not have, and return the one that was probably meant."""
        close = nearest(name, table.fields.keys() - node.fields.keys()) or nearest(name, table.fields)
        hint = f"“{close}” mi demek istediniz?" if close else f"Olabilecekler: {', '.join(table.fields)}."
        self.add(node.lines[name], f"{where}.{name}" if where else name, f"“{name}” diye bir alan yok; {hint}")
        return close

    def field(self, node: Tree, field: Field, where: str, line: int) -> None:
        """One value of the field's shape; an empty one is named as such."""
        if isinstance(node, Text) and not node.text.strip():
            self.add(line, where, f"Boş bırakılmış; doldurun ya da satırı silin. {field.about}")
            return
        if field.of is not None:
            _NESTED[field.shape](self, node, field.of, where)
        else:
            _CHECKS[field.shape](self, node, where)

    # ── nested tables

    def rows(self, node: Tree, table: Table, where: str) -> None:
        if not isinstance(node, Items):
            self.add(node.line, where, f"Burada “- ” ile başlayan bir liste bekleniyordu, {_kind(node)} var.")
            return
        for at, item in enumerate(node.items, start=1):
            name = text_in(item.fields.get("id")) if isinstance(item, Fields) else ""
            self.table(item, table, f"{where}.{name}" if name else f"{where}[{at}]")

    def named(self, node: Tree, table: Table, where: str) -> None:
        for name, item in self._keyed(node, where):
            self.table(item, table, f"{where}.{name}")

    def groups(self, node: Tree, table: Table, where: str) -> None:
        for name, item in self._keyed(node, where):
            self.named(item, table, f"{where}.{name}")

    def _keyed(self, node: Tree, where: str) -> Iterable[tuple[str, Tree]]:
        """The fields of a mapping whose keys are slugs."""
        if not isinstance(node, Fields):
            self.add(node.line, where, f"Burada “ad: …” satırları bekleniyordu, {_kind(node)} var.")
            return ()
        for name in node.fields:
            self._slug(name, node.lines[name], f"{where}.{name}")
        return node.fields.items()

    # ── scalars

    def _scalar(self, node: Tree, where: str) -> str:
        """The text of a scalar; anything else, and an empty one, is a problem and gives an empty text."""
        if not isinstance(node, Text):
            self.add(node.line, where, f"Burada metin bekleniyordu, {_kind(node)} var.")
            return ""
        if not node.text.strip():
            self.add(node.line, where, "Boş bırakılmış; doldurun ya da silin.")
        return node.text.strip()

    def text(self, node: Tree, where: str) -> None:
        self._scalar(node, where)

    def slug(self, node: Tree, where: str) -> None:
        if text := self._scalar(node, where):
            self._slug(text, node.line, where)

    def _slug(self, text: str, line: int, where: str) -> None:
        if not _SLUG.fullmatch(text):
            mended = re.sub("[^a-z0-9]+", "_", fold(text)).strip("_")[:48]
            hint = f" Örneğin “{mended}”." if _SLUG.fullmatch(mended) else ""
            self.add(
                line, where, f"Kimlik “{text}” uygun değil: küçük ASCII harf, rakam ve “_”, en çok 48 karakter.{hint}"
            )

    def day(self, node: Tree, where: str) -> None:
        text = self._scalar(node, where)
        if text and not is_day(text):
            self.add(node.line, where, f"“{text}” geçerli bir tarih değil; yıl-ay-gün yazın: 2018-03-14.")

    def digest(self, node: Tree, where: str) -> None:
        text = self._scalar(node, where)
        if text and not _HASH.fullmatch(text):
            self.add(node.line, where, "SHA-256 özeti 64 onaltılık basamaktır.")

    def file_name(self, node: Tree, where: str) -> None:
        text = self._scalar(node, where)
        if text and not _FILE.fullmatch(text):
            self.add(node.line, where, f"“{text}” bir dosya adı değil; facts/ içindeki .txt dosyasının adını yazın.")

    def flag(self, node: Tree, where: str) -> None:
        text = self._scalar(node, where)
        if text and text not in {"true", "false"}:
            self.add(node.line, where, f"“{text}” yerine true ya da false yazın.")

    def role(self, node: Tree, where: str) -> None:
        text = self._scalar(node, where)
        if text and text not in {"agent", "target"}:
            self.add(node.line, where, f"“{text}” yerine agent ya da target yazın.")

    # ── lists and blocks

    def _each(self, node: Tree, where: str) -> Iterable[Text]:
        """The texts of a list, or the single one that stands for a list of one."""
        items = node.items if isinstance(node, Items) else (node,)
        if not items:
            self.add(node.line, where, "Liste boş; en az bir öge yazın.")
        for item in items:
            if self._scalar(item, where) and isinstance(item, Text):
                yield item

    def texts(self, node: Tree, where: str) -> None:
        for _ in self._each(node, where):
            pass

    def slugs(self, node: Tree, where: str) -> None:
        if isinstance(node, Items) and not node.items and where.endswith(".near"):
            return
        for item in self._each(node, where):
            self._slug(item.text.strip(), item.line, where)

    def words(self, node: Tree, where: str) -> None:
        for item in self._each(node, where):
            word = item.text.strip()
            if not has_word(word) or "=" in word[:-1] or len(word) > MOST_WORD:
                self.add(item.line, where, f"“{word[:40]}” bir sözcük değil; “=” yalnız sonda durabilir.")
            elif "," in word:
                self.add(item.line, where, f"“{word[:40]}” içinde virgül var; her sözcük ayrı bir öge olmalı.")

    def lines(self, node: Tree, where: str) -> None:
        if isinstance(node, Items):
            self.add(
                node.line, where, "Liste değil: “utterances: |” yazıp altına her satıra bir soru koyun, “-” olmadan."
            )
            return
        self._scalar(node, where)
        if isinstance(node, Text) and node.joined:
            self.add(node.line, where, "Satırlar birleşiyor: “utterances:” sonrasına “|” koyun.")
        for line, at in lines_in(node):
            if not has_word(line):
                self.add(at, where, f"“{line[:40]}” bir soru değil: harf ya da rakam yok.", warning=True)
            elif len(line) > MAX_CHARS:
                self.add(at, where, f"Soru çok uzun ({len(line)} karakter); en çok {MAX_CHARS}.")

    def notes(self, node: Tree, where: str) -> None:
        if not isinstance(node, Fields):
            self.add(
                node.line, where, f"Burada “parça: nereden çıkarıldığı” satırları bekleniyordu, {_kind(node)} var."
            )
            return
        for name, item in node.fields.items():
            self._scalar(item, f"{where}.{name}")

    def slots(self, node: Tree, where: str) -> None:
        for name, item in self._keyed(node, where):
            self.texts(item, f"{where}.{name}")

    def word_lists(self, node: Tree, where: str) -> None:
        for name, item in self._keyed(node, where):
            self.words(item, f"{where}.{name}")


_CHECKS: Mapping[Shape, Callable[[_Walk, Tree, str], None]] = {
    Shape.TEXT: _Walk.text,
    Shape.SLUG: _Walk.slug,
    Shape.SLUGS: _Walk.slugs,
    Shape.DATE: _Walk.day,
    Shape.HASH: _Walk.digest,
    Shape.FILE: _Walk.file_name,
    Shape.FLAG: _Walk.flag,
    Shape.ROLE: _Walk.role,
    Shape.TEXTS: _Walk.texts,
    Shape.LINES: _Walk.lines,
    Shape.WORDS: _Walk.words,
    Shape.NOTES: _Walk.notes,
    Shape.SLOTS: _Walk.slots,
    Shape.WORD_LISTS: _Walk.word_lists,
}
_NESTED: Mapping[Shape, Callable[[_Walk, Tree, Table, str], None]] = {
    Shape.ROWS: _Walk.rows,
    Shape.NAMED: _Walk.named,
    Shape.GROUPS: _Walk.groups,
}
