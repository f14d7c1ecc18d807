"""What a new edition changes, told to an editor: facts and intents by name, and answers side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from bot.content.questions import KINDS
from bot.content.shelf import Edition
from bot.desk.golden import Golden
from bot.engine.model import Catalog, Reply

T = TypeVar("T")
MOST_NAMES = 12
MOST_ANSWERS = 8
_LONGEST_ANSWER = 220


def changes_text(old: Edition, new: Edition, turned: Sequence[tuple[Golden, Reply, Reply]], golden: int) -> str:
    """The report of a reload that went well; ``turned`` are the golden questions whose answer changed."""
    before, after = old.engine.catalog, new.engine.catalog
    head = f"İçerik yenilendi: sürüm {old.version} → {new.version} ({len(after.facts)} bilgi, {len(after.intents)} konu, {_utterances(after)} örnek soru)."
    parts = [
        head,
        *_named("Bilgiler", before.facts, after.facts),
        *_named("Konular", _intents(before), _intents(after)),
    ]
    if before.article != after.article:
        parts.append("Haberin kendisi (metni, başlığı ya da tarihi) değişti.")
    if before.lexicon != after.lexicon:
        parts.append("Sözlük değişti.")
    if len(parts) == 1:
        parts.append("Bilgilerde ve konularda fark yok; yalnızca dosyaların yazımı değişti.")
    return "\n\n".join([*parts, *_side_by_side(turned, golden)])


def problems_text(problems: Sequence[object]) -> str:
    """Why a reload was refused: every problem with its file and line, up to what a person reads."""
    shown = "\n".join(f"• {p}" for p in problems[:MOST_NAMES])
    rest = f"\n… ve {len(problems) - MOST_NAMES} sorun daha" if len(problems) > MOST_NAMES else ""
    return f"Yenilenmedi; eski içerik yayında kalıyor. {len(problems)} sorun bulundu:\n\n{shown}{rest}"


def broken_text(broken: Sequence[tuple[Golden, Reply]]) -> str:
    """Why a reload was refused: golden questions that would no longer be answered as they must."""
    lines = [f"• {g.asked}\n  beklenen: {_expected(g)}\n  yeni yanıt: {_cut(r.text)}" for g, r in broken[:MOST_ANSWERS]]
    rest = f"\n… ve {len(broken) - MOST_ANSWERS} soru daha" if len(broken) > MOST_ANSWERS else ""
    shown = "\n".join(lines)
    return f"Yenilenmedi; eski içerik yayında kalıyor. {len(broken)} altın soru artık beklendiği gibi yanıtlanmıyor:\n\n{shown}{rest}"


def _expected(question: Golden) -> str:
    return KINDS.get(question.kind, question.kind) + (f" ({', '.join(question.facts)})" if question.facts else "")


def _intents(catalog: Catalog) -> Mapping[str, object]:
    return {i.id: i for i in catalog.intents}


def _utterances(catalog: Catalog) -> int:
    return sum(len(i.utterances) for i in catalog.intents)


def _named(what: str, before: Mapping[str, T], after: Mapping[str, T]) -> list[str]:
    added = [k for k in after if k not in before]
    removed = [k for k in before if k not in after]
    changed = [k for k in after if k in before and before[k] != after[k]]
    rows = (("eklenen", added), ("değişen", changed), ("silinen", removed))
    lines = [f"• {word} ({len(keys)}): {_listed(keys)}" for word, keys in rows if keys]
    return [f"{what}:\n" + "\n".join(lines)] if lines else []


def _listed(keys: Iterable[str]) -> str:
    names = list(keys)
    rest = f" … ve {len(names) - MOST_NAMES} tane daha" if len(names) > MOST_NAMES else ""
    return ", ".join(names[:MOST_NAMES]) + rest


def _side_by_side(turned: Sequence[tuple[Golden, Reply, Reply]], golden: int) -> list[str]:
    if not golden:
        return []
    if not turned:
        return [f"Altın sorular: {golden} sorunun hepsi eskisi gibi yanıtlanıyor."]
    lines = [f"• {g.asked}\n  önce: {_cut(a.text)}\n  şimdi: {_cut(b.text)}" for g, a, b in turned[:MOST_ANSWERS]]
    rest = f"\n… ve {len(turned) - MOST_ANSWERS} soru daha" if len(turned) > MOST_ANSWERS else ""
    return [f"Altın sorular: {golden} sorudan {len(turned)} tanesinin yanıtı değişti:\n" + "\n".join(lines) + rest]


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_ANSWER else line[: _LONGEST_ANSWER - 1] + "…"
