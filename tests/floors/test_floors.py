"""The house: who may import whom, and how long a module or a function may be."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

LONGEST_MODULE = 400
LONGEST_FUNCTION = 40
CODE = ("bot", "tests", "tools", "benchmarks")


def modules(root: Path) -> list[Path]:
    return sorted(p for folder in CODE for p in (root / folder).rglob("*.py"))


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))


def test_imports_go_downward_only(root: Path) -> None:
    """import-linter keeps every contract of pyproject.toml: floors, siblings, purity, who owns which library."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
    assert " 0 broken" in done.stdout


@pytest.mark.parametrize(
    ("module", "line", "broken"),
    [
        ("bot/engine/model.py", "import bot.desk", "floors"),
        ("bot/engine/model.py", "import asyncio", "pure"),
        ("bot/desk/values.py", "import telegram", "telegram"),
        ("bot/cli.py", "import discord", "discord"),
        ("bot/cli.py", "import numpy", "numbers"),
        ("bot/platforms/lines.py", "import bot.platforms.terminal.text", "siblings"),
        ("bot/stray.py", "", "floors"),
    ],
)
def test_contracts_can_fail(root: Path, tmp_path: Path, module: str, line: str, broken: str) -> None:
    """Each contract notices the import that it is there to forbid."""
    for path in (root / "bot").rglob("*.py"):
        copy = tmp_path / path.relative_to(root)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    (tmp_path / "pyproject.toml").write_bytes((root / "pyproject.toml").read_bytes())
    with (tmp_path / module).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--contract", broken]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 1


def test_every_module_says_what_it_is_for(root: Path) -> None:
    """A module opens with a sentence; the exceptions are empty package markers."""
    silent = [p for p in modules(root) if p.read_bytes().strip() and not ast.get_docstring(ast.parse(p.read_bytes()))]
    assert silent == []


def test_no_module_is_too_long(root: Path) -> None:
    """What does not fit 400 lines does more than one thing."""
    long = {
        str(p.relative_to(root)): n for p in modules(root) if (n := len(p.read_bytes().splitlines())) > LONGEST_MODULE
    }
    assert long == {}


def test_no_function_is_too_long(root: Path) -> None:
    """What does not fit 40 lines cannot be read at a glance."""
    long = {
        f"{p.relative_to(root)}:{f.name}": n
        for p in modules(root)
        for f in functions(ast.parse(p.read_bytes()))
        if (n := (f.end_lineno or 0) - f.lineno + 1) > LONGEST_FUNCTION
    }
    assert long == {}
