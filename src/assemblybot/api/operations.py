"""What a program may do with the documents: ask, search, read a passage, list the sources.

HTTP and MCP publish these methods as they stand: the parameters with their bounds become the request, the
docstring becomes the description that a client or an assistant reads.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Final

from assemblybot.answering.answer import Citation
from assemblybot.answering.question import cleaned
from assemblybot.api import models
from assemblybot.api.keys import NO_COLLECTION, Keys, TooManyQuestionsError
from assemblybot.api.publish import Publisher
from assemblybot.chat.answer_queue import AnswerQueue, BusyError
from assemblybot.errors import CollectionError, CorpusError
from assemblybot.render.links import Permalinks
from assemblybot.session import UserKey
from assemblybot.session.base import counted
from assemblybot.text.language import Language, identify

#: The operations that count as a question of the key that asks.
QUESTIONS: Final = frozenset({"ask", "search"})


class UnknownPassageError(CorpusError):
    """There is no passage of that id in the index in use."""


class Operations:
    """The operations over the answers of `queue`; `platform` is the name they are counted by.

    Each raises CollectionError where the collection is not there or has no index. `ask` and `search` raise
    QuestionError too, and BusyError when too many are waiting; `read_passage` raises UnknownPassageError.
    """

    def __init__(self, queue: AnswerQueue, platform: str, public_url: str | None = None) -> None:
        self.queue = queue
        self.platform = platform
        self._permalinks = Permalinks(public_url)

    async def ask(
        self,
        question: models.Question,
        language: models.AskedIn = None,
        collection: models.Collection = None,
    ) -> models.Answer:
        """Answer a question from the documents: a verdict, and verbatim quotes with offsets and links.

        Ask in Arabic, Darija, French, English or Spanish, whatever the language of the documents. With the
        verdict `answered`, quotes are in `citations`; `unsure` says that they may only come close,
        `sources_differ` that the cited documents do not say the same: tell both with their dates. With
        `not_in_corpus` the documents do not answer, and `suggestions` are questions that they do answer.
        """
        with self._of(collection) as publisher:
            answer = await self.queue.answer(question, language=language)
            published = publisher.answer(answer)
        self.queue.observer.answered(self.platform, answer)
        return published

    async def search(
        self,
        query: models.Question,
        most: models.Most = 5,
        language: models.AskedIn = None,
        collection: models.Collection = None,
    ) -> models.Found:
        """Find the passages nearest to a query, best first. Nothing judges whether they answer it.

        For reading around a subject; to answer a question, use `ask`.
        """

        def nearest() -> tuple[str, Language, tuple[Citation, ...]]:
            text = cleaned(query)
            spoken = language or identify(text)
            return text, spoken, self.queue.assistant.search(text, most, language=spoken)

        with self._of(collection) as publisher:
            text, spoken, found = await self.queue.run(nearest)
        return models.Found(query=text, language=spoken, passages=[publisher.citation(c) for c in found])

    async def read_passage(
        self,
        passage: models.PassageId,
        neighbours: models.Neighbours = 1,
        collection: models.Collection = None,
    ) -> models.Excerpt:
        """Read one passage whole, with its neighbours before and after it in the document."""
        with self._of(collection) as publisher:
            return await asyncio.to_thread(self._excerpt, publisher, passage, neighbours)

    async def list_sources(
        self,
        offset: models.Offset = 0,
        limit: models.SourceLimit = models.MOST_SOURCES,
        collection: models.Collection = None,
    ) -> models.Sources:
        """List the documents that answers are taken from: title, language, author, hash, link."""
        with self._of(collection) as publisher:
            documents = publisher.index.documents
            names = islice(documents, offset, offset + limit)
            sources = await asyncio.to_thread(lambda: [publisher.source(name) for name in names])
        return models.Sources(index=publisher.index.version, total=len(documents), sources=sources)

    async def count(self, keys: Keys, user: UserKey, collection: str | None) -> None:
        """Count a question of `user` to a collection. Raises TooManyQuestionsError and CollectionError."""
        if seconds := await keys.allow(counted(user, self._known(collection))):
            self.queue.observer.count("throttled", self.platform)
            raise TooManyQuestionsError(seconds)

    def _known(self, collection: str | None) -> str:
        """A collection that is there: the one named, or the one that is asked where none is."""
        if collection is None:
            return self.queue.collection
        if collection not in self.queue.collections:
            raise CollectionError(NO_COLLECTION)
        return collection

    @contextmanager
    def _of(self, collection: str | None) -> Iterator[Publisher]:
        """Everything inside asks that collection, and sees the one index that the publisher has."""
        with self.queue.within(self._known(collection)), self.queue.one_index():
            try:
                yield Publisher(self.queue.assistant.index, self._permalinks)
            except BusyError:
                self.queue.observer.count("busy", self.platform)
                raise

    def _excerpt(self, publisher: Publisher, passage: str, neighbours: int) -> models.Excerpt:
        index = publisher.index
        position = index.position.get(passage)
        if position is None:
            raise UnknownPassageError(f"There is no passage “{passage[:80]}”. Ask, or search, for passages.")
        near = index.neighbours(position, neighbours)
        cited = (self.queue.assistant.passage(index.passages[p].id) for p in near)
        published = [publisher.citation(citation) for citation in cited if citation]
        at = position - near.start
        return models.Excerpt(passage=published[at], before=published[:at], after=published[at + 1 :])
