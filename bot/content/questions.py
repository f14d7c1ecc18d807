"""The labelled questions that may lie beside the content: each line is looked at before a reload asks it."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from bot.content.shape import nearest
from bot.content.tree import text_of
from bot.engine.compose import VERDICTS
from bot.engine.model import Status
from bot.errors import Problem

KINDS: Mapping[str, str] = {
    "answer": VERDICTS[Status.ANSWER],
    "absent": VERDICTS[Status.NOT_IN_ARTICLE],
    "oos": VERDICTS[Status.UNKNOWN],
    "smalltalk": VERDICTS[Status.SMALLTALK],
}
"""What a label may expect, with its name: that of the verdict which it stands for."""
FIELDS = ("q", "turns", "kind", "facts", "tags", "must", "must_not", "golden")
_LISTS = ("turns", "facts", "tags", "must", "must_not")


def problems_of(files: Mapping[str, bytes], facts: Collection[str] | None) -> Iterator[Problem]:
    """What is wrong in ``questions/*.jsonl``; ``facts`` are the known ids, ``None`` when they could not be read."""
    for file in sorted(files):
        if file.startswith("questions/") and file.endswith(".jsonl"):
            problems: list[Problem] = []
            text = text_of(file, files[file], problems) or ""
            yield from problems
            for at, line in enumerate(text.split("\n"), start=1):
                if line.strip():
                    yield from (Problem(file, at, field, message) for field, message in _faults(line, facts))


def _faults(line: str, facts: Collection[str] | None) -> Iterator[tuple[str, str]]:
    """Each wrong field of one line and what is wrong with it."""
    try:
        row: Any = json.loads(line)
    except (ValueError, RecursionError) as error:
        at = f" (sütun {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        yield "", f"Satır JSON olarak okunamıyor{at}; her satırda {{…}} biçiminde tek bir soru olmalı."
        return
    if not isinstance(row, dict):
        yield "", "Satır {…} biçiminde tek bir soru olmalı."
        return
    yield from _form_faults(row)
    wanted = row.get("facts")
    if facts is not None and isinstance(wanted, list):
        for name in (n for n in wanted if isinstance(n, str) and row.get("golden") is True and n not in facts):
            close = nearest(name, facts)
            yield "facts", f"“{name}” diye bir bilgi yok." + (f" “{close}” mi demek istediniz?" if close else "")


def _form_faults(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in row.keys() - set(FIELDS):
        close = nearest(name, FIELDS)
        hint = f"“{close}” mi demek istediniz?" if close else f"Olabilecekler: {', '.join(FIELDS)}."
        yield name, f"“{name}” diye bir alan yok; {hint}"
    for name in _LISTS:
        value = row.get(name, [])
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            yield name, 'Metinlerden oluşan bir liste olmalı: ["…"].'
    asked = row["turns"] if "turns" in row else [row.get("q")]
    if not isinstance(asked, list) or not asked or not all(isinstance(t, str) for t in asked):
        yield ("turns" if "turns" in row else "q"), "Soru eksik ya da metin değil."
    if row.get("kind") not in KINDS:
        yield "kind", f"Şunlardan biri olmalı: {', '.join(KINDS)}."
    if not isinstance(row.get("golden", False), bool):
        yield "golden", "true ya da false olmalı."
    yield from _pattern_faults(row)


def _pattern_faults(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in ("must", "must_not"):
        value = row.get(name)
        for pattern in value if isinstance(value, list) else ():
            try:
                re.compile(str(pattern))
            except (re.error, RecursionError, OverflowError):
                yield name, f"“{pattern}” geçerli bir düzenli ifade değil."
