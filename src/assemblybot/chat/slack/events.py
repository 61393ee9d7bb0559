"""Mentions, direct messages and follow-ups in threads: event in, answer in the thread."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Coroutine
from typing import Any, Final

import aiohttp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from assemblybot.chat.slack.client import describe, post
from assemblybot.chat.slack.desk import Asked, Desk
from assemblybot.chat.slack.gate import Me, Way, identity, said, should_answer, thread_of
from assemblybot.chat.slack.once import Names, workspace
from assemblybot.chat.slack.words import plain_words
from assemblybot.render.slack_text import cut, spoken
from assemblybot.session.base import SEEN_TTL
from assemblybot.text.language import InterfaceLanguage

_LOG = logging.getLogger(__name__)
_LONGEST_TITLE: Final = 60
_HELP: Final = "help"
#: How long an answer that is ready waits for a decoration, in seconds.
_PATIENCE: Final = 1.0
#: When told to wait (429), a decoration is given up after so many seconds.
_LONGEST_DECORATION: Final = 10.0


class Questions:
    """Listeners of `message` and `app_mention`."""

    def __init__(self, desk: Desk, names: Names) -> None:
        self._desk = desk
        self._names = names

    async def on_event(
        self, event: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient
    ) -> None:
        """Answer, when the event is a question for the bot."""
        team = workspace(context)
        me = Me(context.bot_user_id or "", context.bot_id)
        channel, thread = str(event.get("channel", "")), thread_of(event)
        mentioned = self._names.mentioned_in(team, channel, thread)
        way = should_answer(event, me)
        # Only a reply that asks nothing by itself needs the store to be read.
        if (
            way is None
            and should_answer(event, me, in_our_thread=True)
            and await self._desk.store.noted(mentioned)
        ):
            way = Way.THREAD
        if way is None:
            return
        message = identity(team, event)
        words = plain_words(str(said(event).get("text", "")))
        if way is Way.EDITED and self._desk.waiting.edit(message, words):
            return
        if not await self._names.first("message", message):
            return
        user = self._names.user(team, str(said(event)["user"]))
        if way is not Way.DIRECT:
            await self._desk.store.note(mentioned, "1", SEEN_TTL)
        conversations = [self._names.conversation(team, channel, thread)]
        if way is Way.DIRECT:
            # A new message in a direct conversation may follow up on the thread before it.
            conversations.append(self._names.conversation(team, channel))
        asked = Asked(words or _HELP, user, tuple(conversations), message)
        if way is Way.DIRECT:
            language = await self._desk.language(user, words)
            async with _beside(_working(client, channel, thread, language)):
                reply = await self._desk.answer(asked)
        elif way is Way.THREAD:
            overheard = await self._desk.overhear(asked) if words else None
            if overheard is None:
                return
            reply = overheard
        else:
            reply = await self._desk.answer(asked)
        await post(client, reply, channel, thread)
        if way is Way.DIRECT and not said(event).get("thread_ts"):
            await _entitle(client, channel, thread, words)


@contextlib.asynccontextmanager
async def _beside(decoration: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Do it at the same time as what is inside, which it must not hold back for long."""
    task = asyncio.create_task(decoration)
    try:
        yield
        # Shown after the answer, it would stay.
        await asyncio.wait({task}, timeout=_PATIENCE)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _working(client: AsyncWebClient, channel: str, thread: str, language: InterfaceLanguage) -> None:
    """Show that an answer is on its way; posting the answer clears it."""
    messages = [spoken(language, key) for key in ("slack-loading-read", "slack-loading-compare")]
    async with _decoration():
        await client.assistant_threads_setStatus(
            channel_id=channel,
            thread_ts=thread,
            status=spoken(language, "slack-working"),
            loading_messages=messages,
        )


async def _entitle(client: AsyncWebClient, channel: str, thread: str, words: str) -> None:
    """Name the thread after its first question, in the list of conversations with the agent."""
    async with _decoration():
        # slack_sdk would put the title, which is the question, into the address of the request,
        # where every proxy between here and Slack may log it.
        arguments = {"channel_id": channel, "thread_ts": thread, "title": cut(words, _LONGEST_TITLE)}
        await client.api_call("assistant.threads.setTitle", json=arguments)


@contextlib.asynccontextmanager
async def _decoration() -> AsyncIterator[None]:
    """What a workspace without the agent feature refuses must not cost anyone the answer."""
    try:
        async with asyncio.timeout(_LONGEST_DECORATION):
            yield
    except (TimeoutError, SlackApiError, aiohttp.ClientError, OSError) as error:
        _LOG.info("Slack: the agent panel was not updated: %s", describe(error))
