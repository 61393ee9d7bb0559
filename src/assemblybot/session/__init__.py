"""What is remembered between two messages: one protocol, and a backend for each way to run.

Everything is kept under pseudonyms (`identity`), expires by itself, and goes when asked to. The settings
choose the backend: Redis where there is a `REDIS_URL`, else files in `STATE_DIR`.
"""

from __future__ import annotations

from assemblybot.session.base import DAY, ConversationKey, Feedback, SessionStore, UserKey
from assemblybot.session.identity import KEY_FILE, Pseudonyms
from assemblybot.session.inbox import Inbox
from assemblybot.session.question_log import QuestionLog
from assemblybot.session.sqlite import SqliteInbox, SqliteStore
from assemblybot.settings import Settings

__all__ = [
    "ConversationKey",
    "Feedback",
    "Pseudonyms",
    "SessionStore",
    "SqliteInbox",
    "SqliteStore",
    "UserKey",
    "open_inbox",
    "open_question_log",
    "open_store",
]


async def open_store(settings: Settings) -> SessionStore:
    """The session store; opens also while Redis is away. Raises SettingsError when it cannot be used."""
    limit, retention = settings.rate_limit, settings.retention_days * DAY
    if settings.redis_url is None:
        path = settings.state_dir / "session.sqlite3"
        return await SqliteStore.open(path, limit=limit, retention=retention)
    # Imported here: a bot without Redis does not pay for its client.
    from assemblybot.session.failover import FailoverStore
    from assemblybot.session.redis import RedisStore, connect

    cipher = Pseudonyms.from_file(settings.state_dir / KEY_FILE).cipher
    shared = RedisStore(connect(settings.redis_url), cipher=cipher, limit=limit, retention=retention)
    return await FailoverStore.open(shared, await SqliteStore.open(limit=limit, retention=retention))


async def open_inbox(settings: Settings) -> Inbox:
    """The inbox; opens also while Redis is away. Raises SettingsError when it cannot be used."""
    path = settings.state_dir / "inbox.sqlite3"
    if settings.redis_url is None:
        return await SqliteInbox.open(path)
    from assemblybot.session.failover import FailoverInbox
    from assemblybot.session.redis import RedisInbox, connect

    shared = RedisInbox(connect(settings.redis_url))
    return await FailoverInbox.open(shared, await SqliteInbox.open(path))


def open_question_log(settings: Settings, names: Pseudonyms) -> QuestionLog | None:
    """The question log, where one is asked for. Raises SettingsError when it cannot be written."""
    return QuestionLog(settings.question_log, names) if settings.question_log else None
