"""From the values of answering to the published JSON: with hashes, offsets of quotes, permalinks."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from assemblybot.answering.answer import Answer, Citation
from assemblybot.api import models
from assemblybot.index.index import Index
from assemblybot.render.links import READER, page_of
from assemblybot.render.permalink import Reference, digest, permalink, quoted_span

_DIGESTS_KEPT: Final = 4096


class Publisher:
    """Publishes what was found in one index; hashes of its documents are worked out once."""

    def __init__(self, index: Index, public_url: str | None = None) -> None:
        self.index = index
        self.version = index.manifest.version if index.manifest else ""
        self._public_url = public_url
        self.digest = lru_cache(_DIGESTS_KEPT)(self._digest)

    def answer(self, answer: Answer) -> models.Answer:
        """The answer, published."""
        citations = [self.citation(citation) for citation in answer.citations]
        return models.Answer.model_validate({**answer.to_dict(), "citations": citations})

    def citation(self, citation: Citation) -> models.Citation:
        """The citation, with what is needed to check it."""
        start, end = quoted_span(citation)
        digest = self.digest(citation.document)
        return models.Citation(
            **citation.to_dict(),
            quote_start=start,
            quote_end=end,
            document_sha256=digest,
            index=self.version,
            link=self._permalink(citation, start, digest),
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
            document_sha256=self.digest(name),
            link=f"{self._public_url.rstrip('/')}{READER}{page_of(name)}" if self._public_url else None,
        )

    def _permalink(self, citation: Citation, start: int, digest: str) -> str | None:
        if not self._public_url:
            return None
        reference = Reference.of(
            citation.document, start, citation.quote, document_digest=digest, index=self.version
        )
        return permalink(self._public_url, citation.paragraph, reference, citation.quote)

    def _digest(self, document: str) -> str:
        return digest(self.index.documents[document].text)
