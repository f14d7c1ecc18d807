"""The gateway of the test server: sessions that identify, resume, are dropped and hear malformed events."""

from __future__ import annotations

import asyncio
import json
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

if TYPE_CHECKING:
    from tests.servers.discord_store import Store

_SYNC = b"\x00\x00\xff\xff"


@dataclass
class Session:
    """A session outlives its connection: what was dispatched meanwhile is replayed to a RESUME."""

    id: str
    shard: int
    shards: int
    intents: int
    seq: int = 0
    log: list[dict[str, Any]] = field(default_factory=list)
    line: Line | None = None


class Line:
    """One WebSocket connection; sends as text, or as a zlib stream when the client asked for it."""

    def __init__(self, ws: web.WebSocketResponse, compressed: bool, in_parts: bool = False) -> None:
        self.ws = ws
        self._in_parts = in_parts
        self._zlib = zlib.compressobj() if compressed else None

    async def send(self, frame: Any) -> None:
        await self.send_text(json.dumps(frame))

    async def send_text(self, text: str) -> None:
        if self.ws.closed:
            return
        try:
            if self._zlib is None:
                await self.ws.send_str(text)
            else:
                packed = self._zlib.compress(text.encode()) + self._zlib.flush(zlib.Z_SYNC_FLUSH)
                for part in (packed[:11], packed[11:]) if self._in_parts else (packed,):
                    await self.ws.send_bytes(part)
        except ConnectionError:
            return


class Gateway:
    """All sessions, and what is done to them on purpose."""

    def __init__(self, server: Store) -> None:
        self._server = server
        self.sessions: dict[str, Session] = {}
        self.identifies = 0
        self.resumes = 0
        self.connections = 0
        self.close_before_hello = 0
        """So many connections are closed before they are greeted."""
        self.ignore_resume = 0
        self.refuse_resume = 0
        self.close_code_on_identify: int | None = None
        self.ready_without: tuple[str, ...] = ()
        self.in_parts = False
        """Send each compressed frame as two messages, as Discord may."""
        self.resumed: Any = {}
        """What RESUMED tells; some hosts tell null."""

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        ws = web.WebSocketResponse(autoping=True)
        await ws.prepare(request)
        self.connections += 1
        if self.close_before_hello > 0:
            self.close_before_hello -= 1
            await ws.close(code=1001)
            return ws
        line = Line(ws, request.query.get("compress") == "zlib-stream", self.in_parts)
        await line.send({"op": 10, "d": {"heartbeat_interval": 41_250}, "s": None, "t": None})
        async for frame in ws:
            if frame.type is WSMsgType.TEXT:
                await self._frame(line, json.loads(frame.data))
        for session in self.sessions.values():
            if session.line is line:
                session.line = None
        return ws

    async def _frame(self, line: Line, frame: dict[str, Any]) -> None:
        match frame["op"]:
            case 1:
                await line.send({"op": 11, "d": None, "s": None, "t": None})
            case 2:
                await self._identify(line, frame["d"])
            case 6:
                await self._resume(line, frame["d"])

    async def _identify(self, line: Line, data: dict[str, Any]) -> None:
        self.identifies += 1
        if data["token"] != self._server.token:
            await line.ws.close(code=4004)
            return
        if self.close_code_on_identify is not None:
            await line.ws.close(code=self.close_code_on_identify)
            return
        shard, shards = data.get("shard", [0, 1])
        session = Session(f"session-{self.identifies}", shard, shards, data["intents"], line=line)
        self.sessions[session.id] = session
        await self.send(session, "READY", self._ready(session))
        for guild in self._server.guilds.values():
            if (int(guild["id"]) >> 22) % shards == shard:
                await self.send(session, "GUILD_CREATE", guild)

    def _ready(self, session: Session) -> dict[str, Any]:
        guilds = [
            {"id": g, "unavailable": True}
            for g in self._server.guilds
            if (int(g) >> 22) % session.shards == session.shard
        ]
        ready = {
            "v": 10,
            "user": self._server.bot,
            "guilds": guilds,
            "session_id": session.id,
            "resume_gateway_url": self._server.gateway_url,
            "shard": [session.shard, session.shards],
            "application": {"id": self._server.bot["id"], "flags": 0},
        }
        return {k: v for k, v in ready.items() if k not in self.ready_without}

    async def _resume(self, line: Line, data: dict[str, Any]) -> None:
        self.resumes += 1
        if self.ignore_resume > 0:
            self.ignore_resume -= 1
            return
        session = self.sessions.get(data["session_id"] or "")
        if session is None or self.refuse_resume > 0:
            self.refuse_resume = max(0, self.refuse_resume - 1)
            await line.send({"op": 9, "d": False, "s": None, "t": None})
            return
        session.line = line
        for missed in [f for f in session.log if f["s"] > (data["seq"] or 0)]:
            await line.send(missed)
        await self.send(session, "RESUMED", self.resumed)

    async def send(self, session: Session, event: str, data: Any) -> None:
        session.seq += 1
        frame = {"op": 0, "t": event, "s": session.seq, "d": data}
        session.log.append(frame)
        del session.log[:-5_000]
        if session.line is not None:
            await session.line.send(frame)

    async def dispatch(self, event: str, data: dict[str, Any]) -> None:
        """To the newest session of the shard that the guild belongs to; direct messages go to shard 0."""
        guild = int(data.get("guild_id") or 0) >> 22
        latest: dict[int, Session] = {}
        for session in self.sessions.values():
            latest[session.shard] = session
        for session in latest.values():
            if session.shard == guild % session.shards:
                await self.send(session, event, data)

    async def raw(self, text: str) -> None:
        """Send a frame that is whatever it is."""
        for line in self._lines():
            await line.send_text(text)

    async def drop(self, code: int = 1006) -> None:
        """Close every connection; 1006 is a lost wire, without a closing handshake."""
        for line in self._lines():
            if code == 1006:
                transport = line.ws._req.transport if line.ws._req is not None else None
                if transport is not None:
                    transport.abort()
            else:
                await line.ws.close(code=code)
        for session in self.sessions.values():
            session.line = None
        await asyncio.sleep(0)

    async def invalidate(self, resumable: bool) -> None:
        """Op 9."""
        for line in self._lines():
            await line.send({"op": 9, "d": resumable, "s": None, "t": None})

    def _lines(self) -> list[Line]:
        return [s.line for s in self.sessions.values() if s.line is not None]

    @property
    def connected(self) -> bool:
        return bool(self._lines())
