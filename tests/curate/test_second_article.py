"""Another article, no code: the library of examples/kutuphane is asked, checked, graded and reloaded like the shipped one."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli import main
from bot.content.cache import cached_edition, cached_engine
from bot.content.check import check
from bot.content.load import load
from bot.content.shelf import Shelf
from bot.curate.evaluate import Table, evaluate, faults, noisy
from bot.curate.grader import Grade, Grader
from bot.curate.labelled import Labelled, read_questions
from bot.desk import Asker, Desk, NullJournal
from bot.engine.answer import Engine, answer
from bot.engine.context import NO_CONTEXT
from bot.engine.model import Kind
from bot.engine.text import fold
from bot.settings import Settings

RIGHT, WRONG = 0.9, 0.02
LEAST_FACTS, LEAST_QUESTIONS = 12, 60
MOST_UTTERANCES, MEAN_UTTERANCES = 60, 40
"""An intent's; the guide says that up to sixty are of use."""
TYPO_COSTS = 0.12
"""By how much one slip a question may lower the share of right answers; sixty questions are few."""
ENGINE = ("engine", "desk", "content", "curate", "platforms")
"""Packages that know no article; the language pack knows geography."""
MONTHS = {"ocak", "mart", "nisan", "mayis", "haziran", "temmuz", "agustos", "eylul", "ekim", "kasim", "aralik"}
"""Some are people's names, too."""


@pytest.fixture(scope="module")
def folder(root: Path) -> Path:
    """The second article's content."""
    return root / "examples" / "kutuphane"


@pytest.fixture(scope="module")
def questions(folder: Path) -> list[Labelled]:
    """Its labelled questions, written from the article alone."""
    return read_questions(sorted((folder / "questions").glob("etiketli.jsonl")))


@pytest.fixture(scope="module")
def library(folder: Path, _clean_environment: None) -> Engine:
    """Its compiled engine."""
    return cached_engine(folder)


@pytest.fixture(scope="module")
def table(questions: list[Labelled], library: Engine) -> Table:
    """How its questions are answered."""
    return evaluate(questions, library, Grader())


# ── how good it is ──────────────────────────────────────────────────────────────────────────────


def test_right(table: Table) -> None:
    """Most of what the article answers is answered right."""
    assert table.share("answer", Grade.RIGHT) >= RIGHT, faults(table, 12)


def test_wrong(table: Table) -> None:
    """Hardly anything is answered wrongly."""
    assert table.wrong <= WRONG, faults(table, 12)


@pytest.mark.parametrize("noise", ["typo", "ascii", "caps"])
def test_noise(noise: str, questions: list[Labelled], library: Engine, table: Table) -> None:
    """A small pack survives slips, missing letters and capitals, too."""
    spoilt = evaluate(noisy(questions, noise, seed=1), library, Grader())
    costs = TYPO_COSTS if noise == "typo" else 0
    assert spoilt.share("answer", Grade.RIGHT) >= table.share("answer", Grade.RIGHT) - costs, faults(spoilt, 12)


def test_it_is_small_and_whole(library: Engine, questions: list[Labelled]) -> None:
    """Twelve facts or more, sixty questions of all kinds or more, and no more utterances than an editor writes in a day."""
    catalog = library.catalog
    assert len(catalog.facts) >= LEAST_FACTS
    assert len(questions) >= LEAST_QUESTIONS
    assert {q.kind for q in questions} == {"answer", "absent", "oos", "smalltalk"}
    assert {fact for q in questions for fact in q.facts} == set(catalog.facts)
    sizes = [len(i.utterances) for i in catalog.intents if i.kind in {Kind.FACT, Kind.GAP}]
    assert max(sizes) <= MOST_UTTERANCES
    assert sum(sizes) / len(sizes) <= MEAN_UTTERANCES


def test_what_may_be_out_of_date_says_so(library: Engine) -> None:
    """The opening hours hold until a day; past it the answer warns, up to it it does not."""
    until = library.catalog.facts["hours_week"].valid_until
    assert until is not None
    fresh, _ = answer("Hafta içi kaça kadar açık?", NO_CONTEXT, library, until)
    stale, _ = answer("Hafta içi kaça kadar açık?", NO_CONTEXT, library, "2099-01-01")
    assert fresh.facts == stale.facts == ("hours_week",)
    assert "güncel" not in fresh.text
    assert "güncel" in stale.text


# ── everything works with --content ─────────────────────────────────────────────────────────────


def test_check(folder: Path) -> None:
    """`check` finds nothing grave."""
    assert [str(p) for p in check(folder) if not p.warning] == []


def test_ask(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`ask` answers from it, with its quote and its date."""
    assert main(["ask", "--content", str(folder), "Kütüphanede", "kaç", "kitap", "var?"]) == 0
    shown = capsys.readouterr().out
    assert "215 bin kitap" in shown
    assert "6 Ekim 2025" in shown


def test_ask_lines(folder: Path, root: Path) -> None:
    """`ask --jsonl` speaks of it and of nothing else."""
    lines = [
        {"id": 1, "turns": ["2024'te kaç kitap ödünç alındı?", "ya 2023'te?"]},
        {"id": 2, "turns": ["Vize var mı?"]},
    ]
    command = [sys.executable, "-m", "bot", "ask", "--jsonl", "--content", str(folder)]
    feed = "".join(json.dumps(line) + "\n" for line in lines)
    done = subprocess.run(command, input=feed, capture_output=True, text=True, cwd=root, check=True, timeout=50)
    first, second = map(json.loads, done.stdout.splitlines())
    assert (first["status"], first["facts"]) == ("answer", ["loans_2023"])
    assert second["status"] in {"unknown", "not_in_article"}


def test_chat(folder: Path, root: Path) -> None:
    """`chat` greets with its subject and shows its topics."""
    command = [sys.executable, "-m", "bot", "chat", "--content", str(folder)]
    asked = "Bina kaç katlı?\n/konular\n"
    done = subprocess.run(command, input=asked, capture_output=True, text=True, cwd=root, check=True, timeout=50)
    assert "Edirne Kent Kütüphanesi" in done.stdout
    assert "dört katlı" in done.stdout
    assert "Gezici kütüphane" in done.stdout


async def test_reload(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An edit is taken over with its golden questions; a wrong one is refused with file and line."""
    copy = tmp_path / "kutuphane"
    shutil.copytree(folder, copy)
    admin = Asker("terminal", "editor", "here")
    desk = Desk(Shelf(cached_edition(copy)), Settings(content_dir=copy).with_admin("terminal", "editor"), NullJournal())
    assert (await desk.ask(admin, "Kat sayısı kaç?")).text == "Bina dört katlı."
    facts = copy / "facts/bina.yaml"
    text = facts.read_text(encoding="utf-8")
    facts.write_text(text.replace("statement: Bina dört katlı.", "statement: Yeni bina dört katlı."), encoding="utf-8")
    report = await desk.reload(admin)
    assert report.ok, report.text
    assert "floors" in report.text
    assert (await desk.ask(admin, "Kat sayısı kaç?")).text == "Yeni bina dört katlı."
    facts.write_text(text.replace("onarımı 30 ay sürdü.", "onarımı 36 ay sürdü."), encoding="utf-8")
    refused = await desk.reload(admin)
    assert not refused.ok
    assert "facts/bina.yaml:" in refused.text
    assert (await desk.ask(admin, "Kat sayısı kaç?")).text == "Yeni bina dört katlı."


# ── the code knows no article ───────────────────────────────────────────────────────────────────


def _literals(path: Path) -> Iterator[tuple[int, str]]:
    """The string literals of a module, docstrings left out: those explain by example."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    told = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.lineno, node.value


def _names(folder: Path) -> set[str]:
    """The folded names of an article's parties and entities, and the words of those that are names for certain."""
    lexicon = load(folder).lexicon
    wanted = ("party", "city", "person", "body", "district", "work")
    names = {name for slot in wanted for key, name in lexicon.names.get(slot, {}).items() if _own(lexicon, slot, key)}
    single = {word for name in names for word in name.split() if _stands_alone(word)}
    return {fold(name) for name in names | single if len(name) > 3} - MONTHS


def _stands_alone(word: str) -> bool:
    """Whether a word of a name stands for it by itself: capitalised and no institution's common noun."""
    common = "Türk Ekonomik Kültür Birleşmiş Devletleri İslam Avrupa Parlamenter Stratejik Yüksek Asya Kent".split()
    nouns = ("teşkilat", "konsey", "vakf", "akademi", "asamble", "millet", "birli", "kütüphane", "mahalle", "konferans")
    plain = ("önlem", "işbirli", "artır", "düzey", "miras", "güven", "mantolu")
    return word[0].isupper() and word not in common and not fold(word).startswith(tuple(map(fold, (*nouns, *plain))))


def _own(lexicon: object, slot: str, key: str) -> bool:
    entries = getattr(lexicon, "entries", ())
    return any(e.slot == slot and key in e.values for e in entries)


@pytest.mark.parametrize("article", ["", "examples/kutuphane"])
def test_code_names_nothing_of_an_article(root: Path, article: str) -> None:
    """No string of the engine, the desk, the loader, the editor's tools or the platforms holds a name of it."""
    names = _names(root / article)
    assert len(names) > 5
    held = []
    for package in ENGINE:
        for path in sorted((root / "bot" / package).rglob("*.py")):
            for line, text in _literals(path):
                folded = f" {fold(text)} "
                held += [f"{path.relative_to(root)}:{line}: {n}" for n in names if f" {n}" in folded]
    assert held == []
