"""The verbs beside `ask` and `chat`: thin, with exit codes that scripts can rely on."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import bot
from bot.cli import SHOWN_WARNINGS, main
from tests.content import small


def told(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    code = main(args)
    out, err = capsys.readouterr()
    return code, out, err


def test_version_is_the_package_s(capsys: pytest.CaptureFixture[str]) -> None:
    """`--version` prints the one version."""
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])
    assert capsys.readouterr().out == f"Köprü {bot.__version__}\n"


@pytest.mark.parametrize("args", [[], ["xyz"], ["ask", "--xyz"]])
def test_misuse_exits_2(args: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown verb or option is told on stderr."""
    with pytest.raises(SystemExit, match="2"):
        main(args)
    assert "python -m bot" in capsys.readouterr().err


@pytest.mark.parametrize("verb", ["chat", "ask", "check", "run", "doctor"])
def test_every_verb_has_help_and_takes_content(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each verb explains itself and takes --content."""
    with pytest.raises(SystemExit, match="0"):
        main([verb, "--help"])
    assert "--content DIR" in capsys.readouterr().out


def test_check_names_file_and_line(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`check` prints `file:line: field: what is wrong` on stdout for every problem, counts them, exits 1."""
    for part in ("facts", "intents"):
        shutil.copytree(root / part, tmp_path / part)
    (tmp_path / "facts" / "bozuk.yaml").write_text("facts:\n  - id: İyi\n    statment: x\n", encoding="utf-8")
    code, out, err = told(capsys, "check", "--content", str(tmp_path))
    assert code == 1
    assert out.startswith("facts/bozuk.yaml:")
    assert all(line.split(":")[1].isdigit() for line in out.splitlines())
    assert "sorun" in err


def test_check_shows_ten_warnings_and_counts_the_rest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Problems do not drown in warnings: ten are written and all counted by kind; `--all` writes every one. Both exit 0."""
    odd = "".join(f"      {'?' * n}\n" for n in range(1, 16))
    files = small.edited("intents/library.yaml", "      merhaba\n", f"      merhaba\n{odd}")
    folder = str(small.lay_out(tmp_path, files))
    code, out, err = told(capsys, "check", "--content", folder)
    assert code == 0
    assert len(out.splitlines()) == SHOWN_WARNINGS
    head, *kinds = err.splitlines()
    count = int(head.split(" uyarı")[0].split()[-1])
    assert "--all" in head
    assert sum(int(kind.split(" × ")[0]) for kind in kinds) == count >= 15
    assert any("15 × bir soru değil: harf ya da rakam yok." in kind for kind in kinds)
    code, out, err = told(capsys, "check", "--content", folder, "--all")
    assert (code, len(out.splitlines()), err) == (0, count, f"0 sorun, {count} uyarı.\n")


def test_check_hides_no_problem(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """However many there are, every problem is written, and each names its line."""
    broken = b"facts:\n" + b"".join(b"  - id: f%d\n" % n for n in range(30))
    folder = small.lay_out(tmp_path, {**small.FILES, "facts/library.yaml": broken})
    code, out, err = told(capsys, "check", "--content", str(folder))
    assert code == 1
    assert len(out.splitlines()) == int(err.split(" sorun")[0]) > 60


def test_run_without_a_token_says_how_to_get_one(root: Path) -> None:
    """`run` with no token at all starts nothing, says what is missing, and exits non-zero."""
    done = subprocess.run([sys.executable, "-m", "bot", "run"], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "KOPRU_TELEGRAM_TOKEN" in done.stderr
    assert "Traceback" not in done.stderr


def test_doctor_examines_the_content_it_is_given(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`doctor --content DIR` looks at that folder, and exits 1 when something is wrong."""
    monkeypatch.setenv("KOPRU_DATABASE_URL", f"sqlite:///{tmp_path}/x.sqlite3")
    code, out, _ = told(capsys, "doctor", "--content", str(tmp_path / "yok"))
    assert code == 1
    assert "✗ içerik" in out
