"""What the bot remembers, in SQL: contexts, unanswered questions, ratings, updates, catalog versions."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from bot.errors import JournalError
from bot.journal.base import Journal
from bot.journal.store import SqlJournal

__all__ = ["Journal", "open_journal"]


async def open_journal(url: str, pepper: bytes | None = None) -> Journal:
    """Open the store that ``url`` names: ``sqlite:///relative``, ``sqlite:////absolute`` or ``postgresql://…``.

    ``pepper`` keys the person hashes; None: a random key kept in the store. Raises JournalError when
    waiting would not help (a damaged file, a wrong password, a schema that is too new). A PostgreSQL server
    that is merely away, a full disk or a folder that cannot be written is no error: methods raise until that is over.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite" and parts.path.strip("/"):
        from bot.journal.sqlite import SqliteDriver

        return SqlJournal(await SqliteDriver.open(Path(unquote(parts.path[1:]))), pepper)
    if parts.scheme in {"postgresql", "postgres"}:
        from bot.journal.postgres import PostgresDriver

        return SqlJournal(await PostgresDriver.open(url), pepper)
    raise JournalError(
        f"veritabanı adresi anlaşılamadı ({parts.scheme or 'boş'}://…): sqlite:///… ya da postgresql://… olmalı"
    )
