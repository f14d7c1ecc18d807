"""The strict reader: strings stay strings, lines are right, and no bytes can hurt it."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.content import tree as module
from bot.content.tree import (
    MOST_BYTES,
    NOTHING,
    Fields,
    Items,
    Text,
    fields_in,
    lines_in,
    text_in,
    texts_in,
    tree_of,
    words_in,
)
from bot.errors import Problem


def read(body: str | bytes) -> tuple[Fields, list[Problem]]:
    problems: list[Problem] = []
    return tree_of("a.yaml", body.encode() if isinstance(body, str) else body, problems), problems


@pytest.mark.parametrize(
    "word", ["on", "no", "12:30", "007", "1_000", "null", "~", "yes", "0x1F", "1e3", "2025-03-14", "=", "<<"]
)
def test_scalars_stay_what_was_typed(word: str) -> None:
    """What YAML would turn into a number, a date, a truth or nothing stays the editor's text."""
    tree, problems = read(f"a: {word}\n")
    assert (text_in(tree.fields["a"]), problems) == (word, [])


def test_lines_of_a_block_are_those_of_the_file() -> None:
    """Each utterance knows its line, over empty lines and a comment beside the bar."""
    tree, _ = read("# x\na: | # y\n\n  bir\n\n  iki\nb: üç\n")
    assert lines_in(tree.fields["a"]) == (("bir", 4), ("iki", 6))
    assert tree.lines == {"a": 2, "b": 7}


def test_windows_line_ends_do_not_matter() -> None:
    """CRLF reads like LF."""
    tree, problems = read("a: |\r\n  bir\r\n  iki\r\nb: 1\r\n")
    assert (lines_in(tree.fields["a"]), tree.lines["b"], problems) == ((("bir", 2), ("iki", 3)), 4, [])


@pytest.mark.parametrize("escape", [r"\0", r"\u2028", r"\uFEFF", r"\x07", r"\ud800"])
def test_escapes_smuggle_nothing_invisible_in(escape: str) -> None:
    """What may not stand in the file may not be written as an escape either."""
    tree, problems = read(f'a: 1\nb: "x{escape}"\n')
    assert (tree is NOTHING, [p.line for p in problems]) == (True, [2])


def test_joined_lines_are_noticed() -> None:
    """Plain, quoted and folded text over two lines is marked, a block with a bar is not."""
    tree, _ = read("a: x\n  y\nb: 'x\n  y'\nc: >\n  x\n  y\nd: |\n  x\n  y\ne: x\n")
    joined = {k: v.joined for k, v in tree.fields.items() if isinstance(v, Text)}
    assert joined == {"a": True, "b": True, "c": True, "d": False, "e": False}


def test_a_tree_of_another_form_reads_as_empty() -> None:
    """The accessors never raise, whatever stands where."""
    items, fields = Items((Text("x", 1, 1), NOTHING), 1), NOTHING
    assert (text_in(items), text_in(None), words_in(fields), words_in(items)) == ("", "", (), ("x",))
    assert (dict(fields_in(items)), lines_in(items), texts_in(None)) == ({}, (), ())


def test_an_alias_bomb_costs_nothing() -> None:
    """Nine levels of nine aliases would be 10^9 nodes; it is refused at the first anchor, with its line."""
    bomb = "a: &a [x, x]\n" + "".join(
        f"{b}: &{b} [{','.join(['*' + a] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    begin = time.process_time()
    tree, problems = read("x: 1\n" + bomb)
    assert tree is NOTHING
    assert [(p.line, p.field) for p in problems] == [(2, "a")]
    assert time.process_time() - begin < 0.5


def test_an_alias_to_itself_is_refused() -> None:
    """A cycle cannot come to be."""
    assert read("a: &a [*a]\n")[1][0].line == 1


@pytest.mark.parametrize(
    "body", ["[" * 100_000, "{a: " * 50_000, "- " * 100_000, "a: " + "[" * 100_000 + "]" * 100_000]
)
def test_endless_nesting_is_refused(body: str) -> None:
    """No depth exhausts the stack."""
    tree, problems = read(body)
    assert tree is NOTHING
    assert len(problems) == 1


def test_too_many_nodes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small file of very many empty items does not fill the memory."""
    monkeypatch.setattr(module, "MOST_NODES", 100)
    assert "çok fazla öge" in read("a: [" + "x," * 200 + "]")[1][0].message


def test_bad_utf8_is_named_with_line_and_field() -> None:
    """A file in another encoding: the first bad byte's line and the field that it is in."""
    _, problems = read(b"a: 1\nb:\n  c: |\n    gunaydin\n    g\xfcnayd\xfdn\n")
    assert [(p.line, p.field) for p in problems] == [(5, "c")]
    assert "0xFC" in problems[0].message


def test_a_cut_multi_byte_letter_is_bad_utf8() -> None:
    """A file cut in the middle of a letter."""
    assert "UTF-8" in read("a: ş".encode()[:-1])[1][0].message


def test_windows_turkish_is_recognised() -> None:
    """The word as Windows saved it is shown, at its line; what makes no word is told by its byte alone."""
    body = "a: 1\nb: Türkiye'nin çağrısı\n".encode("windows-1254")
    (problem,) = read(body)[1]
    assert (problem.line, problem.field) == (2, "b")
    assert "windows-1254" in problem.message
    assert "“Türkiye”" in problem.message
    (other,) = read(b"a: \xff\xff\n")[1]
    assert other.message == "UTF-8 değil (bayt 0xFF); dosyayı UTF-8 olarak kaydedin."


@pytest.mark.parametrize("form", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_recognised(form: str) -> None:
    """With its mark and without, whatever of it happens to be UTF-8."""
    (problem,) = read("a: bir\nb: iki\n".encode(form))[1]
    assert "UTF-16" in problem.message


def test_a_quoted_text_over_lines_is_not_blamed() -> None:
    """Where an earlier value rightly runs over two lines, the fault is told at its own line."""
    body = 'a: "bir\n  iki"\nb: |\n  "üç\nc: x: y\n'
    (problem,) = read(body)[1]
    assert (problem.line, "Beklenmeyen “:”" in problem.message) == (5, True)


def test_a_quote_left_open_is_told_where_it_opens() -> None:
    """The parser notices it at the next quote, twenty lines on; the editor is sent to where it began."""
    body = 'x: 1\na: "bir\n' + "".join(f"k{n}: değer\n" for n in range(20)) + 'z: "son"\n'
    (problem,) = read(body)[1]
    assert (problem.line, problem.field) == (2, "a")
    assert "23. satırda anlaşıldı" in problem.message


def test_a_huge_file_is_refused_unread() -> None:
    """Over the limit there is one problem and no parsing."""
    _, problems = read(b"a" * (MOST_BYTES + 1))
    assert ["çok büyük" in p.message for p in problems] == [True]


@pytest.mark.parametrize("body", ["", "\n\n", "# yalnız yorum\n", "---\n"])
def test_an_empty_file_is_no_content(body: str) -> None:
    """Nothing, blank lines, comments only, an empty document: each says what it is, none raises."""
    assert read(body)[1]


@pytest.mark.parametrize("body", ["yalnız metin", "- bir\n- iki\n"])
def test_the_top_must_be_fields(body: str) -> None:
    """A text or a list at the top is refused with its line."""
    assert [(p.line, "alan: değer" in p.message) for p in read(body)[1]] == [(1, True)]


ENGLISH = re.compile(r"\b(found|expected|allowed|while|scanning|parsing|cannot|character)\b")
"""Words of the YAML parser's own complaints."""
_PIECES = st.sampled_from(
    [*"abış:-[]{}|>&*!#%@`'\",?\n\t =~<", "\n  ", "\n- ", ": ", "&a ", "*a", "!!str ", "---\n", "...\n", "\\x", "\0", "\ufeff", "a: |\n  b\n"]
)  # fmt: skip


@settings(max_examples=600, deadline=2_000)
@given(st.one_of(st.binary(max_size=200), st.lists(_PIECES, max_size=40).map(lambda p: "".join(p).encode())))
@example(b"%YAML 9.9\n---\na: 1\n")
@example(b"a: !<tag:yaml.org,2002:str> x\n")
@example(b"? \n: \n")
@example(b'a: "\\uD800"\n')
@example(b'"a\\0": 1\n')
def test_no_bytes_make_the_reader_raise(body: bytes) -> None:
    """Whatever the file holds: a tree or a problem with file and line, in bounded time."""
    tree, problems = read(body)
    assert isinstance(tree, Fields)
    assert problems or tree is not NOTHING
    assert all(p.file == "a.yaml" and p.line >= 1 and p.message for p in problems)
    assert not any(ENGLISH.search(p.message) for p in problems), problems
