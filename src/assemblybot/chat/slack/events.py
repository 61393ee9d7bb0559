"""Events: messages that ask, App Home and the agent panel when they are opened, links to passages."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Any, Final

import aiohttp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from assemblybot.chat.fetching import Sent
from assemblybot.chat.slack import messages
from assemblybot.chat.slack.client import describe, is_not_a_member, post
from assemblybot.chat.slack.commands import MUTES, muted
from assemblybot.chat.slack.conversation import SlackAsked, SlackConversation, workspace
from assemblybot.chat.slack.documents import fetch_file, sent_in
from assemblybot.chat.slack.manifest import COMMAND, INVITE, MENTION
from assemblybot.chat.slack.messages import Event, Thread, Trigger, plain_text
from assemblybot.chat.slack.payloads import Payload
from assemblybot.render import slack
from assemblybot.render.links import passage_of, prefix_of
from assemblybot.render.slack_message import SlackMessage
from assemblybot.render.slack_shown import Cited, Shown
from assemblybot.render.slack_text import cut, spoken
from assemblybot.session.base import UserKey
from assemblybot.session.inbox import release_slot
from assemblybot.text.language import INTERFACE_LANGUAGES, InterfaceLanguage

_LOG = logging.getLogger(__name__)
_MOST_UNFURLS: Final = 5
_LONGEST_TITLE: Final = 60
_LONGEST_PROMPT_TITLE: Final = 75
#: A call for the agent panel is given up after so many seconds.
_PANEL_TIMEOUT: Final = 10.0


class Events:
    """Listeners of events."""

    def __init__(self, conversation: SlackConversation) -> None:
        self._conversation = conversation

    async def on_message(self, event: Payload, context: AsyncBoltContext) -> None:
        """A message or a mention: answer it in its thread when it is a question for the bot."""
        trigger = messages.trigger_of(event, context.bot_user_id or "")
        thread = messages.thread_of(workspace(context), event)
        is_meant = trigger is not Trigger.THREAD or await self._conversation.is_followed(thread)
        if trigger is None or not is_meant:
            return
        message = messages.message_of(event)
        within = [self._conversation.thread_key(*thread)]
        if trigger is Trigger.DIRECT:
            # A new message in a direct conversation may follow up on the thread before it.
            within.append(self._conversation.thread_key(thread.team, thread.channel))
        asked = SlackAsked(
            plain_text(message) or "help",
            self._conversation.sender(context),
            tuple(within),
            message=messages.identity(thread.team, event),
            direct=trigger is Trigger.DIRECT,
        )
        reply = await self._reply(asked, message, thread, trigger, context.client)
        if reply is None:
            return
        try:
            await post(context.client, reply, thread.channel, thread.ts)
        except SlackApiError as error:
            if trigger in (Trigger.DIRECT, Trigger.THREAD) or not is_not_a_member(error):
                raise
            # A mention in a channel that the bot is not in is answered directly, with how to invite it.
            language = await self._conversation.language(asked.user, asked.text)
            for part in (slack.not_invited(language, thread.channel, INVITE), reply):
                await post(context.client, part, str(message["user"]), None)
        if trigger is Trigger.DIRECT and not message.get("thread_ts") and plain_text(message):
            await _set_title(context.client, thread, asked.text)

    async def on_home_opened(self, event: Payload, context: AsyncBoltContext) -> None:
        """Someone opened App Home, or the conversation with the bot."""
        user = self._conversation.sender(context)
        if event.get("tab") == "messages":
            await self._suggest_prompts(user, str(event["channel"]), context.client)
        else:
            await self._conversation.publish_home(user, context)

    async def on_link_shared(self, event: Payload, context: AsyncBoltContext) -> None:
        """Someone posted, or is writing, a link to a passage: show the passage and its place."""
        collection, public_url = self._conversation.queue.collection, self._conversation.public_url
        # A link into another collection than that of this channel is not shown here.
        base = public_url and public_url.rstrip("/") + prefix_of(collection)
        language = await self._conversation.language(self._conversation.sender(context))
        unfurls: dict[str, dict[str, Any]] = {}
        for link in event["links"][:_MOST_UNFURLS]:
            passage = passage_of(str(link.get("url", "")), base)
            if not passage:
                continue
            shown = Shown((Cited(passage),), language, collection=collection)
            if self._conversation.citations(shown):
                blocks = self._conversation.page(shown).blocks  # here without the buttons of an answer
                kept = [block for block in blocks if block["type"] in ("rich_text", "context")]
                unfurls[link["url"]] = {"blocks": kept}
        if unfurls:
            where = {"channel": event["channel"], "ts": event["message_ts"]}
            if event.get("unfurl_id"):  # it is being written
                where = {"unfurl_id": event["unfurl_id"], "source": event["source"]}
            await context.client.chat_unfurl(unfurls=unfurls, **where)

    async def _reply(
        self, asked: SlackAsked, message: Event, thread: Thread, trigger: Trigger, client: AsyncWebClient
    ) -> SlackMessage | None:
        """What is said to a message; `None` when nothing is, or it was said already."""
        if trigger is Trigger.THREAD:
            return await self._conversation.reply_if_sure(asked, thread)
        if trigger is Trigger.EDITED and self._conversation.edit(asked.message, asked.text):
            return None
        # One mention raises an `app_mention` and a `message`, which have the identity of the message.
        if not await self._conversation.first_seen("message", asked.message):
            return None
        if trigger is not Trigger.DIRECT:
            await self._conversation.follow(thread)
        if trigger is not Trigger.EDITED and (sent := sent_in(message, self._conversation.documents)):
            await self._preview(sent, asked.user, thread, client)
            return None
        text = plain_text(message)
        if message.get("files") and not text:
            over_limit = await self._conversation.wait(asked.user) > 0
            return None if over_limit else await self._conversation.note(asked.user, "slack-only-text")
        language = await self._conversation.language(asked.user, text)
        if trigger is Trigger.DIRECT:
            async with _working(client, thread, language):
                return await self._conversation.reply(asked)
        if (on := MUTES.get(text.lower())) is None:
            return await self._conversation.reply(asked)
        in_thread = bool(message.get("thread_ts"))
        await self._conversation.mute(thread if in_thread else thread._replace(ts=""), on=on)
        return muted(language, on=on, by=MENTION if in_thread else COMMAND)

    async def _preview(self, sent: list[Sent], user: UserKey, thread: Thread, client: AsyncWebClient) -> None:
        """Say of each file that a curator sent what it would become."""
        by = self._conversation.by(user, await self._conversation.language(user))
        for file in sent:
            async with _working(client, thread, by.language):
                card = await self._conversation.documents.offer(by, file, partial(fetch_file, client))
            await post(client, slack.card_message(card), thread.channel, thread.ts)

    async def _suggest_prompts(self, user: UserKey, channel: str, client: AsyncWebClient) -> None:
        """Suggest questions: in the language that the user chose, else one in each language."""
        if chosen := await self._conversation.chosen(user):
            questions = [*self._conversation.suggestions(chosen)]
        else:
            questions = [q for code in INTERFACE_LANGUAGES for q in self._conversation.suggestions(code)[:1]]
        if questions:
            await client.assistant_threads_setSuggestedPrompts(
                channel_id=channel,
                title=spoken(await self._conversation.language(user), "slack-prompts"),
                prompts=[{"title": cut(q.text, _LONGEST_PROMPT_TITLE), "message": q.text} for q in questions],
            )


@contextlib.asynccontextmanager
async def _working(
    client: AsyncWebClient, thread: Thread, language: InterfaceLanguage
) -> AsyncIterator[None]:
    """Show that an answer is on its way while it is found inside; posting the answer clears that.

    The answer waits until that is shown: shown after the answer, it would stay.
    """
    loading = [spoken(language, key) for key in ("slack-loading-read", "slack-loading-compare")]
    status = _optional(
        client.assistant_threads_setStatus,
        channel_id=thread.channel,
        thread_ts=thread.ts,
        status=spoken(language, "slack-working"),
        loading_messages=loading,
    )
    task = asyncio.create_task(status)
    try:
        yield
        release_slot()
        await asyncio.wait({task})
    finally:
        task.cancel()


async def _set_title(client: AsyncWebClient, thread: Thread, question: str) -> None:
    """Name the thread after its first question, in the list of conversations with the agent."""
    # slack_sdk would put the title, which is the question, into the address of the request, where every
    # proxy between here and Slack may log it.
    title = cut(question, _LONGEST_TITLE)
    arguments = {"channel_id": thread.channel, "thread_ts": thread.ts, "title": title}
    await _optional(client.api_call, api_method="assistant.threads.setTitle", json=arguments)


async def _optional(call: Callable[..., Awaitable[object]], **arguments: Any) -> None:
    """Make a call that a workspace without the agent panel refuses, which must not cost anyone the answer."""
    try:
        async with asyncio.timeout(_PANEL_TIMEOUT):
            await call(**arguments)
    except (TimeoutError, SlackApiError, aiohttp.ClientError, OSError) as error:
        _LOG.info("Slack: the agent panel was not updated: %s", describe(error))
