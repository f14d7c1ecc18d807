"""What the desk itself says in Turkish: help, welcome, privacy, thanks, refusals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.engine.compose import long_date
from bot.engine.model import Article, Reply, Status

CROWDED = "Şu anda yoğunluk var, lütfen birazdan yeniden deneyin."
FAULTY = "Bu soruyu yanıtlarken bir aksilik oldu; kaydettik, inceleyeceğiz. Başka sözcüklerle yeniden sorabilirsiniz."
TOO_FAST = "Biraz hızlı gidiyoruz; lütfen bir dakika kadar bekleyip yeniden sorun."
THANKS_GOOD = "Teşekkürler, yararlı olmasına sevindik."
THANKS_BAD = "Teşekkürler, kaydettik. Bu yanıtı gözden geçireceğiz."
THANKS_NONE = (
    "Anlaşıldı, aradığınız bunlardan hiçbiri değil. Sorunuzu kaydettik; başka sözcüklerle yeniden sorabilirsiniz."
)
FORGET_FAILED = "Kayıtlara şu anda ulaşılamıyor, bu yüzden silme yapılamadı. Lütfen birazdan yeniden deneyin."

_ASKING: Mapping[str, Sequence[tuple[str, str]]] = {
    "telegram": (
        ("/soru", "soru sorar (gruplarda; özel sohbette doğrudan yazmanız yeter)"),
        ("/konular", "sorabileceğiniz konular"),
        ("/kaynak", "yanıtların dayandığı haber"),
        ("/gizlilik", "hangi bilgilerin neden tutulduğu"),
        ("/sil", "size ait kayıtları siler"),
        ("/yardim", "bu açıklama"),
    ),
    "discord": (
        ("/sor", "soru sorar; yazarken öneriler çıkar"),
        ("/konular", "sorabileceğiniz konular"),
        ("/gizlilik", "hangi bilgilerin neden tutulduğu"),
        ("/sil", "size ait kayıtları siler"),
        ("Buna cevap ver", "bir iletinin üzerindeki Uygulamalar menüsünde: o iletideki soruyu yanıtlar"),
    ),
    "terminal": (
        ("/konular", "sorabileceğiniz konular"),
        ("/kaynak", "son yanıtın dayandığı cümleler"),
        ("/neden", "son yanıtın nasıl bulunduğu"),
        ("/gizlilik", "hangi bilgilerin neden tutulduğu"),
        ("/sil", "size ait kayıtları siler"),
        ("/cikis", "sohbeti bitirir"),
    ),
}
_ADMIN: Sequence[tuple[str, str]] = (
    ("yenile", "içeriği dosyalardan yeniden yükler"),
    ("geri", "önceki içeriğe döner"),
    ("durum", "sürüm, sayılar ve bağlantılar"),
    ("cevapsiz", "yanıtsız kalan sorular"),
    ("neden <soru>", "bir sorunun nasıl okunduğu"),
)
_ADMIN_PREFIX: Mapping[str, str] = {"discord": "/yonetim "}


def help_text(platform: str, admin: bool, article: Article) -> str:
    """How to use the bot on ``platform``; an admin sees the admin's commands too."""
    lines = [
        f"{article.subject} hakkındaki haberle ilgili sorunuzu günlük Türkçeyle yazın; yanıtı kaynağıyla birlikte veririm."
    ]
    lines.append("\n".join(f"{name} – {what}" for name, what in _ASKING.get(platform, _ASKING["terminal"])))
    if admin:
        prefix = _ADMIN_PREFIX.get(platform, "/")
        lines.append("Yönetici komutları:\n" + "\n".join(f"{prefix}{name} – {what}" for name, what in _ADMIN))
    return "\n\n".join(lines)


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
