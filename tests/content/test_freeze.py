"""Engines as bytes: they come out as they went in, from files of our own only, and code is known by what it says."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import pytest

from bot.content import freeze


@dataclass(frozen=True, slots=True)
class Named:
    """A value of one field."""

    name: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A value of two fields, one of them a read-only mapping."""

    first: Named
    second: Mapping[str, int]


VALUE = {"pair": Pair(Named("bir"), MappingProxyType({"iki": 2})), "bytes": bytearray(b"x" * 200_000)}


def test_values_come_out_as_they_went_in() -> None:
    """Read at once or in steps, with a pause before each."""
    parts = freeze.pack(VALUE)
    pauses: list[None] = []
    assert freeze.unpack(parts) == VALUE
    assert freeze.unpack(parts, lambda: pauses.append(None)) == VALUE
    assert len(pauses) > 1


def test_a_file_outlives_its_name(tmp_path: Path) -> None:
    """Parts that were mapped stay readable when the file is removed."""
    path = tmp_path / "engine"
    path.write_bytes(b"".join(freeze.in_file([b"head", b"", b"x" * 100])))
    path.chmod(0o600)
    parts = freeze.mapped(path)
    path.unlink()
    assert [bytes(part) for part in parts] == [b"head", b"", b"x" * 100]


def test_a_file_that_others_may_write_is_refused(tmp_path: Path) -> None:
    """Reading a pickle runs code; so does no file that somebody else could have put there, and no link to one."""
    path = tmp_path / "engine"
    path.write_bytes(b"".join(freeze.in_file([b"head"])))
    path.chmod(0o606)
    with pytest.raises(PermissionError):
        freeze.mapped(path)
    path.chmod(0o600)
    (tmp_path / "link").symlink_to(path)
    with pytest.raises(OSError, match="link"):
        freeze.mapped(tmp_path / "link")


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    """Too short for what it promises: no parts, but a plain error."""
    path = tmp_path / "engine"
    path.write_bytes(b"\xff")
    path.chmod(0o600)
    with pytest.raises(ValueError, match="engine"):
        freeze.mapped(path)


def test_code_is_known_by_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A touched file is the same code (a checkout or a copy changes times only); a changed letter is another's."""
    monkeypatch.setattr(freeze, "_BOT", tmp_path)
    (tmp_path / "engine").mkdir()
    path = tmp_path / "engine" / "read.py"
    path.write_text("1\n")
    before = freeze.code_mark.__wrapped__()
    os.utime(path, (1, 1))
    assert freeze.code_mark.__wrapped__() == before
    path.write_text("2\n")
    assert freeze.code_mark.__wrapped__() != before
