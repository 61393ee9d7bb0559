"""Each question once, however often and in however many ways Slack tells of it."""

from __future__ import annotations

from typing import Final

from slack_bolt.context.async_context import AsyncBoltContext

from assemblybot.answering.answer import Answer
from assemblybot.chat.bindings import Place
from assemblybot.chat.slack.gate import is_direct
from assemblybot.session.base import RETENTION, SEEN_TTL, ConversationKey, SessionStore, UserKey
from assemblybot.session.identity import Pseudonyms, rating_mark
from assemblybot.session.inbox import current_delivery_key

_PLATFORM: Final = "slack"
_QUIET: Final = "quiet"
#: Slack's channel for a message that somebody is still writing.
_COMPOSER: Final = "COMPOSER"


def workspace(context: AsyncBoltContext) -> str:
    """Where a request comes from: the workspace, or the organisation that installed the app."""
    return context.team_id or context.enterprise_id or ""


class Names:
    """Pseudonyms of what Slack names by ids; what has been seen of it, and where the bot is to be quiet."""

    def __init__(self, pseudonyms: Pseudonyms, store: SessionStore) -> None:
        self._pseudonyms = pseudonyms
        self._store = store

    def user(self, team: str, user: str) -> UserKey:
        """One person in one workspace."""
        return self._pseudonyms.user(_PLATFORM, team, user)

    def place(self, context: AsyncBoltContext) -> Place:
        """Where a request comes from: a channel, or the conversation of one person with the bot."""
        team, channel, user = workspace(context), context.channel_id or "", context.user_id or ""
        if channel not in ("", _COMPOSER) and not is_direct(channel):
            return Place(_PLATFORM, (team, channel))
        return Place(_PLATFORM, (team, user), self.user(team, user) if user else None)

    def conversation(self, team: str, channel: str, thread: str = "") -> ConversationKey:
        """A thread, or a direct conversation as a whole."""
        return self._pseudonyms.conversation(_PLATFORM, team, channel, thread)

    def rating(self, answer: Answer) -> str:
        """See `rating_mark`."""
        return rating_mark(self._pseudonyms, answer)

    def mentioned_in(self, team: str, channel: str, thread: str) -> str:
        """Key of the note that the bot was mentioned in a thread."""
        return self._pseudonyms.key("slack-mentioned", team, channel, thread)

    async def first(self, *parts: str) -> bool:
        """True for the first delivery of what `parts` name, on whichever replica.

        One mention raises an `app_mention` and a `message`, which only the identity of the message
        shows to be one. A delivery that is dealt with again, after a kill, is still the first.
        """
        key = self._pseudonyms.key("slack-seen", *parts)
        return await self._store.first_seen(key, SEEN_TTL, by=current_delivery_key())

    async def is_quiet(self, team: str, channel: str, thread: str) -> bool:
        """Whether unmentioned messages of a thread are left alone.

        What was chosen for the thread goes before what was chosen for its channel.
        """
        for place in (thread, ""):
            chosen = await self._store.noted(self._quiet_in(team, channel, place))
            if chosen is not None:
                return chosen == _QUIET
        return False

    async def choose_quiet(self, team: str, channel: str, thread: str, *, on: bool) -> None:
        """Keep that choice for a thread or, where `thread` is empty, for the channel."""
        await self._store.note(self._quiet_in(team, channel, thread), _QUIET if on else "", RETENTION)

    def _quiet_in(self, team: str, channel: str, thread: str) -> str:
        return self._pseudonyms.key("slack-quiet", team, channel, thread)
