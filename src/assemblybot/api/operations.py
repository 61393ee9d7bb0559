"""What a program may do with the documents: ask, search, read a passage, list the sources."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Final

from assemblybot.api import models
from assemblybot.api.keys import NO_COLLECTION
from assemblybot.api.passages import nearest
from assemblybot.api.publish import Publisher
from assemblybot.chat.answer_queue import AnswerQueue
from assemblybot.errors import CollectionError, CorpusError
from assemblybot.render.links import Permalinks
from assemblybot.session import UserKey
from assemblybot.session.base import counted
from assemblybot.text.language import Language

FOUND: Final = 5
NEIGHBOURS: Final = 1


class UnknownPassageError(CorpusError):
    """There is no passage of that id in the index in use."""


class Operations:
    """The operations over the answers of `queue`; `platform` is the name they are counted by.

    Each takes the name of a collection, and raises CollectionError where it is not there or has no index.
    """

    def __init__(self, queue: AnswerQueue, platform: str, public_url: str | None = None) -> None:
        self.queue = queue
        self.platform = platform
        self._permalinks = Permalinks(public_url)

    async def ask(
        self, question: str, language: Language | None = None, collection: str | None = None
    ) -> models.Answer:
        """The answer to one question. Raises QuestionError, and BusyError when too many are waiting."""
        with self._of(collection):
            answer = await self.queue.answer(question, language=language)
            published = self._publisher().answer(answer)
        self.queue.observer.answered(self.platform, answer)
        return published

    async def search(
        self,
        query: str,
        most: int = FOUND,
        language: Language | None = None,
        collection: str | None = None,
    ) -> models.Found:
        """The passages nearest to a query. Raises as `ask` does."""
        with self._of(collection):
            assistant, publisher = self.queue.assistant, self._publisher()
            text, spoken, found = await self.queue.run(lambda: nearest(assistant, query, most, language))
        return models.Found(query=text, language=spoken, passages=[publisher.citation(c) for c in found])

    async def read_passage(
        self, passage: str, neighbours: int = NEIGHBOURS, collection: str | None = None
    ) -> models.Excerpt:
        """One passage with those around it in its document. Raises UnknownPassageError."""
        with self._of(collection):
            return await asyncio.to_thread(self._excerpt, passage, neighbours)

    async def list_sources(
        self, offset: int = 0, limit: int = models.MOST_SOURCES, collection: str | None = None
    ) -> models.Sources:
        """Documents from `offset` on, at most `limit`."""
        with self._of(collection):
            return await asyncio.to_thread(self._sources, offset, limit)

    def counted(self, user: UserKey, collection: str | None) -> UserKey:
        """The name under which questions to a collection are counted. Raises CollectionError."""
        return counted(user, self._known(collection))

    def _known(self, collection: str | None) -> str:
        """A collection that is there: the one named, or the one that is asked where none is."""
        if collection is None:
            return self.queue.collection
        if collection not in self.queue.collections:
            raise CollectionError(NO_COLLECTION)
        return collection

    @contextmanager
    def _of(self, collection: str | None) -> Iterator[None]:
        """Everything inside asks that collection, and sees one index. Raises CollectionError."""
        with self.queue.within(self._known(collection)), self.queue.one_index():
            yield

    def _excerpt(self, passage: str, neighbours: int) -> models.Excerpt:
        assistant, publisher = self.queue.assistant, self._publisher()
        position = assistant.index.position.get(passage)
        if position is None:
            raise UnknownPassageError(f"There is no passage “{passage[:80]}”. Ask, or search, for passages.")
        near = assistant.index.neighbours(position, neighbours)

        def published(positions: range) -> list[models.Citation]:
            names = (assistant.index.passages[p].id for p in positions)
            return [publisher.citation(c) for name in names if (c := assistant.passage(name))]

        (itself,) = published(range(position, position + 1))
        return models.Excerpt(
            passage=itself,
            before=published(range(near.start, position)),
            after=published(range(position + 1, near.stop)),
        )

    def _sources(self, offset: int, limit: int) -> models.Sources:
        publisher = self._publisher()
        documents = publisher.index.documents
        names = islice(documents, offset, offset + limit)
        return models.Sources(
            index=publisher.version,
            total=len(documents),
            sources=[publisher.source(name) for name in names],
        )

    def _publisher(self) -> Publisher:
        return Publisher(self.queue.assistant.index, self._permalinks)
