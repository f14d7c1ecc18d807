"""Writes utterances into an intent's YAML block as an editor would: one line each at its end, all else untouched."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import yaml

from bot.content.files import Files, read_files
from bot.content.load import parse
from bot.engine.text import fold
from bot.errors import ContentError, Problem
from bot.journal.scrub import HANDLE, MAIL, NUMBER, PATH

_LONGEST = 200
_SCRUBBED = re.compile("|".join(map(re.escape, (MAIL, NUMBER, HANDLE, PATH))))
"""What stands for personal data that was taken out: such a text is no example of anything."""


def written(folder: Path, intent: str, texts: Sequence[str]) -> str:
    """Append ``texts`` to ``intent``'s utterances in its file below ``folder``; says in Turkish what was done.

    Nothing is written unless the content with the change still loads. Raises ContentError otherwise,
    OSError when the file cannot be replaced. Blocking.
    """
    files = read_files(folder)
    known = {fold(u): i.id for i in parse(files).intents for u in i.utterances}
    lines = list(dict.fromkeys(line for line in map(_one_line, texts) if line and not _SCRUBBED.search(line)))
    elsewhere = [line for line in lines if known.get(fold(line), intent) != intent]
    if elsewhere:
        other = known[fold(elsewhere[0])]
        raise ContentError(
            (Problem(_file_of(files, intent)[0], 0, intent, f"“{elsewhere[0]}” zaten {other} konusunda örnek soru."),)
        )
    fresh = [line for line in lines if fold(line) not in known]
    if not fresh:
        return f"Bu sorular {intent} konusunda zaten vardı; dosya değişmedi."
    name, body = _file_of(files, intent)
    changed = appended(body, intent, fresh)
    parse({**files, name: changed})
    _replace(folder / name, changed)
    shown = "\n".join(f"• {line}" for line in fresh)
    return f"{name} dosyasında {intent} konusuna eklendi:\n{shown}\n\nYenilemeden sonra geçerli olur."


def appended(body: bytes, intent: str, lines: Iterable[str]) -> bytes:
    """``body`` with ``lines`` at the end of the intent's ``utterances: |`` block; raises ContentError without one."""
    text = body.decode("utf-8")
    node = _block(text, intent)
    if node is None:
        raise ContentError((Problem("", 0, intent, "“utterances: |” bloğu bulunamadı."),))
    rows = text.splitlines(keepends=True)
    first, last = node.start_mark.line + 1, node.end_mark.line
    if node.end_mark.index == len(text) and not text.endswith("\n"):
        last = len(rows)
    while last > first and not rows[last - 1].strip():
        last -= 1
    ending = "\r\n" if rows[first - 1].endswith("\r\n") else "\n"
    if not rows[last - 1].endswith("\n"):
        rows[last - 1] += ending
    indent = re.match(r" *", rows[first])
    new = [f"{indent[0] if indent else ''}{line}{ending}" for line in lines]
    return "".join([*rows[:last], *new, *rows[last:]]).encode("utf-8")


def _block(text: str, intent: str) -> yaml.ScalarNode | None:
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(root, yaml.MappingNode):
        return None
    for _, rows in root.value:
        for row in rows.value if isinstance(rows, yaml.SequenceNode) else ():
            fields = {k.value: v for k, v in row.value} if isinstance(row, yaml.MappingNode) else {}
            node = fields.get("utterances")
            named = isinstance(fields.get("id"), yaml.ScalarNode) and fields["id"].value == intent
            if named and isinstance(node, yaml.ScalarNode) and node.style == "|":
                return node
    return None


def _file_of(files: Files, intent: str) -> tuple[str, bytes]:
    line = re.compile(rb"^\s*-\s+id:\s*[\"']?" + re.escape(intent.encode()) + rb"[\"']?\s*(#.*)?$", re.MULTILINE)
    for name in sorted(files):
        if name.startswith("intents/") and line.search(files[name]):
            return name, files[name]
    raise ContentError((Problem("intents", 0, intent, "Bu adda bir konu yok."),))


def _one_line(text: str) -> str:
    """The text as one printable line; YAML's block would read a leading ``#`` or blank as it is, so only blanks go."""
    kept = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(kept.split())[:_LONGEST].strip()


def _replace(path: Path, body: bytes) -> None:
    """Put ``body`` in the file's place at once, with its rights; a reader sees the old or the new, never a half."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(path.stat().st_mode & 0o777)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink()
        raise
