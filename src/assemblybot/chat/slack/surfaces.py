"""App Home, the agent panel's suggested prompts, and previews of reader links."""

from __future__ import annotations

from typing import Any, Final

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from assemblybot.chat.slack.commands import Commands
from assemblybot.chat.slack.desk import CONTEXT_MINUTES, Desk
from assemblybot.chat.slack.once import Names, workspace
from assemblybot.render.links import passage_of, prefix_of
from assemblybot.render.slack_home import home
from assemblybot.render.slack_shown import Cited, Shown
from assemblybot.render.slack_text import cut, spoken
from assemblybot.session.base import UserKey
from assemblybot.text.language import INTERFACE_LANGUAGES

_LONGEST_PROMPT_TITLE: Final = 75
_MOST_UNFURLS: Final = 5


class Surfaces:
    """Listeners of what is not a question."""

    def __init__(self, desk: Desk, names: Names, commands: Commands) -> None:
        self._desk = desk
        self._names = names
        self._commands = commands

    async def on_opened(
        self, event: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient
    ) -> None:
        """Someone opened the bot: its home, or the conversation with it."""
        team, user = workspace(context), str(event.get("user", ""))
        if event.get("tab") == "messages":
            await self._prompt(self._names.user(team, user), str(event["channel"]), client)
        else:
            await self._publish(self._names.user(team, user), user, client)

    async def on_links(
        self, event: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient
    ) -> None:
        """Someone posted, or is writing, a link to a passage."""
        team, collection = workspace(context), self._desk.desk.collection
        # A link into another collection than that of this channel is not shown here.
        base = self._desk.public_url and self._desk.public_url.rstrip("/") + prefix_of(collection)
        language = await self._desk.language(self._names.user(team, str(event.get("user", ""))))
        unfurls: dict[str, dict[str, Any]] = {}
        for link in event.get("links", [])[:_MOST_UNFURLS]:
            url = str(link.get("url", ""))
            passage = passage_of(url, base)
            cited = (Cited(passage),) if passage else ()
            shown = Shown(cited, language, around=True, collection=collection) if passage else None
            if shown and self._desk.citations(shown):
                # A preview is the passage and its place, without the buttons of an answer.
                blocks = [b for b in self._desk.page(shown).blocks if b["type"] in ("rich_text", "context")]
                unfurls[url] = {"blocks": blocks}
        if unfurls:
            where = (
                {"unfurl_id": event["unfurl_id"], "source": event["source"]}
                if event.get("unfurl_id")
                else {"channel": event["channel"], "ts": event["message_ts"]}
            )
            await client.chat_unfurl(unfurls=unfurls, **where)

    async def on_language(
        self,
        ack: AsyncAck,
        body: dict[str, Any],
        action: dict[str, Any],
        context: AsyncBoltContext,
        client: AsyncWebClient,
    ) -> None:
        """A language was chosen in App Home."""
        await ack()
        user = self._user(body, context)
        await self._commands.choose_language(user, str(action.get("value", "")))
        await self._publish(user, _person(body), client)

    async def on_forget(
        self, ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient
    ) -> None:
        """“Forget me” was confirmed in App Home."""
        await ack()
        user = self._user(body, context)
        await self._desk.forget(user)
        await self._publish(user, _person(body), client)

    async def _publish(self, user: UserKey, user_id: str, client: AsyncWebClient) -> None:
        language = await self._desk.language(user)
        view = home(
            language,
            self._desk.titles(language),
            self._desk.sources(language),
            [suggestion.text for suggestion in self._desk.suggestions(language)],
            chosen=await self._desk.chosen(user),
            privacy=self._desk.desk.privacy_key,
            minutes=CONTEXT_MINUTES,
        )
        await client.views_publish(user_id=user_id, view=view)

    async def _prompt(self, user: UserKey, channel: str, client: AsyncWebClient) -> None:
        chosen = await self._desk.chosen(user)
        if chosen:
            questions = self._desk.suggestions(chosen)
        else:  # nothing tells the language yet: one question in each
            questions = tuple(q for code in INTERFACE_LANGUAGES for q in self._desk.suggestions(code)[:1])
        if not questions:
            return
        language = await self._desk.language(user)
        await client.assistant_threads_setSuggestedPrompts(
            channel_id=channel,
            title=spoken(language, "slack-prompts"),
            prompts=[{"title": cut(q.text, _LONGEST_PROMPT_TITLE), "message": q.text} for q in questions],
        )

    def _user(self, body: dict[str, Any], context: AsyncBoltContext) -> UserKey:
        return self._names.user(workspace(context), _person(body))


def _person(body: dict[str, Any]) -> str:
    return str(body["user"]["id"])
