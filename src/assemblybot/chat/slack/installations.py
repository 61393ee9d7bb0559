"""Workspaces that installed the app, and their tokens, in a database through SQLAlchemy."""

from __future__ import annotations

from typing import Final, cast

from slack_bolt.authorization.async_authorize import AsyncInstallationStoreAuthorize
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.installation_store.sqlalchemy import AsyncSQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import AsyncSQLAlchemyOAuthStateStore
from slack_sdk.oauth.state_utils import OAuthStateUtils
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from assemblybot.chat.slack.client import quiet_logger
from assemblybot.chat.slack.manifest import BOT_SCOPES, INSTALL_PATH, REDIRECT_PATH
from assemblybot.errors import SettingsError

#: Their database in `STATE_DIR`, where no other one is given.
INSTALLATIONS_FILE: Final = "slack-installations.sqlite3"


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
        logger = quiet_logger()
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
