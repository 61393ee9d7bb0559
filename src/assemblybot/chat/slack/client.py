"""Calls to Slack: waits when told to (429), repeats nothing else.

slack_sdk repeats a call when a connection breaks. After a break nobody knows whether a message
was posted, and posting it again may answer twice, so only a 429, which says that nothing was
done, leads to another attempt.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from assemblybot import logs
from assemblybot.chat.observe import Observer
from assemblybot.chat.slack.incoming import PLATFORM
from assemblybot.errors import PlatformUnreachableError
from assemblybot.render.slack_message import SlackMessage
from assemblybot.session.inbox import current_delivery

SLACK_API: Final = "https://slack.com/api/"
_ATTEMPTS_AFTER_429: Final = 5
_TIMEOUT: Final = 15
#: What Slack says of blocks that it does not take.
_REFUSED_BLOCKS: Final = "invalid_blocks"
#: What it says where the bot may not post: channels it is not in, conversations it cannot see.
_NO_MEMBER: Final = frozenset({"not_in_channel", "channel_not_found"})


class _Patient(AsyncRateLimitErrorRetryHandler):
    """Waits as long as Slack asks, and tells that it had to."""

    def __init__(self, observer: Observer) -> None:
        super().__init__(max_retry_count=_ATTEMPTS_AFTER_429)
        self.observer = observer

    async def prepare_for_next_attempt_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> None:
        """Called by slack_sdk after a 429."""
        self.observer.count("rate_limited", PLATFORM)
        if current := current_delivery():
            current.release_slot()
        await super().prepare_for_next_attempt_async(
            state=state, request=request, response=response, error=error
        )
        self.observer.count("retries", PLATFORM)


def quiet_logger() -> logging.Logger:
    """The logger given to Bolt and the SDK: at DEBUG they log messages, so they never get there."""
    logger = logging.getLogger("assemblybot.slack.sdk")
    logger.setLevel(max(logging.INFO, logging.getLogger().level))
    return logger


def web_client(
    session: aiohttp.ClientSession,
    token: str | None = None,
    base_url: str = SLACK_API,
    observer: Observer | None = None,
) -> AsyncWebClient:
    """A Web API client that shares one pool of connections."""
    return AsyncWebClient(
        token=token,
        base_url=base_url,
        timeout=_TIMEOUT,
        session=session,
        logger=quiet_logger(),
        retry_handlers=[_Patient(observer or Observer())],
    )


async def post(client: AsyncWebClient, message: SlackMessage, channel: str, thread: str | None) -> None:
    """Post a message everyone in the channel sees; with older blocks where Slack refuses these.

    Raises SlackApiError.
    """
    await _sending()
    try:
        with _observer(client).timing("send"):
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


async def post_or_respond(
    client: AsyncWebClient, message: SlackMessage, channel: str, thread: str | None, url: str
) -> None:
    """As `post`; where the bot is no member, through the `response_url` of a click. Raises SlackApiError."""
    try:
        await post(client, message, channel, thread)
    except SlackApiError as error:
        if not url or not is_no_member(error):
            raise
        await respond(client, url, message, in_channel=True, thread=thread)


async def whisper(
    client: AsyncWebClient, message: SlackMessage, channel: str, user: str, thread: str, url: str
) -> None:
    """Show a message to one user in a thread.

    What comes through a `response_url` to one user alone may stand in the channel, outside of the
    thread that is open; so that is left for where the bot is no member. Raises SlackApiError.
    """
    await _sending()
    try:
        with _observer(client).timing("send"):
            await client.chat_postEphemeral(
                channel=channel, user=user, thread_ts=thread, text=message.text, blocks=message.blocks
            )
    except SlackApiError as error:
        if not is_no_member(error):
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
    body: dict[str, Any] = {
        **message.to_dict(),
        "response_type": "in_channel" if in_channel else "ephemeral",
        "replace_original": replace_original,
        **({"thread_ts": thread} if thread else {}),
    }
    webhook = AsyncWebhookClient(
        url,
        timeout=_TIMEOUT,
        session=client.session,
        proxy=client.proxy,
        ssl=client.ssl,
        logger=quiet_logger(),
        retry_handlers=client.retry_handlers,
    )
    await _sending()
    with _observer(client).timing("send"):
        try:
            answered = await webhook.send_dict(body)
        except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError, aiohttp.ClientConnectorError) as error:
            quiet_logger().warning("Slack: a response_url cannot be reached (%s)", type(error).__name__)
            return
    if answered.status_code != 200 and message.plainer and _REFUSED_BLOCKS in answered.body:
        plainer, how = message.plainer, {"in_channel": in_channel, "replace_original": replace_original}
        await respond(client, url, plainer, **how, thread=thread)
    elif answered.status_code != 200:
        quiet_logger().warning("Slack: a response_url answered %d", answered.status_code)


@contextlib.contextmanager
def reaching_slack() -> Iterator[None]:
    """Raises PlatformUnreachableError where a start cannot reach Slack, or it fails itself."""
    try:
        yield
    except SlackApiError as error:
        if not _is_down(error):
            raise
        raise PlatformUnreachableError(f"Slack cannot be reached ({describe(error)}).") from error
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise PlatformUnreachableError(
            f"Slack cannot be reached ({type(error).__name__}). Check the network."
        ) from error


def _is_down(error: SlackApiError) -> bool:
    """Whether Slack failed, or asks to wait; else it refuses."""
    status: int = error.response.status_code
    return status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS


def describe(error: BaseException) -> str:
    """What may be logged of an error: Slack's own word where it refused, else its kind and place."""
    if isinstance(error, SlackApiError):
        answer = error.response
        return f"the Web API answered {answer.get('error') or answer.status_code}"
    return logs.describe(error)


def is_no_member(error: SlackApiError) -> bool:
    """Whether Slack refused a message because the bot is not in the channel."""
    return error.response.get("error") in _NO_MEMBER


def _observer(client: AsyncWebClient) -> Observer:
    """Who hears of a client's work; Bolt makes new clients, and hands the handlers on to them."""
    found = (handler.observer for handler in client.retry_handlers if isinstance(handler, _Patient))
    return next(found, Observer())


async def _sending() -> None:
    """After this nobody else answers the delivery in hand, because the user may see this answer."""
    if current := current_delivery():
        await current.sending()
