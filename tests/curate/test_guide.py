"""docs/editing.md: its YAML fits the schema, its facts are the example's, its links and commands exist."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bot.content import questions, shape
from bot.content.load import load
from bot.content.schema import ARTICLE, FACT, FACTS, GAP, INTENT, INTENTS, LEXICON, Table
from bot.content.tree import tree_of
from bot.curate.amounts import amounts_in
from bot.engine.answer import answer, compile_catalog
from bot.engine.context import NO_CONTEXT
from bot.engine.model import Catalog, Status
from bot.errors import Problem

_FENCE = re.compile(r"^( *)```(\w+)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
_FIRST: dict[str, Table] = {
    "title": ARTICLE,
    "facts": FACTS,
    "intents": INTENTS,
    "gaps": INTENTS,
    "out_of_scope": INTENTS,
    "home": LEXICON,
}


@pytest.fixture(scope="module")
def guide(root: Path) -> str:
    """The guide's text."""
    return (root / "docs" / "editing.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def catalog(root: Path) -> Catalog:
    """The example's content."""
    return load(root / "examples" / "kutuphane")


def _blocks(guide: str, language: str) -> list[str]:
    return [m[3] for m in _FENCE.finditer(guide) if m[2] == language]


def test_yaml_examples_are_sound(guide: str) -> None:
    """Every YAML example would be accepted as a file."""
    blocks = _blocks(guide, "yaml")
    assert len(blocks) >= 9
    for block in blocks:
        problems: list[Problem] = []
        tree = tree_of("example.yaml", block.encode(), problems)
        assert problems == []
        assert shape.problems_of("example.yaml", tree, _FIRST[next(iter(tree.fields))]) == []


def test_example_facts_are_the_examples(guide: str, catalog: Catalog) -> None:
    """What the guide shows of examples/kutuphane is what stands there."""
    quoted = re.findall(r"^    statement: (.+)$", "\n".join(_blocks(guide, "yaml")), re.MULTILINE)
    assert len(quoted) >= 4
    assert set(quoted) <= {fact.statement for fact in catalog.facts.values()}


def test_question_examples_are_sound(guide: str, catalog: Catalog) -> None:
    """Every labelled question of the guide would be accepted beside the example."""
    (block,) = _blocks(guide, "json")
    assert list(questions.problems_of({"questions/a.jsonl": block.encode()}, set(catalog.facts))) == []
    assert {json.loads(line)["kind"] for line in block.splitlines()} == {"answer", "absent", "oos", "smalltalk"}


def test_every_field_is_told(guide: str) -> None:
    """No field of a fact, an intent, a gap, the lexicon or a question goes without a word."""
    wanted = {*FACT.fields, *INTENT.fields, *GAP.fields, *ARTICLE.fields, *LEXICON.fields, *questions.FIELDS}
    wanted |= {"is", "of", "in", "land", "people", "words", "reply"}
    assert {name for name in wanted if f"`{name}`" not in guide and f"{name}:" not in guide} == set()


def test_keys_and_says_do_what_the_table_says(guide: str, catalog: Catalog) -> None:
    """The table's questions, asked of the example: another key is refused, another value put right."""
    engine = compile_catalog(catalog)
    told = {
        "2022'de kaç kitap ödünç alındı?": (Status.NOT_IN_ARTICLE, ""),
        "2024'te 80 bin kitap mı ödünç alındı?": (Status.ANSWER, "96 bin"),
        "Fabrika 1990'da mı kapandı?": (Status.ANSWER, "1988"),
        "Edirne'den Filibe'ye kaç kitap gitti?": (Status.ANSWER, "1.100"),
        "Eski binada kaç kişilik yer vardı?": (Status.ANSWER, "140"),
        "Hafta sonu kaça kadar açık?": (Status.ANSWER, "20.00"),
        "Filibe'deki kütüphanede kaç kitap var?": (Status.NOT_IN_ARTICLE, ""),
    }
    for question, (status, part) in told.items():
        assert f"| {question} |" in guide
        reply, _ = answer(question, NO_CONTEXT, engine)
        assert reply.status is status, question
        assert part in reply.text


def test_amounts_are_written_as_the_table_says(guide: str) -> None:
    """What the guide writes for a number, a duration or an hour is what `new` writes for the same words."""
    rows = re.findall(r"^\| ([^|]+) \| `number: ([^`]+)` \|", guide, re.MULTILINE)
    assert len(rows) >= 6
    for said, written in rows:
        assert [a.value for a in amounts_in(said) if a.slot == "number"] == re.findall(r'"([^"]+)"', written), said


def test_links_lead_somewhere(guide: str, root: Path) -> None:
    """Headings, pictures and files that the guide links to exist."""
    heads = re.findall(r"^#+ (.+)$", re.sub(_FENCE, "", guide), re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", head.lower().replace("İ", "i")).replace(" ", "-") for head in heads}
    for link in re.findall(r"\]\(([^)]+)\)", guide):
        if link.startswith("#"):
            assert link[1:] in anchors, link
        else:
            assert (root / "docs" / link).resolve().exists(), link


def test_commands_exist(guide: str) -> None:
    """Every command's verb and options are the program's."""
    from bot.cli import _parser
    from bot.curate.evaluate import _parser as _evaluate

    text = _parser().format_help() + _evaluate().format_help()
    for verb in re.findall(r"python -m bot (\w+)", guide):
        assert verb in text
