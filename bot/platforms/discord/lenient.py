"""Events made readable before discord.py parses them: what a host leaves out or sends as null is put in, the rest left off.

discord.py insists on more than Discord's documentation promises (a user's discriminator, an interaction's channel, a
message's type), and one odd poll or attachment makes it drop the whole message. So each event is cut down to what this
package reads, and completed. Everything here changes the event in place and returns it.
"""

from __future__ import annotations

import json
from typing import Any

Json = dict[str, Any]
ATTACHMENT_LIMIT = 10 * 1024 * 1024
COMPONENT, BUTTON, ROW = 3, 2, 1
_THREADS = frozenset({10, 11, 12})
_READ = frozenset(
    (
        *("id", "channel_id", "guild_id", "author", "member", "content", "timestamp", "edited_timestamp", "type"),
        *("mentions", "mention_roles", "mention_everyone", "embeds", "components", "webhook_id", "flags", "nonce"),
        *("message_reference", "referenced_message", "message_snapshots"),
    )
)
"""The fields of a message that this package looks at; discord.py reads further ones only to keep them."""
_LISTS = ("mentions", "mention_roles", "embeds", "components")
_SNAPSHOT: Json = {"type": 0, "content": "", "timestamp": None, "edited_timestamp": None}


def message(data: Json) -> Json:
    """A message, and the one that it replies to."""
    for key in [k for k, v in data.items() if k not in _READ or (v is None and k != "referenced_message")]:
        del data[key]
    data.setdefault("type", 0)
    data.setdefault("content", "")
    for key in _LISTS:
        if not isinstance(data.get(key), list):
            data[key] = []
    user(data.setdefault("author", {"id": "0"}))
    for mentioned in data["mentions"]:
        user(mentioned)
    if "member" in data:
        _member(data["member"])
    reference = data.get("message_reference")
    if isinstance(reference, dict) and not reference.get("channel_id"):
        reference["channel_id"] = data.get("channel_id")
    if isinstance(data.get("referenced_message"), dict):
        message(data["referenced_message"])
    for forwarded in data.get("message_snapshots", ()):
        inner = forwarded.setdefault("message", {})
        inner.update(embeds=inner.get("embeds") or [], attachments=[], components=[])
        inner.update({key: plain for key, plain in _SNAPSHOT.items() if inner.get(key) is None})
    return data


def user(data: Json) -> Json:
    """A user."""
    for key, plain in (("username", ""), ("discriminator", "0"), ("avatar", None)):
        data.setdefault(key, plain)
    return data


def interaction(data: Json) -> Json:
    """An interaction with the message, the users and the channel in it."""
    _without_nulls(data)
    data.setdefault("attachment_size_limit", ATTACHMENT_LIMIT)
    data.setdefault("version", 1)
    chosen = data.get("data")
    if isinstance(chosen, dict):
        _resolved(_without_nulls(chosen).get("resolved") or {})
    _who(data)
    _where(data)
    if data.get("type") == COMPONENT and isinstance(chosen, dict):
        pressed = data.setdefault("message", {"id": "0"})
        _with_button(message(pressed), chosen)
        pressed.setdefault("channel_id", data.get("channel_id"))
    elif "message" in data:
        message(data["message"])
    return data


def ready(text: str, resume_url: str) -> str:
    """A gateway frame: READY and RESUMED with what the library's transport reads of them; every other one as it is."""
    if '"READY"' not in text and '"RESUMED"' not in text:
        return text
    frame = json.loads(text)
    kind = frame.get("t") if isinstance(frame, dict) else None
    if kind == "RESUMED":
        frame["d"] = frame.get("d") or {}
    elif kind == "READY" and isinstance(frame.get("d"), dict):
        frame["d"]["resume_gateway_url"] = frame["d"].get("resume_gateway_url") or resume_url
        frame.setdefault("s", None)
        if isinstance(frame["d"].get("user"), dict):
            user(frame["d"]["user"])
    else:
        return text
    return json.dumps(frame)


def _without_nulls(data: Json) -> Json:
    for key in [k for k, v in data.items() if v is None]:
        del data[key]
    return data


def _member(data: Json) -> Json:
    _without_nulls(data)
    data.setdefault("roles", [])
    data.setdefault("flags", 0)
    if "user" in data:
        user(data["user"])
    return data


def _who(data: Json) -> None:
    """In a server a member is told, elsewhere a user; some hosts tell the other one."""
    told = data.get("user") or (data.get("member") or {}).get("user")
    if not isinstance(told, dict):
        return
    if data.get("guild_id"):
        data["member"] = _member({**(data.get("member") or {}), "user": told})
    data["user"] = user(told)


def _where(data: Json) -> None:
    """The channel's object is optional; without it discord.py knows of no channel, and cannot read a reply in it."""
    number = data.get("channel_id") or (data.get("channel") or {}).get("id")
    if not number:
        return
    data["channel_id"] = number
    place = _without_nulls(data.setdefault("channel", {}))
    place.setdefault("id", number)
    place.setdefault("type", 0 if data.get("guild_id") else 1)
    if place["type"] in _THREADS and "thread_metadata" not in place:
        place["type"] = 0
    place.setdefault("name", "")
    place.setdefault("position", 0)
    for person in place.get("recipients", ()):
        user(person)


def _resolved(found: Json) -> None:
    for one in (found.get("messages") or {}).values():
        message(one)
    for one in (found.get("users") or {}).values():
        user(one)
    for one in (found.get("members") or {}).values():
        _member(one)


def _with_button(pressed: Json, chosen: Json) -> None:
    """discord.py finds a press only in the message; all that we need of a button is in its id, wherever it is gone."""
    mine = chosen.get("custom_id")
    if chosen.setdefault("component_type", BUTTON) == BUTTON and not _has(pressed["components"], mine):
        button = {"type": BUTTON, "style": 2, "label": "…", "custom_id": mine}
        pressed["components"].append({"type": ROW, "components": [button]})


def _has(components: list[Any], custom_id: Any) -> bool:
    return any(
        one.get("custom_id") == custom_id or _has(one.get("components") or [], custom_id)
        for one in components
        if isinstance(one, dict)
    )
