"""From settings to channels: which platforms, and by which way in."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import SecretStr

from assemblybot.chat import slack, telegram
from assemblybot.chat.bindings import Bindings
from assemblybot.chat.channel import AllowList, Bot, Entrance, Take
from assemblybot.chat.desk import AnswerDesk
from assemblybot.chat.documents import Documents
from assemblybot.errors import SettingsError
from assemblybot.session import Pseudonyms, SessionStore
from assemblybot.settings import Settings
from assemblybot.tokens import missing


@dataclass(frozen=True, slots=True)
class Channel:
    """One platform: who deals with its deliveries, and how they come in."""

    bot: Bot
    entrance: Entrance


@dataclass(frozen=True, slots=True)
class Parts:
    """What all channels share."""

    desk: AnswerDesk
    store: SessionStore
    names: Pseudonyms
    take: Take
    documents: Documents


def configured(settings: Settings, parts: Parts) -> list[Channel]:
    """The channels whose tokens are set, over HTTP where that is set up."""
    found: list[Channel] = []
    if settings.telegram_bot_token:
        found.append(telegram_channel(settings, parts, webhook=settings.telegram_by_webhook))
    if settings.slack_signing_secret:
        found.append(slack_http_channel(settings, parts))
    elif settings.slack_app_token:
        found.append(slack_socket_channel(settings, parts))
    return found


def telegram_channel(settings: Settings, parts: Parts, *, webhook: bool = False) -> Channel:
    """Telegram by its webhook, or by long polling. Raises SettingsError."""
    token = telegram.check_token(_required(settings.telegram_bot_token, "TELEGRAM_BOT_TOKEN"))
    floor = telegram.Floor(
        parts.desk,
        parts.store,
        parts.names,
        _bindings(settings, parts),
        settings.public_url,
        documents=parts.documents,
    )
    bot = telegram.TelegramBot(
        floor,
        token,
        base_url=settings.telegram_api_url.rstrip("/") + "/bot",
        per_second=settings.telegram_per_second,
    )
    incoming = telegram.Incoming(
        parts.names,
        parts.take,
        token=token,
        allowed=AllowList(settings.allowed_chats, settings.allowed_users),
        observer=parts.desk.observer,
    )
    if not webhook:
        return Channel(bot, telegram.Poller(bot, incoming))
    secret = _required(settings.telegram_webhook_secret, "TELEGRAM_WEBHOOK_SECRET")
    url = settings.public_url or ""
    return Channel(bot, telegram.Webhook(bot, incoming, public_url=url, secret=secret))


def slack_socket_channel(settings: Settings, parts: Parts) -> Channel:
    """Slack over Socket Mode: one workspace. Raises SettingsError."""
    bot_token = _required(settings.slack_bot_token, "SLACK_BOT_TOKEN")
    app_token = _required(settings.slack_app_token, "SLACK_APP_TOKEN")
    bot, incoming = _slack(settings, parts, bot_token, None)
    return Channel(bot, slack.SlackSocket(bot, incoming, app_token=app_token))


def slack_http_channel(settings: Settings, parts: Parts) -> Channel:
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
    bot, incoming = _slack(settings, parts, token, installations)
    return Channel(bot, slack.SlackHttp(bot, incoming, signing_secret=secret))


def _slack(
    settings: Settings, parts: Parts, token: str | None, installations: slack.Installations | None
) -> tuple[slack.SlackBot, slack.Incoming]:
    conversation = slack.SlackConversation(
        parts.desk,
        parts.store,
        parts.names,
        _bindings(settings, parts),
        parts.documents,
        public_url=settings.public_url,
    )
    bot = slack.SlackBot(
        conversation,
        bot_token=token,
        installations=installations,
        api_url=settings.slack_api_url,
    )
    incoming = slack.Incoming(
        parts.names,
        parts.take,
        allowed=AllowList(settings.allowed_teams, settings.allowed_users),
        observer=parts.desk.observer,
    )
    return bot, incoming


def _bindings(settings: Settings, parts: Parts) -> Bindings:
    return Bindings(
        parts.store,
        parts.names,
        parts.desk.collections,
        settings.collection_of,
        settings.collection_admins,
    )


def _database_url(settings: Settings) -> str:
    if settings.slack_database_url:
        return settings.slack_database_url.get_secret_value()
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    file = settings.state_dir / slack.INSTALLATIONS_FILE
    file.touch(mode=0o600)  # it holds tokens
    return f"sqlite+aiosqlite:///{file}"


def _required(secret: SecretStr | None, name: str) -> str:
    if secret is None or not secret.get_secret_value():
        raise missing(name)
    return secret.get_secret_value()
