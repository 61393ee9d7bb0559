"""The bot: payloads in, through Bolt's listeners, requests to Slack out."""

from __future__ import annotations

import json
from typing import Final

import aiohttp
from slack_bolt.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from assemblybot.chat.slack.app import OneWorkspace, build_app
from assemblybot.chat.slack.client import SLACK_API, web_client
from assemblybot.chat.slack.conversation import SlackConversation
from assemblybot.chat.slack.incoming import PLATFORM
from assemblybot.chat.slack.installations import Installations
from assemblybot.chat.slack.names import Names


class SlackBot:
    """A `Bot` for Slack: of one workspace with a bot token, else of all that install it."""

    platform: Final = PLATFORM

    def __init__(
        self,
        conversation: SlackConversation,
        names: Names,
        *,
        bot_token: str | None = None,
        installations: Installations | None = None,
        api_url: str = SLACK_API,
    ) -> None:
        self._conversation = conversation
        self._names = names
        self._token = bot_token
        self._installations = installations
        self._api_url = api_url
        self._session: aiohttp.ClientSession | None = None
        self._app: AsyncApp | None = None

    async def start(self) -> None:
        """Check the bot token, or open the installation store. Raises PlatformError, SettingsError."""
        self._session = aiohttp.ClientSession()
        try:
            client = self.client()
            oauth = await self._installations.open(client) if self._installations else None
            workspace = None if oauth else OneWorkspace(self.client(self._token))
            if workspace:
                await workspace()
            self._app = build_app(
                self._conversation, self._names, client, one_workspace=workspace, oauth=oauth
            )
        except BaseException:
            await self.close()
            raise

    def client(self, token: str | None = None) -> AsyncWebClient:
        """A client of the Web API; after `start`."""
        assert self._session is not None
        return web_client(self._session, token, self._api_url, self._conversation.queue.observer)

    @property
    def oauth(self) -> AsyncOAuthFlow | None:
        """How workspaces install the app, where they do."""
        return self._app.oauth_flow if self._app and self._installations else None

    async def handle(self, body: str) -> None:
        """See `Bot.handle`. Bolt checks no signature: that was done before the delivery was taken."""
        assert self._app is not None
        request = AsyncBoltRequest(mode="socket_mode", body=json.loads(body))
        with self._conversation.queue.within(
            await self._conversation.bindings.of(self._names.place(request.context))
        ):
            await self._app.async_dispatch(request)

    async def close(self) -> None:
        """See `Bot.close`."""
        if self._installations:
            await self._installations.close()
        if self._session:
            await self._session.close()
