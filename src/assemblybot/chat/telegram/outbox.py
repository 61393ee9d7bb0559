"""How requests leave: in order for each chat, within Telegram's limits, patient when told to be.

One chat's flood wait stalls that chat alone. A message is sent again only when the first try
surely did nothing, so a question never gets two answers.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import timedelta
from typing import Any, Final
from weakref import WeakValueDictionary

import httpx
from telegram.error import BadRequest, ChatMigrated, NetworkError, RetryAfter, TelegramError
from telegram.ext import BaseRateLimiter

from assemblybot.chat.observe import Observer
from assemblybot.chat.telegram.incoming import PLATFORM
from assemblybot.session.inbox import current_delivery

_LOG = logging.getLogger(__name__)

PER_SECOND: Final = 30
PER_GROUP_MINUTE: Final = 20
_LONGEST_FLOOD_WAIT: Final = 600.0
_TRIES: Final = 5
_BACKOFF: Final = 0.5
# Requests that a chat sees; all others are free.
_PACED: Final = ("sendMessage", "editMessageText", "editMessageReplyMarkup")
# Requests that answer a question: after one of these nobody may answer it again.
_VISIBLE: Final = ("sendMessage", "editMessageText", "answerInlineQuery", "answerGuestQuery")
# Doing these twice is the same as doing them once.
_REPEATABLE: Final = ("edit", "set", "get", "delete", "answerInlineQuery")
_NEVER_SENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)

Result = bool | dict[str, Any] | list[dict[str, Any]]
Post = Callable[..., Coroutine[Any, Any, Result]]


class Pace:
    """At most `most` passes in any second, a few of them at once and the others evenly spaced.

    Thirty at once would arrive spread by the network, and meet the next thirty at the gate.
    """

    def __init__(self, most: int) -> None:
        at_once = max(1, most // 6)
        self._gap = 1.0 / max(1, most - at_once)
        self._slack = self._gap * (at_once - 1)
        self._next = 0.0
        self._lock = asyncio.Lock()

    async def wait(self) -> None:
        """Return when one more may pass; callers pass in the order they came."""
        clock = asyncio.get_running_loop().time
        async with self._lock:
            if (delay := self._next - clock()) > 0:
                await asyncio.sleep(delay)
            # From when it really passed: a loop that was held up must not catch up in a burst.
            self._next = max(self._next, clock() - self._slack) + self._gap


class Window:
    """At most `most` passes in any `seconds`; waiting passes keep their order."""

    def __init__(self, most: int, seconds: float) -> None:
        self._seconds = seconds
        self._times: deque[float] = deque(maxlen=most)
        self._lock = asyncio.Lock()

    async def wait(self) -> None:
        """Return when one more may pass."""
        async with self._lock:
            await asyncio.sleep(self._delay)
            self._times.append(asyncio.get_running_loop().time())

    @property
    def is_full(self) -> bool:
        """Whether the next one must wait."""
        return self._delay > 0

    @property
    def _delay(self) -> float:
        """Seconds until the oldest pass is out of the window."""
        if len(self._times) < (self._times.maxlen or 0):
            return 0.0
        return max(0.0, self._times[0] + self._seconds - asyncio.get_running_loop().time())


class _Lane:
    """One chat: what goes to it goes one after another."""

    def __init__(self, window: Window | None) -> None:
        self.lock = asyncio.Lock()
        self.window = window

    @property
    def is_taken(self) -> bool:
        """Whether the next one must wait for this chat."""
        return self.lock.locked() or (self.window is not None and self.window.is_full)


class Outbox(BaseRateLimiter[int]):
    """Sends for a bot; see the module. Limits are Telegram's unless given."""

    def __init__(
        self,
        per_second: int = PER_SECOND,
        per_group_minute: int = PER_GROUP_MINUTE,
        observer: Observer | None = None,
    ) -> None:
        self._observer = observer or Observer()
        self._all = Pace(per_second)
        self._per_group_minute = per_group_minute
        self._lanes: WeakValueDictionary[str, _Lane] = WeakValueDictionary()
        # A group's window must outlive its lane's last message by a minute.
        self._groups: dict[str, Window] = {}

    async def initialize(self) -> None:
        """Nothing to do."""

    async def shutdown(self) -> None:
        """Nothing to do."""

    async def process_request(
        self,
        callback: Post,
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,  # noqa: ARG002 (named by the library)
    ) -> Result:
        """Called by python-telegram-bot for every request but getUpdates."""
        chat = data.get("chat_id")
        patient = chat is not None and endpoint in _PACED
        async with self._turn(str(chat)) if patient else contextlib.nullcontext():
            failures = 0
            waited = 0.0
            while True:
                if patient:
                    await self._all.wait()
                try:
                    if endpoint not in _VISIBLE:
                        return await callback(*args, **kwargs)
                    if current := current_delivery():
                        await current.sending()
                    with self._observer.timing("send"):
                        return await callback(*args, **kwargs)
                except RetryAfter as error:
                    self._observer.count("rate_limited", PLATFORM)
                    delay = flood_wait(error)
                    waited += delay
                    if not patient or waited > _LONGEST_FLOOD_WAIT:
                        raise
                    _LOG.info("Telegram asks one chat to wait %.0f s", delay)
                    _release_slot()
                    await asyncio.sleep(delay)
                except ChatMigrated as error:
                    data["chat_id"] = error.new_chat_id
                    failures += 1
                    if failures >= _TRIES:
                        raise
                except TelegramError as error:
                    failures += 1
                    if failures >= _TRIES or not _may_repeat(error, endpoint):
                        raise
                    await asyncio.sleep(_BACKOFF * 2 ** (failures - 1))
                self._observer.count("retries", PLATFORM)

    @contextlib.asynccontextmanager
    async def _turn(self, chat: str) -> AsyncIterator[None]:
        lane = self._lanes.get(chat)
        if lane is None:
            lane = self._lanes[chat] = _Lane(self._group_window(chat))
        if lane.is_taken:
            _release_slot()
        async with lane.lock:
            if lane.window:
                await lane.window.wait()
            yield

    def _group_window(self, chat: str) -> Window | None:
        if not chat.startswith(("-", "@")):
            return None
        return self._groups.setdefault(chat, Window(self._per_group_minute, 60.0))


def _release_slot() -> None:
    """A full group or a flood wait may last: whoever waits for it keeps nobody else from an answer."""
    if current := current_delivery():
        current.release_slot()


def _may_repeat(error: TelegramError, endpoint: str) -> bool:
    """Whether trying again cannot do the thing a second time."""
    if not isinstance(error, NetworkError) or isinstance(error, BadRequest):
        return False
    if isinstance(error.__cause__, _NEVER_SENT) or endpoint.startswith(_REPEATABLE):
        return True
    # An answer with an error status says that it was not done; a broken connection says nothing.
    return error.__cause__ is None


def flood_wait(error: RetryAfter) -> float:
    """Seconds that Telegram asks to wait."""
    delay = error.retry_after
    return delay.total_seconds() if isinstance(delay, timedelta) else float(delay)
