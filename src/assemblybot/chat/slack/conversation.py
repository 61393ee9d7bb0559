"""Questions from Slack in, Slack messages out; and what is remembered of users, messages and threads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from slack_bolt.context.async_context import AsyncBoltContext

from assemblybot.answering.answer import Citation, Remark, Verdict
from assemblybot.answering.replies import MOST_SOURCES
from assemblybot.chat.answer_queue import BusyError
from assemblybot.chat.bindings import Place
from assemblybot.chat.conversation import Asked, Reply
from assemblybot.chat.in_order import InOrder
from assemblybot.chat.slack.client import PLATFORM
from assemblybot.chat.slack.messages import Thread, is_direct
from assemblybot.chat.stored_conversation import Shared, StoredConversation
from assemblybot.errors import QuestionError
from assemblybot.render import slack
from assemblybot.render.slack_home import home, source_lines
from assemblybot.render.slack_message import SlackMessage
from assemblybot.render.slack_shown import Cited, Shown
from assemblybot.render.slack_text import spoken
from assemblybot.session.base import RETENTION, SEEN_TTL, ConversationKey, UserKey
from assemblybot.session.identity import rating_mark
from assemblybot.text.language import INTERFACE_LANGUAGES, InterfaceLanguage

_MUTED: Final = "quiet"
#: The channel that Slack gives for a message that somebody is still writing.
_COMPOSER: Final = "COMPOSER"


def workspace(context: AsyncBoltContext) -> str:
    """The workspace of a request, or the organisation that installed the app."""
    return context.team_id or context.enterprise_id or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackAsked(Asked):
    """A question in Slack.

    Attributes:
        message: The identity of its message; an edit may change the words while the question waits.
        repeated: Whether the answer must say what was asked.
        direct: Whether it is in the conversation of one person with the bot.
        private: Whether only the asker sees the answer.
    """

    message: str = ""
    repeated: bool = False
    direct: bool = False
    private: bool = False


class SlackConversation(StoredConversation):
    """Answers questions with Slack messages, and shows passages again."""

    def __init__(self, shared: Shared) -> None:
        super().__init__(PLATFORM, shared)
        # Each change is a single dict operation, which is safe between threads.
        self._waiting: dict[str, str] = {}
        self._in_order = InOrder()
        for language in INTERFACE_LANGUAGES:  # parsed now, not while someone waits
            spoken(language, "help")

    def sender(self, context: AsyncBoltContext) -> UserKey:
        """The sender of a request: one person in one workspace."""
        return self.names.user(PLATFORM, workspace(context), context.user_id or "")

    def thread_key(self, team: str, channel: str, part: str = "") -> ConversationKey:
        """A channel or a `part` of it: a thread, or the private questions of one user."""
        return self.names.conversation(PLATFORM, team, channel, part)

    def place(self, context: AsyncBoltContext) -> Place:
        """Where a request comes from: a channel, or the conversation of one person with the bot."""
        team, channel = workspace(context), context.channel_id or ""
        if channel not in ("", _COMPOSER) and not is_direct(channel):
            return Place(PLATFORM, (team, channel))
        person = self.sender(context) if context.user_id else None
        return Place(PLATFORM, (team, context.user_id or ""), person)

    async def follow(self, thread: Thread) -> None:
        """From now on, questions in the thread need no mention."""
        await self.store.note(self.names.key("slack-mentioned", *thread), "1", SEEN_TTL)

    async def is_followed(self, thread: Thread) -> bool:
        """Whether questions in the thread need no mention; muting the thread or its channel ends that.

        What was chosen for the thread takes precedence over what was chosen for the channel.
        """
        if await self.store.noted(self.names.key("slack-mentioned", *thread)) is None:
            return False
        for place in (thread, thread._replace(ts="")):
            chosen = await self.store.noted(self._mute_key(place))
            if chosen is not None:
                return chosen != _MUTED
        return True

    async def mute(self, thread: Thread, *, on: bool) -> None:
        """Mute a thread or a channel, or with `on=False` take that back."""
        await self.store.note(self._mute_key(thread), _MUTED if on else "", RETENTION)

    def _mute_key(self, thread: Thread) -> str:
        return self.names.key("slack-quiet", *thread)

    async def reply(self, asked: SlackAsked) -> SlackMessage:
        """The message that answers `asked`; also when it must wait, or when something failed."""
        if asked.message:
            self._waiting[asked.message] = asked.text
        try:
            # “And then?” needs the answer that it follows.
            async with self._in_order.turn(asked.within[-1]):
                reply = await self.answer(asked, lambda: self._waiting.pop(asked.message, asked.text))
            return self._message(asked, reply)
        finally:
            self._waiting.pop(asked.message, None)

    def edit(self, message: str, text: str) -> bool:
        """Change the words of a question that waits for the answering thread; False when there is none."""
        if message not in self._waiting:
            return False
        self._waiting[message] = text
        return True

    async def reply_if_sure(self, asked: SlackAsked, thread: Thread) -> SlackMessage | None:
        """The answer to a message that does not mention the bot: `None` unless it is a question with a sure
        answer. “More?” is said to colleagues.

        A message that gets no answer is not counted, kept or remembered. Until it is answered it does not
        count as seen: an edit may still add the mention.
        """
        if not await self.first_seen("overheard", asked.message):
            return None
        async with self._in_order.turn(asked.within[-1]):
            try:
                reply = await self.find(asked)
            except (BusyError, QuestionError):
                return None
            except Exception as error:  # nobody asked, so that it is only logged
                self.apology(error)
                return None
            answer = reply.answer
            if answer is None or answer.verdict is not Verdict.ANSWERED or answer.is_unsure or answer.remark:
                return None
            if await self._wait(asked) > 0 or not await self.first_seen("message", asked.message):
                return None
            await self.record(reply)
        await self.follow(thread)
        return self._message(asked, reply)

    def _message(self, asked: SlackAsked, reply: Reply) -> SlackMessage:
        answer, language = reply.answer, reply.language
        if answer is None:
            return slack.note(spoken(language, reply.key, **reply.values))
        with self.queue.observer.timing("render"):
            return slack.render(
                answer,
                language,
                sources=self.titles(language) if answer.remark is Remark.GREETING else "",
                link=self.link,
                private=asked.private,
                direct=asked.direct,
                mark=rating_mark(self.names, answer),
                repeats_question=asked.repeated,
            )

    async def note(self, user: UserKey, key: str, **values: Any) -> SlackMessage:
        """A message of the bot's own, in the language of `user`."""
        return slack.note(spoken(await self.language(user), key, **values))

    async def language(self, user: UserKey, text: str = "") -> InterfaceLanguage:
        """The language to speak to `user` in: the one chosen, else that of `text`."""
        return await self.speaks(Asked(text, user))

    def citations(self, shown: Shown) -> tuple[Citation, ...]:
        """The passages a message is to show; none when one is no longer there, or of another collection."""
        if shown.collection != self.queue.collection:
            return ()
        return self.again(((cited.passage, cited.highlights) for cited in shown.here), shown.language)

    def page(self, shown: Shown) -> SlackMessage:
        """The passages of `shown` again, as a message."""
        citations = self.citations(shown)
        if not citations:
            return slack.note(spoken(shown.interface, "slack-passage-gone"))
        return slack.passages(shown, citations, link=self.link)

    def around(self, shown: Shown) -> SlackMessage:
        """The first passage of `shown` between the passages before and after it."""
        near = self.neighbours(shown.here[0].passage, shown.language)
        return self.page(shown.other(tuple(map(Cited.of, near)), around=True))

    def sources(self, language: InterfaceLanguage) -> list[str]:
        """A line for each of the first documents the answers come from, and how many more there are."""
        index = self.assistant.index
        return source_lines(index.listed(0, MOST_SOURCES), len(index.documents), language)

    async def publish_home(self, user: UserKey, context: AsyncBoltContext) -> None:
        """Show App Home to the user of a request."""
        language = await self.language(user)
        view = home(
            language,
            self.titles(language),
            self.sources(language),
            [suggestion.text for suggestion in self.suggestions(language)],
            chosen=await self.chosen(user),
            privacy=self.privacy_key,
            minutes=self.minutes,
        )
        await context.client.views_publish(user_id=context.user_id or "", view=view)
