"""Commands with their menus, and the deep links that arrive as /start with something behind it."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    ChatMember,
    Message,
    Update,
)
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from assemblybot.answering.answer import Answer, Remark, Verdict
from assemblybot.answering.replies import MOST_SOURCES
from assemblybot.chat.telegram.addressing import Speaker, speaker_of
from assemblybot.chat.telegram.answers import linked_message, uncited_message
from assemblybot.chat.telegram.conversation import TelegramConversation
from assemblybot.chat.telegram.incoming import PLATFORM
from assemblybot.chat.telegram.questions import Questions
from assemblybot.chat.telegram.requests import describe
from assemblybot.chat.telegram.sending import send
from assemblybot.errors import CollectionUnavailableError
from assemblybot.messages import say
from assemblybot.render.place import place
from assemblybot.render.telegram_lines import (
    card_message,
    context_message,
    forget_keyboard,
    language_message,
    sources_message,
    words,
)
from assemblybot.render.telegram_text import TelegramMessage
from assemblybot.text.language import INTERFACE_LANGUAGES, InterfaceLanguage, known_language

_LOG = logging.getLogger(__name__)
_PRIVATE_MENU: Final = ("ask", "sources", "lang", "context", "privacy", "forget", "help")
_GROUP_MENU: Final = ("ask", "sources", "help")
_DESCRIPTIONS: Final = ("telegram-description", "telegram-short-description")
_MENUS_CHECKED: Final = 30 * 24 * 3600.0

Handler = Callable[[Update, ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class _Command:
    """One command as it was sent, with the words behind it and the language to reply in."""

    message: Message
    speaker: Speaker
    words: tuple[str, ...]
    interface: InterfaceLanguage

    @property
    def argument(self) -> str:
        """The first of the words."""
        return self.words[0] if self.words else ""


_Reply = Callable[[_Command], Awaitable[TelegramMessage | None]]


class Commands:
    """Handlers of /start, /help, /sources, /documents, /lang, /context, /privacy and /forget; of several
    collections also /collection."""

    def __init__(self, conversation: TelegramConversation, questions: Questions) -> None:
        self._conversation = conversation
        self._questions = questions
        replies: dict[str, _Reply] = {
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

    def _handler(self, reply: _Reply) -> Handler:
        async def handle(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
            message = update.effective_message
            speaker = speaker_of(message) if message else None
            if message is None or speaker is None:
                return
            interface = await self._conversation.language(speaker)
            try:
                shown = await reply(_Command(message, speaker, tuple(context.args or ()), interface))
            except CollectionUnavailableError:
                shown = words(interface, say(interface, "collection-unavailable"))
            # Commands count as questions do; past the limit they get no reply.
            counted = self._conversation.names.user(PLATFORM, "commands", speaker.id)
            if shown and not await self._conversation.store.allow(counted):
                await send(shown, to=message, reply=message.chat.type != ChatType.PRIVATE)

        return handle

    async def _start(self, command: _Command) -> TelegramMessage | None:
        """Greet; or show the passage, or answer the question, that a deep link names."""
        references = self._conversation.references
        if question := references.question(command.argument):
            await self._questions.respond(command.message, command.speaker, question)
            return None
        passage = references.linked_passage(command.argument)
        interface = command.interface
        shown = linked_message(self._conversation, passage, interface) if passage else None
        return shown or self._remark(Remark.GREETING, interface)

    async def _help(self, command: _Command) -> TelegramMessage:
        """How to ask, with questions to tap."""
        return self._remark(Remark.HELP, command.interface)

    async def _sources(self, command: _Command) -> TelegramMessage:
        """What the bot answers from."""
        index = self._conversation.assistant.index
        return sources_message(index.listed(0, MOST_SOURCES), len(index.documents), command.interface)

    async def _list_documents(self, command: _Command) -> TelegramMessage:
        """The same for a curator in private, with a button that removes a document."""
        in_private = command.message.chat.type == ChatType.PRIVATE
        if in_private and self._conversation.documents.is_curator(command.speaker.id):
            by = self._conversation.by(self._conversation.user(command.speaker), command.interface)
            return card_message(await self._conversation.documents.listing(by, " ".join(command.words)))
        return await self._sources(command)

    async def _lang(self, command: _Command) -> TelegramMessage:
        """`/lang fr`, `/lang auto`, or a choice of languages."""
        code = command.argument.lower()
        language = known_language(code)
        if language is None and code != "auto":
            return language_message(command.interface)
        return words(*await self._conversation.choose_language(command.speaker, language))

    async def _context(self, command: _Command) -> TelegramMessage:
        """Show what is remembered for follow-up questions."""
        interface = command.interface
        kept = await self._conversation.recall(self._conversation.key(command.message, command.speaker))
        cited = [self._conversation.passage(passage, interface) for passage in kept.citations] if kept else []
        places = [place(citation, interface) for citation in cited if citation]
        return context_message(kept, places, interface, self._conversation.minutes)

    async def _privacy(self, command: _Command) -> TelegramMessage:
        key, minutes = self._conversation.privacy_key, self._conversation.minutes
        text = say(command.interface, key, minutes=minutes)
        return words(command.interface, text, forget_keyboard(command.interface))

    async def _forget(self, command: _Command) -> TelegramMessage:
        await self._conversation.forget(self._conversation.user(command.speaker))
        return words(command.interface, say(command.interface, "forgotten"))

    async def _collection(self, command: _Command) -> TelegramMessage:
        """Show which collection the chat asks, or choose it."""
        where, name = self._conversation.place(command.message.chat), command.argument.lower()
        key, values = await self._conversation.bindings.command(
            where, name, str(command.speaker.id), partial(_is_administrator, command)
        )
        return words(command.interface, say(command.interface, key, command="/collection", **values))

    def _remark(self, remark: Remark, interface: InterfaceLanguage) -> TelegramMessage:
        ideas = self._conversation.suggestions(interface)
        answer = Answer("", interface, Verdict.NOT_A_QUESTION, 1.0, suggestions=ideas, remark=remark)
        return uncited_message(self._conversation, answer, interface)


async def _is_administrator(command: _Command) -> bool:
    chat, speaker = command.message.chat, command.speaker
    if speaker.id == chat.id:  # an anonymous administrator writes in the name of the group
        return True
    try:
        member = await chat.get_member(speaker.id)
    except TelegramError as error:
        _LOG.info("Nobody knows whether this is an administrator: %s", describe(error))
        return False
    return member.status in (ChatMember.OWNER, ChatMember.ADMINISTRATOR)


async def set_menus(bot: Bot, conversation: TelegramConversation) -> None:
    """Set command menus and descriptions, unless these were set before; a failure is only logged.

    Telegram allows few of these calls, so what was set is noted for a month.
    """
    more = ("collection",) if len(conversation.queue.collections) > 1 else ()
    note, version = f"{PLATFORM}:menus:{bot.id}", _version(more)
    if await conversation.store.noted(note) == version:
        return
    try:
        await _set_menu(bot, "en", None, more)  # for a client in any other language
        for language in INTERFACE_LANGUAGES:
            await _set_menu(bot, language, language, more)
    except TelegramError as error:
        _LOG.warning("The command menus were not set: %s", describe(error))
        return
    await conversation.store.note(note, version, _MENUS_CHECKED)


async def _set_menu(bot: Bot, language: InterfaceLanguage, code: str | None, more: tuple[str, ...]) -> None:
    for scope, names in (
        (BotCommandScopeAllPrivateChats(), _PRIVATE_MENU),
        (BotCommandScopeAllGroupChats(), _GROUP_MENU),
    ):
        menu = [BotCommand(name, say(language, f"telegram-command-{name}")) for name in names + more]
        await bot.set_my_commands(menu, scope=scope, language_code=code)
    description, short_description = (say(language, key) for key in _DESCRIPTIONS)
    await bot.set_my_description(description, language_code=code)
    await bot.set_my_short_description(short_description, language_code=code)


def _version(more: tuple[str, ...]) -> str:
    """Changes whenever a menu or description does."""
    keys = [*(f"telegram-command-{name}" for name in _PRIVATE_MENU + more), *_DESCRIPTIONS]
    texts = (say(language, key) for language in INTERFACE_LANGUAGES for key in keys)
    return hashlib.sha256("\n".join((*_GROUP_MENU, *texts)).encode()).hexdigest()
