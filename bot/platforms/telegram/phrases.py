"""What only Telegram says in Turkish; everything that other platforms say as well comes from the desk."""

# ruff: noqa: S105 - sentences, not secrets

from __future__ import annotations

HOW_TO_ASK = "Sorunuzu komutun yanına yazın ya da bir iletiyi yanıtlayarak gönderin. Örneğin: /soru İki ülke arasındaki ticaret ne kadar?"
ONLY_TEXT = "Yalnızca yazılı soruları okuyabiliyorum. Sorunuzu birkaç sözcükle yazar mısınız?"
UNKNOWN_COMMAND = "Bu komutu bilmiyorum. Sorunuzu doğrudan yazabilir ya da /yardim ile komutları görebilirsiniz."
TOPICS = "Şu konularda soru sorabilirsiniz; birine dokunun ya da kendi sözlerinizle sorun:"
OLD_BUTTON = "Bu düğme artık geçerli değil; lütfen sorunuzu yeniden yazın."
LATE = "Yanıt biraz gecikecek; yeniden basmanıza gerek yok."
FAILED = "Bir aksaklık oldu; lütfen sorunuzu yeniden yazın."
SLOW_DOWN = "Biraz hızlı gidiyoruz; lütfen birazdan yeniden deneyin."

SECONDHAND = (
    "Yönetici komutları yalnızca yöneticinin kendi hesabıyla, o anda yazdığı ileti olarak çalışır; "
    "iletilen, düzenlenen ya da kanal veya anonim yönetici adına yazılan komutlar çalışmaz."
)
WHY_WHAT = "Hangi soruyu açıklayayım? Komuttan sonra yazın: /neden ve ardından sorunuz."
INBOX_GONE = "Bu soru grubu artık listede yok."
BACK_TO_LIST = "← Liste"

NAME = "Köprü"
SHORT = "Bir haberi okudu; Türkçe sorularınızı kaynağıyla yanıtlar, haberde olmayanı uydurmaz."

COMMANDS = (
    ("soru", "Soru sorar; gruplarda gerekir, bir iletiyi yanıtlarsanız o iletiyi okur"),
    ("konular", "Sorabileceğiniz konular"),
    ("kaynak", "Yanıtların dayandığı haber"),
    ("yardim", "Bu açıklama: botun nasıl kullanıldığı"),
    ("gizlilik", "Hangi bilgiler neden tutulur"),
    ("sil", "Size ait kayıtları siler"),
)
COMMANDS_EVERYWHERE = (("start", "Başlangıç"), ("help", "Yardım"), ("privacy", "Gizlilik"))

TOKEN_REFUSED = (
    "Telegram, KOPRU_TELEGRAM_TOKEN değerini kabul etmiyor; @BotFather'dan alınan anahtarı tırnaksız ve tek parça olarak yapıştırın. "
    "(Telegram refused the token: paste the one from @BotFather, whole and without quotes.)"
)
CONFLICT = (
    "Aynı bot başka bir yerde de çalışıyor (Conflict: another getUpdates is running); öbürünü kapatın. "
    "Birden çok kopya gerekiyorsa webhook kullanın: KOPRU_TELEGRAM_WEBHOOK_URL."
)
NO_SECRET = (
    "KOPRU_TELEGRAM_WEBHOOK_URL verildi, ama KOPRU_TELEGRAM_WEBHOOK_SECRET yok; gizli anahtar olmadan herkes sahte ileti gönderebilir. "
    "1–256 harf, rakam, _ ve - içeren rastgele bir değer verin (örneğin: openssl rand -hex 32)."
)
BAD_SECRET = "KOPRU_TELEGRAM_WEBHOOK_SECRET yalnızca A–Z, a–z, 0–9, _ ve - içerebilir; en çok 256 karakter."
NO_LISTEN = "Webhook için KOPRU_LISTEN gerekir (örneğin 0.0.0.0:8080); Telegram güncellemeleri bu adrese gönderilir."
CONNECTING = "Telegram'a bağlanılıyor"
UNREACHABLE = "Telegram sunucusuna ulaşılamıyor; yeniden denenecek."
