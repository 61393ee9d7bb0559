"""From settings to a running service, and from a signal to a clean end."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import Final, Literal

from aiohttp import web

from assemblybot import logs
from assemblybot.answering.assistant import Assistant
from assemblybot.chat.conversation import Conversation
from assemblybot.chat.desk import AnswerDesk
from assemblybot.errors import SettingsError
from assemblybot.index.build import Progress
from assemblybot.service import api, channels, review
from assemblybot.service.apart import AssistantApart
from assemblybot.service.app import build_app
from assemblybot.service.channels import Channel, Parts
from assemblybot.service.connections import Connections
from assemblybot.service.health import Health, self_test
from assemblybot.service.intake import Intake
from assemblybot.service.kept_questions import KeepingMetrics
from assemblybot.service.metrics import Metrics
from assemblybot.service.reader import PLATFORM as READER
from assemblybot.service.reader import Reader
from assemblybot.service.reindex import Reindexer
from assemblybot.service.upkeep import Upkeep
from assemblybot.session import Pseudonyms, open_inbox, open_question_log, open_store
from assemblybot.session.identity import KEY_FILE
from assemblybot.settings import Settings
from assemblybot.startup import open_assistant

_LOG = logging.getLogger(__name__)
#: One platform without an HTTP server: long polling or Socket Mode.
Only = Literal["telegram", "slack"]
# With Python's 5 ms, an acknowledgement may wait that long for a thread that computes.
_SWITCH_EVERY: Final = 0.001
# Seconds, after a drain, to close connections and files.
_TO_CLOSE: Final = 5.0


def run(
    settings: Settings, building: Callable[[], AbstractContextManager[Progress]], only: Only | None = None
) -> None:
    """Serve until SIGTERM or SIGINT; `building` shows how an index is built, where one must be.

    Raises SettingsError, PlatformError, and what opening an index raises.
    """
    logs.configure(settings.log_level, settings.log_json)
    sys.setswitchinterval(_SWITCH_EVERY)
    with building() as progress:
        assistant = _open(settings, progress)
    # What was loaded stays: the collector need not walk through it while someone waits.
    gc.collect()
    gc.freeze()
    asyncio.run(_until_signal(settings, assistant, only))


async def _until_signal(settings: Settings, assistant: Assistant, only: Only | None) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows
            asyncio.get_running_loop().add_signal_handler(name, stop.set)
    await serve(settings, assistant, stop, only=only, ending=partial(_end_within, settings.drain_seconds))


def _end_within(seconds: float) -> None:
    """End this process soon after so many seconds, though a thread or a connection hangs.

    Python would wait for each of its threads.
    """

    def end() -> None:
        _LOG.error("The service does not come to its end, and is ended; what is in hand stays in the inbox")
        logging.shutdown()
        os._exit(1)

    timer = threading.Timer(seconds + _TO_CLOSE, end)
    timer.daemon = True
    timer.start()


async def serve(
    settings: Settings,
    assistant: Assistant,
    stop: asyncio.Event,
    *,
    only: Only | None = None,
    ending: Callable[[], None] = lambda: None,
) -> None:
    """Serve until `stop` is set, then answer what is in hand, at most `drain_seconds` long.

    What is left then lies in the inbox, for another replica or the next start. `ending` is called
    before that.
    """
    async with _service(settings, assistant, only) as service:
        try:
            await service.until(stop)
        finally:
            ending()
            await service.drain(settings.drain_seconds)


class _Service:
    """All parts of one service, in the order in which they start and stop."""

    def __init__(self, found: list[Channel], intake: Intake, health: Health, reindexer: Reindexer) -> None:
        self._lines = [Upkeep(channel, intake, health) for channel in found]
        self._intake = intake
        self._health = health
        self._reindexer = reindexer
        self._living = asyncio.create_task(intake.look_after())

    async def until(self, stop: asyncio.Event) -> None:
        """Bring every platform up; return when `stop` is set. Raises what makes it impossible to go on."""
        watching = [asyncio.create_task(line.watch()) for line in self._lines]
        watching += [asyncio.create_task(self._reindexer.watch())]
        watching += [asyncio.create_task(self._health.until_it_hangs())]
        stopping = asyncio.create_task(stop.wait())
        done, _ = await asyncio.wait({*watching, stopping}, return_when=asyncio.FIRST_COMPLETED)
        for task in (*watching, stopping):
            task.cancel()
        await asyncio.wait({*watching, stopping}, timeout=_TO_CLOSE)
        for task in done - {stopping}:
            task.result()

    async def drain(self, seconds: float) -> None:
        """Not ready, nothing more taken, what is in hand answered; this replica lives till then.

        `seconds` are for everything together: an entrance may take long to shut.
        """
        self._health.draining = True
        self._intake.shut()
        shutting = asyncio.gather(*(line.shut(seconds) for line in self._lines))
        left, _ = await asyncio.gather(self._intake.drain(seconds), shutting)
        if left.deliveries:
            _LOG.warning(
                "%d deliveries stay in the inbox, for the next start or another replica; "
                "%d of them had begun to be answered, and are not answered again",
                left.deliveries,
                left.unsure,
            )
        self._living.cancel()
        await asyncio.gather(self._living, return_exceptions=True)
        await asyncio.gather(*(line.close(_TO_CLOSE / 2) for line in self._lines))


@contextlib.asynccontextmanager
async def _service(settings: Settings, assistant: Assistant, only: Only | None) -> AsyncIterator[_Service]:
    """Stores, desk and HTTP server around a service; let go of in the opposite order."""
    async with contextlib.AsyncExitStack() as stack:
        store = await open_store(settings)
        stack.push_async_callback(store.close)
        inbox = await open_inbox(settings)
        stack.push_async_callback(inbox.close)
        names = Pseudonyms.from_file(settings.state_dir / KEY_FILE)
        log = open_question_log(settings, names)
        metrics = KeepingMetrics(log) if log else Metrics()
        if isinstance(metrics, KeepingMetrics):
            stack.push_async_callback(metrics.close)
        desk = AnswerDesk(
            assistant,
            most_waiting=settings.most_waiting,
            deadline=settings.question_deadline,
            observer=metrics,
        )
        stack.callback(_close, desk)
        intake = Intake(inbox, desk, metrics, names.seal)
        found = _channels(settings, Parts(desk, store, names, intake.take), only)
        platforms = [channel.bot.platform for channel in found]
        health = Health(desk, store, inbox, platforms, keeps=lambda: intake.keeps)
        reindexer = Reindexer(settings, desk, metrics)
        stack.callback(reindexer.close)
        metrics.waiting.set_function(lambda: intake.waiting)
        metrics.degraded.set_function(lambda: float(health.degraded))
        for channel in found:
            metrics.silent_since_start(channel.bot.platform)
        if only is None:
            routes = [*health.routes, *metrics.routes, *Reader(Conversation(READER, desk)).routes]
            routes += api.routes(settings, desk, store.allow)
            routes += review.routes(settings, desk, store.ratings)
            for channel in found:
                routes += channel.entrance.routes
            await stack.enter_async_context(_listening(build_app(routes), settings))
        yield _Service(found, intake, health, reindexer)


def _close(desk: AnswerDesk) -> None:
    desk.close()
    if isinstance(desk.assistant, AssistantApart):
        desk.assistant.close()


def _channels(settings: Settings, parts: Parts, only: Only | None) -> list[Channel]:
    if only == "telegram":
        return [channels.telegram_channel(settings, parts)]
    if only == "slack":
        return [channels.slack_socket_channel(settings, parts)]
    return channels.configured(settings, parts)


@contextlib.asynccontextmanager
async def _listening(app: web.Application, settings: Settings) -> AsyncIterator[None]:
    runner = web.AppRunner(app, shutdown_timeout=1.0)
    await runner.setup()
    try:
        async with _bound(runner, settings):
            yield
    finally:
        await runner.cleanup()


@contextlib.asynccontextmanager
async def _bound(runner: web.AppRunner, settings: Settings) -> AsyncIterator[None]:
    assert runner.server
    connections = Connections(runner.server)
    try:
        listening = await asyncio.get_running_loop().create_server(connections, settings.host, settings.port)
    except OSError as error:
        raise SettingsError(
            f"Port {settings.port} of {settings.host} cannot be used: {error.strerror}. Change HOST or PORT."
        ) from error
    _LOG.info("Listening on %s port %d", settings.host, settings.port)
    try:
        yield
    finally:
        listening.close()


def _open(settings: Settings, progress: Progress) -> Assistant:
    assistant = AssistantApart(settings, open_assistant(settings, progress))
    self_test(assistant)
    return assistant
