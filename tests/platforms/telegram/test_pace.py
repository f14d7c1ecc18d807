"""When calls go out and are made again."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
from telegram.error import BadRequest

from bot.platforms.telegram.pace import MOST_REPEATS, MOST_RESENDS, Pace
from bot.platforms.telegram.wire import Dropped, Flooded, NotSent, ServerTrouble, Silent


class Server:
    """Answers calls with what is in ``script``, then with success."""

    def __init__(self, *script: Exception) -> None:
        self.script = list(script)
        self.times: list[float] = []

    async def __call__(self, *_: Any, **__: Any) -> bool:
        self.times.append(time.monotonic())
        if self.script:
            raise self.script.pop(0)
        return True


def pace() -> Pace:
    return Pace(paced=False, on_error=lambda _: None)


async def call(pace: Pace, server: Server, endpoint: str = "sendMessage", chat: int | None = 1) -> Any:
    data = {} if chat is None else {"chat_id": chat}
    return await pace.process_request(server, (), {}, endpoint, data, None)


async def test_retry_after_is_honoured() -> None:
    """The repeat comes after the time that the server asked for."""
    server = Server(Flooded(1))
    assert await call(pace(), server)
    assert server.times[1] - server.times[0] >= 1.0


async def test_a_halt_is_not_released_early() -> None:
    """Stock AIORateLimiter lets the next finished call end everybody's halt (python-telegram-bot#5338); here it lasts."""
    paced, halted, other = pace(), Server(Flooded(1)), Server()
    first = asyncio.create_task(call(paced, halted))
    await asyncio.sleep(0.05)
    await call(paced, other, chat=2)  # ends while chat 1 is halted
    late = Server()
    await call(paced, late, chat=1)
    await first
    assert late.times[0] - halted.times[0] >= 1.0


async def test_a_flood_of_the_whole_bot_halts_all_of_it() -> None:
    """When most calls are refused, chats that were not yet refused wait too."""
    paced = pace()
    refused = [Server(Flooded(1)) for _ in range(25)]
    calls = [asyncio.create_task(call(paced, server, chat=n)) for n, server in enumerate(refused)]
    await asyncio.sleep(0.05)
    fresh = Server()
    await call(paced, fresh, chat=999)
    assert fresh.times[0] - refused[0].times[0] >= 1.0
    await asyncio.gather(*calls)


async def test_a_settings_flood_of_hours_halts_nobody() -> None:
    """SetMyName may be refused for a day; messages go on."""
    paced = pace()
    with pytest.raises(Flooded):
        await call(paced, Server(Flooded(80_000)), "setMyName", None)
    async with asyncio.timeout(30):
        await call(paced, Server())


@pytest.mark.parametrize("error", [ServerTrouble, NotSent])
async def test_what_was_surely_not_done_is_repeated(error: type[Exception]) -> None:
    """5xx and refused connections, up to a limit."""
    assert await call(pace(), Server(error("x"), error("x"), error("x")))
    endless = Server(*[error("x")] * 50)
    with pytest.raises(error):
        await call(pace(), endless)
    assert len(endless.times) == MOST_REPEATS + 1


async def test_a_broken_connection_is_repeated_a_little() -> None:
    """Errno 104 on a send: a dead connection, as a rule; three repeats, no more."""
    assert await call(pace(), Server(Dropped("reset")))
    endless = Server(*[Dropped("reset")] * 50)
    with pytest.raises(Dropped):
        await call(pace(), endless)
    assert len(endless.times) == MOST_RESENDS + 1


async def test_a_message_into_silence_is_not_repeated_but_an_edit_is() -> None:
    """A second sendMessage might be a second reply; a second edit is the same edit."""
    silent = Server(Silent("timeout"))
    with pytest.raises(Silent):
        await call(pace(), silent)
    assert len(silent.times) == 1
    assert await call(pace(), Server(Silent("timeout")), "editMessageText")


async def test_a_refusal_is_not_repeated() -> None:
    """400 and 403 are answers."""
    server = Server(BadRequest("no"))
    with pytest.raises(BadRequest):
        await call(pace(), server)
    assert len(server.times) == 1


async def test_on_the_official_server_groups_get_twenty_a_minute() -> None:
    """The library's own pacing is on there."""
    paced, server = Pace(paced=True, on_error=lambda _: None), Server()
    calls = [asyncio.create_task(call(paced, server, chat=-1)) for _ in range(25)]
    async with asyncio.timeout(20):
        while len(server.times) < 20:  # noqa: ASYNC110 - the limiter tells nobody
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.3)
    for task in calls:
        task.cancel()
    await asyncio.gather(*calls, return_exceptions=True)
    assert 20 <= len(server.times) <= 21
