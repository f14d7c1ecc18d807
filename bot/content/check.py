"""What only the engine can tell of the content: every stored utterance is asked, and must not be answered by another."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot.content.build import Trees, catalog_of, fact_rows, intent_rows
from bot.content.cache import cached_engine
from bot.content.load import Examined, Files, examine, read_files, version_of
from bot.content.tree import Row, lines_in, words_in
from bot.engine.answer import Engine, answer, compile_catalog
from bot.engine.compose import VERDICTS
from bot.engine.context import NO_CONTEXT
from bot.engine.model import Kind, Reply, Status
from bot.engine.text import fold
from bot.errors import ContentError, Problem

SOON = timedelta(days=31)
"""``valid_until`` this near is worth a warning."""


def check(folder: Path, today: date | None = None) -> list[Problem]:
    """Every problem of the content in ``folder``, in file order; takes seconds, never raises ContentError.

    Without grave problems of the files themselves, every utterance is asked of the compiled engine.
    ``today`` (default: the day in UTC) is what ``valid_until`` is compared with.
    """
    try:
        files = read_files(folder)
    except ContentError as error:
        return list(error.problems)
    return check_files(files, today, folder)


def check_files(files: Files, today: date | None = None, folder: Path | None = None) -> list[Problem]:
    """``check`` for files that have been read; from ``folder``, if its compiled engine may be used and kept."""
    examined = examine(files)
    problems = [*examined.problems, *_expiring(examined.trees, today or datetime.now(UTC).date())]
    if all(p.warning for p in problems):
        problems += engine_problems(examined.trees, _engine(files, examined, folder))
    return sorted(problems)


def _engine(files: Files, examined: Examined, folder: Path | None) -> Engine:
    """The engine of exactly these files: compiling costs more than asking every utterance, so it is kept."""
    version = version_of(files)
    if folder is not None:
        with suppress(ContentError):  # the folder has been changed for the worse since it was read
            kept = cached_engine(folder)
            if kept.catalog.version == version:
                return kept
    return compile_catalog(catalog_of(version, examined.trees, examined.text))


def kinds_of(problems: Iterable[Problem]) -> list[tuple[str, int]]:
    """Messages without the passages that they are about, each with how often it is told, most frequent first."""
    counts = Counter(_kind(p.message) for p in problems)
    return counts.most_common()


def _kind(message: str) -> str:
    """A message without what is particular to its place; reasons (``reason_of``) are as many as there are places."""
    return _PLACE.sub("…", _NUMBERS.sub("…", _QUOTED.sub("“…”", _REASON.sub(r"\1.", _PASSAGE.sub("", message)))))


_PASSAGE = re.compile("^“[^”]*” ")
_REASON = re.compile(r"(kendi konusunda yanıtlanmıyor \([^)]*\)): .*")
_QUOTED = re.compile("“[^”]*”")
_NUMBERS = re.compile(r"\d[\d.-]*\d|\d")
_PLACE = re.compile(r"\b(?:concepts|entities|parties)\.[\w.]+")


def engine_problems(trees: Trees, engine: Engine) -> Iterator[Problem]:
    """Utterances that stand twice or are answered wrongly, and facts that no utterance reaches."""
    utterances = list(utterances_in(trees))
    yield from _twice(utterances)
    reached: set[str] = set()
    topics = {
        f: row.text("id") for kind, row in intent_rows(trees) if kind is Kind.FACT for f in words_in(row.get("facts"))
    }
    for utterance in utterances:
        reply, _ = answer(utterance.text, NO_CONTEXT, engine)
        if utterance.kind is Kind.FACT and reply.status is Status.ANSWER:
            reached.update(reply.facts)
        if found := _fault(utterance, reply, topics):
            yield found
    for row in fact_rows(trees):
        if row.text("id") not in reached:
            yield row.problem("id", "Bu bilgiye hiçbir örnek soru ulaşmıyor; onu soran örnekler ekleyin.")


# ── utterances ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Utterance:
    """One stored example and where it stands."""

    text: str
    line: int
    kind: Kind
    row: Row

    @property
    def intent(self) -> str:
        """The id of its intent."""
        return self.row.text("id")

    def problem(self, message: str, *, warning: bool = False) -> Problem:
        """A problem at this utterance's own line."""
        shown = self.text if len(self.text) <= 70 else self.text[:69] + "…"
        return Problem(self.row.file, self.line, f"{self.row.where}.utterances", f"“{shown}” {message}", warning)


def utterances_in(trees: Trees) -> Iterator[Utterance]:
    """Every stored utterance with its file and line."""
    for kind, row in intent_rows(trees):
        yield from (Utterance(text, line, kind, row) for text, line in lines_in(row.get("utterances")))


def _twice(utterances: list[Utterance]) -> Iterator[Problem]:
    first: dict[str, Utterance] = {}
    for utterance in utterances:
        key = " ".join("".join(c if c.isalnum() else " " for c in fold(utterance.text)).split())
        earlier = first.setdefault(key, utterance) if key else utterance
        if earlier.intent != utterance.intent:
            where = f"{earlier.row.file}:{earlier.line}"
            yield utterance.problem(f"aynı biçimde “{earlier.intent}” konusunda da var ({where}); birini silin.")


def _fault(utterance: Utterance, reply: Reply, topics: Mapping[str, str]) -> Problem | None:
    """What is wrong with the reply that an utterance gets, or ``None``."""
    answered = reply.status is Status.ANSWER
    if utterance.kind is not Kind.FACT:
        if not answered:
            return None
        return utterance.problem(f"yanıtlanmamalıydı, ama {_said(reply, topics)} ile yanıtlanıyor. {_APART}")
    own = set(words_in(utterance.row.get("facts")))
    if answered and own.isdisjoint(reply.facts):
        return utterance.problem(f"başka bir konunun bilgisiyle yanıtlanıyor: {_said(reply, topics)}. {_APART}")
    if not answered and not any(choice.key == utterance.intent for choice in reply.choices):
        told = f"kendi konusunda yanıtlanmıyor (sonuç: {VERDICTS[reply.status]}): {reason_of(utterance.intent, reply)}."
        return utterance.problem(told, warning=True)
    return None


_APART = "Örneği doğru konuya taşıyın ya da iki konuyu ayıran sözcükler ve örnekler ekleyin."


def _said(reply: Reply, topics: Mapping[str, str]) -> str:
    """The topics that the facts shown belong to, and why they are shown where their number alone is the reason."""
    owners = dict.fromkeys(topics.get(f, reply.intent) for f in reply.facts)
    said = f"“{', '.join(owners)}” ({', '.join(reply.facts)})"
    by_number = any(line.endswith("(value)") for line in reply.trace)
    return said + (" (sorudaki sayı ya da yıl o bilginin değeri)" if by_number else "")


def reason_of(intent: str, reply: Reply) -> str:
    """What kept ``intent`` from answering, in a few words, from the trace of the reply that was given instead."""
    others = [line for line in reply.trace if line.startswith("aday: ")]
    own = next((line for line in others if line.split()[1] == intent), "")
    if not own:
        return "konu aday olmadı; sorunun sözcükleri öbür örneklerinde geçmiyor"
    if words := re.search(r"ruhsatsız: (.*?)(?: çelişki: |$)", own):
        return f"konunun öbür örneklerinde geçmiyor: {', '.join(map(_word, words[1].split(', ')))}"
    if clash := re.search(r"çelişki: ([^≠]+)≠([^;]+)", own):
        slots = list(dict.fromkeys(clash[2].split("/")))
        said = next((line for line in reply.trace if line.startswith("koşullar: ")), "")
        stated = [
            p.partition("=")[2] for p in said.removeprefix("koşullar: ").split(", ") if p.partition("=")[0] in slots
        ]
        asked = f" ({', '.join(stated)})" if stated else ""
        return f"sorudaki {' ve '.join(_SLOTS.get(s, s) for s in slots)}{asked} “{clash[1]}” bilgisininkine uymuyor"
    first = others[0].split()[1]
    return f"“{first}” konusu öne geçiyor" if first != intent else "konuya yeterince benzemiyor"


def _word(feature: str) -> str:
    """A feature of the trace as an editor knows it: a word of no concept, a question word, a concept, a pair."""
    if feature[0] in "=#":
        return f"“{feature[1:]}…”" if feature[0] == "=" else _SIGNS.get(feature, feature)
    return f"soru sözcüğü {feature[1:]}" if feature[0] == "?" else feature


_SIGNS = {"#1": "“ilk”", "#n": "sıra sayısı", "#not": "olumsuzluk", "#future": "gelecek zaman", "#if": "koşul eki"}
_SLOTS = {
    "time": "zaman", "number": "sayı", "unit": "birim", "ordinal": "sıra", "agent": "taraf (kimden)",
    "target": "taraf (kime, nerede)", "about": "kişi ya da ülke", "city": "kent", "country": "ülke", "region": "bölge",
    "person": "kişi", "body": "kurum",
}  # fmt: skip
"""Conditions as the trace names them → as an editor is told."""


# ── time ────────────────────────────────────────────────────────────────────────────────────────


def _expiring(trees: Trees, today: date) -> Iterator[Problem]:
    """Facts that say how long they hold, and are past it or soon will be."""
    for row in fact_rows(trees):
        try:
            until = date.fromisoformat(row.text("valid_until"))
        except ValueError:
            continue
        if until < today:
            yield row.problem("valid_until", f"Süresi {until} günü doldu; bilgiyi yenileyin.").as_warning()
        elif until <= today + SOON:
            yield row.problem("valid_until", f"Süresi {until} günü doluyor; yenilemeyi planlayın.").as_warning()
