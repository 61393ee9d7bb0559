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
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from functools import partial
from typing import Final, Literal

from aiohttp import web

from assemblybot import folders, logs
from assemblybot.answering.assistant import Assistant
from assemblybot.chat.conversation import Conversation
from assemblybot.chat.desk import AnswerDesk
from assemblybot.chat.documents import Documents
from assemblybot.errors import AssemblybotError, SettingsError
from assemblybot.index.kept_vectors import Progress
from assemblybot.service import api, channels, review
from assemblybot.service.apart import Apart, AssistantApart
from assemblybot.service.app import build_app
from assemblybot.service.channels import Channel, Parts
from assemblybot.service.connections import Connections
from assemblybot.service.health import Health, self_test
from assemblybot.service.intake import Intake
from assemblybot.service.metrics import Metrics
from assemblybot.service.reader import PLATFORM as READER
from assemblybot.service.reader import Reader, within
from assemblybot.service.reindex import Reindexer
from assemblybot.service.upkeep import Upkeep
from assemblybot.session import Pseudonyms, open_inbox, open_question_log, open_store
from assemblybot.session.identity import KEY_FILE
from assemblybot.settings import Settings
from assemblybot.startup import load_others, open_assistant

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
    if settings.curators:  # they change it, so a shipped corpus becomes one's own
        settings = settings.model_copy(update={"corpus_dir": folders.own_corpus(settings.corpus_dir)})
    with building() as progress:
        assistants = _open(settings, progress)
    # What was loaded stays: the collector need not walk through it while someone waits.
    gc.collect()
    gc.freeze()
    asyncio.run(_until_signal(settings, assistants, only))


async def _until_signal(settings: Settings, assistants: Sequence[Assistant], only: Only | None) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows
            asyncio.get_running_loop().add_signal_handler(name, stop.set)
    ending = partial(_end_within, settings.drain_seconds)
    assistant, *others = assistants
    await serve(settings, assistant, stop, others=others, only=only, ending=ending)


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
    others: Iterable[Assistant] = (),
    only: Only | None = None,
    ending: Callable[[], None] = lambda: None,
) -> None:
    """Serve until `stop` is set, then answer what is in hand, at most `drain_seconds` long.

    What is left then lies in the inbox, for another replica or the next start. `ending` is called
    before that. `others` answer from the other collections.
    """
    async with _service(settings, assistant, others, only) as service:
        try:
            await service.until(stop)
        finally:
            ending()
            await service.drain(settings.drain_seconds)


class _Service:
    """All parts of one service, in the order in which they start and stop."""

    def __init__(
        self, found: list[Channel], intake: Intake, health: Health, reindexers: list[Reindexer]
    ) -> None:
        self._lines = [Upkeep(channel, intake, health) for channel in found]
        self._intake = intake
        self._health = health
        self._reindexers = reindexers
        self._living = asyncio.create_task(intake.look_after())

    async def until(self, stop: asyncio.Event) -> None:
        """Bring every platform up; return when `stop` is set. Raises what makes it impossible to go on."""
        watching = [asyncio.create_task(line.watch()) for line in self._lines]
        watching += [asyncio.create_task(reindexer.watch()) for reindexer in self._reindexers]
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
async def _service(
    settings: Settings, assistant: Assistant, others: Iterable[Assistant], only: Only | None
) -> AsyncIterator[_Service]:
    """Stores, desk and HTTP server around a service; let go of in the opposite order."""
    async with contextlib.AsyncExitStack() as stack:
        store = await open_store(settings)
        stack.push_async_callback(store.close)
        inbox = await open_inbox(settings)
        stack.push_async_callback(inbox.close)
        names = Pseudonyms.from_file(settings.state_dir / KEY_FILE)
        each = settings.each()
        logs = {own.collection: log for own in each if (log := open_question_log(own, names))}
        metrics = Metrics(logs)
        stack.push_async_callback(metrics.close)
        desk = AnswerDesk(
            assistant,
            others=settings.collections,
            most_waiting=settings.most_waiting,
            deadline=settings.question_deadline,
            observer=metrics,
        )
        for other in others:
            desk.replace(other)
        stack.callback(_close, desk)
        intake = Intake(inbox, desk, metrics, names.seal)
        documents = Documents.configured(settings, store, names)
        found = _channels(settings, Parts(desk, store, names, intake.take, documents), only)
        platforms = [channel.bot.platform for channel in found]
        health = Health(desk, store, inbox, platforms, keeps=lambda: intake.keeps)
        reindexers = [Reindexer(own, desk, metrics) for own in each]
        for reindexer in reindexers:
            stack.callback(reindexer.close)
        metrics.waiting.set_function(lambda: intake.waiting)
        metrics.degraded.set_function(lambda: float(health.degraded))
        for channel in found:
            metrics.silent_since_start(channel.bot.platform)
        if only is None:
            routes = [*health.routes, *metrics.routes]
            for own in each:
                pages = [*Reader(Conversation(READER, desk, settings.public_url)).routes]
                pages += review.routes(own, desk, store.ratings)
                routes += within(desk, own.collection, pages)
            routes += api.routes(settings, desk, store.allow)
            for channel in found:
                routes += channel.entrance.routes
            await stack.enter_async_context(_listening(build_app(routes), settings))
        yield _Service(found, intake, health, reindexers)


def _close(desk: AnswerDesk) -> None:
    desk.close()
    if isinstance(desk.assistant, AssistantApart):
        desk.assistant.apart.close()


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


def _open(settings: Settings, progress: Progress) -> list[Assistant]:
    """The assistants of all collections, first that of the default one, which must be there.

    The others are taken as they lie on the disk: nobody waits for one that has to be built.
    """
    first = open_assistant(settings, progress)
    apart = Apart(settings)
    found: list[Assistant] = [AssistantApart(first, apart)]
    self_test(found[0])
    for assistant in load_others(settings, first):
        other = AssistantApart(assistant, apart)
        try:
            self_test(other)
        except AssemblybotError as error:
            _LOG.error("The collection %s cannot be used: %s", other.index.collection, error)
        else:
            found.append(other)
    return found
