"""A question's journey and a reload's for docs/architecture.md, told with the values of a run made just now.

Nothing is retold by hand: each row names the function that was called, shows what it returned and, where it is
the engine's or the desk's work, the best time of many calls.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from bot.content.cache import cached_edition
from bot.content.shelf import Edition, Shelf
from bot.curate.labelled import read_questions
from bot.desk import Asker, Desk
from bot.engine.answer import Engine, answer
from bot.engine.clauses import clauses_of
from bot.engine.compose import compose
from bot.engine.context import NO_CONTEXT, Context, to_json
from bot.engine.decide import Verdict, decide
from bot.engine.follow import continued
from bot.engine.frame import Frame, Mention
from bot.engine.model import Reply, Status
from bot.engine.roles import Party
from bot.engine.text import Token, mark, tokenize
from bot.journal import open_journal
from bot.settings import Secret, Settings

T = TypeVar("T")
QUESTION = "Türkiyeden Kazakistana kac tursit gitti?"
"""Without apostrophes and cedilla, and with a slip: what people type."""
FOLLOW_UP = "2023'te?"
UTTERANCE = "Belgede geçen örnek soru bu mudur?"
"""What an editor adds before the reload."""
TIMES = 200
PERSON, BOT, CHAT_UPDATE = 42, 7, 1001
CREATED = {"date": 1_770_000_000}


@dataclass(frozen=True, slots=True)
class Step:
    """One row: what happens, the code that does it, the value that it gave, and how long it took at best."""

    what: str
    code: Callable[..., Any]
    value: str
    took_us: float | None = None

    def __str__(self) -> str:
        file = self.code.__module__.replace(".", "/") + ".py"
        return f"| {self.what} | [`{self.code.__qualname__}`](../{file}) | {self.value} | {_took(self.took_us)} |"


def _took(us: float | None) -> str:
    if us is None:
        return ""
    for unit, size in (("s", 1e6), ("ms", 1e3)):
        if us >= size:
            return f"{us / size:.2g} {unit}" if us < 10 * size else f"{us / size:.0f} {unit}"
    return f"{us:.0f} µs"


def table(steps: Iterable[Step]) -> str:
    """The rows under their head."""
    return "\n".join(["| step | code | value | at best |", "|---|---|---|---:|", *map(str, steps)])


def best_us(call: Callable[[], object], times: int = TIMES) -> float:
    """Microseconds of the fastest of ``times`` calls: what the work costs when nothing else runs."""
    took = []
    for _ in range(times):
        began = time.perf_counter_ns()
        call()
        took.append(time.perf_counter_ns() - began)
    return min(took) / 1000


def code(text: object, most: int = 300) -> str:
    """``text`` as code in a table's cell."""
    shown = " ".join(str(text).split()).replace("|", "¦").replace("`", "'")
    return f"`{shown[:most]}{'…' if len(shown) > most else ''}`"


# ── the engine's part ───────────────────────────────────────────────────────────────────────────


def words(tokens: Iterable[Token]) -> str:
    """Tokens as ``head'tail``."""
    return code(" ".join(f"{t.head}'{t.tail}" if t.tail else t.text for t in tokens))


def shown(frame: Frame) -> str:
    """What a frame holds, without what it leaves empty."""
    parts = [f"features={' '.join(frame.features)}", f"asks={' '.join(sorted(frame.asks))}"]
    parts += [f"mentions={_mentions(frame.mentions)}"] if frame.mentions else []
    parts += [f"parties={_parties(frame.parties)}"] if frame.parties else []
    return code("; ".join(parts))


def _mentions(mentions: Iterable[Mention]) -> str:
    return " ".join(f"{m.slot}:{'/'.join(sorted(m.values))}" for m in mentions)


def _parties(parties: Iterable[Party]) -> str:
    return " ".join(f"{p.party or '–'}({p.role})" for p in parties)


def decided(verdict: Verdict) -> str:
    """A verdict in a line: status, reason, the facts in agreement or what contradicts them."""
    best = verdict.best
    facts = ", ".join(a.fact.id for a in verdict.agreements)
    clashes = "; ".join(
        f"{a.fact.id} ≠ {_mentions(a.conflicts)}" for a in (best.contradicted if best else ()) if a.conflicts
    )
    return code(f"{verdict.status} ({verdict.reason}): {facts or clashes}")


def told_of(reply: Reply) -> str:
    """What a reply is, without its text."""
    return code(f"Reply(status={reply.status}, intent={reply.intent}, facts={','.join(reply.facts)})")


def engine_steps(question: str, engine: Engine) -> list[Step]:
    """From the text to the reply, each stage called by itself."""
    vocabulary, catalog = engine.vocabulary, engine.catalog
    marked = mark(question)
    typed = tokenize(marked)
    tokens = tuple(p for t in typed for p in vocabulary.repair(t))
    frame = engine.read(question).questions[0]
    verdict = decide(frame, frame.speaker, catalog, engine.proposer, engine.licence)
    proposed = engine.proposer.propose(frame)
    named = ", ".join(f"{catalog.intents[number].id} {score:.2f}" for number, score in proposed[:3])
    reply = compose([verdict], catalog)
    return [
        Step("fold: lower-case as Turkish does, look-alikes and stretched letters mended", mark, code(marked), best_us(lambda: mark(question))),
        Step("cut into tokens at apostrophes and punctuation", tokenize, words(typed), best_us(lambda: tokenize(marked))),
        Step("repair slips from the content's own words", vocabulary.repair, words(tokens)),
        Step("cut into clauses", clauses_of, code(len(clauses_of(tokens))), best_us(lambda: clauses_of(tokens))),
        Step("read: features, question words, conditions, parties with their cases", engine.read, shown(frame), best_us(lambda: engine.read(question))),
        Step("propose intents by likeness to utterances", engine.proposer.propose, code(named), best_us(lambda: engine.proposer.propose(frame))),
        Step("decide by licence and agreement", decide, decided(verdict), best_us(lambda: decide(frame, "", catalog, engine.proposer, engine.licence))),
        Step("compose the reply, plain text with its sources", compose, code(reply.text), best_us(lambda: compose([verdict], catalog))),
        Step("all of it", answer, told_of(reply), best_us(lambda: answer(question, NO_CONTEXT, engine))),
    ]  # fmt: skip


def follow_steps(before: Context, engine: Engine) -> tuple[list[Step], Reply]:
    """The follow-up: how a frame is overridden, and the refusal that names what is missing."""
    frame = engine.read(FOLLOW_UP).questions[0]
    assert before.frame is not None
    whole = continued(before.frame, frame, soft=before.answered)[0]
    verdict = decide(whole, whole.speaker, engine.catalog, engine.proposer, engine.licence)
    reply, _ = answer(FOLLOW_UP, before, engine)
    steps = [
        Step("read by itself: a condition without a subject", engine.read, shown(frame)),
        Step("continue the frame before: slots are overridden, texts never merged", continued, shown(whole)),
        Step("decide", decide, decided(verdict)),
        Step("compose: what is missing, then the nearest that the article says", compose, code(reply.text)),
        Step("all of it", answer, told_of(reply), best_us(lambda: answer(FOLLOW_UP, before, engine))),
    ]  # fmt: skip
    return steps, reply


# ── around it: Telegram, desk, journal ──────────────────────────────────────────────────────────


def update(number: int, text: str) -> dict[str, Any]:
    """A private message as the Bot API delivers it."""
    person = {"id": PERSON, "is_bot": False, "first_name": "Ayşe"}
    message = {"message_id": number, **CREATED, "chat": {"id": PERSON, "type": "private"}, "from": person, "text": text}
    return {"update_id": number, "message": message}


async def telegram_steps(desk: Desk) -> tuple[list[Step], list[Step]]:
    """What happens before the desk is asked, and after it has replied."""
    from telegram import Bot

    from bot.platforms.telegram.conversation import asker_of
    from bot.platforms.telegram.incoming import Me, question_in, update_in

    raw = update(CHAT_UPDATE, QUESTION)
    taking = await taken(desk, raw)
    message = update_in(raw, Bot(f"{BOT}:none")).message
    assert message is not None
    asked, asker = question_in(message, Me(BOT, "kopru_bot")), asker_of(message)
    assert asked is not None
    allowed, before = await desk.allowed(asker), await desk.memory.context(asker)
    arriving = [
        *taking,
        Step("the library's update, leniently", update_in, code(f"message {message.message_id} in {message.chat.type} chat")),
        Step("does it ask us something?", question_in, code(asked)),
        Step("who asks", asker_of, code(asker)),
        Step("may they ask now? (token buckets)", desk.allowed, code(allowed)),
        Step("what they asked before", desk.memory.context, code(to_json(before))),
        Step("the edition that answers, taken once", vars(Shelf)["current"].fget, code(f"version {desk.shelf.current.version}")),
    ]  # fmt: skip
    reply = await desk.ask(asker, asked.text)
    kept = Step(
        "what the follow-up will need: slots and stems, no text",
        to_json,
        code(to_json(await desk.memory.context(asker)), 420),
    )
    done = await desk.journal.done(telegram_key(), str(CHAT_UPDATE), "replica-1", desk.now())
    ticked = Step("sent, then ticked off; the payload is emptied", desk.journal.done, code(done))
    return arriving, [kept, *said(reply, desk.shelf.current.engine), ticked]


def telegram_key() -> str:
    """The journal's name of our Telegram bot."""
    from bot.platforms.telegram.intake import platform_key

    return platform_key(BOT)


async def taken(desk: Desk, raw: dict[str, Any]) -> list[Step]:
    """An update written down and claimed."""
    from bot.platforms.telegram.incoming import lane_of
    from bot.platforms.telegram.webhook import Webhook

    name, lane, key = str(raw["update_id"]), lane_of(raw), telegram_key()
    taken = await desk.journal.take_and_claim(key, name, json.dumps(raw), "replica-1", desk.now(), 20.0, lane)
    return [
        Step("an update knocks at the webhook; no secret, no entry", Webhook.on_knock, code(json.dumps(raw, ensure_ascii=False))),
        Step(
            "it is written down before it is acknowledged with 200, and claimed under a lease, so that a crash here loses nothing",
            desk.journal.take_and_claim, code(f"take_and_claim(update_id={name}, lane={lane!r}) → {taken}"),
        ),
    ]  # fmt: skip


def said(reply: Reply, engine: Engine) -> list[Step]:
    """The reply in Telegram's markup."""
    from bot.platforms.telegram.buttons import under_reply
    from bot.platforms.telegram.markup import to_html

    html, buttons = to_html(reply, engine.catalog.article), under_reply(reply)
    rows = buttons.inline_keyboard if buttons else ()
    pressed = " · ".join(f"{b.text} {b.callback_data!s}" for row in rows for b in row)
    return [
        Step(
            "markup: escaped, cut to 4,096 units, the source folded", to_html, code("⏎".join(html[0].split("\n")), 420)
        ),
        Step("buttons that hold all they need, so that they outlive restarts", under_reply, code(pressed)),
    ]


def discord_steps(reply: Reply, engine: Engine) -> list[Step]:
    """The same reply leaving by Discord's door."""
    from bot.platforms.discord.markup import to_view

    (page,) = to_view(reply, engine.catalog.article)
    embed = page.embed.description if page.embed else ""
    return [
        Step("content", to_view, code(page.content)),
        Step("embed", to_view, code(embed or "–", 200)),
        Step("buttons", to_view, code(" · ".join(f"{b.emoji or b.label} {b.id}" for b in page.buttons))),
    ]


# ── a reload ────────────────────────────────────────────────────────────────────────────────────


async def reload_steps(edition: Edition) -> tuple[list[Step], str]:
    """An editor's change taken in by a desk, and taken back; returns the steps and the report."""
    from bot.content.files import read_files, version_of
    from bot.desk.handwriting import written
    from bot.desk.renewal import Renewal
    from bot.journal.store import SqlJournal

    admin = Asker("telegram", str(PERSON), str(PERSON))
    with tempfile.TemporaryDirectory() as scratch:
        folder = laid_out(Path(scratch) / "content", edition.files)
        journal = await open_journal(f"sqlite:///{scratch}/journal.sqlite3", b"documentation")
        try:
            settings = Settings(content_dir=folder).with_admin(admin.platform, admin.user)
            desk = Desk(Shelf(edition), settings, journal)
            await desk.renewal.introduce()
            written(folder, edition.engine.catalog.intents[0].id, [UTTERANCE])
            files = read_files(folder)
            report, took_s = await timed(desk.reload(admin))
            served, kept = desk.shelf.current.version, desk.shelf.earlier
            rows = await journal.versions()
            back = await desk.back(admin)
        finally:
            await journal.close()
    return [
        Step("an editor adds an utterance to a file", written, code(UTTERANCE)),
        Step("all files are read as one consistent set, again if one changes meanwhile", read_files, code(f"{len(files)} files")),
        Step("their version", version_of, code(f"{edition.version} → {version_of(files)}")),
        Step("checked and compiled in a process of its own, golden questions asked, swapped in", Renewal.reload, code(f"ok={report.ok}"), took_s * 1e6),
        Step("what serves now; who took the old edition finishes with it", vars(Shelf)["current"].fget, code(f"version {served}, {len(kept)} to go back to")),
        Step("told to the journal, and so to every other replica", SqlJournal.put_version, code(" ← ".join(f"{row.version} ({row.by})" for row in rows))),
        Step("taken back", Renewal.back, code(f"ok={back.ok}, version {desk.shelf.current.version}")),
    ], report.text  # fmt: skip


def laid_out(folder: Path, files: Mapping[str, bytes]) -> Path:
    """The files on disk."""
    for name, body in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    return folder


async def timed(work: Awaitable[T]) -> tuple[T, float]:
    """What ``work`` gives, and after how many seconds."""
    began = time.perf_counter()
    return await work, time.perf_counter() - began


# ── told ────────────────────────────────────────────────────────────────────────────────────────


async def journeys(root: Path) -> dict[str, str]:
    """The regions of docs/architecture.md that are told from a run."""
    edition = cached_edition(root)
    engine = edition.engine
    with tempfile.TemporaryDirectory() as scratch:
        journal = await open_journal(f"sqlite:///{scratch}/journal.sqlite3", b"documentation")
        try:
            desk = Desk(Shelf(edition), Settings(pepper=Secret("documentation")), journal)
            arriving, leaving = await telegram_steps(desk)
        finally:
            await journal.close()
    reply, context = answer(QUESTION, NO_CONTEXT, engine)
    following, refused = follow_steps(context, engine)
    reloading, report = await reload_steps(cached_edition(root / "examples" / "kutuphane"))
    quote = "\n".join(f"> {line}".rstrip() for line in report.splitlines())
    return {
        "arriving": table(arriving),
        "engine": f"“{QUESTION}” → “{reply.text}”\n\n" + table(engine_steps(QUESTION, engine)),
        "leaving": table(leaving),
        "discord": table(discord_steps(reply, engine)),
        "follow-up": f"“{FOLLOW_UP}” → “{' '.join(refused.paragraphs)}”\n\n" + table(following),
        "reload": table(reloading) + "\n\n" + quote,
    }


def told(root: Path) -> dict[str, str]:
    """The same, for callers without an event loop."""
    return asyncio.run(journeys(root))


def verdicts(root: Path) -> str:
    """How often each verdict is given on the labelled questions of tests/questions/dev.jsonl."""
    engine = cached_edition(root).engine
    counts: Counter[str] = Counter()
    for question in read_questions([root / "tests" / "questions" / "dev.jsonl"]):
        context, status = NO_CONTEXT, ""
        for turn in question.turns:
            reply, context = answer(turn, context, engine)
            status = reply.status
        counts[status] += 1
    rows = [f"| `{status}` | {MEANT[status]} | {counts[status]} |" for status in Status]
    return "\n".join(["| verdict | what the person sees | count |", "|---|---|---:|", *rows])


MEANT: Mapping[str, str] = {
    Status.ANSWER: "the statement, the quote that it stands on, the article and its date",
    Status.NOT_IN_ARTICLE: "what exactly the article does not say, then the nearest thing that it does say",
    Status.CLARIFY: "a short question with buttons, each of which leads to an answer",
    Status.UNKNOWN: "that this is another subject, and what can be asked instead",
    Status.SMALLTALK: "a short human reply",
}
