"""Commands, and the deep links that arrive as /start with something behind it."""

from __future__ import annotations

from telegram import Update, User
from telegram.constants import ChatType
from telegram.ext import ContextTypes

from assemblybot.answering.answer import Answer, Remark, Verdict
from assemblybot.answering.suggest import suggest
from assemblybot.chat.telegram.answers import no_answer_parts, passage_parts
from assemblybot.chat.telegram.floor import Floor, known_language
from assemblybot.chat.telegram.incoming import PLATFORM
from assemblybot.chat.telegram.questions import Questions
from assemblybot.chat.telegram.wire import send
from assemblybot.messages import say
from assemblybot.render.place import place
from assemblybot.render.telegram import NOT_RATED
from assemblybot.render.telegram_lines import (
    context_message,
    forget_keyboard,
    language_message,
    sources_message,
    words,
)
from assemblybot.render.telegram_text import TelegramMessage
from assemblybot.text.language import InterfaceLanguage


class Commands:
    """Handlers of /start, /help, /sources, /lang, /context, /privacy and /forget."""

    def __init__(self, floor: Floor, questions: Questions) -> None:
        self._floor = floor
        self._questions = questions

    async def start(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Greet; or show the passage, or answer the question, that a deep link names."""
        message, user = update.effective_message, update.effective_user
        if message is None or user is None:
            return
        payload = context.args[0] if context.args else ""
        references = self._floor.references
        if question := references.question(payload):
            await self._questions.respond(context.bot, message, user, question)
            return
        interface = await self._floor.interface(user)
        passage = references.linked_passage(payload)
        shown = passage_parts(self._floor, passage, interface, NOT_RATED) if passage else None
        await self._reply(update, context, shown or self._remark(Remark.GREETING, interface))

    async def help(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """How to ask, with questions to tap."""
        if user := update.effective_user:
            await self._reply(update, context, self._remark(Remark.HELP, await self._floor.interface(user)))

    async def sources(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """What the bot answers from."""
        if user := update.effective_user:
            documents = list(self._floor.desk.assistant.index.documents.values())
            shown = sources_message(documents, await self._floor.interface(user))
            await self._reply(update, context, shown)

    async def lang(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Choose the interface language: `/lang fr`, `/lang auto`, or a button."""
        user = update.effective_user
        if user is None:
            return
        code = context.args[0].lower() if context.args else ""
        language = known_language(code)
        if language is None and code != "auto":
            await self._reply(update, context, language_message(await self._floor.interface(user)))
            return
        await self._floor.choose(self._floor.user(user), language)
        interface = language or await self._floor.interface(user)
        text = say(interface, "language-set" if language else "language-automatic")
        await self._reply(update, context, words(interface, text))

    async def context(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Show what is remembered for follow-up questions."""
        message, user = update.effective_message, update.effective_user
        if message is None or user is None:
            return
        interface = await self._floor.interface(user)
        kept = await self._floor.store.recall(self._floor.conversation(message.chat.id, user.id))
        assistant = self._floor.desk.assistant
        cited = [assistant.passage(passage) for passage in kept.citations] if kept else []
        places = [place(citation, interface) for citation in cited if citation]
        minutes = round(self._floor.context_ttl / 60)
        await self._reply(update, context, context_message(kept, places, interface, minutes))

    async def privacy(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """What is kept about a user, with the button that deletes it."""
        if user := update.effective_user:
            interface = await self._floor.interface(user)
            minutes = round(self._floor.context_ttl / 60)
            text = say(interface, self._floor.desk.privacy_key, minutes=minutes)
            await self._reply(update, context, words(interface, text, forget_keyboard(interface)))

    async def forget(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Delete everything kept about the user."""
        if user := update.effective_user:
            interface = await self._floor.interface(user)
            await self._floor.store.forget(self._floor.user(user))
            await self._reply(update, context, words(interface, say(interface, "forgotten")))

    def _remark(self, remark: Remark, interface: InterfaceLanguage) -> TelegramMessage:
        index = self._floor.desk.assistant.index
        ideas = suggest(index, range(len(index.passages)), interface)
        answer = Answer("", interface, Verdict.NOT_A_QUESTION, 1.0, suggestions=ideas, remark=remark)
        return no_answer_parts(self._floor, answer, interface)

    async def _reply(
        self, update: Update, context: ContextTypes.DEFAULT_TYPE, shown: TelegramMessage
    ) -> None:
        message, user = update.effective_message, update.effective_user
        if message is None or user is None or await self._too_many(user):
            return
        await send(context.bot, shown, to=message, reply=message.chat.type != ChatType.PRIVATE)

    async def _too_many(self, user: User) -> bool:
        """Commands count as questions do; past the limit they get no reply."""
        name = self._floor.names.user(PLATFORM, "commands", user.id)
        return await self._floor.store.allow(name) > 0
