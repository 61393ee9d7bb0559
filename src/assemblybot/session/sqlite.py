"""Session state in one SQLite file, or in memory: the backend of a single machine.

Several processes may share the file (WAL); each keeps its own rate limits. Every statement runs
on one worker thread, so an event loop never waits for the disk.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, TypeVar

from assemblybot.answering.answer import Context
from assemblybot.errors import SettingsError
from assemblybot.session.base import ConversationKey, Feedback, UserKey, context_from_json, context_to_json
from assemblybot.session.throttle import DEFAULT_LIMIT, Throttle

_T = TypeVar("_T")
IN_MEMORY: Final = ":memory:"
_PURGE_EVERY: Final = 60.0
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS seen (key TEXT PRIMARY KEY, until REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS notes (
    key TEXT PRIMARY KEY, value TEXT NOT NULL, until REAL NOT NULL, user TEXT) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS notes_of_user ON notes (user);
CREATE TABLE IF NOT EXISTS preferences (
    user TEXT, name TEXT, value TEXT NOT NULL, PRIMARY KEY (user, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS feedback (
    answer TEXT, user TEXT, value INTEGER NOT NULL, PRIMARY KEY (answer, user)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS feedback_of_user ON feedback (user);
"""
_FORGET: Final = (
    "DELETE FROM notes WHERE user = ?",
    "DELETE FROM preferences WHERE user = ?",
    "DELETE FROM feedback WHERE user = ?",
)
_PURGE: Final = ("DELETE FROM seen WHERE until <= ?", "DELETE FROM notes WHERE until <= ?")


class SqliteStore:
    """A `SessionStore` on SQLite; use `SqliteStore.open`."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        worker: ThreadPoolExecutor,
        limit: str,
        clock: Callable[[], float],
    ) -> None:
        self._db = connection
        self._worker = worker
        self._throttle = Throttle(limit)
        self._clock = clock
        self._purging = asyncio.create_task(self._purge_forever())
        self._closed = False

    @classmethod
    async def open(
        cls,
        path: Path | str = IN_MEMORY,
        *,
        limit: str = DEFAULT_LIMIT,
        clock: Callable[[], float] = time.time,
    ) -> SqliteStore:
        """Open or create the file (mode 0600). Raises SettingsError when that cannot be done."""
        worker = ThreadPoolExecutor(1, thread_name_prefix="session")
        try:
            connection = await asyncio.get_running_loop().run_in_executor(worker, _connect, path)
            return cls(connection, worker, limit, clock)
        except (sqlite3.Error, OSError) as error:
            worker.shutdown()
            raise SettingsError(f"The session file {path} cannot be used: {error}.") from error

    async def first_seen(self, key: str, ttl: float) -> bool:
        """See `SessionStore.first_seen`; one statement, so two processes cannot both be first."""
        now = self._clock()
        return await self._run(
            lambda: (
                self._db.execute(
                    "INSERT INTO seen VALUES (?1, ?2) ON CONFLICT (key)"
                    " DO UPDATE SET until = ?2 WHERE until <= ?3",
                    (key, now + ttl, now),
                ).rowcount
                == 1
            )
        )

    async def remember(
        self, conversation: ConversationKey, context: Context, ttl: float, *, user: UserKey
    ) -> None:
        """See `SessionStore.remember`."""
        await self.note(f"context:{conversation}", context_to_json(context), ttl, user=user)

    async def recall(self, conversation: ConversationKey) -> Context | None:
        """See `SessionStore.recall`."""
        kept = await self.noted(f"context:{conversation}")
        return context_from_json(kept) if kept else None

    async def note(self, key: str, value: str, ttl: float, *, user: UserKey | None = None) -> None:
        """See `SessionStore.note`."""
        until = self._clock() + ttl
        await self._run(
            lambda: self._db.execute("REPLACE INTO notes VALUES (?, ?, ?, ?)", (key, value, until, user))
        )

    async def noted(self, key: str) -> str | None:
        """See `SessionStore.noted`."""
        now = self._clock()
        return await self._one("SELECT value FROM notes WHERE key = ? AND until > ?", key, now)

    async def allow(self, user: UserKey) -> float:
        """See `SessionStore.allow`."""
        return await self._throttle.allow(user)

    async def record_feedback(self, answer: str, user: UserKey, value: int) -> None:
        """See `SessionStore.record_feedback`."""
        if value == 0:
            statement, row = "DELETE FROM feedback WHERE answer = ? AND user = ?", (answer, user)
            await self._run(lambda: self._db.execute(statement, row))
        else:
            rating = (answer, user, 1 if value > 0 else -1)
            await self._run(lambda: self._db.execute("REPLACE INTO feedback VALUES (?, ?, ?)", rating))

    async def feedback(self, answer: str) -> Feedback:
        """See `SessionStore.feedback`."""
        counts = "SELECT ifnull(sum(value > 0), 0), ifnull(sum(value < 0), 0) FROM feedback WHERE answer = ?"
        helpful, not_helpful = await self._run(lambda: self._db.execute(counts, (answer,)).fetchone())
        return Feedback(helpful, not_helpful)

    async def get_preference(self, user: UserKey, name: str) -> str | None:
        """See `SessionStore.get_preference`."""
        return await self._one("SELECT value FROM preferences WHERE user = ? AND name = ?", user, name)

    async def set_preference(self, user: UserKey, name: str, value: str | None) -> None:
        """See `SessionStore.set_preference`."""
        if value is None:
            statement, row = "DELETE FROM preferences WHERE user = ? AND name = ?", (user, name)
            await self._run(lambda: self._db.execute(statement, row))
        else:
            choice = (user, name, value)
            await self._run(lambda: self._db.execute("REPLACE INTO preferences VALUES (?, ?, ?)", choice))

    async def forget(self, user: UserKey) -> None:
        """See `SessionStore.forget`; the bytes leave the file and its log too."""

        def delete() -> None:
            for statement in _FORGET:
                self._db.execute(statement, (user,))
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

        await self._run(delete)
        await self._throttle.forget(user)

    async def close(self) -> None:
        """See `SessionStore.close`."""
        if self._closed:
            return
        self._closed = True
        self._purging.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._purging
        await self._run(self._db.close)
        self._worker.shutdown()

    async def purge(self) -> None:
        """Delete what has expired; runs by itself every minute."""
        now = self._clock()

        def delete() -> None:
            for statement in _PURGE:
                self._db.execute(statement, (now,))

        await self._run(delete)

    async def _purge_forever(self) -> None:
        while True:
            with contextlib.suppress(sqlite3.Error):  # a busy file is purged next time
                await self.purge()
            await asyncio.sleep(_PURGE_EVERY)

    async def _one(self, query: str, *values: str | float) -> str | None:
        row = await self._run(lambda: self._db.execute(query, values).fetchone())
        return None if row is None else str(row[0])

    async def _run(self, work: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._worker, work)


def _connect(path: Path | str) -> sqlite3.Connection:
    if str(path) != IN_MEMORY:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).touch(mode=0o600)
    connection = sqlite3.connect(path, isolation_level=None, timeout=10.0, check_same_thread=False)
    try:
        # secure_delete overwrites what is deleted; NORMAL survives a crash of the process.
        for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "secure_delete = ON"):
            connection.execute(f"PRAGMA {pragma}")
        connection.executescript(_SCHEMA)
    except sqlite3.Error:
        connection.close()
        raise
    return connection
