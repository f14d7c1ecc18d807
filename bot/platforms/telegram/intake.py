"""From the wire into the journal and from there to the answer: no update is lost, none is answered twice.

An update is written down before it is acknowledged, claimed under a lease, answered, and marked done. A process that is
killed leaves its claims behind; when their leases end, whoever sweeps answers them. One chat's updates wait in one
lane and are answered in order; lanes run side by side.

The Bot API cannot be asked whether a message was sent. So: killed between sending and marking, a question may be answered
twice; an answer lost on the wire is marked unsure and never sent again. While the journal is away, updates are answered
all the same and double deliveries are recognised in memory.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
import uuid
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from telegram.error import TelegramError

from bot.errors import JournalError
from bot.journal.base import Journal, Taken
from bot.platforms.telegram.incoming import PLATFORM, lane_of, name_of
from bot.platforms.telegram.sending import Unsure

log = logging.getLogger(__name__)
LEASE_S = 20.0
SWEEP_S = 1.0
MOST_WAITING = 512
"""Updates in memory; beyond, polling pauses and a webhook's stay in the journal."""
MOST_AT_ONCE = 100
"""Updates that one poll brings."""
MOST_RUNNING = 48
MOST_SEEN = 20_000
MOST_ATTEMPTS = 12
"""Claims after which an update is given up: something in it kills its answer each time."""

Handle = Callable[[dict[str, Any]], Awaitable[None]]


@dataclass(slots=True)
class Item:
    """An update that waits here or is being answered; ``ended`` is set when it was."""

    raw: dict[str, Any]
    id: str
    lane: str
    written: bool
    claimed_at: float | None = None
    attempts: int = 1
    ended: asyncio.Event = field(default_factory=asyncio.Event)


class Intake:
    """Takes updates from polling or webhook and has ``handle`` answer each once."""

    def __init__(self, journal: Journal, platform: str, handle: Handle, clock: Callable[[], float] = time.time) -> None:
        self._journal = journal
        self._platform = platform
        self._handle = handle
        self._clock = clock
        self._owner = uuid.uuid4().hex
        self._held: dict[str, Item] = {}
        self._lanes: dict[str, deque[Item]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._claiming = asyncio.Lock()
        self._running = asyncio.Semaphore(MOST_RUNNING)
        self._beginning = 0
        """Updates that are being written down and claimed, each of which will be held."""
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._unmarked: dict[str, str] = {}
        self._unwritten: set[str] = set()
        """Answered while the journal was away: written down when it is back, so that no other replica answers them."""
        self._room = asyncio.Event()
        self._room.set()
        self._sweep_now = asyncio.Event()
        self._lossy_said = False

    @property
    def waiting(self) -> int:
        """Updates in memory that are not answered yet."""
        return len(self._held)

    async def room(self) -> None:
        """Return when there is room for all that one poll may bring."""
        await self._room.wait()

    async def take(self, raws: list[Any]) -> list[Item]:
        """Write the updates down and queue the new ones, in their order; returns what was queued.

        After it, they may be acknowledged. An update without an id, or that is no object, is noted and dropped.
        """
        readable = [raw for raw in raws if isinstance(raw, dict) and isinstance(raw.get("update_id"), int)]
        if len(readable) < len(raws):
            log.warning("update_unreadable", extra={"fields": {"count": len(raws) - len(readable)}})
        lanes: dict[str, list[dict[str, Any]]] = {}
        for raw in readable:
            lanes.setdefault(lane_of(raw), []).append(raw)
        # Side by side, since the journal commits together what comes together; a lane's in their order.
        return [item for queued in await asyncio.gather(*map(self._take_lane, lanes.values())) for item in queued]

    async def _take_lane(self, raws: list[dict[str, Any]]) -> list[Item]:
        taken: list[Item] = []
        for raw in raws:
            item = await self._taken(raw)
            if item:
                taken.append(item)
                self._queue(item)
        return taken

    async def sweep(self) -> None:
        """Claim, again and again, what was written down and nobody answers: left by a crash, or by a full queue."""
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._sweep_now.wait(), SWEEP_S)
            self._sweep_now.clear()
            try:
                await self._mark_left_over()
                await self._renew()
                free = min(MOST_RUNNING, MOST_WAITING - len(self._held))
                if free > 0 and await self._claim(free) == free:
                    self._sweep_now.set()  # there may be more
            except JournalError:
                log.debug("sweep_failed")
            except Exception:
                log.exception("sweep_broken")  # an error of ours; without sweeps a crash would lose questions

    async def drain(self, seconds: float) -> bool:
        """Wait until all that is in memory is answered; False when ``seconds`` were not enough."""
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=seconds)
        left = bool(self._tasks)
        for task in self._tasks:
            task.cancel()
        return not left

    # ── into the queue ──────────────────────────────────────────────────────────────────────────

    async def _taken(self, raw: dict[str, Any]) -> Item | None:
        update_id, lane = name_of(raw), lane_of(raw)
        if update_id in self._seen:
            return None
        self._seen[update_id] = None
        while len(self._seen) > MOST_SEEN:
            self._seen.popitem(last=False)
        try:
            taken = await self._written(raw, update_id, lane)
        except JournalError:
            self._say_lossy()
            return Item(raw, update_id, lane, written=False)
        self._lossy_said = False
        if taken is Taken.KNOWN or (taken is Taken.WAITING and len(self._held) + self._beginning >= MOST_WAITING):
            return None
        return Item(raw, update_id, lane, True, self._clock() if taken is Taken.CLAIMED else None)

    async def _written(self, raw: dict[str, Any], update_id: str, lane: str) -> Taken:
        """Write an update down; one that will be answered at once is claimed in the same step."""
        body, now = json.dumps(raw), self._clock()
        if lane not in self._lanes and len(self._held) + self._beginning < min(MOST_RUNNING, MOST_WAITING):
            self._beginning += 1
            try:
                take = self._journal.take_and_claim
                return await take(self._platform, update_id, body, self._owner, now, LEASE_S, lane)
            finally:
                self._beginning -= 1
        new = await self._journal.take(self._platform, update_id, body, now, lane)
        return Taken.WAITING if new else Taken.KNOWN

    def _queue(self, item: Item) -> None:
        self._held[item.id] = item
        if len(self._held) > MOST_WAITING - MOST_AT_ONCE:
            self._room.clear()
        if item.lane in self._lanes:
            self._lanes[item.lane].append(item)
            return
        self._lanes[item.lane] = deque([item])
        task = asyncio.create_task(self._run_lane(item.lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _claim(self, most: int) -> int:
        async with self._claiming:
            claimed = await self._journal.claim(self._platform, self._owner, self._clock(), LEASE_S, most)
            for update in claimed:
                mine = self._held.get(update.update_id)
                if mine:
                    mine.claimed_at = self._clock()
        for update in claimed:
            if update.update_id in self._held:
                continue
            raw = json.loads(update.payload)
            item = Item(raw, update.update_id, lane_of(raw), True, self._clock(), update.attempts)
            self._seen[item.id] = None
            self._queue(item)
        return len(claimed)

    # ── out of the queue ────────────────────────────────────────────────────────────────────────

    async def _run_lane(self, lane: str) -> None:
        queue = self._lanes[lane]
        while queue:
            async with self._running:
                item = queue[0]
                try:
                    await self._run(item)
                finally:
                    queue.popleft()
                    self._held.pop(item.id, None)
                    item.ended.set()
                    if len(self._held) <= MOST_WAITING - MOST_AT_ONCE:
                        self._room.set()
        del self._lanes[lane]

    async def _run(self, item: Item) -> None:
        if item.written and item.claimed_at is None and not await self._claimed(item):
            self._sweep_now.set()  # another process has the lane; who is free first goes on
            return
        if item.attempts > MOST_ATTEMPTS:
            log.error("update_given_up", extra={"fields": {"update": item.id, "attempts": item.attempts}})
            await self._mark(item, "unsure")
            return
        try:
            await self._handle(item.raw)
        except Unsure as doubt:
            log.warning("answer_unsure", extra={"fields": {"update": item.id, "why": str(doubt)}})
            await self._mark(item, "unsure")
        except TelegramError as error:
            # Nothing was sent: the claim runs out and the sweep tries again.
            log.warning("answer_postponed", extra={"fields": {"update": item.id, "why": type(error).__name__}})
        except Exception:
            log.exception("update_failed", extra={"fields": {"update": item.id}})
            await self._mark(item, "unsure")
        else:
            await self._mark(item, "done")

    async def _claimed(self, item: Item) -> bool:
        try:
            got = await self._journal.claim_one(self._platform, item.id, self._owner, self._clock(), LEASE_S)
        except JournalError:
            return True  # better answered without a lease than not at all
        if got:
            item.claimed_at = self._clock()
            return True
        async with self._claiming:  # refused perhaps because our own sweep claimed it a moment ago
            return item.claimed_at is not None

    async def _mark(self, item: Item, how: str) -> None:
        if item.written:
            await self._mark_as(item.id, how)
        elif len(self._unmarked) < MOST_SEEN:
            self._unwritten.add(item.id)
            self._unmarked[item.id] = how

    async def _mark_as(self, update_id: str, how: str) -> None:
        """Mark as answered; what cannot be marked now is remembered, so that it is not answered again meanwhile."""
        mark = self._journal.done if how == "done" else self._journal.unsure
        try:
            await mark(self._platform, update_id, self._owner, self._clock())
            self._unmarked.pop(update_id, None)
        except JournalError:
            self._unmarked[update_id] = how

    async def _mark_left_over(self) -> None:
        for update_id, how in list(self._unmarked.items())[:MOST_RUNNING]:
            if update_id in self._unwritten:
                await self._journal.take(self._platform, update_id, "{}", self._clock())
                await self._journal.claim_one(self._platform, update_id, self._owner, self._clock(), LEASE_S)
                self._unwritten.discard(update_id)
            await self._mark_as(update_id, how)

    async def _renew(self) -> None:
        """Prolong the leases of what takes long, such as a chat that is halted by a 429; all, when the clock jumped."""
        now = self._clock()
        for item in list(self._held.values()):
            if item.written and item.claimed_at is not None and abs(now - item.claimed_at) > LEASE_S / 3:
                item.claimed_at = now
                await self._journal.prolong(self._platform, item.id, self._owner, now, LEASE_S)

    def _say_lossy(self) -> None:
        if not self._lossy_said:
            log.warning("journal_away", extra={"fields": {"platform": PLATFORM, "then": "answering without it"}})
            self._lossy_said = True


def platform_key(bot_id: int) -> str:
    """The name of this bot's updates in the journal: another token's ids begin anew."""
    return f"{PLATFORM}:{bot_id}"
