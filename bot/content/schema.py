"""What the content files hold, as tables: the loader's checks and the editors' JSON Schema come from here."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any

SLUG = "[a-z][a-z0-9_]{0,47}"
DAY = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
MONTH = r"\d{4}-(0[1-9]|1[0-2])"


class Shape(StrEnum):
    """The form that a field's value has."""

    TEXT = "text"
    SLUG = "slug"
    SLUGS = "slugs"
    DATE = "date"
    HASH = "hash"
    FILE = "file"
    FLAG = "flag"
    ROLE = "role"
    TEXTS = "texts"
    LINES = "lines"
    WORDS = "words"
    NOTES = "notes"
    SLOTS = "slots"
    WORD_LISTS = "word_lists"
    ROWS = "rows"
    NAMED = "named"
    GROUPS = "groups"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its shape, what it is for (shown to editors), and the table of its rows, if it has any."""

    shape: Shape
    about: str
    required: bool = False
    of: Table | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """The fields that a mapping may have; nothing else may stand in it."""

    about: str
    fields: Mapping[str, Field]


# ── facts/ ──────────────────────────────────────────────────────────────────────────────────────

ARTICLE = Table(
    "Tek kaynak: haberin künyesi.",
    {
        "title": Field(Shape.TEXT, "Haberin başlığı.", required=True),
        "date": Field(
            Shape.DATE, "Haberin tarihi (2018-03-14 gibi). “Geçen yıl” gibi sözler buna göre okunur.", required=True
        ),
        "file": Field(Shape.FILE, "Haberin metni: facts/ klasöründeki dosyanın adı.", required=True),
        "subject": Field(Shape.TEXT, "Haberin konusu; botun kendini anlatırken kullandığı söz.", required=True),
        "sha256": Field(Shape.HASH, "Metin dosyasının SHA-256 özeti; metin değişirse yükleme durur.", required=True),
    },
)

FACT = Table(
    "Haberin bir bilgisi.",
    {
        "id": Field(Shape.SLUG, "Bilginin kimliği: küçük harf, rakam ve “_”.", required=True),
        "statement": Field(Shape.TEXT, "Kullanıcının göreceği tümce.", required=True),
        "quote": Field(Shape.TEXTS, "Haberden harfi harfine alıntı; birden çoksa liste.", required=True),
        "keys": Field(
            Shape.SLOTS, "Bilginin geçerli olduğu koşullar; soru başka bir koşul söylerse yanıt bu değildir."
        ),
        "says": Field(Shape.SLOTS, "Bilginin söylediği değerler; soru başka bir değer varsayarsa düzeltilir."),
        "derived": Field(Shape.NOTES, "Tümcede olup alıntıda geçmeyen her parça ve nereden çıkarıldığı."),
        "as_of": Field(Shape.TEXT, "Bilginin ait olduğu zaman; kullanıcıya gösterilir."),
        "valid_until": Field(Shape.DATE, "Bu günden sonra yanıt “güncel olmayabilir” der."),
    },
)

FACTS = Table("Haberin bilgileri.", {"facts": Field(Shape.ROWS, "Bilgiler.", required=True, of=FACT)})

# ── intents/ ────────────────────────────────────────────────────────────────────────────────────

_ID = Field(Shape.SLUG, "Kimlik: küçük harf, rakam ve “_”.", required=True)
_UTTERANCES = Field(Shape.LINES, "Soru örnekleri: “|” işaretinden sonra her satırda bir soru.", required=True)

INTENT = Table(
    "Haberin yanıtladığı bir konu.",
    {
        "id": _ID,
        "title": Field(Shape.TEXT, "Konunun düğmelerde ve konu listesinde görünen adı.", required=True),
        "facts": Field(Shape.SLUGS, "Yanıt olabilecek bilgilerin kimlikleri.", required=True),
        "bare": Field(Shape.ROLE, "Eksiz geçen ülke adının işlevi (“… vizesi”: target)."),
        "owner": Field(Shape.ROLE, "“-in” ekiyle geçen ülke adının işlevi (“…’nın bağımsızlığını tanımak”: target)."),
        "recipient": Field(Shape.ROLE, "“-e” ekiyle geçen halkın işlevi (“…lara yatırım”: target)."),
        "object": Field(Shape.ROLE, "Belirtme durumundaki tarafın işlevi (“…'ı temsil eden”: agent)."),
        "needs": Field(Shape.SLUGS, "Sorunun en az birini söylemesi gereken kavramlar ya da soru sözcükleri (when …)."),
        "utterances": _UTTERANCES,
    },
)

GAP = Table(
    "Sorulan, ama haberin söylemediği bir konu.",
    {
        "id": _ID,
        "near": Field(Shape.SLUGS, "En yakın bilgilerin kimlikleri; yoksa []."),
        "missing": Field(Shape.TEXT, "Haberde olmayan şey: “Haberde … yer almıyor.” tümcesine girer.", required=True),
        "utterances": _UTTERANCES,
    },
)

OUT_OF_SCOPE = Table("Bambaşka bir konu.", {"id": _ID, "utterances": _UTTERANCES})

SMALLTALK = Table(
    "Selam, teşekkür, bot hakkında sorular.",
    {
        "id": _ID,
        "reply": Field(
            Shape.TEXT, "Yanıt; {subject}, {title}, {date} ve {topics} yer tutucuları kullanılabilir.", required=True
        ),
        "utterances": _UTTERANCES,
    },
)

INTENTS = Table(
    "Soru örnekleri.",
    {
        "intents": Field(Shape.ROWS, "Haberin yanıtladığı konular.", of=INTENT),
        "gaps": Field(Shape.ROWS, "Haberin söylemedikleri.", of=GAP),
        "out_of_scope": Field(Shape.ROWS, "Başka konular.", of=OUT_OF_SCOPE),
        "smalltalk": Field(Shape.ROWS, "Sohbet.", of=SMALLTALK),
    },
)

PARTY = Table(
    "Haberin taraflarından biri.",
    {
        "name": Field(Shape.TEXT, "Gösterilen ad.", required=True),
        "land": Field(Shape.WORDS, "Ülkeyi ya da kurumu anlatan sözcükler.", required=True),
        "people": Field(Shape.WORDS, "İnsanlarını anlatan sözcükler."),
        "seat": Field(Shape.SLUG, "Yönetimin adıyla anıldığı kent (“…'nın kararı”)."),
    },
)

ENTITY = Table(
    "Bir ad: kent, kişi, kurum …",
    {
        "name": Field(Shape.TEXT, "Gösterilen ad."),
        "in": Field(Shape.SLUG, "Kentin bulunduğu taraf."),
        "of": Field(Shape.SLUG, "Kişinin bağlı olduğu taraf."),
        "is": Field(Shape.SLUGS, "Genel bir adsa: hangi adların yerine geçtiği."),
        "words": Field(Shape.WORDS, "Adı anlatan sözcükler.", required=True),
    },
)

LEXICON = Table(
    "Haberin kendi sözcükleri.",
    {
        "home": Field(Shape.SLUG, "“Biz” diyenin tarafı.", required=True),
        "parties": Field(Shape.NAMED, "Taraflar.", required=True, of=PARTY),
        "entities": Field(Shape.GROUPS, "Adlar, türlerine göre (city, person …).", of=ENTITY),
        "concepts": Field(Shape.WORD_LISTS, "Birbirinin yerine geçen sözcükler."),
    },
)

# ── the language pack ───────────────────────────────────────────────────────────────────────────

_PLACE = Table(
    "Bir yer ya da kişi.",
    {
        "name": Field(Shape.TEXT, "Gösterilen ad.", required=True),
        "words": Field(Shape.WORDS, "Adı anlatan sözcükler.", required=True),
        "country": Field(Shape.TEXT, "Kentin ülkesi."),
        "ambiguous": Field(Shape.FLAG, "Günlük bir sözcükle karışır."),
    },
)
GAZETTEER = Table(
    "Coğrafya ve tanınmış adlar.",
    {n: Field(Shape.ROWS, n, required=True, of=_PLACE) for n in ("countries", "regions", "cities", "persons")},
)
NEUTRAL = Table("Konudan bağımsız sözcükler.", {"words": Field(Shape.WORDS, "Sözcükler.", required=True)})
BACKGROUND = Table("Arka plan sözcükleri.", {"first_person": Field(Shape.WORDS, "Sözcükler.", required=True)})

TABLES: tuple[tuple[str, str, Table], ...] = (
    # the first pattern that fits a path decides, so single files stand before their folder
    ("facts/article.yaml", "article", ARTICLE),
    ("facts/*.yaml", "facts", FACTS),
    ("intents/lexicon.yaml", "lexicon", LEXICON),
    ("intents/*.yaml", "intents", INTENTS),
)


def table_of(file: str) -> Table | None:
    """The table that describes a content file; ``None`` for a file that is no YAML of ours."""
    return next((table for pattern, _, table in TABLES if fnmatchcase(file, pattern)), None)


# ── JSON Schema ─────────────────────────────────────────────────────────────────────────────────

Json = dict[str, Any]
_NONEMPTY: Json = {"type": ["string", "number", "boolean"], "pattern": r"\S"}
_SLUG: Json = {"type": "string", "pattern": f"^{SLUG}$"}


def _one_or_more(item: Json) -> Json:
    return {"anyOf": [item, {"type": "array", "items": item}]}


def _mapped(item: Json) -> Json:
    return {"type": "object", "propertyNames": {"pattern": f"^{SLUG}$"}, "additionalProperties": item}


_SHAPES: Mapping[Shape, Json] = {
    Shape.TEXT: _NONEMPTY,
    Shape.SLUG: _SLUG,
    Shape.SLUGS: _one_or_more(_SLUG),
    Shape.DATE: {"type": "string", "pattern": f"^{DAY}$"},
    Shape.HASH: {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    Shape.FILE: {"type": "string", "pattern": r"^[\w-]+\.txt$"},
    Shape.FLAG: {"type": ["boolean", "string"], "enum": [True, False, "true", "false"]},
    Shape.ROLE: {"enum": ["agent", "target"]},
    Shape.TEXTS: _one_or_more(_NONEMPTY),
    Shape.LINES: {"type": "string", "pattern": r"\S"},
    Shape.WORDS: _one_or_more(_NONEMPTY),
    Shape.NOTES: {"type": "object", "additionalProperties": _NONEMPTY},
    Shape.SLOTS: _mapped(_one_or_more(_NONEMPTY)),
    Shape.WORD_LISTS: _mapped(_one_or_more(_NONEMPTY)),
}


def _table_schema(table: Table) -> Json:
    return {
        "type": "object",
        "description": table.about,
        "additionalProperties": False,
        "required": [name for name, field in table.fields.items() if field.required],
        "properties": {name: _field_schema(field) for name, field in table.fields.items()},
    }


def _field_schema(field: Field) -> Json:
    if field.of is None:
        return {"description": field.about, **_SHAPES[field.shape]}
    inner = _table_schema(field.of)
    nested = {
        Shape.ROWS: {"type": "array", "items": inner},
        Shape.NAMED: _mapped(inner),
        Shape.GROUPS: _mapped(_mapped(inner)),
    }
    return {"description": field.about, **nested[field.shape]}


def json_schema() -> str:
    """The JSON Schema of all content files as text, for editors (``docs/content.schema.json``)."""
    schema: Json = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Köprü içerik dosyaları",
        "description": "facts/ ve intents/ klasörlerindeki YAML dosyaları. bot.content.schema üretir; elle değiştirmeyin.",
        "anyOf": [{"$ref": f"#/$defs/{name}"} for _, name, _ in TABLES],
        "$defs": {name: _table_schema(table) for _, name, table in TABLES},
    }
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":  # python -m bot.content.schema > docs/content.schema.json
    sys.stdout.buffer.write(json_schema().encode())
