"""Presses of buttons, acknowledged before the message changes in its place; and reactions to messages."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from telegram import CallbackQuery, ChatMember, Message, ReactionType, ReactionTypeEmoji, Update
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from assemblybot.chat.telegram.answers import message_again, message_around
from assemblybot.chat.telegram.conversation import TelegramConversation
from assemblybot.chat.telegram.documents import fetch_file
from assemblybot.chat.telegram.questions import Questions
from assemblybot.chat.telegram.requests import describe
from assemblybot.chat.telegram.sending import edit, edit_buttons
from assemblybot.errors import CollectionUnavailableError
from assemblybot.messages import say
from assemblybot.render.telegram import NOT_RATED, reasons_keyboard
from assemblybot.render.telegram_lines import DOCUMENT, FORGET, LANGUAGE, card_message
from assemblybot.render.telegram_state import Action, State, parse
from assemblybot.render.telegram_text import Keyboard, TelegramMessage
from assemblybot.session.base import Reason
from assemblybot.session.identity import rating_key
from assemblybot.text.language import known_language

_LOG = logging.getLogger(__name__)
_QUESTION: Final = "q"
_GOOD: Final = frozenset("👍❤🔥👏🎉🤩💯🙏👌🏆⚡🫡🤝")
_BAD: Final = frozenset("👎💩🤮🤬😡🥱")


class _Press:
    """A press of a button; `message` is the one with the button, unless it is gone or too old to change."""

    def __init__(self, query: CallbackQuery) -> None:
        self._query = query
        self.data = query.data or ""
        self.bot = query.get_bot()
        self.speaker = query.from_user
        under = query.message
        # python-telegram-bot 22.8 gives a Message of the year 1970 for one that is inaccessible.
        self.message = under if isinstance(under, Message) and under.is_accessible else None

    async def acknowledge(self, text: str | None = None, *, alert: bool = False) -> None:
        """Stop the button's spinner; one pressed while the bot was down is too old for that."""
        try:
            await self._query.answer(text, show_alert=alert)
        except TelegramError as error:
            _LOG.info("A button press could not be acknowledged: %s", describe(error))

    async def show(self, shown: TelegramMessage) -> None:
        """Replace the message."""
        if self.message:
            await edit(self.bot, shown, self.message.chat.id, self.message.message_id)

    async def show_buttons(self, keyboard: Keyboard) -> None:
        """Replace the buttons under the message."""
        if self.message:
            await edit_buttons(self.bot, keyboard, self.message.chat.id, self.message.message_id)


class Buttons:
    """Handler of callback queries. All it needs is in the data of the button."""

    def __init__(self, conversation: TelegramConversation, questions: Questions) -> None:
        self._conversation = conversation
        self._questions = questions

    async def on_press(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Do what the pressed button says."""
        assert update.callback_query
        press = _Press(update.callback_query)
        try:
            await self._handle(press, press.data)
        except CollectionUnavailableError:
            await self._tell(press, "collection-unavailable")

    async def _handle(self, press: _Press, data: str) -> None:
        if data == FORGET:
            await self._forget(press)
        elif data.startswith(LANGUAGE):
            language = known_language(data.removeprefix(LANGUAGE))
            _interface, said = await self._conversation.choose_language(press.speaker, language)
            await press.acknowledge(said)
        elif data.startswith(DOCUMENT):
            await self._decide(press, data.removeprefix(DOCUMENT))
        elif data.startswith(_QUESTION):
            await self._ask(press, data)
        elif found := parse(data):
            await self._change(press, *found)
        else:
            await self._tell(press, "telegram-outdated")

    async def _change(self, press: _Press, action: Action, state: State) -> None:
        if action in ("helpful", "not_helpful"):
            await self._rate(press, state, helpful=action == "helpful")
            return
        if isinstance(action, Reason):
            await self._explain(press, state, action)
            return
        shown = self._after(action, state)
        if shown is None or press.message is None:
            await self._tell(press, "telegram-too-old" if shown else "telegram-outdated")
            return
        await press.acknowledge()
        await press.show(shown)

    def _after(self, action: Action, state: State) -> TelegramMessage | None:
        """What the message shows once the button has done its work."""
        if action == "around":
            return message_around(self._conversation, state)
        if action == "next":
            state = replace(state, shown=(state.shown + 1) % len(state.cited))
        elif action == "translation":
            state = replace(state, translated=not state.translated)
        return message_again(self._conversation, state)

    async def _rate(self, press: _Press, state: State, *, helpful: bool) -> None:
        """Store a rating; after a bad one, ask why."""
        rated = self._rated(state)
        asks_why = bool(rated and press.message and not helpful)
        await press.acknowledge(say(state.interface, "feedback-why" if asks_why else "feedback-thanks"))
        if rated:
            user = self._conversation.user(press.speaker)
            await self._conversation.rate(rated, user, 1 if helpful else -1)
        if asks_why:
            await press.show_buttons(reasons_keyboard(state))

    async def _explain(self, press: _Press, state: State, reason: Reason) -> None:
        """Store why an answer did not help, and show its own buttons again."""
        await press.acknowledge(say(state.interface, "feedback-thanks"))
        if rated := self._rated(state):
            await self._conversation.explain(rated, self._conversation.user(press.speaker), reason)
        if shown := message_again(self._conversation, state):
            await press.show_buttons(shown.keyboard)

    def _rated(self, state: State) -> str | None:
        """The key of an answer's ratings; `None` where nothing is rated, or its passage is gone."""
        ids = self._conversation.references.passages(state)
        return rating_key(ids[0], state.mark) if ids and state.mark != NOT_RATED else None

    async def _ask(self, press: _Press, name: str) -> None:
        """A suggested question was tapped: it is asked."""
        question = self._conversation.references.question(name)
        if question is None or press.message is None:
            await self._tell(press, "telegram-outdated")
            return
        await press.acknowledge()
        await self._questions.respond(press.message, press.speaker, question, reply=True)

    async def _decide(self, press: _Press, data: str) -> None:
        """A curator decides on a document; the message says what became of it."""
        if press.message is None or not self._conversation.documents.is_curator(press.speaker.id):
            await self._tell(press, "documents-curators-only" if press.message else "telegram-too-old")
            return
        await press.acknowledge()
        interface = await self._conversation.language(press.speaker)
        by = self._conversation.by(self._conversation.user(press.speaker), interface)
        if card := await self._conversation.documents.press(by, data, partial(fetch_file, press.bot)):
            await press.show(card_message(card))

    async def _forget(self, press: _Press) -> None:
        interface = await self._conversation.language(press.speaker)
        await self._conversation.forget(self._conversation.user(press.speaker))
        await press.acknowledge(say(interface, "forgotten"), alert=True)

    async def _tell(self, press: _Press, key: str) -> None:
        interface = await self._conversation.language(press.speaker)
        await press.acknowledge(say(interface, key), alert=True)


class Reactions:
    """Handlers of reactions, of chats that get a new id, and of users who block the bot."""

    def __init__(self, conversation: TelegramConversation) -> None:
        self._conversation = conversation

    async def on_reaction(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Rate the answer; taking the reaction back takes the rating back."""
        reaction = update.message_reaction
        assert reaction
        note = self._conversation.rating_note(reaction.chat.id, reaction.message_id)
        key = await self._conversation.store.noted(note)
        # An anonymous person reacts in the name of a chat.
        who = reaction.actor_chat or reaction.user
        if key and who:
            user = self._conversation.user(who)
            await self._conversation.rate(key, user, _value(reaction.new_reaction))

    async def on_migration(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A group has become a supergroup, which has another id: it asks the collection of the group."""
        message = update.effective_message
        if message and message.migrate_to_chat_id:
            before = self._conversation.place(message.chat)
            after = replace(before, ids=(str(message.migrate_to_chat_id),))
            await self._conversation.bindings.follow(before, after)

    async def on_membership(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A user who blocks the bot is forgotten."""
        change = update.my_chat_member
        assert change
        if change.chat.type == ChatType.PRIVATE and change.new_chat_member.status == ChatMember.BANNED:
            await self._conversation.forget(self._conversation.user(change.from_user))


def _value(reactions: Sequence[ReactionType]) -> int:
    given = [reaction.emoji for reaction in reactions if isinstance(reaction, ReactionTypeEmoji)]
    emoji = {character.replace("\ufe0f", "") for character in given}
    if emoji & _GOOD:
        return 1
    return -1 if emoji & _BAD else 0
