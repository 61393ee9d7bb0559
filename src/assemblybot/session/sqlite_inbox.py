"""The inbox of a single machine: one SQLite file that several processes may share, or memory."""

from __future__ import annotations

import secrets
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from assemblybot.session.base import SEEN_TTL
from assemblybot.session.database import IN_MEMORY, Database
from assemblybot.session.inbox import OWNER_TTL, Delivery, Reclaimed

# A delivery that is done keeps its key only.
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS deliveries (
    key TEXT PRIMARY KEY, platform TEXT NOT NULL, body TEXT, taken REAL NOT NULL,
    owner TEXT NOT NULL, state TEXT NOT NULL, until REAL NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS open_deliveries ON deliveries (platform, taken) WHERE state != 'done';
CREATE TABLE IF NOT EXISTS owners (owner TEXT PRIMARY KEY, until REAL NOT NULL) WITHOUT ROWID;
"""
_PURGE: Final = ("DELETE FROM deliveries WHERE until <= ?", "DELETE FROM owners WHERE until <= ?")
# Without `!= 'done'`, SQLite does not see that the index of open deliveries is enough.
_LEFT: Final = """platform = :platform AND state != 'done' AND state = :state AND owner != :me
    AND owner NOT IN (SELECT owner FROM owners WHERE until > :now)"""
_LET_GO: Final = f"UPDATE deliveries SET state = 'done', body = NULL WHERE {_LEFT}"  # noqa: S608 - all ours
_TAKE_OVER: Final = f"""UPDATE deliveries SET owner = :me
    WHERE key IN (SELECT key FROM deliveries WHERE {_LEFT} ORDER BY taken LIMIT :most)
    RETURNING platform, key, body, taken"""  # noqa: S608 - all ours


class SqliteInbox:
    """An `Inbox` on SQLite; use `SqliteInbox.open`."""

    degraded: Final = False

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock
        self._owner = secrets.token_hex(8)
        database.keep_purging(_PURGE, clock)

    @classmethod
    async def open(
        cls, path: Path | str = IN_MEMORY, *, clock: Callable[[], float] = time.time
    ) -> SqliteInbox:
        """Open or create the file (mode 0600) as a new owner. Raises SettingsError."""
        inbox = cls(await Database.open(path, _prepare), clock)
        await inbox.beat()
        return inbox

    async def put(self, delivery: Delivery) -> bool:
        """See `Inbox.put`; one statement, so of two processes one is told True."""
        now = self._clock()
        written = await self._database.change_soon(
            "INSERT INTO deliveries VALUES (?1, ?2, ?3, ?4, ?5, 'taken', ?6) ON CONFLICT (key) DO UPDATE"
            " SET platform = ?2, body = ?3, taken = ?4, owner = ?5, state = 'taken', until = ?6"
            " WHERE until <= ?7",
            delivery.key,
            delivery.platform,
            delivery.body,
            delivery.taken,
            self._owner,
            now + SEEN_TTL,
            now,
        )
        return written == 1

    async def sending(self, key: str) -> bool:
        """See `Inbox.sending`."""
        written = await self._database.change(
            "UPDATE deliveries SET state = 'sending' WHERE key = ? AND owner = ? AND state != 'done'",
            key,
            self._owner,
        )
        return written == 1

    async def done(self, key: str) -> None:
        """See `Inbox.done`."""
        await self._database.change(
            "UPDATE deliveries SET state = 'done', body = NULL WHERE key = ? AND owner = ?", key, self._owner
        )

    async def reclaim(self, platform: str, most: int = 100) -> Reclaimed:
        """See `Inbox.reclaim`."""
        known = {"platform": platform, "me": self._owner, "now": self._clock(), "most": most}

        def take(connection: sqlite3.Connection) -> Reclaimed:
            unsure = connection.execute(_LET_GO, known | {"state": "sending"}).rowcount
            left = connection.execute(_TAKE_OVER, known | {"state": "taken"}).fetchall()
            found = sorted((Delivery(*row) for row in left), key=lambda delivery: delivery.taken)
            return Reclaimed(tuple(found), unsure)

        return await self._database.run(take)

    async def beat(self) -> None:
        """See `Inbox.beat`."""
        await self._database.change_soon(
            "REPLACE INTO owners VALUES (?, ?)", self._owner, self._clock() + OWNER_TTL
        )

    async def purge(self) -> None:
        """Delete what has expired, and every trace of what is done; runs by itself every minute."""
        await self._database.purge(_PURGE, self._clock())

    async def close(self) -> None:
        """See `Inbox.close`."""
        await self._database.close()


def _prepare(connection: sqlite3.Connection) -> None:
    connection.executescript(_SCHEMA)
