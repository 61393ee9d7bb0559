"""Pages are kept within a number of bytes, and rendered one at a time."""

from __future__ import annotations

import asyncio
import threading
from types import SimpleNamespace
from typing import cast

import pytest

from assemblybot.index.index import Index
from assemblybot.render import reader
from assemblybot.render.reader import Display, document_page
from assemblybot.render.reader.display import COLOURS
from assemblybot.service.reader import PageCache
from assemblybot.text.language import INTERFACE_LANGUAGES, LANGUAGES
from tests.doubles import answers

DOCUMENT = answers.document()
INDEX = cast(Index, SimpleNamespace(documents={DOCUMENT.id: DOCUMENT}, passages=DOCUMENT.passages))
DISPLAYS = [Display(language, colours=colours) for language in INTERFACE_LANGUAGES for colours in COLOURS]


def test_pages_are_kept_within_their_bytes_the_latest_read_last(monkeypatch: pytest.MonkeyPatch) -> None:
    rendered: list[Display] = []

    def render(document: object, display: Display) -> str:
        rendered.append(display)
        return document_page(DOCUMENT, display)

    monkeypatch.setattr(reader, "document_page", render)

    async def scenario() -> None:
        size = max(len(document_page(DOCUMENT, display).encode()) for display in DISPLAYS)
        pages = PageCache(INDEX, most_bytes=2 * size)
        first, second, third = DISPLAYS[:3]
        for display in (first, first, second, first, third, first, second):
            page = await pages.page(DOCUMENT.id, display)
            assert page.html == document_page(DOCUMENT, display).encode()
            assert sum(len(kept.html) for kept in pages._kept.values()) <= 2 * size
        assert rendered == [first, second, third, second]

    asyncio.run(scenario())


def test_a_translation_that_is_not_there_makes_no_page_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    rendered: list[Display] = []

    def render(document: object, display: Display) -> str:
        rendered.append(display)
        return document_page(DOCUMENT, display)

    monkeypatch.setattr(reader, "document_page", render)
    asked = [Display("fr"), Display("fr", translation="none")]
    asked += [Display("fr", translation=chosen) for chosen in LANGUAGES]

    async def scenario() -> None:
        pages = PageCache(INDEX)
        for display in asked:
            page = await pages.page(DOCUMENT.id, display)
            offered = display.translation in (None, *DOCUMENT.translations)
            shown = display if offered else Display("fr", translation="none")
            assert page.html == document_page(DOCUMENT, shown).encode()
        assert len(rendered) == len(pages._kept) == 2 + len(DOCUMENT.translations) < len(asked)

    asyncio.run(scenario())


def test_a_page_larger_than_all_room_is_shown_and_not_kept() -> None:
    async def scenario() -> None:
        pages = PageCache(INDEX, most_bytes=10)
        for _ in range(2):
            assert (await pages.page(DOCUMENT.id, Display())).html
        assert not pages._kept

    asyncio.run(scenario())


def test_one_page_is_rendered_at_a_time_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    at_once = threading.Semaphore(1)
    rendered = 0

    def render(document: object, display: Display) -> str:
        nonlocal rendered
        assert at_once.acquire(blocking=False)
        rendered += 1
        html = document_page(DOCUMENT, display)
        at_once.release()
        return html

    monkeypatch.setattr(reader, "document_page", render)

    async def scenario() -> None:
        pages = PageCache(INDEX)
        await asyncio.gather(*(pages.page(DOCUMENT.id, display) for display in DISPLAYS * 3))
        assert rendered == len(DISPLAYS)

    asyncio.run(scenario())
