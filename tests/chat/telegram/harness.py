"""A bot on long polling against the double, and how to read what it sent."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from assemblybot.answering.assistant import Assistant
from assemblybot.chat.answer_queue import AnswerQueue
from assemblybot.chat.bindings import Bindings
from assemblybot.chat.channel import AllowList
from assemblybot.chat.documents import Documents
from assemblybot.chat.stored_conversation import Shared
from assemblybot.chat.telegram import Incoming, Poller, TelegramBot, TelegramConversation
from assemblybot.messages import say
from assemblybot.service.dispatcher import Dispatcher
from assemblybot.service.metrics import Metrics
from assemblybot.session import Pseudonyms, SessionStore, SqliteInbox, SqliteStore
from assemblybot.text.language import INTERFACE_LANGUAGES
from tests.chat.curated import without_curators
from tests.doubles.telegram_api import TOKEN, TelegramApi
from tests.doubles.telegram_updates import Json

T = TypeVar("T")
_EDITS = ("editMessageText", "editMessageReplyMarkup")
NAMES = Pseudonyms(b"k" * 32)


class Chat:
    """The double with a bot at work behind it."""

    def __init__(self, api: TelegramApi, store: SessionStore, bot: asyncio.Task[None]) -> None:
        self.api = api
        self.store = store
        self.bot = bot

    async def tell(self, update: Json, *, messages: int = 1) -> Json:
        """Send an update and wait for that many messages; the last one as it stands."""
        before = len(self.api.sent())
        self.api.push(update)
        await self.api.until(lambda: len(self.api.sent()) >= before + messages)
        return list(self.api.messages.values())[-1]

    async def press(self, update: Json) -> Json:
        """Press a button and wait for the edit; the message as it stands."""
        before = len(self.api.of(*_EDITS))
        self.api.push(update)
        await self.api.until(lambda: len(self.api.of(*_EDITS)) > before)
        told = self.api.of(*_EDITS)[-1]
        return self.api.messages[told["chat_id"], told["message_id"]]

    async def until_stored(self, found: Callable[[], Awaitable[T]], expected: T) -> None:
        """Wait until the store holds what is expected."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(30):
                while await found() != expected:  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
        assert await found() == expected

    async def settle(self, seconds: float = 0.15) -> None:
        """Wait until every update was fetched, and then a little for what must not happen."""
        await self.api.until(lambda: not self.api.updates)
        await asyncio.sleep(seconds)


@asynccontextmanager
async def running(
    assistant: Assistant,
    *,
    api: TelegramApi | None = None,
    store: SessionStore | None = None,
    limit: str = "1000 per minute",
    **options: Any,
) -> AsyncIterator[Chat]:
    """A bot until the end of the block; then nothing wrong may have been requested."""
    if api is None:
        async with (
            TelegramApi() as own,
            running(assistant, api=own, store=store, limit=limit, **options) as chat,
        ):
            yield chat
        return
    kept = store or await SqliteStore.open(limit=limit)
    stop = asyncio.Event()
    bot = asyncio.create_task(poll(assistant, kept, api, stop, **options))
    try:
        yield Chat(api, kept, bot)
    finally:
        stop.set()
        await asyncio.wait({bot})
        if store is None:
            await kept.close()
    await bot
    assert not api.wrong, api.wrong


async def poll(
    assistant: Assistant,
    store: SessionStore,
    api: TelegramApi,
    stop: asyncio.Event,
    *,
    token: str = TOKEN,
    public_url: str | None = None,
    poll_timeout: float = 1.0,
    poll_grace: float = 1.0,
    most_waiting: int = 2000,
    allowed: AllowList | None = None,
    inbox_file: Path | str = ":memory:",
    drain_seconds: float = 30.0,
    metrics: Metrics | None = None,
    others: Sequence[str] = (),
    besides: Sequence[Assistant] = (),
    fixed: Mapping[str, str] | None = None,
    admins: frozenset[str] = frozenset(),
    documents: Callable[[SessionStore], Documents] = without_curators,
    **limits: int,
) -> None:
    """Answer by long polling until `stop` is set, or polling is impossible.

    `others` are further collections, `besides` the assistants of those that have an index.
    """
    metrics = metrics or Metrics()
    queue = AnswerQueue(assistant, others=others, most_waiting=most_waiting, observer=metrics)
    for beside in besides:
        queue.replace(beside)
    inbox = await SqliteInbox.open(inbox_file)
    dispatcher = Dispatcher(inbox, queue, metrics, NAMES.cipher)
    try:
        bindings = Bindings(store, NAMES, queue.collections, fixed or {}, admins)
        shared = Shared(queue, store, NAMES, bindings, documents(store), public_url)
        bot = TelegramBot(TelegramConversation(shared), token, base_url=api.base_url, **limits)
        incoming = Incoming(NAMES, dispatcher.enqueue, token=token, allowed=allowed, observer=metrics)
        poller = Poller(bot, incoming, timeout=poll_timeout, grace=poll_grace)
        try:
            await bot.start()
            dispatcher.open(bot)
            await poller.open()
            await _first(stop.wait(), poller.watch())
        finally:
            await dispatcher.drain(drain_seconds)
            await poller.shut()
            await bot.close()
    finally:
        queue.close()
        await inbox.close()


async def _first(*works: Coroutine[Any, Any, Any]) -> None:
    """Until the first of them ends; raises what it raises."""
    tasks = [asyncio.create_task(work) for work in works]
    done, rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
    for task in done:
        task.result()


def play(scenario: Callable[[], Awaitable[None]]) -> None:
    """Run a scenario; nothing in these tests takes a minute on a machine that is not busy."""

    async def main() -> None:
        await asyncio.wait_for(scenario(), 300)
        # Closed connections are gone only after a turn or two of the loop.
        await asyncio.sleep(0.02)

    asyncio.run(main())


def data_of(message: Json, index: int | None = None) -> list[str]:
    """Callback data of the buttons of a message."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["callback_data"] for row in rows for button in row if "callback_data" in button]


def button(message: Json, key: str) -> str:
    """Callback data of the button with that caption, in whatever language."""
    for row in message["reply_markup"]["inline_keyboard"]:
        for one in row:
            if one["text"].split(" 👍")[0].split(" 👎")[0] in {
                say(code, key) for code in INTERFACE_LANGUAGES
            }:
                return str(one["callback_data"])
    raise AssertionError(f"no button {key}")
