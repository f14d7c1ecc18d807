"""Asks labelled questions, clean and as people type them, and prints the table of how good the answers are.

``python -m bot.curate.evaluate FILES… [--content DIR] [--noise typo|ascii|caps] [--seed N] [--show N] [--json]``

*right*: as it should be. *offered*: one step away, nothing false said. *missed*: refused what the article
answers. *wrong*: something was answered that the article does not say, or another fact than the one asked for.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.content.cache import cached_engine, default_folder
from bot.curate.grader import Grade, Grader, grader_beside
from bot.curate.labelled import Labelled, read_questions
from bot.curate.noise import NOISES
from bot.engine.answer import Engine, answer
from bot.engine.context import NO_CONTEXT
from bot.engine.model import Reply, Status
from bot.errors import ContentError

FIGURE_NAMES: Mapping[str, str] = {
    "answered right": "doğru yanıt",
    "right or offered": "doğru ya da bir adım ötede",
    "absent refused": "haberde olmayana “yok” deme",
    "absent named": "… ve ne olmadığını söyleme",
    "out of scope refused": "konu dışını geri çevirme",
    "smalltalk": "sohbet",
    "wrong of all": "yanlış (tüm sorularda)",
}
"""What the figures are called where a person reads them."""
GRADE_NAMES: Mapping[Grade, str] = {
    Grade.RIGHT: "doğru",
    Grade.OFFERED: "bir adım ötede",
    Grade.MISSED: "kaçırıldı",
    Grade.WRONG: "yanlış",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question with the reply that it got, its grade, and how many seconds the last turn took."""

    question: Labelled
    reply: Reply
    grade: Grade
    seconds: float


@dataclass(frozen=True, slots=True)
class Table:
    """Shares (0 to 1) over outcomes; ``nan`` where no question of the kind was asked."""

    outcomes: tuple[Outcome, ...]

    def share(self, kind: str, *grades: Grade) -> float:
        """The share of one kind's questions that got one of ``grades``."""
        of_kind = [o for o in self.outcomes if o.question.kind == kind]
        return sum(o.grade in grades for o in of_kind) / len(of_kind) if of_kind else float("nan")

    @property
    def wrong(self) -> float:
        """The share of all questions that were answered wrongly."""
        return (
            sum(o.grade is Grade.WRONG for o in self.outcomes) / len(self.outcomes) if self.outcomes else float("nan")
        )

    def figures(self) -> dict[str, float]:
        """The figures by which the bot is judged, by name."""
        return {
            "answered right": self.share("answer", Grade.RIGHT),
            "right or offered": self.share("answer", Grade.RIGHT, Grade.OFFERED),
            "absent refused": self.share("absent", Grade.RIGHT, Grade.OFFERED),
            "absent named": self.share("absent", Grade.RIGHT),
            "out of scope refused": self.share("oos", Grade.RIGHT, Grade.OFFERED),
            "smalltalk": self.share("smalltalk", Grade.RIGHT),
            "wrong of all": self.wrong,
        }

    def by_tag(self) -> dict[str, Counter[Grade]]:
        """Grades per tag, by name."""
        tags = sorted({tag for o in self.outcomes for tag in o.question.tags})
        return {tag: Counter(o.grade for o in self.outcomes if tag in o.question.tags) for tag in tags}


def evaluate(questions: Sequence[Labelled], engine: Engine, grader: Grader) -> Table:
    """Ask every question as a conversation of its own and grade the last reply; a few milliseconds each."""
    return Table(tuple(_asked(q, engine, grader) for q in questions))


def _asked(question: Labelled, engine: Engine, grader: Grader) -> Outcome:
    context, reply, seconds = NO_CONTEXT, Reply(Status.UNKNOWN, ()), 0.0
    for turn in question.turns:
        start = time.perf_counter()
        reply, context = answer(turn, context, engine)
        seconds = time.perf_counter() - start
    return Outcome(question, reply, grader.grade(question, reply), seconds)


def noisy(questions: Sequence[Labelled], noise: str, seed: int) -> list[Labelled]:
    """The questions with every turn made noisy; the same ``seed`` gives the same slips."""
    dice = random.Random(seed)  # noqa: S311 - slips of the pen, no secrets
    spoil = NOISES[noise]
    return [replace(q, turns=tuple(spoil(turn, dice) for turn in q.turns)) for q in questions]


# ── the command ─────────────────────────────────────────────────────────────────────────────────


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out the command of the module's docstring; 0, or 1 when a file cannot be read."""
    args = _parser().parse_args(argv)
    try:
        graded = [(read_questions([path]), grader_beside(path)) for path in args.files]
        engine = cached_engine(args.content or default_folder())
    except ContentError as error:
        sys.stderr.write("\n".join(str(p) for p in error.problems) + "\n")
        return 1
    columns: dict[str, Table] = {}
    for name in ("clean", *(args.noise or NOISES)):
        sets = [(q if name == "clean" else noisy(q, name, args.seed), grader) for q, grader in graded]
        columns[name] = Table(tuple(o for q, grader in sets for o in evaluate(q, engine, grader).outcomes))
    shown = as_json(columns) if args.json else as_text(columns) + faults(columns["clean"], args.show)
    sys.stdout.write(shown)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot.curate.evaluate", description="etiketli soruları sor ve notla")
    parser.add_argument("files", nargs="+", type=Path, help="etiketli sorular: *.jsonl")
    parser.add_argument("--content", type=Path, metavar="DIR", help="facts/ ve intents/ klasörlerini içeren klasör")
    parser.add_argument("--noise", action="append", choices=sorted(NOISES), help="yalnız bu bozulma (yoksa hepsi)")
    parser.add_argument("--seed", type=int, default=1, help="yazım hatalarının tohumu")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="doğru olmayan ilk N yanıtı da yaz")
    parser.add_argument("--json", action="store_true", help="tablo yerine JSON")
    return parser


_NOISE_NAMES: Mapping[str, str] = {"clean": "temiz", "typo": "bir yanlışla", "ascii": "harfsiz", "caps": "büyük harf"}


def as_text(columns: Mapping[str, Table]) -> str:
    """The figures side by side, then the grades per tag of the first column."""
    first = next(iter(columns.values()))
    head = f"{len(first.outcomes)} soru".ljust(30) + "".join(f"{_NOISE_NAMES.get(name, name):>13}" for name in columns)
    figures = {name: table.figures() for name, table in columns.items()}
    rows = [
        f"{FIGURE_NAMES[row]:30}" + "".join(f"{figures[name][row]:13.3f}" for name in columns)
        for row in first.figures()
    ]
    tags = [
        f"  {tag:16}" + "".join(f"  {name} {count[grade]:3}" for grade, name in GRADE_NAMES.items())
        for tag, count in first.by_tag().items()
    ]
    return "\n".join([head, *rows, *tags]) + "\n"


def as_json(columns: Mapping[str, Table]) -> str:
    """The figures of each column as JSON."""
    rounded = {n: {k: round(v, 4) for k, v in t.figures().items()} for n, t in columns.items()}
    return json.dumps(rounded, ensure_ascii=False, indent=2) + "\n"


def faults(table: Table, most: int) -> str:
    """The first ``most`` outcomes that are not right, the worst first."""
    order = (Grade.WRONG, Grade.MISSED, Grade.OFFERED)
    found = sorted((o for o in table.outcomes if o.grade in order), key=lambda o: order.index(o.grade))
    lines = [
        f"[{GRADE_NAMES[o.grade]}] {o.question.id} {o.question.kind} {','.join(o.question.facts)}\n"
        f"   {o.question.asked}\n   {o.reply.status} {o.reply.intent}: {o.reply.text[:200]!r}"
        for o in found[:most]
    ]
    return "\n".join(["", *lines, ""]) if lines else ""


if __name__ == "__main__":
    sys.exit(main())
