"""A small stateful Bot API server on loopback: remembers chats and messages, refuses what the documentation forbids.

It also fails on demand: 429, 5xx, connections dropped before or after the work was done, silence, updates that come twice, in
another order or malformed. ``violations`` lists each request that broke a documented rule.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from typing import Any, Self

from aiohttp import web

from tests.servers import telegram_rules as rules
from tests.servers.telegram_world import BOT, TOKEN, Call, Refused, Sent, World, some_faults

__all__ = ["BOT", "TOKEN", "BotServer", "Refused", "Sent", "some_faults"]
ALL_KINDS = frozenset(
    (
        "message",
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "callback_query",
        "inline_query",
        "chosen_inline_result",
        "guest_message",
        "my_chat_member",
        "chat_member",
    )
)


class BotServer(World):
    """Start with ``async with``; ``url`` is the root that goes into KOPRU_TELEGRAM_API_URL."""

    port = 0
    _runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self, port: int = 0) -> None:
        app = web.Application(client_max_size=2**22)
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port or self.port)
        await site.start()
        server = site._server
        assert isinstance(server, asyncio.Server)
        self.port = server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Go away; ``start`` comes back on the same port with all that was known."""
        self._news.set()
        if self._runner:
            await self._runner.cleanup()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    # ── serving ─────────────────────────────────────────────────────────────────────────────────

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        params = rules.decoded({**request.query, **await request.post()})
        call = Call(method, params, 0, time.monotonic())
        if self.keep_calls:
            self.calls.append(call)
        fault = self.faults(method, params)
        if fault == "half":
            done = await self._answer(request, method, params)
            return web.Response(body=str(done.text)[:30], content_type="application/json")
        if fault in {"dropped", "lost", "cut", "silent"}:
            if fault != "dropped":
                await self._answer(request, method, params)
            if fault == "cut":
                await _half_sent(request)
            if fault == "silent":
                await asyncio.sleep(3600)
            assert request.transport
            request.transport.abort()
            return web.Response()
        if fault == "429":
            answer = _error(Refused(429, "Too Many Requests", retry_after=self.retry_after))
        elif fault == "401":
            answer = _error(Refused(401, "Unauthorized"))
        elif fault:
            answer = web.Response(status=int(fault), text="<html>Bad Gateway</html>")
        else:
            answer = await self._answer(request, method, params)
        call.status = answer.status
        return answer

    async def _answer(self, request: web.Request, method: str, params: dict[str, Any]) -> web.Response:
        try:
            result = await self._result(request.match_info["token"], method, params)
        except Refused as refusal:
            if refusal.status == 400 and refusal.words not in _NO_VIOLATION:
                self.violations.append(f"{method}: {refusal.words}")
            return _error(refusal)
        if self.malformed and method == "getUpdates":
            body = json.dumps({"ok": True, "result": result})[:-2]
            parts = [p for p in [body[body.index("[") + 1 :], *self.malformed] if p]
            self.malformed = []
            return web.Response(text='{"ok":true,"result":[' + ",".join(parts) + "]}", content_type="application/json")
        return web.json_response({"ok": True, "result": result})

    async def _result(self, token: str, method: str, params: dict[str, Any]) -> Any:
        if token != self.token or self.revoked:
            raise Refused(401, "Unauthorized")
        act = getattr(self, f"_{method}", None)
        known = act or method in rules.CHECKS or method.startswith("getMy")
        if method in self.missing or not known:
            raise Refused(404, "Not Found")
        words = rules.CHECKS[method](params) if method in rules.CHECKS else None
        if words:
            raise Refused(400, words)
        return await act(params) if act else self._profile(method, params)

    def _profile(self, method: str, params: dict[str, Any]) -> Any:
        """``setMyX`` keeps, ``getMyX`` gives back."""
        what = method[3:]
        key = f"{what}:{json.dumps(params.get('scope', {'type': 'default'}))}:{params.get('language_code', '')}"
        field_ = {"MyCommands": "commands", "MyName": "name", "MyDescription": "description"}.get(
            what, "short_description"
        )
        if method.startswith("set"):
            self.profile[key] = params.get(field_)
            return True
        kept = self.profile.get(key)
        return (kept or []) if what == "MyCommands" else {field_: kept or ""}

    async def _getMe(self, _: dict[str, Any]) -> Any:
        return self.bot

    async def _getUpdates(self, params: dict[str, Any]) -> Any:
        if self.webhook:
            raise Refused(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook")
        kinds = params.get("allowed_updates")
        if kinds is not None:
            if set(kinds) - ALL_KINDS:
                raise Refused(400, "unknown allowed_updates")
            self.allowed = frozenset(kinds)
        self.polls += 1
        mine, offset = self.polls, int(params.get("offset") or 0)
        if offset > 0:
            self.order = [i for i in self.order if i >= offset]
        end = time.monotonic() + (int(params.get("timeout") or 0) if self.holds_polls else 0)
        self._news.set()
        while True:
            if self.polls != mine:
                raise Refused(409, "Conflict: terminated by other getUpdates request")
            ready = [self.updates[i] for i in self.order if self._wanted(self.updates[i])]
            if ready or self.malformed or time.monotonic() >= end or self.revoked:
                return ready[: int(params.get("limit") or 100)]
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), max(0.0, end - time.monotonic()))
            except TimeoutError:
                continue

    def _wanted(self, raw: Mapping[str, Any]) -> bool:
        return self.allowed is None or any(kind in self.allowed for kind in raw) or len(raw) < 2

    async def _sendMessage(self, params: dict[str, Any]) -> Any:
        chat = params.get("chat_id")
        if not isinstance(chat, int):
            raise Refused(400, "chat_id is empty")
        if chat in self.refuse:
            raise self.refuse[chat]
        words = rules.text_fault(params.get("text"), params.get("parse_mode")) or rules.markup_fault(
            params.get("reply_markup")
        )
        if words:
            raise Refused(400, words)
        thread = params.get("message_thread_id")
        if thread is not None and thread not in self.topics.get(chat, ()):
            raise Refused(400, "message thread not found")
        reply = params.get("reply_parameters") or {}
        target = reply.get("message_id")
        known = target is None or (chat, target) in self._texts
        if not known and not reply.get("allow_sending_without_reply"):
            raise Refused(400, "message to be replied not found")
        sent = self._keep(chat, params, target if known else None)
        return sent.raw

    def _keep(self, chat: int, params: dict[str, Any], target: int | None) -> Sent:
        self._message_id += 1
        shown = rules.html_of(params["text"])[0] if params.get("parse_mode") else params["text"]
        raw = {
            "message_id": self._message_id,
            "date": int(time.time()),
            "chat": {"id": chat, "type": "private" if chat > 0 else "supergroup"},
            "from": self.bot,
            "text": shown,
            **({"reply_markup": params["reply_markup"]} if params.get("reply_markup") else {}),
        }
        thread = params.get("message_thread_id")
        sent = Sent(
            chat, self._message_id, params["text"], shown, _buttons(params), thread, target, time.monotonic(), raw=raw
        )
        self._texts[chat, sent.id] = raw
        self.sent.append(sent)
        if target:
            self.replies[target] += 1
        return sent

    def _ours(self, params: dict[str, Any]) -> Sent:
        chat, number = params.get("chat_id"), params.get("message_id")
        found = next((s for s in reversed(self.sent) if (s.chat, s.id) == (chat, number)), None)
        if found is None or (chat, number) in self.deleted:
            raise Refused(400, "message to edit not found")
        return found

    async def _editMessageText(self, params: dict[str, Any]) -> Any:
        words = rules.text_fault(params.get("text"), params.get("parse_mode")) or rules.markup_fault(
            params.get("reply_markup")
        )
        if words:
            raise Refused(400, words)
        sent = self._ours(params)
        if (sent.text, sent.buttons) == (params["text"], _buttons(params)):
            raise Refused(400, "message is not modified")
        sent.text, sent.shown = params["text"], rules.html_of(params["text"])[0]
        return self._edited(sent, params)

    async def _editMessageReplyMarkup(self, params: dict[str, Any]) -> Any:
        words = rules.markup_fault(params.get("reply_markup"))
        if words:
            raise Refused(400, words)
        sent = self._ours(params)
        if sent.buttons == _buttons(params):
            raise Refused(400, "message is not modified")
        return self._edited(sent, params)

    def _edited(self, sent: Sent, params: dict[str, Any]) -> Any:
        sent.buttons, sent.edits = _buttons(params), sent.edits + 1
        sent.raw.update(text=sent.shown, reply_markup=params.get("reply_markup") or {"inline_keyboard": []})
        return sent.raw

    async def _deleteMessage(self, params: dict[str, Any]) -> Any:
        sent = self._ours(params)
        self.deleted.append((sent.chat, sent.id))
        return True

    async def _answerCallbackQuery(self, params: dict[str, Any]) -> Any:
        query_id = str(params.get("callback_query_id"))
        if query_id not in self.callbacks:
            raise Refused(400, "query is too old and response timeout expired or query ID is invalid")
        self.callbacks[query_id] = str(params.get("text") or "")
        return True

    async def _answerInlineQuery(self, params: dict[str, Any]) -> Any:
        self.inline[str(params["inline_query_id"])] = params["results"]
        return True

    async def _answerGuestQuery(self, params: dict[str, Any]) -> Any:
        self.guests[str(params["guest_query_id"])] = params["result"]
        return {"inline_message_id": f"g{len(self.guests)}"}

    async def _setWebhook(self, params: dict[str, Any]) -> Any:
        self.webhook = params if params.get("url") else {}
        return True

    async def _deleteWebhook(self, _: dict[str, Any]) -> Any:
        self.webhook = {}
        return True


_NO_VIOLATION = frozenset(
    {
        "message is not modified",
        "message to edit not found",
        "query is too old and response timeout expired or query ID is invalid",
        "not enough rights to send text messages to the chat",
        "group chat was upgraded to a supergroup chat",
        "unknown allowed_updates",
    }
)
"""Refusals that say something about the chat's state and nothing about the request's form."""


async def _half_sent(request: web.Request) -> None:
    """The head of a success and the first bytes of its body."""
    answer = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": "500"})
    await answer.prepare(request)
    await answer.write(b'{"ok":true,"resu')


def _buttons(params: Mapping[str, Any]) -> list[dict[str, str]]:
    markup = params.get("reply_markup") or {}
    return [button for row in markup.get("inline_keyboard", ()) for button in row]


def _error(refusal: Refused) -> web.Response:
    head = {401: "", 403: "Forbidden: ", 404: "", 409: "", 429: ""}.get(refusal.status, "Bad Request: ")
    body: dict[str, Any] = {"ok": False, "error_code": refusal.status, "description": head + refusal.words}
    if refusal.parameters:
        body["parameters"] = refusal.parameters
    return web.json_response(body, status=refusal.status)
