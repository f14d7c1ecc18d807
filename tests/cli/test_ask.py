"""`python -m bot ask`: what other programs and people rely on, tried as they use it, in a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

FIELDS = ["id", "status", "intent", "facts", "text", "sources", "choices", "score", "ms"]


def ask(root: Path, *args: str, feed: bytes = b"", **env: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "bot", "ask", *args]
    return subprocess.run(command, input=feed, capture_output=True, cwd=root, env={**os.environ, **env}, check=False)


def lines(root: Path, *records: Any) -> tuple[list[dict[str, Any]], subprocess.CompletedProcess[bytes]]:
    feed = "".join(r if isinstance(r, str) else json.dumps(r) + "\n" for r in records)
    done = ask(root, "--jsonl", feed=feed.encode("utf-8", "surrogatepass"))
    return [json.loads(line) for line in done.stdout.decode().splitlines()], done


@pytest.fixture
def copy(root: Path, tmp_path: Path) -> Path:
    """A copy of the content that a test may spoil."""
    for part in ("facts", "intents", "questions"):
        shutil.copytree(root / part, tmp_path / part)
    return tmp_path


def test_person_reads_answer_quote_title_and_date(root: Path) -> None:
    """A question's reply is printed with the article's own words, its title and its date."""
    done = ask(root, "Kazakistan'a vizesiz kaç gün kalabilirim?")
    shown = " ".join(done.stdout.decode().replace("│", " ").split())
    assert done.returncode == 0
    assert "90 gün" in shown
    assert "vizesiz kalış süresini 30 günden 90 güne çıkardı”" in shown
    assert "— Cumhurbaşkanı Erdoğan, Kazakistan Dışişleri Bakanı Koşerbayev'i kabul etti, 2 Şubat 2026" in shown
    assert done.stderr == b""


def test_why_shows_how_it_was_decided(root: Path) -> None:
    """`--why` prints the verdict, the reply and the engine's trace, as /neden does in a chat."""
    done = ask(root, "--why", "vize kaç gün")
    shown = done.stdout.decode()
    assert done.returncode == 0
    assert all(part in shown for part in ("Yanıt türü: yanıt", "90 gün", "okunan: vize kac gun", "karar: answer"))


def test_question_may_be_typed_without_quotes(root: Path) -> None:
    """Words given one by one are one question."""
    assert ask(root, "vize", "kaç", "gün").stdout == ask(root, "vize kaç gün").stdout


def test_line_holds_exactly_the_promised_fields(root: Path) -> None:
    """Each line carries the contract's fields, in its order, with their types."""
    (reply,), done = lines(root, {"id": "a", "turns": ["Ticaret hacmi ne kadar?"]})
    assert done.returncode == 0
    assert list(reply) == FIELDS
    assert reply["status"] == "answer"
    assert all(isinstance(f, str) for f in reply["facts"])
    assert all(list(s) == ["fact", "quote"] for s in reply["sources"])
    assert reply["sources"]
    assert 0 < reply["ms"] < 1000


def test_choices_carry_question_and_text(root: Path) -> None:
    """Whatever choices a clarifying reply offers have a label and the text that they lead to."""
    replies, _ = lines(root, *({"id": n, "turns": [q]} for n, q in enumerate(("ticaret", "tarih", "kurum", "öğrenci"))))
    assert all(list(c) == ["question", "text"] for r in replies for c in r["choices"])


def test_only_the_last_turn_is_printed_and_the_earlier_ones_count(root: Path) -> None:
    """A follow-up is understood from the turn before it, within its line only."""
    (first, second), _ = lines(
        root,
        {"id": 1, "turns": ["Türkiye'den Kazakistan'a kaç turist gitti?", "ya tersi?"]},
        {"id": 2, "turns": ["ya tersi?"]},
    )
    assert "863" in first["text"]
    assert "863" not in second["text"]


def test_bad_line_is_named_and_the_others_are_answered(root: Path) -> None:
    """A line that is no conversation gets an error with its id or number, on stderr too; the batch goes on and exits 2."""
    good = {"id": "x", "turns": ["vize"]}
    bad = [
        "{oops\n",
        "[1]\n",
        '{"turns": ["vize"]}\n',
        '{"id": 1, "turns": []}\n',
        '{"id": 1, "turns": [3]}\n',
        "NaN\n",
    ]
    deep = "[" * 100_000 + "\n"
    replies, done = lines(root, good, *bad, deep, good)
    assert [r["id"] for r in replies] == ["x", None, None, None, 1, 1, None, None, "x"]
    assert ["error" in r for r in replies] == [False, *[True] * 7, False]
    assert done.returncode == 2
    told = done.stderr.decode().splitlines()
    assert [line.split(":")[0] for line in told] == [f"{n}. satır" for n in range(2, 9)]


def test_odd_input_is_answered_not_fatal(root: Path) -> None:
    """Whatever text a turn holds, whatever value an id has, the line gets its reply."""
    odd = [
        "",
        " ",
        "\x00",
        "\ud800",
        "\x1b[31mvize\x1b[0m",
        "\u202evize",
        "a" * 200_000,
        "🇹🇷" * 500,
        '"}',
        "<b>&",
        "\n",
    ]
    ids: list[Any] = [None, 1.5, {"a": [1]}, "ş", "\udfff", True, [], -0.0, 10**30, "", 7]
    replies, done = lines(root, *({"id": i, "turns": [t]} for i, t in zip(ids, odd, strict=True)))
    assert done.returncode == 0, done.stderr
    assert [r["id"] for r in replies] == ids
    assert done.stderr == b""


def test_feed_may_have_byte_order_mark_blank_lines_and_bad_bytes(root: Path) -> None:
    """Files from other systems are read: BOM, CRLF, empty lines, no newline at the end, bytes that are not UTF-8."""
    feed = b'\xef\xbb\xbf{"id": 1, "turns": ["vize"]}\r\n\r\n  \n{"id": 2, "turns": ["vize \xff\xfe"]}'
    done = ask(root, "--jsonl", feed=feed)
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [1, 2]
    assert done.returncode == 0


def test_replies_come_line_by_line(root: Path) -> None:
    """A program may hold a conversation over the pipe: each reply is there before the next line is sent."""
    command = [sys.executable, "-m", "bot", "ask", "--jsonl"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=root) as process:
        assert process.stdin
        assert process.stdout
        for number in range(3):
            process.stdin.write(b'{"id": %d, "turns": ["vize"]}\n' % number)
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        process.stdin.close()
        assert process.wait(10) == 0


@pytest.mark.parametrize("args", [(), ("",), ("--jsonl", "vize")])
def test_neither_or_both_ways_of_asking_is_misuse(root: Path, args: tuple[str, ...]) -> None:
    """Without a question, or with one beside --jsonl, the way to ask is shown and the exit code is 2."""
    done = ask(root, *args)
    assert done.returncode == 2
    assert "python -m bot ask" in done.stderr.decode()
    assert done.stdout == b""


def test_content_problems_are_named_and_refused(root: Path, copy: Path) -> None:
    """Broken content: file, line and what is wrong on stderr, exit code 1, no traceback."""
    article = copy / "facts" / "article.yaml"
    article.write_text(article.read_text(encoding="utf-8") + "date: [\n", encoding="utf-8")
    done = ask(root, "vize", "--content", str(copy))
    told = done.stderr.decode()
    assert done.returncode == 1
    assert told.startswith("facts/article.yaml:")
    assert "Traceback" not in told


def test_folder_without_content_is_told(root: Path, tmp_path: Path) -> None:
    """A folder that is empty or missing is a content problem, not a crash."""
    for folder in (tmp_path, tmp_path / "yok"):
        done = ask(root, "vize", "--content", str(folder))
        assert done.returncode == 1
        assert "Traceback" not in done.stderr.decode()
        assert done.stderr.strip()


def test_content_folder_comes_from_option_then_setting(root: Path, copy: Path, tmp_path: Path) -> None:
    """--content wins over KOPRU_CONTENT_DIR, which wins over the product's own content."""
    empty = str(tmp_path / "yok")
    assert ask(root, "vize", KOPRU_CONTENT_DIR=empty).returncode == 1
    assert ask(root, "vize", "--content", str(copy), KOPRU_CONTENT_DIR=empty).returncode == 0


def test_escape_sequences_never_reach_the_terminal(root: Path) -> None:
    """No control character of a question comes back in the reply."""
    done = ask(root, "\x1b]0;sahip\x07\x1b[2Jvize\x1b[31m \x9b31m")
    assert b"\x1b" not in done.stdout
    assert "\x9b" not in done.stdout.decode()


def test_closed_pipe_is_no_error(root: Path) -> None:
    """`… | head -1` ends quietly."""
    feed = b'{"id": 1, "turns": ["vize"]}\n' * 3000
    command = f"{sys.executable} -m bot ask --jsonl | head -1"
    done = subprocess.run(["sh", "-c", command], input=feed, capture_output=True, cwd=root, check=False)
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr == b""


def test_terminal_without_turkish_letters_gets_question_marks(root: Path) -> None:
    """An ASCII-only output stream loses letters, never the reply."""
    done = ask(root, "vize kaç gün", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert b"90 g?n" in done.stdout


def test_cold_start_loads_no_platform_and_no_parser(root: Path) -> None:
    """A question from the command line pays neither for chat libraries nor, with a warm cache, for YAML."""
    heavy = {"telegram", "discord", "aiohttp", "asyncio", "httpx", "yaml", "sqlite3"}
    code = f"import sys; from bot.cli import main; main(['ask', 'vize']); print('HEAVY', sorted({heavy} & set(sys.modules)))"
    ask(root, "vize")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=root, check=True)
    assert done.stdout.decode().splitlines()[-1] == "HEAVY []"
