"""The Telegram bot, and its two entrances: long polling and the webhook."""

from assemblybot.chat.telegram.application import check_token
from assemblybot.chat.telegram.bot import TelegramBot
from assemblybot.chat.telegram.floor import Floor
from assemblybot.chat.telegram.incoming import Incoming
from assemblybot.chat.telegram.polling import Poller
from assemblybot.chat.telegram.webhook import Webhook

__all__ = ["Floor", "Incoming", "Poller", "TelegramBot", "Webhook", "check_token"]
