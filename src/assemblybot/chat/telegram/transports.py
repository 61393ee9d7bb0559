"""The two ways in: long polling, and the webhook."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import re
import time
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode

from aiohttp import web
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, RetryAfter, TelegramError

from assemblybot.chat.channel import NotAcceptedError, Transport
from assemblybot.chat.telegram.bot import REFUSED, TelegramBot, unreachable
from assemblybot.chat.telegram.incoming import ALLOWED_UPDATES, PLATFORM, Incoming, number_of
from assemblybot.chat.telegram.requests import RedactedRequest, describe, flood_wait
from assemblybot.errors import PlatformError, SettingsError

_LOG = logging.getLogger(__name__)
#: The path of the webhook.
PATH: Final = "/telegram/webhook"
_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{16,256}")
_CONNECTIONS: Final = 40
_LONGEST_PAUSE: Final = 30.0
_CONFLICT: Final = (
    "Another process is answering for this Telegram bot (409 Conflict). Telegram allows one: "
    "stop the other one, or give this one a token of its own."
)


class Poller(Transport):
    """Asks for the updates of `bot` until cancelled.

    Every update is accepted before Telegram is told to forget it, whatever the network does.
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
        self._request = RedactedRequest(connection_pool_size=2)
        self._offset = 0

    async def open(self) -> None:
        """Have updates wait for polling, instead of being sent to a webhook."""
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
                    found = await self._get_updates(hold=self._timeout, limit=100)
                    self._incoming.observer.heard(PLATFORM)
                    readable = [item for item in found if number_of(item) is not None]
                    for item in readable:
                        await self._incoming.accept(item)
                        self._offset = item["update_id"] + 1
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
                await self._get_updates(hold=0, limit=1)
            except (TelegramError, PlatformError, TimeoutError) as error:
                _LOG.info("The last updates were not confirmed: %s", describe(error))

    async def _get_updates(self, *, hold: float, limit: int) -> list[Any]:
        """As `Bot.get_updates`, where one damaged update would hold up all others: they are not parsed yet.

        Raises TimeoutError when Telegram holds the request for longer than `hold` and a grace.
        """
        asked = {"offset": self._offset, "limit": limit, "timeout": int(hold)}
        query = urlencode({**asked, "allowed_updates": json.dumps(ALLOWED_UPDATES)})
        try:
            async with asyncio.timeout(hold + self._grace):
                found: Any = await self._request.post(
                    f"{self._bot.base_url}/getUpdates?{query}", read_timeout=hold + self._grace
                )
        except Conflict as error:
            raise PlatformError(_CONFLICT) from error
        except InvalidToken as error:
            raise PlatformError(REFUSED) from error
        return found if isinstance(found, list) else []


class Webhook(Transport):
    """Telegram calls us under `public_url`, with a secret that only it knows.

    Raises SettingsError when the secret is empty, short, or holds what Telegram does not allow.
    """

    def __init__(self, bot: TelegramBot, incoming: Incoming, *, public_url: str, secret: str) -> None:
        if not _SECRET.fullmatch(secret):
            raise SettingsError(
                "TELEGRAM_WEBHOOK_SECRET must have 16 to 256 letters, digits, _ or -. "
                "Make one with: openssl rand -hex 32"
            )
        self._bot = bot.api
        self._incoming = incoming
        self._url = public_url.rstrip("/") + PATH
        self._secret = secret

    @property
    def routes(self) -> Sequence[web.RouteDef]:
        """See `Transport.routes`."""
        return [web.post(PATH, self._receive)]

    async def open(self) -> None:
        """Register the address; updates that wait are sent too."""
        try:
            await self._bot.set_webhook(
                self._url,
                secret_token=self._secret,
                allowed_updates=ALLOWED_UPDATES,
                max_connections=_CONNECTIONS,
                drop_pending_updates=False,
            )
        except (BadRequest, Forbidden) as error:
            raise PlatformError(
                f"Telegram refuses the webhook {self._url} ({describe(error)}). Check PUBLIC_URL."
            ) from error
        except TelegramError as error:
            raise unreachable(error) from error

    async def _receive(self, request: web.Request) -> web.Response:
        begin = time.perf_counter()
        given = request.headers.get(_HEADER, "")
        if not hmac.compare_digest(given.encode("utf-8", "replace"), self._secret.encode()):
            self._incoming.refuse()
            return web.Response(status=401)
        try:
            item = json.loads(await request.read())
            if number_of(item) is None:
                return web.Response(status=400)
            await self._incoming.accept(item)
        except (ValueError, RecursionError):
            return web.Response(status=400)
        except NotAcceptedError:
            return web.Response(status=503)
        self._incoming.observer.acknowledged(PLATFORM, time.perf_counter() - begin)
        return web.Response()
