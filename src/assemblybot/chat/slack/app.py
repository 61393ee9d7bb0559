"""The Bolt app, the same for Socket Mode and HTTP: authorization, and which listener gets which request."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any, Final

import aiohttp
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from assemblybot.chat.slack.actions import Actions
from assemblybot.chat.slack.client import (
    SLACK_API,
    describe,
    quiet_logger,
    reaching_slack,
    respond,
    web_client,
)
from assemblybot.chat.slack.commands import Commands
from assemblybot.chat.slack.conversation import SlackConversation
from assemblybot.chat.slack.documents import SentDocuments
from assemblybot.chat.slack.events import Events
from assemblybot.chat.slack.installations import Installations
from assemblybot.chat.slack.manifest import COMMAND, SHORTCUT
from assemblybot.chat.slack.state import PLATFORM
from assemblybot.errors import CollectionUnavailableError, DeliveryLostError, PlatformError
from assemblybot.render import slack_buttons as buttons


class SlackBot:
    """A `Bot` for one workspace with a bot token, else for all that install the app."""

    platform: Final = PLATFORM

    def __init__(
        self,
        conversation: SlackConversation,
        *,
        bot_token: str | None = None,
        installations: Installations | None = None,
        api_url: str = SLACK_API,
    ) -> None:
        self._conversation = conversation
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
            oauth = await self._installations.open() if self._installations else None
            authorize: Any = oauth.authorize if oauth else await _authorization(self.client(self._token))
            self._app = build_app(self._conversation, client, authorize, oauth)
        except BaseException:
            await self.close()
            raise

    def client(self, token: str | None = None) -> AsyncWebClient:
        """A client of the Web API; after `start`."""
        assert self._session is not None
        return web_client(self._session, token, self._api_url, self._conversation.desk.observer)

    @property
    def oauth(self) -> AsyncOAuthFlow | None:
        """How workspaces install the app, where they do."""
        return self._app.oauth_flow if self._app and self._installations else None

    async def deal(self, body: str) -> None:
        """See `Bot.deal`. Bolt checks no signature: the transport did."""
        assert self._app is not None
        request = AsyncBoltRequest(mode="socket_mode", body=json.loads(body))
        place = self._conversation.state.place(request.context)
        with self._conversation.desk.within(await self._conversation.bindings.of(place)):
            await self._app.async_dispatch(request)

    async def close(self) -> None:
        """See `Bot.close`."""
        if self._installations:
            await self._installations.close()
        if self._session:
            await self._session.close()


async def _authorization(client: AsyncWebClient) -> Callable[[], Awaitable[AuthorizeResult]]:
    """Authorization of the one workspace whose token the client has; Slack is asked once, here.

    Raises PlatformError when Slack refuses the token, PlatformUnreachableError when it cannot be reached.
    """
    try:
        with reaching_slack():
            answer = await client.auth_test()
    except SlackApiError as error:
        raise PlatformError(
            f"Slack refuses the bot token ({error.response.get('error')}). Copy it again from "
            "“OAuth & Permissions” of the app; it begins with xoxb-."
        ) from error
    result = AuthorizeResult.from_auth_test_response(auth_test_response=answer, bot_token=client.token)

    async def authorize() -> AuthorizeResult:
        return result

    return authorize


def build_app(
    conversation: SlackConversation,
    client: AsyncWebClient,
    authorize: Callable[..., Awaitable[Any]],
    oauth: AsyncOAuthSettings | None = None,
) -> AsyncApp:
    """An app for one workspace or, with `oauth`, for every workspace that installs it.

    A dispatch returns when the listeners have done all they do: the transport has told Slack “received”
    before, and has checked where the request came from.
    """
    # `authorize` is given rather than a token: with a token, Bolt would take settings for an OAuth flow
    # from the environment and drop the token.
    app = AsyncApp(
        name="assemblybot",
        logger=quiet_logger(),
        client=client,
        authorize=authorize,
        oauth_settings=oauth,
        request_verification_enabled=False,
        process_before_response=True,
    )
    app.use(_acknowledge)
    documents = SentDocuments(conversation)
    events = Events(conversation, documents)
    app.event("app_mention")(events.on_message)
    app.event("message")(events.on_message)
    app.event("app_home_opened")(events.on_home_opened)
    app.event("link_shared")(events.on_link_shared)
    commands = Commands(conversation, documents)
    app.command(COMMAND)(commands.on_command)
    app.shortcut(SHORTCUT)(commands.on_shortcut)
    actions = Actions(conversation, documents)
    for name in (buttons.NEXT, buttons.AROUND, buttons.FOLD, buttons.SHARE, buttons.ASK, buttons.FEEDBACK):
        app.action(name)(actions.on_click)
    app.action(re.compile(f"^({buttons.REASON}|{buttons.DOCUMENT}):"))(actions.on_click)
    app.action(re.compile(f"^{buttons.LANGUAGE}:"))(actions.on_language)
    app.action(buttons.FORGET)(actions.on_forget)
    app.action(buttons.OPEN)(_do_nothing)
    if app.installation_store is not None:
        app.enable_token_revocation_listeners()

    @app.error
    async def on_error(error: Exception, context: AsyncBoltContext) -> None:
        if isinstance(error, CollectionUnavailableError) and context.response_url:
            note = await conversation.note(conversation.state.sender(context), "collection-unavailable")
            await respond(context.client, context.response_url, note, thread=context.thread_ts)
        elif not isinstance(error, DeliveryLostError):  # that was logged where it was noticed
            quiet_logger().error("Slack: a listener failed: %s", describe(error))

    return app


async def _acknowledge(ack: AsyncAck, next_: Callable[[], Awaitable[None]]) -> None:
    """Tell Bolt, too, that the transport has acknowledged the request."""
    await ack()
    await next_()


async def _do_nothing() -> None:
    """For a button with an address, which Slack opens itself."""
