"""The Telegram bot, and its two transports: long polling and the webhook."""

from assemblybot.chat.telegram.application import check_token
from assemblybot.chat.telegram.bot import TelegramBot
from assemblybot.chat.telegram.conversation import TelegramConversation
from assemblybot.chat.telegram.incoming import Incoming
from assemblybot.chat.telegram.transports import Poller, Webhook

__all__ = ["Incoming", "Poller", "TelegramBot", "TelegramConversation", "Webhook", "check_token"]
