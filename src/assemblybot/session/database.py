"""One SQLite file, or memory, with a worker thread: an event loop never waits for the disk."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, TypeVar

from assemblybot.errors import SettingsError

_T = TypeVar("_T")
Value = str | float | None
IN_MEMORY: Final = ":memory:"
_PURGE_EVERY: Final = 60.0
_CHECKPOINT_EVERY: Final = 5.0
# Seconds that a statement waits for a lock that another process holds.
_BUSY: Final = 10.0
# Seconds that `change_soon` waits for its turn, and then for a lock: platforms give up after three.
_IMPATIENT: Final = 1.0


class Database:
    """A connection that only its worker touches; several processes may open the same file (WAL).

    Changes go to the write-ahead log, which is not synced at each commit. A second thread, with a connection
    of its own, moves them into the file (a checkpoint), so that no statement waits for the disk.
    """

    def __init__(self, path: Path | str, purge: tuple[str, ...], clock: Callable[[], float]) -> None:
        self._path = path
        self._purge = purge
        self._clock = clock
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="session")
        self._checkpointer = ThreadPoolExecutor(1, thread_name_prefix="session-log")
        self._connection: sqlite3.Connection
        self._log: sqlite3.Connection | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._closed = False

    @classmethod
    async def open(
        cls,
        path: Path | str,
        schema: str,
        purge: tuple[str, ...],
        clock: Callable[[], float],
    ) -> Database:
        """Open or create the file (mode 0600), with the tables of `schema` where there are none.

        The statements of `purge` delete what has expired; they run every minute, each with the time as its
        one value. Raises SettingsError when the file cannot be used.
        """
        database = cls(path, purge, clock)
        try:
            await asyncio.get_running_loop().run_in_executor(database._worker, database._connect, schema)
        except (sqlite3.Error, OSError) as error:
            database._worker.shutdown()
            advice = ""
            if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
                advice = " Delete it; what was remembered or not answered yet is then lost."
            raise SettingsError(f"The session file {path} cannot be used: {error}.{advice}") from error
        database._tasks = [
            asyncio.create_task(_repeat(_CHECKPOINT_EVERY, database._checkpoint)),
            asyncio.create_task(_repeat(_PURGE_EVERY, database.purge)),
        ]
        return database

    def _connect(self, schema: str) -> None:
        in_file = str(self._path) != IN_MEMORY
        if in_file:
            Path(self._path).parent.mkdir(parents=True, exist_ok=True)
            Path(self._path).touch(mode=0o600)
        with contextlib.ExitStack() as opened:
            self._connection = opened.enter_context(contextlib.closing(self._new_connection()))
            # secure_delete overwrites what is deleted; NORMAL survives a crash of the process.
            for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "secure_delete = ON"):
                self._connection.execute(f"PRAGMA {pragma}")
            self._connection.execute("PRAGMA wal_autocheckpoint = 0")
            self._connection.executescript(schema)
            self._log = self._new_connection() if in_file else None
            opened.pop_all()

    def _new_connection(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, isolation_level=None, timeout=_BUSY, check_same_thread=False)

    async def purge(self) -> None:
        """Delete what has expired; no byte of it stays in the log either."""

        def delete(connection: sqlite3.Connection) -> None:
            for statement in self._purge:
                connection.execute(statement, (self._clock(),))

        await self.run(delete)
        await self.empty_log()

    async def empty_log(self) -> None:
        """What was deleted leaves the log too, unless another process is reading it just now.

        Nobody can write while TRUNCATE works, so that PASSIVE moves first what can be moved.
        """
        await self._checkpoint("PASSIVE")
        await self._checkpoint("TRUNCATE")

    async def _checkpoint(self, mode: str = "PASSIVE") -> None:
        if self._log:
            await asyncio.get_running_loop().run_in_executor(self._checkpointer, _move, self._log, mode)

    async def change(self, statement: str, *values: Value) -> int:
        """Execute one statement; returns how many rows it wrote."""
        return await self.run(lambda connection: connection.execute(statement, values).rowcount)

    async def change_soon(self, statement: str, *values: Value) -> int:
        """The same where a platform waits for it.

        Raises OperationalError when the file stays locked; then nothing was done.
        """

        def work() -> int:
            self._connection.execute(f"PRAGMA busy_timeout = {_IMPATIENT * 1000:.0f}")
            try:
                return self._connection.execute(statement, values).rowcount
            finally:
                self._connection.execute(f"PRAGMA busy_timeout = {_BUSY * 1000:.0f}")

        queued = self._worker.submit(work)
        result = asyncio.wrap_future(queued)
        done, _ = await asyncio.wait({result}, timeout=_IMPATIENT)
        # What has begun is waited for: nobody could say otherwise whether it was done.
        if not done and queued.cancel():
            raise sqlite3.OperationalError("The file is locked.")
        return await result

    async def rows(self, query: str, *values: Value) -> list[tuple[str, ...]]:
        """All rows of one query."""
        return await self.run(lambda connection: connection.execute(query, values).fetchall())

    async def run(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        """Do `work` on the worker thread."""
        return await asyncio.get_running_loop().run_in_executor(self._worker, work, self._connection)

    async def close(self) -> None:
        """Close the file; may be called repeatedly."""
        if self._closed:
            return
        self._closed = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._checkpointer.shutdown()
        if self._log:
            self._log.close()
        await self.run(lambda connection: connection.close())
        self._worker.shutdown()


def _move(log: sqlite3.Connection, mode: str) -> None:
    """Checkpoint; the row that SQLite answers is read, because an unread one keeps the log in use."""
    log.execute(f"PRAGMA wal_checkpoint({mode})").fetchall()


async def _repeat(seconds: float, work: Callable[[], Awaitable[None]]) -> None:
    while True:
        with contextlib.suppress(sqlite3.Error):  # the file is busy: next time
            await work()
        await asyncio.sleep(seconds)
