"""Reload after reload while people ask, every second one broken in another way: nothing lost, nothing mixed."""

from __future__ import annotations

import asyncio
import os
import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.desk import Asker, Desk
from tests.content import small
from tests.desk.helpers import ADMIN

RELOADS = int(os.environ.get("STORM_RELOADS", "14"))
PEOPLE = 40
BOTH = "Kütüphanede kaç kitap var? Bina kaç liraya mal oldu?"
FACTS, INTENTS, ARTICLE = "facts/library.yaml", "intents/library.yaml", "facts/article.txt"


def sound(folder: Path, number: int) -> None:
    """Version ``number``: both statements carry the same made-up word, so that a mixture would show."""
    mark = "z" + "".join(chr(ord("a") + int(digit)) for digit in str(number))
    body = small.FACTS.replace("3.250 kitap var", f"{mark} 3.250 kitap var").replace(
        "mal oldu.\n    q", f"{mark} mal oldu.\n    q"
    )
    small.lay_out(folder)
    (folder / FACTS).write_text(body, encoding="utf-8")


def _replaced(file: str, old: str, new: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        body = (folder / file).read_text(encoding="utf-8")
        assert old in body
        (folder / file).write_text(body.replace(old, new, 1), encoding="utf-8")

    return change


def _half_written(folder: Path) -> None:
    body = (folder / FACTS).read_bytes()
    (folder / FACTS).write_bytes(body[: body.index("“Okuma".encode()) + 2])


BREAKAGES: tuple[tuple[Callable[[Path], object], str], ...] = (
    (_replaced(FACTS, "facts:", "facts: ["), FACTS),
    (lambda folder: (folder / INTENTS).write_bytes(small.FILES[INTENTS] + b"\xff\xfe"), INTENTS),
    (_replaced(ARTICLE, "3 bin 250 kitap", "4 bin kitap"), FACTS),
    (_replaced(FACTS, "id: books", "id: opened"), FACTS),
    (_replaced(INTENTS, "intents:", "bomb: &a [x, x]\nmore: [*a, *a, *a]\nintents:"), INTENTS),
    (lambda folder: (folder / FACTS).unlink(), "facts/"),
    (_half_written, FACTS),
)


async def storm(desk: Desk, folder: Path, reloads: int) -> tuple[int, list[str]]:
    """``reloads`` reloads while ``PEOPLE`` ask without a pause: how many questions were answered, and how wrongly."""
    over = asyncio.Event()
    wrong: list[str] = []
    asked = 0

    async def person(number: int) -> None:
        nonlocal asked
        asker = Asker("telegram", str(number), str(number))
        pauses = random.Random(number)
        while not over.is_set():
            text = (await desk.ask(asker, BOTH)).text
            asked += 1
            marks = re.findall(r"\bz[a-j]+\b", text)
            if len(marks) != 2 or len(set(marks)) != 1:
                wrong.append(text)
            await asyncio.sleep(pauses.random() * 0.05)

    people = [asyncio.create_task(person(n)) for n in range(PEOPLE)]
    for number in range(1, reloads + 1):
        sound(folder, number)
        if number % 2:
            before = desk.shelf.current
            change, file = BREAKAGES[number // 2 % len(BREAKAGES)]
            change(folder)
            report = await desk.reload(ADMIN)
            assert not report.ok
            assert re.search(rf"{file}:\d+: ", report.text), report.text
            assert desk.shelf.current is before
        else:
            report = await desk.reload(ADMIN)
            assert report.ok, report.text
    over.set()
    await asyncio.gather(*people)
    return asked, wrong


@pytest.mark.slow
@pytest.mark.timeout(60 + 10 * RELOADS)
async def test_reloads_while_people_ask(desk: Desk, folder: Path) -> None:
    """Each broken reload is refused with its file and line; every reply is whole and of one version."""
    sound(folder, 0)
    assert (await desk.reload(ADMIN)).ok
    asked, wrong = await storm(desk, folder, RELOADS)
    assert wrong == []
    assert asked > 20 * RELOADS
    assert desk.tally.reloads == {"ok": RELOADS // 2 + 1, "refused": RELOADS - RELOADS // 2}
