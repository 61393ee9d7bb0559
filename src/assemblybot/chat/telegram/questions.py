"""A question in, one message out; an edited question edits that message."""

from __future__ import annotations

import asyncio
import logging
import math
from typing import Final

from telegram import Bot, Message, Update
from telegram.ext import ContextTypes

from assemblybot.answering.answer import Answer, Context, Remark
from assemblybot.chat.telegram.addressing import asked
from assemblybot.chat.telegram.answers import answer_parts
from assemblybot.chat.telegram.floor import Floor
from assemblybot.chat.telegram.incoming import PLATFORM
from assemblybot.chat.telegram.memory import Memory
from assemblybot.chat.telegram.origin import Speaker, speaker_of
from assemblybot.chat.telegram.waiting import settled, show_working
from assemblybot.chat.telegram.wire import edit, send
from assemblybot.messages import say
from assemblybot.render.localise import shown_language
from assemblybot.render.telegram_lines import words
from assemblybot.render.telegram_text import TelegramMessage
from assemblybot.session.feedback import rating_mark
from assemblybot.session.inbox import key_in_hand
from assemblybot.text.language import InterfaceLanguage, Language, interface_language

_LOG = logging.getLogger(__name__)
# An answer that comes at once needs no sign that it is being made.
_TYPING_AFTER: Final = 0.4
# When more are waiting, the requests are better spent on answers.
_TYPING_UP_TO: Final = 8


class Questions:
    """Handlers of messages that ask something."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._memory = Memory(floor)

    async def on_message(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer a message, or edit the answer of an edited one."""
        message = update.effective_message
        question = asked(message, context.bot.id, context.bot.username) if message else None
        if message is None or question is None:
            return
        edits = None
        if update.edited_message and (before := await self._memory.reply_to(message, question.text)):
            edits, is_same = before
            if is_same:
                return
        await self.respond(
            context.bot,
            message,
            question.asker,
            question.text,
            edits=edits,
            reply=not question.in_private,
        )

    async def on_other_content(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Voice, pictures and the like in a private chat: a polite line, one for an album."""
        message = update.effective_message
        speaker = speaker_of(message) if message else None
        if message is None or speaker is None:
            return
        if message.via_bot and message.via_bot.id == context.bot.id:
            return
        album = message.media_group_id
        store = self._floor.store
        if album and not await store.first_seen(
            self._floor.names.key("album", album), 3600, by=key_in_hand()
        ):
            return
        if await store.allow(self._floor.user(speaker)):
            return
        interface = await self._floor.interface(speaker)
        shown = words(interface, say(interface, "telegram-only-text"))
        await send(context.bot, shown, to=message, reply=False)

    async def respond(
        self,
        bot: Bot,
        message: Message,
        asker: Speaker,
        text: str,
        *,
        edits: int | None = None,
        reply: bool = False,
    ) -> None:
        """Answer `text`, asked by `asker` with or under `message`, with one message.

        It replaces our message `edits`, or is a new one, as a `reply` to `message` where wanted.
        """
        user = self._floor.user(asker)
        if wait := await self._floor.store.allow(user):
            await self._slow_down(bot, message, asker, wait, reply=reply)
            return
        chosen, before = await asyncio.gather(
            self._floor.chosen(user), self._memory.context(message, asker, bot.id)
        )
        answer, shown = await self._answer(bot, message, asker, text, before, chosen, edits)
        if reply and answer and answer.remark is Remark.CHATTER:
            return  # people talk to each other in a group
        sent = edits
        if edits is None or not await edit(bot, shown, message.chat.id, edits):
            sent = await send(bot, shown, to=message, reply=reply)
        await self._memory.remember(message, asker, text, sent, answer, before)

    async def _answer(
        self,
        bot: Bot,
        message: Message,
        asker: Speaker,
        text: str,
        before: Context | None,
        chosen: InterfaceLanguage | None,
        edits: int | None,
    ) -> tuple[Answer | None, TelegramMessage]:
        """The answer, if there is one, and what to send."""
        if not text:
            interface = await self._floor.interface(asker)
            return None, words(interface, say(interface, "telegram-ask-how"))
        observer = self._floor.desk.observer
        answering = asyncio.ensure_future(self._floor.desk.answer(text, before))
        await asyncio.wait({answering}, timeout=_TYPING_AFTER)
        shown = None
        if not answering.done() and self._floor.desk.waiting <= _TYPING_UP_TO:
            shown = asyncio.ensure_future(show_working(bot, message, drafts=edits is None))
        try:
            answer = await answering
            observer.answered(PLATFORM, answer)
        except Exception as error:  # whatever it was, whoever asked hears of it
            key, values = self._floor.desk.apology(error, PLATFORM)
            interface = chosen or await self._floor.interface(asker)
            return None, words(interface, say(interface, key, **values))
        finally:
            if shown:
                await settled(shown)
        if answer.names_language:
            chosen = None
        language: Language = shown_language(answer.language, chosen)
        interface = chosen or interface_language(language)
        with observer.timing("render"):
            return answer, answer_parts(
                self._floor,
                answer,
                language,
                interface,
                rating_mark(self._floor.names, answer),
                buttons=not message.guest_query_id,
            )

    async def _slow_down(
        self, bot: Bot, message: Message, asker: Speaker, wait: float, *, reply: bool
    ) -> None:
        """Say once in that time that it is too much, then stay silent."""
        user = self._floor.user(asker)
        self._floor.desk.observer.throttled(PLATFORM)
        if await self._floor.store.first_seen(f"slow:{user}", wait, by=key_in_hand()):
            interface = await self._floor.interface(asker)
            text = say(interface, "slow-down", seconds=max(1, math.ceil(wait)))
            await send(bot, words(interface, text), to=message, reply=reply)
