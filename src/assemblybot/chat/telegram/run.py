"""`assemblybot telegram`: the bot on long polling, from start to a clean stop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from typing import Final

from telegram.error import InvalidToken, NetworkError

from assemblybot.answering.assistant import Assistant
from assemblybot.chat.desk import MOST_WAITING, AnswerDesk
from assemblybot.chat.telegram.application import TELEGRAM, TelegramApplication, build_application
from assemblybot.chat.telegram.floor import Floor
from assemblybot.chat.telegram.menus import set_menus
from assemblybot.chat.telegram.outbox import PER_GROUP_MINUTE, PER_SECOND
from assemblybot.chat.telegram.polling import REFUSED, Poller
from assemblybot.chat.telegram.quiet import describe
from assemblybot.errors import PlatformError
from assemblybot.session import Pseudonyms, SessionStore

_LOG = logging.getLogger(__name__)
_START_TRIES: Final = 6
_STOP_WITHIN: Final = 30.0


async def run_polling(
    assistant: Assistant,
    store: SessionStore,
    names: Pseudonyms,
    *,
    token: str,
    public_url: str | None = None,
    base_url: str = TELEGRAM,
    stop: asyncio.Event | None = None,
    poll_timeout: float = 30.0,
    poll_grace: float = 10.0,
    per_second: int = PER_SECOND,
    per_group_minute: int = PER_GROUP_MINUTE,
    most_waiting: int = MOST_WAITING,
) -> None:
    """Answer until `stop` is set, or SIGINT or SIGTERM arrives when no event is given.

    Raises SettingsError for a token of the wrong shape, PlatformError when Telegram refuses it,
    cannot be reached, or another process polls with it. The store stays open.
    """
    desk = AnswerDesk(assistant, most_waiting)
    floor = Floor(desk, store, names, public_url)
    application = build_application(
        floor, token, base_url=base_url, per_second=per_second, per_group_minute=per_group_minute
    )
    stopping = stop or _stop_on_signals()
    try:
        await _initialize(application)
        await application.bot.delete_webhook(drop_pending_updates=False)
        await application.start()
        menus = asyncio.create_task(set_menus(application.bot, floor))
        poller = Poller(application.bot, application.update_queue, timeout=poll_timeout, grace=poll_grace)
        try:
            _LOG.info("Telegram: answering as @%s", application.bot.username)
            await _until(stopping, poller)
        finally:
            menus.cancel()
            await _drain(application, poller)
    finally:
        await application.shutdown()
        # An application that never got through its start leaves its connections open.
        await application.bot.shutdown()
        desk.close()


async def _initialize(application: TelegramApplication) -> None:
    """Ask Telegram who we are; patient with the network, not with a wrong token."""
    for attempt in range(_START_TRIES):
        try:
            await application.initialize()
            return
        except InvalidToken as error:
            raise PlatformError(REFUSED) from error
        except NetworkError as error:
            _LOG.warning("Telegram cannot be reached yet: %s", describe(error))
            await asyncio.sleep(2**attempt)
    raise PlatformError("Telegram cannot be reached. Check the network, then start again.")


async def _until(stopping: asyncio.Event, poller: Poller) -> None:
    """Poll until asked to stop, or until polling is impossible."""
    polling = asyncio.create_task(poller.run())
    waiting = asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait({polling, waiting}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()
        polling.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await polling


async def _drain(application: TelegramApplication, poller: Poller) -> None:
    """Finish what was begun, then confirm it."""
    try:
        await asyncio.wait_for(application.stop(), _STOP_WITHIN)
    except TimeoutError:
        _LOG.warning("Some questions were still waiting for Telegram and were given up")
    await poller.confirm()


def _stop_on_signals() -> asyncio.Event:
    event = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows
            loop.add_signal_handler(name, event.set)
    return event
