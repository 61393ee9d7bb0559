"""Questions from Slack in, Slack messages out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from slack_bolt.context.async_context import AsyncBoltContext

from assemblybot.answering.answer import Citation, Remark, Verdict
from assemblybot.chat.bindings import Bindings
from assemblybot.chat.conversation import Asked, KeptConversation, Reply
from assemblybot.chat.desk import AnswerDesk, BusyError
from assemblybot.chat.documents import Documents
from assemblybot.chat.slack.state import PLATFORM, SlackState
from assemblybot.errors import QuestionError
from assemblybot.render import slack, slack_home, slack_passages
from assemblybot.render.localise import title
from assemblybot.render.slack_message import SlackMessage
from assemblybot.render.slack_shown import Shown
from assemblybot.render.slack_text import spoken
from assemblybot.session.base import SessionStore, UserKey, counted
from assemblybot.session.feedback import rating_mark
from assemblybot.session.identity import Pseudonyms
from assemblybot.text.language import INTERFACE_LANGUAGES, InterfaceLanguage


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


class SlackConversation(KeptConversation):
    """Answers questions with Slack messages, and shows passages again."""

    def __init__(
        self,
        answers: AnswerDesk,
        store: SessionStore,
        pseudonyms: Pseudonyms,
        bindings: Bindings,
        *,
        public_url: str | None = None,
        documents: Documents | None = None,
    ) -> None:
        super().__init__(PLATFORM, answers, store, public_url)
        self.state = SlackState(pseudonyms, store)
        self.bindings = bindings
        self.documents = documents
        self.public_url = public_url
        # Each change is a single dict operation, which is safe between threads.
        self._waiting: dict[str, str] = {}
        for language in INTERFACE_LANGUAGES:  # parsed now, not while someone waits
            spoken(language, "help")

    async def reply(self, asked: SlackAsked) -> SlackMessage:
        """The message that answers `asked`; also when it must wait, or when something failed."""
        if asked.message:
            self._waiting[asked.message] = asked.text
        try:
            reply = await self.answer(asked, words=lambda: self._waiting.pop(asked.message, asked.text))
            return self._message(asked, reply)
        finally:
            self._waiting.pop(asked.message, None)

    def edit(self, message: str, text: str) -> bool:
        """Change the words of a question that waits for the answering thread; False when there is none."""
        if message not in self._waiting:
            return False
        self._waiting[message] = text
        return True

    async def reply_if_sure(
        self, asked: SlackAsked, is_first: Callable[[], Awaitable[bool]]
    ) -> SlackMessage | None:
        """The answer to a message that does not mention the bot: `None` unless the answer is sure.

        A message that gets no answer is not counted, kept or remembered. `is_first` says whether the
        message was not answered in another way meanwhile; it is asked just before the answer counts.
        """
        try:
            reply = await self.find(asked)
        except (BusyError, QuestionError):
            return None
        except Exception as error:  # nobody asked, so that it is only logged
            self.desk.apology(error, PLATFORM)
            return None
        answer = reply.answer
        if answer is None or answer.verdict is not Verdict.ANSWERED or answer.is_unsure:
            return None
        if await self.store.allow(counted(asked.user, self.desk.collection)) > 0 or not await is_first():
            return None
        await self.given(reply)
        return self._message(asked, reply)

    def _message(self, asked: SlackAsked, reply: Reply) -> SlackMessage:
        answer, language = reply.answer, reply.language
        if answer is None:
            return slack.note(spoken(language, reply.key, **reply.values))
        cited = answer.citations
        with self.desk.observer.timing("render"):
            return slack.render(
                answer,
                language,
                sources=self.titles(language) if answer.remark is Remark.GREETING else "",
                link=self.link,
                private=asked.private,
                direct=asked.direct,
                mark=rating_mark(self.state.pseudonyms, answer),
                repeats_question=asked.repeated,
                lead_in_translation=self.lead_in(cited[0], answer.language) if cited else None,
            )

    async def note(self, user: UserKey, key: str, **values: Any) -> SlackMessage:
        """A message of the bot's own, in the language of `user`."""
        return slack.note(spoken(await self.language(user), key, **values))

    async def language(self, user: UserKey, text: str = "") -> InterfaceLanguage:
        """The language to speak to `user` in: the one chosen, else that of `text`."""
        return await self.speaks(Asked(text, user))

    def citations(self, shown: Shown) -> list[Citation] | None:
        """The passages a message is to show; `None` when one is no longer there, or of another collection."""
        if shown.collection != self.desk.collection:
            return None
        found: list[Citation] = []
        for cited in shown.here:
            citation = self.passage(cited.passage, shown.language)
            if citation is None:
                return None
            spans = tuple(s for s in cited.highlights if 0 <= s[0] < s[1] <= len(citation.text))
            found.append(replace(citation, highlights=spans))
        return found

    def page(self, shown: Shown) -> SlackMessage:
        """The passages of `shown` again, as a message."""
        citations = self.citations(shown)
        if citations is None:
            return slack.note(spoken(shown.language, "slack-passage-gone"))
        return slack_passages.passages(
            shown,
            citations,
            slack.heading(shown, citations),
            link=self.link,
            lead_in_translation=self.lead_in(citations[0], shown.language) if citations else None,
        )

    def around(self, shown: Shown) -> SlackMessage:
        """The first passage of `shown` between the passages before and after it."""
        here = shown.collection == self.desk.collection
        cited = self.neighbours(shown.here[0].passage, shown.language) if here else ()
        if not cited:
            return slack.note(spoken(shown.language, "slack-passage-gone"))
        return self.page(slack.neighbours(cited, shown))

    def sources(self, language: InterfaceLanguage) -> list[slack_home.Source]:
        """The first documents the answers come from."""
        return [
            slack_home.Source(
                title(document, language), document.metadata.author or "", len(document.passages)
            )
            for document in self.assistant.index.listed(0, slack_home.MOST_SOURCES)
        ]

    async def publish_home(self, user: UserKey, context: AsyncBoltContext) -> None:
        """Show App Home to the user of a request."""
        language = await self.language(user)
        view = slack_home.home(
            language,
            self.sources(language),
            len(self.assistant.index.documents),
            [suggestion.text for suggestion in self.suggestions(language)],
            chosen=await self.chosen(user),
            privacy=self.desk.privacy_key,
            minutes=self.minutes,
        )
        await context.client.views_publish(user_id=context.user_id or "", view=view)
