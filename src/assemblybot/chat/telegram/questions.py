"""A question in, one message out; an edited question edits that message."""

from __future__ import annotations

import asyncio
import logging
import math
from typing import Final

from telegram import Bot, Message, Update, User
from telegram.constants import ChatAction
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from assemblybot.answering.answer import Answer, Context, Remark, Verdict
from assemblybot.chat.telegram.addressing import asked, replies_to
from assemblybot.chat.telegram.answers import answer_parts
from assemblybot.chat.telegram.floor import Floor, shown_language
from assemblybot.chat.telegram.incoming import PLATFORM
from assemblybot.chat.telegram.quiet import describe
from assemblybot.chat.telegram.wire import edit, send
from assemblybot.messages import say
from assemblybot.render.telegram_lines import shown_suggestion, words
from assemblybot.render.telegram_text import TelegramMessage
from assemblybot.session.inbox import key_in_hand
from assemblybot.text.language import InterfaceLanguage, Language, interface_language

_LOG = logging.getLogger(__name__)
# An answer that comes at once needs no “typing…”.
_TYPING_AFTER: Final = 0.4
# When more are waiting, the requests are better spent on answers.
_TYPING_UP_TO: Final = 8
_REPLY_TTL: Final = 48 * 3600.0
_RATING_TTL: Final = 7 * 24 * 3600.0


class Questions:
    """Handlers of messages that ask something."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    async def on_message(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer a message, or edit the answer of an edited one."""
        message = update.effective_message
        if message is None or message.from_user is None:
            return
        question = asked(message, context.bot.id, context.bot.username)
        if question is None:
            return
        before = await self._reply_to(message) if update.edited_message else None
        if before and before[1] == self._mark(message, question.text):
            return
        await self.respond(
            context.bot,
            message,
            message.from_user,
            question.text,
            edits=before[0] if before else None,
            reply=not question.in_private,
        )

    async def on_other_content(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Voice, pictures and the like in a private chat: a polite line, one for an album."""
        message = update.effective_message
        if message is None or message.from_user is None or update.edited_message:
            return
        if message.via_bot and message.via_bot.id == context.bot.id:
            return
        album = message.media_group_id
        store = self._floor.store
        if album and not await store.first_seen(
            self._floor.names.key("album", album), 3600, by=key_in_hand()
        ):
            return
        if await store.allow(self._floor.user(message.from_user)):
            return
        interface = await self._floor.interface(message.from_user)
        shown = words(interface, say(interface, "telegram-only-text"))
        await send(context.bot, shown, to=message, reply=False)

    async def respond(
        self,
        bot: Bot,
        message: Message,
        asker: User,
        text: str,
        *,
        edits: int | None = None,
        reply: bool = False,
        quoting: str | None = None,
    ) -> None:
        """Answer `text`, asked by `asker` with or under `message`, with one message."""
        user = self._floor.user(asker)
        if wait := await self._floor.store.allow(user):
            await self._slow_down(bot, message, asker, wait, reply=reply)
            return
        chosen, before = await asyncio.gather(self._floor.chosen(user), self._context(bot, message, asker))
        answer, shown = await self._answer(bot, message, asker, text, before, chosen)
        if reply and answer and answer.remark is Remark.CHATTER:
            return  # people talk to each other in a group
        sent = await _deliver(bot, shown, message, edits, reply=reply, quoting=quoting)
        await self._remember(message, asker, text, sent, answer, before)

    async def _answer(
        self,
        bot: Bot,
        message: Message,
        asker: User,
        text: str,
        before: Context | None,
        chosen: InterfaceLanguage | None,
    ) -> tuple[Answer | None, TelegramMessage]:
        """The answer, if there is one, and what to send."""
        if not text:
            interface = await self._floor.interface(asker)
            return None, words(interface, say(interface, "telegram-ask-how"))
        observer = self._floor.desk.observer
        answering = asyncio.ensure_future(self._floor.desk.answer(text, before))
        await asyncio.wait({answering}, timeout=_TYPING_AFTER)
        typing = None
        if not answering.done() and self._floor.desk.waiting <= _TYPING_UP_TO:
            typing = asyncio.ensure_future(_typing(bot, message))
        try:
            answer = await answering
            observer.answered(PLATFORM, answer)
        except Exception as error:  # whatever it was, whoever asked hears of it
            key, values = self._floor.desk.apology(error, PLATFORM)
            interface = chosen or await self._floor.interface(asker)
            return None, words(interface, say(interface, key, **values))
        finally:
            if typing:
                typing.cancel()
        if answer.names_language:
            chosen = None
        language: Language = shown_language(answer, chosen)
        with observer.timing("render"):
            return answer, answer_parts(
                self._floor, answer, language, chosen or interface_language(language), self._rating(answer)
            )

    def _rating(self, answer: Answer) -> str:
        """The key an answer is rated under; says nothing of the question."""
        cited = [citation.passage for citation in answer.citations]
        return self._floor.names.key("rating", answer.question, *cited)[:8]

    async def _context(self, bot: Bot, message: Message, asker: User) -> Context | None:
        """What a question leans on: the answer it replies to, else the last one of this person."""
        store, chat = self._floor.store, message.chat.id
        if message.edit_date:
            return await store.recall(self._floor.before(chat, message.message_id))
        if message.reply_to_message and replies_to(message, bot.id):
            told = await store.recall(self._floor.answered(chat, message.reply_to_message.message_id))
            if told:
                return told
        return await store.recall(self._floor.conversation(chat, asker.id))

    async def _remember(
        self,
        message: Message,
        asker: User,
        text: str,
        sent: int,
        answer: Answer | None,
        before: Context | None,
    ) -> None:
        """Keep what follow-ups, edits and reactions need."""
        store, user, chat = self._floor.store, self._floor.user(asker), message.chat.id
        ttl = self._floor.context_ttl
        keep = []
        # A tapped suggestion hangs on a message of ours, which nobody can edit.
        if message.from_user and message.from_user.id == asker.id:
            reply = f"{sent} {self._mark(message, text)}"
            keep.append(store.note(self._reply_key(chat, message.message_id), reply, _REPLY_TTL, user=user))
            if before:
                conversation = self._floor.before(chat, message.message_id)
                keep.append(store.remember(conversation, before, ttl, user=user))
        if answer and answer.verdict is Verdict.ANSWERED:
            told = Context(answer.question, tuple(citation.passage for citation in answer.citations))
            for conversation in (
                self._floor.conversation(chat, asker.id),
                self._floor.answered(chat, sent),
            ):
                keep.append(store.remember(conversation, told, ttl, user=user))
            rating = rating_key(answer.citations[0].passage, self._rating(answer))
            keep.append(store.note(rating_note(self._floor, chat, sent), rating, _RATING_TTL, user=user))
        await asyncio.gather(*keep)

    async def _reply_to(self, message: Message) -> tuple[int, str] | None:
        """Our answer to a message, and a mark of the text it answered."""
        noted = await self._floor.store.noted(self._reply_key(message.chat.id, message.message_id))
        if noted is None:
            return None
        sent, mark = noted.split(" ")
        return int(sent), mark

    def _reply_key(self, chat: int, message: int) -> str:
        return self._floor.names.key("reply", PLATFORM, chat, message)

    def _mark(self, message: Message, text: str) -> str:
        return self._floor.names.key("text", message.chat.id, message.message_id, text)[:16]

    async def _slow_down(self, bot: Bot, message: Message, asker: User, wait: float, *, reply: bool) -> None:
        """Say once in that time that it is too much, then stay silent."""
        user = self._floor.user(asker)
        self._floor.desk.observer.throttled(PLATFORM)
        if await self._floor.store.first_seen(f"slow:{user}", wait, by=key_in_hand()):
            interface = await self._floor.interface(asker)
            text = say(interface, "slow-down", seconds=max(1, math.ceil(wait)))
            await send(bot, words(interface, text), to=message, reply=reply)


def rating_note(floor: Floor, chat: int, message: int) -> str:
    """Where it is noted which answer a message of ours gave."""
    return floor.names.key("rated", PLATFORM, chat, message)


def rating_key(passage: str, answer: str) -> str:
    """The key under which ratings of an answer are kept."""
    return f"{passage}~{answer}"


async def _deliver(
    bot: Bot, shown: TelegramMessage, message: Message, edits: int | None, *, reply: bool, quoting: str | None
) -> int:
    if edits is not None and await edit(bot, shown, message.chat.id, edits):
        return edits
    quoted = shown_suggestion(quoting) if quoting else None
    return await send(bot, shown, to=message, reply=reply, quoting=quoted)


async def _typing(bot: Bot, message: Message) -> None:
    try:
        await bot.send_chat_action(message.chat.id, ChatAction.TYPING)
    except TelegramError as error:
        _LOG.debug("No typing indicator: %s", describe(error))
