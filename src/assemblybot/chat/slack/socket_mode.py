"""Socket Mode: one workspace, no public address; a watchdog against connections that die silently."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable
from typing import Final

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_client import AsyncWebClient

from assemblybot.answering.assistant import Assistant
from assemblybot.chat.slack.app import OneWorkspace, build_app
from assemblybot.chat.slack.client import SLACK_API, web_client
from assemblybot.chat.slack.desk import Desk
from assemblybot.chat.slack.once import Names
from assemblybot.chat.slack.running import DRAIN_SECONDS, Running, describe
from assemblybot.errors import PlatformError
from assemblybot.session.base import SessionStore
from assemblybot.session.identity import Pseudonyms
from assemblybot.text.language import InterfaceLanguage

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
        *,
        silent_after: float = 6 * _PING_INTERVAL,
        dead_after: float = 30 * _PING_INTERVAL,
        every: float = _PING_INTERVAL,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._client = client
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
    def silence(self) -> float:
        """Seconds since anything was heard from Slack."""
        self.last_ping = max(self.last_ping, self._client.last_ping_pong_time or 0.0)
        return max(0.0, self._clock() - max(self.last_event, self.last_ping))

    async def watch(self) -> None:
        """Check for ever. Raises PlatformError when new connections stay silent too."""
        while True:
            await asyncio.sleep(self._every)
            if self.silence >= self._dead_after:
                raise PlatformError(
                    f"Slack has been silent for {self.silence:.0f} seconds, on new connections too. "
                    "Check the network and https://slack-status.com, and start again."
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
    """Slack over Socket Mode: `start`, then `watchdog.watch`, then `close`."""

    def __init__(
        self,
        desk: Desk,
        names: Names,
        client: AsyncWebClient,
        *,
        workspace: OneWorkspace,
        app_token: str,
    ) -> None:
        self.desk = desk
        self.running = Running()
        self._workspace = workspace
        app = build_app(desk, names, self.running, client, one_workspace=self._workspace)
        self._handler = AsyncSocketModeHandler(
            app, app_token, web_client=client, ping_interval=_PING_INTERVAL
        )
        self.watchdog = Watchdog(self._handler.client)

    async def start(self) -> None:
        """Check both tokens and connect. Raises PlatformError when Slack refuses one."""
        await self._workspace()
        try:
            # Asked for here, because slack_sdk would repeat a refused token for ever.
            self._handler.client.wss_uri = await self._handler.client.issue_new_wss_url()
        except SlackApiError as error:
            raise PlatformError(
                f"Slack refuses the app-level token ({error.response.get('error')}). Make one with the scope "
                "connections:write under “Basic Information”; it begins with xapp-."
            ) from error
        await self._handler.client.connect()  # type: ignore[no-untyped-call]

    async def close(self, drain_seconds: float = DRAIN_SECONDS) -> int:
        """Hear no more, wait for answers in the making; returns how many were given up."""
        await self._handler.client.close()  # type: ignore[no-untyped-call]
        late = await self.running.drain(drain_seconds)
        self.desk.close()
        return late


@contextlib.asynccontextmanager
async def socket_mode(
    assistant: Assistant,
    store: SessionStore,
    pseudonyms: Pseudonyms,
    *,
    bot_token: str,
    app_token: str,
    public_url: str | None = None,
    default_language: InterfaceLanguage = "en",
    api_url: str = SLACK_API,
) -> AsyncIterator[SlackSocket]:
    """A connected `SlackSocket`, drained at the end. Raises PlatformError."""
    async with aiohttp.ClientSession() as session:
        desk = Desk(assistant, store, public_url=public_url, default_language=default_language)
        workspace = OneWorkspace(web_client(session, bot_token, api_url))
        client = web_client(session, base_url=api_url)
        names = Names(pseudonyms, store)
        socket = SlackSocket(desk, names, client, workspace=workspace, app_token=app_token)
        try:
            await socket.start()
            yield socket
        finally:
            late = await socket.close()
            if late:
                _LOG.warning("Slack: %d answers were given up at the end", late)


async def run_socket_mode(
    assistant: Assistant,
    store: SessionStore,
    pseudonyms: Pseudonyms,
    *,
    bot_token: str,
    app_token: str,
    public_url: str | None = None,
    default_language: InterfaceLanguage = "en",
    api_url: str = SLACK_API,
) -> None:
    """Serve one workspace until cancelled. Raises PlatformError when Slack refuses or is gone."""
    async with socket_mode(
        assistant,
        store,
        pseudonyms,
        bot_token=bot_token,
        app_token=app_token,
        public_url=public_url,
        default_language=default_language,
        api_url=api_url,
    ) as socket:
        await socket.watchdog.watch()
