"""Nothing lost, nothing twice: duplicates, kills before and after an answer left, drains, refusals."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from assemblybot.chat.answer_queue import SLOTS, AnswerQueue, BusyError
from assemblybot.chat.channel import NotAcceptedError
from assemblybot.service.dispatcher import Dispatcher
from assemblybot.service.metrics import Metrics
from assemblybot.session import SqliteInbox
from assemblybot.session.identity import Cipher
from assemblybot.session.inbox import OLDEST_DELIVERY, OWNER_TTL, Delivery, Inbox, current_delivery
from assemblybot.settings import QUESTION_DEADLINE
from tests.doubles.assistants import ScriptedAssistant
from tests.session.clock import Clock

Handle = Callable[[str], Awaitable[None]]
CIPHER = Cipher(b"k" * 32)


class Recorder:
    """A bot that keeps what it dealt with, in the way a test asks for."""

    platform = "telegram"

    def __init__(self, handle: Handle | None = None) -> None:
        self.dealt: list[str] = []
        self._handle = handle

    async def start(self) -> None:
        """Nothing to do."""

    async def handle(self, body: str) -> None:
        if self._handle:
            await self._handle(body)
        self.dealt.append(body)

    async def close(self) -> None:
        """Nothing to do."""


@asynccontextmanager
async def dispatching(
    path: Path,
    bot: Recorder,
    *,
    clock: Callable[[], float] = time.time,
    most: int = 100,
    deadline: float = QUESTION_DEADLINE,
    kind: type[SqliteInbox] = SqliteInbox,
) -> AsyncIterator[tuple[Dispatcher, Metrics]]:
    """One replica on the inbox in `path`; at the end it is gone as after a kill."""
    inbox = await kind.open(path, clock=clock)
    metrics = Metrics()
    queue = AnswerQueue(ScriptedAssistant().as_assistant(), deadline=deadline, observer=metrics)
    dispatcher = Dispatcher(inbox, queue, metrics, CIPHER, most_in_progress=most)
    dispatcher.open(bot)
    try:
        yield dispatcher, metrics
    finally:
        await dispatcher.drain(0)
        queue.close()
        await inbox.close()


def delivery(name: str = "one", age: float = 0.0) -> Delivery:
    return Delivery("telegram", f"key-{name}", name, time.time() - age)


def counted(metrics: Metrics, outcome: str) -> float:
    labels = {"platform": "telegram", "outcome": outcome}
    return metrics.registry.get_sample_value("assemblybot_deliveries_total", labels) or 0.0


class Hanging:
    """Handles with what comes for ever, with `sends` or what is called so after it has sent something."""

    def __init__(self, *, sends: bool = False) -> None:
        self.reached: list[str] = []
        self._sends = sends

    async def __call__(self, body: str) -> None:
        if self._sends or body == "sends":
            current = current_delivery()
            assert current is not None
            await current.sending()
        self.reached.append(body)
        await asyncio.Event().wait()


async def until(true: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not true():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


def test_a_delivery_is_handled_once_however_often_it_comes(tmp_path: Path) -> None:
    async def scenario() -> None:
        bot = Recorder()
        async with dispatching(tmp_path / "inbox", bot) as (dispatcher, metrics):
            await asyncio.gather(*(dispatcher.enqueue(delivery()) for _ in range(20)))
            assert (await dispatcher.drain(5)).deliveries == 0
            await dispatcher.enqueue(delivery())
            assert (await dispatcher.drain(5)).deliveries == 0
            assert bot.dealt == ["one"]
            assert (counted(metrics, "new"), counted(metrics, "duplicate")) == (1, 20)

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("sends", "again", "outcome"), [(False, ["one"], "reclaimed"), (True, [], "in_doubt")]
)
def test_what_a_killed_replica_left_is_handled_unless_its_answer_may_have_left(
    tmp_path: Path, sends: bool, again: list[str], outcome: str
) -> None:
    async def scenario() -> None:
        clock, hanging = Clock(), Hanging(sends=sends)
        async with dispatching(tmp_path / "inbox", Recorder(hanging), clock=clock) as (killed, _):
            await killed.enqueue(delivery())
            await until(lambda: hanging.reached)
        clock.now += OWNER_TTL + 1
        other = Recorder()
        async with dispatching(tmp_path / "inbox", other, clock=clock) as (dispatcher, metrics):
            living = asyncio.create_task(dispatcher.look_after())
            await until(lambda: counted(metrics, outcome))
            await dispatcher.drain(5)
            living.cancel()
            assert other.dealt == again

    asyncio.run(scenario())


def test_what_waited_too_long_is_let_go(tmp_path: Path) -> None:
    async def scenario() -> None:
        bot = Recorder()
        async with dispatching(tmp_path / "inbox", bot) as (dispatcher, metrics):
            await dispatcher.enqueue(delivery(age=OLDEST_DELIVERY + 1))
            await dispatcher.drain(5)
            assert not bot.dealt
            assert counted(metrics, "too_old") == 1

    asyncio.run(scenario())


def test_a_drain_lets_work_end_takes_nothing_more_and_leaves_the_rest(tmp_path: Path) -> None:
    async def scenario() -> None:
        ends = asyncio.Event()

        async def slow(body: str) -> None:
            await (ends if body == "short" else asyncio.Event()).wait()

        bot = Recorder(slow)
        async with dispatching(tmp_path / "inbox", bot) as (dispatcher, _):
            for name in ("short", "long"):
                await dispatcher.enqueue(delivery(name))
            dispatcher.shut()
            with pytest.raises(NotAcceptedError):
                await dispatcher.enqueue(delivery("late"))
            asyncio.get_running_loop().call_later(0.1, ends.set)
            assert (await dispatcher.drain(1.0)).deliveries == 1
            assert bot.dealt == ["short"]

    asyncio.run(scenario())


class SlowInbox(SqliteInbox):
    """Says that it keeps a delivery when the test lets it."""

    keeps = asyncio.Event()

    async def put(self, delivery: Delivery) -> bool:
        await self.keeps.wait()
        return await super().put(delivery)


def test_what_was_being_taken_when_the_drain_began_stays_in_the_inbox(tmp_path: Path) -> None:
    async def scenario() -> None:
        bot, clock = Recorder(), Clock()
        async with dispatching(tmp_path / "inbox", bot, clock=clock, kind=SlowInbox) as (dispatcher, _):
            taken = asyncio.create_task(dispatcher.enqueue(delivery()))
            await asyncio.sleep(0)  # as far as the inbox
            dispatcher.shut()
            SlowInbox.keeps.set()
            await taken
            assert (await dispatcher.drain(5)).deliveries == 0
        assert not bot.dealt
        clock.now += OWNER_TTL + 1
        other: Inbox = await SqliteInbox.open(tmp_path / "inbox", clock=clock)
        assert [CIPHER.decrypt(left.body) for left in (await other.reclaim("telegram")).deliveries] == ["one"]
        await other.close()

    asyncio.run(scenario())


def test_what_an_inbox_cannot_keep_is_not_taken_and_its_words_are_in_no_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario() -> None:
        async with dispatching(tmp_path / "inbox", Recorder()) as (dispatcher, _):
            inbox = dispatcher._inbox
            assert isinstance(inbox, SqliteInbox)
            await inbox.database.run(lambda connection: connection.execute("PRAGMA max_page_count = 1"))
            with pytest.raises(NotAcceptedError):
                await dispatcher.enqueue(delivery("secret words " * 10_000))
            assert (await dispatcher.drain(5)).deliveries == 0

    asyncio.run(scenario())
    assert "OperationalError" in caplog.text
    assert "secret words" not in caplog.text


def test_more_than_can_be_in_hand_is_not_taken(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with dispatching(tmp_path / "inbox", Recorder(Hanging()), most=2) as (dispatcher, _):
            for name in ("one", "two"):
                await dispatcher.enqueue(delivery(name))
            with pytest.raises(NotAcceptedError):
                await dispatcher.enqueue(delivery("three"))

    asyncio.run(scenario())


def test_a_delivery_that_fails_is_done_and_its_words_are_in_no_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(body: str) -> None:
        raise RuntimeError(f"cannot deal with {body}")

    async def scenario() -> None:
        async with dispatching(tmp_path / "inbox", Recorder(broken)) as (dispatcher, _):
            await dispatcher.enqueue(delivery("secret words"))
            assert (await dispatcher.drain(5)).deliveries == 0

    asyncio.run(scenario())
    assert "RuntimeError" in caplog.text
    assert "secret words" not in caplog.text


def test_few_are_worked_on_at_a_time_and_who_sends_makes_way(tmp_path: Path) -> None:
    async def scenario() -> None:
        hanging = Hanging()
        async with dispatching(tmp_path / "inbox", Recorder(hanging), most=SLOTS + 10) as (dispatcher, _):
            await dispatcher.enqueue(delivery("sends"))
            for number in range(SLOTS + 5):
                await dispatcher.enqueue(delivery(str(number)))
            await until(lambda: len(hanging.reached) > SLOTS)
            for _ in range(100):  # as long as anybody else could move
                await asyncio.sleep(0)
            assert len(hanging.reached) == SLOTS + 1, "the one that sends has left its place"
            assert dispatcher._queue.pending == SLOTS + 5
            assert dispatcher.in_progress == SLOTS + 6

    asyncio.run(scenario())


def test_a_question_that_waited_for_a_place_beyond_its_deadline_hears_that_the_bot_is_busy(
    tmp_path: Path,
) -> None:
    async def scenario() -> None:
        async with dispatching(tmp_path / "inbox", Recorder(), deadline=0.2) as (dispatcher, _):
            queue = dispatcher._queue
            release = asyncio.Event()
            heard: list[str] = []

            async def handle(body: str) -> None:
                if body != "late":
                    await release.wait()
                    return
                try:
                    await queue.answer("متى انعقدت الجمعية؟")
                except BusyError:
                    heard.append(body)

            dispatcher.open(Recorder(handle))
            for number in range(SLOTS):
                await dispatcher.enqueue(delivery(str(number)))
            await dispatcher.enqueue(delivery("late"))
            await asyncio.sleep(0.3)
            release.set()
            assert (await dispatcher.drain(5)).deliveries == 0
            assert heard == ["late"]

    asyncio.run(scenario())
