"""`/assembly`: a question answered in private, or a word for what the bot is and keeps."""

from __future__ import annotations

from typing import Any, Final

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from assemblybot.chat.slack.client import respond, whisper
from assemblybot.chat.slack.desk import CONTEXT_MINUTES, Desk, SlackAsked
from assemblybot.chat.slack.gate import is_direct
from assemblybot.chat.slack.once import Names, workspace
from assemblybot.chat.slack.quiet import COMMAND, INVITE, choice, confirmation
from assemblybot.chat.slack.words import plain_words, words_of
from assemblybot.errors import CollectionUnavailableError
from assemblybot.render import slack
from assemblybot.render.slack_home import AUTOMATIC, source_lines
from assemblybot.render.slack_message import SlackMessage
from assemblybot.render.slack_text import spoken
from assemblybot.session.base import UserKey
from assemblybot.text.language import INTERFACE_LANGUAGES, LANGUAGE_NAMES

_USAGE: Final = ("", "-words", "-quiet", "-collection")
_COLLECTION: Final = "collection"
_DOCUMENTS: Final = "documents"
_WORDS: Final = frozenset({"help", "sources", _DOCUMENTS, "lang", "privacy", "forget"})


class Commands:
    """Listeners of the slash command and of the message shortcut."""

    def __init__(self, desk: Desk, names: Names) -> None:
        self._desk = desk
        self._names = names

    async def on_command(
        self, ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient
    ) -> None:
        """Acknowledge, then answer through the `response_url`."""
        await ack()
        team, channel = workspace(context), str(body.get("channel_id", ""))
        user = self._names.user(team, str(body["user_id"]))
        words = plain_words(str(body.get("text") or ""))
        try:
            reply = (
                await self._bind(words, user, context)
                or await self._list_documents(words, user, str(body["user_id"]))
                or await self._word(words, user)
            )
        except CollectionUnavailableError:
            reply = slack.note(spoken(await self._desk.language(user), "collection-unavailable"))
        reply = reply or await self._hush(words, user, team, channel)
        if reply is None:
            # In a channel the private questions of one person are a conversation of their own.
            conversation = self._names.conversation(team, channel, str(body["user_id"]))
            reply = await self._desk.said_to(SlackAsked(words, user, (conversation,), private=True))
        await respond(client, str(body["response_url"]), reply)

    async def on_shortcut(
        self, ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient
    ) -> None:
        """“Ask the sources” in the menu of a message: its text is the question."""
        await ack()
        team, user_id = workspace(context), str(body["user"]["id"])
        user, channel = self._names.user(team, user_id), str((body.get("channel") or {}).get("id", ""))
        message = body["message"]
        words = words_of(message)
        if words:
            conversation = self._names.conversation(team, channel, user_id)
            reply = await self._desk.said_to(SlackAsked(words, user, (conversation,), private=True))
        else:
            reply = slack.note(spoken(await self._desk.language(user), "slack-no-text"))
        thread = message.get("thread_ts")
        if thread in (None, message.get("ts")):  # the menu of a message in the channel itself
            await respond(client, str(body["response_url"]), reply)
        else:
            await whisper(client, reply, channel, user_id, thread, str(body["response_url"]))

    async def _list_documents(self, words: str, user: UserKey, user_id: str) -> SlackMessage | None:
        """The reply to “documents” and a part of a title, for a curator; `None` for anything else."""
        word, _, sought = words.partition(" ")
        if word.lower() != _DOCUMENTS or not self._desk.documents.is_curator(user_id):
            return None
        return slack.told(await self._desk.documents.listing(await self._desk.by(user), sought))

    async def _word(self, words: str, user: UserKey) -> SlackMessage | None:
        """The reply to a word of the command; `None` for a question."""
        word, _, rest = words.lower().partition(" ")
        language = await self._desk.language(user)
        if not words or words.lower() == "help":
            kinds = _USAGE if len(self._desk.desk.collections) > 1 else _USAGE[:-1]
            usage = [spoken(language, f"slack-usage{kind}", command=COMMAND) for kind in kinds]
            return slack.note(
                spoken(language, "help"), *usage, spoken(language, "slack-usage-elsewhere", invite=INVITE)
            )
        if word not in _WORDS or (rest and word != "lang"):
            return None
        if word in ("sources", _DOCUMENTS):
            total = len(self._desk.assistant.index.documents)
            lines = source_lines(self._desk.sources(language), total, language)
            return slack.note(spoken(language, "sources-title"), *lines)
        if word == "privacy":
            return slack.note(spoken(language, self._desk.desk.privacy_key, minutes=CONTEXT_MINUTES))
        if word == "forget":
            await self._desk.forget(user)
            return slack.note(spoken(language, "forgotten"))
        return await self.choose_language(user, rest.strip())

    async def _bind(self, words: str, user: UserKey, context: AsyncBoltContext) -> SlackMessage | None:
        """The reply to “collection”, or to that with a name; `None` for other words."""
        word, _, name = words.lower().partition(" ")
        if word != _COLLECTION or " " in name or len(self._desk.desk.collections) == 1:
            return None
        place, command = self._names.place(context), f"{COMMAND} {_COLLECTION}"
        key, values = await self._desk.bindings.asked(place, name, context.user_id or "")
        return slack.note(spoken(await self._desk.language(user), key, command=command, **values))

    async def _hush(self, words: str, user: UserKey, team: str, channel: str) -> SlackMessage | None:
        """The reply to “quiet” and “quiet off”, which hold for the channel; `None` for other words.

        Slack takes no commands in threads: there one mentions the bot with the same words.
        """
        on = choice(words)
        if on is None:
            return None
        language = await self._desk.language(user)
        if is_direct(channel):
            return slack.note(spoken(language, "slack-quiet-direct"))
        await self._names.choose_quiet(team, channel, "", on=on)
        return slack.note(confirmation(language, on=on))

    async def choose_language(self, user: UserKey, code: str) -> SlackMessage:
        """Keep the language someone chose, and say so in it; say the choices for an unknown one."""
        if code == AUTOMATIC:
            await self._desk.choose(user, None)
            return slack.note(spoken(await self._desk.language(user), "language-automatic"))
        chosen = next((known for known in INTERFACE_LANGUAGES if known == code), None)
        if chosen is None:
            names = ", ".join(f"{known} ({LANGUAGE_NAMES[known]})" for known in INTERFACE_LANGUAGES)
            choices = f"{names}, {AUTOMATIC}"
            return slack.note(
                spoken(await self._desk.language(user), "slack-language-choices", choices=choices)
            )
        await self._desk.choose(user, chosen)
        return slack.note(spoken(chosen, "language-set"))
