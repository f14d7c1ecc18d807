"""Live content: reads, checks and swaps in a new edition while questions go on; goes back; follows other replicas."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

from bot.content.cache import default_folder
from bot.content.files import read_files, version_of
from bot.content.shelf import Edition, Shelf
from bot.desk import golden
from bot.desk.bake import BakeError, baked
from bot.desk.compare import broken_text, changes_text, problems_text
from bot.desk.memory import Memory
from bot.desk.parcel import packed, unpacked
from bot.desk.tally import Tally
from bot.desk.values import Asker, Report
from bot.errors import ContentError
from bot.journal.base import Journal, VersionRow
from bot.settings import Settings

log = logging.getLogger(__name__)
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
        self._lock = asyncio.Lock()
        self._undone: set[str] = set()
        """Versions that an admin went back from: the next step back passes over them."""

    @property
    def folder(self) -> Path:
        """The folder that ``reload`` reads."""
        return self._folder

    async def reload(self, asker: Asker | None) -> Report:
        """Serve what the folder holds now, if it is sound; ``None``: a signal or a changed file asked for it."""
        return await self._alone(self._reload, asker, "yenile")

    async def back(self, asker: Asker | None) -> Report:
        """Serve the version before the current one; the folder's files stay as they are."""
        return await self._alone(self._back, asker, "geri")

    async def introduce(self) -> None:
        """At the start: agree with the journal on what to serve.

        Alone, the folder is right and becomes the latest version. With other replicas, a folder that
        holds what was current before is old: the latest version serves then.
        """
        current = self._shelf.current
        known = await self._versions()
        if known and known[0].version == current.version:
            return
        if self._shared and any(row.version == current.version for row in known):
            await self._serve_row(known[0])
        else:
            await self._publish(current, None)

    async def follow(self) -> None:
        """Serve every version that another replica makes the latest; endless."""
        async for version in self._journal.watch_versions():
            if version == self._shelf.current.version:
                continue
            async with self._lock:
                row = await self._memory.attempt(self._journal.latest_version, None)
                if row is not None and row.version != self._shelf.current.version:
                    await self._serve_row(row)

    # ── within ──────────────────────────────────────────────────────────────────────────────────

    async def _alone(
        self, work: Callable[[Asker | None], Awaitable[Report]], asker: Asker | None, action: str
    ) -> Report:
        if self._lock.locked():
            return Report(False, BUSY)
        async with self._lock:
            try:
                report = await work(asker)
            except ContentError as problem:
                report = self._refused("refused", problems_text(problem.problems))
            except (OSError, BakeError) as problem:
                report = self._refused(
                    "failed",
                    f"Yenilenmedi; eski içerik yayında kalıyor. Dosyalar okunamadı ya da hazırlanamadı: {problem}",
                )
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

    async def _reload(self, asker: Asker | None) -> Report:
        old = self._shelf.current
        files = await asyncio.to_thread(read_files, self._folder)
        if version_of(files) == old.version:
            return Report(True, f"Dosyalar yayındaki içerikle aynı (sürüm {old.version}); değiştirilecek bir şey yok.")
        new = await baked(files)
        questions = golden.golden_of(files)
        after = await golden.replies(questions, new.engine)
        broken = [(q, r) for q, r in zip(questions, after, strict=True) if not golden.is_kept(q, r)]
        if broken:
            return self._refused("refused", broken_text(broken))
        before = await golden.replies(questions, old.engine)
        self._shelf.swap(new)
        self._undone.discard(new.version)
        self._tally.reloads["ok"] += 1
        await self._publish(new, asker)
        turned = [(q, a, b) for q, a, b in zip(questions, before, after, strict=True) if a.paragraphs != b.paragraphs]
        return Report(True, changes_text(old, new, turned, len(questions)))

    async def _back(self, asker: Asker | None) -> Report:
        old = self._shelf.current
        new = self._taken_back() or await self._fetched_back()
        if new is None:
            return Report(False, "Geri dönülecek daha eski bir içerik yok.")
        self._undone.add(old.version)
        self._tally.reloads["back"] += 1
        await self._publish(new, asker)
        hint = "Dosyalar olduğu gibi duruyor; düzelttikten sonra yeniden yükleyebilirsiniz."
        return Report(
            True, changes_text(old, new, [], 0).replace("İçerik yenilendi", "Önceki içeriğe dönüldü", 1) + "\n\n" + hint
        )

    def _taken_back(self) -> Edition | None:
        """The newest earlier edition on the shelf that nobody went back from, put in place."""
        goal = next((e for e in self._shelf.earlier if e.version not in self._undone), None)
        while goal is not None and self._shelf.current is not goal:
            self._shelf.back()
        return goal

    async def _fetched_back(self) -> Edition | None:
        """The same from the journal: after a restart the shelf holds no earlier edition."""
        passed = self._undone | {self._shelf.current.version}
        row = next((r for r in await self._versions() if r.version not in passed), None)
        if row is None:
            return None
        new = await baked(unpacked(row.body))
        self._shelf.swap(new)
        return new

    async def _versions(self) -> list[VersionRow]:
        async def fetch() -> list[VersionRow]:
            return await self._journal.versions()

        return await self._memory.attempt(fetch, [])

    async def _serve_row(self, row: VersionRow) -> None:
        try:
            self._shelf.swap(await baked(unpacked(row.body)))
        except (ContentError, BakeError, OSError):
            self._tally.reloads["failed"] += 1
            log.exception("follow_failed", extra={"fields": {"version": row.version}})
            return
        self._tally.reloads["followed"] += 1
        log.info("followed", extra={"fields": {"version": row.version}})

    async def _publish(self, edition: Edition, asker: Asker | None) -> None:
        body = await asyncio.to_thread(packed, edition.files)

        async def store() -> bool:
            by = self._memory.person(asker) if asker else ""
            return await self._journal.put_version(edition.version, body, by, self._clock())

        await self._memory.attempt(store, False)
