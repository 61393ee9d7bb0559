"""Long polling: every update is taken before Telegram is told to forget it, whatever the network does."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode

from aiohttp import web
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from assemblybot.chat.channel import NotAcceptedError
from assemblybot.chat.telegram.bot import REFUSED, TelegramBot, unreachable
from assemblybot.chat.telegram.incoming import ALLOWED_UPDATES, PLATFORM, Incoming, number_of
from assemblybot.chat.telegram.outbox import flood_wait
from assemblybot.chat.telegram.redaction import QuietRequest, describe
from assemblybot.errors import PlatformError

_LOG = logging.getLogger(__name__)
CONFLICT: Final = (
    "Another process is answering for this Telegram bot (409 Conflict). Telegram allows one: "
    "stop the other one, or give this one a token of its own."
)
_LONGEST_PAUSE: Final = 30.0


class Poller:
    """A `Transport`: asks for the updates of `bot` until cancelled.

    `timeout` is how long Telegram may hold a request open; a request that takes longer by
    `grace` hangs, is cut off, and asked again on a new connection. Seconds.
    """

    def __init__(
        self, bot: TelegramBot, incoming: Incoming, *, timeout: float = 30.0, grace: float = 10.0
    ) -> None:
        self._bot = bot.api
        self._incoming = incoming
        self._timeout = timeout
        self._grace = grace
        self._request = QuietRequest(connection_pool_size=2)
        self._offset = 0

    @property
    def routes(self) -> Sequence[web.RouteDef]:
        """None: Telegram is asked."""
        return ()

    async def open(self) -> None:
        """Updates wait for us from now on, instead of going to a webhook."""
        try:
            await self._bot.delete_webhook(drop_pending_updates=False)
        except TelegramError as error:
            raise unreachable(error) from error

    async def watch(self) -> None:
        """Raises PlatformError when another process polls, or the token is refused."""
        pause = 0.0
        async with self._request:
            while True:
                try:
                    got = self._get(hold=self._timeout)
                    found = await asyncio.wait_for(got, self._timeout + self._grace)
                    self._incoming.observer.heard(PLATFORM)
                    readable = [item for item in found if number_of(item) is not None]
                    for item in readable:
                        await self._incoming.hear(item)
                        self._offset = max(self._offset, item["update_id"] + 1)
                    if readable or not found:
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
                except NotAcceptedError:
                    _LOG.warning("Too much is in hand; Telegram keeps its updates for a while")
                pause = min(_LONGEST_PAUSE, pause * 2 or 0.5)
                await asyncio.sleep(pause)

    async def shut(self) -> None:
        """Tell Telegram what has arrived, so that it is not sent again after a restart."""
        async with self._request:
            try:
                await asyncio.wait_for(self._get(hold=0, limit=1), self._grace)
            except (TelegramError, PlatformError, TimeoutError) as error:
                _LOG.info("The last updates were not confirmed: %s", describe(error))

    async def _get(self, *, hold: float, limit: int = 100) -> list[Any]:
        values: dict[str, str | int] = {"timeout": int(hold), "limit": limit}
        values |= {"offset": self._offset, "allowed_updates": json.dumps(ALLOWED_UPDATES)}
        url = f"{self._bot.base_url}/getUpdates?{urlencode(values)}"
        try:
            found: Any = await self._request.post(url, read_timeout=hold + self._grace)
        except Conflict as error:
            raise PlatformError(CONFLICT) from error
        except InvalidToken as error:
            raise PlatformError(REFUSED) from error
        return found if isinstance(found, list) else []
