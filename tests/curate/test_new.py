"""``new``: from a text to a content folder that leads, message by message, to a bot that runs."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bot.cli import main
from bot.content.check import check
from bot.content.load import parse, read_files
from bot.curate.findings import is_person, places_in, read_article, sentences_of
from bot.curate.new import new
from bot.curate.starter import GENERAL, other_subjects, smalltalk
from bot.engine.answer import answer, compile_catalog
from bot.engine.context import NO_CONTEXT
from bot.engine.model import Kind, Status
from bot.engine.text import fold, tokenize
from bot.errors import ContentError

pytestmark = pytest.mark.timeout(240)  # compiles the shipped content where no other test has

ARTICLE = """\
Rize'nin Çayeli ilçesinde kurulan çay müzesi cuma günü açıldı.

MÜZEDE NELER VAR

Müzede 1.250 eşya sergileniyor; 40'ı yüz yıldan eski. Müzeyi Vali Derya Kutluay açtı.
Yapımı 14 Nisan 2022'de başladı. Müze ilk ayında 18 bin 300 kişiyi ağırladı.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A content folder as `new` leaves it."""
    (tmp_path / "haber.txt").write_text(ARTICLE, encoding="utf-8")
    new(tmp_path / "cay", tmp_path / "haber.txt", "Çayeli'nde çay müzesi açıldı", "2024-06-10", "Çay müzesi")
    return tmp_path / "cay"


def test_sentences_are_the_articles_own() -> None:
    """Headings are none; numbers, abbreviations and quotes end no sentence."""
    assert len(sentences_of(ARTICLE)) == 5
    assert sentences_of("Dr. Aylin Tan 3.500 kitap verdi. “Gelin.” dedi.") == [
        "Dr. Aylin Tan 3.500 kitap verdi.",
        "“Gelin.” dedi.",
    ]
    assert all(s in ARTICLE for s in sentences_of(ARTICLE))


def test_numbers_dates_names_and_vague_times_are_found() -> None:
    """What an editor would look for stands with its sentence."""
    found = read_article(ARTICLE)
    values = [v for s in found for v in s.values]
    assert ("number", "1250 eşya") in values
    assert ("date", "2022-04-14") in values
    assert ("number", "18300 kişi") in values
    assert "cuma günü" in found[0].vague
    assert [n for s in found for n in s.names] == ["Rize", "Çayeli", "Derya Kutluay"]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Yol 2 saat 35 dakikaya indi.", ["2 saat", "35 dakika"]),
        ("Kredi 15 yıl vadeli.", ["15 yıl"]),
        ("Doluluk oranı yüzde 94 oldu.", ["94 yüzde"]),
        ("Almanya'ya 9 bin 300, Fransa'ya 6 bin 100 ton kayısı ihraç etti.", ["9300 ton", "6100 ton"]),
        ("İlk tren saat 7'de, son tren 23.15'te kalkıyor.", ["7 saat", "23.15 saat"]),
        ("Üç ilde 85 erken uyarı istasyonu kurulacak.", ["3 il", "85 erken uyarı istasyonu"]),
        ("Kapaklar 18.30'da açılıyor.", ["18.30 saat"]),
        ("Hat 2,7 milyar avroya mal oldu.", ["2700000000 avro"]),
        ("Kilosu 160 liraydı.", ["160 lira"]),
        ("Sayı 410 bindi.", ["410000"]),
        ("Maliyetin üçte biri krediyle sağlandı.", []),
        ("Günde 45 makinist eğitime gönderildi.", ["45"]),
        ("96 bin kitap ödünç alındı.", ["96000 kitap"]),
    ],
)
def test_numbers_have_their_unit_or_none(text: str, values: list[str]) -> None:
    """A unit is the measure or noun that the sentence counts; where that is in doubt there is none."""
    (sentence,) = read_article(text)
    assert [value for slot, value in sentence.values if slot == "number"] == values


def test_one_draft_a_statement() -> None:
    """Clauses with values of their own are apart, a year is the condition of its number, a list is one."""
    parts = [
        [(part.text, part.times, part.values) for part in s.parts]
        for s in read_article(
            "Tam bilet 780 lira, öğrenci bileti 585 lira. Ziyaretçi 2024'te 410 bin kişi, 2025'te 530 bin kişi oldu.\n"
            "Hatta 41 tünel ve 63 viyadük yapıldı."
        )
    ]
    assert parts[0] == [
        ("Tam bilet 780 lira.", (), (("number", "780 lira"),)),
        ("Öğrenci bileti 585 lira.", (), (("number", "585 lira"),)),
    ]
    assert [p[1:] for p in parts[1]] == [
        ((("year", "2024"),), (("number", "410000 kişi"),)),
        ((("year", "2025"),), (("number", "530000 kişi"),)),
    ]
    assert [s.vague for s in read_article("Oran ağustosta yüzde 18'di; 5 Mayıs 2024'te ölçüldü.")] == [("ağustosta",)]
    (sentence,) = read_article("Onarıma 5 Mayıs 2024'te başlandı ve çalışmalar 14 ay sürdü.")
    assert [p.values or p.times for p in sentence.parts] == [(("date", "2024-05-05"),), (("number", "14 ay"),)]
    assert [p[1:] for p in parts[2]] == [((), (("number", "41 tünel"), ("number", "63 viyadük")))]


def test_places_are_no_persons() -> None:
    """Countries of two words, tunnels and banks are no persons; a place is known with its case."""
    text = "Güney Kore'nin elçisi Merzifon Tüneli'nde İhracat-İthalat Bankasından söz etti."
    names = [n for s in read_article(text) for n in s.names]
    assert not any(is_person(name) for name in [*names, "İtalyan Lagotec"])
    assert "İhracat-İthalat Bankası" in names
    told = [(p.name, p.case) for p in places_in("Ordu'dan Güney Kore'ye, Koreli işçi ve Samsun Valisi ile.")]
    assert told == [("Ordu", "abl"), ("Güney Kore", "dat")]


def test_facts_are_sound_at_once(folder: Path) -> None:
    """Every draft's quote, number and name holds; nothing of facts/ is complained about."""
    assert [p for p in check(folder) if p.file.startswith("facts/")] == []


def test_check_names_what_is_empty(folder: Path) -> None:
    """All that is grave is an empty title or empty utterances, each at its line."""
    grave = [p for p in check(folder) if not p.warning]
    assert grave
    assert {p.field.rpartition(".")[2] for p in grave} == {"title", "utterances"}
    lines = (folder / "intents/sorular.yaml").read_text(encoding="utf-8").splitlines()
    assert all(lines[p.line - 1].strip() in {"title:", "utterances: |"} for p in grave)


def test_following_check_gives_a_bot(folder: Path) -> None:
    """Filling in what is named, and nothing else, gives content that loads, answers, talks and refuses."""
    path = folder / "intents/sorular.yaml"
    texts = iter(f"Konu {n}" for n in range(99))
    filled = re.sub(r"title:$", lambda _: f"title: {next(texts)}", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    asked = iter(_questions())
    filled = re.sub(r"utterances: \|\n", lambda _: f"utterances: |\n{next(asked)}", filled)
    path.write_text(filled, encoding="utf-8")
    assert [p for p in check(folder) if not p.warning] == []
    engine = compile_catalog(parse(read_files(folder)))
    reply, _ = answer("Müzede kaç eşya var?", NO_CONTEXT, engine)
    assert (reply.status, reply.facts) == (Status.ANSWER, ("c02_1",))
    for row in map(json.loads, (folder / "questions/altin.jsonl").read_text(encoding="utf-8").splitlines()):
        status = answer(row["q"], NO_CONTEXT, engine)[0].status
        assert status is (Status.SMALLTALK if row["kind"] == "smalltalk" else Status.UNKNOWN), row["q"]


def _questions() -> list[str]:
    """A few questions for each draft of ARTICLE, in order."""
    rows = (
        "Çay müzesi nerede kuruldu?/Müze nerede?/Çay müzesi nerede bulunuyor?/Müzenin kurulduğu yer nerede?",
        "Müzede kaç eşya var?/Kaç eşya sergileniyor?/Sergilenen eşya sayısı kaç?/Eşya sayısı",
        "Yüz yıldan eski kaç parça var?/Eski parçalar kaç tane?/Kaç parça eski?/Eskilerin sayısı kaç?",
        "Müzeyi kim açtı?/Açılışı kim yaptı?/Derya Kutluay kim?/Müzeyi açan kim?",
        "Yapım ne zaman başladı?/Yapıma hangi tarihte girişildi?/Yapımın başlangıcı ne zaman?/Hangi tarihte başlandı?",
        "İlk ay nasıl geçti?/İlk ayda ne oldu?/İlk ayı anlatır mısın?/İlk ay nasıldı?",
        "Kaç kişi gezdi?/Müzeye kaç kişi geldi?/Ağırlanan kişi sayısı kaç?/Gezen kişi kaç?",
    )
    return ["".join(f"      {q}\n" for q in row.split("/")) for row in rows]


def test_every_starting_file_is_general(folder: Path, root: Path) -> None:
    """What is copied names nothing of the shipped article: no party, place, person or body of its lexicon."""
    catalog = parse(read_files(root))
    own = tuple(fold(w) for e in catalog.lexicon.entries if e.slot for w in e.words if len(w) > 4 and " " not in w)
    text = " ".join((folder / f"intents/{n}.yaml").read_text(encoding="utf-8") for n in ("sohbet", "kapsamdisi"))
    named = {t.head for t in tokenize(fold(text)) if t.head.startswith(own)}
    assert named == set()


def test_other_subjects_stay_beside_the_articles_words() -> None:
    """What shares a word in passing must be told apart, so it is kept; what the article repeats is its own subject."""
    fares = dict(other_subjects("Biletin fiyatı 24 lira. Yolculuk iki saat sürüyor."))
    phones = dict(
        other_subjects("Telefon fiyatı arttı. Telefon satışı düştü. Fiyatı artan telefon: iPhone. Fiyatı bu.")
    )
    priced = [[u for rows in found.values() for u in rows if "fiyat" in u] for found in (fares, phones)]
    assert priced[0]
    assert priced[1] == []


def test_lexicon_begins_with_what_holds_anywhere(folder: Path) -> None:
    """Only general concepts are taken over; another that shares a word with the article is a note, with that word."""
    text = (folder / "intents/lexicon.yaml").read_text(encoding="utf-8")
    taken, _, offered = text.partition("# Haberinizle sözcük paylaşan")
    concepts = taken.partition("\nconcepts:\n")[2]
    assert set(re.findall(r"^  (\w+):", concepts, re.MULTILINE)) <= GENERAL
    assert not re.search(r"^  \w", offered, re.MULTILINE)
    assert re.search(r"^  # sights: \[müze.*haberde: müze$", offered, re.MULTILINE)
    assert "people: [rizeli]" in taken


def test_small_talk_has_every_kind(folder: Path, root: Path) -> None:
    """Each kind of small talk of the product is there with its reply and enough utterances."""
    shipped = {i.id for i in parse(read_files(root)).intents if i.kind is Kind.SMALLTALK}
    rows = {name: (reply, utterances) for name, reply, utterances in smalltalk()}
    assert rows.keys() == shipped
    assert all(len(utterances) >= 20 for _, utterances in rows.values())
    assert "{subject}" in rows["capabilities"][0]


def test_what_is_missing_is_listed(folder: Path) -> None:
    """The list numbers the sentences and names the times that must be made exact."""
    text = (folder / "YAPILACAKLAR.md").read_text(encoding="utf-8")
    assert "1. tümcede “cuma günü”" in text
    assert "5. Müze ilk ayında" in text


def test_misuse_is_told(tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No text, no day of the calendar, a folder with content: each is a sentence, and nothing is overwritten."""
    article = folder.parent / "haber.txt"
    before = (folder / "facts/bilgiler.yaml").read_bytes()
    common = ["--title", "T", "--date", "2024-06-10"]
    assert main(["new", str(folder), "--article", str(article), *common]) == 1
    assert (folder / "facts/bilgiler.yaml").read_bytes() == before
    assert main(["new", str(tmp_path / "x"), "--article", str(tmp_path / "yok.txt"), *common]) == 1
    assert main(["new", str(tmp_path / "x"), "--article", str(article), "--title", "T", "--date", "2024-02-31"]) == 1
    told = capsys.readouterr().err
    assert all(part in told for part in ("içerik var", "okunamıyor", "2024-02-31"))
    assert not (tmp_path / "x").exists()
    (tmp_path / "bos.txt").write_text(" \n", encoding="utf-8")
    with pytest.raises(ContentError, match="boş"):
        new(tmp_path / "x", tmp_path / "bos.txt", "T", "2024-06-10")


def test_command_says_what_is_next(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`new` ends with where to read on; a title with a colon stays a title."""
    (tmp_path / "haber.txt").write_text(ARTICLE, encoding="utf-8")
    goal = tmp_path / "cay"
    title = "Müze: “çay” # açıldı"
    assert (
        main(["new", str(goal), "--article", str(tmp_path / "haber.txt"), "--title", title, "--date", "2024-06-10"])
        == 0
    )
    assert "YAPILACAKLAR.md" in capsys.readouterr().out
    assert [p for p in check(goal) if p.file == "facts/article.yaml"] == []
    assert json.dumps(title, ensure_ascii=False) in (goal / "facts/article.yaml").read_text(encoding="utf-8")
