"""Socket Mode: one workspace, no public address; a watchdog against connections that die silently."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from typing import Final

import aiohttp
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from assemblybot.chat.channel import NotAcceptedError
from assemblybot.chat.observe import Observer
from assemblybot.chat.slack.bot import SlackBot
from assemblybot.chat.slack.client import describe, quiet_logger, reaching_slack
from assemblybot.chat.slack.incoming import PLATFORM, Incoming
from assemblybot.errors import PlatformError, PlatformUnreachableError

_LOG = logging.getLogger(__name__)
_PING_INTERVAL: Final = 10.0


class Watchdog:
    """Watches the last event and the last ping of a connection, and replaces a silent one.

    slack_sdk checks its pings too, but in a task that can end with the connection it watches;
    this one lives outside of it. `last_event` and `last_ping` are times of `clock`.
    """

    def __init__(
        self,
        client: SocketModeClient,
        observer: Observer,
        *,
        silent_after: float = 6 * _PING_INTERVAL,
        dead_after: float = 30 * _PING_INTERVAL,
        every: float = _PING_INTERVAL,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._client = client
        self._observer = observer
        self._silent_after = silent_after
        self._dead_after = dead_after
        self._every = every
        self._clock = clock
        self.last_event = self.last_ping = clock()
        self.reconnections = 0
        client.on_message_listeners.append(self._on_message)

    async def _on_message(self, _: aiohttp.WSMessage) -> None:
        self.last_event = self._clock()

    @property
    def last_heard(self) -> float:
        """When anything was last heard from Slack."""
        self.last_ping = max(self.last_ping, self._client.last_ping_pong_time or 0.0)
        return max(self.last_event, self.last_ping)

    @property
    def silence(self) -> float:
        """Seconds since then."""
        return max(0.0, self._clock() - self.last_heard)

    async def watch(self) -> None:
        """Check for ever. Raises PlatformUnreachableError when new connections stay silent too."""
        told = self.last_heard
        while True:
            await asyncio.sleep(self._every)
            if self.last_heard > told:
                told = self.last_heard
                self._observer.heard(PLATFORM)
            if self.silence >= self._dead_after:
                raise PlatformUnreachableError(
                    f"Slack has been silent for {self.silence:.0f} seconds, on new connections too. "
                    "Check the network and https://slack-status.com."
                )
            if self.silence >= self._silent_after:
                _LOG.warning("Slack: silent for %.0f s; connecting anew", self.silence)
                self.reconnections += 1
                try:
                    await asyncio.wait_for(
                        self._client.connect_to_new_endpoint(force=True), timeout=self._every
                    )
                except (TimeoutError, SlackApiError, aiohttp.ClientError, OSError) as error:
                    _LOG.warning("Slack: no new connection: %s", describe(error))


class SlackSocket:
    """A `Transport` for one workspace, without a public address."""

    def __init__(self, bot: SlackBot, incoming: Incoming, *, app_token: str) -> None:
        self._bot = bot
        self._incoming = incoming
        self._token = app_token
        self._client: SocketModeClient | None = None
        self._watchdog: Watchdog | None = None

    @property
    def routes(self) -> Sequence[web.RouteDef]:
        """None: the connection is ours."""
        return ()

    @property
    def client(self) -> SocketModeClient:
        """slack_sdk's client; after `open`."""
        assert self._client is not None
        return self._client

    @property
    def watchdog(self) -> Watchdog:
        """What looks after the connection; after `open`."""
        assert self._watchdog is not None
        return self._watchdog

    async def open(self) -> None:
        """Connect. Raises PlatformError when Slack refuses the app-level token, and
        PlatformUnreachableError when it cannot be reached."""
        self._client = SocketModeClient(
            self._token,
            web_client=self._bot.client(),
            logger=quiet_logger(),
            ping_interval=_PING_INTERVAL,
        )
        self._watchdog = Watchdog(self._client, self._incoming.observer)
        self._client.socket_mode_request_listeners.append(self._on_envelope)
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
        """See `Watchdog.watch`."""
        await self.watchdog.watch()

    async def shut(self) -> None:
        """Hear no more. What was not acknowledged, Slack sends over another connection."""
        if self._client:
            await self._client.close()  # type: ignore[no-untyped-call]

    async def _on_envelope(self, client: AsyncBaseSocketModeClient, envelope: SocketModeRequest) -> None:
        """Acknowledge what was taken, and what nobody here knows; the rest comes again."""
        begin = time.perf_counter()
        try:
            await self._incoming.hear(envelope.payload, repeated=bool(envelope.retry_attempt))
        except NotAcceptedError:
            return
        await client.send_socket_mode_response(SocketModeResponse(envelope_id=envelope.envelope_id))
        self._incoming.observer.acknowledged(PLATFORM, time.perf_counter() - begin)
