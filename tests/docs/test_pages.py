"""The pages hang together: no dead link, no forgotten dependency, no decision out of the list."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

GROUPS = {"Runtime": "", "Tests and checks": "dev", "Benchmarks": "bench", "Lock": "lock"}
"""The sections of docs/dependencies.md, and their groups in pyproject.toml."""
PENDING = "docs/quality.md"
"""Written from the rounds of questions; while it is missing, the README says so where its table would be."""


def pages(root: Path) -> list[Path]:
    return [root / "README.md", root / "CONTRIBUTING.md", *sorted((root / "docs").rglob("*.md"))]


def links(page: Path) -> Iterator[str]:
    """Every link of a page that does not lead out of the repository."""
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    text = re.sub(r"(?<!\[)`[^`\n]*`(?!\])", "", text)
    return (target for target in re.findall(r"\]\(([^)\s]+)\)", text) if not re.match(r"[a-z]+:", target))


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def test_every_link_leads_somewhere(root: Path) -> None:
    """Files are there, and anchors are headings of theirs."""
    dead = []
    for page in pages(root):
        for target in links(page):
            name, _, anchor = target.partition("#")
            there = (page.parent / name).resolve() if name else page
            if there == (root / PENDING).resolve() and not there.exists():
                continue
            if not there.exists() or (anchor and there.suffix == ".md" and anchor not in anchors(there)):
                dead.append(f"{page.relative_to(root)}: {target}")
    assert dead == []


def test_every_named_file_is_there(root: Path) -> None:
    """A path in backquotes that names a file of the house names one that exists."""
    path = re.compile(r"`((?:bot|tests|tools|benchmarks|docs|examples)/[\w./-]+)")
    named = {(page, name) for page in pages(root) for name in path.findall(page.read_text(encoding="utf-8"))}
    lost = [f"{page.relative_to(root)}: {name}" for page, name in named if not (root / name.rstrip("./")).exists()]
    assert lost == []


@pytest.mark.parametrize("section", GROUPS)
def test_every_dependency_has_its_row(root: Path, section: str) -> None:
    """pyproject.toml and docs/dependencies.md name the same packages, each with what it is for."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    group = GROUPS[section]
    wanted = project["dependency-groups"][group] if group else project["project"]["dependencies"]
    text = (root / "docs" / "dependencies.md").read_text(encoding="utf-8")
    part = text.split(f"\n## {section}\n")[1].split("\n## ")[0]
    rows = {name: rest.split(" | ") for name, rest in re.findall(r"^\| `([^`]+)` \| (.+) \|$", part, re.MULTILINE)}
    assert rows.keys() == {re.split(r"[^A-Za-z0-9._-]", name)[0] for name in wanted}
    assert [name for name, cells in rows.items() if len(cells[0].strip()) < 8] == []


def test_every_group_has_a_section(root: Path) -> None:
    """A new group of dependencies needs a section."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    assert set(GROUPS.values()) == {"", *project["dependency-groups"]}


def test_decisions_are_numbered_listed_and_whole(root: Path) -> None:
    """Each record has the next number, its line in the list, and says what was decided and what it costs."""
    folder = root / "docs" / "decisions"
    records = sorted(folder.glob("0*.md"))
    listed = re.findall(
        r"^\| \[(\d+)\]\((\S+)\) \| (.+) \|$", (folder / "README.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert [name for _, name, _ in listed] == [record.name for record in records]
    for number, (record, (shown, _, title)) in enumerate(zip(records, listed, strict=True), start=1):
        text = record.read_text(encoding="utf-8")
        assert text.startswith(f"# {number}. {title}\n")
        assert int(shown) == number
        assert "**Chosen" in text
        assert "**Costs" in text


def test_turkish_section_names_commands_that_exist(root: Path) -> None:
    """What the Turkish section tells people to type is a command of the bot."""
    from bot.desk.phrases import ADMIN_COMMANDS
    from bot.platforms.discord.commands import COMMANDS
    from bot.platforms.telegram import phrases

    known = {f"/{name}" for name in (*ADMIN_COMMANDS, *COMMANDS, *(name for name, _ in phrases.COMMANDS))}
    section = (root / "README.md").read_text(encoding="utf-8").split("\n## Türkçe\n")[1]
    assert [c for c in re.findall(r"`(/\w+)`", section) if c not in known] == []
