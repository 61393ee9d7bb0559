"""The webhook: Telegram calls us, with a secret that only it knows."""

from __future__ import annotations

import asyncio
import hmac
import json
import re
import time
from collections.abc import Sequence
from typing import Final

from aiohttp import web
from telegram.error import BadRequest, Forbidden, TelegramError

from assemblybot.chat.channel import NotAcceptedError
from assemblybot.chat.telegram.bot import TelegramBot, unreachable
from assemblybot.chat.telegram.incoming import ALLOWED_UPDATES, PLATFORM, Incoming, number_of
from assemblybot.chat.telegram.redaction import describe
from assemblybot.errors import PlatformError, SettingsError

PATH: Final = "/telegram/webhook"
_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{16,256}")
_CONNECTIONS: Final = 40


class Webhook:
    """A `Transport`; `public_url` is where Telegram reaches this service.

    Raises SettingsError when the secret is empty, short, or holds what Telegram does not allow.
    """

    def __init__(self, bot: TelegramBot, incoming: Incoming, *, public_url: str, secret: str) -> None:
        if not _SECRET.fullmatch(secret):
            raise SettingsError(
                "TELEGRAM_WEBHOOK_SECRET must have 16 to 256 letters, digits, _ or -. "
                "Make one with: openssl rand -hex 32"
            )
        self._bot = bot
        self._incoming = incoming
        self._url = public_url.rstrip("/") + PATH
        self._secret = secret

    @property
    def routes(self) -> Sequence[web.RouteDef]:
        """See `Transport.routes`."""
        return [web.post(PATH, self._receive)]

    async def open(self) -> None:
        """Tell Telegram the address; what waits there is sent too."""
        try:
            await self._bot.api.set_webhook(
                self._url,
                secret_token=self._secret,
                allowed_updates=ALLOWED_UPDATES,
                max_connections=_CONNECTIONS,
                drop_pending_updates=False,
            )
        except TelegramError as error:
            if not isinstance(error, BadRequest | Forbidden):
                raise unreachable(error) from error
            raise PlatformError(
                f"Telegram refuses the webhook {self._url} ({describe(error)}). Check PUBLIC_URL."
            ) from error

    async def watch(self) -> None:
        """Nothing to watch: Telegram calls when there is something."""
        await asyncio.Event().wait()

    async def shut(self) -> None:
        """The address stays known: other replicas, or the next start, serve it."""

    async def _receive(self, request: web.Request) -> web.Response:
        begin = time.perf_counter()
        given = request.headers.get(_HEADER, "")
        if not hmac.compare_digest(given.encode("utf-8", "replace"), self._secret.encode()):
            self._incoming.observer.count("deliveries", PLATFORM, "refused")
            return web.Response(status=401)
        try:
            item = json.loads(await request.read())
            if number_of(item) is None:
                return web.Response(status=400)
            await self._incoming.hear(item)
        except (ValueError, RecursionError):
            return web.Response(status=400)
        except NotAcceptedError:
            return web.Response(status=503)
        self._incoming.observer.acknowledged(PLATFORM, time.perf_counter() - begin)
        return web.Response()
