"""The two ways in which Slack delivers payloads: signed HTTP requests and Socket Mode."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from typing import Final

import aiohttp
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from assemblybot.chat.channel import NotAcceptedError, Transport
from assemblybot.chat.slack.app import SlackBot
from assemblybot.chat.slack.client import PLATFORM, describe, reaching_slack, sdk_logger
from assemblybot.chat.slack.manifest import EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH
from assemblybot.chat.slack.payloads import Incoming
from assemblybot.errors import PlatformError, PlatformUnreachableError

_LOG = logging.getLogger(__name__)
_PING_INTERVAL: Final = 10.0


class SlackHttp(Transport):
    """HTTP. Raises ValueError when the signing secret is empty."""

    def __init__(self, bot: SlackBot, incoming: Incoming, *, signing_secret: str) -> None:
        self._bot = bot
        self._incoming = incoming
        self._verifier = SignatureVerifier(signing_secret)

    @property
    def routes(self) -> Sequence[web.RouteDef]:
        return [
            web.post(EVENTS_PATH, self._receive),
            web.get(INSTALL_PATH, self._oauth),
            web.get(REDIRECT_PATH, self._oauth),
        ]

    async def _receive(self, request: web.Request) -> web.Response:
        """Check the signature, put the payload into the inbox and no more: Slack waits three seconds."""
        begin = time.perf_counter()
        try:
            is_signed = self._verifier.is_valid_request(await request.read(), request.headers)
        except (ArithmeticError, ValueError, TypeError):  # a time that is none, or what should be text is not
            is_signed = False
        if not is_signed:
            self._incoming.refuse()
            return web.Response(status=401)
        try:
            payload = (await to_bolt_request(request)).body
        except Exception:  # a kind of its own for every way to be damaged
            return web.Response(status=400)
        if payload.get("type") == "url_verification":
            return web.json_response({"challenge": str(payload.get("challenge", ""))})
        if "ssl_check" in payload:
            return web.Response()
        try:
            await self._incoming.accept(payload, repeated="X-Slack-Retry-Num" in request.headers)
        except NotAcceptedError:
            return web.Response(status=503)
        self._incoming.observer.acknowledged(PLATFORM, time.perf_counter() - begin)
        return web.Response()

    async def _oauth(self, request: web.Request) -> web.Response:
        """The page by which a workspace installs the app, and the one to which Slack then leads back."""
        flow = self._bot.oauth
        if flow is None:
            return web.Response(status=404)
        handle = flow.handle_installation if request.path == INSTALL_PATH else flow.handle_callback
        return await to_aiohttp_response(await handle(await to_bolt_request(request)))


class SlackSocket(Transport):
    """Socket Mode, for one workspace without a public address; replaces a silent connection.

    slack_sdk checks its pings too, but in a task that can end with the connection it watches; `watch` does
    not depend on the connection.
    """

    #: Seconds of silence after which the connection is replaced, and after which `watch` gives up.
    silent_after = 6 * _PING_INTERVAL
    dead_after = 30 * _PING_INTERVAL
    check_every = _PING_INTERVAL

    def __init__(self, bot: SlackBot, incoming: Incoming, *, app_token: str) -> None:
        self._bot = bot
        self._incoming = incoming
        self._token = app_token
        self._client: SocketModeClient | None = None
        self._last_heard = 0.0

    @property
    def client(self) -> SocketModeClient:
        """slack_sdk's client; after `open`."""
        assert self._client is not None
        return self._client

    @property
    def last_heard(self) -> float:
        """When Slack last sent a message or answered a ping, in seconds since the epoch."""
        self._last_heard = max(self._last_heard, self.client.last_ping_pong_time or 0.0)
        return self._last_heard

    async def open(self) -> None:
        """Connect. Raises PlatformError when Slack refuses the app-level token, and
        PlatformUnreachableError when it cannot be reached."""
        self._client = SocketModeClient(
            self._token,
            web_client=self._bot.client(),
            logger=sdk_logger(),
            ping_interval=_PING_INTERVAL,
            on_message_listeners=[self._on_message],
        )
        self._client.socket_mode_request_listeners.append(self._on_envelope)
        self._last_heard = time.time()
        try:
            # Asked for here, because slack_sdk would repeat a refused token for ever.
            with reaching_slack():
                self._client.wss_uri = await self._client.issue_new_wss_url()
        except SlackApiError as error:
            raise PlatformError(
                f"Slack refuses the app-level token ({error.response.get('error')}). Make one with the scope "
                "connections:write under “Basic Information”; it begins with xapp-."
            ) from error
        with reaching_slack():
            await self._client.connect()  # type: ignore[no-untyped-call]

    async def watch(self) -> None:
        """Check for ever. Raises PlatformUnreachableError when new connections stay silent too."""
        while True:
            before = self.last_heard
            await asyncio.sleep(self.check_every)
            if self.last_heard > before:
                self._incoming.observer.heard(PLATFORM)
            silence = time.time() - self.last_heard
            if silence >= self.dead_after:
                raise PlatformUnreachableError(
                    f"Slack has been silent for {silence:.0f} seconds, on new connections too. "
                    "Check the network and https://slack-status.com."
                )
            if silence >= self.silent_after:
                await self._reconnect(silence)

    async def shut(self) -> None:
        """Disconnect. What was not acknowledged, Slack sends over another connection."""
        if self._client:
            await self._client.close()  # type: ignore[no-untyped-call]

    async def _reconnect(self, silence: float) -> None:
        _LOG.warning("Slack: silent for %.0f s; connecting anew", silence)
        try:
            await asyncio.wait_for(self.client.connect_to_new_endpoint(force=True), timeout=self.check_every)
        except (TimeoutError, SlackApiError, aiohttp.ClientError, OSError) as error:
            _LOG.warning("Slack: no new connection: %s", describe(error))

    async def _on_message(self, _: aiohttp.WSMessage) -> None:
        self._last_heard = time.time()

    async def _on_envelope(self, _: object, envelope: SocketModeRequest) -> None:
        """Acknowledge every payload but one that cannot be accepted now; Slack sends that one again."""
        begin = time.perf_counter()
        try:
            await self._incoming.accept(envelope.payload, repeated=bool(envelope.retry_attempt))
        except NotAcceptedError:
            return
        await self.client.send_socket_mode_response(SocketModeResponse(envelope_id=envelope.envelope_id))
        self._incoming.observer.acknowledged(PLATFORM, time.perf_counter() - begin)
