"""An index in memory: passages with their documents, entries, vectors, postings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Final

import numpy as np
from numpy.typing import NDArray

from assemblybot.collection import DEFAULT
from assemblybot.corpus.document import BODY, Document, Passage, PassageKind
from assemblybot.index.base import VectorIndex
from assemblybot.index.bm25 import LexicalIndex
from assemblybot.index.documents import PASSAGE_KINDS, StoredDocuments
from assemblybot.index.entries import PASSAGE, EntryTable
from assemblybot.index.manifest import Manifest
from assemblybot.index.topics import Topics, hash_of, key_spans, topics_of
from assemblybot.text.sentences import Span

_NUMBER: Final = re.compile(r"[1-9][0-9]{0,9}")


@dataclass(frozen=True)
class Index:
    """Everything retrieval reads. Never changed after loading; a new one replaces it whole.

    `first_passages` has the position of each document's first passage, then their number; `kinds` the place
    in `PASSAGE_KINDS` of each passage's kind; `codes` and `offers` what `codes_of` and `offers_of` say;
    `key_sentences` and `topics` what `index.topics` describes; `languages` those of documents and
    translations; `table` what `entry_table` makes of the entries. `built` is the number of passages when it
    was last built from nothing; those after them were appended. `collection` is the name of the collection
    it is of.
    """

    documents: Mapping[str, Document]
    passages: Sequence[Passage]
    first_passages: NDArray[np.int64]
    kinds: NDArray[np.int8]
    codes: NDArray[np.int64]
    offers: NDArray[np.uint16]
    key_sentences: NDArray[np.int64]
    topics: NDArray[np.int64]
    languages: frozenset[str]
    table: EntryTable
    vectors: VectorIndex
    words: LexicalIndex
    built: int
    manifest: Manifest | None = None
    collection: str = DEFAULT

    @cached_property
    def version(self) -> str:
        """The id of its build; empty for one that was not saved."""
        return self.manifest.version if self.manifest else ""

    @cached_property
    def position(self) -> Mapping[str, int]:
        """Position of each passage id in `passages`."""
        return _Positions(self.document_numbers, self.first_passages)

    @cached_property
    def document_numbers(self) -> Mapping[str, int]:
        """Place of each document in their order."""
        if isinstance(self.documents, StoredDocuments):
            return self.documents.numbers
        return {document: number for number, document in enumerate(self.documents)}

    def kind(self, position: int) -> PassageKind:
        """The kind of a passage, which needs not be read for it."""
        return PASSAGE_KINDS[int(self.kinds[position])]

    def list_items(self, lead_in: int) -> tuple[int, ...]:
        """Positions of the items that the passage at `lead_in` introduces; mostly none."""
        if self.kind(lead_in) not in (PassageKind.LEAD_IN, PassageKind.HEADING):
            return ()
        above = self.passages[lead_in]
        first = lead_in - above.number + 1
        own = self.documents[above.document].passages
        return tuple(first + at for at, passage in enumerate(own) if passage.lead_in == above.number)

    def is_listed(self, position: int) -> bool:
        """Whether a passage is the item of a list, or introduces one."""
        return self.passages[position].lead_in is not None or self.kind(position) is PassageKind.LEAD_IN

    def below(self, heading: int) -> Iterator[int]:
        """Positions of what stands below a title or heading, up to the next heading; else none."""
        if self.kind(heading) not in (PassageKind.TITLE, PassageKind.HEADING):
            return
        for position in range(heading + 1, self.passage_range(self.passages[heading].document).stop):
            if self.kind(position) is PassageKind.HEADING:
                return
            if self.kind(position) in (PassageKind.BYLINE, *BODY):
                yield position

    @cached_property
    def first_rows(self) -> NDArray[np.int64]:
        """Row of the first entry of each passage, then the number of rows; the entries of a passage lie
        together."""
        return np.searchsorted(self.table[:, PASSAGE], np.arange(len(self.passages) + 1))

    def rows_of(self, position: int) -> NDArray[np.int64]:
        """Rows of the entries of a passage."""
        return np.arange(self.first_rows[position], self.first_rows[position + 1])

    def listed(self, first: int, most: int) -> list[Document]:
        """Up to `most` documents, from number `first` on; no other is read."""
        return [self.documents[name] for name in islice(self.documents, first, first + most)]

    def document_with(self, code: int) -> str | None:
        """Id of the document that has that code; `None` where no document has it."""
        found = np.flatnonzero(self.codes == code)
        return next(islice(self.documents, int(found[0]), None)) if len(found) else None

    def key_spans(self, positions: range) -> Mapping[int, Span]:
        """The key sentences of the passages at `positions`."""
        return key_spans(self.key_sentences, positions)

    def key_sentence(self, position: int) -> Span | None:
        """The key sentence of a passage, if it has one."""
        return self.key_spans(range(position, position + 1)).get(position)

    def topics_at(self, position: int, language: str) -> Topics:
        """The topics of a passage, in `language` where they are translated."""
        passage = self.passages[position]
        return topics_of(self.documents[passage.document], passage, self.key_sentence(position), language)

    def about(self, text: str) -> list[int]:
        """Positions of the passages of which a text is a topic, word for word; mostly none."""
        hashed = hash_of(text)
        first, after = np.searchsorted(self.topics[:, 0], [hashed, hashed + 1])
        found: list[int] = self.topics[first:after, 1].tolist()
        return found

    def neighbours(self, position: int, reach: int = 1) -> range:
        """Positions of a passage and of those at most `reach` before and after it in its document."""
        own = self.passage_range(self.passages[position].document)
        return range(max(own.start, position - reach), min(own.stop, position + reach + 1))

    def passage_range(self, document: str) -> range:
        """Positions of the passages of `document`."""
        number = self.document_numbers[document]
        return range(int(self.first_passages[number]), int(self.first_passages[number + 1]))


class _Positions(Mapping[str, int]):
    """Positions of passage ids, worked out from their documents' rather than kept one by one."""

    def __init__(self, numbers: Mapping[str, int], first_passages: NDArray[np.int64]) -> None:
        self._numbers = numbers
        self._firsts = first_passages

    def __getitem__(self, passage: str) -> int:
        document, _, number = passage.rpartition("#")
        at = self._numbers[document]
        if not _NUMBER.fullmatch(number) or int(number) > self._firsts[at + 1] - self._firsts[at]:
            raise KeyError(passage)
        return int(self._firsts[at]) + int(number) - 1

    def __iter__(self) -> Iterator[str]:
        for document, at in self._numbers.items():
            for number in range(int(self._firsts[at + 1] - self._firsts[at])):
                yield f"{document}#{number + 1}"

    def __len__(self) -> int:
        return int(self._firsts[-1])
