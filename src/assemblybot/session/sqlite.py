"""Session state in one SQLite file, or in memory: the backend of a single machine.

Several processes may share the file; each keeps its own rate limits.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from assemblybot.session.base import RETENTION, SessionStore, UserKey
from assemblybot.session.database import IN_MEMORY, Database
from assemblybot.session.throttle import DEFAULT_LIMIT, Throttle

_VERSION: Final = 4
_SCHEMA: Final = (
    "CREATE TABLE IF NOT EXISTS seen"
    " (key TEXT PRIMARY KEY, until REAL NOT NULL, by TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS notes"
    " (key TEXT PRIMARY KEY, value TEXT NOT NULL, until REAL NOT NULL, user TEXT) WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS notes_of_user ON notes (user)",
)
_PURGE: Final = ("DELETE FROM seen WHERE until <= ?", "DELETE FROM notes WHERE until <= ?")
# What had tables of its own before version 4, as notes.
_PREFERENCES: Final = (
    "REPLACE INTO notes SELECT 'preference:' || user || ':' || name, value, until, user FROM preferences"
)
_FEEDBACK: Final = (
    "REPLACE INTO notes SELECT 'feedback:' || answer || ':' || user,"
    " CASE WHEN value > 0 THEN 'helpful' ELSE coalesce(reason, 'not-helpful') END, until, user FROM feedback"
)


class SqliteStore(SessionStore):
    """A `SessionStore` on SQLite; use `SqliteStore.open`."""

    degraded: Final = False

    def __init__(
        self, database: Database, throttle: Throttle, retention: float, clock: Callable[[], float]
    ) -> None:
        self._database = database
        self._throttle = throttle
        self.retention = retention
        self._clock = clock
        database.keep_purging(_PURGE, clock)

    @classmethod
    async def open(
        cls,
        path: Path | str = IN_MEMORY,
        *,
        limit: str = DEFAULT_LIMIT,
        retention: float = RETENTION,
        clock: Callable[[], float] = time.time,
    ) -> SqliteStore:
        """Open or create the file (mode 0600); preferences and ratings live `retention` seconds.

        Raises SettingsError when the file or the limit cannot be used.
        """
        throttle = Throttle(limit)
        return cls(await Database.open(path, _prepare), throttle, retention, clock)

    async def first_seen(self, key: str, ttl: float, by: str = "") -> bool:
        """See `SessionStore.first_seen`; one statement, so two processes cannot both be first."""
        now = self._clock()
        written = await self._database.change(
            "INSERT INTO seen VALUES (?1, ?2, ?3) ON CONFLICT (key) DO UPDATE SET until = ?2, by = ?3"
            " WHERE until <= ?4 OR (by = ?3 AND by != '')",
            key,
            now + ttl,
            by,
            now,
        )
        return written == 1

    async def note(self, key: str, value: str | None, ttl: float, *, user: UserKey | None = None) -> None:
        """See `SessionStore.note`."""
        if value is None:
            await self._database.change("DELETE FROM notes WHERE key = ?", key)
        else:
            until = self._clock() + ttl
            await self._database.change("REPLACE INTO notes VALUES (?, ?, ?, ?)", key, value, until, user)

    async def noted(self, key: str) -> str | None:
        """See `SessionStore.noted`."""
        return await self._database.one(
            "SELECT value FROM notes WHERE key = ? AND until > ?", key, self._clock()
        )

    async def notes(self, prefix: str) -> dict[str, str]:
        """See `SessionStore.notes`."""
        query = "SELECT key, value FROM notes WHERE key BETWEEN ?1 AND ?1 || char(0x10ffff) AND until > ?2"
        return {key: str(value) for key, value in await self._database.rows(query, prefix, self._clock())}

    async def allow(self, user: UserKey) -> float:
        """See `SessionStore.allow`."""
        return await self._throttle.allow(user)

    async def forget(self, user: UserKey) -> None:
        """See `SessionStore.forget`; the bytes leave the file and its log too."""
        await self._database.change("DELETE FROM notes WHERE user = ?", user)
        await self._database.empty_log()
        await self._throttle.forget(user)

    async def close(self) -> None:
        """See `SessionStore.close`."""
        await self._database.close()

    async def purge(self) -> None:
        """Delete what has expired; runs by itself every minute."""
        await self._database.purge(_PURGE, self._clock())


def _prepare(connection: sqlite3.Connection) -> None:
    """Create the tables, or bring those of an earlier version up to date."""
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version < 2:  # it knew no `by`
            connection.execute("DROP TABLE IF EXISTS seen")
        for statement in _SCHEMA:
            connection.execute(statement)
        if version < _VERSION:
            _bring_up_to_date(connection, version)
            connection.execute(f"PRAGMA user_version = {_VERSION}")


def _bring_up_to_date(connection: sqlite3.Connection, version: int) -> None:
    old = "SELECT name FROM sqlite_master WHERE name IN ('preferences', 'feedback')"
    for (table,) in connection.execute(old).fetchall():
        if version < 2:  # it kept preferences and ratings for ever
            until = time.time() + RETENTION
            connection.execute(f"ALTER TABLE {table} ADD COLUMN until REAL NOT NULL DEFAULT {until}")
        if version < 3 and table == "feedback":
            connection.execute("ALTER TABLE feedback ADD COLUMN reason TEXT")
        connection.execute(_FEEDBACK if table == "feedback" else _PREFERENCES)
        connection.execute(f"DROP TABLE {table}")
