"""Inline mode: each result is one passage with its place, ready to send into any chat."""

from __future__ import annotations

import logging
from typing import Final

from telegram import InlineQuery, InlineQueryResultArticle, InlineQueryResultsButton, Update
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from assemblybot.answering.answer import Citation
from assemblybot.chat.conversation import Asked, Reply
from assemblybot.chat.telegram.conversation import TelegramConversation
from assemblybot.chat.telegram.requests import describe
from assemblybot.chat.telegram.sending import content, markup
from assemblybot.errors import AssemblybotError
from assemblybot.messages import say
from assemblybot.render.documents import Button
from assemblybot.render.place import place
from assemblybot.render.quotation import Marked, quotation
from assemblybot.render.telegram import passage_message
from assemblybot.render.telegram_text import displayed, shortened
from assemblybot.text.language import InterfaceLanguage

_LOG = logging.getLogger(__name__)
_SHORTEST: Final = 3
_MOST_RESULTS: Final = 20
_CACHED_SECONDS: Final = 30
_LONGEST_DESCRIPTION: Final = 160


class Inline:
    """Handler of inline queries. While someone types, only the last query counts."""

    def __init__(self, conversation: TelegramConversation) -> None:
        self._conversation = conversation
        self._latest: dict[int, str] = {}

    async def on_query(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer with passages, or with none and a way into the private chat."""
        query = update.inline_query
        assert query
        user = query.from_user.id
        self._latest[user] = query.id
        try:
            found = await self._answer(query)
            if self._latest.get(user) == query.id:
                await self._reply(query, found)
        finally:
            if self._latest.get(user) == query.id:
                del self._latest[user]

    async def _answer(self, query: InlineQuery) -> Reply | None:
        if len(query.query.strip()) < _SHORTEST:
            return None
        asked = Asked(query.query, self._conversation.user(query.from_user))
        try:
            found = await self._conversation.find(asked)
        except AssemblybotError as error:
            self._conversation.apology(error)  # has no place here, but is counted
            return None
        await self._conversation.record(found)
        return found

    async def _reply(self, query: InlineQuery, found: Reply | None) -> None:
        results: list[InlineQueryResultArticle] = []
        if found and found.answer:
            interface = found.language
            cited = found.answer.citations[:_MOST_RESULTS]
            results = [self._result(citation, interface) for citation in cited]
        else:
            interface = await self._conversation.language(query.from_user)
        button = InlineQueryResultsButton(say(interface, "telegram-inline-start"), start_parameter="inline")
        try:
            await query.answer(results, cache_time=_CACHED_SECONDS, is_personal=True, button=button)
        except TelegramError as error:
            _LOG.info("An inline query was answered too late: %s", describe(error))

    def _result(self, citation: Citation, interface: InterfaceLanguage) -> InlineQueryResultArticle:
        link = self._conversation.reader_link(citation)
        keyboard = ((Button(say(interface, "button-open"), url=link),),) if link else ()
        shown = passage_message(citation, interface, keyboard)
        answer = quotation(citation).original.answer.text
        read = citation.translation.text if citation.translation else answer
        return InlineQueryResultArticle(
            id=self._conversation.references.link(citation),
            title=place(citation, interface),
            description=displayed(Marked(shortened(read, _LONGEST_DESCRIPTION))).text,
            input_message_content=content(shown),
            reply_markup=markup(shown.keyboard),
        )
