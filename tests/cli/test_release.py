"""What is released: a wheel that carries the content and chats where nothing of the repository is near."""

from __future__ import annotations

import tarfile
import zipfile
from pathlib import Path

import pytest

import bot
from tools.release import EXPECTED, build, chat, install


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Wheel and sdist of the working tree."""
    return build(tmp_path_factory.mktemp("dist"))


def test_wheel_carries_content_language_and_types(root: Path, built: tuple[Path, Path]) -> None:
    """Every content file, the language pack and the marker of typing are inside; tests and tools are not."""
    names = set(zipfile.ZipFile(built[0]).namelist())
    content = [p for part in ("facts", "intents") for p in (root / part).iterdir()]
    assert {f"bot/_content/{p.relative_to(root).as_posix()}" for p in content} <= names
    assert {p.relative_to(root).as_posix() for p in (root / "bot" / "language").rglob("*.yaml")} <= names
    assert "bot/py.typed" in names
    assert {name.split("/")[0] for name in names} == {"bot", f"kopru-{bot.__version__}.dist-info"}


def test_wheel_carries_its_licence_and_version(built: tuple[Path, Path]) -> None:
    """The metadata name the one version, the licence and the oldest Python."""
    with zipfile.ZipFile(built[0]) as wheel:
        info = f"kopru-{bot.__version__}.dist-info"
        metadata = wheel.read(f"{info}/METADATA").decode()
        assert "MIT License" in wheel.read(f"{info}/licenses/LICENSE").decode()
    assert f"\nVersion: {bot.__version__}\n" in metadata
    assert "\nLicense-Expression: MIT\n" in metadata
    assert "\nRequires-Python: >=3.11\n" in metadata


def test_sdist_is_enough_to_build_the_wheel(built: tuple[Path, Path]) -> None:
    """The wheel of this test was built from the sdist, which holds nothing of the tests or of anybody's machine."""
    with tarfile.open(built[1]) as sdist:
        tops = {name.split("/")[1] for name in sdist.getnames() if "/" in name}
    assert {"bot", "facts", "intents", "pyproject.toml", "LICENSE"} <= tops
    assert tops.isdisjoint({"tests", ".venv", ".git", "dist", "benchmarks"})


@pytest.mark.usefixtures("engine")
def test_installed_wheel_chats(built: tuple[Path, Path], tmp_path: Path) -> None:
    """In a clean environment, in an empty folder, `kopru chat` answers from the content inside the wheel."""
    python = install(built[0], tmp_path / "venv", offline=True)
    (tmp_path / "empty").mkdir()
    assert EXPECTED in " ".join(chat(python, tmp_path / "empty").split())
