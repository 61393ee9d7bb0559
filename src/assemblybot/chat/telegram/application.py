"""The application of python-telegram-bot, and which handler gets which update."""

from __future__ import annotations

import logging
import re
from typing import Any, Final

from telegram import Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    InlineQueryHandler,
    MessageHandler,
    MessageReactionHandler,
    filters,
)

from assemblybot.chat.telegram.buttons import Buttons, Reactions
from assemblybot.chat.telegram.commands import Commands
from assemblybot.chat.telegram.conversation import TelegramConversation
from assemblybot.chat.telegram.documents import SentDocuments
from assemblybot.chat.telegram.inline import Inline
from assemblybot.chat.telegram.questions import Questions
from assemblybot.chat.telegram.requests import (
    RateLimiter,
    RedactedRequest,
    describe,
    quiet_libraries,
)
from assemblybot.errors import DeliveryLostError, SettingsError

_LOG = logging.getLogger(__name__)
_TOKEN: Final = re.compile(r"\d{5,}:[A-Za-z0-9_-]{30,}")
_CONNECTIONS: Final = 64

TelegramApplication = Application[Any, Any, Any, Any, Any, Any]


def check_token(token: str) -> str:
    """The token without blanks around it. Raises SettingsError, which does not repeat it."""
    token = token.strip()
    if not _TOKEN.fullmatch(token):
        raise SettingsError(
            "TELEGRAM_BOT_TOKEN does not look like a bot token (123456789:AA…). Copy it from @BotFather."
        )
    return token


def build_application(
    conversation: TelegramConversation,
    token: str,
    *,
    limiter: RateLimiter,
    base_url: str,
) -> TelegramApplication:
    """An application without updater and queue: `TelegramBot` hands it one update after another."""
    quiet_libraries()
    application: TelegramApplication = (
        Application.builder()
        .token(check_token(token))
        .base_url(base_url)
        .base_file_url(f"{base_url.removesuffix('bot')}file/bot")
        .request(RedactedRequest(_CONNECTIONS, read_timeout=20.0, connect_timeout=10.0, pool_timeout=30.0))
        .updater(None)
        .rate_limiter(limiter)
        .build()
    )
    _add_handlers(application, conversation)
    application.add_error_handler(_on_error)
    return application


def _add_handlers(application: TelegramApplication, conversation: TelegramConversation) -> None:
    questions = Questions(conversation)
    commands = Commands(conversation, questions)
    reactions = Reactions(conversation)
    new = filters.UpdateType.MESSAGE
    said = filters.UpdateType.MESSAGES | filters.UpdateType.GUEST_MESSAGE
    readable = filters.TEXT | filters.CAPTION
    # Not “all but what is known to be a service message”: Telegram adds new ones.
    content = (filters.ATTACHMENT | filters.CHECKLIST) & ~filters.SUCCESSFUL_PAYMENT & ~readable
    for name, handler in commands.handlers.items():
        application.add_handler(CommandHandler(name, handler, filters=new))
    application.add_handler(MessageHandler(new & filters.StatusUpdate.MIGRATE, reactions.on_migration))
    private = filters.ChatType.PRIVATE
    for sent in SentDocuments(conversation, questions).handlers:
        application.add_handler(sent)
    application.add_handler(MessageHandler(said & readable, questions.on_message))
    application.add_handler(MessageHandler(new & private & content, questions.on_other_content))
    application.add_handler(CallbackQueryHandler(Buttons(conversation, questions).on_press))
    application.add_handler(InlineQueryHandler(Inline(conversation).on_query))
    application.add_handler(MessageReactionHandler(reactions.on_reaction))
    application.add_handler(ChatMemberHandler(reactions.on_membership, ChatMemberHandler.MY_CHAT_MEMBER))


async def _on_error(update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
    """An update failed; say which kind of update and error, never what was in it."""
    if isinstance(context.error, DeliveryLostError):  # said where it was found out
        return
    kind = "update"
    if isinstance(update, Update):
        kind = next((name for name in update.to_dict() if name != "update_id"), kind)
    error = context.error
    _LOG.warning("A %s was not dealt with: %s", kind, describe(error) if error else "unknown")
