"""What an admin sees of the running bot: its state, and why a question is answered as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.engine.answer import Engine, answer
from bot.engine.compose import VERDICTS, long_date
from bot.engine.context import NO_CONTEXT, Context
from bot.journal.base import AdminRow

if TYPE_CHECKING:
    from bot.desk.desk import Desk

MOST_ACTIONS = 3
_ACTIONS = {"yenile": "içerik yenileme", "geri": "önceki içeriğe dönüş", "settle": "yanıtsız soruları sonuçlandırma"}
_PARTS = {"journal": "veritabanı", "telegram": "Telegram", "discord": "Discord"}


async def status_text(desk: Desk) -> str:
    """Version, content, connections and figures, in Turkish paragraphs."""
    edition, now = desk.shelf.current, desk.now()
    catalog = edition.engine.catalog
    utterances = sum(len(i.utterances) for i in catalog.intents)
    size = await desk.memory.attempt(desk.journal.inbox_size, None)
    no_actions: list[AdminRow] = []
    actions = await desk.memory.attempt(lambda: desk.journal.admin_actions(MOST_ACTIONS), no_actions)
    asked = desk.tally.questions
    by_status = ", ".join(
        f"{word} {n}" for status, word in VERDICTS.items() if (n := sum(v for k, v in asked.items() if k[1] == status))
    )
    parts = "\n".join(
        f"• {_PARTS.get(name, name)}: {'çalışıyor' if part.ok else part.why or 'çalışmıyor'}"
        for name, part in desk.health.parts.items()
    )
    content = (
        f"Sürüm {edition.version}, {_ago(now - edition.loaded_at)} yüklendi.\n"
        f"Haber: “{catalog.article.title}” ({long_date(catalog.article.date)}).\n"
        f"{len(catalog.facts)} bilgi, {len(catalog.intents)} konu, {utterances} örnek soru."
    )
    shed = f"{desk.tally.shed} soru" if desk.tally.shed else "olmadı"
    came = f"{sum(asked.values())} soru geldi ({by_status})" if by_status else "soru gelmedi"
    load = f"Açılalı {_span(now - desk.started_at)} oldu; bu sürede {came}. Yoğunluk yüzünden geri çevrilen: {shed}."
    inbox = f"Yanıtsız soru kutusu: {'şu anda okunamıyor' if size is None else f'{size} soru'}."
    done = "\n".join(f"• {_ago(now - row.at)}: {_ACTIONS.get(row.action, row.action)}" for row in actions)
    last = (f"Son yönetici işlemleri:\n{done}",) if done else ()
    return "\n\n".join((content, f"Bağlantılar:\n{parts}", load, inbox, *last))


def why_text(question: str, engine: Engine, before: Context = NO_CONTEXT) -> str:
    """The reply to ``question`` after what was asked ``before``, and the engine's trace."""
    reply, _ = answer(question, before, engine)
    head = f"Yanıt türü: {VERDICTS[reply.status]}" + (f"; konu: {reply.intent}" if reply.intent else "")
    return "\n\n".join((head, reply.text, "\n".join(reply.trace) or "Okunacak bir sözcük yok."))


def _ago(seconds: float) -> str:
    return "az önce" if seconds < 60 else f"{_span(seconds)} önce"


def _span(seconds: float) -> str:
    minutes = max(0, int(seconds // 60))
    for size, word in ((1440, "gün"), (60, "saat")):
        if minutes >= size:
            return f"{minutes // size} {word}"
    return f"{minutes} dakika" if minutes else "bir dakikadan az"
