"""`/assembly`: a question answered in private, or a word for what the bot is and keeps."""

from __future__ import annotations

from typing import Any, Final

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from assemblybot.chat.slack.client import respond
from assemblybot.chat.slack.desk import CONTEXT_MINUTES, PREFERENCE, Asked, Desk
from assemblybot.chat.slack.once import Names, workspace
from assemblybot.chat.slack.words import plain_words
from assemblybot.render import slack
from assemblybot.render.slack import SlackMessage
from assemblybot.render.slack_home import AUTOMATIC, source_lines
from assemblybot.render.slack_text import spoken
from assemblybot.session.base import UserKey
from assemblybot.text.language import INTERFACE_LANGUAGES, LANGUAGE_NAMES

COMMAND: Final = "/assembly"
_WORDS: Final = frozenset({"help", "sources", "lang", "privacy", "forget"})


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
        reply = await self._word(words, user)
        if reply is None:
            # In a channel the private questions of one person are a conversation of their own.
            conversation = self._names.conversation(team, channel, str(body["user_id"]))
            reply = await self._desk.answer(Asked(words, user, (conversation,)), private=True)
        await respond(client, str(body["response_url"]), reply)

    async def on_shortcut(
        self, ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient
    ) -> None:
        """“Ask the sources” in the menu of a message: its text is the question."""
        await ack()
        team, user_id = workspace(context), str(body["user"]["id"])
        user, channel = self._names.user(team, user_id), str((body.get("channel") or {}).get("id", ""))
        words = plain_words(str(body["message"].get("text") or ""))
        if words:
            conversation = self._names.conversation(team, channel, user_id)
            reply = await self._desk.answer(Asked(words, user, (conversation,)), private=True)
        else:
            reply = slack.note(spoken(await self._desk.language(user), "slack-no-text"))
        await respond(client, str(body["response_url"]), reply)

    async def _word(self, words: str, user: UserKey) -> SlackMessage | None:
        """The reply to a word of the command; `None` for a question."""
        word, _, rest = words.lower().partition(" ")
        language = await self._desk.language(user)
        if not words or words.lower() == "help":
            usage = [spoken(language, f"slack-usage{kind}", command=COMMAND) for kind in ("", "-words")]
            return slack.note(spoken(language, "help"), *usage, spoken(language, "slack-usage-elsewhere"))
        if word not in _WORDS or (rest and word != "lang"):
            return None
        if word == "sources":
            return slack.note(
                spoken(language, "sources-title"), *source_lines(self._desk.sources(), language)
            )
        if word == "privacy":
            return slack.note(spoken(language, self._desk.answers.privacy_key, minutes=CONTEXT_MINUTES))
        if word == "forget":
            await self._desk.store.forget(user)
            return slack.note(spoken(language, "forgotten"))
        return await self.choose_language(user, rest.strip())

    async def choose_language(self, user: UserKey, code: str) -> SlackMessage:
        """Keep the language someone chose, and say so in it; say the choices for an unknown one."""
        if code == AUTOMATIC:
            await self._desk.store.set_preference(user, PREFERENCE, None)
            return slack.note(spoken(await self._desk.language(user), "language-automatic"))
        chosen = next((known for known in INTERFACE_LANGUAGES if known == code), None)
        if chosen is None:
            names = ", ".join(f"{known} ({LANGUAGE_NAMES[known]})" for known in INTERFACE_LANGUAGES)
            choices = f"{names}, {AUTOMATIC}"
            return slack.note(
                spoken(await self._desk.language(user), "slack-language-choices", choices=choices)
            )
        await self._desk.store.set_preference(user, PREFERENCE, chosen)
        return slack.note(spoken(chosen, "language-set"))
