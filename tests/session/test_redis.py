"""What Redis is left to keep."""

from __future__ import annotations

import asyncio
from pathlib import Path

from redis import Redis

from assemblybot.session import Pseudonyms
from tests.session.backends import store_in_redis
from tests.session.clock import Clock

USER = Pseudonyms(b"k" * 32).user("telegram", 1)


def test_names_of_notes_that_have_expired_go_with_the_next_note(tmp_path: Path, redis_url: str) -> None:
    """Else those of somebody who asks every day would pile up."""

    async def main() -> None:
        clock = Clock()
        async with store_in_redis(tmp_path, redis_url, clock) as store:
            await store.note("long", "value", 9_000, user=USER)
            await store.note("short", "value", 3_000, user=USER)
            assert kept() == [b"long", b"short"]
            await clock.pass_by(4_000)
            await store.note("new", "value", 9_000, user=USER)
            assert kept() == [b"long", b"new"]
            await store.forget(USER)
            assert await store.notes("") == {}
            assert kept() == []

    def kept() -> list[bytes]:
        with Redis.from_url(redis_url) as client:
            (names,) = client.keys(f"assemblybot:kept:{USER}") or [b"none"]
            return sorted(name.rpartition(b":")[2] for name in client.zrange(names, 0, -1))

    asyncio.run(main())
