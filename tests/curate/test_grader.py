"""Grading: each of the four grades is given for what it stands for, and for nothing else."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from bot.curate.evaluate import Outcome, Table, main
from bot.curate.grader import Grade, Grader, grader_beside, lower
from bot.curate.labelled import Labelled, read_questions
from bot.curate.noise import NOISES
from bot.engine.model import Choice, Reply, Status
from bot.errors import ContentError

BY_TEXT = Grader(
    {"size": (re.compile(r"12 bin"),), "cities": (re.compile("adana"), re.compile("van"))}, frozenset({"cities"})
)
ASKED = Labelled("t:1", ("Kaç kitap var?",), "answer", ("size",))


def reply(status: Status, text: str = "", **more: object) -> Reply:
    return Reply(status, (text,), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "grade"),
    [
        (reply(Status.ANSWER, "12 bin kitap var."), Grade.RIGHT),
        (reply(Status.ANSWER, "13 bin kitap var."), Grade.WRONG),
        (reply(Status.NOT_IN_ARTICLE, "Haberde yok. En yakın: 12 bin kitap."), Grade.OFFERED),
        (reply(Status.NOT_IN_ARTICLE, "Haberde yok."), Grade.MISSED),
        (reply(Status.CLARIFY, "Hangisi?", choices=(Choice("k", "Kaç?", "12 bin kitap var."),)), Grade.OFFERED),
        (reply(Status.CLARIFY, "Hangisi?", choices=(Choice("k", "Kaç?", "Kapalı."),)), Grade.MISSED),
        (reply(Status.UNKNOWN), Grade.MISSED),
    ],
)
def test_answers(given: Reply, grade: Grade) -> None:
    """Right, wrong, a button or a sentence away, refused."""
    assert BY_TEXT.grade(ASKED, given) is grade


@pytest.mark.parametrize(
    ("kind", "status", "grade"),
    [
        ("absent", Status.NOT_IN_ARTICLE, Grade.RIGHT),
        ("absent", Status.UNKNOWN, Grade.OFFERED),
        ("absent", Status.ANSWER, Grade.WRONG),
        ("oos", Status.UNKNOWN, Grade.RIGHT),
        ("oos", Status.NOT_IN_ARTICLE, Grade.RIGHT),
        ("oos", Status.SMALLTALK, Grade.OFFERED),
        ("oos", Status.ANSWER, Grade.WRONG),
        ("smalltalk", Status.SMALLTALK, Grade.RIGHT),
        ("smalltalk", Status.UNKNOWN, Grade.MISSED),
        ("smalltalk", Status.ANSWER, Grade.WRONG),
    ],
)
def test_refusals(kind: str, status: Status, grade: Grade) -> None:
    """Each kind has its own statuses."""
    assert Grader().grade(Labelled("t:1", ("?",), kind), reply(status)) is grade


def test_one_of_a_list_is_enough_for_a_yes_no_question_alone() -> None:
    """*Van'da var mı?* needs Van; *hangi kentlerde?* needs every city."""
    given = reply(Status.ANSWER, "Van'da var.")
    assert BY_TEXT.grade(Labelled("t:1", ("Van'da var mı?",), "answer", ("cities",), ("yesno",)), given) is Grade.RIGHT
    assert BY_TEXT.grade(Labelled("t:2", ("Hangi kentlerde?",), "answer", ("cities",)), given) is Grade.WRONG


def test_must_and_must_not_are_read_in_turkish() -> None:
    """*IŞIK* in a pattern is *ışık* in a reply, and its escapes stay."""
    asked = Labelled("t:1", ("?",), "answer", ("size",), must=(r"IŞIK\D",), must_not=("İPTAL",))
    assert BY_TEXT.grade(asked, reply(Status.ANSWER, "12 bin ışık.")) is Grade.RIGHT
    assert BY_TEXT.grade(asked, reply(Status.ANSWER, "12 bin ışık, iptal.")) is Grade.WRONG
    assert lower("İIŞ’") == "iış'"


def test_without_patterns_the_ids_decide() -> None:
    """A content pack needs no pattern file: the facts that a reply shows are compared."""
    assert Grader().grade(ASKED, reply(Status.ANSWER, "…", facts=("size",))) is Grade.RIGHT
    assert Grader().grade(ASKED, reply(Status.ANSWER, "…", facts=("other",))) is Grade.WRONG
    named = reply(Status.CLARIFY, "?", choices=(Choice("size", "Kaç?", "12"),))
    assert Grader().grade(ASKED, named) is Grade.OFFERED


def test_a_dump_of_the_article_is_no_answer() -> None:
    """Whoever shows everything has answered nothing."""
    many = tuple(f"f{n}" for n in range(20))
    assert Grader().grade(ASKED, reply(Status.ANSWER, "…", facts=("size", *many))) is Grade.WRONG


def test_shares_and_tags() -> None:
    """The table counts within a kind, and wrong ones over all."""
    rows = [("answer", Grade.RIGHT), ("answer", Grade.MISSED), ("oos", Grade.WRONG), ("absent", Grade.OFFERED)]
    blank = reply(Status.UNKNOWN)
    table = Table(tuple(Outcome(Labelled("t:1", ("?",), k, tags=("year",)), blank, g, 0.0) for k, g in rows))
    assert table.share("answer", Grade.RIGHT) == 0.5
    assert table.share("answer", Grade.RIGHT, Grade.MISSED) == 1
    assert table.wrong == 0.25
    assert table.by_tag()["year"][Grade.OFFERED] == 1


def test_unreadable_questions_are_named_by_line(tmp_path: Path) -> None:
    """A slip in line two is said to be in line two."""
    file = tmp_path / "q.jsonl"
    file.write_text('{"q": "Kaç?", "kind": "answer"}\n{"q": "Kaç?"}\n', encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        read_questions([file])
    assert [(p.file, p.line) for p in caught.value.problems] == [("q.jsonl", 2)]


def test_a_broken_pattern_is_named_by_line(tmp_path: Path) -> None:
    """An editor who writes a pattern that cannot be read is told where."""
    (tmp_path / "facts.yaml").write_text("facts:\n  a: ['x']\n  b: ['(']\n", encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        grader_beside(tmp_path / "q.jsonl")
    assert [(p.line, p.field) for p in caught.value.problems] == [(3, "facts.b")]


def test_noise_is_repeatable_and_changes_what_it_says() -> None:
    """The same seed gives the same slips; capitals and plain letters are Turkish ones."""
    asked = "Kütüphanenin açılışı iki yıl içinde mi?"
    dice = random.Random(7)
    assert NOISES["typo"](asked, random.Random(7)) == NOISES["typo"](asked, random.Random(7))
    assert all(abs(len(NOISES["typo"](asked, dice)) - len(asked)) <= 1 for _ in range(200))
    assert sum(NOISES["typo"](asked, dice) != asked for _ in range(200)) > 150
    assert NOISES["typo"]("a b c", dice) == "a b c"
    assert NOISES["ascii"](asked, dice) == "Kutuphanenin acilisi iki yil icinde mi?"
    assert NOISES["caps"](asked, dice) == "KÜTÜPHANENİN AÇILIŞI İKİ YIL İÇİNDE Mİ?"


def test_the_command_prints_the_table(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One column clean, one for each noise; faults below when asked for."""
    file = tmp_path / "q.jsonl"
    file.write_text('{"q": "Merhaba", "kind": "smalltalk"}\n{"q": "Merhaba", "kind": "oos"}\n', encoding="utf-8")
    example = root / "examples" / "kutuphane"
    assert main([str(file), "--content", str(example), "--noise", "caps", "--show", "3"]) == 0
    shown = capsys.readouterr().out
    assert re.search(r"^2 soru\s+temiz\s+büyük harf$", shown, re.MULTILINE)
    assert re.search(r"^sohbet\s+1\.000\s+1\.000$", shown, re.MULTILINE)
    assert "[bir adım ötede] q:2 oos" in shown
