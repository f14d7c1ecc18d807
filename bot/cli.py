"""The command line: one thin function a verb; what a verb does lives below and is imported when it is used."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

import bot
from bot.errors import ContentError, KopruError

OK, FAILED, MISUSED = 0, 1, 2
SHOWN_WARNINGS = 10
"""What `check` writes of them; a good content has hundreds, and a problem must not drown among them."""


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out ``argv`` (the process's own when None); the exit code: 0 done, 1 refused, 2 misused."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="replace")  # a terminal that lacks a letter shows "?", not a traceback
    args = _parser().parse_args(argv)
    verb: Callable[[argparse.Namespace], int] = args.verb
    try:
        return verb(args)
    except ContentError as error:
        for problem in error.problems:
            _complain(str(problem))
        return FAILED
    except KopruError as error:
        _complain(str(error))
        return FAILED
    except BrokenPipeError:  # `… | head` closed the pipe: no fault of ours
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except KeyboardInterrupt:
        return 130


Verb: TypeAlias = Callable[[argparse.Namespace], int]


def _parser() -> argparse.ArgumentParser:
    about = "Köprü: tek bir haberi okumuş, sorularınızı ondan yanıtlayan bot."
    parser = argparse.ArgumentParser(prog="python -m bot", description=about)
    parser.add_argument("--version", action="version", version=f"Köprü {bot.__version__}")
    shared = argparse.ArgumentParser(add_help=False)
    where = "facts/ ve intents/ klasörlerini içeren klasör (yoksa KOPRU_CONTENT_DIR, o da yoksa botun kendi içeriği)"
    shared.add_argument("--content", type=Path, metavar="DIR", help=where)
    verbs = parser.add_subparsers(title="komutlar", required=True, metavar="KOMUT")

    def add(name: str, verb: Verb, text: str) -> argparse.ArgumentParser:
        added = verbs.add_parser(name, help=text, description=text, parents=[shared])
        added.set_defaults(verb=verb)
        return added

    add("chat", _chat, "terminalde sohbet et")
    ask = add("ask", _ask, "bir soruyu yanıtla ya da --jsonl ile satır satır konuşmaları")
    ask.add_argument("question", nargs="*", help="soru")
    ask.add_argument("--why", action="store_true", help="yanıtla birlikte nasıl bulunduğunu da yaz (sohbetteki /neden)")
    ask.add_argument(
        "--jsonl", action="store_true", help='standart girdiden {"id": …, "turns": ["soru"]} satırları oku'
    )
    check = add("check", _check, "içeriği denetle: sorunları dosya, satır ve alanla söyle")
    check.add_argument(
        "--all", action="store_true", help=f"bütün uyarıları göster (yoksa ilk {SHOWN_WARNINGS} tanesini)"
    )
    add("run", _run, "belirteci (token) olan her platformu başlat")
    add("doctor", _doctor, "belirteçleri, içeriği, veritabanını ve portu yokla")
    report = add("report", _report, "içeriğin karnesini tek bir HTML sayfasına yaz")
    report.add_argument("--out", type=Path, default=Path("kopru-rapor.html"), metavar="FILE", help="yazılacak dosya")
    report.add_argument(
        "--questions", type=Path, nargs="+", metavar="FILE", help="etiketli sorular (yoksa içeriğinkiler)"
    )
    new = verbs.add_parser("new", help="başka bir haber için içerik klasörü kur")
    new.set_defaults(verb=_new)
    new.add_argument("folder", type=Path, metavar="DIR", help="kurulacak klasör")
    new.add_argument("--article", type=Path, required=True, metavar="FILE", help="haberin metni (UTF-8)")
    new.add_argument("--title", required=True, help="haberin başlığı")
    new.add_argument("--date", required=True, help="haberin tarihi: 2025-03-14")
    new.add_argument("--subject", default="", help="botun kendini anlatırken kullandığı konu (yoksa başlık)")
    return parser


def _content(args: argparse.Namespace) -> Path:
    from bot.content.cache import default_folder

    named = str(args.content or os.environ.get("KOPRU_CONTENT_DIR", "")).strip()
    return Path(named) if named else default_folder()


def _environment(args: argparse.Namespace) -> Mapping[str, str]:
    return {**os.environ, "KOPRU_CONTENT_DIR": str(args.content)} if args.content else os.environ


def _complain(text: str) -> None:
    print(text, file=sys.stderr)


def _chat(args: argparse.Namespace) -> int:
    from bot.content.cache import cached_edition
    from bot.content.shelf import Shelf
    from bot.desk import Desk, MemoryJournal
    from bot.platforms.terminal.chat import ME, talk
    from bot.settings import Settings

    folder = _content(args)
    settings = Settings(content_dir=folder).with_admin(ME.platform, ME.user)
    edition = cached_edition(folder, lambda: _complain("İçerik hazırlanıyor; ilk seferde birkaç saniye sürer…"))
    talk(Desk(Shelf(edition), settings, MemoryJournal()))
    return OK


def _ask(args: argparse.Namespace) -> int:
    question = " ".join(args.question).encode("utf-8", "replace").decode()
    if args.jsonl == bool(question):
        _complain('Bir soru yazın: python -m bot ask "Vize var mı?" — ya da yalnızca --jsonl verin.')
        return MISUSED
    from bot.content.cache import cached_engine

    engine = cached_engine(_content(args))
    if args.why and question:
        from bot.desk.state import why_text
        from bot.platforms.terminal.text import plain

        print(plain(why_text(question, engine)))
        return OK
    if args.jsonl:
        from bot.platforms.lines import answer_lines

        return OK if answer_lines(sys.stdin.buffer, sys.stdout.buffer, engine, _complain) else MISUSED
    from bot.engine.answer import answer
    from bot.engine.compose import dates_of
    from bot.engine.context import NO_CONTEXT
    from bot.platforms.terminal.text import look_of, to_text

    reply, _ = answer(question, NO_CONTEXT, engine, time.strftime("%Y-%m-%d"))
    print(to_text(reply, engine.catalog.article, look_of(sys.stdout), dates_of(reply, engine.catalog)))
    return OK


def _check(args: argparse.Namespace) -> int:
    from bot.content.check import check, kinds_of

    problems = check(_content(args))
    warnings = [p for p in problems if p.warning]
    hidden = frozenset[object](() if args.all else warnings[SHOWN_WARNINGS:])
    for problem in problems:
        if problem not in hidden:
            print(problem)
    grave = len(problems) - len(warnings)
    rest = f" İlk {SHOWN_WARNINGS} uyarı yazıldı; hepsi için: --all" if hidden else ""
    _complain(f"{grave} sorun, {len(warnings)} uyarı.{rest}" if problems else "İçerik sağlam.")
    for kind, count in kinds_of(warnings) if rest else ():
        _complain(f"{count:>6} × {kind}")
    return FAILED if grave else OK


def _report(args: argparse.Namespace) -> int:
    from bot.curate.report import write_report

    print(write_report(_content(args), args.out, args.questions, _environment(args)))
    return OK


def _new(args: argparse.Namespace) -> int:
    from bot.curate.new import new

    print(new(args.folder, args.article, args.title, args.date, args.subject))
    return OK


def _run(args: argparse.Namespace) -> int:
    from bot.app import main as run

    return run(_environment(args))


def _doctor(args: argparse.Namespace) -> int:
    from bot.doctor import examine

    return examine(_environment(args))
