"""Ten times as many facts: those that are added are of another, invented article with a lexicon of its own.

Each generated fact holds in one year and is asked about by words that no other has, among words that many share, in
another order and with other endings each time; so neither fact nor utterance is a copy.
"""

from __future__ import annotations

import random
from dataclasses import replace
from types import MappingProxyType

from benchmarks import clock
from benchmarks.stages import questions_of
from bot.engine.answer import Engine, answer, compile_catalog
from bot.engine.context import NO_CONTEXT
from bot.engine.model import Catalog, Entry, Fact, Intent, Kind

TIMES = (1, 3, 10)
UTTERANCES = 30
SHARED = 60
_ENDINGS = ("", "lar", "da", "dan", "ın", "ları", "larda", "ya")
_ASKS = ("kaç", "nerede", "ne zaman", "kim", "neden", "ne kadar")


def section(catalog: Catalog) -> list[str]:
    """The table's lines of Markdown; generated facts are asked by words in an order that was not learned."""
    lines = [
        "| facts | utterances | a question p50 µs | p99 µs | ratio to the first | of a generated fact p50 µs | answered by it | compiling s |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    own = questions_of(catalog)[::2]
    first = 0.0
    for times in TIMES:
        grown, asked = with_facts(catalog, (times - 1) * len(catalog.facts))
        kept: list[Engine] = []
        cost = clock.seconds(lambda: kept.append(compile_catalog(grown)))  # noqa: B023 - called at once
        engine = kept.pop()
        taken = clock.times(lambda q: answer(q, NO_CONTEXT, engine), own)  # noqa: B023 - called at once
        first = first or taken.p50
        beside = " – | –"
        if asked:
            theirs = clock.times(lambda q: answer(q, NO_CONTEXT, engine), list(asked))  # noqa: B023 - called at once
            right = sum(fact in answer(q, NO_CONTEXT, engine)[0].facts for q, fact in asked.items())
            beside = f" {theirs.p50:.0f} | {right / len(asked):.0%}"
        utterances = sum(len(i.utterances) for i in grown.intents)
        lines.append(
            f"| {len(grown.facts)} | {utterances:,} | {taken.p50:.0f} | {taken.p99:.0f} | {taken.p50 / first:.2f} |{beside} | {cost:.1f} |"
        )
    return [*lines, ""]


def with_facts(catalog: Catalog, count: int, seed: int = 4) -> tuple[Catalog, dict[str, str]]:
    """``catalog`` with ``count`` generated facts, and a question about each of them with the fact's id."""
    dice = random.Random(seed)
    stems = _stems(dice, SHARED + 2 * count)
    shared, own = stems[:SHARED], stems[SHARED:]
    facts, intents, asked = dict(catalog.facts), list(catalog.intents), dict[str, str]()
    for number in range(count):
        names, id_ = own[2 * number : 2 * number + 2], f"generated_{number}"
        year = str(dice.randrange(1995, 2024))
        statement = f"{names[0].capitalize()} {names[1]} için {year} yılında {dice.randrange(2, 900)} {dice.choice(shared)} ayrıldı."
        facts[id_] = Fact(id_, statement, (statement,), MappingProxyType({"year": frozenset({year})}))
        texts = {_question(dice, names, shared): None for _ in range(UTTERANCES)}
        intents.append(Intent(id_, Kind.FACT, tuple(texts), (id_,), title=f"{names[0]} {names[1]}"))
        asked[" ".join([*(name + "daki" for name in reversed(names)), dice.choice(_ASKS)])] = id_
    entries = [Entry((stem,), "", frozenset({"of_" + stem})) for stem in stems]
    lexicon = replace(catalog.lexicon, entries=(*catalog.lexicon.entries, *entries))
    return replace(catalog, facts=MappingProxyType(facts), intents=tuple(intents), lexicon=lexicon), asked


def _stems(dice: random.Random, count: int) -> list[str]:
    """Different stems of three syllables."""
    found: dict[str, None] = {}
    while len(found) < count:
        found["".join(dice.choice("bcdfghklmnprstvyz") + dice.choice("aeıioöuü") for _ in range(3))] = None
    return list(found)


def _question(dice: random.Random, names: list[str], shared: list[str]) -> str:
    words = [name + dice.choice(_ENDINGS) for name in dice.sample(names, dice.choice((1, 2, 2)))]
    words += [dice.choice(shared) + dice.choice(_ENDINGS) for _ in range(dice.choice((0, 1)))]
    dice.shuffle(words)
    return " ".join([*words, dice.choice(_ASKS)])
