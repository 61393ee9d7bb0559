"""Checks of tokens and set-up through the platforms' own calls, and of the clock by their answers."""

from __future__ import annotations

import contextlib
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
from assemblybot.chat.telegram.links import link_problem
from assemblybot.chat.telegram.quiet import quiet_libraries
from assemblybot.chat.telegram.webhook import PATH
from assemblybot.doctor.finding import Check, Said, ok, skip, warn
from assemblybot.errors import PlatformError, SettingsError
from assemblybot.settings import Settings

_TIMEOUT: Final = 10
_MANY_PENDING: Final = 100
_RECENT: Final = 3600.0
#: Slack refuses what was signed five minutes ago; a clock that is wrong by one will be by five.
_WRONG_CLOCK: Final = 60.0
_LOOSE_CLOCK: Final = 5.0


def checks(settings: Settings) -> Iterator[Check]:
    """The clock comes last: it is read off the answers to the others."""
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

    def check(self) -> Said:
        """The smallest difference seen; an answer may have been long on its way."""
        if not self._off:
            return skip("no platform was reached to compare with")
        off = min(self._off, key=abs)
        if abs(off) > _WRONG_CLOCK:
            raise SettingsError(
                f"The clock is {off:+.0f} s off. Slack refuses signatures that are five minutes old; "
                "let the system keep time (NTP)."
            )
        return ok("right") if abs(off) <= _LOOSE_CLOCK else warn(f"{off:+.0f} s off; is NTP running?")


class Telegram:
    """What the Bot API says of our token and of how updates come."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock

    def token(self) -> Said:
        """`getMe`: whose token it is."""
        if self._settings.telegram_bot_token is None:
            return skip("TELEGRAM_BOT_TOKEN is not set")
        me = self._call("getMe")
        if isinstance(me, Said):
            return me
        inline = "on" if me.get("supports_inline_queries") else "off (BotFather: /setinline)"
        return ok(f"@{me.get('username')}, inline mode {inline}")

    def updates(self) -> Said:
        """`getWebhookInfo`: how updates come, how many wait, what went wrong last."""
        if self._settings.telegram_bot_token is None:
            return skip("TELEGRAM_BOT_TOKEN is not set")
        info = self._call("getWebhookInfo")
        if isinstance(info, Said):
            return info
        waiting = int(info.get("pending_update_count", 0))
        if problem := self._other_way(str(info.get("url") or "")):
            return warn(problem)
        if time.time() - float(info.get("last_error_date", 0)) < _RECENT:
            return warn(f"{waiting} wait; Telegram could not deliver: {info.get('last_error_message')}")
        if waiting > _MANY_PENDING:
            return warn(f"{waiting} updates wait; is the bot running?")
        way = "webhook" if self._settings.telegram_by_webhook else "polling"
        return ok(f"{way}, {waiting} wait")

    def links(self) -> Said:
        """Whether buttons may lead to the reader."""
        if self._settings.telegram_bot_token is None:
            return skip("TELEGRAM_BOT_TOKEN is not set")
        if not self._settings.public_url:
            return skip("PUBLIC_URL is not set; answers come without a link to the reader")
        problem = link_problem(self._settings.public_url)
        return warn(problem) if problem else ok("buttons lead to the reader at PUBLIC_URL")

    def _other_way(self, url: str) -> str:
        """What is wrong with the webhook that is set; empty when it is as the settings want it."""
        host = urlsplit(url).hostname
        if not self._settings.telegram_by_webhook:
            return (
                url
                and f"the settings say polling, but a webhook is set at {host}: another service may use this "
                "token; the first to poll removes it"
            )
        wanted = f"{(self._settings.public_url or '').rstrip('/')}{PATH}"
        if not url:
            return "no webhook is set; `assemblybot serve` sets it at start"
        return "" if url == wanted else f"the webhook is set at {host}, not where PUBLIC_URL says"

    def _call(self, method: str) -> dict[str, Any] | Said:
        """The result; a skip when Telegram cannot be reached. Raises PlatformError when it refuses."""
        token = self._settings.telegram_bot_token
        assert token is not None
        url = f"{self._settings.telegram_api_url.rstrip('/')}/bot{token.get_secret_value()}/{method}"
        try:
            answer = httpx.get(url, timeout=_TIMEOUT)
            body = answer.json()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            return skip(f"Telegram cannot be reached from here ({type(error).__name__})")
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

    def bot_token(self) -> Said:
        """`auth.test`: whose token it is, and the scopes it was granted."""
        token = self._settings.slack_bot_token
        if token is None:
            if self._settings.slack_client_id:
                return skip("SLACK_BOT_TOKEN is not set; each workspace that installs the app has its own")
            return skip("SLACK_BOT_TOKEN is not set")
        answer = self._call(lambda client: client.auth_test(), token, "SLACK_BOT_TOKEN")
        if isinstance(answer, Said):
            return answer
        granted = set(_header(answer, "x-oauth-scopes").replace(" ", "").split(",")) - {""}
        missing = sorted(self._wanted() - granted) if granted else []
        if missing:
            raise PlatformError(
                f"The Slack app lacks {', '.join(missing)}. Paste the manifest again "
                "(assemblybot slack manifest) and reinstall the app."
            )
        return ok(f"{answer.get('team')}, as {answer.get('user')}, {len(granted)} scopes")

    def _wanted(self) -> set[str]:
        """Scopes of the manifest; those for links go with HTTP only."""
        http = self._settings.slack_signing_secret is not None
        return {scope for scope in BOT_SCOPES if http or not scope.startswith("links:")}

    def app_token(self) -> Said:
        """`apps.connections.open`: gives out an address for Socket Mode, and opens nothing."""
        token = self._settings.slack_app_token
        if token is None:
            return skip("SLACK_APP_TOKEN is not set; it is for Socket Mode only")
        value = token.get_secret_value()
        answer = self._call(
            lambda client: client.apps_connections_open(app_token=value), token, "SLACK_APP_TOKEN"
        )
        return answer if isinstance(answer, Said) else ok("Socket Mode may be opened")

    def signing_secret(self) -> Said:
        """Only its form: Slack has no call that tries it."""
        secret = self._settings.slack_signing_secret
        if secret is None:
            return skip("SLACK_SIGNING_SECRET is not set; it is for HTTP only")
        value = secret.get_secret_value()
        if len(value) == 32 and all(sign in "0123456789abcdef" for sign in value):
            return ok("has the form of one")
        return warn("does not have the form of one (32 of 0-9 a-f); copy it from “Basic Information”")

    def _call(
        self, method: Callable[[WebClient], SlackResponse], token: SecretStr, name: str
    ) -> SlackResponse | Said:
        """The answer; a skip when Slack cannot be reached. Raises PlatformError when it refuses."""
        client = WebClient(
            token.get_secret_value(),
            base_url=self._settings.slack_api_url.rstrip("/") + "/",
            timeout=_TIMEOUT,
            logger=sdk_logger(),
            retry_handlers=[],
        )
        try:
            answer = method(client)
        except SlackApiError as error:
            if not isinstance(error.response, SlackResponse) or error.response.status_code >= 500:
                return skip("Slack answers, but not to this; try again later")
            refusal = error.response.get("error")
            raise PlatformError(
                f"Slack refuses {name} ({refusal}). Copy it again from the app's page."
            ) from error
        except (OSError, HTTPException, ValueError) as error:
            return skip(f"Slack cannot be reached from here ({type(error).__name__})")
        self._clock.saw(_header(answer, "date"))
        return answer


def _header(answer: SlackResponse, name: str) -> str:
    """A header by its name in any case; urllib keeps those that came."""
    return next((str(value) for key, value in answer.headers.items() if key.lower() == name), "")
