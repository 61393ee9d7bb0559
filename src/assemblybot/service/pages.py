"""Pages of the documents, rendered one after another and kept while there is room."""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from aiohttp import ETag

from assemblybot.answering.suggest import suggest
from assemblybot.index.index import Index
from assemblybot.render import reader
from assemblybot.render.reader import Display

#: Bytes of kept pages. A document has one for each language, translation and choice of colours.
MOST_BYTES: Final = 64 << 20


@dataclass(frozen=True, slots=True)
class Page:
    """A page that is the same for everyone who reads it with the same display."""

    html: bytes
    etag: ETag


class Pages:
    """The pages of the documents of one index; the one that was read least lately goes first."""

    def __init__(self, index: Index, most_bytes: int = MOST_BYTES) -> None:
        self.index = index
        self._most = most_bytes
        self._size = 0
        self._kept: OrderedDict[tuple[str | None, Display], Page] = OrderedDict()
        # Rendering takes the processor from answers and acknowledgements: one page at a time.
        self._rendering = asyncio.Lock()

    async def page(self, name: str | None, display: Display) -> Page:
        """The page of a document or, for `None`, of the list of all."""
        key = name, display
        if key not in self._kept:
            async with self._rendering:
                if key not in self._kept:
                    page = await asyncio.to_thread(self._render, name, display)
                    self._keep(key, page)
                    return page
        self._kept.move_to_end(key)
        return self._kept[key]

    def _render(self, name: str | None, display: Display) -> Page:
        if name is None:
            examples = suggest(self.index, range(len(self.index.passages)), display.language)
            html = reader.documents_page(self.index.documents.values(), display, examples).encode()
        else:
            html = reader.document_page(self.index.documents[name], display).encode()
        # Weak, because a page is the same page when it travels compressed.
        return Page(html, ETag(hashlib.sha256(html).hexdigest()[:24], is_weak=True))

    def _keep(self, key: tuple[str | None, Display], page: Page) -> None:
        self._kept[key] = page
        self._size += len(page.html)
        while self._size > self._most:
            _, gone = self._kept.popitem(last=False)
            self._size -= len(gone.html)
