"""Live content: a reload swaps all or nothing, tells what changed, and goes back."""

from __future__ import annotations

import asyncio
import base64
import json
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.content.files import Files
from bot.content.shelf import Edition, prepare
from bot.desk import Asker, Desk, NotAdmin, memory, renewal
from bot.desk.bake import Baker
from bot.desk.parcel import packed, unpacked
from bot.errors import ContentError
from bot.journal import Journal
from tests.content import small
from tests.desk.helpers import ADMIN, ANA, Clock, Troubled, desk_on, settings_for

COUNT = "Kütüphanede kaç kitap var?"
GOLDEN = {"q": COUNT, "kind": "answer", "facts": ["books"], "golden": True}


@pytest.fixture(autouse=True)
def _in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Prepare in a thread: starting a process each time is slow, and has tests of its own (test_bake)."""

    async def prepared(baker: Baker, files: Files) -> Edition:
        return await asyncio.to_thread(prepare, files)

    monkeypatch.setattr(Baker, "baked", prepared)


def rewrite(folder: Path, file: str, old: str, new: str) -> None:
    body = (folder / file).read_text()
    assert old in body
    (folder / file).write_text(body.replace(old, new, 1))


def reworded(folder: Path) -> None:
    rewrite(folder, "facts/library.yaml", "Kütüphanede 3.250 kitap var.", "Kütüphanede tam 3.250 kitap var.")


def with_golden(folder: Path, *questions: dict[str, object]) -> None:
    (folder / "questions").mkdir(exist_ok=True)
    (folder / "questions" / "golden.jsonl").write_text("".join(json.dumps(q) + "\n" for q in questions))


async def test_serves_the_new_content(desk: Desk, folder: Path) -> None:
    """After ``/yenile`` the edited statement answers, and the report names the fact that changed."""
    old = desk.shelf.current
    reworded(folder)
    report = await desk.reload(ADMIN)
    assert report.ok
    assert f"sürüm {old.version} → {desk.shelf.current.version}" in report.text
    assert "Bilgiler:\n• değişen (1): books" in report.text
    assert (await desk.ask(ANA, COUNT)).text == "Kütüphanede tam 3.250 kitap var."
    assert desk.tally.reloads == {"ok": 1}


async def test_says_when_nothing_changed(desk: Desk) -> None:
    """The same files are no new version."""
    before = desk.shelf.current
    report = await desk.reload(ADMIN)
    assert report.ok
    assert "aynı" in report.text
    assert desk.shelf.current is before


async def test_names_what_was_added_and_removed(desk: Desk, folder: Path) -> None:
    """Facts and intents that came and went are told by name."""
    rewrite(folder, "intents/library.yaml", "id: partners", "id: friends")
    report = await desk.reload(ADMIN)
    assert "Konular:\n• eklenen (1): friends\n• silinen (1): partners" in report.text


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (lambda f: rewrite(f, "facts/library.yaml", "quote: Kütüphanede", "quote: Raflarda"), "facts/library.yaml:12"),
        (lambda f: rewrite(f, "facts/library.yaml", "id: books", "id: opened"), "facts/library.yaml:10"),
        (lambda f: (f / "intents/library.yaml").write_bytes(b"intents: [\xff]"), "intents/library.yaml:1"),
        (lambda f: (f / "facts/library.yaml").write_text("facts: ["), "facts/library.yaml:2"),
        (lambda f: (f / "facts/article.yaml").unlink(), "facts/article.yaml"),
    ],
)
async def test_a_broken_file_keeps_the_old_content(
    desk: Desk, folder: Path, broken: Callable[[Path], None], told: str
) -> None:
    """Whatever is wrong is told with file and line, and people go on getting the old answers."""
    before = desk.shelf.current
    broken(folder)
    report = await desk.reload(ADMIN)
    assert not report.ok
    assert "eski içerik yayında" in report.text
    assert told in report.text
    assert desk.shelf.current is before
    assert (await desk.ask(ANA, COUNT)).facts == ("books",)


async def test_a_failed_golden_question_keeps_the_old_content(desk: Desk, folder: Path) -> None:
    """An edition that no longer answers what it must is refused, with the question and its new reply."""
    with_golden(folder, GOLDEN, {"q": "Hafta sonu açık mı?", "kind": "answer", "facts": ["opened"], "golden": True})
    before = desk.shelf.current
    report = await desk.reload(ADMIN)
    assert not report.ok
    assert "1 altın soru" in report.text
    assert "• Hafta sonu açık mı?\n  beklenen: yanıt (opened)" in report.text
    assert desk.shelf.current is before


async def test_changed_golden_answers_side_by_side(desk: Desk, folder: Path) -> None:
    """A golden answer whose wording changed is shown as it was and as it is."""
    with_golden(folder, GOLDEN, {"q": "Bugün yağmur yağacak mı?", "kind": "oos", "golden": True})
    reworded(folder)
    report = await desk.reload(ADMIN)
    assert "2 sorudan 1 tanesinin yanıtı değişti" in report.text
    assert f"• {COUNT}\n  önce: Kütüphanede 3.250 kitap var.\n  şimdi: Kütüphanede tam 3.250 kitap var." in report.text


async def test_a_golden_pattern_is_held_in_turkish(desk: Desk, folder: Path) -> None:
    """``must`` knows that İ is i; a pattern that is none refuses the reload instead of breaking it."""
    with_golden(folder, {**GOLDEN, "must": ["3\\.250 KİTAP"], "must_not": ["dergi"]})
    assert (await desk.reload(ADMIN)).ok
    with_golden(folder, {**GOLDEN, "must": ["("]})
    assert not (await desk.reload(ADMIN)).ok


async def test_a_bug_in_reloading_keeps_the_old_content(
    desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Should anything unforeseen be raised, the admin hears of it and the old content serves; the next one works."""

    async def failing(baker: Baker, files: Files) -> Edition:
        raise ZeroDivisionError

    before = desk.shelf.current
    reworded(folder)
    with monkeypatch.context() as patch:
        patch.setattr(Baker, "baked", failing)
        report = await desk.reload(ADMIN)
    assert (report.ok, "ZeroDivisionError" in report.text) == (False, True)
    assert desk.shelf.current is before
    assert (await desk.reload(ADMIN)).ok


async def test_the_second_of_two_reloads_is_told(desk: Desk, folder: Path) -> None:
    """Two admins at once: one reload runs, the other hears that it runs."""
    reworded(folder)
    reports = await asyncio.gather(desk.reload(ADMIN), desk.reload(ADMIN))
    assert [r.ok for r in reports] == [True, False]
    assert reports[1].text == renewal.BUSY


async def test_only_admins_reload(desk: Desk) -> None:
    """The refusal shows the person's own id and the setting to change."""
    for act in (desk.reload, desk.back):
        with pytest.raises(NotAdmin, match=r"Kimliğiniz: 11\..*telegram:11"):
            await act(ANA)


async def test_going_back_and_forth(desk: Desk, folder: Path) -> None:
    """``/geri`` serves the version before, step by step, and a reload brings the files' content again."""
    first = desk.shelf.current.version
    reworded(folder)
    await desk.reload(ADMIN)
    second = desk.shelf.current.version
    report = await desk.back(ADMIN)
    assert report.ok
    assert report.text.startswith(f"Önceki içeriğe dönüldü: sürüm {second} → {first}")
    assert desk.shelf.current.version == first
    assert not (await desk.back(ADMIN)).ok
    assert (await desk.reload(ADMIN)).ok
    assert desk.shelf.current.version == second


async def test_going_back_after_a_restart(
    desk: Desk, folder: Path, troubled: Troubled, clock: Clock, journal: Journal
) -> None:
    """The journal keeps earlier content, so that a restart does not take the way back; and it is not undone by one."""
    await desk.renewal.introduce()
    first = desk.shelf.current
    reworded(folder)
    await desk.reload(ADMIN)
    second = desk.shelf.current
    restarted = desk_on(replace(second), desk.settings, troubled, clock)
    assert await restarted.renewal.introduce()
    assert (await restarted.back(ADMIN)).ok
    assert restarted.shelf.current.version == first.version
    again = desk_on(replace(second), desk.settings, troubled, clock)
    await again.renewal.introduce()
    assert again.shelf.current.version == first.version
    assert not (await restarted.back(ADMIN)).ok
    assert [a.action for a in await journal.admin_actions()] == ["geri", "geri", "yenile"]
    assert [(await restarted.status()).count(done) for done in ("önceki içeriğe dönüş", "içerik yenileme")] == [2, 1]


async def test_a_restored_folder_is_right_after_a_restart(
    desk: Desk, folder: Path, edition: Edition, troubled: Troubled, clock: Clock, journal: Journal
) -> None:
    """Alone, the owner who puts the old files back and restarts gets them; with replicas the latest version serves."""
    await desk.renewal.introduce()
    reworded(folder)
    await desk.reload(ADMIN)
    latest = desk.shelf.current.version
    shared = desk_on(edition, replace(desk.settings, database_url="postgresql://x/y"), troubled, clock)
    await shared.renewal.introduce()
    assert shared.shelf.current.version == latest
    alone = desk_on(edition, desk.settings, troubled, clock)
    await alone.renewal.introduce()
    assert alone.shelf.current is edition
    row = await journal.latest_version()
    assert row is not None
    assert row.version == edition.version


async def test_replicas_follow(desk: Desk, folder: Path, edition: Edition, troubled: Troubled, clock: Clock) -> None:
    """A reload on one replica reaches the other with its content, though that one's files are the old ones."""
    other = desk_on(edition, settings_for(small.lay_out(folder.parent / "other")), troubled, clock)
    await desk.renewal.introduce()
    following = asyncio.create_task(other.renewal.follow())
    reworded(folder)
    await desk.reload(ADMIN)
    async with asyncio.timeout(20):
        while not other.tally.reloads:  # noqa: ASYNC110 - it is told by nobody
            await asyncio.sleep(0.05)
    following.cancel()
    assert other.shelf.current.version == desk.shelf.current.version
    assert (await other.ask(ANA, COUNT)).text == "Kütüphanede tam 3.250 kitap var."
    assert other.tally.reloads == {"followed": 1}


async def test_a_version_made_while_the_journal_was_away_is_told_later(
    desk: Desk, folder: Path, troubled: Troubled, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reload works without the database, and other replicas hear of it when that is back."""
    monkeypatch.setattr(memory, "PAUSE_S", 0.0)
    troubled.down = True
    reworded(folder)
    assert (await desk.reload(ADMIN)).ok
    troubled.down = False
    assert await journal.latest_version() is None
    await desk.flush()
    row = await journal.latest_version()
    assert row is not None
    assert (row.version, unpacked(row.body)) == (desk.shelf.current.version, dict(desk.shelf.current.files))


async def test_questions_in_flight_never_mix_versions(desk: Desk, folder: Path) -> None:
    """Asked all through five reloads, every reply is wholly of one version."""
    seen: set[str] = set()
    done = asyncio.Event()

    async def asking(asker: Asker) -> None:
        while not done.is_set():
            seen.add((await desk.ask(asker, COUNT)).text)
            await asyncio.sleep(0)

    askers = [asyncio.create_task(asking(Asker("telegram", str(n), str(n)))) for n in range(4)]
    wanted = {"Kütüphanede 3.250 kitap var."}
    for n in range(3):
        text = f"Kütüphanede {'çok ' * n}3.250 kitap var."
        rewrite(folder, "facts/library.yaml", max(wanted, key=len), text)
        wanted.add(text)
        assert (await desk.reload(ADMIN)).ok
    done.set()
    await asyncio.gather(*askers)
    assert seen <= wanted
    assert max(wanted, key=len) in seen


def test_parcels_are_whole_and_the_same_each_time() -> None:
    """What was packed comes out; equal files give equal bytes; a damaged parcel is a content error."""
    body = packed(small.FILES)
    assert unpacked(body) == dict(small.FILES)
    assert packed({name: small.FILES[name] for name in sorted(small.FILES, reverse=True)}) == body
    for damaged in (b"", body[:-5], b"x" + body):
        with pytest.raises(ContentError):
            unpacked(damaged)


def test_parcels_of_before_are_read() -> None:
    """A journal still holds versions from when a parcel was one JSON object: a step back must reach them."""
    body = {name: base64.b85encode(text).decode("ascii") for name, text in small.FILES.items()}
    assert unpacked(zlib.compress(json.dumps(body).encode())) == dict(small.FILES)
