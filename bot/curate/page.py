"""The report as one HTML page that needs nothing else: no network, no font, no library."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib import resources
from math import isnan

from bot.content.questions import KINDS
from bot.curate.coverage import Covered, covered, reached, share
from bot.curate.evaluate import FIGURE_NAMES, GRADE_NAMES, Outcome, Table
from bot.curate.grader import Grade
from bot.curate.pictures import matrix_of, matrix_svg, usage_svg
from bot.engine.compose import VERDICTS, long_date
from bot.engine.model import Catalog, Kind, Status
from bot.journal.base import Unanswered, UsageRow

MOST = 12
"""Rows of the slowest and of the most uncertain questions."""
MOST_GROUPS = 60
_TILES = ("answered right", "wrong of all", "absent refused", "out of scope refused", "smalltalk")
_NOTE_KINDS: Mapping[str, str] = {"refused": "yanıtsız", "bad": "👎", "none_of_these": "hiçbiri değil"}


@dataclass(frozen=True, slots=True)
class Findings:
    """All that the page shows; ``today`` is an ISO day, ``trouble`` why the journal could not be read."""

    catalog: Catalog
    table: Table
    groups: Sequence[Sequence[Unanswered]]
    usage: Sequence[UsageRow]
    trouble: str
    today: str


def page(found: Findings) -> str:
    """The whole page."""
    lines = covered(found.catalog)
    sections = (
        ("kapsam", "Kapsam", _coverage(lines)),
        ("bilgiler", "Bilgiler", _facts(found)),
        ("matris", "Nereye gitti?", _matrix(found)),
        ("karne", "Türler ve etiketler", _figures(found.table)),
        ("sorular", "Doğru olmayanlar", _outcomes(found.table)),
        ("yavas", "Yavaş ve kararsız", _slow(found.table)),
        ("kutu", "Yanıtsız kutusu", _inbox(found)),
        ("kullanim", "Kullanım", _usage(found)),
    )
    links = "".join(f'<a href="#{key}">{escape(name)}</a>' for key, name, _ in sections)
    body = "".join(f'<section id="{key}"><h2>{escape(name)}</h2>{html}</section>' for key, name, html in sections)
    return (
        '<!doctype html>\n<html lang="tr"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="icon" href="data:,">'
        f"<title>Karne: {escape(found.catalog.article.subject)}</title><style>{_asset('page.css')}</style></head><body>"
        f"<header>{_head(found, lines)}</header><nav aria-label='Bölümler'><div>{links}</div></nav><main>{body}</main>"
        f'<footer class="soft"><small>Köprü · {escape(long_date(found.today))} · sürüm {found.catalog.version}</small></footer>'
        f"<script>{_asset('page.js')}</script></body></html>\n"
    )


def _asset(name: str) -> str:
    return (resources.files("bot.curate") / name).read_text(encoding="utf-8")


def _head(found: Findings, lines: Sequence[Covered]) -> str:
    article = found.catalog.article
    intents = Counter(i.kind for i in found.catalog.intents)
    utterances = sum(len(i.utterances) for i in found.catalog.intents)
    made = (
        f"{len(found.catalog.facts)} bilgi, {intents[Kind.FACT]} konu, {intents[Kind.GAP]} boşluk, "
        f"{_number(utterances)} örnek soru, {len(found.table.outcomes)} etiketli soru"
    )
    tiles = [_tile("kapsanan tümce", share(lines), good=share(lines) == 1)]
    if found.table.outcomes:
        figures = found.table.figures()
        for key in _TILES:
            fine = figures[key] <= 0.01 if key == "wrong of all" else figures[key] >= 0.95
            tiles.append(_tile(FIGURE_NAMES[key], figures[key], good=fine))
    title = (
        f"<h1>{escape(article.title)}</h1><p class='soft'>{escape(long_date(article.date))} tarihli haber · {made}</p>"
    )
    return f'{title}<div class="tiles">{"".join(tiles)}</div>'


def _tile(name: str, value: float, *, good: bool) -> str:
    if isnan(value):  # no question of this kind was asked
        return ""
    return f'<div class="tile {"good" if good else "bad"}"><b>{_percent(value)}</b><small>{escape(name)}</small></div>'


# ── the article and its facts ───────────────────────────────────────────────────────────────────


def _coverage(lines: Sequence[Covered]) -> str:
    bare = sum(not line.facts for line in lines if not line.heading)
    intro = "Her tümcenin altında, onu alıntılayan bilgiler var; dokununca bilgiye gidilir. "
    intro += f"{bare} tümceyi hiçbir bilgi anlatmıyor." if bare else "Anlatılmayan tümce yok."
    return f'<p class="soft">{intro}</p>' + "".join(map(_line, lines))


def _line(line: Covered) -> str:
    if line.heading:
        return f"<h3>{escape(line.text)}</h3>"
    if not line.facts:
        return f'<div class="line bare">{escape(line.text)} <small>bilgi yok</small></div>'
    at, marked = 0, ""
    for start, end in line.quoted:
        marked += f"{escape(line.text[at:start])}<mark>{escape(line.text[start:end])}</mark>"
        at = end
    chips = "".join(f'<a class="chip" href="#f-{f}">{escape(f)}</a>' for f in line.facts)
    return f'<div class="line">{marked}{escape(line.text[at:])}<div class="chips">{chips}</div></div>'


def _facts(found: Findings) -> str:
    rows = []
    for r in reached(found.catalog, found.table.outcomes):
        told = f"{r.utterances} örnek soru · konu: {', '.join(r.intents) or 'yok'}"
        asked = f" · etiketli sorularda {r.right}/{r.asked} doğru" if r.asked else ""
        until = f" · {long_date(r.fact.valid_until)} gününe kadar geçerli" if r.fact.valid_until else ""
        rows.append(
            f'<div class="fact" id="f-{r.fact.id}">{escape(r.fact.statement)}<br>'
            f"<small>{escape(r.fact.id)} · {escape(told + asked + until)}</small></div>"
        )
    return "".join(rows)


# ── the labelled questions ──────────────────────────────────────────────────────────────────────

_NONE_ASKED = '<p class="soft">Etiketli soru yok; içeriğin questions/ klasörüne koyun ya da --questions ile verin.</p>'


def _matrix(found: Findings) -> str:
    if not found.table.outcomes:
        return _NONE_ASKED
    intro = "Satır: sorunun istediği konu. Sütun: gidilen konu (satırın numarasıyla) ya da yanıtsız kalışı. Yeşil: olması gereken."
    matrix = matrix_of(found.table.outcomes, found.catalog)
    return f'<p class="soft">{intro}</p><div class="scroll">{matrix_svg(matrix)}</div>'


def _figures(table: Table) -> str:
    if not table.outcomes:
        return _NONE_ASKED
    kinds = [(name, [o for o in table.outcomes if o.question.kind == kind]) for kind, name in KINDS.items()]
    tags = [(tag, [o for o in table.outcomes if tag in o.question.tags]) for tag in table.by_tag()]
    key = "".join(f'<span><i class="g-{g}"></i>{name}</span>' for g, name in GRADE_NAMES.items())
    return f'<div class="key">{key}</div>{_grades("tür", kinds)}<h3>Etiketler</h3>{_grades("etiket", tags)}'


def _grades(what: str, rows: Iterable[tuple[str, Sequence[Outcome]]]) -> str:
    shown = ""
    for name, outcomes in rows:
        if not outcomes:
            continue
        count = Counter(o.grade for o in outcomes)
        parts = "".join(f'<i class="g-{g}" style="width:{100 * count[g] / len(outcomes):.1f}%"></i>' for g in Grade)
        share_right = _percent(count[Grade.RIGHT] / len(outcomes))
        shown += f'<tr><td>{escape(name)}</td><td><div class="bar">{parts}</div></td><td class="n">{share_right}</td>'
        shown += f'<td class="n">{len(outcomes)}</td></tr>'
    head = f'<tr><th>{what}</th><th></th><th class="n">doğru</th><th class="n">soru</th></tr>'
    return f'<div class="scroll"><table>{head}{shown}</table></div>'


def _outcomes(table: Table) -> str:
    order = (Grade.WRONG, Grade.MISSED, Grade.OFFERED)
    found = sorted((o for o in table.outcomes if o.grade in order), key=lambda o: order.index(o.grade))
    if not found:
        return '<p class="soft">Hepsi doğru.</p>' if table.outcomes else _NONE_ASKED
    count = Counter(o.grade for o in found)
    buttons = "".join(
        f'<button type="button" data-grade="{g}" aria-pressed="false">{GRADE_NAMES[g]} {count[g]}</button>'
        for g in order
    )
    return f'<div class="buttons">{buttons}</div>{"".join(map(_outcome, found))}'


def _outcome(o: Outcome) -> str:
    wanted = ", ".join(o.question.facts) or KINDS[o.question.kind]
    trace = "<br>".join(escape(line) for line in o.reply.trace)
    return (
        f'<details class="outcome" data-grade="{o.grade}"><summary><span class="tag g-{o.grade}">{GRADE_NAMES[o.grade]}</span>'
        f"{escape(o.question.asked)}</summary><p><b>Beklenen:</b> {escape(wanted)}</p>"
        f"<p><b>Yanıt ({VERDICTS[o.reply.status]}):</b> {escape(o.reply.text)}</p><p><small>{trace}</small></p></details>"
    )


def _slow(table: Table) -> str:
    if not table.outcomes:
        return _NONE_ASKED
    slow = sorted(table.outcomes, key=lambda o: -o.seconds)[:MOST]
    answered = [o for o in table.outcomes if o.reply.status in {Status.ANSWER, Status.CLARIFY}]
    unsure = sorted(answered, key=lambda o: o.reply.score)[:MOST]
    by_time = [(o.question.asked, f"{o.seconds * 1000:.1f} ms".replace(".", ","), GRADE_NAMES[o.grade]) for o in slow]
    by_score = [(o.question.asked, f"{o.reply.score:.2f}".replace(".", ","), GRADE_NAMES[o.grade]) for o in unsure]
    return _rows("En yavaş", "süre", by_time) + _rows("En kararsız yanıtlar", "puan", by_score)


def _rows(title: str, figure: str, rows: Iterable[tuple[str, str, str]]) -> str:
    body = "".join(f'<tr><td>{escape(a)}</td><td class="n">{b}</td><td>{escape(c)}</td></tr>' for a, b, c in rows)
    head = f'<tr><th>soru</th><th class="n">{figure}</th><th>sonuç</th></tr>'
    return f'<h3>{title}</h3><div class="scroll"><table>{head}{body}</table></div>'


# ── the journal ─────────────────────────────────────────────────────────────────────────────────


def _inbox(found: Findings) -> str:
    if found.trouble:
        return f'<p class="soft">Kayıtlara ulaşılamadı: {escape(found.trouble)}</p>'
    if not found.groups:
        return '<p class="soft">Bekleyen soru yok ya da veritabanı tanımlı değil (KOPRU_DATABASE_URL).</p>'
    body = "".join(_group(rows) for rows in found.groups[:MOST_GROUPS])
    head = '<tr><th>soru</th><th class="n">kez</th><th>neden</th></tr>'
    return f'<div class="scroll"><table>{head}{body}</table></div>'


def _group(rows: Sequence[Unanswered]) -> str:
    others = f"<br><small>{' · '.join(escape(r.text) for r in rows[1:4])}</small>" if len(rows) > 1 else ""
    kinds = ", ".join(dict.fromkeys(_NOTE_KINDS.get(r.kind, r.kind) for r in rows))
    return (
        f'<tr><td>{escape(rows[0].text)}{others}</td><td class="n">{sum(r.count for r in rows)}</td>'
        f"<td>{escape(kinds)}</td></tr>"
    )


def _usage(found: Findings) -> str:
    if not found.usage:
        return '<p class="soft">Son altmış günde kaydedilmiş soru yok.</p>'
    key = "".join(f'<span><i class="s-{s}"></i>{name}</span>' for s, name in VERDICTS.items())
    platforms = Counter[str]()
    for row in found.usage:
        platforms[row.platform] += row.count
    told = ", ".join(f"{name}: {_number(count)}" for name, count in platforms.most_common())
    return f'<p class="soft">{escape(told)}</p><div class="key">{key}</div><div class="scroll">{usage_svg(found.usage)}</div>'


def _percent(value: float) -> str:
    text = f"{100 * value:.1f}".rstrip("0").rstrip(".") if value < 1 else "100"
    return "%" + text.replace(".", ",")


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")
