"""Requests to Telegram: in order for each chat, within Telegram's limits, tried again where that is safe.

A flood wait of one chat stalls that chat alone, where `AIORateLimiter` stalls all of them. A message is sent
again only when the first try surely did nothing, so a question never gets two answers.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import timedelta
from typing import Any, Final

import httpx
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError
from telegram.ext import BaseRateLimiter
from telegram.request import HTTPXRequest

from assemblybot import logs
from assemblybot.chat.in_order import InOrder
from assemblybot.chat.observe import Observer
from assemblybot.chat.telegram.incoming import PLATFORM
from assemblybot.session.inbox import current_delivery, release_slot

_LOG = logging.getLogger(__name__)

PER_SECOND: Final = 30
PER_GROUP_MINUTE: Final = 20
_LONGEST_FLOOD_WAIT: Final = 600.0
_TRIES: Final = 5
_BACKOFF: Final = 0.5
# Requests that a chat sees; all others are free.
_PACED: Final = ("sendMessage", "editMessageText", "editMessageReplyMarkup")
# Requests that wait as long as Telegram asks; the others are of no use later.
_PATIENT: Final = (*_PACED, "answerGuestQuery")
# Requests that answer a question: after one of these nobody may answer it again.
_VISIBLE: Final = ("sendMessage", "editMessageText", "answerInlineQuery", "answerGuestQuery")
# Doing these twice is the same as doing them once.
_REPEATABLE: Final = ("edit", "set", "get", "delete", "answerInlineQuery")
_NEVER_SENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
# httpx logs each URL, which holds the token, at INFO; python-telegram-bot whole updates and
# parameters at DEBUG.
_TALKATIVE: Final = ("httpx", "httpcore", "telegram")

Result = bool | dict[str, Any] | list[dict[str, Any]]


class SlidingWindow:
    """At most `most` requests in any `seconds`; those that wait keep their order."""

    def __init__(self, most: int, seconds: float) -> None:
        self._seconds = seconds
        self._times: deque[float] = deque(maxlen=most)
        self._lock = asyncio.Lock()

    async def wait(self) -> None:
        """Return when one more may leave."""
        async with self._lock:
            await asyncio.sleep(self._delay)
            # From when it really left: a loop that was held up must not catch up in a burst.
            self._times.append(asyncio.get_running_loop().time())

    @property
    def is_full(self) -> bool:
        """Whether the next one must wait."""
        return self._delay > 0

    @property
    def _delay(self) -> float:
        """Seconds until the oldest request is out of the window."""
        if len(self._times) < (self._times.maxlen or 0):
            return 0.0
        return max(0.0, self._times[0] + self._seconds - asyncio.get_running_loop().time())


class RateLimiter(BaseRateLimiter[int]):
    """Sends the requests of a bot; see the module. The limits are Telegram's unless given."""

    def __init__(
        self,
        per_second: int = PER_SECOND,
        per_group_minute: int = PER_GROUP_MINUTE,
        observer: Observer | None = None,
    ) -> None:
        self._observer = observer or Observer()
        # A few leave together, never a second's worth: the network spreads them, and Telegram would count
        # some of them with those of the next second.
        at_once = max(1, per_second // 6)
        self._all = SlidingWindow(at_once, at_once / max(1, per_second - at_once))
        self._per_group_minute = per_group_minute
        self._chats = InOrder()
        # They must outlive the last message to their group by a minute.
        self._groups: dict[str, SlidingWindow] = {}

    async def initialize(self) -> None:
        """Nothing to do."""

    async def shutdown(self) -> None:
        """Nothing to do."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Result]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,  # noqa: ARG002 (named by the library)
    ) -> Result:
        """Called by python-telegram-bot for every request but getUpdates."""
        chat = data.get("chat_id")
        waits = chat is not None and endpoint in _PACED
        async with self._turn(str(chat)) if waits else contextlib.nullcontext():
            failures = 0
            waited = 0.0
            while True:
                if waits:
                    await self._all.wait()
                try:
                    async with self._sending(endpoint):
                        return await callback(*args, **kwargs)
                except RetryAfter as error:
                    self._observer.count("rate_limited", PLATFORM)
                    delay = flood_wait(error)
                    waited += delay
                    if endpoint not in _PATIENT or waited > _LONGEST_FLOOD_WAIT:
                        raise
                    _LOG.info("Telegram asks one chat to wait %.0f s", delay)
                    release_slot()
                    await asyncio.sleep(delay)
                except TelegramError as error:
                    failures += 1
                    if failures >= _TRIES or not _may_repeat(error, endpoint):
                        raise
                    if isinstance(error, ChatMigrated):
                        data["chat_id"] = error.new_chat_id
                    await asyncio.sleep(_BACKOFF * 2 ** (failures - 1))
                self._observer.count("retries", PLATFORM)

    @contextlib.asynccontextmanager
    async def _sending(self, endpoint: str) -> AsyncIterator[None]:
        """Time a request that answers a question; after it, no other process answers the delivery in hand."""
        if endpoint not in _VISIBLE:
            yield
            return
        if delivery := current_delivery():
            await delivery.sending()
        with self._observer.timing("send"):
            yield

    @contextlib.asynccontextmanager
    async def _turn(self, chat: str) -> AsyncIterator[None]:
        """The turn of one request to a chat; in a group, within its window."""
        window = None
        if chat.startswith(("-", "@")):  # a group or a channel
            window = self._groups.setdefault(chat, SlidingWindow(self._per_group_minute, 60.0))
        async with self._chats.turn(chat, waits=window is not None and window.is_full):
            if window:
                await window.wait()
            yield


def _may_repeat(error: TelegramError, endpoint: str) -> bool:
    """Whether trying again cannot do the thing a second time."""
    if isinstance(error, ChatMigrated):
        return True
    if not isinstance(error, NetworkError) or isinstance(error, BadRequest):
        return False
    if isinstance(error.__cause__, _NEVER_SENT) or endpoint.startswith(_REPEATABLE):
        return True
    # An answer with an error status, be it in the HTML of a gateway, says that it was not done; a broken
    # connection says nothing.
    return error.__cause__ is None or isinstance(error.__cause__, TelegramError)


def flood_wait(error: RetryAfter) -> float:
    """Seconds that Telegram asks to wait."""
    delay = error.retry_after
    return delay.total_seconds() if isinstance(delay, timedelta) else float(delay)


class RedactedRequest(HTTPXRequest):
    """An HTTP client that does not log a damaged response, which may hold messages."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The response as a dict. Raises TelegramError, without its text, when it is none."""
        try:
            parsed = json.loads(payload.decode("utf-8", "replace"))
        except ValueError:
            parsed = None
        if not isinstance(parsed, dict):
            raise TelegramError("Invalid server response")
        return parsed


def quiet_libraries() -> None:
    """Let nothing below WARNING through from the libraries that log requests and updates."""
    # Without it python-telegram-bot warns, at every flood wait, of how it will count one day.
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def describe(error: BaseException) -> str:
    """What may be logged of an error: Telegram's own words where it refused, else its kind; and the place of
    one that is not Telegram's."""
    name = type(error).__name__
    if isinstance(error, BadRequest | Forbidden) and error.__cause__ is None:
        return f"{name}: {error.message}"
    return name if isinstance(error, TelegramError) else logs.describe(error)
