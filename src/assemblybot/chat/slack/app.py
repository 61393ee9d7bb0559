"""The Bolt app: which listener hears what. The same for Socket Mode and HTTP."""

from __future__ import annotations

import re
from typing import Any, cast

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from assemblybot.chat.slack.actions import Clicks
from assemblybot.chat.slack.client import describe, quiet_logger, reaching_slack
from assemblybot.chat.slack.commands import Commands
from assemblybot.chat.slack.desk import Desk
from assemblybot.chat.slack.events import Questions
from assemblybot.chat.slack.manifest import SHORTCUT
from assemblybot.chat.slack.once import Names
from assemblybot.chat.slack.quiet import COMMAND
from assemblybot.chat.slack.surfaces import Surfaces
from assemblybot.errors import DeliveryLostError, PlatformError
from assemblybot.render.slack_buttons import (
    AROUND,
    ASK,
    DOCUMENT,
    FEEDBACK,
    FOLD,
    FORGET,
    LANGUAGE,
    NEXT,
    OPEN,
    REASON,
    SHARE,
)


class OneWorkspace(AsyncAuthorize):
    """Authorisation of the one workspace whose bot token is known; Slack is asked once."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._found: AuthorizeResult | None = None

    async def __call__(self, **_: Any) -> AuthorizeResult:
        """Who the bot is. Raises PlatformError when Slack refuses the token, PlatformUnreachableError
        when it cannot be reached."""
        if self._found is None:
            try:
                with reaching_slack():
                    answer = await self._client.auth_test()
            except SlackApiError as error:
                raise PlatformError(
                    f"Slack refuses the bot token ({error.response.get('error')}). Copy it again from "
                    "“OAuth & Permissions” of the app; it begins with xoxb-."
                ) from error
            self._found = AuthorizeResult.from_auth_test_response(
                auth_test_response=answer, bot_token=self._client.token
            )
        return self._found


def build_app(
    desk: Desk,
    names: Names,
    client: AsyncWebClient,
    *,
    one_workspace: OneWorkspace | None = None,
    oauth: AsyncOAuthSettings | None = None,
) -> AsyncApp:
    """An app for one workspace or, with `oauth`, for every workspace that installs it.

    A dispatch returns when the listeners have done all they do: whoever dispatches has told
    Slack "received" before, and has checked where the request came from.
    """
    # `authorize` is given rather than a token: with a token, Bolt would take settings for
    # an OAuth flow from the environment behind our back and drop the token.
    app = AsyncApp(
        name="assemblybot",
        logger=quiet_logger(),
        client=client,
        authorize=cast(Any, one_workspace or (oauth and oauth.authorize)),
        oauth_settings=oauth,
        request_verification_enabled=False,
        process_before_response=True,
    )
    _listen(app, desk, names)
    return app


def _listen(app: AsyncApp, desk: Desk, names: Names) -> None:
    questions = Questions(desk, names)
    commands = Commands(desk, names)
    clicks = Clicks(desk, names)
    surfaces = Surfaces(desk, names, commands)
    app.event("app_mention")(questions.on_event)
    app.event("message")(questions.on_event)
    app.event("app_home_opened")(surfaces.on_opened)
    app.event("link_shared")(surfaces.on_links)
    app.command(COMMAND)(commands.on_command)
    app.shortcut(SHORTCUT)(commands.on_shortcut)
    for action in (NEXT, AROUND, FOLD, SHARE, ASK, FEEDBACK):
        app.action(action)(clicks.on_click)
    app.action(re.compile(f"^{REASON}:"))(clicks.on_click)
    app.action(re.compile(f"^{DOCUMENT}:"))(clicks.on_click)
    app.action(OPEN)(clicks.on_link)
    app.action(re.compile(f"^{LANGUAGE}:"))(surfaces.on_language)
    app.action(FORGET)(surfaces.on_forget)
    if app.installation_store is not None:
        app.enable_token_revocation_listeners()

    @app.error
    async def on_error(error: Exception) -> None:
        if isinstance(error, DeliveryLostError):  # said where it was found out
            return
        quiet_logger().error("Slack: a listener failed: %s", describe(error))
