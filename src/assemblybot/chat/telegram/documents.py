"""Files and links that curators send in a private chat."""

from __future__ import annotations

import mimetypes
import re
from functools import partial
from pathlib import Path
from typing import Any, Final

import aiohttp
from telegram import Bot, Message, Update
from telegram.error import BadRequest, TelegramError
from telegram.ext import ContextTypes, MessageHandler, filters
from yarl import URL

from assemblybot.chat.fetching import (
    LARGEST_FILE,
    FetchError,
    Sent,
    check_size,
    download,
    is_readable,
    readable_name,
)
from assemblybot.chat.telegram.conversation import TelegramConversation
from assemblybot.chat.telegram.questions import Questions
from assemblybot.chat.telegram.sending import send, show_working
from assemblybot.render.telegram_lines import card_message

#: A message that is a link and nothing else.
_LINK: Final = re.compile(r"\A\s*https?://\S+\s*\Z")


class SentDocuments:
    """Handlers of what curators send; everybody else is dealt with as if there were none."""

    def __init__(self, conversation: TelegramConversation, questions: Questions) -> None:
        self._conversation = conversation
        self._questions = questions
        curators = filters.User([int(user) for user in conversation.documents.curators if user.isdecimal()])
        new = filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE & curators
        self.handlers: list[MessageHandler[ContextTypes.DEFAULT_TYPE, Any]] = [
            MessageHandler(new & filters.Document.ALL, self._on_file)
        ]
        if conversation.documents.links:
            self.handlers.append(MessageHandler(new & filters.Regex(_LINK), self._on_link))

    async def _on_file(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Preview a file; one that is not read, with words beside it, is a question."""
        message = update.effective_message
        document = message.document if message else None
        if message is None or document is None:
            return
        kind = mimetypes.guess_extension(document.mime_type or "") or ""
        name = document.file_name or f"document{kind}"
        if message.caption and not is_readable(name):
            await self._questions.on_message(update, context)
            return
        await self._offer(message, Sent(id=document.file_id, name=name, size=document.file_size))

    async def _on_link(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Preview the file that a link leads to."""
        message = update.effective_message
        if message and message.text:
            await self._offer(message, Sent(link=message.text.strip()))

    async def _offer(self, message: Message, sent: Sent) -> None:
        assert message.from_user
        await show_working(message, drafts=False)
        interface = await self._conversation.language(message.from_user)
        by = self._conversation.by(self._conversation.user(message.from_user), interface)
        card = await self._conversation.documents.offer(by, sent, partial(fetch_file, message.get_bot()))
        await send(card_message(card), to=message, reply=True)


async def fetch_file(bot: Bot, sent: Sent, folder: Path) -> Path:
    """Fetch a file from Telegram. Raises FetchError."""
    check_size(sent.size)
    target = folder / readable_name(sent.name)
    try:
        found = await bot.get_file(sent.id)
    except BadRequest as error:
        check_size(LARGEST_FILE + 1 if "too big" in error.message else None)
        raise FetchError("documents-not-fetched") from error
    except TelegramError as error:
        raise FetchError("documents-not-fetched") from error
    # Its address holds the token of the bot, and leads to where the settings say the Bot API is.
    async with aiohttp.ClientSession(trust_env=True) as session:
        await download(session, URL(found.file_path or ""), target, size=found.file_size)
    return target
