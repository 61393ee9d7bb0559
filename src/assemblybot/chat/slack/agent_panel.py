"""The agent panel of direct conversations: status while an answer is found, titles, suggested prompts.

A workspace without the agent feature refuses all of it, which must not cost anyone the answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from assemblybot.chat.slack.client import describe
from assemblybot.chat.slack.conversation import SlackConversation
from assemblybot.chat.slack.state import Thread
from assemblybot.render.slack_text import cut, spoken
from assemblybot.session.base import UserKey
from assemblybot.text.language import INTERFACE_LANGUAGES, InterfaceLanguage

_LOG = logging.getLogger(__name__)
_LONGEST_TITLE: Final = 60
_LONGEST_PROMPT_TITLE: Final = 75
#: How long an answer that is ready waits for the status, in seconds.
_STATUS_TIMEOUT: Final = 1.0
#: A call that must wait (429) is given up after so many seconds.
_CALL_TIMEOUT: Final = 10.0


@contextlib.asynccontextmanager
async def working(client: AsyncWebClient, thread: Thread, language: InterfaceLanguage) -> AsyncIterator[None]:
    """Show that an answer is on its way while it is found inside; posting the answer clears that."""
    task = asyncio.create_task(_set_status(client, thread, language))
    try:
        yield
        # Shown after the answer, it would stay.
        await asyncio.wait({task}, timeout=_STATUS_TIMEOUT)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _set_status(client: AsyncWebClient, thread: Thread, language: InterfaceLanguage) -> None:
    async with _optional():
        await client.assistant_threads_setStatus(
            channel_id=thread.channel,
            thread_ts=thread.ts,
            status=spoken(language, "slack-working"),
            loading_messages=[spoken(language, f"slack-loading-{key}") for key in ("read", "compare")],
        )


async def set_title(client: AsyncWebClient, thread: Thread, question: str) -> None:
    """Name the thread after its first question, in the list of conversations with the agent."""
    async with _optional():
        # slack_sdk would put the title, which is the question, into the address of the request, where
        # every proxy between here and Slack may log it.
        title = cut(question, _LONGEST_TITLE)
        arguments = {"channel_id": thread.channel, "thread_ts": thread.ts, "title": title}
        await client.api_call("assistant.threads.setTitle", json=arguments)


async def suggest_prompts(
    client: AsyncWebClient, channel: str, conversation: SlackConversation, user: UserKey
) -> None:
    """Suggest questions: in the language that the user chose, else one in each language."""
    chosen = await conversation.chosen(user)
    if chosen:
        questions = conversation.suggestions(chosen)
    else:
        questions = tuple(q for code in INTERFACE_LANGUAGES for q in conversation.suggestions(code)[:1])
    if questions:
        await client.assistant_threads_setSuggestedPrompts(
            channel_id=channel,
            title=spoken(await conversation.language(user), "slack-prompts"),
            prompts=[{"title": cut(q.text, _LONGEST_PROMPT_TITLE), "message": q.text} for q in questions],
        )


@contextlib.asynccontextmanager
async def _optional() -> AsyncIterator[None]:
    """Log what fails inside, and go on."""
    try:
        async with asyncio.timeout(_CALL_TIMEOUT):
            yield
    except (TimeoutError, SlackApiError, aiohttp.ClientError, OSError) as error:
        _LOG.info("Slack: the agent panel was not updated: %s", describe(error))
