"""The review page in a real browser: with the key as a password, one key a decision, and accessible.

Pictures of what was tested are left in `tests/output/reader/`.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from aiohttp.test_utils import TestServer
from playwright.sync_api import Browser

from assemblybot.chat.answer_queue import AnswerQueue
from assemblybot.chat.conversation import Conversation
from assemblybot.messages import say
from assemblybot.service import review
from assemblybot.service.reader import PLATFORM, Reader
from assemblybot.service.server import build_app
from assemblybot.settings import Settings
from tests.doubles.assistants import ScriptedAssistant
from tests.service import test_review
from tests.service.test_reader_browser import DESKTOP, PHONE, browser, check, pytestmark, visiting
from tests.service.test_review import CURATOR, FIRST, SECOND, decided, no_ratings, stored

__all__ = ["browser", "pytestmark"]
settings = test_review.settings


@pytest.fixture
def address(settings: Settings) -> Iterator[str]:
    """Where reader and review pages are served from a thread."""
    ready, stop = threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()
    found: list[str] = []

    async def serve() -> None:
        queue = AnswerQueue(ScriptedAssistant().as_assistant())
        routes = [*Reader(Conversation(PLATFORM, queue)).routes, *review.routes(settings, queue, no_ratings)]
        async with TestServer(build_app(routes)) as server:
            found.append(str(server.make_url("/")))
            ready.set()
            await stop.wait()
        queue.close()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    assert ready.wait(60)
    yield found[0]
    loop.call_soon_threadsafe(stop.set)
    thread.join()
    loop.close()


@pytest.mark.parametrize(("size", "language"), [(DESKTOP, "en"), (PHONE, "ar")])
def test_a_curator_decides_and_takes_back(
    browser: Browser, address: str, settings: Settings, size: tuple[int, int], language: Any
) -> None:
    credentials: Any = {"username": "curator", "password": CURATOR}
    with visiting(browser, address, size, http_credentials=credentials) as visit:
        visit.open(f"review?lang={language}")
        assert visit.page.locator("h1").inner_text() == SECOND
        check(visit, f"review-{language}")
        with visit.page.expect_navigation():
            visit.page.locator("[accesskey='1']").click()
        assert visit.page.locator("h1").inner_text() == FIRST
        with visit.page.expect_navigation():
            visit.page.locator("[accesskey='n']").click()
        assert say(language, "review-none") in visit.page.inner_text("main")
        (first, second) = decided(settings)
        assert (first.question, first.passages) == (SECOND, ("marrakech-2025#3",))
        assert (second.question, second.answerable) == (FIRST, False)
        assert stored(settings)["3"]["en"][-1] == SECOND

        visit.page.click(f"text={say(language, 'review-to-report')}")
        check(visit, f"review-report-{language}")
        with visit.page.expect_navigation():
            visit.page.locator("main form button").first.click()
        assert len(decided(settings)) == 1
