"""What only the file backend promises: restarts, other processes, nothing left on disk."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from assemblybot.answering.answer import Context
from assemblybot.errors import SettingsError
from assemblybot.session import Pseudonyms, SqliteStore

NAMES = Pseudonyms(b"k" * 32)
USER, CHAT = NAMES.user("slack", "T1", "U1"), NAMES.conversation("slack", "C1", "1.0")
SECRET = "ما عدد الدول الأعضاء؟"


def test_it_survives_a_restart(tmp_path: Path) -> None:
    async def main() -> None:
        store = await SqliteStore.open(tmp_path / "deep" / "s.db")
        await store.remember(CHAT, Context(SECRET, ("d#1",)), 60, user=USER)
        await store.set_preference(USER, "language", "es")
        assert await store.first_seen("e1", 60)
        await store.close()
        again = await SqliteStore.open(tmp_path / "deep" / "s.db")
        assert await again.recall(CHAT) == Context(SECRET, ("d#1",))
        assert await again.get_preference(USER, "language") == "es"
        assert not await again.first_seen("e1", 60)
        await again.close()

    asyncio.run(main())


def test_two_processes_on_one_file_agree_who_was_first(tmp_path: Path) -> None:
    async def main() -> None:
        stores = [await SqliteStore.open(tmp_path / "s.db") for _ in range(2)]
        first = await asyncio.gather(*(store.first_seen(f"e{i}", 60) for i in range(30) for store in stores))
        assert sum(first) == 30
        for store in stores:
            await store.close()

    asyncio.run(main())


@pytest.mark.parametrize("how", ["forget", "expire"])
def test_no_byte_of_a_question_stays_in_the_files(tmp_path: Path, how: str) -> None:
    def bytes_on_disk() -> bytes:
        return b"".join(path.read_bytes() for path in tmp_path.iterdir())

    async def main() -> None:
        now = 1000.0
        store = await SqliteStore.open(tmp_path / "s.db", clock=lambda: now)
        await store.remember(CHAT, Context(SECRET, ("d#1",)), 60, user=USER)
        assert SECRET.encode() in bytes_on_disk()
        if how == "forget":
            await store.forget(USER)
            assert SECRET.encode() not in bytes_on_disk()
        else:
            now += 61
            await store.database.purge()
            assert SECRET.encode() not in bytes_on_disk()
        await store.close()
        assert SECRET.encode() not in bytes_on_disk()

    asyncio.run(main())


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    async def main() -> None:
        store = await SqliteStore.open(tmp_path / "s.db")
        await store.close()

    asyncio.run(main())
    assert stat.S_IMODE((tmp_path / "s.db").stat().st_mode) == 0o600


def test_a_store_that_is_closed_leaves_its_file_to_others(tmp_path: Path) -> None:
    def taken_over() -> list[str]:
        """What only the one who has the file alone may do."""
        with closing(sqlite3.connect(tmp_path / "s.db", timeout=0)) as other:
            return list(other.execute("PRAGMA journal_mode = DELETE").fetchone())

    async def main() -> None:
        store = await SqliteStore.open(tmp_path / "s.db")
        assert await store.first_seen("e1", 60)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            taken_over()
        await store.close()
        assert taken_over() == ["delete"]
        await store.close()

    asyncio.run(main())


def test_a_store_that_is_closed_during_a_checkpoint_leaves_no_log(tmp_path: Path) -> None:
    async def main() -> None:
        for number in range(20):
            store = await SqliteStore.open(tmp_path / f"{number}.db")
            await store.set_preference(USER, "language", "es")
            await store.close()
            assert [path.name for path in tmp_path.glob(f"{number}.db*")] == [f"{number}.db"]

    asyncio.run(main())


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "s.db").write_bytes(b"not a database at all, by any means" * 100)
    with pytest.raises(SettingsError, match="session file"):
        asyncio.run(SqliteStore.open(tmp_path / "s.db"))


def test_a_limit_that_is_none_is_told() -> None:
    with pytest.raises(SettingsError, match="rate limit"):
        asyncio.run(SqliteStore.open(limit="a lot"))
