"""The queue in front of the assistant: a few slots for deliveries, one answering thread, a deadline."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import math
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from assemblybot.answering.answer import Answer, Context
from assemblybot.answering.assistant import Assistant
from assemblybot.chat.observe import Observer
from assemblybot.errors import AssemblybotError, CollectionUnavailableError
from assemblybot.settings import MOST_WAITING, QUESTION_DEADLINE, Settings
from assemblybot.text.language import Language

_T = TypeVar("_T")
#: So many deliveries are processed at a time. One thread answers them all: more would only crowd the event
#: loop, at the cost of acknowledgements.
SLOTS: Final = 8
# How many people are told at a time that the bot is busy; telling everyone at once is work too.
_BUSY_SLOTS: Final = 1
#: So much work of low priority may wait.
_MOST_LOW_PRIORITY: Final = 8
_TOO_MANY: Final = "Too many questions are waiting just now. Ask again in a moment."
_TOO_LATE: Final = "The question waited too long for its turn. Ask again in a moment."
_ASKED_AT: contextvars.ContextVar[float | None] = contextvars.ContextVar("asked at", default=None)
_Assistants = Mapping[str, Assistant]
_PINNED_ASSISTANTS: contextvars.ContextVar[_Assistants | None] = contextvars.ContextVar(
    "pinned", default=None
)
_COLLECTION: contextvars.ContextVar[str | None] = contextvars.ContextVar("collection", default=None)


class BusyError(AssemblybotError):
    """Too many questions are waiting, or this one waited too long."""


class AnswerQueue:
    """Answers the questions of every channel off the event loop, one after another.

    `replace` puts a new assistant into use; what began inside `one_index()` finishes with the old one. If
    there are several collections, code inside `within(name)` asks that one; other code asks the collection
    of the first assistant.
    """

    def __init__(
        self,
        assistant: Assistant,
        *,
        others: Iterable[str] = (),
        most_waiting: int = MOST_WAITING,
        deadline: float = QUESTION_DEADLINE,
        observer: Observer | None = None,
    ) -> None:
        self.observer = observer or Observer()
        self._assistants: _Assistants = {assistant.index.collection: assistant}
        #: Names of all collections, the one asked where none is named first.
        self.collections: Final = (assistant.index.collection, *others)
        self._most_waiting = most_waiting
        self._deadline = deadline
        self._slots = asyncio.Semaphore(SLOTS)
        self._busy_slots = asyncio.Semaphore(_BUSY_SLOTS)
        #: Deliveries that have a slot or wait for one.
        self.pending = 0
        #: Questions taken and not answered yet.
        self.waiting = 0
        self._at_work_since: float | None = None
        self._nobody_waits = asyncio.Event()
        self._nobody_waits.set()
        self._answering = asyncio.Lock()
        self._low_priority = asyncio.Lock()
        self._waiting_low_priority = 0
        self._rests_until = 0.0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="answers")

    @classmethod
    def configured(
        cls,
        settings: Settings,
        assistant: Assistant,
        others: Iterable[Assistant],
        observer: Observer | None = None,
    ) -> AnswerQueue:
        """The queue of an installation; `others` answer from its other collections."""
        queue = cls(
            assistant,
            others=settings.collections,
            most_waiting=settings.most_waiting,
            deadline=settings.question_deadline,
            observer=observer,
        )
        for other in others:
            queue.replace(other)
        return queue

    @property
    def collection(self) -> str:
        """The collection that is asked here."""
        return _COLLECTION.get() or self.collections[0]

    @property
    def assistant(self) -> Assistant:
        """The assistant in use now or, inside `one_index`, the one in use when that began.

        Raises CollectionUnavailableError where the collection has none.
        """
        found = (_PINNED_ASSISTANTS.get() or self._assistants).get(self.collection)
        if found is None:
            raise CollectionUnavailableError("This collection cannot be used just now. Ask again later.")
        return found

    def assistant_of(self, collection: str) -> Assistant | None:
        """The assistant of a collection now; `None` where there is none yet."""
        return self._assistants.get(collection)

    def replace(self, assistant: Assistant) -> None:
        """Answer the questions to a collection from another index from now on."""
        self._assistants = {**self._assistants, assistant.index.collection: assistant}

    @contextlib.contextmanager
    def within(self, collection: str) -> Iterator[None]:
        """Ask that collection inside; one that does not exist is treated as one without an index."""
        token = _COLLECTION.set(collection)
        try:
            yield
        finally:
            _COLLECTION.reset(token)

    @contextlib.contextmanager
    def one_index(self) -> Iterator[None]:
        """Use the same indexes throughout, even if one is replaced meanwhile."""
        token = _PINNED_ASSISTANTS.set(self._assistants)
        try:
            yield
        finally:
            _PINNED_ASSISTANTS.reset(token)

    @property
    def at_work_for(self) -> float:
        """Seconds that the answering thread has spent on its current work; 0.0 if it is idle."""
        since = self._at_work_since
        return 0.0 if since is None else time.monotonic() - since

    @contextlib.asynccontextmanager
    async def slot(self) -> AsyncIterator[Callable[[], None]]:
        """One of a few slots, in the order in which they are asked for.

        The yielded function releases the slot early, so that a delivery that waits for its platform does not
        block others. Inside, the same indexes are used throughout, and deadlines count from this call. If too
        many are pending already, every question inside raises BusyError.
        """
        busy = self.pending >= self._most_waiting
        asked, slots = (-math.inf, self._busy_slots) if busy else (time.monotonic(), self._slots)
        with contextlib.ExitStack() as slot:
            if not busy:
                self.pending += 1
                slot.callback(self._leave)
            await slots.acquire()
            slot.callback(slots.release)
            token = _ASKED_AT.set(asked)
            try:
                with self.one_index():
                    yield slot.close
            finally:
                _ASKED_AT.reset(token)

    def _leave(self) -> None:
        self.pending -= 1

    async def answer(
        self, question: str, context: Context | None = None, language: Language | None = None
    ) -> Answer:
        """As `Assistant.answer`. Raises BusyError when too many are waiting, or this one too long."""
        return await self.run(lambda: self.assistant.answer(question, context, language=language))

    async def run(self, work: Callable[[], _T], *, low_priority: bool = False) -> _T:
        """Do `work` on the answering thread. Raises BusyError, and what `work` raises.

        `low_priority` is for anonymous users: such work is done one at a time, only when no other work
        waits, and for at most half of the time; only a few may wait.
        """
        if low_priority:
            return await self._run_low_priority(work)
        self._check_room()
        asked = _ASKED_AT.get()
        deadline = (time.monotonic() if asked is None else asked) + self._deadline
        _check_deadline(deadline)
        self.waiting += 1
        self._nobody_waits.clear()
        try:
            async with self._answering:
                _check_deadline(deadline)
                self._at_work_since = time.monotonic()
                try:
                    seen = contextvars.copy_context()
                    return await asyncio.get_running_loop().run_in_executor(self._thread, seen.run, work)
                finally:
                    self._at_work_since = None
        finally:
            self.waiting -= 1
            if not self.waiting:
                self._nobody_waits.set()

    async def _run_low_priority(self, work: Callable[[], _T]) -> _T:
        self._check_room()
        if self._waiting_low_priority >= _MOST_LOW_PRIORITY:
            raise BusyError(_TOO_MANY)
        self._waiting_low_priority += 1
        try:
            async with asyncio.timeout(self._deadline), self._low_priority:
                await asyncio.sleep(self._rests_until - time.monotonic())
                await self._nobody_waits.wait()
                begin = time.monotonic()
                try:
                    return await self.run(work)
                finally:
                    now = time.monotonic()
                    self._rests_until = now + (now - begin)
        except TimeoutError as error:
            raise BusyError(_TOO_LATE) from error
        finally:
            self._waiting_low_priority -= 1

    def _check_room(self) -> None:
        if self.waiting >= self._most_waiting:
            raise BusyError(_TOO_MANY)

    def close(self) -> None:
        """Stop the thread after its current question; questions that wait are dropped."""
        self._thread.shutdown(wait=False, cancel_futures=True)


def _check_deadline(deadline: float) -> None:
    if time.monotonic() > deadline:
        raise BusyError(_TOO_LATE)
