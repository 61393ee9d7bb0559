"""Mentions, direct messages and follow-ups in threads: event in, answer in the thread."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Coroutine, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final, NamedTuple

import aiohttp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from assemblybot.chat.fetching import Sent
from assemblybot.chat.slack.client import describe, is_no_member, post
from assemblybot.chat.slack.desk import Desk, SlackAsked
from assemblybot.chat.slack.documents import fetch_file, sent_in
from assemblybot.chat.slack.gate import Event, Me, Way, has_files, identity, said, should_answer, thread_of
from assemblybot.chat.slack.once import Names, workspace
from assemblybot.chat.slack.quiet import COMMAND, INVITE, MENTION, choice, confirmation
from assemblybot.chat.slack.words import words_of
from assemblybot.render import slack
from assemblybot.render.slack_message import SlackMessage
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


class _Place(NamedTuple):
    """A thread, or one that a message begins."""

    team: str
    channel: str
    thread: str


class Questions:
    """Listeners of `message` and `app_mention`."""

    def __init__(self, desk: Desk, names: Names) -> None:
        self._desk = desk
        self._names = names

    async def on_event(
        self, event: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient
    ) -> None:
        """Answer, when the event is a question for the bot."""
        me = Me(context.bot_user_id or "", context.bot_id)
        place = _Place(workspace(context), str(event.get("channel", "")), thread_of(event))
        way = should_answer(event, me)
        # Only a reply that asks nothing by itself needs the store to be read.
        if way is None and should_answer(event, me, in_our_thread=True) and await self._overhears(place):
            way = Way.THREAD
        if way is None:
            return
        message = said(event)
        asked = self._question(message, place, identity(place.team, event), way)
        if way is Way.THREAD:
            reply = await self._overhear(asked)
        elif way is Way.EDITED and self._desk.waiting.edit(asked.message, asked.text):
            return
        elif await self._names.first("message", asked.message):
            reply = await self._reply(asked, message, place, way, client)
        else:
            return
        if reply is None:
            return
        if way is Way.THREAD:
            await self._engage(place)
        try:
            await post(client, reply, place.channel, place.thread)
        except SlackApiError as error:
            if way in (Way.DIRECT, Way.THREAD) or not is_no_member(error):
                raise
            await self._outside(client, reply, place.channel, str(message["user"]), asked)
        if way is Way.DIRECT and not message.get("thread_ts") and words_of(message):
            await _entitle(client, place.channel, place.thread, asked.text)

    async def _offer(
        self, sent: Sequence[Sent], message: Event, place: _Place, client: AsyncWebClient
    ) -> None:
        """Say of each file that a curator sent what it would become."""
        by = await self._desk.by(self._names.user(place.team, str(message["user"])))
        for one in sent:
            async with _beside(_working(client, place.channel, place.thread, by.language)):
                card = await self._desk.documents.offer(by, one, partial(fetch_file, client))
            await post(client, slack.told(card), place.channel, place.thread)

    async def _outside(
        self, client: AsyncWebClient, reply: SlackMessage, channel: str, user: str, asked: SlackAsked
    ) -> None:
        """Answer whoever mentioned the bot in a channel that it is not in, directly; say how to invite it."""
        said = slack.not_invited(await self._desk.language(asked.user, asked.text), channel, INVITE)
        for message in (said, reply):
            await post(client, message, user, None)

    def _question(self, message: Event, place: _Place, name: str, way: Way) -> SlackAsked:
        user = self._names.user(place.team, str(message["user"]))
        conversations = [self._names.conversation(*place)]
        if way is Way.DIRECT:
            # A new message in a direct conversation may follow up on the thread before it.
            conversations.append(self._names.conversation(place.team, place.channel))
        words, direct = words_of(message) or _HELP, way is Way.DIRECT
        return SlackAsked(words, user, tuple(conversations), message=name, direct=direct)

    async def _engage(self, place: _Place) -> None:
        """From now on unmentioned questions in that thread may be answered."""
        await self._desk.store.note(self._names.mentioned_in(*place), "1", SEEN_TTL)

    async def _overhears(self, place: _Place) -> bool:
        """Whether unmentioned messages of that thread may be answered."""
        engaged = await self._desk.store.noted(self._names.mentioned_in(*place))
        return engaged is not None and not await self._names.is_quiet(*place)

    async def _overhear(self, asked: SlackAsked) -> SlackMessage | None:
        """The answer to an unmentioned message, if there is one to give.

        Until it is given the message does not count as seen: an edit may still add the mention.
        """
        if not await self._names.first("overheard", asked.message):
            return None
        is_ours = partial(self._names.first, "message", asked.message)
        return await self._desk.overhear(replace(asked, message=""), is_ours)

    async def _reply(
        self, asked: SlackAsked, message: Event, place: _Place, way: Way, client: AsyncWebClient
    ) -> SlackMessage | None:
        """What is said to a message that is for the bot; `None` when nothing is, or it was said already."""
        if way is not Way.DIRECT:
            await self._engage(place)
        if way in (Way.DIRECT, Way.MENTION) and (sent := sent_in(message, self._desk.documents)):
            await self._offer(sent, message, place, client)
            return None
        words = words_of(message)
        language = await self._desk.language(asked.user, words)
        if has_files(message) and not words:
            over = await self._desk.store.allow(asked.user) > 0
            return None if over else slack.note(spoken(language, "slack-only-text"))
        if way is Way.DIRECT:
            async with _beside(_working(client, place.channel, place.thread, language)):
                return await self._desk.said_to(asked)
        quiet = choice(asked.text)
        if quiet is None:
            return await self._desk.said_to(asked)
        in_thread = bool(message.get("thread_ts"))
        where = place if in_thread else place._replace(thread="")
        await self._names.choose_quiet(*where, on=quiet)
        return slack.note(confirmation(language, on=quiet, by=MENTION if in_thread else COMMAND))


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
