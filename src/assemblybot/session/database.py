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
_MOVE_EVERY: Final = 5.0
# Seconds that a statement waits for a lock that another process holds.
_BUSY: Final = 10.0
# The same, and before that for its turn, where a platform waits: it gives up after three seconds.
_IMPATIENT: Final = 1.0


class Database:
    """A connection that only its worker touches; several processes may open the same file (WAL).

    What is written goes to the log, which the disk is not asked to keep at once. Another thread, with
    a connection of its own, moves it into the file: that waits for the disk, and nobody waits for it.
    """

    def __init__(
        self, connection: sqlite3.Connection, worker: ThreadPoolExecutor, log: sqlite3.Connection | None
    ) -> None:
        self._connection = connection
        self._worker = worker
        self._log = log
        self._mover = ThreadPoolExecutor(1, thread_name_prefix="session-log")
        self._living: list[asyncio.Task[None]] = []
        if log:
            self._living.append(asyncio.create_task(_again(_MOVE_EVERY, self._move)))
        self._closed = False

    @classmethod
    async def open(cls, path: Path | str, prepare: Callable[[sqlite3.Connection], None]) -> Database:
        """Open or create the file (mode 0600) and `prepare` its tables.

        Raises SettingsError when that cannot be done.
        """
        worker = ThreadPoolExecutor(1, thread_name_prefix="session")
        try:
            connection = await asyncio.get_running_loop().run_in_executor(worker, _connect, path, prepare)
            log = None if str(path) == IN_MEMORY else _plain(path)
        except (sqlite3.Error, OSError) as error:
            worker.shutdown()
            raise SettingsError(_unusable(path, error)) from error
        return cls(connection, worker, log)

    def keep_purging(self, statements: tuple[str, ...], now: Callable[[], float]) -> None:
        """Run `statements` every minute, each with the time as its one value."""
        self._living.append(asyncio.create_task(_again(_PURGE_EVERY, lambda: self.purge(statements, now()))))

    async def purge(self, statements: tuple[str, ...], now: float) -> None:
        """Run `statements` once, each with `now` as its one value; no byte stays in the log either."""

        def delete(connection: sqlite3.Connection) -> None:
            for statement in statements:
                connection.execute(statement, (now,))

        await self.run(delete)
        await self.empty_log()

    async def empty_log(self) -> None:
        """What was deleted leaves the log too, unless another process is reading it just now."""
        await self._move("TRUNCATE")

    async def _move(self, how: str = "PASSIVE") -> None:
        if self._log:
            pragma = f"PRAGMA wal_checkpoint({how})"
            await asyncio.get_running_loop().run_in_executor(self._mover, self._log.execute, pragma)

    async def change(self, statement: str, *values: Value) -> int:
        """Execute one statement; returns how many rows it wrote."""
        return await self.run(lambda connection: connection.execute(statement, values).rowcount)

    async def change_soon(self, statement: str, *values: Value) -> int:
        """The same where a platform waits for it.

        Raises OperationalError when the file stays locked; then nothing was done.
        """

        def work(connection: sqlite3.Connection) -> int:
            _wait_for_locks(connection, _IMPATIENT)
            try:
                return connection.execute(statement, values).rowcount
            finally:
                _wait_for_locks(connection, _BUSY)

        queued = self._worker.submit(work, self._connection)
        result = asyncio.wrap_future(queued)
        done, _ = await asyncio.wait({result}, timeout=_IMPATIENT)
        # What has begun is waited for: nobody could say otherwise whether it was done.
        if not done and queued.cancel():
            raise sqlite3.OperationalError("The file is locked.")
        return await result

    async def rows(self, query: str, *values: Value) -> list[tuple[str, ...]]:
        """All rows of one query or RETURNING statement."""
        return await self.run(lambda connection: connection.execute(query, values).fetchall())

    async def one(self, query: str, *values: Value) -> str | None:
        """The first column of the first row, if there is one."""
        rows = await self.rows(query, *values)
        return str(rows[0][0]) if rows else None

    async def run(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        """Do `work` on the worker thread."""
        return await asyncio.get_running_loop().run_in_executor(self._worker, work, self._connection)

    async def close(self) -> None:
        """Let go of the file; harmless when repeated."""
        if self._closed:
            return
        self._closed = True
        for task in self._living:
            task.cancel()
        await asyncio.gather(*self._living, return_exceptions=True)
        self._mover.shutdown()
        if self._log:
            self._log.close()
        await self.run(lambda connection: connection.close())
        self._worker.shutdown()


def _unusable(path: Path | str, error: Exception) -> str:
    says = f"The session file {path} cannot be used: {error}."
    if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
        return f"{says} Delete it; what was remembered or not answered yet is then lost."
    return says


async def _again(seconds: float, work: Callable[[], Awaitable[None]]) -> None:
    while True:
        with contextlib.suppress(sqlite3.Error):  # the file is busy: next time
            await work()
        await asyncio.sleep(seconds)


def _connect(path: Path | str, prepare: Callable[[sqlite3.Connection], None]) -> sqlite3.Connection:
    if str(path) != IN_MEMORY:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).touch(mode=0o600)
    connection = _plain(path)
    try:
        # secure_delete overwrites what is deleted; NORMAL survives a crash of the process.
        for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "secure_delete = ON"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        prepare(connection)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _wait_for_locks(connection: sqlite3.Connection, seconds: float) -> None:
    connection.execute(f"PRAGMA busy_timeout = {round(1000 * seconds)}")


def _plain(path: Path | str) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None, timeout=_BUSY, check_same_thread=False)
