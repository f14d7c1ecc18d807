"""What the test Bot API knows, what people do there, and how a test waits for what the bot does."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import aiohttp

TOKEN = "123456:TEST-telegram-token_for-loopback"
BOT = {"id": 123456, "is_bot": True, "first_name": "Köprü", "username": "kopru_test_bot"}

Fault = Literal["401", "429", "500", "502", "dropped", "lost", "cut", "half", "silent"]
"""``dropped``: the connection breaks before anything is done; ``lost``: after it was done; ``cut``: after half an answer;
``half``: half an answer that looks whole to HTTP."""
Faults = Callable[[str, Mapping[str, Any]], Fault | None]


def some_faults(share: float, seed: int, kinds: tuple[Fault, ...] = ("429", "500", "502", "dropped")) -> Faults:
    """A seeded choice: ``share`` of all calls but getUpdates fail, in one of ``kinds``."""
    chance = random.Random(seed)
    return lambda method, _: chance.choice(kinds) if method != "getUpdates" and chance.random() < share else None


def no_faults(method: str, params: Mapping[str, Any]) -> Fault | None:
    """Everything works."""
    del method, params
    return None


@dataclass(slots=True)
class Sent:
    """A message of the bot's as it stands now; ``shown`` is its text without markup."""

    chat: int
    id: int
    text: str
    shown: str
    buttons: list[dict[str, str]]
    thread: int | None
    reply_to: int | None
    at: float
    edits: int = 0
    raw: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Call:
    """One request as it came in, and the status that it got (0: no answer)."""

    method: str
    params: dict[str, Any]
    status: int
    at: float


class Refused(Exception):
    """A 4xx answer."""

    def __init__(self, status: int, words: str, **parameters: Any) -> None:
        super().__init__(words)
        self.status, self.words, self.parameters = status, words, parameters


class World:
    """Chats, messages and updates; ``faults`` decides which calls fail."""

    def __init__(
        self, *, token: str = TOKEN, bot: Mapping[str, Any] = BOT, retry_after: int = 1, keep_calls: bool = True
    ) -> None:
        self.token, self.bot, self.retry_after, self.keep_calls = token, dict(bot), retry_after, keep_calls
        self.faults: Faults = no_faults
        self.updates: dict[int, dict[str, Any]] = {}
        self.order: list[int] = []
        self.calls: list[Call] = []
        self.violations: list[str] = []
        self.sent: list[Sent] = []
        self.deleted: list[tuple[int, int]] = []
        self.callbacks: dict[str, str | None] = {}
        self.inline: dict[str, list[dict[str, Any]]] = {}
        self.guests: dict[str, dict[str, Any]] = {}
        self.profile: dict[str, Any] = {}
        self.webhook: dict[str, Any] = {}
        self.missing: set[str] = set()
        """Methods that this server does not have: 404."""
        self.refuse: dict[int, Refused] = {}
        """What writing to a chat is answered with."""
        self.topics: dict[int, set[int]] = {}
        self.replies: Counter[int] = Counter()
        """How many messages reply to each message id."""
        self.holds_polls = True
        self.malformed: list[str] = []
        self.revoked = False
        self.allowed: frozenset[str] | None = None
        self._texts: dict[tuple[int, int], dict[str, Any]] = {}
        self._update_id, self._message_id = 1000, 0
        self.polls = 0
        self._news = asyncio.Event()

    # ── what people do ──────────────────────────────────────────────────────────────────────────

    def push(self, raw: dict[str, Any], at: int | None = None) -> int:
        """Queue an update as it is; gives it an id unless it has one."""
        self._update_id = max(self._update_id, raw.get("update_id", 0))
        if "update_id" not in raw:
            self._update_id += 1
            raw = {"update_id": self._update_id, **raw}
        self.updates[raw["update_id"]] = raw
        self.order.insert(len(self.order) if at is None else at, raw["update_id"])
        self._news.set()
        return int(raw["update_id"])

    def repeat(self, update_id: int, times: int = 1) -> None:
        """Deliver an update again, as Telegram does when it is unsure that it arrived."""
        self.order += [update_id] * times
        self._news.set()

    def message(self, text: str | None = None, *, chat: int = 42, user: int = 42, **fields: Any) -> dict[str, Any]:
        """A message of a person's, known to the server but not delivered; see ``say``."""
        self._message_id += 1
        kind = "private" if chat > 0 else "supergroup"
        body: dict[str, Any] = {
            "message_id": self._message_id,
            "date": int(time.time()),
            "chat": {"id": chat, "type": kind, **({"title": "Grup"} if chat < 0 else {"first_name": "Ayşe <3"})},
            "from": {"id": user, "is_bot": False, "first_name": "Ayşe <3", "language_code": "tr"},
        }
        if text is not None:
            body["text"] = text
            if text.startswith("/"):
                length = len(text.split()[0])
                body["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        body.update(fields)
        self._texts[chat, body["message_id"]] = body
        return body

    def say(self, text: str | None = None, **fields: Any) -> dict[str, Any]:
        """A person writes; returns the message."""
        body = self.message(text, **fields)
        self.push({"message": body})
        return body

    def edit(self, message: Mapping[str, Any], text: str, after_s: int = 3) -> None:
        body = {**message, "text": text, "edit_date": message["date"] + after_s}
        body.pop("entities", None)
        self._texts[body["chat"]["id"], body["message_id"]] = body
        self.push({"edited_message": body})

    def press(self, sent: Sent, data: str, user: int = 42) -> str:
        """A person presses a button under ``sent``; returns the query's id."""
        query_id = f"q{len(self.callbacks) + 1}"
        self.callbacks[query_id] = None
        chat = {"id": sent.chat, "type": "private" if sent.chat > 0 else "supergroup"}
        message = {**sent.raw, "chat": chat, "text": sent.shown}
        if sent.reply_to and (sent.chat, sent.reply_to) in self._texts:
            message["reply_to_message"] = self._texts[sent.chat, sent.reply_to]
        user_ = {"id": user, "is_bot": False, "first_name": "Ayşe"}
        self.push(
            {"callback_query": {"id": query_id, "from": user_, "chat_instance": "1", "data": data, "message": message}}
        )
        return query_id

    def ask_inline(self, query: str, user: int = 42) -> str:
        query_id = f"i{len(self.inline) + len(self.calls) + 1}"
        who = {"id": user, "is_bot": False, "first_name": "Ayşe"}
        self.push({"inline_query": {"id": query_id, "from": who, "query": query, "offset": ""}})
        return query_id

    def people(self) -> list[dict[str, Any]]:
        """What people have written, each message as it stands now."""
        return [body for body in self._texts.values() if body["from"]["id"] != self.bot["id"]]

    # ── waiting ─────────────────────────────────────────────────────────────────────────────────

    async def until(self, true: Callable[[], bool], seconds: float = 5.0) -> None:
        """Return when ``true()``; raises AssertionError with what the server saw when it takes too long."""
        end = time.monotonic() + seconds
        while not true():
            if time.monotonic() > end:
                seen = [(c.method, c.status) for c in self.calls[-12:] if c.method != "getUpdates"]
                raise AssertionError(f"waited {seconds} s; last calls {seen}, violations {self.violations[-3:]}")
            await asyncio.sleep(0.005)

    async def reply_to(self, message: Mapping[str, Any], seconds: float = 5.0) -> Sent:
        """The first message that replies to ``message``."""
        number, chat = message["message_id"], message["chat"]["id"]
        await self.until(lambda: any((s.reply_to, s.chat) == (number, chat) for s in self.sent), seconds)
        return next(s for s in self.sent if (s.reply_to, s.chat) == (number, chat))

    def count(self, method: str) -> int:
        return sum(call.method == method and call.status == 200 for call in self.calls)

    async def deliver(self, url: str, secret: str | None, raw: Mapping[str, Any] | bytes) -> int:
        """POST one update to a webhook as Telegram does; the status."""
        headers = {"Content-Type": "application/json"} | (
            {"X-Telegram-Bot-Api-Secret-Token": secret} if secret is not None else {}
        )
        body = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
        async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as answer:
            return answer.status
