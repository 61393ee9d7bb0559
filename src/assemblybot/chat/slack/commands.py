"""The slash command `/assembly`, and “Ask the sources” in the menu of a message."""

from __future__ import annotations

from typing import Final

from slack_bolt.context.async_context import AsyncBoltContext

from assemblybot.chat.slack.client import post_ephemeral, respond
from assemblybot.chat.slack.conversation import SlackAsked, SlackConversation, workspace
from assemblybot.chat.slack.manifest import COMMAND, INVITE
from assemblybot.chat.slack.messages import Thread, is_direct, plain_text, without_markup
from assemblybot.chat.slack.payloads import Payload
from assemblybot.render import slack
from assemblybot.render.slack_home import AUTOMATIC
from assemblybot.render.slack_message import SlackMessage
from assemblybot.render.slack_text import spoken
from assemblybot.session.base import UserKey
from assemblybot.text.language import INTERFACE_LANGUAGES, LANGUAGE_NAMES, InterfaceLanguage, known_language

UNMUTE: Final = "quiet off"
#: Words that mute the unmentioned answers in a thread or channel, and those that take it back.
MUTES: Final = {"quiet": True, UNMUTE: False}


class Commands:
    """Listeners of the slash command and of the message shortcut."""

    def __init__(self, conversation: SlackConversation) -> None:
        self._conversation = conversation

    async def on_command(self, body: Payload, context: AsyncBoltContext) -> None:
        """A word of the command, or a question that is answered to its asker alone."""
        text = without_markup(str(body.get("text") or ""))
        reply = await self._run(text, context) or await self._ask(text, context)
        await respond(context.client, str(body["response_url"]), reply)

    async def on_shortcut(self, body: Payload, context: AsyncBoltContext) -> None:
        """The text of a message is the question."""
        message, url = body["message"], str(body["response_url"])
        text = plain_text(message)
        if text:
            reply = await self._ask(text, context)
        else:
            reply = await self._conversation.note(self._conversation.sender(context), "slack-no-text")
        thread = message.get("thread_ts")
        if thread in (None, message.get("ts")):  # the menu of a message in the channel itself
            await respond(context.client, url, reply)
        else:
            channel, user = context.channel_id or "", context.user_id or ""
            await post_ephemeral(context.client, reply, channel, user, thread, url)

    async def _ask(self, question: str, context: AsyncBoltContext) -> SlackMessage:
        """The answer for the asker alone, whose private questions in a channel are their own conversation."""
        team, channel, user = workspace(context), context.channel_id or "", context.user_id or ""
        within = (self._conversation.thread_key(team, channel, user),)
        asked = SlackAsked(question, self._conversation.sender(context), within, private=True)
        return await self._conversation.reply(asked)

    async def _run(self, text: str, context: AsyncBoltContext) -> SlackMessage | None:
        """The reply to a word of the command; `None` for a question."""
        user = self._conversation.sender(context)
        language = await self._conversation.language(user)
        word, _, rest = text.lower().partition(" ")
        match word, rest.strip():
            case "" | "help", "":
                return self._help(language)
            case "documents", _ if self._conversation.documents.is_curator(context.user_id or ""):
                by = self._conversation.by(user, language)
                card = await self._conversation.documents.listing(by, text.partition(" ")[2])
                return slack.card_message(card)
            case "sources" | "documents", "":
                sources = self._conversation.sources(language)
                return slack.note(spoken(language, "sources-title"), *sources)
            case "privacy", "":
                key, minutes = self._conversation.privacy_key, self._conversation.minutes
                return slack.note(spoken(language, key, minutes=minutes))
            case "forget", "":
                await self._conversation.forget(user)
                return slack.note(spoken(language, "forgotten"))
            case "lang", code:
                return await self._choose_language(user, code)
            case "quiet", _ if text.lower() in MUTES:
                # For the channel: Slack takes no commands in threads, where one mentions the bot instead.
                if is_direct(context.channel_id or ""):
                    return slack.note(spoken(language, "slack-quiet-direct"))
                channel, on = Thread(workspace(context), context.channel_id or ""), MUTES[text.lower()]
                await self._conversation.mute(channel, on=on)
                return muted(language, on=on, by=COMMAND)
            case "collection", name if " " not in name and len(self._conversation.queue.collections) > 1:
                place = self._conversation.place(context)
                key, values = await self._conversation.bindings.command(place, name, context.user_id or "")
                return slack.note(spoken(language, key, command=f"{COMMAND} collection", **values))
        return None

    def _help(self, language: InterfaceLanguage) -> SlackMessage:
        several = len(self._conversation.queue.collections) > 1
        usages = ["", "-words", "-quiet", *(["-collection"] if several else [])]
        return slack.note(
            spoken(language, "help"),
            *(spoken(language, f"slack-usage{usage}", command=COMMAND) for usage in usages),
            spoken(language, "slack-usage-elsewhere", invite=INVITE),
        )

    async def _choose_language(self, user: UserKey, code: str) -> SlackMessage:
        """Keep a language, and say so in it; the choices for a code that is unknown."""
        chosen = known_language(code)
        if chosen is None and code != AUTOMATIC:
            names = [f"{known} ({LANGUAGE_NAMES[known]})" for known in INTERFACE_LANGUAGES]
            choices = ", ".join([*names, AUTOMATIC])
            return await self._conversation.note(user, "slack-language-choices", choices=choices)
        await self._conversation.choose(user, chosen)
        return await self._conversation.note(user, "language-set" if chosen else "language-automatic")


def muted(language: InterfaceLanguage, *, on: bool, by: str) -> SlackMessage:
    """Says that a thread or channel was muted or unmuted; `by` is written before the words that unmute it."""
    return slack.note(spoken(language, "slack-quiet" if on else "slack-quiet-off", command=f"{by} {UNMUTE}"))
