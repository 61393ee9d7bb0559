"""The Bolt app, the same for Socket Mode and HTTP: authorization, and which listener gets which request."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any, Final, cast

import aiohttp
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncInstallationStoreAuthorize
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth.installation_store.sqlalchemy import AsyncSQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import AsyncSQLAlchemyOAuthStateStore
from slack_sdk.oauth.state_utils import OAuthStateUtils
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from assemblybot.chat.slack.actions import Actions
from assemblybot.chat.slack.client import (
    PLATFORM,
    describe,
    reaching_slack,
    respond,
    sdk_logger,
    web_client,
)
from assemblybot.chat.slack.commands import Commands
from assemblybot.chat.slack.conversation import SlackConversation
from assemblybot.chat.slack.events import Events
from assemblybot.chat.slack.manifest import BOT_SCOPES, COMMAND, INSTALL_PATH, REDIRECT_PATH, SHORTCUT
from assemblybot.errors import CollectionUnavailableError, DeliveryLostError, PlatformError, SettingsError
from assemblybot.render import slack_buttons as buttons

#: The database of installations in `STATE_DIR`, where no other one is given.
INSTALLATIONS_FILE: Final = "slack-installations.sqlite3"


class SlackBot:
    """A `Bot` for one workspace with a bot token, else for all that install the app."""

    platform: Final = PLATFORM

    def __init__(
        self,
        conversation: SlackConversation,
        *,
        bot_token: str | None = None,
        installations: Installations | None = None,
        api_url: str,
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
        return web_client(self._session, token, self._api_url, self._conversation.queue.observer)

    @property
    def oauth(self) -> AsyncOAuthFlow | None:
        """How workspaces install the app, where they do."""
        return self._app.oauth_flow if self._app and self._installations else None

    async def handle(self, body: str) -> None:
        assert self._app is not None
        request = AsyncBoltRequest(mode="socket_mode", body=json.loads(body))
        place = self._conversation.place(request.context)
        with self._conversation.queue.within(await self._conversation.bindings.collection_of(place)):
            await self._app.async_dispatch(request)

    async def close(self) -> None:
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


class Installations:
    """The OAuth install flow and its database; SQLite by default, any async SQLAlchemy URL."""

    def __init__(self, client_id: str, client_secret: str, database_url: str, public_url: str | None) -> None:
        self._client_id = client_id
        self._client_secret = client_secret
        self._database_url = database_url
        self._public_url = public_url
        self._engine: AsyncEngine | None = None

    async def open(self) -> AsyncOAuthSettings:
        """Create missing tables and describe the install flow to Bolt. Raises SettingsError."""
        logger = sdk_logger()
        try:
            self._engine = create_async_engine(self._database_url, hide_parameters=True)
            store = AsyncSQLAlchemyInstallationStore(self._client_id, self._engine, logger=logger)
            states = AsyncSQLAlchemyOAuthStateStore(
                OAuthStateUtils.default_expiration_seconds, self._engine, logger=logger
            )
            await store.create_tables()  # type: ignore[no-untyped-call]
            await states.create_tables()  # type: ignore[no-untyped-call]
        except (SQLAlchemyError, OSError, ImportError, ValueError) as error:
            # The URL may hold a password: only the kind of error is said.
            raise SettingsError(
                f"The database of Slack installations cannot be used ({type(error).__name__}). "
                "Check SLACK_DATABASE_URL."
            ) from error
        oauth = AsyncOAuthSettings(
            client_id=self._client_id,
            client_secret=self._client_secret,
            scopes=list(BOT_SCOPES),
            user_scopes=[],
            redirect_uri=f"{self._public_url.rstrip('/')}{REDIRECT_PATH}" if self._public_url else None,
            install_path=INSTALL_PATH,
            redirect_uri_path=REDIRECT_PATH,
            installation_store=store,
            installation_store_bot_only=True,
            state_store=states,
            logger=logger,
        )
        # Acknowledgements must not wait for auth.test, and a removed installation has no token to look up.
        cast(AsyncInstallationStoreAuthorize, oauth.authorize).cache_enabled = True
        return oauth

    async def close(self) -> None:
        """Close the connections to the database."""
        if self._engine:
            await self._engine.dispose()


def build_app(
    conversation: SlackConversation,
    client: AsyncWebClient,
    authorize: Callable[..., Awaitable[Any]],
    oauth: AsyncOAuthSettings | None = None,
) -> AsyncApp:
    """An app for one workspace or, with `oauth`, for every workspace that installs it.

    A dispatch returns when the listeners have finished. The transport has checked and acknowledged the
    request before.
    """
    # `authorize` is given rather than a token: with a token, Bolt would take settings for an OAuth flow
    # from the environment and drop the token.
    app = AsyncApp(
        name="assemblybot",
        logger=sdk_logger(),
        client=client,
        authorize=authorize,
        oauth_settings=oauth,
        request_verification_enabled=False,
        process_before_response=True,
    )
    app.use(_acknowledge)
    _add_listeners(app, conversation)

    @app.error
    async def on_error(error: Exception, context: AsyncBoltContext) -> None:
        if isinstance(error, CollectionUnavailableError) and context.response_url:
            note = await conversation.note(conversation.sender(context), "collection-unavailable")
            await respond(context.client, context.response_url, note, thread=context.thread_ts)
        elif not isinstance(error, DeliveryLostError):  # that was logged where it was noticed
            sdk_logger().error("Slack: a listener failed: %s", describe(error))

    return app


def _add_listeners(app: AsyncApp, conversation: SlackConversation) -> None:
    events = Events(conversation)
    app.event("app_mention")(events.on_message)
    app.event("message")(events.on_message)
    app.event("app_home_opened")(events.on_home_opened)
    app.event("link_shared")(events.on_link_shared)
    commands = Commands(conversation)
    app.command(COMMAND)(commands.on_command)
    app.shortcut(SHORTCUT)(commands.on_shortcut)
    actions = Actions(conversation)
    for name in (buttons.NEXT, buttons.AROUND, buttons.FOLD, buttons.SHARE, buttons.ASK, buttons.FEEDBACK):
        app.action(name)(actions.on_click)
    app.action(re.compile(f"^({buttons.REASON}|{buttons.DOCUMENT}):"))(actions.on_click)
    app.action(re.compile(f"^({buttons.LANGUAGE}:|{buttons.FORGET}$)"))(actions.on_home)
    app.action(buttons.OPEN)(_do_nothing)
    if app.installation_store is not None:
        app.enable_token_revocation_listeners()


async def _acknowledge(ack: AsyncAck, next_: Callable[[], Awaitable[None]]) -> None:
    """Tell Bolt, too, that the transport has acknowledged the request."""
    await ack()
    await next_()


async def _do_nothing() -> None:
    """For a button with an address, which Slack opens itself."""
