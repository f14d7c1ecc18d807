"""A tiny catalog of a made-up article for the engine's tests: two islands, their ferry, their bridge and consulates."""

from __future__ import annotations

from types import MappingProxyType

from bot.engine.model import Article, Catalog, Entry, Fact, Intent, Kind, Language, Lexicon, Slots

TEXT = """\
Mavi Ada'dan Yeşil Ada'ya 2024'te 120 bin yolcu gitti. Yeşil Ada'dan Mavi Ada'ya ise 45 bin yolcu geldi.

Köprü 3 Mayıs 2019'da Burun'da açıldı. Açılışı Yeşil Ada Başkanı Ali Kaya yaptı.

Koy'da konsolosluk, Burun'da fahri konsolosluk bulunuyor. 2005-2024 arasında 2,5 milyar lira yatırım yapıldı.
"""


def slots(**rows: str) -> Slots:
    """``slots(year="2024")``: one value a slot; several are separated by commas."""
    return MappingProxyType({slot: frozenset(values.split(",")) for slot, values in rows.items()})


FACTS = (
    Fact(
        "ferry_out",
        "2024'te Mavi Ada'dan Yeşil Ada'ya 120 bin yolcu gitti.",
        ("Mavi Ada'dan Yeşil Ada'ya 2024'te 120 bin yolcu gitti.",),
        keys=slots(agent="mavi", target="yesil", year="2024"),
        says=slots(number="120000 yolcu"),
        as_of="2024",
    ),
    Fact(
        "ferry_back",
        "2024'te Yeşil Ada'dan Mavi Ada'ya 45 bin yolcu geldi.",
        ("Yeşil Ada'dan Mavi Ada'ya ise 45 bin yolcu geldi.",),
        keys=slots(agent="yesil", target="mavi", year="2024"),
        says=slots(number="45000 yolcu"),
        as_of="2024",
    ),
    Fact(
        "bridge_date",
        "Köprü 3 Mayıs 2019'da açıldı.",
        ("Köprü 3 Mayıs 2019'da Burun'da açıldı.",),
        keys=slots(event="opening"),
        says=slots(date="2019-05-03"),
    ),
    Fact(
        "bridge_place",
        "Köprü Burun'da açıldı.",
        ("Köprü 3 Mayıs 2019'da Burun'da açıldı.",),
        keys=slots(event="opening"),
        says=slots(city="burun"),
    ),
    Fact(
        "bridge_opener",
        "Köprüyü Ali Kaya açtı.",
        ("Açılışı Yeşil Ada Başkanı Ali Kaya yaptı.",),
        keys=slots(event="opening"),
        says=slots(person="kaya", agent="yesil"),
    ),
    Fact(
        "consulate",
        "Koy'da konsolosluk vardır.",
        ("Koy'da konsolosluk, Burun'da fahri konsolosluk bulunuyor.",),
        keys=slots(mission="consulate"),
        says=slots(city="koy"),
        valid_until="2026-01-01",
    ),
    Fact(
        "honorary",
        "Burun'da fahri konsolosluk vardır.",
        ("Koy'da konsolosluk, Burun'da fahri konsolosluk bulunuyor.",),
        keys=slots(mission="honorary"),
        says=slots(city="burun"),
    ),
    Fact(
        "investment",
        "2005-2024 arasında 2,5 milyar lira yatırım yapıldı.",
        ("2005-2024 arasında 2,5 milyar lira yatırım yapıldı.",),
        keys=slots(years="2005/2024"),
        says=slots(number="2500000000 lira"),
    ),
)


def asked(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.strip().splitlines())


INTENTS = (
    Intent(
        "passengers",
        Kind.FACT,
        asked("""
            kaç yolcu gitti
            Mavi Ada'dan Yeşil Ada'ya kaç yolcu gitti
            Yeşil Ada'dan Mavi Ada'ya kaç yolcu geldi
            yolcu sayısı nedir
            120 bin yolcu mu gitti
            2024'te yolcu sayısı ne kadardı
            feribotla kaç kişi geçti
            adalar arasında kaç yolcu taşındı
            """),
        ("ferry_out", "ferry_back"),
        title="Feribot yolcuları",
        recipient="target",
    ),
    Intent(
        "bridge_when",
        Kind.FACT,
        asked("""
            köprü ne zaman açıldı
            köprünün açılışı hangi gün oldu
            köprü hangi yıl açıldı
            köprü 2019'da mı açıldı
            açılış hangi tarihte yapıldı
            """),
        ("bridge_date",),
        title="Köprünün açılışı",
    ),
    Intent(
        "bridge_where",
        Kind.FACT,
        asked("""
            köprü nerede açıldı
            köprü hangi kentte
            açılış nerede yapıldı
            köprü Burun'da mı
            """),
        ("bridge_place",),
        title="Köprünün yeri",
    ),
    Intent(
        "bridge_who",
        Kind.FACT,
        asked("""
            köprüyü kim açtı
            açılışı kim yaptı
            köprüyü açan kimdi
            köprüyü Ali Kaya mı açtı
            """),
        ("bridge_opener",),
        title="Köprüyü açan",
    ),
    Intent(
        "missions",
        Kind.FACT,
        asked("""
            konsolosluk nerede
            fahri konsolosluk nerede
            konsolosluk hangi kentte bulunuyor
            Koy'da konsolosluk var mı
            Burun'da fahri konsolosluk var mı
            Yeşil Ada konsolosluğu nerede
            """),
        ("consulate", "honorary"),
        title="Konsolosluklar",
        bare="agent",
    ),
    Intent(
        "invested",
        Kind.FACT,
        asked("""
            ne kadar yatırım yapıldı
            yatırım kaç lira
            2005-2024 arasında kaç lira yatırım yapıldı
            yatırımların tutarı nedir
            """),
        ("investment",),
        title="Yatırım",
    ),
    Intent(
        "gap_fare",
        Kind.GAP,
        asked("""
            bilet kaç lira
            feribot bileti ne kadar
            bilet fiyatı nedir
            bilet ücreti kaç para
            """),
        ("ferry_out",),
        missing="bilet fiyatları",
    ),
    Intent(
        "oos_weather", Kind.OUT_OF_SCOPE, asked("yağmur yağacak mı\nhava kaç derece\nyarın hava nasıl\nkar yağar mı")
    ),
    Intent("hello", Kind.SMALLTALK, asked("merhaba\nselam\niyi günler\nselamlar"), reply="Merhaba! Konu: {subject}."),
    Intent("thanks", Kind.SMALLTALK, asked("teşekkürler\nsağ ol\nteşekkür ederim"), reply="Rica ederim."),
)


def entry(words: str, slot: str, value: str, role: str = "", *, exact: bool = False) -> Entry:
    return Entry(tuple(words.split(",")), slot, frozenset(value.split(",")), role, exact)


LEXICON = Lexicon(
    home="mavi",
    entries=(
        entry("mavi ada", "party", "mavi", "land"),
        entry("yeşil ada", "party", "yesil", "land"),
        entry("mavili", "party", "mavi", "people"),
        entry("yeşilli", "party", "yesil", "people"),
        entry("koy", "city", "koy"),
        entry("burun", "city", "burun"),
        entry("kaya,ali kaya", "person", "kaya"),
        entry("konsolosluk", "mission", "consulate,honorary"),
        entry("fahri konsolosluk", "mission", "honorary"),
        entry("yolcu", "", "passenger"),
        entry("feribot", "", "ferry"),
        entry("git,gel,geç,taşın", "", "travel"),
        entry("köprü", "", "bridge"),
        entry("aç,açıl,açılış", "", "open"),
        entry("yatırım", "", "invest"),
        entry("bilet", "", "ticket"),
        entry("fiyat,ücret", "", "fare"),
        entry("lira", "", "lira"),
        entry("hava,yağmur,kar yağ,yağ", "", "weather"),
    ),
    names=MappingProxyType(
        {
            "party": MappingProxyType({"mavi": "Mavi Ada", "yesil": "Yeşil Ada"}),
            "city": MappingProxyType({"koy": "Koy", "burun": "Burun"}),
            "person": MappingProxyType({"kaya": "Ali Kaya"}),
        }
    ),
    inside=MappingProxyType({"koy": "mavi", "burun": "yesil", "kaya": "yesil"}),
    seats=MappingProxyType({"koy": "mavi", "burun": "yesil"}),
)
LANGUAGE = Language(
    neutral=("var=", "peki=", "yap", "ol", "bulun", "lütfen", "söyle", "acaba", "bir=", "toplam", "arasında="),
    background=("firma", "şirket", "öğretmen"),
    places=(entry("japon,japonya", "country", "japonya", "land"), entry("trabzon", "city", "trabzon")),
    persons=(entry("nuri", "person", "nuri", exact=True),),
    words=frozenset({"güzel", "çevre", "sabah"}),
)
CATALOG = Catalog(
    version="1",
    article=Article("Köprü ve feribot", "2025-06-10", "iki ada", TEXT, "0" * 64),
    facts=MappingProxyType({fact.id: fact for fact in FACTS}),
    intents=INTENTS,
    lexicon=LEXICON,
    language=LANGUAGE,
)
