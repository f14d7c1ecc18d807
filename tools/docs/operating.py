"""Tables for docs/operating.md: every setting as ``Settings.read`` reads it, every metric, every stored table."""

from __future__ import annotations

import ast
import inspect
import re
from dataclasses import fields
from pathlib import Path

from bot import settings
from bot.journal import migrate
from bot.settings import PREFIX, Limits, Settings

MEANING = {
    "TELEGRAM_TOKEN": "token from @BotFather; with it `run` starts Telegram",
    "TELEGRAM_API_URL": "root of the Bot API, for a server of your own",
    "TELEGRAM_WEBHOOK_URL": "public HTTPS address; without it the bot polls",
    "TELEGRAM_WEBHOOK_SECRET": "1–256 letters, digits, `_`, `-`; required with a webhook",
    "DISCORD_TOKEN": "token from the Developer Portal; with it `run` starts Discord",
    "DISCORD_API_URL": "REST root with its version",
    "DISCORD_GATEWAY_URL": "gateway address; without it Discord is asked for one",
    "ADMINS": "who may reload and see the inbox: `telegram:123,discord:456`",
    "DATABASE_URL": "`sqlite:///file` or `postgresql://user:password@host/name`",
    "CONTENT_DIR": "folder that holds `facts/` and `intents/`; without it the shipped content",
    "LISTEN": "`host:port` of health, metrics and webhook; without it nothing listens",
    "LOG_LEVEL": "`DEBUG`, `INFO`, `WARNING`, `ERROR`",
    "LOG_FORMAT": "`text` or `json`",
    "WATCH": "`1`: reload when a content file changes",
    "PEPPER": "key of the persons' hashes; without it the database keeps a random one",
    "RETENTION_DAYS": "questions and ratings are deleted after so many days",
    "CONTEXT_MINUTES": "how long a follow-up may refer to the question before",
    "PERSON_PER_MINUTE": "questions a minute that one person may ask",
    "CHAT_PER_MINUTE": "questions a minute that one group may ask",
    "BURST": "questions at once before the rate counts",
    "RUNNING": "questions worked on at a time in one process",
    "WAITING": "questions that wait beyond that; the next one hears “yoğunluk var”",
}


def names() -> list[str]:
    """Every name that ``bot.settings`` reads from the environment, in its order, without the prefix."""
    tree = ast.parse(inspect.getsource(settings))
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute) and n.args]
    read = [c for c in calls if isinstance(c.func, ast.Attribute) and c.func.attr in {"secret", "url", "value"}]
    found = [(c.lineno, a.value) for c in read if isinstance(a := c.args[0], ast.Constant) and isinstance(a.value, str)]
    return [name for _, name in sorted(found)]


def settings_table() -> str:
    """Name, default, meaning; raises KeyError for a setting that nobody described."""
    rows = [f"| `{PREFIX}{name}` | {_default(name)} | {MEANING[name]} |" for name in names()]
    return "\n".join(["| variable | default | meaning |", "|---|---|---|", *rows])


def _default(name: str) -> str:
    plain: dict[str, object] = {f.name: getattr(Settings(), f.name) for f in fields(Settings)}
    plain |= {f.name: getattr(Limits(), f.name) for f in fields(Limits)}
    value = plain[name.lower()]
    if value is None or value == frozenset():
        return "–"
    return f"`{int(value) if isinstance(value, bool | float) else value}`"


def metrics_table(root: Path) -> str:
    """Every metric that ``bot/server.py`` renders, with its help text and labels."""
    rows = []
    for node in ast.walk(ast.parse((root / "bot" / "server.py").read_bytes())):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and "MetricFamily" in node.func.id):
            continue
        name, text = (str(a.value) for a in node.args[:2] if isinstance(a, ast.Constant))
        labels: list[str] = next((ast.literal_eval(k.value) for k in node.keywords if k.arg == "labels"), [])
        total = "_total" if node.func.id.startswith("Counter") else ""
        rows.append(f"| `{name}{total}` | {', '.join(labels) or '–'} | {text} |")
    return "\n".join(["| metric | labels | meaning |", "|---|---|---|", *sorted(rows)])


def stored_table() -> str:
    """The journal's tables and columns, from the migrations."""
    folder = Path(inspect.getfile(migrate)).parent / "migrations"
    sql = "\n".join(p.read_text(encoding="utf-8") for p in sorted(folder.glob("*.sql")))
    columns = {
        m[1]: re.findall(r"^    (\w+) (?!KEY)", m[2], re.MULTILINE)
        for m in re.finditer(r"CREATE TABLE (\w+) \((.*?)\n\);", sql, re.DOTALL)
    }
    for table, column in re.findall(r"ALTER TABLE (\w+) ADD COLUMN (\w+)", sql):
        columns[table].append(column)
    rows = [f"| `{t}` | {', '.join(c for c in cs if c.islower())} | {STORED[t]} |" for t, cs in columns.items()]
    return "\n".join(["| table | columns | what it is for, how long |", "|---|---|---|", *rows])


STORED = {
    "contexts": "the frame of a person's last question (slots and stems, no text); expires after `KOPRU_CONTEXT_MINUTES`",
    "notes": "refused, rated and “hiçbiri değil” questions, scrubbed; `KOPRU_RETENTION_DAYS`",
    "updates": "what a platform delivered, until it is answered; then its id alone for two days",
    "versions": "the last ten contents that served, whole",
    "admin_actions": "who reloaded, went back, settled; `KOPRU_RETENTION_DAYS`",
    "usage": "questions a day by platform and status: nothing personal, kept",
    "buckets": "shared rate limits, by keyed hash",
    "leases": "which replica does a job or holds a Discord shard",
}
