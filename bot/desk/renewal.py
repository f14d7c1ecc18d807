"""Live content: reads, checks and swaps in a new edition while questions go on; goes back; follows other replicas."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from bot.content.cache import default_folder
from bot.content.files import Files, read_files, version_of
from bot.content.shelf import Edition, Shelf, sharing
from bot.desk import golden
from bot.desk.bake import BakeError, Baker, let_go, thawed
from bot.desk.compare import broken_text, changes_text, problems_text
from bot.desk.golden import Golden
from bot.desk.memory import Memory
from bot.desk.parcel import packed, unpacked
from bot.desk.tally import Tally
from bot.desk.values import Asker, Report
from bot.engine.model import Reply
from bot.errors import ContentError
from bot.journal.base import Journal, VersionRow
from bot.settings import Settings

log = logging.getLogger(__name__)
AGAIN_S = 2.0
RELOAD, BACK, START = "yenile", "geri", "başlangıç"
NOT_DONE = "Olmadı; yayındaki içerik değişmedi."
BUSY = "Bir yenileme zaten sürüyor; birkaç saniye sonra yeniden deneyin."


class Renewal:
    """Changes what the shelf holds; one change at a time, and the old content serves until the very end."""

    def __init__(
        self,
        shelf: Shelf,
        settings: Settings,
        journal: Journal,
        memory: Memory,
        tally: Tally,
        clock: Callable[[], float],
    ) -> None:
        self._shelf = shelf
        self._folder: Path = settings.content_dir or default_folder()
        self._shared = settings.shared
        self._journal = journal
        self._memory = memory
        self._tally = tally
        self._clock = clock
        self._baker = Baker()
        self._lock = asyncio.Lock()
        self._unpublished: tuple[str, bytes, str] | None = None
        self._replies: tuple[str, Mapping[Golden, Reply]] = ("", golden.NOTHING)
        """A version, and what it replied to the golden questions when it came."""
        self._undone: set[str] = set()
        """Versions that an admin went back from: the next step back passes over them."""

    @property
    def folder(self) -> Path:
        """The folder that ``reload`` reads."""
        return self._folder

    async def reload(self, asker: Asker | None) -> Report:
        """Serve what the folder holds now, if it is sound; ``None``: a signal or a changed file asked for it."""
        return await self._alone(self._reload, asker, RELOAD)

    async def back(self, asker: Asker | None) -> Report:
        """Serve the version before the current one; the folder's files stay as they are."""
        return await self._alone(self._back, asker, BACK)

    async def warm(self) -> None:
        """Get ready for a reload: from then on one takes a second."""
        try:
            await self._baker.warm(self._shelf.current.files)
        except (ContentError, BakeError, OSError) as problem:  # the reload itself will tell
            log.warning("not_warm", extra={"fields": {"error": str(problem)}})

    def close(self) -> None:
        """End what stands ready for reloads."""
        self._baker.close()

    async def introduce(self) -> bool:
        """At the start: agree with the journal on what to serve; False when it cannot be reached.

        A folder that nobody knows yet is news and becomes the latest version. One that was current
        before is old if other replicas share the journal, or if an admin went back from it: then the
        journal's latest version serves. Otherwise its owner put it back, and it is right.
        """
        current = self._shelf.current
        known = await self._versions()
        if known is None:
            return False
        was_current = any(row.version == current.version for row in known[1:])
        if was_current and (self._shared or known[0].by == BACK):
            await self._serve_row(known[0])
        elif not known or known[0].version != current.version:
            await self._publish(current.version, await asyncio.to_thread(packed, current.files), START)
        return True

    async def follow(self) -> None:
        """Serve every version that another replica makes the latest; endless."""
        while not await self.introduce():  # noqa: ASYNC110 - no event tells that a database is back
            await asyncio.sleep(AGAIN_S)
        async for version in self._journal.watch_versions():
            while version != self._shelf.current.version and not await self._followed():  # noqa: ASYNC110
                await asyncio.sleep(AGAIN_S)

    async def catch_up(self) -> None:
        """Tell the journal of a version that it could not be told of when it began to serve."""
        if self._unpublished is not None and not self._lock.locked():
            async with self._lock:
                await self._publish(*self._unpublished)

    async def _followed(self) -> bool:
        """Serve the journal's latest version; False when the journal cannot be read just now."""
        async with self._lock:
            row = await self._memory.attempt(self._journal.latest_version, None)
            if row is not None and row.version != self._shelf.current.version:
                await self._serve_row(row)
            return row is not None

    # ── within ──────────────────────────────────────────────────────────────────────────────────

    async def _alone(self, work: Callable[[], Awaitable[Report]], asker: Asker | None, action: str) -> Report:
        if self._lock.locked():
            return Report(False, BUSY)
        async with self._lock:
            try:
                report = await work()
            except ContentError as problem:
                report = self._refused("refused", problems_text(problem.problems))
            except (OSError, BakeError) as problem:
                report = self._refused("failed", f"{NOT_DONE} Dosyalar okunamadı ya da hazırlanamadı: {problem}.")
            except Exception as fault:
                log.exception("renewal_failed")
                report = self._refused("failed", f"{NOT_DONE} Beklenmeyen bir hata: {type(fault).__name__} (günlükte).")
        log.log(
            logging.INFO if report.ok else logging.WARNING,
            action,
            extra={"fields": {"ok": report.ok, "version": self._shelf.current.version}},
        )
        await self._memory.admin(asker, action, f"{'tamam' if report.ok else 'olmadı'} {self._shelf.current.version}")
        return report

    def _refused(self, outcome: str, text: str) -> Report:
        self._tally.reloads[outcome] += 1
        return Report(False, text)

    async def _reload(self) -> Report:
        old = self._shelf.current
        files = sharing(await asyncio.to_thread(read_files, self._folder), old.files)
        if version_of(files) == old.version:
            return Report(True, f"Dosyalar yayındaki içerikle aynı (sürüm {old.version}); değiştirilecek bir şey yok.")
        questions = golden.golden_of(files)
        new, before = await self._baked_beside(files, questions)
        after, body = await asyncio.gather(
            golden.replies(questions, new.engine), asyncio.to_thread(packed, files)
        )  # the child's core is free by now
        broken = [(q, r) for q, r in zip(questions, after, strict=True) if not golden.is_kept(q, r)]
        if broken:
            return self._refused("refused", broken_text(broken))
        turned = [(q, a, b) for q, a, b in zip(questions, before, after, strict=True) if a.paragraphs != b.paragraphs]
        text = changes_text(old, new, turned, len(questions))
        del old
        shed = [self._shelf.swap(new)]
        self._replies = (new.version, dict(zip(questions, after, strict=True)))
        self._undone.discard(new.version)
        self._tally.reloads["ok"] += 1
        await asyncio.gather(self._publish(new.version, body, RELOAD), asyncio.to_thread(let_go, shed))
        return Report(True, text)

    async def _baked_beside(self, files: Files, questions: Sequence[Golden]) -> tuple[Edition, list[Reply]]:
        """The edition of ``files``, and what the current one replies to ``questions``, found out meanwhile."""
        current = self._shelf.current
        version, known = self._replies
        asking = asyncio.create_task(
            golden.replies(questions, current.engine, known if version == current.version else {})
        )
        try:
            return await self._baker.baked(files), await asking
        finally:
            asking.cancel()

    async def _back(self) -> Report:
        old = self._shelf.current
        new = await self._taken_back() or await self._fetched_back()
        if new is None:
            return Report(False, "Geri dönülecek daha eski bir içerik yok.")
        self._undone.add(old.version)
        self._tally.reloads["back"] += 1
        await self._publish(new.version, await asyncio.to_thread(packed, new.files), BACK)
        hint = "Dosyalar olduğu gibi duruyor; düzelttikten sonra yeniden yükleyebilirsiniz."
        text = changes_text(old, new, [], 0).replace("İçerik yenilendi", "Önceki içeriğe dönüldü", 1)
        shed = [old]
        del old
        await asyncio.to_thread(let_go, shed)
        return Report(True, text + "\n\n" + hint)

    async def _taken_back(self) -> Edition | None:
        """The newest earlier edition on the shelf that nobody went back from, put in place."""
        goal = next((e for e in self._shelf.earlier if e.version not in self._undone), None)
        if goal is None:
            return None
        return self._shelf.back(await thawed(goal) or await self._baker.baked(goal.files))

    async def _fetched_back(self) -> Edition | None:
        """The same from the journal: after a restart the shelf holds no earlier edition."""
        passed = self._undone | {self._shelf.current.version}
        row = next((r for r in await self._versions() or () if r.version not in passed), None)
        if row is None:
            return None
        new = await self._baker.baked(unpacked(row.body))
        self._shelf.swap(new)
        return new

    async def _versions(self) -> list[VersionRow] | None:
        async def fetch() -> list[VersionRow]:
            return await self._journal.versions()

        return await self._memory.attempt(fetch, None)

    async def _serve_row(self, row: VersionRow) -> None:
        try:
            new = await self._baker.baked(sharing(unpacked(row.body), self._shelf.current.files))
        except (ContentError, BakeError, OSError):
            self._tally.reloads["failed"] += 1
            log.exception("follow_failed", extra={"fields": {"version": row.version}})
            return
        shed = [self._shelf.swap(new)]
        await asyncio.to_thread(let_go, shed)
        self._tally.reloads["followed"] += 1
        log.info("followed", extra={"fields": {"version": row.version}})

    async def _publish(self, version: str, body: bytes, by: str) -> None:
        """Make it the journal's latest; who did it stands among the admins' actions, not here."""

        async def store() -> bool:
            return await self._journal.put_version(version, body, by, self._clock())

        stored = await self._memory.attempt(store, None)
        self._unpublished = (version, body, by) if stored is None else None
