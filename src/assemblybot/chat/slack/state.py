"""What is kept of Slack under pseudonyms: which messages were seen, which threads are followed or muted."""

from __future__ import annotations

from typing import Final, NamedTuple

from slack_bolt.context.async_context import AsyncBoltContext

from assemblybot.chat.bindings import Place
from assemblybot.chat.slack.messages import is_direct
from assemblybot.session.base import RETENTION, SEEN_TTL, ConversationKey, SessionStore, UserKey
from assemblybot.session.identity import Pseudonyms
from assemblybot.session.inbox import key_in_hand

PLATFORM: Final = "slack"
_MUTED: Final = "quiet"
#: The channel that Slack gives for a message that somebody is still writing.
_COMPOSER: Final = "COMPOSER"


class Thread(NamedTuple):
    """A thread by the time of its first message; without one, its whole channel."""

    team: str
    channel: str
    ts: str = ""


def workspace(context: AsyncBoltContext) -> str:
    """The workspace of a request, or the organisation that installed the app."""
    return context.team_id or context.enterprise_id or ""


class SlackState:
    """Keys for users, conversations and places, and the notes on messages and threads."""

    def __init__(self, pseudonyms: Pseudonyms, store: SessionStore) -> None:
        self.pseudonyms = pseudonyms
        self._store = store

    def user(self, team: str, user: str) -> UserKey:
        """One person in one workspace."""
        return self.pseudonyms.user(PLATFORM, team, user)

    def sender(self, context: AsyncBoltContext) -> UserKey:
        """Whoever sent a request."""
        return self.user(workspace(context), context.user_id or "")

    def conversation(self, team: str, channel: str, part: str = "") -> ConversationKey:
        """A channel or a `part` of it: a thread, or the private questions of one user."""
        return self.pseudonyms.conversation(PLATFORM, team, channel, part)

    def place(self, context: AsyncBoltContext) -> Place:
        """Where a request comes from: a channel, or the conversation of one person with the bot."""
        team, channel = workspace(context), context.channel_id or ""
        if channel not in ("", _COMPOSER) and not is_direct(channel):
            return Place(PLATFORM, (team, channel))
        person = self.sender(context) if context.user_id else None
        return Place(PLATFORM, (team, context.user_id or ""), person)

    async def first_seen(self, *parts: str) -> bool:
        """True the first time that any replica sees what `parts` name.

        One mention raises an `app_mention` and a `message`, which only the identity of the message
        shows to be one. A delivery that is processed again, after a kill, is still the first.
        """
        key = self.pseudonyms.key("slack-seen", *parts)
        return await self._store.first_seen(key, SEEN_TTL, by=key_in_hand())

    async def follow(self, thread: Thread) -> None:
        """From now on, questions in the thread need no mention."""
        await self._store.note(self.pseudonyms.key("slack-mentioned", *thread), "1", SEEN_TTL)

    async def is_followed(self, thread: Thread) -> bool:
        """Whether questions in the thread need no mention; muting the thread or its channel ends that.

        What was chosen for the thread takes precedence over what was chosen for the channel.
        """
        if await self._store.noted(self.pseudonyms.key("slack-mentioned", *thread)) is None:
            return False
        for place in (thread, thread._replace(ts="")):
            chosen = await self._store.noted(self._mute_key(place))
            if chosen is not None:
                return chosen != _MUTED
        return True

    async def mute(self, thread: Thread, *, on: bool) -> None:
        """Mute a thread or a channel, or with `on=False` take that back."""
        await self._store.note(self._mute_key(thread), _MUTED if on else "", RETENTION)

    def _mute_key(self, thread: Thread) -> str:
        return self.pseudonyms.key("slack-quiet", *thread)
