"""What the doctor says of a real Redis."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from pydantic import SecretStr

from assemblybot.doctor.finding import Finding, Level, examine
from assemblybot.doctor.installation import Installation
from assemblybot.settings import Settings
from tests.servers import RedisServer

pytestmark = pytest.mark.skipif(not shutil.which("redis-server"), reason="redis-server is not installed")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    with RedisServer(tmp_path) as running:
        yield running


def say(url: str) -> Finding:
    checks = dict(Installation(Settings(redis_url=SecretStr(url), _env_file=None)).checks())
    return examine(("redis", checks["redis"]))


def configure(server: RedisServer, **values: str) -> None:
    with redis.Redis.from_url(server.url) as client:
        for name, value in values.items():
            client.config_set(name.replace("_", "-"), value)


def test_what_redis_is_set_up_for(server: RedisServer) -> None:
    assert "append-only" in say(server.url).text
    assert say(server.url).level is Level.WARN
    configure(server, appendonly="yes")
    assert say(server.url).level is Level.OK
    configure(server, maxmemory="100mb", maxmemory_policy="allkeys-lru")
    assert say(server.url).level is Level.WARN
    assert "noeviction" in say(server.url).text
    configure(server, requirepass="x" * 20)
    assert "refuses the password" in say(server.url).text


def test_redis_that_is_not_there(server: RedisServer) -> None:
    server.stop()
    found = say(server.url)
    assert (found.level, found.exit_code) == (Level.FAIL, 6)
    assert server.url not in found.text
    assert "begins with redis://" in say("http://user:secret@host").text
