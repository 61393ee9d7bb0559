"""From settings to a running bot: assistant, session store, platform."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable

from pydantic import SecretStr

from assemblybot import logs
from assemblybot.answering.assistant import Assistant
from assemblybot.errors import SettingsError
from assemblybot.index.build import Progress
from assemblybot.session import Pseudonyms, SessionStore, SqliteStore
from assemblybot.settings import Settings
from assemblybot.startup import open_assistant

_Serve = Callable[[Assistant, SessionStore, Pseudonyms], Awaitable[None]]


def run_telegram(settings: Settings, progress: Progress) -> None:
    """Answer in Telegram by long polling until stopped. Raises SettingsError, PlatformError."""
    from assemblybot.chat.telegram.run import run_polling

    token = _required(settings.telegram_bot_token, "TELEGRAM_BOT_TOKEN")

    async def serve(assistant: Assistant, store: SessionStore, names: Pseudonyms) -> None:
        await run_polling(assistant, store, names, token=token, public_url=settings.public_url)

    _run(settings, progress, serve)


def run_slack(settings: Settings, progress: Progress) -> None:
    """Answer in one Slack workspace over Socket Mode until stopped."""
    from assemblybot.chat.slack.socket_mode import run_socket_mode

    bot_token = _required(settings.slack_bot_token, "SLACK_BOT_TOKEN")
    app_token = _required(settings.slack_app_token, "SLACK_APP_TOKEN")

    async def serve(assistant: Assistant, store: SessionStore, names: Pseudonyms) -> None:
        running = asyncio.ensure_future(
            run_socket_mode(
                assistant,
                store,
                names,
                bot_token=bot_token,
                app_token=app_token,
                public_url=settings.public_url,
            )
        )
        for name in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(name, running.cancel)
        try:
            await running
        except asyncio.CancelledError:
            return

    _run(settings, progress, serve)


def _required(secret: SecretStr | None, name: str) -> str:
    if secret is None or not secret.get_secret_value():
        raise SettingsError(f"{name} is not set. Put it into .env or the environment; see the README.")
    return secret.get_secret_value()


def _run(settings: Settings, progress: Progress, serve: _Serve) -> None:
    logs.configure(settings.log_level, settings.log_json)
    assistant = open_assistant(settings, progress)
    names = Pseudonyms.from_file(settings.state_dir / "identity.key")

    async def session() -> None:
        store = await SqliteStore.open(settings.state_dir / "session.sqlite3", limit=settings.rate_limit)
        try:
            await serve(assistant, store, names)
        finally:
            await store.close()

    asyncio.run(session())
