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
from dataclasses import dataclass
from pathlib import Path

from bot.content.pack import fold_word, slug_of
from bot.content.shape import is_day
from bot.curate.findings import Sentence, is_body, is_person, known_places, read_article, slug
from bot.curate.grader import lower
from bot.curate.starter import everyday_concepts, other_subjects, smalltalk
from bot.engine.compose import long_date
from bot.errors import ContentError, Problem

TO_DO = "YAPILACAKLAR.md"
_SHORT = 4
"""Shorter surnames begin too many other words; they are written as exact ones."""
_PLAIN = re.compile(r"[^\W\d_](?:(?!: | #|:$)[^\n])*")


@dataclass(frozen=True, slots=True)
class Draft:
    """A fact as found: its id, the sentence that it stands in, its typed values, and what asks for it."""

    id: str
    sentence: Sentence
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
    drafts = [draft for s in sentences for draft in _drafts(s)]
    body = text.encode()
    files = {
        "facts/article.txt": text,
        "facts/article.yaml": _article_yaml(title, date, subject or title, hashlib.sha256(body).hexdigest()),
        "facts/bilgiler.yaml": _facts_yaml(drafts, date),
        "intents/sorular.yaml": _intents_yaml(drafts),
        "intents/bosluklar.yaml": _GAPS,
        "intents/lexicon.yaml": _lexicon_yaml(sentences),
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


def _drafts(sentence: Sentence) -> list[Draft]:
    """One draft a number or date, one for the names, one for a sentence that has neither."""
    stem = f"c{sentence.number:02}"
    found = [
        Draft(f"{stem}_{slug_of(value)}"[:48].rstrip("_"), sentence, {slot: (value,)}, _asks(slot, value))
        for slot, value in sentence.values
    ]
    people = [n for n in sentence.names if is_person(n)]
    if people:
        names = tuple(f"{name} kim?" for name in people)
        says = {"person": [slug(name) for name in people]}
        found.append(Draft(f"{stem}_ad", sentence, says, (*names, "Bunu kim yaptı? Kimler katıldı?")))
    if not found:
        found.append(Draft(stem, sentence, {}, ("Bu tümce hangi soruyu yanıtlıyor?",)))
    ids = Counter(d.id for d in found)
    twice = [d for d in found if ids[d.id] > 1]
    return [
        d if d not in twice else Draft(f"{d.id[:45]}_{twice.index(d) + 1}", d.sentence, d.says, d.asks) for d in found
    ]


def _asks(slot: str, value: str) -> tuple[str, ...]:
    """Questions that a value of this kind usually answers, as a hint for the editor."""
    if slot == "number":
        unit = value.partition(" ")[2]
        return (f"Kaç {unit} …?" if unit else "… kaç?", "… ne kadar?", f"{value.split(' ', 1)[0]} mi …?")
    if slot == "ordinal":
        return ("Kaçıncı …?",)
    return ("… ne zaman?", "… hangi yıl?" if slot.startswith("year") else "… hangi tarihte?")


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
        rows += [f"  - id: {draft.id}", f"    statement: {_scalar(draft.sentence.text)}"]
        rows += [f"    quote: {_scalar(draft.sentence.text)}"]
        if draft.says:
            inner = ", ".join(f"{slot}: {_values(values)}" for slot, values in draft.says.items())
            rows.append(f"    says: {{{inner}}}")
        rows.append(f"    as_of: {long_date(date)}")
        if draft.sentence.vague:
            said = ", ".join(f"“{v}”" for v in draft.sentence.vague)
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
    for draft in drafts:
        rows += [f"  - id: k_{draft.id}"[:54], "    title:", f"    facts: [{draft.id}]"]
        rows += [f"    # {_shortened(draft.sentence.text)}", f"    # örneğin: {' / '.join(draft.asks)}"]
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
    rows = ["# Selam, teşekkür, veda ve bot hakkında sorular. {subject}, {title} ve {date} yerlerine haberinki girer."]
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


# ── lexicon ─────────────────────────────────────────────────────────────────────────────────────


def _lexicon_yaml(sentences: Sequence[Sentence]) -> str:
    names = [n for s in sentences for n in s.names]
    once = list(dict.fromkeys(names))
    parties = _parties(names)
    words = _Words()
    home = slug(parties[0]) if parties else "taraf"
    rows = [_LEXICON_HEAD, f"home: {home}", "", "parties:"]
    for name in parties or ("",):
        rows += [
            f"  {slug(name) if name else home}:",
            f"    name: {name}".rstrip(),
            f"    land: [{words.line([name])}]",
        ]
    cities = [w for w in dict.fromkeys(w for n in names for w in n.split()) if known_places().get(w) == "city"]
    rows += ["", "entities:"]
    rows += _entities("person", [n for n in once if is_person(n)], words, "kişiler: başka söylenişlerini de ekleyin")
    rows += _entities("body", [n for n in once if is_body(n)], words, "kurumlar: haberin konusu olanı silin")
    rows += _entities("city", [c for c in cities if c not in parties], words, "kentler: tarafını “in” ile yazın")
    rows += ["", _CONCEPTS_HEAD, "concepts:"]
    concepts = ((name, words.line(own)) for name, own in everyday_concepts())
    return "\n".join([*rows, *(f"  {name}: [{line}]" for name, line in concepts if line)]) + "\n"


class _Words:
    """Writes words and remembers them: each may stand in one place only."""

    def __init__(self) -> None:
        self._seen: set[tuple[str, bool]] = set()

    def line(self, words: Iterable[str]) -> str:
        """Those of ``words`` that have not been written yet, as the inside of a YAML list."""
        fresh = []
        for word in words:
            key = fold_word(word.removesuffix("=")), word.endswith("=")
            if key[0] and key not in self._seen:
                self._seen.add(key)
                fresh.append(_word(lower(word)))
        return ", ".join(fresh)


def _parties(names: Sequence[str]) -> list[str]:
    """A guess at the parties: the place named most, then the countries that are named as often as it makes sense."""
    found = Counter(w for n in names for w in n.split() if w in known_places())
    ranked = [name for name, _ in found.most_common()]
    others = [n for n in ranked[1:] if known_places()[n] == "country" and found[n] > 1]
    return [*ranked[:1], *others]


_LEXICON_HEAD = """\
# Haberin kendi sözcükleri. Bir girdi gövdedir: sözcük onunla başlar, kalanı ek olabilir. Boşluklu girdi art arda
# gelen gövdelerdir. Sonu “=” olan girdi yalnız o sözcüktür. Bir gövde dosyada yalnız bir yerde durur.
# Taraf: haberin yaptığı ya da uğradığı işi “kimden kime” diye ayıran ülke ya da kent; “biz” diyen “home” tarafındandır."""
_CONCEPTS_HEAD = """\
# Birbirinin yerine geçen sözcükler. Haberinizin sözcüklerini ekleyin, anlamı tutmayanı silin ya da taşıyın."""


def _entities(slot: str, names: Sequence[str], words: _Words, about: str) -> list[str]:
    """The rows of one kind; a person's last name is a word of its own unless two share it."""
    last = Counter(n.split()[-1] for n in names)
    rows = {}
    for name in names:
        surname = name.split()[-1] + ("=" if len(name.split()[-1]) <= _SHORT else "")
        alone = [surname] if slot == "person" and last[name.split()[-1]] == 1 else []
        if line := words.line([name, *alone]):
            rows[slug(name)] = f"{{name: {_quoted(name)}, words: [{line}]}}"
    return [f"  # {about}", f"  {slot}:", *(f"    {key}: {row}" for key, row in rows.items())] if rows else []


def _word(word: str) -> str:
    return word if re.fullmatch(r"[^\W\d_]+=?", word) else _quoted(word)


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
