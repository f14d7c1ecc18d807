"""The command line: one thin function a verb; what a verb does lives below and is imported when it is used."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.errors import ContentError, KopruError

OK, FAILED, MISUSED = 0, 1, 2


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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bot", description="Köprü: tek bir haberi okumuş, Türkçe soru-cevap botu."
    )
    verbs = parser.add_subparsers(title="komutlar", required=True, metavar="KOMUT")
    ask = _verb(verbs, "ask", _ask, "bir soruyu yanıtla (veya --jsonl ile satır satır)")
    ask.add_argument("question", nargs="*", help="soru")
    ask.add_argument("--jsonl", action="store_true", help='standart girdiden {"id", "turns": [..]} satırları oku')
    return parser


def _verb(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    verb: Callable[[argparse.Namespace], int],
    text: str,
) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, help=text, description=text)
    parser.set_defaults(verb=verb)
    parser.add_argument("--content", type=Path, metavar="DIR", help="facts/ ve intents/ klasörlerini içeren klasör")
    return parser


def _content(args: argparse.Namespace) -> Path:
    from bot.content.cache import default_folder

    named: Path | None = args.content
    if named is None and os.environ.get("KOPRU_CONTENT_DIR"):
        named = Path(os.environ["KOPRU_CONTENT_DIR"])
    return named or default_folder()


def _complain(text: str) -> None:
    print(text, file=sys.stderr)


def _ask(args: argparse.Namespace) -> int:
    question = " ".join(args.question).encode("utf-8", "replace").decode()
    if args.jsonl == bool(question):
        _complain('Bir soru yazın: python -m bot ask "Vize var mı?" — ya da yalnızca --jsonl verin.')
        return MISUSED
    from bot.content.cache import cached_engine

    engine = cached_engine(_content(args))
    if args.jsonl:
        from bot.platforms.lines import answer_lines

        return OK if answer_lines(sys.stdin.buffer, sys.stdout.buffer, engine, _complain) else MISUSED
    from bot.engine.answer import NO_CONTEXT, answer
    from bot.platforms.terminal.text import look_of, to_text

    reply, _ = answer(question, NO_CONTEXT, engine)
    print(to_text(reply, engine.catalog.article, look_of(sys.stdout)))
    return OK
