"""HTTP: signed requests in, and the pages by which a workspace installs the app."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_sdk.signature import SignatureVerifier

from assemblybot.chat.channel import NotAcceptedError
from assemblybot.chat.slack.bot import SlackBot
from assemblybot.chat.slack.incoming import PLATFORM, Incoming, Payload
from assemblybot.chat.slack.manifest import EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH
from assemblybot.errors import SettingsError


class SlackHttp:
    """A `Transport`. Raises SettingsError when the signing secret is empty."""

    def __init__(self, bot: SlackBot, incoming: Incoming, *, signing_secret: str) -> None:
        if not signing_secret:
            raise SettingsError(
                "SLACK_SIGNING_SECRET is empty. Copy it from “Basic Information” of the Slack app."
            )
        self._bot = bot
        self._incoming = incoming
        self._verifier = SignatureVerifier(signing_secret)

    @property
    def routes(self) -> Sequence[web.RouteDef]:
        """See `Transport.routes`."""
        return [
            web.post(EVENTS_PATH, self._receive),
            web.get(INSTALL_PATH, self._install),
            web.get(REDIRECT_PATH, self._installed),
        ]

    async def open(self) -> None:
        """Nothing to do: the address stands in the app's manifest."""

    async def watch(self) -> None:
        """Nothing to watch: Slack calls when there is something."""
        await asyncio.Event().wait()

    async def shut(self) -> None:
        """Slack goes on calling; what is not taken it sends again."""

    async def _receive(self, request: web.Request) -> web.Response:
        """Signature, form and inbox, and nothing else: Slack waits three seconds."""
        begin = time.perf_counter()
        raw = await request.read()
        if not self._genuine(raw, request.headers):
            self._incoming.observer.count("deliveries", PLATFORM, "refused")
            return web.Response(status=401)
        payload = _payload(raw, request.content_type)
        if payload is None:
            return web.Response(status=400)
        if payload.get("type") == "url_verification":
            return web.json_response({"challenge": str(payload.get("challenge", ""))})
        if "ssl_check" in payload:
            return web.Response()
        try:
            await self._incoming.hear(payload, repeated="X-Slack-Retry-Num" in request.headers)
        except NotAcceptedError:
            return web.Response(status=503)
        except RecursionError:  # what could be read may still nest too deep to be written
            return web.Response(status=400)
        self._incoming.observer.acknowledged(PLATFORM, time.perf_counter() - begin)
        return web.Response()

    def _genuine(self, raw: bytes, headers: Mapping[str, str]) -> bool:
        stamp, signature = headers.get("X-Slack-Request-Timestamp", ""), headers.get("X-Slack-Signature", "")
        # The SDK stumbles over a time that is no number, and over a signature that is not ASCII.
        if not (stamp.isascii() and stamp.isdecimal() and len(stamp) < 16 and signature.isascii()):
            return False
        try:
            return self._verifier.is_valid(raw, stamp, signature)
        except UnicodeDecodeError:
            return False

    async def _install(self, request: web.Request) -> web.Response:
        if self._bot.oauth is None:
            return web.Response(status=404)
        answer = await self._bot.oauth.handle_installation(await to_bolt_request(request))
        return await to_aiohttp_response(answer)

    async def _installed(self, request: web.Request) -> web.Response:
        if self._bot.oauth is None:
            return web.Response(status=404)
        answer = await self._bot.oauth.handle_callback(await to_bolt_request(request))
        return await to_aiohttp_response(answer)


def _payload(raw: bytes, content_type: str) -> Payload | None:
    """What a request says: JSON, a form, or JSON in the field `payload` of a form."""
    try:
        text = raw.decode("utf-8")
        if content_type == "application/json":
            found: Any = json.loads(text)
        else:
            found = dict(parse_qsl(text, keep_blank_values=True))
            if "payload" in found:
                found = json.loads(found["payload"])
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
