"""Presses of buttons: acknowledged first, then the message changes in its place."""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import partial

from telegram import CallbackQuery, Message, Update
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from assemblybot.chat.conversation import known_language
from assemblybot.chat.telegram.answers import message_again, message_around
from assemblybot.chat.telegram.conversation import TelegramConversation
from assemblybot.chat.telegram.documents import fetch_file
from assemblybot.chat.telegram.origin import Speaker
from assemblybot.chat.telegram.questions import Questions
from assemblybot.chat.telegram.redaction import describe
from assemblybot.chat.telegram.wire import edit, edit_buttons
from assemblybot.errors import CollectionUnavailableError
from assemblybot.messages import say
from assemblybot.render.telegram import NOT_RATED, reasons_keyboard
from assemblybot.render.telegram_lines import DOCUMENT, card_message
from assemblybot.render.telegram_state import Action, State, parse
from assemblybot.render.telegram_text import TelegramMessage
from assemblybot.session.base import Reason
from assemblybot.session.identity import rating_key

_LOG = logging.getLogger(__name__)
_FORGET = "f1"
_LANGUAGE = "l1"
_QUESTION = "q"


class Buttons:
    """Handler of callback queries. All it needs is in the data of the button."""

    def __init__(self, conversation: TelegramConversation, questions: Questions) -> None:
        self._conversation = conversation
        self._questions = questions

    async def on_press(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Do what the pressed button says."""
        query = update.callback_query
        if query is None:
            return
        try:
            await self._obey(query, query.data or "")
        except CollectionUnavailableError:
            await self._tell(query, "collection-unavailable")

    async def _obey(self, query: CallbackQuery, data: str) -> None:
        if data == _FORGET:
            await self._forget(query)
        elif data.startswith(_LANGUAGE):
            await self._choose_language(query, data.removeprefix(_LANGUAGE))
        elif data.startswith(DOCUMENT):
            await self._decide(query, data.removeprefix(DOCUMENT))
        elif data.startswith(_QUESTION):
            await self._ask(query, data)
        elif found := parse(data):
            await self._change(query, *found)
        else:
            await self._tell(query, "telegram-outdated")

    async def _change(self, query: CallbackQuery, action: Action, state: State) -> None:
        if action in ("helpful", "not_helpful"):
            await self._rate(query, state, helpful=action == "helpful")
            return
        if isinstance(action, Reason):
            await self._explain(query, state, action)
            return
        shown = self._after(action, state)
        message = _reachable(query)
        if shown is None:
            await self._tell(query, "telegram-outdated")
        elif message is None:
            await self._tell(query, "telegram-too-old")
        else:
            await _acknowledge(query)
            await edit(query.get_bot(), shown, message.chat.id, message.message_id)

    def _after(self, action: Action, state: State) -> TelegramMessage | None:
        """What the message shows once the button has done its work."""
        if action == "around":
            return message_around(self._conversation, state)
        if action == "next":
            state = replace(state, shown=(state.shown + 1) % len(state.cited))
        elif action == "translation":
            state = replace(state, translated=not state.translated)
        return message_again(self._conversation, state)

    async def _rate(self, query: CallbackQuery, state: State, *, helpful: bool) -> None:
        """Keep what someone thinks of an answer; who was not helped may say why."""
        rated = self._rated(state)
        message = _reachable(query)
        asks_why = bool(rated and message and not helpful)
        await _acknowledge(query, say(state.interface, "feedback-why" if asks_why else "feedback-thanks"))
        if rated is None:
            return
        user = self._conversation.user(Speaker.person(query.from_user))
        await self._conversation.rate(rated, user, 1 if helpful else -1)
        if message and asks_why:
            keyboard = reasons_keyboard(state)
            await edit_buttons(query.get_bot(), keyboard, message.chat.id, message.message_id)

    async def _explain(self, query: CallbackQuery, state: State, reason: Reason) -> None:
        """Keep why an answer did not help; its own buttons come back."""
        await _acknowledge(query, say(state.interface, "feedback-thanks"))
        if rated := self._rated(state):
            user = self._conversation.user(Speaker.person(query.from_user))
            await self._conversation.explain(rated, user, reason)
        shown, message = message_again(self._conversation, state), _reachable(query)
        if shown and message:
            await edit_buttons(query.get_bot(), shown.keyboard, message.chat.id, message.message_id)

    def _rated(self, state: State) -> str | None:
        """The key of an answer's ratings; `None` where nothing is rated, or its passage is gone."""
        ids = self._conversation.references.passages(state)
        return rating_key(ids[0], state.answer) if ids and state.answer != NOT_RATED else None

    async def _ask(self, query: CallbackQuery, name: str) -> None:
        """A suggested question was tapped: it is asked."""
        question = self._conversation.references.question(name)
        message = _reachable(query)
        if question is None or message is None:
            await self._tell(query, "telegram-outdated")
            return
        await _acknowledge(query)
        asker = Speaker.person(query.from_user)
        await self._questions.respond(query.get_bot(), message, asker, question, reply=True)

    async def _decide(self, query: CallbackQuery, data: str) -> None:
        """A curator decides on a document; the message says what became of it."""
        message = _reachable(query)
        if message is None or not self._conversation.documents.is_curator(query.from_user.id):
            await self._tell(query, "telegram-too-old" if message is None else "documents-curators-only")
            return
        await _acknowledge(query)
        bot, by = query.get_bot(), await self._conversation.by(Speaker.person(query.from_user))
        if card := await self._conversation.documents.press(by, data, partial(fetch_file, bot)):
            await edit(bot, card_message(card), message.chat.id, message.message_id)

    async def _choose_language(self, query: CallbackQuery, code: str) -> None:
        language = known_language(code)
        await self._conversation.choose(self._conversation.user(Speaker.person(query.from_user)), language)
        interface = language or await self._conversation.interface(Speaker.person(query.from_user))
        await _acknowledge(query, say(interface, "language-set" if language else "language-automatic"))

    async def _forget(self, query: CallbackQuery) -> None:
        interface = await self._conversation.interface(Speaker.person(query.from_user))
        await self._conversation.forget(self._conversation.user(Speaker.person(query.from_user)))
        await _acknowledge(query, say(interface, "forgotten"), alert=True)

    async def _tell(self, query: CallbackQuery, key: str) -> None:
        interface = await self._conversation.interface(Speaker.person(query.from_user))
        await _acknowledge(query, say(interface, key), alert=True)


def _reachable(query: CallbackQuery) -> Message | None:
    """The message under the button, unless it is gone or too old to be changed."""
    message = query.message
    # python-telegram-bot 22.8 gives a Message of the year 1970 for one that is inaccessible.
    return message if isinstance(message, Message) and message.is_accessible else None


async def _acknowledge(query: CallbackQuery, text: str | None = None, *, alert: bool = False) -> None:
    """Stop the button's spinner; one pressed while the bot was down is too old for that."""
    try:
        await query.answer(text, show_alert=alert)
    except TelegramError as error:
        _LOG.info("A button press could not be acknowledged: %s", describe(error))
