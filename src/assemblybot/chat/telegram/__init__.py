"""The Telegram bot: long polling here, webhooks through `build_application` in the service."""

from assemblybot.chat.telegram.application import build_application, check_token
from assemblybot.chat.telegram.polling import Poller
from assemblybot.chat.telegram.run import run_polling

__all__ = ["Poller", "build_application", "check_token", "run_polling"]
