"""Documents laid out: nothing lost, nothing twice, lists whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from assemblybot.corpus import library
from assemblybot.corpus.document import Document, Metadata, Passage, PassageKind
from assemblybot.render.reader.outline import Listing, Outline, outline
from tests.doubles import answers


def numbers(outlined: Outline) -> Iterator[int]:
    yield from (passage.number for passage in outlined.above)
    for section in outlined.sections:
        if section.heading:
            yield section.heading.number
        for block in section.blocks:
            yield from (p.number for p in (block.items if isinstance(block, Listing) else [block]))


def listings(outlined: Outline) -> list[Listing]:
    return [b for section in outlined.sections for b in section.blocks if isinstance(b, Listing)]


def made(*kinds: PassageKind) -> Document:
    passages = tuple(Passage("d", n, kind, f"text {n}", 0, 6) for n, kind in enumerate(kinds, start=1))
    return Document("d", "", Metadata("A title", "en"), passages)


def test_every_passage_once_and_in_order(small_corpus: Path) -> None:
    (harbour,) = library.load(small_corpus).documents
    for document in (answers.document(), harbour):
        assert list(numbers(outline(document))) == [p.number for p in document.passages]


def test_the_article() -> None:
    outlined = outline(answers.document())
    assert [p.kind for p in outlined.above] == ["title", "byline"]
    assert len(outlined.headings) == 8
    assert [(found.lead_in, len(found.items)) for found in listings(outlined)] == [
        (5, 4),
        (14, 3),
        (22, 4),
        (29, 3),
        (38, 4),
    ]
    assert [found.ordered for found in listings(outlined)] == [False, False, False, True, False]


def test_documents_without_a_title_or_headings() -> None:
    plain = outline(made(PassageKind.PARAGRAPH, PassageKind.ITEM, PassageKind.ITEM, PassageKind.PARAGRAPH))
    assert plain.above == ()
    (section,) = plain.sections
    assert section.heading is None
    assert [isinstance(block, Listing) for block in section.blocks] == [False, True, False]


def test_a_document_of_a_title_alone_and_one_that_ends_with_a_heading() -> None:
    assert outline(made(PassageKind.TITLE)).sections == ()
    ended = outline(made(PassageKind.TITLE, PassageKind.HEADING, PassageKind.HEADING))
    assert [heading.number for heading in ended.headings] == [2, 3]
