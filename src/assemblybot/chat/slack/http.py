"""HTTP mode: signed requests in, routes for an aiohttp application of any kind out."""

from __future__ import annotations

import aiohttp
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp

from assemblybot.answering.assistant import Assistant
from assemblybot.chat.slack.app import OneWorkspace, build_app
from assemblybot.chat.slack.client import SLACK_API, web_client
from assemblybot.chat.slack.desk import Desk
from assemblybot.chat.slack.installations import Installations
from assemblybot.chat.slack.manifest import EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH
from assemblybot.chat.slack.once import Names
from assemblybot.chat.slack.running import DRAIN_SECONDS, Running
from assemblybot.errors import SettingsError
from assemblybot.session.base import SessionStore
from assemblybot.session.identity import Pseudonyms
from assemblybot.text.language import InterfaceLanguage


class SlackHttp:
    """Slack over HTTP. `start` before the first request, `close` after the last."""

    def __init__(
        self,
        desk: Desk,
        names: Names,
        *,
        signing_secret: str,
        bot_token: str | None,
        installations: Installations | None,
        api_url: str,
    ) -> None:
        self.desk = desk
        self.running = Running()
        self._names = names
        self._secret = signing_secret
        self._token = bot_token
        self._installations = installations
        self._api_url = api_url
        self._session: aiohttp.ClientSession | None = None
        self._app: AsyncApp | None = None

    @property
    def routes(self) -> list[web.RouteDef]:
        """What to add to the router of an application."""
        routes = [web.post(EVENTS_PATH, self._receive)]
        if self._installations:
            routes += [web.get(INSTALL_PATH, self._install), web.get(REDIRECT_PATH, self._installed)]
        return routes

    async def start(self) -> None:
        """Open the pool of connections and the installation store; raises SettingsError."""
        self._session = aiohttp.ClientSession()
        try:
            client = web_client(self._session, base_url=self._api_url)
            own = web_client(self._session, self._token, self._api_url)
            oauth = await self._installations.open(client) if self._installations else None
            self._app = build_app(
                self.desk,
                self._names,
                self.running,
                client,
                one_workspace=None if oauth else OneWorkspace(own),
                oauth=oauth,
                signing_secret=self._secret,
            )
        except BaseException:
            await self.close(0)
            raise

    async def close(self, drain_seconds: float = DRAIN_SECONDS) -> int:
        """Wait for answers in the making, then let go; returns how many were given up."""
        late = await self.running.drain(drain_seconds)
        self.desk.close()
        if self._installations:
            await self._installations.close()
        if self._session:
            await self._session.close()
        return late

    async def _receive(self, request: web.Request) -> web.Response:
        if self._app is None:
            return web.Response(status=503)
        if not request.headers.get("X-Slack-Request-Timestamp", "").isdecimal():
            return web.Response(status=401)  # the SDK would stumble over it
        answer = await self._app.async_dispatch(await to_bolt_request(request))
        return await to_aiohttp_response(answer)

    async def _install(self, request: web.Request) -> web.Response:
        if self._app is None or self._app.oauth_flow is None:
            return web.Response(status=503)
        answer = await self._app.oauth_flow.handle_installation(await to_bolt_request(request))
        return await to_aiohttp_response(answer)

    async def _installed(self, request: web.Request) -> web.Response:
        if self._app is None or self._app.oauth_flow is None:
            return web.Response(status=503)
        answer = await self._app.oauth_flow.handle_callback(await to_bolt_request(request))
        return await to_aiohttp_response(answer)


def build_http_routes(
    assistant: Assistant,
    store: SessionStore,
    pseudonyms: Pseudonyms,
    *,
    signing_secret: str,
    bot_token: str | None = None,
    client_id: str | None = None,
    client_secret: str | None = None,
    database_url: str = "sqlite+aiosqlite:///slack-installations.db",
    public_url: str | None = None,
    default_language: InterfaceLanguage = "en",
    api_url: str = SLACK_API,
) -> SlackHttp:
    """Slack for an HTTP service: of one workspace with `bot_token`, else of all that install it.

    Raises SettingsError when neither a bot token nor a client id with its secret is given, or
    when the signing secret is empty.
    """
    if not signing_secret:
        raise SettingsError(
            "SLACK_SIGNING_SECRET is empty. Copy it from “Basic Information” of the Slack app."
        )
    installations: Installations | None = None
    if bot_token is None:
        if not (client_id and client_secret):
            raise SettingsError(
                "Slack over HTTP needs SLACK_BOT_TOKEN, or SLACK_CLIENT_ID with SLACK_CLIENT_SECRET."
            )
        installations = Installations(client_id, client_secret, database_url, public_url)
    desk = Desk(assistant, store, public_url=public_url, default_language=default_language)
    return SlackHttp(
        desk,
        Names(pseudonyms, store),
        signing_secret=signing_secret,
        bot_token=bot_token,
        installations=installations,
        api_url=api_url,
    )
