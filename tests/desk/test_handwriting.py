"""Writing utterances into YAML: only lines are added, and what was added is what is read back."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.load import load
from bot.desk.handwriting import _one_line, appended, written
from bot.engine.text import fold
from bot.errors import ContentError
from tests.content import small

FILE = "intents/library.yaml"
COMMENTED = """\
# Açılış.
intents:
  - id: "opening"   # ilk konu
    facts: [opened]
    utterances: |
        Ne zaman açıldı?
        # bu satır soru sayılır, yorum değil

  # ikinci konu
  - id: books
    utterances: |
      Kaç kitap var?
    facts: [books]


gaps: []
"""


def test_only_lines_are_added() -> None:
    """Comments, order, blank lines and indentation stay; the new line stands at the block's end."""
    changed = appended(COMMENTED.encode(), "opening", ["Hangi gün açıldı?"]).decode()
    assert changed == COMMENTED.replace("yorum değil\n", "yorum değil\n        Hangi gün açıldı?\n")
    middle = appended(COMMENTED.encode(), "books", ["Kitap sayısı?"]).decode()
    assert middle == COMMENTED.replace("Kaç kitap var?\n", "Kaç kitap var?\n      Kitap sayısı?\n")


def test_at_the_end_of_a_file() -> None:
    """A last line without a newline gets one first; Windows line ends stay what they are."""
    short = "intents:\n  - id: a\n    utterances: |\n      Bir?"
    assert appended(short.encode(), "a", ["İki?"]).decode() == short + "\n      İki?\n"
    windows = short.replace("\n", "\r\n") + "\r\n"
    assert appended(windows.encode(), "a", ["İki?"]).decode() == windows + "      İki?\r\n"


@given(st.lists(st.text(min_size=1, max_size=300), min_size=1, max_size=5))
def test_what_was_written_is_read_back(texts: list[str]) -> None:
    """Whatever people typed, the block's lines are the old ones and then theirs, and no other intent changes."""
    import yaml

    lines = [line for line in map(_one_line, texts) if line]
    before = yaml.safe_load(COMMENTED)["intents"]
    after = yaml.safe_load(appended(COMMENTED.encode(), "opening", lines))["intents"]
    assert after[0]["utterances"].splitlines() == before[0]["utterances"].splitlines() + lines
    assert after[1:] == before[1:]


def test_a_known_wording_is_not_written_twice(tmp_path: Path) -> None:
    """What the intent has already, in whatever spelling, leaves the file as it is."""
    folder = small.lay_out(tmp_path)
    assert "zaten vardı" in written(folder, "opening", ["KÜTÜPHANE NE ZAMAN AÇILDI?"])
    assert (folder / FILE).read_bytes() == small.FILES[FILE]


def test_another_intents_wording_is_refused(tmp_path: Path) -> None:
    """One wording in two intents would break the content: refused, naming the other intent."""
    folder = small.lay_out(tmp_path)
    with pytest.raises(ContentError, match="book_count"):
        written(folder, "opening", ["Kütüphanede kaç kitap var?"])
    assert (folder / FILE).read_bytes() == small.FILES[FILE]


def test_scrubbed_texts_are_no_examples(tmp_path: Path) -> None:
    """A text from which personal data was taken out is left out; the others are written."""
    folder = small.lay_out(tmp_path)
    written(folder, "opening", ["Açıldı mı [e-posta] yazın", "Kapısı hangi gün açıldı?"])
    opening = next(i for i in load(folder).intents if i.id == "opening")
    assert opening.utterances[-1] == "Kapısı hangi gün açıldı?"
    assert not any("posta" in fold(u) for u in opening.utterances)


def test_broken_content_is_not_written_to(tmp_path: Path) -> None:
    """An editor in the middle of something is told so and keeps the file."""
    folder = small.lay_out(tmp_path)
    (folder / "facts/library.yaml").write_text("facts: [")
    with pytest.raises(ContentError):
        written(folder, "opening", ["Kapısı hangi gün açıldı?"])
    assert (folder / FILE).read_bytes() == small.FILES[FILE]


def test_a_crash_while_writing_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is replaced at once or not at all, and no scrap stays beside it; its rights stay too."""
    folder = small.lay_out(tmp_path)
    (folder / FILE).chmod(0o640)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        written(folder, "opening", ["Kapısı hangi gün açıldı?"])
    assert (folder / FILE).read_bytes() == small.FILES[FILE]
    assert [p.name for p in (folder / "intents").iterdir() if p.name.endswith(".part")] == []
    monkeypatch.undo()
    written(folder, "opening", ["Kapısı hangi gün açıldı?"])
    assert (folder / FILE).stat().st_mode & 0o777 == 0o640
