"""A quote with its place and its hash: what others need to find it again in the document."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from assemblybot.answering.answer import Citation
from assemblybot.collection import DEFAULT

#: In characters. No passage is longer.
LONGEST_QUOTE: Final = 10_000
# A quote of more characters is given by its first and its last words, which are this long at most.
_SHORT, _WORDS_OF_END, _LONGEST_END = 80, 4, 40
_WORDS = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Reference:
    """A quote as others can check it: `opening` its first words, `digest` the SHA-256 of all of it.

    `start` and `end` are its place in the text of `document`, as it was in the index `index`;
    `document_digest` is the SHA-256 of that text. Of a hash, 32 hexadecimal digits or more are enough.
    `collection` is the collection that holds the document.
    """

    document: str
    start: int
    end: int
    opening: str
    digest: str
    document_digest: str | None = None
    index: str | None = None
    collection: str = DEFAULT

    @classmethod
    def of(
        cls,
        document: str,
        start: int,
        text: str,
        *,
        document_digest: str | None = None,
        index: str | None = None,
        collection: str = DEFAULT,
    ) -> Reference:
        """The reference to `text`, which begins at `start` of `document`."""
        opening, _ = ends(text)
        end = start + len(text)
        return cls(document, start, end, opening, digest(text), document_digest, index, collection)

    def stands(self, text: str) -> bool:
        """Whether the quote is where it was in the `text` of its document."""
        return self._is(text[self.start : self.end])

    def found(self, text: str) -> Iterator[int]:
        """Where the quote begins in `text`, each place."""
        at = text.find(self.opening)
        while at >= 0:
            if self._is(text[at : at + self.end - self.start]):
                yield at
            at = text.find(self.opening, at + 1)

    def is_of(self, text: str) -> bool:
        """Whether `text` is the whole document that was cited, to the character."""
        return self.document_digest is not None and digest(text).startswith(self.document_digest)

    def _is(self, text: str) -> bool:
        return digest(text).startswith(self.digest)


def digest(text: str) -> str:
    """SHA-256 of a text in UTF-8, 64 hexadecimal digits."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def quoted_span(citation: Citation) -> tuple[int, int]:
    """Start and end of the quote of a citation in the text of its document.

    A sentence that stands twice in a passage is the one that holds the highlight.
    """
    first = min((start for start, _ in citation.highlights), default=0)
    at = citation.text.rfind(citation.quote, 0, first + len(citation.quote))
    at = at if at >= 0 else citation.text.index(citation.quote)
    return citation.start + at, citation.start + at + len(citation.quote)


def ends(text: str) -> tuple[str, str | None]:
    """A short text and `None`; the first and the last words of a longer one, as they stand in it."""
    if len(text) <= _SHORT:
        return text, None
    words = list(_WORDS.finditer(text))
    first, last = words[:_WORDS_OF_END][-1], words[-_WORDS_OF_END:][0]
    return text[: first.end()][:_LONGEST_END], text[last.start() :][-_LONGEST_END:]
