"""Outgoing requests by themselves: rates, windows, order, what is tried again."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import httpx
import pytest
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError, TimedOut

from assemblybot.chat import in_order
from assemblybot.chat.in_order import InOrder
from assemblybot.chat.telegram.requests import (
    RateLimiter,
    SlidingWindow,
    describe,
    quiet_libraries,
)
from tests.doubles.telegram_updates import GROUP

quiet_libraries()


class Wire:
    """Where requests go; raises what it is told to, then works."""

    def __init__(self, *failures: TelegramError) -> None:
        self.failures = list(failures)
        self.tries: list[tuple[str, Any]] = []

    async def post(self, endpoint: str, data: dict[str, Any]) -> bool:
        self.tries.append((endpoint, data.get("chat_id")))
        if self.failures:
            raise self.failures.pop(0)
        return True


async def send(
    limiter: RateLimiter, wire: Wire, endpoint: str = "sendMessage", chat: int | str | None = 7
) -> Any:
    data = {} if chat is None else {"chat_id": chat}
    return await limiter.process_request(wire.post, (endpoint, data), {}, endpoint, data, None)


def caused(error: TelegramError, by: Exception) -> TelegramError:
    error.__cause__ = by
    return error


def test_no_second_sees_more_than_the_pace_allows() -> None:
    times: list[float] = []

    async def post(endpoint: str, data: dict[str, Any]) -> bool:
        times.append(time.monotonic())
        return True

    async def main() -> None:
        limiter = RateLimiter(per_second=60)
        await asyncio.gather(
            *(
                limiter.process_request(post, ("", {}), {}, "sendMessage", {"chat_id": chat}, None)
                for chat in range(90)
            )
        )

    asyncio.run(main())
    assert max(sum(t <= u < t + 0.99 for u in times) for t in times) <= 61
    assert times[8] - times[0] < 0.1, "a few go at once"


def test_a_window_lets_the_next_one_in_when_the_first_is_over() -> None:
    async def main() -> float:
        window, start = SlidingWindow(3, 0.3), time.monotonic()
        for _ in range(7):
            await window.wait()
        return time.monotonic() - start

    assert 0.55 < asyncio.run(main()) < 1.5


def test_a_full_group_waits_and_others_do_not() -> None:
    async def main() -> None:
        limiter, wire = RateLimiter(per_group_minute=2), Wire()
        waiting = [asyncio.create_task(send(limiter, wire, chat=GROUP)) for _ in range(3)]
        await asyncio.sleep(0.2)
        assert len(wire.tries) == 2
        await send(limiter, wire, chat=7)
        await send(limiter, wire, "answerCallbackQuery", None)
        await send(limiter, wire, "sendChatAction", GROUP)
        assert len(wire.tries) == 5
        waiting[2].cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    asyncio.run(main())


def test_messages_to_one_chat_keep_their_order_through_a_flood_wait() -> None:
    async def main() -> None:
        limiter = RateLimiter()
        done: list[int] = []

        async def post(endpoint: str, data: dict[str, Any]) -> bool:
            if not done and not waits:
                waits.append(1)
                raise RetryAfter(1)
            done.append(data["n"])
            return True

        waits: list[int] = []
        sends = [
            limiter.process_request(
                post, ("sendMessage", {"chat_id": 7, "n": n}), {}, "sendMessage", {"chat_id": 7, "n": n}, None
            )
            for n in range(5)
        ]
        await asyncio.gather(*sends)
        assert done == [0, 1, 2, 3, 4]

    asyncio.run(main())


@pytest.mark.parametrize(
    ("failure", "endpoint", "again"),
    [
        (NetworkError("Internal Server Error"), "sendMessage", True),
        (caused(NetworkError("x"), httpx.ConnectError("x")), "sendMessage", True),
        (caused(TimedOut(), httpx.PoolTimeout("x")), "sendMessage", True),
        (caused(TimedOut(), httpx.ReadTimeout("x")), "sendMessage", False),
        (caused(NetworkError("x"), httpx.ReadError("x")), "sendMessage", False),
        (caused(NetworkError("x"), httpx.ReadError("x")), "editMessageText", True),
        (RetryAfter(0), "answerGuestQuery", True),
        (RetryAfter(0), "answerInlineQuery", False),
        (BadRequest("chat not found"), "sendMessage", False),
        (BadRequest("message to edit not found"), "editMessageText", False),
    ],
)
def test_a_message_is_sent_again_only_if_it_surely_was_not(
    failure: TelegramError, endpoint: str, again: bool
) -> None:
    wire = Wire(failure)
    if again:
        assert asyncio.run(send(RateLimiter(), wire, endpoint))
    else:
        with pytest.raises(type(failure)):
            asyncio.run(send(RateLimiter(), wire, endpoint))
    assert len(wire.tries) == 1 + again


def test_who_waits_for_a_lock_releases_its_slot_also_between_two_holders(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    released: list[str] = []
    monkeypatch.setattr(in_order, "release_slot", lambda: released.append("slot"))

    async def main() -> None:
        turns = InOrder()

        async def use() -> None:
            async with turns.turn("chat"):
                await asyncio.sleep(0)

        async with turns.turn("chat"):
            second = asyncio.create_task(use())
            await asyncio.sleep(0)
            assert released == ["slot"]
        # The first has gone, and the second has not run yet: whoever comes now stands behind it.
        await use()
        assert released == ["slot"] * 2
        await second
        await use()
        assert released == ["slot"] * 2

    asyncio.run(main())


@pytest.mark.slow
def test_patience_has_an_end() -> None:
    with pytest.raises(RetryAfter):
        asyncio.run(send(RateLimiter(), Wire(RetryAfter(3600))))
    wire = Wire(*[NetworkError("x")] * 9)
    with pytest.raises(NetworkError):
        asyncio.run(send(RateLimiter(), wire, "answerInlineQuery", None))
    assert len(wire.tries) == 5


def test_what_may_be_logged_of_an_error() -> None:
    assert describe(BadRequest("message is too long")).endswith("essage is too long")
    assert describe(caused(BadRequest("payload"), ValueError())) == "BadRequest"
    with pytest.raises(KeyError) as raised:
        raise KeyError("question")
    assert describe(raised.value).startswith(f"KeyError at {__file__}:")
