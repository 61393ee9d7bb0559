"""Which backend the settings ask for."""

from __future__ import annotations

from typing import Final

from assemblybot.session.base import SessionStore
from assemblybot.session.inbox import Inbox
from assemblybot.session.question_log import QuestionLog
from assemblybot.session.sqlite import SqliteStore
from assemblybot.session.sqlite_inbox import SqliteInbox
from assemblybot.settings import Settings

_DAY: Final = 24 * 3600.0


async def open_store(settings: Settings) -> SessionStore:
    """The session store in `STATE_DIR`. Raises SettingsError when it cannot be used."""
    return await SqliteStore.open(
        settings.state_dir / "session.sqlite3",
        limit=settings.rate_limit,
        retention=settings.retention_days * _DAY,
    )


async def open_inbox(settings: Settings) -> Inbox:
    """The inbox in `STATE_DIR`. Raises SettingsError when it cannot be used."""
    return await SqliteInbox.open(settings.state_dir / "inbox.sqlite3")


def open_question_log(settings: Settings) -> QuestionLog | None:
    """The question log, where one is asked for. Raises SettingsError when it cannot be written."""
    return QuestionLog(settings.question_log) if settings.question_log else None
