"""The service as a process of its own: told to stop, and killed, with questions in hand."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections import Counter
from pathlib import Path

import aiohttp
import psutil
import pytest

from assemblybot.settings import Settings
from tests.doubles.slack_payloads import event_body, message
from tests.doubles.telegram_api import Fault
from tests.doubles.telegram_updates import person, said
from tests.service.harness import SERVE, Platforms, platforms, process

pytestmark = pytest.mark.slow


def test_sigterm_answers_what_is_in_hand_and_takes_nothing_more(settings: Settings, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with platforms() as around, process(around, settings, tmp_path) as service:
            around.telegram.fail("sendMessage", Fault(status=200, delay=2.0))
            assert await around.update(said("How many delegates came?"), 1) == 200
            await around.telegram.until(
                lambda: any(call.method == "sendMessage" for call in around.telegram.calls)
            )
            service.terminate()
            await asyncio.sleep(0.5)
            assert (await around.get("/readyz"))[0] == 503
            assert (await around.get("/healthz"))[0] == 200
            assert await around.update(said("When did it meet?"), 2, tries=1) == 503
            assert await service.wait() == 0
            assert len(around.telegram.sent()) == 1

    asyncio.run(scenario())


def test_a_stop_ends_in_time_though_the_answering_process_hangs(settings: Settings, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with (
            platforms() as around,
            process(around, settings, tmp_path, DRAIN_SECONDS="1") as service,
        ):
            (hung,) = _children(service.pid)
            os.kill(hung, signal.SIGSTOP)
            assert await around.update(said("How many delegates came?"), 1) == 200
            await asyncio.sleep(0.5)
            begin = time.monotonic()
            service.terminate()
            await service.wait()
            assert time.monotonic() - begin < 10
            assert not psutil.pid_exists(hung)

    asyncio.run(scenario())


def test_an_answering_process_that_hangs_costs_no_answer_and_is_replaced(
    settings: Settings, tmp_path: Path
) -> None:
    async def scenario() -> None:
        async with platforms() as around, process(around, settings, tmp_path) as service:
            (hung,) = _children(service.pid)
            os.kill(hung, signal.SIGSTOP)
            for number, question in enumerate(("How many delegates came?", "When did it meet?"), 1):
                assert await around.update(said(question, user=person(number)), number) == 200
            assert (await around.get("/healthz"))[0] == 200
            await around.telegram.until(lambda: len(around.telegram.sent()) == 2)
            assert not psutil.pid_exists(hung)
            async with asyncio.timeout(60):
                while len(_children(service.pid)) != 1:  # noqa: ASYNC110 - another process
                    await asyncio.sleep(0.05)
            service.terminate()
            assert await service.wait() == 0

    asyncio.run(scenario())


#: The service, whose event loop does nothing more once it is asked for a page.
_HANGS = """
import time
from assemblybot.cli import main
from assemblybot.service import reader, watchdog

watchdog.HUNG_AFTER = 2.0
reader.notice = lambda *_, **__: time.sleep(1_000)
main()
"""


def test_a_service_whose_event_loop_hangs_ends_with_all_that_it_started(
    settings: Settings, tmp_path: Path
) -> None:
    log = tmp_path / "log"

    async def scenario() -> None:
        command = (sys.executable, "-c", _HANGS, "serve")
        async with platforms() as around, process(around, settings, tmp_path, log, command) as service:
            children = psutil.Process(service.pid).children(recursive=True)
            with pytest.raises(aiohttp.ClientError):
                await around.get("/read/nothing")
            assert await asyncio.wait_for(service.wait(), 60) == 1
            assert not psutil.wait_procs(children, timeout=20)[1]
        assert "The service hangs" in log.read_text("utf-8")

    asyncio.run(scenario())


@pytest.mark.parametrize("closed", ["2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_a_service_without_outputs_answers_and_ends(settings: Settings, tmp_path: Path, closed: str) -> None:
    async def scenario() -> None:
        command = ("/bin/sh", "-c", f'exec "$@" {closed}', "sh", *SERVE)
        async with platforms() as around, process(around, settings, tmp_path, command=command) as service:
            (answering,) = _children(service.pid)
            # Else a file of the service, or a connection, would have the number of an output.
            for number in (1, 2):
                for one in (service.pid, answering):
                    assert Path(f"/proc/{one}/fd/{number}").readlink() == Path(os.devnull)
            assert await around.update(said("How many delegates came?"), 1) == 200
            await around.telegram.until(lambda: bool(around.telegram.sent()))
            service.terminate()
            assert await service.wait() == 0
            assert not psutil.pid_exists(answering)

    asyncio.run(scenario())


def _children(process: int) -> list[int]:
    """The processes that a process started and that stand behind it: those that answer."""
    started = psutil.Process(process)
    return [child.pid for child in started.children() if child.nice() > started.nice()]


def test_what_a_drain_leaves_the_next_start_answers(settings: Settings, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with platforms() as around:
            async with process(around, settings, tmp_path, DRAIN_SECONDS="0") as service:
                await asyncio.gather(
                    *(around.update(said("When?", user=person(n)), n) for n in range(10, 40)),
                )
                service.terminate()
                assert await service.wait() == 0
            async with process(around, settings, tmp_path):
                await _once_each(around, 30, unsure_of=("telegram",))

    asyncio.run(scenario())


def test_sigkill_loses_nothing_and_doubles_nothing(settings: Settings, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with platforms() as around:
            async with process(around, settings, tmp_path) as service:
                updates = (around.update(said("When?", user=person(n)), n) for n in range(10, 40))
                events = (around.event(event_body(message("Who?", channel=f"D{n}"))) for n in range(10, 40))
                assert set(await asyncio.gather(*updates, *events)) == {200}
                await around.telegram.until(lambda: len(around.telegram.sent()) > 3)
                service.kill()
                await service.wait()
            async with process(around, settings, tmp_path):
                await _once_each(around, 60, unsure_of=("telegram", "slack"))

    asyncio.run(scenario())


async def _once_each(around: Platforms, asked: int, *, unsure_of: tuple[str, ...]) -> None:
    """Wait for `asked` answers, less those of which nobody can know whether they had left."""

    def answers() -> Counter[str]:
        chats = [str(told["chat_id"]) for told in around.telegram.sent()]
        return Counter(chats + [told["channel"] for told in around.slack.of("chat.postMessage")])

    async def unsure() -> float:
        name = 'assemblybot_deliveries_total{{outcome="in_doubt",platform="{}"}}'
        return sum([await around.metric(name.format(platform)) for platform in unsure_of])

    async with asyncio.timeout(60):
        while len(answers()) + await unsure() < asked:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    await asyncio.sleep(1.0)
    assert max(answers().values()) == 1
    assert len(answers()) >= asked - await unsure()
