"""Closed classes of Turkish (and of English, Russian, Kazakh): question words, time, deixis, negation.

Tables only, folded, a row a language. They hold for every article; whatever depends on one article lives
in its lexicon.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TypeVar

Phrases = tuple[tuple[str, ...], ...]
T = TypeVar("T")


def _phrases(tr: str, en: str = "", ru: str = "", kk: str = "") -> Phrases:
    """Words and phrases of each language, with commas between them."""
    return tuple(tuple(item.split()) for row in (tr, en, ru, kk) if row for item in row.split(","))


def words(tr: str = "", en: str = "", ru: str = "", kk: str = "") -> tuple[str, ...]:
    """Single words or stems of each language."""
    return tuple(f"{tr} {en} {ru} {kk}".split())


def by_word(rows: Mapping[T, str]) -> dict[str, T]:
    """``{what it means: words}`` as ``{word: what it means}``."""
    return {word: meaning for meaning, words in rows.items() for word in words.split()}


ASKS: Mapping[str, Phrases] = {
    "count": _phrases(
        tr=(
            "qansa, sayi, sayisi, sayisini, sayisina, sayilari, sayilarini, sayinin, sayisinin, sayimiz, "
            "sayisidir, sayisiydi, adedi, adedini, miktari, miktarini, tane, kac, kactir, kacti, kacta, kacmis, "
            "kaca, kactan, kacar, kactane, kactur, kacsa, nekadar, rakami ne, kac bin, kac milyon, kac milyar, "
            "kac yuz, kac kisi, kac kere, kac kez, kac defa, kac sefer, kac kac, ne kadar, ne kadarlik, "
            "ne kadardir, ne kadardi, ne kadara, ne miktar, kac tane, kac tanedir, kac adet, ne kadardan, "
            "ne olcude"
        ),
        en="how many, how much, how long, number of",
        ru="сколько, скока, скоко, скольки",
        kk="neshe, nese, қанша, неше, қаншаға, канша, qansha",
    ),
    "part": _phrases(
        tr="kaci, kacinin, kacini, kac tanesi, kac tanesinin, kacta kaci, ne kadari, ne kadarinin, yuzde kaci",
        en="how many of",
        ru="сколько из них",
    ),
    "when": _phrases(
        tr=(
            "nezaman, nezamandan, ne zaman, ne zamandir, ne zamandan, ne zamandi, ne zamanin, ne zamanki, "
            "ne zamana, ne zamanmis, ne vakit, hangi tarih, hangi tarihte, hangi tarihten, hangi tarihli, "
            "hangi tarihe, hangi yil, hangi yilda, hangi yili, hangi yildan, hangi gun, hangi gunde, hangi gune, "
            "hangi ay, hangi ayda, hangi ayin, hangi sene, hangi senede, hangi donem, hangi donemde, kac yilinda, "
            "kac senesinde, kac yilindan, kac yildir, kac yillik, kac senedir, kac yilinin, kactan beri, "
            "kacinci ay, kacinci ayda, kacinci yil, ayin kacinda, ayin kaci, kac yili, hangi mevsim, "
            "hangi mevsimde"
        ),
        en="when, since when, what date, what year, which year, what day, what month, which month",
        ru=(
            "когда, кагда, как давно, в каком году, какого числа, какой год, какая дата, в каком месяце, с какого года"
        ),
        kk="qashan, qasan, қашан, qai kuni, қай жылы, қай күні, қай жылдан, қай айда",
    ),
    "where": _phrases(
        tr=(
            "nerede, nerde, neresi, nereye, nereden, nerden, nereleri, neredeydi, nerdeydi, neresidir, nerelerde, "
            "neresiydi, nereli, nerelere, neresinde, nereyi, nerelerinde, nerededir, neredeymis, nere, nereler, "
            "ne tarafta"
        ),
        en="where",
        ru="где, куда",
        kk="қайда, қайдан, qayda",
    ),
    "who": _phrases(
        tr=(
            "kim, kimi, kimin, kime, kiminle, kimle, kimler, kimdi, kimdir, kimden, kimlerle, kimmis, kimlerin, "
            "kimleri, kimlere, kimlerdi, kimlerdir, kimse, kimde"
        ),
        en="who, whom, whose",
        ru="кто, кого, кем, кому, как зовут",
        kk="кім, кімді, кіммен, кімнің",
    ),
    "why": _phrases(
        tr=(
            "neden, niye, nicin, nedendir, niyeydi, niyedir, nye, ne diye, ne sebeple, ne amacla, ne maksatla, "
            "hangi amacla, hangi sebeple, hangi nedenle, hangi maksatla, ne icin, ne umarak, nedeni ne, sebebi ne, "
            "gerekcesi ne, nedenini, sebebini"
        ),
        en="why, for what purpose, what for",
        ru="почему, зачем, с какой целью",
        kk="неге, nege, не үшін",
    ),
    "how": _phrases(
        tr="nasil, nasildi, nasildir, nasilmis",
        en="how",
        ru="как",
        kk="қалай, қандайша",
    ),
    "which": _phrases(
        tr=(
            "hangi, hangisi, hangileri, hangisidir, hangileridir, hangilerinde, hangisinde, hangisiydi, "
            "hangisine, hangisini, hangisinin, hangilerine, ne gibi, ne tur"
        ),
        en="which",
        ru="какие, какой, каких, какая, какую, каком, каким, какое, какими",
        kk="қай, қандай, қайсы, қайсысы, қандайлар",
    ),
    "what": _phrases(
        tr=(
            "ne, neler, neyi, neyin, nedir, nelerdir, neydi, neymis, neye, nelere, neyle, nesi, neleri, neyine, "
            "nelerle, neyden, nelerin, nelermis, nelerdi, nasil yaziliyor, nasil yazilir, nasil okunur"
        ),
        en="what",
        ru="что, чем, чему, чего",
        kk="не, нені, ненің",
    ),
    "nth": _phrases(
        tr="kacinci, kacincisi, kacincidir, kacinciydi, kacincisiydi, kacincisini",
        ru="который по счету",
    ),
}
"""What a question word asks for: the word → the name of its feature."""

COUNT_NOUNS = words(tr="sayi sayilar adedi miktar", en="number")
"""*sayısı*: asks how many, unless another question word asks something about that number …"""
ABOUT_A_COUNT = frozenset({"why", "when", "how"})
"""… as these do."""

YESNO = frozenset(
    words(
        tr=(
            "mi mu midir mudur miydi muydu miymis muymus misin misiniz musun musunuz miyim muyum miyiz muyuz "
            "midirlar miydiler ma me"
        ),
        ru="ли",
        kk="ма ме ба бе па пе",
    )
)
YESNO_GLUED = ("miydi", "muydu", "midir", "mudur", "miymis", "miyim", "miyiz", "muyuz", "misin", "mi", "mu")
"""The particle written without its space, longest first."""
CONFIRM = _phrases(
    tr=(
        "dogrumu, degilmi, dimi, teyit, deniyor, deniliyor, diyorlar, teyit eder misin, teyit eder misiniz, "
        "dogrular misin, dogrular misiniz, kontrol eder misin, kontrol eder misiniz, duzeltir misin, "
        "duzeltir misiniz, sahi mi, yalan mi, asli var mi, asli astari var mi, gercegi ne, olup olmadigi, olup olmadigini, "
        "olup olmadigina, var mi yok mu, dogru mu okuyorum, dogru mu biliyorum, dogru mu anladim, "
        "dogru mu hatirliyorum, dogru mu duydum, yanlis mi biliyorum, yanlis mi hatirliyorum, dogru mu, "
        "dogru mudur, degil mi, di mi, dogru muymus, gercek mi, diye duydum, diye okudum, diye biliyorum, oyle mi"
    ),
    en="right, did, does, were, are, can, is it true, is that right, is it, are they",
    ru="правда ли, верно ли",
    kk="рас па, рас болса",
)
"""*doğru mu?*: asks to confirm what stands before it."""

ALTERING = frozenset(
    words(
        tr=("once onceki oncesi sonraki son gecen baska diger digeri obur oteki her yarin tekrar yeniden yine gelecek"),
        en="before after previous next last other another every former again future",
    )
)
"""Words that change what is asked although no content names them: they must be licensed, never passed over."""
EXCEEDING = words(
    tr="fazla cok uzun ustun uzerin asti asmis asiyor astig asan asar askin asik gecti gecmis geciyor gecen buldu bulmus buluyor ulast ulasm",
    en="more over above exceed",
    ru="больше более свыше",
    kk="астам көп",
)
"""*fazla, aşmış* after a number: more than it."""
FALLING_SHORT = words(
    tr="az kisa altin bulmad bulmaz bulmuyor asmad asmaz asmiyor gecmed gecmez ulasmad ulasmaz ulasmiyor",
    en="less under below fewer",
    ru="меньше менее",
    kk="аз кем",
)
"""*az, bulmadı* after a number: less than it."""
OR = frozenset(
    words(
        tr="yoksa veya yahut",
        en="or",
        ru="или либо",
        kk="әлде немесе",
    )
)
NEGATION = frozenset(
    words(
        tr="degil degildi degildir degilmis yok yokmus",
        en="not no",
        ru="нет",
        kk="емес жоқ",
    )
)
REVERSE = _phrases(
    tr=(
        "tersi, tersine, tersten, aksi, aksine, tersini, tam tersi, obur yon, diger yon, ters yon, karsi yon, "
        "oteki yon, obur taraf, diger taraf, karsi taraf, ters istikamet, obur yonde, diger yonde, ters yonde"
    ),
    en="reverse, opposite, the other way, vice versa",
    ru="наоборот, обратно, а обратно",
    kk="керісінше",
)
"""*ya tersi?*: the same with agent and target changed."""

SELF = by_word(
    {
        "": "biz bizler we мы біз",
        "gen": "bizim bizimki bizimkiler bizimkilerin our наш наши біздің",
        "abl": "bizden bizlerden buradan burdan",
        "dat": "bize bizlere bura buraya buralara бізге",
        "loc": "bizde bizdeki burada burda burasi buradaki burdaki buralarda",
        "acc": "bizi us нас",
        "ins": "bizimle",
    }
)
"""*biz, buraya*: the asker's own party → its case, empty for the bare word."""
HERE = frozenset({"burada", "burda", "buradaki", "burdaki"})
"""*buradaki*: in the asker's own town, where one was named."""
SELF_NAMED = frozenset({"ben", "biz"})
"""*ben Yeşilli*: before people's name, who the asker is."""
LANDS = ("ulke", "memleket", "yurd", "vatan", "diyar")
"""Stems of *country*; the first person makes it the asker's own (*ülkemiz*)."""
OTHER = by_word(
    {
        "dat": "ora oraya oralara onlara туда",
        "loc": "orada orda orasi oradaki ordaki oralarda onlarda there там онда",
        "abl": "oradan ordan onlardan оттуда",
        "": "onlar they они олар",
        "gen": "onlarin onlarinki their их олардың",
        "acc": "onlari them",
        "ins": "onlarla",
    }
)
"""*onlar, oraya*: the other party → its case, empty for the bare word."""
BOTH = _phrases(
    tr=(
        "karsilikli, aramizda, aramizdaki, birbirine, birbirimize, birbirleriyle, birbirleri, ikisi, ikisinin, "
        "ikisini, ikisinde, ikimiz, ikimizin, ikili, iki ulke, iki devlet, iki taraf, iki halk, iki millet, "
        "iki toplum, iki memleket, her iki, iki kardes, iki lider, iki cumhurbaskani, iki baskan"
    ),
    en="both, mutual, bilateral, two countries, two nations, each other",
    ru="обе, две страны, двух стран, между странами",
    kk="екі ел, екі мемлекет",
)
"""*iki ülke, karşılıklı*: both parties, neither as agent."""
WITH = frozenset(
    words(
        tr="ile ve ila ayrica - – — & +",
        en="and with",
        ru="и с между",
        kk="мен пен бен",
    )
)
"""What joins two parties into a pair."""

MONTHS = by_word(
    {
        1: "ocak january январ қаңтар",
        2: "subat february феврал ақпан",
        3: "mart march март наурыз",
        4: "nisan april апрел сәуір",
        5: "mayis may май мамыр мая",
        6: "haziran june июн маусым",
        7: "temmuz july июл шілде",
        8: "agustos august август тамыз",
        9: "eylul september сентябр қыркүйек",
        10: "ekim october октябр қазан",
        11: "kasim november ноябр қараша",
        12: "aralik december декабр желтоқсан",
    }
)
SEASONS = {"kis": 12, "ilkbahar": 3, "bahar": 3, "yaz": 6, "sonbahar": 9, "guz": 9}
"""Stems of the seasons and the month that each begins with."""
BESIDE = {"onceki": "-1", "evvelki": "-1", "sonraki": "+1", "ertesi": "+1", "previous": "-1", "предыдущем": "-1"}
"""*(bir) önceki yıl*: the year beside the one that was spoken of."""
COMPARED_WITH = ("gore", "kiyasla", "oranla", "nazaran")
YEAR_WORDS = frozenset(
    words(
        tr="yil yili yilda yilin yilki yilindan yilinda sene senesi senede seneki yilinin",
        en="year",
        ru="год году года",
        kk="жыл жылы",
    )
)
LAST = frozenset(
    words(
        tr="gecen gectigimiz evvelki bildir",
        en="last",
        ru="прошл прошлом прошлый",
        kk="өткен былтыр",
    )
)
THIS = frozenset(
    words(
        tr="bu",
        en="this",
        ru="этом этот",
        kk="биыл",
    )
)
NEXT = frozenset(
    words(
        tr="gelecek onumuzdeki seneye ilerideki",
        en="next",
        ru="следующ следующем",
        kk="келесі",
    )
)

UNITS = by_word(
    {
        0: "sifir",
        1: "bir one",
        2: "iki two",
        3: "uc three",
        4: "dort",
        5: "bes five бес",
        6: "alti",
        7: "yedi",
        8: "sekiz",
        9: "dokuz",
        10: "on ten",
        20: "yirmi",
        30: "otuz thirty отыз",
        40: "kirk",
        50: "elli",
        60: "altmis",
        70: "yetmis",
        80: "seksen",
        90: "doksan ninety тоқсан",
    }
)
SCALES = by_word(
    {
        100: "yuz hundred",
        1_000: "bin thousand тысяч мың",
        1_000_000: "milyon million миллион",
        1_000_000_000: "milyar billion миллиард",
        1_000_000_000_000: "trilyon",
    }
)
HALVES = by_word({Decimal("0.5"): "yarim half", Decimal("0.25"): "ceyrek quarter"})
"""*yarım milyon*: before a scale, a part of it."""
AND_HALF = {"bucuk": Decimal("0.5")}
"""*bir buçuk milyon*: between a number and its scale, half of one more."""
ORDINALS = by_word(
    {
        1: "ilk birinci first перв бірінші алғаш",
        2: "ikinci second втор екінші",
        3: "ucuncu third трет үшінші",
        4: "dorduncu",
        5: "besinci fifth пят бесінші",
        6: "altinci sixth",
        7: "yedinci",
        8: "sekizinci",
        9: "dokuzuncu",
        10: "onuncu",
    }
)
SUPERLATIVE = frozenset(
    words(
        tr="en",
        en="most biggest largest best",
        ru="самый самая самое самые самых",
        kk="ең",
    )
)
FOLLOW = frozenset(
    words(
        tr=(
            "peki pekii ya yaa ee e a ama tamam onu onun ona ondan bunu bunun buna bundan bunlar onlar orada onda "
            "o bu da de"
        ),
        en="and what about",
        ru="а",
        kk="ал",
    )
)
"""Words that open or fill a follow-up (*peki*, *ya*, *onu*)."""
FOR = frozenset({"icin", "acisindan"})
"""*Mavililer için*: after a party, who has to do with what the other does."""
PLACE_NOUNS = words(
    tr=(
        "sehir sehr kent ilinde ilinin illerinde illerine ilcesi ekonomi universite okul lise pazar piyasa toprak "
        "sinir otel tesis sahil bolge hastane havaliman"
    ),
    en="cities city towns university universities economy market soil",
    ru="город университет экономик рынок",
    kk="қала экономика",
)
"""Nouns of place and institution: what people's name stands before them is where, not who."""
GOVERNMENT = words(
    tr="yonetim hukumet iktidar",
    en="government administration",
    ru="правительств власт",
    kk="үкімет",
)
