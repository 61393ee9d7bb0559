"""Files and links that curators send in a private chat, and their buttons."""

from __future__ import annotations

import mimetypes
import re
from pathlib import Path
from typing import Final

import aiohttp
from telegram import Bot, Document, Message, Update
from telegram.error import BadRequest, TelegramError
from telegram.ext import ContextTypes, filters
from yarl import URL

from assemblybot.chat.documents import By, Fetch, Sent
from assemblybot.chat.fetching import (
    LARGEST_FILE,
    FetchError,
    check_size,
    download,
    is_readable,
    readable_name,
)
from assemblybot.chat.telegram.addressing import Speaker
from assemblybot.chat.telegram.conversation import TelegramConversation
from assemblybot.chat.telegram.incoming import PLATFORM
from assemblybot.chat.telegram.questions import Questions
from assemblybot.chat.telegram.sending import send, show_working
from assemblybot.render.telegram_lines import card_message
from assemblybot.render.telegram_text import TelegramMessage

_LINK: Final = re.compile(r"\s*https?://\S+\s*")


class SentDocuments:
    """Handlers of what curators send; everybody else is dealt with as if there were none."""

    def __init__(self, conversation: TelegramConversation, questions: Questions) -> None:
        self._conversation = conversation
        self._questions = questions
        curator = _FromCurator(self)
        #: Messages that hold a file, or nothing but a link.
        self.files = filters.Document.ALL & curator
        self.links = filters.TEXT & curator & _Links(conversation)

    def is_curator(self, user: int) -> bool:
        """Whether the person with that id may change documents."""
        return self._conversation.documents is not None and self._conversation.documents.is_curator(user)

    async def on_file(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Preview a file; one that is not read, with words beside it, is a question."""
        message = update.effective_message
        document = message.document if message else None
        if message is None or document is None:
            return
        name = _name(document)
        if message.caption and not is_readable(name):
            await self._questions.on_message(update, context)
            return
        await self._offer(context.bot, message, Sent(id=document.file_id, name=name, size=document.file_size))

    async def on_link(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Preview the file that a link leads to."""
        message = update.effective_message
        if message and message.text:
            await self._offer(context.bot, message, Sent(link=message.text.strip()))

    async def press(self, bot: Bot, speaker: Speaker, data: str) -> TelegramMessage | None:
        """What the message under a button of a curator shows now; `None` where it stays as it is."""
        assert self._conversation.documents
        card = await self._conversation.documents.press(await self._by(speaker), data, _fetching(bot))
        return card_message(card) if card else None

    async def listing(self, speaker: Speaker, words: str) -> TelegramMessage:
        """The documents whose titles or ids hold `words`, for a curator."""
        assert self._conversation.documents
        return card_message(await self._conversation.documents.listing(await self._by(speaker), words))

    async def _offer(self, bot: Bot, message: Message, sent: Sent) -> None:
        assert self._conversation.documents
        assert message.from_user
        await show_working(bot, message, drafts=False)
        by = await self._by(message.from_user)
        card = await self._conversation.documents.offer(by, sent, _fetching(bot))
        await send(bot, card_message(card), to=message, reply=True)

    async def _by(self, speaker: Speaker) -> By:
        language = await self._conversation.interface(speaker)
        return By(PLATFORM, self._conversation.user(speaker), language, self._conversation.queue.collection)


class _FromCurator(filters.MessageFilter):
    """Matches what a curator writes in their own name."""

    def __init__(self, documents: SentDocuments) -> None:
        super().__init__()
        self._documents = documents

    def filter(self, message: Message) -> bool:
        """See `MessageFilter.filter`."""
        user = message.from_user
        return bool(user and not message.sender_chat and self._documents.is_curator(user.id))


class _Links(filters.MessageFilter):
    """A link and nothing else, where links are followed."""

    def __init__(self, conversation: TelegramConversation) -> None:
        super().__init__()
        self._conversation = conversation

    def filter(self, message: Message) -> bool:
        """See `MessageFilter.filter`."""
        follows = self._conversation.documents and self._conversation.documents.links
        return bool(follows and _LINK.fullmatch(message.text or ""))


def _name(document: Document) -> str:
    return document.file_name or f"document{mimetypes.guess_extension(document.mime_type or '') or ''}"


def _fetching(bot: Bot) -> Fetch:
    """Fetches from Telegram, by the id of a file."""

    async def fetch(sent: Sent, folder: Path) -> Path:
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

    return fetch
