"""Checks of tokens and set-up through the platforms' own calls, and of the clock by their answers."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
from pydantic import SecretStr
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from assemblybot.chat.slack.client import sdk_logger
from assemblybot.chat.slack.manifest import BOT_SCOPES
from assemblybot.chat.telegram.conversation import link_problem
from assemblybot.chat.telegram.requests import quiet_libraries
from assemblybot.chat.telegram.transports import PATH
from assemblybot.doctor.finding import Check, Skip, Warn
from assemblybot.errors import PlatformError, SettingsError
from assemblybot.settings import Settings

_TIMEOUT: Final = 10
_MANY_PENDING: Final = 100
_RECENT: Final = 3600.0
#: Slack refuses what was signed five minutes ago; a clock that is wrong by one will be by five.
_WRONG_CLOCK: Final = 60.0
_LOOSE_CLOCK: Final = 5.0


def checks(settings: Settings) -> Iterator[Check]:
    """The checks; the clock is last, because it is compared with the times in the answers to the others."""
    quiet_libraries()
    clock = Clock()
    telegram, slack = Telegram(settings, clock), Slack(settings, clock)
    yield "telegram token", telegram.token
    yield "telegram updates", telegram.updates
    yield "telegram links", telegram.links
    yield "slack bot token", slack.bot_token
    yield "slack app token", slack.app_token
    yield "slack signing secret", slack.signing_secret
    yield "clock", clock.check


class Clock:
    """How far this machine's clock is from the platforms', in seconds."""

    def __init__(self) -> None:
        self._off: list[float] = []

    def saw(self, date: str | None) -> None:
        """An answer that has just come was dated so."""
        with contextlib.suppress(ValueError, OverflowError):  # a proxy may have damaged it
            self._off.append(time.time() - parsedate_to_datetime(date or "").timestamp())

    def check(self) -> str:
        """The smallest difference seen; an answer may have been long on its way."""
        if not self._off:
            raise Skip("no platform was reached to compare with")
        off = min(self._off, key=abs)
        if abs(off) > _WRONG_CLOCK:
            raise SettingsError(
                f"The clock is {off:+.0f} s off. Slack refuses signatures that are five minutes old; "
                "let the system keep time (NTP)."
            )
        if abs(off) > _LOOSE_CLOCK:
            raise Warn(f"{off:+.0f} s off; is NTP running?")
        return "right"


class Telegram:
    """What the Bot API says of our token and of how updates come."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock

    def token(self) -> str:
        """`getMe`: whose token it is."""
        me = self._call("getMe")
        inline = "on" if me.get("supports_inline_queries") else "off (BotFather: /setinline)"
        return f"@{me.get('username')}, inline mode {inline}"

    def updates(self) -> str:
        """`getWebhookInfo`: how updates come, how many wait, what went wrong last."""
        info = self._call("getWebhookInfo")
        waiting = int(info.get("pending_update_count", 0))
        self._check_webhook(str(info.get("url") or ""))
        if time.time() - float(info.get("last_error_date", 0)) < _RECENT:
            raise Warn(f"{waiting} wait; Telegram could not deliver: {info.get('last_error_message')}")
        if waiting > _MANY_PENDING:
            raise Warn(f"{waiting} updates wait; is the bot running?")
        return f"{'webhook' if self._settings.telegram_by_webhook else 'polling'}, {waiting} wait"

    def links(self) -> str:
        """Whether buttons may lead to the reader."""
        _given(self._settings.telegram_bot_token, "TELEGRAM_BOT_TOKEN is not set")
        if not self._settings.public_url:
            raise Skip("PUBLIC_URL is not set; answers come without a link to the reader")
        if problem := link_problem(self._settings.public_url):
            raise Warn(problem)
        return "buttons lead to the reader at PUBLIC_URL"

    def _check_webhook(self, url: str) -> None:
        """Raises Warn unless the webhook is as the settings want it; `url` is empty where none is set."""
        by_webhook, host = self._settings.telegram_by_webhook, urlsplit(url).hostname
        if url and not by_webhook:
            raise Warn(
                f"the settings say polling, but a webhook is set at {host}: another service may use this "
                "token; the first to poll removes it"
            )
        if by_webhook and not url:
            raise Warn("no webhook is set; `assemblybot serve` sets it at start")
        if by_webhook and url != f"{(self._settings.public_url or '').rstrip('/')}{PATH}":
            raise Warn(f"the webhook is set at {host}, not where PUBLIC_URL says")

    def _call(self, method: str) -> dict[str, Any]:
        """The result. Raises Skip when Telegram cannot be reached, and PlatformError when it refuses."""
        token = _given(self._settings.telegram_bot_token, "TELEGRAM_BOT_TOKEN is not set")
        try:
            answer = httpx.get(
                f"{self._settings.telegram_api_url.rstrip('/')}/bot{token}/{method}", timeout=_TIMEOUT
            )
            body = answer.json()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise Skip(f"Telegram cannot be reached from here ({type(error).__name__})") from error
        self._clock.saw(answer.headers.get("Date"))
        if answer.status_code in (401, 404):
            raise PlatformError("Telegram refuses TELEGRAM_BOT_TOKEN. Copy it again from BotFather.")
        if not isinstance(body, dict) or not isinstance(body.get("result"), dict):
            raise PlatformError(f"Telegram answers {answer.status_code} to {method}. Try again later.")
        result: dict[str, Any] = body["result"]
        return result


class Slack:
    """What the Web API says of our tokens."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock

    def bot_token(self) -> str:
        """`auth.test`: whose token it is, and the scopes it was granted."""
        installed = "; each workspace that installs the app has its own"
        token = _given(
            self._settings.slack_bot_token,
            f"SLACK_BOT_TOKEN is not set{installed if self._settings.slack_client_id else ''}",
        )
        answer = self._call(lambda client: client.auth_test(), token, "SLACK_BOT_TOKEN")
        granted = set(_header(answer, "x-oauth-scopes").replace(" ", "").split(",")) - {""}
        # Scopes for links go with HTTP only.
        http = self._settings.slack_over_http
        wanted = {scope for scope in BOT_SCOPES if http or not scope.startswith("links:")}
        if granted and (missing := sorted(wanted - granted)):
            raise PlatformError(
                f"The Slack app lacks {', '.join(missing)}. Paste the manifest again "
                "(assemblybot slack manifest) and reinstall the app."
            )
        return f"{answer.get('team')}, as {answer.get('user')}, {len(granted)} scopes"

    def app_token(self) -> str:
        """`apps.connections.open`: gives out an address for Socket Mode, and opens nothing."""
        unset = "SLACK_APP_TOKEN is not set; it is for Socket Mode only"
        token = _given(self._settings.slack_app_token, unset)
        self._call(lambda client: client.apps_connections_open(app_token=token), token, "SLACK_APP_TOKEN")
        return "Socket Mode may be opened"

    def signing_secret(self) -> str:
        """Only its form: Slack has no call that tries it."""
        unset = "SLACK_SIGNING_SECRET is not set; it is for HTTP only"
        secret = _given(self._settings.slack_signing_secret, unset)
        if not re.fullmatch("[0-9a-f]{32}", secret):
            raise Warn("does not have the form of one (32 of 0-9 a-f); copy it from “Basic Information”")
        return "has the form of one"

    def _call(self, method: Callable[[WebClient], SlackResponse], token: str, name: str) -> SlackResponse:
        """The answer. Raises Skip when Slack cannot be reached, and PlatformError when it refuses."""
        client = WebClient(
            token,
            base_url=self._settings.slack_api_url,
            timeout=_TIMEOUT,
            logger=sdk_logger(),
            retry_handlers=[],
        )
        try:
            answer = method(client)
        except SlackApiError as error:
            if not isinstance(error.response, SlackResponse) or error.response.status_code >= 500:
                raise Skip("Slack answers, but not to this; try again later") from error
            refusal = error.response.get("error")
            raise PlatformError(
                f"Slack refuses {name} ({refusal}). Copy it again from the app's page."
            ) from error
        except (OSError, HTTPException, ValueError) as error:
            raise Skip(f"Slack cannot be reached from here ({type(error).__name__})") from error
        self._clock.saw(_header(answer, "date"))
        return answer


def _given(secret: SecretStr | None, unset: str) -> str:
    """The secret. Raises Skip where it is not set."""
    if secret is None:
        raise Skip(unset)
    return secret.get_secret_value()


def _header(answer: SlackResponse, name: str) -> str:
    """A header by its name in any case; urllib keeps those that came."""
    return next((str(value) for key, value in answer.headers.items() if key.lower() == name), "")
