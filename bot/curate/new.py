"""Lays out a content folder for another article: what can be found in the text, and a list of what is missing.

Every file can be read at once; what only an editor can write (titles, example questions, the parties' words) is
left empty, so that ``check`` names one after the other until there is a bot that runs.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.content.pack import slug_of
from bot.content.shape import is_day
from bot.curate.findings import Sentence, is_person, places_in, read_article, slug
from bot.curate.glossary import lexicon_yaml, parties_of
from bot.curate.starter import other_subjects, smalltalk
from bot.engine.compose import long_date
from bot.errors import ContentError, Problem

TO_DO = "YAPILACAKLAR.md"
_PLAIN = re.compile(r"[^\W\d_](?:(?!: | #|:$)[^\n])*")


@dataclass(frozen=True, slots=True)
class Draft:
    """A fact as found: its id, its sentence and its own part of it, conditions, typed values, and what asks for it."""

    id: str
    sentence: Sentence
    statement: str
    keys: Mapping[str, Sequence[str]]
    says: Mapping[str, Sequence[str]]
    asks: tuple[str, ...]


def new(folder: Path, article: Path, title: str, date: str, subject: str = "") -> str:
    """Write a content folder for the text in ``article``; returns what is to be done next.

    ``date`` is the article's ISO day, ``subject`` what the bot says it knows about (the title by default).
    Raises ContentError when the folder holds content already, or the text or the date cannot be used.
    """
    text = _text(article)
    if not is_day(date):
        raise ContentError((Problem("", 0, "--date", f"“{date}” bir tarih değil; 2025-03-14 biçiminde yazın."),))
    if any((folder / part).exists() for part in ("facts", "intents")):
        raise ContentError((Problem("", 0, str(folder), "Bu klasörde içerik var; boş bir klasör adı verin."),))
    sentences = read_article(text)
    parties = parties_of(sentences)
    drafts = [draft for s in sentences for draft in _drafts(s, parties)]
    body = text.encode()
    files = {
        "facts/article.txt": text,
        "facts/article.yaml": _article_yaml(title, date, subject or title, hashlib.sha256(body).hexdigest()),
        "facts/bilgiler.yaml": _facts_yaml(drafts, date),
        "intents/sorular.yaml": _intents_yaml(drafts),
        "intents/bosluklar.yaml": _GAPS,
        "intents/lexicon.yaml": lexicon_yaml(sentences, parties, text),
        "intents/sohbet.yaml": _smalltalk_yaml(),
        "intents/kapsamdisi.yaml": _other_yaml(text),
        "questions/altin.jsonl": _GOLDEN,
        TO_DO: _to_do(sentences, drafts),
    }
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8", newline="\n")
    return f"{folder} hazır: {len(sentences)} tümce, {len(drafts)} bilgi taslağı. Sırada ne olduğu: {folder / TO_DO}"


def _text(article: Path) -> str:
    try:
        text = article.read_text(encoding="utf-8-sig").replace("\r\n", "\n").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError((Problem("", 0, str(article), "Haber metni UTF-8 olarak okunamıyor."),)) from error
    if not text:
        raise ContentError((Problem("", 0, str(article), "Haber metni boş."),))
    return text + "\n"


# ── facts ───────────────────────────────────────────────────────────────────────────────────────


def _drafts(sentence: Sentence, parties: Sequence[str]) -> list[Draft]:
    """One draft a statement of the sentence; times are its condition where it says a number, its value else."""
    found = []
    for part in sentence.parts:
        says = _slots(part.values if part.values and part.times else (*part.times, *part.values))
        keys = _slots(part.times) if part.values and part.times else {}
        people = [n for n in sentence.names if is_person(n) and n in part.text]
        asks = tuple(dict.fromkeys(q for slot, values in says.items() for v in values for q in _asks(slot, v)))
        if people:
            says["person"] = [slug(name) for name in people]
            asks = (*asks, *(f"{name} kim?" for name in people), "Kim …?")
        time = next((value for _, value in part.times), "") if len(sentence.parts) > 1 else ""
        found.append(
            Draft(
                slug_of(f"c{sentence.number:02} {time}"),
                sentence,
                part.text,
                {**keys, **_where(part.text, parties)},
                says,
                asks or ("Bu tümce hangi soruyu yanıtlıyor?",),
            )
        )
    ids = Counter(d.id for d in found)
    return [d if ids[d.id] == 1 else replace(d, id=f"{d.id}_{n}") for n, d in enumerate(found, start=1)]


def _slots(pairs: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for slot, value in dict.fromkeys(pairs):
        found.setdefault(slot, []).append(value)
    return found


def _where(text: str, parties: Sequence[str]) -> dict[str, list[str]]:
    """From where, to where and where it is told of, by the cases of places; nothing where two claim one part."""
    found: dict[str, list[str]] = {}
    for place in places_in(text):
        party = place.name in parties
        slot = _ROLES.get(place.case, "") if party else "city" * (place.slot == "city" and place.case in _ROLES)
        if slot and slug(place.name) not in found.setdefault(slot, []):
            found[slot].append(slug(place.name))
    return {} if any(len(names) > 1 for names in found.values()) else found


_ROLES = {"loc": "target", "dat": "target", "abl": "agent"}


def _asks(slot: str, value: str) -> tuple[str, ...]:
    """Questions that a value of this kind usually answers, as a hint for the editor."""
    if slot == "number":
        unit = value.partition(" ")[2]
        if unit == "yüzde":
            return ("Yüzde kaç …?", "Oranı nedir …?")
        if unit == "saat":
            return ("Saat kaçta …?",) if "." in value else ("Kaç saat …?", "Ne kadar sürede …?")
        return (f"Kaç {unit} …?" if unit else "Kaç …?", "Ne kadar …?")
    if slot == "ordinal":
        return ("Kaçıncı …?",)
    return ("Ne zaman …?", "Hangi yıl …?" if slot.startswith("year") else "Hangi tarihte …?")


def _article_yaml(title: str, date: str, subject: str, digest: str) -> str:
    rows = {"title": title, "date": date, "file": "article.txt", "subject": subject, "sha256": digest}
    head = "# Haberin künyesi. “Geçen yıl” gibi sözler bu tarihe göre okunur.\n"
    return head + "".join(f"{name}: {_scalar(value)}\n" for name, value in rows.items())


def _facts_yaml(drafts: Sequence[Draft], date: str) -> str:
    rows = [
        "# Haberin bilgileri. Her taslakta “statement” alanını tek bir bilgiye indirin, “id” alanına anlamlı bir ad verin.",
        "# “says”: bilginin söylediği değer (yanlışı düzeltilir). “keys”: bilginin koşulu (başkası sorulursa yanıt bu değildir).",
        "# Gereksiz taslağı silin; silerken intents/sorular.yaml içindeki konusunu da silin.",
        "facts:",
    ]
    for draft in drafts:
        rows += [f"  - id: {draft.id}", f"    statement: {_scalar(draft.statement)}"]
        rows += [f"    quote: {_scalar(draft.sentence.text)}"]
        for part, slots in (("keys", draft.keys), ("says", draft.says)):
            if slots:
                inner = ", ".join(f"{slot}: {_values(values)}" for slot, values in slots.items())
                rows.append(f"    {part}: {{{inner}}}")
        rows.append(f"    as_of: {long_date(date)}")
        if said := ", ".join(f"“{v}”" for v in draft.sentence.vague if v.lower() in draft.statement.lower()):
            rows.append(f"    # {said}: tümceye tam tarihi yazarsanız: derived: {{<tarih>: haberin tarihine göre}}")
        rows.append("")
    return "\n".join(rows)


# ── intents ─────────────────────────────────────────────────────────────────────────────────────


def _intents_yaml(drafts: Sequence[Draft]) -> str:
    rows = [
        "# Haberin yanıtladığı konular. “title” düğmede görünür; “utterances” altına, “|” işaretinden sonra,",
        "# her satıra bir soru: en az 15, tercihen 25; kısa, uzun, resmî, günlük, evet/hayır (mi) ve yanlış varsayan.",
        "intents:",
    ]
    topics: dict[str, list[Draft]] = {}
    for draft in drafts:
        topics.setdefault(draft.statement, []).append(draft)
    for statement, told in topics.items():
        asks = dict.fromkeys(q for draft in told for q in draft.asks)
        rows += [f"  - id: k_{told[0].id}", "    title:", f"    facts: [{', '.join(d.id for d in told)}]"]
        rows += [f"    # {_shortened(statement)}", f"    # örneğin: {' / '.join(asks)}"]
        rows += ["    utterances: |", ""]
    return "\n".join(rows)


_GAPS = """\
# Haberin söylemediği, ama sorulacak şeyler: “Haberde {missing} yer almıyor.” denir. Bilgiler kadar örnek ister.
# Her bilginin komşusunu düşünün: öncesi, sonrası, nedeni, ayrıntısı, fiyatı, adresi, başka yıl, başka yer.
gaps:
  - id: bosluk_iletisim
    near: []
    missing: adres, telefon ve iletişim bilgileri
    utterances: |
      telefon numarası nedir
      adresi nerede tam olarak
      e-posta adresi var mı
      internet sitesi neresi
      kime başvurabilirim
      nasıl iletişime geçerim
      WhatsApp hattı var mı
      sosyal medya hesabı ne
  - id: bosluk_kisi
    near: []
    missing: adı geçen kişilerin yaşı, doğum yeri, ailesi ve özgeçmişi
    utterances: |
      kaç yaşında
      nereli kendisi
      evli mi
      kaç çocuğu var
      hangi okulu bitirmiş
      özgeçmişini anlatır mısın
      daha önce ne iş yapıyordu
      ne zaman doğmuş
      hangi partiden
      maaşı ne kadar
"""

_GOLDEN = (
    "\n".join(
        json.dumps({**row, "golden": True}, ensure_ascii=False)
        for row in (
            {"q": "Merhaba", "kind": "smalltalk"},
            {"q": "Teşekkür ederim", "kind": "smalltalk"},
            {"q": "Kaynağın ne?", "kind": "smalltalk"},
            {"q": "Yarın yağmur yağacak mı?", "kind": "oos"},
        )
    )
    + "\n"
)


def _smalltalk_yaml() -> str:
    rows = [
        "# Selam, teşekkür, veda ve bot hakkında sorular. {subject}, {title}, {date} ve {topics} yerlerine haberinki girer."
    ]
    rows.append("smalltalk:")
    for name, reply, utterances in smalltalk():
        rows += [f"  - id: {name}", f"    reply: {_quoted(reply)}", "    utterances: |", *_lines(utterances)]
    return "\n".join(rows) + "\n"


def _other_yaml(article: str) -> str:
    rows = ["# Başka konular: haberinizin sözcüklerini başka anlamda kullanan soruları da ekleyin.", "out_of_scope:"]
    for name, utterances in other_subjects(article):
        rows += [f"  - id: {name}", "    utterances: |", *_lines(utterances)]
    return "\n".join(rows) + "\n"


def _lines(utterances: Iterable[str]) -> list[str]:
    return [f"      {u}" for u in utterances]


# ── what is missing ─────────────────────────────────────────────────────────────────────────────


def _to_do(sentences: Sequence[Sentence], drafts: Sequence[Draft]) -> str:
    vague = [(s.number, v) for s in sentences for v in s.vague]
    rows = [
        "# Yapılacaklar",
        "",
        "`python -m bot check --content DIR` komutunu her adımdan sonra çalıştırın; sıradaki eksiği dosya ve satırıyla söyler.",
        "",
        f"- [ ] `facts/bilgiler.yaml`: {len(drafts)} taslağın her birini tek bilgiye indirin, adını ve değerini düzeltin.",
        "- [ ] `intents/sorular.yaml`: her konuya başlık ve en az 15 soru örneği yazın; aynı şeyi soran konuları birleştirin.",
        "- [ ] `intents/bosluklar.yaml`: haberin söylemediklerini konularına göre ekleyin, her birine en az 12 örnek.",
        "- [ ] `intents/lexicon.yaml`: tarafları, adları ve eş anlamlıları düzeltin.",
        "- [ ] `questions/altin.jsonl`: yenilemede hep yanıtlanması gereken soruları ekleyin.",
    ]
    rows += [f"- [ ] {n}. tümcede “{said}”: tam tarihe çevirirseniz `derived` altında söyleyin." for n, said in vague]
    rows += ["", "## Tümceler", ""]
    rows += [f"{s.number}. {s.text}" for s in sentences]
    return "\n".join(rows) + "\n"


def _values(values: Sequence[str]) -> str:
    inner = ", ".join(v if re.fullmatch("[a-z][a-z0-9_]*", v) else _quoted(v) for v in values)
    return inner if len(values) == 1 else f"[{inner}]"


def _shortened(text: str) -> str:
    return text if len(text) <= 110 else text[:109] + "…"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _scalar(text: str) -> str:
    """``text`` as a YAML scalar: plain where that is safe, in double quotes else."""
    return text if _PLAIN.fullmatch(text) and text == text.strip() else _quoted(text)
