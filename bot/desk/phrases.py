"""What the desk itself says in Turkish: help, welcome, privacy, thanks, refusals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.desk.values import How, InboxGroup, InboxPage, Report, Suggestion
from bot.engine.compose import VERDICTS, long_date
from bot.engine.model import Article, Reply, Status
from bot.journal.base import NoteKind

CROWDED = "Şu anda yoğunluk var, lütfen birazdan yeniden deneyin."
FAULTY = "Bu soruyu yanıtlarken bir aksilik oldu; kaydettik, inceleyeceğiz. Başka sözcüklerle yeniden sorabilirsiniz."
TOO_FAST = "Biraz hızlı gidiyoruz; lütfen bir dakika kadar bekleyip yeniden sorun."
THANKS_GOOD = "Teşekkürler, yararlı olmasına sevindik."
THANKS_BAD = "Teşekkürler, kaydettik. Bu yanıtı gözden geçireceğiz."
THANKS_NONE = (
    "Anlaşıldı, aradığınız bunlardan hiçbiri değil. Sorunuzu kaydettik; başka sözcüklerle yeniden sorabilirsiniz."
)
FORGET_FAILED = "Kayıtlara şu anda ulaşılamıyor, bu yüzden silme yapılamadı. Lütfen birazdan yeniden deneyin."

INBOX_EMPTY = "Yanıtsız soru yok."
WHERE_TO = "Bu sorular nereye yazılsın?"
NOTES: Mapping[NoteKind, str] = {
    NoteKind.REFUSED: "yanıtlanamadı",
    NoteKind.NONE_OF_THESE: "“hiçbiri değil” dendi",
    NoteKind.BAD: "👎 aldı",
    NoteKind.GOOD: "👍 aldı",
}
"""Why a question lies in the inbox."""
DECISIONS: Mapping[How, str] = {
    How.GAP: VERDICTS[Status.NOT_IN_ARTICLE].capitalize(),
    How.OUT_OF_SCOPE: VERDICTS[Status.UNKNOWN].capitalize(),
    How.IGNORE: "Yok say",
}
"""What can be decided about a group of the inbox without naming an intent; ``Inbox`` finds the likeliest of the kind."""
ADMIN_COMMANDS: Mapping[str, str] = {
    "yenile": "İçeriği dosyalardan yeniden yükler",
    "geri": "Önceki içeriğe döner",
    "durum": "Sürüm, sayılar ve bağlantılar",
    "cevapsiz": "Yanıtsız kalan sorular",
    "neden": "Bir sorunun nasıl okunduğunu gösterir",
}
"""The commands that every platform gives its admins, with what each does."""


def help_text(commands: Iterable[tuple[str, str]], admin: Iterable[tuple[str, str]], article: Article) -> str:
    """How to use the bot: a platform's own commands as it writes them, with what each does; an admin's apart."""
    intro = f"{article.subject} hakkındaki haberle ilgili sorunuzu günlük Türkçeyle yazın; yanıtı kaynağıyla birlikte veririm."
    own = _commands(admin)
    return "\n\n".join([intro, _commands(commands), *([f"Yönetici komutları:\n{own}"] if own else [])])


def _commands(rows: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"{name} – {what}" for name, what in rows)


def inbox_head(page: InboxPage) -> str:
    """Above a page of the inbox."""
    return f"Yanıtsız sorular: {page.total} grup, sayfa {page.page + 1}/{page.pages}"


def why_noted(group: InboxGroup) -> str:
    """How often a group's questions were asked, and why they lie in the inbox."""
    return f"{group.count} kez, {NOTES[group.kind]}"


def suggested(suggestion: Suggestion) -> str:
    """The label of an intent that a group may be written into: what kind it is of, unless it is a fact's."""
    kind = DECISIONS.get(suggestion.how)
    name = suggestion.title or suggestion.intent
    return f"{kind}: {name}" if kind else name


def told(report: Report) -> str:
    """How an admin's command went, with a sign that is seen before anything is read."""
    return f"{'✅' if report.ok else '⚠️'} {report.text}"


def welcome_text(article: Article, examples: Sequence[str]) -> str:
    """The first thing a person reads: what this is, what it is not, what to type."""
    shown = "\n".join(f"• {example}" for example in examples)
    return (
        f"Merhaba! {article.subject} hakkında {long_date(article.date)} tarihli tek bir haberden yanıt veririm; "
        f"haberde olmayanı uydurmam, “haberde yok” derim.\n\nÖrneğin şunları sorabilirsiniz:\n{shown}"
    )


_PRIVACY = """\
Gizlilik (KVKK aydınlatması)

Ne tutulur: Kullanıcı kimliğiniz açık hâliyle saklanmaz; yalnızca geri çevrilemeyen, anahtarlı bir özeti (hash) \
tutulur. Konuşmanın bağlamı (son sorunuzun konusu, metni değil) {minutes} dakika boyunca kullanılır; böylece \
“peki 2023'te?” gibi devam sorularınız anlaşılır. Günlük soru sayıları kişiden bağımsız tutulur.

Hangi iletiler saklanır: Yalnızca yanıtlayamadığım sorular ve sizin 👍 👎 ile değerlendirdiğiniz ya da “hiçbiri değil” \
dediğiniz sorular. Bunlardaki e-posta adresi, telefon numarası, kimlik numarası ve kullanıcı adları kaydedilmeden önce \
çıkarılır. Diğer soruların metni saklanmaz; gelen iletiler yalnızca yanıtlanana kadar bekletilir.

Neden: Botun eksiklerini görüp düzeltmek ve kötüye kullanımı sınırlamak için. Kayıtlar başka bir amaçla kullanılmaz, \
kimseyle paylaşılmaz.

Ne kadar süre: En çok {days} gün; sonra kendiliğinden silinir.

Haklarınız: /sil yazarak size ait bütün kayıtları hemen silebilirsiniz. 6698 sayılı Kanun'un 11. maddesindeki \
haklarınız için botun sahibine başvurabilirsiniz."""


def privacy_text(retention_days: int, context_minutes: int) -> str:
    """What is kept, why, for how long and how to delete it, as KVKK asks for."""
    return _PRIVACY.format(days=retention_days, minutes=context_minutes)


def forgotten_text(rows: int) -> str:
    """What was deleted for the person."""
    return f"Size ait {rows} kayıt silindi." if rows else "Size ait bir kayıt yoktu; silinecek bir şey bulunmadı."


def crowded_reply() -> Reply:
    """The honest refusal when too many ask at once."""
    return Reply(Status.UNKNOWN, (CROWDED,))


def faulty_reply() -> Reply:
    """What is said when the engine failed on a question."""
    return Reply(Status.UNKNOWN, (FAULTY,))


def article_line(article: Article) -> str:
    """The one source, named: title and date."""
    return f"Yanıtlarım tek bir habere dayanır: “{article.title}” ({long_date(article.date)})."
