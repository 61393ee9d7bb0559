"""Each backend as tests open it; those on Redis hear of the time that a test lets pass."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from pydantic import SecretStr
from redis.asyncio import Redis

from assemblybot.session import SqliteInbox, SqliteStore
from assemblybot.session.base import SessionStore
from assemblybot.session.identity import Cipher
from assemblybot.session.inbox import Inbox
from assemblybot.session.redis import RedisInbox, RedisStore, connect
from tests.session.clock import Clock

DAY = 24 * 3600.0
LIMIT = "3 per minute"

_State = TypeVar("_State", SessionStore, Inbox)


@asynccontextmanager
async def closing(state: _State) -> AsyncIterator[_State]:
    try:
        yield state
    finally:
        await state.close()


@asynccontextmanager
async def store_in_memory(folder: Path, redis: str, clock: Clock) -> AsyncIterator[SessionStore]:
    async with closing(await SqliteStore.open(limit=LIMIT, retention=DAY, clock=clock)) as store:
        yield store


@asynccontextmanager
async def store_in_file(folder: Path, redis: str, clock: Clock) -> AsyncIterator[SessionStore]:
    store = await SqliteStore.open(folder / "sessions.db", limit=LIMIT, retention=DAY, clock=clock)
    async with closing(store):
        yield store


@asynccontextmanager
async def store_in_redis(folder: Path, redis: str, clock: Clock) -> AsyncIterator[SessionStore]:
    client = connect(SecretStr(redis))
    follow(clock, client)
    store = RedisStore(client, cipher=Cipher(b"k" * 32), limit=LIMIT, retention=DAY, clock=clock)
    async with closing(store):
        yield store


@asynccontextmanager
async def inbox_in_file(folder: Path, redis: str, clock: Clock) -> AsyncIterator[Inbox]:
    async with closing(await SqliteInbox.open(folder / "inbox.db", clock=clock)) as inbox:
        yield inbox


@asynccontextmanager
async def inbox_in_redis(folder: Path, redis: str, clock: Clock) -> AsyncIterator[Inbox]:
    client = connect(SecretStr(redis))
    follow(clock, client)
    inbox = RedisInbox(client)
    await inbox.heartbeat()
    async with closing(inbox):
        yield inbox


def follow(clock: Clock, client: Redis) -> None:
    """Let Redis's own clock seem to follow `clock`: every key has as much less to live."""

    async def pass_by(seconds: float) -> None:
        async for key in client.scan_iter():
            if (left := await client.pttl(key)) > 0:
                await client.pexpire(key, left - round(1000 * seconds))

    if not clock.on_pass:
        clock.on_pass.append(pass_by)
