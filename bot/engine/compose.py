"""Verdicts → a Reply in plain Turkish: a lead where polarity was computed, statements, sources, what is missing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from bot.engine import turning
from bot.engine.agreement import Agreement, amounts_of, is_open
from bot.engine.decide import Candidate, Verdict
from bot.engine.frame import Mention
from bot.engine.measure import confirms
from bot.engine.model import Catalog, Choice, Fact, Intent, Kind, Reply, Source, Status
from bot.engine.quantity import MONTHS, is_impossible
from bot.engine.text import fold

_ISO = re.compile(r"\d{4}-\d\d(?:-\d\d)?")
FAINT = 0.3
"""A refusal at a score below this is a guess at what was meant."""
OFFERED, MOST_TOPICS = 6, 12
"""So many subjects are offered in a refusal, and named in an overview."""
NEAR_AT = 0.005
"""From this score on, a subject is nearer to the question than any other."""

_BESIDE = {"-1": "önceki yıl", "+1": "sonraki yıl"}

VERDICTS: Mapping[Status, str] = {
    Status.ANSWER: "yanıt",
    Status.NOT_IN_ARTICLE: "haberde yok",
    Status.CLARIFY: "hangisi?",
    Status.UNKNOWN: "konu dışı",
    Status.SMALLTALK: "sohbet",
}
"""The verdicts as editors and admins are told of them, in reports and in chat."""


def compose(verdicts: Sequence[Verdict], catalog: Catalog) -> Reply:
    """One reply for all questions of a message: what can be answered is, and the missing half is named."""
    kept = _worth_saying(verdicts)
    lead = kept[0]
    status = next((v.status for v in kept if v.status is Status.ANSWER), lead.status)
    paragraphs: list[str] = []
    facts: list[Fact] = []
    for verdict in kept:
        text, shown = _say(verdict, catalog, [f.id for f in facts])
        paragraphs += [p for p in text if p not in paragraphs]
        facts += [f for f in shown if f not in facts]
    main = next(v for v in kept if v.status is status)
    return Reply(
        status=status,
        paragraphs=tuple(paragraphs),
        intent=main.best.intent.id if main.best else "",
        facts=tuple(f.id for f in facts),
        sources=tuple(Source(f.id, quote) for f in facts for quote in f.quotes),
        choices=_choices(lead),
        score=round(main.best.score, 3) if main.best else 0.0,
        trace=tuple(line for v in verdicts for line in trace_of(v)),
    )


def _worth_saying(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Greetings and side remarks give way to a question of the same message, faint guesses to small talk."""
    order = (Status.ANSWER, Status.NOT_IN_ARTICLE, Status.CLARIFY)
    talk = any(v.status is Status.SMALLTALK for v in verdicts)
    kept = [v for v in verdicts if v.status in order and not (talk and _is_faint(v))]
    return kept or [next((v for v in verdicts if v.status is Status.SMALLTALK), verdicts[0])]


def _is_faint(verdict: Verdict) -> bool:
    return verdict.status is Status.NOT_IN_ARTICLE and verdict.best is not None and verdict.best.score < FAINT


def _say(verdict: Verdict, catalog: Catalog, told: Sequence[str]) -> tuple[list[str], list[Fact]]:
    match verdict.status:
        case Status.ANSWER:
            facts = [a.fact for a in verdict.agreements if a.fact.id not in told]
            text = [_counted(verdict, fact) for fact in facts]
            return _led(verdict, text, catalog), facts
        case Status.NOT_IN_ARTICLE:
            near = [f for f in nearest(verdict, catalog) if f.id not in told]
            return [missing_of(verdict, catalog), *_nearby(near)], near
        case Status.CLARIFY:
            return ["Sorunuzu birden çok biçimde anlayabiliyorum. Hangisini öğrenmek istersiniz?"], []
        case Status.SMALLTALK if verdict.best:
            return [filled(verdict.best.intent.reply, catalog)], []
        case _:
            return [unknown_text(catalog, _near(verdict))], []


def filled(template: str, catalog: Catalog) -> str:
    """A reply of the content with the article's ``{subject}``, ``{title}``, ``{date}`` and ``{topics}`` put in."""
    article = catalog.article
    topics = ", ".join(_topics(catalog, MOST_TOPICS))
    for name, value in (
        ("subject", article.subject),
        ("title", article.title),
        ("date", long_date(article.date)),
        ("topics", topics),
    ):
        template = template.replace("{" + name + "}", value)
    return template.strip()


def _topics(catalog: Catalog, most: int, first: Sequence[Intent] = ()) -> list[str]:
    """Titles of up to ``most`` subjects: those of ``first``, then others evenly spread over the content."""
    near = _titles(first)
    titles = [title for title in _titles(catalog.intents) if title not in near]
    free = max(most - len(near), 0)
    spread = [titles[k * len(titles) // free] for k in range(min(free, len(titles)))] if len(titles) > free else titles
    return [*near, *spread][:most]


def long_date(iso: str) -> str:
    """``2026-02-02`` → ``2 Şubat 2026``; a year or ``*`` forms as they are said."""
    if iso in _BESIDE:
        return _BESIDE[iso]
    if iso.endswith("/*"):
        return long_date(iso[:-2]) + " ve sonrası"
    if iso.startswith("*/"):
        return long_date(iso[2:]) + " ve öncesi"
    if "/" in iso:
        return " – ".join(long_date(part) for part in iso.split("/"))
    parts = iso.split("-")
    year = "" if parts[0] == "*" else parts[0]
    if len(parts) == 1:
        return year
    month = MONTHS[int(parts[1]) - 1] if 1 <= int(parts[1]) <= 12 else parts[1]
    day = str(int(parts[2])) if len(parts) == 3 else ""
    return " ".join(p for p in (day, month, year) if p)


def _titles(intents: Sequence[Intent]) -> list[str]:
    return list(dict.fromkeys(i.title.rstrip("?") for i in intents if i.kind is Kind.FACT and i.title))


def unknown_text(catalog: Catalog, near: Sequence[Intent] = ()) -> str:
    """The honest sentence for another subject, with what the bot can talk about, what is ``near`` first."""
    return f"Bu konuda bilgi veremiyorum. {_offer(catalog, near)}"


def wordless_text(catalog: Catalog) -> str:
    """What is said to a message without words (an emoji, a mark)."""
    return f"Sorunuzu yazıyla iletir misiniz? {_offer(catalog)}"


def _offer(catalog: Catalog, near: Sequence[Intent] = ()) -> str:
    topics = ", ".join(_topics(catalog, OFFERED, near))
    return f"Yalnızca {catalog.article.subject} üzerine tek bir habere dayanarak yanıt verebilirim; örneğin: {topics}."


def _near(verdict: Verdict) -> list[Intent]:
    """The subjects that the question has most in common with."""
    return [c.intent for c in verdict.candidates if c.score >= NEAR_AT][:OFFERED]


_SCALES = {10**12: "trilyon", 10**9: "milyar", 10**6: "milyon"}
_TURKISH_DIGITS = str.maketrans(",.", ".,")
_CLAIMS = {"only": "yalnızca", "all": "tümü", "most": "çoğu", "half": "yarısı"}


def _led(verdict: Verdict, text: list[str], catalog: Catalog) -> list[str]:
    """Says first what the facts put right, do not say, or leave out: a fact alone would seem to confirm it.

    *Hayır* only where *mi* asks about that very thing; never *Evet*: one confirmed mention does not make the
    sentence true (*Koşerbayev cumhurbaşkanı mı?* names him rightly, *Türkiye Kazakistan'ı 2 Mart 1992'de mi
    tanıdı?* a day that is another's). The fact says it.
    """
    lead = (
        _correcting(verdict, catalog) or _said_of(verdict, catalog) or _unclaimed(verdict) or _without(verdict, catalog)
    )
    return [lead + text[0], *text[1:]] if text and lead else text


def _correcting(verdict: Verdict, catalog: Catalog) -> str:
    if not verdict.agreements or not all(a.corrections for a in verdict.agreements):
        return ""
    corrections = [a.corrections for a in verdict.agreements]
    if is_open(verdict.frame) and all(m.slot in {"agent", "target"} for row in corrections for m in row):
        return ""  # *A mı verdi, B mi?*: one of the two is right
    if unit := next((m for row in corrections for m in row if m.slot == "unit"), None):
        return f"Haberde {min(unit.values)} olarak bir değer yok. "
    bounded = any(v[0] in "<>" for row in corrections for m in row for v in m.values)
    numbers = {v for row in corrections for m in row if m.slot == "number" for v in m.values}
    near = verdict.best.intent.facts if verdict.best else ()
    said = any(confirms(n, a) for n in numbers for f in near for a in amounts_of(catalog.facts[f]))
    if len(numbers) == 1 and not bounded and not said and not all(any(m.focus for m in row) for row in corrections):
        return f"Haberde bu, {_said_number(min(numbers))} olarak geçmiyor. "
    asked = all(any(m.focus for m in row) for row in corrections)
    return "Hayır, haberde böyle geçmiyor. " if asked and not bounded else "Haberde böyle geçmiyor. "


def _said_number(amount: str) -> str:
    """``5200000 dolar`` → *5,2 milyon dolar*; ``863`` → *863*."""
    number, _, unit = amount.partition(" ")
    value = Decimal(number)
    scale = next((s for s in _SCALES if value >= s and value % (s // 10) == 0), 1)
    shown = f"{value / scale:,f}".rstrip("0").rstrip(".") if "." in f"{value / scale:f}" else f"{value // scale:,}"
    return " ".join(filter(None, (shown.translate(_TURKISH_DIGITS), _SCALES.get(scale, ""), unit)))


def _said_of(verdict: Verdict, catalog: Catalog) -> str:
    """*Tokayev başkanlık etti mi?*: where the facts tell it of somebody else, that is said first; nobody is denied."""
    doers = [a.fact.says.get("doer", frozenset()) for a in verdict.agreements]
    asked = verdict.frame.doer
    if not asked or not doers or not all(d and d.isdisjoint(asked) for d in doers):
        return ""
    said = _said_of_others(frozenset().union(*doers), catalog)
    return said + " " if said else ""


def _said_of_others(doers: frozenset[str], catalog: Catalog) -> str:
    names = catalog.lexicon.names.get("person", {})
    told = sorted(names[v] for v in doers if v in names)
    return f"Haberde bu, {_listed(told)} için söyleniyor." if told else ""


def _unclaimed(verdict: Verdict) -> str:
    """*hepsi … mi*: where no fact shown has such a word, the article does not say *all*."""
    if not verdict.frame.claims:
        return ""
    said = {w for a in verdict.agreements for part in (a.fact.statement, *a.fact.quotes) for w in fold(part).split()}
    kinds = {turning.CLAIMS[w] for w in said if w in turning.CLAIMS}
    missing = next((c for c in verdict.frame.claims if c not in kinds), "")
    return f"Haberde “{_CLAIMS[missing]}” denmiyor. " if missing and verdict.agreements else ""


def _without(verdict: Verdict, catalog: Catalog) -> str:
    """*Antalya hariç*: what a fact lists besides."""
    excluded = {v for m in verdict.frame.mentions if m.slot == "except" for v in m.values}
    for fact in (a.fact for a in verdict.agreements):
        for slot, held in (*fact.says.items(), *fact.keys.items()):
            names = catalog.lexicon.names.get(slot, {})
            if held & excluded and all(v in names for v in held):
                out, rest = (sorted(names[v] for v in part) for part in (held & excluded, held - excluded))
                return f"{_listed(out)} dışında haberde geçenler: {_listed(rest)}. "
    return ""


def _listed(names: Sequence[str]) -> str:
    """*Almatı, Aktau ve Türkistan*."""
    return " ve ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _counted(verdict: Verdict, fact: Fact) -> str:
    """The statement, with how many it names where *kaç* asks and only the typed count tells."""
    count = min(fact.says.get("count", ("",)))
    counts = verdict.frame.asks & {"count"} or any(m.slot == "number" for m in verdict.frame.mentions)
    shown = not count or not counts or any(c.isdigit() for c in fact.statement)
    return fact.statement if shown else f"{fact.statement} (Haberde adı geçenlerin sayısı: {count.split()[0]}.)"


def missing_of(verdict: Verdict, catalog: Catalog) -> str:
    """The sentence that names exactly what the article does not say."""
    times = (v for m in verdict.frame.mentions if m.slot == "time" for v in m.values)
    if impossible := next(filter(is_impossible, times), ""):
        return f"Takvimde {long_date(impossible)} diye bir tarih yok."
    best = verdict.best
    if best is not None and best.intent.kind is Kind.GAP and best.intent.missing:
        return f"Haberde {best.intent.missing} yer almıyor."
    conflict = _conflict(best)
    return (_missing_for(conflict, verdict, catalog) if conflict else "") or "Sorduğunuz ayrıntı haberde yer almıyor."


def _missing_for(conflict: Mention, verdict: Verdict, catalog: Catalog) -> str:
    """For whom, which way or when it is not said; empty where that would be no more than *this detail*."""
    if conflict.slot == "doer":
        return _said_of_others(conflict.values, catalog)
    if conflict.slot in {"agent", "target"}:
        return "Haberde bu yöndeki bilgi yer almıyor."
    name = _name(conflict, catalog)
    if not name or conflict.slot == "except":
        return ""
    if not any(fold(name) in fold(f.statement) for f in nearest(verdict, catalog)):
        return f"Haberde bu konuda {name} için bir bilgi yok."
    return f"Haberde yalnız {name} için ayrı bir bilgi yok." if conflict.slot == "time" else ""


def _conflict(best: Candidate | None) -> Mention | None:
    """What the nearest fact contradicts."""
    if best is None or best.unlicensed or best.agreeing or not best.contradicted:
        return None
    return _nearest_first(best)[0].conflicts[0]


def _name(mention: Mention, catalog: Catalog) -> str:
    value = min(mention.values)
    if mention.slot == "time":
        return long_date(value)
    names = catalog.lexicon.names.get(mention.slot, {})
    return names.get(value, "")


def nearest(verdict: Verdict, catalog: Catalog) -> list[Fact]:
    """The fact that the article does state nearby, if any: fewest contradictions first."""
    best = verdict.best
    if best is None:
        return []
    if best.intent.kind is Kind.GAP:
        return [catalog.facts[f] for f in best.intent.facts[:1]]
    if best.intent.kind is not Kind.FACT:
        return []
    return [a.fact for a in _nearest_first(best)[:1]]


def _nearest_first(best: Candidate) -> list[Agreement]:
    return sorted((*best.agreeing, *best.contradicted), key=lambda a: (len(a.conflicts), -a.exact))


def _nearby(facts: Sequence[Fact]) -> list[str]:
    return ["Haberde yer alan en yakın bilgi: " + " ".join(f.statement for f in facts)] if facts else []


def _choices(verdict: Verdict) -> tuple[Choice, ...]:
    if verdict.status is not Status.CLARIFY or verdict.best is None:
        return ()
    options = [verdict.best, *verdict.rivals][:4]
    return tuple(choice_of(c.intent, [a.fact for a in c.agreeing]) for c in options)


def choice_of(intent: Intent, facts: Sequence[Fact]) -> Choice:
    """The button that leads to an intent's facts."""
    return Choice(intent.id, intent.title or intent.utterances[0], " ".join(f.statement for f in facts))


def trace_of(verdict: Verdict) -> list[str]:
    """The lines of ``/neden``: what was read, what was proposed, what vetoed."""
    frame = verdict.frame
    lines = [f"okunan: {' '.join(frame.words)}", f"sözcükler: {', '.join(frame.features) or '–'}"]
    lines.append("koşullar: " + (", ".join(f"{m.slot}={'|'.join(sorted(m.values))}" for m in frame.mentions) or "–"))
    for c in verdict.candidates[:5]:
        veto = f" ruhsatsız: {', '.join(c.unlicensed)}" if c.unlicensed else ""
        clash = "; ".join(f"{a.fact.id}≠{'/'.join(m.slot for m in a.conflicts)}" for a in c.contradicted)
        lines.append(
            f"aday: {c.intent.id} {c.score:.2f}{veto}{' çelişki: ' + clash if clash and not c.agreeing else ''}"
        )
    return [*lines, f"karar: {verdict.status} ({verdict.reason})"]


def statement_reply(intent: str, facts: Sequence[str], catalog: Catalog) -> Reply:
    """The plain reply that states ``facts``: what a choice button leads to."""
    found = [catalog.facts[f] for f in facts if f in catalog.facts]
    if not found:
        return Reply(Status.UNKNOWN, (unknown_text(catalog),))
    return Reply(
        status=Status.ANSWER,
        paragraphs=tuple(f.statement for f in found),
        intent=intent,
        facts=tuple(f.id for f in found),
        sources=tuple(Source(f.id, quote) for f in found for quote in f.quotes),
    )


def dates_of(reply: Reply, catalog: Catalog) -> str:
    """What the stated facts are as of, for the line under their quotes; empty when none says so."""
    days = dict.fromkeys(catalog.facts[f].as_of for f in reply.facts if f in catalog.facts)
    shown = ", ".join(long_date(day) if _ISO.fullmatch(day) else day for day in days if day)
    return f"Bilginin tarihi: {shown}" if shown and reply.sources else ""


def dated(reply: Reply, catalog: Catalog, today: str) -> Reply:
    """``reply`` with a warning where a fact shown was only valid until a day before ``today`` (ISO; empty: no check)."""
    known = (catalog.facts[f].valid_until for f in reply.facts if f in catalog.facts)
    past = sorted({until for until in known if until and until < today})
    notes = (f"Bu bilgi {long_date(until)} gününe kadar geçerliydi; güncelliğini yitirmiş olabilir." for until in past)
    return replace(reply, paragraphs=(*reply.paragraphs, *notes)) if past else reply
