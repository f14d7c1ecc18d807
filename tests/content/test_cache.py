"""The compiled engine on disk: found when nothing changed, made anew otherwise, never a danger or an error."""

from __future__ import annotations

import os
import shutil
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from bot.content import cache, freeze, shelf
from bot.content.files import Files, version_of
from bot.content.load import load
from bot.engine.answer import Engine, answer, compile_catalog
from bot.engine.context import NO_CONTEXT


@pytest.fixture
def folder(root: Path, tmp_path: Path) -> Path:
    """Content that a test may edit."""
    for part in ("facts", "intents"):
        shutil.copytree(root / part, tmp_path / "content" / part)
    return tmp_path / "content"


@pytest.fixture(scope="module")
def small(root: Path) -> Engine:
    """A real engine of few intents: what is stored here is a hundredth of the product's."""
    catalog = load(root)
    return compile_catalog(replace(catalog, intents=catalog.intents[:3]))


@pytest.fixture
def made(small: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders that were compiled; compiling is replaced by an engine that is ready, the store is empty."""
    seen: list[Path] = []

    def ready(folder: Path) -> Engine:
        seen.append(folder)
        return small

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(cache, "_made", ready)
    return seen


def stored(tmp_path: Path) -> Path:
    """The one file of the store."""
    (path,) = (tmp_path / "cache" / "kopru").iterdir()
    return path


def test_unchanged_content_is_compiled_once(folder: Path, made: list[Path]) -> None:
    """The second question finds the engine of the first, and it answers alike."""
    first, second = cache.cached_engine(folder), cache.cached_engine(folder)
    assert made == [folder]
    assert second is not first
    question = "Kazakistan'a vizesiz kaç gün kalabilirim?"
    assert answer(question, NO_CONTEXT, second)[0] == answer(question, NO_CONTEXT, first)[0]


@pytest.mark.parametrize(
    "name", ["facts/article.yaml", "intents/lexicon.yaml", "intents/new.yaml", "questions/g.jsonl"]
)
def test_any_edit_compiles_anew(folder: Path, made: list[Path], name: str) -> None:
    """One more byte in any content file, or one more file, is another catalog."""
    cache.cached_engine(folder)
    (folder / name).parent.mkdir(exist_ok=True)
    with (folder / name).open("ab") as file:
        file.write(b"\n")
    cache.cached_engine(folder)
    assert made == [folder, folder]


def test_edit_while_loading_is_not_kept(
    folder: Path, small: Engine, made: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An engine made of files that changed meanwhile is not found under the old files' key."""

    def edited(folder: Path) -> Engine:
        (folder / "facts" / "late.yaml").write_text("facts: []\n", encoding="utf-8")
        return small

    monkeypatch.setattr(cache, "_made", edited)
    cache.cached_engine(folder)
    assert not cache.cache_folder().exists()
    assert made == []


def test_file_is_private(folder: Path, made: list[Path], tmp_path: Path) -> None:
    """Folder and file are for this user alone, and no half-written file stays behind."""
    cache.cached_engine(folder)
    path = stored(tmp_path)
    assert made
    assert path.suffix == ".pickle"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("body", [b"", b"garbage", b"cos\nsystem\n(S'false'\ntR.", b"\x80\x05N."])
def test_damaged_file_is_made_anew(folder: Path, made: list[Path], tmp_path: Path, body: bytes) -> None:
    """A cut, foreign or wrong pickle counts as none, and is replaced."""
    cache.cached_engine(folder)
    stored(tmp_path).write_bytes(body)
    cache.cached_engine(folder)
    cache.cached_engine(folder)
    assert made == [folder, folder]


def poisoned(path: Path, proof: Path) -> None:
    """Make ``path`` a pickle that leaves ``proof`` when somebody reads it."""
    path.write_bytes(b"".join(freeze.in_file([b"cos\nmkdir\n(S'" + str(proof).encode() + b"'\ntR."])))


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_file_that_others_may_write_is_not_read(folder: Path, made: list[Path], tmp_path: Path, mode: int) -> None:
    """A pickle that somebody else could have written never runs."""
    cache.cached_engine(folder)
    poisoned(stored(tmp_path), tmp_path / "proof")
    stored(tmp_path).chmod(mode)
    cache.cached_engine(folder)
    assert not (tmp_path / "proof").exists()
    assert made == [folder, folder]


def test_poisoned_file_of_our_own_would_run(folder: Path, made: list[Path], tmp_path: Path) -> None:
    """The proof of the tests around this one is real: the same pickle runs when it is ours alone."""
    cache.cached_engine(folder)
    poisoned(stored(tmp_path), tmp_path / "proof")
    cache.cached_engine(folder)
    assert (tmp_path / "proof").exists()
    assert made == [folder, folder]


def test_folder_that_others_may_write_is_not_used(folder: Path, made: list[Path], tmp_path: Path) -> None:
    """In a folder that others may write, a file could be swapped between the look and the reading."""
    cache.cached_engine(folder)
    stored(tmp_path).parent.chmod(0o777)
    cache.cached_engine(folder)
    assert made == [folder, folder]


def test_file_of_another_user_is_not_read(
    folder: Path, made: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ownership is checked on the open file."""
    cache.cached_engine(folder)
    poisoned(stored(tmp_path), tmp_path / "proof")
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    cache.cached_engine(folder)
    assert not (tmp_path / "proof").exists()
    assert made == [folder, folder]


def test_link_is_not_followed(folder: Path, made: list[Path], tmp_path: Path) -> None:
    """A symbolic link in the file's place counts as no file."""
    cache.cached_engine(folder)
    path = stored(tmp_path)
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    cache.cached_engine(folder)
    assert made == [folder, folder]
    assert not path.is_symlink()


def test_no_place_to_write_is_no_error(
    folder: Path, made: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the cache cannot be (a file is in its way), questions are answered without it."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    cache.cached_engine(folder)
    cache.cached_engine(folder)
    assert made == [folder, folder]


def test_disk_full_leaves_nothing_behind(folder: Path, made: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """When the last step fails, the reply is given and the unfinished file is removed."""

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    cache.cached_engine(folder)
    assert made
    assert list(cache.cache_folder().iterdir()) == []


def test_relative_cache_home_is_ignored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The XDG specification says so; a relative one would litter the working folder."""
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache.cache_folder({"XDG_CACHE_HOME": "here"}) == tmp_path / ".cache" / "kopru"
    assert cache.cache_folder({}) == tmp_path / ".cache" / "kopru"
    assert cache.cache_folder({"XDG_CACHE_HOME": "/x"}) == Path("/x/kopru")


def test_old_engines_are_removed(folder: Path, made: list[Path]) -> None:
    """A day of edits leaves at most KEPT engines on disk, the newest among them."""
    for number in range(cache.KEPT + 3):
        (folder / "intents" / "edit.yaml").write_text(f"# {number}\n")
        cache.cached_engine(folder)
    assert len(list(cache.cache_folder().iterdir())) == cache.KEPT
    cache.cached_engine(folder)
    assert len(made) == cache.KEPT + 3


def test_waiting_is_announced_only_when_there_is_any(folder: Path, made: list[Path]) -> None:
    """Whoever asks for it is told before an engine is made, and not when it is there."""
    told: list[str] = []
    for _ in range(2):
        cache.cached_engine(folder, lambda: told.append("wait"))
    assert told == ["wait"]
    assert made == [folder]


@pytest.mark.usefixtures("engine")
def test_edition_holds_engine_and_files_of_one_version(root: Path) -> None:
    """The edition from the cache is what ``prepare`` would make of the same files."""
    edition = cache.cached_edition(root)
    assert edition.version == version_of(edition.files) == edition.engine.catalog.version


def test_edition_follows_an_edit_in_between(folder: Path, made: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """When a file changes after the engine was found, the edition is prepared from the newer files."""
    with (folder / "facts" / "article.yaml").open("a", encoding="utf-8") as file:
        file.write("# sonradan\n")
    prepared: list[Files] = []

    def prepare(files: Files) -> str:
        prepared.append(files)
        return "prepared"

    monkeypatch.setattr(shelf, "prepare", prepare)
    monkeypatch.setattr(cache, "_may_write", lambda: False)  # else another process would compile
    assert str(cache.cached_edition(folder)) == "prepared"
    assert made == [folder]
    assert prepared[0]["facts/article.yaml"].endswith(b"# sonradan\n")
