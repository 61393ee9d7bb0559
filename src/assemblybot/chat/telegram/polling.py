"""Long polling: every update exactly once into the queue, whatever the network does."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from assemblybot.chat.telegram.outbox import flood_wait
from assemblybot.chat.telegram.quiet import QuietRequest, describe
from assemblybot.errors import PlatformError

_LOG = logging.getLogger(__name__)
ALLOWED: Final = (
    "message",
    "edited_message",
    "callback_query",
    "inline_query",
    "message_reaction",
    "my_chat_member",
)
CONFLICT: Final = (
    "Another process is answering for this Telegram bot (409 Conflict). Telegram allows one: "
    "stop the other one, or give this one a token of its own."
)
REFUSED: Final = "Telegram does not know this token. Copy it again from @BotFather into TELEGRAM_BOT_TOKEN."
_LONGEST_PAUSE: Final = 30.0


class Poller:
    """Fetches updates of `bot` into `queue` until cancelled.

    `timeout` is how long Telegram may hold a request open; a request that takes longer by
    `grace` hangs, is cut off, and asked again on a new connection. Seconds.
    """

    def __init__(
        self, bot: Bot, queue: asyncio.Queue[object], *, timeout: float = 30.0, grace: float = 10.0
    ) -> None:
        self._bot = bot
        self._queue = queue
        self._timeout = timeout
        self._grace = grace
        self._request = QuietRequest(connection_pool_size=2)
        self._offset = 0
        self.last_contact = time.monotonic()

    async def run(self) -> None:
        """Raises PlatformError when another process polls, or the token is refused."""
        pause = 0.0
        async with self._request:
            while True:
                try:
                    if await self._fetch():
                        pause = 0.0
                        continue
                except TelegramError as error:
                    _LOG.warning("Telegram could not be asked for updates: %s", describe(error))
                    if isinstance(error, RetryAfter):
                        await asyncio.sleep(flood_wait(error))
                except TimeoutError:
                    _LOG.warning("A request for updates hung and was cut off")
                    await self._request.shutdown()
                    await self._request.initialize()
                pause = min(_LONGEST_PAUSE, pause * 2 or 0.5)
                await asyncio.sleep(pause)

    async def confirm(self) -> None:
        """Tell Telegram what has arrived, so that it is not sent again after a restart."""
        async with self._request:
            try:
                await asyncio.wait_for(self._get(hold=0, limit=1), self._grace)
            except (TelegramError, TimeoutError) as error:
                _LOG.info("The last updates were not confirmed: %s", describe(error))

    async def _fetch(self) -> bool:
        """One request; False when nothing in the answer could be read."""
        found = await asyncio.wait_for(self._get(hold=self._timeout), self._timeout + self._grace)
        self.last_contact = time.monotonic()
        readable = not found
        for item in found:
            number = item.get("update_id") if isinstance(item, Mapping) else None
            if not isinstance(number, int):
                continue
            self._offset = max(self._offset, number + 1)
            readable = True
            if update := self._parsed(item):
                await self._queue.put(update)
        return readable

    def _parsed(self, item: dict[str, Any]) -> Update | None:
        """One broken update must not hold up those behind it."""
        try:
            return Update.de_json(item, self._bot)
        except Exception as error:
            _LOG.warning("An update could not be read and was left out: %s", type(error).__name__)
            return None

    async def _get(self, *, hold: float, limit: int = 100) -> list[Any]:
        values: dict[str, str | int] = {"timeout": int(hold), "limit": limit}
        values |= {"offset": self._offset, "allowed_updates": json.dumps(ALLOWED)}
        url = f"{self._bot.base_url}/getUpdates?{urlencode(values)}"
        try:
            found: Any = await self._request.post(url, read_timeout=hold + self._grace)
        except Conflict as error:
            raise PlatformError(CONFLICT) from error
        except InvalidToken as error:
            raise PlatformError(REFUSED) from error
        return found if isinstance(found, list) else []
