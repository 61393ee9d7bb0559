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

#: Documents on a page of the list.
LISTED: Final = 100
#: Bytes of kept pages. A document has one for each language, translation and choice of colours.
MOST_BYTES: Final = 64 << 20


_Key = tuple[str | int, Display]


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
        self._kept: OrderedDict[_Key, Page] = OrderedDict()
        # Rendering takes the processor from answers and acknowledgements: one page at a time.
        self._rendering = asyncio.Lock()

    @property
    def lists(self) -> int:
        """How many pages the list of documents has."""
        return max(1, -(-len(self.index.documents) // LISTED))

    async def page(self, name: str | int, display: Display) -> Page:
        """The page of a document or, for a number from 1 on, that page of the list of all."""
        key = name, display
        if key not in self._kept:
            async with self._rendering:
                if key not in self._kept:
                    page = await asyncio.to_thread(self._render, name, display)
                    self._keep(key, page)
                    return page
        self._kept.move_to_end(key)
        return self._kept[key]

    def _render(self, name: str | int, display: Display) -> Page:
        if isinstance(name, int):
            examples = [suggestion.text for suggestion in suggest(self.index, display.language)]
            listed = self.index.listed(LISTED * (name - 1), LISTED)
            html = reader.documents_page(listed, display, examples, number=name, count=self.lists).encode()
        else:
            html = reader.document_page(self.index.documents[name], display).encode()
        # Weak, because a page is the same page when it travels compressed.
        return Page(html, ETag(hashlib.sha256(html).hexdigest()[:24], is_weak=True))

    def _keep(self, key: _Key, page: Page) -> None:
        self._kept[key] = page
        self._size += len(page.html)
        while self._size > self._most:
            _, gone = self._kept.popitem(last=False)
            self._size -= len(gone.html)
