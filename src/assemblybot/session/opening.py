"""Which backend the settings ask for: Redis when there is a `REDIS_URL`, else files in `STATE_DIR`."""

from __future__ import annotations

from functools import partial
from typing import Final

from assemblybot.session.base import SessionStore
from assemblybot.session.identity import KEY_FILE, Pseudonyms
from assemblybot.session.inbox import Inbox
from assemblybot.session.question_log import QuestionLog
from assemblybot.session.sqlite import SqliteStore
from assemblybot.session.sqlite_inbox import SqliteInbox
from assemblybot.settings import Settings

_DAY: Final = 24 * 3600.0


async def open_store(settings: Settings) -> SessionStore:
    """The session store; opens also while Redis is away. Raises SettingsError when it cannot be used."""
    retention = settings.retention_days * _DAY
    if settings.redis_url is None:
        path = settings.state_dir / "session.sqlite3"
        return await SqliteStore.open(path, limit=settings.rate_limit, retention=retention)
    # Imported here: a bot without Redis does not pay for its client.
    from assemblybot.session.failover import FailoverStore
    from assemblybot.session.redis import RedisStore
    from assemblybot.session.redis_client import connect

    shared = RedisStore(
        connect(settings.redis_url),
        seal=Pseudonyms.from_file(settings.state_dir / KEY_FILE).seal,
        limit=settings.rate_limit,
        retention=retention,
    )
    open_local = partial(SqliteStore.open, limit=settings.rate_limit, retention=retention)
    return await FailoverStore.open(shared, open_local)


async def open_inbox(settings: Settings) -> Inbox:
    """The inbox; opens also while Redis is away. Raises SettingsError when it cannot be used."""
    path = settings.state_dir / "inbox.sqlite3"
    if settings.redis_url is None:
        return await SqliteInbox.open(path)
    from assemblybot.session.failover_inbox import FailoverInbox
    from assemblybot.session.redis_client import connect
    from assemblybot.session.redis_inbox import RedisInbox

    shared = RedisInbox(connect(settings.redis_url))
    return await FailoverInbox.open(shared, await SqliteInbox.open(path))


def open_question_log(settings: Settings, names: Pseudonyms) -> QuestionLog | None:
    """The question log, where one is asked for. Raises SettingsError when it cannot be written."""
    return QuestionLog(settings.question_log, names) if settings.question_log else None
