"""Calls to Slack, repeated only where the first attempt surely did nothing: a 429, or no connection.

slack_sdk also repeats a call when a connection breaks. After a break nobody knows whether a message was
posted, and posting it again may answer twice.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator, Iterator
from http import HTTPStatus
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from assemblybot import logs
from assemblybot.chat.observe import Observer
from assemblybot.errors import PlatformUnreachableError
from assemblybot.render.slack_message import SlackMessage
from assemblybot.session.inbox import current_delivery, release_slot

PLATFORM: Final = "slack"
_ATTEMPTS_AFTER_429: Final = 5
_ATTEMPTS_TO_CONNECT: Final = 3
_TIMEOUT: Final = 15
_PANEL: Final = "/assistant.threads."
#: What Slack says of blocks that it does not take.
_REFUSED_BLOCKS: Final = "invalid_blocks"


class _RateLimitHandler(AsyncRateLimitErrorRetryHandler):
    """Waits as long as Slack asks, lets other deliveries go first meanwhile, and counts that.

    A call for the agent panel does not wait: an answer would wait for it.
    """

    def __init__(self, observer: Observer) -> None:
        super().__init__(max_retry_count=_ATTEMPTS_AFTER_429)
        self.observer = observer

    async def can_retry_async(self, *, request: HttpRequest, **call: Any) -> bool:
        """Called by slack_sdk after every answer."""
        return _PANEL not in request.url and await super().can_retry_async(request=request, **call)

    async def prepare_for_next_attempt_async(self, **call: Any) -> None:
        """Called by slack_sdk after a 429."""
        self.observer.count("rate_limited", PLATFORM)
        release_slot()
        await super().prepare_for_next_attempt_async(**call)
        self.observer.count("retries", PLATFORM)


class _ConnectionHandler(AsyncConnectionErrorRetryHandler):
    """Tries again, after a moment, where no connection could be made."""

    def __init__(self, observer: Observer) -> None:
        super().__init__(_ATTEMPTS_TO_CONNECT, error_types=[aiohttp.ClientConnectorError])
        self.observer = observer

    async def prepare_for_next_attempt_async(self, **call: Any) -> None:
        """Called by slack_sdk when it could not connect."""
        release_slot()
        await super().prepare_for_next_attempt_async(**call)
        self.observer.count("retries", PLATFORM)


def sdk_logger() -> logging.Logger:
    """The logger given to Bolt and the SDK: at DEBUG they log messages, so they never get there."""
    logger = logging.getLogger("assemblybot.slack.sdk")
    logger.setLevel(max(logging.INFO, logging.getLogger().level))
    return logger


def web_client(
    session: aiohttp.ClientSession, token: str | None, base_url: str, observer: Observer
) -> AsyncWebClient:
    """A Web API client that shares one pool of connections."""
    return AsyncWebClient(
        token=token,
        base_url=base_url,
        timeout=_TIMEOUT,
        session=session,
        logger=sdk_logger(),
        retry_handlers=[_RateLimitHandler(observer), _ConnectionHandler(observer)],
    )


async def post(client: AsyncWebClient, message: SlackMessage, channel: str, thread: str | None) -> None:
    """Post a message for a whole channel, in older blocks where Slack needs that. Raises SlackApiError."""
    try:
        async with _sending(client):
            await client.chat_postMessage(
                channel=channel,
                thread_ts=thread or None,
                text=message.text,
                blocks=message.blocks,
                unfurl_links=False,
                unfurl_media=False,
            )
    except SlackApiError as error:
        if message.plainer is None or error.response.get("error") != _REFUSED_BLOCKS:
            raise
        await post(client, message.plainer, channel, thread)


async def post_ephemeral(
    client: AsyncWebClient, message: SlackMessage, channel: str, user: str, thread: str, url: str
) -> None:
    """Show a message to one user in a thread. Raises SlackApiError.

    A message through a `response_url` to one user alone may appear in the channel, outside of the thread
    that is open; so that is left for channels where the bot is not a member.
    """
    try:
        async with _sending(client):
            await client.chat_postEphemeral(
                channel=channel, user=user, thread_ts=thread, text=message.text, blocks=message.blocks
            )
    except SlackApiError as error:
        if not is_not_a_member(error):
            raise
        await respond(client, url, message, thread=thread)


async def respond(
    client: AsyncWebClient,
    url: str,
    message: SlackMessage,
    *,
    in_channel: bool = False,
    replace_original: bool = False,
    thread: str | None = None,
) -> None:
    """Answer a command or a click through its `response_url`; only its user sees it by default."""
    options: dict[str, Any] = {
        "response_type": "in_channel" if in_channel else "ephemeral",
        "replace_original": replace_original,
        **({"thread_ts": thread} if thread else {}),
    }
    retries = client.retry_handlers
    webhook = AsyncWebhookClient(
        url, timeout=_TIMEOUT, session=client.session, logger=sdk_logger(), retry_handlers=retries
    )
    try:
        async with _sending(client):
            answer = await webhook.send_dict({**message.to_dict(), **options})
        if answer.status_code != HTTPStatus.OK and message.plainer and _REFUSED_BLOCKS in answer.body:
            async with _sending(client):
                answer = await webhook.send_dict({**message.plainer.to_dict(), **options})
    except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError, aiohttp.ClientConnectorError) as error:
        sdk_logger().warning("Slack: a response_url cannot be reached (%s)", type(error).__name__)
        return
    if answer.status_code != HTTPStatus.OK:
        sdk_logger().warning("Slack: a response_url answered %d", answer.status_code)


@contextlib.asynccontextmanager
async def _sending(client: AsyncWebClient) -> AsyncIterator[None]:
    """Time a request that a user may see; after it, no other process answers the delivery in hand."""
    if delivery := current_delivery():
        await delivery.sending()
    # Bolt makes new clients, and hands the handlers on to them.
    found = (handler.observer for handler in client.retry_handlers if isinstance(handler, _RateLimitHandler))
    with next(found).timing("send"):
        yield


@contextlib.contextmanager
def reaching_slack() -> Iterator[None]:
    """Raises PlatformUnreachableError where a start cannot reach Slack, or Slack itself fails."""
    try:
        yield
    except SlackApiError as error:
        status = error.response.status_code
        if status < HTTPStatus.INTERNAL_SERVER_ERROR and status != HTTPStatus.TOO_MANY_REQUESTS:
            raise  # Slack refuses
        raise PlatformUnreachableError(f"Slack cannot be reached ({describe(error)}).") from error
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise PlatformUnreachableError(
            f"Slack cannot be reached ({type(error).__name__}). Check the network."
        ) from error


def describe(error: BaseException) -> str:
    """What may be logged of an error: Slack's own word where it refused, else its kind and place."""
    if isinstance(error, SlackApiError):
        return f"the Web API answered {error.response.get('error') or error.response.status_code}"
    return logs.describe(error)


def is_not_a_member(error: SlackApiError) -> bool:
    """Whether Slack refused a message because the bot is not in the channel, or cannot see it."""
    return error.response.get("error") in ("not_in_channel", "channel_not_found")
