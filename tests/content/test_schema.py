"""One table describes the files: the loader and the editors' JSON Schema never disagree about it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from bot.content.schema import ARTICLE, FACTS, INTENTS, LEXICON, TABLES, Table, json_schema, table_of
from bot.content.shape import _CHECKS, _NESTED
from tests.content.small import FILES, edited

SCHEMA: dict[str, Any] = json.loads(json_schema())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def read(body: bytes) -> object:
    return yaml.load(body, Loader=yaml.CBaseLoader)  # all scalars strings, as the product reads them


def test_the_committed_schema_is_the_generated_one(root: Path) -> None:
    """Whoever changes a table regenerates ``docs/content.schema.json``."""
    assert (root / "docs" / "content.schema.json").read_text(encoding="utf-8") == json_schema()


def test_the_schema_is_a_schema() -> None:
    """JSON Schema's own rules hold."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_every_table_and_field_is_told_to_editors() -> None:
    """Each field stands in the schema with a description."""
    for _, name, table in TABLES:
        properties = SCHEMA["$defs"][name]["properties"]
        assert list(properties) == list(table.fields)
        assert all(properties[field]["description"] for field in properties)


@pytest.mark.parametrize("table", [ARTICLE, FACTS, INTENTS, LEXICON])
def test_every_shape_is_checked(table: Table) -> None:
    """No field has a shape that the loader lets pass unseen."""
    for field in table.fields.values():
        assert field.shape in (_NESTED if field.of else _CHECKS)
        if field.of:
            test_every_shape_is_checked(field.of)


@pytest.mark.parametrize(
    ("file", "table"),
    [
        ("facts/article.yaml", ARTICLE),
        ("facts/a.yaml", FACTS),
        ("intents/lexicon.yaml", LEXICON),
        ("intents/a.yaml", INTENTS),
        ("facts/article.txt", None),
        ("questions/a.jsonl", None),
    ],
)
def test_a_path_has_one_table(file: str, table: Table | None) -> None:
    """Single files come before their folder."""
    assert table_of(file) is table


def test_sound_files_fit_the_schema(root: Path) -> None:
    """The shipped content and the small one are valid to an editor's validator."""
    shipped = [p for folder in ("facts", "intents") for p in sorted((root / folder).glob("*.yaml"))]
    bodies = [p.read_bytes() for p in shipped] + [body for name, body in FILES.items() if name.endswith(".yaml")]
    assert len(shipped) > 3
    assert [e.message for body in bodies for e in VALIDATOR.iter_errors(read(body))] == []


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("intents/library.yaml", "utterances: |\n      merhaba", "utterence: |\n      merhaba"),
        ("facts/library.yaml", "    quote: Kütüphanede 3 bin 250 kitap bulunuyor.\n", ""),
        ("facts/library.yaml", "id: books", "id: Kitap Sayısı"),
        ("facts/library.yaml", "valid_until: 2030-01-01", "valid_until: yarın"),
        ("facts/article.yaml", "sha256: ", "sha256: x"),
        ("intents/lexicon.yaml", "[kitap, eser]", "{a: b}"),
    ],
)
def test_what_the_loader_refuses_an_editor_underlines(file: str, old: str, new: str) -> None:
    """The schema catches unknown, missing and misshapen fields while typing."""
    assert list(VALIDATOR.iter_errors(read(edited(file, old, new)[file])))
