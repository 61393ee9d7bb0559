"""Clicks on the buttons under an answer. Everything a click needs rides in the button."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from assemblybot.chat.slack.client import post_or_respond, respond
from assemblybot.chat.slack.desk import Desk, SlackAsked
from assemblybot.chat.slack.documents import fetch_file
from assemblybot.chat.slack.gate import is_direct
from assemblybot.chat.slack.once import Names, workspace
from assemblybot.errors import CollectionUnavailableError
from assemblybot.render import slack
from assemblybot.render.slack_buttons import AROUND, ASK, DOCUMENT, FEEDBACK, FOLD, NEXT, REASON, SHARE
from assemblybot.render.slack_message import SlackMessage
from assemblybot.render.slack_shown import Shown
from assemblybot.render.slack_text import spoken
from assemblybot.session.base import Reason, UserKey
from assemblybot.text.language import INTERFACE_LANGUAGES, InterfaceLanguage


class Clicks:
    """Listeners of the buttons of answers, and of those of documents."""

    def __init__(self, desk: Desk, names: Names) -> None:
        self._desk = desk
        self._names = names

    async def on_link(self, ack: AsyncAck) -> None:
        """A button with an address: Slack opens it and only wants to be acknowledged."""
        await ack()

    async def on_click(
        self,
        ack: AsyncAck,
        body: dict[str, Any],
        action: dict[str, Any],
        context: AsyncBoltContext,
        client: AsyncWebClient,
    ) -> None:
        """Acknowledge, then act, once for each click."""
        await ack()
        click = _Click(body, action, workspace(context))
        if not await self._names.first("click", *click.identity):
            return
        try:
            await self._obey(click, client)
        except CollectionUnavailableError:
            language = await self._desk.language(self._names.user(click.team, click.user))
            await self._reply(click, client, slack.note(spoken(language, "collection-unavailable")))

    async def _obey(self, click: _Click, client: AsyncWebClient) -> None:
        if click.name == FEEDBACK:
            await self._rate(click, client)
        elif click.name.startswith(f"{REASON}:"):
            await self._explain(click, client)
        elif click.name.startswith(f"{DOCUMENT}:"):
            await self._decide(click, client)
        elif click.name == ASK:
            await self._ask(click, client)
        else:
            await self._show(click, client)

    async def _show(self, click: _Click, client: AsyncWebClient) -> None:
        shown = Shown.read(click.value)
        if shown is None:
            language = await self._desk.language(self._names.user(click.team, click.user))
            return await self._reply(click, client, slack.note(spoken(language, "slack-passage-gone")))
        if click.name == FOLD:
            return await respond(client, click.response_url, self._desk.page(shown), replace_original=True)
        if click.name == SHARE:
            page = self._desk.page(replace(shown, by=click.user))
            return await respond(client, click.response_url, page, in_channel=True)
        page = {NEXT: self._desk.page, AROUND: self._desk.around}[click.name](shown)
        return await self._reply(click, client, page)

    async def _ask(self, click: _Click, client: AsyncWebClient) -> None:
        user = self._names.user(click.team, click.user)
        conversation = self._names.conversation(click.team, click.channel, click.thread)
        # The answer stands apart from the suggestion: it says which question it answers.
        direct = is_direct(click.channel) or not click.channel
        asked = SlackAsked(
            click.value, user, (conversation,), repeated=True, direct=direct, private=click.ephemeral
        )
        await self._reply(click, client, await self._desk.said_to(asked))

    async def _decide(self, click: _Click, client: AsyncWebClient) -> None:
        """A curator decides on a document; the message says what became of it."""
        by = await self._desk.by(self._names.user(click.team, click.user))
        if not self._desk.documents.is_curator(click.user):
            refused = slack.note(spoken(by.language, "documents-curators-only"))
            await respond(client, click.response_url, refused, thread=click.in_thread)
        elif card := await self._desk.documents.press(by, click.value, partial(fetch_file, client)):
            await respond(client, click.response_url, slack.told(card), replace_original=True)

    async def _rate(self, click: _Click, client: AsyncWebClient) -> None:
        user = self._names.user(click.team, click.user)
        helpful = click.value.startswith("+")
        language, answer = await self._rated(click.value[1:], user)
        await self._desk.rate(answer, user, 1 if helpful else -1)
        reply = slack.note(spoken(language, "feedback-thanks")) if helpful else slack.why(language, answer)
        await respond(client, click.response_url, reply, thread=click.in_thread)

    async def _explain(self, click: _Click, client: AsyncWebClient) -> None:
        """Someone says why an answer did not help: thanks stand in the place of the question."""
        user = self._names.user(click.team, click.user)
        language, answer = await self._rated(click.value, user)
        name = click.name.partition(":")[2]
        if name in {*Reason}:
            await self._desk.explain(answer, user, Reason(name))
        thanks = slack.note(spoken(language, "feedback-thanks"))
        await respond(client, click.response_url, thanks, replace_original=True)

    async def _rated(self, value: str, user: UserKey) -> tuple[InterfaceLanguage, str]:
        """The language and the key of the answer that a button of its ratings holds."""
        code, _, answer = value.partition(" ")
        language = next((known for known in INTERFACE_LANGUAGES if known == code), None)
        return language or await self._desk.language(user), answer

    async def _reply(self, click: _Click, client: AsyncWebClient, message: SlackMessage) -> None:
        """Where the click was: in private for a private message, else in its thread."""
        if click.ephemeral:
            await respond(client, click.response_url, message, thread=click.in_thread)
        else:
            # From App Home there is no channel; a message to the user is a direct one.
            channel = click.channel or click.user
            await post_or_respond(client, message, channel, click.thread, click.response_url)


class _Click:
    """What a `block_actions` payload says, wherever the button was."""

    def __init__(self, body: dict[str, Any], action: dict[str, Any], team: str) -> None:
        container, message = body.get("container") or {}, body.get("message") or {}
        self.name = str(action.get("action_id", ""))
        self.value = str(action.get("value", ""))
        self.user = str(body["user"]["id"])
        self.team = team
        self.channel = str((body.get("channel") or {}).get("id", ""))
        self.ephemeral = bool(container.get("is_ephemeral"))
        self.response_url = str(body.get("response_url", ""))
        posted = str(message.get("ts") or container.get("message_ts") or "")
        #: The thread that the message is in, if any; and the one that an answer to it is in.
        self.in_thread = str(message.get("thread_ts") or container.get("thread_ts") or "")
        self.thread = self.in_thread or posted
        self.identity: tuple[str, ...]
        if self.name == SHARE:  # shared once, however often it is clicked
            self.identity = (self.team, self.channel, posted, self.name)
        else:
            moment = str(action.get("action_ts") or body.get("trigger_id") or "")
            self.identity = (self.team, self.channel, posted, self.name, self.user, moment)
