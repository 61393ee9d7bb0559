"""Replaces an index without a pause: notices a change, builds if needed, verifies, and swaps."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, TypeVar

from assemblybot.answering.assistant import Assistant
from assemblybot.chat.answer_queue import AnswerQueue
from assemblybot.errors import AssemblybotError, IndexMissingError, IndexUnreachableError, lacks_memory
from assemblybot.index.manifest import Manifest
from assemblybot.index.store import IndexStore
from assemblybot.logs import describe
from assemblybot.service.health import self_test
from assemblybot.service.metrics import Metrics
from assemblybot.service.worker import NICENESS
from assemblybot.settings import Settings
from assemblybot.startup import is_stale, load_index

_T = TypeVar("_T")
_LOG = logging.getLogger(__name__)
LOOK_EVERY: Final = 3.0
#: A build that has said nothing for so many seconds hangs. It tells its progress every minute, but for
#: single steps (lists of vectors, writing), which take some minutes for a million passages.
BUILD_HANGS_AFTER: Final = 1800.0
_LONGEST_PAUSE: Final = 600.0
# Seconds of pause for each that a look took: very many files are looked at for a twentieth of the time.
_PAUSE_OF_LOOK: Final = 20
#: Names, times and sizes of the files of a corpus: what changes when they do.
_Snapshot = frozenset[tuple[str, int, int]]


class Reindexer:
    """Watches the index and the corpus of one collection of a running service."""

    def __init__(
        self,
        settings: Settings,
        queue: AnswerQueue,
        metrics: Metrics,
        *,
        every: float = LOOK_EVERY,
    ) -> None:
        self._settings = settings
        self._collection = settings.collection
        self._embedder = queue.assistant.embedder
        self._queue = queue
        self._metrics = metrics
        self._every = every
        self._seen = ""
        self._built_for: _Snapshot | None = None
        self._pause = self._not_before = self._look_took = 0.0
        # Its own: files that hang must not hold up what else is done on threads.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="reindex")
        if self.version:
            metrics.uses_index(self._collection, self.version, self._embedder.id)

    @property
    def version(self) -> str:
        """Of the index in use; empty where there is none."""
        assistant = self._queue.assistant_of(self._collection)
        return assistant.index.version if assistant else ""

    async def watch(self) -> None:
        """Look for changes until cancelled; what cannot be done just now is tried at the next look."""
        before: _Snapshot | None = None
        while True:
            await asyncio.sleep(max(self._every, _PAUSE_OF_LOOK * self._look_took))
            try:
                now = await self._on_thread(self._look)
                missing = not await self._swap()
                # Files that are still being copied are not built from.
                if now == before and (now != self._built_for or (missing and self._may_repeat())):
                    await self._build()
                    self._built_for = now
                before = now
            except Exception as error:  # whatever files or a library lead to, answers go on
                _LOG.warning("The index cannot be looked after just now: %s", describe(error))

    def close(self) -> None:
        """Let the thread end."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _may_repeat(self) -> bool:
        """Whether to build again an index that is gone; less and less often while that does not help."""
        now = time.monotonic()
        if now < self._not_before:
            return False
        self._pause = min(_LONGEST_PAUSE, 2 * self._pause or self._every)
        self._not_before = now + self._pause
        return True

    async def _swap(self) -> bool:
        """Take the current index into use when it is another one, and fit; False when there is none."""
        try:
            name = (await self._on_thread(IndexStore(self._settings.index_dir).current)).name
        except IndexMissingError:
            return False
        self._pause = 0.0
        if name == self._seen:
            return True
        try:
            assistant = await self._on_thread(self._load)
        except AssemblybotError as error:
            if isinstance(error, IndexUnreachableError) or lacks_memory(error):
                raise  # that says nothing about the index
            self._metrics.count("reindex", self._collection, "refused")
            _LOG.error("The new index %s of %s is refused: %s", name, self._collection, error)
        else:
            if assistant.index.version != self.version:
                self._queue.replace(assistant)
                self._metrics.uses_index(self._collection, self.version, self._embedder.id)
                self._metrics.count("reindex", self._collection, "swapped")
                _LOG.info("Answering from the new index %s of %s", self.version, self._collection)
        self._seen = name
        return True

    async def _build(self) -> None:
        """In a process of its own and of lower priority, so that no answer waits for it."""
        if not await self._on_thread(self._is_stale):
            return
        _LOG.info("The corpus of %s has changed; building a new index", self._collection)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "assemblybot", "index", "build", "--if-stale"),
            *("--corpus", str(self._settings.corpus_dir), "--index", str(self._settings.index_dir)),
            env=os.environ | {"MODEL": self._settings.model, "MILVUS_ALIAS": self._settings.milvus_alias},
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,  # so that what it starts can be ended with it
        )
        try:
            with contextlib.suppress(OSError):  # a sandbox may forbid it
                os.setpriority(os.PRIO_PROCESS, process.pid, NICENESS)
            last = await _last_line(process)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
        if process.returncode:
            self._metrics.count("reindex", self._collection, "failed")
            _LOG.error("No new index of %s was built: %s", self._collection, last)

    def _load(self) -> Assistant:
        """The current index, verified; the one in use when it is the same."""
        in_use = self._queue.assistant_of(self._collection)
        if in_use and Manifest.read(IndexStore(self._settings.index_dir).current()).version == self.version:
            return in_use
        like = in_use or self._queue.assistant
        assistant = like.over(load_index(self._settings, self._embedder))
        self_test(assistant)
        return assistant

    def _is_stale(self) -> bool:
        try:
            return is_stale(self._settings, self._embedder)
        except IndexUnreachableError:
            raise
        except AssemblybotError as error:
            _LOG.error("The corpus of %s cannot be looked at: %s", self._collection, describe(error))
            return False

    def _look(self) -> _Snapshot:
        begin = time.monotonic()
        found = snapshot(self._settings.corpus_dir)
        self._look_took = time.monotonic() - begin
        return found

    async def _on_thread(self, work: Callable[..., _T], *values: object) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *values)


async def _last_line(process: asyncio.subprocess.Process) -> str:
    """What a builder says last before it ends, or that it hangs."""
    assert process.stderr
    last = b""
    try:
        while line := await asyncio.wait_for(process.stderr.readline(), BUILD_HANGS_AFTER):
            last = line
        await asyncio.wait_for(process.wait(), BUILD_HANGS_AFTER)
    except TimeoutError:
        return f"for {BUILD_HANGS_AFTER:.0f} s the build has not gone on, and it is ended"
    return last.decode(errors="replace").strip()


def snapshot(folder: Path) -> _Snapshot:
    """What tells cheaply that no file of a folder has changed."""
    found: set[tuple[str, int, int]] = set()
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                known = os.stat(os.path.join(place, name))  # noqa: PTH116, PTH118 - called often
            except OSError:  # gone by now, or not for us to read
                continue
            found.add((os.path.join(place, name), known.st_mtime_ns, known.st_size))  # noqa: PTH118
    return frozenset(found)
