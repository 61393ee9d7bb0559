"""Session state and inbox in SQLite files, or in memory: the backend of a single machine.

Several processes may share the files; each keeps its own rate limits.
"""

from __future__ import annotations

import secrets
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from assemblybot.session.base import RETENTION, SEEN_TTL, LimitedStore, Throttle, UserKey
from assemblybot.session.database import IN_MEMORY, Database
from assemblybot.session.inbox import MOST_RECLAIMED, OWNER_TTL, Delivery, Inbox, Reclaimed
from assemblybot.settings import RATE_LIMIT

_STORE: Final = """
CREATE TABLE IF NOT EXISTS seen (
    key TEXT PRIMARY KEY, until REAL NOT NULL, by TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS notes (
    key TEXT PRIMARY KEY, value TEXT NOT NULL, until REAL NOT NULL, user TEXT) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS notes_of_user ON notes (user);
"""
_PURGE_STORE: Final = ("DELETE FROM seen WHERE until <= ?", "DELETE FROM notes WHERE until <= ?")

# A delivery that is done keeps its key only.
_INBOX: Final = """
CREATE TABLE IF NOT EXISTS deliveries (
    key TEXT PRIMARY KEY, platform TEXT NOT NULL, body TEXT, taken REAL NOT NULL,
    owner TEXT NOT NULL, state TEXT NOT NULL, until REAL NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS open_deliveries ON deliveries (platform, taken) WHERE state != 'done';
CREATE TABLE IF NOT EXISTS owners (owner TEXT PRIMARY KEY, until REAL NOT NULL) WITHOUT ROWID;
"""
_PURGE_INBOX: Final = ("DELETE FROM deliveries WHERE until <= ?", "DELETE FROM owners WHERE until <= ?")
# Without `!= 'done'`, SQLite does not see that the index of open deliveries is enough.
_LEFT: Final = """platform = :platform AND state != 'done' AND state = :state AND owner != :me
    AND owner NOT IN (SELECT owner FROM owners WHERE until > :now)"""
_LET_GO: Final = f"UPDATE deliveries SET state = 'done', body = NULL WHERE {_LEFT}"  # noqa: S608 - all ours
_TAKE_OVER: Final = f"""UPDATE deliveries SET owner = :me
    WHERE key IN (SELECT key FROM deliveries WHERE {_LEFT} ORDER BY taken LIMIT :most)
    RETURNING platform, key, body, taken"""  # noqa: S608 - all ours


class SqliteStore(LimitedStore):
    """A `SessionStore` on SQLite; use `SqliteStore.open`."""

    database: Database

    @classmethod
    async def open(
        cls,
        path: Path | str = IN_MEMORY,
        *,
        limit: str = RATE_LIMIT,
        retention: float = RETENTION,
        clock: Callable[[], float] = time.time,
    ) -> SqliteStore:
        """Open or create the file (mode 0600); preferences and ratings live `retention` seconds.

        Raises SettingsError when the file or the limit cannot be used.
        """
        store = cls(Throttle(limit), retention, clock)
        store.database = await Database.open(path, _STORE, _PURGE_STORE, clock)
        return store

    async def first_seen(self, key: str, ttl: float, by: str = "") -> bool:
        """One statement, so two processes cannot both be first."""
        now = self._clock()
        written = await self.database.change(
            "INSERT INTO seen VALUES (?1, ?2, ?3) ON CONFLICT (key) DO UPDATE SET until = ?2, by = ?3"
            " WHERE until <= ?4 OR (by = ?3 AND by != '')",
            *(key, now + ttl, by, now),
        )
        return written == 1

    async def note(self, key: str, value: str | None, ttl: float, *, user: UserKey | None = None) -> None:
        if value is None:
            await self.database.change("DELETE FROM notes WHERE key = ?", key)
        else:
            until = self._clock() + ttl
            await self.database.change("REPLACE INTO notes VALUES (?, ?, ?, ?)", key, value, until, user)

    async def noted(self, key: str) -> str | None:
        query = "SELECT value FROM notes WHERE key = ? AND until > ?"
        rows = await self.database.rows(query, key, self._clock())
        return rows[0][0] if rows else None

    async def notes(self, prefix: str) -> dict[str, str]:
        query = "SELECT key, value FROM notes WHERE key BETWEEN ?1 AND ?1 || char(0x10ffff) AND until > ?2"
        return {key: str(value) for key, value in await self.database.rows(query, prefix, self._clock())}

    async def forget(self, user: UserKey) -> None:
        """The bytes leave the file and its log too."""
        await self.database.change("DELETE FROM notes WHERE user = ?", user)
        await self.database.empty_log()
        await self._throttle.forget(user)

    async def clear(self) -> None:
        """Delete every note and first sight; limits stay counted."""

        def delete(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM seen")
            connection.execute("DELETE FROM notes")

        await self.database.run(delete)

    async def close(self) -> None:
        await self.database.close()


class SqliteInbox(Inbox):
    """An `Inbox` on SQLite; use `SqliteInbox.open`."""

    degraded: Final = False

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self.database = database
        self._clock = clock
        self._owner = secrets.token_hex(8)

    @classmethod
    async def open(
        cls, path: Path | str = IN_MEMORY, *, clock: Callable[[], float] = time.time
    ) -> SqliteInbox:
        """Open or create the file (mode 0600) as a new owner. Raises SettingsError."""
        inbox = cls(await Database.open(path, _INBOX, _PURGE_INBOX, clock), clock)
        await inbox.heartbeat()
        return inbox

    async def put(self, delivery: Delivery) -> bool:
        """One statement, so of two processes one is told True."""
        now = self._clock()
        written = await self.database.change_soon(
            "INSERT INTO deliveries VALUES (?1, ?2, ?3, ?4, ?5, 'taken', ?6) ON CONFLICT (key) DO UPDATE"
            " SET platform = ?2, body = ?3, taken = ?4, owner = ?5, state = 'taken', until = ?6"
            " WHERE until <= ?7",
            *(delivery.key, delivery.platform, delivery.body, delivery.taken),
            *(self._owner, now + SEEN_TTL, now),
        )
        return written == 1

    async def sending(self, key: str) -> bool:
        statement = "UPDATE deliveries SET state = 'sending' WHERE key = ? AND owner = ? AND state != 'done'"
        return await self.database.change(statement, key, self._owner) == 1

    async def done(self, key: str) -> None:
        statement = "UPDATE deliveries SET state = 'done', body = NULL WHERE key = ? AND owner = ?"
        await self.database.change(statement, key, self._owner)

    async def reclaim(self, platform: str, most: int = MOST_RECLAIMED) -> Reclaimed:
        values = {"platform": platform, "me": self._owner, "now": self._clock(), "most": most}

        def take_over(connection: sqlite3.Connection) -> Reclaimed:
            in_doubt = connection.execute(_LET_GO, values | {"state": "sending"}).rowcount
            taken = connection.execute(_TAKE_OVER, values | {"state": "taken"}).fetchall()
            return Reclaimed.of((Delivery(*row) for row in taken), in_doubt)

        return await self.database.run(take_over)

    async def heartbeat(self) -> None:
        until = self._clock() + OWNER_TTL
        await self.database.change_soon("REPLACE INTO owners VALUES (?, ?)", self._owner, until)

    async def close(self) -> None:
        await self.database.close()
