"""Discord's documented limits, as checks of what a bot sends: each finds problems, none changes anything."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

V2_FLAG = 1 << 15
_NAME = re.compile(r"[-_'\w]{1,32}")
_EMBED_LIMITS = {"title": 256, "description": 4096}
Body = Mapping[str, Any]


def message_problems(body: Body, *, edit: bool = False) -> list[str]:
    """What is wrong with a message body (create, edit, interaction response, follow-up)."""
    return [
        *_content(body, edit),
        *_embeds(body.get("embeds") or []),
        *_components(body),
        *_mentions(body),
        *_nonce(body),
    ]


def number_problems(body: Body) -> list[str]:
    """Snowflakes that are numbers: Discord takes them, hosts in JavaScript round them."""
    reference = body.get("message_reference") or {}
    return [f"{k} is no text" for k, v in reference.items() if k.endswith("_id") and not isinstance(v, str)]


def _content(body: Body, edit: bool) -> Iterator[str]:
    content = body.get("content") or ""
    if len(content) > 2_000 or len(content.encode("utf-16-le")) > 4_000:
        yield f"content: {len(content)} characters, at most 2000"
    if not edit and not content and not body.get("embeds") and not body.get("components"):
        yield "empty message"
    if (body.get("flags") or 0) & V2_FLAG and (content or body.get("embeds")):
        yield "components V2 with content or embeds"


def _embeds(embeds: list[Body]) -> Iterator[str]:
    if len(embeds) > 10:
        yield "more than 10 embeds"
    total = 0
    for embed in embeds:
        for key, most in _EMBED_LIMITS.items():
            if len(embed.get(key) or "") > most:
                yield f"embed {key}: more than {most}"
        if len(embed.get("fields") or []) > 25:
            yield "more than 25 embed fields"
        footer = (embed.get("footer") or {}).get("text") or ""
        author = (embed.get("author") or {}).get("name") or ""
        total += len(embed.get("title") or "") + len(embed.get("description") or "") + len(footer) + len(author)
    if total > 6_000:
        yield f"embeds: {total} characters, at most 6000"


def _components(body: Body) -> Iterator[str]:
    rows = body.get("components") or []
    every = list(walk(rows))
    ids = [c["custom_id"] for c in every if "custom_id" in c]
    if len(every) > 40:
        yield "more than 40 components"
    if len(ids) != len(set(ids)):
        yield "custom_id used twice"
    if not (body.get("flags") or 0) & V2_FLAG:
        if len(rows) > 5:
            yield "more than 5 rows"
        if any(row.get("type") != 1 for row in rows):
            yield "a component that is in no row"
    for row in rows:
        if row.get("type") == 1 and not 1 <= len(row.get("components") or []) <= 5:
            yield "a row needs 1 to 5 components"
    for component in every:
        yield from _component(component)


def _component(component: Body) -> Iterator[str]:
    custom_id = component.get("custom_id")
    if custom_id is not None and not 1 <= len(custom_id) <= 100:
        yield "custom_id: 1 to 100 characters"
    if component.get("type") == 2:
        if len(component.get("label") or "") > 80:
            yield "label: at most 80 characters"
        if not component.get("label") and not component.get("emoji"):
            yield "a button without label and emoji"


def walk(components: list[Body]) -> Iterator[Body]:
    """Every component, parents before children."""
    for component in components:
        yield component
        yield from walk(component.get("components") or [])


def _mentions(body: Body) -> Iterator[str]:
    allowed = body.get("allowed_mentions")
    if not isinstance(allowed, Mapping):
        yield "allowed_mentions is missing"
    elif allowed.get("parse") != [] or allowed.get("users") or allowed.get("roles") or allowed.get("replied_user"):
        yield "allowed_mentions is not empty"


def _nonce(body: Body) -> Iterator[str]:
    if len(str(body.get("nonce") or "")) > 25:
        yield "nonce: at most 25 characters"


def choice_problems(choices: list[Body]) -> list[str]:
    """What is wrong with the choices of an autocomplete."""
    found = ["more than 25 choices"] if len(choices) > 25 else []
    texts = [str(choice.get(key) or "") for choice in choices for key in ("name", "value")]
    return found + ["a choice needs 1 to 100 characters" for text in texts if not 1 <= len(text) <= 100]


def command_problems(commands: list[Body]) -> list[str]:
    """What is wrong with a bulk of commands."""
    chat = [c for c in commands if c.get("type", 1) == 1]
    found = ["more than 100 commands"] if len(chat) > 100 else []
    found += ["more than 5 message menus"] if len([c for c in commands if c.get("type") == 3]) > 5 else []
    if len({(c.get("type", 1), c["name"]) for c in commands}) != len(commands):
        found.append("a command's name is used twice")
    for command in commands:
        if command.get("type", 1) == 1:
            found += _named(command)
        elif not 1 <= len(command["name"]) <= 32:
            found.append(f"menu name: {command['name']}")
    return found


def _named(command: Body) -> list[str]:
    names = [command["name"], *(command.get("name_localizations") or {}).values()]
    texts = [command.get("description") or "", *(command.get("description_localizations") or {}).values()]
    found = [f"name: {name}" for name in names if not _NAME.fullmatch(name) or name != name.lower()]
    found += [f"description of {command['name']}: 1 to 100" for text in texts if not 1 <= len(text) <= 100]
    options = command.get("options") or []
    if len(options) > 25:
        found.append(f"{command['name']}: more than 25 options")
    for option in options:
        found += _named(option)
    return found
