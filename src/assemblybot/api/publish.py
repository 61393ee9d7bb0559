"""From the values of answering to the published JSON: with hashes, offsets of quotes, permalinks."""

from __future__ import annotations

from dataclasses import asdict

from assemblybot.answering.answer import Answer, Citation
from assemblybot.api import models
from assemblybot.index.index import Index
from assemblybot.render.links import Permalinks
from assemblybot.render.reference import quoted_span


class Publisher:
    """Publishes what was found in one index."""

    def __init__(self, index: Index, permalinks: Permalinks) -> None:
        self.index = index
        self._permalinks = permalinks
        self._link = permalinks.into(index)

    def answer(self, answer: Answer) -> models.Answer:
        """The answer, published."""
        return models.Answer(
            question=answer.question,
            collection=answer.collection,
            language=answer.language,
            verdict=answer.verdict,
            confidence=answer.confidence,
            unsure=answer.is_unsure,
            sources_differ=answer.sources_differ,
            citations=[self.citation(citation) for citation in answer.citations],
            suggestions=[suggestion.text for suggestion in answer.suggestions],
        )

    def citation(self, citation: Citation) -> models.Citation:
        """The citation, with what is needed to check it."""
        start, end = quoted_span(citation)
        values = asdict(citation)
        day = values.pop("day")
        if citation.translation:
            values["translation"]["official"] = False
        if citation.lead_in:
            del values["lead_in"]["translation"]
        return models.Citation(
            **values,
            date=day and day.isoformat(),
            quote_start=start,
            quote_end=end,
            document_sha256=self._permalinks.digest(self.index, citation.document),
            index=self.index.version,
            collection=self.index.collection,
            link=self._link(citation) if self._link else None,
        )

    def source(self, name: str) -> models.Source:
        """The document `name`. Raises KeyError where there is none."""
        document = self.index.documents[name]
        said = document.metadata
        return models.Source(
            document=name,
            title=said.title,
            language=said.language,
            author=said.author,
            source_url=said.source_url,
            note=said.note,
            passages=len(document.passages),
            document_sha256=self._permalinks.digest(self.index, name),
            link=self._permalinks.page(self.index, name),
        )
