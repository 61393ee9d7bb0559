"""Events: messages that ask, App Home and the agent panel when they are opened, links to passages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from assemblybot.chat.documents import Sent
from assemblybot.chat.slack import agent_panel
from assemblybot.chat.slack.client import is_not_a_member, post
from assemblybot.chat.slack.commands import MUTES, muted
from assemblybot.chat.slack.conversation import SlackAsked, SlackConversation
from assemblybot.chat.slack.documents import SentDocuments
from assemblybot.chat.slack.manifest import COMMAND, INVITE, MENTION
from assemblybot.chat.slack.messages import (
    Event,
    Trigger,
    identity,
    message_of,
    plain_text,
    thread_of,
    trigger_of,
)
from assemblybot.chat.slack.state import Thread, workspace
from assemblybot.render import slack
from assemblybot.render.links import passage_of, prefix_of
from assemblybot.render.slack_message import SlackMessage
from assemblybot.render.slack_shown import Cited, Shown
from assemblybot.session.base import UserKey

_MOST_UNFURLS: Final = 5
_Payload = dict[str, Any]


class Events:
    """Listeners of events."""

    def __init__(self, conversation: SlackConversation, documents: SentDocuments) -> None:
        self._conversation = conversation
        self._documents = documents

    async def on_message(self, event: _Payload, context: AsyncBoltContext) -> None:
        """A message or a mention: answer it in its thread when it is a question for the bot."""
        state, trigger = self._conversation.state, trigger_of(event, context.bot_user_id or "")
        thread = Thread(workspace(context), str(event.get("channel", "")), thread_of(event))
        if trigger is None or (trigger is Trigger.THREAD and not await state.is_followed(thread)):
            return
        message, asked = message_of(event), self._question(event, context, thread, trigger)
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
            await agent_panel.set_title(context.client, thread, asked.text)

    async def on_home_opened(self, event: _Payload, context: AsyncBoltContext) -> None:
        """Someone opened App Home, or the conversation with the bot."""
        user = self._conversation.state.sender(context)
        if event.get("tab") == "messages":
            await agent_panel.suggest_prompts(context.client, str(event["channel"]), self._conversation, user)
        else:
            await self._conversation.publish_home(user, context)

    async def on_link_shared(self, event: _Payload, context: AsyncBoltContext) -> None:
        """Someone posted, or is writing, a link to a passage: show the passage and its place."""
        collection, public_url = self._conversation.desk.collection, self._conversation.public_url
        # A link into another collection than that of this channel is not shown here.
        base = public_url and public_url.rstrip("/") + prefix_of(collection)
        language = await self._conversation.language(self._conversation.state.sender(context))
        unfurls: dict[str, dict[str, Any]] = {}
        for url in [str(link.get("url", "")) for link in event["links"][:_MOST_UNFURLS]]:
            passage = passage_of(url, base)
            if not passage:
                continue
            shown = Shown((Cited(passage),), language, around=True, collection=collection)
            if self._conversation.citations(shown):
                blocks = self._conversation.page(shown).blocks
                # Without the buttons of an answer.
                kept = [block for block in blocks if block["type"] in ("rich_text", "context")]
                unfurls[url] = {"blocks": kept}
        if unfurls:
            where = (
                {"unfurl_id": event["unfurl_id"], "source": event["source"]}
                if event.get("unfurl_id")
                else {"channel": event["channel"], "ts": event["message_ts"]}
            )
            await context.client.chat_unfurl(unfurls=unfurls, **where)

    def _question(
        self, event: Event, context: AsyncBoltContext, thread: Thread, trigger: Trigger
    ) -> SlackAsked:
        state, direct = self._conversation.state, trigger is Trigger.DIRECT
        conversations = [state.conversation(*thread)]
        if direct:
            # A new message in a direct conversation may follow up on the thread before it.
            conversations.append(state.conversation(thread.team, thread.channel))
        return SlackAsked(
            plain_text(message_of(event)) or "help",
            state.sender(context),
            tuple(conversations),
            message=identity(thread.team, event),
            direct=direct,
        )

    async def _reply(
        self, asked: SlackAsked, message: Event, thread: Thread, trigger: Trigger, client: AsyncWebClient
    ) -> SlackMessage | None:
        """What is said to a message; `None` when nothing is, or it was said already."""
        state = self._conversation.state
        if trigger is Trigger.THREAD:
            return await self._reply_if_sure(asked, thread)
        if trigger is Trigger.EDITED and self._conversation.edit(asked.message, asked.text):
            return None
        if not await state.first_seen("message", asked.message):
            return None
        if trigger is not Trigger.DIRECT:
            await state.follow(thread)
        if trigger is not Trigger.EDITED and (sent := self._documents.sent_in(message)):
            await self._preview(sent, str(message["user"]), asked.user, thread, client)
            return None
        text = plain_text(message)
        if message.get("files") and not text:
            over_limit = await self._conversation.store.allow(asked.user) > 0
            return None if over_limit else await self._conversation.note(asked.user, "slack-only-text")
        language = await self._conversation.language(asked.user, text)
        if trigger is Trigger.DIRECT:
            async with agent_panel.working(client, thread, language):
                return await self._conversation.reply(asked)
        if (on := MUTES.get(text.lower())) is None:
            return await self._conversation.reply(asked)
        in_thread = bool(message.get("thread_ts"))
        await state.mute(thread if in_thread else thread._replace(ts=""), on=on)
        return muted(language, on=on, by=MENTION if in_thread else COMMAND)

    async def _reply_if_sure(self, asked: SlackAsked, thread: Thread) -> SlackMessage | None:
        """The answer to a message without a mention, if there is one to give.

        Until it is given the message does not count as seen: an edit may still add the mention.
        """
        state = self._conversation.state
        if not await state.first_seen("overheard", asked.message):
            return None
        is_first = partial(state.first_seen, "message", asked.message)
        reply = await self._conversation.reply_if_sure(replace(asked, message=""), is_first)
        if reply:
            await state.follow(thread)
        return reply

    async def _preview(
        self, sent: Sequence[Sent], user_id: str, user: UserKey, thread: Thread, client: AsyncWebClient
    ) -> None:
        """Say of each file that a curator sent what it would become."""
        language = await self._conversation.language(user)
        for file in sent:
            async with agent_panel.working(client, thread, language):
                preview = await self._documents.offer(thread.team, user_id, file, client)
            await post(client, preview, thread.channel, thread.ts)
