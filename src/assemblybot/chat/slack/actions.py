"""Clicks on buttons: those of answers and documents, which hold all that a click needs, and of App Home."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.errors import SlackApiError

from assemblybot.chat.slack.client import is_not_a_member, post, respond
from assemblybot.chat.slack.conversation import SlackAsked, SlackConversation, workspace
from assemblybot.chat.slack.documents import fetch_file
from assemblybot.chat.slack.messages import is_direct
from assemblybot.chat.slack.payloads import Payload
from assemblybot.render import slack
from assemblybot.render.slack_buttons import AROUND, ASK, DOCUMENT, FEEDBACK, FOLD, FORGET, REASON, SHARE
from assemblybot.render.slack_message import SlackMessage
from assemblybot.render.slack_shown import Shown
from assemblybot.render.slack_text import spoken
from assemblybot.session.base import Reason, UserKey
from assemblybot.text.language import InterfaceLanguage, known_language


class Actions:
    """Listeners of buttons."""

    def __init__(self, conversation: SlackConversation) -> None:
        self._conversation = conversation

    async def on_click(self, body: Payload, action: Payload, context: AsyncBoltContext) -> None:
        """A button of an answer or a document; a click that Slack repeats counts once."""
        click = _Click(body, action, context)
        if not await self._conversation.first_seen("click", *click.identity):
            return
        acts = {FEEDBACK: self._rate, REASON: self._explain, DOCUMENT: self._decide, ASK: self._ask}
        await acts.get(click.name, self._show)(click, self._conversation.sender(context))

    async def on_home(self, action: Payload, context: AsyncBoltContext) -> None:
        """A button of App Home: a language was chosen, or “Forget me” was confirmed."""
        user = self._conversation.sender(context)
        if action["action_id"] == FORGET:
            await self._conversation.forget(user)
        else:
            await self._conversation.choose(user, known_language(action.get("value")))
        await self._conversation.publish_home(user, context)

    async def _show(self, click: _Click, user: UserKey) -> None:
        """Other passages of an answer, or the same ones folded, unfolded or shared."""
        shown = Shown.read(click.value)
        if shown is None:
            await click.reply(await self._conversation.note(user, "slack-passage-gone"))
        elif click.name == FOLD:
            await click.respond(self._conversation.page(shown), replace_original=True)
        elif click.name == SHARE:
            page = self._conversation.page(replace(shown, by=click.user_id))
            await click.respond(page, in_channel=True)
        elif click.name == AROUND:
            await click.reply(self._conversation.around(shown))
        else:
            await click.reply(self._conversation.page(shown))

    async def _ask(self, click: _Click, user: UserKey) -> None:
        thread = self._conversation.thread_key(click.team, click.channel, click.thread)
        # The answer is not beside the suggestion, so it says which question it answers.
        asked = SlackAsked(
            click.value,
            user,
            (thread,),
            repeated=True,
            direct=is_direct(click.channel) or not click.channel,
            private=click.is_ephemeral,
        )
        await click.reply(await self._conversation.reply(asked))

    async def _decide(self, click: _Click, user: UserKey) -> None:
        """A curator decides on a document; the message says what became of it."""
        documents, language = self._conversation.documents, await self._conversation.language(user)
        if not documents.is_curator(click.user_id):
            refused = slack.note(spoken(language, "documents-curators-only"))
            await click.respond(refused, thread=click.in_thread)
            return
        by = self._conversation.by(user, language)
        if card := await documents.press(by, click.value, partial(fetch_file, click.client)):
            await click.respond(slack.card_message(card), replace_original=True)

    async def _rate(self, click: _Click, user: UserKey) -> None:
        """Store a rating; after a bad one, ask why."""
        helpful = click.value.startswith("+")
        language, key = await self._rated(click.value[1:], user)
        await self._conversation.rate(key, user, 1 if helpful else -1)
        thanks = slack.note(spoken(language, "feedback-thanks"))
        reply = thanks if helpful else slack.reasons_message(language, key)
        await click.respond(reply, thread=click.in_thread)

    async def _explain(self, click: _Click, user: UserKey) -> None:
        """Store why an answer did not help; thanks replace the question."""
        language, key = await self._rated(click.value, user)
        if click.detail in {*Reason}:
            await self._conversation.explain(key, user, Reason(click.detail))
        await click.respond(slack.note(spoken(language, "feedback-thanks")), replace_original=True)

    async def _rated(self, value: str, user: UserKey) -> tuple[InterfaceLanguage, str]:
        """The language of a rated answer, and the key of its ratings."""
        code, _, key = value.partition(" ")
        return known_language(code) or await self._conversation.language(user), key


class _Click:
    """One click, and the ways to answer it."""

    def __init__(self, body: Payload, action: Payload, context: AsyncBoltContext) -> None:
        container, message = body.get("container") or {}, body.get("message") or {}
        self.client = context.client
        self.name, _, self.detail = str(action.get("action_id", "")).partition(":")
        self.value = str(action.get("value", ""))
        self.team, self.user_id = workspace(context), context.user_id or ""
        self.channel = context.channel_id or ""
        self.is_ephemeral = bool(container.get("is_ephemeral"))
        posted = str(message.get("ts") or container.get("message_ts") or "")
        #: The thread that the message is in, if any; and the one that an answer to it is in.
        self.in_thread = str(message.get("thread_ts") or container.get("thread_ts") or "")
        self.thread = self.in_thread or posted
        #: What tells this click from others; an answer is shared once, however often that is clicked.
        self.identity = [self.team, self.channel, posted, self.name]
        if self.name != SHARE:
            moment = action.get("action_ts") or body.get("trigger_id") or ""
            self.identity += [self.detail, self.user_id, str(moment)]
        self._response_url = str(body.get("response_url", ""))

    async def respond(self, message: SlackMessage, **how: Any) -> None:
        """As `client.respond`."""
        await respond(self.client, self._response_url, message, **how)

    async def reply(self, message: SlackMessage) -> None:
        """Answer where the click was: in private under a private message, else in its thread."""
        if self.is_ephemeral:
            return await self.respond(message, thread=self.in_thread)
        try:
            # App Home is in no channel; a message to the user is a direct one.
            await post(self.client, message, self.channel or self.user_id, self.thread)
        except SlackApiError as error:
            if not self._response_url or not is_not_a_member(error):
                raise
            await self.respond(message, in_channel=True, thread=self.thread)
