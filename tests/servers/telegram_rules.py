"""What the Bot API's documentation allows in a request, as functions that give the refusal's words or None."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from typing import Any

TAGS = frozenset(
    [
        "b",
        "strong",
        "i",
        "em",
        "u",
        "ins",
        "s",
        "strike",
        "del",
        "span",
        "tg-spoiler",
        "a",
        "tg-emoji",
        "code",
        "pre",
        "blockquote",
    ]
)
ENTITY = re.compile(r"&(?!(?:lt|gt|amp|quot|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
SCOPES = frozenset(
    [
        "default",
        "all_private_chats",
        "all_group_chats",
        "all_chat_administrators",
        "chat",
        "chat_administrators",
        "chat_member",
    ]
)

Params = Mapping[str, Any]


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


class _Html(HTMLParser):
    """Telegram's HTML style: known tags only, properly nested, all closed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.open: list[str] = []
        self.wrong = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attrs}
        if tag not in TAGS or (tag == "blockquote" and names - {"expandable"}):
            self.wrong = self.wrong or f'unsupported start tag "{tag}"'
        if tag == "blockquote" and "blockquote" in self.open:
            self.wrong = self.wrong or "nested blockquote"
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong = self.wrong or f'unexpected end tag "{tag}"'

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        del data
        self.wrong = self.wrong or "a comment"

    def handle_decl(self, decl: str) -> None:
        del decl
        self.wrong = self.wrong or "a declaration"


def html_of(text: str) -> tuple[str, str]:
    """The text that is shown, and what is wrong with the markup."""
    parser = _Html()
    parser.feed(text)
    parser.close()
    wrong = parser.wrong or (f'no end tag for "{parser.open[-1]}"' if parser.open else "")
    if not wrong and (ENTITY.search(text) or re.search(r"<(?![/a-z])", text)):
        wrong = "an unescaped & or <"
    return parser.text, wrong


def text_fault(text: object, parse_mode: object, most: int = 4096) -> str | None:
    if not isinstance(text, str) or not text:
        return "message text is empty"
    if parse_mode == "HTML":
        shown, wrong = html_of(text)
        if wrong:
            return f"can't parse entities: {wrong}"
    elif parse_mode:
        return "unsupported parse_mode"
    else:
        shown = text
    if not shown.strip():
        return "message text is empty"
    if units(shown) > most:
        return "message is too long"
    return None


def markup_fault(markup: object) -> str | None:
    if markup is None:
        return None
    rows = markup.get("inline_keyboard") if isinstance(markup, dict) else None
    if not isinstance(rows, list):
        return "can't parse reply keyboard markup JSON object"
    buttons = [button for row in rows for button in row]
    if len(buttons) > 100 or any(len(row) > 8 for row in rows) or not all(rows):
        return "reply markup is too long"
    for button in buttons:
        if not button.get("text") or units(button["text"]) > 64:
            return "text buttons are unallowed in the inline keyboard"
        if not 1 <= len(str(button.get("callback_data", "")).encode()) <= 64:
            return "BUTTON_DATA_INVALID"
    return None


def commands_fault(params: Params) -> str | None:
    scope = (params.get("scope") or {}).get("type", "default")
    language = params.get("language_code", "")
    commands = params.get("commands")
    if scope not in SCOPES or (language and not re.fullmatch("[a-z]{2}", language)):
        return "can't parse BotCommandScope"
    if not isinstance(commands, list) or len(commands) > 100:
        return "too many commands"
    for command in commands:
        if not COMMAND.fullmatch(command.get("command", "")):
            return "BOT_COMMAND_INVALID"
        if not 1 <= units(command.get("description", "")) <= 256:
            return "BOT_COMMAND_DESCRIPTION_INVALID"
    return None


def inline_fault(results: object) -> str | None:
    if not isinstance(results, list) or len(results) > 50:
        return "RESULTS_TOO_MUCH"
    if len({result.get("id") for result in results}) < len(results):
        return "RESULT_ID_DUPLICATE"
    return next((fault for result in results if (fault := result_fault(result))), None)


def result_fault(result: Any) -> str | None:
    if not isinstance(result, dict) or result.get("type") != "article" or not result.get("title"):
        return "can't parse inline query result"
    if not 1 <= len(str(result.get("id", "")).encode()) <= 64:
        return "RESULT_ID_INVALID"
    content = result.get("input_message_content") or {}
    return text_fault(content.get("message_text"), content.get("parse_mode"))


def _length(field: str, most: int) -> Callable[[Params], str | None]:
    return lambda params: f"{field} is too long" if units(str(params.get(field, ""))) > most else None


CHECKS: Mapping[str, Callable[[Params], str | None]] = {
    "setMyCommands": commands_fault,
    "setMyName": _length("name", 64),
    "setMyDescription": _length("description", 512),
    "setMyShortDescription": _length("short_description", 120),
    "answerInlineQuery": lambda params: inline_fault(params.get("results")),
    "answerGuestQuery": lambda params: result_fault(params.get("result")),
    "answerCallbackQuery": _length("text", 200),
}


def decoded(form: Mapping[str, Any]) -> dict[str, Any]:
    """Form fields as the Bot API reads them: JSON where it is JSON of an object or list, numbers for ids."""
    params: dict[str, Any] = {}
    for name, value in form.items():
        params[name] = value
        if isinstance(value, str) and (
            value[:1] in "[{" or name.endswith("_id") or name in {"offset", "timeout", "limit"}
        ):
            try:
                params[name] = json.loads(value)
            except ValueError:
                continue
    return params
