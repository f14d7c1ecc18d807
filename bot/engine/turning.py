"""Closed words that turn a question's sense: what is left out, absent, computed, or claimed of all or only some.

Tables only, folded, a row a language, as in ``grammar``.
"""

from __future__ import annotations

import re

from bot.engine.grammar import by_word, words
from bot.engine.morph import case_of, is_cyrillic
from bot.engine.text import Token

ABSENT = frozenset(words(tr="yok yoktu yokmus yoktur", ru="нет", kk="жоқ"))
"""*hangi şehirde konsolosluk yok?*: at the end of a question, what is not there is asked."""
EXCEPT = frozenset(
    words(
        tr="haric haricinde haricindeki disinda disindaki disindakiler olmayan olmayanlar",
        en="except besides without excluding",
        ru="без кроме",
        kk="басқа",
    )
)
"""*hariç, dışında*: what stands before it (in English and Russian, after it) is left out."""
AFTER_EXCEPT = frozenset(words(en="except besides without excluding", ru="без кроме"))
"""Those of ``EXCEPT`` after which stands what is left out."""
OTHER_THAN = frozenset(words(tr="baska gayri ayri hari", kk="басқа"))
"""*Almatı'dan başka*: after an ablative, what is left out."""
DERIVED = words(
    tr="fark farki farkini farkin ortalama ortalamasi ortalamasini",
    en="difference average",
    ru="разница разницу среднем среднее",
    kk="айырмашылық айырмашылығы орташа",
)
"""*fark, ortalama*: what would have to be computed from the numbers stated."""
TIMES = frozenset(words(tr="kat kati katidir katiydi katina"))
"""*kaç katı*: how many times the one is the other would have to be computed too."""
LEAST = frozenset(words(tr="az kucuk dusuk", en="few little", ru="мало", kk="аз"))
"""*en az*: the other end of *en çok*."""
COMPARED = frozenset(words(tr="cok fazla az buyuk kucuk uzun kisa yuksek dusuk"))
"""*onunkinden fazla mı?*: after an ablative and before *mi*, two things are compared."""
TOTAL = ("toplami", "total", "sum", "сумм")
"""Stems of *toplam*: of two things that are joined it would have to be computed."""
CLAIMS = by_word(
    {
        "only": "yalniz yalnizca sadece tek only just только тек",
        "all": (
            "hepsi hepsini hepsinin hepsine tamami tamamini tamaminin tamaminda tumu tumunun tumunu tum butun "
            "her hicbiri hicbirinin all every whole none все всех весь барлық бәрі"
        ),
        "most": "cogu cogunun cogunu cogunlugu cogunlukla most majority большинство",
        "half": "yarisi yarisinin yarisini yarisindan half половина",
    }
)
"""Quantifiers, by what they claim: an article without one of its kind does not say *all* or *only*."""
NO_CLAIM = {
    "tek": ("basina", "basim", "baslar", "kelime", "cumle", "tek", "sefer", "soru"),
    "her": ("yer", "sey", "zaman", "iki", "hangi", "ne", "gun", "halde"),
    "just": ("a", "one"),
}
"""*tek başına, her yer*: a quantifier before such a stem claims nothing."""
MY_DENIAL = re.compile(r".+(?:m[ae]d[iu]m|m[iu]yoru[mz]|m[ae]m[iu]s[iu]m)|bil(?:mi|me).+")
"""*bilmiyor, hatırlamadım*: denies what somebody knows, not what is asked."""
_THAN = re.compile(r"[^\W\d].*[dt][ae]n")


def claim_at(tokens: tuple[Token, ...], i: int) -> str:
    """What the quantifier at token ``i`` claims; empty for any other word, and where it claims nothing."""
    word, after = tokens[i].text, tokens[i + 1].text if i + 1 < len(tokens) else ""
    return "" if after and after.startswith(NO_CLAIM.get(word, ())) else CLAIMS.get(word, "")


def compares(tokens: tuple[Token, ...], i: int) -> bool:
    """Whether *mi* at token ``i`` asks of two things which is more (*onunkinden fazla mı*)."""
    return i > 1 and tokens[i - 1].text in COMPARED and bool(_THAN.fullmatch(tokens[i - 2].text))


def sums(tokens: tuple[Token, ...]) -> bool:
    """Whether a total is spoken of."""
    return any(t.head.startswith(TOTAL) for t in tokens)


_PASSIVE = re.compile(r".{2,}(?:[iu]l|[iu]n|[ae]n)(?:d[iu]|m[iu]s|[iu]yor)(?:lar|ler)?")
_OWNED = re.compile(r".{3,}[^aeiouy][iu]")
CONVERB = re.compile(r".{2,}(?:[iu]nc[ae]|ken|d[iu]g[iu]nd[ae]|d[iu]kt[ae]n|m[ae]s[iu]yl[ae])")
"""*çökünce, dağıldıktan, açılmasıyla*: a verb that tells when, of its own subject."""
_TOGETHER_END = re.compile(r".{4,}[^aeiou\W]l[ae]|.{4,}[aeiou]yl[ae]")
_TOGETHER = frozenset(words(tr="ile ve", en="with and", ru="с и", kk="мен пен бен және"))


_DONE = re.compile(r".{2,}(?:(?:[fstkchp]t|[^fstkchp]d)[iu]|m[iu]s(?:t[iu])?|[iu]yor(?:du)?)")


def is_done(rest: tuple[Token, ...]) -> bool:
    """Whether ``rest``, what follows *mi*, ends in an active verb: *Mavi Ada mı yatırdı* asks who did it."""
    verb = next((t.text for t in reversed(rest) if t.is_word), "")
    return bool(_DONE.fullmatch(verb)) and not _PASSIVE.fullmatch(verb)


_WHOM = frozenset(words(tr="kimi kime kiminle kimleri", ru="кого кому", kk="кімді"))
_WHO = frozenset(words(tr="kim kimdi kimmis kimler", en="who", ru="кто", kk="кім"))
_AUXILIARIES = frozenset("did does do has have had was is were will".split())


def asks_whom(tokens: tuple[Token, ...]) -> bool:
    """*Ali Kaya kimi kabul etti?*: who is named does it."""
    return any(t.text in _WHOM for t in tokens)


def asks_who(tokens: tuple[Token, ...]) -> bool:
    """*Ali Kaya'yı kim kabul etti?*: who does it is asked."""
    return any(t.text in _WHO for t in tokens)


def undergoes(tokens: tuple[Token, ...], at: int, ending: str) -> bool:
    """Whether it is done to the person named at token ``at``: the accusative, or in English the place after *who* and its verb."""
    if tokens[0].text == "who":
        return at > 1 and tokens[1].text not in _AUXILIARIES
    return case_of(ending) == "acc" or (is_cyrillic(tokens[at].text) and ending == "а")


def acts(tokens: tuple[Token, ...], after: int, ending: str) -> bool:
    """Whether a person named just before token ``after`` is the one who does what a question asks about.

    Not in *Tokayev'le* or *Tokayev ile*, where two do it together; not in *Tokayev ziyareti, Tokayev gelince*; and not
    where it is done to somebody (*kabul edildi*).
    """
    if ending or after >= len(tokens) or any(_PASSIVE.fullmatch(t.text) for t in tokens):
        return False
    together = any(t.text in _TOGETHER or _TOGETHER_END.fullmatch(t.text) for t in tokens)
    following = tokens[after]
    aside = CONVERB.fullmatch(following.text) or (_OWNED.fullmatch(following.head) and not following.tail)
    return not together and not aside
