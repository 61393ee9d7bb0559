"""Which platforms run, by which transport, and how each is kept running."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Final, Literal

from pydantic import SecretStr

from assemblybot.chat import slack, telegram
from assemblybot.chat.channel import AllowList, Bot, Enqueue, Transport
from assemblybot.chat.stored_conversation import Shared
from assemblybot.errors import PlatformUnreachableError, SettingsError, TokenMissingError
from assemblybot.logs import describe
from assemblybot.service.dispatcher import Dispatcher
from assemblybot.service.health import Health
from assemblybot.settings import Settings

_LOG = logging.getLogger(__name__)
#: One platform without an HTTP server: long polling or Socket Mode.
Platform = Literal["telegram", "slack"]
_FIRST_PAUSE: Final = 1.0
_LONGEST_PAUSE: Final = 60.0


@dataclass(frozen=True, slots=True)
class Channel:
    """One platform: its bot, and the transport by which deliveries arrive."""

    bot: Bot
    transport: Transport


def configured(
    settings: Settings, shared: Shared, enqueue: Enqueue, only: Platform | None = None
) -> list[Channel]:
    """The channels whose tokens are set, over HTTP where that is set up; or `only` one, without it.

    Raises SettingsError.
    """
    if only == "telegram":
        return [_telegram(settings, shared, enqueue, webhook=False)]
    if only == "slack":
        return [_slack_socket(settings, shared, enqueue)]
    found: list[Channel] = []
    if settings.telegram_bot_token:
        found.append(_telegram(settings, shared, enqueue, webhook=settings.telegram_by_webhook))
    if settings.slack_over_http:
        found.append(_slack_http(settings, shared, enqueue))
    elif settings.slack_app_token:
        found.append(_slack_socket(settings, shared, enqueue))
    return found


def _telegram(settings: Settings, shared: Shared, enqueue: Enqueue, *, webhook: bool) -> Channel:
    token = telegram.check_token(_required(settings.telegram_bot_token, "TELEGRAM_BOT_TOKEN"))
    bot = telegram.TelegramBot(
        telegram.TelegramConversation(shared),
        token,
        base_url=settings.telegram_api_url.rstrip("/") + "/bot",
        per_second=settings.telegram_per_second,
    )
    incoming = telegram.Incoming(
        shared.names,
        enqueue,
        token=token,
        allowed=AllowList(settings.allowed_chats, settings.allowed_users),
        observer=shared.queue.observer,
    )
    if not webhook:
        return Channel(bot, telegram.Poller(bot, incoming))
    secret = _required(settings.telegram_webhook_secret, "TELEGRAM_WEBHOOK_SECRET")
    url = settings.public_url or ""
    return Channel(bot, telegram.Webhook(bot, incoming, public_url=url, secret=secret))


def _slack_socket(settings: Settings, shared: Shared, enqueue: Enqueue) -> Channel:
    """Slack over Socket Mode: one workspace."""
    bot_token = _required(settings.slack_bot_token, "SLACK_BOT_TOKEN")
    app_token = _required(settings.slack_app_token, "SLACK_APP_TOKEN")
    bot, incoming = _slack(settings, shared, enqueue, bot_token, None)
    return Channel(bot, slack.SlackSocket(bot, incoming, app_token=app_token))


def _slack_http(settings: Settings, shared: Shared, enqueue: Enqueue) -> Channel:
    """Slack over HTTP: one workspace with a bot token, else all that install it."""
    secret = _required(settings.slack_signing_secret, "SLACK_SIGNING_SECRET")
    token, installations = None, None
    if settings.slack_bot_token:
        token = settings.slack_bot_token.get_secret_value()
    elif settings.slack_client_id and settings.slack_client_secret:
        installations = slack.Installations(
            settings.slack_client_id,
            settings.slack_client_secret.get_secret_value(),
            _database_url(settings),
            settings.public_url,
        )
    else:
        raise SettingsError(
            "Slack over HTTP needs SLACK_BOT_TOKEN, or SLACK_CLIENT_ID with SLACK_CLIENT_SECRET."
        )
    bot, incoming = _slack(settings, shared, enqueue, token, installations)
    return Channel(bot, slack.SlackHttp(bot, incoming, signing_secret=secret))


def _slack(
    settings: Settings,
    shared: Shared,
    enqueue: Enqueue,
    token: str | None,
    installations: slack.Installations | None,
) -> tuple[slack.SlackBot, slack.Incoming]:
    bot = slack.SlackBot(
        slack.SlackConversation(shared),
        bot_token=token,
        installations=installations,
        api_url=settings.slack_api_url,
    )
    incoming = slack.Incoming(
        shared.names,
        enqueue,
        allowed=AllowList(settings.allowed_teams, settings.allowed_users),
        observer=shared.queue.observer,
    )
    return bot, incoming


def _database_url(settings: Settings) -> str:
    if settings.slack_database_url:
        return settings.slack_database_url.get_secret_value()
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    file = settings.state_dir / slack.INSTALLATIONS_FILE
    file.touch(mode=0o600)  # it holds tokens
    return f"sqlite+aiosqlite:///{file}"


def _required(secret: SecretStr | None, name: str) -> str:
    if secret is None or not secret.get_secret_value():
        raise TokenMissingError(name)
    return secret.get_secret_value()


class Supervisor:
    """Keeps one channel running, and tries again while its platform is out of reach."""

    def __init__(self, channel: Channel, dispatcher: Dispatcher, health: Health) -> None:
        self._bot = channel.bot
        self._transport = channel.transport
        self._dispatcher = dispatcher
        self._health = health
        self._started = self._opened = False

    async def watch(self) -> None:
        """Run until cancelled. Raises PlatformError if trying again does not help."""
        pause = _FIRST_PAUSE
        while True:
            try:
                if not self._started:
                    await self._bot.start()
                    self._started = True
                self._dispatcher.open(self._bot)
                self._opened = True
                await self._transport.open()
                self._health.reached(self._bot.platform)
                _LOG.info("Ready for %s", self._bot.platform)
                pause = _FIRST_PAUSE
                await self._transport.watch()
            except PlatformUnreachableError as error:
                self._health.lost(self._bot.platform)
                _LOG.warning("%s It is tried again in %.0f s", error, pause)
            await self.shut(_LONGEST_PAUSE)
            await asyncio.sleep(pause)
            pause = min(_LONGEST_PAUSE, 2 * pause)

    async def shut(self, seconds: float) -> None:
        """Stop receiving deliveries, within so many seconds."""
        if self._opened:
            self._opened = False
            await _in_time(self._transport.shut(), seconds)

    async def close(self, seconds: float) -> None:
        """Close connections, within so many seconds."""
        await _in_time(self._bot.close(), seconds)


async def _in_time(closing: Coroutine[None, None, None], seconds: float) -> None:
    """Wait for something to close; if it fails or takes too long, it ends with the process."""
    try:
        await asyncio.wait_for(closing, seconds)
    except Exception as error:
        _LOG.warning("A connection was not closed: %s", describe(error))
