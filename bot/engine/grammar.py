"""Closed classes of Turkish (and of English, Russian, Kazakh): question words, time, deixis, negation.

Tables only, folded; an item with a space is a phrase. They hold for every article; whatever depends on
one article lives in its lexicon.
"""

from __future__ import annotations


def _table(**rows: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    return {name: tuple(tuple(item.split()) for item in row.split(",")) for name, row in rows.items()}


ASKS = _table(
    count="neshe, nese, qansa, sayi, sayisi, sayisini, sayisina, sayilari, sayilarini, sayinin, sayisinin, sayimiz, sayisidir, sayisiydi, adedi, adedini, miktari, miktarini, rakami ne, tane, kac bin, kac milyon, kac milyar, kac yuz, kac kisi, kac kere, kac kez, kac defa, kac sefer, kac kac, kac, kactir, kacti, kacta, kacmis, kaca, kactan, kacar, kactane, kactur, kacsa, nekadar,"
    "ne kadar, ne kadarlik, ne kadardir, ne kadardi, ne kadara, ne miktar, kac tane, kac tanedir, kac adet,"
    "how many, how much, how long, number of, сколько, скока, скоко, скольки, қанша, неше, қаншаға, канша,"
    "ne kadardan, ne olcude, qansha",
    part="kaci, kacinin, kacini, kac tanesi, kac tanesinin, kacta kaci, ne kadari, ne kadarinin, yuzde kaci, how many of, сколько из них",
    when="qai kuni, qashan, qasan, nezaman, nezamandan, ne zaman, ne zamandir, ne zamandan, ne zamandi, ne zamanin, ne zamanki, ne zamana, ne zamanmis, ne vakit, hangi tarih,"
    "hangi tarihte, hangi tarihten, hangi tarihli, hangi tarihe, hangi yil, hangi yilda, hangi yili, hangi yildan, hangi gun, hangi gunde, hangi gune, hangi ay, hangi ayda,"
    "hangi ayin, hangi sene, hangi senede, hangi donem, hangi donemde, kac yilinda, kac senesinde, kac yilindan, kac yildir, kac yillik, kac senedir, kac yilinin,"
    "kactan beri, kacinci ay, kacinci ayda, kacinci yil, ayin kacinda, ayin kaci, kac yili, hangi mevsim, hangi mevsimde, when, since when,"
    "what date, what year, which year, what day, what month, which month, когда, кагда, как давно, в каком году, какого числа, какой год,"
    "какая дата, в каком месяце, с какого года, қашан, қай жылы, қай күні, қай жылдан, қай айда, qashan",
    where="nerede, nerde, neresi, nereye, nereden, nerden, nereleri, neredeydi, nerdeydi, neresidir, nerelerde, neresiydi, nereli,"
    "nerelere, neresinde, nereyi, nerelerinde, nerededir, neredeymis, nere, nereler, where, где, куда, қайда, қайдан, ne tarafta, qayda",
    who="как зовут, kim, kimi, kimin, kime, kiminle, kimle, kimler, kimdi, kimdir, kimden, kimlerle, kimmis, kimlerin, kimleri, kimlere, kimlerdi, kimlerdir, kimse,"
    "who, whom, whose, кто, кого, кем, кому, кім, кімді, кіммен, кімнің, kimde",
    why="neden, niye, nicin, nedendir, niyeydi, niyedir, nye, ne diye, ne sebeple, ne amacla, ne maksatla, hangi amacla, hangi sebeple,"
    "hangi nedenle, hangi maksatla, why, почему, зачем, неге, не үшін, ne icin, for what purpose, с какой целью, what for, ne umarak, nege",
    how="nasil, nasildi, nasildir, nasilmis, how, как, қалай, қандайша",
    which="hangi, hangisi, hangileri, hangisidir, hangileridir, hangilerinde, hangisinde, hangisiydi, hangisine, hangisini, hangisinin, hangilerine,"
    "which, какие, какой, каких, какая, какую, каком, каким, какое, какими, қай, қандай, қайсы, қайсысы, қандайлар, ne gibi, ne tur",
    what="nasil yaziliyor, nasil yazilir, nasil okunur, ne, neler, neyi, neyin, nedir, nelerdir, neydi, neymis, neye, nelere, neyle, nesi, neleri, neyine, nelerle, neyden, nelerin, nelermis, nelerdi,"
    "what, что, чем, чему, чего, не, нені, ненің",
    nth="kacinci, kacincisi, kacincidir, kacinciydi, kacincisiydi, kacincisini, который по счету",
)

YESNO = frozenset(
    "mi mu midir mudur miydi muydu miymis muymus misin misiniz musun musunuz miyim muyum miyiz muyuz midirlar miydiler ma me "
    "ма ме ба бе па пе ли".split()
)
YESNO_GLUED = ("miydi", "muydu", "midir", "mudur", "miymis", "miyim", "miyiz", "muyuz", "misin", "mi", "mu")
CONFIRM = _table(
    confirm="teyit eder misin, teyit eder misiniz, dogrular misin, dogrular misiniz, kontrol eder misin, kontrol eder misiniz, duzeltir misin, duzeltir misiniz, sahi mi, yalan mi, asli var mi, gercegi ne, olup olmadigi, olup olmadigini, olup olmadigina, var mi yok mu, dogru mu okuyorum, dogru mu biliyorum, dogru mu anladim, dogru mu hatirliyorum, dogru mu duydum, yanlis mi biliyorum, yanlis mi hatirliyorum, dogru mu, dogrumu, dogru mudur, degil mi, degilmi, di mi, dimi, dogru muymus, gercek mi, teyit, right, is it true, is that right, правда ли, верно ли,"
    "рас па, рас болса, deniyor, deniliyor, diyorlar, diye duydum, diye okudum, diye biliyorum, oyle mi, yalan mi, is it, are they, did, does, were, are, can"
)["confirm"]

ALTERING = frozenset(
    "once onceki oncesi sonraki son gecen baska diger digeri obur oteki her yarin tekrar yeniden yine gelecek "
    "before after previous next last other another every former again future".split()
)
"""Words that change what is asked although no content names them: they must be licensed, never passed over."""
EXCEEDING = ("fazla", "cok", "ustun", "uzerin", "asti", "asmis", "asiyor", "astig", "asan", "asar", "gecti", "gecmis", "geciyor", "gecen", "asik", "more", "over", "above", "exceed", "больше", "более", "свыше", "астам", "көп")
FALLING_SHORT = ("az", "altin", "bulmad", "bulmaz", "bulmuyor", "asmad", "asmaz", "asmiyor", "gecmed", "gecmez", "ulasmad", "ulasmaz", "ulasmiyor", "less", "under", "below", "fewer", "меньше", "менее", "аз", "кем")
OR = frozenset("or yoksa veya yahut или либо әлде немесе".split())
NEGATION = frozenset("degil degildi degildir degilmis yok yokmus not no нет емес жоқ".split())
EXCEPT = frozenset("haric disinda disindaki olmayan olmayanlar except besides without без кроме басқа".split())
REVERSE = _table(reverse="tersi, tersine, tersten, aksi, aksine, tam tersi, obur yon, diger yon, ters yon, karsi yon, oteki yon, obur taraf, diger taraf,"
    "karsi taraf, reverse, opposite, the other way, vice versa, наоборот, обратно, а обратно, керісінше, ters istikamet, obur yonde, diger yonde, ters yonde, tersini")["reverse"]

SELF = {"biz": "", "bizler": "", "bizim": "gen", "bizimki": "gen", "bizimkiler": "gen", "bizimkilerin": "gen", "bizden": "abl", "bize": "dat", "bizlere": "dat",
        "bizde": "loc", "bizdeki": "loc", "bizi": "acc", "bizimle": "ins", "bizlerden": "abl", "bizler icin": "dat",
        "bura": "dat", "buraya": "dat", "burada": "loc", "burda": "loc", "burasi": "loc", "buradan": "abl", "burdan": "abl", "buradaki": "loc", "burdaki": "loc",
        "buralara": "dat", "buralarda": "loc", "our": "gen", "we": "", "us": "acc", "наш": "gen", "наши": "gen", "нас": "acc", "мы": "", "біз": "", "біздің": "gen", "бізге": "dat"}
LANDS = ("ulke", "memleket", "yurd", "vatan", "diyar")
OTHER = {"ora": "dat", "oraya": "dat", "orada": "loc", "orda": "loc", "orasi": "loc", "oradan": "abl", "ordan": "abl", "oradaki": "loc", "ordaki": "loc",
         "oralara": "dat", "oralarda": "loc", "onlar": "", "onlarin": "gen", "onlara": "dat", "onlardan": "abl", "onlari": "acc", "onlarda": "loc", "onlarla": "ins", "onlarinki": "gen",
         "they": "", "them": "acc", "their": "gen", "there": "loc", "туда": "dat", "там": "loc", "оттуда": "abl", "они": "", "их": "gen", "онда": "loc", "олар": "", "олардың": "gen"}
BOTH = _table(both="iki ulke, iki devlet, iki taraf, iki halk, iki millet, iki toplum, iki memleket, her iki, iki kardes, iki lider, iki cumhurbaskani, iki baskan, karsilikli, aramizda,"
    "aramizdaki, birbirine, birbirimize, birbirleriyle, birbirleri, ikisi, ikisinin, ikisini, ikisinde, ikimiz, ikimizin, both, two countries, two nations, each other, обе, две страны, двух стран,"
    "между странами, екі ел, екі мемлекет, ikili, mutual, bilateral")["both"]
WITH = frozenset("ile ve mi ila ayrica and with и с между мен пен бен - – — & +".split())

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "ocak january январ қаңтар", "subat february феврал ақпан", "mart march март наурыз", "nisan april апрел сәуір", "mayis may май мамыр мая",
            "haziran june июн маусым", "temmuz july июл шілде", "agustos august август тамыз", "eylul september сентябр қыркүйек",
            "ekim october октябр қазан", "kasim november ноябр қараша", "aralik december декабр желтоқсан",
        ),
        start=1,
    )
    for name in names.split()
}
SEASONS = {"kis": (12, 1, 2), "kisin": (12, 1, 2), "ilkbahar": (3, 4, 5), "bahar": (3, 4, 5), "yaz": (6, 7, 8), "yazin": (6, 7, 8), "sonbahar": (9, 10, 11), "guz": (9, 10, 11)}
YEAR_WORDS = frozenset("yil yili yilda yilin yilki yilindan yilinda sene senesi senede seneki yilinin year год году года жыл жылы".split())
LAST = frozenset("gecen gectigimiz evvelki bildir last прошл прошлом прошлый өткен былтыр".split())
THIS = frozenset("bu this этом этот биыл".split())
NEXT = frozenset("gelecek onumuzdeki seneye next следующ следующем келесі ilerideki".split())
PREVIOUS = frozenset("onceki previous предыдущ алдыңғы".split())

UNITS = {"sifir": 0, "bir": 1, "iki": 2, "uc": 3, "dort": 4, "bes": 5, "alti": 6, "yedi": 7, "sekiz": 8, "dokuz": 9, "on": 10, "yirmi": 20, "otuz": 30, "kirk": 40,
         "elli": 50, "altmis": 60, "yetmis": 70, "seksen": 80, "doksan": 90,
         "one": 1, "two": 2, "three": 3, "five": 5, "ten": 10, "thirty": 30, "ninety": 90, "бес": 5, "отыз": 30, "тоқсан": 90}
SCALES = {"yuz": 100, "bin": 1_000, "milyon": 1_000_000, "milyar": 1_000_000_000, "trilyon": 1_000_000_000_000, "thousand": 1_000, "hundred": 100,
          "million": 1_000_000, "billion": 1_000_000_000, "тысяч": 1_000, "миллион": 1_000_000, "миллиард": 1_000_000_000, "мың": 1_000}
ORDINALS = {"ilk": 1, "birinci": 1, "ikinci": 2, "ucuncu": 3, "dorduncu": 4, "besinci": 5, "altinci": 6, "yedinci": 7, "sekizinci": 8, "dokuzuncu": 9, "onuncu": 10,
            "first": 1, "second": 2, "third": 3, "fifth": 5, "sixth": 6, "перв": 1, "втор": 2, "трет": 3, "пят": 5, "бірінші": 1, "екінші": 2, "алғаш": 1, "үшінші": 3, "бесінші": 5}
SUPERLATIVE = frozenset("en most biggest largest best самый самая самое самые самых ең".split())
FOLLOW = frozenset("peki pekii ya yaa ee eee e a ama tamam and а ал onu onun ona ondan bunu bunun buna bundan bunlar onlar orada onda o bu da de what about".split())
PLACE_NOUNS = tuple(
    "sehir sehr kent ilinde ilinin illerinde illerine ilcesi ekonomi universite okul lise pazar piyasa toprak sinir otel tesis sahil bolge hastane havaliman "
    "cities city towns university universities economy market soil город университет экономик рынок қала университет экономика".split()
)
"""Nouns of place and institution: what people's name stands before them is where, not who."""
GOVERNMENT = ("yonetim", "hukumet", "iktidar", "government", "administration", "правительств", "власт", "үкімет")
