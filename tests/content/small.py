"""A small content of another article, for tests: a library has opened. Nothing of it is known to any code."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

TEXT = """\
İzmir'de Çınar Kütüphanesi 14 Mart 2025'te açıldı. Açılış töreninde Belediye Başkanı Deniz Aksoy konuştu.

Kütüphanede 3 bin 250 kitap bulunuyor. Yapımına geçen yıl başlanan bina 1,5 milyon liraya mal oldu.

Kütüphane, Bornova’daki “Okuma Evi” ile
birlikte çalışıyor.
"""

ARTICLE = f"""\
title: Çınar Kütüphanesi açıldı
date: 2025-03-15
file: article.txt
subject: Çınar Kütüphanesi
sha256: {sha256(TEXT.encode()).hexdigest()}
"""

FACTS = """\
# Açılış ve bina.
facts:
  - id: opened
    statement: Çınar Kütüphanesi 14 Mart 2025'te İzmir'de açıldı.
    quote: İzmir'de Çınar Kütüphanesi 14 Mart 2025'te açıldı.
    keys: {agent: cinar, city: izmir}
    says: {date: 2025-03-14}
    as_of: 14 Mart 2025

  - id: books
    statement: Kütüphanede 3.250 kitap var.
    quote: Kütüphanede 3 bin 250 kitap bulunuyor.
    says: {number: "3250 kitap"}

  - id: cost
    statement: Yapımına 2024'te başlanan bina 1,5 milyon liraya mal oldu.
    quote:
      - Yapımına geçen yıl başlanan bina 1,5 milyon liraya mal oldu.
    derived: {"2024": "“geçen yıl”; haberin tarihi 15 Mart 2025"}
    says: {number: "1500000 lira"}
    valid_until: 2030-01-01

  - id: partner
    statement: Kütüphane, Bornova'daki “Okuma Evi” ile çalışıyor.
    quote: Kütüphane, Bornova’daki “Okuma Evi” ile birlikte çalışıyor.
"""

INTENTS = """\
intents:
  - id: opening
    title: Açılış
    facts: [opened]
    utterances: |
      Kütüphane ne zaman açıldı?
      Açılış hangi tarihte oldu?
      Çınar Kütüphanesi hangi gün açıldı?

  - id: book_count
    title: Kitap sayısı
    facts: [books]
    utterances: |
      Kütüphanede kaç kitap var?
      Kitap sayısı nedir?
      Raflarda kaç kitap bulunuyor?

  - id: building_cost
    title: Maliyet
    facts: [cost]
    utterances: |
      Bina kaç liraya mal oldu?
      Maliyeti ne kadar?
      Binanın maliyeti kaç lira?

  - id: partners
    title: İş birliği
    facts: [partner]
    utterances: |
      Kütüphane kiminle birlikte çalışıyor?
      Okuma Evi ile çalışıyor mu?
      Hangi kurumla birlikte çalışıyor?

gaps:
  - id: gap_hours
    near: [opened]
    missing: çalışma saatleri
    utterances: |
      Saat kaçta kapanıyor?
      Hafta sonu açık mı?
      Kapanış saati kaç?

out_of_scope:
  - id: oos_weather
    utterances: |
      Bugün yağmur yağacak mı?
      Hava kaç derece?

smalltalk:
  - id: greeting
    reply: "Merhaba! {subject} hakkında sorabilirsiniz."
    utterances: |
      merhaba
      selam
"""

LEXICON = """\
home: cinar
parties:
  cinar:
    name: Çınar Kütüphanesi
    land: [kütüphane, "çınar kütüphane"]
entities:
  city:
    izmir: {name: İzmir, in: cinar, words: [izmir]}
    bornova: {name: Bornova, in: cinar, words: [bornova]}
  person:
    aksoy: {name: Deniz Aksoy, of: cinar, words: [aksoy, "deniz aksoy"]}
concepts:
  book: [kitap, eser]
  open: [açıl, açılış]
  cost: [maliyet, "mal ol"]
  lira: [lira, tl=]
"""

FILES: Mapping[str, bytes] = {
    "facts/article.txt": TEXT.encode(),
    "facts/article.yaml": ARTICLE.encode(),
    "facts/library.yaml": FACTS.encode(),
    "intents/lexicon.yaml": LEXICON.encode(),
    "intents/library.yaml": INTENTS.encode(),
}


def edited(file: str, old: str, new: str) -> dict[str, bytes]:
    """The small content with one passage of one file replaced; the passage must be there."""
    body = FILES[file].decode()
    assert old in body, old
    return {**FILES, file: body.replace(old, new, 1).encode()}


def line_of(files: Mapping[str, bytes], file: str, marker: str) -> int:
    """The line of ``file`` that holds ``marker``."""
    return next(at for at, line in enumerate(files[file].decode().split("\n"), start=1) if marker in line)


def lay_out(folder: Path, files: Mapping[str, bytes] = FILES) -> Path:
    """Write ``files`` below ``folder`` and return it."""
    for name, body in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(body)
    return folder
