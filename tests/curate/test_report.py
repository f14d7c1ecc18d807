"""The report: one page that holds everything, opened and clicked through in a real browser where there is one."""

from __future__ import annotations

import asyncio
import json
import re
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.cli import main
from bot.content.cache import cached_engine
from bot.curate.coverage import covered, reached, share
from bot.curate.evaluate import Table, evaluate
from bot.curate.grader import Grader
from bot.curate.labelled import Labelled, read_questions
from bot.curate.page import Findings, page
from bot.curate.pictures import matrix_of
from bot.engine.answer import Engine
from bot.journal import open_journal
from bot.journal.base import NoteKind, Unanswered, UsageRow
from tools.browser import SIZES, Browser, browser, missing

EXAMPLE = Path("examples/kutuphane")


@pytest.fixture(scope="module")
def example(root: Path, _clean_environment: None) -> Engine:
    """The second article's engine."""
    return cached_engine(root / EXAMPLE)


@pytest.fixture(scope="module")
def table(root: Path, example: Engine) -> Table:
    """Its labelled questions, and one that is surely wrong, so that the page has something to show."""
    asked = read_questions([root / EXAMPLE / "questions" / "etiketli.jsonl"])
    wrong = Labelled("x:1", ("Kütüphanede kaç kitap var?",), "answer", ("floors",), ("count",))
    missed = Labelled("x:2", ("Üniversitenin <b>rektörü</b> & yardımcısı kim?",), "answer", ("books",))
    return evaluate([*asked, wrong, missed], example, Grader())


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory, example: Engine, table: Table) -> Path:
    """The page with an inbox and usage."""
    row = Unanswered(1, "otopark <ücretli> mi", NoteKind.REFUSED, "unknown", "", 1.0, 3)
    usage = [UsageRow("2025-10-06", "telegram", s, n) for s, n in (("answer", 7), ("unknown", 2))]
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(page(Findings(example.catalog, table, [[row, row]], usage, "", "2025-10-07")), encoding="utf-8")
    return path


# ── the page as text ────────────────────────────────────────────────────────────────────────────


class _Links(HTMLParser):
    """Collects ids, links and whatever would be fetched."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            elif name == "href":
                self.links.append(value or "")
            elif name in {"src", "srcset", "data", "action"}:
                self.fetched.append(f"{tag} {name}={value}")


def test_page_is_whole(shown: Path) -> None:
    """Every link leads to a place on the page, no id stands twice, and nothing is fetched."""
    found = _Links()
    text = shown.read_text(encoding="utf-8")
    found.feed(text)
    assert len(found.ids) == len(set(found.ids))
    assert {link for link in found.links if link != "data:,"} <= {f"#{name}" for name in found.ids}
    assert found.fetched == []
    assert not re.search(r"url\(|@import|https?://", text)


def test_what_people_wrote_is_no_markup(shown: Path) -> None:
    """A question with tags in it is shown, not run."""
    text = shown.read_text(encoding="utf-8")
    assert "otopark &lt;ücretli&gt; mi" in text
    assert "&lt;b&gt;rektörü&lt;/b&gt; &amp; yardımcısı" in text
    assert "<b>rektörü" not in text


def test_inbox_counts_a_group_once(shown: Path) -> None:
    """A group's questions are added up and told why they are there."""
    assert re.search(r'otopark[^/]*<br>.*?<td class="n">6</td><td>yanıtsız</td>', shown.read_text(encoding="utf-8"))


# ── what it is made of ──────────────────────────────────────────────────────────────────────────


def test_every_sentence_of_the_example_is_covered(example: Engine) -> None:
    """The second article's facts tell all of it, and headings are no sentences."""
    lines = covered(example.catalog)
    assert [line.text for line in lines if not line.heading and not line.facts] == []
    assert share(lines) == 1
    assert "KİTAPLAR VE OKURLAR" in {line.text for line in lines if line.heading}


def test_coverage_marks_what_is_quoted(example: Engine) -> None:
    """Of a sentence that a fact quotes in part, the part is marked, and no neighbour's quote reaches in."""
    line = next(line for line in covered(example.catalog) if line.text.startswith("Onarım 12 Mart"))
    assert set(line.facts) == {"works_start", "works_length"}
    assert line.quoted == ((0, len(line.text)),)


def test_an_uncovered_sentence_is_named(engine: Engine, root: Path) -> None:
    """The shipped article has a sentence without a fact of its own; whatever the quotes, the shares add up."""
    lines = [line for line in covered(engine.catalog) if not line.heading]
    bare = [line for line in lines if not line.facts]
    assert share(lines) == pytest.approx(1 - len(bare) / len(lines))
    assert all(not line.quoted for line in bare)


def test_facts_know_their_intents_and_questions(example: Engine, table: Table) -> None:
    """Every fact is reached by an intent; right answers are counted with the question's fact."""
    rows = {r.fact.id: r for r in reached(example.catalog, table.outcomes)}
    assert all(r.intents and r.utterances for r in rows.values())
    assert (rows["floors"].asked, rows["floors"].right) == (2, 1)


def test_matrix_has_every_question_once(example: Engine, table: Table) -> None:
    """Each labelled question stands in one cell; the surely wrong one off the diagonal."""
    matrix = matrix_of(table.outcomes, example.catalog)
    assert sum(matrix.counts.values()) == len(table.outcomes)
    assert {name for cell in matrix.counts for name in cell} <= {*matrix.rows, *matrix.columns}
    assert matrix.counts["Kat sayısı", "Kitap sayısı"] == 1
    assert ("Kat sayısı", "Kitap sayısı") not in matrix.good
    assert ("Kat sayısı", "Kat sayısı") in matrix.good


# ── the command ─────────────────────────────────────────────────────────────────────────────────


def test_command_reads_the_journal(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`report` finds the content's questions and what the journal keeps."""
    url = f"sqlite:///{tmp_path}/journal.sqlite3"

    async def remember() -> None:
        journal = await open_journal(url)
        person = journal.person_key("telegram", "1")
        await journal.note_refused(person, "telegram", "unknown", "", "asansör var mı acaba", time.time())
        await journal.count("telegram", "answer", time.time(), 5)
        await journal.close()

    asyncio.run(remember())
    monkeypatch.setenv("KOPRU_DATABASE_URL", url)
    out = tmp_path / "karne.html"
    assert main(["report", "--content", str(root / EXAMPLE), "--out", str(out)]) == 0
    assert "kutuda 1 grup soru" in capsys.readouterr().out
    text = out.read_text(encoding="utf-8")
    assert "asansör var mı acaba" in text
    assert "telegram: 5" in text


def test_command_makes_no_journal(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a database there is none afterwards; a report that cannot be written says so."""
    monkeypatch.setenv("KOPRU_DATABASE_URL", f"sqlite:///{tmp_path}/none.sqlite3")
    assert main(["report", "--content", str(root / EXAMPLE), "--out", str(tmp_path / "a.html")]) == 0
    assert not (tmp_path / "none.sqlite3").exists()
    assert main(["report", "--content", str(root / EXAMPLE), "--out", str(tmp_path / "no" / "a.html")]) == 1
    assert "Yazılamadı" in capsys.readouterr().err


def test_a_damaged_journal_is_told_on_the_page(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest of the report is there all the same."""
    (tmp_path / "bad.sqlite3").write_bytes(b"not a database, not a database, not a database" * 50)
    monkeypatch.setenv("KOPRU_DATABASE_URL", f"sqlite:///{tmp_path}/bad.sqlite3")
    assert main(["report", "--content", str(root / EXAMPLE), "--out", str(tmp_path / "a.html")]) == 0
    assert "Kayıtlara ulaşılamadı" in (tmp_path / "a.html").read_text(encoding="utf-8")


# ── in a browser ────────────────────────────────────────────────────────────────────────────────

needs_browser = pytest.mark.skipif(
    bool(missing()), reason=f"no {missing()}: install Debian's chromium and chromium-driver to open the report"
)


def _requests(opened: Browser) -> list[str]:
    """The addresses that the page has asked for."""
    messages = [json.loads(entry["message"])["message"] for entry in opened.log("performance")]
    asked = [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]
    return [url for url in asked if not url.startswith(("chrome", "data:"))]  # a browser begins with an empty tab


@needs_browser
@pytest.mark.slow
@pytest.mark.timeout(180)
def test_page_in_a_browser(shown: Path) -> None:
    """Opened and clicked through: no error, no request but the page, nothing wider than the screen."""
    with browser() as opened:
        opened.open(shown)
        for size in SIZES.values():
            opened.look(size=size, dark=False)
            wide, screen = opened.run("return [document.documentElement.scrollWidth, innerWidth]")
            assert wide <= screen
        for nth in range(8):
            opened.click("nav a", nth)
        assert opened.run("return location.hash") == "#kullanim"
        opened.click("nav a", 0)
        opened.click(".line .chip", 0)
        assert opened.run("return document.querySelector(':target').className") == "fact"
        opened.click('button[data-grade="wrong"]')
        assert opened.run(
            "return [...document.querySelectorAll('.outcome:not([hidden])')].every(o => o.dataset.grade=='wrong')"
        )
        assert opened.run("return document.querySelectorAll('.outcome[hidden]').length") >= 1
        opened.click(".outcome:not([hidden]) summary", 0)
        assert opened.run("return document.querySelector('.outcome[open] p').offsetHeight") > 0
        opened.click('button[data-grade="wrong"]')
        assert opened.run("return document.querySelectorAll('.outcome[hidden]').length") == 0
        assert [e for e in opened.log("browser") if e["level"] in {"SEVERE", "WARNING"}] == []
        assert {url.partition("#")[0] for url in _requests(opened)} == {shown.resolve().as_uri()}


@needs_browser
@pytest.mark.slow
@pytest.mark.timeout(180)
def test_page_is_light_and_dark(shown: Path) -> None:
    """The reader's colour scheme decides, and its text can be read in both."""
    with browser() as opened:
        opened.open(shown)
        contrasts = []
        for dark in (False, True):
            opened.look(size=SIZES["phone"], dark=dark)
            ground, ink = opened.run(
                "const s = getComputedStyle(document.body); return [s.backgroundColor, s.color].map(c => "
                "c.match(/\\d+/g).slice(0, 3).map(Number).reduce((a, b) => a + b) / 3)"
            )
            contrasts.append(ground - ink)
        assert contrasts[0] > 150
        assert contrasts[1] < -150
