"""The numbered SQL files that bring a store up to date; the drivers run them under a lock."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

from bot.errors import JournalError

SQLITE: Mapping[str, str] = MappingProxyType(
    {
        "identity": "INTEGER PRIMARY KEY AUTOINCREMENT",
        "bytes": "BLOB",
        "skip_locked": "",
        "ids": "(SELECT value FROM json_each($2))",
        "rows": "(SELECT json_extract(value, '$[0]') AS a, json_extract(value, '$[1]') AS b, "
        "json_extract(value, '$[2]') AS c FROM json_each($2) ORDER BY key)",
        "notify": "SELECT 1",
    }
)
POSTGRES: Mapping[str, str] = MappingProxyType(
    {
        "identity": "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
        "bytes": "BYTEA",
        "skip_locked": "FOR UPDATE OF u SKIP LOCKED",
        "ids": "(SELECT value FROM json_array_elements_text($2::json))",
        "rows": "(SELECT value ->> 0 AS a, value ->> 1 AS b, value ->> 2 AS c "
        "FROM json_array_elements($2::json) WITH ORDINALITY AS e (value, n) ORDER BY n)",
        "notify": "SELECT pg_notify('kopru_versions', '')::text",
    }
)
"""What the few words in double braces become in each dialect. ``ids`` and ``rows`` are what the JSON in ``$2`` lists:
texts, and threes of them called ``a``, ``b`` and ``c``; the rows keep their order."""

BOOTSTRAP = (
    "CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
)
APPLIED = "SELECT number FROM migrations ORDER BY number"
RECORD = "INSERT INTO migrations (number, name) VALUES ($1, $2)"
KEEP_SECRET = "INSERT INTO meta (name, value) VALUES ('person_key', $1) ON CONFLICT (name) DO NOTHING"  # noqa: S105
READ_SECRET = "SELECT value FROM meta WHERE name = 'person_key'"  # noqa: S105

_FILE = re.compile(r"(\d{4})_(\w+)\.sql")
_COMMENT = re.compile(r"^\s*--.*$", re.MULTILINE)
_WORD = re.compile(r"\{\{(\w+)\}\}")


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered file; ``statements`` still hold the dialects' words."""

    number: int
    name: str
    statements: tuple[str, ...]


def in_dialect(sql: str, words: Mapping[str, str]) -> str:
    """``sql`` with each ``{{word}}`` replaced."""
    return _WORD.sub(lambda match: words[match[1]], sql)


@cache
def migrations() -> tuple[Migration, ...]:
    """All migrations of this program, in order; a statement ends with a semicolon at a line's end."""
    found = []
    for file in resources.files("bot.journal").joinpath("migrations").iterdir():
        if match := _FILE.fullmatch(file.name):
            sql = _COMMENT.sub("", file.read_text(encoding="utf-8"))
            parts = (part.strip() for part in re.split(r";\s*(?:\n|\Z)", sql))
            found.append(Migration(int(match[1]), match[2], tuple(part for part in parts if part)))
    return tuple(sorted(found, key=lambda migration: migration.number))


def missing(applied: Collection[int]) -> list[Migration]:
    """The migrations to run on a store that has ``applied``.

    Raises JournalError when the store is newer than this program: running on would damage it.
    """
    known = {migration.number for migration in migrations()}
    if unknown := set(applied) - known:
        raise JournalError(
            f"veritabanının şeması bu programdan yeni (göç {max(unknown)}, programda en son {max(known)}); "
            "programı yükseltin"
        )
    return [migration for migration in migrations() if migration.number not in applied]


def new_secret() -> str:
    """A random key for person hashes, hexadecimal."""
    return secrets.token_hex(32)
