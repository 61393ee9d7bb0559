"""Commands, and the deep links that arrive as /start with something behind it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Final

from telegram import Bot, Message, Update
from telegram.constants import ChatType
from telegram.ext import ContextTypes

from assemblybot.answering.answer import Answer, Remark, Verdict
from assemblybot.chat.conversation import known_language
from assemblybot.chat.telegram.answers import no_answer_parts, passage_parts
from assemblybot.chat.telegram.collections import chosen
from assemblybot.chat.telegram.conversation import TelegramConversation
from assemblybot.chat.telegram.incoming import PLATFORM
from assemblybot.chat.telegram.origin import Speaker, speaker_of
from assemblybot.chat.telegram.questions import Questions
from assemblybot.chat.telegram.wire import send
from assemblybot.errors import CollectionUnavailableError
from assemblybot.messages import say
from assemblybot.render.place import place
from assemblybot.render.telegram import NOT_RATED
from assemblybot.render.telegram_lines import (
    MOST_SOURCES,
    card_message,
    context_message,
    forget_keyboard,
    language_message,
    sources_message,
    words,
)
from assemblybot.render.telegram_text import TelegramMessage
from assemblybot.text.language import InterfaceLanguage

Handler = Callable[[Update, ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class _Command:
    """One command as it was sent; `argument` is its first word, `words` are all of them."""

    bot: Bot
    message: Message
    speaker: Speaker
    argument: str
    words: str


class Commands:
    """Handlers of /start, /help, /sources, /documents, /lang, /context, /privacy and /forget; of several
    collections also /collection."""

    def __init__(self, conversation: TelegramConversation, questions: Questions) -> None:
        self._conversation = conversation
        self._questions = questions
        replies: dict[str, Callable[[_Command], Awaitable[TelegramMessage | None]]] = {
            "start": self._start,
            "help": self._help,
            "sources": self._sources,
            "documents": self._list_documents,
            "lang": self._lang,
            "context": self._context,
            "privacy": self._privacy,
            "forget": self._forget,
        }
        if len(conversation.queue.collections) > 1:
            replies["collection"] = self._collection
        #: A handler for each command.
        self.handlers: Final = {name: self._handler(reply) for name, reply in replies.items()}

    def _handler(self, reply: Callable[[_Command], Awaitable[TelegramMessage | None]]) -> Handler:
        async def handle(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
            message = update.effective_message
            speaker = speaker_of(message) if message else None
            if message is None or speaker is None:
                return
            argument = context.args[0] if context.args else ""
            words_sent = " ".join(context.args or ())
            try:
                shown = await reply(_Command(context.bot, message, speaker, argument, words_sent))
            except CollectionUnavailableError:
                interface = await self._conversation.interface(speaker)
                shown = words(interface, say(interface, "collection-unavailable"))
            if shown and not await self._too_many(speaker):
                await send(context.bot, shown, to=message, reply=message.chat.type != ChatType.PRIVATE)

        return handle

    async def _start(self, command: _Command) -> TelegramMessage | None:
        """Greet; or show the passage, or answer the question, that a deep link names."""
        references = self._conversation.references
        if question := references.question(command.argument):
            await self._questions.respond(command.bot, command.message, command.speaker, question)
            return None
        interface = await self._conversation.interface(command.speaker)
        passage = references.linked_passage(command.argument)
        shown = passage_parts(self._conversation, passage, interface, NOT_RATED) if passage else None
        return shown or self._remark(Remark.GREETING, interface)

    async def _help(self, command: _Command) -> TelegramMessage:
        """How to ask, with questions to tap."""
        return self._remark(Remark.HELP, await self._conversation.interface(command.speaker))

    async def _sources(self, command: _Command) -> TelegramMessage:
        """What the bot answers from."""
        index = self._conversation.queue.assistant.index
        interface = await self._conversation.interface(command.speaker)
        return sources_message(index.listed(0, MOST_SOURCES), len(index.documents), interface)

    async def _list_documents(self, command: _Command) -> TelegramMessage:
        """The same for a curator in private, with a button that removes a document."""
        in_private = command.message.chat.type == ChatType.PRIVATE
        if in_private and self._conversation.documents.is_curator(command.speaker.id):
            by = await self._conversation.by(command.speaker)
            return card_message(await self._conversation.documents.listing(by, command.words))
        return await self._sources(command)

    async def _lang(self, command: _Command) -> TelegramMessage:
        """Choose the interface language: `/lang fr`, `/lang auto`, or a button."""
        code = command.argument.lower()
        language = known_language(code)
        if language is None and code != "auto":
            return language_message(await self._conversation.interface(command.speaker))
        await self._conversation.choose(self._conversation.user(command.speaker), language)
        interface = language or await self._conversation.interface(command.speaker)
        return words(interface, say(interface, "language-set" if language else "language-automatic"))

    async def _context(self, command: _Command) -> TelegramMessage:
        """Show what is remembered for follow-up questions."""
        interface = await self._conversation.interface(command.speaker)
        kept = await self._conversation.recall(self._conversation.key(command.message, command.speaker))
        cited = [self._conversation.passage(passage, interface) for passage in kept.citations] if kept else []
        places = [place(citation, interface) for citation in cited if citation]
        return context_message(kept, places, interface, self._conversation.minutes)

    async def _privacy(self, command: _Command) -> TelegramMessage:
        """What is kept about a user, with the button that deletes it."""
        interface = await self._conversation.interface(command.speaker)
        text = say(interface, self._conversation.queue.privacy_key, minutes=self._conversation.minutes)
        return words(interface, text, forget_keyboard(interface))

    async def _forget(self, command: _Command) -> TelegramMessage:
        """Delete everything kept about the user."""
        interface = await self._conversation.interface(command.speaker)
        await self._conversation.forget(self._conversation.user(command.speaker))
        return words(interface, say(interface, "forgotten"))

    async def _collection(self, command: _Command) -> TelegramMessage:
        """Show which collection the chat asks, or choose it."""
        interface = await self._conversation.interface(command.speaker)
        name = command.argument.lower()
        key, values = await chosen(self._conversation, command.bot, command.message, command.speaker, name)
        return words(interface, say(interface, key, command="/collection", **values))

    def _remark(self, remark: Remark, interface: InterfaceLanguage) -> TelegramMessage:
        ideas = self._conversation.suggestions(interface)
        answer = Answer("", interface, Verdict.NOT_A_QUESTION, 1.0, suggestions=ideas, remark=remark)
        return no_answer_parts(self._conversation, answer, interface)

    async def _too_many(self, speaker: Speaker) -> bool:
        """Commands count as questions do; past the limit they get no reply."""
        name = self._conversation.names.user(PLATFORM, "commands", speaker.id)
        return await self._conversation.store.allow(name) > 0
