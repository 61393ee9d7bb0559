"""Counts of questions in the memory of one process."""

from __future__ import annotations

import asyncio

from assemblybot.session.base import Counts

NEVER = 3600.0
EXPIRED = -1.0


async def asked(counts: Counts, users: int, expiry: float) -> None:
    for user in range(users):
        await counts.incr(f"user {user}", expiry)


def test_a_question_does_not_look_through_the_counts_of_others() -> None:
    async def main() -> None:
        counts = Counts(sweep_every=NEVER)
        await asked(counts, 50, EXPIRED)
        for _ in range(5):
            await counts.incr("one more", 60.0)
            await asyncio.sleep(0)
        assert len(counts.expirations) == 51
        assert await counts.get("one more") == 5

    asyncio.run(main())


def test_counts_that_have_expired_are_dropped_by_and_by() -> None:
    async def main() -> None:
        counts = Counts(sweep_every=0.0)
        await asked(counts, 2500, EXPIRED)
        await counts.incr("one more", 60.0)
        async with asyncio.timeout(5):
            while len(counts.expirations) > 1:
                await counts.incr("one more", 60.0)
                await asyncio.sleep(0)
        assert list(counts.expirations) == ["one more"]
        assert set(counts.storage) == {"one more"}

    asyncio.run(main())


def test_an_expired_count_is_not_counted_before_it_is_dropped() -> None:
    async def main() -> None:
        counts = Counts(sweep_every=NEVER)
        assert await counts.incr("someone", EXPIRED) == 1
        assert await counts.incr("someone", 60.0) == 1
        assert await counts.incr("someone", 60.0) == 2

    asyncio.run(main())
