"""A new index without a pause: noticed, built aside where needed, verified, swapped by reference."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, TypeVar

from assemblybot.answering.assistant import Assistant
from assemblybot.chat.desk import AnswerDesk
from assemblybot.errors import AssemblybotError, IndexMissingError, IndexUnreachableError
from assemblybot.index import store
from assemblybot.index.manifest import Manifest
from assemblybot.logs import describe
from assemblybot.service.apart import BEHIND, AssistantApart
from assemblybot.service.health import self_test
from assemblybot.service.metrics import Metrics
from assemblybot.settings import Settings
from assemblybot.startup import is_stale, load_assistant

_T = TypeVar("_T")
_LOG = logging.getLogger(__name__)
LOOK_EVERY: Final = 3.0
_LONGEST_PAUSE: Final = 600.0
# Looking at very many files takes a twentieth of the time at most.
_PAUSE_OF_LOOK: Final = 20
#: Names, times and sizes of the files of a corpus: what changes when they do.
_Snapshot = frozenset[tuple[str, int, int]]


class Reindexer:
    """Watches the index and the corpus of a running service."""

    def __init__(
        self,
        settings: Settings,
        desk: AnswerDesk,
        metrics: Metrics,
        *,
        every: float = LOOK_EVERY,
    ) -> None:
        self._settings = settings
        self._embedder = desk.assistant.embedder
        self._desk = desk
        self._metrics = metrics
        self._every = every
        self._seen = ""
        self._built_for: _Snapshot | None = None
        self._pause = self._not_before = self._look_took = 0.0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="reindex")
        metrics.uses_index(self.version, self._embedder.id)

    @property
    def version(self) -> str:
        """Of the index in use."""
        return _version(self._desk.assistant)

    async def watch(self) -> None:
        """Look for changes until cancelled; what cannot be done just now is tried at the next look."""
        before: _Snapshot | None = None
        while True:
            await asyncio.sleep(max(self._every, _PAUSE_OF_LOOK * self._look_took))
            try:
                now = await self._aside(self._look)
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
            name = (await self._aside(self._current)).name
        except IndexMissingError:
            return False
        self._pause = 0.0
        if name != self._seen:
            await self._take(name)
        return True

    async def _take(self, name: str) -> None:
        try:
            assistant = await self._aside(self._load)
        except IndexUnreachableError:  # says nothing about the index
            raise
        except AssemblybotError as error:
            self._seen = name
            self._metrics.reindexed("refused")
            _LOG.error("The new index %s is refused, the old one stays: %s", name, error)
            return
        self._seen = name
        if _version(assistant) != self.version:
            self._desk.replace(assistant)
            self._metrics.uses_index(self.version, self._embedder.id)
            self._metrics.reindexed("swapped")
            _LOG.info("Answering from the new index %s", self.version)

    async def _build(self) -> None:
        """In a process of its own and behind everything else, so that no answer waits for it."""
        if not await self._aside(self._is_stale):
            return
        _LOG.info("The corpus has changed; building a new index")
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "assemblybot", "index", "build", "--if-stale"),
            *("--corpus", str(self._settings.corpus_dir), "--index", str(self._settings.index_dir)),
            env={**os.environ, "MODEL": self._settings.model},
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            with contextlib.suppress(OSError):  # a sandbox may forbid it
                os.setpriority(os.PRIO_PROCESS, process.pid, BEHIND)
            _, said = await process.communicate()
        except BaseException:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            raise
        if process.returncode:
            self._metrics.reindexed("failed")
            last = said.decode(errors="replace").strip().splitlines()[-1:]
            _LOG.error("No new index was built, the old one stays: %s", " ".join(last))

    def _load(self) -> Assistant:
        """The current index, verified; the one in use when it is the same."""
        folder = self._current()
        if Manifest.read(folder).version == self.version:
            return self._desk.assistant
        assistant = AssistantApart(self._settings, load_assistant(self._settings, self._embedder))
        self_test(assistant)
        return assistant

    def _current(self) -> Path:
        return store.current(self._settings.index_dir)

    def _is_stale(self) -> bool:
        try:
            return is_stale(self._settings, self._embedder)
        except IndexUnreachableError:
            raise
        except AssemblybotError as error:
            _LOG.error("The corpus cannot be looked at: %s", describe(error))
            return False

    def _look(self) -> _Snapshot:
        begin = time.monotonic()
        found = snapshot(self._settings.corpus_dir)
        self._look_took = time.monotonic() - begin
        return found

    async def _aside(self, work: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


def _version(assistant: Assistant) -> str:
    manifest = assistant.index.manifest
    return manifest.version if manifest else ""


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
