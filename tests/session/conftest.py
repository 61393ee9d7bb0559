"""A real Redis for each worker of a test run, empty for each test; and one that a test may stop."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from redis import Redis

from assemblybot.session import failover
from assemblybot.settings import Settings
from tests.servers import RedisServer, running_redis


@pytest.fixture(scope="session")
def redis_of_worker() -> Iterator[RedisServer]:
    with running_redis() as server:
        yield server


@pytest.fixture
def redis_url(redis_of_worker: RedisServer) -> str:
    """Where an empty Redis listens."""
    with Redis.from_url(redis_of_worker.url) as client:
        client.flushall()
    return redis_of_worker.url


@pytest.fixture
def stoppable_redis(monkeypatch: pytest.MonkeyPatch) -> Iterator[RedisServer]:
    """A Redis of this test alone, looked for often."""
    monkeypatch.setattr(failover, "_PROBE_EVERY", 0.05)
    with running_redis() as server:
        yield server


@pytest.fixture
def redis_settings(stoppable_redis: RedisServer, tmp_path: Path) -> Settings:
    """Settings with the Redis that the test may stop."""
    return Settings(redis_url=SecretStr(stoppable_redis.url), state_dir=tmp_path, _env_file=None)
