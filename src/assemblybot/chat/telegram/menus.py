"""Command menus and descriptions in every language, set when they have changed."""

from __future__ import annotations

import hashlib
import logging
from typing import Final

from telegram import Bot, BotCommand, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats
from telegram.error import TelegramError

from assemblybot.chat.telegram.conversation import TelegramConversation
from assemblybot.chat.telegram.incoming import PLATFORM
from assemblybot.chat.telegram.redaction import describe
from assemblybot.messages import say
from assemblybot.text.language import INTERFACE_LANGUAGES, InterfaceLanguage

_LOG = logging.getLogger(__name__)
_PRIVATE: Final = ("ask", "sources", "lang", "context", "privacy", "forget", "help")
_GROUP: Final = ("ask", "sources", "help")
_COLLECTION: Final = ("collection",)
_LANGUAGES: Final[tuple[InterfaceLanguage | None, ...]] = (None, *INTERFACE_LANGUAGES)
_CHECKED: Final = 30 * 24 * 3600.0


async def set_menus(bot: Bot, conversation: TelegramConversation) -> None:
    """Set menus and descriptions, unless these were set before; a failure is only logged.

    Telegram allows few of these calls, so what was set is noted for a month.
    """
    note = f"{PLATFORM}:menus:{bot.id}"
    more = _COLLECTION if len(conversation.queue.collections) > 1 else ()
    version = _version(more)
    if await conversation.store.noted(note) == version:
        return
    try:
        for code in _LANGUAGES:
            await _set(bot, code, more)
    except TelegramError as error:
        _LOG.warning("The command menus were not set: %s", describe(error))
        return
    await conversation.store.note(note, version, _CHECKED)


async def _set(bot: Bot, code: InterfaceLanguage | None, more: tuple[str, ...]) -> None:
    """`None` is what a client in any other language shows; `more` are commands beside those of every bot."""
    language: InterfaceLanguage = code or "en"
    scopes = (BotCommandScopeAllPrivateChats(), _PRIVATE), (BotCommandScopeAllGroupChats(), _GROUP)
    for scope, names in scopes:
        await bot.set_my_commands(_commands(language, names + more), scope=scope, language_code=code)
    await bot.set_my_description(say(language, "telegram-description"), language_code=code)
    await bot.set_my_short_description(say(language, "telegram-short-description"), language_code=code)


def _commands(language: InterfaceLanguage, names: tuple[str, ...]) -> list[BotCommand]:
    return [BotCommand(name, say(language, f"telegram-command-{name}")) for name in names]


def _version(more: tuple[str, ...]) -> str:
    """Changes whenever a menu or description does."""
    keys = [f"telegram-command-{name}" for name in _PRIVATE + more]
    keys += ["telegram-description", "telegram-short-description"]
    text = "\n".join(say(language, key) for language in INTERFACE_LANGUAGES for key in keys)
    return hashlib.sha256("\n".join((*_GROUP, text)).encode()).hexdigest()
