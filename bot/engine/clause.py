"""One clause → a Frame: what it asks, on what conditions, and what stays unexplained.

Read from left to right; at each word the first reader that knows it takes it, and what follows it. Words
are looked up in the vocabulary; case endings say who goes where and whose a thing is.
"""

from __future__ import annotations

import re
from dataclasses import replace

from bot.engine import grammar, turning
from bot.engine.cases import land_case, party_at
from bot.engine.clauses import seams
from bot.engine.frame import Frame, Mention
from bot.engine.measure import unit_of
from bot.engine.morph import case_of, denied, is_ours, stem, supposed
from bot.engine.number import Quantity
from bot.engine.phrases import phrase_at
from bot.engine.quantity import quantity_at
from bot.engine.roles import Party
from bot.engine.text import Token
from bot.engine.vocabulary import BACKGROUND, NEUTRAL, Hit, Vocabulary

_AND = frozenset("ve arti + ile hem plus and и және".split())
_THOSE_OF = re.compile(r"(bizim|onlarin)ki(?:ler)?([a-z]*)")
"""*bizimkiler, onlarınkilerden*: our people, their people, in any case."""
_SPEAKER = re.compile(r"(?:y?[iu]m|y?[iu]z|l[ae]r[iu]z)$")
_WE_VERB = re.compile(
    r".{2,}(?:[iu]yor ?muyu[mz]|[iu]yoru[mz]|[ae]c[ae]g[iu][mz]|[aeiu]r[iu][mz]|m[iu]s[iu]z|[^aeiu]t[iu]k|d[iu]k)"
)
"""*gidiyoruz, kalabilirim, aldık, gittik*: what the asker does; after a vowel *-tik* ends an adjective (*politik*)."""
_FIRST_PERSON = re.compile(r"(?:m|m[iae].*|m[iu]n|mla|mle|yoruz|[iu]z)$")
_WE_PARTICLE = frozenset("miyim muyum miyiz muyuz".split())
_WE_DID = re.compile(r"[dt][iu]g[iu]m[iu]z")
"""*aldığımız*: what we do, not what is ours; *geçtiğimiz* is neither."""
_FUTURE = re.compile(r".{2,}[ae]c[ae][kg](?!ler|lar).{0,6}")


class Clause:
    """Reads one piece from left to right; collects what it finds and folds it into a Frame."""

    def __init__(self, tokens: tuple[Token, ...], vocabulary: Vocabulary, home: str, today: str) -> None:
        self.tokens = tokens
        self.vocabulary = vocabulary
        self.home = home
        self.today = today
        self.features: list[str] = []
        self.light: list[str] = []
        self.asks: set[str] = set()
        self.mentions: list[Mention] = []
        self.parties: list[Party] = []
        self.yesno = self.negated = self.reverse = self.here = self.excluding = False
        self.counted_by_noun = True
        self.claims: list[str] = []
        self.doers: list[frozenset[str]] = []
        self.undergoer: frozenset[str] = frozenset()
        self.speaker = ""
        self.joints: list[int] = []
        self.focus = ""
        self.content_ends = 0

    def frame(self) -> Frame:
        """The clause, read."""
        i = 0
        while i < len(self.tokens):
            before = len(self.features)
            i += self._step(i)
            if len(self.features) > before:
                self.content_ends = i
        self._capitals_for_countries()
        self._dated_once()
        if self.counted_by_noun and self.asks & grammar.ABOUT_A_COUNT:
            self.asks.discard("count")  # *üye sayısı niye arttı?* asks why
            self.features = [f for f in self.features if f != "?count"]
        if self.asks and not self.yesno and self.tokens[-1].text in turning.ABSENT:
            self.negated = True
        self.features += ["#derived"] * (
            any(0 < j < len(self.features) for j in self.joints) and turning.sums(self.tokens)
        )
        return Frame(
            words=tuple(t.text for t in self.tokens if t.is_word),
            features=tuple(self.features),
            light=tuple(self.light),
            asks=frozenset(self.asks),
            mentions=tuple(self.mentions),
            parties=tuple(self.parties),
            yesno=self.yesno,
            negated=self.negated,
            reverse=self.reverse,
            speaker=self.speaker,
            joints=tuple(j for j in self.joints if 0 < j < len(self.features)),
            here=self.here,
            focus=self.focus,
            claims=tuple(self.claims) if self.yesno else (),
            doer=self.doers[0]
            if len(self.doers) == 1 and (self.yesno or turning.asks_whom(self.tokens))
            else frozenset(),
            undergoer=self.undergoer if turning.asks_who(self.tokens) and not self.yesno else frozenset(),
            double=self.tokens if seams(self.tokens) else (),
        )

    def _dated_once(self) -> None:
        """*önceki yıl, yani 2023'te*: the year that is named is the one beside."""
        years = [m for m in self.mentions if m.slot == "time" and not m.values & set(grammar.BESIDE.values())]
        if years:
            self.mentions = [m for m in self.mentions if m.slot != "time" or m in years]

    def _capitals_for_countries(self) -> None:
        """*Ankara ile Astana*, *Ankara–Astana*: two cities paired, one in each land, are the two countries."""
        cities = [m for m in self.mentions if m.slot == "city"]
        lands = {self.vocabulary.inside.get(v, "") for m in cities for v in m.values}
        paired = any(p.role in {"with", "pair"} for p in self.parties)
        both = len(cities) == 2 and len(lands) == 2 and "" not in lands
        owned = (
            len(cities) == 1
            and any(v in self.vocabulary.seats for v in cities[0].values)
            and any(p.role == "gen" for p in self.parties)
        )
        if paired and (both or owned):
            self.mentions = [m for m in self.mentions if m.slot != "city"]
            self.features = [f for f in self.features if not f.startswith("city")]
            self.parties.append(Party("", "both"))

    def _step(self, i: int) -> int:
        """Read what begins at token ``i`` and return how many tokens it took; the order decides."""
        if claim := turning.claim_at(self.tokens, i):
            self.claims.append(claim)
        if self.tokens[i].head in _AND:
            self.joints.append(len(self.features))
        hit = self.vocabulary.find(self.tokens, i)
        return (
            self._mark(i)
            or self._closed_phrase(i)
            or self._phrase(i, hit, at_least=2)
            or self._quantity(i)
            or self._closed_word(i)
            or self._phrase(i, hit, at_least=1)
            or self._other(i)
        )

    def _mark(self, i: int) -> int:
        head = self.tokens[i].head
        if head in {"->", "=>", "➡", "→"}:
            if self.parties:
                self.parties[-1] = replace(self.parties[-1], role="abl")
            self.parties.append(Party("", "arrow"))
        elif head in grammar.WITH and self._city_before():
            self.parties.append(Party("", "pair"))
        elif head in grammar.WITH and self.parties and head not in {"ve", "and", "и"}:
            self.parties.append(Party("", "with"))
        elif head == "%":
            self.features.append("percent")
        elif self.tokens[i].is_word:
            return 0
        return 1

    def _city_before(self) -> bool:
        return bool(self.features) and self.features[-1].startswith("city:")

    def _closed_phrase(self, i: int) -> int:
        """Question words, confirmations, *iki ülke*, *tersi*."""
        name, length = phrase_at(self.tokens, i)
        if name == "confirm":
            self.yesno = True
            self._focus(i)
        elif name == "reverse":
            self.reverse = True
        elif name == "both":
            self.parties.append(Party("", "both"))
        elif name:
            if name in self.asks:
                self.joints.append(len(self.features))
            self.asks.add(name)
            self.features.append("?" + name)
            self.counted_by_noun &= name != "count" or self.tokens[i].text.startswith(grammar.COUNT_NOUNS)
            if name in {"count", "part"} and "yuzde" in {self.tokens[i].text, self._word_before(i)}:
                self.features.append("#share")
            if name == "count" and i + length < len(self.tokens) and (unit := unit_of(self.tokens[i + length].head)):
                self.mentions.append(Mention("unit", frozenset({unit}), self.tokens[i + length].text))
        return length

    def _quantity(self, i: int) -> int:
        found = quantity_at(self.tokens, i, self.today)
        if found is None:
            return 0
        self._mention(found.slot, frozenset({self._amount(found, i + found.span)}), i, found.span)
        self.features.append(found.feature)
        return found.span

    def _amount(self, found: Quantity, i: int) -> str:
        """A number as an amount: with its unit and the bound that it is, where such follow at ``i`` (see ``measure``)."""
        if found.slot != "number":
            return found.value
        unit = unit_of(self.tokens[i].head) if i < len(self.tokens) else ""
        return f"{self._compared(i)}{found.value} {unit}".rstrip()

    def _compared(self, i: int) -> str:
        """*863 binden fazla*, *20'yi aşmış*: ``>``; *300'den az*: ``<``; of the number that ends before ``i``."""
        for token in self.tokens[i : i + 3]:
            if token.head in grammar.YESNO or not token.is_word:
                return ""
            if token.head.startswith(grammar.FALLING_SHORT):
                return "<"
            if token.head.startswith(grammar.EXCEEDING):
                return ">"
        return ""

    def _closed_word(self, i: int) -> int:
        return self._particle(i) or self._pronoun(i) or self._turn(i)

    def _particle(self, i: int) -> int:
        """*mi*: asks yes or no about what stands before it."""
        text, before = self.tokens[i].text, self._word_before(i)
        if text not in grammar.YESNO:
            return 0
        self.yesno = True
        if text in _WE_PARTICLE:
            self.parties.append(Party(self.home, "we"))
        self.focus = self._content_before() if self.content_ends == i else ""
        if turning.compares(self.tokens, i) and not (self.mentions and self.mentions[-1].slot == "number"):
            self.features.append("#derived")
        self._focus(i - 1 if before in grammar.NEGATION else i)
        return 1

    def _pronoun(self, i: int) -> int:
        """*biz, onlar, bizimkiler, ülkemiz*: a party without its name; *bizim şehir* is where the asker lives."""
        head, text = self.tokens[i].head, self.tokens[i].text
        following = self.tokens[i + 1].head if i + 1 < len(self.tokens) else ""
        our_land = head.startswith(grammar.LANDS) and (is_ours(head) or self._word_before(i) == "bizim")
        if text == "bizim" and following.startswith(grammar.PLACE_NOUNS[:3]):
            self.here = True
        elif text in grammar.SELF and not (text == "bizim" and following.startswith(grammar.LANDS)):
            self.here |= text in grammar.HERE
            role = "gen" if following.startswith("ait") else grammar.SELF[text] or "nom"
            self.parties.append(Party(self.home, role, text, people=True))
        elif text in grammar.OTHER:
            people = text.startswith(("on", "they", "олар"))
            self.parties.append(Party("other", grammar.OTHER[text] or "nom", text, people))
        elif match := _THOSE_OF.fullmatch(text):
            party = self.home if match[1] == "bizim" else "other"
            self.parties.append(Party(party, case_of(match[2]) or "nom", text, people=True))
        elif our_land:
            self.parties.append(Party(self.home, land_case(head), head))
        else:
            return 0
        return 1

    def _turn(self, i: int) -> int:
        """*hariç, değil, en*: what turns the sense of the words around it."""
        text = self.tokens[i].text
        if text in turning.EXCEPT or (text in turning.OTHER_THAN and self._left_out(i)):
            self.features.append("#except")
            self.excluding = text in turning.AFTER_EXCEPT
            if not self.excluding:
                self._leave_out(i)
        elif text in turning.DERIVED or (text in turning.TIMES and self._word_before(i) == "kac"):
            self.features.append("#derived")
        elif text in grammar.NEGATION and text not in turning.ABSENT:
            self.negated |= not any(t.is_word for t in self.tokens[i + 1 :])  # *X değil, Y* is a contrast
        elif text in grammar.SUPERLATIVE:
            least = i + 1 < len(self.tokens) and self.tokens[i + 1].text in turning.LEAST
            self.features.append("#least" if least else "#en")
        else:
            return 0
        return 1

    def _left_out(self, i: int) -> bool:
        """Whether *başka* at ``i`` follows a name in the ablative (*Almatı'dan başka*)."""
        named = {m.word for m in self.mentions[-1:]} | {p.word for p in self.parties[-1:]}
        return self._word_before(i) in named and case_of(self._word_before(i)) == "abl"

    def _leave_out(self, i: int) -> None:
        """What stands before *hariç* at ``i`` is excluded, with all that is joined to it (*İstanbul ve İzmir hariç*)."""
        if self.parties and self.parties[-1].word == self._word_before(i):
            party = self.parties.pop()
            self.mentions.append(Mention("except", frozenset({party.party}), party.word))
        while self.mentions and self.mentions[-1].word == self._word_before(i):
            self.mentions[-1] = replace(self.mentions[-1], slot="except")
            i -= 1
            while i and self.tokens[i - 1].head in _AND | {","}:
                i -= 1
            earlier = next((k for k, m in enumerate(self.mentions) if m.word == self._word_before(i)), None)
            if earlier is None or self.mentions[earlier].slot == "except":
                break
            self.mentions.append(self.mentions.pop(earlier))

    def _content_before(self) -> str:
        return next((f for f in reversed(self.features) if f[0] not in "?#" and ":" not in f), "")

    def _focus(self, i: int) -> None:
        """What stands before *mi* (or before *değil mi*) at token ``i`` is what is asked; *Türkistan kentinde mi* too."""
        word = self._word_before(i)
        if word.startswith(grammar.PLACE_NOUNS[:3]):
            word = self._word_before(i - 1)
        if self.mentions and self.mentions[-1].word == word:
            self.mentions[-1] = replace(self.mentions[-1], focus=True)
        if self.parties and self.parties[-1].word and self.parties[-1].word == word:
            party = self.parties[-1]
            acts = party.role == "nom" and turning.is_done(self.tokens[i + 1 :])
            self.parties[-1] = replace(party, focus=True, role="subject" if acts else party.role)

    def _word_before(self, i: int) -> str:
        return self.tokens[i - 1].text if i else ""

    def _phrase(self, i: int, hit: Hit | None, at_least: int) -> int:
        if hit is None or hit.span < at_least:
            return 0
        last = self.tokens[i + hit.span - 1]
        if hit.entry.slot == NEUTRAL:
            self.light.append(stem(last.head))
            self._first_person(last, hit.rest, light=True)
        elif hit.entry.slot == BACKGROUND and _FIRST_PERSON.search(hit.rest):
            self.light.append("bg")
        elif hit.entry.slot == BACKGROUND:
            self.features.append("=" + stem(last.head))
        elif hit.entry.slot in {"party", "country", "region"}:
            self._party(hit, i)
        elif government := self._government(hit, i + hit.span):
            self.parties.append(Party(government, case_of(hit.rest) or "nom", last.text))
        elif hit.entry.slot:
            self._mention(hit.entry.slot, hit.entry.values, i, hit.span)
            if hit.entry.slot == "person":
                self._acting(hit, i)
            self.features += [hit.entry.slot, *(f"{hit.entry.slot}:{v}" for v in sorted(hit.entry.values))]
            self._first_person(last, hit.rest, entity=True)
        else:
            self.features.append(next(iter(hit.entry.values)))
            self._first_person(last, hit.rest)
        return hit.span

    def _acting(self, hit: Hit, i: int) -> None:
        """Whether the person named at ``i`` does what is asked about, or has it done to them."""
        if turning.acts(self.tokens, i + hit.span, hit.rest):
            self.doers.append(hit.entry.values)
        elif turning.undergoes(self.tokens, i, hit.rest):
            self.undergoer = hit.entry.values

    def _government(self, hit: Hit, after: int) -> str:
        """*Ankara'nın kararı*, *Astana yönetimi*: a seat of government that owns or governs is its party."""
        party = next((self.vocabulary.seats[v] for v in hit.entry.values if v in self.vocabulary.seats), "")
        governs = after < len(self.tokens) and self.tokens[after].head.startswith(grammar.GOVERNMENT)
        return party if party and (governs or case_of(hit.rest) == "gen") else ""

    def _party(self, hit: Hit, i: int) -> None:
        party = party_at(self.tokens, i, hit, self.vocabulary)
        if hit.entry.role == "people" and (
            _SPEAKER.search(hit.rest) or (not hit.rest and self._word_before(i) in grammar.SELF_NAMED)
        ):
            self.speaker = party.party
        if hit.entry.slot != "party":
            self.features.append("foreign")
        self.parties.append(party)

    def _mention(self, slot: str, values: frozenset[str], i: int, span: int) -> None:
        slot, self.excluding = ("except" if self.excluding else slot), False
        self.mentions.append(Mention(slot, values, self.tokens[i + span - 1].text))

    def _first_person(self, token: Token, rest: str, *, light: bool = False, entity: bool = False) -> None:
        """*konsolosluğumuz* is ours, *üniversitelerimizde* is here, *kalabilirim* is the speaker."""
        if _WE_DID.search(token.text):
            self.parties += [] if light or token.text in grammar.LAST else [Party(self.home, "we")]
        elif is_ours(rest) and token.head.startswith(grammar.PLACE_NOUNS[:3]):
            self.here = True
        elif is_ours(rest) and not light:
            located = not entity and case_of(rest) in {"loc", "dat", "abl"}
            self.parties.append(Party(self.home, "loc" if located else "our"))
        elif not light and _WE_VERB.fullmatch(token.text):
            self.parties.append(Party(self.home, "we"))
        if _FUTURE.fullmatch(token.text) and not light:
            self.features.append("#future")
        if supposed(token.text if light else "  " + rest):
            self.features.append("#if")
        if denied(token.text):
            self._negative(token)

    def _negative(self, token: Token) -> None:
        """*olmadı* denies; *olup olmadığı* asks whether; *hatırlamadım* is the asker's own matter."""
        before = self.tokens[self.tokens.index(token) - 1].text if token in self.tokens[1:] else ""
        if before.endswith("p") and before[:2] == token.text[:2]:
            self.yesno = True
        elif not turning.MY_DENIAL.fullmatch(token.text):
            self.negated = True

    def _other(self, i: int) -> int:
        token = self.tokens[i]
        if len(token.head) <= 2:
            self.light.append(token.head)
            return 1
        self.features.append(("!" if token.head in grammar.ALTERING else "=") + stem(token.head))
        self._first_person(token, token.head[4:] + token.tail)
        return 1
