"""Reload after reload while people ask on both platforms: whether anything is lost or mixed, and what it costs.

    python -m benchmarks.endurance.storm                         # 200 reloads, 20,000 questions
    python -m benchmarks.endurance.storm --reloads 14 --questions 600 --rate 25

One process on both platforms. Every second reload is broken in another way and must be refused with a file and a
line. Quiet stretches and reloads take turns, so that whatever else the machine does falls on both alike; questions
come at a steady rate that asks nobody whether the bot keeps up.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.endurance.process import UNLIMITED, Bot, load_average, percentile
from benchmarks.endurance.talk import FIRST, PRODUCT, SIGNS, SMALL, Oracle, Script, sign_of
from tests.servers.discord import DiscordServer
from tests.servers.telegram import TOKEN, BotServer, Sent

ADMIN = 42
TURNS = 10
"""Quiet stretches, and stretches of reloads, in a run."""
PATIENCE_S = 120.0
BOTH = {
    True: "Türk vatandaşları Kazakistan'da kaç gün vizesiz kalabilir? Kaç ortak proje var?",
    False: "Kütüphanede kaç kitap var? Bina kaç liraya mal oldu?",
}
"""A question, for the product's content or not, whose answer has two statements: a mixture would show."""
_MARK = re.compile(f"[{SIGNS}]+")
_LINE = re.compile(r"\w+/[\w.-]*:\d+: ")


# ── broken content ──────────────────────────────────────────────────────────────────────────────


def _facts(folder: Path) -> Path:
    return next(p for p in sorted((folder / "facts").glob("*.yaml")) if p.name != "article.yaml")


def _changed(path: Path, change: Callable[[bytes], bytes]) -> None:
    before = path.read_bytes()
    after = change(before)
    assert before != after, path
    path.write_bytes(after)


def _half_written(body: bytes) -> bytes:
    return body[: next(at for at in range(len(body) // 2, len(body)) if body[at] >= 0xC0) + 1]


def _twice(body: bytes) -> bytes:
    first, second = re.findall(rb"- id: (\w+)\n", body)[:2]
    return body.replace(b"- id: " + second + b"\n", b"- id: " + first + b"\n", 1)


BREAKAGES: dict[str, Callable[[Path], object]] = {
    "bad YAML": lambda folder: _changed(_facts(folder), lambda b: b.replace(b"facts:", b"facts: [", 1)),
    "bad UTF-8": lambda folder: _changed(folder / "intents/lexicon.yaml", lambda b: b + b"# \xff\xfe\n"),
    "missing quote": lambda folder: _changed(
        _facts(folder), lambda b: re.sub(rb"(quote: )(\S)", rb"\1Haberde olmayan \2", b, count=1)
    ),
    "duplicate id": lambda folder: _changed(_facts(folder), _twice),
    "alias bomb": lambda folder: _changed(_facts(folder), lambda b: b"bomb: &a [x, x]\nmore: [*a, *a, *a]\n" + b),
    "vanished file": lambda folder: _facts(folder).unlink(),
    "half-written file": lambda folder: _changed(_facts(folder), _half_written),
}


# ── the run ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Plan:
    """The size of a run: ``rate`` questions a second over both platforms."""

    reloads: int = 200
    questions: int = 20_000
    rate: float = 40.0
    seed: int = 1


@dataclass(slots=True)
class Question:
    """One question, when it was asked, and what came back."""

    began: float
    text: str
    took: float = 0.0
    replies: list[str] = field(default_factory=list)
    stormy: bool = False
    """Whether a reload was under way when it was asked."""


@dataclass(slots=True)
class Found:
    """What came of it."""

    telegram: dict[int, Question] = field(default_factory=dict)
    discord: dict[str, Question] = field(default_factory=dict)
    outcomes: dict[str, list[bool]] = field(default_factory=dict)
    """Way of breaking (or ``sound``) → whether each such reload went as it must."""
    reload_s: list[float] = field(default_factory=list)
    reloading: bool = False
    over: bool = False
    took_s: float = 0.0
    load: str = ""

    @property
    def questions(self) -> list[Question]:
        """All of them."""
        return [*self.telegram.values(), *self.discord.values()]

    @property
    def not_once(self) -> list[Question]:
        """Those that did not get exactly one reply."""
        return [q for q in self.questions if len(q.replies) != 1]

    def p99_ms(self, *, stormy: bool) -> float:
        """Of the questions that were asked during reloads, or of the others."""
        waits = sorted(1e3 * q.took for q in self.questions if q.stormy == stormy and q.replies)
        return percentile(waits, 0.99) if waits else 0.0


async def stormed(plan: Plan, script: Script, home: Path) -> Found:
    """The run; raises AssertionError when a limit of a platform was broken."""
    found = Found()
    folder = script.lay_out(home / "content")
    async with BotServer(keep_calls=False) as telegram, DiscordServer() as discord:
        settings = {
            "TELEGRAM_TOKEN": TOKEN,
            "TELEGRAM_API_URL": telegram.url,
            "DISCORD_TOKEN": discord.token,
            "DISCORD_API_URL": discord.api_url,
            "DATABASE_URL": f"sqlite:///{home / 'storm.sqlite3'}",
            "CONTENT_DIR": str(folder),
            "ADMINS": f"telegram:{ADMIN}",
            "LOG_LEVEL": "WARNING",
            **UNLIMITED,
        }
        bot = Bot("bot", home / "log", settings)
        await bot.start()
        try:
            began = time.monotonic()
            asking = asyncio.create_task(_ask(plan, script, telegram, discord, found))
            await _reloads(plan, script, folder, telegram, found)
            found.over = True
            await asking
            await _quiet(telegram, found)
            found.took_s, found.load = time.monotonic() - began, load_average()
        finally:
            await bot.stop()
        assert telegram.violations == [], telegram.violations[:3]
        assert discord.problems == [], discord.problems[:3]
    return found


async def _ask(plan: Plan, script: Script, telegram: BotServer, discord: DiscordServer, found: Found) -> None:
    """At the plan's rate, every fourth question on Discord, until the reloads are over and all were asked."""
    chance = random.Random(plan.seed)
    texts = [BOTH[script.product]] * 3 + list(script.openers)
    discord.on_post = lambda message: _answered_on_discord(message, found)
    began = time.monotonic()
    number = 0
    while not (found.over and number >= plan.questions):
        await asyncio.sleep(max(0.0, began + number / plan.rate - time.monotonic()))
        question = Question(time.monotonic(), chance.choice(texts), stormy=found.reloading)
        if number % 4:
            user = 1_000 + number  # a new person each time: nothing asked before may be leant on
            found.telegram[telegram.say(question.text, chat=user, user=user)["message_id"]] = question
        else:
            message = discord.write(question.text, user=f"kişi {number}")
            found.discord[message["id"]] = question
            await discord.tell("MESSAGE_CREATE", message)
        number += 1
        _collect(telegram, found)


def _answered_on_discord(message: dict[str, Any], found: Found) -> None:
    question = found.discord.get((message.get("message_reference") or {}).get("message_id", ""))
    if question is not None:
        question.took = question.took or time.monotonic() - question.began
        question.replies.append(f"{message['content']} {message['embeds']}")


def _collect(telegram: BotServer, found: Found) -> None:
    """Take the replies that came on Telegram out of its server, whose own list would have to be searched."""
    kept: list[Sent] = []
    for sent in telegram.sent:
        question = found.telegram.get(sent.reply_to or 0)
        if question is None:
            kept.append(sent)
            continue
        question.took = question.took or sent.at - question.began
        question.replies.append(sent.shown)
    telegram.sent[:] = kept


async def _reloads(plan: Plan, script: Script, folder: Path, telegram: BotServer, found: Found) -> None:
    """TURNS times a quiet stretch and then reloads, both equally long in questions as far as it can be foreseen."""
    quiet_s = plan.questions / plan.rate / 2 / TURNS
    for number in range(plan.reloads):
        if number % max(1, plan.reloads // TURNS) == 0:
            await asyncio.sleep(quiet_s)
        way = [*BREAKAGES][number // 2 % len(BREAKAGES)] if number % 2 else "sound"
        script.lay_out(folder, sign_of(number + 1))
        if way != "sound":
            BREAKAGES[way](folder)
        report, took = await _reload(telegram, found)
        as_it_must = "yenilendi" in report if way == "sound" else "Yenilenmedi" in report and _LINE.search(report)
        found.outcomes.setdefault(way, []).append(bool(as_it_must))
        found.reload_s.append(took)


async def _reload(telegram: BotServer, found: Found) -> tuple[str, float]:
    found.reloading = True
    began = time.monotonic()
    message = telegram.say("/yenile", chat=ADMIN, user=ADMIN)
    report = (await telegram.reply_to(message, PATIENCE_S)).shown
    found.reloading = False
    telegram.sent[:] = [sent for sent in telegram.sent if sent.chat != ADMIN]
    return report, time.monotonic() - began


async def _quiet(telegram: BotServer, found: Found) -> None:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end and not all(q.replies for q in found.questions):
        _collect(telegram, found)
        await asyncio.sleep(0.2)
    await asyncio.sleep(1.0)
    _collect(telegram, found)


def mixed(found: Found, oracle: Oracle) -> list[Question]:
    """Questions whose reply does not have its statements all from one version."""
    wrong = []
    for question in found.questions:
        wanted = _MARK.findall(oracle.after(question.text, "")[0])
        assert set(wanted) <= {FIRST}
        wrong += [
            question
            for reply in question.replies
            if len(marks := _MARK.findall(reply)) != len(wanted) or len(set(marks)) > 1
        ]
    return wrong


def table(found: Found, wrong: list[Question]) -> str:
    """The figures as lines of text."""
    quiet, stormy = found.p99_ms(stormy=False), found.p99_ms(stormy=True)
    asked = [q.stormy for q in found.questions]
    refused = {way: f"{sum(done)}/{len(done)}" for way, done in found.outcomes.items()}
    return "\n".join(
        (
            f"{len(found.reload_s)} reloads in {found.took_s:.0f} s, as they must: {refused}",
            f"a reload took {percentile(sorted(found.reload_s), 0.5):.1f} s (median), {max(found.reload_s):.1f} s at most",
            f"{len(asked)} questions ({len(found.telegram)} Telegram, {len(found.discord)} Discord), {sum(asked)} during reloads",
            f"not exactly one reply {len(found.not_once)}, from a mixture {len(wrong)}",
            f"p99 without a reload {quiet:.1f} ms, during reloads {stormy:.1f} ms: ratio {stormy / quiet if quiet else 0:.2f}",
            f"load average {found.load}",
        )
    )


def main() -> int:
    """See the module's docstring; 1 when a question was lost or mixed, or a reload did not go as it must."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--reloads", type=int, default=200)
    parser.add_argument("--questions", type=int, default=20_000)
    parser.add_argument("--rate", type=float, default=40.0, help="questions a second over both platforms")
    parser.add_argument("--product", action="store_true", help="the product's content: a reload takes seconds")
    given = parser.parse_args()
    script = PRODUCT if given.product else SMALL
    with tempfile.TemporaryDirectory() as home:
        found = asyncio.run(stormed(Plan(given.reloads, given.questions, given.rate), script, Path(home)))
        wrong = mixed(found, Oracle.of(script.lay_out(Path(home) / "oracle")))
    print(table(found, wrong))
    done_well = all(all(done) for done in found.outcomes.values())
    return int(bool(found.not_once or wrong or not done_well))


if __name__ == "__main__":
    sys.exit(main())
