"""What the people of an endurance run say, and what each must be answered: the engine itself is asked beforehand.

Every statement of the content carries a sign that names its version and that the engine does not read, so a reply tells
which version it was made from, and a reply made from two would match none of them.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.endurance.process import ROOT
from bot.content.cache import cached_engine
from bot.engine.answer import Engine, answer
from bot.engine.context import NO_CONTEXT, from_json, to_json
from bot.platforms.telegram.markup import told
from tests.content import small
from tests.servers.telegram_rules import html_of

SIGNS = "†‡§¶"


def sign_of(version: int) -> str:
    """The sign of the ``version``-th content (0 is the first): its number, in digits that the engine takes for punctuation."""
    more, digit = divmod(version, len(SIGNS))
    return (sign_of(more) if more else "") + SIGNS[digit]


FIRST = sign_of(0)


@dataclass(frozen=True, slots=True)
class Script:
    """Questions that stand alone, and follow-ups whose answer depends on the one before."""

    openers: Sequence[str]
    follow_ups: Sequence[str]
    product: bool
    """The product's own content (seconds to compile), or the tests' small one."""

    def lay_out(self, folder: Path, mark: str = FIRST) -> Path:
        """Write the content below ``folder``, its statements marked; no file is ever seen half-written."""
        new = folder.with_name(f"{folder.name}.new")
        if self.product:
            for part in ("facts", "intents"):
                shutil.copytree(ROOT / part, new / part, dirs_exist_ok=True)
        else:
            small.lay_out(new)
        for path in (new / "facts").glob("*.yaml"):
            lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
            path.write_text("".join(_marked(line, mark) for line in lines), encoding="utf-8")
        for path in [p for p in new.rglob("*") if p.is_file()]:
            to = folder / path.relative_to(new)
            to.parent.mkdir(parents=True, exist_ok=True)
            path.replace(to)
        return folder


def _marked(line: str, mark: str) -> str:
    if not line.lstrip().startswith("statement:"):
        return line
    assert line.endswith(".\n"), line
    return f"{line[:-2]} {mark}.\n"


PRODUCT = Script(
    (
        "İki ülke arasındaki ticaret hacmi 2024'te ne kadardı?",
        "2024'te kaç Kazak turist Türkiye'ye geldi?",
        "Türkiye'nin Kazakistan'da hangi şehirlerde konsolosluğu var?",
        "Diplomatik ilişkiler ne zaman kuruldu?",
        "Kaç Türk şirketi faaliyet gösteriyor?",
        "Kaç ortak proje var?",
        "Kazakistan'ın başkenti neresi?",
        "Türk vatandaşları Kazakistan'da kaç gün vizesiz kalabilir?",
        "Kazakistan'ın nüfusu kaç?",
        "Bugün hava nasıl?",
    ),
    ("peki tersi?", "peki Türkiye'nin?", "ya Kazakistan'ın?", "peki 2023'te?", "peki kaç?"),
    product=True,
)
SMALL = Script(
    (
        "Kütüphanede kaç kitap var?",
        "Kütüphane ne zaman açıldı?",
        "Bina kaç liraya mal oldu?",
        "Okuma Evi ile çalışıyor mu?",
        "Bugün yağmur yağacak mı?",
    ),
    ("kaç?", "emin misin?", "ya kaç tane?", "peki 2024'te?", "peki İzmir'de?", "ne zaman?"),
    product=False,
)


@dataclass(slots=True)
class Oracle:
    """What Telegram must show for a question after a context, by the engine of the first version."""

    engine: Engine
    _known: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, folder: Path) -> Oracle:
        """The oracle of a content folder."""
        return cls(cached_engine(folder))

    def after(self, question: str, context: str) -> tuple[str, str]:
        """The text that is shown, and the context after it (as the journal keeps it; empty: none)."""
        if (question, context) not in self._known:
            before = from_json(context) if context else NO_CONTEXT
            reply, after = answer(question, before, self.engine)
            shown = html_of(told(reply, self.engine.catalog)[0])[0]
            self._known[question, context] = (shown, to_json(after))
        return self._known[question, context]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that a person says; ``expected`` is in the first version's words."""

    text: str
    expected: str
    leans: bool
    """Whether its answer would be another without the context."""

    def fits(self, shown: str, mark: str) -> bool:
        """Whether ``shown`` is exactly the answer of the version with this mark."""
        return shown == self.expected.replace(f" {FIRST}.", f" {mark}.")


def conversation(script: Script, oracle: Oracle, chance: random.Random) -> Iterator[Line]:
    """Without end: an opener, then none to three follow-ups, then another opener."""
    context = ""
    while True:
        turns = [chance.choice(script.openers), *chance.choices(script.follow_ups, k=chance.randrange(4))]
        for text in turns:
            expected, after = oracle.after(text, context)
            yield Line(text, expected, expected != oracle.after(text, "")[0])
            context = after
