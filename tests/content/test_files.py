"""A folder is read as one consistent set, even while somebody saves into it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.content import files as reader
from bot.content.files import read_files
from bot.content.tree import MOST_BYTES
from bot.errors import ContentError
from tests.content.small import FILES, lay_out

BOOKS = "facts/library.yaml"


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "PAUSE_S", 0.0)


class Meddler:
    """Stands in for reading a body, and changes the folder at chosen reads."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.reads = 0
        self.real = reader._body
        monkeypatch.setattr(reader, "_body", self)

    def __call__(self, folder: Path, name: str) -> bytes:
        body = self.real(folder, name)
        if name == BOOKS:
            self.reads += 1
            self.meddle(folder / name)
        return body

    def meddle(self, path: Path) -> None:
        raise NotImplementedError


def test_what_lies_there_is_read(tmp_path: Path) -> None:
    """Every content file, by its path below the folder."""
    assert read_files(lay_out(tmp_path)) == FILES


def test_leftovers_of_editors_are_no_content(tmp_path: Path) -> None:
    """Hidden files, swap files, backups, notes and folders are passed over."""
    lay_out(tmp_path)
    for name in (".library.yaml.swp", "library.yaml~", "#library.yaml#", "notes.md", ".gitkeep", "library.yaml.orig"):
        (tmp_path / "facts" / name).write_bytes(b"\xff")
    (tmp_path / "facts" / "old").mkdir()
    assert read_files(tmp_path) == FILES


def test_a_file_that_changes_while_being_read_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is returned is the finished file, never the half that was there first."""
    lay_out(tmp_path, {**FILES, BOOKS: FILES[BOOKS][:100]})

    class Saver(Meddler):
        def meddle(self, path: Path) -> None:
            if self.reads == 1:
                path.write_bytes(FILES[BOOKS])

    saver = Saver(monkeypatch)
    assert read_files(tmp_path) == FILES
    assert saver.reads > 2


def test_a_change_of_the_same_length_and_time_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes are compared, not only stamps: a clock's grain hides no edit."""
    lay_out(tmp_path)
    other = FILES[BOOKS].replace(b"books", b"bucks")

    class Sneak(Meddler):
        def meddle(self, path: Path) -> None:
            if self.reads == 1:
                times = path.stat()
                path.write_bytes(other)
                os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))

    Sneak(monkeypatch)
    assert read_files(tmp_path)[BOOKS] == other


def test_a_file_that_is_replaced_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Editors save by renaming over: for a moment the file is gone, then it is another."""
    lay_out(tmp_path)

    class Renamer(Meddler):
        def meddle(self, path: Path) -> None:
            if self.reads == 1:
                path.unlink()
            elif not path.exists():
                raise AssertionError

    def stamps(folder: Path) -> dict[str, tuple[int, int, int]]:
        if not (folder / BOOKS).exists():
            (folder / BOOKS).write_bytes(b"facts: []\n")
        return real(folder)

    real = reader._stamps
    Renamer(monkeypatch)
    monkeypatch.setattr(reader, "_stamps", stamps)
    assert read_files(tmp_path)[BOOKS] == b"facts: []\n"


def test_a_file_that_vanishes_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A deleted file is missing from the set, which the loader then tells."""
    lay_out(tmp_path)

    class Remover(Meddler):
        def meddle(self, path: Path) -> None:
            path.unlink()

    Remover(monkeypatch)
    assert read_files(tmp_path) == {k: v for k, v in FILES.items() if k != BOOKS}


def test_a_new_file_in_between_is_taken_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that appears while others are read belongs to the set."""
    lay_out(tmp_path)

    class Adder(Meddler):
        def meddle(self, path: Path) -> None:
            if self.reads == 1:
                (path.parent / "more.yaml").write_bytes(b"facts: []\n")

    Adder(monkeypatch)
    assert "facts/more.yaml" in read_files(tmp_path)


def test_a_file_that_never_rests_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a few tries the editor is told which file keeps changing."""
    lay_out(tmp_path)

    class Restless(Meddler):
        def meddle(self, path: Path) -> None:
            path.write_bytes(FILES[BOOKS] + b"#" * self.reads)

    Restless(monkeypatch)
    with pytest.raises(ContentError, match="değişip duruyor") as caught:
        read_files(tmp_path)
    assert [p.file for p in caught.value.problems] == [BOOKS]


def test_a_dead_link_is_told(tmp_path: Path) -> None:
    """A symbolic link to nothing is named at once."""
    lay_out(tmp_path)
    (tmp_path / "facts" / "x.yaml").symlink_to(tmp_path / "nowhere")
    with pytest.raises(ContentError, match=r"facts/x\.yaml"):
        read_files(tmp_path)


def test_what_is_no_plain_file_is_told(tmp_path: Path) -> None:
    """A pipe would block for ever and a folder cannot be read: both are named."""
    lay_out(tmp_path)
    os.mkfifo(tmp_path / "facts" / "pipe.yaml")
    with pytest.raises(ContentError, match=r"facts/pipe\.yaml"):
        read_files(tmp_path)


def test_a_file_in_a_loop_of_links_is_told(tmp_path: Path) -> None:
    """A link to itself is named, not followed for ever."""
    lay_out(tmp_path)
    (tmp_path / "facts" / "x.yaml").symlink_to(tmp_path / "facts" / "x.yaml")
    with pytest.raises(ContentError, match=r"facts/x\.yaml.*okunamıyor"):
        read_files(tmp_path)


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    """A sparse file of a gigabyte is refused by its size."""
    lay_out(tmp_path)
    with (tmp_path / "facts" / "big.yaml").open("wb") as file:
        file.truncate(MOST_BYTES * 250)
    with pytest.raises(ContentError, match=r"facts/big\.yaml.*çok büyük"):
        read_files(tmp_path)


def test_a_file_in_place_of_a_folder_is_told(tmp_path: Path) -> None:
    """``facts`` that is a file is a problem, no traceback."""
    (tmp_path / "facts").write_bytes(b"")
    with pytest.raises(ContentError, match="facts"):
        read_files(tmp_path)


def test_too_many_files_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that is no content folder is not read to its end."""
    monkeypatch.setattr(reader, "MOST_FILES", 3)
    with pytest.raises(ContentError, match="çok fazla dosya"):
        read_files(lay_out(tmp_path))


def test_a_body_that_may_not_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No permission is said in words."""
    lay_out(tmp_path)

    def refused(_: Path) -> bytes:
        raise PermissionError

    monkeypatch.setattr(Path, "read_bytes", refused)
    with pytest.raises(ContentError, match="izin yok"):
        read_files(tmp_path)
