"""The repository: nothing in it names a machine, an index or a place that others do not have; one version."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import bot

# Written in parts, so that this file does not name them itself.
FORBIDDEN = {
    "a package index": ("pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org", "deb" + "ian.org"),
    "a container registry": ("docker" + ".io", "ghcr" + ".io", "quay" + ".io"),
    "a place on somebody's machine": (
        "/" + "work/",
        "/" + "root/",
        "/" + "opt/pypi",
        "/" + "tmp/kopru",
        "/" + "Users/",
    ),
    "a workplace of its builders": ("share" + "d/DESIGN", "share" + "d/questions", "share" + "d/data"),
}
VERBATIM = {"article.txt"}
"""Sources as they were published: their hash stands beside them."""
PEERS = {"bm25s": ["bm25s"], "fasttext": ["fasttext-wheel"], "sklearn": ["scikit-learn"]}
"""Who makes what only `make bench` imports, in an environment of its own."""
BINARY = {".png", ".jpg", ".woff2", ".ico", ".gz", ".sqlite3"}


def committed(root: Path) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=False).stdout.decode()
    return [root / name for name in listed.split("\0") if name and (root / name).is_file()]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_committed_file_names(root: Path, what: str) -> None:
    """A clone works anywhere: no file points to a host or folder that only its builders had."""
    files = committed(root)
    assert files, "not a git checkout"
    found = [
        (str(path.relative_to(root)), word)
        for path in files
        if path.suffix not in BINARY
        for word in FORBIDDEN[what]
        if word in path.read_text(encoding="utf-8")
    ]
    assert found == []


def test_pins_are_exact_and_hashed(root: Path) -> None:
    """Every requirement is one version with its hashes, and no line sets an index or an option."""
    paths = sorted((root / "requirements").glob("*.txt"))
    assert [p.name for p in paths] == ["bench.txt", "dev.txt", "lock.txt", "runtime.txt"]
    for path in paths:
        for pin in path.read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
            assert re.fullmatch(r"[a-z0-9.-]+==\S+( ; [^#]+?)?(\s+--hash=sha256:[0-9a-f]{64})+\s*", pin), pin


def test_every_dependency_is_pinned(root: Path) -> None:
    """What pyproject.toml asks for is in the pins: nobody forgot `make lock`."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    groups = {"runtime": project["project"]["dependencies"], **project["dependency-groups"]}
    for name, wanted in groups.items():
        text = (root / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        pinned = set(re.findall(r"^([a-z0-9.-]+)==", text, re.MULTILINE))
        asked = {normal(re.split(r"[^A-Za-z0-9._-]", w)[0]) for w in wanted}
        assert asked - pinned == set(), name


@pytest.mark.parametrize(
    ("folders", "groups"), [(("bot",), ()), (("bot", "tests", "tools", "benchmarks"), ("dev", "bench"))]
)
def test_every_import_is_declared(root: Path, folders: tuple[str, ...], groups: tuple[str, ...]) -> None:
    """No module leans on a package that is there only because another one brought it."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*project["project"]["dependencies"], *(w for g in groups for w in project["dependency-groups"][g])]
    declared = {normal(re.split(r"[^A-Za-z0-9._-]", w)[0]) for w in wanted}
    makers = {**packages_distributions(), **PEERS}
    undeclared = {
        (str(path.relative_to(root)), name)
        for folder in folders
        for path in (root / folder).rglob("*.py")
        for name in imported(path) - sys.stdlib_module_names - {*folders, "bot"}
        if declared.isdisjoint(map(normal, makers.get(name, ())))
    }
    assert undeclared == set()


def normal(name: str) -> str:
    """A distribution's name as the pins write it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def imported(path: Path) -> set[str]:
    """The top-level names that a module imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def test_runtime_and_test_pins_agree(root: Path) -> None:
    """A package that two files pin has one version, else the second set-up would undo the first."""
    pins: dict[tuple[str, str], str] = {}
    for name in ("runtime", "dev"):
        text = (root / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        for package, version, marker in re.findall(r"^([a-z0-9.-]+)==(\S+)(?: ; ([^\\]+))?", text, re.MULTILINE):
            assert pins.setdefault((package, marker.strip()), version) == version, package


def test_changelog_and_package_have_one_version(root: Path) -> None:
    """The newest release in the changelog is the package's version."""
    text = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    releases = re.findall(r"^## \[(\d+\.\d+\.\d+)\]", text, re.MULTILINE)
    assert releases[0] == bot.__version__


def test_stored_text_is_utf8_with_newlines(root: Path) -> None:
    """No committed text file has a byte order mark, carriage returns or a missing last newline."""
    odd = []
    for path in committed(root):
        body = path.read_bytes()
        if (
            path.suffix not in BINARY
            and path.name not in VERBATIM
            and body
            and (body.startswith(b"\xef\xbb\xbf") or b"\r" in body or not body.endswith(b"\n"))
        ):
            odd.append(str(path.relative_to(root)))
    assert odd == []
