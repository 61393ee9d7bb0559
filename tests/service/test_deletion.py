"""After `/forget` no file tells what was asked, or who asked."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

import pytest

from assemblybot import Assistant
from assemblybot.settings import Settings
from tests.doubles.telegram_updates import person, said
from tests.servers import running_redis
from tests.service.harness import Platforms, platforms, serving

ASKER = 918_273_645
WORD = "zebracanary"


async def _ask_and_forget(around: Platforms) -> None:
    user = person(ASKER) | {"first_name": "Namecanary"}
    for number, text in enumerate((f"When did the {WORD} assembly meet?", "/lang", "why?", "/forget")):
        assert await around.update(said(text, user=user), number) == 200
        await around.telegram.until(partial(_has_sent, around, number + 1))
        name = 'assemblybot_deliveries_total{outcome="new",platform="telegram"}'
        await around.until_metric(name, number + 1)
    await asyncio.sleep(0.5)  # what is dealt with is let go of after its answer


def _has_sent(around: Platforms, count: int) -> bool:
    return len(around.telegram.sent()) >= count


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _tell_nothing(files: dict[str, bytes]) -> None:
    for name, written in files.items():
        for secret in (WORD, str(ASKER), "Namecanary"):
            assert secret.encode() not in written, (name, secret)


@pytest.mark.parametrize("moment", ["running", "ended"])
def test_the_files_of_one_machine(
    settings: Settings, assistant: Assistant, tmp_path: Path, moment: str
) -> None:
    async def scenario() -> None:
        async with platforms() as around, serving(around, settings, assistant, tmp_path):
            await _ask_and_forget(around)
            if moment == "running":
                found = _files(tmp_path)
                assert any(len(found[name]) > 0 for name in found if name.startswith("inbox.sqlite3"))
                _tell_nothing(found)

    asyncio.run(scenario())
    _tell_nothing(_files(tmp_path))


def test_the_append_only_file_of_redis(settings: Settings, assistant: Assistant, tmp_path: Path) -> None:
    with running_redis(append_only=True) as redis:

        async def scenario() -> None:
            async with (
                platforms() as around,
                serving(around, settings, assistant, tmp_path, redis_url=redis.url),
            ):
                await _ask_and_forget(around)

        asyncio.run(scenario())
        found = {name: text for name, text in _files(redis.folder).items() if name.endswith(".aof")}
        assert b"assemblybot:" in b"".join(found.values())
        _tell_nothing(_files(redis.folder) | _files(tmp_path))
