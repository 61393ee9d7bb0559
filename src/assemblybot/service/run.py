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
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, AsyncExitStack
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from assemblybot import folders, logs
from assemblybot.answering.assistant import Assistant
from assemblybot.chat.answer_queue import AnswerQueue
from assemblybot.chat.bindings import Bindings
from assemblybot.chat.conversation import Conversation
from assemblybot.chat.documents import Documents
from assemblybot.chat.stored_conversation import Shared
from assemblybot.errors import AssemblybotError
from assemblybot.index.kept_vectors import Progress
from assemblybot.service import api, channels, review
from assemblybot.service.channels import Platform, Supervisor
from assemblybot.service.dispatcher import Dispatcher
from assemblybot.service.health import Health, self_test
from assemblybot.service.metrics import Metrics
from assemblybot.service.reader import MOST_BYTES, Reader, within
from assemblybot.service.reader import PLATFORM as READER
from assemblybot.service.reindex import Reindexer
from assemblybot.service.server import build_app, listening
from assemblybot.service.watchdog import end_when_hung
from assemblybot.service.worker import Worker, WorkerAssistant
from assemblybot.session import Pseudonyms, SessionStore, open_inbox, open_question_log, open_store
from assemblybot.session.identity import KEY_FILE
from assemblybot.settings import Settings
from assemblybot.startup import load_others, open_assistant

_LOG = logging.getLogger(__name__)
# With Python's 5 ms, an acknowledgement may wait that long for a thread that computes.
_SWITCH_EVERY: Final = 0.001
# Seconds, after a drain, to close connections and files.
_TO_CLOSE: Final = 5.0


def run(
    settings: Settings, building: Callable[[], AbstractContextManager[Progress]], only: Platform | None = None
) -> None:
    """Serve until SIGTERM or SIGINT; `building` shows how an index is built, where one must be.

    Raises SettingsError, PlatformError, and what opening an index raises.
    """
    logs.configure(settings.log_level, settings.log_json)
    sys.setswitchinterval(_SWITCH_EVERY)
    if settings.curators or settings.review_keys:  # they change it, so a shipped corpus becomes one's own
        settings = settings.model_copy(update={"corpus_dir": folders.own_corpus(settings.corpus_dir)})
    with building() as progress:
        assistants = _open(settings, progress)
    # What was loaded stays: the collector need not walk through it while someone waits.
    gc.collect()
    gc.freeze()
    asyncio.run(_until_signal(settings, assistants, only))


def _open(settings: Settings, progress: Progress) -> list[Assistant]:
    """The assistants of all collections, first that of the default one, which must be there.

    The others are taken as they lie on the disk: nobody waits for one that has to be built.
    """
    local = open_assistant(settings, progress)
    worker = Worker(settings)
    first, *others = (WorkerAssistant(one, worker) for one in (local, *load_others(settings, local)))
    self_test(first)
    found: list[Assistant] = [first]
    for other in others:
        try:
            self_test(other)
            found.append(other)
        except AssemblybotError as error:
            _LOG.error("The collection %s cannot be used: %s", other.index.collection, error)
    return found


async def _until_signal(settings: Settings, assistants: Sequence[Assistant], only: Platform | None) -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows
            loop.add_signal_handler(name, stop.set)
    end_when_hung(loop, _end)
    # Python would wait for each of its threads, and one may hang.
    ending = threading.Timer(settings.drain_seconds + _TO_CLOSE, _end)
    ending.daemon = True
    await serve(settings, assistants, stop, only=only, ending=ending.start)


def _end() -> None:
    """End the process at once, with what it started."""
    _LOG.error("The service hangs, and is ended; what is in hand stays in the inbox")
    logging.shutdown()
    os._exit(1)


async def serve(
    settings: Settings,
    assistants: Sequence[Assistant],
    stop: asyncio.Event,
    *,
    only: Platform | None = None,
    ending: Callable[[], None] = lambda: None,
) -> None:
    """Serve until `stop` is set, then answer what is in hand, at most `drain_seconds` long.

    What is left then lies in the inbox, for another replica or the next start. `ending` is called
    before that. The first of `assistants` answers from the default collection.
    """
    async with AsyncExitStack() as stack:
        service = await _started(settings, assistants, only, stack)
        living = asyncio.create_task(service.dispatcher.look_after())
        try:
            await service.until(stop)
        finally:
            ending()
            await service.drain(settings.drain_seconds)
            living.cancel()  # only now: its heartbeats keep other replicas from taking over
            await asyncio.gather(living, return_exceptions=True)
            await asyncio.gather(*(one.close(_TO_CLOSE / 2) for one in service.supervisors))


async def _started(
    settings: Settings, assistants: Sequence[Assistant], only: Platform | None, stack: AsyncExitStack
) -> _Service:
    """Everything open and, unless for `only` one platform, listening; `stack` closes it."""
    store = await open_store(settings)
    stack.push_async_callback(store.close)
    inbox = await open_inbox(settings)
    stack.push_async_callback(inbox.close)
    names = Pseudonyms.from_file(settings.state_dir / KEY_FILE)
    each = settings.each()
    metrics = Metrics({own.collection: log for own in each if (log := open_question_log(own, names))})
    stack.push_async_callback(metrics.close)
    if isinstance(assistants[0], WorkerAssistant):
        stack.callback(assistants[0].worker.close)
    queue = AnswerQueue.configured(settings, assistants[0], assistants[1:], metrics)
    stack.callback(queue.close)
    dispatcher = Dispatcher(inbox, queue, metrics, names.cipher)
    bindings = Bindings(store, names, queue.collections, settings.collection_of, settings.collection_admins)
    documents = Documents.configured(settings, store, names)
    shared = Shared(queue, store, names, bindings, documents, settings.public_url)
    found = channels.configured(settings, shared, dispatcher.enqueue, only)
    platforms = [channel.bot.platform for channel in found]
    health = Health(queue, store, inbox, platforms, inbox_usable=lambda: dispatcher.inbox_usable)
    reindexers = [Reindexer(own, queue, metrics) for own in each]
    for reindexer in reindexers:
        stack.callback(reindexer.close)
    metrics.waiting.set_function(lambda: queue.pending)
    metrics.degraded.set_function(lambda: float(health.degraded))
    for platform in platforms:
        metrics.silent_since_start(platform)
    if only is None:
        routes = [*health.routes, *metrics.routes, *_routes(settings, queue, store)]
        routes += (route for channel in found for route in channel.transport.routes)
        await stack.enter_async_context(listening(build_app(routes), settings.host, settings.port))
    return _Service(
        dispatcher, [Supervisor(channel, dispatcher, health) for channel in found], reindexers, health
    )


def _routes(settings: Settings, queue: AnswerQueue, store: SessionStore) -> Iterator[web.RouteDef]:
    """The API, and the pages of each collection."""
    yield from api.routes(settings, queue, store.allow)
    each = settings.each()
    for own in each:
        asking = Conversation(READER, queue, settings.public_url, low_priority=True)
        pages = Reader(asking, MOST_BYTES // len(each)).routes
        yield from within(queue, own.collection, [*pages, *review.routes(own, queue, store.ratings)])


@dataclass(frozen=True, slots=True)
class _Service:
    """What runs from the start to the end."""

    dispatcher: Dispatcher
    supervisors: list[Supervisor]
    reindexers: list[Reindexer]
    health: Health

    async def until(self, stop: asyncio.Event) -> None:
        """Run until `stop` is set. Raises what makes it impossible to go on."""
        watches = [one.watch() for one in self.supervisors] + [one.watch() for one in self.reindexers]
        watching = [asyncio.create_task(watch) for watch in (*watches, self.health.until_it_hangs())]
        stopping = asyncio.create_task(stop.wait())
        done, _ = await asyncio.wait({*watching, stopping}, return_when=asyncio.FIRST_COMPLETED)
        for task in (*watching, stopping):
            task.cancel()
        await asyncio.wait({*watching, stopping}, timeout=_TO_CLOSE)
        for task in done - {stopping}:
            task.result()

    async def drain(self, seconds: float) -> None:
        """Accept nothing more, and wait for what is in progress.

        `seconds` are for everything together: a transport may take long to shut.
        """
        self.health.draining = True
        self.dispatcher.shut()
        shutting = asyncio.gather(*(supervisor.shut(seconds) for supervisor in self.supervisors))
        left, _ = await asyncio.gather(self.dispatcher.drain(seconds), shutting)
        if left.deliveries:
            _LOG.warning(
                "%d deliveries stay in the inbox, for the next start or another replica; "
                "%d of them had begun to be answered, and are not answered again",
                left.deliveries,
                left.in_doubt,
            )
