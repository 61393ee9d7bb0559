"""Session state in one SQLite file, or in memory: the backend of a single machine.

Several processes may share the file; each keeps its own rate limits.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from assemblybot.session.base import RETENTION, Feedback, Reason, SessionStore, UserKey
from assemblybot.session.database import IN_MEMORY, Database
from assemblybot.session.throttle import DEFAULT_LIMIT, Throttle

_VERSION: Final = 3
_SCHEMA: Final = (
    "CREATE TABLE IF NOT EXISTS seen"
    " (key TEXT PRIMARY KEY, until REAL NOT NULL, by TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS notes"
    " (key TEXT PRIMARY KEY, value TEXT NOT NULL, until REAL NOT NULL, user TEXT) WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS notes_of_user ON notes (user)",
    "CREATE TABLE IF NOT EXISTS preferences (user TEXT, name TEXT, value TEXT NOT NULL,"
    " until REAL NOT NULL, PRIMARY KEY (user, name)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS feedback (answer TEXT, user TEXT, value INTEGER NOT NULL,"
    " until REAL NOT NULL, reason TEXT, PRIMARY KEY (answer, user)) WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS feedback_of_user ON feedback (user)",
)
_FORGET: Final = (
    "DELETE FROM notes WHERE user = ?",
    "DELETE FROM preferences WHERE user = ?",
    "DELETE FROM feedback WHERE user = ?",
)
_PURGE: Final = tuple(
    f"DELETE FROM {table} WHERE until <= ?"  # noqa: S608 - the names stand here
    for table in ("seen", "notes", "preferences", "feedback")
)


class SqliteStore(SessionStore):
    """A `SessionStore` on SQLite; use `SqliteStore.open`."""

    degraded: Final = False

    def __init__(
        self, database: Database, throttle: Throttle, retention: float, clock: Callable[[], float]
    ) -> None:
        self._database = database
        self._throttle = throttle
        self._retention = retention
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

    async def note(self, key: str, value: str, ttl: float, *, user: UserKey | None = None) -> None:
        """See `SessionStore.note`."""
        until = self._clock() + ttl
        await self._database.change("REPLACE INTO notes VALUES (?, ?, ?, ?)", key, value, until, user)

    async def noted(self, key: str) -> str | None:
        """See `SessionStore.noted`."""
        return await self._database.one(
            "SELECT value FROM notes WHERE key = ? AND until > ?", key, self._clock()
        )

    async def allow(self, user: UserKey) -> float:
        """See `SessionStore.allow`."""
        return await self._throttle.allow(user)

    async def record_feedback(
        self, answer: str, user: UserKey, value: int, reason: Reason | None = None
    ) -> None:
        """See `SessionStore.record_feedback`."""
        if value == 0:
            await self._database.change("DELETE FROM feedback WHERE answer = ? AND user = ?", answer, user)
        else:
            rating, until = (1 if value > 0 else -1), self._clock() + self._retention
            await self._database.change(
                "REPLACE INTO feedback VALUES (?, ?, ?, ?, ?)", answer, user, rating, until, reason
            )

    async def feedback(self, answer: str) -> Feedback:
        """See `SessionStore.feedback`."""
        return (await self._ratings("answer = ? AND until > ?", answer, self._clock())).get(
            answer, Feedback()
        )

    async def ratings(self) -> dict[str, Feedback]:
        """See `SessionStore.ratings`."""
        return await self._ratings("until > ?", self._clock())

    async def _ratings(self, which: str, *values: str | float) -> dict[str, Feedback]:
        counts = f"SELECT answer, value, reason, count(*) FROM feedback WHERE {which} GROUP BY 1, 2, 3"  # noqa: S608 - `which` stands above
        found: dict[str, Feedback] = {}
        for answer, value, reason, count in await self._database.rows(counts, *values):
            before, number = found.get(answer, Feedback()), int(count)
            if int(value) > 0:
                found[answer] = replace(before, helpful=before.helpful + number)
                continue
            reasons = {**before.reasons, Reason(reason): number} if reason else before.reasons
            found[answer] = replace(before, not_helpful=before.not_helpful + number, reasons=reasons)
        return found

    async def get_preference(self, user: UserKey, name: str) -> str | None:
        """See `SessionStore.get_preference`."""
        return await self._database.one(
            "SELECT value FROM preferences WHERE user = ? AND name = ? AND until > ?",
            user,
            name,
            self._clock(),
        )

    async def set_preference(self, user: UserKey, name: str, value: str | None) -> None:
        """See `SessionStore.set_preference`."""
        if value is None:
            await self._database.change("DELETE FROM preferences WHERE user = ? AND name = ?", user, name)
        else:
            until = self._clock() + self._retention
            await self._database.change(
                "REPLACE INTO preferences VALUES (?, ?, ?, ?)", user, name, value, until
            )

    async def forget(self, user: UserKey) -> None:
        """See `SessionStore.forget`; the bytes leave the file and its log too."""

        def delete(connection: sqlite3.Connection) -> None:
            for statement in _FORGET:
                connection.execute(statement, (user,))

        await self._database.run(delete)
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
        if version < _VERSION:
            _bring_up_to_date(connection, version)
            connection.execute(f"PRAGMA user_version = {_VERSION}")
        for statement in _SCHEMA:
            connection.execute(statement)


def _bring_up_to_date(connection: sqlite3.Connection, version: int) -> None:
    old = "SELECT name FROM sqlite_master WHERE name IN ('preferences', 'feedback')"
    tables = [table for (table,) in connection.execute(old).fetchall()]
    if version < 2:
        # It knew no `by`, and kept preferences and ratings for ever.
        connection.execute("DROP TABLE IF EXISTS seen")
        until = time.time() + RETENTION
        for table in tables:
            connection.execute(f"ALTER TABLE {table} ADD COLUMN until REAL NOT NULL DEFAULT {until}")
    if "feedback" in tables:
        connection.execute("ALTER TABLE feedback ADD COLUMN reason TEXT")
