"""The reader's routes: documents, passages, and a box that answers as the bots do.

A question is posted and never part of an address, because addresses stand in the logs of
proxies, in histories and in bookmarks. Nothing is kept about who reads or asks.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from aiohttp import ETag, web

from assemblybot.answering.suggest import suggest
from assemblybot.api.responses import TRY_AGAIN
from assemblybot.chat.answer_queue import AnswerQueue
from assemblybot.chat.conversation import Asked, Conversation
from assemblybot.errors import CollectionUnavailableError, QuestionError
from assemblybot.index.index import Index
from assemblybot.messages import say
from assemblybot.render import reader
from assemblybot.render.links import READER, anchor, page_of, prefix_of
from assemblybot.render.reader import ASSETS, Display, Thread, thread_context
from assemblybot.service.pages import POLICY, display_of, form, html, notice
from assemblybot.text.bidi import clean_question

PLATFORM: Final = "reader"
#: Documents on a page of the list.
LISTED: Final = 100
#: Bytes of cached pages, of all collections together. A document has one for each language, translation and
#: choice of colours.
MOST_BYTES: Final = 64 << 20
_LONGEST_NUMBER: Final = 9
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_Key = tuple[str | int, Display]
_REVALIDATED: Final = {"Cache-Control": "no-cache"}
# An answer is kept by the browser of whoever asked, or its back button would lead nowhere.
_ONLY_HERE: Final = {"Cache-Control": "private, no-cache"}


@dataclass(frozen=True, slots=True)
class Page:
    """A page that is the same for everyone who reads it with the same display."""

    html: bytes
    etag: ETag


class PageCache:
    """The pages of the documents of one index; the least recently used one is dropped first."""

    def __init__(self, index: Index, most_bytes: int = MOST_BYTES) -> None:
        self.index = index
        #: How many pages the list of documents has.
        self.lists = max(1, -(-len(index.documents) // LISTED))
        self._most = most_bytes
        self._size = 0
        self._kept: OrderedDict[_Key, Page] = OrderedDict()
        # Rendering takes the processor from answers and acknowledgements: one page at a time.
        self._rendering = asyncio.Lock()

    async def page(self, name: str | int, display: Display) -> Page:
        """The page of a document or, for a number from 1 on, that page of the list of all."""
        # What is asked for and not there makes no page of its own.
        if isinstance(name, int):
            display = display.without_translation()
        else:
            display = display.beside(self.index.documents[name])
        key = name, display
        if key not in self._kept:
            async with self._rendering:
                if key not in self._kept:
                    page = await asyncio.to_thread(self._render, name, display)
                    self._keep(key, page)
                    return page
        self._kept.move_to_end(key)
        return self._kept[key]

    def _keep(self, key: _Key, page: Page) -> None:
        self._kept[key] = page
        self._size += len(page.html)
        while self._size > self._most:
            _, gone = self._kept.popitem(last=False)
            self._size -= len(gone.html)

    def _render(self, name: str | int, display: Display) -> Page:
        if isinstance(name, int):
            examples = [suggestion.text for suggestion in suggest(self.index, display.language)]
            listed = self.index.listed(LISTED * (name - 1), LISTED)
            html = reader.documents_page(listed, display, examples, number=name, count=self.lists).encode()
        else:
            html = reader.document_page(self.index.documents[name], display).encode()
        # Weak, because a page is the same page when it travels compressed.
        return Page(html, ETag(hashlib.sha256(html).hexdigest()[:24], is_weak=True))


class Reader:
    """Serves what `conversation` answers from; pages of an index are rendered once and go with it.

    At most `most_bytes` of them are kept.
    """

    def __init__(self, conversation: Conversation, most_bytes: int = MOST_BYTES) -> None:
        self._conversation = conversation
        self._queue = conversation.queue
        self._most_bytes = most_bytes
        self._pages: PageCache | None = None

    @property
    def routes(self) -> list[web.RouteDef]:
        """Routes for one application."""
        return [
            web.get("/", _to_start),
            web.get(READER.rstrip("/"), _to_start),
            web.get(READER, self._read),
            web.post(READER, self._answer),
            web.get(f"{READER}assets/{{name}}", _asset),
            web.get(f"{READER}{{document}}", self._read),
            web.get(f"{READER}{{document}}/{{number:[1-9]\\d{{0,5}}}}", _to_anchor),
        ]

    async def _read(self, request: web.Request) -> web.Response:
        """One document or, without a name, a page of the list of all."""
        index = self._conversation.assistant.index
        if self._pages is None or index is not self._pages.index:
            self._pages = PageCache(index, self._most_bytes)
        pages = self._pages
        display = self._display(request, request.query)
        name: str | int = request.match_info.get("document") or _number(request.query.get("page", "1"))
        if name not in index.documents if isinstance(name, str) else not 1 <= name <= pages.lists:
            return notice("reader-no-page", say(display.language, "reader-no-page-text"), display, 404)
        page = await pages.page(name, display)
        headers = {**_REVALIDATED, "Vary": "Accept-Language, Accept-Encoding"}
        if any(tag.value == page.etag.value for tag in request.if_none_match or ()):
            # The browser puts these headers in the place of those it kept with the page.
            response = web.Response(status=304, headers={**POLICY, **headers})
        else:
            response = html(page.html, headers=headers)
        response.etag = page.etag
        return response

    async def _answer(self, request: web.Request) -> web.Response:
        """What the bots would answer. No server or proxy keeps the page."""
        fields = await form(request)
        display = self._display(request, fields)
        chosen = display.language if display.chosen else None
        with self._queue.one_index():
            index = self._conversation.assistant.index
            context = thread_context(fields, index.position)
            asked = Asked(fields.get("question", ""), context=context, chosen=chosen, speaks=display.language)
            reply = await self._conversation.answer(asked)
        if reply.answer is None:
            text = say(reply.language, reply.key, **reply.values)
            thread = Thread(reply.asked.text, reply.asked.context, reply.asked.context)
            if isinstance(reply.error, QuestionError):
                return notice("reader-no-answer", text, display, 422, thread)
            return notice("reader-no-answer", text, display, 503, thread, headers=TRY_AGAIN)
        thread = Thread(clean_question(asked.text), context, reply.context or context)
        with self._queue.observer.timing("render"):
            page = reader.answer_page(reply.answer, index.documents, display, thread)
        return html(page, headers=_ONLY_HERE)

    def _display(self, request: web.Request, fields: Mapping[str, str]) -> Display:
        return replace(display_of(request, fields), questions_kept=self._queue.observer.keeps_questions)


def within(queue: AnswerQueue, collection: str, routes: Iterable[web.RouteDef]) -> list[web.RouteDef]:
    """The same pages for a collection, under its own address; a page says so while it cannot be used."""

    def inside(handler: _Handler) -> _Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            with queue.within(collection):
                try:
                    return await handler(request)
                except CollectionUnavailableError:
                    display = display_of(request, request.query)
                    said = say(display.language, "collection-unavailable")
                    return notice("reader-no-answer", said, display, 503, headers=TRY_AGAIN)

        return handle

    prefix = prefix_of(collection)
    return [
        web.route(route.method, prefix + route.path, inside(route.handler), **route.kwargs)
        for route in routes
    ]


def _number(text: str) -> int:
    """The number of a page of the list; 0 for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < _LONGEST_NUMBER else 0


async def _asset(request: web.Request) -> web.Response:
    """A file under the name of its content, so that it may be kept for ever."""
    asset = next((asset for asset in ASSETS.values() if asset.name == request.match_info["name"]), None)
    if asset is None:
        raise web.HTTPNotFound
    response = web.Response(
        body=asset.body,
        content_type=asset.media_type,
        charset="utf-8",
        headers={"Cache-Control": "public, max-age=31536000, immutable"},
    )
    response.enable_compression()
    return response


async def _to_start(_: web.Request) -> web.Response:
    """`/` and `/read`, by a relative address: a proxy may put a prefix before both."""
    raise web.HTTPPermanentRedirect(READER.removeprefix("/"))


async def _to_anchor(request: web.Request) -> web.Response:
    """The address that messages held before passages had anchors."""
    page, number = page_of(request.match_info["document"]), int(request.match_info["number"])
    raise web.HTTPPermanentRedirect(f"../{page}#{anchor(number)}")
