"""A folder becomes a catalog, or one error with everything that is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content.load import examine, load, parse, read_files, version_of
from bot.engine.answer import answer, compile_catalog
from bot.engine.context import NO_CONTEXT
from bot.engine.model import Catalog, Kind, Status
from bot.errors import ContentError, Problem
from tests.content.small import FILES, TEXT, edited, lay_out, line_of


def refusal(files: Mapping[str, bytes]) -> tuple[Problem, ...]:
    """The problems for which ``files`` are refused, none when they load; any other exception passes through."""
    try:
        parse(files)
    except ContentError as error:
        return error.problems
    return ()


def test_another_article_needs_no_code() -> None:
    """A content that no code has heard of loads, compiles and is answered from."""
    engine = compile_catalog(parse(FILES))
    reply, _ = answer("Kütüphanede kaç kitap bulunuyor?", NO_CONTEXT, engine)
    assert (reply.status, reply.facts) == (Status.ANSWER, ("books",))
    assert reply.sources[0].quote == "Kütüphanede 3 bin 250 kitap bulunuyor."


def test_every_field_arrives() -> None:
    """What the files say stands in the catalog, kind by kind."""
    catalog = parse(FILES)
    cost = catalog.facts["cost"]
    assert list(catalog.facts) == ["opened", "books", "cost", "partner"]
    assert (cost.says["number"], cost.valid_until) == (frozenset({"1500000 lira"}), "2030-01-01")
    assert cost.derived["2024"].startswith("“geçen yıl”")
    assert catalog.facts["opened"].keys["city"] == frozenset({"izmir"})
    kinds = [i.kind for i in catalog.intents]
    assert kinds == [Kind.FACT] * 4 + [Kind.GAP, Kind.OUT_OF_SCOPE, Kind.SMALLTALK]
    gap, greeting = catalog.intents[4], catalog.intents[6]
    assert (gap.facts, gap.missing) == (("opened",), "çalışma saatleri")
    assert (greeting.reply, greeting.utterances) == (
        "Merhaba! {subject} hakkında sorabilirsiniz.",
        ("merhaba", "selam"),
    )
    assert (catalog.article.date, catalog.lexicon.home) == ("2025-03-15", "cinar")
    assert catalog.lexicon.inside == {"izmir": "cinar", "bornova": "cinar", "aksoy": "cinar"}
    assert catalog.lexicon.names["city"]["bornova"] == "Bornova"


def test_roles_and_needs_arrive() -> None:
    """An intent's finer reading rules reach the engine; a need that nothing can meet is a warning."""
    more = "    bare: target\n    owner: agent\n    recipient: target\n    needs: [when, opn]\n"
    files = edited("intents/library.yaml", "    title: Maliyet\n", "    title: Maliyet\n" + more)
    cost = next(i for i in parse(files).intents if i.id == "building_cost")
    assert (cost.bare, cost.owner, cost.recipient, sorted(cost.needs)) == ("target", "agent", "target", ["opn", "when"])
    told = [(p.line, p.field, p.warning) for p in examine(files).problems]
    assert told == [(line_of(files, "intents/library.yaml", "opn"), "intents.building_cost.needs", True)]


def test_words_keep_their_letters_and_exact_ones_stand_apart(catalog: Catalog) -> None:
    """Lexicon words keep ç, ğ, ş… for the engine to tell başında from basında; ``=`` makes an entry exact."""
    lira = [(e.words, e.exact) for e in catalog.lexicon.entries if e.values == frozenset({"lira"})]
    assert lira == [(("lira",), False), (("tl",), True)]
    assert ("kütüphane", "çınar kütüphane") in [e.words for e in catalog.lexicon.entries]


def test_the_packs_places_take_the_contents_ids(catalog: Catalog) -> None:
    """A city that content and gazetteer both know is one thing, shown by the content's name."""
    izmir = [e for e in catalog.language.places if e.slot == "city" and "izmir" in e.words]
    assert [e.values for e in izmir] == [frozenset({"izmir"})]
    assert catalog.lexicon.names["city"]["izmir"] == "İzmir"


def test_all_problems_come_at_once_in_order() -> None:
    """Three files broken in four ways are told in one error, sorted by file and line."""
    files = edited("facts/library.yaml", "id: books", "id: Kitap")
    files["intents/library.yaml"] = edited("intents/library.yaml", "title: Maliyet", "titel: Maliyet")[
        "intents/library.yaml"
    ]
    files["intents/lexicon.yaml"] = edited("intents/lexicon.yaml", "home: cinar", "home: mese")["intents/lexicon.yaml"]
    with pytest.raises(ContentError) as caught:
        parse(files)
    places = [(p.file, p.field) for p in caught.value.problems]
    assert places == [
        ("facts/library.yaml", "facts.Kitap.id"),
        ("intents/lexicon.yaml", "home"),
        ("intents/library.yaml", "intents.book_count.facts"),
        ("intents/library.yaml", "intents.building_cost.titel"),
    ]
    assert str(caught.value).count("\n") == 3


def test_a_file_that_cannot_be_read_does_not_accuse_others() -> None:
    """When the facts' file is broken, intents that name its facts are not called wrong."""
    files = edited("facts/library.yaml", "id: books", "id: books: x")
    with pytest.raises(ContentError) as caught:
        parse(files)
    assert [p.file for p in caught.value.problems] == ["facts/library.yaml"]


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_missing_file_is_named(name: str) -> None:
    """Without any one of its files the content is refused, and what is missing can be found."""
    with pytest.raises(ContentError) as caught:
        parse({k: v for k, v in FILES.items() if k != name})
    told = str(caught.value)
    assert name in told or (name.endswith("library.yaml") and "Hiç" in told)


def test_an_empty_folder_says_what_belongs_there(tmp_path: Path) -> None:
    """An editor who points to the wrong folder learns what a content folder holds."""
    with pytest.raises(ContentError, match=r"facts/article\.yaml(.|\n)*intents/lexicon\.yaml"):
        load(tmp_path)


def test_a_changed_article_gives_the_right_hash(tmp_path: Path) -> None:
    """The message holds the hash to paste, and with it the content loads."""
    files = {**FILES, "facts/article.txt": FILES["facts/article.txt"] + b"\nBir ek.\n"}
    with pytest.raises(ContentError) as caught:
        parse(files)
    problem = caught.value.problems[0]
    assert (problem.file, problem.line, problem.field) == (
        "facts/article.yaml",
        line_of(files, "facts/article.yaml", "sha256"),
        "sha256",
    )
    old = files["facts/article.yaml"].split(b"sha256: ")[0]
    files["facts/article.yaml"] = old + b"sha256: " + problem.message.rsplit(" ", 1)[1].encode() + b"\n"
    assert load(lay_out(tmp_path, files)).article.text.endswith("Bir ek.\n")


@pytest.mark.parametrize(
    ("article", "told", "says"),
    [
        (TEXT.encode().replace(b"3 bin 250", b"4 bin"), "", "1 alıntı artık onda yok"),
        (TEXT.encode() + b"Bir ek.\n", "", "bütün alıntılar metinde duruyor"),
        (TEXT.encode().replace(b"\n", b"\r\n"), "", "satır sonları"),
        (TEXT.encode().rstrip(), "", "satır sonları"),
        (TEXT.encode(), "12ab", "yanlış ya da eksik yazılmış"),
        (TEXT.encode(), sha256(TEXT.encode()).hexdigest().upper(), "küçük harflerle"),
    ],
)
def test_a_wrong_hash_is_told_apart_from_a_changed_article(article: bytes, told: str, says: str) -> None:
    """What is likelier to be wrong is said: the text, its line ends, or the hash; the right one is always there."""
    card = FILES["facts/article.yaml"]
    files = {**FILES, "facts/article.txt": article}
    if told:
        files["facts/article.yaml"] = card.split(b"sha256: ")[0] + f"sha256: {told}\n".encode()
    found = [p.message for p in examine(files).problems if p.field == "sha256"]
    assert any(says in message and message.endswith(sha256(article).hexdigest()) for message in found), found


@pytest.mark.parametrize("end", ["  - id: partner\n    statement: Kütüphane, Bornova", "  - id: partner\n    state"])
def test_a_file_saved_by_half_is_told_by_its_cause(end: str) -> None:
    """What ends in the middle of a line is called so at that line, beside what is missing because of it."""
    body = FILES["facts/library.yaml"].decode()
    half = body[: body.index("  - id: partner")] + end
    problems = examine({**FILES, "facts/library.yaml": half.encode()}).problems
    assert (half.count("\n") + 1, True) in [(p.line, "yarım kaydedilmiş" in p.message) for p in problems]
    assert {p.file for p in problems} == {"facts/library.yaml"}, "what refers to the missing half is not to blame"


def test_what_follows_from_a_missing_file_is_not_told() -> None:
    """Without the lexicon no name is known, without facts no reference; an article that cannot be read has no hash."""
    gone = {name: body for name, body in FILES.items() if name != "intents/lexicon.yaml"}
    assert [(p.file, "Dosya yok" in p.message) for p in examine(gone).problems] == [("intents/lexicon.yaml", True)]
    gone = {name: body for name, body in FILES.items() if name != "facts/library.yaml"}
    assert [p.file for p in examine(gone).problems] == ["facts/"]
    (problem,) = examine({**FILES, "facts/article.txt": TEXT.encode("utf-16")}).problems
    assert (problem.file, "UTF-16" in problem.message) == ("facts/article.txt", True)


def test_a_missing_last_line_end_is_no_fault() -> None:
    """Many editors end a file without one; and what is wrong far above did not come from it."""
    files = {**FILES, "facts/library.yaml": FILES["facts/library.yaml"].rstrip()}
    assert examine(files).problems == ()
    files["facts/library.yaml"] = files["facts/library.yaml"].replace(b"id: books", b"id: B")
    assert not any("yarım" in p.message for p in examine(files).problems)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    """A slip in ``--content`` is told as such, not by what such a folder would lack."""
    (tmp_path / "file").touch()
    for name, says in (("yok", "diye bir klasör yok"), ("file", "bir klasör değil")):
        with pytest.raises(ContentError, match=says) as caught:
            load(tmp_path / name)
        assert len(caught.value.problems) == 1
        assert str(tmp_path / name) in str(caught.value)


def test_the_version_is_of_all_bytes() -> None:
    """Any changed byte, name or file is another version; order of the mapping is none."""
    versions = {
        version_of(FILES),
        version_of({**FILES, "facts/x.yaml": b""}),
        version_of(edited("facts/library.yaml", "# A", "#  A")),
    }
    assert len(versions) == 3
    assert version_of({k: FILES[k] for k in reversed(list(FILES))}) == parse(FILES).version


def test_a_warning_keeps_nothing_from_loading() -> None:
    """A line without a letter is told, but the content loads."""
    files = edited("intents/library.yaml", "      selam\n", "      selam\n      ???\n")
    found = [(p.line, p.warning) for p in examine(files).problems]
    assert found == [(line_of(files, "intents/library.yaml", "???"), True)]
    assert parse(files).intents[-1].utterances == ("merhaba", "selam", "???")


def test_the_products_own_content_loads(root: Path) -> None:
    """What is shipped has no problem but warnings."""
    assert [str(p) for p in examine(read_files(root)).problems if not p.warning] == []


def test_a_half_written_file_is_refused_with_its_line() -> None:
    """A file cut anywhere is either refused by name, or was whole up to there; never a traceback."""
    whole = FILES["facts/library.yaml"]
    cuts = range(0, len(whole) - 2, 7)  # the last letters of the file end a quote, which may be shorter
    told = [refusal({**FILES, "facts/library.yaml": whole[:cut]}) for cut in cuts]
    assert all(p.file and p.message for problems in told for p in problems)
    assert sum(bool(problems) for problems in told) >= 0.9 * len(told)


@settings(max_examples=150, deadline=3_000)
@given(st.sampled_from(sorted(FILES)), st.data())
def test_no_edit_makes_the_loader_raise_anything_else(name: str, data: st.DataObject) -> None:
    """Bytes put in, cut out or repeated anywhere: a catalog or a ContentError, nothing else, in bounded time."""
    body = FILES[name]
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, min(len(body), start + 60)))
    put = data.draw(
        st.one_of(
            st.binary(max_size=30),
            st.sampled_from([b"", b"\n", b"  ", b": ", b"- ", b"[", b"}", b"|", body[start:end] * 2]),
        )
    )
    assert all(p.message for p in refusal({**FILES, name: body[:start] + put + body[end:]}))


@settings(max_examples=100, deadline=3_000)
@given(
    st.dictionaries(
        st.sampled_from([*FILES, "facts/x.yaml", "questions/a.jsonl", "facts/\udc80.yaml", "x"]), st.binary(max_size=80)
    )
)
def test_no_files_make_the_loader_raise_anything_else(files: dict[str, bytes]) -> None:
    """Any set of files with any bytes is refused as content."""
    with pytest.raises(ContentError):
        parse(files)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return parse(FILES)


def test_an_edited_file_is_looked_at_again() -> None:
    """What is remembered of files never outlives an edit: wrong, mended and wrong again are told apart each time."""
    wrong = edited("facts/library.yaml", "quote: Kütüphanede", "quote: Raflarda")
    assert [bool(refusal(files)) for files in (FILES, wrong, FILES, wrong)] == [False, True, False, True]
    other = {**FILES, "facts/article.txt": FILES["facts/article.txt"].replace(b"3 bin 250", b"4 bin")}
    assert {p.file for p in refusal(other)} >= {"facts/library.yaml"}
